"""Reading a query (检索词解析): numbers, phrases, words with their official equivalents."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from policylib.errors import ParseError
from policylib.search.analysis import fold, is_word, pairs_of
from policylib.search.query import MAX_WORDS

__all__ = ["Ask", "Lexicon", "Unit", "read"]

#: How many documents have a word; 0 for a word the index does not know.
Lexicon = Callable[[str], int]

_MAX_UNITS = 24
_LONGEST = 8
_PARTS = re.compile(r"(?P<han>[\u3400-\u9fff\uf900-\ufaff〇]+)|[a-z0-9]+(?:\.[0-9]+)?%?")
_PHRASE = re.compile(r"[\"“]([^\"“”]{1,100})[\"”]")
_MINUS = re.compile(r"(?:^|\s)-(\S{1,30})")
_DIGIT = re.compile(r"[0-9０-９〇○零一二三四五六七八九十]")
#: Stands for all words of a collection; only its size against single words matters.
_VOCABULARY = 1_000_000
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd]")


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing asked for: the word, and with what weight each equivalent counts."""

    word: str
    terms: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A query as the engine understands it.

    ``exact`` is the whole query when it may name a document (id, 文号, 索引号); ``number`` its
    comparison key when it reads as a 文号. ``optional`` units (question words, "怎么" and the
    like, dropped) are not in ``units``. ``phrases`` and ``without`` are folded.
    """

    exact: str
    number: str | None
    units: tuple[Unit, ...]
    pairs: tuple[str, ...]
    phrases: tuple[str, ...]
    without: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing that can be searched for was said."""
        return not (self.units or self.phrases)


def read(words: str, lexicon: Lexicon | None) -> Ask:
    """Read ``words``; without a lexicon only names of documents are recognised.

    Words are cut where the index's own vocabulary makes them most probable, so a search loads no
    dictionary (docs/decisions/0004-queries-cut-by-the-index.md).

    Raises:
        ParseError: the text is longer than :data:`MAX_WORDS` characters.

    """
    if len(words) > MAX_WORDS:
        raise ParseError(f"检索词过长（{len(words)} 字，上限 {MAX_WORDS} 字），请缩短后重试")
    words = _SPACES.sub(" ", _CONTROL.sub(" ", words)).strip()
    number = _number(words)
    if lexicon is None:
        return Ask(words, number, (), (), (), ())
    phrases = tuple(
        text for found in _PHRASE.findall(words) if (text := _SPACES.sub("", fold(found)))
    )
    without = tuple(fold(found) for found in _MINUS.findall(words) if is_word(found))
    text = fold(_MINUS.sub(" ", _PHRASE.sub(" ", words)))
    units = _units(text, lexicon)
    plain = "".join(unit.word for unit in units) if units else text
    pairs = dict.fromkeys(pairs_of(text) or pairs_of(plain))
    return Ask(words, number, units, tuple(pairs)[: 2 * _MAX_UNITS], phrases, without)


def _number(words: str) -> str | None:
    if not 3 <= len(words) <= 60 or not _DIGIT.search(words):
        return None
    from policylib.text.docnumber import DocNumber  # noqa: PLC0415 - most queries are words

    if not DocNumber.looks_like(words):
        return None
    try:
        return DocNumber.parse(words).key
    except ParseError:
        return None


def cut(text: str, lexicon: Lexicon) -> list[str]:
    """The words of folded ``text`` in order: the most probable ones the index knows."""
    words: list[str] = []
    for part in _PARTS.finditer(text):
        words += _cut_han(part.group(), lexicon) if part["han"] else [part.group()]
    return words


def _cut_han(run: str, lexicon: Lexicon) -> list[str]:
    """Cut one run of Han so that the product of the words' shares is greatest (Viterbi)."""
    size = len(run)
    best: list[tuple[float, int]] = [(0.0, 0)] * (size + 1)
    for end in range(1, size + 1):
        choices = []
        for start in range(max(0, end - _LONGEST), end):
            count = lexicon(run[start:end])
            if count or end - start == 1:
                choices.append((best[start][0] + math.log((count or 0.1) / _VOCABULARY), start))
        best[end] = max(choices)
    words, end = [], size
    while end:
        words.append(run[best[end][1] : end])
        end = best[end][1]
    return words[::-1]


def _units(text: str, lexicon: Lexicon) -> tuple[Unit, ...]:
    stop, equivalents = _data()
    words = list(dict.fromkeys(cut(text, lexicon)))
    kept = [w for w in words if w not in stop] or words
    units = []
    for word in kept[:_MAX_UNITS]:
        terms = {word: 1.0}
        for other in equivalents.get(word, ()):
            for part in cut(other, lexicon):
                terms.setdefault(part, 0.8)
        units.append(Unit(word, tuple(terms.items())))
    return tuple(units)


@functools.cache
def _data() -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    folder = Path(__file__).parents[1] / "data"
    stop = frozenset((folder / "stopwords.txt").read_text("utf-8").split())
    equivalents: dict[str, tuple[str, ...]] = {}
    for line in (folder / "equivalents.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            said, _, meant = line.partition("=")
            for word in said.split():
                equivalents[fold(word)] = (
                    *equivalents.get(fold(word), ()),
                    *(fold(m) for m in meant.split()),
                )
    return stop, equivalents
