"""The lines of a text as a tree by their marks (行与层次): 第一条, 一、, （一）, 1., and plain paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Line", "read_lines"]

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(
    r"[ \t#*>\-]{0,8}(?:(?P<article>第[〇零一二三四五六七八九十百0-9]{1,6}条(?:之[一二三四五六七八九十])?)"
    r"|(?P<part>第[〇零一二三四五六七八九十百0-9]{1,4}[章节编])|(?P<one>[一二三四五六七八九十]{1,3}[、.．])"
    r"|(?P<two>（[一二三四五六七八九十]{1,3}）)|(?P<three>[0-9]{1,2}(?:[.．]|、)(?![0-9]))"
    r"|(?P<four>（[0-9]{1,2}）)|(?P<five>[0-9]{1,2}）)|(?P<six>[①-⑳]))?[ \t*、]{0,8}"
)
_INLINE = (
    re.compile(r"（[一二三四五六七八九十]{1,2}）"),
    re.compile(r"(?<![0-9.])[0-9]{1,2}(?:[.．、]|）)(?![0-9])"),
    re.compile(r"（[0-9]{1,2}）"),
    re.compile(r"[①-⑳]"),
    re.compile(r"(?<=[：；。，])[一二三四五六七八九]是"),
)
_PLAIN = "para"
_HEAD = re.compile(r"[^。；：，]{2,24}\Z")
_MOST_DEPTH = 12


@dataclass(slots=True)
class Line:
    """A line or an item within one: ``start`` to ``end`` without its mark; ``kind`` of the mark."""

    start: int
    end: int
    kind: str
    parent: Line | None = None
    children: list[Line] = field(default_factory=list)

    def above(self) -> Iterator[Line]:
        """The lines it stands under, the nearest first."""
        line = self.parent
        while line is not None:
            yield line
            line = line.parent


def read_lines(text: str) -> list[Line]:
    """The lines of a text in order, each knowing its parent and children."""
    lines: list[Line] = []
    stack: list[Line] = []
    for match in _LINE.finditer(text):
        mark = _MARK.match(text, match.start(), match.end())
        start = mark.end() if mark else match.start()
        end = match.start() + len(match[0].rstrip())
        if start >= end:
            continue
        kind = (mark.lastgroup if mark else None) or _PLAIN
        line = Line(start, end, kind)
        _under(stack, line, text)
        lines += (line, *_inside(text, line))
    return lines


def _under(stack: list[Line], line: Line, text: str) -> None:
    """Put a line where it belongs: beside one with the same mark, or under the last one."""
    kinds = [each.kind for each in stack]
    if line.kind in kinds:
        del stack[kinds.index(line.kind) :]
    elif line.kind == _PLAIN:
        while stack and not (stack[-1].kind in ("article", "part") or _is_heading(stack[-1], text)):
            stack.pop()
    elif line.kind in ("article", "part"):
        del stack[kinds.index("part") + 1 if line.kind == "article" and "part" in kinds else 0 :]
    elif line.kind == "one":
        while stack and stack[-1].kind not in ("article", "part"):
            stack.pop()
    if stack:
        line.parent = stack[-1]
        stack[-1].children.append(line)
    if len(stack) < _MOST_DEPTH:
        stack.append(line)


def _is_heading(line: Line, text: str) -> bool:
    return _HEAD.match(text, line.start, line.end) is not None


def _inside(text: str, line: Line) -> list[Line]:
    """The items of an enumeration within a line (符合下列条件：1.…；2.…)."""
    colon = text.find("：", line.start, line.end)
    if colon < 0 or colon + 1 == line.end:
        return []
    for pattern in _INLINE:
        marks = list(pattern.finditer(text, colon + 1, line.end))
        if len(marks) < 2 or marks[0].start() - colon > 12:
            continue
        ends = [*(mark.start() for mark in marks[1:]), _last(text, marks[-1].end(), line.end)]
        items = [
            Line(mark.end(), end, "inline", line) for mark, end in zip(marks, ends, strict=True)
        ]
        line.children += items
        line.end = colon + 1
        return items
    return []


def _last(text: str, start: int, end: int) -> int:
    """Where the last item of an enumeration ends: with its sentence."""
    stop = text.find("。", start, end)
    return end if stop < 0 else stop
