"""A base text as a tree that can be edited (可编辑的文本树): what is not touched stays as it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from policylib.text.locator import Level, Locator, Step
from policylib.text.numerals import to_chinese
from policylib.text.outline import Outline, Provision

__all__ = ["Part", "Run", "Style", "Tree", "body_of", "lead_of", "split_paragraphs", "trail_of"]

_BLANK = " \t\r\n\u3000\xa0"
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
_UPPER = frozenset((Level.TEXT, Level.ANNEX))
_HEADINGS = frozenset((Level.HEADING1, Level.HEADING2, Level.HEADING3, Level.HEADING4))
_ENDING = re.compile(
    r"本(?:通知|意见|办法|方案|细则|规定|措施|政策|文件|计划|规划|标准|指南|[^，。]{2,6}(?:方案|意见|计划|办法))"
    r"[^。]{0,40}(?:施行|实施|执行|生效|有效期|解释)|(?:此前|以往)[^。]{0,40}不一致|特此(?:通知|公告)|[（(]此件|附件?[：:]"
)


class Run(NamedTuple):
    """A stretch of text: of the base from ``at`` on, or new (``at`` is -1) because of ``cause``."""

    text: str
    at: int
    cause: str = ""


class Part:
    """One provision while a text is amended (条文节点)."""

    __slots__ = (
        "children", "deleted", "heading", "label", "level", "number", "old", "parent", "role", "runs", "says",
        "stated", "suffix", "was",
    )  # fmt: skip

    def __init__(self, level: Level, number: int = 0, suffix: int = 0, label: str = "") -> None:
        self.level = level
        self.number = number
        self.suffix = suffix
        self.label = label
        self.heading = ""
        self.runs: list[Run] = []
        self.children: list[Part] = []
        self.parent: Part | None = None
        self.old: Locator | None = None
        self.was: tuple[int, int] = (number, suffix)
        self.stated: tuple[int, int] | None = None  # the number of a part that was put somewhere
        self.says: tuple[int, int] | None = None  # the number that 改为 gives it
        self.deleted = False
        self.role = ""  # 题注, 引言, 结语, 落款

    @property
    def raw(self) -> str:
        """The text of this part without its children."""
        return "".join(run.text for run in self.runs)

    @property
    def whole(self) -> str:
        """The text of this part with its children."""
        return "".join(part.raw for part in self.walk())

    @property
    def name(self) -> str:
        """How an officer calls the part: its old place, or its role."""
        if self.old is not None and self.old.steps:
            return str(self.old)
        if self.role == "引言段":
            return f"引言第{to_chinese(self.number)}段"
        return self.role or self.level.value

    @property
    def place(self) -> Locator:
        """Where the part stands now."""
        steps: list[Step] = []
        in_article = False
        for part in self.above():
            if part.parent is None or part.level is Level.TEXT:
                continue
            if not in_article or part.level is Level.ANNEX:
                steps.append(Step(part.level, part.number, part.suffix))
            in_article = in_article or part.level is Level.ARTICLE
        return Locator(tuple(reversed(steps)))

    def walk(self) -> Iterator[Part]:
        """Go through the part and all below it that are not deleted, in the order of the text."""
        stack = [self]
        while stack:
            part = stack.pop()
            if not part.deleted:
                yield part
                stack.extend(reversed(part.children))

    def above(self) -> Iterator[Part]:
        """Go through the part and all that it stands in, inner first."""
        part: Part | None = self
        while part is not None:
            yield part
            part = part.parent

    def add(self, child: Part, at: int | None = None) -> None:
        """Put a child in, at the end or before the child ``at``."""
        child.parent = self
        self.children.insert(len(self.children) if at is None else at, child)

    def index(self) -> int:
        """The place of this part among its siblings."""
        siblings = self.parent.children if self.parent else []
        return next(at for at, part in enumerate(siblings) if part is self)

    def origin(self, start: int, end: int) -> int:
        """Where ``raw[start:end]`` stands in the base; -1 when not all of it is old."""
        at = 0
        for run in self.runs:
            stop = at + len(run.text)
            if at <= start < stop or (start == end == stop):
                return run.at + start - at if run.at >= 0 and end <= stop else -1
            at = stop
        return -1

    def edit(self, start: int, end: int, text: str, cause: str) -> None:
        """Replace ``raw[start:end]``."""
        runs: list[Run] = []
        at, placed = 0, False
        for run in self.runs:
            stop = at + len(run.text)
            if at < start:
                runs.append(_slice(run, 0, min(start, stop) - at))
            if not placed and stop >= start:
                runs.append(Run(text, -1, cause))
                placed = True
            if stop > end:
                runs.append(_slice(run, max(end, at) - at, len(run.text)))
            at = stop
        if not placed:
            runs.append(Run(text, -1, cause))
        self.runs = [run for run in runs if run.text]


def _slice(run: Run, start: int, end: int) -> Run:
    return Run(run.text[start:end], run.at + start if run.at >= 0 else -1, run.cause)


def lead_of(raw: str) -> str:
    """The white space before the words of a part."""
    return raw[: len(raw) - len(raw.lstrip(_BLANK))]


def trail_of(raw: str) -> str:
    """The white space behind the words of a part."""
    return raw[len(raw.rstrip(_BLANK)) :]


def body_of(raw: str) -> str:
    """The words of a part without the white space around them."""
    return raw.strip(_BLANK)


@dataclass(frozen=True, slots=True)
class Style:
    """How a base sets its provisions (排版): what stands between and before them."""

    gap: str
    paragraph: str
    item: str

    @classmethod
    def of(cls, parts: list[Part]) -> Style:
        """Take the commonest ways of a text."""
        gaps: Counter[str] = Counter()
        paragraphs: Counter[str] = Counter()
        items: Counter[str] = Counter()
        articles: Counter[str] = Counter()
        for part in parts:
            raw = part.raw
            trail = trail_of(raw)
            if "\n" in trail:
                gaps["".join(mark for mark in trail if mark in "\r\n")] += 1
            lead = lead_of(raw).replace("\n", "").replace("\r", "")
            if part.level is Level.PARAGRAPH and part.number > 1:
                paragraphs[lead] += 1
            elif part.level is Level.ITEM:
                items[lead] += 1
            elif part.level is Level.ARTICLE:
                articles[lead] += 1
        gap = _commonest(gaps, "\n")
        paragraph = _commonest(paragraphs, _commonest(articles, ""))
        return cls(gap, paragraph, _commonest(items, paragraph))


def _commonest(counted: Counter[str], default: str) -> str:
    return counted.most_common(1)[0][0] if counted else default


class Tree:
    """The parts of a base and how they are set."""

    def __init__(self, base: str) -> None:
        self.outline = Outline.parse(base)
        self.base = base
        self.focus: Part | None = None  # the one of several texts that is amended
        self.body: list[Part] | None = None  # what places are looked for in, once known
        self.root = Part(Level.TEXT)
        places = iter(self.outline.walk())
        for provision in self.outline.provisions:
            self.root.add(_part(provision, base, places))
        self.parts = list(self.root.walk())
        for part in list(self.parts):
            if part.level in {Level.PREFACE, Level.TEXT} and part is not self.root:
                _split_preface(part)
        self._split_closing()
        self.parts = list(self.root.walk())
        self.style = Style.of(self.parts)
        self._end_as_all_lines()

    def of(self, level: Level) -> list[Part]:
        """All parts of a level, also the deleted, in the order of the base."""
        return [part for part in self.parts if part.level is level]

    def text(self) -> str:
        """Write the text down; it ends as the base ended."""
        return "".join(run.text for run in self.runs())

    def runs(self) -> list[Run]:
        """All stretches in order, with a line end before every new part."""
        out: list[Run] = []
        for part in self.root.walk():
            if not part.runs:
                continue
            if out and not _goes_on(part) and not _joined(out[-1], part.runs[0]):
                out.append(Run(self.style.gap, -1, "换行"))
            out.extend(part.runs)
        return _ended(out, trail_of(self.base))

    def _end_as_all_lines(self) -> None:
        """Let the last line end as the others do, so that something can follow it."""
        last = next((part for part in reversed(self.parts) if part.runs), None)
        if last is not None:
            run = last.runs[-1]
            words = run.text.rstrip(_BLANK)
            last.runs[-1:] = [run._replace(text=words), Run(self.style.gap, -1, "换行")]

    def _split_closing(self) -> None:
        """Part the signature and date from the last provision before an annex or the end."""
        tops = self.root.children
        for at in range(len(tops) - 1, -1, -1):
            if at + 1 < len(tops) and tops[at + 1].level not in _UPPER:
                continue
            last = tops[at]
            while last.children:
                last = last.children[-1]
            if last.level in {Level.TITLE, Level.PREFACE} and not last.role:
                continue
            self._cut(last, _closing(last.raw), "落款", at + 1)
            if last.level in _HEADINGS:
                self._cut(last, _ending(last.raw), "结语", at + 1)

    def _cut(self, part: Part, cut: int, role: str, at: int) -> None:
        """Part the end of a provision from it, as a part of its own (结语, 落款)."""
        if not cut:
            return
        start, raw = part.runs[0].at, part.raw
        end = Part(Level.PREFACE)
        end.role = role
        end.runs = [Run(raw[cut:], start + cut)]
        part.runs = [Run(raw[:cut], start)]
        self.root.add(end, at)


def _goes_on(part: Part) -> bool:
    """Whether a part stands on the line of its article's label: the first 款."""
    article = part.parent
    if article is None or article.level is not Level.ARTICLE or article.raw.endswith("\n"):
        return False
    return next((child for child in article.children if not child.deleted), None) is part


def _joined(before: Run, after: Run) -> bool:
    """Whether two stretches stand one after the other in the base, or on lines of their own."""
    if before.at >= 0 and before.at + len(before.text) == after.at:
        return True
    return before.text.endswith("\n") or after.text.startswith(("\n", "\r"))


def _ended(runs: list[Run], wanted: str) -> list[Run]:
    """Let the text end with the white space the base ended with."""
    tail = 0
    while tail < len(runs) and not runs[len(runs) - 1 - tail].text.strip(_BLANK):
        tail += 1
    body = runs[: len(runs) - tail]
    if not body:
        return [Run(wanted, 0)]
    last = body[-1]
    words = last.text.rstrip(_BLANK)
    there = last.text[len(words) :] + "".join(run.text for run in runs[len(runs) - tail :])
    if there == wanted:
        return runs
    return [
        *body[:-1],
        last._replace(text=words),
        *([Run(wanted, -1, "文末空白")] if wanted else []),
    ]


def _part(provision: Provision, base: str, places: Iterator[tuple[Locator, Provision]]) -> Part:
    locator, _ = next(places)
    part = Part(provision.level, provision.number or 0, provision.suffix, provision.label)
    part.heading = provision.heading
    part.old = Locator(tuple(step for step in locator.steps if step.level is not Level.TEXT))
    start, end = provision.own
    part.runs = [Run(base[start:end], start)] if end > start else []
    for child in provision.children:
        part.add(_part(child, base, places))
    return part


def _split_preface(part: Part) -> None:
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


def _closing(raw: str) -> int:
    """Where signature, date or a comment begin behind the words of a provision; 0 for nowhere."""
    lines = raw.splitlines(keepends=True)
    at, cut, seen = len(raw), 0, False
    for line in reversed(lines[1:]):
        at -= len(line)
        words = line.strip(_BLANK)
        if not words:
            continue
        if _DATE.match(words) or words.startswith(("<!--", "---")):
            seen, cut = True, at
        elif seen and len(words) <= 30 and words[-1] not in "。；;：:，,|）)":
            cut = at
        else:
            break
    return cut


def _ending(raw: str) -> int:
    """Where paragraphs on the whole document (本通知自…施行) begin behind a numbered part of it.

    They are its only content where nothing else stands under a bare heading: then 0.
    """
    lines = raw.splitlines(keepends=True)
    at, cut = len(raw), 0
    for line in reversed(lines[1:]):
        at -= len(line)
        words = line.strip(_BLANK)
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
