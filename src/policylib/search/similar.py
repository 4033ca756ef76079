"""Documents that are alike (相似文件): by the rare words of title, keywords and text that both have.

A few words stand for a document: those it uses much and others use little (tf-idf), the title's
before the text's. Who has many of them, and uses them as much, is alike. The cost does not grow
with the library: words that many documents have find nobody, they only weigh those found by rarer
ones, and the number of postings walked through is bounded.
"""

from __future__ import annotations

import functools
import heapq
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from policylib.search.analysis import Analyser, fold, impacts, pairs_of
from policylib.search.entry import Entry
from policylib.search.segments import Postings

__all__ = ["LEAST_LIKE", "Alike", "Feature", "Likeness", "Part", "features", "holding"]

#: Documents that share less of what there is to share are not alike, they only share some words.
LEAST_LIKE = 0.06
#: Characters of the text that are looked at: what it is about stands at its beginning.
READ = 4_000
_WORDS = 20  # words that stand for a document
_CHOICE = 80  # words whose rarity is looked up, to choose from
_SAMPLE = 3  # segments in which it is looked up
_COMMON = 0.3  # of the documents: a word that more of them have says nothing
_CAP = 1_500  # documents: a word that more of them have finds nobody
_BUDGET = 6_000  # postings walked through; 20,000 give the same ten in 999 of 1,000
_CANDIDATES = 150  # documents weighed in full
_FIELDS = {"title": 2.0, "filter": 1.5, "body": 1.0}
_REPOST = "转载"  # its text only says where the other's is
_TAGGED = 160  # the impact of a tag
_NUMBER = re.compile(r"[0-9.]+%?|第?[〇零一二三四五六七八九十百千两]{1,8}[年月日条款项章节号]?")
_ADDRESS = re.compile(r"https?://[^\s<>\u3000-\uffef]{1,300}", re.ASCII)
_COLUMN = re.compile(r"^【[^】]{0,40}】{1,2}")
_LATIN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?%?")
_TAGS, _TAGS_READ = "tags:", 8
_PAIRS = 5  # pairs of characters by which a title is looked up
_MANY = 500  # documents looked at for a title, over all segments


@dataclass(frozen=True, slots=True)
class Alike:
    """A document like another one (相似文件): ``score`` from 0 to 1, ``words`` both have."""

    id: str
    score: float
    words: tuple[str, ...]


class Part(Protocol):
    """One segment of the index as those may see it who ask."""

    @property
    def deleted(self) -> frozenset[int]: ...  # noqa: D102
    def lists(self, name: str, term: bytes) -> Iterator[Postings]: ...  # noqa: D102
    def frequency(self, name: str, term: bytes) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Feature:
    """A word that stands for a document: where, how strong (1-255), and how much it counts."""

    field: str
    term: bytes
    impact: int
    weight: float

    @property
    def word(self) -> str:
        """The word as it is read."""
        return self.term.decode("utf-8", "surrogatepass").removeprefix(_TAGS)

    def weights(self) -> list[float]:
        """What each impact from 0 to 255 in another document counts; never more than its own."""
        step = self.weight / self.impact
        return [step * each for each in range(self.impact)] + [self.weight] * (256 - self.impact)


def features(parts: Sequence[Part], entry: Entry, body: str, analyser: Analyser) -> list[Feature]:
    """The words that stand for a document, those that count most first."""
    title = analyser.words(fold(_subject(entry)))
    tags = list(dict.fromkeys(map(fold, (*entry.tags, *entry.keywords))))
    for tag in tags:
        title.update(analyser.words(tag).keys() - title.keys())
    text = analyser.words(fold(_ADDRESS.sub(" ", "" if entry.type == _REPOST else body[:READ])))
    strong = {"title": impacts(_said(title), mean=16), "body": impacts(_said(text), mean=1_600)}
    sample = _largest(parts)[:_SAMPLE]
    count = max(1, sum(part.frequency("filter", b"any") for part in sample))
    worth = {
        word: _worth(
            sample, ("body", "title") if word in strong["title"] else ("body",), word, count
        )
        for word in list(dict.fromkeys([*strong["title"], *strong["body"]]))[:_CHOICE]
    }
    found: dict[bytes, list[Feature]] = {
        word: [
            Feature(name, word, impact, _FIELDS[name] * impact * worth[word])
            for name in strong
            if (impact := strong[name].get(word))
        ]
        for word in worth
        if worth[word]
    }
    best = heapq.nlargest(
        _WORDS, found, key=lambda word: (sum(f.weight for f in found[word]), word)
    )
    chosen = [feature for word in best for feature in found[word]]
    for tag in tags[:_TAGS_READ]:
        term = (_TAGS + tag).encode("utf-8", "surrogatepass")
        if weight := _FIELDS["filter"] * _TAGGED * _worth(sample, ("filter",), term, count):
            chosen.append(Feature("filter", term, 1, weight))
    chosen.sort(key=lambda each: (-each.weight, each.field, each.term))
    return chosen


def _said(counts: Mapping[str, int]) -> dict[str, int]:
    """The words that say something, the most used first; not those only found inside others."""
    used = heapq.nlargest(
        _CHOICE, filter(_says, counts), key=lambda word: (counts[word], len(word), word)
    )
    return {
        word: counts[word]
        for word in used
        if counts[word] > sum(counts[other] for other in used if word in other and word != other)
    }


def _subject(entry: Entry) -> str:
    """The title without who issues it: an organ's name is no subject."""
    title = _COLUMN.sub("", entry.title)
    for issuer in entry.issuers:
        title = title.replace(issuer, " ")
    return title if title.strip() else entry.title


def _says(word: str) -> bool:
    return len(word) > 1 and word not in _stop_words() and not _NUMBER.fullmatch(word)


@functools.cache
def _stop_words() -> frozenset[str]:
    path = Path(__file__).parents[1] / "data" / "stopwords.txt"
    return frozenset(path.read_text("utf-8").split())


def _worth(sample: Iterable[Part], names: Iterable[str], term: bytes, count: int) -> float:
    """How rare a word is, from 0 for what very many documents have in their text or their title."""
    frequency = max(sum(part.frequency(name, term) for part in sample) for name in names)
    if frequency > max(2.0, _COMMON * count):
        return 0.0
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


class Likeness:
    """Who is like a document, and by which words."""

    def __init__(self, parts: Sequence[Part], chosen: Iterable[Feature]) -> None:
        self._parts = parts
        self._lists = [
            _Found(
                feature,
                [
                    (n, ids, values)
                    for n, part in enumerate(parts)
                    for ids, values in part.lists(feature.field, feature.term)
                    if values
                ],
            )
            for feature in chosen
        ]
        self._subject = {each.feature.term for each in self._lists if each.feature.field != "body"}

    def ranked(self, itself: tuple[int, int]) -> list[tuple[float, int, int]]:
        """Who is alike, best first: ``(score from 0 to 1, part, document)``; without ``itself``."""
        scores, frequent = self._walk()
        scores[itself[0]].pop(itself[1], None)
        every = sum(each.feature.weight for each in self._lists)
        least = LEAST_LIKE * every
        hope = least - sum(each.feature.weight for each in frequent)
        found = dict(heapq.nlargest(_CANDIDATES, self._promising(scores, hope), key=itemgetter(1)))
        for each in frequent:
            weights = each.feature.weights()
            for n, ids, values in each.lists:
                for key in found:
                    if key[0] == n:
                        found[key] += weights[_impact(ids, values, key[1])]
        return sorted(
            ((score / every, *key) for key, score in found.items() if score > least), reverse=True
        )

    def _promising(
        self, scores: Sequence[dict[int, float]], hope: float
    ) -> list[tuple[tuple[int, int], float]]:
        """Who is above ``hope``; of many only those that are among the best candidates."""
        for part, there in zip(self._parts, scores, strict=True):
            for doc in part.deleted.intersection(there) if part.deleted else ():
                del there[doc]
        ranked = sorted((score for there in scores for score in there.values()), reverse=True)
        cut = ranked[_CANDIDATES - 1] if len(ranked) > _CANDIDATES else 0.0
        return [
            ((n, doc), score)
            for n, there in enumerate(scores)
            for doc, score in there.items()
            if score >= cut and score > hope
        ]

    def _walk(self) -> tuple[list[dict[int, float]], list[_Found]]:
        """Scores by the rare words, by part; and the words that too many have."""
        scores: list[dict[int, float]] = [{} for _ in self._parts]
        budget, frequent = _BUDGET, []
        for each in self._lists:
            if each.size > min(_CAP, budget):
                frequent.append(each)
                continue
            budget -= each.size
            weights = each.feature.weights()
            for n, ids, values in each.lists:
                there, get = scores[n], scores[n].get
                for doc, impact in zip(ids, values, strict=True):
                    there[doc] = get(doc, 0.0) + weights[impact]
        if sum(map(len, scores)) <= _CANDIDATES:  # the newest of those with the rarest words
            newest = _CAP // 4 // max(1, len(self._parts)) or 1
            for each in sorted(frequent, key=lambda each: each.size)[:4]:
                for n, ids, _ in each.lists:
                    scores[n] = {**dict.fromkeys(ids[-newest:], 0.0), **scores[n]}
        return scores, frequent

    def shared(self, n: int, doc: int, limit: int = 5) -> tuple[str, ...]:
        """The words that stand for the document and that another has too, the weightiest first."""
        words: list[str] = []
        for each in self._lists:
            word = each.feature.word
            if len(words) >= limit:
                break
            if not any(word in known for known in words) and each.has(n, doc):
                words = [*(known for known in words if known not in word), word]
        return tuple(words)

    def on_subject(self, n: int, doc: int) -> bool:
        """Whether another document has any word of the title or a tag, wherever it stands."""
        return any(each.feature.term in self._subject and each.has(n, doc) for each in self._lists)


class _Found:
    """A word and the postings of all parts in which it is found."""

    def __init__(self, feature: Feature, lists: list[tuple[int, Sequence[int], bytes]]) -> None:
        self.feature, self.lists = feature, lists
        self.size = sum(len(values) for _, _, values in lists)

    def has(self, n: int, doc: int) -> bool:
        return any(_impact(ids, values, doc) for part, ids, values in self.lists if part == n)


def _impact(ids: Sequence[int], values: bytes, doc: int) -> int:
    """A document's impact in a list of postings; 0 when it is not there."""
    at = bisect_left(ids, doc)
    return values[at] if at < len(ids) and ids[at] == doc else 0


def holding(parts: Sequence[Part], words: Sequence[str]) -> list[tuple[int, int]]:
    """Documents whose title may hold all of ``words`` to the letter: ``(part, document)``.

    The caller looks at the titles. Found by the rarest pairs of characters; at most some hundred,
    the newest, however many there are.
    """
    terms = [("title_pairs", pair) for word in words for pair in pairs_of(fold(word))]
    terms += [("title", number) for word in words for number in _LATIN.findall(fold(word))]
    if not terms:
        return []
    encoded = [(name, term.encode("utf-8", "surrogatepass")) for name, term in dict.fromkeys(terms)]
    sample = _largest(parts)[:1]
    often = {
        (name, term): sum(part.frequency(name, term) for part in sample) for name, term in encoded
    }
    rare = sorted(often, key=lambda key: (often[key], key))[:_PAIRS]
    found: list[tuple[int, int]] = []
    many = max(20, _MANY // max(1, len(parts)))
    for n, part in enumerate(parts):
        docs = sorted({doc for ids, _ in part.lists(*rare[0]) for doc in ids[-many:]})[-many:]
        for key in rare[1:]:
            if not docs:
                break
            lists = [ids for ids, _ in part.lists(*key)]
            docs = [doc for doc in docs if any(_has(ids, doc) for ids in lists)]
        found += ((n, doc) for doc in docs if doc not in part.deleted)
    return found


def _largest(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: -part.frequency("filter", b"any"))


def _has(ids: Sequence[int], doc: int) -> bool:
    at = bisect_left(ids, doc)
    return at < len(ids) and ids[at] == doc
