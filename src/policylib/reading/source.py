"""A text made ready for reading (待读文本): one width of punctuation, titles set aside, sentences.

Everything is done without moving a character, so a place in the prepared text is a place in the
text itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Final

from policylib.reading.cues import CUES
from policylib.reading.titles import Cited, cited, find_brackets
from policylib.text.span import Span

__all__ = ["HIDDEN", "Source"]

_WIDTHS: Final = (
    (",", "，"), ("(", "（"), (")", "）"), (":", "："), (";", "；"), ("<", "〈"), (">", "〉"),
    ("\u3000", " "), ("\xa0", " "), ("\t", " "), ("\r", "\n"),
)  # fmt: skip
_RARE: Final = re.compile("[０-９﹝﹞\u2028\u2029\x85]")
_RARE_WIDTHS: Final = str.maketrans(
    "０１２３４５６７８９﹝﹞\u2028\u2029\x85", "0123456789〔〕\n\n\n"
)
#: 1995年8月l日, 2O24年: what a machine read for a digit of a day
_ONE = re.compile("[lI](?<=[0-9年月].)(?=[0-9]{0,3}[年月日])")
_NOUGHT = re.compile("[oO](?<=[0-9].)(?=[0-9]{0,2}[年月日])")
#: What stands in :attr:`Source.masked` for every character of a title.
HIDDEN: Final = "□"
_SENTENCE = re.compile(r"[^。！？!?\n]{1,3000}")
_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_NEW_WORDS = re.compile(r"(?:修改为|改为|表述为|作为第[^“\n]{1,12}|增加[^“\n]{0,20})[：，]?\s?“")
_WRAPPED = 28  # characters: a longer line without an end goes on in the next one
_BREAK = re.compile(
    r"[\u3400-\u9fff，、《」]\n(?=[^第一二三四五六七八九十（(#|*\-—>0123456789附 \n])"
)
_LONGEST_QUOTE = 3000


class Source:
    """A text, the same text in one width, and the same with its titles hidden (待读文本).

    ``masked`` has :data:`HIDDEN` for the words inside 《》 and for the new words that an
    instruction on amendments quotes, so that 废止 in a title is no repeal.
    """

    def __init__(self, text: str) -> None:
        plain = text
        for narrow, wide in _WIDTHS:
            plain = plain.replace(narrow, wide)
        if _RARE.search(plain):
            plain = plain.translate(_RARE_WIDTHS)
        if "l" in plain or "I" in plain:
            plain = _ONE.sub("1", plain)
        if "o" in plain or "O" in plain:
            plain = _NOUGHT.sub("0", plain)
        self.text = text
        self.plain = plain
        self.brackets = find_brackets(plain)
        self.masked = _joined(_masked(plain, self.brackets))
        self._sought = CUES.cues

    def quote(self, span: Span) -> str:
        """The words of the text itself at a place."""
        return self.text[span.start : span.end]

    @cached_property
    def cited(self) -> tuple[Cited, ...]:
        """The titles in 《》 with what stands in brackets behind them, in order."""
        return cited(self.plain, self.masked, self.brackets)

    @cached_property
    def _starts(self) -> list[int]:
        return [each.span.start for each in self.cited]

    def cited_in(self, start: int, end: int) -> tuple[Cited, ...]:
        """The titles that begin in a part of the text, short names left out."""
        found = self.cited[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return tuple(each for each in found if not each.is_alias)

    @cached_property
    def aliases(self) -> dict[str, Cited]:
        """The short names (以下简称《办法》) and the titles they stand for."""
        return {each.alias: each for each in reversed(self.cited) if each.alias}

    @cached_property
    def _sentences(self) -> list[tuple[int, int]]:
        """Where the sentences of :attr:`masked` begin and end; a paragraph ends one too."""
        return [match.span() for match in _SENTENCE.finditer(self.masked)]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in self._sentences]

    @cached_property
    def _cues(self) -> dict[str, list[int]]:
        """Which sentences have which of the words that readers ask for."""
        found: dict[str, list[int]] = {}
        for word, at in self._sought.find(self.masked):
            found.setdefault(word, []).append(bisect_right(self._ends, at))
        return found

    def having(self, *words: str, pattern: re.Pattern[str] | None = None) -> list[tuple[int, str]]:
        """The sentences that have one of some words, or a pattern, in order, with their starts."""
        found: set[int] = set()
        for word in words:
            if word in self._cues:
                found.update(self._cues[word])
            elif word not in self._sought.words:
                found.update(self._where(word))
        if pattern is not None:
            for match in pattern.finditer(self.masked):
                found.add(bisect_right(self._ends, match.start()))
        if not found:
            return []
        places = (self._sentences[index] for index in sorted(found) if index < len(self._ends))
        return [(start, self.masked[start:end]) for start, end in places]

    def _where(self, word: str) -> list[int]:
        """Which sentences have a word that no reader has asked for yet; the next text knows it."""
        CUES.learn(word)
        ends, masked = self._ends, self.masked
        found: list[int] = []
        at = masked.find(word)
        while at >= 0:
            index = bisect_right(ends, at)
            found.append(index)
            at = masked.find(word, ends[index] if index < len(ends) else at + 1)
        return found

    @cached_property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """Where the lines that are not blank begin and end, without the spaces around them."""
        return tuple(match.span() for match in _LINE.finditer(self.plain))


def _masked(plain: str, brackets: tuple[Span, ...]) -> str:
    """Hide the titles, then the quoted new words of an amendment."""
    pieces: list[str] = []
    at = 0
    for span in brackets:
        pieces += (plain[at : span.start + 1], HIDDEN * (span.end - span.start - 2))
        at = span.end - 1
    masked = "".join(pieces) + plain[at:] if pieces else plain
    if "改为" not in masked and "增加" not in masked:
        return masked
    pieces, at = [], 0
    for match in _NEW_WORDS.finditer(masked):
        end = masked.find("”", match.end(), match.end() + _LONGEST_QUOTE)
        if match.end() < at or end < 0:
            continue
        pieces += (masked[at : match.end()], HIDDEN * (end - match.end()))
        at = end
    return "".join(pieces) + masked[at:]


def _joined(masked: str) -> str:
    """Close up sentences that were broken over lines when a page was copied."""
    pieces: list[str] = []
    at = 0
    for match in _BREAK.finditer(masked):
        end = match.start() + 1
        if end - masked.rfind("\n", 0, end) > _WRAPPED:
            pieces += (masked[at:end], " ")
            at = end + 1
    return "".join(pieces) + masked[at:] if pieces else masked
