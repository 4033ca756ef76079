"""Numbers with a unit (数量): 300万元, 5.5%, 6个月, exact and convertible within one dimension."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from policylib.errors import ParseError

__all__ = ["UNITS", "Number", "Quantity", "convert", "exact", "read_number", "unit_name"]

#: A number in the engines: exact, an ``int`` wherever it is whole.
Number = int | Fraction

#: Each unit with its dimension and how many of the dimension's smallest unit it is.
UNITS: dict[str, tuple[str, Fraction]] = {
    "元": ("金额", Fraction(1)),
    "百元": ("金额", Fraction(100)),
    "千元": ("金额", Fraction(1_000)),
    "万元": ("金额", Fraction(10_000)),
    "百万元": ("金额", Fraction(1_000_000)),
    "亿元": ("金额", Fraction(100_000_000)),
    "人": ("人数", Fraction(1)),
    "户": ("户数", Fraction(1)),
    "个月": ("月数", Fraction(1)),
    "年": ("月数", Fraction(12)),
    "周岁": ("年龄", Fraction(1)),
    "日": ("日数", Fraction(1)),
    "%": ("比例", Fraction(1, 100)),
    "倍": ("比例", Fraction(1)),
    "平方米": ("面积", Fraction(1)),
    "公顷": ("面积", Fraction(10_000)),
    "亩": ("面积", Fraction(2_000, 3)),
    "小时": ("时数", Fraction(1)),
    "吨": ("重量", Fraction(1_000)),
    "公斤": ("重量", Fraction(1)),
    "公里": ("里程", Fraction(1)),
    "级": ("等级", Fraction(1)),
    "分": ("分值", Fraction(1)),
    "次": ("次数", Fraction(1)),
    "个": ("个数", Fraction(1)),
    "套": ("套数", Fraction(1)),
    "项": ("项数", Fraction(1)),
    "件": ("件数", Fraction(1)),
    "头": ("头数", Fraction(1)),
    "台": ("台数", Fraction(1)),
    "床": ("床位数", Fraction(1)),
    "辆": ("车辆数", Fraction(1)),
    "千瓦": ("功率", Fraction(1)),
    "千瓦时": ("电量", Fraction(1)),
}
_OTHER_NAMES = {
    "名": "人",
    "人次": "次",
    "月": "个月",
    "岁": "周岁",
    "天": "日",
    "％": "%",
    "㎡": "平方米",
    "张床位": "床",
    "千克": "公斤",
}
_NUMBER = re.compile(
    r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,18})(?:\.[0-9]{1,9})?)"
    r"[ \t]{0,4}([^\s0-9.,+\-]{0,6})\Z"
)
_MOST = 10**18


def unit_name(text: str) -> str | None:
    """The one name of a unit: 岁 → 周岁; ``None`` for what is no unit."""
    name = _OTHER_NAMES.get(text, text)
    return name if name in UNITS else None


def exact(value: Any) -> Number:
    """A number as it is written, without rounding: ``0.1`` is one tenth.

    Raises:
        ParseError: infinite, not a number, or beyond 18 digits before the point.

    """
    if type(value) is int and -_MOST < value < _MOST:
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction)):
        raise ParseError("应为数字")
    try:
        found = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    except (ValueError, OverflowError, InvalidOperation):
        raise ParseError("应为有限的数字") from None
    if abs(found) >= _MOST:
        raise ParseError("数字过大，请核对")
    return found.numerator if found.denominator == 1 else found


def convert(value: Number, unit: str | None, to: str | None) -> Number:
    """``value`` in another unit of the same dimension; without a unit it stays as it is.

    >>> convert(3, "万元", "元"), convert(2, "年", "个月"), convert(Fraction(11, 2), "%", "倍")
    (30000, 24, Fraction(11, 200))

    Raises:
        ParseError: the units measure different things (元 and 人).

    """
    if unit is None or to is None or unit == to:
        return value
    (dimension, times), (wanted, divisor) = UNITS[unit], UNITS[to]
    if dimension != wanted:
        raise ParseError(f"单位“{unit}”不能换算成“{to}”，请核对")
    found = value * times / divisor
    return found.numerator if found.denominator == 1 else found


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit, if it has one (数量)."""

    value: Number
    unit: str | None = None

    def __str__(self) -> str:
        """As it is written: 300万元, 5.5%; a fraction without end is cut after six places."""
        return f"{shown(self.value)}{self.unit or ''}"


def shown(value: Number) -> str:
    """A number in digits: 600.5; at most six places."""
    if isinstance(value, int):
        return str(value)
    return f"{float(value):.6f}".rstrip("0").rstrip(".")


def read_number(text: str) -> Quantity | None:
    """A written number with or without a unit; ``None`` when ``text`` is something else.

    >>> str(read_number("1,200.50元")), read_number("4050人员")
    ('1200.5元', None)
    """
    match = _NUMBER.match(text.strip()) if len(text) <= 60 else None
    if match is None:
        return None
    unit = unit_name(match[2]) if match[2] else None
    if match[2] and unit is None:
        return None
    return Quantity(exact(Fraction(match[1].replace(",", ""))), unit)
