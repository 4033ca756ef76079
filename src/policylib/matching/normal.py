"""The ways a condition can hold (符合途径): disjunctive normal form over sets of whatever is asked.

Negation normal form and disjunctive normal form keep Kleene's meaning, and so does absorption
(A or A and B is A). One walk makes the conjunctions of the index, the facts still missing and the
tests that fail; only what a test contributes differs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from policylib.matching.formula import And, AtLeast, Formula, If, Leaf, Not, Or

__all__ = ["Overflow", "Way", "ways"]

#: One way: a set of whatever the tests contribute.
Way = frozenset[Any]
#: What a test, taken as it is (True) or denied (False), adds to a way; ``None`` closes the way.
Atom = Callable[[Leaf, bool], frozenset[Hashable] | None]


class Overflow(Exception):  # noqa: N818 - a signal inside this package, never shown
    """There are more ways than asked for."""


def ways(formula: Formula, atom: Atom, *, most: int, strict: bool = False) -> list[Way]:
    """The ways ``formula`` can hold, without those that contain another one.

    At most ``most`` are kept, the smallest; with ``strict`` more raise :class:`Overflow`. No way
    at all means that it cannot hold; an empty way that nothing is needed.
    """
    return _Walk(atom, most, strict).ways(formula, positive=True)


class _Walk:
    def __init__(self, atom: Atom, most: int, strict: bool) -> None:
        self._atom = atom
        self._most = most
        self._strict = strict

    def ways(self, formula: Formula, *, positive: bool) -> list[Way]:
        if isinstance(formula, Leaf):
            found = self._atom(formula, positive)
            return [] if found is None else [found]
        if isinstance(formula, Not):
            return self.ways(formula.of, positive=not positive)
        if isinstance(formula, If):
            return self._either(formula, positive=positive)
        if isinstance(formula, AtLeast):
            count = formula.count if positive else len(formula.of) - formula.count + 1
            return self._some(count, formula.of, positive=positive)
        if isinstance(formula, And if positive else Or):
            return self._together(_parts(formula), positive=positive)
        parts: list[Way] = []
        for part in _parts(formula):
            parts += self.ways(part, positive=positive)
        return self._smallest(parts)

    def _together(self, parts: Iterable[Formula], *, positive: bool) -> list[Way]:
        every = [self.ways(part, positive=positive) for part in parts]
        if not all(every):
            return []
        found: list[Way] = [frozenset().union(*(way[0] for way in every if len(way) == 1))]
        for several in every:
            if len(several) > 1:
                found = self._joined(found, several)
        return found

    def _either(self, formula: If, *, positive: bool) -> list[Way]:
        """(c and a) or (not c and b) or (a and b): the last decides where c is open."""
        then = self.ways(formula.then, positive=positive)
        rest = self.ways(formula.otherwise, positive=positive)
        return self._smallest(
            self._joined(self.ways(formula.when, positive=True), then)
            + self._joined(self.ways(formula.when, positive=False), rest)
            + self._joined(then, rest)
        )

    def _some(self, count: int, parts: Iterable[Formula], *, positive: bool) -> list[Way]:
        """Ways to have ``count`` of the parts, part by part."""
        having: list[list[Way]] = [[frozenset()]] + [[] for _ in range(count)]
        for part in parts:
            one = self.ways(part, positive=positive)
            for number in range(count, 0, -1):
                more = self._joined(having[number - 1], one)
                having[number] = self._smallest(having[number] + more)
        return having[count]

    def _joined(self, some: list[Way], others: list[Way]) -> list[Way]:
        if len(some) == 1 and len(others) == 1:
            return [some[0] | others[0]]
        return self._smallest([one | other for one in some for other in others])

    def _smallest(self, found: list[Way]) -> list[Way]:
        """Without repeats and ways that contain another; the smallest when there are too many."""
        if len(found) < 2:
            return found
        kept: list[Way] = []
        for each in sorted(dict.fromkeys(found), key=len):
            if not any(less <= each for less in kept):
                kept.append(each)
            if len(kept) > self._most:
                if self._strict:
                    raise Overflow
                return kept[: self._most]
        return kept


def _parts(formula: Formula) -> tuple[Formula, ...]:
    return formula.of if isinstance(formula, (And, Or)) else ()
