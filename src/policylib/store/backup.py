"""Copies of an SQLite library: taken while it is in use, verified, never half there."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from os import PathLike, fspath
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, update

from policylib import disk
from policylib.errors import BackendError, NotFound
from policylib.store import tables as t
from policylib.store.database import Database
from policylib.store.head import DAMAGED, sqlite_path
from policylib.store.verifying import verify

__all__ = ["backup", "enclosed", "restore"]

_BESIDE = "beside"  # a table of backups alone: files that lie beside a library

_SERVER = "本命令只备份 SQLite 文件库；PostgreSQL 请用 pg_dump 备份、pg_restore 恢复"


def backup(
    database: Database, target: str | PathLike[str], beside: Mapping[str, bytes] | None = None
) -> None:
    """Write a copy of the library to the new file ``target``.

    ``beside`` are files to take along under their names. The copy is one state of the library, verified, flushed to disk and only then given its name;
    others may read and write meanwhile. Raises :class:`BackendError` when ``target`` exists, when
    the copy does not verify, or for a database server.
    """
    if database.path is None:
        raise BackendError(_SERVER)
    goal = Path(fspath(target)).absolute()
    if goal.exists():
        raise BackendError(f"“{goal.name}”已存在，不覆盖；请换一个备份文件名")
    with _copy(database.path, goal.parent) as (copy, name):
        _demand_sound(copy, "备份")
        copy.close()
        _enclose(name, beside or {})
        _publish(name, goal)


def enclosed(source: str | PathLike[str]) -> dict[str, bytes]:
    """The files that a backup took along, by name; none in one that took nothing.

    Raises:
        NotFound: there is no such backup; BackendError: it is damaged.

    """
    origin = Path(fspath(source)).absolute()
    if not origin.is_file():
        raise NotFound(f"没有找到备份文件“{origin.name}”，请核对路径")
    try:
        with closing(sqlite3.connect(origin.as_uri() + "?mode=ro", uri=True)) as connection:
            known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
            if connection.execute(known, (_BESIDE,)).fetchone() is None:
                return {}
            rows = connection.execute(f"SELECT name, sha256, data FROM {_BESIDE}").fetchall()  # noqa: S608
    except sqlite3.DatabaseError as error:
        raise BackendError(DAMAGED.format(name=origin.name)) from error
    if any(hashlib.sha256(data).hexdigest() != digest for _, digest, data in rows):
        raise BackendError(f"备份文件“{origin.name}”中的同源资料已损坏，没有采用")
    return {str(name): bytes(data) for name, _, data in rows}


def restore(source: str | PathLike[str], url: str) -> None:
    """Make the library at ``url`` from the backup ``source``, which stays as it is.

    The library must not exist yet, or be empty (nothing recorded). Raises :class:`NotFound` when
    there is no such backup, :class:`BackendError` when it does not verify, when the library has
    content, or for a database server. In every case the library is as before.
    """
    origin, goal = Path(fspath(source)).absolute(), sqlite_path(url)
    if goal is None:
        raise BackendError(_SERVER)
    if not origin.is_file():
        raise NotFound(f"没有找到备份文件“{origin.name}”，请核对路径")
    if goal == origin:
        raise BackendError("备份文件和文件库是同一个文件，请核对路径")
    taken = goal.exists()
    if taken:
        with closing(Database(url, create=True)) as library, library.reading() as connection:
            _demand_empty(connection, goal.name)
    else:
        disk.make_folder(goal.parent)
    with _copy(origin, goal.parent) as (copy, name):
        _demand_sound(copy, "备份文件")
        copy.close()
        _enclose(name, {})
        if taken:
            _fill(url, name)
        else:
            _publish(name, goal)


@contextmanager
def _copy(source: Path, folder: Path) -> Iterator[tuple[Database, Path]]:
    """A private copy of a library file in ``folder``, opened; gone at the end."""
    name = folder / f".policylib-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    try:
        disk.new_file(name).close()
        with (
            closing(sqlite3.connect(source.as_uri() + "?mode=ro", uri=True, timeout=30)) as old,
            closing(sqlite3.connect(name, timeout=30)) as new,
        ):
            old.backup(new)
        copy = Database(f"sqlite:///{name}", create=False)
        try:
            yield copy, name
        finally:
            copy.close()
    except sqlite3.OperationalError as error:
        raise BackendError(f"复制“{source.name}”失败：{error}") from error
    except sqlite3.DatabaseError as error:
        raise BackendError(DAMAGED.format(name=source.name)) from error
    except OSError as error:
        raise BackendError(f"写入备份失败，请检查磁盘和文件夹权限：{error.strerror}") from error
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)


def _enclose(copy: Path, files: Mapping[str, bytes]) -> None:
    """Put files into a closed copy, in the place of those that it has."""
    with closing(sqlite3.connect(copy, timeout=30)) as connection, connection:
        connection.execute(f"DROP TABLE IF EXISTS {_BESIDE}")
        if files:
            columns = "name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, data BLOB NOT NULL"
            connection.execute(f"CREATE TABLE {_BESIDE} ({columns})")
            rows = [(name, hashlib.sha256(data).hexdigest(), data) for name, data in files.items()]
            connection.executemany(f"INSERT INTO {_BESIDE} VALUES (?, ?, ?)", rows)  # noqa: S608


def _demand_sound(database: Database, what: str) -> None:
    problems = verify(database)
    if problems:
        listed = "；".join(problems[:3])
        raise BackendError(f"{what}核验未通过，没有采用（共 {len(problems)} 处问题）：{listed}")


def _publish(copy: Path, goal: Path) -> None:
    """Give a closed copy its name, as one plain file, unless the name is taken by now."""
    with closing(sqlite3.connect(copy, timeout=30)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    disk.flush(copy)
    try:
        disk.claim(copy, goal)
    except FileExistsError as error:
        raise BackendError(f"“{goal.name}”已存在，不覆盖") from error


def _fill(url: str, copy: Path) -> None:
    """Take over a copy's rows into an empty library, in one transaction."""
    with (
        closing(Database(f"sqlite:///{copy}", create=False)) as source,
        closing(Database(url, create=True)) as library,
        source.reading() as old,
        library.writing() as new,
    ):
        _demand_empty(new, library.name)
        for table in t.metadata.sorted_tables:
            rows = old.execution_options(yield_per=200).execute(select(table)).mappings()
            for part in rows.partitions():
                if table is t.heads:
                    new.execute(update(table).values(**part[0]))
                else:
                    new.execute(insert(table), [dict(row) for row in part])


def _demand_empty(connection: Connection, name: str) -> None:
    counts = [
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (t.events, t.documents)
    ]
    if any(counts):
        raise BackendError(f"文件库“{name}”里已有内容，不覆盖；请恢复到一个新位置")
