"""What organs owe year by year, quarter by quarter, and from one clean-up to the next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylib.errors import Refused
from policylib.files.rulesets import load_calendar, load_ruleset
from policylib.model.organ import Organ
from policylib.model.rule import Duty, Rule
from policylib.model.ruleset import RuleSet
from policylib.workflow.due import Obligation, Span
from policylib.workflow.reckoning import Reckoning
from policylib.workflow.standing import Desk, Done, meant, standing

BASELINE = load_ruleset("national-baseline")
LIUAN = load_ruleset("anhui-liuan-assessment")
CALENDAR = load_calendar()
COUNTY = Organ(name="青山县人民政府", level="县")
CIVIL = Organ(name="青山县民政局", level="县", parent="青山县人民政府")
TOWN = Organ(name="石桥镇人民政府", level="乡镇")
CITY = Organ(name="岭南市人民政府", level="市")
REPORT, GOVERNMENT = "部门年度报告", "政府年度报告"
RECORD, CLEANING = "立改废季度记录", "清理周期"


def due(
    *organs: Organ, on: str, within: int = 30, back: int = 90, rules: RuleSet = BASELINE,
    since: str | None = "2020-05-01", done: tuple[Done, ...] = (),
) -> list[Obligation]:  # fmt: skip
    day = date.fromisoformat(on)
    span = Span.around(day, back=timedelta(days=back), within=timedelta(days=within))
    desks = [Desk(organ, date.fromisoformat(since) if since else None) for organ in organs]
    reckoning = Reckoning(rules, CALENDAR, on=day)
    return list(standing(desks, done, rules, reckoning, span, on=day))


def told(found: list[Obligation], duty: str) -> list[tuple[str, str | None, str, str]]:
    return [(o.document, o.period, str(o.due_on), o.state) for o in found if o.duty == duty]


def done(organ: Organ, duty: str, period: str, on: str = "2026-01-20") -> Done:
    return Done(organ.name, duty, period, date.fromisoformat(on))


def rule(duty: str, **fields: Any) -> RuleSet:
    made = Rule(
        **{
            "id": "own",
            "title": "本县规则",
            "duty": duty,
            "bound": "每",
            "figure": 1,
            "unit": "年",
            "anchor": "上次办理",
            "basis": [{"title": "本县办法"}],
            "source": "本县",
            **fields,
        }
    )
    return RuleSet(id="本县", title="本县", rules=(made,))


def test_a_department_reports_by_the_end_of_january() -> None:
    want = ("青山县民政局", "2025", "2026-01-31")
    assert told(due(CIVIL, on="2026-01-01"), REPORT) == [(*want, "待办")]
    assert told(due(CIVIL, on="2026-01-31"), REPORT) == [(*want, "今日")]
    assert told(due(CIVIL, on="2026-03-02"), REPORT) == [(*want, "逾期")]
    assert told(due(CIVIL, on="2025-12-31"), REPORT) == []  # 31 days ahead
    assert told(due(CIVIL, on="2026-05-15"), REPORT) == []
    (item,) = [o for o in due(CIVIL, on="2026-01-01") if o.duty == REPORT]
    assert item.obligation == "提交并公布2025年度政府信息公开工作年度报告"
    assert item.basis == "2025年度结束于2025-12-31"
    assert "第四十九条" in item.rule


def test_a_government_reports_by_the_end_of_march_and_no_department_does() -> None:
    found = due(COUNTY, CIVIL, on="2026-03-02")
    assert told(found, GOVERNMENT) == [("青山县人民政府", "2025", "2026-03-31", "待办")]
    assert [each[0] for each in told(found, REPORT)] == ["青山县民政局"]


@pytest.mark.parametrize(
    "organ",
    [
        TOWN,  # 第四十九条: 县级以上
        Organ(name="青山县某局"),  # its level is not known
        Organ(name="中共青山县委办公室", level="县"),
        Organ(name="青山县人民代表大会常务委员会", level="县"),
        Organ(name="青山县林业局", level="县", valid_to="2025-12-31"),
        Organ(name="青山县数据局", level="县", valid_from="2026-01-05"),
    ],
    ids=lambda organ: organ.name,
)
def test_who_owes_no_report(organ: Organ) -> None:
    found = due(organ, on="2026-03-02", within=60)
    assert told(found, REPORT) == told(found, GOVERNMENT) == []


def test_no_report_is_owed_for_a_year_before_the_regulation() -> None:
    assert told(due(CIVIL, on="2019-01-15"), REPORT) == []
    assert told(due(CIVIL, on="2020-01-15"), REPORT) == [
        ("青山县民政局", "2019", "2020-01-31", "待办")
    ]


def test_what_is_done_for_a_period_is_no_longer_owed() -> None:
    assert told(due(CIVIL, on="2026-01-15", done=(done(CIVIL, REPORT, "2025"),)), REPORT) == []
    for other in (
        done(CIVIL, REPORT, "2024"),
        done(COUNTY, REPORT, "2025"),
        done(CIVIL, RECORD, "2025"),
    ):
        assert len(told(due(CIVIL, on="2026-01-15", done=(other,)), REPORT)) == 1


def test_a_quarter_is_recorded_by_its_last_day() -> None:
    found = told(due(COUNTY, on="2026-03-15", rules=LIUAN), RECORD)
    assert found == [
        ("青山县人民政府", "2025Q4", "2025-12-31", "逾期"),
        ("青山县人民政府", "2026Q1", "2026-03-31", "待办"),
    ]
    kept = (done(COUNTY, RECORD, "2025Q4"), done(COUNTY, RECORD, "2026Q1"))
    assert told(due(COUNTY, on="2026-03-15", rules=LIUAN, done=kept), RECORD) == []
    (item, *_) = [o for o in due(COUNTY, on="2026-03-15", rules=LIUAN, back=0) if o.duty == RECORD]
    assert (item.obligation, item.basis) == (
        "登记2026年第一季度规范性文件立改废情况", "2026年第一季度到2026-03-31为止",
    )  # fmt: skip


def test_a_clean_up_counts_from_the_last_one() -> None:
    last = done(COUNTY, CLEANING, "行政规范性文件", "2024-03-20")
    found = [o for o in due(COUNTY, on="2026-03-02", done=(last,)) if o.duty == CLEANING]
    assert [(o.period, str(o.due_on), o.basis) for o in found] == [
        ("行政规范性文件", "2026-03-20", "上次办理于2024-03-20")
    ]
    again = (last, done(COUNTY, CLEANING, "行政规范性文件", "2026-03-01"))
    assert told(due(COUNTY, on="2026-03-02", done=again), CLEANING) == []
    assert told(due(COUNTY, on="2028-02-20", done=again), CLEANING) == [
        ("青山县人民政府", "行政规范性文件", "2028-03-01", "待办")
    ]


def test_a_clean_up_never_entered_counts_from_the_first_document() -> None:
    (item,) = [o for o in due(COUNTY, on="2026-04-20") if o.duty == CLEANING]
    assert (str(item.due_on), item.state) == ("2026-05-01", "待办")
    assert "没有上次办理的记录" in item.basis
    assert told(due(COUNTY, on="2026-05-20"), CLEANING)[0][2:] == ("2026-05-01", "逾期")
    assert told(due(COUNTY, on="2025-04-20"), CLEANING) == []
    assert told(due(COUNTY, on="2026-04-20", since=None), CLEANING) == []


def test_only_who_makes_regulations_of_a_city_cleans_them() -> None:
    found = told(due(CITY, COUNTY, on="2025-04-20", within=800), CLEANING)
    assert ("岭南市人民政府", "规章", "2025-05-01", "待办") in found
    assert {each[:2] for each in found} == {
        ("岭南市人民政府", "规章"), ("岭南市人民政府", "行政规范性文件"),
        ("青山县人民政府", "行政规范性文件"),
    }  # fmt: skip


def test_a_longer_look_lists_every_year_once() -> None:
    found = told(due(CIVIL, on="2026-01-01", within=4 * 365, back=400), REPORT)
    assert [each[1] for each in found] == ["2024", "2025", "2026", "2027", "2028"]
    assert told(due(CIVIL, on="9999-12-20", within=36500), REPORT) == []
    assert told(due(CIVIL, on="0001-01-20", back=36500), REPORT) == []


def test_own_rules_every_two_years_and_every_half_year() -> None:
    every = rule(REPORT, figure=2, anchor="年末")
    found = told(due(CIVIL, on="2025-06-01", within=365 * 5, rules=every), REPORT)
    assert [each[1:3] for each in found] == [
        ("2025", "2025-12-31"), ("2027", "2027-12-31"), ("2029", "2029-12-31"),
    ]  # fmt: skip
    assert meant(CIVIL, REPORT, None, every, on=date(2026, 6, 1)).period == "2027"
    assert meant(CIVIL, REPORT, "2024", every, on=date(2026, 6, 1)).period == "2025"
    half = rule(RECORD, figure=6, unit="月", anchor="季末")
    found = told(due(CIVIL, on="2025-01-01", within=365, back=0, rules=half), RECORD)
    assert [each[1:3] for each in found] == [("2025Q2", "2025-06-30"), ("2025Q4", "2025-12-31")]
    by_day = rule(REPORT, figure=10, unit="日", bound="应在…内", anchor="年末")
    assert told(due(CIVIL, on="2026-01-05", rules=by_day), REPORT)[0][2] == "2026-01-10"
    far = rule(CLEANING, figure=10_000)
    assert told(due(CIVIL, on="2026-01-05", rules=far), CLEANING) == []


# -- what an officer means to have done ----------------------------------------------------------


@pytest.mark.parametrize(
    ("duty", "written", "on", "period"),
    [
        (REPORT, None, "2026-01-20", "2025"),
        (REPORT, None, "2026-12-31", "2025"),
        (REPORT, "2024", "2026-01-20", "2024"),
        (REPORT, "2024年度", "2026-01-20", "2024"),
        (RECORD, None, "2026-03-31", "2026Q1"),
        (RECORD, None, "2026-04-01", "2026Q2"),
        (RECORD, "2025Q4", "2026-01-10", "2025Q4"),
        (RECORD, "2025年第四季度", "2026-01-10", "2025Q4"),
        (RECORD, " 2025q4 ", "2026-01-10", "2025Q4"),
        (CLEANING, None, "2026-01-10", "行政规范性文件"),
        (CLEANING, "行政规范性文件", "2026-01-10", "行政规范性文件"),
    ],
)
def test_the_period_meant(duty: str, written: str | None, on: str, period: str) -> None:
    found = meant(CIVIL, duty, written, LIUAN, on=date.fromisoformat(on))
    assert (found.duty, found.period) == (duty, period)
    assert found.recurs is (duty == CLEANING)


@pytest.mark.parametrize(
    ("organ", "duty", "written", "told"),
    [
        (CIVIL, "吃饭", None, "没有“吃饭”这一机关事项，可办结的有：部门年度报告、"),
        (CIVIL, GOVERNMENT, None, "没有“政府年度报告”这一事项"),
        (TOWN, GOVERNMENT, None, "没有“政府年度报告”这一事项"),
        (CIVIL, REPORT, "去年", "请写成如 2025"),
        (CIVIL, REPORT, "2025Q4", "请写成如 2025"),
        (CIVIL, REPORT, "0000", "请写成如 2025"),
        (CIVIL, REPORT, "2027", "还没有开始"),
        (CIVIL, RECORD, "2025", "请写成如 2026Q1"),
        (CIVIL, RECORD, "2026Q5", "请写成如 2026Q1"),
        (CIVIL, RECORD, "2026Q2", "还没有开始"),
        (CIVIL, CLEANING, "规章", "请写明清理的是哪一类：行政规范性文件"),
        (CITY, CLEANING, None, "请写明清理的是哪一类：规章、行政规范性文件"),
    ],
)
def test_what_cannot_be_meant(organ: Organ, duty: str, written: str | None, told: str) -> None:
    with pytest.raises(Refused, match=told):
        meant(organ, duty, written, LIUAN, on=date(2026, 3, 2))


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_words_for_a_period_are_taken_or_refused(written: str) -> None:
    for duty in (REPORT, RECORD, CLEANING):
        try:
            found = meant(CIVIL, duty, written, LIUAN, on=date(2026, 3, 2))
        except Refused:
            continue
        assert found.period.isprintable()


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from([REPORT, RECORD]))
def test_what_is_entered_without_words_is_what_is_open(on: date, duty: str) -> None:
    """The period taken by default is one that the list shows, and then no longer shows."""
    period = meant(CIVIL, duty, None, LIUAN, on=on).period
    asked: dict[str, Any] = {"on": str(on), "within": 400, "back": 400, "rules": LIUAN}
    assert period in [each[1] for each in told(due(CIVIL, **asked), duty)]
    kept = (Done(CIVIL.name, duty, period, on),)
    assert period not in [each[1] for each in told(due(CIVIL, **asked, done=kept), duty)]


def test_every_duty_of_an_organ_is_known() -> None:
    from policylib.workflow.standing import STANDING

    assert [row.duty for row in STANDING] == [
        Duty.DEPARTMENT_REPORT, Duty.GOVERNMENT_REPORT, Duty.QUARTERLY_RECORD, Duty.CLEANING,
    ]  # fmt: skip
