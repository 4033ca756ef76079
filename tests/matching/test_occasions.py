"""Measures judged each on its day: as the matcher judges them, one by one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.matching.world import measure, profile, vocabulary

from policylib import ParseError
from policylib.matching.answers import Verdict
from policylib.matching.matcher import Matcher, Offer
from policylib.matching.occasions import Judged, Occasion, Occasions

ON = date(2026, 3, 2)
OLD = measure({"fact": "年龄", "at_least": "80周岁"})
JOBLESS = measure({"fact": "失业登记", "equals": True})


def judged(*occasions: Occasion, on: date = ON, **facts: Any) -> list[Judged]:
    return Occasions(vocabulary(), occasions).judge(profile(**facts), on=on)


def test_each_measure_is_judged_on_its_day() -> None:
    born = "1946-06-10"
    found = judged(Occasion(OLD, ON), Occasion(OLD, date(2026, 6, 9)),
                   Occasion(OLD, date(2026, 6, 10)), 出生日期=born)  # fmt: skip
    assert [(each.at, each.verdict) for each in found] == [(2, Verdict.LIKELY)]


def test_windows_and_terms_of_a_measure_are_for_the_caller() -> None:
    closed = measure({"fact": "年龄", "at_least": 80}, valid_to="2020-01-01",
                     window={"closes_on": "2020-01-01"})  # fmt: skip
    assert len(judged(Occasion(closed, ON), 出生日期="1940-01-01")) == 1


def test_what_is_missing_is_named_and_what_was_lost_is_told() -> None:
    stricter = measure({"fact": "年龄", "at_least": 90})
    before = (OLD, ON - timedelta(days=1))
    (open_,) = judged(Occasion(JOBLESS, ON))
    assert (open_.verdict, open_.missing()) == (Verdict.OPEN, ("失业登记",))
    (lost,) = judged(Occasion(stricter, ON, before), 出生日期="1940-01-01")
    assert (lost.lost, lost.verdict) == (True, Verdict.LIKELY)
    (kept,) = judged(Occasion(stricter, ON, before), 出生日期="1930-01-01")
    assert not kept.lost
    assert judged(Occasion(stricter, ON, before), 出生日期="1990-01-01") == []


@pytest.mark.parametrize(
    ("born", "day"),
    [("1946-02-15", date(2026, 2, 15)), ("1946-03-02", ON), ("1946-02-02", None),
     ("1940-01-01", None), ("1946-03-03", None)],
)  # fmt: skip
def test_whoever_comes_to_fit_does_so_on_a_day(born: str, day: date | None) -> None:
    turns = Occasion(OLD, ON, (OLD, date(2026, 2, 2)), turns=True)
    found = judged(turns, 出生日期=born)
    assert [each.day for each in found] == ([day] if day else [])


def test_a_figure_that_runs_out_makes_nobody_fit() -> None:
    poor = measure(
        {"fact": "家庭人均月收入", "below": {"parameter": "低保标准", "region": "户籍地"}}
    )
    facts = {"家庭人均月收入": 90_000, "户籍地": "990121"}
    for first in (date(2024, 1, 1), date(2026, 1, 1), date(2031, 1, 1)):
        turns = Occasion(poor, date(2040, 1, 1), (poor, first), turns=True)
        assert judged(turns, on=date(2040, 1, 1), **facts) == []


def test_members_of_a_household_are_judged_as_persons() -> None:
    facts = {"家庭成员": [{"出生日期": "1990-01-01"}, {"出生日期": "1940-01-01"}]}
    found = Occasions(vocabulary(), [Occasion(OLD, ON)]).judge(profile("household", **facts), on=ON)
    assert [(each.member, each.verdict) for each in found] == [(2, Verdict.LIKELY)]


def test_a_measure_that_does_not_fit_the_vocabulary_is_left_out() -> None:
    odd = measure({"fact": "无此事实", "equals": True})
    assert [each.at for each in judged(Occasion(odd, ON), Occasion(JOBLESS, ON))] == [1]


def test_a_wrong_profile_is_told_without_its_values() -> None:
    with pytest.raises(ParseError) as told:
        judged(Occasion(OLD, ON), 出生日期="绝密某日")
    assert "绝密" not in str(told.value)


_conditions = st.sampled_from([
    {"fact": "年龄", "at_least": 80},
    {"fact": "年龄", "at_least": 16, "below": 60},
    {"fact": "失业登记", "equals": True},
    {"all": [{"fact": "年龄", "at_least": 60}, {"fact": "失业登记", "equals": False}]},
    {"none": [{"fact": "年龄", "below": 18}]},
])  # fmt: skip
_days = st.dates(date(2025, 1, 1), date(2027, 1, 1))


@settings(deadline=None)
@given(
    st.lists(st.tuples(_conditions, _days), max_size=8),
    st.one_of(st.none(), st.dates(date(1930, 1, 1), date(2020, 1, 1))),
    st.sampled_from([None, True, False]),
)
def test_the_verdicts_are_those_of_the_matcher(
    asked: list[tuple[dict[str, Any], date]], born: date | None, jobless: bool | None
) -> None:
    facts = {"出生日期": born and born.isoformat(), "失业登记": jobless}
    occasions = [Occasion(measure(condition), day) for condition, day in asked]
    found = {each.at: each.verdict for each in judged(*occasions, on=date(2027, 1, 1), **facts)}
    for at, each in enumerate(occasions):
        (verdict,) = (
            Matcher(vocabulary(), [Offer("甲", each.measure)])
            .verdicts(profile(**facts), on=each.on)
            .values()
        )
        assert found.get(at, Verdict.UNLIKELY) is verdict
