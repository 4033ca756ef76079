"""Conditions of a measure (申报条件): a small algebra over facts, with JSON as its written form.

A **condition** holds, does not hold, or is open where facts are unknown (Kleene's three values).
A **term** is a quantity, a day or a word made from facts. Wherever a term may stand, a number, a
number with its unit (``300万元``, ``5.5%``) or a day is a constant, and any other text is the name
of a fact; the day of judgment is the fact 判断日.

    {"all": [{"fact": "年龄", "at_least": "80周岁", "provision": "第三条"},
             {"fact": "户籍地", "under": ["990121"], "provision": "第三条"}]}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from policylib.errors import ParseError
from policylib.model.document import Value, Word
from policylib.model.rule import Text
from policylib.model.term import (
    TERM_KINDS,
    TODAY,
    Age,
    Bare,
    Calculation,
    CalendarDay,
    Choice,
    Constant,
    DayPart,
    Edge,
    Elapsed,
    FactValue,
    Members,
    Name,
    Operation,
    Outcome,
    ParameterValue,
    Part,
    Rounded,
    Rounding,
    Row,
    Shifted,
    Table,
    Take,
    Term,
    TimeUnit,
)
from policylib.text.locator import Locator

__all__ = [
    "TODAY",
    "Age",
    "All",
    "AnyOf",
    "Calculation",
    "CalendarDay",
    "Case",
    "Choice",
    "Condition",
    "Constant",
    "DayPart",
    "Edge",
    "Elapsed",
    "Fact",
    "FactValue",
    "Members",
    "NoneOf",
    "Operation",
    "Outcome",
    "ParameterValue",
    "Part",
    "Piecewise",
    "Rounded",
    "Rounding",
    "Row",
    "Shifted",
    "Some",
    "Table",
    "Take",
    "Term",
    "TimeUnit",
    "bounded",
]

_DEEPEST, _MOST_NODES = 40, 5_000


# -- conditions ---------------------------------------------------------------------------------


class _Grounded(Value):
    """What a condition rests on; inner conditions take it over unless they have their own."""

    provision: Annotated[Locator | None, Field(title="依据条款")] = None
    quote: Annotated[Text | None, Field(title="原文", description="逐字摘录")] = None
    text: Annotated[Text | None, Field(title="说明", description="用自己的话，给申报人看")] = None


_some = Field(min_length=1, max_length=1_000)


class Fact(_Grounded):
    """A test of a fact or a term (事实条件): every bound that is given must hold.

    ``at_least`` and ``at_most`` include the figure (含本数), ``above`` and ``below`` do not.
    ``under`` asks for a code or one below it, ``has`` for one of several words of a fact with many.
    """

    fact: Annotated[Name | None, Field(title="事实")] = None
    of: Annotated[Term | None, Field(title="量")] = None
    at_least: Annotated[Term | None, Field(title="不低于（含本数）")] = None
    above: Annotated[Term | None, Field(title="高于（不含本数）")] = None
    at_most: Annotated[Term | None, Field(title="不高于（含本数）")] = None
    below: Annotated[Term | None, Field(title="低于（不含本数）")] = None
    equals: Annotated[Bare | None, Field(title="等于")] = None
    among: Annotated[Annotated[tuple[Bare, ...], _some] | None, Field(title="属于其中之一")] = None
    same_as: Annotated[Name | None, Field(title="与另一事实相同")] = None
    under: Annotated[Annotated[tuple[Word, ...], _some] | None, Field(title="代码属于")] = None
    has: Annotated[Annotated[tuple[Word, ...], _some] | None, Field(title="含有其中之一")] = None

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        one = {k: [raw[k]] for k in ("among", "under", "has") if isinstance(raw.get(k), (str, int))}
        return {**raw, **one}

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.fact is None) is (self.of is None):
            raise ValueError("应写 fact（事实名称）或 of（量），只写一个")
        if all(getattr(self, name) is None for name in _TESTS):
            raise ValueError(f"应写判断方式，可用的有：{'、'.join(_TESTS)}")
        if self.at_least is not None and self.above is not None:
            raise ValueError("at_least 与 above 只写一个")
        if self.at_most is not None and self.below is not None:
            raise ValueError("at_most 与 below 只写一个")
        return self


_TESTS = ("at_least", "above", "at_most", "below", "equals", "among", "same_as", "under", "has")
_Parts = Annotated["tuple[Condition, ...]", Field(min_length=1, max_length=500)]


class All(_Grounded):
    """Every condition must hold (同时符合)."""

    all: Annotated[_Parts, Field(title="同时符合")]


class AnyOf(_Grounded):
    """One condition must hold (符合之一)."""

    any: Annotated[_Parts, Field(title="符合之一")]


class NoneOf(_Grounded):
    """No condition may hold (除外情形)."""

    none: Annotated[_Parts, Field(title="除外情形")]


class Some(_Grounded):
    """At least so many conditions must hold (符合其中若干项)."""

    some: Annotated[_Parts, Field(title="各项")]
    at_least: Annotated[int, Field(title="至少几项", ge=1)]

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.at_least > len(self.some):
            raise ValueError(f"只有 {len(self.some)} 项，不可能符合 {self.at_least} 项")
        return self


class Case(Value):
    """One piece of :class:`Piecewise`: the condition that counts when another one holds."""

    when: Annotated[Condition, Field(title="情形")]
    then: Annotated[Condition, Field(title="应符合")]


class Piecewise(_Grounded):
    """By cases (分情形): certificates of 2022 need 12 months, others 36.

    The first case that holds counts; where none does and there is no ``otherwise`` the condition
    does not hold.
    """

    cases: Annotated[tuple[Case, ...], Field(title="各情形", min_length=1, max_length=100)]
    otherwise: Annotated[Condition | None, Field(title="其他情形应符合")] = None


_CONDITION_KEYS: dict[str, type[Value]] = {
    "all": All,
    "any": AnyOf,
    "none": NoneOf,
    "some": Some,
    "cases": Piecewise,
    "fact": Fact,
    "of": Fact,
}


def _condition_kind(raw: Any) -> str | None:
    if isinstance(raw, Value):
        return next((key for key, model in _CONDITION_KEYS.items() if type(raw) is model), None)
    if isinstance(raw, Mapping):
        found = next((key for key in raw if key in _CONDITION_KEYS), None)
        return "fact" if found == "of" else found
    return None


def bounded(raw: Any) -> Any:
    """Pass on what may be read as a condition: nested at most 40 deep, at most 5,000 parts.

    Raises:
        ParseError: deeper or larger.

    """
    level, count = [raw], 0
    for _ in range(_DEEPEST + 1):
        level = [part for each in level for part in _inside(each)]
        count += len(level)
        if not level:
            return raw
        if count > _MOST_NODES:
            raise ParseError(f"条件过大（超过{_MOST_NODES}项），请拆成几个事项或派生事实")
    raise ParseError(f"条件嵌套过深（超过{_DEEPEST}层），请拆成几个事项或派生事实")


def _inside(raw: Any) -> list[Any]:
    if isinstance(raw, Mapping):
        return [each for each in raw.values() if isinstance(each, (Mapping, list, tuple))]
    if isinstance(raw, (list, tuple)):
        return list(raw)
    return []


Condition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NoneOf, Tag("none")]
    | Annotated[Some, Tag("some")]
    | Annotated[Piecewise, Tag("cases")]
    | Annotated[Fact, Tag("fact")],
    Discriminator(_condition_kind),
]

_MODELS: tuple[type[Value], ...] = (
    *TERM_KINDS.values(),
    *_CONDITION_KEYS.values(),
    Outcome,
    Row,
    Case,
)
for _model in _MODELS:
    _model.model_rebuild(_types_namespace={"Condition": Condition, "Term": Term})
