"""Relations taken back (撤销认定): gone from the tables, kept whole in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import Connection, delete, select

from policylib.errors import BackendError, Conflict
from policylib.model.event import Change, Event
from policylib.model.relation import Relation
from policylib.model.vocabulary import Act
from policylib.store import tables as t
from policylib.store.rows import read

__all__ = ["former_objects", "retract", "unlike_journal"]

_PAGE = 500


def retract(connection: Connection, changes: Sequence[Change]) -> None:
    """Take out the relations that changes take back.

    Raises:
        Conflict: one of them is not there as it was seen.

    """
    for relation in (each for change in changes for each in change.retracted):
        row = _row_of(connection, relation)
        if row is None:
            raise Conflict(
                f"文件“{relation.subject_id}”的一条关系（{relation.kind}{relation.target}）"
                "已被他人变更，本次未作任何更改；请重新读取后再办理"
            )
        connection.execute(delete(t.relations).where(t.relations.c.id == row))


def former_objects(events: Iterable[Event]) -> frozenset[str]:
    """The documents that relations taken back by ``events`` pointed at."""
    found = (relation.object_id for event in events for relation in event.retracted)
    return frozenset(id for id in found if id)


def unlike_journal(connection: Connection) -> Iterator[str]:
    """What confirmed relations and the journal say differently, as Chinese sentences."""
    c = t.events.c
    query = (
        select(c.document_id, c.payload)
        .where(c.act.in_([str(Act.CONFIRM), str(Act.RETRACT)]))
        .order_by(c.document_id, c.seq)
    )
    rows = connection.execute(query).yield_per(_PAGE)
    for id, events in groupby(rows, key=lambda row: str(row.document_id)):
        try:
            stands, gone = _outcome(read(Event, row.payload, id) for row in events)
            there = {_bare(relation) for _, relation in _relations_of(connection, id)}
        except BackendError:
            continue  # reported where events and relations are read one by one
        for relation in sorted(stands - there, key=str):
            yield f"文件“{id}”确认的关系（{relation.kind}{relation.target}）不见了，可能被删除"
        for relation in sorted(gone & there, key=str):
            yield f"文件“{id}”的关系（{relation.kind}{relation.target}）已撤销认定，库中却还有"


def _outcome(events: Iterable[Event]) -> tuple[set[Relation], set[Relation]]:
    """Which relations of a document stand confirmed after its events, and which are taken back."""
    stands: set[Relation] = set()
    gone: set[Relation] = set()
    for event in events:
        confirmed, retracted = set(map(_bare, event.confirmed)), set(map(_bare, event.retracted))
        stands = (stands | confirmed) - retracted
        gone = (gone - confirmed) | retracted
    return stands, gone


def _bare(relation: Relation) -> Relation:
    """A relation without its object: it may be pointed at a document later."""
    return relation.model_copy(update={"object_id": None})


def _row_of(connection: Connection, relation: Relation) -> int | None:
    found = _relations_of(connection, relation.subject_id)
    return next((number for number, each in found if each == relation), None)


def _relations_of(connection: Connection, id: str) -> list[tuple[int, Relation]]:
    c = t.relations.c
    query = select(c.id, c.payload).where(c.subject_id == id).order_by(c.id)
    return [(row.id, read(Relation, row.payload, id)) for row in connection.execute(query)]
