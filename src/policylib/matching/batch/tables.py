"""What is known of distinct values (取值表), kept from block to block of a batch."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from policylib.matching.batch.columns import Bools, Floats, Packed, pack
from policylib.matching.expressions import Case, OneOf
from policylib.matching.formula import Leaf, Under
from policylib.model.profile import Subject

__all__ = ["DayTable", "Known", "Table", "cell_type"]

_MOST_RUNS, _MOST_TABLES = 4, 200


def cell_type(values: int) -> Any:
    """The narrowest type for the numbers of so many values; -1 is another number in each."""
    return np.uint8 if values < 255 else np.uint16 if values < 65_535 else np.int32


class DayTable:
    """What comes of each day (逐日取值), by its ordinal; the last cell, of no day, is NaN.

    Which cells have been filled is told by ``missing``; NaN is also what an expression gives.
    """

    def __init__(self) -> None:
        self.first = 0
        self.values = np.full(1, np.nan)
        self._filled = np.ones(1, np.bool_)

    def cover(self, first: int, last: int) -> None:
        """Have cells for the days from ``first`` to ``last``."""
        old = len(self.values) - 1
        if old and self.first <= first and last < self.first + old:
            return
        start = min(first, self.first) if old else first
        size = max(last, self.first + old - 1 if old else last) - start + 1
        values, filled = np.full(size + 1, np.nan), np.zeros(size + 1, np.bool_)
        filled[-1] = True
        at = self.first - start if old else 0
        values[at : at + old], filled[at : at + old] = self.values[:-1], self._filled[:-1]
        self.first, self.values, self._filled = start, values, filled

    def places(self, days: Floats) -> npt.NDArray[np.int32]:
        """The cells of days, the last one for NaN."""
        last = self.first + len(self.values) - 1
        return (np.nan_to_num(days, nan=last) - self.first).astype(np.int32)

    def missing(self, places: npt.NDArray[np.int32]) -> Bools:
        """Which cells are used now and have not been filled; from now on they have."""
        used = np.zeros(len(self.values), np.bool_)
        used[places] = True
        found: Bools = used & ~self._filled
        self._filled |= used
        return found


class Chosen:
    """Some of the values of a column, as unbroken runs where they are few (选中的值)."""

    def __init__(self, table: Bools) -> None:
        edges = np.flatnonzero(np.diff(table.astype(np.int8), prepend=0, append=0)).tolist()
        self._runs = list(zip(edges[::2], edges[1::2], strict=True))
        self._table: Bools | None = None
        if len(self._runs) > _MOST_RUNS:
            kind = cell_type(len(table))
            size = len(table) + 1 if kind is np.int32 else np.iinfo(kind).max + 1
            self._table = np.zeros(size, np.bool_)  # the last cell is the unknown one
            self._table[: len(table)] = table

    def rows(self, cells: npt.NDArray[Any]) -> Packed:
        """The rows whose cell is among them."""
        if self._table is not None:
            return pack(self._table[cells])
        found: Bools | None = None
        for first, end in self._runs:
            if end == first + 1:
                run = cells == first
            elif cells.dtype == np.int32:
                run = (cells >= first) & (cells < end)
            elif first == 0:
                run = cells < end
            else:
                run = (cells - cells.dtype.type(first)) < end - first
            found = run if found is None else np.logical_or(found, run, out=found)
        return np.zeros(len(cells) // 8, np.uint8) if found is None else pack(found)


class Table:
    """The truths of tests for some distinct values, kept from block to block."""

    def __init__(self, values: tuple[Any, ...], on: date) -> None:
        self._values = values
        self._case = Case(Subject.PERSON, {}, on)
        self._truths: dict[Leaf, tuple[Chosen, Chosen]] = {}
        self._under: dict[str, tuple[list[int], list[int]]] | None = None

    def truths(self, leaf: Leaf) -> tuple[Chosen, Chosen]:
        """The values for which a test holds and may hold; one twice where both are the same."""
        found = self._truths.get(leaf)
        if found is None:
            holds, may = self._judged(leaf)
            sure = Chosen(holds)
            found = self._truths[leaf] = (sure, sure if holds is may else Chosen(may))
        return found

    def _judged(self, leaf: Leaf) -> tuple[Bools, Bools]:
        plain = not any(isinstance(value, OneOf) for value in self._values)
        if plain and isinstance(leaf.test, Under):
            return self._coded(leaf.test)
        truths = [self._truth(leaf, value) for value in self._values]
        holds = np.asarray([truth is True for truth in truths], np.bool_)
        if None not in truths:
            return holds, holds
        return holds, np.asarray([truth is not False for truth in truths], np.bool_)

    def _truth(self, leaf: Leaf, value: Any) -> bool | None:
        if isinstance(value, OneOf):
            found = {leaf.test.holds(each, self._case) for each in value.values}
            return found.pop() if len(found) == 1 else None
        return leaf.test.holds(value, self._case)

    def _coded(self, test: Under) -> tuple[Bools, Bools]:
        """Codes by what they lie under, found once for all tests."""
        if self._under is None:
            self._under = {}
            for at, value in enumerate(self._values):
                paths = test.tree.paths(value, self._case.on)
                for code in frozenset().union(*paths):
                    sure, may = self._under.setdefault(code, ([], []))
                    may.append(at)
                    if all(code in path for path in paths):
                        sure.append(at)
        truths = self._under
        split = any(
            truths.get(code, ((), ()))[0] != truths.get(code, ((), ()))[1] for code in test.codes
        )
        if split:
            every = [test.holds(value, self._case) for value in self._values]
            return (
                np.asarray([truth is True for truth in every], np.bool_),
                np.asarray([truth is not False for truth in every], np.bool_),
            )
        holds = np.zeros(len(self._values), np.bool_)
        for code in test.codes:
            if code in truths:
                holds[truths[code][0]] = True
        return holds, holds


class Known:
    """What is kept from block to block (跨批缓存): nothing of a profile, only of values."""

    def __init__(self) -> None:
        self.days: dict[Any, DayTable] = {}
        self.tables: dict[tuple[Any, ...], Table] = {}

    def trim(self) -> None:
        """Forget when there is too much."""
        if len(self.tables) > _MOST_TABLES:
            self.tables.clear()
