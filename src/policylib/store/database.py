"""One database with its transactions: the only place where SQLite and PostgreSQL differ in use.

:class:`Database` hands out reading and writing transactions, turns the driver's errors into
policylib's, and keeps connections from crossing a fork.
"""

from __future__ import annotations

import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from policylib import disk
from policylib.errors import BackendError, Conflict, NotFound, ParseError, PolicyLibError
from policylib.store import forking
from policylib.store.head import DAMAGED, sqlite_path
from policylib.store.tables import REVISION, metadata

__all__ = ["Database"]

_WAIT = 30  # seconds a writer waits for its turn

_MISSING = "没有找到文件库“{name}”，请先新建：python -m policylib init --library {library}"


class Database:
    """A database of policylib's tables, at their newest revision.

    Safe for threads and processes; a fork waits until running transactions have ended.
    """

    def __init__(self, url: str, *, create: bool) -> None:
        self.path = sqlite_path(url)
        self.is_sqlite = self.path is not None
        if self.path is not None:
            self.name = self.path.name
            _prepare_file(self.path, create=create)
            self._engine = _sqlite_engine(self.path)
        else:
            self._engine = _server_engine(url)
            self.name = self._engine.url.database or url
        self._finalizer = weakref.finalize(self, self._engine.dispose)
        forking.watch(self)
        try:
            self._bring_up_to_date(create=create)
        except BaseException:
            self.close()
            raise

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    def close(self) -> None:
        """Close all connections; the next transaction would open new ones."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the library and waits for nobody."""
        options: dict[str, Any] = {}
        if not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ"}
        with self._transaction(options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write, committed to disk when the block ends without error."""
        with self._transaction({"policylib_writes": True}) as connection:
            yield connection

    # -- the tables ---------------------------------------------------------------------------

    def _bring_up_to_date(self, *, create: bool) -> None:
        with self.reading() as connection:
            revision = self._revision(connection, create=create)
        if revision == REVISION:
            return
        with self.writing() as connection:
            if not self.is_sqlite:  # SQLite's writers already queue at BEGIN IMMEDIATE
                connection.execute(text("SELECT pg_advisory_xact_lock(7023411)"))
            revision = self._revision(connection, create=create)
            if revision != REVISION:
                from policylib.store.migrations import (  # noqa: PLC0415 - Alembic only for this
                    migrate,
                )

                migrate(connection, revision)

    def _revision(self, connection: Connection, *, create: bool) -> str | None:
        names = set(inspect(connection).get_table_names())
        if "alembic_version" in names:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found) if found is not None else None
        if names:
            ours = "（表结构不完整）" if names & set(metadata.tables) else ""
            raise BackendError(
                f"数据库“{self.name}”里已有别的数据，不是文件库{ours}。请换一个专用的空数据库"
            )
        if not create:
            raise _missing(self.name, self.path)
        return None

    # -- transactions -------------------------------------------------------------------------

    @contextmanager
    def _transaction(self, options: dict[str, Any]) -> Iterator[Connection]:
        try:
            with forking.transaction(), self._engine.connect() as connection:
                connection.execution_options(**options)
                with connection.begin():
                    yield connection
        except UnicodeEncodeError as error:
            raise ParseError("含有无法保存的半个字符，请删除后重试") from error
        except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> PolicyLibError:
        if isinstance(error, IntegrityError):
            return Conflict(f"与库中已有内容冲突，请重新读取后再试：{error.orig}")
        if isinstance(error, PoolTimeout):
            return BackendError("同时访问文件库的操作太多，请稍后重试")
        words = str(error.orig if isinstance(error, DBAPIError) else error)
        if self.path is not None:
            if not self.path.exists():
                return _missing(self.name, self.path)
            for signs, message in _SQLITE_FAULTS:
                if any(sign in words for sign in signs):
                    return BackendError(message.format(name=self.name))
        return BackendError(f"数据库“{self.name}”操作失败，未作任何更改：{words}")


def _missing(name: str, path: Path | None) -> NotFound:
    return NotFound(_MISSING.format(name=name, library=path or name))


# -- SQLite -----------------------------------------------------------------------------------

_SQLITE_FAULTS = (
    (
        ("database is locked", "database is busy"),
        f"文件库“{{name}}”正忙：等了 {_WAIT} 秒仍有别的程序在写入，未作任何更改，请稍后重试",
    ),
    (("not a database", "malformed", "corrupt"), DAMAGED),
    (
        ("database or disk is full", "disk I/O error"),
        "写入文件库“{name}”失败：磁盘已满或有故障，未作任何更改，请检查磁盘后重试",
    ),
    (
        ("readonly", "unable to open", "authorization denied"),
        "无法打开或写入文件库“{name}”，请检查文件和所在文件夹的权限",
    ),
)


def _prepare_file(path: Path, *, create: bool) -> None:
    """Make an empty private file to hold the library, or say that there is none."""
    if path.is_file() and (create or path.stat().st_size > 0):
        return
    if path.exists() and not path.is_file():
        raise BackendError(f"“{path.name}”不是文件，不能作为文件库，请换一个位置")
    if not create:
        raise _missing(path.name, path)
    try:
        disk.make_folder(path.parent)
        disk.touch(path)
    except OSError as error:
        raise BackendError(
            f"无法新建文件库“{path.name}”，请检查所在文件夹的权限：{error.strerror}"
        ) from error
    disk.flush(path.parent)


def _sqlite_engine(path: Path) -> Engine:
    address = path.as_uri() + "?mode=rw"  # never make a file by accident

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, timeout=_WAIT, isolation_level=None, check_same_thread=False
        )
        try:
            _use_wal(connection)
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=connect,
        max_overflow=-1,  # readers do not wait for one another
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("policylib_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; SQLite does not wait here when others open the file too."""
    deadline = time.monotonic() + _WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


# -- PostgreSQL and others --------------------------------------------------------------------


def _server_engine(url: str) -> Engine:
    try:
        return create_engine(make_url(url), pool_pre_ping=True)
    except (ArgumentError, SQLAlchemyError) as error:
        raise BackendError(f"文件库地址写法不对，请检查：{error}") from error
    except ModuleNotFoundError as error:
        raise BackendError(
            f"缺少数据库驱动 {error.name}，请先安装：python -m pip install {error.name}"
        ) from error
