"""What is asked of the index and what it answers: plain frozen values, no engine's language."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

__all__ = ["FACETS", "MAX_WORDS", "SORTS", "Hit", "Query", "Results"]

#: Longest query text in characters; longer ones are refused.
MAX_WORDS = 1_000
#: Header fields that can be counted.
FACETS = ("type", "kind", "form", "issuers", "themes", "tags", "audience", "validity", "year")
#: Orders of results.
SORTS = ("relevance", "newest", "oldest", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search (检索请求). All filters must hold; an empty filter does not restrict.

    ``words`` is free text; a part in double quotes (半角或全角) must occur to the letter.
    ``themes`` and ``issuers`` match any of the given values; a theme also covers its children.
    ``validity`` filters by 时效性 on the day ``on``. ``staff`` also finds what is not released.
    """

    words: str = ""
    issuers: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    validity: tuple[str, ...] = ()
    released_from: date | None = None
    released_to: date | None = None
    on: date
    facets: tuple[str, ...] = ()
    sort: str = "relevance"
    limit: int = 10
    offset: int = 0
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found (命中): ``marks`` are the places in ``snippet`` that matched."""

    id: str
    title: str
    doc_number: str | None
    validity: str
    score: float
    snippet: str
    provision: str | None
    type: str | None = None
    issuers: tuple[str, ...] = ()
    released_on: str | None = None
    marks: tuple[tuple[int, int], ...] = ()

    def snippet_html(self) -> str:
        """The snippet for a web page: escaped, matches in ``<mark>``."""
        parts, end = [], 0
        for start, stop in self.marks:
            parts.append(html.escape(self.snippet[end:start]))
            parts.append(f"<mark>{html.escape(self.snippet[start:stop])}</mark>")
            end = stop
        parts.append(html.escape(self.snippet[end:]))
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query: how many documents matched, one page of hits, and the counts.

    ``facets`` maps a field to value counts, most frequent first. ``notice`` is a Chinese sentence
    when the query was read otherwise than it was written.
    """

    total: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notice: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)
