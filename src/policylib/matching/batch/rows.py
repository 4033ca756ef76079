"""Tests over a block of profiles as rows of bits (判断行), for :mod:`policylib.matching.batch.running`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

from policylib.matching.batch.columns import (
    Bools,
    Coded,
    Column,
    Floats,
    Frame,
    Numeric,
    Packed,
    as_float,
    pack,
    unpack,
)
from policylib.matching.batch.tables import DayTable, Known, Table, cell_type
from policylib.matching.expressions import (
    AgeOf,
    Calc,
    Const,
    Expression,
    FactOf,
    OneOf,
    Pick,
    Since,
)
from policylib.matching.formula import Formula, Leaf, Within, bounds_of, inside
from policylib.model.condition import TODAY, Operation

__all__ = ["Bits", "LeafRows"]

#: Where a test holds, and where it may hold.
Bits = tuple[Packed, Packed]
_MOST_CHOICES = 60
_CLOSE = 1e-9


class LeafRows:
    """The tests of one block; ``truths`` gives the bits of a whole formula."""

    def __init__(
        self,
        frame: Frame,
        known: Known,
        truths: Callable[[Formula], Bits],
    ) -> None:
        self._frame = frame
        self._days, self._tables = known.days, known.tables
        self._truths = truths
        self._columns: dict[Expression, Column] = {}
        self._cells: dict[int, npt.NDArray[Any]] = {}
        self._unknown: dict[int, Packed] = {}
        self._whole: dict[int, bool] = {}

    def bits(self, leaf: Leaf) -> Bits:
        """Where a test holds, and where it may hold."""
        column = self._column(leaf.subject)
        test = leaf.test
        fixed = all(isinstance(each, Const) for each in bounds_of(test))
        if isinstance(column, Coded) and fixed:
            return self._coded(leaf, column)
        if isinstance(column, Numeric) and isinstance(test, Within):
            return self._within(leaf, test, column)
        return self._by_truth(leaf)

    # -- numbers --------------------------------------------------------------------------------

    def _within(self, leaf: Leaf, test: Within, column: Numeric) -> Bits:
        exact = self._is_exact(leaf.subject, test)
        if exact and all(isinstance(each, Const) for each in test.bounds):
            holds = self._between(test, column)
            unknown = self._unknown_of(column)
            holds &= ~unknown
            return holds, holds | unknown
        blank = np.isnan(column.values)
        sure = np.ones(self._frame.padded, np.bool_)
        may = np.ones(self._frame.padded, np.bool_)
        close: list[Bools] = []
        for bound, compare in _comparisons(test):
            limit = self._limit(bound)
            if limit is None:
                return self._by_truth(leaf)
            sided = compare(column.values, limit)
            sure &= sided
            may &= sided | blank | np.isnan(limit)
            if not exact:
                near = np.abs(column.values - limit) <= _CLOSE * np.maximum(1.0, np.abs(limit))
                close.append(near)
        for at in np.flatnonzero(np.logical_or.reduce(close)) if close else ():
            truth = leaf.truth(self._frame.case(int(at)))
            sure[at], may[at] = truth is True, truth is not False
        return pack(sure), pack(may)

    def _between(self, test: Within, column: Numeric) -> Packed:
        """A test against fixed bounds, in the narrowest integers that hold the column."""
        values = self._narrow(column)
        found: Bools | None = None
        for bound, compare in _comparisons(test):
            assert isinstance(bound, Const)  # noqa: S101 - the caller's case
            limit: Any = as_float(bound.fixed)
            if values.dtype != np.float64:
                limit = _integral(bound.fixed, compare, values.dtype)
            sided = compare(values, limit)
            found = sided if found is None else np.logical_and(found, sided, out=found)
        return pack(np.ones(self._frame.padded, np.bool_) if found is None else found)

    def _narrow(self, column: Numeric) -> npt.NDArray[Any]:
        found = self._cells.get(id(column))
        if found is None:
            found = self._cells[id(column)] = narrowed(column.values)
        return found

    def _is_whole(self, column: Numeric) -> bool:
        found = self._whole.get(id(column))
        if found is None:
            found = self._whole[id(column)] = column.is_whole
        return found

    def _unknown_of(self, column: Numeric) -> Packed:
        found = self._unknown.get(id(column))
        if found is None:
            found = self._unknown[id(column)] = pack(np.isnan(column.values))
        return found

    def _limit(self, bound: Expression) -> Any:
        """A bound as a number, or as numbers row by row."""
        if isinstance(bound, Const):
            return as_float(bound.fixed)
        column = self._column(bound)
        return column.values if isinstance(column, Numeric) else None

    def _is_exact(self, subject: Expression, test: Within) -> bool:
        """Whether floats decide as exact numbers would: no rounding came before the test."""
        return all(self._is_plain(each) for each in (subject, *test.bounds))

    def _is_plain(self, found: Expression) -> bool:
        if isinstance(found, FactOf) and found.derivation is not None:
            return not isinstance(found.derivation, Calc) or self._is_plain(found.derivation)
        if not isinstance(found, Calc):
            return True
        if found.operation in (Operation.LEAST, Operation.GREATEST):
            return all(self._is_plain(each) for each in found.of)
        columns = [self._column(each) for each in found.of]
        whole = all(isinstance(each, Numeric) and self._is_whole(each) for each in columns)
        return whole and found.operation in (Operation.SUM, Operation.DIFFERENCE)

    # -- words, codes, yes and no ---------------------------------------------------------------

    def _coded(self, leaf: Leaf, column: Coded) -> Bits:
        """Judge each distinct value once; the unknown cell is none of them."""
        table = self._tables.get(column.values)
        if table is None:
            table = self._tables[column.values] = Table(column.values, self._frame.on)
        holds, may = table.truths(leaf)
        cells = self._cells_of(column)
        sure = holds.rows(cells)
        unknown = self._blank_of(column)
        return sure, (sure if holds is may else may.rows(cells)) | unknown

    def _blank_of(self, column: Coded) -> Packed:
        found = self._unknown.get(id(column))
        if found is None:
            found = self._unknown[id(column)] = pack(column.codes < 0)
        return found

    def _cells_of(self, column: Coded) -> npt.NDArray[Any]:
        found = self._cells.get(id(column))
        if found is None:
            # -1, the unknown code, becomes the last cell of its type
            found = self._cells[id(column)] = column.codes.astype(cell_type(len(column.values)))
        return found

    # -- columns --------------------------------------------------------------------------------

    def _column(self, found: Expression) -> Column:
        column = self._columns.get(found)
        if column is None:
            column = self._columns[found] = self._made(found)
        return column

    def _made(self, found: Expression) -> Column:
        if isinstance(found, FactOf):
            return self._fact(found)
        if isinstance(found, Const) and not isinstance(found.fixed, (str, bool)):
            return Numeric(np.full(self._frame.padded, as_float(found.fixed)))
        if isinstance(found, (AgeOf, Since)):
            of_day = self._of_day(found)
            if of_day is not None:
                return of_day
        if isinstance(found, Calc):
            parts = [self._column(each) for each in found.of]
            numbers = [each.values for each in parts if isinstance(each, Numeric)]
            if len(numbers) == len(parts):
                return Numeric(_calculated(found.operation, numbers))
        if isinstance(found, Pick):
            picked = self._picked(found)
            if picked is not None:
                return picked
        return self._distinct(found)

    def _fact(self, found: FactOf) -> Column:
        given = self._frame.columns.get(found.name)
        derivation = found.derivation
        if found.name == TODAY:
            return Numeric(np.full(self._frame.padded, as_float(self._frame.on)), is_day=True)
        if derivation is None:
            if given is None:
                return Coded(np.full(self._frame.padded, -1, np.int32), ())
            return given
        if isinstance(derivation, Formula):
            holds, may = map(unpack, self._truths(derivation))
            codes = np.where(holds, 1, np.where(may, -1, 0)).astype(np.int32)
            made: Column = Coded(codes, (False, True))
        else:
            made = self._column(derivation)
        if given is None:
            return made
        return _filled(made, given) if type(made) is type(given) else self._distinct(found)

    def _of_day(self, found: AgeOf | Since) -> Numeric | None:
        """A count from a day until today: one value for each distinct day."""
        start, end = (
            (found.born, found.on) if isinstance(found, AgeOf) else (found.since, found.until)
        )
        if not (isinstance(end, FactOf) and end.name == TODAY and isinstance(start, FactOf)):
            return None
        column = self._column(start)
        if not isinstance(column, Numeric):
            return None
        days = column.values
        if bool(np.isnan(days).all()):
            return Numeric(np.full(self._frame.padded, np.nan))
        memo = self._days.setdefault(found, DayTable())
        memo.cover(int(np.nanmin(days)), int(np.nanmax(days)))
        places = memo.places(days)
        for at in np.flatnonzero(memo.missing(places)).tolist():
            memo.values[at] = found.count(date.fromordinal(memo.first + at), self._frame.on)
        return Numeric(memo.values[places])

    def _picked(self, found: Pick) -> Coded | None:
        """Which fixed values are possible row by row, as a set of bits for each row."""
        pieces = [(when, then) for when, then in found.pieces]
        values = [then for _, then in pieces] + ([found.otherwise] if found.otherwise else [])
        if any(not isinstance(each, Const) for each in values):
            return None
        fixed = list(dict.fromkeys(each.fixed for each in values if isinstance(each, Const)))
        if len(fixed) > _MOST_CHOICES:
            return None
        possible = np.zeros(self._frame.padded, np.int64)
        left = np.ones(self._frame.padded, np.bool_)
        for when, then in pieces:
            holds, may = map(unpack, self._truths(when))
            assert isinstance(then, Const)  # noqa: S101 - seen above
            possible[left & may] |= 1 << fixed.index(then.fixed)
            left &= ~holds
        rest = len(fixed)
        if isinstance(found.otherwise, Const):
            rest = fixed.index(found.otherwise.fixed)
        possible[left] |= 1 << rest
        kinds, codes = np.unique(possible, return_inverse=True)
        return _as_codes([_chosen(int(kind), fixed) for kind in kinds], codes.astype(np.int32))

    # -- by the reference -----------------------------------------------------------------------

    def _distinct(self, found: Expression) -> Column:
        """One value for each distinct combination of the facts an expression rests on."""
        firsts, codes = self._combinations(frozenset(facts_of(found)))
        values = [found.value(self._frame.case(int(at))) for at in firsts]
        if all(value is None or isinstance(value, (int, Fraction)) for value in values) and not any(
            isinstance(value, bool) for value in values
        ):
            table = [np.nan if value is None else as_float(value) for value in values]
            return Numeric(np.asarray(table, np.float64)[codes])
        if all(value is None or isinstance(value, date) for value in values):
            table = [np.nan if value is None else as_float(value) for value in values]
            return Numeric(np.asarray(table, np.float64)[codes], is_day=True)
        return _as_codes(values, codes.astype(np.int32))

    def _by_truth(self, leaf: Leaf) -> Bits:
        names = set(facts_of(leaf.subject))
        for bound in bounds_of(leaf.test):
            names |= set(facts_of(bound))
        firsts, codes = self._combinations(frozenset(names))
        truths = [leaf.truth(self._frame.case(int(at))) for at in firsts]
        holds = np.asarray([truth is True for truth in truths], np.bool_)
        may = np.asarray([truth is not False for truth in truths], np.bool_)
        return pack(holds[codes]), pack(may[codes])

    def _combinations(
        self, names: frozenset[str]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The first row of each distinct combination of some facts, and the combination of a row."""
        mixed = np.zeros(self._frame.padded, np.int64)
        many = 1
        for name in sorted(names & set(self._frame.columns)):
            column = self._frame.columns[name]
            if isinstance(column, Coded):
                codes, size = column.codes.astype(np.int64) + 1, len(column.values) + 1
            else:
                kinds, codes = np.unique(column.values, return_inverse=True)
                size = len(kinds)
            if many * size >= 2**62:
                _, mixed = np.unique(mixed, return_inverse=True)
                many = self._frame.padded
            mixed = mixed * size + codes
            many *= size
        _, firsts, places = np.unique(mixed, return_index=True, return_inverse=True)
        return firsts, places


# -- small parts --------------------------------------------------------------------------------

_Compare = Callable[[Any, Any], Any]


def _comparisons(test: Within) -> Iterator[tuple[Expression, _Compare]]:
    if test.low is not None:
        yield test.low, np.greater_equal if test.low_in else np.greater
    if test.high is not None:
        yield test.high, np.less_equal if test.high_in else np.less


def _integral(bound: Any, compare: _Compare, kind: Any) -> int:
    """A bound for integers: 12.5 and above is 13 and above."""
    value = bound.toordinal() if isinstance(bound, date) else bound
    up = compare is np.greater_equal or compare is np.less
    found = ceil(value) if up else floor(value)
    most = _MOST[kind]
    return max(-most, min(most, found))


_MOST = {np.dtype(kind): int(np.iinfo(kind).max) - 1 for kind in (np.int16, np.int32)}


def narrowed(values: Floats) -> npt.NDArray[Any]:
    """Whole numbers in the narrowest integers that hold them, unknown ones as 0; else as given."""
    filled = np.where(np.isnan(values), 0.0, values)
    high, low = float(filled.max(initial=0.0)), float(filled.min(initial=0.0))
    for kind, most in _MOST.items():
        if -most < low and high < most:
            cells = filled.astype(kind)
            return cells if np.array_equal(cells, filled) else values
    return values


def _calculated(operation: Operation, numbers: list[Floats]) -> Floats:
    found = numbers[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        for each in numbers[1:]:
            if operation is Operation.SUM:
                found = found + each
            elif operation is Operation.PRODUCT:
                found = found * each
            elif operation is Operation.DIFFERENCE:
                found = found - each
            elif operation is Operation.RATIO:
                found = np.where(each == 0, np.nan, found / each)
            elif operation is Operation.LEAST:
                found = np.minimum(found, each)
            else:
                found = np.maximum(found, each)
    return found


def _filled(made: Column, given: Column) -> Column:
    """A derived column, with what is given where the derivation has no exact value."""
    if isinstance(made, Numeric) and isinstance(given, Numeric):
        return Numeric(np.where(np.isnan(made.values), given.values, made.values), made.is_day)
    assert isinstance(made, Coded) and isinstance(given, Coded)  # noqa: S101, PT018 - same type
    partly = np.asarray([*(isinstance(value, OneOf) for value in made.values), True], np.bool_)
    use = partly[made.codes] & (given.codes >= 0)
    values = [*made.values, *given.values]
    return _as_codes(values, np.where(use, given.codes + len(made.values), made.codes))


def _as_codes(values: list[Any], codes: npt.NDArray[Any]) -> Coded:
    """Values by number, equal ones under one, unknown ones under -1."""
    numbers: dict[Any, int] = {}
    kept: list[Any] = []
    place = []
    for each in values:
        if each is None:
            place.append(-1)
            continue
        key = (OneOf, frozenset(each.values)) if isinstance(each, OneOf) else each
        number = numbers.setdefault(key, len(kept))
        if number == len(kept):
            kept.append(each)
        place.append(number)
    table = np.asarray([*place, -1], np.int32)
    return Coded(table[codes], tuple(kept))


def _chosen(kind: int, fixed: list[Any]) -> Any:
    """The value that a set of bits stands for; the bit after the last is the unknown one."""
    if kind >> len(fixed):
        return None
    found = [value for at, value in enumerate(fixed) if kind >> at & 1]
    return found[0] if len(found) == 1 else OneOf(tuple(found))


def facts_of(found: Expression | Formula) -> Iterator[str]:
    """The names of all facts an expression or a formula rests on."""
    if isinstance(found, FactOf):
        yield found.name
    for part in inside(found):
        yield from facts_of(part)
