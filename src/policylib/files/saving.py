"""Writing a new file that is whole or not there (落盘): private, flushed, never over another one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path

from policylib.errors import BackendError

__all__ = ["save_new"]


def save_new(target: str | PathLike[str], chunks: Iterable[bytes]) -> None:
    """Write ``chunks`` to the new file ``target``; only its owner may read it.

    The bytes are on disk before the file gets its name.

    Raises:
        BackendError: ``target`` exists, its folder does not, or cannot be written to.

    """
    goal = Path(fspath(target)).absolute()
    if not goal.parent.is_dir():
        raise BackendError(f"没有文件夹“{goal.parent.name}”，请先新建文件夹或检查路径")
    if os.path.lexists(goal):
        raise _taken(goal)
    part = goal.parent / f".policylib-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    try:
        _write(part, chunks)
        _publish(part, goal)
    except OSError as error:
        raise BackendError(
            f"无法写入“{goal.name}”，请检查磁盘空间和文件夹的权限：{error.strerror}"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _write(part: Path, chunks: Iterable[bytes]) -> None:
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _publish(part: Path, goal: Path) -> None:
    """Give the file its name, unless the name is taken by now."""
    try:
        os.link(part, goal)
    except FileExistsError:
        raise _taken(goal) from None
    except OSError:  # a file system without links
        if os.path.lexists(goal):
            raise _taken(goal) from None
        part.rename(goal)
    if os.name != "nt":
        folder = os.open(goal.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _taken(goal: Path) -> BackendError:
    return BackendError(f"“{goal.name}”已存在，不覆盖；请换一个文件名")
