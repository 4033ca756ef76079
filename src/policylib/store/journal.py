"""Reading the journal (办理日志): events by document, by position and by kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from policylib.model.event import Event
from policylib.model.vocabulary import Act
from policylib.store import tables as t
from policylib.store.database import Database
from policylib.store.retracting import former_objects
from policylib.store.rows import batches, read_all

__all__ = ["Journal"]


class Journal:
    """Readers of events; a position counts all events of the library, from 1."""

    _database: Database

    def head(self) -> int:
        """The position of the newest event; 0 when there is none."""
        with self._database.reading() as connection:
            return int(connection.execute(select(t.heads.c.position)).scalar_one())

    def mark(self) -> tuple[int, str]:
        """The position and the digest of the newest event; ``(0, "")`` when there is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(t.heads.c.position, t.heads.c.digest)).one()
        return (int(row.position), str(row.digest)) if row.position else (0, "")

    def digest_at(self, position: int) -> str:
        """The digest of the event at ``position``; empty when there is none."""
        query = select(t.events.c.digest).where(t.events.c.position == position)
        with self._database.reading() as connection:
            return str(connection.execute(query).scalar() or "")

    def events(self, id: str) -> tuple[Event, ...]:
        """The journal of one document, oldest first (``"@organs"``: of the authority file)."""
        c = t.events.c
        return self._events(
            select(c.document_id, c.payload).where(c.document_id == id).order_by(c.seq)
        )

    def newest_seq(self, id: str) -> int:
        """The number of the newest event of one document; 0 when there is none."""
        c = t.events.c
        query = select(func.max(c.seq)).where(c.document_id == id)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar() or 0)

    def events_of(self, ids: Iterable[str], act: Act) -> dict[str, tuple[Event, ...]]:
        """The events of one kind of many documents, oldest first; those without are left out."""
        c = t.events.c
        query = select(c.document_id, c.payload).where(c.act == str(act)).order_by(c.position)
        found: dict[str, tuple[Event, ...]] = {}
        with self._database.reading() as connection:
            for batch in batches(ids):
                rows = connection.execute(query.where(c.document_id.in_(batch))).all()
                for event in read_all(Event, rows):
                    found[event.document_id] = (*found.get(event.document_id, ()), event)
        return found

    def events_after(self, position: int, limit: int | None = 1000) -> tuple[Event, ...]:
        """At most ``limit`` events after a position, oldest first."""
        c = t.events.c
        query = select(c.document_id, c.payload).where(c.position > position)
        return self._events(query.order_by(c.position).limit(limit))

    def newest_events(self, limit: int | None, since: date | None = None) -> tuple[Event, ...]:
        """The newest ``limit`` events, oldest first; ``since``: of that day and later ones.

        An event's day is that of its own time zone, as written.
        """
        c = t.events.c
        query = select(c.document_id, c.payload).order_by(c.position.desc()).limit(limit)
        if since is not None:
            query = query.where(c.at >= since.isoformat())
        return self._events(query)[::-1]

    def changed_since(self, position: int) -> tuple[int, tuple[str, ...]]:
        """The journal's head, and the ids of the documents changed after ``position``.

        The ids come in the order of their last change, then those that relations taken back since
        pointed at; changes of the authority file move the head but name no document.
        """
        c = t.events.c
        query = (
            select(c.document_id)
            .where(c.position > position, c.document_id != t.ORGANS)
            .group_by(c.document_id)
            .order_by(func.max(c.position))
        )
        retracting = select(c.document_id, c.payload).where(
            c.position > position, c.act == str(Act.RETRACT)
        )
        with self._database.reading() as connection:
            head = connection.execute(select(t.heads.c.position)).scalar_one()
            ids = connection.execute(query.where(c.position <= head)).scalars().all()
            rows = connection.execute(retracting.where(c.position <= head)).all()
        former = former_objects(read_all(Event, rows))
        return int(head), tuple(dict.fromkeys((*ids, *sorted(former))))

    # -- inside -------------------------------------------------------------------------------

    def _events(self, query: Select[Any]) -> tuple[Event, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return read_all(Event, rows)
