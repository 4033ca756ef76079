"""What the organs of a county owe, and what the journal says of it."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.library.office import clock, paper

from policylib import Act, Library, NotFound, Refused
from policylib.files.rulesets import load_calendar, load_ruleset
from policylib.library.clock import Clock
from policylib.library.organwork import OrganWork
from policylib.store import open_store, sqlite_url
from policylib.store.sql import ORGANS, SqlStore
from policylib.workflow.due import Obligation

ORGANS_FILE = """
- {name: 青山县人民政府, level: 县, aliases: [县政府]}
- {name: 青山县民政局, level: 县, parent: 青山县人民政府, aliases: [县民政局]}
- {name: 青山县林业局, level: 县, parent: 青山县人民政府}
"""
REPORT, GOVERNMENT, CLEANING = "部门年度报告", "政府年度报告", "清理周期"
RULES = load_ruleset("national-baseline")
AT = clock("2026-01-20")()


@pytest.fixture
def where(tmp_path: Path) -> Path:
    """A library of a county: two of its three organs have released something."""
    folder = tmp_path / "文件库"
    organs = tmp_path / "名录.yaml"
    organs.write_text(ORGANS_FILE, "utf-8")
    papers = tmp_path / "文件"
    for name, issuer in (
        ("甲", "县政府"),
        ("乙", "青山县民政局"),
        ("丙", "县民政局"),
        ("丁", "外县某局"),
    ):
        paper(papers, name, issuers=[issuer], released_on="2024-06-01", needs_interpretation="否")
    with Library.create(folder, clock=clock("2026-01-20")) as library:
        library.put_organs(organs, by="档案员")
        assert library.import_files([papers], by="档案员").refused == []
    return folder


def store_of(where: Path) -> SqlStore:
    return open_store(sqlite_url(where / "library.db"))


def due(store: SqlStore, on: str, within: int = 75) -> list[Obligation]:
    found = Clock(store, RULES, load_calendar()).due(
        on=date.fromisoformat(on), within=timedelta(days=within), back=timedelta(days=30)
    )
    return [each for each in found if each.period is not None]


def fulfil(
    store: SqlStore, name: str, duty: str, *, period: str | None = None, on: str = "2026-01-20",
    at: datetime = AT,
) -> str:  # fmt: skip
    return OrganWork(store).fulfil(
        name, duty, period=period, on=date.fromisoformat(on), ruleset=RULES, by="王芳", note=None,
        at=at,
    )  # fmt: skip


def test_organs_that_have_released_documents_owe_their_reports(where: Path) -> None:
    with store_of(where) as store:
        found = [(o.document, o.duty, o.period, str(o.due_on)) for o in due(store, "2026-01-20")]
    assert found == [
        ("青山县民政局", REPORT, "2025", "2026-01-31"),
        ("青山县人民政府", GOVERNMENT, "2025", "2026-03-31"),
    ]


def test_what_an_organ_has_done_is_entered_once_and_gone_from_the_list(where: Path) -> None:
    with store_of(where) as store:
        assert fulfil(store, "县民政局", REPORT) == "2025"
        assert [o.document for o in due(store, "2026-01-20")] == ["青山县人民政府"]
        (event,) = [e for e in store.events(ORGANS) if e.act is Act.FULFIL]
        assert dict(event.detail) == {
            "organ": "青山县民政局", "duty": REPORT, "period": "2025", "on": "2026-01-20",
        }  # fmt: skip
        with pytest.raises(Refused, match="“部门年度报告”（2025）已登记办结"):
            fulfil(store, "青山县民政局", REPORT, period="2025年度")
        assert fulfil(store, "青山县民政局", REPORT, period="2024") == "2024"
        assert store.verify() == ()


def test_a_clean_up_moves_the_next_one(where: Path) -> None:
    later = clock("2026-05-20")()
    with store_of(where) as store:
        first = [o for o in due(store, "2026-05-20") if o.duty == CLEANING]
        assert [str(o.due_on) for o in first] == ["2026-06-01", "2026-06-01"]
        fulfil(store, "青山县人民政府", CLEANING, on="2026-05-18", at=later)
        with pytest.raises(Refused, match="已登记办结"):
            fulfil(store, "青山县人民政府", CLEANING, on="2026-05-18", at=later)
        left = [o.document for o in due(store, "2026-05-20") if o.duty == CLEANING]
        assert left == ["青山县民政局"]
        again = [o for o in due(store, "2028-05-01") if o.document == "青山县人民政府"]
        assert [(str(o.due_on), o.basis) for o in again if o.duty == CLEANING] == [
            ("2028-05-18", "上次办理于2026-05-18")
        ]


def test_what_cannot_be_entered(where: Path) -> None:
    with store_of(where) as store:
        before = store.head()
        with pytest.raises(NotFound, match="机关名录中没有“外县某局”"):
            fulfil(store, "外县某局", REPORT)
        with pytest.raises(Refused, match="没有“政府年度报告”这一事项"):
            fulfil(store, "青山县民政局", GOVERNMENT)
        with pytest.raises(Refused, match="在今天之后"):
            fulfil(store, "青山县民政局", REPORT, on="2026-01-21")
        assert store.head() == before


def test_a_library_without_an_authority_file_owes_nothing_of_the_kind(tmp_path: Path) -> None:
    paper(tmp_path / "文件", "甲", released_on="2024-06-01")
    with Library.create(tmp_path / "库", clock=clock("2026-01-20")) as library:
        library.import_files([tmp_path / "文件"], by="档案员")
        assert [o for o in library.due(within=timedelta(days=400)) if o.period] == []


def notices(where: Path) -> Counter[object]:
    with store_of(where) as store:
        events = store.events(ORGANS)
        assert store.verify() == ()
    return Counter(e.detail["notice"] for e in events if e.act is Act.NOTICE)


def night(where: Path) -> None:
    with Library.open(where, clock=clock("2026-01-20")) as library:
        library.run_due(within=timedelta(days=75))


def test_a_run_tells_of_each_once(where: Path) -> None:
    night(where)
    first = notices(where)
    assert sorted(map(str, first)) == [
        "青山县人民政府|公布本级政府2025年度政府信息公开工作年度报告（由政府信息公开工作主管部门办理）|2026-03-31",
        "青山县民政局|提交并公布2025年度政府信息公开工作年度报告|2026-01-31",
    ]
    night(where)
    assert notices(where) == first


def test_two_runs_at_once_tell_of_each_once(where: Path) -> None:
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=night, args=(where,)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(300)
        assert run.exitcode == 0
    assert set(notices(where).values()) == {1}
    assert len(notices(where)) == 2


def test_a_record_that_somebody_else_overtook_is_made_again(
    where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another officer enters something between the look and the entry."""
    with store_of(where) as store, store_of(where) as other:
        once = iter([True])
        look = SqlStore.newest_seq

        def overtaken(self: SqlStore, id: str) -> int:
            seen = look(self, id)
            if self is store and next(once, False):
                fulfil(other, "青山县人民政府", GOVERNMENT)
            return seen

        monkeypatch.setattr(SqlStore, "newest_seq", overtaken)
        assert fulfil(store, "青山县民政局", REPORT) == "2025"
        assert due(store, "2026-01-20") == []
        assert store.verify() == ()
