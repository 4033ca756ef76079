"""Segments opened for reading (检索分段)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policylib.search.segments.codec import Postings
from policylib.search.segments.loading import reading

__all__ = ["SegmentView", "Snapshot"]


class SegmentView:
    """One segment opened for reading: posting lists and columns by document number."""

    def __init__(self, storage: Any, schema: Any, segment: Any) -> None:
        self._reader = reading.SegmentReader(storage, schema, segment)
        self._schema = schema
        self._columns: dict[str, Any] = {}
        self.name: str = segment.segid
        self.size: int = segment.doc_count_all()

    def postings(self, fieldname: str, term: bytes) -> Postings:
        """Document numbers in rising order and their impacts; both empty for an unknown term."""
        found: Postings = self._reader._terms.postings(fieldname, term)
        return found

    def frequency(self, fieldname: str, term: bytes) -> int:
        """In how many documents the term occurs."""
        count: int = self._reader._terms.df(fieldname, term)
        return count

    def terms(self, fieldname: str, prefix: bytes) -> Iterator[tuple[bytes, Any]]:
        """Terms that begin with ``prefix``, each with its document numbers."""
        terms = self._reader._terms
        for name, term in terms.terms_from(fieldname, prefix):
            if name != fieldname or not term.startswith(prefix):
                return
            yield term, terms.postings(fieldname, term)[0]

    def column(self, name: str) -> Any:
        """A sequence of bytes by document number."""
        if name not in self._columns:
            self._columns[name] = self._reader.column_reader(name, self._schema[name].column_type)
        return self._columns[name]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index at one generation: views and, for each, the numbers that are deleted."""

    generation: int
    views: tuple[SegmentView, ...]
    deleted: tuple[frozenset[int], ...]
