"""Writing a new file that is whole or not there (落盘): private, flushed, never over another one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path

from policylib import disk
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
        with disk.new_file(part) as file:
            file.writelines(chunks)
        disk.flush(part)
        disk.claim(part, goal)
    except FileExistsError:
        raise _taken(goal) from None
    except OSError as error:
        raise BackendError(
            f"无法写入“{goal.name}”，请检查磁盘空间和文件夹的权限：{error.strerror}"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _taken(goal: Path) -> BackendError:
    return BackendError(f"“{goal.name}”已存在，不覆盖；请换一个文件名")
