"""Relations by side, kind and age: the newest of a law that thousands name are read at once."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the wider indexes in the place of the narrow ones."""
    for side in ("subject", "object"):
        op.create_index(f"ix_relations_{side}", "relations", [f"{side}_id", "kind", "id"])
        op.drop_index(f"ix_relations_{side}_id", "relations")
