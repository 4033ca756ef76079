"""A backup has what lies beside the library too; the signing key only when it is asked for."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.library.life import Calendar
from tests.samesource.offices import Library

from policylib.errors import BackendError


def test_registry_and_subscriptions_come_back(
    town: Library, manifest: Path, tmp_path: Path, calendar: Calendar
) -> None:
    id = town.repost("青政〔2024〕1号", by="李明")
    town.backup(tmp_path / "备份")
    with Library.restore(tmp_path / "备份", tmp_path / "恢复", clock=calendar) as again:
        assert [each.name for each in again.authorities()] == [e.name for e in town.authorities()]
        assert again.repost_view(id) == town.repost_view(id)
        done = again.pull_sources(str(manifest))
        assert (done.version, done.before) == (1, 1), "the key that was trusted still is"
        assert again.verify() == ()
        tables = sqlite3.connect(tmp_path / "恢复" / "library.db").execute(
            "select name from sqlite_master"
        )
        assert "beside" not in {row[0] for row in tables}


def test_the_key_stays_out_unless_asked_for(county: Library, tmp_path: Path) -> None:
    county.publish_sources(tmp_path / "出")
    secret = (county.sources_folder / "key.pem").read_bytes()
    county.backup(tmp_path / "无钥")
    county.backup(tmp_path / "有钥", with_key=True)
    assert secret not in (tmp_path / "无钥").read_bytes()
    with Library.restore(tmp_path / "无钥", tmp_path / "甲") as bare:
        assert bare.lacks_key()
        assert bare.source_key() is None
    with Library.restore(tmp_path / "有钥", tmp_path / "乙") as whole:
        assert not whole.lacks_key()
        assert whole.source_key() == county.source_key()
        assert (whole.sources_folder / "key.pem").stat().st_mode & 0o077 == 0


def test_a_restored_authority_goes_on_with_its_versions(
    county: Library, town: Library, manifest: Path, tmp_path: Path
) -> None:
    """A lower version would be taken for a replay."""
    county.backup(tmp_path / "备份", with_key=True)
    with Library.restore(tmp_path / "备份", tmp_path / "新县库") as again:
        assert again.publish_sources(tmp_path / "新清单").version == 2
        town.pull_sources(str(tmp_path / "新清单"))


def test_nothing_beside_a_library_is_overwritten(
    town: Library, manifest: Path, tmp_path: Path
) -> None:
    town.backup(tmp_path / "备份")
    there = tmp_path / "恢复" / "sources"
    there.mkdir(parents=True)
    (there / "authorities.yaml").write_text("authorities: []\n", "utf-8")
    with pytest.raises(BackendError, match="不覆盖"):
        Library.restore(tmp_path / "备份", tmp_path / "恢复")
    assert not (tmp_path / "恢复" / "library.db").exists()


def test_a_changed_backup_is_refused(town: Library, manifest: Path, tmp_path: Path) -> None:
    town.backup(tmp_path / "备份")
    with sqlite3.connect(tmp_path / "备份") as connection:
        connection.execute("update beside set data = x'00' where name = 'authorities.yaml'")
    with pytest.raises(BackendError, match="已损坏"):
        Library.restore(tmp_path / "备份", tmp_path / "恢复")
    with sqlite3.connect(tmp_path / "备份") as connection:
        connection.execute("delete from beside")
        data = b"x"
        digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        connection.execute("insert into beside values ('../../x', ?, ?)", (digest, data))
    with pytest.raises(BackendError, match="不认识"):
        Library.restore(tmp_path / "备份", tmp_path / "恢复")


def test_a_subscription_with_a_hole_is_not_backed_up_silently(
    town: Library, manifest: Path, tmp_path: Path
) -> None:
    next(town.sources_folder.glob("subscriptions/*/segments/*")).unlink()
    with pytest.raises(BackendError, match="缺少分段"):
        town.backup(tmp_path / "备份")
    town.pull_sources(str(manifest))
    town.backup(tmp_path / "备份")


def test_as_typed(run: Run, county: Library, tmp_path: Path) -> None:
    library = ("--library", tmp_path / "县库")
    run("sources", "publish", tmp_path / "出", *library)
    said = run("backup", tmp_path / "一", *library)
    assert (said.code, "不含同源清单的签名密钥" in said.out) == (0, True)
    assert run("backup", tmp_path / "二", "--with-key", "--json", *library).json["key"] is True
    back = run("restore", tmp_path / "一", "--library", tmp_path / "新")
    assert (back.code, "key.pem" in back.out) == (0, True)
    assert "key.pem" not in run("restore", tmp_path / "二", "--library", tmp_path / "又").out
