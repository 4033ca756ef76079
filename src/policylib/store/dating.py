"""The days by which documents are found (日期索引), kept in step with documents and relations.

A renewal (延续) gives its object a new last day that stands in neither header; it is kept under the
kind ``renewal``, whether or not the renewal came in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from policylib.model.document import Document
from policylib.model.event import Change
from policylib.model.relation import Relation
from policylib.model.vocabulary import RelationKind
from policylib.store import tables as t
from policylib.store.rows import DATES, batches, day_rows, read
from policylib.text.dates import end_of_term

__all__ = ["renewed_until", "write_days"]

RENEWAL, RELATION = "renewal", "relation"


def write_days(connection: Connection, changes: Sequence[Change], resolved: Iterable[int]) -> None:
    """Bring the days of all that was changed up to date.

    ``resolved`` are the relations that now point at a document; documents and relations must be
    written already.
    """
    c = t.days.c
    last = {change.document.id: change.document for change in changes}
    for ids in batches(last):
        connection.execute(delete(t.days).where(c.document_id.in_(ids), c.kind.in_(DATES)))
    rows = [row for document in last.values() for row in day_rows(document)]
    if rows:
        connection.execute(insert(t.days), rows)
    retracted = [relation for change in changes for relation in change.retracted]
    for ids in batches(relation.subject_id for relation in retracted):
        connection.execute(delete(t.days).where(c.document_id.in_(ids), c.kind == RELATION))
        _add(connection, _related(_read_relations(connection, t.relations.c.subject_id.in_(ids))))
    _add(connection, _others(changes))
    unrenewed = {each.object_id for each in retracted if each.kind is RelationKind.RENEWS}
    _write_renewals(connection, last, resolved, {id for id in unrenewed if id})


def renewed_until(relation: Relation, subject: Document, object: Document) -> date | None:  # noqa: A002
    """The last day that a renewal gives, were it in time; ``None`` when none is known.

    As :mod:`policylib.workflow.validity` has it, but for a term that only a rule-set gives.
    """
    stated = relation.expires_on or subject.expires_on
    if stated:
        return stated
    day = relation.effective_on or subject.starts_on or object.starts_on
    period = subject.period or object.period
    return end_of_term(day, period) if day and period else None


def _others(changes: Sequence[Change]) -> Iterator[tuple[str, str, date]]:
    """The days of texts and relations."""
    for change in changes:
        edition = change.edition
        if edition is not None and edition.effective_on:
            yield edition.document_id, "edition", edition.effective_on
        yield from _related(change.relations)


def _related(relations: Iterable[Relation]) -> Iterator[tuple[str, str, date]]:
    """The days of relations."""
    for relation in relations:
        for day in (relation.effective_on, relation.expires_on, relation.unless_by):
            if day:
                yield relation.subject_id, RELATION, day


def _write_renewals(
    connection: Connection, changed: Iterable[str], resolved: Iterable[int], unrenewed: set[str]
) -> None:
    """The new last days of all that these documents and relations renew, or that renews them.

    ``unrenewed`` are documents that a renewal taken back had prolonged.
    """
    r, d = t.relations.c, t.days.c
    query = select(r.object_id).where(r.kind == str(RelationKind.RENEWS), r.object_id.is_not(None))
    renewed = set(unrenewed)
    for ids in batches(changed):
        touching = or_(r.subject_id.in_(ids), r.object_id.in_(ids))
        renewed.update(connection.execute(query.where(touching)).scalars())
    for numbers in batches(resolved):
        renewed.update(connection.execute(query.where(r.id.in_(numbers))).scalars())
    for ids in batches(sorted(renewed)):
        connection.execute(delete(t.days).where(d.kind == RENEWAL, d.document_id.in_(ids)))
        _add(connection, ((id, RENEWAL, day) for id, day in _renewals(connection, ids)))


def _renewals(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, date]]:
    r = t.relations.c
    where = and_(r.kind == str(RelationKind.RENEWS), r.object_id.in_(ids))
    found = _read_relations(connection, where)
    ends = (id for each in found for id in (each.subject_id, each.object_id) if id)
    documents: dict[str, Document] = {}
    for names in batches(ends):
        rows = select(t.documents.c.id, t.documents.c.payload).where(t.documents.c.id.in_(names))
        for row in connection.execute(rows):
            documents[row.id] = read(Document, row.payload, row.id)
    for each in found:
        if each.object_id:
            until = renewed_until(each, documents[each.subject_id], documents[each.object_id])
            if until:
                yield each.object_id, until


def _read_relations(connection: Connection, where: ColumnElement[bool]) -> list[Relation]:
    query = select(t.relations.c.subject_id, t.relations.c.payload).where(where)
    return [read(Relation, row.payload, row.subject_id) for row in connection.execute(query)]


def _add(connection: Connection, rows: Iterable[tuple[str, str, date]]) -> None:
    """Add days that are not there yet."""
    wanted = list(dict.fromkeys(rows))
    c = t.days.c
    held: set[tuple[Any, ...]] = set()
    for ids in batches(id for id, _, _ in wanted):
        query = select(c.document_id, c.kind, c.day).where(c.document_id.in_(ids))
        held.update(tuple(row) for row in connection.execute(query))
    fresh = [
        {"document_id": id, "kind": kind, "day": day}
        for id, kind, day in wanted
        if (id, kind, day) not in held
    ]
    if fresh:
        connection.execute(insert(t.days), fresh)
