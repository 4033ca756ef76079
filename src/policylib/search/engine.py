"""Matching and ranking over the segments: what is found, in which order, and how many."""

from __future__ import annotations

import heapq
import math
import struct
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from policylib.errors import BackendError, ParseError
from policylib.model.vocabulary import Validity
from policylib.search.analysis import Analyser, encode, fold, impacts, pairs, pairs_of
from policylib.search.ask import Ask, Lexicon, read
from policylib.search.entry import Entry, validity_on
from policylib.search.query import FACETS, SORTS, Hit, Query, Results
from policylib.search.segmenter import Segmenter
from policylib.search.segments import Postings, Row, Segments, SegmentView, Snapshot
from policylib.search.similar import LEAST_LIKE, Alike, Likeness, features, holding
from policylib.search.snippet import excerpt

__all__ = ["ENOUGH", "LEAST", "Engine", "Weights", "rarity"]

#: When this many documents have every word of a query, only they are found (AND first).
ENOUGH = 10
#: Otherwise a document is found that covers this share of what the best one covers, by rarity.
LEAST = 0.5
_ALL = 0.999  # sums of the same numbers in another order

_FIELDS = ("title", "title_pairs", "body", "body_pairs", "filter", "name")
#: Before the name of a field: the same of documents that the public may not see.
_HIDDEN = "~"
_COLUMNS = ("header", "text", "facts", "plain")
_STAMP_KEY = "\x00stamp"
#: What reading damaged files raises, besides what the files' own readers report.
_DAMAGE = (
    OSError, ValueError, KeyError, IndexError, EOFError, MemoryError, struct.error, zlib.error,
)  # fmt: skip
_ASIDE = 0.6  # what likeness counts that has nothing to do with a document's title
_TOP = 5_000  # results ranked beyond this are not paged


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the ranking formula, in one place (docs/search.md tells how they were set)."""

    title: float = 2.6
    body: float = 1.0
    title_pairs: float = 1.2
    body_pairs: float = 0.3
    coverage: float = 1.5
    rerank: int = 40


@dataclass(slots=True)
class _Part:
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
            more, others = self.view.postings(_HIDDEN + name, term)
            if others:
                return array("I", [*ids, *more]), values + others
        return ids, values

    def lists(self, name: str, term: bytes) -> Iterator[Postings]:
        """As :meth:`postings`, in one or two lists, each in rising order."""
        yield self.view.postings(name, term)
        if self.staff:
            yield self.view.postings(_HIDDEN + name, term)

    def frequency(self, name: str, term: bytes) -> int:
        """How many documents have a term; hidden documents count only for staff."""
        hidden = self.view.frequency(_HIDDEN + name, term) if self.staff else 0
        return self.view.frequency(name, term) + hidden

    def terms(self, name: str, prefix: bytes) -> Iterator[tuple[bytes, Any]]:
        """Terms with a prefix and their documents; a term may come twice for staff."""
        yield from self.view.terms(name, prefix)
        if self.staff:
            yield from self.view.terms(_HIDDEN + name, prefix)


class Engine:
    """A search index in a private folder (检索索引).

    Safe for many readers and one writer at a time, in threads and processes; a reader sees the
    last commit. ``segmenter`` is called only when words have to be cut.
    """

    def __init__(
        self, folder: Path, segmenter: Callable[[], Segmenter], *, weights: Weights | None = None
    ) -> None:
        self._segments = Segments(folder)
        self._segmenter = segmenter
        self._analyser: Analyser | None = None
        self._facts: dict[str, list[Any]] = {}
        self._weights = weights or Weights()

    @classmethod
    def create(cls, folder: Path, segmenter: Callable[[], Segmenter]) -> Engine:
        """An empty index in ``folder``, which is made private (0700)."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        hidden = (_HIDDEN + name for name in _FIELDS)
        Segments.create(folder, terms=(*_FIELDS, *hidden), columns_=_COLUMNS)
        return cls(folder, segmenter)

    # -- writing ---------------------------------------------------------------------------

    def update(
        self,
        entries: Iterable[Entry],
        *,
        gone: Iterable[str] = (),
        position: int,
        digest: str = "",
        wake: date | None = None,
        sources: str = "",
        timeout: float,
    ) -> bool:
        """Add or replace ``entries`` and drop ``gone``; ``False`` when another writer is busy.

        ``position`` is the journal position the entries were read at, ``digest`` that of the event
        there; they become the index's :meth:`mark`. ``wake`` is the day from which the index is
        out of date by itself, because a text comes into force (:meth:`wake`); ``sources`` is the state
        of other libraries' manifests that the entries were made with (:meth:`sources`).
        """
        transaction = self._segments.writer(timeout=timeout)
        if transaction is None:
            return False
        try:
            for entry in entries:
                transaction.put(self._row(entry))
            for name in gone:
                transaction.delete(name)
            stamp = f"{position} {digest} {wake or ''} {sources}"
            transaction.put(Row(_STAMP_KEY, {}, {"facts": stamp.encode()}))
        except BaseException:
            transaction.cancel()
            raise
        transaction.commit()
        return True

    def _row(self, entry: Entry) -> Row:
        analyser = self.analyser()
        title, body = fold(entry.title), fold(entry.body)
        mark = "" if entry.public else _HIDDEN
        facts = f"{entry.released_on or ''}|" + "|".join(f"{a},{b}" for a, b in entry.steps)
        return Row(
            entry.id,
            {
                mark + "title": impacts(analyser.words(title), mean=16),
                mark + "title_pairs": impacts(pairs(title), mean=22),
                mark + "body": impacts(analyser.words(body), mean=1_600),
                mark + "body_pairs": impacts(pairs(body), mean=1_800),
                mark + "filter": dict.fromkeys(encode(_filters(entry)), 1),
                mark + "name": dict.fromkeys(encode(_names(entry)), 1),
            },
            {
                "header": entry.header_bytes(),
                "text": entry.text_bytes(),
                "facts": facts.encode("utf-8", "surrogatepass"),
                "plain": _plain(title, body),
            },
        )

    def position(self) -> int:
        """The journal position the index stands at."""
        return self.mark()[0]

    def mark(self) -> tuple[int, str]:
        """The journal position the index stands at, and the digest of the event there."""
        position, digest, *_ = self._stamp()
        return position, digest

    def wake(self) -> date | None:
        """The day from which some document has another text than the one indexed."""
        return self._stamp()[2]

    def sources(self) -> str:
        """The state of other libraries' manifests that reposts show (同源清单)."""
        return self._stamp()[3]

    def _stamp(self) -> tuple[int, str, date | None, str]:
        for part in _parts(self._segments.read()):
            for doc in part.view.postings(Segments.KEY, _STAMP_KEY.encode())[0]:
                if doc not in part.deleted:
                    words = bytes(part.view.column("facts")[doc]).decode().split(" ")
                    wake = date.fromisoformat(words[2]) if words[2] else None
                    return int(words[0]), words[1], wake, words[3]
        return 0, "", None, ""

    def analyser(self) -> Analyser:
        """The analysis, with its segmenter loaded."""
        if self._analyser is None:
            self._analyser = Analyser(self._segmenter())
        return self._analyser

    # -- reading ---------------------------------------------------------------------------

    def search(self, query: Query) -> Results:
        """Find documents; see :class:`~policylib.search.query.Query` for what may be asked.

        Raises:
            ParseError: an unknown facet or order, a page outside the limits, or too long a text.
            BackendError: the index is damaged; the caller rebuilds it.

        """
        _validate(query)
        try:
            return self._search(query)
        except (BackendError, ParseError):
            raise
        except _DAMAGE as error:
            raise BackendError(f"检索索引已损坏（{type(error).__name__}）") from error

    def similar(
        self,
        id: str,
        *,
        on: date,
        limit: int = 10,
        staff: bool = False,
        validity: Collection[str] = (),
        without: Collection[str] = (),
    ) -> tuple[Alike, ...]:
        """The documents most like the one called ``id`` (相似文件), best first, by its text here.

        ``validity`` filters by 时效性 on the day ``on``, ``without`` leaves documents out; what is
        not in force then comes a little later. Nothing when the index has no such document.

        Raises:
            BackendError: the index is damaged; the caller rebuilds it.

        """
        try:
            parts = _parts(self._segments.read(), staff=staff)
            place = self._place(parts, id)
            if place is None or limit < 1:
                return ()
            found = self._likeness(parts, place)
            kept: list[tuple[float, str, int, int]] = []
            for score, n, doc in found.ranked(place):
                if len(kept) >= limit and score <= kept[limit - 1][0]:
                    break  # none that follows can come before those
                entry = self._header(parts[n], doc)
                now = validity_on(entry.steps, on.isoformat())
                if entry.id not in without and (not validity or now in validity):
                    factor = 1.0 if found.on_subject(n, doc) else _ASIDE
                    if (weighed := score * factor * _standing(now)) >= LEAST_LIKE:
                        kept.append((weighed, entry.id, n, doc))
                        kept.sort(key=lambda each: (-each[0], each[1]))
            return tuple(
                Alike(name, round(score, 4), found.shared(n, doc))
                for score, name, n, doc in kept[:limit]
            )
        except _DAMAGE as error:
            raise BackendError(f"检索索引已损坏（{type(error).__name__}）") from error

    def _likeness(self, parts: list[_Part], place: tuple[int, int]) -> Likeness:
        source = parts[place[0]]
        body, _ = Entry.from_text(bytes(source.view.column("text")[place[1]]))
        chosen = features(parts, self._header(source, place[1]), body, self.analyser())
        return Likeness(parts, chosen)

    def titled(self, words: Collection[str], *, staff: bool = False) -> tuple[Entry, ...]:
        """The documents whose titles hold all of ``words`` to the letter (标题含有), without text.

        At most some hundred, the newest. Each word has two characters or more.

        Raises:
            BackendError: the index is damaged; the caller rebuilds it.

        """
        wanted = ["".join(fold(word).split()) for word in words]
        try:
            parts = _parts(self._segments.read(), staff=staff)
            entries = [self._header(parts[n], doc) for n, doc in holding(parts, wanted)]
        except _DAMAGE as error:
            raise BackendError(f"检索索引已损坏（{type(error).__name__}）") from error
        plain = [("".join(fold(entry.title).split()), entry) for entry in entries]
        return tuple(e for title, e in plain if all(word in title for word in wanted))

    def validity(self, ids: Iterable[str], on: date) -> dict[str, str]:
        """The 时效性 of documents on a day; those that the index does not have are left out.

        Raises:
            BackendError: the index is damaged; the caller rebuilds it.

        """
        try:
            parts = _parts(self._segments.read())
            places = [(id, place) for id in ids if (place := self._place(parts, id))]
            facts = ((id, _facts(parts[n].view.column("facts")[doc])) for id, (n, doc) in places)
            return {id: validity_on(steps, on.isoformat()) for id, (_, steps) in facts}
        except _DAMAGE as error:
            raise BackendError(f"检索索引已损坏（{type(error).__name__}）") from error

    def _place(self, parts: list[_Part], id: str) -> tuple[int, int] | None:
        """Where a document stands: the number of its part, and its own in there."""
        for n, part in enumerate(parts):
            for doc in part.view.postings(Segments.KEY, id.encode("utf-8", "surrogatepass"))[0]:
                if doc not in part.deleted:
                    return n, doc
        return None

    def _search(self, query: Query) -> Results:
        parts = _parts(self._segments.read(), staff=query.staff)
        for part in parts:
            part.allowed = self._allowed(part, query)
        named = read(query.words, None)
        if named.exact and _by_name(parts, named):
            return self._answer(parts, query, named, None)
        notice = f"库中没有“{named.exact}”这一文号，以下按文字检索" if named.number else None
        ask = read(query.words, _lexicon(parts)) if named.exact else named
        if named.exact and ask.is_empty:
            nothing: Mapping[str, Mapping[str, int]] = {name: {} for name in query.facets}
            return Results(0, (), nothing, "检索词中没有可检索的文字，请输入词语、文号或标题")
        if ask.is_empty:
            for part in parts:
                part.scores = dict.fromkeys(part.allowed, 0.0)
        else:
            self._score(parts, ask)
        return self._answer(parts, query, ask, notice)

    def _allowed(self, part: _Part, query: Query) -> set[int]:
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

    def _score(self, parts: list[_Part], ask: Ask) -> None:
        weights = self._weights
        count = max(1, sum(part.frequency("filter", b"any") for part in parts))
        every = sum(self._score_unit(parts, unit.terms, count) for unit in ask.units)
        terms = [("title_pairs", weights.title_pairs), ("body_pairs", weights.body_pairs)]
        for pair in encode(ask.pairs):
            for name, weight in terms:
                found = [part.postings(name, pair) for part in parts]
                worth = rarity(count, sum(len(ids) for ids, _ in found))
                for part, (ids, values) in zip(parts, found, strict=True):
                    scores, factor = part.scores, weight * worth / 255
                    for doc, value in zip(ids, values, strict=True):
                        if doc in scores:
                            scores[doc] += factor * value
        self._require(parts, ask, every)

    def _score_unit(
        self, parts: list[_Part], terms: tuple[tuple[str, float], ...], count: int
    ) -> float:
        """Add one unit's scores, and its rarity to what each document covers; returns that."""
        weights = self._weights
        found: list[dict[int, float]] = [{} for _ in parts]
        unit_worth = 0.0
        for word, share in terms:
            term = word.encode("utf-8", "surrogatepass")
            titles = [part.postings("title", term) for part in parts]
            bodies = [part.postings("body", term) for part in parts]
            frequency = sum(len(ids) for ids, _ in bodies)
            worth = rarity(count, frequency)
            unit_worth = max(unit_worth, worth * share)
            for scores, title, body in zip(found, titles, bodies, strict=True):
                for (ids, values), weight in ((title, weights.title), (body, weights.body)):
                    factor = weight * share * worth / 255
                    for doc, value in zip(ids, values, strict=True):
                        scores[doc] = scores.get(doc, 0.0) + factor * value
            if share == 1.0 and len(word) > 1 and frequency * 50 < count:
                for part, scores in zip(parts, found, strict=True):
                    for doc in _with_all_pairs(part, word):
                        scores.setdefault(doc, 0.3 * worth)
        for part, scores in zip(parts, found, strict=True):
            total, covered = part.scores, part.covered
            for doc, score in scores.items():
                total[doc] = total.get(doc, 0.0) + score
                covered[doc] = covered.get(doc, 0.0) + unit_worth
        return unit_worth

    def _require(self, parts: list[_Part], ask: Ask, every: float) -> None:
        """Keep what covers enough of the query; phrases and exclusions hold to the letter."""
        for part in parts:
            if ask.units:
                part.scores = {d: s for d, s in part.scores.items() if d in part.allowed}
            else:
                part.scores = dict.fromkeys(part.allowed, 0.0)
        covers = [part.covered[doc] for part in parts for doc in part.scores if ask.units]
        whole = max(covers, default=0.0)
        least = least_cover(covers, every)
        for part in parts:
            if ask.units:
                part.scores = {
                    doc: score * (part.covered[doc] / whole) ** self._weights.coverage
                    for doc, score in part.scores.items()
                    if part.covered[doc] >= least
                }
            for phrase in ask.phrases:
                part.scores = _holding(part, part.scores, phrase)
            for word in ask.without:
                gone = _with_word(part, word)
                part.scores = {d: s for d, s in part.scores.items() if d not in gone}

    # -- the answer ------------------------------------------------------------------------

    def _answer(self, parts: list[_Part], query: Query, ask: Ask, notice: str | None) -> Results:
        total = sum(len(part.scores) for part in parts)
        page = self._page(parts, query, ask)
        hits = tuple(self._hit(part, doc, score, query, ask) for score, part, doc in page)
        facets = {name: self._count(parts, name, query) for name in query.facets}
        return Results(total, hits, facets, notice)

    def _facts_of(self, view: SegmentView) -> list[Any]:
        if (known := self._facts.get(view.name)) is None:
            column = view.column("facts")
            known = self._facts[view.name] = [_facts(column[doc]) for doc in range(view.size)]
        return known

    def _page(self, parts: list[_Part], query: Query, ask: Ask) -> list[tuple[float, _Part, int]]:
        last = query.offset + query.limit
        if query.sort == "relevance" and (ask.units or ask.phrases):
            ranked = self._ranked(parts, query, last)
        else:
            everyone = [(part, doc) for part in parts for doc in part.scores]
            if query.sort == "title":
                everyone.sort(key=lambda item: self._header(*item).title)
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

    def _ranked(
        self, parts: list[_Part], query: Query, last: int
    ) -> list[tuple[float, _Part, int]]:
        """Best first; the first few are looked at again with the text at hand."""
        wanted = max(last, self._weights.rerank)
        best = heapq.nlargest(
            min(wanted, _TOP),
            (
                (score, number, doc)
                for number, part in enumerate(parts)
                for doc, score in part.scores.items()
            ),
        )
        day = query.on.isoformat()
        again = []
        for score, number, doc in best[: self._weights.rerank]:
            part = parts[number]
            entry = self._header(part, doc)
            factor = _standing(validity_on(entry.steps, day))
            again.append((score * factor, number, doc, entry.released_on or ""))
        again.sort(key=lambda item: (item[0], item[3]), reverse=True)
        rest = best[self._weights.rerank :]
        return [(s, parts[n], d) for s, n, d, _ in again] + [(s, parts[n], d) for s, n, d in rest]

    def _header(self, part: _Part, doc: int) -> Entry:
        return Entry.from_header(bytes(part.view.column("header")[doc]))

    def _hit(self, part: _Part, doc: int, score: float, query: Query, ask: Ask) -> Hit:
        entry = self._header(part, doc)
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

    def _count(self, parts: list[_Part], name: str, query: Query) -> Mapping[str, int]:
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


def _values(part: _Part, name: str) -> Iterator[tuple[str, set[int]]]:
    """The values of a facet and the documents that have each."""
    prefix = f"facet:{name}:".encode()
    for term, ids in part.terms("filter", prefix):
        yield term[len(prefix) :].decode("utf-8", "surrogatepass"), set(ids)


def _parts(snapshot: Snapshot, *, staff: bool = False) -> list[_Part]:
    return [
        _Part(view, deleted, staff)
        for view, deleted in zip(snapshot.views, snapshot.deleted, strict=True)
    ]


def least_cover(covers: Collection[float], every: float) -> float:
    """How much of the query, by rarity, a document must cover to be found.

    ``covers`` are what the documents cover, ``every`` is the whole query.
    """
    if sum(cover >= every * _ALL for cover in covers) >= ENOUGH:
        return every * _ALL
    return max(covers, default=0.0) * LEAST


def _by_name(parts: list[_Part], ask: Ask) -> bool:
    """Score the allowed documents that are named by their id, 文号 or 索引号; whether any is."""
    names = {ask.exact, fold(ask.exact)} | ({f"no:{ask.number}"} if ask.number else set())
    for part in parts:
        for name in encode(names):
            ids, _ = part.postings("name", name)
            part.scores.update((doc, 1.0) for doc in ids if doc in part.allowed)
    return any(part.scores for part in parts)


def _lexicon(parts: list[_Part]) -> Lexicon:
    """How many documents have a word in title or body, remembered for one search."""
    known: dict[str, int] = {}

    def count(word: str) -> int:
        if (found := known.get(word)) is None:
            term = word.encode("utf-8", "surrogatepass")
            found = known[word] = sum(part.frequency("body", term) for part in parts) or sum(
                part.frequency("title", term) for part in parts
            )
        return found

    return count


def rarity(count: int, frequency: int) -> float:
    """The inverse document frequency of BM25, never negative."""
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def _standing(validity: str) -> float:
    """What is in force comes before what is not, other things being nearly equal."""
    return {"现行有效": 1.0, "部分失效": 0.99, "尚未施行": 0.97}.get(validity, 0.9)


def _with_all_pairs(part: _Part, text: str) -> set[int]:
    """Documents whose title or body has every pair of ``text``: they may hold it."""
    sets = [
        {*part.postings("body_pairs", pair)[0], *part.postings("title_pairs", pair)[0]}
        for pair in encode(pairs_of(text))
    ]
    return set.intersection(*sorted(sets, key=len)) if sets else set()


def _with_word(part: _Part, word: str) -> set[int]:
    term = word.encode("utf-8", "surrogatepass")
    return {
        *part.postings("title", term)[0],
        *part.postings("body", term)[0],
        *(_with_all_pairs(part, word) if len(word) > 1 else ()),
    }


def _holding(part: _Part, known: Mapping[int, float], phrase: str) -> dict[int, float]:
    """Of ``known``, the documents that hold ``phrase`` to the letter, spaces aside."""
    candidates = set(known)
    if pairs_of(phrase):
        candidates &= _with_all_pairs(part, phrase)
    column, wanted = part.view.column("plain"), phrase.encode("utf-8", "surrogatepass")
    kept = {}
    for doc in candidates:
        title, _, body = column[doc].partition(b"\n")
        times = body.count(wanted)
        if times or wanted in title:
            kept[doc] = known[doc] + 6.0 * (wanted in title) + 2.0 * math.log1p(times)
    return kept


def _plain(title: str, body: str) -> bytes:
    """Folded title and body without white space: where phrases are looked up to the letter."""
    text = "".join(title.split()) + "\n" + "".join(body.split())
    return text.encode("utf-8", "surrogatepass")


def _facts(data: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    released, _, steps = bytes(data).decode("utf-8", "surrogatepass").partition("|")
    return released, tuple(
        (start, name) for start, _, name in (s.partition(",") for s in steps.split("|") if s)
    )


def _names(entry: Entry) -> list[str]:
    names = [entry.id, fold(entry.id)]
    if entry.index_number:
        names.append(fold(entry.index_number))
    if entry.number_key:
        names.append(f"no:{entry.number_key}")
    return list(dict.fromkeys(names))


def _filters(entry: Entry) -> list[str]:
    terms = ["any"]
    values: dict[str, tuple[str, ...]] = {
        "type": (entry.type,) if entry.type else (),
        "kind": (entry.kind,) if entry.kind else (),
        "form": (entry.form,) if entry.form else (),
        "issuers": entry.issuers,
        "themes": entry.themes,
        "tags": (*entry.tags, *entry.keywords),
        "audience": entry.audience,
    }
    for name, given in values.items():
        for value in given:
            terms.append(f"facet:{name}:{value}")
            terms.append(f"{name}:{fold(value)}")
            if name == "themes" and "\\" in value:
                terms.append(f"{name}:{fold(value.split(chr(92))[0])}")
    return list(dict.fromkeys(terms))


def _validate(query: Query) -> None:
    if unknown := set(query.facets) - set(FACETS):
        raise ParseError(f"不能按“{'、'.join(sorted(unknown))}”统计，可用：{'、'.join(FACETS)}")
    if unknown := set(query.validity) - set(Validity):
        raise ParseError(
            f"没有“{'、'.join(sorted(unknown))}”这种时效性，可用：{'、'.join(Validity)}"
        )
    if query.sort not in SORTS:
        raise ParseError(f"不能按“{query.sort}”排序，可用：{'、'.join(SORTS)}")
    if not 0 <= query.limit <= 1_000 or not 0 <= query.offset <= _TOP:
        raise ParseError(f"每页条数应在 0 到 1000 之间，起始位置应在 0 到 {_TOP} 之间")
