"""The oracle: the same answers by reading every document, without an index (对照实现).

It shares the reading of queries and the filters' meaning with the engine, and nothing of its
storage or of its sets: tests compare which documents the two find, how many, and what they count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from policylib.search.analysis import Analyser, fold, pairs, pairs_of
from policylib.search.ask import Ask, Lexicon, read
from policylib.search.entry import Entry, validity_on
from policylib.search.query import Query
from policylib.search.ranking import least_cover, rarity

__all__ = ["Scan"]


class Scan:
    """A list of entries, searched one by one."""

    def __init__(self, entries: Iterable[Entry], analyser: Analyser) -> None:
        self._rows = [_Row(entry, analyser) for entry in entries]

    def find(self, query: Query) -> set[str]:
        """The ids of all documents that ``query`` finds."""
        seen = [row for row in self._rows if row.entry.public or query.staff]
        allowed = [row for row in seen if _passes(row.entry, query)]
        named = read(query.words, None)
        found = [row for row in allowed if row.is_named(named)]
        if not (named.exact and found):
            ask = read(query.words, _frequency(seen)) if named.exact else named
            if named.exact and ask.is_empty:
                return set()
            found = _matching(ask, allowed, seen)
        return {row.entry.id for row in found}

    def count(self, query: Query, facet: str) -> dict[str, int]:
        """How often each value of ``facet`` occurs among what ``query`` finds."""
        ids, counts = self.find(query), Counter[str]()
        for row in self._rows:
            if row.entry.id in ids:
                counts.update(_values(row.entry, facet, query))
        return dict(counts)


def _frequency(rows: Sequence[_Row]) -> Lexicon:
    """How many of ``rows`` have a word, by looking."""

    def count(word: str) -> int:
        return sum(word in row.body for row in rows) or sum(word in row.title for row in rows)

    return count


def _matching(ask: Ask, rows: list[_Row], seen: Sequence[_Row]) -> list[_Row]:
    if ask.units:
        covered: list[float] = [0.0] * len(rows)
        every = 0.0
        for unit in ask.units:
            worth = max(
                rarity(len(seen), sum(word in row.body for row in seen)) * share
                for word, share in unit.terms
            )
            every += worth
            for place, row in enumerate(rows):
                if any(word in row.title or word in row.body for word, _ in unit.terms) or (
                    len(unit.word) > 1 and _is_rare(unit.word, seen) and row.holds(unit.word)
                ):
                    covered[place] += worth
        least = least_cover([share for share in covered if share], every)
        rows = [r for r, share in zip(rows, covered, strict=True) if share and share >= least]
    for phrase in ask.phrases:
        rows = [row for row in rows if phrase in row.text]
    for word in ask.without:
        rows = [
            row
            for row in rows
            if not (word in row.title or word in row.body or (len(word) > 1 and row.holds(word)))
        ]
    return rows


def _is_rare(word: str, rows: Sequence[_Row]) -> bool:
    return sum(word in row.body for row in rows) * 50 < len(rows)


class _Row:
    """One entry with its terms."""

    def __init__(self, entry: Entry, analyser: Analyser) -> None:
        self.entry = entry
        self.title = analyser.words(fold(entry.title))
        self.body = analyser.words(fold(entry.body))
        self.text = (
            "".join(fold(f"{entry.title}\n").split()) + "\n" + "".join(fold(entry.body).split())
        )
        self._pairs = pairs(fold(entry.title)) | pairs(fold(entry.body))

    def holds(self, word: str) -> bool:
        """Whether every pair of ``word`` occurs somewhere."""
        wanted: Sequence[str] = pairs_of(word)
        return bool(wanted) and all(pair in self._pairs for pair in wanted)

    def is_named(self, ask: Ask) -> bool:
        """Whether the query is this document's id, 文号 or 索引号."""
        entry, exact = self.entry, ask.exact
        if not exact:
            return False
        return (
            exact == entry.id
            or fold(exact) in (fold(entry.id), fold(entry.index_number or ""))
            or (ask.number is not None and ask.number == entry.number_key)
        )


def _passes(entry: Entry, query: Query) -> bool:
    if not (entry.public or query.staff):
        return False
    for name in ("type", "kind", "form", "issuers", "themes", "tags", "audience"):
        wanted = {fold(value) for value in getattr(query, name)}
        if wanted and not wanted & set(_filter_values(entry, name)):
            return False
    if query.validity and validity_on(entry.steps, query.on.isoformat()) not in query.validity:
        return False
    if query.released_from or query.released_to:
        day = entry.released_on
        if day is None:
            return False
        if query.released_from and day < query.released_from.isoformat():
            return False
        if query.released_to and day > query.released_to.isoformat():
            return False
    return True


def _filter_values(entry: Entry, name: str) -> list[str]:
    given = getattr(entry, name)
    values = [given] if isinstance(given, str) else list(given or ())
    if name == "tags":
        values += entry.keywords
    if name == "themes":
        values += [value.split("\\")[0] for value in values]
    return [fold(value) for value in values]


def _values(entry: Entry, facet: str, query: Query) -> set[str]:
    if facet == "validity":
        return {validity_on(entry.steps, query.on.isoformat())} - {""}
    if facet == "year":
        return {(entry.released_on or "")[:4]} - {""}
    given = getattr(entry, facet)
    values = {given} if isinstance(given, str) else set(given or ())
    return values | set(entry.keywords) if facet == "tags" else values
