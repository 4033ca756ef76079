"""Days and periods as documents write them."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.text.dates import Period, PeriodUnit, find_dates, parse_date
from policylib.text.numerals import to_chinese

DAY = date(2024, 7, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2024年7月1日",
        "二〇二四年七月一日",
        "二○二四年七月一日",
        "二Ｏ二四年七月一日",
        "2024-07-01",
        "2024/7/1",
        "2024.7.1",
        "２０２４年７月１日",
        "2024 年 7 月 1 日",
        " 2024-07-01 15:24 ",
        "2024-07-01T15:24:09+08:00",
    ],
)
def test_every_written_form_is_the_same_day(text):
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023年2月29日", "只有1日至28日"),
        ("2024年13月1日", "1至12"),
        ("20XX年1月1日", "占位符"),
        ("", "为空"),
        ("去年", "不是可识别的日期"),
        ("2024年7月", "不是可识别"),
        ("1" * 100000, "不是可识别"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_reason(text, reason):
    with pytest.raises(ParseError, match=reason):
        parse_date(text)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_dates_round_trip(day):
    assert parse_date(f"{day.year}年{day.month}月{day.day}日") == day
    assert parse_date(day.isoformat()) == day
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    assert parse_date(f"{year}年{to_chinese(day.month)}月{to_chinese(day.day)}日") == day


def test_dates_are_found_in_a_clause_and_impossible_ones_passed_over():
    text = "自2024年7月1日起施行，至二〇二九年六月三十日止，2月30日和2023年2月30日不算。"
    found = list(find_dates(text))
    assert [day for _, day in found] == [DAY, date(2029, 6, 30)]
    assert [text[s.start : s.end] for s, _ in found] == ["2024年7月1日", "二〇二九年六月三十日"]


@pytest.mark.parametrize(
    ("text", "official"),
    [
        ("五年", "5年"),
        ("两年", "2年"),
        ("半年", "6个月"),
        ("一年半", "18个月"),
        ("6个月", "6个月"),
        ("30日", "30日"),
        ("3天", "3日"),
        ("2周", "14日"),
        ("20个工作日", "20个工作日"),
        ("十五个工作日内", "15个工作日"),
    ],
)
def test_periods_are_printed_officially(text, official):
    period = Period.parse(text)
    assert str(period) == official
    assert Period.parse(official) == period


@pytest.mark.parametrize("text", ["", "零年", "很久", "年", "5", "5周年", "3日半"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ParseError):
        Period.parse(text)


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (date(2024, 7, 1), "五年", date(2029, 7, 1)),
        (date(2024, 2, 29), "1年", date(2025, 2, 28)),
        (date(2024, 1, 31), "1个月", date(2024, 2, 29)),
        (date(2024, 8, 31), "半年", date(2025, 2, 28)),
        (date(2024, 12, 31), "30日", date(2025, 1, 30)),
    ],
)
def test_a_period_ends_as_the_civil_code_says(start, period, end):
    assert Period.parse(period).end(start) == end


def test_working_days_need_a_calendar():
    with pytest.raises(ParseError, match="工作日历"):
        Period(20, PeriodUnit.WORKING_DAY).end(DAY)


def test_a_period_beyond_the_calendar_is_refused():
    with pytest.raises(ParseError, match="超出"):
        Period(9999, PeriodUnit.YEAR).end(DAY)


def test_importing_dates_does_not_import_dateutil():
    code = "import sys, policylib.text.dates; print('dateutil' in sys.modules)"
    path = f"import sys; sys.path[:0] = {sys.path!r}; "
    ran = subprocess.run(
        [sys.executable, "-c", path + code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"
