"""SqlStore: the library in a SQL database, through SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Self

from policylib.model.event import Change, Event, Record
from policylib.model.organ import Organ
from policylib.store import backup as backups
from policylib.store.database import Database
from policylib.store.reading import Reader
from policylib.store.tables import ORGANS
from policylib.store.verifying import verify
from policylib.store.writing import Batch, write, write_organs

__all__ = ["ORGANS", "SqlStore"]


class SqlStore(Reader):
    """A library of documents with its journal.

    One store may be used by many threads, and one library by many processes. A context manager:
    leaving it closes the connections.
    """

    @classmethod
    def open(cls, url: str, *, create: bool = False) -> Self:
        """Open the library at ``url``, bringing older tables up to date.

        ``url`` is ``sqlite:////abs/path/library.db`` (see
        :func:`~policylib.store.head.sqlite_url`) or any SQLAlchemy address of a PostgreSQL
        database. With ``create`` a missing library is made (file 0600, new folders 0700), without
        it :class:`NotFound` is raised. :class:`BackendError`: the file is damaged, is no library,
        was made by a newer version, or the database cannot be reached.
        """
        return cls(Database(url, create=create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def record(
        self, changes: Iterable[Change], resolved: Mapping[int, str] | None = None
    ) -> tuple[Event, ...]:
        """Write changes with their events, all or none, on disk when this returns.

        ``resolved`` points relations, by their id from :meth:`unresolved`, at documents that are
        now in the library. A relation that is already there is not written twice.

        Raises :class:`Conflict` when a document or a neighbour in ``expects`` is not at the
        version seen (0: not in the library), or an edition's number is taken; neighbours may also
        be at the version an earlier change of the same call gave them. Raises :class:`Refused`
        when a new 发文字号 or 索引号 belongs to another document, :class:`NotFound` when a
        relation names a document that is not there, :class:`ParseError` for text that cannot be
        stored. In every case nothing was written.
        """
        batch = Batch.of(tuple(changes), dict(resolved or {}), nul=self._database.is_sqlite)
        if not batch.changes and not batch.resolved:
            return ()
        with self._database.writing() as connection:
            return write(connection, batch)

    def put_organs(
        self, organs: Iterable[Organ], record: Record, *, after: int | None = None
    ) -> Event:
        """Add organs to the authority file, or replace those of the same name.

        ``record.document_id`` must be :data:`ORGANS`; no organ is ever taken out (an organ that
        has ended has ``valid_to``). Without organs only the record is entered: a duty of an organ
        that is done, for instance. ``after`` is the ``seq`` of the newest such record the caller
        has seen (0: none); :class:`Conflict` when it has moved on, and nothing was written.
        """
        if record.document_id != ORGANS:
            raise ValueError(f"机关名录的办理记录应当使用标识“{ORGANS}”")
        with self._database.writing() as connection:
            return write_organs(connection, tuple(organs), record, after)

    def verify(self) -> tuple[str, ...]:
        """What is wrong with the library, as Chinese sentences; empty when it is sound.

        Reads everything once, in constant memory: the chain of events, versions and stages
        against the journal, editions against their digests, columns against payloads.
        """
        return verify(self._database)

    def backup(
        self, target: str | PathLike[str], beside: Mapping[str, bytes] | None = None
    ) -> None:
        """Write a consistent, verified copy to the new file ``target`` while others go on."""
        backups.backup(self._database, target, beside)
