"""Writing a segment, and joining others into it (检索分段的写入与合并)."""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from policylib.search.segments.codec import Codec
from policylib.search.segments.loading import reading, writing

__all__ = ["KEY", "Row", "Transaction", "Writer"]

#: The field that names a row.
KEY = "key"
#: Every look-up costs once a segment, and to join costs up to a fifth of indexing. So FEW segments are
#: left alone; of more, GROWTH of one size class (a power of GROWTH) are joined with all smaller ones.
FEW, GROWTH = 4, 3
#: While somebody waits only the classes below GROWTH**5 documents are looked at, unless there are more
#: than MOST segments: a release is found at once, and the larger ones are joined at night.
_SMALL_LEVEL, MOST = 5, 24

Group = tuple[str, bytes, Any, Any]  # field, term, document numbers, impacts


@dataclass(frozen=True, slots=True)
class Row:
    """One document to write: terms with impacts (1-255) by field, and column values."""

    key: str
    terms: Mapping[str, Mapping[bytes, int]]
    columns: Mapping[str, bytes]


class _Pool:
    """Postings of the segment being written: its own, and those of segments that join it."""

    def __init__(self) -> None:
        self.terms: dict[str, dict[bytes, tuple[Any, bytearray]]] = {}
        self.joined: list[Iterator[Group]] = []

    def iter_postings(self) -> Iterator[Group]:
        """All postings by field and term; of what joins, one list at a time is in memory."""
        groups = heapq.merge(self._own(), *self.joined, key=itemgetter(0, 1))
        for (name, term), same in groupby(groups, key=itemgetter(0, 1)):
            lists = [(ids, bytes(impacts)) for _, _, ids, impacts in same]
            numbers = sum((ids for ids, _ in lists[1:]), start=lists[0][0])
            yield name, term, numbers, b"".join(impacts for _, impacts in lists)

    def _own(self) -> Iterator[Group]:
        for name in sorted(self.terms):
            bucket = self.terms[name]
            for term in sorted(bucket):
                yield (name, term, *bucket[term])

    def cleanup(self) -> None:
        self.terms, self.joined = {}, []


class Writer(writing.SegmentWriter):
    """Whoosh's segment writer with our pool; joining segments moves whole posting lists."""

    def __init__(self, ix: Any, timeout: float) -> None:
        super().__init__(ix, timeout=timeout, codec=Codec())
        self.pool = _Pool()

    def add_row(self, row: Row) -> None:
        """Add one document."""
        doc, out, schema = self.docnum, self.perdocwriter, self.schema
        out.start_doc(doc)
        for fieldname, terms in row.terms.items():
            bucket = self.pool.terms.setdefault(fieldname, {})
            get = bucket.get
            for term, impact in terms.items():
                found = get(term)
                if found is None:
                    found = bucket[term] = (array("I"), bytearray())
                found[0].append(doc)
                found[1].append(impact)
        for name, value in row.columns.items():
            out.add_column_value(name, schema[name].column_type, value)
        out.finish_doc()
        self._added = True
        self.docnum += 1

    def join(self, segment: Any) -> None:
        """Take in the documents of another segment that are not deleted."""
        reader = reading.SegmentReader(self.storage, self.schema, segment)
        kinds = {name: self.schema[name].column_type for name in self.schema.names()}
        kept = {
            name: (kind, reader.column_reader(name, kind))
            for name, kind in kinds.items()
            if kind and reader.has_column(name)
        }
        numbers = array("I", bytes(4 * segment.doc_count_all()))
        deleted = frozenset(segment.deleted_docs())
        out, start = self.perdocwriter, self.docnum
        for doc in range(len(numbers)):
            if doc in deleted:
                continue
            numbers[doc] = self.docnum
            out.start_doc(self.docnum)
            for name, (kind, values) in kept.items():
                out.add_column_value(name, kind, values[doc])
            out.finish_doc()
            self.docnum += 1
            self._added = True
        groups = _renumbered(reader._terms.groups(), numbers, deleted, start)
        self.pool.joined.append(groups)


def _renumbered(
    groups: Iterable[Group], numbers: Any, deleted: frozenset[int], start: int
) -> Iterator[Group]:
    """The postings of a segment under the numbers that its documents have in another."""
    for name, term, ids, impacts in groups:
        if not deleted:
            yield name, term, array("I", [start + doc for doc in ids]), impacts
            continue
        kept = [at for at, doc in enumerate(ids) if doc not in deleted]
        if kept:
            new = array("I", [numbers[ids[at]] for at in kept])
            yield name, term, new, bytes(impacts[at] for at in kept)


class Transaction:
    """Rows added and deleted together; nothing is seen before :meth:`commit`."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self._rows: dict[str, int] = {}
        self._gone: set[str] = set()

    def put(self, row: Row) -> None:
        """Add ``row`` in place of any older row with its key."""
        self.delete(row.key)
        self._rows[row.key] = self._writer.docnum
        self._writer.add_row(Row(row.key, {**row.terms, KEY: {row.key.encode(): 1}}, row.columns))

    def delete(self, key: str) -> None:
        """Remove the row named ``key``, if there is one, here or in older segments."""
        if (own := self._rows.pop(key, None)) is not None:
            self._writer.newsegment.delete_document(own)
        self._gone.add(key)

    def commit(self, *, settle: bool = False) -> None:
        """Make it all visible at once; ``settle`` when there is time to join large segments."""
        writer = self._writer
        for segment in writer.segments:
            if not self._gone:
                break
            reader = _terms_of(writer.storage, segment)
            for key in self._gone:
                for doc in reader.postings(KEY, key.encode())[0]:
                    segment.delete_document(doc)
            reader.close()
        writer.commit(mergetype=lambda _, segments: _join(writer, segments, settle=settle))

    def tidy(self) -> None:
        """Join segments of whatever size where there are too many; else nothing changes."""
        sizes = sorted(_size(each) for each in self._writer.segments)
        if crowd(sizes, 0, settle=True):
            self.commit(settle=True)
        else:
            self.cancel()

    def cancel(self) -> None:
        """Forget it all."""
        self._writer.cancel()


def _join(writer: Writer, segments: list[Any], *, settle: bool) -> list[Any]:
    """Join what there is too much of; the segments that are left."""
    by_size = sorted(segments, key=_size)
    count = crowd([_size(each) for each in by_size], writer.docnum, settle=settle)
    joined, left = by_size[:count], by_size[count:]
    for segment in joined:
        writer.join(segment)
    return [segment for segment in segments if segment in left]


def crowd(sizes: Sequence[int], new: int, *, settle: bool) -> int:
    """How many of the smallest segments a new one of ``new`` documents takes in.

    ``sizes`` rise. A document is moved once in each size class, so the cost of writing grows with
    the logarithm of the library (the tiered merging of O'Neil et al., The Log-Structured
    Merge-Tree, Acta Informatica 33, 1996).
    """
    if len(sizes) < FEW:
        return 0
    floor = _SMALL_LEVEL if settle else 0  # with time enough all small ones are of one class
    levels = [max(floor, _level(size)) for size in sizes]
    count = 0
    for level in range(floor, levels[-1] + 1 if settle else _SMALL_LEVEL):
        below = bisect_right(levels, level)
        alike = levels[count:below].count(level) + (max(floor, _level(new)) == level)
        if alike >= GROWTH:
            new += sum(sizes[count:below])
            count = below
    if len(sizes) - count >= MOST:
        count = max(count, len(sizes) // 2)
    return count


def _size(segment: Any) -> int:
    return int(segment.doc_count_all() - segment.deleted_count())


def _level(size: int) -> int:
    level = 0
    while size >= GROWTH ** (level + 1):
        level += 1
    return level


def _terms_of(storage: Any, segment: Any) -> Any:
    """The terms of a segment, without opening its columns."""
    files = segment.open_compound_file(storage) if segment.is_compound() else storage
    return segment.codec().terms_reader(files, segment)
