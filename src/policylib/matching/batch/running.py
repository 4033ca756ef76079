"""Many profiles against many measures (批量匹配): packed bits, block by block (extra ``batch``).

Every distinct test is made once for a block, as two rows of bits: holds, and may hold. A measure
is a few operations on such rows. What cannot be made side by side is made by the reference, once
for each distinct combination of facts; so the meaning is that of :meth:`Formula.truth` throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from policylib.matching.batch.columns import Frame, Packed
from policylib.matching.batch.rows import Bits, LeafRows
from policylib.matching.batch.tables import Known
from policylib.matching.formula import And, AtLeast, Formula, If, Leaf, Not, Or
from policylib.matching.matcher import Matcher, Prepared
from policylib.model.profile import Subject

__all__ = ["BLOCK", "Batch", "BlockResult"]

Rows = npt.NDArray[np.int32]
#: Profiles a block: a row of bits fits the first cache.
BLOCK = 131_072


@dataclass(frozen=True, slots=True)
class BlockResult:
    """The verdicts of one block (一批结果).

    ``likely`` and ``open`` count the profiles of each measure, in the order of
    :attr:`Batch.prepared`. Who they are is kept, when asked for, as bits, which
    become row numbers measure by measure as they are wanted.
    """

    size: int
    likely: npt.NDArray[np.int64]
    open: npt.NDArray[np.int64]
    bits: tuple[Bits, ...] = ()

    def likely_rows(self, measure: int) -> Rows:
        """The row numbers of those who may well qualify for a measure (可能符合)."""
        return _places(self.bits[measure][0])

    def open_rows(self, measure: int) -> Rows:
        """The row numbers of those whose answer is open (待核实)."""
        holds, may = self.bits[measure]
        return _places(may ^ holds)

    @property
    def rows(self) -> Iterator[tuple[Rows, Rows]]:
        """Both, measure by measure."""
        return ((self.likely_rows(at), self.open_rows(at)) for at in range(len(self.bits)))


class Batch:
    """The measures of a matcher for one kind of subject on one day, ready for blocks of profiles."""

    def __init__(self, matcher: Matcher, subject: Subject, *, on: date) -> None:
        self._reader = matcher.reader
        self.subject, self.on = subject, on
        self.prepared: tuple[Prepared, ...] = tuple(
            matcher.prepared[at] for at in matcher.places(subject)
        )
        self._plans = Plans()
        self._measures = [self._plans.plan(each.formula) for each in self.prepared]

    def run(
        self, blocks: Iterable[Mapping[str, Any]], *, ids: bool = False
    ) -> Iterator[BlockResult]:
        """Match block after block.

        A block maps names of facts to columns: a list of values, a NumPy array (numbers, booleans,
        ``datetime64``; NaN and NaT are unknown), or a pair of codes (-1 unknown) and their words.

        Raises:
            ParseError: unknown facts, wrong types, days that cannot be; values are not repeated.

        """
        known = Known()
        for raw in blocks:
            yield self._block(raw, known, ids=ids)

    def _block(self, raw: Mapping[str, Any], known: Known, *, ids: bool) -> BlockResult:
        """One block; what it needed is gone when it is done."""
        frame = Frame(self.subject, raw, self._reader, self.on)
        known.trim()
        return _Run(frame, self._plans, known).result(self._measures, ids=ids)


# -- plans: formulas with numbers for tests -----------------------------------------------------

Plan = tuple[str, Any]


class Plans:
    """Formulas as nested tuples, every distinct test with a number."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self._numbers: dict[Leaf, int] = {}

    def plan(self, formula: Formula) -> Plan:
        """The plan of a formula."""
        if isinstance(formula, Leaf):
            number = self._numbers.setdefault(formula, len(self.leaves))
            if number == len(self.leaves):
                self.leaves.append(formula)
            return "leaf", number
        if isinstance(formula, Not):
            return "not", self.plan(formula.of)
        if isinstance(formula, If):
            three = (formula.when, formula.then, formula.otherwise)
            return "if", tuple(self.plan(each) for each in three)
        assert isinstance(formula, (And, Or, AtLeast))  # noqa: S101 - the last ones
        parts = tuple(self.plan(each) for each in formula.of)
        if isinstance(formula, AtLeast):
            return "some", (formula.count, parts)
        return ("and" if isinstance(formula, And) else "or"), parts


class _Run:
    """One block: the rows of bits of its tests, made when first needed."""

    def __init__(self, frame: Frame, plans: Plans, known: Known) -> None:
        self._frame = frame
        self._plans = plans
        self._rows = LeafRows(frame, known, self._formula)
        self._bits: dict[int, Bits] = {}
        size = frame.padded // 8
        self._none: Packed = np.zeros(size, np.uint8)
        self._every: Packed = np.full(size, 255, np.uint8)

    def result(self, measures: list[Plan], *, ids: bool) -> BlockResult:
        """The verdicts of all measures."""
        frame = self._frame
        words = np.empty(frame.padded // 64, np.uint8)

        def count(bits: Packed) -> int:
            return int(np.bitwise_count(bits.view(np.uint64), out=words).sum(dtype=np.uint32))

        valid = np.packbits(np.arange(frame.padded) < frame.size, bitorder="little")
        likely = np.empty(len(measures), np.int64)
        open_ = np.empty(len(measures), np.int64)
        kept: list[Bits] = []
        for at, plan in enumerate(measures):
            holds, may = self._bits_of(plan)
            if frame.size != frame.padded:
                holds, may = holds & valid, may & valid
            likely[at] = count(holds)
            open_[at] = count(may) - likely[at]
            if ids:
                kept.append((holds, may))
        del self._rows  # which refers back to this run
        return BlockResult(frame.size, likely, open_, tuple(kept))

    def _formula(self, formula: Formula) -> Bits:
        return self._bits_of(self._plans.plan(formula))

    def _bits_of(self, plan: Plan) -> Bits:
        kind, of = plan
        if kind == "leaf":
            found = self._bits.get(of)
            if found is None:
                found = self._bits[of] = self._rows.bits(self._plans.leaves[of])
            return found
        if kind == "not":
            holds, may = self._bits_of(of)
            return ~may, ~holds
        if kind == "if":
            return self._if(of)
        if kind == "some":
            return self._some(*of)
        if not of:
            return (self._every, self._every) if kind == "and" else (self._none, self._none)
        join = np.bitwise_and if kind == "and" else np.bitwise_or
        holds, may = self._bits_of(of[0])
        if len(of) == 1:
            return holds, may
        one, other = self._bits_of(of[1])
        holds, may = join(holds, one), join(may, other)
        for part in of[2:]:
            one, other = self._bits_of(part)
            join(holds, one, out=holds)
            join(may, other, out=may)
        return holds, may

    def _if(self, parts: tuple[Plan, Plan, Plan]) -> Bits:
        (when, perhaps), (then, then_may), (rest, rest_may) = map(self._bits_of, parts)
        holds = (when & then) | (~perhaps & rest) | (then & rest)
        return holds, (perhaps & then_may) | (~when & rest_may)

    def _some(self, count: int, parts: tuple[Plan, ...]) -> Bits:
        every = [self._bits_of(part) for part in parts]
        found: list[Packed] = []
        for side in (0, 1):
            having = [self._every, *[self._none] * count]
            for bits in every:
                for number in range(count, 0, -1):
                    having[number] = having[number] | (having[number - 1] & bits[side])
            found.append(having[count])
        return found[0], found[1]


def _places(bits: Packed) -> npt.NDArray[np.int32]:
    """The row numbers of the set bits; bytes without any are passed over."""
    some = np.flatnonzero(bits != 0)
    if 2 * len(some) > len(bits):
        return np.flatnonzero(_unpacked(bits)).astype(np.int32)
    inner = np.flatnonzero(_unpacked(bits[some])).astype(np.int32)
    found: npt.NDArray[np.int32] = some.astype(np.int32)[inner >> 3]
    found <<= 3
    found += inner & 7
    return found


def _unpacked(bits: Packed) -> npt.NDArray[np.bool_]:
    return np.unpackbits(bits, bitorder="little").view(np.bool_)
