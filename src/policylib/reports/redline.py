r"""Showing the difference of two texts (花脸稿): for a terminal, as plain text and as Markdown.

>>> from policylib.text.comparing import compare
>>> print(plain(compare("第一条 每月60元。\n", "第一条 每月90元。\n"), summary=False), end="")
修改：第一条
第一条 每月【删：60元】【增：90元】。
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import NamedTuple

from policylib.text.comparing import ChangeKind, Comparison, Stretch
from policylib.text.wording import Edit, Op, joined

__all__ = [
    "Folded",
    "Marks",
    "Passage",
    "Segment",
    "Style",
    "laid_out",
    "markdown",
    "passages",
    "plain",
    "shown",
    "summary_of",
    "terminal",
]

_NEAR = 60  # characters of unchanged text shown beside an edit
_QUIET = frozenset((ChangeKind.SAME, ChangeKind.RENUMBERED))
_UNSEEN = {code: 0x2400 + code for code in range(0x20) if code not in {0x09, 0x0A}}
_UNSEEN |= {0x7F: 0x2421} | dict.fromkeys((*range(0x80, 0xA0), 0xFFFE, 0xFFFF), 0xFFFD)
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!|~=:$^@'\"/])")
_HEADING_MARK = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_INDENT = re.compile(r"\A[ \t]{1,200}")


class Style(StrEnum):
    """What a segment of a redline is (样式)."""

    SUMMARY = "概要"
    HEADING = "条款"
    SAME = "未变"
    GONE = "删"
    NEW = "增"
    FOLDED = "略"


class Segment(NamedTuple):
    """A stretch of a redline in one style (片段)."""

    style: Style
    text: str


class Marks(StrEnum):
    """How plain text marks what is gone and what is new (标记)."""

    CHINESE = "【删：】【增：】"
    ASCII = "[-…-]{+…+}"


_STYLES = {Op.SAME: Style.SAME, Op.GONE: Style.GONE, Op.NEW: Style.NEW}
_MARKS = {
    (Marks.CHINESE, Style.GONE): ("【删：", "】"),
    (Marks.CHINESE, Style.NEW): ("【增：", "】"),
    (Marks.ASCII, Style.GONE): ("[-", "-]"),
    (Marks.ASCII, Style.NEW): ("{+", "+}"),
}


@dataclass(frozen=True, slots=True)
class Passage:
    """One provision as a redline shows it (一处): what is said of it, and its edits."""

    stretch: Stretch
    heading: str
    edits: tuple[Edit, ...]

    @property
    def quiet(self) -> bool:
        """Whether its words are as they were, in their place."""
        return self.stretch.change.kind in _QUIET


@dataclass(frozen=True, slots=True)
class Folded:
    """Provisions that need not be read (略去的条文)."""

    heading: str
    passages: tuple[Passage, ...]


def passages(comparison: Comparison, *, context: int | None = 1) -> Iterator[Passage | Folded]:
    """What a redline shows (花脸稿内容), in reading order.

    Of provisions that are unchanged but for their number, ``context`` are shown on either side of
    a change, the others folded; ``None`` folds nothing.
    """
    told = [_passage(stretch) for stretch in comparison.script()]
    loud = [place for place, passage in enumerate(told) if not passage.quiet]
    if context is None:
        yield from told
        return
    near = {place + by for place in loud for by in range(-context, context + 1)}
    run: list[Passage] = []
    for place, passage in enumerate(told):
        if run and (place in near or passage.stretch.change.kind is not run[0].stretch.change.kind):
            yield _folded(run)
            run = []
        if place in near:
            yield passage
        else:
            run.append(passage)
    if run:
        yield _folded(run)


def summary_of(comparison: Comparison) -> str:
    """How many provisions of each kind there are (变动概要), in one sentence."""
    counts = comparison.counts()
    said = [f"{kind}{counts[kind]}处" for kind in ChangeKind if counts[kind]]
    if comparison.same:
        return "两份文本的文字没有变动"
    return "，".join(said)


def shown(text: str) -> str:
    """A text that any page, file or terminal can hold (可显示文本).

    Control characters become visible signs (␀), half surrogates �; every line ends with one
    line feed.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _UNFIT.search(text):
        return text
    return _UNFIT.sub(lambda match: chr(_UNSEEN.get(ord(match[0]), 0xFFFD)), text)


def laid_out(text: str) -> str:
    r"""A text as people read it (阅读稿): no marks of Markdown headings, no comments, no blank lines.

    Its provisions are the same, but for what was a comment alone, so a comparison of two such texts
    is that of the two as written.

    >>> laid_out("# 办法\n\n<!-- 略 -->\n\n## 第一章\n\n第一条　甲。\n")
    '办法\n第一章\n第一条　甲。\n'
    """
    plain = _HEADING_MARK.sub("", _COMMENT.sub("", text.replace("\r\n", "\n")))
    return _BLANK_LINES.sub("\n", plain.strip("\n")) + "\n"


def terminal(
    comparison: Comparison, *, context: int | None = 1, summary: bool = True
) -> list[Segment]:
    """A redline for a terminal (终端花脸稿): segments to be coloured by their style, and joined.

    Nothing in it can steer a terminal. Long unchanged stretches are shortened unless ``context``
    is ``None``.
    """
    found: list[Segment] = []
    if summary:
        found.append(Segment(Style.SUMMARY, summary_of(comparison) + "\n"))
    for passage in passages(comparison, context=context):
        if isinstance(passage, Folded):
            found.append(Segment(Style.FOLDED, f"……（{passage.heading}）\n"))
            continue
        found.append(Segment(Style.HEADING, passage.heading + "\n"))
        shortened = _segments(passage.edits, shorten=context is not None)
        found.extend(_ended(shortened))
    return [Segment(style, _TURNING.sub("\ufffd", text)) for style, text in found]


def plain(
    comparison: Comparison,
    *,
    context: int | None = 1,
    summary: bool = True,
    marks: Marks = Marks.CHINESE,
) -> str:
    """A redline without colours (纯文本花脸稿): 【删：…】【增：…】 or [-…-]{+…+}."""
    words: list[str] = []
    for style, text in terminal(comparison, context=context, summary=summary):
        before, after = _MARKS.get((marks, style), ("", ""))
        body = text.rstrip("\n") if before else text
        words.append(f"{before}{body}{after}{text[len(body) :]}" if body else text)
    return "".join(words)


def markdown(comparison: Comparison, *, title: str = "文本比对", context: int | None = 1) -> str:
    """A redline as Markdown (Markdown花脸稿): ``<del>`` and ``<ins>``, nothing of the texts is markup."""
    lines = [f"# {_escaped(' '.join(shown(title).split()))}", summary_of(comparison)]
    for passage in passages(comparison, context=context):
        if isinstance(passage, Folded):
            lines.append(f"……（{_escaped(passage.heading)}）")
            continue
        lines.append(f"## {_escaped(passage.heading)}")
        lines.extend(_paragraphs(_segments(passage.edits, shorten=context is not None)))
    return "\n\n".join(lines) + "\n"


def _passage(stretch: Stretch) -> Passage:
    change = stretch.change
    edits = joined(Edit(op, shown(text)) for op, text in stretch.edits)
    if stretch.old and stretch.new:
        return Passage(stretch, str(change), edits)
    kind = "移动" if change.kind is ChangeKind.MOVED else "移动并修改"
    if stretch.old:
        return Passage(stretch, f"{kind}：{change.before}（移至{change.after}）", edits)
    return Passage(stretch, f"{kind}：{change.after}（由{change.before}移来）", edits)


def _folded(run: list[Passage]) -> Folded:
    first, last = run[0].stretch.change, run[-1].stretch.change
    if first.kind is ChangeKind.RENUMBERED:
        was, now = _range(first.before, last.before), _range(first.after, last.after)
        said = f"{was}改为{now}，文字未变"
    else:
        said = f"{_range(first.after, last.after)}未变"
    return Folded(said if len(run) == 1 else f"{said}，共{len(run)}处", tuple(run))


def _range(first: object, last: object) -> str:
    return str(first) if first == last else f"{first}至{last}"


def _segments(edits: Iterable[Edit], *, shorten: bool) -> list[Segment]:
    """Edits as segments; of long unchanged ones what is near the edits."""
    edits = tuple(edits)
    found: list[Segment] = []
    for place, (op, text) in enumerate(edits):
        head = _NEAR if place else 0
        tail = _NEAR if place + 1 < len(edits) else 0
        head = head or (0 if tail else _NEAR)  # unchanged as a whole: how it begins
        over = len(text) - head - tail
        if op is not Op.SAME or not shorten or over <= _NEAR:
            found.append(Segment(_STYLES[op], text))
            continue
        found.append(Segment(Style.SAME, text[:head]))
        found.append(Segment(Style.FOLDED, f"……（略{over}字）……"))
        found.append(Segment(Style.SAME, text[len(text) - tail :]))
    return [segment for segment in found if segment.text]


def _ended(segments: list[Segment]) -> Iterator[Segment]:
    """The segments of a passage with one line end behind them."""
    kept = list(segments)
    while kept and not kept[-1].text.strip():
        kept.pop()
    for style, text in kept[:-1]:
        yield Segment(style, text)
    last = kept[-1] if kept else Segment(Style.FOLDED, "（只有空白）")
    yield Segment(last.style, last.text.rstrip() + "\n")


def _paragraphs(segments: Iterable[Segment]) -> Iterator[str]:
    """Lines as paragraphs; a mark never goes over the end of one."""
    line: list[str] = []
    for style, text in segments:
        tag = {Style.GONE: "del", Style.NEW: "ins"}.get(style)
        for place, part in enumerate(text.split("\n")):
            if place and line:
                yield "".join(line)
                line = []
            if part.strip():
                words = _escaped(part, at_start=not line)
                line.append(f"<{tag}>{words}</{tag}>" if tag else words)
    if line:
        yield "".join(line)


def _escaped(text: str, *, at_start: bool = True) -> str:
    r"""A text in which Markdown finds no marks.

    >>> _escaped("1. *甲* <b>")
    '1\\. \\*甲\\* &lt;b&gt;'
    """
    indent = _INDENT.match(text) if at_start else None
    words = text[indent.end() :] if indent else text
    words = escape(_PUNCTUATION.sub(r"\\\1", words), quote=False)
    return ("\u3000" if indent else "") + words
