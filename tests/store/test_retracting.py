"""Relations taken back: gone from the tables and the days, kept in the journal, all or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest
from tests.store.county import change, relation, released, revised

from policylib.errors import Conflict
from policylib.model.event import Change
from policylib.model.relation import Relation
from policylib.model.vocabulary import Act, Origin, RelationKind
from policylib.store.head import sqlite_path
from policylib.store.sql import SqlStore

DECISION, BASE = released("决定"), released("办法")
DAY = date(2026, 6, 1)
REPEAL = relation(
    "决定", "《办法》", "办法", kind=RelationKind.REPEALS, effective_on=DAY, origin=Origin.CONFIRMED
)
OTHER = relation("决定", "某文件", effective_on=DAY, expires_on=date(2027, 1, 1))


def said(*relations: Relation) -> dict[str, object]:
    return {"confirmed": [each.model_dump(mode="json", exclude_none=True) for each in relations]}


def taken(document: object, *relations: Relation) -> Change:
    made = change(revised(document), act=Act.RETRACT)  # type: ignore[arg-type]
    return made.model_copy(update={"retracted": relations})


@pytest.fixture
def confirmed(store: SqlStore) -> SqlStore:
    """A library in which a decision repeals a text, as an officer confirmed."""
    store.record([change(BASE, "正文"), change(DECISION, "废止办法", relations=(OTHER,))])
    detail = said(REPEAL)
    store.record([change(revised(DECISION), act=Act.CONFIRM, relations=(REPEAL,), detail=detail)])
    assert store.verify() == ()
    return store


def test_it_is_gone_and_the_journal_has_it_whole(confirmed: SqlStore) -> None:
    before = confirmed.head()
    (event,) = confirmed.record([taken(confirmed.document("决定"), REPEAL)])
    assert confirmed.relations_of("决定") == (OTHER,)
    assert confirmed.relations_to("办法") == ()
    assert event.retracted == (REPEAL,)
    assert confirmed.events("决定")[-2].confirmed == (REPEAL,)
    assert confirmed.changed_since(before) == (before + 1, ("决定", "办法"))
    assert confirmed.verify() == ()


def test_its_days_go_and_those_of_others_stay(confirmed: SqlStore) -> None:
    confirmed.record([taken(confirmed.document("决定"), REPEAL)])
    assert confirmed.documents_dated({"relation": (DAY, DAY)}) == ("决定",)
    confirmed.record([taken(confirmed.document("决定"), OTHER)])
    assert confirmed.documents_dated({"relation": (DAY, date(2027, 1, 1))}) == ()


def test_a_renewal_taken_back_prolongs_nothing(store: SqlStore) -> None:
    until = date(2030, 12, 31)
    renewal = relation("决定", "办法", "办法", kind=RelationKind.RENEWS, expires_on=until)
    store.record([change(BASE, "正文"), change(DECISION, "延续", relations=(renewal,))])
    assert store.documents_dated({"renewal": (until, until)}) == ("办法",)
    store.record([taken(DECISION, renewal)])
    assert store.documents_dated({"renewal": (until, until)}) == ()


def test_what_is_not_there_as_seen_is_a_conflict(confirmed: SqlStore) -> None:
    decision, head = confirmed.document("决定"), confirmed.head()
    with pytest.raises(Conflict, match="请重新读取后再办理"):
        confirmed.record([taken(decision, REPEAL, REPEAL.model_copy(update={"target": "别的"}))])
    assert confirmed.head() == head
    assert REPEAL in confirmed.relations_of("决定")
    confirmed.record([taken(decision, REPEAL)])
    with pytest.raises(Conflict):
        confirmed.record([taken(confirmed.document("决定"), REPEAL)])
    with pytest.raises(ValueError, match="别的文件"):
        confirmed.record([taken(confirmed.document("办法"), REPEAL)])


def test_it_may_be_confirmed_again(confirmed: SqlStore) -> None:
    confirmed.record([taken(confirmed.document("决定"), REPEAL)])
    again = revised(confirmed.document("决定"))
    confirmed.record([change(again, act=Act.CONFIRM, relations=(REPEAL,), detail=said(REPEAL))])
    assert REPEAL in confirmed.relations_of("决定")
    assert confirmed.verify() == ()


def test_a_confirmed_relation_that_vanished_comes_to_light(confirmed: SqlStore, url: str) -> None:
    with closing(sqlite3.connect(str(sqlite_path(url)), isolation_level=None)) as file:
        file.execute("DELETE FROM relations WHERE kind = '废止'")
    assert "“决定”确认的关系（废止《办法》）不见了" in "\n".join(confirmed.verify())


def test_a_relation_that_came_back_comes_to_light(confirmed: SqlStore, url: str) -> None:
    with closing(sqlite3.connect(str(sqlite_path(url)), isolation_level=None)) as file:
        file.execute("CREATE TABLE kept AS SELECT * FROM relations WHERE kind = '废止'")
        confirmed.record([taken(confirmed.document("决定"), REPEAL)])
        assert confirmed.verify() == ()
        file.execute("INSERT INTO relations SELECT * FROM kept")
    assert "已撤销认定，库中却还有" in "\n".join(confirmed.verify())
