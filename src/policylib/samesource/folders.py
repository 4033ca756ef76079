"""Files that replace older ones whole (落盘), read up to a limit; one writer of a folder at a time."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from policylib import disk
from policylib.errors import BackendError, Conflict

__all__ = ["alone", "put", "take"]

PUBLIC = 0o644


def put(file: Path, data: bytes, *, mode: int = disk.PRIVATE) -> None:
    """Write a file or replace it; a reader sees the old bytes or the new ones, never a part.

    Raises:
        BackendError: it cannot be written.

    """
    part = file.parent / f".{secrets.token_hex(6)}.tmp"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with disk.new_file(part, mode) as stream:
            stream.write(data)
        disk.flush(part)
        part.replace(file)
    except OSError as error:
        raise BackendError(
            f"无法写入“{file.name}”，请检查磁盘空间和文件夹的权限：{error.strerror}"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def take(file: Path, most: int) -> bytes | None:
    """The bytes of a file, ``None`` when it is not there or larger than ``most``.

    Raises:
        BackendError: it cannot be read.

    """
    try:
        with file.open("rb") as stream:
            data = stream.read(most + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise BackendError(f"无法读取“{file.name}”，请检查权限：{error.strerror}") from error
    return data if len(data) <= most else None


@contextmanager
def alone(folder: Path, what: str) -> Iterator[None]:
    """Hold a folder for one writer; the lock is the system's and ends with the process.

    Raises:
        Conflict: somebody else holds it.
        BackendError: the folder cannot be written to.

    """
    with ExitStack() as stack:
        try:
            free = stack.enter_context(disk.locked(folder / "lock"))
        except OSError as error:
            raise BackendError(
                f"无法写入“{folder.name}”，请检查磁盘空间和文件夹的权限：{error.strerror}"
            ) from error
        if not free:
            raise Conflict(f"另一个进程正在{what}，请等它结束后再试")
        yield
