"""Alembic's environment: runs the revisions on the connection it is handed, in its transaction."""

from __future__ import annotations

from alembic import context
from alembic.config import Config

__all__ = ["run"]


def run(config: Config) -> None:
    """Run the revisions asked for; whoever owns the connection commits."""
    context.configure(connection=config.attributes["connection"], transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


try:
    _config = context.config
except (AttributeError, NameError):  # read as a plain module, outside an Alembic run
    pass
else:
    run(_config)
