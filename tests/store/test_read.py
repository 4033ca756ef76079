"""Reading: what is in the library, and what was in force on a day."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.store.county import change, document, released, revised

from policylib.errors import BackendError, NotFound
from policylib.model.vocabulary import Act, DocumentType, Stage
from policylib.store import read_head, sqlite_url
from policylib.store.head import sqlite_path
from policylib.store.protocol import Store
from policylib.store.sql import SqlStore


def test_the_text_in_force_on_a_day(store: SqlStore) -> None:
    work = document("办法")
    store.record([change(work, "初版")])
    work = revised(work)
    store.record([change(work, "二版", number=2, on=date(2023, 1, 1), act=Act.AMEND)])
    work = revised(work)
    store.record([change(work, "三版", number=3, on=date(2025, 1, 1), act=Act.AMEND)])

    def text(on: date | None) -> str | None:
        found = store.edition("办法", on)
        return found.body if found else None

    assert text(date(2000, 1, 1)) == "初版"
    assert text(date(2022, 12, 31)) == "初版"
    assert text(date(2023, 1, 1)) == "二版"
    assert text(date(2025, 1, 1)) == text(None) == "三版"
    assert [edition.number for edition in store.editions("办法")] == [1, 2, 3]


def test_no_text_before_the_first_day(store: SqlStore) -> None:
    store.record([change(document("甲"), "正文", on=date(2024, 1, 1)), change(document("乙"))])
    assert store.edition("甲", date(2023, 1, 1)) is None
    assert store.edition("乙") is None
    assert set(store.editions_on(["甲", "乙", "丙"])) == {"甲"}
    with pytest.raises(NotFound, match=r"“丙”"):
        store.edition("丙")


def test_of_two_texts_from_one_day_the_later_counts(store: SqlStore) -> None:
    work = document("甲")
    store.record([change(work, "一", on=date(2024, 1, 1))])
    store.record([change(revised(work), "二", number=2, on=date(2024, 1, 1))])
    text = store.edition("甲", date(2024, 1, 1))
    assert text is not None
    assert text.body == "二"


def test_lists_by_stage_and_type(store: SqlStore) -> None:
    store.record(
        [
            change(released("旧", released_on="2020-01-01")),
            change(released("新", released_on="2024-01-01")),
            change(released("无日期")),
            change(document("草稿")),
            change(released("解读", type=DocumentType.INTERPRETATION)),
        ]
    )
    policies = store.list(Stage.RELEASED, DocumentType.POLICY)
    assert [found.id for found in policies] == ["新", "旧", "无日期"]
    assert [d.id for d in store.list(Stage.RELEASED, DocumentType.POLICY, offset=1)] == [
        "旧",
        "无日期",
    ]
    assert len(store.list(limit=2)) == 2
    assert store.count() == 5
    assert store.count(Stage.DRAFTED) == 1


def test_every_document_once_whatever_the_batch(store: SqlStore) -> None:
    ids = {f"文件{number}" for number in range(23)}
    store.record([change(document(id)) for id in ids])
    for batch in (1, 5, 23, 100):
        found = [each.id for each in store.iter_documents(batch=batch)]
        assert set(found) == ids
        assert len(found) == len(ids)


def test_many_at_once_in_the_order_asked(store: SqlStore) -> None:
    store.record([change(document(f"文件{number}")) for number in range(1200)])
    wanted = [f"文件{number}" for number in range(1199, -1, -1)] + ["没有", "文件3"]
    assert list(store.documents(wanted)) == wanted[:1200]
    assert len(store.snapshot(wanted)) == 1200


def test_titles_with_and_without_brackets(store: SqlStore) -> None:
    store.record([change(document("甲", title="青山县供水条例"))])
    assert [found.id for found in store.find_title("《青山县供水条例》")] == ["甲"]
    assert [found.id for found in store.find_title(" 青山县供水条例 ")] == ["甲"]
    assert store.find_title("供水") == ()


def test_a_snapshot_tells_whether_an_import_is_news(store: SqlStore) -> None:
    work = document("甲")
    first = change(work, "一版")
    second = change(revised(work), "二版", number=2)
    store.record([first, second, change(document("乙"))])
    assert second.edition is not None
    assert store.snapshot(["甲", "乙", "丙"]) == {
        "甲": (second.document, second.edition.digest),
        "乙": (document("乙"), None),
    }


def test_what_changed_since(store: SqlStore, url: str) -> None:
    a, b = document("甲"), document("乙")
    store.record([change(a), change(b)])
    assert store.changed_since(0) == (2, ("甲", "乙"))
    store.record([change(revised(a))])
    assert store.changed_since(0) == (3, ("乙", "甲"))
    assert store.changed_since(2) == (3, ("甲",))
    assert store.changed_since(3) == (3, ())
    assert [event.position for event in store.events_after(1, limit=1)] == [2]
    assert read_head(url) == store.head() == 3


def test_reading_goes_on_while_another_writes(store: SqlStore) -> None:
    store.record([change(document("甲"))])
    with store._database.writing():
        assert store.document("甲").id == "甲"
        assert store.head() == 1


def test_the_sql_store_is_a_store(store: SqlStore) -> None:
    asked: Store = store
    assert asked.head() == 0


# -- the head, read cheaply -------------------------------------------------------------------


def test_no_library_no_event(tmp_path: Path) -> None:
    assert read_head(sqlite_url(tmp_path / "library.db")) == 0
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "empty.db").touch()
    assert read_head(sqlite_url(tmp_path / "empty.db")) == 0


def test_the_head_of_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"not a database" * 100)
    with pytest.raises(BackendError, match=r"备份"):
        read_head(sqlite_url(tmp_path / "library.db"))


def test_the_head_is_read_without_sqlalchemy(store: SqlStore, url: str) -> None:
    store.record([change(document("甲"))])
    code = (
        "import sys; from policylib.store import read_head; "
        f"assert read_head({url!r}) == 1; "
        "assert not {'sqlalchemy', 'alembic', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": _path()})


def test_an_open_library_at_the_newest_version_needs_no_alembic(url: str, store: SqlStore) -> None:
    assert store.head() == 0
    code = (
        "import sys; from policylib.store import open_store; "
        f"open_store({url!r}).close(); assert 'alembic.command' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": _path()})


def test_addresses(tmp_path: Path) -> None:
    odd = tmp_path / "库 ?#%41" / "library.db"
    assert sqlite_path(sqlite_url(odd)) == odd
    assert sqlite_path("postgresql+psycopg://host/name") is None
    for wrong in ("sqlite://", "sqlite:///:memory:", "sqlite:///"):
        with pytest.raises(BackendError, match=r"没有写明文件"):
            sqlite_path(wrong)
    with SqlStore.open(sqlite_url(odd), create=True) as store:
        store.record([change(document("甲"))])
    assert read_head(sqlite_url(odd)) == 1


def _path() -> str:
    return ":".join(entry for entry in sys.path if entry)
