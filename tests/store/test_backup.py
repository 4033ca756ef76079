"""Backups: taken while the office works, sound or not there at all."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from tests.store.county import change, document, relation

from policylib.errors import BackendError, NotFound
from policylib.store import open_store, restore, sqlite_url
from policylib.store.head import sqlite_path
from policylib.store.sql import SqlStore


def test_a_backup_restores_to_the_same_library(store: SqlStore, tmp_path: Path) -> None:
    store.record([change(document("甲"), "正文\x00"), change(document("乙"))])
    store.record([change(document("丙"), relations=(relation("丙", "甲", "甲"),))])
    store.backup(tmp_path / "备份.db")
    store.record([change(document("备份以后"))])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["备份.db", "文件库"]

    for place in (tmp_path / "新处" / "library.db", tmp_path / "空的.db"):
        target = sqlite_url(place)
        if place.stem == "空的":
            open_store(target, create=True).close()
        restore(tmp_path / "备份.db", target)
        with open_store(target) as again:
            assert again.head() == 3
            assert again.events_after(0) == store.events_after(0)[:3]
            assert again.editions("甲") == store.editions("甲")
            assert again.relations_to("甲") == store.relations_to("甲")
            assert again.verify() == ()
            again.record([change(document("继续办理"))])
            assert again.verify() == ()


def test_a_backup_is_one_private_file_and_never_overwrites(store: SqlStore, tmp_path: Path) -> None:
    target = tmp_path / "备份.db"
    store.backup(target)
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(BackendError, match=r"已存在"):
        store.backup(target)


def test_the_office_works_on_during_a_backup(store: SqlStore, tmp_path: Path) -> None:
    store.record([change(document(f"文件{number}"), "正文" * 200) for number in range(500)])
    stop = threading.Event()

    def keep_writing() -> None:
        number = 0
        while not stop.is_set():
            store.record([change(document(f"新-{number}"), "正文")])
            number += 1

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for number in range(5):
            store.backup(tmp_path / f"备份{number}.db")
    finally:
        stop.set()
        writer.join()
    assert store.verify() == ()


def test_a_library_that_is_not_sound_gives_no_backup(store: SqlStore, tmp_path: Path) -> None:
    store.record([change(document("甲"), "正文")])
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE editions SET body = '改过'")
    with pytest.raises(BackendError, match=r"核验未通过.*正文"):
        store.backup(tmp_path / "备份.db")
    assert [path.name for path in tmp_path.iterdir()] == ["文件库"]


def test_a_backup_that_is_not_sound_is_not_restored(store: SqlStore, tmp_path: Path) -> None:
    store.record([change(document("甲"), "正文")])
    store.backup(tmp_path / "备份.db")
    with closing(sqlite3.connect(tmp_path / "备份.db")) as file:
        file.execute("UPDATE editions SET body = '改过'")
        file.commit()
    with pytest.raises(BackendError, match=r"核验未通过"):
        restore(tmp_path / "备份.db", sqlite_url(tmp_path / "新.db"))
    (tmp_path / "坏.db").write_bytes(b"x" * 5000)
    with pytest.raises(BackendError, match=r"已损坏"):
        restore(tmp_path / "坏.db", sqlite_url(tmp_path / "新.db"))
    assert not (tmp_path / "新.db").exists()
    assert not list(tmp_path.glob(".policylib*"))


def test_a_library_with_content_is_not_restored_over(
    store: SqlStore, url: str, tmp_path: Path
) -> None:
    store.record([change(document("甲"))])
    store.backup(tmp_path / "备份.db")
    with pytest.raises(BackendError, match=r"已有内容"):
        restore(tmp_path / "备份.db", url)
    with pytest.raises(BackendError, match=r"同一个文件"):
        restore(str(sqlite_path(url)), url)
    with pytest.raises(NotFound, match=r"没有找到备份"):
        restore(tmp_path / "没有.db", sqlite_url(tmp_path / "新.db"))


def test_a_server_has_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match=r"pg_dump"):
        restore(tmp_path / "备份.db", "postgresql+psycopg://host/name")
