"""Opening a library: new, old, newer, damaged, foreign."""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from tests.store.county import change, document

import policylib.store
from policylib.errors import BackendError, NotFound
from policylib.store import migrations as migrations_package
from policylib.store import open_store, sqlite_url
from policylib.store.head import sqlite_path
from policylib.store.sql import SqlStore
from policylib.store.tables import REVISION, metadata


def test_a_missing_library_says_how_to_make_one(url: str) -> None:
    with pytest.raises(NotFound, match=r"python -m policylib init --library .*library\.db"):
        open_store(url)
    path = sqlite_path(url)
    assert path is not None
    assert not path.parent.exists()


def test_an_empty_file_is_no_library_until_made_one(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.touch()
    with pytest.raises(NotFound):
        open_store(sqlite_url(path))
    with open_store(sqlite_url(path), create=True) as store:
        assert store.head() == 0
    with open_store(sqlite_url(path), create=True) as store:
        assert store.verify() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions")
def test_a_new_library_is_private(tmp_path: Path) -> None:
    path = tmp_path / "新" / "库" / "library.db"
    with open_store(sqlite_url(path), create=True) as store:
        store.record([change(document("甲"))])
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_every_commit_is_flushed_to_disk(store: SqlStore) -> None:
    with store._database.writing() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("synchronous") == 2
        assert pragma("journal_mode") == "wal"
        assert pragma("foreign_keys") == 1
        assert pragma("busy_timeout") == 30_000


def test_the_migrations_make_the_tables_the_code_uses(store: SqlStore) -> None:
    script = ScriptDirectory(str(Path(migrations_package.__file__).parent))
    assert script.get_current_head() == REVISION
    with store._database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_a_library_of_a_newer_version_is_left_alone(store: SqlStore, url: str) -> None:
    store.record([change(document("甲"))])
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackendError, match=r"更新版本.*升级程序"):
        open_store(url)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_text("# 一份普通文档\n" * 500, encoding="utf-8")
    for create in (False, True):
        with pytest.raises(BackendError, match=r"已损坏.*备份"):
            open_store(sqlite_url(path), create=create)
    assert path.read_text(encoding="utf-8").startswith("# 一份普通文档")


def test_a_file_cut_short(url: str) -> None:
    with open_store(url, create=True) as store:
        store.record([change(document("甲"), "正文" * 5000)])
    path = sqlite_path(url)
    assert path is not None
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(BackendError, match=r"备份"), open_store(url) as store:
        store.document("甲")


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE visits (at TEXT)")
        other.commit()
    for create in (False, True):
        with pytest.raises(BackendError, match=r"别的数据"):
            open_store(sqlite_url(path), create=create)


def test_a_folder_is_no_library(tmp_path: Path) -> None:
    for create in (False, True):
        with pytest.raises(BackendError, match=r"不是文件"):
            open_store(sqlite_url(tmp_path), create=create)


def test_an_address_nobody_understands() -> None:
    for wrong in ("库", "nosuchdb://host/name"):
        with pytest.raises(BackendError):
            open_store(wrong)


def test_every_module_imports() -> None:
    prefix = policylib.store.__name__ + "."
    for module in pkgutil.walk_packages(policylib.store.__path__, prefix):
        importlib.import_module(module.name)
    importlib.import_module("policylib.store.migrations.versions.0001_journal")
    assert Config is not None
