"""What a condition speaks of (条件中的量): terms made ready, and the case they are valued in.

A value is ``None`` where it is unknown, and :class:`OneOf` where only some values are possible: a
firm of 200 people is 中型, 小型 or 微型 whatever its revenue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from policylib.matching import calendar
from policylib.matching.arithmetic import join, rounded, whole
from policylib.matching.codes import CodeTree
from policylib.model.condition import (
    TODAY,
    CalendarDay,
    Operation,
    Part,
    Rounding,
    Take,
    TimeUnit,
)
from policylib.model.facts import Definition, Parameter
from policylib.model.profile import Subject
from policylib.model.quantity import Number
from policylib.text.dates import Period

if TYPE_CHECKING:
    from policylib.matching.formula import Formula

__all__ = [
    "AgeOf",
    "Calc",
    "Case",
    "Const",
    "DayEdge",
    "Expression",
    "FactOf",
    "Figure",
    "MembersOf",
    "Move",
    "OneOf",
    "PartOf",
    "Pick",
    "RoundTo",
    "Since",
    "Truth",
]

Truth = bool | None
_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class OneOf:
    """Values of which one is the right one (可能的取值)."""

    values: Collection[Any]


class Case:
    """One subject on one day (判断情形): its facts, and for a member the subject it belongs to.

    ``facts`` are values of their types (:mod:`policylib.matching.reading`); derived ones are kept
    in ``memo`` once they are made. A case lives as long as one question.
    """

    __slots__ = ("facts", "memo", "on", "outer", "subject")

    def __init__(
        self,
        subject: Subject,
        facts: Mapping[str, Any],
        on: date,
        outer: Case | None = None,
    ) -> None:
        self.subject = subject
        self.facts = facts
        self.on = on
        self.outer = outer
        self.memo: dict[Any, Any] = {}

    def __repr__(self) -> str:
        return f"Case({self.subject.value}, {len(self.facts)}项事实)"


# -- expressions --------------------------------------------------------------------------------


class Expression(Protocol):
    """A term that can be valued in a case."""

    def value(self, case: Case) -> Any:
        """Its value; ``None`` when unknown, :class:`OneOf` when partly known."""

    def parts(self) -> Iterable[Expression]:
        """The expressions it is made of."""


@dataclass(frozen=True, slots=True)
class Const:
    """A fixed value (常量)."""

    fixed: Any

    def value(self, case: Case) -> Any:  # noqa: ARG002
        """The value itself."""
        return self.fixed

    def parts(self) -> Iterable[Expression]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class FactOf:
    """A fact of the case, ``hops`` members out; derived where facts allow, else as given."""

    name: str
    hops: int = 0
    inherits: bool = field(default=False, compare=False)
    definition: Definition | None = field(default=None, compare=False, repr=False)
    derivation: Expression | Formula | None = field(default=None, compare=False, repr=False)

    @property
    def is_plain(self) -> bool:
        """Whether it is the subject's own fact, as given."""
        return self.hops == 0 and self.derivation is None and self.name != TODAY

    def value(self, case: Case) -> Any:
        """The value; a member of a household falls back on the household's."""
        for _ in range(self.hops):
            if case.outer is None:
                return None
            case = case.outer
        found = case.memo.get(self.name, _MISSING)
        if found is _MISSING:
            found = case.memo[self.name] = self._find(case)
        return found

    def _find(self, case: Case) -> Any:
        if self.name == TODAY:
            return case.on
        given = case.facts.get(self.name)
        if self.derivation is not None:
            found = self.derivation.value(case)
            if found is not None and not isinstance(found, OneOf):
                return found
            given = found if given is None else given
        if given is None and self.inherits and case.outer is not None:
            outer = case.outer
            if outer.subject is Subject.HOUSEHOLD:
                return FactOf.value(FactOf(self.name, derivation=self.derivation), outer)
        return given

    def parts(self) -> Iterable[Expression]:
        """None: a derived fact is a whole."""
        return ()


@dataclass(frozen=True, slots=True)
class AgeOf:
    """Full years of age (周岁)."""

    born: Expression
    on: Expression
    next_day: bool = False

    def value(self, case: Case) -> Any:
        """Years; unknown without both days."""
        born, on = self.born.value(case), self.on.value(case)
        if not isinstance(born, date) or not isinstance(on, date):
            return None
        return self.count(born, on)

    def count(self, born: date, on: date) -> int:
        """Years from one day to another."""
        return calendar.age(born, on, next_day=self.next_day)

    def parts(self) -> Iterable[Expression]:
        """Birth date and day."""
        return (self.born, self.on)


@dataclass(frozen=True, slots=True)
class Since:
    """Units of time from one day to another."""

    unit: TimeUnit
    since: Expression
    until: Expression
    begun: bool = False

    def value(self, case: Case) -> Any:
        """Units; unknown without both days."""
        since, until = self.since.value(case), self.until.value(case)
        if not isinstance(since, date) or not isinstance(until, date):
            return None
        return self.count(since, until)

    def count(self, since: date, until: date) -> int:
        """Units from one day to another."""
        return calendar.elapsed(since, until, self.unit, begun=self.begun)

    def parts(self) -> Iterable[Expression]:
        """Both days."""
        return (self.since, self.until)


@dataclass(frozen=True, slots=True)
class Move:
    """A day moved by a period."""

    start: Expression
    by: Period
    backward: bool = False

    def value(self, case: Case) -> Any:
        """The day."""
        start = self.start.value(case)
        if not isinstance(start, date):
            return None
        return calendar.shifted(start, self.by, backward=self.backward)

    def parts(self) -> Iterable[Expression]:
        """The day it starts from."""
        return (self.start,)


@dataclass(frozen=True, slots=True)
class DayEdge:
    """The first or last day of a year, quarter or month."""

    which: CalendarDay
    of: Expression
    offset: int = 0

    def value(self, case: Case) -> Any:
        """The day."""
        day = self.of.value(case)
        return calendar.edge(day, self.which, self.offset) if isinstance(day, date) else None

    def parts(self) -> Iterable[Expression]:
        """The day within."""
        return (self.of,)


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part of a day as a number."""

    which: Part
    of: Expression

    def value(self, case: Case) -> Any:
        """The number."""
        day = self.of.value(case)
        return calendar.part(day, self.which) if isinstance(day, date) else None

    def parts(self) -> Iterable[Expression]:
        """The day."""
        return (self.of,)


@dataclass(frozen=True, slots=True)
class Calc:
    """Numbers joined by an operation."""

    operation: Operation
    of: tuple[Expression, ...]

    def value(self, case: Case) -> Any:
        """The exact number; unknown as soon as one is, or for a division by zero."""
        numbers = [each.value(case) for each in self.of]
        if any(each is None or isinstance(each, OneOf) for each in numbers):
            return None
        return join(self.operation, numbers)

    def parts(self) -> Iterable[Expression]:
        """The numbers."""
        return self.of


@dataclass(frozen=True, slots=True)
class RoundTo:
    """A number rounded to whole steps."""

    of: Expression
    step: Number
    how: Rounding = Rounding.HALF_UP

    def value(self, case: Case) -> Any:
        """The rounded number."""
        number = self.of.value(case)
        if number is None or isinstance(number, OneOf):
            return None
        return rounded(number, self.step, self.how)

    def parts(self) -> Iterable[Expression]:
        """The number."""
        return (self.of,)


@dataclass(frozen=True, slots=True)
class MembersOf:
    """How many members there are, or a figure of theirs."""

    name: FactOf
    member: Subject
    where: Formula | None
    take: Take
    each: Expression | None = None

    def value(self, case: Case) -> Any:
        """The figure. A count is partly known where it is open whether some members fit."""
        members = self.members(case)
        if members is None:
            return None
        truths = [True if self.where is None else self.where.truth(one) for one in members]
        sure, open_ = truths.count(True), truths.count(None)
        if self.take is Take.COUNT:
            return OneOf(range(sure, sure + open_ + 1)) if open_ else sure
        if open_ or self.each is None:
            return None
        numbers = [self.each.value(one) for one, fits in zip(members, truths, strict=True) if fits]
        if any(number is None or isinstance(number, OneOf) for number in numbers):
            return None
        if self.take is Take.TOTAL:
            return whole(sum(numbers))
        if not numbers:
            return None
        return min(numbers) if self.take is Take.LEAST else max(numbers)

    def members(self, case: Case) -> tuple[Case, ...] | None:
        """The members as cases, each with this case around it."""
        given = self.name.value(case)
        if given is None:
            return None
        for _ in range(self.name.hops):
            case = case.outer or case
        key = ("members", self.name.name)
        found: tuple[Case, ...] | None = case.memo.get(key)
        if found is None:
            found = tuple(Case(self.member, each, case.on, case) for each in given)
            case.memo[key] = found
        return found

    def parts(self) -> Iterable[Expression]:
        """The fact that holds the members."""
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Figure:
    """A dated parameter of a region on a day."""

    name: str
    region: Expression | None
    on: Expression
    rows: Mapping[str | None, tuple[Parameter, ...]] = field(compare=False, repr=False)
    values: Mapping[int, Number] = field(compare=False, repr=False)
    tree: CodeTree = field(compare=False, repr=False)

    def value(self, case: Case) -> Any:
        """The figure that holds on the day: never one that has expired."""
        row = self.row(case)
        return None if row is None else self.values[id(row)]

    def row(self, case: Case) -> Parameter | None:
        """The parameter that holds."""
        return next((row for row in self.candidates(case) if row.holds_on(self._day(case))), None)

    def candidates(self, case: Case) -> tuple[Parameter, ...]:
        """The figures of the nearest region that has any, whatever their time."""
        day = self._day(case)
        if day is None:
            return ()
        if self.region is None:
            return self.rows.get(None, ())
        code = self.region.value(case)
        if not isinstance(code, str):
            return ()
        paths = self.tree.paths(code, day)
        if len(paths) != 1:
            return ()
        for near in sorted(paths[0], key=len, reverse=True):
            if near in self.rows:
                return self.rows[near]
        return self.rows.get(None, ())

    def _day(self, case: Case) -> Any:
        day = self.on.value(case)
        return day if isinstance(day, date) else None

    def parts(self) -> Iterable[Expression]:
        """Region and day."""
        return (self.on,) if self.region is None else (self.region, self.on)


@dataclass(frozen=True, slots=True)
class Pick:
    """The value of the first piece whose condition holds."""

    pieces: tuple[tuple[Formula, Expression], ...]
    otherwise: Expression | None = None

    def value(self, case: Case) -> Any:
        """The value, or the values that are possible where a condition is open."""
        found: list[Any] = []
        for when, then in self.pieces:
            truth = when.truth(case)
            if truth is False:
                continue
            found.append(then.value(case))
            if truth:
                break
        else:
            found.append(None if self.otherwise is None else self.otherwise.value(case))
        if len(found) == 1:
            return found[0]
        flat: list[Any] = []
        for each in found:
            if each is None:
                return None
            flat.extend(each.values if isinstance(each, OneOf) else (each,))
        distinct = tuple(dict.fromkeys(flat))
        return distinct[0] if len(distinct) == 1 else OneOf(distinct)

    def parts(self) -> Iterable[Expression]:
        """The values of the pieces."""
        return (*(then for _, then in self.pieces), *([self.otherwise] if self.otherwise else []))
