"""A library made by an older version comes up to date when it is opened, and loses nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

from tests.store.county import change, document, relation, released, revised

from policylib.model.document import Document
from policylib.model.event import Offering
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
        file.executescript(_AS_0003)
        file.execute("UPDATE alembic_version SET version_num = '0001'")
    with open_store(url) as store:
        assert {k: store.documents_dated({k: (date.min, date.max)}) for k in KINDS} == before
        assert store.documents_dated(YEAR) == ("甲",)
        assert store.verify() == ()


KINDS = ("released_on", "expires_on", "edition", "relation", "closes_on", "renewal")


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


def test_computed_last_days_and_deadlines_of_older_libraries_are_filled_in(url: str) -> None:
    start = {"effective_on": "2024-03-01"}
    with open_store(url, create=True) as store:
        papers = [
            released("甲", term="2年", **start),
            released("乙", term="1年", effective_on="2024-02-29"),
            released("丙", expires_on="2027-12-31", term="3年", **start),
            released("清理决定", released_on="2025-01-10"),
            released("延续决定", released_on="2026-02-01", term="5年"),
            released("无期限延续", released_on="2025-02-01"),
        ]
        store.record([change(each, "正文") for each in papers])
        ties = {
            "清理决定": relation(
                "清理决定", "丙", "丙", kind="附条件失效", unless_by=date(2025, 6, 30),
                effective_on=date(2025, 7, 1),
            ),
            "延续决定": relation("延续决定", "甲", "甲", kind="延续", effective_on=date(2026, 3, 1)),
            "无期限延续": relation("无期限延续", "乙", "乙", kind="延续"),
        }  # fmt: skip
        store.record([change(revised(released(id, **_header(papers, id))), relations=(tie,))
                      for id, tie in ties.items()])  # fmt: skip
        whole = {kind: store.documents_dated({kind: (date.min, date.max)}) for kind in KINDS}
        days = _days(url)
    assert ("甲", "expires_on", "2026-02-28") in days
    assert ("乙", "expires_on", "2025-02-28") in days
    assert ("丙", "expires_on", "2027-12-31") in days
    assert ("甲", "renewal", "2031-02-28") in days
    assert ("乙", "renewal", "2026-01-31") in days
    assert ("清理决定", "relation", "2025-06-30") in days
    for left, version in (("DROP TABLE days", "0001"), (_AS_0002, "0002")):
        with closing(sqlite3.connect(str(sqlite_path(url)), isolation_level=None)) as file:
            file.executescript(left)
            file.executescript(_AS_0003)
            file.execute("DROP INDEX ix_documents_issued")
            file.execute("UPDATE alembic_version SET version_num = ?", (version,))
        if version == "0002":
            assert _days(url) != days
        with open_store(url) as store:
            assert {k: store.documents_dated({k: (date.min, date.max)}) for k in KINDS} == whole
            assert store.issuers() == {}
            assert store.verify() == ()
        assert _days(url) == days


#: What a library has that 0002 filled from an older one.
_AS_0002 = """
DELETE FROM days WHERE kind = 'renewal' OR day = '2025-06-30';
DELETE FROM days WHERE kind = 'expires_on' AND document_id IN ('甲', '乙');
"""


#: As it was before 0004 and 0005.
_AS_0003 = """
DROP INDEX ix_editions_measured;
ALTER TABLE editions DROP COLUMN measures;
DROP INDEX ix_relations_subject;
DROP INDEX ix_relations_object;
CREATE INDEX ix_relations_subject_id ON relations (subject_id);
CREATE INDEX ix_relations_object_id ON relations (object_id);
"""


def _header(papers: list[Document], id: str) -> dict[str, object]:
    found = next(each for each in papers if each.id == id)
    return found.model_dump(include={"released_on", "term"})


def _days(url: str) -> set[tuple[str, str, str]]:
    with closing(sqlite3.connect(str(sqlite_path(url)))) as file:
        return {tuple(row) for row in file.execute("SELECT document_id, kind, day FROM days")}


def test_a_renewal_is_found_by_the_end_it_gives(url: str) -> None:
    """Whatever comes first: the relation, the document it names, the term."""
    far = {"renewal": (date(2031, 2, 28), date(2031, 2, 28))}
    with open_store(url, create=True) as store:
        decision = released("延续决定", released_on="2026-02-01")
        tie = relation("延续决定", "甲", kind="延续", effective_on=date(2026, 3, 1))
        store.record([change(decision, relations=(tie,))])
        assert store.documents_dated(far) == ()
        paper = released("甲", effective_on="2021-03-01", term="5年")
        (number,) = store.unresolved()
        store.record([change(paper, "正文")], resolved={number: "甲"})
        assert store.documents_dated(far) == ("甲",)
        decision = revised(decision, term="2年")
        store.record([change(decision)])
        assert store.documents_dated(far) == ()
        near = {"renewal": (date(2028, 2, 29), date(2028, 2, 29))}
        assert store.documents_dated(near) == ("甲",)
        store.record([change(revised(decision, term=None))])
        longer = revised(paper, term="10年")
        store.record([change(longer)])
        assert store.documents_dated(near) == ()
        assert store.documents_dated({"renewal": (date(2036, 2, 29), date(2036, 2, 29))}) == ("甲",)
        assert store.verify() == ()


def test_who_issues_is_read_off_the_index(url: str) -> None:
    with open_store(url, create=True) as store:
        assert store.issuers() == {}
        store.record(
            [
                change(released("甲", issuers=["青山县人民政府"], released_on="2024-05-01")),
                change(released("乙", issuers=["青山县人民政府", "县民政局"], released_on="2020-05-01")),
                change(released("丙", issuers=["青山县民政局"])),
                change(released("丁", issuers=["青山县医保局"], type="政策解读", released_on="2020-05-01")),
                change(document("草稿", issuers=["青山县林业局"], released_on="2020-05-01")),
                change(released("戊")),
            ]
        )  # fmt: skip
        assert store.issuers() == {"青山县人民政府": date(2020, 5, 1), "青山县民政局": None}


def test_texts_of_an_older_library_offer_nothing_and_can_be_given_measures(url: str) -> None:
    with open_store(url, create=True) as store:
        store.record([change(document("甲"), "正文")])
        digest = store.mark()
    with closing(sqlite3.connect(str(sqlite_path(url)), isolation_level=None)) as file:
        file.executescript(_AS_0003)
        file.execute("UPDATE alembic_version SET version_num = '0003'")
    with open_store(url) as store:
        assert (store.mark(), store.verify(), store.offering()) == (digest, (), ())
        offering = Offering(edition=1, measures=MEASURES)
        store.record([change(revised(document("甲")), offering=offering)])
        assert store.edition("甲").measures == MEASURES
        assert store.verify() == ()


MEASURES = ({"id": "津贴", "title": "高龄津贴"},)
