"""Quotations in a decision (引文): found first, so that the grammar sees them as one sign each."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

__all__ = ["QUOTE", "Quote", "Skeleton", "ends_quotation", "skeleton"]

#: Stands for one whole quotation in a skeleton.
QUOTE = "\ue000"

_N = "[0-9０-９〇零一二两三四五六七八九十百千]{1,8}"
_MARK = rf"(?:[（(]{_N}[）)]|{_N}[、.．]|第{_N}条(?=[ \u3000]))?[ \u3000]?"
_PLACE = rf"(?:将|在|把|对)?(?:原|该|本)?(?:《[^》\n]{{1,60}}》|[\u4e00-\u9fff]{{0,12}}?法)?(?:的|中)?第{_N}[条款项章节]"
_VERB = "(?:修改为|改为|删去|删除|增加[一二两三四五六]|作为第|合并|移至|移到|拆分|分为)"
#: A line that begins an instruction or the closing words: no quotation goes on over it.
_BOUNDARY = re.compile(
    rf"[#*>\s]{{0,8}}{_MARK}(?:"
    rf"{_PLACE}[^\n“”。]{{0,60}}{_VERB}|{_PLACE}[^\n“”。]{{0,40}}“[^\n”]{{1,400}}”[^\n“”]{{0,4}}{_VERB}"
    rf"|(?:将|在|把)“|(?:将|在)?引言|删[去除](?:第{_N}|《|“)|(?:修改|对)《[^》\n]{{1,80}}》|增加[一二两三四五六七八九十][条款项章节]"
    r"|本(?:决定|通知|修正案)自|此外，对|《[^》\n]{1,60}》根据本决定|(?:对)?条文(?:的)?(?:顺序|序号))"
)
_BARE = re.compile(
    rf"(?m)^[#*> \t\u3000]{{0,8}}{_MARK}{_PLACE}[^\n“”。：:]{{0,30}}修改为[：:](?P<words>[^\n“”\s《][^\n“”]{{3,600}}。)[ \t]*$"
)
_NEXT_LINE = re.compile(
    rf"\s*(?:\Z|(?:{_N}[、.．]|[（(]{_N}[）)]|第{_N}[条款项章节]|将|删|在|增加|本|此外|《))"
)
_VERBS = re.compile(rf"修改为|{_VERB}")
_SAID = re.compile(r"(?:内容|条文)如下[：:][ \t\u3000]*\n\s*(?=[^\s“])")
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


def ends_quotation(line: str) -> bool:
    """Whether a line begins an instruction or closing words (指令行)."""
    return _BOUNDARY.match(line[:600]) is not None


def skeleton(source: str) -> Skeleton:
    """Find all quotations of a decision (引文识别), each up to its own closing mark."""
    plain = _straight(source).replace(QUOTE, "\ufffd")
    parts: list[str] = []
    quotes: list[Quote] = []
    cuts: list[int] = []
    at = length = 0
    while quote := _next(plain, at):
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


def _next(plain: str, at: int) -> Quote | None:
    """The next quotation: in marks, or the lines behind 内容如下： that are no instruction."""
    start = plain.find("“", at)
    until = start if start >= 0 else len(plain)
    unmarked = _unmarked(plain, at, until) or _bare_line(plain, at, until)
    return unmarked or (_read(plain, start) if start >= 0 else None)


def _unmarked(plain: str, at: int, until: int) -> Quote | None:
    """The lines behind 内容如下：, up to the next instruction."""
    said = _SAID.search(plain, at, until)
    if said is None:
        return None
    end = said.end()
    while end < len(plain) and not _BOUNDARY.match(plain, end, end + 600):
        line = plain.find("\n", end)
        end = len(plain) if line < 0 else line + 1
    text = plain[said.end() : end]
    close = said.end() + len(text.rstrip())
    return Quote(said.end(), close, _paragraphs(text), whole=True) if text.strip() else None


def _bare_line(plain: str, at: int, until: int) -> Quote | None:
    """第五条修改为：… without marks: the rest of its line, where the next line is another item."""
    for said in _BARE.finditer(plain, at, until):
        end = said.end("words")
        following = _NEXT_LINE.match(plain, end)
        if following and not _VERBS.search(said["words"]):
            return Quote(said.start("words"), end, (said["words"],), whole=True)
    return None


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
        elif _BOUNDARY.match(plain, at, at + 600):
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
