"""The newest journal position, read without SQLAlchemy; and how a library's address is written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from os import PathLike, fspath
from pathlib import Path

from policylib.errors import BackendError, NotFound

__all__ = ["DAMAGED", "read_head", "read_mark", "sqlite_path", "sqlite_url"]

_PREFIXES = ("sqlite:///", "sqlite+pysqlite:///")

#: What an officer reads when the file is not a sound database.
DAMAGED = (
    "文件库“{name}”已损坏或不是文件库。请不要再写入，先另存这个文件，"
    "再用最近的备份恢复：python -m policylib restore"
)


def sqlite_url(path: str | PathLike[str]) -> str:
    """The address of the library file at ``path``: ``sqlite:////abs/path/library.db``."""
    return _PREFIXES[0] + str(Path(fspath(path)).absolute())


def sqlite_path(url: str) -> Path | None:
    """The file an SQLite address names; ``None`` for the address of a database server.

    Everything behind ``sqlite:///`` is the path; there are no options. An address without a file
    (``sqlite://``, ``:memory:``) raises :class:`BackendError`.
    """
    for prefix in _PREFIXES:
        if url.startswith(prefix):
            name = url.removeprefix(prefix)
            if not name or name == ":memory:":
                break
            return Path(name).absolute()
    else:
        if not url.startswith("sqlite"):
            return None
    raise BackendError(
        f"文件库地址“{url}”没有写明文件，请写成 sqlite:////目录/library.db（不支持内存库）"
    )


def read_head(url: str) -> int:
    """The position of the newest journal event; 0 while there is no library or no event.

    For SQLite this opens the file read-only with the standard library alone; for other addresses
    it opens the SQL store. Raises :class:`BackendError` when the file is damaged.
    """
    return read_mark(url)[0]


def read_mark(url: str) -> tuple[int, str]:
    """The newest journal event's position and digest, as :func:`read_head`; ``(0, "")`` for none.

    Two journals may be equally long; the digest tells them apart.
    """
    path = sqlite_path(url)
    if path is None:
        return _read_mark_sql(url)
    if not path.is_file():
        return 0, ""
    try:
        with closing(
            sqlite3.connect(path.as_uri() + "?mode=ro", uri=True, timeout=30)
        ) as connection:
            row = connection.execute("SELECT position, digest FROM heads").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return 0, ""
        if "unable to open" in str(error) or "readonly" in str(error):
            raise BackendError(
                f"无法打开文件库“{path.name}”，请检查文件和所在文件夹的权限（读取也要在文件夹中写临时文件）"
            ) from error
        raise BackendError(f"无法读取文件库“{path.name}”：{error}") from error
    except sqlite3.DatabaseError as error:
        raise BackendError(DAMAGED.format(name=path.name)) from error
    return (int(row[0]), str(row[1])) if row and row[0] else (0, "")


def _read_mark_sql(url: str) -> tuple[int, str]:
    from policylib.store.sql import SqlStore  # noqa: PLC0415 - only servers need SQLAlchemy here

    try:
        with SqlStore.open(url, create=False) as store:
            return store.mark()
    except NotFound:
        return 0, ""
