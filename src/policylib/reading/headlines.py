"""The first lines of a document without their markup (文首各行), and names of organs in a row."""

from __future__ import annotations

import re

from policylib.reading.source import Source
from policylib.reading.values import Passage
from policylib.reading.words import DATE
from policylib.text.span import Span

__all__ = ["EVENT_LINE", "MARKUP", "NOTE", "HeadLine", "head_lines", "organs_in", "passage"]

_HEAD_LINES, _HEAD_CHARACTERS = 40, 6000
MARKUP = "#*_>` \t"
_PARAGRAPH = 130  # characters: longer than any title or label
_MAY_BE_EVENT = frozenset("（0123456789〇一二#<*")
_STATE = "中华人民共和国"
#: 2019年4月22日 国务院令第715号公布
EVENT_LINE = re.compile(rf"^(?P<day>{DATE})[ \u3000]*(?P<text>\S.*)$")
#: （1991年3月4日国务院令第76号发布 …）
NOTE = re.compile(r"^[（(]\s*(?:根据|经)?\s*[0-9〇一二]{4}\s?年")


def passage(source: Source, start: int, end: int) -> Passage:
    """A passage of a text (出处)."""
    span = Span(start, end)
    return Passage(span, source.quote(span))


class HeadLine:
    """A line of the head: ``text`` without markup, ``start`` and ``end`` of that text."""

    __slots__ = ("end", "heading", "start", "text")

    def __init__(self, source: Source, start: int, end: int) -> None:
        raw = source.plain[start:end]
        self.heading = raw.startswith("#")
        bare = raw.lstrip(MARKUP)
        self.start = end - len(bare)
        self.text = bare.rstrip(MARKUP)
        self.end = self.start + len(self.text)


def head_lines(source: Source) -> list[HeadLine]:
    """The first lines, without the head of a file (---) and without empty marks.

    Below the first paragraph only lines that may hold events (题注) are given.
    """
    found: list[HeadLine] = []
    lines = source.lines[: 2 * _HEAD_LINES]
    skip, in_body = 0, False
    if lines and source.plain[slice(*lines[0])] == "---":
        closing = (
            number
            for number, line in enumerate(lines[1:], 1)
            if source.plain[slice(*line)] == "---"
        )
        skip = next(closing, -1) + 1
    for start, end in lines[skip:]:
        if start > _HEAD_CHARACTERS + lines[skip][0] or len(found) >= _HEAD_LINES:
            break
        if in_body and source.plain[start] not in _MAY_BE_EVENT:
            continue
        in_body = in_body or end - start > _PARAGRAPH
        each = HeadLine(source, start, min(end, start + _HEAD_CHARACTERS))
        if each.text:
            found.append(each)
    return found


#: Where a name ends and the next begins with its place, the space between them lost.
_GLUED = re.compile(
    r"(?<=[局会室厅委行心队府])(?<!总局)(?<!人民银行)(?!员会)"
    r"(?=(?:[\u4e00-\u9fff]{2,3}[省市县区州]|国家|中国|中共|财政部)(?!分局|支行|分行|分中心|管理部|办事处|支队))"
    r"|(?<=中共中央)(?=国务院)"
)


def organs_in(words: str) -> tuple[str, ...]:
    """Several organs in a row; letter-spaced names are closed up, names run together are parted.

    >>> organs_in("青州市财政局青州市住房和城乡建设局")
    ('青州市财政局', '青州市住房和城乡建设局')
    """
    rows = [name.removeprefix(_STATE) or name for name in re.split(r"[、\s]+", words) if name]
    names = [name for row in rows for name in _GLUED.split(row)]
    if names and all(len(name) == 1 for name in names):
        return ("".join(names),)
    return tuple(dict.fromkeys(name for name in names if 2 <= len(name) <= 40))
