"""Conditions in words (条件表述): what is asked for, never what somebody has."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from policylib.matching import calendar
from policylib.matching.expressions import (
    AgeOf,
    Calc,
    Case,
    Const,
    DayEdge,
    Expression,
    FactOf,
    Figure,
    MembersOf,
    Move,
    OneOf,
    PartOf,
    RoundTo,
    Since,
)
from policylib.matching.formula import (
    Among,
    And,
    AtLeast,
    Formula,
    Has,
    If,
    Leaf,
    Not,
    Or,
    Same,
    Under,
    Within,
)
from policylib.model.condition import TODAY, Operation, Take, TimeUnit
from policylib.model.facts import FactType
from policylib.model.quantity import shown
from policylib.text.dates import Period, PeriodUnit

__all__ = ["distance", "name_of", "say", "unit_of", "written"]

_UNITS = {TimeUnit.YEAR: "年", TimeUnit.MONTH: "个月", TimeUnit.DAY: "日"}
_JOINED = {
    Operation.SUM: "与",
    Operation.PRODUCT: "乘以",
    Operation.DIFFERENCE: "减",
    Operation.RATIO: "与",
}
_LONGEST = 300


def say(formula: Formula, *, positive: bool = True) -> str:
    """What a condition asks for, in one sentence without an end.

    >>> say(Leaf(FactOf("年龄"), Within(low=Const(80))))
    '年龄不低于80'
    """
    grounds = getattr(formula, "grounds", None)
    if grounds is not None and grounds.text:
        return grounds.text if positive else f"不属于下列情形：{grounds.text}"
    found = _say(formula, positive)
    return found if len(found) <= _LONGEST else f"{found[:_LONGEST]}……"


def _say(formula: Formula, positive: bool) -> str:
    if isinstance(formula, Leaf):
        return _test(formula, positive)
    if isinstance(formula, Not):
        return say(formula.of, positive=not positive)
    if isinstance(formula, If):
        then = say(formula.then, positive=positive)
        when = say(formula.when)
        if formula.otherwise == Or(()):
            return f"{when}的，{then}"
        return f"{when}的，{then}；其他情形，{say(formula.otherwise, positive=positive)}"
    if isinstance(formula, AtLeast):
        listed = "；".join(f"“{say(each)}”" for each in formula.of)
        return f"{listed}中{'至少' if positive else '不到'}{formula.count}项"
    assert isinstance(formula, (And, Or))  # noqa: S101 - the last two
    if not formula.of:
        return "无条件" if isinstance(formula, And) is positive else "不适用"
    together = isinstance(formula, And) is positive
    parts = [say(each, positive=positive) for each in formula.of]
    return "，且".join(parts) if together else "，或者".join(parts)


def _test(leaf: Leaf, positive: bool) -> str:
    label, test = name_of(leaf.subject), leaf.test
    not_ = "" if positive else "不"
    if isinstance(test, Within):
        return _range(leaf, test, label, positive)
    if isinstance(test, Under):
        places = "、".join(test.tree.name(code) for code in sorted(test.codes))
        return f"{label}{not_}属于{places}"
    if isinstance(test, Has):
        return f"{label}{not_}包括{'或'.join(sorted(test.words))}"
    if isinstance(test, Same):
        return f"{label}与{name_of(test.other)}{'相同' if positive else '不同'}"
    assert isinstance(test, Among)  # noqa: S101 - the last test
    if test.values <= {True, False} and all(isinstance(each, bool) for each in test.values):
        return f"{label}：{'是' if (True in test.values) is positive else '否'}"
    unit = unit_of(leaf.subject)
    values = sorted(written(each, unit) for each in test.values)
    if len(values) == 1:
        return f"{label}{not_}为{values[0]}"
    return f"{label}{not_}是{'、'.join(values)}之一"


def _range(leaf: Leaf, test: Within, label: str, positive: bool) -> str:
    unit = unit_of(leaf.subject)
    bounds = [each for each in test.bounds if isinstance(each, Const)]
    days = any(isinstance(each.fixed, date) for each in bounds) or _is_day(leaf.subject)
    low = "不早于" if days else "不低于"
    high = "不晚于" if days else "不高于"
    parts = []
    if test.low is not None:
        words = (
            (low if test.low_in else ("晚于" if days else "高于"))
            if positive
            else (("早于" if days else "低于") if test.low_in else high)
        )
        parts.append(words + _bound(test.low, unit))
    if test.high is not None:
        words = (
            (high if test.high_in else ("早于" if days else "低于"))
            if positive
            else (("晚于" if days else "高于") if test.high_in else low)
        )
        parts.append(words + _bound(test.high, unit))
    return label + ("且" if positive else "，或者").join(parts)


def _is_day(found: Expression) -> bool:
    if isinstance(found, (Move, DayEdge)):
        return True
    return isinstance(found, FactOf) and (
        found.name == TODAY
        or (found.definition is not None and found.definition.type is FactType.DAY)
    )


def _bound(bound: Expression, unit: str) -> str:
    if isinstance(bound, Const):
        return written(bound.fixed, unit)
    return name_of(bound)


def written(value: Any, unit: str = "") -> str:
    """A value of the condition as it is written: 300万元, 5.5%, 2024年7月1日."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, (int, Fraction)):
        if unit == "倍":
            return f"{shown(value * 100)}%"
        return f"{shown(value)}{unit}"
    return str(value)


def unit_of(found: Expression) -> str:
    """The unit the values of an expression are in."""
    if isinstance(found, FactOf):
        return (found.definition.unit if found.definition else None) or ""
    if isinstance(found, AgeOf):
        return "周岁"
    if isinstance(found, Since):
        return _UNITS[found.unit]
    if isinstance(found, MembersOf):
        if found.take is Take.COUNT or found.each is None:
            return "人"
        return unit_of(found.each)
    if isinstance(found, Calc):
        if found.operation is Operation.RATIO:
            units = [unit_of(each) for each in found.of]
            return "倍" if units[0] == units[1] else units[0] or "倍"
        return unit_of(found.of[0])
    return unit_of(found.of) if isinstance(found, RoundTo) else ""


def name_of(found: Expression) -> str:
    """What an expression is called."""
    if isinstance(found, FactOf):
        return found.name
    if isinstance(found, Const):
        return written(found.fixed)
    if isinstance(found, AgeOf):
        return "年龄" if _is_today(found.on) else f"{name_of(found.on)}的年龄"
    if isinstance(found, Since):
        until = "今" if _is_today(found.until) else name_of(found.until)
        begun = "（不足一个的按一个计）" if found.begun else ""
        return f"{name_of(found.since)}至{until}的{found.unit}数{begun}"
    if isinstance(found, Move):
        return f"{name_of(found.start)}{'前' if found.backward else '后'}{found.by}"
    if isinstance(found, DayEdge):
        return _edge_name(found)
    if isinstance(found, PartOf):
        return f"{name_of(found.of)}的{found.which}"
    if isinstance(found, Calc):
        return _calculated(found)
    if isinstance(found, MembersOf):
        which = f"中“{say(found.where)}”的" if found.where is not None else "的"
        each = name_of(found.each) if found.each is not None else ""
        return f"{found.name.name}{which}{each}{found.take if each else '人数'}"
    if isinstance(found, Figure):
        return found.name
    return name_of(found.of) if isinstance(found, RoundTo) else "分档标准"


def _is_today(found: Expression) -> bool:
    return isinstance(found, FactOf) and found.name == TODAY


def _edge_name(found: DayEdge) -> str:
    whole = {
        "年": ("上年", "本年", "下年"),
        "季": ("上季", "本季", "下季"),
        "月": ("上月", "本月", "下月"),
    }
    if _is_today(found.of) and -1 <= found.offset <= 1:
        return whole[found.which.value[0]][found.offset + 1] + found.which.value[1]
    return f"{name_of(found.of)}所在{found.which}"


def _calculated(found: Calc) -> str:
    names = [name_of(each) for each in found.of]
    if found.operation in _JOINED:
        said = _JOINED[found.operation].join(names)
        end = {Operation.SUM: "之和", Operation.RATIO: "之比"}.get(found.operation, "")
        return said + end
    return f"{'、'.join(names)}中{found.operation}的"


# -- how far off --------------------------------------------------------------------------------


def distance(leaf: Leaf, case: Case, *, positive: bool = True) -> str | None:
    """How far a failing test is from holding: 还差3个月, 超出1人, and from which day it holds.

    ``None`` where there is nothing to measure.
    """
    if not isinstance(leaf.test, Within):
        return None
    value = leaf.subject.value(case)
    if value is None or isinstance(value, OneOf):
        return None
    low, high = (_known(bound, case) for bound in (leaf.test.low, leaf.test.high))
    if positive:
        if low is not None and not (value >= low if leaf.test.low_in else value > low):
            return _short(leaf, case, value, low, strict=not leaf.test.low_in)
        if high is not None:
            return _over(leaf, value, high, strict=not leaf.test.high_in)
    if high is not None and low is None:
        return _short(leaf, case, value, high, strict=leaf.test.high_in)
    if low is not None and high is None:
        return _over(leaf, value, low, strict=leaf.test.low_in)
    return None


def _known(bound: Expression | None, case: Case) -> Any:
    value = None if bound is None else bound.value(case)
    return None if isinstance(value, OneOf) else value


def _short(leaf: Leaf, case: Case, value: Any, bound: Any, *, strict: bool) -> str:
    if isinstance(value, date):
        if _is_today(leaf.subject):
            return f"自{written(bound + timedelta(days=1) if strict else bound)}起"
        return f"早了{(bound - value).days + strict}日"
    if value == bound:
        return f"正好{written(bound, unit_of(leaf.subject))}，须高于此数"
    gap = written(bound - value, unit_of(leaf.subject))
    day = turns(leaf.subject, case, bound, strict=strict)
    return f"还差{gap}，{written(day)}起满足" if day else f"还差{gap}"


def _over(leaf: Leaf, value: Any, bound: Any, *, strict: bool) -> str:
    if isinstance(value, date):
        if _is_today(leaf.subject):
            return f"已于{written(bound - timedelta(days=1) if strict else bound)}截止"
        return f"晚了{(value - bound).days + strict}日"
    if value == bound:
        return f"正好{written(bound, unit_of(leaf.subject))}，须低于此数"
    return f"超出{written(value - bound, unit_of(leaf.subject))}"


def turns(found: Expression, case: Case, bound: Any, *, strict: bool) -> date | None:
    """The day from which a count of elapsed time reaches a bound, all else being equal."""
    if isinstance(found, FactOf) and isinstance(found.derivation, AgeOf):
        found = found.derivation
    if isinstance(found, AgeOf) and _is_today(found.on):
        start, unit, begun = found.born.value(case), TimeUnit.YEAR, False
        later = 1 if found.next_day else 0
    elif isinstance(found, Since) and _is_today(found.until):
        start, unit, begun, later = found.since.value(case), found.unit, found.begun, 0
    else:
        return None
    count = floor(bound) + 1 if strict else ceil(bound)
    if not isinstance(start, date) or count < 1:
        return None
    day = _after(start, count - 1 if begun else count, unit)
    later += begun
    return day + timedelta(days=later) if day and day < date.max else day


def _after(start: date, count: int, unit: TimeUnit) -> date | None:
    if count == 0:
        return start
    units = {
        TimeUnit.YEAR: PeriodUnit.YEAR,
        TimeUnit.MONTH: PeriodUnit.MONTH,
        TimeUnit.DAY: PeriodUnit.DAY,
    }
    return calendar.shifted(start, Period(count, units[unit]))
