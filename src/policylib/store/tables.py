"""The tables as SQLAlchemy sees them; the migrations make them (:mod:`.migrations`).

``payload`` holds a value's own JSON; the other columns repeat what is looked up by, and
``verify`` compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

__all__ = [
    "ORGANS",
    "REVISION",
    "days",
    "documents",
    "editions",
    "events",
    "heads",
    "metadata",
    "organs",
    "relations",
]

#: The revision these tables are at: the newest file in ``migrations/versions``.
REVISION = "0005"

#: The pseudo document under which the journal keeps changes of the authority file (机关名录).
ORGANS = "@organs"

_Counter = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("stage", String, nullable=False),
    Column("type", String, nullable=False),
    Column("number_key", String),
    Column("index_number", String),
    Column("issuer", String),
    Column("title", String, nullable=False),
    Column("released_on", Date),
    Column("effective_on", Date),
    Column("expires_on", Date),
    Column("payload", Text, nullable=False),
    Index("ix_documents_number_key", "number_key"),
    Index("ix_documents_index_number", "index_number"),
    Index("ix_documents_title", "title"),
    Index("ix_documents_listed", "stage", "type", "released_on"),
    Index("ix_documents_issued", "stage", "type", "issuer", "released_on"),
)

editions = Table(
    "editions",
    metadata,
    Column("document_id", String, ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date),
    Column("body", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("made_by", String),
    Column("measures", Text),
    Index("ix_editions_effective_on", "effective_on"),
    Index(
        "ix_editions_measured",
        "document_id",
        sqlite_where=text("measures IS NOT NULL"),
        postgresql_where=text("measures IS NOT NULL"),
    ),
)

relations = Table(
    "relations",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    Column("subject_id", String, ForeignKey("documents.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("object_id", String, ForeignKey("documents.id")),
    Column("target", String, nullable=False),
    Column("target_key", String, nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_relations_subject", "subject_id", "kind", "id"),
    Index("ix_relations_object", "object_id", "kind", "id"),
    Index("ix_relations_target_key", "target_key"),
)

#: The days on which something about a document changes or begins to count: its own dates by the
#: header's field names, ``edition`` and ``relation`` for those of its texts and relations, and
#: ``renewal`` for the last days that renewals give it.
days = Table(
    "days",
    metadata,
    Column("document_id", String, ForeignKey("documents.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Index("ix_days_kind_day", "kind", "day"),
)

organs = Table(
    "organs",
    metadata,
    Column("name", String, primary_key=True),
    Column("payload", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("position", _Counter, primary_key=True, autoincrement=False),
    Column("document_id", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("act", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("role", String, nullable=False),
    Column("at", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("document_id", "seq", name="uq_events_document_seq"),
)

#: One row: the journal's end, and the row every writer locks first.
heads = Table(
    "heads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", _Counter, nullable=False),
    Column("digest", String(64), nullable=False),
    CheckConstraint("id = 1", name="ck_heads_single"),
)
