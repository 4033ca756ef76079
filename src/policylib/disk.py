"""Files on disk (落盘): private, flushed, named once, and locked for one writer; stdlib only."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

__all__ = ["PRIVATE", "claim", "flush", "locked", "make_folder", "new_file", "touch"]

PRIVATE = 0o600
_BINARY = getattr(os, "O_BINARY", 0)


def new_file(path: Path, mode: int = PRIVATE) -> BinaryIO:
    """A file that was not there, opened for writing; only its owner may read it.

    Raises:
        FileExistsError: the name is taken, if only by a dead link.
        OSError: it cannot be made.

    """
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, mode), "wb")


def touch(path: Path) -> None:
    """Make a private empty file, where there is none."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, private."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def flush(path: Path) -> None:
    """Make a file that was written, or a folder's list of names, durable where the system can."""
    is_folder = path.is_dir()
    if is_folder and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def claim(part: Path, goal: Path) -> None:
    """Give a written file its name, durably; ``part`` may be left behind.

    Raises:
        FileExistsError: the name is taken.
        OSError: the folder cannot be written to.

    """
    try:
        os.link(part, goal)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(goal):
            raise FileExistsError(goal) from None
        part.rename(goal)
    flush(goal.parent)


@contextmanager
def locked(file: Path) -> Iterator[bool]:
    """Whether the lock of a file is ours until the block ends; nobody is waited for.

    The file and its folder are made private when they are not there. A file system that has no
    locks holds nobody up: there the answer is yes.

    Raises:
        OSError: the file cannot be opened or made.

    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        yield _take(handle)
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 - only there

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl  # noqa: PLC0415 - not there on Windows

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
    return True
