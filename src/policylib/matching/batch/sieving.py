"""Cells that cannot be read (坏数据): which rows of a column they are in, and why, without the value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from policylib.errors import ParseError
from policylib.matching.reading import ProfileReader
from policylib.model.facts import Definition, FactType

__all__ = ["only_rows", "wrong_rows"]


def wrong_rows(
    values: Any, definition: Definition, reader: ProfileReader, on: date
) -> Iterator[tuple[int, str]]:
    """The rows of a column with a value that the fact cannot have, and what it should be.

    Raises:
        ParseError: the whole column is of another kind.

    """
    if isinstance(values, np.ndarray):
        yield from _wrong_numbers(values, definition, on)
        return
    coded = isinstance(values, tuple)
    words = values[1] if coded else dict.fromkeys(each for each in values if _is_word(each))
    bad: dict[Any, str] = {}
    if not coded:
        broken = (at for at, each in enumerate(values) if isinstance(each, tuple))
        yield from ((at, "所在行的列数与第一行不同") for at in broken)
    for number, word in enumerate(words):
        try:
            reader.value(definition, word, on)
        except ParseError as error:
            bad[number if coded else word] = str(error)
    if not bad:
        return
    cells = values[0].tolist() if coded else values
    for at, cell in enumerate(cells):
        if (coded or _is_word(cell)) and cell in bad:
            yield at, bad[cell]


def _wrong_numbers(
    values: npt.NDArray[Any], definition: Definition, on: date
) -> Iterator[tuple[int, str]]:
    kind = values.dtype.kind
    if definition.type is FactType.NUMBER and kind in "iuf":
        low, high = definition.minimum, definition.maximum
        found = np.isinf(values)
        if low is not None:
            found = found | (values < float(low))
        if high is not None:
            found = found | (values > float(high))
        said = "超出可能的范围，请核对"
    elif definition.type is FactType.DAY and kind == "M":
        past = values.astype("datetime64[D]") > np.datetime64(on)
        found = past if definition.past else np.zeros(len(values), np.bool_)
        said = "晚于判断日，请核对"
    elif definition.type is FactType.YES_NO and kind in "biuf":
        return
    else:
        raise ParseError(f"应为{definition.type}，列的数据类型不对，请核对")
    for at in np.flatnonzero(found).tolist():
        yield at, said


def _is_word(value: Any) -> bool:
    return isinstance(value, (str, int, float, date))


def only_rows(values: Any, kept: list[int]) -> Any:
    """A column with some of its rows."""
    if isinstance(values, tuple):
        return values[0][kept], values[1]
    return [values[at] for at in kept] if isinstance(values, list) else values[kept]
