"""Last days that are computed: of terms, of renewals; deadlines in relations; issuers by an index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from policylib.errors import ParseError
from policylib.text.dates import Period, end_of_term

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DAYS = sa.table(
    "days", sa.column("document_id", sa.String), sa.column("kind", sa.String),
    sa.column("day", sa.Date),
)  # fmt: skip
_BATCH = 500
_Row = tuple[str, str, date]


def upgrade() -> None:
    """Make the index, and add the days that 0002 and the versions before this one left out."""
    op.create_index(
        "ix_documents_issued", "documents", ["stage", "type", "issuer", "released_on"],
        if_not_exists=True,
    )  # fmt: skip
    connection = op.get_bind()
    batch: list[_Row] = []
    for rows in (_terms(connection), _deadlines(connection), _renewals(connection)):
        for row in rows:
            batch.append(row)
            if len(batch) >= _BATCH:
                _put(connection, batch)
                batch = []
    _put(connection, batch)


def _put(connection: Any, rows: list[_Row]) -> None:
    """Add the days that are not there."""
    c = _DAYS.c
    query = sa.select(c.document_id, c.kind, c.day)
    found = connection.execute(query.where(c.document_id.in_({id for id, _, _ in rows})))
    held = {tuple(row) for row in found}
    fresh = dict.fromkeys(row for row in rows if row not in held)
    if fresh:
        values = [{"document_id": id, "kind": kind, "day": day} for id, kind, day in fresh]
        connection.execute(sa.insert(_DAYS), values)


def _terms(connection: Any) -> Iterator[_Row]:
    query = "SELECT id, payload FROM documents WHERE payload LIKE '%\"term\"%'"
    for id, payload in connection.execute(sa.text(query)):
        fields = json.loads(payload)
        last = _end(fields.get("term"), _start(fields))
        if last and not fields.get("expires_on"):
            yield id, "expires_on", last


def _deadlines(connection: Any) -> Iterator[_Row]:
    query = (
        "SELECT subject_id, payload FROM relations"
        " WHERE payload LIKE '%\"unless_by\"%' OR payload LIKE '%\"expires_on\"%'"
    )
    for id, payload in connection.execute(sa.text(query)):
        fields = json.loads(payload)
        for name in ("unless_by", "expires_on"):
            if fields.get(name):
                yield id, "relation", date.fromisoformat(fields[name])


def _renewals(connection: Any) -> Iterator[_Row]:
    query = (
        "SELECT r.object_id, r.payload, s.payload, o.payload FROM relations r"
        " JOIN documents s ON s.id = r.subject_id JOIN documents o ON o.id = r.object_id"
        " WHERE r.kind = '延续'"
    )
    for id, *payloads in connection.execute(sa.text(query)):
        relation, subject, renewed = map(json.loads, payloads)
        stated = relation.get("expires_on") or subject.get("expires_on")
        start = relation.get("effective_on") or _start(subject) or _start(renewed)
        last = (
            date.fromisoformat(stated)
            if stated
            else _end(subject.get("term") or renewed.get("term"), start)
        )
        if last:
            yield id, "renewal", last


def _start(fields: dict[str, Any]) -> str | None:
    return fields.get("effective_on") or fields.get("released_on") or fields.get("written_on")


def _end(term: str | None, start: str | None) -> date | None:
    """The last day of a term; ``None`` when it cannot be read, as the library then has it too."""
    if term and start:
        with suppress(ParseError):
            return end_of_term(date.fromisoformat(start), Period.parse(term))
    return None
