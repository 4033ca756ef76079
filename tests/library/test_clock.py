"""The clock: what is owed by when, and the nightly run that does each thing once."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from tests.library.office import clock, day, draft, found, paper, released, to_stage

from policylib import Act, Library, ParseError, Refused, Role
from policylib.library.clock import ClockRun

MONTH = timedelta(days=30)
LIUAN = "anhui-liuan-assessment"
SHANGHAI_LIKE = """
id: own
title: 本县规则
rules:
  - id: own-evaluation
    title: 有效期届满前评估
    applies_to: {forms: 办法}
    duty: 评估提前
    bound: 应在…内
    figure: 6
    unit: 月
    anchor: 失效前
    basis: [{title: 本县行政规范性文件管理办法}]
    source: 本县
    verified: false
  - id: own-feedback
    title: 意见采纳情况反馈
    applies_to: {types: 意见征集}
    duty: 意见反馈时限
    bound: 应在…内
    figure: 20
    unit: 工作日
    anchor: 征求意见结束
    basis: [{title: 本县重大行政决策程序规定}]
    source: 本县
    verified: false
  - id: own-interpretation
    title: 解读时限
    applies_to: {types: 政策文件}
    duty: 解读时限
    bound: 应在…内
    figure: 3
    unit: 工作日
    anchor: 公布
    basis: [{title: 本县政策解读办法}]
    source: 本县
    verified: false
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(SHANGHAI_LIKE, "utf-8")
    return path


@pytest.fixture
def county(where: Path, rules: Path) -> Library:
    return Library.create(where, clock=clock("2026-03-02"), rules=rules)


def owed(library: Library, on: str, **spans: timedelta) -> list[tuple[str, str, str, str]]:
    spans = {"within": MONTH, **spans}
    return [
        (o.document, o.obligation, str(o.due_on), o.state) for o in library.due(on=day(on), **spans)
    ]


def test_an_interpretation_is_owed_three_working_days_after_release(
    county: Library, papers: Path
) -> None:
    released(county, papers, "办法", released_on="2026-02-13")  # the Friday before 春节
    want = ("办法", "发布政策解读", "2026-02-25")
    assert (*want, "待办") in owed(county, "2026-02-24")
    assert (*want, "今日") in owed(county, "2026-02-25")
    assert (*want, "逾期") in owed(county, "2026-03-02")
    released(
        county, papers, "解读", type="政策解读", released_on="2026-03-02",
        relations=[{"kind": "解读", "target": "办法"}],
    )  # fmt: skip
    assert not [o for o in owed(county, "2026-03-02") if o[0] == "办法"]


def test_feedback_is_owed_after_a_consultation_until_it_is_there(
    county: Library, papers: Path
) -> None:
    released(
        county, papers, "征集", type="意见征集", released_on="2026-01-05", form=None,
        opens_on="2026-01-05", closes_on="2026-02-06",
    )  # fmt: skip
    (item,) = [o for o in county.due(on=day("2026-03-02"), within=MONTH) if o.document == "征集"]
    assert item.obligation == "公开意见采纳情况"
    assert "未核实" in item.rule
    released(
        county, papers, "反馈", type="意见反馈", released_on="2026-03-02",
        relations=[{"kind": "意见反馈", "target": "征集"}],
    )  # fmt: skip
    assert not [o for o in owed(county, "2026-03-02") if o[0] == "征集"]


def test_an_evaluation_is_owed_half_a_year_before_the_term_ends_until_it_is_done(
    county: Library, papers: Path
) -> None:
    released(county, papers, "办法", released_on="2021-09-20", effective_on="2021-10-01",
             expires_on="2026-09-30")  # fmt: skip
    assert ("办法", "有效期届满前评估", "2026-03-30", "待办") in owed(county, "2026-03-02")
    assert not owed(county, "2026-01-02")
    county.fulfil("办法", "评估提前", by="王芳", note="建议延续")
    assert not owed(county, "2026-03-02")
    assert county.history("办法")[-1].act is Act.FULFIL
    assert county.verify() == ()


def test_the_end_of_a_term_is_listed_on_its_last_day(county: Library, papers: Path) -> None:
    released(county, papers, "办法", form=None, released_on="2024-01-10", expires_on="2026-03-31")
    assert [o[2:] for o in owed(county, "2026-03-02")] == [("2026-03-31", "待办")]
    assert [o[2:] for o in owed(county, "2026-03-31")] == [("2026-03-31", "今日")]
    assert not owed(county, "2026-04-01")


def test_a_year_without_a_holiday_notice_says_that_it_guesses(
    where: Path, papers: Path, rules: Path
) -> None:
    with Library.create(where, clock=clock("2031-05-06"), rules=rules) as library:
        released(library, papers, "办法", released_on="2031-05-06")
        (item,) = [o for o in library.due(within=MONTH) if o.obligation == "发布政策解读"]
        assert "推算" in item.basis


def test_unknown_rule_sets_and_duties_are_refused(where: Path, papers: Path) -> None:
    with (
        Library.create(where, rules="没有的") as library,
        pytest.raises(ParseError, match="没有的"),
    ):
        library.due(within=MONTH)
    with Library.open(where) as library:
        released(library, papers, "办法")
        with pytest.raises(Refused, match="没有“吃饭”这一事项"):
            library.fulfil("办法", "吃饭", by="王芳")
        draft(library, papers, "草案")
        with pytest.raises(Refused, match="不能办理“办结事项”"):
            library.fulfil("草案", "备案期限", by="王芳")


# -- the nightly run ----------------------------------------------------------------------------


def tonight(library: Library) -> ClockRun:
    return library.run_due(within=MONTH)


def test_what_is_signed_for_today_is_released_and_not_before(
    where: Path, papers: Path, rules: Path
) -> None:
    with Library.create(where, clock=clock("2026-03-02"), rules=rules) as library:
        draft(library, papers, "办法", doc_number="青政〔2026〕8号", written_on="2026-03-01")
        to_stage(library, "办法", "签发", released_on="2026-03-05", index_number="x/2026-1")
        assert tonight(library).released == []
        assert found(library, "办法") == set()
    with Library.open(where, clock=clock("2026-03-05"), rules=rules) as library:
        assert tonight(library).released == ["办法"]
        assert found(library, "办法") == {"办法"}
        last = [e for e in library.history("办法") if e.act is Act.RELEASE][-1]
        assert (last.actor, last.role) == ("policylib", Role.ROBOT)
        assert tonight(library).released == []


def test_the_gate_holds_for_the_robot_too(where: Path, papers: Path, rules: Path) -> None:
    with Library.create(where, clock=clock("2026-03-02"), rules=rules) as library:
        draft(library, papers, "办法", "第一条　按本办法第九条办理。\n", written_on="2026-03-01")
        to_stage(library, "办法", "签发", released_on="2026-03-02")
        run = tonight(library)
        assert run.released == []
        assert run.refused[0]["document"] == "办法"
        assert "第九条" in run.refused[0]["reasons"][0]
        assert found(library, "办法") == set()


def test_running_twice_is_running_once(county: Library, papers: Path) -> None:
    released(county, papers, "办法", released_on="2026-02-13", expires_on="2026-03-20")
    first, second = tonight(county), tonight(county)
    assert first.noticed == 2  # 解读逾期、有效期届满
    assert first.overdue == 1
    assert second.noticed == 0
    assert len([e for e in county.history("办法") if e.act is Act.NOTICE]) == 2
    assert county.validity("办法") == "现行有效"
    assert county.verify() == ()


def notices(library: Library, names: list[str]) -> Counter[tuple[str, str]]:
    return Counter(
        (name, str(event.detail["notice"]))
        for name in names
        for event in library.history(name)
        if event.act is Act.NOTICE
    )


def many(library: Library, papers: Path, count: int) -> list[str]:
    names = [f"办法{n}" for n in range(count)]
    for name in names:
        paper(papers, name, released_on="2026-02-13", expires_on="2026-03-20")
    library.import_files([papers], by="档案员")
    return names


def run_once(where: Path, rules: Path) -> None:
    with Library.open(where, clock=clock("2026-03-02"), rules=rules) as library:
        library.run_due(within=MONTH)


def test_two_runs_at_once_do_each_thing_once(
    county: Library, where: Path, papers: Path, rules: Path
) -> None:
    names = many(county, papers, 15)
    runs = [
        multiprocessing.get_context("spawn").Process(target=run_once, args=(where, rules))
        for _ in range(2)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(120)
        assert run.exitcode == 0
    counts = notices(county, names)
    assert set(counts.values()) == {1}
    assert len(counts) == 2 * len(names)
    assert county.verify() == ()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill -9")
def test_a_killed_run_is_finished_by_the_next(
    county: Library, where: Path, papers: Path, rules: Path
) -> None:
    names = many(county, papers, 25)
    code = (
        "import sys; from pathlib import Path; from tests.library.test_clock import run_once;"
        "print('go', flush=True); run_once(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    root = str(Path(__file__).parents[2])
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(where), str(rules)], cwd=root, stdout=subprocess.PIPE
    )
    assert child.stdout
    child.stdout.readline()
    while child.poll() is None and not notices(county, names[:3]):
        time.sleep(0.01)
    child.kill()
    child.wait()
    child.stdout.close()
    assert len(notices(county, names)) < 2 * len(names)
    assert tonight(county).noticed > 0
    counts = notices(county, names)
    assert set(counts.values()) == {1}
    assert len(counts) == 2 * len(names)
    assert county.verify() == ()


def test_answers_do_not_depend_on_the_run(county: Library, papers: Path) -> None:
    released(county, papers, "办法", released_on="2021-01-04", expires_on="2026-03-01")
    assert county.validity("办法") == "失效"
    (hit,) = county.search("办法").hits
    assert hit.validity == "失效"


# -- what a day is counted from lies elsewhere ----------------------------------------------------


def test_a_conditional_lapse_is_due_by_its_deadline_until_it_is_averted(
    county: Library, papers: Path
) -> None:
    released(county, papers, "办法", form=None, released_on="2015-01-10", needs_interpretation="否")
    released(
        county, papers, "清理决定", form=None, kind="决定", released_on="2026-01-10",
        needs_interpretation="否", effective_on="2026-01-10",
        relations=[{"kind": "附条件失效", "target": "办法", "unless_by": "2026-12-31",
                    "effective_on": "2027-01-01"}],
    )  # fmt: skip
    want = ("办法", "逾期未修改将失效：修改后重新公布，或标注失效", "2026-12-31")
    assert owed(county, "2026-11-30") == []
    assert owed(county, "2026-12-01") == [(*want, "待办")]
    assert owed(county, "2026-12-31") == [(*want, "今日")]
    assert owed(county, "2027-01-01") == []
    assert county.validity("办法", on=day("2027-01-01")) == "失效"
    released(
        county, papers, "修改决定", form=None, kind="决定", released_on="2026-12-20",
        needs_interpretation="否", relations=[{"kind": "修改", "target": "办法"}],
    )  # fmt: skip
    assert owed(county, "2026-12-21") == []


def test_a_renewal_that_counts_anew_is_due_at_its_own_end(county: Library, papers: Path) -> None:
    """The new end stands in no header: 延续决定 has a term, and works from another day."""
    released(county, papers, "办法", released_on="2021-03-01", effective_on="2021-03-01", term="5年",
             needs_interpretation="否")  # fmt: skip
    released(
        county, papers, "延续决定", form=None, released_on="2026-01-20", effective_on="2026-01-20",
        term="2年", needs_interpretation="否",
        relations=[{"kind": "延续", "target": "办法", "effective_on": "2026-03-01"}],
    )  # fmt: skip
    ends = ("办法", "有效期届满：评估后延续、修改，或标注失效", "2028-02-29", "待办")
    assert ends in owed(county, "2028-02-01")
    assert not [o for o in owed(county, "2026-02-15") if o[0] == "办法" and "届满：" in o[1]]
    assert ("办法", "有效期届满前评估", "2027-08-29", "待办") in owed(county, "2027-08-01")


def test_a_renewal_by_the_documents_own_term(county: Library, papers: Path) -> None:
    released(county, papers, "办法", form=None, effective_on="2024-03-01", term="2年",
             released_on="2024-03-01", needs_interpretation="否")  # fmt: skip
    released(
        county, papers, "延续决定", form=None, released_on="2026-01-20", needs_interpretation="否",
        relations=[{"kind": "延续", "target": "办法", "effective_on": "2026-02-20"}],
    )  # fmt: skip
    assert [o[2] for o in owed(county, "2028-02-01")] == ["2028-02-19"]


def test_a_day_that_cannot_be_counted_stops_nobody(county: Library, papers: Path) -> None:
    released(county, papers, "远", released_on="9999-12-30")
    released(county, papers, "近", released_on="2026-02-27")  # the Saturday after is worked
    assert ("近", "发布政策解读", "2026-03-03", "待办") in owed(county, "2026-03-02")
    assert isinstance(owed(county, "9999-12-30"), list)
    assert owed(county, "0001-01-01", back=timedelta.max, within=timedelta.max)
    with pytest.raises(ParseError, match="期限应为零或正数"):
        county.due(on=day("2026-03-02"), within=-MONTH)


# -- the order of a night -------------------------------------------------------------------------


def test_an_interpretation_whose_name_comes_first_waits_for_its_policy(
    where: Path, papers: Path, rules: Path
) -> None:
    with Library.create(where, clock=clock("2026-03-02"), rules=rules) as library:
        draft(library, papers, "乙", doc_number="青政〔2026〕8号", written_on="2026-03-01",
              document_class="其他文件")  # fmt: skip
        draft(
            library, papers, "丙", doc_number="青政〔2026〕9号", written_on="2026-03-01",
            document_class="其他文件", needs_interpretation="是",
        )  # fmt: skip
        for name, policy in (("一解读", "乙"), ("二解读", "丙")):
            draft(
                library, papers, name, type="政策解读", written_on="2026-03-01", drafter="青山县民政局",
                relations=[{"kind": "解读", "target": policy}],
            )  # fmt: skip
            to_stage(library, name, "签发", released_on="2026-03-02", index_number=f"{name}/2026-1")
        for name in ("乙", "丙"):
            to_stage(library, name, "签发", released_on="2026-03-02", index_number=f"{name}/2026-1")
        run = tonight(library)
        assert run.refused == []
        assert {library.document(id).stage for id in ("乙", "丙", "一解读", "二解读")} == {"公布"}
        assert tonight(library).released == []


def test_what_a_run_did_is_one_line(
    county: Library, papers: Path, caplog: pytest.LogCaptureFixture
) -> None:
    released(county, papers, "办法", released_on="2026-02-13", expires_on="2026-03-20")
    with caplog.at_level(logging.INFO, logger="policylib.due"):
        run = tonight(county)
    (line,) = [record for record in caplog.records if record.name == "policylib.due"]
    assert line.getMessage() == run.line
    assert run.line.startswith("policylib due --run: released 0, notices 2, refused 0, overdue 1, ")
    assert line.__dict__["policylib_run"] == run.as_dict()
    assert set(run.as_dict()) == {"released", "noticed", "refused", "overdue", "seconds"}
