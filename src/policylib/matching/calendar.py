"""Counting with days (期间计算): elapsed units, days moved by a period, edges of the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from policylib.model.condition import CalendarDay, Part, TimeUnit
from policylib.text.dates import Period, PeriodUnit

__all__ = ["add_months", "age", "edge", "elapsed", "part", "shifted"]

_YEAR = 12


def add_months(day: date, months: int) -> date | None:
    """The corresponding day some months on, else the month's last day; ``None`` past the calendar.

    民法典 第二百零二条.
    """
    count = day.year * _YEAR + day.month - 1 + months
    year, month = divmod(count, _YEAR)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def elapsed(since: date, until: date, unit: TimeUnit, *, begun: bool = False) -> int:
    """Full units from ``since`` to ``until``; with ``begun`` a unit counts from its first day.

    >>> elapsed(date(2025, 1, 31), date(2025, 2, 28), TimeUnit.MONTH)
    1
    >>> elapsed(date(2024, 6, 1), date(2025, 6, 2), TimeUnit.MONTH, begun=True)
    13
    """
    if unit is TimeUnit.DAY:
        return (until - since).days
    months = (until.year - since.year) * _YEAR + until.month - since.month
    last = until.day if until.day >= 28 and until.day == _length(until) else 0
    due = min(since.day, last) if last else since.day
    rest = until.day - due  # days past the corresponding day of the last month
    full = months if rest >= 0 else months - 1
    size = _YEAR if unit is TimeUnit.YEAR else 1
    whole, over = divmod(full, size)
    return whole + 1 if begun and (over or rest != 0) else whole


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def age(born: date, on: date, *, next_day: bool = False) -> int:
    """Full years of age (周岁), full on the birthday or on the day after it.

    >>> age(date(2004, 2, 29), date(2022, 2, 28)), age(date(2004, 3, 1), date(2020, 3, 1))
    (18, 16)
    >>> age(date(2004, 3, 1), date(2020, 3, 1), next_day=True)
    15
    """
    if next_day and on > date.min:
        on -= timedelta(days=1)
    return elapsed(born, on, TimeUnit.YEAR)


def shifted(day: date, period: Period, *, backward: bool = False) -> date | None:
    """A day moved by a period of days, months or years; ``None`` past the calendar."""
    count = -period.count if backward else period.count
    if period.unit is PeriodUnit.DAY:
        try:
            return day + timedelta(days=count)
        except OverflowError:
            return None
    return add_months(day, count * (_YEAR if period.unit is PeriodUnit.YEAR else 1))


_LENGTHS = {"年": 12, "季": 3, "月": 1}


def edge(day: date, which: CalendarDay, offset: int = 0) -> date | None:
    """The first or last day of the period a day is in, ``offset`` periods on.

    >>> edge(date(2025, 5, 20), CalendarDay.YEAR_END, -1)
    datetime.date(2024, 12, 31)
    """
    length = _LENGTHS[which.value[0]]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    if which.value[1] == "初":
        return add_months(first, offset * length)
    last = add_months(first, (offset + 1) * length - 1)
    return last and date(last.year, last.month, _length(last))


def part(day: date, which: Part) -> int:
    """A part of a day as a number."""
    if which is Part.YEAR:
        return day.year
    if which is Part.MONTH:
        return day.month
    return day.day if which is Part.DAY else day.month * 100 + day.day
