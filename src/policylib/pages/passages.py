"""Where two copies of a text differ (差异段落), in time linear in the texts but for small passages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import accumulate

from policylib.pages.normal import normal_form, readable, widths

__all__ = ["Passage", "PassageKind", "Text", "differences"]

_CLAUSE = re.compile(r"[^.,;:!?、\"<>()]{0,200}[.,;:!?、\"<>()]?")
_MOST = 20
_SMALL = 400
_AROUND = 12


class PassageKind(StrEnum):
    """How a passage differs from the source (差异类型)."""

    CHANGED = "改动"
    MISSING = "缺少"
    EXTRA = "多出"
    MOVED = "次序"


@dataclass(frozen=True, slots=True)
class Passage:
    """One difference: the words of the source and those of the page, some words around them."""

    kind: PassageKind
    source: str
    page: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if not self.source and self.kind is PassageKind.CHANGED:  # the source is not at hand
            return f"与权威文本不同：“{self.before}【{self.page}】”"
        if not self.source and self.kind is PassageKind.MISSING:
            return f"“{self.before}”之后缺少一句"
        around = f"{self.before}【{{}}】{self.after}"
        match self.kind:
            case PassageKind.MISSING:
                return f"缺少：{around.format(self.source)}"
            case PassageKind.EXTRA:
                return f"多出：{around.format(self.page)}"
            case PassageKind.MOVED:
                return f"次序不同：“{self.source}”"
        return f"原文：{around.format(self.source)}，页面为：“{self.page}”"


class Text:
    """A text with its normal form, and the way back from the form to the words.

    ``start`` and ``end`` bound what is compared; places are those of the normal form.
    """

    __slots__ = ("_ends", "_plain", "end", "form", "start", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.form = normal_form(text)
        self.start = 0
        self.end = len(self.form)
        self._plain = ""
        self._ends: list[int] = []

    @property
    def compared(self) -> str:
        """The part of the form that is compared."""
        return self.form[self.start : self.end]

    def words(self, start: int, end: int) -> str:
        """The words as written that gave a stretch of the form."""
        if not self._ends:
            self._plain = readable(self.text)
            self._ends = list(accumulate(widths(self._plain)))
        if start >= end:
            return ""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._ends, end)
        return " ".join(self._plain[first : last + 1].split())


def differences(source: Text, page: Text) -> tuple[Passage, ...]:
    """The passages in which a page differs from its source, in order, at most twenty.

    Clauses found once in each text are the landmarks; between them the words are compared one by
    one where they are few. A clause that only stands elsewhere is reported as moved.
    """
    spans = _spans(source, page)
    gone = {_turned(source.form[a:b]) for a, b, c, d in spans if c == d}
    come = {_turned(page.form[c:d]) for a, b, c, d in spans if a == b}
    found: list[Passage] = []
    for a, b, c, d in spans:
        ours, theirs = page.form[c:d], source.form[a:b]
        if not theirs and len(ours) > 3 and _turned(ours) in gone:
            continue  # told where it is missing
        kind = PassageKind.CHANGED
        if not ours:
            elsewhere = len(theirs) > 3 and _turned(theirs) in come
            kind = PassageKind.MOVED if elsewhere else PassageKind.MISSING
        elif not theirs:
            kind = PassageKind.EXTRA
        found.append(
            Passage(
                kind,
                _short(source.words(a, b)),
                _short(page.words(c, d)),
                page.words(max(page.start, c - _AROUND), c),
                page.words(d, min(page.end, d + _AROUND)),
            )
        )
        if len(found) == _MOST:
            break
    return tuple(found)


def _turned(form: str) -> tuple[int, str]:
    """The same for what was cut out one letter earlier or later: 甲乙丙 and 乙丙甲."""
    return len(form), "".join(sorted(form))


def _short(words: str) -> str:
    return words if len(words) <= 200 else f"{words[:120]}……{words[-60:]}"


_Span = tuple[int, int, int, int]


def _spans(source: Text, page: Text) -> list[_Span]:
    """Where the forms differ, as stretches of both."""
    a, b = source.start, source.end
    c, d = page.start, page.end
    head = _common(source.form[a:b], page.form[c:d])
    a, c = a + head, c + head
    tail = _common(source.form[a:b][::-1], page.form[c:d][::-1])
    b, d = b - tail, d - tail
    spans: list[_Span] = []
    for e, f, g, h in _between_landmarks(source.form, page.form, (a, b, c, d)):
        if len(spans) < 200 and f - e <= _SMALL and h - g <= _SMALL and f > e and h > g:
            spans.extend(_letters(source.form, page.form, (e, f, g, h)))
        elif f > e or h > g:
            spans.append((e, f, g, h))
    return spans


def _common(one: str, other: str) -> int:
    """The length of the common beginning, by halving."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _clauses(form: str, start: int, end: int) -> tuple[list[str], list[int]]:
    words, places = [], []
    for match in _CLAUSE.finditer(form, start, end):
        if match[0]:
            words.append(match[0])
            places.append(match.start())
    return words, places


def _between_landmarks(source: str, page: str, span: _Span) -> Iterator[_Span]:
    """Cut two stretches at the clauses that stand once in each, in the same order."""
    a, b, c, d = span
    if b - a <= _SMALL and d - c <= _SMALL and (a == b or c == d):
        yield span
        return
    ours, our_places = _clauses(page, c, d)
    theirs, their_places = _clauses(source, a, b)
    once = {word for word, n in Counter(ours).items() if n == 1 and len(word) > 1}
    at = {word: n for n, word in enumerate(ours) if word in once}
    counted = Counter(theirs)
    pairs = [(n, at[word]) for n, word in enumerate(theirs) if word in at and counted[word] == 1]
    for n, m in _rising(pairs):
        first, second = their_places[n], our_places[m]
        if first < a or second < c:
            continue
        if first > a or second > c:
            yield _trimmed(source, page, (a, first, c, second))
        a, c = first + len(theirs[n]), second + len(ours[m])
    if b > a or d > c:
        yield _trimmed(source, page, (a, b, c, d))


def _trimmed(source: str, page: str, span: _Span) -> _Span:
    a, b, c, d = span
    head = _common(source[a:b], page[c:d])
    a, c = a + head, c + head
    tail = _common(source[a:b][::-1], page[c:d][::-1])
    return a, b - tail, c, d - tail


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises in both (最长上升子序列), in n log n."""
    tops: list[int] = []
    heads: list[int] = []
    back = [-1] * len(pairs)
    for n, (_, place) in enumerate(pairs):
        at = bisect_left(tops, place)
        if at == len(tops):
            tops.append(place)
            heads.append(n)
        else:
            tops[at], heads[at] = place, n
        back[n] = heads[at - 1] if at else -1
    found = []
    n = heads[-1] if heads else -1
    while n >= 0:
        found.append(pairs[n])
        n = back[n]
    return found[::-1]


def _letters(source: str, page: str, span: _Span) -> Iterator[_Span]:
    """Compare two short stretches letter by letter; close changes are one."""
    a, b, c, d = span
    last: _Span | None = None
    matcher = SequenceMatcher(None, source[a:b], page[c:d], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        here = (a + i, a + j, c + k, c + m)
        if last and here[0] - last[1] <= 2 and here[2] - last[3] <= 2:
            last = (last[0], here[1], last[2], here[3])
        else:
            if last:
                yield last
            last = here
    if last:
        yield last
