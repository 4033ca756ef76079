"""The segments as a search sees them (检索分段): with what hidden documents add for staff."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from policylib.search.entry import Entry
from policylib.search.rows import HIDDEN
from policylib.search.segments import Postings, Segments, SegmentView, Snapshot

__all__ = ["Part", "parts_of", "place_of"]


@dataclass(slots=True)
class Part:
    """One segment's share of a search."""

    view: SegmentView
    deleted: frozenset[int]
    staff: bool = False
    allowed: set[int] = field(default_factory=set)
    scores: dict[int, float] = field(default_factory=dict)
    covered: dict[int, float] = field(default_factory=dict)

    def postings(self, name: str, term: bytes) -> Postings:
        """Documents with a term and its impacts; hidden documents' only for staff."""
        ids, values = self.view.postings(name, term)
        if self.staff:
            more, others = self.view.postings(HIDDEN + name, term)
            if others:
                return array("I", [*ids, *more]), values + others
        return ids, values

    def lists(self, name: str, term: bytes) -> Iterator[Postings]:
        """As :meth:`postings`, in one or two lists, each in rising order."""
        yield self.view.postings(name, term)
        if self.staff:
            yield self.view.postings(HIDDEN + name, term)

    def frequency(self, name: str, term: bytes) -> int:
        """How many documents have a term; hidden documents count only for staff."""
        hidden = self.view.frequency(HIDDEN + name, term) if self.staff else 0
        return self.view.frequency(name, term) + hidden

    def terms(self, name: str, prefix: bytes) -> Iterator[tuple[bytes, Any]]:
        """Terms with a prefix and their documents; a term may come twice for staff."""
        yield from self.view.terms(name, prefix)
        if self.staff:
            yield from self.view.terms(HIDDEN + name, prefix)

    def header(self, doc: int) -> Entry:
        """What is kept of a document, without its text."""
        return Entry.from_header(bytes(self.view.column("header")[doc]))


def parts_of(snapshot: Snapshot, *, staff: bool = False) -> list[Part]:
    """The parts of one search."""
    return [
        Part(view, deleted, staff)
        for view, deleted in zip(snapshot.views, snapshot.deleted, strict=True)
    ]


def place_of(parts: list[Part], key: str) -> tuple[int, int] | None:
    """Where a row stands: the number of its part, and its own in there."""
    for n, part in enumerate(parts):
        for doc in part.view.postings(Segments.KEY, key.encode("utf-8", "surrogatepass"))[0]:
            if doc not in part.deleted:
                return n, doc
    return None
