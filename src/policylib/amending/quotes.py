"""Quotations in a decision (引文): found first, so that the grammar sees them as one sign each."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from policylib.amending.unquoted import Unquoted, ends_quotation

__all__ = ["QUOTE", "Quote", "Skeleton", "skeleton"]

#: Stands for one whole quotation in a skeleton.
QUOTE = "\ue000"

_SIGN = re.compile("[“”\n]")
_INNER = re.compile("[‘’]")
_LEAD = re.compile("[ \t\u3000\xa0\r]{0,40}“")


class Quote(NamedTuple):
    """One quotation: ``start`` and ``end`` with its marks; ``whole`` is False without the last ”."""

    start: int
    end: int
    paragraphs: tuple[str, ...]
    whole: bool


class Skeleton(NamedTuple):
    """A decision with one sign for each quotation, and the way back to its places."""

    source: str
    text: str
    quotes: tuple[Quote, ...]
    cuts: tuple[int, ...]  # where in ``text`` each sign stands

    def at(self, position: int) -> int:
        """The place in the source of a place in the skeleton."""
        index = bisect_right(self.cuts, position - 1)
        if index == 0:
            return position
        return position - self.cuts[index - 1] - 1 + self.quotes[index - 1].end

    def quote(self, position: int) -> Quote:
        """The quotation whose sign stands at ``position``."""
        return self.quotes[bisect_right(self.cuts, position) - 1]


def skeleton(source: str) -> Skeleton:
    """Find all quotations of a decision (引文识别), each up to its own closing mark."""
    plain = _straight(source).replace(QUOTE, "\ufffd")
    parts: list[str] = []
    quotes: list[Quote] = []
    cuts: list[int] = []
    at = length = 0
    bare = Unquoted(plain)
    while quote := _next(plain, at, bare):
        start = quote.start
        parts.append(plain[at:start])
        length += start - at
        quotes.append(quote)
        cuts.append(length)
        parts.append(QUOTE)
        length += 1
        at = quote.end
    parts.append(plain[at:])
    return Skeleton(source, "".join(parts), tuple(quotes), tuple(cuts))


def _next(plain: str, at: int, bare: Unquoted) -> Quote | None:
    """The next quotation, in marks or without them."""
    start = plain.find("“", at)
    until = start if start >= 0 else len(plain)
    if span := bare.next(at, until):
        return Quote(*span, _paragraphs(plain[span[0] : span[1]]), whole=True)
    return _read(plain, start) if start >= 0 else None


def _straight(source: str) -> str:
    """Curl straight quotation marks, one for one, where a decision has only those."""
    if "“" in source or "”" in source or '"' not in source.replace("＂", '"'):
        return source
    lines = []
    for line in source.replace("＂", '"').split("\n"):
        pieces = line.split('"')
        marks = "“”" * (len(pieces) // 2 + 1)
        lines.append(
            "".join(a + b for a, b in zip(pieces, [*marks[: len(pieces) - 1], ""], strict=True))
        )
    return "\n".join(lines)


def _read(plain: str, start: int) -> Quote:
    """Read the quotation that opens at ``start``: paragraphs may open with “ without closing."""
    depth, at = 0, start + 1
    while sign := _SIGN.search(plain, at):
        at = sign.end()
        if sign[0] == "“":
            depth += 1
        elif sign[0] == "”":
            if depth == 0:
                return Quote(start, at, _paragraphs(plain[start + 1 : at - 1]), whole=True)
            depth -= 1
        elif opening := _LEAD.match(plain, at):
            at = opening.end()
        elif ends_quotation(plain[at : at + 600]):
            return Quote(start, sign.start(), _paragraphs(plain[start + 1 : sign.start()]), False)
    return Quote(start, len(plain), _paragraphs(plain[start + 1 :]), whole=False)


def _paragraphs(text: str) -> tuple[str, ...]:
    """Cut into paragraphs without opening marks; ‘ ’ of a quotation are “ ” in the text."""
    lines = (line.strip().removeprefix("“").strip() for line in text.split("\n"))
    return tuple(_unnested(line) for line in lines if line)


def _unnested(line: str) -> str:
    if "“" in line or "”" in line or line.count("‘") != line.count("’"):
        return line
    return _INNER.sub(lambda mark: "“" if mark[0] == "‘" else "”", line)
