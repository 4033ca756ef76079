"""The first tables, and the triggers that keep the journal append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_REFUSAL = "办理日志只能追加，不能修改或删除"

_SQLITE = (
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    # INSERT OR REPLACE deletes without firing the trigger above
    "CREATE TRIGGER events_no_replace BEFORE INSERT ON events WHEN "
    "EXISTS (SELECT 1 FROM events WHERE position = NEW.position) OR "
    "EXISTS (SELECT 1 FROM events WHERE document_id = NEW.document_id AND seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, '办理日志只能追加，不能修改或删除'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION policylib_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
    "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events "
    "FOR EACH ROW EXECUTE FUNCTION policylib_append_only()",
    "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events "
    "FOR EACH STATEMENT EXECUTE FUNCTION policylib_append_only()",
)


def upgrade() -> None:
    """Make the tables, the head of the empty journal and the triggers."""
    _make_documents()
    _make_journal()
    dialect = op.get_bind().dialect.name
    for statement in {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}.get(dialect, ()):
        op.execute(statement)


def _make_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("number_key", sa.String),
        sa.Column("index_number", sa.String),
        sa.Column("issuer", sa.String),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("released_on", sa.Date),
        sa.Column("effective_on", sa.Date),
        sa.Column("expires_on", sa.Date),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_documents_number_key", "documents", ["number_key"])
    op.create_index("ix_documents_index_number", "documents", ["index_number"])
    op.create_index("ix_documents_title", "documents", ["title"])
    op.create_index("ix_documents_listed", "documents", ["stage", "type", "released_on"])
    op.create_table(
        "editions",
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("effective_on", sa.Date),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_by", sa.String),
    )
    op.create_index("ix_editions_effective_on", "editions", ["effective_on"])
    op.create_table(
        "relations",
        sa.Column("id", _COUNTER, primary_key=True, autoincrement=True),
        sa.Column("subject_id", sa.String, sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("object_id", sa.String, sa.ForeignKey("documents.id")),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("target_key", sa.String, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_relations_subject_id", "relations", ["subject_id"])
    op.create_index("ix_relations_object_id", "relations", ["object_id"])
    op.create_index("ix_relations_target_key", "relations", ["target_key"])
    op.create_table(
        "organs",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("payload", sa.Text, nullable=False),
    )


def _make_journal() -> None:
    op.create_table(
        "events",
        sa.Column("position", _COUNTER, primary_key=True, autoincrement=False),
        sa.Column("document_id", sa.String, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("act", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.UniqueConstraint("document_id", "seq", name="uq_events_document_seq"),
    )
    heads = op.create_table(
        "heads",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", _COUNTER, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_heads_single"),
    )
    op.bulk_insert(heads, [{"id": 1, "position": 0, "digest": "0" * 64}])
