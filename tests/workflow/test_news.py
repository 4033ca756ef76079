"""What there is to tell of a document and its measures in a time: pure, each with a day of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.model.measure import Measure
from policylib.model.subscription import Ahead, NewsKind, Season, yearly
from policylib.model.vocabulary import Validity
from policylib.text.locator import Locator
from policylib.workflow.news import news
from policylib.workflow.outlook import News, Outlook, Text, Work
from policylib.workflow.validity import Step

SEASON = Season(name="供暖季", begins="11-15", ends="03-15", words=("取暖",))
AHEAD = Ahead(opens=7, closes=15, lapses=30)
RELEASED = date(2026, 1, 10)
_HAPPENED = {NewsKind.NEW, NewsKind.CHANGED, NewsKind.ENDED}


def measure(**more: Any) -> Measure:
    fields = {"id": "甲", "title": "补贴", "subject": "person", "provision": "第二条"}
    condition = {"fact": "年龄", "at_least": 80}
    return Measure.model_validate({**fields, "condition": condition, **more})


def life(*ends: tuple[str, str]) -> tuple[Step, ...]:
    """In force from the release, then as is said from each day on."""
    found = [Step(None, Validity.PENDING, ""), Step(RELEASED, Validity.IN_FORCE, "")]
    return (*found, *(Step(date.fromisoformat(d), Validity(v), "") for d, v in ends))


def work(*measures: Measure, **more: Any) -> Work:
    fields: dict[str, Any] = {"texts": (Text(1, RELEASED, measures or (measure(),)),)}
    return Work(**{"document": "办法", "title": "办法", "released_on": RELEASED, "steps": life(),
                   **fields, **more})  # fmt: skip


def look(since: str, on: str, **more: Any) -> Outlook:
    days = date.fromisoformat(since), date.fromisoformat(on)
    return Outlook(*days, **{"ahead": AHEAD, "late": 30, "seasons": (SEASON,), **more})


def of_measures(found: Work, at: Outlook) -> list[tuple[str, str]]:
    """Kind and day of what is told of measures, but for what profiles may come to fit."""
    return [
        (each.kind.value, each.day.isoformat())
        for each in news(found, at)
        if each.measure is not None and each.kind is not NewsKind.FITS
    ]


def test_a_day_counts_after_since_and_up_to_the_day() -> None:
    new = [("新出台", "2026-01-10")]
    assert of_measures(work(), look("2026-01-09", "2026-01-10")) == new
    assert of_measures(work(), look("2026-01-10", "2026-01-11")) == []
    assert of_measures(work(), look("2026-01-01", "2026-01-09")) == []


@pytest.mark.parametrize(("on", "told"), [("2026-04-30", False), ("2026-05-01", True),
                                          ("2026-05-31", True)])  # fmt: skip
def test_an_end_is_near_for_thirty_days_to_the_last_one(on: str, told: bool) -> None:
    ending = work(steps=life(("2026-06-01", "失效")))
    assert of_measures(ending, look("2026-04-20", on)) == (
        [("即将失效", "2026-06-01")] if told else []
    )


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"steps": life(("2026-06-01", "废止"))}, {}),
        ({"steps": life(("2026-06-01", "撤销"))}, {}),
        ({"cut": ((Locator.parse("第二条"), date(2026, 5, 31)),)}, {}),
        ({}, {"valid_to": "2026-05-31"}),
    ],
)
def test_every_kind_of_end_is_told_on_its_day_and_judged_on_the_last(
    more: dict[str, Any], fields: dict[str, Any]
) -> None:
    found = work(measure(**fields), **more)
    (over,) = [each for each in news(found, look("2026-05-31", "2026-06-01")) if each.measure]
    assert (over.kind, over.day) == (NewsKind.ENDED, date(2026, 6, 1))
    assert over.judged_on == date(2026, 5, 31)
    assert of_measures(found, look("2026-06-01", "2026-06-10")) == []


def test_another_provision_that_is_repealed_ends_nothing() -> None:
    found = work(cut=((Locator.parse("第三条"), date(2026, 5, 31)),))
    assert of_measures(found, look("2026-05-20", "2026-06-01")) == []


def test_only_what_matters_to_people_is_a_change() -> None:
    def amended(after: Measure) -> list[News]:
        day = date(2026, 3, 1)
        texts = (Text(1, RELEASED, (measure(),)), Text(2, day, (after,)))
        at = look("2026-02-28", "2026-03-01")
        return [
            each
            for each in news(work(texts=texts), at)
            if each.measure and each.kind is NewsKind.CHANGED
        ]

    assert amended(measure(quote="另一种写法", title="高龄补贴")) == []
    (changed,) = amended(measure(office="县民政局", amount={"pay": "200元"}))
    assert "调整了标准、受理机关" in changed.said
    assert changed.before == (measure(), date(2026, 2, 28))


def test_a_window_counts_only_while_the_measure_may_be_had() -> None:
    window = {"opens_on": "2026-06-03", "closes_on": "2026-06-20"}
    at = look("2026-05-30", "2026-05-31")
    assert ("即将开始申报", "2026-06-03") in of_measures(work(measure(window=window)), at)
    ending = work(measure(window=window), steps=life(("2026-06-01", "失效")))
    assert of_measures(ending, at) == [("即将失效", "2026-06-01")]


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(1, 12), st.integers(1, 31), st.integers(1, 12), st.integers(1, 31),
)  # fmt: skip
def test_a_yearly_window_opens_once_a_year_whatever_its_days(
    on: date, m1: int, d1: int, m2: int, d2: int
) -> None:
    window = {"yearly_from": f"{m1:02}-{d1:02}", "yearly_to": f"{m2:02}-{d2:02}"}
    found = work(measure(window=window), released_on=None, steps=(Step(None, Validity.IN_FORCE, ""),),
                 texts=(Text(1, None, (measure(window=window),)),))  # fmt: skip
    told = of_measures(found, Outlook(on - timedelta(days=1), on, AHEAD))
    assert len(told) <= 4
    for kind, day in told:
        month_day = (m1, d1) if kind == "即将开始申报" else (m2, d2)
        near = date.fromisoformat(day)
        assert near.month == month_day[0]
        assert near.day <= month_day[1]


def test_a_season_lies_over_the_new_year_and_says_the_same_day_all_along() -> None:
    tagged = work(words=frozenset({"取暖"}))
    for on in ("2026-11-15", "2027-01-01", "2027-03-15"):
        days = {e.day for e in news(tagged, look("2026-11-01", on)) if e.kind is NewsKind.SEASON}
        assert days == {date(2026, 11, 15)}
    assert not [
        e for e in news(tagged, look("2027-03-01", "2027-03-16")) if e.kind is NewsKind.SEASON
    ]


@pytest.mark.parametrize("year", [1, 2, 9998, 9999])
def test_the_ends_of_the_calendar_are_no_trouble(year: int) -> None:
    window = {"yearly_from": "11-30", "yearly_to": "02-30"}
    found = work(measure(window=window), words=frozenset({"取暖"}))
    for on in (date(year, 1, 1), date(year, 12, 31)):
        assert isinstance(list(news(found, Outlook(on, on, AHEAD, 366, (SEASON,)))), list)
    assert yearly("11-30", "02-30", 9999) is None


_steps = st.lists(
    st.tuples(
        st.dates(date(2026, 2, 1), date(2026, 8, 1)),
        st.sampled_from(["暂停施行", "现行有效", "部分失效"]),
    ),
    max_size=4, unique_by=lambda pair: pair[0],
).map(lambda found: life(*((day.isoformat(), what) for day, what in sorted(found))))  # fmt: skip


@given(
    _steps,
    st.lists(st.dates(date(2026, 1, 20), date(2026, 8, 1)), max_size=3, unique=True).map(sorted),
    st.lists(st.dates(date(2026, 1, 1), date(2026, 9, 1)), min_size=3, max_size=3, unique=True),
    st.booleans(),
)
def test_two_runs_tell_all_that_one_over_both_tells(
    steps: tuple[Step, ...], amended: list[date], days: list[date], ends: bool
) -> None:
    texts = [Text(1, RELEASED, (measure(),))]
    for number, day in enumerate(amended, 2):
        texts.append(Text(number, day, (measure(office=f"第{number}科"),)))
    found = work(texts=tuple(texts), steps=steps)
    if ends:
        found = replace(found, steps=(*steps, Step(date(2026, 8, 20), Validity.LAPSED, "")))
    since, middle, on = sorted(days)

    def keys(first: date, last: date) -> set[tuple[str, ...]]:
        told = news(found, Outlook(first, last, AHEAD))
        return {each.key for each in told if each.kind in _HAPPENED}

    assert keys(since, on) <= keys(since, middle) | keys(middle, on)


@given(st.dates(date(2026, 1, 5), date(2026, 9, 1)), st.integers(0, 40))
def test_nothing_is_met_twice_in_one_look(on: date, back: int) -> None:
    window = {"yearly_from": "03-01", "yearly_to": "05-01"}
    texts = (
        Text(1, RELEASED, (measure(window=window),)),
        Text(2, date(2026, 4, 1), (measure(window=window, office="二科"),)),
    )
    found = work(texts=texts, steps=life(("2026-07-01", "失效")), words=frozenset({"取暖"}))
    keys = [each.key for each in news(found, look((on - timedelta(days=back)).isoformat(),
                                                  on.isoformat()))]  # fmt: skip
    assert len(keys) == len(set(keys))
