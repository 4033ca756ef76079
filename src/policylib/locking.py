"""The lock of an open file (文件锁): the system's own, so it ends with the process that holds it."""

from __future__ import annotations

import errno
import os

__all__ = ["take_lock"]


def take_lock(handle: int) -> bool:
    """Take the lock of an open file without waiting; closing the file gives it back.

    A file system that has no locks holds nobody up: there the answer is yes.
    """
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
