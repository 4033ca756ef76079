"""What stands around the provisions (首尾): 题注 and 引言 above, 结语 and 落款 below, 款 under a heading."""

from __future__ import annotations

import re

from policylib.amending.parts import BLANK, Part, Run
from policylib.text.locator import Level, Locator, Step

__all__ = ["closing_of", "ending_of", "split_paragraphs", "split_preface"]

_DATE = re.compile(
    r"[（(]?(?:[12][0-9]{3}|[一二]?[〇○零Ｏ０一二三四五六七八九]{3,4})年[^年]{1,4}月[^月]{1,4}[日号][)）]?\Z"
)
_PROSE_END = frozenset("。：:")
_HISTORY = re.compile(r"年[^年]{1,4}月[^月]{1,4}日.{0,80}(?:通过|公布|施行|发布|修订|修正|修改)")
_ADDRESSED = re.compile(r"各[^。]{0,80}[：:]\Z")
_PREAMBLES = frozenset(("序言", "前言", "引言", "导言"))
_NOTE = re.compile(
    r"(?m)^[ \t\u3000]*[（(](?:[^（()）]|[（(][^（()）]{0,80}[）)]){1,600}[）)][ \t\u3000]*$\s*"
)
_ENDING = re.compile(
    r"本(?:通知|意见|办法|方案|细则|规定|措施|政策|文件|计划|规划|标准|指南|[^，。]{2,6}(?:方案|意见|计划|办法))"
    r"[^。]{0,40}(?:施行|实施|执行|生效|有效期|解释)|(?:此前|以往)[^。]{0,40}不一致|特此(?:通知|公告)|[（(]此件|附件?[：:]"
)


def split_preface(part: Part) -> None:
    """Part the 引言 from the lines above it: date of passing, addressees, comments."""
    raw = part.raw
    if not raw:
        return
    start = part.runs[0].at
    lines: list[tuple[int, str]] = []
    at = 0
    for line in raw.splitlines(keepends=True):
        if line.strip() and not (lines and line.startswith("<!--")):
            lines.append((at, line))
        elif lines:
            lines[-1] = (lines[-1][0], lines[-1][1] + line)
        at += len(line)
    first = len(lines)
    while first and _prose(lines[first - 1][1].strip()):
        first -= 1
    headed = [
        at for at, (_, line) in enumerate(lines) if "".join(line.split()).strip("#*") in _PREAMBLES
    ]
    first = headed[0] + 1 if headed else first
    cut = lines[first][0] if first < len(lines) else len(raw)
    part.runs = [Run(raw[:cut], start)] if cut else []
    _split_note(part)
    if first == len(lines):
        return
    intro = Part(Level.PREFACE)
    intro.role = "引言"
    for number, (offset, line) in enumerate(lines[first:], 1):
        paragraph = Part(Level.PARAGRAPH, number)
        paragraph.role = "引言段"
        paragraph.runs = [Run(line, start + offset)]
        intro.add(paragraph)
    part.add(intro)


def _split_note(part: Part) -> None:
    """Part the 题注, the one bracket that says when a text was passed, from the lines around it."""
    raw = part.raw
    found = [match.span() for match in _NOTE.finditer(raw) if "年" in match[0]]
    if len(found) != 1:
        return
    (at, end), start = found[0], part.runs[0].at
    part.runs = [Run(raw[:at], start)] if at else []
    note, rest = Part(Level.PREFACE), Part(Level.PREFACE)
    note.role = "题注"
    note.runs = [Run(raw[at:end], start + at)]
    rest.runs = [Run(raw[end:], start + end)] if raw[end:] else []
    part.add(note)
    part.add(rest)


def _prose(line: str) -> bool:
    return (
        len(line) >= 15
        and line[-1] in _PROSE_END
        and line[0] not in "（(<#|"
        and not _HISTORY.search(line[:200])
        and not _ADDRESSED.match(line[-90:])
    )


def closing_of(raw: str) -> int:
    """Where signature, date or a comment begin behind the words of a provision; 0 for nowhere."""
    lines = raw.splitlines(keepends=True)
    at, cut, seen = len(raw), 0, False
    for line in reversed(lines[1:]):
        at -= len(line)
        words = line.strip(BLANK)
        if not words:
            continue
        if _DATE.match(words) or words.startswith(("<!--", "---")):
            seen, cut = True, at
        elif seen and len(words) <= 30 and words[-1] not in "。；;：:，,|）)":
            cut = at
        else:
            break
    return cut


def ending_of(raw: str) -> int:
    """Where paragraphs on the whole document (本通知自…施行) begin behind a numbered part of it.

    They are its only content where nothing else stands under a bare heading: then 0.
    """
    lines = raw.splitlines(keepends=True)
    at, cut = len(raw), 0
    for line in reversed(lines[1:]):
        at -= len(line)
        words = line.strip(BLANK)
        if words and not _ENDING.match(words):
            break
        cut = at if words else cut
    return cut if "。" in raw[:cut] else 0


def split_paragraphs(part: Part) -> None:
    """Make 款 of the paragraphs under a heading 一、, which it has on lines of their own."""
    if len(part.runs) != 1 or part.old is None:
        return
    start, raw = part.runs[0].at, part.raw
    spots = [match.start() for match in re.finditer(r"(?m)^(?=.*\S)", raw)]
    if len(spots) < 2 or "。" in raw[: spots[1]]:
        return
    part.runs = [Run(raw[: spots[1]], start)]
    for number, (at, end) in enumerate(zip(spots[1:], [*spots[2:], len(raw)], strict=True), 1):
        child = Part(Level.PARAGRAPH, number)
        child.old = Locator((*part.old.steps, Step(Level.PARAGRAPH, number)))
        child.runs = [Run(raw[at:end], start + at)]
        part.add(child)
