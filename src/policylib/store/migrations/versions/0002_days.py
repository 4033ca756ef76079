"""The dates that documents are looked up by, filled from what is there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_DATES = ("written_on", "released_on", "effective_on", "expires_on", "opens_on", "closes_on")
_BATCH = 1_000


def upgrade() -> None:
    """Make the table and put every document's, text's and relation's dates into it."""
    days = op.create_table(
        "days",
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
    )
    op.create_index("ix_days_kind_day", "days", ["kind", "day"])
    connection = op.get_bind()
    rows: dict[tuple[str, str, date], None] = {}
    for row in _rows(connection):
        rows[row] = None
        if len(rows) >= _BATCH:
            _put(connection, days, rows)
    _put(connection, days, rows)


def _put(connection: Any, days: Any, rows: dict[tuple[str, str, date], None]) -> None:
    if rows:
        connection.execute(
            sa.insert(days), [{"document_id": i, "kind": k, "day": d} for i, k, d in rows]
        )
        rows.clear()


def _rows(connection: Any) -> Iterator[tuple[str, str, date]]:
    """Every date once; a subject's relations and a document's texts come together."""
    for id, payload in connection.execute(sa.text("SELECT id, payload FROM documents")):
        fields = json.loads(payload)
        for name in _DATES:
            if fields.get(name):
                yield id, name, date.fromisoformat(fields[name])
    seen: set[tuple[str, str, date]] = set()
    for kind, table, column in (
        ("edition", "editions", "document_id"),
        ("relation", "relations", "subject_id"),
    ):
        what = "effective_on" if kind == "edition" else "payload"
        for id, value in connection.execute(sa.text(f"SELECT {column}, {what} FROM {table}")):  # noqa: S608 - names from the line above
            text = json.loads(value).get("effective_on") if kind == "relation" else value
            if text:
                row = (id, kind, date.fromisoformat(str(text)))
                if row not in seen:
                    seen.add(row)
                    yield row
