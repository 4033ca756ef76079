"""Finding the source of a copy among many documents (相似文本): sketches, then exact comparison.

A text is the set of its shingles, eight characters of its normal form each. An index keeps of each
document the ``SKETCH`` shingles with the smallest hashes (bottom-k sketch, Broder 1997): a fair sample
of all of them, so what a query shares with the sample it shares with the document. The texts
themselves stay with the caller.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nsmallest
from zlib import crc32

from policylib.errors import ParseError
from policylib.pages.normal import normal_form

__all__ = ["SKETCH", "Likeness", "LikenessIndex", "likeness", "shingles"]

#: How many hashes are kept of a document.
SKETCH = 64
_WIDTH = 8
_BUCKETS = 4096
_BITS = 12
_ASKED = 1500  # how many hashes of a query are looked up
_BUDGET = 8_000  # how many entries a query may touch
_TOUCHED = 400  # how many documents are looked at by their sketch
_EXACT = 5
_LONG = 8_000  # characters of a text, beyond which a part of it is looked at first
_PART, _WINDOWS = 5_000, 4
_SURE = 0.6  # score of a part, from which the rest of the text need not be asked about
_CLOSE = 0.1  # between two documents, below which a sample is not enough
_ANCHORS = ",.的("  # where the shingles begin that stand for a long text
_MAGIC = b"policylib likeness 1\n"
_MIX = 0x9E3779B1
_MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a text and a document are (相似度), each from 0 to 1.

    ``jaccard`` is the share of all shingles that both have; ``contained`` the share of the text's that
    the document has, ``containing`` the share of the document's that the text has.
    """

    document: str
    jaccard: float
    contained: float
    containing: float


def shingles(text: str) -> set[str]:
    """The shingles of a text: every eight characters of its normal form; a shorter text is one."""
    return _cut(normal_form(text))


def _cut(form: str) -> set[str]:
    if len(form) <= _WIDTH:
        return {form} if form else set()
    return {form[n : n + _WIDTH] for n in range(len(form) - _WIDTH + 1)}


def likeness(document: str, text: Set[str], other: Set[str]) -> Likeness:
    """Compare two sets of shingles exactly; ``document`` names the second.

    >>> likeness("甲", shingles("每人每月补助六十元整"), shingles("每人每月补助六十元整")).jaccard
    1.0
    """
    both = len(text & other)
    either = len(text) + len(other) - both
    return Likeness(
        document,
        both / either if either else 1.0,
        both / len(text) if text else 1.0,
        both / len(other) if other else 1.0,
    )


def _fair(form: str) -> set[str]:
    """The shingles that begin at common signs: about one in ten, the same ones of copies."""
    found = set()
    for sign in _ANCHORS:
        at = form.find(sign)
        while at >= 0:
            found.add(form[at : at + _WIDTH])
            at = form.find(sign, at + 1)
    return found


def _is_close(form: str, forms: Mapping[str, str]) -> bool:
    """Whether a sample of shingles cannot tell which of some forms is nearest."""
    ours = _fair(form)
    best = sorted(
        (likeness(name, ours, _fair(each)).jaccard for name, each in forms.items()), reverse=True
    )
    return len(best) > 1 and best[0] - best[1] < _CLOSE


def _part(form: str) -> str:
    """Some thousand characters of a long form, from all over it."""
    size = _PART // _WINDOWS
    step = (len(form) - size) // (_WINDOWS - 1)
    return "".join(form[n * step : n * step + size] for n in range(_WINDOWS))


def _hashes(form: str) -> list[int]:
    """The hashes of the shingles of a normal form, each once, smallest first."""
    data = form.encode("utf-16-le", "surrogatepass")
    size = 2 * _WIDTH
    if not data:
        return []
    found = {crc32(data[n : n + size]) for n in range(0, max(len(data) - size, 0) + 1, 2)}
    return sorted([each * _MIX & _MASK for each in found])


class LikenessIndex:
    """An index of texts by their sketches (相似文本索引), grown one document at a time.

    Memory: ``SKETCH`` × 12 bytes and the id a document; 100,000 documents take about 100 MB.
    """

    def __init__(self) -> None:
        self._names: list[str | None] = []
        self._numbers: dict[str, int] = {}
        # Entries are (hash without its bucket) << 32 | document; each bucket is sorted.
        self._buckets = [array("Q") for _ in range(_BUCKETS)]
        self._sketches = array("I")
        self._starts = array("Q", (0,))

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, document: str) -> bool:
        return document in self._numbers

    @property
    def size(self) -> int:
        """The bytes its arrays take."""
        arrays = (*self._buckets, self._sketches, self._starts)
        return sum(len(each) * each.itemsize for each in arrays)

    def add(self, document: str, text: str) -> None:
        """Take in a document, or its new text."""
        self.remove(document)
        self._enter(document, _hashes(normal_form(text))[:SKETCH])

    def _enter(self, document: str, kept: Sequence[int]) -> None:
        number = len(self._names)
        self._names.append(document)
        self._numbers[document] = number
        self._sketches.extend(kept)
        self._starts.append(len(self._sketches))
        for each in kept:
            insort(self._buckets[each % _BUCKETS], each >> _BITS << 32 | number)

    def remove(self, document: str) -> None:
        """Forget a document; nothing happens when it is not there. Its entries are passed over."""
        number = self._numbers.pop(document, None)
        if number is not None:
            self._names[number] = None

    def candidates(self, text: str, limit: int = 20) -> list[tuple[str, float]]:
        """Documents that may share text, the likeliest first, with an estimate of how much (0 to 1).

        The estimate is of the larger containment, from the sketch: of the document in the text, or of
        the text in the document.
        """
        return self._likely(normal_form(text), limit)

    def _likely(self, form: str, limit: int) -> list[tuple[str, float]]:
        if len(form) > _LONG:
            found = self._scored(_part(form), limit)
            if found and found[0][1] >= _SURE:
                return found
        return self._scored(form, limit)

    def _scored(self, form: str, limit: int) -> list[tuple[str, float]]:
        hashes = _hashes(form)
        asked = set(hashes)
        found = []
        for number in self._touched(hashes):
            name = self._names[number]
            if name is None:
                continue
            kept = self._sketch(number)
            hits = len(asked.intersection(kept))
            below = bisect_right(hashes, kept[-1])  # what the sketch would have kept of the text
            found.append((name, hits / (min(len(kept), below) + 1)))
        return nsmallest(limit, found, key=lambda pair: (-pair[1], pair[0]))

    def _touched(self, hashes: list[int]) -> list[int]:
        """The documents that most often have the rarer hashes of a text.

        Phrases that thousands of notices have are left aside while there are others.
        """
        spans: list[tuple[int, int, array[int]]] = []
        for each in hashes[:_ASKED]:
            bucket = self._buckets[each % _BUCKETS]
            key = each >> _BITS << 32
            first = bisect_left(bucket, key)
            if first < len(bucket) and bucket[first] < key + (1 << 32):
                last = bisect_left(bucket, key + (1 << 32), first)
                spans.append((last - first, first, bucket))
        spans.sort(key=lambda span: span[0])
        counts: dict[int, int] = {}
        budget = _BUDGET
        for length, first, bucket in spans:
            if length > budget and counts:
                break
            budget -= length
            for entry in bucket[first : first + min(length, _BUDGET)]:
                number = entry & _MASK
                counts[number] = counts.get(number, 0) + 1
        return nsmallest(_TOUCHED, counts, key=lambda number: -counts[number])

    def _sketch(self, number: int) -> array[int]:
        return self._sketches[self._starts[number] : self._starts[number + 1]]

    def find(
        self,
        text: str,
        load: Callable[[str], str | None],
        *,
        least: float = 0.2,
        limit: int = _EXACT,
    ) -> tuple[Likeness, ...]:
        """The documents most like a text (查找来源), the most alike first.

        Texts of more than 8,000 characters are compared by a fair sample of their shingles, unless two
        documents come close; others exactly.

        ``load`` gives the text of a document, None when it is gone. Left out is what has a ``jaccard``
        and both containments below ``least``.
        """
        form = normal_form(text)
        candidates = self._likely(form, max(limit, _EXACT))
        if not candidates:
            return ()
        best = candidates[0][1]
        forms: dict[str, str] = {}
        for document, score in candidates[:limit]:
            if forms and score < best / 2:
                break
            other = load(document)
            if other is not None:
                forms[document] = normal_form(other)
        if len(form) <= _LONG or _is_close(form, forms):
            ours = _cut(form)
            alike = [likeness(document, ours, _cut(each)) for document, each in forms.items()]
        else:
            ours = _fair(form)
            alike = [likeness(document, ours, _fair(each)) for document, each in forms.items()]
        found = [
            each for each in alike if max(each.jaccard, each.contained, each.containing) >= least
        ]
        return tuple(
            sorted(found, key=lambda each: (-each.jaccard, -each.contained, each.document))
        )

    def dump(self) -> bytes:
        """The index as bytes, the same on every machine; removed documents are left out."""
        order = sorted(self._numbers.values())
        head = "\n".join(_escape(self._names[n] or "") for n in order)
        names = head.encode("utf-8", "surrogatepass")
        sketches = [self._sketch(number) for number in order]
        flat = [each for sketch in sketches for each in sketch]
        return b"".join(
            (
                _MAGIC,
                struct.pack("<III", len(order), len(names), len(flat)),
                names,
                bytes(len(sketch) for sketch in sketches),
                struct.pack(f"<{len(flat)}I", *flat),
            )
        )

    @classmethod
    def load(cls, data: bytes) -> LikenessIndex:
        """Read what :meth:`dump` wrote.

        Raises:
            ParseError: it is something else, or cut short.

        """
        at = len(_MAGIC) + 12
        if not data.startswith(_MAGIC) or len(data) < at:
            raise ParseError("不是相似文本索引，请重新建立索引")
        count, length, total = struct.unpack_from("<III", data, len(_MAGIC))
        sizes = data[at + length : at + length + count]
        if len(data) != at + length + count + 4 * total or sum(sizes) != total:
            raise ParseError("相似文本索引不完整，请重新建立索引")
        try:
            head = data[at : at + length].decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise ParseError("相似文本索引已损坏，请重新建立索引") from error
        names = [_unescape(name) for name in head.split("\n")] if count else []
        if len(names) != count or len(set(names)) != count:
            raise ParseError("相似文本索引已损坏，请重新建立索引")
        hashes = struct.unpack_from(f"<{total}I", data, at + length + count)
        index, first = cls(), 0
        for name, size in zip(names, sizes, strict=True):
            index._enter(name, hashes[first : first + size])
            first += size
        return index


def _escape(name: str) -> str:
    return name.replace("\\", "\\\\").replace("\n", "\\n")


def _unescape(name: str) -> str:
    return "\\".join(part.replace("\\n", "\n") for part in name.split("\\\\"))
