"""What matches a query and how well (匹配与排序): AND first, then what covers most of it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from policylib.search.analysis import encode, fold, pairs_of
from policylib.search.ask import Ask, Lexicon
from policylib.search.part import Part

__all__ = [
    "ENOUGH",
    "LEAST",
    "Weights",
    "least_cover",
    "lexicon_of",
    "named",
    "rarity",
    "score",
    "standing",
]

#: When this many documents have every word of a query, only they are found (AND first).
ENOUGH = 10
#: Otherwise a document is found that covers this share of what the best one covers, by rarity.
LEAST = 0.5
_ALL = 0.999  # sums of the same numbers in another order


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the ranking formula, in one place (docs/search.md tells how they were set)."""

    title: float = 2.6
    body: float = 1.0
    title_pairs: float = 1.2
    body_pairs: float = 0.3
    coverage: float = 1.5
    rerank: int = 40


def score(parts: list[Part], ask: Ask, weights: Weights) -> None:
    """Score the allowed documents of all parts that match a query; the others go."""
    count = max(1, sum(part.frequency("filter", b"any") for part in parts))
    every = sum(_score_unit(parts, unit.terms, count, weights) for unit in ask.units)
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
    _require(parts, ask, every, weights)


def _score_unit(
    parts: list[Part], terms: tuple[tuple[str, float], ...], count: int, weights: Weights
) -> float:
    """Add one unit's scores, and its rarity to what each document covers; returns that."""
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


def _require(parts: list[Part], ask: Ask, every: float, weights: Weights) -> None:
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
                doc: score * (part.covered[doc] / whole) ** weights.coverage
                for doc, score in part.scores.items()
                if part.covered[doc] >= least
            }
        for phrase in ask.phrases:
            part.scores = _holding(part, part.scores, phrase)
        for word in ask.without:
            gone = _with_word(part, word)
            part.scores = {d: s for d, s in part.scores.items() if d not in gone}


def least_cover(covers: Collection[float], every: float) -> float:
    """How much of the query, by rarity, a document must cover to be found.

    ``covers`` are what the documents cover, ``every`` is the whole query.
    """
    if sum(cover >= every * _ALL for cover in covers) >= ENOUGH:
        return every * _ALL
    return max(covers, default=0.0) * LEAST


def named(parts: list[Part], ask: Ask) -> bool:
    """Score the allowed documents that are named by their id, 文号 or 索引号; whether any is."""
    names = {ask.exact, fold(ask.exact)} | ({f"no:{ask.number}"} if ask.number else set())
    for part in parts:
        for name in encode(names):
            ids, _ = part.postings("name", name)
            part.scores.update((doc, 1.0) for doc in ids if doc in part.allowed)
    return any(part.scores for part in parts)


def lexicon_of(parts: list[Part]) -> Lexicon:
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


def standing(validity: str) -> float:
    """What is in force comes before what is not, other things being nearly equal."""
    return {"现行有效": 1.0, "部分失效": 0.99, "尚未施行": 0.97}.get(validity, 0.9)


def _with_all_pairs(part: Part, text: str) -> set[int]:
    """Documents whose title or body has every pair of ``text``: they may hold it."""
    sets = [
        {*part.postings("body_pairs", pair)[0], *part.postings("title_pairs", pair)[0]}
        for pair in encode(pairs_of(text))
    ]
    return set.intersection(*sorted(sets, key=len)) if sets else set()


def _with_word(part: Part, word: str) -> set[int]:
    term = word.encode("utf-8", "surrogatepass")
    return {
        *part.postings("title", term)[0],
        *part.postings("body", term)[0],
        *(_with_all_pairs(part, word) if len(word) > 1 else ()),
    }


def _holding(part: Part, known: Mapping[int, float], phrase: str) -> dict[int, float]:
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
