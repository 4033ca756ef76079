"""What an audit has fetched so far (核查进度): kept page by page, so that a run can go on where it broke.

An SQLite file of its own, not the library's. A page is kept in one transaction with its run; what a
killed process had kept is there when it starts again.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from policylib.errors import BackendError
from policylib.samesource.fetched import FaultCode, Fetched

__all__ = ["AuditState"]

_TABLES = """
create table if not exists run (id integer primary key, begun text not null, ended text);
create table if not exists page (
  url text primary key, run integer not null, at text not null, final text, status integer,
  content_type text, etag text, modified text, sha256 text, fault text, message text
);
create table if not exists body (sha256 text primary key, data blob not null);
"""
_MOST = 64_000_000
_STILL = timedelta(days=3)  # a run that broke longer ago is begun anew


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise BackendError(f"核查进度不能保存，请检查磁盘空间和权限：{error}") from error


class AuditState:
    """The pages of an audit and of the one before (核查状态), in a folder; a context manager.

    Raises:
        BackendError: the file cannot be used.

    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._db = sqlite3.connect(folder / "audit.db", timeout=30)
            self._db.executescript("pragma journal_mode=wal; pragma synchronous=normal;" + _TABLES)
        except (sqlite3.Error, OSError) as error:
            raise BackendError(
                f"核查进度文件不能使用，请检查磁盘空间和权限，或删除文件夹“{folder.name}”后重新核查"
            ) from error
        self.run = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def begin(self, at: datetime) -> bool:
        """Begin a run, or go on with the one that did not end; whether it goes on."""
        with _whole(), self._db:
            row = self._db.execute("select id, begun from run where ended is null").fetchone()
            if row is not None and at - datetime.fromisoformat(row[1]) < _STILL:
                self.run = int(row[0])
                return True
            self._db.execute("update run set ended = ? where ended is null", (at.isoformat(),))
            made = self._db.execute("insert into run (begun) values (?)", (at.isoformat(),))
            self.run = int(made.lastrowid or 0)
            return False

    def end(self, at: datetime) -> None:
        """The run has all it wants; bodies that no page has any more are dropped."""
        with _whole(), self._db:
            self._db.execute("update run set ended = ? where id = ?", (at.isoformat(), self.run))
            self._db.execute(
                "delete from body where sha256 not in (select sha256 from page where sha256 not null)"
            )

    def done(self, urls: Iterable[str]) -> set[str]:
        """Those of ``urls`` that this run has already."""
        rows = self._db.execute("select url from page where run = ?", (self.run,))
        return {str(row[0]) for row in rows} & set(urls)

    def held(self, url: str) -> tuple[str | None, str | None]:
        """ETag and Last-Modified of the copy that is held of a page, of any run."""
        row = self._db.execute(
            "select etag, modified from page where url = ? and sha256 in (select sha256 from body)",
            (url,),
        ).fetchone()
        return (row[0], row[1]) if row else (None, None)

    def keep(self, found: Fetched) -> None:
        """Keep a page, or its fault; of an unchanged one the copy that is held stands."""
        with _whole(), self._db:
            if found.unchanged:
                self._db.execute(
                    "update page set run = ?, at = ?, final = ?, fault = null, message = null"
                    " where url = ?",
                    (self.run, found.at.isoformat(), found.final, found.url),
                )
                return
            if found.body is not None:
                self._db.execute(
                    "insert or ignore into body values (?, ?)",
                    (found.sha256, zlib.compress(found.body, 3)),
                )
            self._db.execute(
                "insert or replace into page values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    found.url, self.run, found.at.isoformat(), found.final, found.status,
                    found.content_type, found.etag, found.modified, found.sha256,
                    str(found.fault) if found.fault else None, found.message,
                ),
            )  # fmt: skip

    def get(self, url: str) -> Fetched | None:
        """A page as it was fetched last, with its bytes."""
        row = self._db.execute(
            "select at, final, status, content_type, etag, modified, sha256, fault, message"
            " from page where url = ?",
            (url,),
        ).fetchone()
        if row is None:
            return None
        at, final, status, content_type, etag, modified, sha256, fault, message = row
        return Fetched(
            url, datetime.fromisoformat(at), final, status, self._body(sha256), content_type, etag,
            modified, fault=FaultCode(fault) if fault else None, message=message,
        )  # fmt: skip

    def _body(self, sha256: str | None) -> bytes | None:
        if sha256 is None:
            return None
        row = self._db.execute("select data from body where sha256 = ?", (sha256,)).fetchone()
        with contextlib.suppress(zlib.error):
            return zlib.decompressobj().decompress(row[0], _MOST) if row else None
        return None
