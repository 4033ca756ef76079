"""The store (文件库): documents, editions, relations, organs and the journal, kept in one database.

Nothing changes without an event: the one way in is :meth:`Store.record`, one transaction a call.
SQLite is the default (one private file, ``library.db``); PostgreSQL takes the same statements.
SQLAlchemy and Alembic are imported only when a store opens, so looking at the newest journal
position (:func:`read_head`) costs almost nothing.

``open_store(url, create=False)`` gives a :class:`~policylib.store.protocol.Store`;
``restore(source, url)`` makes one from a backup.
"""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

from policylib.store.head import read_head, sqlite_url

if TYPE_CHECKING:
    from policylib.store.sql import SqlStore

__all__ = ["open_store", "read_head", "restore", "sqlite_url"]


def open_store(url: str, *, create: bool = False) -> SqlStore:
    """Open the library at ``url``: see :meth:`policylib.store.sql.SqlStore.open`."""
    from policylib.store.sql import SqlStore  # noqa: PLC0415 - SQLAlchemy only when a store opens

    return SqlStore.open(url, create=create)


def restore(source: str | PathLike[str], url: str) -> None:
    """Make the library at ``url`` from a backup: see :func:`policylib.store.backup.restore`."""
    from policylib.store.backup import restore  # noqa: PLC0415 - SQLAlchemy only when needed

    restore(source, url)
