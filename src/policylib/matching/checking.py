"""Whether a measure is written rightly (事项检查): shape, facts, provisions, empty or idle conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

from policylib.errors import NotFound, ParseError
from policylib.matching.expressions import Case, Const, Expression, FactOf, Figure
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
    Under,
    Within,
    bounds_of,
    inside,
)
from policylib.matching.normal import Overflow, ways
from policylib.matching.preparing import Preparer, Price
from policylib.matching.wording import say, written
from policylib.model.facts import Parameter
from policylib.model.finding import FaultKind, MeasureFault
from policylib.model.measure import Measure
from policylib.model.profile import Subject
from policylib.text.locator import Locator

__all__ = ["Provisions", "faults"]

_MOST_WAYS = 64
_MARKS = re.compile(r"[\s*_#>`|]+")


class Provisions(Protocol):
    """The provisions of a body, as :class:`~policylib.text.outline.Outline` has them."""

    @property
    def body(self) -> str: ...  # noqa: D102

    def __getitem__(self, where: Locator, /) -> Any: ...


# -- checking -----------------------------------------------------------------------------------


def faults(
    measure: Measure, preparer: Preparer, *, on: date, provisions: Provisions | None = None
) -> tuple[MeasureFault, ...]:
    """What is wrong with a measure.

    Errors: facts or values the vocabulary does not have, a provision that the body (when given)
    does not have, a quote that is not in it, a condition that can never hold. Warnings: a test
    without a provision, a part of a condition that always holds, such as 年龄<60 or 年龄≥60, a
    dated figure that has run out.
    """
    try:
        formula = preparer.measure(measure)
        price = preparer.price(measure)
    except ParseError as error:
        return (MeasureFault(measure.id, str(error)),)
    found = [
        *((message, FaultKind.NO_PROVISION) for message in _ungrounded(formula)),
        *_misquoted(measure, formula, provisions),
        *((message, _IDLE[is_error]) for message, is_error in _idle(formula, on, top=True)),
        *((message, FaultKind.STALE) for message in _stale([formula, *_priced(price)], on)),
    ]
    return tuple(
        MeasureFault(measure.id, message, kind not in _MILD, kind)
        for message, kind in dict.fromkeys(found)
    )


_IDLE = {True: FaultKind.NEVER, False: FaultKind.ALWAYS}
_MILD = {FaultKind.NO_PROVISION, FaultKind.ALWAYS, FaultKind.STALE}


def _priced(price: Price | None) -> Iterator[Expression]:
    if price is not None:
        found = (price.pay, price.at_most, price.at_least)
        yield from (each for each in found if each is not None)


def _stale(parts: Iterable[Formula | Expression], on: date) -> Iterator[str]:
    """The dated figures that nowhere have a value for the day."""
    for part in parts:
        if isinstance(part, Figure):
            rows = [row for every in part.rows.values() for row in every]
            ends = [row.valid_to for row in rows if row.valid_to]
            if rows and not any(row.holds_on(on) or _is_coming(row, on) for row in rows):
                yield (
                    f"参数“{part.name}”的数值最晚适用至{written(max(ends))}，"
                    f"没有{written(on)}的，请在词表中补充"
                )
        yield from _stale(inside(part), on)


def _is_coming(row: Parameter, on: date) -> bool:
    return row.valid_from is not None and row.valid_from > on


def _leaves(formula: Formula) -> Iterator[Leaf]:
    if isinstance(formula, Leaf):
        yield formula
    elif isinstance(formula, Not):
        yield from _leaves(formula.of)
    elif isinstance(formula, If):
        for part in (formula.when, formula.then, formula.otherwise):
            yield from _leaves(part)
    elif isinstance(formula, (And, Or, AtLeast)):
        for part in formula.of:
            yield from _leaves(part)


def _ungrounded(formula: Formula) -> Iterator[str]:
    for leaf in _leaves(formula):
        if leaf.grounds.provision is None:
            yield f"条件“{say(leaf)}”没有依据条款，请写 provision（可以写在事项上，各条件共用）"


def _misquoted(
    measure: Measure, formula: Formula, provisions: Provisions | None
) -> Iterator[tuple[str, FaultKind]]:
    if provisions is None:
        return
    grounds = [(leaf.grounds.provision, leaf.grounds.quote) for leaf in _leaves(formula)]
    grounds.append((measure.provision, measure.quote))
    if measure.amount:
        grounds.append((measure.amount.provision, measure.amount.quote))
    for provision, quote in grounds:
        if provision is None:
            continue
        try:
            text = provisions[provision].text(provisions.body)
        except (NotFound, ParseError):
            yield f"正文中没有“{provision}”，请核对依据条款", FaultKind.LOST_PROVISION
            continue
        if quote and _MARKS.sub("", quote) not in _MARKS.sub("", text):
            message = f"“{provision}”中没有所引的原文“{quote[:40]}”，请逐字摘录"
            yield message, FaultKind.MISQUOTED


# -- conditions that never or always hold -------------------------------------------------------


def _idle(formula: Formula, on: date, *, top: bool = False) -> Iterator[tuple[str, bool]]:
    """The innermost parts that never hold (an error for the whole) or always hold."""
    inner = [each for part in _parts(formula) for each in _idle(part, on)]
    if inner:
        if top and not _possible(formula, on):
            yield f"条件不可能成立：{say(formula)}，请核对", True
        yield from inner
        return
    if not _possible(formula, on):
        yield f"条件不可能成立：{say(formula)}，请核对", True
    elif not _possible(Not(formula), on):
        yield f"条件恒成立，等于没有写：{say(formula)}，请核对", False


def _parts(formula: Formula) -> Iterable[Formula]:
    if isinstance(formula, Not):
        return (formula.of,)
    if isinstance(formula, (And, Or, AtLeast)):
        return formula.of
    return (formula.when, formula.then) if isinstance(formula, If) else ()


def _possible(formula: Formula, on: date) -> bool:
    """Whether some values of the facts make it hold; yes where there is too much to tell."""

    def atom(leaf: Leaf, positive: bool) -> frozenset[tuple[Leaf, bool]]:
        return frozenset(((leaf, positive),))

    try:
        found = ways(formula, atom, most=_MOST_WAYS, strict=True)
    except Overflow:
        return True
    return any(_feasible(way, on) for way in found)


def _feasible(way: frozenset[tuple[Leaf, bool]], on: date) -> bool:
    tests: dict[Expression, list[tuple[Leaf, bool]]] = {}
    for leaf, positive in way:
        tests.setdefault(leaf.subject, []).append((leaf, positive))
    return all(_some_value(subject, group, on) for subject, group in tests.items())


def _some_value(subject: Expression, group: list[tuple[Leaf, bool]], on: date) -> bool:
    """Whether one value passes every test of an expression."""
    fixed = [(leaf, positive) for leaf, positive in group if _is_fixed(leaf)]
    if any((leaf, not positive) in group for leaf, positive in group):
        return False
    if any(isinstance(leaf.test, Has) for leaf, _ in fixed) or not fixed:
        return True
    case = Case(Subject.PERSON, {}, on)
    return any(
        all((leaf.test.holds(value, case) is True) is positive for leaf, positive in fixed)
        for value in _candidates(subject, [leaf for leaf, _ in fixed])
    )


def _is_fixed(leaf: Leaf) -> bool:
    return all(isinstance(each, Const) for each in bounds_of(leaf.test))


def _candidates(subject: Expression, leaves: list[Leaf]) -> list[Any]:
    """Values of every kind that the tests can tell apart."""
    points: set[Any] = set()
    words: set[Any] = set()
    for leaf in leaves:
        if isinstance(leaf.test, Within):
            points |= {each.fixed for each in leaf.test.bounds if isinstance(each, Const)}
        elif isinstance(leaf.test, Under):
            words |= leaf.test.codes
        elif isinstance(leaf.test, Among):
            words |= leaf.test.values
    if any(isinstance(each, bool) for each in words):
        return [True, False]
    definition = subject.definition if isinstance(subject, FactOf) else None
    if definition is not None and definition.values and not definition.open:
        return list(definition.values)
    numbers = sorted(points | {each for each in words if not isinstance(each, str)})
    if not numbers:
        codes = any(isinstance(leaf.test, Under) for leaf in leaves)
        return [*words, "00" if codes else "\0"]
    return [*numbers, *_between(numbers)]


def _between(numbers: list[Any]) -> Iterator[Any]:
    """A value before the first, after the last and between each two."""
    if isinstance(numbers[0], date):
        ordinals = [each.toordinal() for each in numbers]
        for at in {ordinals[0] - 1, ordinals[-1] + 1, *(each + 1 for each in ordinals[:-1])}:
            if 1 <= at <= date.max.toordinal():
                yield date.fromordinal(at)
        return
    yield numbers[0] - 1
    yield numbers[-1] + 1
    for one, other in pairwise(numbers):
        yield Fraction(one + other) / 2
