"""What is known of distinct values (取值表), kept from block to block of a batch."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from policylib.matching.batch.columns import Bools, Packed, pack
from policylib.matching.expressions import Case, OneOf
from policylib.matching.formula import Leaf, Under
from policylib.model.profile import Subject

__all__ = ["Known", "Table"]

_MOST_RUNS, _MOST_TABLES = 4, 200


class Chosen:
    """Some of the values of a column, as unbroken runs where they are few (选中的值)."""

    def __init__(self, table: Bools) -> None:
        edges = np.flatnonzero(np.diff(table.astype(np.int8), prepend=0, append=0)).tolist()
        self._runs = list(zip(edges[::2], edges[1::2], strict=True))
        self._table = np.append(table, np.False_) if len(self._runs) > _MOST_RUNS else None

    def rows(self, cells: npt.NDArray[Any]) -> Packed:
        """The rows whose cell is among them."""
        if self._table is not None:
            return pack(self._table[cells])
        found: Bools | None = None
        for first, end in self._runs:
            if end == first + 1:
                run = cells == first
            elif first == 0:
                run = cells < end
            elif cells.dtype == np.int32:
                run = (cells >= first) & (cells < end)
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
        self.days: dict[Any, dict[int, float]] = {}
        self.tables: dict[tuple[Any, ...], Table] = {}

    def trim(self) -> None:
        """Forget when there is too much."""
        if len(self.tables) > _MOST_TABLES:
            self.tables.clear()
