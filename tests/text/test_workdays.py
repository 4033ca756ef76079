"""Working days: weekends, holidays and 调休, and what is not known yet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.files.rulesets import load_calendar
from policylib.text.workdays import Counted, Holiday, Tally, WorkCalendar, YearNotice

CALENDAR = load_calendar()

# Counted with chinesecalendar 1.11.0: year, working days, Mon-Fri off, weekends worked.
COMPARED = (
    (2019, 250, 17, 6),
    (2020, 249, 19, 6),
    (2021, 250, 18, 7),
    (2022, 249, 18, 7),
    (2023, 249, 18, 7),
    (2024, 251, 19, 8),
    (2025, 248, 18, 5),
    (2026, 248, 19, 6),
)

DAYS = (
    # day, is it a working day, why
    ("2019-01-01", False, "元旦"),
    ("2018-12-29", True, "2019年元旦的调休上班日，在上一年"),
    ("2018-12-31", False, "2019年元旦假期，在上一年"),
    ("2019-04-28", True, "调整后的劳动节调休"),
    ("2019-05-03", False, "调整后的劳动节假期"),
    ("2020-01-31", False, "延长后的春节假期"),
    ("2020-02-01", False, "原为调休上班日，延长假期后不再上班"),
    ("2020-02-03", True, "延长假期后正常上班"),
    ("2020-10-01", False, "国庆节、中秋节"),
    ("2021-02-20", True, "春节调休，星期六"),
    ("2022-10-08", True, "国庆调休，星期六"),
    ("2022-10-09", True, "国庆调休，星期日"),
    ("2022-12-31", False, "2023年元旦假期"),
    ("2023-01-02", False, "元旦假期，星期一"),
    ("2024-02-09", True, "除夕，通知未列为放假日"),
    ("2024-02-18", True, "春节调休，星期日"),
    ("2025-01-28", False, "除夕，自2025年起放假"),
    ("2026-01-04", True, "元旦调休，星期日"),
    ("2026-02-23", False, "春节假期，星期一"),
    ("2026-02-28", True, "春节调休，星期六"),
    ("2026-03-07", False, "平常的星期六"),
    ("2026-03-09", True, "平常的星期一"),
)


@pytest.mark.parametrize("compared", COMPARED, ids=lambda each: str(each[0]))
def test_every_year_has_as_many_working_days_as_elsewhere(
    compared: tuple[int, int, int, int],
) -> None:
    year, working, off, weekends = compared
    every = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    every = [day for day in every if day.year == year]
    found = [day for day in every if CALENDAR.is_working_day(day)]
    assert len(found) == working
    assert sum(day.weekday() < 5 and day not in found for day in every) == off
    assert sum(day.weekday() >= 5 for day in found) == weekends
    assert CALENDAR.count(date(year - 1, 12, 31), date(year, 12, 31)) == Tally(working)


def test_the_years_known_quote_their_notices() -> None:
    assert list(CALENDAR.years) == list(range(2019, 2027))
    for year, notice in CALENDAR.years.items():
        assert all(number.startswith("国办发明电〔20") for number in notice.numbers)
        assert notice.year == year
    assert CALENDAR.years[2020].numbers == ("国办发明电〔2019〕16号", "国办发明电〔2020〕1号")


@pytest.mark.parametrize(("day", "working", "why"), DAYS, ids=[row[0] for row in DAYS])
def test_is_it_a_working_day(day: str, working: bool, why: str) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is working, why


ADDED = (
    # start, working days, the day, estimated
    ("2024-03-01", 20, "2024-03-29", False),
    ("2024-02-08", 1, "2024-02-09", False),
    ("2024-02-09", 1, "2024-02-18", False),  # 春节 over, on a working Sunday
    ("2024-09-30", 1, "2024-10-08", False),  # 国庆
    ("2025-12-31", 1, "2026-01-04", False),  # over the border of two known years
    ("2018-12-31", 1, "2019-01-02", False),  # the day it starts from does not count
    ("2018-12-28", 1, "2018-12-29", True),  # the notice of 2018 is not held
    ("2026-12-31", 1, "2027-01-01", True),  # not published: weekends only
    ("2026-12-20", 9, "2026-12-31", False),
    ("2026-12-20", 10, "2027-01-01", True),
    ("2027-03-05", 5, "2027-03-12", True),
    ("2026-05-01", 0, "2026-05-01", False),
    ("2027-05-01", 0, "2027-05-01", True),
)


@pytest.mark.parametrize(("start", "n", "day", "estimated"), ADDED)
def test_adding_working_days(start: str, n: int, day: str, estimated: bool) -> None:
    found = CALENDAR.add(date.fromisoformat(start), n)
    assert found == Counted(date.fromisoformat(day), estimated)


def test_an_unpublished_year_is_weekends_and_says_so() -> None:
    assert not CALENDAR.covers(2027)
    assert CALENDAR.covers(2026)
    assert CALENDAR.is_working_day(date(2027, 10, 1))
    assert not CALENDAR.is_working_day(date(2027, 10, 2))
    assert CALENDAR.count(date(2027, 10, 1), date(2027, 10, 8)) == Tally(5, estimated=True)
    assert CALENDAR.next_working_day(date(2027, 1, 1)) == Counted(date(2027, 1, 1), estimated=True)
    assert WorkCalendar().add(date(2024, 1, 5), 1) == Counted(date(2024, 1, 8), estimated=True)


def test_the_next_working_day() -> None:
    assert CALENDAR.next_working_day(date(2026, 2, 14)) == Counted(date(2026, 2, 14))
    assert CALENDAR.next_working_day(date(2026, 2, 15)) == Counted(date(2026, 2, 24))


def test_counting_backwards() -> None:
    assert CALENDAR.before(date(2026, 2, 24), 1) == Counted(date(2026, 2, 14))
    assert CALENDAR.before(date(2019, 1, 2), 1) == Counted(date(2018, 12, 29), estimated=True)


def test_a_count_of_nothing() -> None:
    assert CALENDAR.count(date(2026, 2, 14), date(2026, 2, 14)) == Tally(0)
    assert CALENDAR.count(date(2018, 12, 31), date(2019, 1, 2)) == Tally(1)


STARTS = st.dates(date(2018, 6, 1), date(2027, 12, 31))


@given(STARTS, st.integers(0, 300))
def test_adding_then_counting_gives_the_number_back(start: date, n: int) -> None:
    found = CALENDAR.add(start, n)
    tally = CALENDAR.count(start, found.day)
    assert tally.number == n
    assert n == 0 or (CALENDAR.is_working_day(found.day) and found.estimated is tally.estimated)
    back = CALENDAR.before(found.day, n).day
    assert back <= found.day
    assert CALENDAR.count(back, found.day).number == n


@given(STARTS, st.integers(0, 90), st.integers(0, 90))
def test_adding_twice_is_adding_once(start: date, one: int, two: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, one).day, two).day == CALENDAR.add(start, one + two).day


WRONG = (
    (lambda: CALENDAR.add(date(2026, 1, 1), -1), "工作日数应在0至"),
    (lambda: CALENDAR.add(date(9999, 12, 30), 5), "超出可表示的日期"),
    (lambda: CALENDAR.before(date(1, 1, 3), 9), "超出可表示的日期"),
    (lambda: CALENDAR.count(date(2026, 1, 2), date(2026, 1, 1)), "早于起始日期"),
    (lambda: Holiday("元旦", date(2026, 1, 3), date(2026, 1, 1)), "“元旦”"),
    (lambda: Holiday("元旦", date(2026, 1, 1), date(2027, 1, 1)), "“元旦”"),
    (lambda: notice(numbers=()), "发文字号"),
    (lambda: notice(holidays=()), "没有假期"),
    (lambda: notice(working=frozenset({date(2026, 1, 5)})), "不是周末"),
    (lambda: notice(working=frozenset({date(2026, 1, 3)})), "既放假又上班"),
    (lambda: notice(working=frozenset({date(2025, 10, 11)})), "不属于这一年"),
    (lambda: WorkCalendar({2025: notice()}), "2025年下登记的是2026年"),
)


def notice(**changes: object) -> YearNotice:
    fields: dict[str, object] = {
        "year": 2026,
        "numbers": ("国办发明电〔2025〕7号",),
        "holidays": (Holiday("元旦", date(2026, 1, 1), date(2026, 1, 3)),),
    }
    return YearNotice(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(("act", "told"), WRONG, ids=[row[1] for row in WRONG])
def test_what_cannot_be_is_refused(act: object, told: str) -> None:
    with pytest.raises(ParseError, match=told):
        act()  # type: ignore[operator]


def test_a_later_notice_has_the_last_word_on_december() -> None:
    old = YearNotice(2018, ("旧",), (Holiday("某日", date(2018, 12, 29), date(2018, 12, 29)),))
    new = YearNotice(
        2019,
        ("新",),
        (Holiday("元旦", date(2018, 12, 30), date(2019, 1, 1)),),
        frozenset({date(2018, 12, 29)}),
    )
    assert WorkCalendar.of([new, old]).is_working_day(date(2018, 12, 29))
