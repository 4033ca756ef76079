"""Working days (工作日): weekends, holidays and 调休, year by year, as the yearly notices have them.

A year without a published notice is counted by its weekends alone, and every answer that touches
it says so (``estimated``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from policylib.errors import ParseError

__all__ = ["Counted", "Holiday", "Tally", "WorkCalendar", "YearNotice"]

_SATURDAY = 5
_LONGEST = 100_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A time off (放假) as a notice names it; ``first`` and ``last`` are both days off.

    Raises :class:`~policylib.errors.ParseError` when it ends before it begins or is longer than
    a month.
    """

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first <= timedelta(days=31):
            raise ParseError(
                f"“{self.name}”自{self.first}至{self.last}，请核对起止日期（应为先后相接的一段假期）"
            )

    def __iter__(self) -> Iterator[date]:
        """Every day of it."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * _DAY


@dataclass(frozen=True, slots=True)
class YearNotice:
    """What was published for a year (年度放假安排): the notices, the holidays, the working weekends.

    ``numbers`` are the 发文字号 of the notices, the later ones changing the earlier. Days may lie
    in the last week of the year before: a notice can move them too.

    Raises :class:`~policylib.errors.ParseError` for a working day that is no weekend or a holiday
    at once, and for days of another year.
    """

    year: int
    numbers: tuple[str, ...]
    holidays: tuple[Holiday, ...]
    working: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        where = f"{self.year}年放假安排"
        if not self.numbers:
            raise ParseError(f"{where}没有注明通知的发文字号")
        if not self.holidays:
            raise ParseError(f"{where}没有假期，请核对")
        off = self.off
        first, last = date(self.year - 1, 12, 25), date(self.year, 12, 31)
        for day in sorted(off | self.working):
            if not first <= day <= last:
                raise ParseError(f"{where}含有{day}，不属于这一年，请核对")
        for day in sorted(self.working):
            if day.weekday() < _SATURDAY:
                raise ParseError(f"{where}中{day}不是周末，不必列为调休上班日，请核对")
            if day in off:
                raise ParseError(f"{where}中{day}既放假又上班，请核对")

    @property
    def off(self) -> frozenset[date]:
        """Every day off by the notice; weekends beside it are off without being named."""
        return frozenset(day for holiday in self.holidays for day in holiday)


@dataclass(frozen=True, slots=True)
class Counted:
    """A day found by counting (推算日期).

    ``estimated`` when the counting touched a year whose notice is not known.
    """

    day: date
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of working days (工作日数); ``estimated`` as in :class:`Counted`."""

    number: int
    estimated: bool = False


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are working days (工作日历), from the notices of some years.

    >>> notice = YearNotice(
    ...     2026,
    ...     ("国办发明电〔2025〕7号",),
    ...     (Holiday("元旦", date(2026, 1, 1), date(2026, 1, 3)),),
    ...     frozenset({date(2026, 1, 4)}),
    ... )
    >>> WorkCalendar({2026: notice}).add(date(2026, 1, 1), 1)
    Counted(day=datetime.date(2026, 1, 4), estimated=False)
    """

    years: Mapping[int, YearNotice] = field(default_factory=dict)
    _off: frozenset[date] = field(init=False, repr=False, compare=False)
    _working: frozenset[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for year, notice in self.years.items():
            if year != notice.year:
                raise ParseError(f"{year}年下登记的是{notice.year}年的放假安排，请核对")
        notices = [self.years[year] for year in sorted(self.years)]
        off: set[date] = set()
        working: set[date] = set()
        for notice in notices:  # the later notice has the last word on late December
            off = (off - notice.working) | notice.off
            working = (working - notice.off) | notice.working
        object.__setattr__(self, "years", MappingProxyType(dict(self.years)))
        object.__setattr__(self, "_off", frozenset(off))
        object.__setattr__(self, "_working", frozenset(working))

    @classmethod
    def of(cls, notices: Iterable[YearNotice]) -> WorkCalendar:
        """A calendar of these notices; of two for one year the later in the order counts."""
        return cls({notice.year: notice for notice in notices})

    def covers(self, year: int) -> bool:
        """Whether the notice of ``year`` is known.

        The last days of December may still be moved by the notice of the year after.
        """
        return year in self.years

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is a working day; in a year without a notice, whether it is Mon–Fri.

        Ask :meth:`covers` when that difference matters.
        """
        if day in self._working:
            return True
        return day.weekday() < _SATURDAY and day not in self._off

    def add(self, start: date, n: int) -> Counted:
        """The ``n``-th working day after ``start`` (第n个工作日); ``start`` itself for zero.

        民法典 第二百零一条: the day of the event is not counted.
        Raises :class:`~policylib.errors.ParseError` for a negative ``n`` and past the year 9999.
        """
        return self._walk(start, n, _DAY)

    def before(self, start: date, n: int) -> Counted:
        """The ``n``-th working day before ``start``; ``start`` itself for zero.

        Raises :class:`~policylib.errors.ParseError` for a negative ``n`` and before the year 1.
        """
        return self._walk(start, n, -_DAY)

    def count(self, start: date, end: date) -> Tally:
        """How many working days lie after ``start`` up to ``end`` (含届满日，不含起始日).

        ``end`` must not lie before ``start``. Raises :class:`~policylib.errors.ParseError`.
        """
        if end < start:
            raise ParseError(f"截止日期{end}早于起始日期{start}，请核对")
        number = sum(
            self.is_working_day(start + step * _DAY) for step in range(1, (end - start).days + 1)
        )
        return Tally(number, self._guessed(end if end == start else start + _DAY, end))

    def next_working_day(self, day: date) -> Counted:
        """``day`` when it is a working day, else the first one after it.

        民法典 第二百零三条: a period that ends on a day off ends on the day after the time off.
        Raises :class:`~policylib.errors.ParseError` past the year 9999.
        """
        if self.is_working_day(day):
            return Counted(day, not self.covers(day.year))
        return self.add(day, 1)

    def _walk(self, start: date, n: int, step: timedelta) -> Counted:
        if not 0 <= n <= _LONGEST:
            raise ParseError(f"工作日数应在0至{_LONGEST}之间，不能是{n}")
        if not n:
            return Counted(start, not self.covers(start.year))
        day, left = start, n
        try:
            while left:
                day += step
                left -= self.is_working_day(day)
        except OverflowError:
            raise ParseError(f"自{start.isoformat()}起推算工作日超出可表示的日期，请核对") from None
        first = start + step  # the day it starts from is not counted
        return Counted(day, self._guessed(min(first, day), max(first, day)))

    def _guessed(self, first: date, last: date) -> bool:
        """Whether a year between, both ends included, has no notice."""
        return any(not self.covers(year) for year in range(first.year, last.year + 1))
