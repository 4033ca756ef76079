"""Long stretches that two strings have in common (长段相同文字), found without reading them by words.

Of one string fixed blocks are kept that occur once; the other is read through, and a block found
is followed as far as both go on alike.
"""

from __future__ import annotations

from policylib.text.aligning import Block, heaviest_chain

__all__ = ["islands"]

_BLOCK = 16
_MARGIN = 32  # characters left to be compared by words at either end of an island
_EDGES = "\n。；，、"


def islands(before: str, after: str) -> list[Block]:
    """Long common stretches, rising in both strings (公共长段); their edges fall between phrases.

    >>> islands("一二三四五六七八九十" * 9 + "。甲乙", "一二三四五六七八九十" * 9 + "。甲丙")
    [Block(before=0, after=0, size=91)]
    """
    found = _matches(before, after)
    ranks = {i: rank for rank, i in enumerate(sorted({match.before for match in found}))}
    weighed = ((place, ranks[match.before], float(match.size)) for place, match in enumerate(found))
    kept: list[Block] = []
    i = j = 0
    for place, _ in heaviest_chain(weighed, len(ranks)):
        match = found[place]
        over = max(i - match.before, j - match.after, 0)
        start, end = match.before + over, match.before + match.size
        start = _after_edge(before, start) if start else start
        end = _before_edge(before, end) if end < len(before) else end
        if start < end:
            kept.append(Block(start, match.after + start - match.before, end - start))
            i, j = end, match.after + end - match.before
    return kept


def _matches(before: str, after: str) -> list[Block]:
    """Common stretches in the order of ``after``, each as long as it can be."""
    blocks: dict[str, int] = {}
    for at in range(0, len(before) - _BLOCK + 1, _BLOCK):
        block = before[at : at + _BLOCK]
        blocks[block] = -1 if block in blocks else at
    found: list[Block] = []
    j = low = 0
    if start := _alike(before, after, 0, 0):
        found.append(Block(0, 0, start))
        j = low = start
    while j + _BLOCK <= len(after):
        i = blocks.get(after[j : j + _BLOCK], -1)
        if i < 0:
            j += 1
            continue
        back = 0
        while (
            back < _BLOCK
            and i > back
            and j - back > low
            and before[i - back - 1] == after[j - back - 1]
        ):
            back += 1
        size = back + _alike(before, after, i, j)
        found.append(Block(i - back, j - back, size))
        j = low = j - back + size
    return found


def _alike(before: str, after: str, i: int, j: int) -> int:
    """How far two strings go on alike."""
    size, step = 0, 64
    while before[i : i + step] == after[j : j + step] and i + step <= len(before):
        size, i, j = size + step, i + step, j + step
        step *= 2
    while step > 1:
        step //= 2
        if i + step <= len(before) and before[i : i + step] == after[j : j + step]:
            size, i, j = size + step, i + step, j + step
    return size


def _after_edge(text: str, at: int) -> int:
    """The end of the first phrase behind ``at``, or a little further."""
    places = [place for mark in _EDGES if (place := text.find(mark, at, at + _MARGIN)) >= 0]
    return min(places) + 1 if places else min(at + _MARGIN, len(text))


def _before_edge(text: str, at: int) -> int:
    """The end of the last phrase before ``at``, or a little before it."""
    low = max(0, at - _MARGIN)
    places = [place for mark in _EDGES if (place := text.rfind(mark, low, at)) >= 0]
    return max(places) + 1 if places else low
