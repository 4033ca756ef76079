"""Days and periods as documents write them: 2024年7月1日, 二〇二四年七月一日, 五年, 20个工作日.

The one door to python-dateutil, which is imported only when a period is counted.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Self

from policylib.errors import ParseError
from policylib.text.numerals import to_int
from policylib.text.span import Span
from policylib.text.written import Written

__all__ = ["Period", "PeriodUnit", "end_of_term", "find_dates", "parse_date"]

_HALF_WIDTH = str.maketrans("０１２３４５６７８９．／－：　○ＯO◯零", "0123456789./-: 〇〇〇〇〇")
_NUMBER = r"(?:[0-9]{1,2}|[〇一二三四五六七八九十廿卅]{1,3})"
_YEAR = r"(?:[0-9]{4}|[〇一二三四五六七八九]{4})"
_GAP = r"\s{0,4}"
_DAY = (
    rf"(?P<y>{_YEAR}){_GAP}年{_GAP}(?P<m>{_NUMBER}){_GAP}月{_GAP}(?P<d>{_NUMBER}){_GAP}[日号]"
    rf"|(?P<y2>[0-9]{{4}}){_GAP}(?P<mark>[-/.–—]){_GAP}(?P<m2>[0-9]{{1,2}}){_GAP}(?P=mark){_GAP}"
    r"(?P<d2>[0-9]{1,2})(?![0-9])"
)
_TIME = (
    r"(?:[ T]{0,4}[0-9]{1,2}[:时][0-9]{1,2}(?:[:分][0-9]{1,2}秒?)?分?"
    r"(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DATE = re.compile(rf"(?:{_DAY}){_TIME}\Z")
_IN_TEXT = re.compile(rf"(?<![0-9〇一二三四五六七八九])(?:{_DAY})")
_PLACEHOLDER = re.compile(r"[XxＸｘ×*＊_＿]")
_LONGEST = 60


def parse_date(text: str) -> date:
    """Read one day (日期) as written in a document or a page header.

    Takes 2024年7月1日, 二〇二四年七月一日, 2024-07-01, 2024/7/1 and 2024.7.1, with full-width
    digits and inner spaces; a time of day after it is dropped. Raises
    :class:`~policylib.errors.ParseError` for a day that does not exist, a placeholder (20XX) and
    anything else.

    >>> parse_date("二〇二四年七月一日")
    datetime.date(2024, 7, 1)
    """
    if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():  # as stored: the quick way
        with suppress(ValueError):
            return date.fromisoformat(text)
    plain = text.strip()
    if not plain:
        raise ParseError("日期为空，请填写，如“2024年7月1日”")
    shown = plain[:_LONGEST]
    if _PLACEHOLDER.search(shown):
        raise ParseError(f"日期“{shown}”还是占位符，请填写实际日期")
    match = _DATE.match(plain.translate(_HALF_WIDTH)) if len(plain) <= _LONGEST else None
    if match is None:
        raise ParseError(f"“{shown}”不是可识别的日期，请写成“2024年7月1日”或“2024-07-01”")
    return _day(match)


def _day(match: re.Match[str]) -> date:
    year, month, day = (to_int(match[name] or match[name + "2"]) for name in "ymd")
    shown = f"{year}年{month}月{day}日"
    if not 1 <= month <= 12:
        raise ParseError(f"日期“{shown}”不存在：月份应为1至12")
    if year < 1:
        raise ParseError(f"日期“{shown}”不存在：年份应大于0")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ParseError(f"日期“{shown}”不存在：{year}年{month}月只有1日至{last}日")
    return date(year, month, day)


def find_dates(text: str) -> Iterator[tuple[Span, date]]:
    """Find every full date (年月日) in running text; days that do not exist are passed over.

    >>> [day.isoformat() for _, day in find_dates("自2024年7月1日起施行，至2029年6月30日止")]
    ['2024-07-01', '2029-06-30']
    """
    for match in _IN_TEXT.finditer(text.translate(_HALF_WIDTH)):
        try:
            yield Span(*match.span()), _day(match)
        except ParseError:
            continue


class PeriodUnit(StrEnum):
    """The unit a period is counted in (期间单位)."""

    DAY = "日"
    WORKING_DAY = "工作日"
    MONTH = "月"
    YEAR = "年"


_UNIT_WORDS = {
    "日": (PeriodUnit.DAY, 1),
    "天": (PeriodUnit.DAY, 1),
    "周": (PeriodUnit.DAY, 7),
    "星期": (PeriodUnit.DAY, 7),
    "工作日": (PeriodUnit.WORKING_DAY, 1),
    "月": (PeriodUnit.MONTH, 1),
    "年": (PeriodUnit.YEAR, 1),
}
_PERIOD = re.compile(
    r"([0-9]{1,5}|[〇一二三四五六七八九十百千两廿卅]{1,9})\s{0,4}[个個]?\s{0,4}"
    r"(工作日|日|天|周年?|星期|月|年)(半)?(?:内|以内)?\Z"
)


@dataclass(frozen=True, slots=True)
class Period(Written):
    """A period of time (期间): 5年, 6个月, 30日, 20个工作日.

    >>> Period.parse("五年").end(date(2024, 2, 29))
    datetime.date(2029, 2, 28)
    """

    schema_title: ClassVar[str] = "期间"
    schema_description: ClassVar[str] = "如 5年、6个月、30日、20个工作日"

    count: int
    unit: PeriodUnit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a period (期限): 五年, 两年, 半年, 一年半, 6个月, 30日, 3天, 2周, 20个工作日.

        Raises :class:`~policylib.errors.ParseError` for anything else and for zero.
        """
        plain = text.strip()[:_LONGEST].translate(_HALF_WIDTH)
        if plain == "半年":
            return cls(6, PeriodUnit.MONTH)
        match = _PERIOD.match(plain)
        if match is None or match[2] == "周年" or (match[3] and match[2] != "年"):
            raise ParseError(
                f"“{text.strip()[:20]}”不是可识别的期限，请写成“5年”“6个月”“30日”或“20个工作日”"
            )
        count = to_int(match[1])
        if count < 1:
            raise ParseError("期限应大于零，请填写实际期限")
        if match[3]:
            return cls(count * 12 + 6, PeriodUnit.MONTH)
        unit, times = _UNIT_WORDS[match[2]]
        return cls(count * times, unit)

    def __str__(self) -> str:
        """Write the official form: 5年, 6个月, 30日, 20个工作日."""
        measure = "个" if self.unit in {PeriodUnit.MONTH, PeriodUnit.WORKING_DAY} else ""
        return f"{self.count}{measure}{self.unit}"

    def end(self, start: date) -> date:
        """Give the last day (届满日) of a period that begins with an event on ``start``.

        民法典 第二百零一条, 第二百零二条: the day of the event is not counted; a period in months
        or years ends on the corresponding day, or on the last day of the month where there is
        none. Moving a last day off a holiday (第二百零三条) needs a calendar and is not done here.
        Raises :class:`~policylib.errors.ParseError` for working days and past the year 9999.
        """
        from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - cold start

        if self.unit is PeriodUnit.WORKING_DAY:
            raise ParseError(f"计算“{self}”的届满日需要工作日历，请改用工作日历计算")
        try:
            if self.unit is PeriodUnit.DAY:
                return start + timedelta(days=self.count)
            months = self.count * (12 if self.unit is PeriodUnit.YEAR else 1)
            return start + relativedelta(months=months)
        except (OverflowError, ValueError):
            raise ParseError(f"自{start.isoformat()}起{self}超出可表示的日期，请核对") from None


def end_of_term(effective_on: date, period: Period) -> date:
    """The last day in force of a text that takes effect on a day and holds for a period (有效期).

    The day it takes effect counts in full, for it begins at 0:00; so 5年 from 2024-07-01 ends on
    the day before the corresponding day, as the texts themselves have it. Where the last month
    has no corresponding day its last day is the last (民法典 第二百零二条). A last day that is a
    holiday stays. See docs/decisions/0011-end-of-a-term.md. A term beyond the year 9999 ends on
    ``date.max``. Raises :class:`~policylib.errors.ParseError` for working days.

    >>> end_of_term(date(2024, 7, 1), Period.parse("五年"))
    datetime.date(2029, 6, 30)
    >>> end_of_term(date(2024, 2, 29), Period.parse("一年"))
    datetime.date(2025, 2, 28)
    """
    if period.unit is PeriodUnit.WORKING_DAY:
        raise ParseError("有效期不能以工作日计，请写成“5年”“6个月”或“90日”")
    try:
        end = period.end(effective_on)
    except ParseError:  # past the year 9999
        return date.max
    corresponds = period.unit is PeriodUnit.DAY or end.day == effective_on.day
    return end - timedelta(days=1) if corresponds else end
