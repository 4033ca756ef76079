"""Conditions made ready to be judged (可判定的条件): tests of expressions, joined.

Formulas are made from the model by :mod:`policylib.matching.preparing`. Their ``truth`` is the
reference meaning of a condition; the indexes are tested against it. A truth is ``True``, ``False``
or ``None`` (open).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from policylib.matching.codes import CodeTree
from policylib.matching.expressions import (
    Case,
    Expression,
    FactOf,
    MembersOf,
    OneOf,
    Pick,
    Truth,
)
from policylib.text.locator import Locator

__all__ = [
    "ALWAYS",
    "NEVER",
    "Among",
    "And",
    "AtLeast",
    "Formula",
    "Grounds",
    "Has",
    "If",
    "Leaf",
    "Not",
    "Or",
    "Same",
    "Test",
    "Under",
    "Within",
    "bounds_of",
    "inside",
]

# -- tests --------------------------------------------------------------------------------------


class Test(Protocol):
    """A test of one exact value."""

    def holds(self, value: Any, case: Case) -> Truth:
        """Whether ``value`` passes."""


@dataclass(frozen=True, slots=True)
class Within:
    """Between two bounds (数值范围), each open or closed, either may be missing."""

    low: Expression | None = None
    low_in: bool = True
    high: Expression | None = None
    high_in: bool = True

    def holds(self, value: Any, case: Case) -> Truth:
        """Whether it lies within; open where a bound is unknown and the other does not decide."""
        found: Truth = True
        if self.low is not None:
            low = self.low.value(case)
            if low is None or isinstance(low, OneOf):
                found = None
            elif not (value >= low if self.low_in else value > low):
                return False
        if self.high is not None:
            high = self.high.value(case)
            if high is None or isinstance(high, OneOf):
                return None
            if not (value <= high if self.high_in else value < high):
                return False
        return found

    @property
    def bounds(self) -> tuple[Expression, ...]:
        """The bounds there are."""
        return tuple(each for each in (self.low, self.high) if each is not None)


@dataclass(frozen=True, slots=True)
class Among:
    """One of several values (属于其中之一)."""

    values: frozenset[Any]

    def holds(self, value: Any, case: Case) -> Truth:  # noqa: ARG002
        """Whether it is one of them."""
        return value in self.values


@dataclass(frozen=True, slots=True)
class Under:
    """A code under one of several (代码属于)."""

    codes: frozenset[str]
    tree: CodeTree = field(compare=False, repr=False)

    def holds(self, value: Any, case: Case) -> Truth:
        """Whether it lies under one; open where a split of the code leaves both possible."""
        sides = {not self.codes.isdisjoint(path) for path in self.tree.paths(value, case.on)}
        return sides.pop() if len(sides) == 1 else None


@dataclass(frozen=True, slots=True)
class Has:
    """One of several words among those of the fact (含有其中之一)."""

    words: frozenset[str]

    def holds(self, value: Any, case: Case) -> Truth:  # noqa: ARG002
        """Whether the fact has one of them."""
        return not self.words.isdisjoint(value)


@dataclass(frozen=True, slots=True)
class Same:
    """The same value as another fact (与另一事实相同)."""

    other: Expression

    def holds(self, value: Any, case: Case) -> Truth:
        """Whether both are the same; open where the other is unknown."""
        other = self.other.value(case)
        return None if other is None or isinstance(other, OneOf) else bool(value == other)


def bounds_of(test: Test) -> tuple[Expression, ...]:
    """The expressions a test compares with."""
    if isinstance(test, Same):
        return (test.other,)
    return test.bounds if isinstance(test, Within) else ()


# -- formulas -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a test rests on (依据): provision, quote and words of one's own."""

    provision: Locator | None = None
    quote: str | None = None
    text: str | None = None


_NO_GROUNDS = Grounds()


class Formula:
    """A condition that can be judged in a case."""

    __slots__ = ()

    def truth(self, case: Case) -> Truth:
        """Whether it holds in a case; ``None`` when that is open."""
        raise NotImplementedError

    def value(self, case: Case) -> Truth:
        """Its truth, for a derived fact that is a condition."""
        return self.truth(case)


@dataclass(frozen=True, slots=True)
class Leaf(Formula):
    """A test of an expression (事实条件)."""

    subject: Expression
    test: Test
    grounds: Grounds = field(default=_NO_GROUNDS, compare=False)

    def truth(self, case: Case) -> Truth:
        """Open where the value is unknown; decided where every possible value agrees."""
        value = self.subject.value(case)
        if value is None:
            return None
        if isinstance(value, OneOf):
            found = {self.test.holds(each, case) for each in value.values}
            return found.pop() if len(found) == 1 else None
        return self.test.holds(value, case)


@dataclass(frozen=True, slots=True)
class And(Formula):
    """All parts (同时符合)."""

    of: tuple[Formula, ...]
    grounds: Grounds = field(default=_NO_GROUNDS, compare=False)

    def truth(self, case: Case) -> Truth:
        """False as soon as one part is, else open as soon as one is."""
        found: Truth = True
        for each in self.of:
            truth = each.truth(case)
            if truth is False:
                return False
            if truth is None:
                found = None
        return found


@dataclass(frozen=True, slots=True)
class Or(Formula):
    """One part (符合之一)."""

    of: tuple[Formula, ...]
    grounds: Grounds = field(default=_NO_GROUNDS, compare=False)

    def truth(self, case: Case) -> Truth:
        """True as soon as one part is, else open as soon as one is."""
        found: Truth = False
        for each in self.of:
            truth = each.truth(case)
            if truth:
                return True
            if truth is None:
                found = None
        return found


@dataclass(frozen=True, slots=True)
class Not(Formula):
    """Not the part (除外)."""

    of: Formula
    grounds: Grounds = field(default=_NO_GROUNDS, compare=False)

    def truth(self, case: Case) -> Truth:
        """The opposite; open stays open."""
        truth = self.of.truth(case)
        return None if truth is None else not truth


@dataclass(frozen=True, slots=True)
class AtLeast(Formula):
    """At least so many parts (符合其中若干项)."""

    count: int
    of: tuple[Formula, ...]
    grounds: Grounds = field(default=_NO_GROUNDS, compare=False)

    def truth(self, case: Case) -> Truth:
        """Open while the open parts decide."""
        truths = [each.truth(case) for each in self.of]
        if truths.count(True) >= self.count:
            return True
        return None if len(truths) - truths.count(False) >= self.count else False


@dataclass(frozen=True, slots=True)
class If(Formula):
    """One part or the other (分情形); where the condition is open, what both agree on."""

    when: Formula
    then: Formula
    otherwise: Formula
    grounds: Grounds = field(default=_NO_GROUNDS, compare=False)

    def truth(self, case: Case) -> Truth:
        """The truth of the part that counts."""
        when = self.when.truth(case)
        if when is not None:
            return self.then.truth(case) if when else self.otherwise.truth(case)
        then = self.then.truth(case)
        return then if then is self.otherwise.truth(case) else None


def inside(found: Formula | Expression) -> Iterator[Formula | Expression]:
    """What a formula or an expression is made of, one step down, derivations included."""
    if isinstance(found, Leaf):
        yield found.subject
        yield from bounds_of(found.test)
    elif isinstance(found, If):
        yield from (found.when, found.then, found.otherwise)
    elif isinstance(found, Not):
        yield found.of
    elif isinstance(found, (And, Or, AtLeast)):
        yield from found.of
    elif isinstance(found, FactOf):
        yield from () if found.derivation is None else (found.derivation,)
    elif isinstance(found, MembersOf):
        yield from (each for each in (found.name, found.where, found.each) if each is not None)
    else:
        if isinstance(found, Pick):
            yield from (when for when, _ in found.pieces)
        assert not isinstance(found, Formula)  # noqa: S101 - all kinds are above
        yield from found.parts()


ALWAYS = And(())
NEVER = Or(())
