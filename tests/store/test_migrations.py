"""A library made by an older version comes up to date when it is opened, and loses nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

from tests.store.county import change, document, relation, revised

from policylib.store import open_store
from policylib.store.head import sqlite_path

YEAR = {"released_on": (date(2024, 1, 1), date(2024, 12, 31))}


def test_the_dates_of_an_older_library_are_filled_in(url: str) -> None:
    paper = document("甲", released_on="2024-03-01", expires_on="2029-02-28")
    with open_store(url, create=True) as store:
        store.record([change(paper, "正文"), change(document("乙"), "正文")])
        store.record([change(revised(paper), "新文", number=2, on=date(2025, 1, 1))])
        tie = relation("乙", "甲", "甲").model_copy(update={"effective_on": date(2026, 6, 1)})
        store.record([change(revised(document("乙")), relations=(tie,))])
        before = {kind: store.documents_dated({kind: (date.min, date.max)}) for kind in KINDS}
    with closing(sqlite3.connect(str(sqlite_path(url)), isolation_level=None)) as file:
        file.execute("DROP TABLE days")  # as revision 0001 left it
        file.execute("UPDATE alembic_version SET version_num = '0001'")
    with open_store(url) as store:
        assert {k: store.documents_dated({k: (date.min, date.max)}) for k in KINDS} == before
        assert store.documents_dated(YEAR) == ("甲",)
        assert store.verify() == ()


KINDS = ("released_on", "expires_on", "edition", "relation", "closes_on")


def test_dates_follow_the_document(url: str) -> None:
    with open_store(url, create=True) as store:
        paper = document("甲", released_on="2024-03-01")
        store.record([change(paper, "正文")])
        assert store.documents_dated(YEAR) == ("甲",)
        later = revised(paper).model_copy(update={"released_on": date(2025, 3, 1)})
        store.record([change(later)])
        assert store.documents_dated(YEAR) == ()
        assert store.documents_dated({"released_on": (date(2025, 3, 1), date(2025, 3, 1))}) == (
            "甲",
        )
