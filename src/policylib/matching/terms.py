"""Terms made ready (量的编译): names resolved, types and units checked, tables opened."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from policylib.errors import NotFound, ParseError
from policylib.matching.codes import CodeTree
from policylib.matching.expressions import (
    AgeOf,
    Calc,
    Const,
    DayEdge,
    Expression,
    FactOf,
    Figure,
    MembersOf,
    Move,
    PartOf,
    Pick,
    RoundTo,
    Since,
)
from policylib.matching.formula import Among, And, Formula, Grounds, Has, Leaf, Test, Under
from policylib.model import condition as model
from policylib.model.condition import TODAY, Condition, Operation, Take, Term, TimeUnit
from policylib.model.facts import Birthday, Definition, FactType, Tree, Vocabulary
from policylib.model.profile import Subject
from policylib.model.quantity import UNITS, convert, exact
from policylib.text.dates import PeriodUnit

__all__ = ["Scope", "TermPreparer", "Typed", "known_word", "said_of"]

Scope = tuple[Subject, ...]  # the innermost subject first


@dataclass(frozen=True, slots=True)
class Typed:
    """What the value of an expression is: its type, its unit, the fact it is of."""

    type: FactType
    unit: str | None = None
    definition: Definition | None = None


_NUMBER, _DAY, _WORD = Typed(FactType.NUMBER), Typed(FactType.DAY), Typed(FactType.WORD)
_YES = {"是": True, "true": True, "否": False, "false": False}
_TIME = {TimeUnit.YEAR: "年", TimeUnit.MONTH: "个月", TimeUnit.DAY: "日"}


class TermPreparer(ABC):
    """Makes expressions with one vocabulary; conditions inside terms are made by a subclass."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.trees = {
            tree: CodeTree(tree, [code for code in vocabulary.codes if code.tree is tree])
            for tree in Tree
        }
        self._facts: dict[tuple[str, Scope], tuple[FactOf, Typed]] = {}
        self._derived: dict[tuple[str, Subject], Expression | Formula] = {}
        self._making: list[str] = []
        self._figures = {
            name: {
                key[1] and self.trees[Tree.REGION].normal(key[1]): rows
                for key, rows in vocabulary.figures.items()
                if key[0] == name
            }
            for name in {each.name for each in vocabulary.parameters}
        }
        for each in vocabulary.facts:
            for subject in each.subjects:
                self._derive(each, subject)

    @abstractmethod
    def condition(self, found: Condition, scope: Scope, above: Grounds) -> Formula:
        """A condition as a formula."""

    def under(self, codes: Sequence[str], typed: Typed) -> Under:
        """A test of codes."""
        if typed.type is not FactType.CODE or typed.definition is None:
            raise ParseError("under 只用于代码类的事实，如户籍地、行业")
        assert typed.definition.tree is not None  # noqa: S101 - says the model
        tree = self.trees[typed.definition.tree]
        return Under(frozenset(tree.normal(each) for each in codes), tree)

    # -- terms ----------------------------------------------------------------------------------

    def number(self, term: Term, scope: Scope, unit: str | None = None) -> Expression:
        """A term that must be a number, in ``unit``."""
        return self.expected(term, Typed(FactType.NUMBER, unit), scope)

    def expected(self, term: Term, typed: Typed, scope: Scope) -> Expression:
        """A term of a given type, converted to its unit."""
        if isinstance(term, model.Constant):
            return Const(self.constant(term, typed))
        found, actual = self.term(term, scope, typed)
        if actual.type is not typed.type:
            raise ParseError(f"应为{typed.type}，实际是{actual.type}，请核对")
        if actual.unit and typed.unit and actual.unit != typed.unit:
            factor = convert(1, actual.unit, typed.unit)
            return Calc(Operation.PRODUCT, (found, Const(factor)))
        return found

    def constant(self, found: model.Constant, typed: Typed) -> Any:
        """A constant as a value of a type.

        Raises:
            ParseError: another type, a unit that does not fit, a word that is not in the list.

        """
        value = found.value
        if typed.type is FactType.NUMBER:
            if not found.is_number:
                raise ParseError("应与数字比较，如 12 或 300万元")
            number = convert(exact(value), found.unit, typed.unit)
            if typed.unit in ("年", "周岁") and number != int(number):
                raise ParseError(f"不足一年的期间不能按“{typed.unit}”比较，请改用月计算")
            return number
        if typed.type is FactType.DAY:
            if not isinstance(value, date):
                raise ParseError("应与日期比较，如 2024-07-01")
            return value
        if typed.type is FactType.YES_NO:
            known = _YES.get(value.lower()) if isinstance(value, str) else value
            if not isinstance(known, bool):
                raise ParseError("应与是或否比较，写 true 或 false")
            return known
        text = str(value)
        if typed.type is FactType.CODE and typed.definition and typed.definition.tree:
            return self.trees[typed.definition.tree].normal(text)
        return known_word(text, typed)

    def term(
        self, found: Term, scope: Scope, expected: Typed | None = None
    ) -> tuple[Expression, Typed]:
        """A term as an expression, with what its value is.

        Raises:
            ParseError: unknown facts or parameters, types or units that do not fit.

        """
        if isinstance(found, model.Constant):
            return self._free_constant(found, expected)
        if isinstance(found, model.FactValue):
            return self.fact(found.fact, scope)
        if isinstance(found, (model.Choice, model.Table)):
            return self._choice(found, scope, expected)
        if isinstance(found, model.Members):
            return self._members(found, scope)
        if isinstance(found, model.ParameterValue):
            return self._figure(found, scope)
        if isinstance(found, (model.Calculation, model.Rounded)):
            return self._arithmetic(found, scope, expected)
        return self._time(found, scope)

    def _time(self, found: Term, scope: Scope) -> tuple[Expression, Typed]:
        def day(term: Term) -> Expression:
            return self.expected(term, _DAY, scope)

        if isinstance(found, model.Age):
            late = self.vocabulary.birthday is Birthday.NEXT_DAY
            return AgeOf(day(found.age), day(found.day), late), Typed(FactType.NUMBER, "周岁")
        if isinstance(found, model.Elapsed):
            since = Since(found.elapsed, day(found.since), day(found.until), found.begun)
            return since, Typed(FactType.NUMBER, _TIME[found.elapsed])
        if isinstance(found, model.Shifted):
            if found.by.unit is PeriodUnit.WORKING_DAY:
                raise ParseError("期间不能以工作日计，请写成日、月或年")
            return Move(day(found.shift), found.by, found.backward), _DAY
        if isinstance(found, model.Edge):
            return DayEdge(found.edge, day(found.of), found.offset), _DAY
        assert isinstance(found, model.DayPart)  # noqa: S101 - the last of the union
        return PartOf(found.part, day(found.of)), _NUMBER

    def _free_constant(
        self, found: model.Constant, expected: Typed | None
    ) -> tuple[Expression, Typed]:
        if expected is not None:
            return Const(self.constant(found, expected)), expected
        typed = _WORD
        if isinstance(found.value, bool):
            typed = Typed(FactType.YES_NO)
        elif found.is_number:
            typed = Typed(FactType.NUMBER, found.unit)
        elif isinstance(found.value, date):
            typed = _DAY
        return Const(self.constant(found, typed)), typed

    def _arithmetic(
        self, found: model.Calculation | model.Rounded, scope: Scope, expected: Typed | None
    ) -> tuple[Expression, Typed]:
        if isinstance(found, model.Rounded):
            inner, typed = self._numeric(found.round, scope, expected)
            step = self.constant(found.step, typed)
            if step <= 0:
                raise ParseError("取整单位应大于零")
            return RoundTo(inner, step, found.how), typed
        if found.calculate is Operation.PRODUCT:
            return self._product(found, scope)
        if found.calculate is Operation.RATIO:
            return self._ratio(found, scope)
        first, typed = self._numeric(found.of[0], scope, expected)
        rest = tuple(self.expected(each, typed, scope) for each in found.of[1:])
        return Calc(found.calculate, (first, *rest)), typed

    def _ratio(self, found: model.Calculation, scope: Scope) -> tuple[Expression, Typed]:
        """A share where both measure the same; else so much for each (元 per 人), or so much of it.

        A bare number divides: two thirds of a contribution is 积 of it and 2, 商 of that and 3.
        """
        first, typed = self._numeric(found.of[0], scope, None)
        second, other = self._numeric(found.of[1], scope, None)
        ratio = Calc(found.calculate, (first, second))
        divided = typed.unit is not None and other.unit is None
        if divided or (typed.unit and other.unit and UNITS[typed.unit][0] != UNITS[other.unit][0]):
            return ratio, Typed(FactType.NUMBER, typed.unit)
        if typed.unit and other.unit and typed.unit != other.unit:
            second = Calc(Operation.PRODUCT, (second, Const(convert(1, other.unit, typed.unit))))
            ratio = Calc(found.calculate, (first, second))
        return ratio, Typed(FactType.NUMBER, "倍")

    def _product(self, found: model.Calculation, scope: Scope) -> tuple[Expression, Typed]:
        """Shares and bare numbers are factors; one part may have a unit, which the product has."""
        parts: list[Expression] = []
        unit: str | None = None
        for each in found.of:
            part, typed = self._numeric(each, scope, None)
            if typed.unit and UNITS[typed.unit][0] == "比例":
                factor = convert(1, typed.unit, "倍")
                part = part if factor == 1 else Calc(Operation.PRODUCT, (part, Const(factor)))
            elif typed.unit and (unit is None or unit in _COUNTED):
                unit = typed.unit
            elif typed.unit and typed.unit not in _COUNTED:
                raise ParseError(f"“{unit}”与“{typed.unit}”不能相乘，请核对")
            parts.append(part)
        return Calc(Operation.PRODUCT, tuple(parts)), Typed(FactType.NUMBER, unit)

    def _numeric(
        self, term: Term, scope: Scope, expected: Typed | None
    ) -> tuple[Expression, Typed]:
        if isinstance(term, model.Constant):
            expected = None
        found, typed = self.term(term, scope, expected)
        if typed.type is not FactType.NUMBER:
            raise ParseError(f"{typed.type}不能参加计算，请核对")
        return found, typed

    def _choice(
        self, found: model.Choice | model.Table, scope: Scope, expected: Typed | None
    ) -> tuple[Expression, Typed]:
        if isinstance(found, model.Choice):
            none = Grounds()
            rows = [(self.condition(each.when, scope, none), each.then) for each in found.choose]
        else:
            columns = [self.term(each, scope) for each in found.table]
            rows = [(self._row(each, columns), each.value) for each in found.rows]
        if expected is None:
            expected = self.term(rows[0][1], scope)[1]
        pieces = tuple((when, self.expected(then, expected, scope)) for when, then in rows)
        rest = None
        if found.otherwise is not None:
            rest = self.expected(found.otherwise, expected, scope)
        return Pick(pieces, rest), expected

    def _row(self, row: model.Row, columns: Sequence[tuple[Expression, Typed]]) -> Formula:
        tests: list[Formula] = []
        for cell, (column, typed) in zip(row.cells, columns, strict=True):
            if cell is None:
                continue
            test: Test
            if typed.type is FactType.CODE:
                test = self.under([str(each.value) for each in cell], typed)
            elif typed.type is FactType.WORDS:
                test = Has(frozenset(known_word(str(each.value), typed) for each in cell))
            else:
                test = Among(frozenset(self.constant(each, typed) for each in cell))
            tests.append(Leaf(column, test))
        return tests[0] if len(tests) == 1 else And(tuple(tests))

    def _members(self, found: model.Members, scope: Scope) -> tuple[Expression, Typed]:
        fact, typed = self.fact(found.members, scope)
        if typed.definition is None or typed.definition.member is None:
            raise ParseError(f"“{found.members}”不是成员类的事实，不能汇总")
        member = typed.definition.member
        inside = (member, *scope[fact.hops :])
        where = None
        if found.where is not None:
            where = self.condition(found.where, inside, Grounds())
        each, unit = None, "个"
        if found.each is not None:
            each, of = self._numeric(found.each, inside, None)
            return MembersOf(fact, member, where, found.take, each), of
        if member is Subject.PERSON:
            unit = "人"
        return MembersOf(fact, member, where, Take.COUNT), Typed(FactType.NUMBER, unit)

    def _figure(self, found: model.ParameterValue, scope: Scope) -> tuple[Expression, Typed]:
        rows = self._figures.get(found.parameter)
        if rows is None:
            raise ParseError(f"词表中没有参数“{found.parameter}”，请先登记它的数值和适用期")
        region = None
        if found.region is not None:
            region, typed = self.term(found.region, scope)
            if typed.type is not FactType.CODE:
                raise ParseError("参数的地区应为代码类的事实，如户籍地")
        on = self.expected(found.day, _DAY, scope)
        listed = [row for each in rows.values() for row in each]
        values = {id(row): exact(row.value) for row in listed}
        figure = Figure(found.parameter, region, on, rows, values, self.trees[Tree.REGION])
        return figure, Typed(FactType.NUMBER, listed[0].unit)

    # -- facts ----------------------------------------------------------------------------------

    def fact(self, name: str, scope: Scope) -> tuple[FactOf, Typed]:
        """A fact seen from a scope: of the nearest subject that has it."""
        key = (name, scope)
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = self._resolve(name, scope)
        return found

    def _resolve(self, name: str, scope: Scope) -> tuple[FactOf, Typed]:
        if name == TODAY:
            return FactOf(TODAY), _DAY
        try:
            definition = self.vocabulary.fact(name)
        except NotFound as error:
            raise ParseError(f"{error}，请核对名称或先在词表中登记") from None
        whose = definition.subjects
        shared = Subject.HOUSEHOLD in whose
        hops = next((at for at, subject in enumerate(scope) if subject in whose), None)
        if hops is None and shared and Subject.PERSON in scope:
            hops = scope.index(Subject.PERSON)
        if hops is None:
            names = "、".join(subject.chinese for subject in whose)
            raise ParseError(f"“{definition.name}”是{names}的事实，{scope[0].chinese}没有，请核对")
        inherits = shared and scope[hops] is Subject.PERSON
        derivation = self._derive(definition, scope[hops]) if definition.is_derived else None
        typed = Typed(definition.type, definition.unit, definition)
        return FactOf(definition.name, hops, inherits, definition, derivation), typed

    def _derive(self, definition: Definition, subject: Subject) -> Expression | Formula | None:
        """How a derived fact is made, for one of its subjects."""
        key = (definition.name, subject)
        if key in self._derived or not definition.is_derived:
            return self._derived.get(key)
        if definition.name in self._making:
            chain = " → ".join([*self._making, definition.name])
            raise ParseError(f"派生事实循环定义：{chain}，请改其中一个")
        self._making.append(definition.name)
        try:
            with said_of(f"派生事实“{definition.name}”"):
                found: Expression | Formula
                if definition.holds_when is not None:
                    found = self.condition(definition.holds_when, (subject,), Grounds())
                else:
                    assert definition.computed is not None  # noqa: S101 - is_derived
                    typed = Typed(definition.type, definition.unit, definition)
                    found = self.expected(definition.computed, typed, (subject,))
        finally:
            self._making.pop()
        self._derived[key] = found
        return found


_COUNTED = {"人", "户", "个", "次", "套", "项", "件", "头", "台", "床", "辆", "个月", "年", "日",
            "平方米", "公顷", "亩", "吨", "公斤", "小时", "千瓦", "千瓦时", "公里"}  # fmt: skip


@contextmanager
def said_of(what: str) -> Iterator[None]:
    """Errors inside begin with what they are about."""
    try:
        yield
    except ParseError as error:
        raise ParseError(f"{what}：{error}") from None


def known_word(text: str, typed: Typed) -> str:
    """A word that a fact may have.

    Raises:
        ParseError: the fact has a closed list without it.

    """
    definition = typed.definition
    if definition and definition.values and not definition.open and text not in definition.values:
        known = "、".join(definition.values[:20])
        raise ParseError(f"没有可选值“{text[:20]}”，可用的有：{known}")
    return text
