"""Columns of profiles (画像列): facts of many profiles side by side, for the batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from policylib.errors import ParseError
from policylib.matching.expressions import Case
from policylib.matching.reading import ProfileReader
from policylib.model.facts import Definition, FactType
from policylib.model.profile import Subject
from policylib.model.quantity import exact

__all__ = [
    "Bools",
    "Coded",
    "Column",
    "Floats",
    "Frame",
    "Numeric",
    "Packed",
    "as_float",
    "pack",
    "unpack",
]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
Packed = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
_ORDINAL_1970 = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Numeric:
    """Numbers, or days as ordinals; NaN is unknown."""

    values: Floats
    is_day: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every number is whole, so that sums are exact."""
        known = self.values[~np.isnan(self.values)]
        return bool(np.all(known == np.floor(known)) and np.all(np.abs(known) < 2**52))

    def value(self, at: int) -> Any:
        """One value as the reference knows it."""
        found = float(self.values[at])
        if found != found:  # noqa: PLR0124 - NaN
            return None
        if self.is_day:
            return date.fromordinal(int(found))
        return int(found) if found.is_integer() else exact(found)


@dataclass(frozen=True, slots=True)
class Coded:
    """Values by number: ``codes`` point into ``values``, -1 is unknown."""

    codes: Codes
    values: tuple[Any, ...]

    def value(self, at: int) -> Any:
        """One value as the reference knows it."""
        code = int(self.codes[at])
        return None if code < 0 else self.values[code]


Column = Numeric | Coded


class Frame:
    """The facts of one block of profiles, padded to whole words of 64 with unknown ones.

    Raises:
        ParseError: unknown facts, wrong types, days that cannot be; values are not repeated.

    """

    def __init__(
        self,
        subject: Subject,
        raw: Mapping[str, Any],
        reader: ProfileReader,
        on: date,
    ) -> None:
        sizes = {_size(each) for each in raw.values()}
        if len(sizes) > 1:
            raise ParseError("各列的行数不同，请核对")
        self.subject, self.on = subject, on
        self.size = sizes.pop() if sizes else 0
        self.padded = -(-self.size // 64) * 64
        self.columns: dict[str, Column] = {}
        for name, values in raw.items():
            definition = reader.definition(subject, name)
            try:
                column = _column(definition, values, reader, on)
            except ParseError as error:
                raise ParseError(f"列“{definition.name}”{error}") from None
            if definition.name in self.columns:
                raise ParseError(f"列“{definition.name}”重复（含其他名称），请只留一列")
            self.columns[definition.name] = self._pad(column)

    def _pad(self, column: Column) -> Column:
        rest = self.padded - self.size
        if not rest:
            return column
        if isinstance(column, Numeric):
            return Numeric(np.concatenate((column.values, np.full(rest, np.nan))), column.is_day)
        codes = np.concatenate((column.codes, np.full(rest, -1, np.int32)))
        return Coded(codes, column.values)

    def case(self, at: int) -> Case:
        """One profile as the reference sees it."""
        facts = {name: column.value(at) for name, column in self.columns.items()}
        known = {name: value for name, value in facts.items() if value is not None}
        return Case(self.subject, known, self.on)


def _size(raw: Any) -> int:
    return len(raw[0]) if isinstance(raw, tuple) else len(raw)


def _column(definition: Definition, raw: Any, reader: ProfileReader, on: date) -> Column:
    """A column from a list of values, a NumPy array, or codes with their words."""
    if isinstance(raw, tuple):
        return _translated(definition, np.asarray(raw[0], np.int32), list(raw[1]), reader, on)
    if isinstance(raw, np.ndarray) and raw.dtype.kind in "iufbM":
        return _array(definition, raw, on)
    numbers: dict[Any, int] = {}
    codes = np.empty(len(raw), np.int32)
    words: list[Any] = []
    for at, each in enumerate(raw):
        key = each if isinstance(each, (str, int, float, date)) else repr(each)
        if each is None or key == "":
            codes[at] = -1
            continue
        number = numbers.get(key)
        if number is None:
            number = numbers[key] = len(words)
            words.append(each)
        codes[at] = number
    return _translated(definition, codes, words, reader, on)


def _translated(
    definition: Definition, codes: Codes, words: list[Any], reader: ProfileReader, on: date
) -> Column:
    """Read each distinct value once."""
    values = [reader.value(definition, word, on) for word in words]
    if definition.type in (FactType.NUMBER, FactType.DAY):
        is_day = definition.type is FactType.DAY
        table = [float(each.toordinal() if is_day else each) for each in values]
        return Numeric(np.asarray([*table, np.nan], np.float64)[codes], is_day)
    # codes in their order, so that a region is an unbroken run
    if definition.type is FactType.CODE:
        order = sorted(range(len(values)), key=lambda at: str(values[at]))
        turned = np.asarray([*np.argsort(order), -1], np.int32)
        codes, values = turned[codes], [values[at] for at in order]
    distinct: dict[Any, int] = {}
    keys = [each if not isinstance(each, tuple) else at for at, each in enumerate(values)]
    place = np.asarray([*(distinct.setdefault(key, len(distinct)) for key in keys), -1], np.int32)
    named = dict(zip(keys, values, strict=True))
    return Coded(place[codes], tuple(named[key] for key in distinct))


def _array(definition: Definition, raw: npt.NDArray[Any], on: date) -> Column:
    kind = raw.dtype.kind
    if definition.type is FactType.DAY and kind == "M":
        days = raw.astype("datetime64[D]")
        values = days.astype(np.int64).astype(np.float64) + _ORDINAL_1970
        values[np.isnat(days)] = np.nan
        if definition.past and bool(np.any(values > on.toordinal())):
            raise ParseError("有晚于判断日的日期，请核对")
        return Numeric(values, is_day=True)
    if definition.type is FactType.NUMBER and kind in "iuf":
        values = raw.astype(np.float64)
        if bool(np.any(np.isinf(values))):
            raise ParseError("应为有限的数字")
        low, high = definition.minimum, definition.maximum
        if (low is not None and bool(np.any(values < float(low)))) or (
            high is not None and bool(np.any(values > float(high)))
        ):
            raise ParseError("有超出可能范围的数值，请核对")
        return Numeric(values)
    if definition.type is FactType.YES_NO and kind in "biuf":
        known = ~np.isnan(raw.astype(np.float64)) & (raw.astype(np.float64) >= 0)
        return Coded(np.where(known, raw != 0, -1).astype(np.int32), (False, True))
    raise ParseError(f"应为{definition.type}，列的数据类型不对，请核对")


def as_float(value: Any) -> float:
    """A number or a day as the float its column has."""
    if isinstance(value, date):
        return float(value.toordinal())
    return float(Fraction(value))


def pack(rows: Bools) -> Packed:
    """Eight rows a byte."""
    return np.packbits(rows, bitorder="little")


def unpack(bits: Packed) -> Bools:
    """One row a byte."""
    return np.unpackbits(bits, bitorder="little").view(np.bool_)
