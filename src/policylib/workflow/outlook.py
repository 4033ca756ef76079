"""What news is made of (政策动态的构成): a document over time, the days asked about, one thing to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from policylib.model.measure import Measure, Window
from policylib.model.subscription import Ahead, NewsKind, Season
from policylib.text.locator import Locator
from policylib.workflow.validity import Step

__all__ = ["News", "Outlook", "Text", "Work"]


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a document, with its first day and what it offers (一版文本).

    ``entered`` is the day on which it, or its measures, came into the library last.
    """

    number: int
    first: date | None
    measures: tuple[Measure, ...] = ()
    entered: date | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A document the public may see, as far as news of it goes (文件概况).

    ``texts`` are in the order of their days. ``cut`` are the provisions repealed by themselves,
    each with its last day. ``words`` are those it may be found by. ``window`` is that of a
    consultation.
    """

    document: str
    title: str
    released_on: date | None
    texts: tuple[Text, ...]
    steps: tuple[Step, ...]
    words: frozenset[str] = frozenset()
    cut: tuple[tuple[Locator, date], ...] = ()
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is asked about (时段): the days after ``since`` up to ``on``, and some days ahead.

    ``late``: a text that came into the library after its day is still news for so many days.
    """

    since: date
    on: date
    ahead: Ahead
    late: int = 0
    seasons: tuple[Season, ...] = ()

    def has(self, day: date | None) -> bool:
        """Whether a day lies in the span asked about."""
        return day is not None and self.since < day <= self.on

    def is_fresh(self, day: date | None, entered: date | None) -> bool:
        """Whether what holds from a day on is news: its day, or a late entry, lies in the span."""
        if self.has(day):
            return True
        return (
            day is not None
            and entered is not None
            and self.has(entered)
            and day <= self.on
            and entered - day <= timedelta(days=self.late)
        )

    def foresees(self, day: date, days: int | None) -> bool:
        """Whether a day is near: not before ``on``, and not more than ``days`` after it."""
        return self.on <= day and day - self.on <= timedelta(days=days or 0)


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell (一条动态): of a document, or of one of its measures.

    ``said`` is its Chinese clause. Whom it concerns is judged by ``measure`` on ``judged_on``;
    ``before`` is the measure as it was, with a day to judge it on. ``edition`` is set where the
    same may happen again with another text.
    """

    kind: NewsKind
    document: str
    day: date
    said: str
    judged_on: date
    measure: Measure | None = None
    edition: int = 0
    before: tuple[Measure, date] | None = None
    words: frozenset[str] = field(default=frozenset())
    season: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same news when it is met again; what newly fits has each its day."""
        measure = self.measure.id if self.measure else ""
        day = "" if self.kind is NewsKind.FITS else self.day.isoformat()
        return (self.document, measure, str(self.edition), self.kind.value, day, self.season)
