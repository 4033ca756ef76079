"""The answer to a query (检索结果): the page of hits in its order, and the counts beside it."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policylib.search.analysis import encode, fold
from policylib.search.ask import Ask
from policylib.search.entry import Entry, validity_on
from policylib.search.part import Part
from policylib.search.query import Hit, Query, Results
from policylib.search.ranking import Weights, standing
from policylib.search.rows import Facts, read_facts
from policylib.search.segments import SegmentView
from policylib.search.snippet import excerpt

__all__ = ["MOST_RANKED", "Answering"]

MOST_RANKED = 5_000  # results ranked beyond this are not paged


@dataclass(frozen=True, slots=True)
class Answering:
    """Filters, orders and counts; the facts of a segment are read once and kept."""

    weights: Weights
    _facts: dict[str, list[Facts]] = field(default_factory=dict)

    def allowed(self, part: Part, query: Query) -> set[int]:
        """The documents that pass all filters; nothing else takes part in the search at all."""
        found = set(part.postings("filter", b"any")[0])
        found -= part.deleted
        for name in ("type", "kind", "form", "issuers", "themes", "tags", "audience"):
            values = getattr(query, name)
            if values:
                among: set[int] = set()
                for term in encode(f"{name}:{fold(value)}" for value in values):
                    among.update(part.postings("filter", term)[0])
                found &= among
        if query.validity or query.released_from or query.released_to:
            day = query.on.isoformat()
            first = query.released_from.isoformat() if query.released_from else ""
            last = query.released_to.isoformat() if query.released_to else "9999"
            dated = bool(first) or last != "9999"
            facts = self._facts_of(part.view)
            found = {
                doc
                for doc in found
                if (not query.validity or validity_on(facts[doc][1], day) in query.validity)
                and (not dated or (facts[doc][0] and first <= facts[doc][0] <= last))
            }
        return found

    def answer(self, parts: list[Part], query: Query, ask: Ask, notice: str | None) -> Results:
        """The results from the scores of the parts."""
        total = sum(len(part.scores) for part in parts)
        page = self._page(parts, query, ask)
        hits = tuple(_hit(part, doc, score, query, ask) for score, part, doc in page)
        facets = {name: self._count(parts, name, query) for name in query.facets}
        return Results(total, hits, facets, notice)

    def _facts_of(self, view: SegmentView) -> list[Facts]:
        if (known := self._facts.get(view.name)) is None:
            column = view.column("facts")
            known = self._facts[view.name] = [read_facts(column[doc]) for doc in range(view.size)]
        return known

    def _page(self, parts: list[Part], query: Query, ask: Ask) -> list[tuple[float, Part, int]]:
        last = query.offset + query.limit
        if query.sort == "relevance" and (ask.units or ask.phrases):
            ranked = self._ranked(parts, query, last)
        else:
            everyone = [(part, doc) for part in parts for doc in part.scores]
            if query.sort == "title":
                everyone.sort(key=lambda item: item[0].header(item[1]).title)
            else:
                # undated documents come last either way
                newest = query.sort != "oldest"
                none = "" if newest else "9999"
                everyone.sort(
                    key=lambda item: self._facts_of(item[0].view)[item[1]][0] or none,
                    reverse=newest,
                )
            ranked = [(part.scores[doc], part, doc) for part, doc in everyone]
        return ranked[query.offset : last]

    def _ranked(self, parts: list[Part], query: Query, last: int) -> list[tuple[float, Part, int]]:
        """Best first; the first few are looked at again with the text at hand."""
        wanted = max(last, self.weights.rerank)
        best = heapq.nlargest(
            min(wanted, MOST_RANKED),
            (
                (score, number, doc)
                for number, part in enumerate(parts)
                for doc, score in part.scores.items()
            ),
        )
        day = query.on.isoformat()
        again = []
        for score, number, doc in best[: self.weights.rerank]:
            part = parts[number]
            entry = part.header(doc)
            factor = standing(validity_on(entry.steps, day))
            again.append((score * factor, number, doc, entry.released_on or ""))
        again.sort(key=lambda item: (item[0], item[3]), reverse=True)
        rest = best[self.weights.rerank :]
        return [(s, parts[n], d) for s, n, d, _ in again] + [(s, parts[n], d) for s, n, d in rest]

    def _count(self, parts: list[Part], name: str, query: Query) -> Mapping[str, int]:
        counts: Counter[str] = Counter()
        if name in ("validity", "year"):
            day = query.on.isoformat()
            for part in parts:
                facts = self._facts_of(part.view)
                for doc in part.scores:
                    released, steps = facts[doc]
                    counts[validity_on(steps, day) if name == "validity" else released[:4]] += 1
            counts.pop("", None)
        else:
            for part in parts:
                for value, ids in _values(part, name):
                    if common := len(part.scores.keys() & ids):
                        counts[value] += common
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _hit(part: Part, doc: int, score: float, query: Query, ask: Ask) -> Hit:
    entry = part.header(doc)
    body, provisions = Entry.from_text(bytes(part.view.column("text")[doc]))
    words = [term for unit in ask.units for term, _ in unit.terms] + list(ask.phrases)
    snippet, marks, provision = excerpt(body, provisions, words)
    return Hit(
        id=entry.id,
        title=entry.title,
        doc_number=entry.doc_number,
        validity=validity_on(entry.steps, query.on.isoformat()) or entry.stage,
        score=round(score, 4),
        snippet=snippet,
        provision=provision,
        type=entry.type,
        issuers=entry.issuers,
        released_on=entry.released_on,
        marks=marks,
    )


def _values(part: Part, name: str) -> Iterator[tuple[str, set[int]]]:
    """The values of a facet and the documents that have each."""
    prefix = f"facet:{name}:".encode()
    for term, ids in part.terms("filter", prefix):
        yield term[len(prefix) :].decode("utf-8", "surrogatepass"), set(ids)
