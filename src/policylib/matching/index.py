"""One profile against many measures (倒排位图索引): exact, immutable, rebuilt and swapped.

Each condition is taken apart into conjunctions of tests. A bit stands for a conjunction; for each
attribute (fact or term) a :class:`~policylib.matching.layers.Layer` gives the conjunctions that its
value leaves standing. Their AND over all attributes holds; the AND over the known ones may hold.
The day is one more attribute. The meaning is that of :meth:`Formula.truth`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, compress, count
from operator import add
from typing import Any

from policylib.matching.expressions import Case, Expression, FactOf
from policylib.matching.formula import Among, And, Formula, Leaf
from policylib.matching.layers import (
    KeyedLayer,
    Layer,
    OrderedLayer,
    Placed,
    is_keyed,
    is_ordered,
    merged,
)
from policylib.matching.missing import missing
from policylib.matching.missing import unknown as unknown_facts
from policylib.matching.normal import Overflow, ways

__all__ = ["MOST_CONJUNCTIONS", "BitIndex", "Found", "places"]

#: A condition with more conjunctions is judged in larger pieces, each by itself.
MOST_CONJUNCTIONS = 64


@dataclass(frozen=True, slots=True)
class Whole:
    """A formula that is judged by itself and used as one attribute (整体判断)."""

    formula: Formula

    def value(self, case: Case) -> Any:
        """Its truth."""
        return self.formula.truth(case)

    def parts(self) -> tuple[Expression, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the measures (判断结果): bit sets, and the positions their bits stand for."""

    likely: int
    open: int
    near: int = 0
    asked: tuple[tuple[str, int], ...] = ()
    order: Sequence[int] = ()

    def likely_ids(self) -> list[int]:
        """The positions of measures that may fit."""
        return self._ids(self.likely)

    def open_ids(self) -> list[int]:
        """The positions of measures that facts are missing for."""
        return self._ids(self.open)

    def near_ids(self) -> list[int]:
        """The positions of measures that one test alone keeps from fitting."""
        return self._ids(self.near)

    def _ids(self, mask: int) -> list[int]:
        if mask.bit_count() * _SPARSE < len(self.order):
            return list(map(self.order.__getitem__, places(mask)))
        return list(compress(self.order, f"{mask:b}"[::-1].encode().translate(_ONES)))


_SPARSE = 12
_ONES = bytes(byte == ord("1") for byte in range(256))


def places(mask: int) -> Iterable[int]:
    """The set bits of a mask, in order.

    >>> list(places(0b10110))
    [1, 2, 4]
    """
    gaps = f"{mask:b}"[::-1].split("1")
    gaps.pop()
    return map(add, accumulate(map(len, gaps)), count())


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of the index (索引属性): how it is valued, its masks, what asks nothing of it.

    ``fact`` is its name where it is a plain fact, so that one look-up gives the value.
    """

    subject: Expression
    fact: str | None
    value_of: Callable[[Case], Any]
    masks: Callable[[Any, date], int | tuple[int, int]]
    absent: int


class BitIndex:
    """The conditions of many measures for one kind of subject, as bit sets.

    ``formulas`` are in the order of the positions that come out. Building costs about 50 µs a
    measure, asking a few hundred integer operations.
    """

    def __init__(self, formulas: Sequence[Formula]) -> None:
        self.size = len(formulas)
        cutter = _Cutter()
        cut = [cutter.conjunctions(formula) for formula in formulas]
        self._order = sorted(range(self.size), key=lambda at: -len(cut[at]))
        #: (offset, count) of each block: the k-th conjunctions of the measures that have so many
        self._blocks: list[tuple[int, int]] = []
        tests: _Tests = {}
        offset = 0
        for rank in range(len(cut[self._order[0]]) if cut else 0):
            count_ = 0
            for at in self._order:
                if len(cut[at]) <= rank:
                    break
                _place(cut[at][rank], offset + count_, cutter, tests)
                count_ += 1
            self._blocks.append((offset, count_))
            offset += count_
        self.conjunctions = offset
        self._all = (1 << offset) - 1
        self.attributes = tuple(_attributes(tests, cutter, offset))

    # -- asking ---------------------------------------------------------------------------------

    def verdicts(self, case: Case) -> Found:
        """Which measures may fit and which are open."""
        sure = possible = self._all
        on, given = case.on, case.facts.get
        for each in self.attributes:
            value = given(each.fact) if each.fact else None
            if value is None:
                value = each.value_of(case)
                if value is None:
                    sure &= each.absent
                    continue
            found = each.masks(value, on)
            if isinstance(found, int):
                possible &= found
            else:
                sure &= found[0]
                possible &= found[1]
        likely = self._measures(sure & possible)
        return Found(likely, self._measures(possible) & ~likely, order=self._order)

    def ask(self, case: Case) -> Found:
        """Verdicts, near misses, and the facts by how many open conjunctions need them."""
        everything = sure = possible = self._all
        once = twice = 0
        on, given = case.on, case.facts.get
        unknown: list[tuple[Expression, int]] = []
        for each in self.attributes:
            value = given(each.fact) if each.fact else None
            if value is None:
                value = each.value_of(case)
                if value is None:
                    sure &= each.absent
                    unknown.append((each.subject, each.absent))
                    continue
            found = each.masks(value, on)
            if not isinstance(found, int):
                low, found = found
                sure &= low
                unknown.append((each.subject, everything ^ (low ^ found)))
            possible &= found
            fails = everything ^ found
            twice |= once & fails
            once |= fails
        likely = self._measures(sure & possible)
        may_fit = self._measures(possible)
        near = self._measures(once ^ twice) & ~may_fit
        undecided = possible & ~self._spread(likely)
        asked = _asked(unknown, undecided, case)
        return Found(likely, may_fit & ~likely, near, asked, self._order)

    def _measures(self, conjunctions: int) -> int:
        """Fold conjunctions into measures: the blocks lie one upon another."""
        found = 0
        for offset, many in self._blocks:
            found |= (conjunctions >> offset) & ((1 << many) - 1)
        return found

    def _spread(self, measures: int) -> int:
        """All conjunctions of some measures."""
        found = 0
        for offset, many in self._blocks:
            found |= (measures & ((1 << many) - 1)) << offset
        return found


#: The layers of each attribute and kind, by the number the cutter gave it.
_Tests = dict[int, list[list[Placed]]]


def _place(conjunction: frozenset[int], bit: int, cutter: _Cutter, tests: _Tests) -> None:
    """Put the tests of a conjunction into layers, at most one into each."""
    used: dict[int, int] = {}
    for number in conjunction:
        at = number >> 1
        key = cutter.keys[at]
        level = used.get(key, 0)
        used[key] = level + 1
        stack = tests.get(key)
        if stack is None:
            stack = tests[key] = []
        if level == len(stack):
            stack.append([])
        stack[level].append((bit, not number & 1, cutter.leaves[at]))


def _attributes(tests: _Tests, cutter: _Cutter, size: int) -> Iterator[Attribute]:
    """The layers by attribute."""
    layers: dict[Expression, list[Layer]] = {}
    for (subject, ordered), key in cutter.attributes.items():
        stack = tests.get(key, ())
        if ordered:
            found: Iterable[Layer] = (OrderedLayer(level, size) for level in stack)
        else:
            found = (KeyedLayer(level, size) for level in stack)
        layers.setdefault(subject, []).extend(found)
    for subject, stacked in layers.items():
        if not stacked:
            continue
        plain = isinstance(subject, FactOf) and subject.is_plain
        name = subject.name if isinstance(subject, FactOf) and plain else None
        layer = merged(stacked)
        yield Attribute(subject, name, subject.value, layer.masks, layer.absent)


def _asked(
    unknown: Sequence[tuple[Expression, int]], undecided: int, case: Case
) -> tuple[tuple[str, int], ...]:
    """Facts by how many undecided conjunctions need them."""
    needs: dict[str, int] = {}
    for subject, absent in unknown:
        waiting = undecided & ~absent
        if waiting:
            for name in _facts(subject, case):
                needs[name] = needs.get(name, 0) | waiting
    counted = [(-mask.bit_count(), name) for name, mask in needs.items()]
    return tuple((name, -many) for many, name in sorted(counted))


def _facts(subject: Expression, case: Case) -> Iterable[str]:
    if isinstance(subject, FactOf) and subject.is_plain:
        return (subject.name,)
    if isinstance(subject, Whole):
        return missing(subject.formula, case)
    return unknown_facts(subject, case)


class _Cutter:
    """Takes conditions apart; each distinct test has a number, its denial the number plus one."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.keys: list[int] = []
        #: Numbers of attributes; those with an order and those without are kept apart.
        self.attributes: dict[tuple[Expression, bool], int] = {}
        #: What each test is, taken as it is and denied.
        self._atoms: dict[Leaf, tuple[frozenset[int], frozenset[int]]] = {}

    def conjunctions(self, formula: Formula) -> list[frozenset[int]]:
        """The conjunctions of a condition, as numbers of tests."""
        try:
            return ways(formula, self._atom, most=MOST_CONJUNCTIONS, strict=True)
        except Overflow:
            return ways(_coarser(formula), self._atom, most=MOST_CONJUNCTIONS, strict=True)

    def _atom(self, leaf: Leaf, positive: bool) -> frozenset[int]:
        found = self._atoms.get(leaf)
        if found is None:
            ordered = is_ordered(leaf)
            usable = leaf if ordered or is_keyed(leaf) else _whole(leaf)
            number = 2 * len(self.leaves)
            found = self._atoms[leaf] = frozenset((number,)), frozenset((number + 1,))
            self.leaves.append(usable)
            self.keys.append(
                self.attributes.setdefault((usable.subject, ordered), len(self.attributes))
            )
        return found[not positive]


def _whole(formula: Formula) -> Leaf:
    return Leaf(Whole(formula), Among(frozenset((True,))))


def _coarser(formula: Formula) -> Formula:
    """A condition with its alternatives judged as wholes; as one whole where that is too much."""
    if isinstance(formula, And):
        parts = tuple(
            each if isinstance(each, (Leaf, And)) else _whole(each) for each in formula.of
        )
        return And(tuple(_coarser(each) if isinstance(each, And) else each for each in parts))
    return _whole(formula)
