"""Bringing a library's tables from version to version with Alembic, run from code.

``env.py`` and ``versions/`` are Alembic's; :func:`migrate` runs them on an open connection whose
transaction holds the writer's lock, so two processes opening one library do not clash.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from policylib.errors import BackendError

__all__ = ["migrate"]


def migrate(connection: Connection, revision: str | None) -> None:
    """Upgrade the tables from ``revision`` (``None``: no tables yet) to the newest.

    Raises :class:`BackendError` when ``revision`` is not one this version of policylib knows.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise BackendError(
            f"文件库由更新版本的 policylib 建立（库版本 {revision}），"
            "请先升级程序：python -m pip install --upgrade policylib"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
