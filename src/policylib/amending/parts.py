"""The parts of a text that can be edited (可编辑的条款): runs of old and new words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from policylib.text.locator import Level, Locator, Step
from policylib.text.numerals import to_chinese

__all__ = ["BLANK", "Part", "Run", "body_of", "lead_of", "trail_of"]

#: White space around the words of a part.
BLANK = " \t\r\n\u3000\xa0"


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
    return raw[: len(raw) - len(raw.lstrip(BLANK))]


def trail_of(raw: str) -> str:
    """The white space behind the words of a part."""
    return raw[len(raw.rstrip(BLANK)) :]


def body_of(raw: str) -> str:
    """The words of a part without the white space around them."""
    return raw.strip(BLANK)
