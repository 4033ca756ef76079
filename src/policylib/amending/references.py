"""References within a text (条文引用): which 第…条 mean this text, and what they have to become."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from policylib.amending.places import N
from policylib.errors import ParseError
from policylib.text.locator import Level
from policylib.text.numerals import to_chinese, to_int

__all__ = ["Reference", "Token", "references", "rewritten"]

_UNIT = "条|款|项|目|章|节|编"
_TOKEN = re.compile(
    rf"第(?P<open>[（(]?)(?P<n>{N})(?P<more>(?:[）)]?(?:[、至和及到]|以及)第?[（(]?{N}){{0,20}})[）)]?(?P<unit>{_UNIT})(?:之(?P<zhi>[一二三四五六七八九十]{{1,3}}))?"
)
_NUMBER = re.compile(N)
_BETWEEN = re.compile(
    r"(?:(?:之|的)?规定)?(?:[、，]|和|及|以及|或者?|与|至|到|并|同时|依照|按照|根据|违反|的|或者违反|或违反){0,4}\Z"
)
_SELF = re.compile(
    r"本(?:法|条例|办法|规定|细则|解释|决定|规则|章程|通知|意见|方案|标准|制度|规程|规范|措施|程序|公约|守则|预案|指南|文件|条|款|章|节|编)(?:的|中|中的|之)?\Z"
)
_OTHER = re.compile(
    r"(?:》|法典|法|条例|办法|规定|细则|解释|决定|规则|章程|通知|意见|方案|公约|条约|宪章|协定|议定书|号|令|合同|协议)(?:的|中|中的|之)?\Z"
)
_PLAIN = re.compile(r"(?:依法|违法|合法|非法|方法|无法|执法|立法|司法|守法|普法|看法|做法)\Z")
_NOTED = re.compile(r"[（(][^（()）]{0,60}[）)]\Z")
_LEVELS = {
    "条": Level.ARTICLE,
    "款": Level.PARAGRAPH,
    "项": Level.ITEM,
    "目": Level.SUBITEM,
    "章": Level.CHAPTER,
    "节": Level.SECTION,
    "编": Level.BOOK,
}
_WINDOW = 90


class Token(NamedTuple):
    """One number of a reference: its place in the text and what it counts."""

    start: int
    end: int
    level: Level
    number: int
    suffix: int
    suffix_span: tuple[int, int] | None


class Reference(NamedTuple):
    """Tokens that belong together (第三条第二款); ``named`` means 本法 or the like stands before."""

    tokens: tuple[Token, ...]
    named: bool
    before: str


def references(text: str, own: Callable[[str], bool]) -> Iterator[Reference]:
    """Find the references of a text to its own provisions; ``own`` knows the text's own titles."""
    tokens: list[Token] = []
    end = -1
    ours, named = False, False
    before = ""
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()] if end >= 0 else ""
        linked = end >= 0 and match.start() - end <= 12 and _BETWEEN.match(gap)
        new = match["unit"] in "条章编节" or gap != ""
        if new and tokens:
            if ours:
                yield Reference(tuple(tokens), named, before)
            tokens = []
        if not linked:
            ours, named = _ours(text[max(0, match.start() - _WINDOW) : match.start()], own)
        if not tokens:
            before = text[max(0, match.start() - 6) : match.start()]
        try:
            tokens.extend(_tokens(match))
        except ParseError:
            ours = False
        end = match.end()
    if tokens and ours:
        yield Reference(tuple(tokens), named, before)


def _tokens(match: re.Match[str]) -> list[Token]:
    level = _LEVELS[match["unit"]]
    zhi = to_int(match["zhi"]) if match["zhi"] else 0
    spans = [match.span("n"), *(n.span() for n in _numbers(match))]
    out = [
        Token(start, end, level, to_int(match.string[start:end]), 0, None) for start, end in spans
    ]
    if zhi:
        out[-1] = out[-1]._replace(suffix=zhi, suffix_span=match.span("zhi"))
    return out


def _numbers(match: re.Match[str]) -> Iterator[re.Match[str]]:
    return _NUMBER.finditer(match.string, *match.span("more"))


def _ours(before: str, own: Callable[[str], bool]) -> tuple[bool, bool]:
    """Whether a reference with these words before it means the text itself."""
    words = before.rstrip(" \t\u3000")
    noted = _NOTED.sub("", words)
    words = noted if noted.endswith(("》", "法")) else words
    if _SELF.search(words):
        return True, True
    if words.endswith(("》", "》的", "》中", "》中的", "》之")):
        title = words[words.rfind("《") + 1 : words.rfind("》")] if "《" in words else ""
        return (True, True) if title and own(title) else (False, False)
    if _OTHER.search(words) and not _PLAIN.search(words):
        return False, False
    return True, False


def rewritten(written: str, number: int) -> str:
    """Write a number in the script of ``written``."""
    if written.isascii():
        return str(number)
    if written[0] in "０１２３４５６７８９":
        return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return to_chinese(number)
