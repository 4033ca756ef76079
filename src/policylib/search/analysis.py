"""Text to terms (分词与检索分析): words with sub-words, and a companion of character pairs.

Words come from the segmenter; a long word also counts for the dictionary words inside it
(社会保险费 → 社会, 保险, 保险费 …). Pairs of adjacent Han characters catch what the dictionary
does not know. Each term carries an *impact*: its BM25 term-frequency part, with the text length
measured against a fixed mean, in one byte. Queries need only multiply by the rarity of the term.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from policylib.search.segmenter import Segmenter

__all__ = ["ANALYSIS_VERSION", "Analyser", "fold", "impacts"]

#: Raise it when the terms or impacts of the same text change: old indexes are then rebuilt.
ANALYSIS_VERSION = 1

_K1 = 1.2
_B = 0.6
_SCALE = 255 / (_K1 + 1)
_MAX_TF = 64


def _folding() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    table |= {code: chr(code - 0xFEE0 + 32) for code in range(0xFF21, 0xFF3B)}
    table |= {0x3000: " ", ord("號"): "号", ord("○"): "〇", ord("Ｏ"): "o"}
    return table


_FOLD = _folding()
_REMEMBERED = 500_000
_LATIN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?%?")
_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff〇]+")


def fold(text: str) -> str:
    """Lower case and half width, character by character: offsets stay as they are."""
    return text.translate(_FOLD)


class Analyser:
    """Turns folded text into counted terms; keeps the sub-words of each word it has met."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._parts: dict[str, tuple[str, ...]] = {}

    def words(self, text: str) -> Counter[str]:
        """Words and the dictionary words inside them, counted."""
        counts: Counter[str] = Counter()
        parts = self._parts
        for word, count in Counter(self._segmenter.cut(text)).items():
            terms = parts.get(word)
            if terms is None:
                terms = self._terms(word)
                if len(parts) < _REMEMBERED:
                    parts[word] = terms
            for term in terms:
                counts[term] += count
        return counts

    def _terms(self, word: str) -> tuple[str, ...]:
        """The word and the words inside it; nothing for punctuation.

        Letters and figures are cut here, because the segmenters differ in them.
        """
        if word.isascii():
            return tuple(match.group() for match in _LATIN.finditer(word))
        if not is_word(word):
            return ()
        size, knows = len(word), self._segmenter.knows
        inside = (
            word[start : start + width]
            for width in (2, 3, 4)
            if width < size
            for start in range(size - width + 1)
        )
        return (word, *(part for part in inside if knows(part)))


def is_word(token: str) -> bool:
    """Whether a token says something: it begins or ends with a letter, a digit or a Han."""
    return token[:1].isalnum() or token[-1:].isalnum()


def pairs(text: str) -> Counter[str]:
    """Adjacent Han characters of folded ``text``, counted; white space does not part them."""
    counts: Counter[tuple[str, str]] = Counter()
    for run in _HAN_RUN.findall("".join(text.split())):
        counts.update(pairwise(run))
    return Counter({a + b: count for (a, b), count in counts.items()})


def pairs_of(run: str) -> list[str]:
    """The distinct pairs of a query, in order."""
    found: dict[str, None] = {}
    for part in _HAN_RUN.findall(run):
        found.update(dict.fromkeys(a + b for a, b in pairwise(part)))
    return list(found)


def impacts(counts: Mapping[str, int], *, mean: float) -> dict[bytes, int]:
    """BM25 term-frequency parts in 1..255 for a text of ``sum(counts)`` terms.

    ``mean`` is the length, in terms, at which a text is neither long nor short. Source: Robertson
    and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), eq. 3.15.
    """
    norm = _K1 * (1 - _B + _B * sum(counts.values()) / mean)
    table = [
        max(1, min(255, round(_SCALE * tf * (_K1 + 1) / (tf + norm)))) for tf in range(_MAX_TF + 1)
    ]
    return {
        term.encode("utf-8", "surrogatepass"): table[count if count < _MAX_TF else _MAX_TF]
        for term, count in counts.items()
    }


def encode(words: Iterable[str]) -> list[bytes]:
    """Query terms as the index writes them."""
    return [word.encode("utf-8", "surrogatepass") for word in words]
