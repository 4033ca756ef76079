"""What was changed in a wording (字句改动), in units that people read: phrases, amounts, dates, 文号.

No segmenter: characters are compared, but numbers with their units, dates, 第十二条 and document
numbers stay whole; then scattered common characters are given up and edits moved to the edges
of phrases.

>>> [f"{edit.op}{edit.text}" for edit in reworded("每人每月60元。", "每人每月90元。")]
['=每人每月', '-60元', '+90元', '=。']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

from policylib.text.aligning import Block, align
from policylib.text.docnumber import DocNumber
from policylib.text.islands import islands

__all__ = ["Edit", "Op", "joined", "reworded", "tokens"]


class Op(StrEnum):
    """What became of a stretch of text (处理)."""

    SAME = "="
    GONE = "-"
    NEW = "+"


class Edit(NamedTuple):
    """A stretch of text and what became of it (改动片段)."""

    op: Op
    text: str


_D = "0-9０-９"
_HAN = "〇○零一二两三四五六七八九十百千万亿"
_FIGURE = rf"[{_D}]{{1,20}}(?:[.．,][{_D}]{{1,20}}){{0,6}}"
_UNIT = (
    "个?工作日|个?[日月]|小时|分钟|周岁|人次|[万亿]?元|[％%‰]|平方(?:千?米|公里)|立方米|公[里斤顷]|千[米瓦克]"
    "|[年天周岁角户人名倍亩米吨克件项份辆套间家台级类种批页条款章节个次度]"
)
_COUNT = rf"(?:{_FIGURE}|[{_HAN}]{{1,20}})"
_TOKEN = re.compile(
    rf"[{_D}]{{4}}年(?:[{_D}]{{1,2}}月)?(?:[{_D}]{{1,2}}日)?"
    rf"|[〇○零一二三四五六七八九]{{4}}年(?:[{_HAN}]{{1,3}}月)?(?:[{_HAN}]{{1,3}}日)?"
    r"|[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}(?![0-9])"
    rf"|第[（(]?(?:[{_D}]{{1,6}}|[{_HAN}]{{1,10}})[）)]?(?:分编|部分|[编章节条款项目号])"
    rf"(?:之(?:[{_D}]{{1,3}}|[{_HAN}]{{1,3}}))?"
    rf"|[（(](?:[{_D}]{{1,3}}|[{_HAN}]{{1,4}})[）)]|(?<![^\n])[{_HAN}]{{1,4}}、"
    rf"|百分之{_COUNT}(?:点[{_HAN}]{{1,10}})?|[{_HAN}]{{1,10}}分之{_COUNT}"
    rf"|{_FIGURE}[{_HAN}]{{0,3}}(?:{_UNIT})?|[{_HAN}]{{1,20}}余?(?:{_UNIT})|[{_HAN}]{{2,20}}"
    r"|[A-Za-zＡ-Ｚａ-ｚ]{1,40}|\s+|[\s\S][\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]{0,8}"
)
_KEEPS = re.compile("[\n。；！？]")
_LONG = 2_000  # characters: above this a passage may change in many places
_NOISE = 2  # characters: what is longer is given up only between edits three times as long
_TOO_LITTLE = 0.2  # of the shorter text: less in common is a new wording; twice that if scattered
_SCATTERED = 3  # characters in common between two edits, on average
_HOPELESS = 20_000**2  # pairs of characters: more are not looked at one by one
_BREAK = 4  # characters: what one more edit costs the reader
_FARTHEST = 80  # tokens: how far an edit is moved
_CLOSING = frozenset("，、：；。！？,;:!?）)》〉」』”’】〕")
_OPENING = frozenset("（(《〈「『“‘【〔")


class _Hunk(NamedTuple):
    """Tokens ``a`` to ``a_end`` became ``b`` to ``b_end``."""

    a: int
    a_end: int
    b: int
    b_end: int


def tokens(text: str) -> list[str]:
    """Cut a text into what is compared (比对单元); joined, they are the text.

    >>> tokens("依照青政发〔2024〕5号第十二条，补助1.5万元")
    ['依', '照', '青政发〔2024〕5号', '第十二条', '，', '补', '助', '1.5万元']
    """
    found: list[str] = []
    at = 0
    for start, end in _numbers(text):
        found.extend(match[0] for match in _TOKEN.finditer(text, at, start))
        found.append(text[start:end])
        at = end
    found.extend(match[0] for match in _TOKEN.finditer(text, at))
    return found


def reworded(before: str, after: str) -> tuple[Edit, ...]:
    """The edits that make ``after`` of ``before`` (字句改动), in order.

    What is not new, joined, is ``before``; what is not gone, joined, is ``after``.
    """
    if before == after:
        return (Edit(Op.SAME, before),) if before else ()
    if not before or not after or len(before) * len(after) > _HOPELESS:
        return joined(_by_islands(before, after))
    return _reworded(before, after)


def _by_islands(before: str, after: str) -> Iterator[Edit]:
    """The edits of long strings: what lies between long stretches that both have."""
    i = j = 0
    for to_i, to_j, size in [*islands(before, after), (len(before), len(after), 0)]:
        old, new = before[i:to_i], after[j:to_j]
        if not old or not new or len(old) * len(new) > _HOPELESS:
            yield Edit(Op.GONE, old)
            yield Edit(Op.NEW, new)
        else:
            yield from _reworded(old, new)
        yield Edit(Op.SAME, before[to_i : to_i + size])
        i, j = to_i + size, to_j + size


def _reworded(before: str, after: str) -> tuple[Edit, ...]:
    a, b = tokens(before), tokens(after)
    sums = _Sums(list(accumulate(map(len, a), initial=0)), list(accumulate(map(len, b), initial=0)))
    hunks = _quiet(_hunks(a, b, align(a, b)), b, sums)
    if len(hunks) > 1 and max(len(before), len(after)) <= _LONG:
        backward = _quiet(_hunks(a, b, _from_behind(a, b)), b, sums)
        hunks = _whole(min(hunks, backward, key=sums.total), sums)
    return _edits(_shifted(hunks, a, b), a, b)


def joined(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Join neighbouring edits of one kind and drop empty ones (合并)."""
    found: list[tuple[Op, list[str]]] = []
    for op, text in edits:
        if not text:
            continue
        if found and found[-1][0] is op:
            found[-1][1].append(text)
        else:
            found.append((op, [text]))
    return tuple(Edit(op, "".join(texts)) for op, texts in found)


class _Sums(NamedTuple):
    """Characters before each token."""

    a: list[int]
    b: list[int]

    def total(self, hunks: list[_Hunk]) -> int:
        return sum(self.size(hunk) + _BREAK for hunk in hunks)

    def size(self, hunk: _Hunk) -> int:
        gone = self.a[hunk.a_end] - self.a[hunk.a]
        return max(gone, self.b[hunk.b_end] - self.b[hunk.b])


def _numbers(text: str) -> list[tuple[int, int]]:
    """Where document numbers stand; the members of a list after their head are left out."""
    found: list[tuple[int, int]] = []
    if "号" in text:
        for span, _ in DocNumber.find(text):
            if not found or span.start >= found[-1][1]:
                found.append((span.start, span.end))
    return found


def _from_behind(a: list[str], b: list[str]) -> list[Block]:
    """Another alignment of the same length, where there are several."""
    blocks = align(a[::-1], b[::-1])
    return [Block(len(a) - i - n, len(b) - j - n, n) for i, j, n in reversed(blocks)]


def _hunks(a: Sequence[str], b: Sequence[str], blocks: list[Block]) -> list[_Hunk]:
    found: list[_Hunk] = []
    i = j = 0
    for block in [*blocks, None]:
        to_i, to_j, size = block or (len(a), len(b), 0)
        if to_i > i or to_j > j:
            found.append(_Hunk(i, to_i, j, to_j))
        i, j = to_i + size, to_j + size
    return found


def _quiet(hunks: list[_Hunk], b: Sequence[str], sums: _Sums) -> list[_Hunk]:
    """Give up common characters between edits that are shorter than the edits on both sides."""
    found: list[_Hunk] = []
    for each in hunks:
        hunk = each
        while found:
            last = found[-1]
            common = sums.b[hunk.b] - sums.b[last.b_end]
            around = min(sums.size(last), sums.size(hunk))
            if common > (around if common <= _NOISE else min(2 * _NOISE + 1, around // 3)):
                break
            if any(_KEEPS.search(b[at]) for at in range(last.b_end, hunk.b)):
                break
            hunk = _Hunk(last.a, hunk.a_end, last.b, hunk.b_end)
            found.pop()
        found.append(hunk)
    return found


def _whole(hunks: list[_Hunk], sums: _Sums) -> list[_Hunk]:
    """One replacement instead of many where little is in common between the first and the last."""
    whole = _Hunk(hunks[0].a, hunks[-1].a_end, hunks[0].b, hunks[-1].b_end)
    common = sum(sums.b[after.b] - sums.b[hunk.b_end] for hunk, after in pairwise(hunks))
    smaller = min(sums.a[whole.a_end] - sums.a[whole.a], sums.b[whole.b_end] - sums.b[whole.b])
    scattered = common < _SCATTERED * (len(hunks) - 1)
    share = _TOO_LITTLE * (2 if scattered else 1)
    return [whole] if common < share * smaller else hunks


def _shifted(hunks: list[_Hunk], a: Sequence[str], b: Sequence[str]) -> list[_Hunk]:
    """Move what was only added or only taken away to where a phrase begins or ends."""
    found: list[_Hunk] = []
    for place, hunk in enumerate(hunks):
        low = found[-1] if found else _Hunk(0, 0, 0, 0)
        high = hunks[place + 1] if place + 1 < len(hunks) else _Hunk(len(a), 0, len(b), 0)
        if hunk.a == hunk.a_end:
            by = _shift(b, hunk.b, hunk.b_end, low.b_end, high.b)
        elif hunk.b == hunk.b_end:
            by = _shift(a, hunk.a, hunk.a_end, low.a_end, high.a)
        else:
            by = 0
        moved = _Hunk(hunk.a + by, hunk.a_end + by, hunk.b + by, hunk.b_end + by)
        if found and (low.a_end, low.b_end) == (moved.a, moved.b):
            found.pop()
            moved = _Hunk(low.a, moved.a_end, low.b, moved.b_end)
        found.append(moved)
    return found


def _shift(text: Sequence[str], start: int, end: int, low: int, high: int) -> int:
    """By how many tokens the stretch may best be moved between ``low`` and ``high``."""
    first = 0
    while (
        first > -_FARTHEST
        and start + first > low
        and text[start + first - 1] == text[end + first - 1]
    ):
        first -= 1
    last = 0
    while last < _FARTHEST and end + last < high and text[start + last] == text[end + last]:
        last += 1
    if first == last:
        return 0
    return max(
        range(first, last + 1),
        key=lambda by: (_edge(text, start + by) + _edge(text, end + by), -abs(by)),
    )


def _edge(text: Sequence[str], at: int) -> int:
    """How well a phrase may begin at a token."""
    if at in {0, len(text)}:
        return 6
    left, right = text[at - 1][-1], text[at][0]
    if left == "\n":
        return 6
    if left in "。；！？":
        return 5
    if left in "，、：,":
        return 4
    if right in _OPENING:
        return 3
    return 2 if left in _CLOSING or right in _CLOSING else 0


def _edits(hunks: list[_Hunk], a: Sequence[str], b: Sequence[str]) -> tuple[Edit, ...]:
    found: list[Edit] = []
    at = 0
    for hunk in hunks:
        found.append(Edit(Op.SAME, "".join(a[at : hunk.a])))
        found.append(Edit(Op.GONE, "".join(a[hunk.a : hunk.a_end])))
        found.append(Edit(Op.NEW, "".join(b[hunk.b : hunk.b_end])))
        at = hunk.a_end
    found.append(Edit(Op.SAME, "".join(a[at:])))
    return joined(found)
