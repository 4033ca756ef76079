"""The measures of texts (事项), with an index of the texts that have any."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty, and its index."""
    op.add_column("editions", sa.Column("measures", sa.Text))
    some = sa.text("measures IS NOT NULL")
    op.create_index(
        "ix_editions_measured", "editions", ["document_id"],
        sqlite_where=some, postgresql_where=some,
    )  # fmt: skip
