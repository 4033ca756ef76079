"""Aligning two sequences in order (顺序对齐): what they have in common, at bounded cost.

Long windows are cut at runs that occur once on both sides (patience); short ones are solved exactly
by a longest common subsequence in bit vectors (Hyyrö 2004); what repeats itself without end is
cut into windows of equal share. Nothing is quadratic in the length of the input.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from math import isqrt
from typing import NamedTuple

__all__ = ["Block", "align", "heaviest_chain"]

_WINDOW = 16_000_000  # cells (bits) of one exact window: 2 MB
_LONGEST_RUN = 16  # tokens: longer runs are not asked for before a shorter one is trusted
_LOOKS = 6  # how often anchors are looked for, in lengths of the input


class Block(NamedTuple):
    """``size`` equal members, from ``before`` in one sequence and from ``after`` in the other."""

    before: int
    after: int
    size: int


class _Window(NamedTuple):
    a: int
    a_end: int
    b: int
    b_end: int


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Block]:
    """What two sequences have in common, in order (公共部分); neighbouring blocks are joined.

    >>> align("abcd", "abxcd")
    [Block(before=0, after=0, size=2), Block(before=2, after=3, size=2)]
    """
    names: dict[Hashable, int] = {}
    a = [names.setdefault(each, len(names)) for each in before]
    b = [names.setdefault(each, len(names)) for each in after]
    found: list[Block] = []
    work = [_Window(0, len(a), 0, len(b))]
    looks = _LOOKS * (len(a) + len(b))
    while work:
        window = _trim(a, b, work.pop(), found)
        height, width = window.a_end - window.a, window.b_end - window.b
        if not height or not width:
            continue
        if height * width <= _WINDOW:
            found.extend(_exact(a, b, window))
            continue
        looks -= height + width
        anchors = _anchors(a, b, window) if looks >= 0 else []
        work.extend(_between(anchors, window, found) if anchors else _shares(window))
    return _joined(found)


def heaviest_chain(pairs: Iterable[tuple[int, int, float]], width: int) -> list[tuple[int, int]]:
    """Choose pairs (i, j, weight > 0) that rise in both i and j, of the greatest weight (最重链).

    ``width`` is more than every j. Cost: n log n.

    >>> heaviest_chain([(0, 1, 1.0), (1, 0, 0.5), (1, 2, 1.0)], 3)
    [(0, 1), (1, 2)]
    """
    ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    best: list[tuple[float, int]] = [(0.0, -1)] * (width + 1)  # a Fenwick tree of maxima
    above: list[int] = []
    top = (0.0, -1)
    for place, (_, j, weight) in enumerate(ordered):
        reached = (0.0, -1)
        at = j
        while at > 0:
            reached = max(reached, best[at])
            at -= at & -at
        above.append(reached[1])
        mine = (reached[0] + weight, place)
        top = max(top, mine)
        at = j + 1
        while at <= width:
            best[at] = max(best[at], mine)
            at += at & -at
    chain: list[tuple[int, int]] = []
    place = top[1]
    while place >= 0:
        chain.append(ordered[place][:2])
        place = above[place]
    chain.reverse()
    return chain


def _trim(a: list[int], b: list[int], window: _Window, found: list[Block]) -> _Window:
    """Take off what the two begin and end with."""
    low, a_end, other, b_end = window
    while low < a_end and other < b_end and a[low] == b[other]:
        low += 1
        other += 1
    if low > window.a:
        found.append(Block(window.a, window.b, low - window.a))
    while low < a_end and other < b_end and a[a_end - 1] == b[b_end - 1]:
        a_end -= 1
        b_end -= 1
    if a_end < window.a_end:
        found.append(Block(a_end, b_end, window.a_end - a_end))
    return _Window(low, a_end, other, b_end)


def _anchors(a: list[int], b: list[int], window: _Window) -> list[tuple[int, int]]:
    """Places where the longest runs that occur once on each side begin, rising in both."""
    x, y = a[window.a : window.a_end], b[window.b : window.b_end]
    sizes = [(x, y)]
    size = 1
    while size < _LONGEST_RUN and min(len(x), len(y)) > 2 * size:
        runs: dict[tuple[int, int], int] = {}
        x = [runs.setdefault(pair, len(runs)) for pair in zip(x, x[size:], strict=False)]
        y = [runs.setdefault(pair, len(runs)) for pair in zip(y, y[size:], strict=False)]
        sizes.append((x, y))
        size *= 2
    for x, y in reversed(sizes):
        in_x, in_y = Counter(x), Counter(y)
        where = {run: place for place, run in enumerate(y) if in_y[run] == 1}
        pairs = [(i, where[run]) for i, run in enumerate(x) if in_x[run] == 1 and run in where]
        if pairs:
            return _rising(pairs)
    return []


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest rising part of pairs that are in the order of their first member."""
    ends: list[int] = []
    last: list[int] = []
    above: list[int] = []
    for place, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        if at == len(ends):
            ends.append(j)
            last.append(place)
        else:
            ends[at], last[at] = j, place
        above.append(last[at - 1] if at else -1)
    chain: list[tuple[int, int]] = []
    place = last[-1]
    while place >= 0:
        chain.append(pairs[place])
        place = above[place]
    chain.reverse()
    return chain


def _between(anchors: list[tuple[int, int]], window: _Window, found: list[Block]) -> list[_Window]:
    """The windows between anchors; the anchors themselves are found."""
    a, b = window.a, window.b
    gaps: list[_Window] = []
    for i, j in anchors:
        found.append(Block(window.a + i, window.b + j, 1))
        if a < window.a + i and b < window.b + j:
            gaps.append(_Window(a, window.a + i, b, window.b + j))
        a, b = window.a + i + 1, window.b + j + 1
    gaps.append(_Window(a, window.a_end, b, window.b_end))
    return gaps


def _shares(window: _Window) -> list[_Window]:
    """Cut a window without anchors into windows of equal share, each small enough."""
    height, width = window.a_end - window.a, window.b_end - window.b
    count = isqrt(height * width // _WINDOW) + 2
    return [
        _Window(
            window.a + height * share // count,
            window.a + height * (share + 1) // count,
            window.b + width * share // count,
            window.b + width * (share + 1) // count,
        )
        for share in range(count)
    ]


def _exact(a: list[int], b: list[int], window: _Window) -> list[Block]:
    """The longest common subsequence of a window, a bit for each member of the longer side."""
    x, y = a[window.a : window.a_end], b[window.b : window.b_end]
    if swapped := len(x) < len(y):
        x, y = y, x
    rows = _rows(x, y)
    found: list[Block] = []
    column, row = len(x), len(y)
    while column and row:
        at, bit = (column - 1) >> 3, 1 << ((column - 1) & 7)
        if rows[row - 1][at] & bit:
            column -= 1
        elif row > 1 and not rows[row - 2][at] & bit:
            row -= 1
        else:
            column -= 1
            row -= 1
            i, j = (row, column) if swapped else (column, row)
            found.append(Block(window.a + i, window.b + j, 1))
    return found


def _rows(x: list[int], y: list[int]) -> list[bytes]:
    """One bit vector for each member of ``y``: a zero where the common length grows by one."""
    size = (len(x) + 7) >> 3
    wanted = {each: bytearray(size) for each in y}
    for at, each in enumerate(x):
        if each in wanted:
            wanted[each][at >> 3] |= 1 << (at & 7)
    masks = {each: int.from_bytes(bits, "little") for each, bits in wanted.items()}
    full = (1 << (8 * size)) - 1
    vector = full
    rows: list[bytes] = []
    for each in y:
        common = vector & masks[each]
        vector = ((vector + common) | (vector - common)) & full
        rows.append(vector.to_bytes(size, "little"))
    return rows


def _joined(found: list[Block]) -> list[Block]:
    """Sort the blocks and join those that follow each other on both sides."""
    found.sort()
    joined: list[Block] = []
    a = b = size = 0
    for i, j, more in found:
        if size and i == a + size and j == b + size:
            size += more
            continue
        if size:
            joined.append(Block(a, b, size))
        a, b, size = i, j, more
    if size:
        joined.append(Block(a, b, size))
    return joined
