"""A base text as a tree that can be edited (可编辑的文本树): what is not touched stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from policylib.amending.edges import closing_of, ending_of, split_preface
from policylib.amending.parts import BLANK, Part, Run, lead_of, trail_of
from policylib.text.locator import Level, Locator
from policylib.text.outline import Outline, Provision

__all__ = ["Style", "Tree"]

_UPPER = frozenset((Level.TEXT, Level.ANNEX))
_HEADINGS = frozenset((Level.HEADING1, Level.HEADING2, Level.HEADING3, Level.HEADING4))


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
                split_preface(part)
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
            words = run.text.rstrip(BLANK)
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
            self._cut(last, closing_of(last.raw), "落款", at + 1)
            if last.level in _HEADINGS:
                self._cut(last, ending_of(last.raw), "结语", at + 1)

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
    while tail < len(runs) and not runs[len(runs) - 1 - tail].text.strip(BLANK):
        tail += 1
    body = runs[: len(runs) - tail]
    if not body:
        return [Run(wanted, 0)]
    last = body[-1]
    words = last.text.rstrip(BLANK)
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
