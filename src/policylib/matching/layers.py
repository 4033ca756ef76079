"""Bit masks for the values of one attribute (位图层): which conjunctions a value leaves standing.

A layer has at most one test of each conjunction, so a value that is only partly known keeps the
exact three-valued meaning: the AND of the masks of its possible values, and their OR.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from policylib.matching.expressions import Const, OneOf
from policylib.matching.formula import Among, Has, Leaf, Under, Within

__all__ = ["KeyedLayer", "Layer", "OrderedLayer", "Placed", "bits", "is_keyed", "is_ordered"]

#: A test in a conjunction: its bit, whether it is taken as it is, the test.
Placed = tuple[int, bool, Leaf]
_MOST_BYTES = 48_000_000


def bits(places: Iterable[int], size: int) -> int:
    """An integer with these bits set; ``size`` is how many bits there may be."""
    found = bytearray((size >> 3) + 1)
    for at in places:
        found[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(found, "little")


class Layer(Protocol):
    """Masks of the conjunctions that a value leaves standing."""

    absent: int

    def masks(self, value: Any, on: date) -> int | tuple[int, int]:
        """The conjunctions that stand; two masks, sure and possible, for a partly known value."""


# -- numbers and days ---------------------------------------------------------------------------


def is_ordered(leaf: Leaf) -> bool:
    """Whether it is a test against fixed bounds."""
    test = leaf.test
    return isinstance(test, Within) and all(isinstance(each, Const) for each in test.bounds)


class OrderedLayer:
    """Tests against fixed bounds: the line is cut at the bounds, each piece has its mask.

    Piece ``2 i + 1`` is the bound ``i`` itself, piece ``2 i`` lies before it.
    """

    def __init__(self, tests: Sequence[Placed], size: int) -> None:
        everything = (1 << size) - 1
        self.absent = everything ^ bits((at for at, _, _ in tests), size)
        self._size = size
        self.cuts = sorted({each.fixed for _, _, leaf in tests for each in _bounds(leaf)})
        place = {cut: at for at, cut in enumerate(self.cuts)}
        turns: dict[int, list[int]] = {}
        for at, positive, leaf in tests:
            first, end = _pieces(leaf, place, 2 * len(self.cuts) + 1)
            if not positive:
                turns.setdefault(0, []).append(at)
            turns.setdefault(first, []).append(at)
            turns.setdefault(end, []).append(at)
        self._turns = turns
        self._masks: dict[int, int] = {}
        if len(turns) * (size >> 3) <= _MOST_BYTES:
            self._fill()

    def _fill(self) -> None:
        mask = self.absent
        for piece in range(2 * len(self.cuts) + 1):
            if piece in self._turns:
                mask ^= self._turned(self._turns[piece])
            self._masks[piece] = mask

    def _turned(self, places: Iterable[int]) -> int:
        """A bit that turns twice at one place does not turn."""
        found = bytearray((self._size >> 3) + 1)
        for at in places:
            found[at >> 3] ^= 1 << (at & 7)
        return int.from_bytes(found, "little")

    def masks(self, value: Any, on: date) -> int | tuple[int, int]:  # noqa: ARG002
        """The mask of the piece a value lies on."""
        if value.__class__ is OneOf:
            return _both([self.mask(each) for each in value.values])
        return self.mask(value)

    def mask(self, value: Any) -> int:
        """The mask of one value."""
        cuts = self.cuts
        at = bisect_left(cuts, value)
        piece = 2 * at + (at < len(cuts) and cuts[at] == value)
        mask = self._masks.get(piece)
        if mask is None:
            if len(self._masks) * (self._size >> 3) > _MOST_BYTES:
                self._masks.clear()
            turned = [
                at for first, places in self._turns.items() if first <= piece for at in places
            ]
            mask = self._masks[piece] = self.absent ^ self._turned(turned)
        return mask


def _bounds(leaf: Leaf) -> list[Const]:
    test = leaf.test
    return (
        [each for each in test.bounds if isinstance(each, Const)]
        if isinstance(test, Within)
        else []
    )


def _pieces(leaf: Leaf, place: Mapping[Any, int], end: int) -> tuple[int, int]:
    """The pieces where a test holds: the first one, and the first one after."""
    test = leaf.test
    assert isinstance(test, Within)  # noqa: S101 - is_ordered
    first = 0
    if isinstance(test.low, Const):
        first = 2 * place[test.low.fixed] + (1 if test.low_in else 2)
    if isinstance(test.high, Const):
        end = 2 * place[test.high.fixed] + (2 if test.high_in else 1)
    return first, max(first, end)


# -- words, codes, yes and no -------------------------------------------------------------------


def is_keyed(leaf: Leaf) -> bool:
    """Whether it asks for fixed values, codes or words."""
    return isinstance(leaf.test, (Among, Under, Has))


class KeyedLayer:
    """Tests for fixed values: a value has keys (itself, the codes above it), each with its bits."""

    def __init__(self, tests: Sequence[Placed], size: int) -> None:
        everything = (1 << size) - 1
        self.absent = everything ^ bits((at for at, _, _ in tests), size)
        denied = bits((at for at, positive, _ in tests if not positive), size)
        self.base = self.absent | denied
        places: dict[Hashable, list[int]] = {}
        for at, _, leaf in tests:
            for key in _keys(leaf):
                places.setdefault(key, []).append(at)
        self._at = {key: bits(found, size) for key, found in places.items()}
        self.one = {key: self.base ^ mask for key, mask in self._at.items()}
        under = next((leaf.test for _, _, leaf in tests if isinstance(leaf.test, Under)), None)
        self.tree = under.tree if under else None
        self.words = any(isinstance(leaf.test, Has) for _, _, leaf in tests)

    def masks(self, value: Any, on: date) -> int | tuple[int, int]:
        """The masks of a value; two where a code was split or values are possible."""
        if value.__class__ is OneOf:
            every = [self.masks(each, on) for each in value.values]
            return _both(
                [m for each in every for m in ((each,) if isinstance(each, int) else each)]
            )
        if self.tree is not None:
            paths = self.tree.paths(value, on)
            if len(paths) > 1:
                return _both([self._mask(value, path) for path in paths])
            return self._mask(value, paths[0])
        if self.words:
            return self._mask(None, value)
        return self.one.get(value, self.base)

    def _mask(self, value: Hashable, keys: Iterable[str]) -> int:
        hit = self._at.get(value, 0)
        for key in keys:
            hit |= self._at.get(("under", key), 0)
        return self.base ^ hit


def _keys(leaf: Leaf) -> Iterable[Hashable]:
    test = leaf.test
    if isinstance(test, Among):
        return test.values
    if isinstance(test, Under):
        return (("under", code) for code in test.codes)
    assert isinstance(test, Has)  # noqa: S101 - is_keyed
    return (("under", word) for word in test.words)


def _both(masks: Sequence[int]) -> tuple[int, int]:
    if not masks:
        return 0, 0
    sure = possible = masks[0]
    for mask in masks[1:]:
        sure &= mask
        possible |= mask
    return sure, possible


# -- several layers of one attribute ------------------------------------------------------------


def merged(layers: Sequence[Layer]) -> Layer:
    """The layers of one attribute as one, as fast as their kinds allow."""
    if len(layers) == 1 and not _is_coded(layers[0]):
        return layers[0]
    ordered = [each for each in layers if isinstance(each, OrderedLayer)]
    keyed = [each for each in layers if isinstance(each, KeyedLayer)]
    if len(ordered) == len(layers):
        return _MergedOrdered(ordered)
    if len(keyed) == len(layers) and not any(each.tree or each.words for each in keyed):
        return _MergedKeyed(keyed)
    return _Merged(layers)


def _is_coded(layer: Layer) -> bool:
    return isinstance(layer, KeyedLayer) and layer.tree is not None


class _Merged:
    """Layers one after another; the masks of exact values are kept for the next time."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = [each.masks for each in layers]
        self.absent = layers[0].absent
        for each in layers:
            self.absent &= each.absent
        self._known: dict[tuple[Any, date], int] = {}
        self._most = _MOST_BYTES // (self.absent.bit_length() // 8 + 1)

    def masks(self, value: Any, on: date) -> int | tuple[int, int]:
        """The masks of all layers together."""
        exact = value.__class__ is not OneOf
        if exact:
            known = self._known.get((value, on))
            if known is not None:
                return known
        sure = possible = -1
        for masks in self._layers:
            found = masks(value, on)
            low, high = (found, found) if isinstance(found, int) else found
            sure &= low
            possible &= high
        if sure != possible:
            return sure, possible
        if exact:
            if len(self._known) >= self._most:
                self._known.clear()
            self._known[value, on] = sure
        return sure


class _MergedKeyed(_Merged):
    """Layers of plain values: one table."""

    def __init__(self, layers: Sequence[KeyedLayer]) -> None:
        super().__init__(layers)
        keys = {key for each in layers for key in each.one}
        self._base = _all_of(each.base for each in layers)
        self._one = {key: _all_of(each.one.get(key, each.base) for each in layers) for key in keys}

    def masks(self, value: Any, on: date) -> int | tuple[int, int]:
        """One look-up for a known value."""
        if value.__class__ is OneOf:
            return super().masks(value, on)
        return self._one.get(value, self._base)


class _MergedOrdered(_Merged):
    """Layers of fixed bounds: one line with the bounds of all, filled as pieces are asked for."""

    def __init__(self, layers: Sequence[OrderedLayer]) -> None:
        super().__init__(layers)
        self._each = [each.mask for each in layers]
        self._cuts = sorted({cut for each in layers for cut in each.cuts})
        self._pieces: dict[int, int] = {}

    def masks(self, value: Any, on: date) -> int | tuple[int, int]:
        """One search for a known value."""
        if value.__class__ is OneOf:
            return super().masks(value, on)
        cuts = self._cuts
        at = bisect_left(cuts, value)
        piece = 2 * at + (at < len(cuts) and cuts[at] == value)
        mask = self._pieces.get(piece)
        if mask is None:
            if len(self._pieces) >= self._most:
                self._pieces.clear()
            mask = self._pieces[piece] = _all_of(each(value) for each in self._each)
        return mask


def _all_of(masks: Iterable[int]) -> int:
    found = -1
    for mask in masks:
        found &= mask
    return found
