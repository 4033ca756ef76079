"""From the model to formulas (条件编译): what is wrong with a condition is found here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policylib.errors import ParseError
from policylib.matching.expressions import Const, Expression, FactOf, Move, PartOf, Since
from policylib.matching.formula import (
    NEVER,
    Among,
    And,
    AtLeast,
    Formula,
    Grounds,
    Has,
    If,
    Leaf,
    Not,
    Or,
    Same,
    Test,
    Within,
)
from policylib.matching.terms import Scope, TermPreparer, Typed, known_word, said_of
from policylib.model import condition as model
from policylib.model.condition import TODAY, Condition, Part, Term, TimeUnit
from policylib.model.facts import FactType
from policylib.model.measure import Amount, Measure
from policylib.model.quantity import UNITS, Number
from policylib.text.dates import PeriodUnit

__all__ = ["TEXT_IN_FORCE", "Preparer", "Price"]

#: How the reason begins that the text of a document must be in force on the day.
TEXT_IN_FORCE = "文件现行有效"


@dataclass(frozen=True, slots=True)
class Price:
    """An amount rule made ready (可计算的金额规则)."""

    rule: Amount
    pay: Expression
    at_most: Expression | None = None
    at_least: Expression | None = None
    step: Number | None = None


_SPAN = {
    PeriodUnit.YEAR: TimeUnit.YEAR,
    PeriodUnit.MONTH: TimeUnit.MONTH,
    PeriodUnit.DAY: TimeUnit.DAY,
}


class Preparer(TermPreparer):
    """Makes formulas with one vocabulary (编译器).

    Raises:
        ParseError: a derived fact of the vocabulary is wrong or rests on itself.

    """

    # -- measures -------------------------------------------------------------------------------

    def measure(
        self, measure: Measure, valid_from: date | None = None, valid_to: date | None = None
    ) -> Formula:
        """The condition of a measure, with its window and the days it is in force.

        Raises:
            ParseError: what is wrong, after the title of the measure.

        """
        with said_of(f"事项“{measure.title}”"):
            times = list(_times(measure, valid_from, valid_to))
            grounds = Grounds(measure.provision, measure.quote)
            found = self.condition(measure.condition, (measure.subject,), grounds)
            return And((*times, found)) if times else found

    def price(self, measure: Measure) -> Price | None:
        """The amount rule of a measure, if it has one.

        Raises:
            ParseError: what is wrong, after the title of the measure.

        """
        rule = measure.amount
        if rule is None:
            return None
        scope = (measure.subject,)
        unit = rule.unit if rule.unit in UNITS else None
        with said_of(f"事项“{measure.title}”的金额规则"):

            def number(term: Term | None) -> Expression | None:
                return None if term is None else self.number(term, scope, unit)

            step = number(rule.step)
            if step is not None and not (isinstance(step, Const) and step.fixed > 0):
                raise ParseError("取整单位应为大于零的数字")
            pay = self.number(rule.pay, scope, unit)
            fixed = step.fixed if isinstance(step, Const) else None
            return Price(rule, pay, number(rule.at_most), number(rule.at_least), fixed)

    # -- conditions -----------------------------------------------------------------------------

    def condition(self, found: Condition, scope: Scope, above: Grounds) -> Formula:
        """A condition as a formula.

        Raises:
            ParseError: unknown facts, values or units that do not fit.

        """
        if isinstance(found, model.Fact):
            return self._fact_test(found, scope, _grounds(found, above))
        grounds = _grounds(found, above)
        inner = Grounds(grounds.provision, grounds.quote) if grounds.text else grounds
        if isinstance(found, model.Piecewise):
            return self._piecewise(found, scope, grounds)
        if isinstance(found, model.All):
            return And(self._all(found.all, scope, inner), grounds)
        if isinstance(found, model.AnyOf):
            return Or(self._all(found.any, scope, inner), grounds)
        if isinstance(found, model.Some):
            return AtLeast(found.at_least, self._all(found.some, scope, inner), grounds)
        parts = tuple(Not(each) for each in self._all(found.none, scope, inner))
        return Not(parts[0].of, grounds) if len(parts) == 1 else And(parts, grounds)

    def _all(self, parts: Sequence[Condition], scope: Scope, above: Grounds) -> tuple[Formula, ...]:
        return tuple(self.condition(each, scope, above) for each in parts)

    def _piecewise(self, found: model.Piecewise, scope: Scope, grounds: Grounds) -> Formula:
        inner = Grounds(grounds.provision, grounds.quote)
        rest: Formula = NEVER
        if found.otherwise is not None:
            rest = self.condition(found.otherwise, scope, inner)
        for at, each in reversed(list(enumerate(found.cases))):
            when = self.condition(each.when, scope, inner)
            then = self.condition(each.then, scope, inner)
            rest = If(when, then, rest, grounds if at == 0 else inner)
        return rest

    def _fact_test(self, found: model.Fact, scope: Scope, grounds: Grounds) -> Formula:
        subject: Expression
        if found.fact is not None:
            subject, typed = self.fact(found.fact, scope)
        else:
            assert found.of is not None  # noqa: S101 - one of both, says the model
            subject, typed = self.term(found.of, scope)
        try:
            tests = self._tests(found, typed, scope)
        except ParseError as error:
            raise ParseError(f"条件“{found.fact or '量'}”：{error}") from None
        if len(tests) == 1:
            return _leaf(subject, tests[0], grounds)
        return And(tuple(_leaf(subject, test, grounds) for test in tests), grounds)

    def _tests(self, found: model.Fact, typed: Typed, scope: Scope) -> list[Test]:
        tests: list[Test] = []
        low = found.at_least if found.at_least is not None else found.above
        high = found.at_most if found.at_most is not None else found.below
        if low is not None or high is not None:
            if typed.type not in (FactType.NUMBER, FactType.DAY):
                raise ParseError(f"“{typed.type}”不能比较大小，请改用 equals 或 among")
            low_in = found.at_least is not None or low is None
            high_in = found.at_most is not None or high is None
            low_bound = None if low is None else self.expected(low, typed, scope)
            high_bound = None if high is None else self.expected(high, typed, scope)
            tests.append(Within(low_bound, low_in, high_bound, high_in))
        if found.equals is not None:
            tests.append(self._among((found.equals,), typed))
        if found.among is not None:
            tests.append(self._among(found.among, typed))
        if found.same_as is not None:
            tests.append(self._same(found.same_as, typed, scope))
        if found.under is not None:
            tests.append(self.under(found.under, typed))
        if found.has is not None:
            if typed.type is not FactType.WORDS:
                raise ParseError("has 只用于多选的事实，其他请用 among")
            tests.append(Has(frozenset([known_word(each, typed) for each in found.has])))
        return tests

    def _same(self, name: str, typed: Typed, scope: Scope) -> Test:
        other, of = self.fact(name, scope)
        if of.type is not typed.type or typed.type in (FactType.WORDS, FactType.MEMBERS):
            raise ParseError(f"“{name}”是{of.type}，不能与{typed.type}比较是否相同")
        trees = {each.definition.tree for each in (typed, of) if each.definition}
        if len(trees) > 1 or typed.unit != of.unit:
            raise ParseError(f"“{name}”的单位或代码体系不同，不能比较是否相同")
        return Same(other)

    def _among(self, constants: Sequence[model.Constant], typed: Typed) -> Test:
        if typed.type in (FactType.WORDS, FactType.MEMBERS):
            raise ParseError("多选的事实请用 has，成员请用 members 汇总")
        return Among(frozenset([self.constant(each, typed) for each in constants]))


def _grounds(found: Any, above: Grounds) -> Grounds:
    """The grounds of a condition: its own, else those around it."""
    if found.provision is None and found.quote is None and found.text is None and not above.text:
        return above
    if found.provision is None:
        quote = found.quote or above.quote
        return Grounds(above.provision, quote, found.text)
    return Grounds(found.provision, found.quote, found.text)


def _leaf(subject: Expression, test: Test, grounds: Grounds) -> Formula:
    """A test; one of the day against a moved day counts elapsed time, which an index can use."""
    if (
        isinstance(test, Within)
        and isinstance(subject, FactOf)
        and subject.name == TODAY
        and len(test.bounds) == 1
        and isinstance(test.bounds[0], Move)
        and not test.bounds[0].backward
    ):
        move = test.bounds[0]
        unit, count = _SPAN[move.by.unit], Const(move.by.count)
        if test.low is not None:  # on ≥ X + n ⇔ n full; on > X + n ⇔ n + 1 begun
            full = Since(unit, move.start, subject, begun=not test.low_in)
            return Leaf(full, Within(low=count, low_in=test.low_in), grounds)
        begun = Since(unit, move.start, subject, begun=test.high_in)
        return Leaf(begun, Within(high=count, high_in=test.high_in), grounds)
    return Leaf(subject, test, grounds)


def _times(measure: Measure, valid_from: date | None, valid_to: date | None) -> Iterator[Formula]:
    """The days a text and its measure are in force and it may be asked for, as tests of the day."""
    today = FactOf(TODAY)
    if valid_from or valid_to:
        said = _in_force(TEXT_IN_FORCE, valid_from, valid_to)
        yield Leaf(today, _span(valid_from, valid_to), Grounds(None, None, said))
    if measure.valid_from or measure.valid_to:
        said = _in_force("在执行期内", measure.valid_from, measure.valid_to)
        grounds = Grounds(measure.provision, None, said)
        yield Leaf(today, _span(measure.valid_from, measure.valid_to), grounds)
    window = measure.window
    if window is None:
        return
    grounds = Grounds(window.provision or measure.provision, None, f"在申报期内（{window}）")
    if window.opens_on or window.closes_on:
        yield Leaf(today, _span(window.opens_on, window.closes_on), grounds)
    if window.yearly_from and window.yearly_to:
        first, last = (
            int(text.replace("-", "")) for text in (window.yearly_from, window.yearly_to)
        )
        day = PartOf(Part.MONTH_DAY, today)
        if first <= last:
            yield Leaf(day, Within(Const(first), high=Const(last)), grounds)
        else:
            yield Or(
                (Leaf(day, Within(Const(first))), Leaf(day, Within(high=Const(last)))), grounds
            )


def _span(first: date | None, last: date | None) -> Within:
    return Within(Const(first) if first else None, high=Const(last) if last else None)


def _in_force(what: str, first: date | None, last: date | None) -> str:
    said = [f"{first.year}年{first.month}月{first.day}日起" if first else ""]
    said.append(f"至{last.year}年{last.month}月{last.day}日止" if last else "")
    return f"{what}（{''.join(said)}）"
