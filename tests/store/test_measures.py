"""What a text offers is kept with it, signed by the journal, and goes along wherever the text goes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.store.county import change, document, revised

from policylib.errors import NotFound
from policylib.model.event import Offering
from policylib.store import open_store, restore
from policylib.store.head import sqlite_path, sqlite_url
from policylib.store.rows import Offered
from policylib.store.sql import SqlStore

OLD: tuple[dict[str, Any], ...] = (
    {"id": "津贴", "condition": {"fact": "年龄", "at_least": "80周岁"}},
)
NEW: tuple[dict[str, Any], ...] = (
    {"id": "津贴", "condition": {"fact": "年龄", "at_least": "70周岁"}},
)


def county(store: SqlStore) -> None:
    paper = document("甲")
    store.record([change(paper, "正文", measures=OLD), change(document("乙"), "别的")])
    store.record([change(revised(paper), "新文", number=2, on=date(2027, 1, 1), measures=NEW)])


def test_measures_are_read_back_with_their_text_and_without_any_body(store: SqlStore) -> None:
    county(store)
    assert [each.measures for each in store.editions("甲")] == [OLD, NEW]
    assert store.edition("乙").measures == ()
    assert store.offering() == ("甲",)
    assert store.offerings(["甲", "乙", "丙"]) == {
        "甲": (Offered(1, None, OLD), Offered(2, date(2027, 1, 1), NEW)),
        "乙": (Offered(1, None, ()),),
    }
    assert store.verify() == ()


def test_measures_put_to_a_text_later_are_an_event_and_leave_the_text(store: SqlStore) -> None:
    county(store)
    before = store.edition("甲", date(2026, 1, 1))
    paper = revised(revised(document("甲")))
    store.record([change(paper, offering=Offering(edition=1, measures=NEW))])
    after = store.edition("甲", date(2026, 1, 1))
    assert (after.measures, after.body, after.digest) == (NEW, before.body, before.digest)
    assert [event.detail.get("measures") for event in store.events("甲")] == [
        list(OLD), list(NEW), list(NEW),
    ]  # fmt: skip
    store.record([change(revised(paper), offering=Offering(edition=1, measures=()))])
    assert store.edition("甲", date(2026, 1, 1)).measures == ()
    assert store.verify() == ()


def test_measures_of_a_text_that_is_not_there_are_refused(store: SqlStore) -> None:
    county(store)
    with pytest.raises(NotFound, match="没有第 7 版"):
        store.record([change(revised(document("乙")), offering=Offering(edition=7, measures=NEW))])
    assert store.document("乙").version == 1


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE editions SET measures = replace(measures, '80', '60')", "第 1 版正文的事项"),
        ("UPDATE editions SET measures = NULL WHERE number = 2", "第 2 版正文的事项不见了"),
        ("UPDATE editions SET measures = '[]' WHERE document_id = '乙'", "“乙”第 1 版正文的事项"),
    ],
)
def test_measures_changed_behind_the_journals_back_come_to_light(
    store: SqlStore, url: str, statement: str, found: str
) -> None:
    county(store)
    with closing(sqlite3.connect(str(sqlite_path(url)), isolation_level=None)) as file:
        file.execute(statement)
    assert found in "\n".join(store.verify())


def test_the_documents_with_measures_are_found_by_their_index(store: SqlStore, url: str) -> None:
    county(store)
    with closing(sqlite3.connect(str(sqlite_path(url)))) as file:
        query = "SELECT DISTINCT document_id FROM editions WHERE measures IS NOT NULL"
        plan = " ".join(row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {query}"))
        assert "ix_editions_measured" in plan
        (stored,) = file.execute("SELECT measures FROM editions WHERE number = 2").fetchone()
    assert json.loads(stored) == list(NEW)


def test_a_backup_holds_the_measures(store: SqlStore, tmp_path: Path) -> None:
    county(store)
    store.backup(tmp_path / "copy.db")
    for goal in (tmp_path / "new.db", tmp_path / "empty.db"):
        if goal.name == "empty.db":
            open_store(sqlite_url(goal), create=True).close()
        restore(tmp_path / "copy.db", sqlite_url(goal))
        with open_store(sqlite_url(goal)) as again:
            assert again.offerings(["甲"]) == store.offerings(["甲"])
            assert again.verify() == ()
