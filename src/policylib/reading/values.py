"""What is read from a document (提取结果): frozen values, each with its place and its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from policylib.errors import ParseError
from policylib.text.docnumber import DocNumber
from policylib.text.locator import Locator
from policylib.text.span import Span

__all__ = [
    "Basis",
    "Citation",
    "CleanUp",
    "Effective",
    "Event",
    "Header",
    "Lapse",
    "Listed",
    "Passage",
    "Renewal",
    "Repeal",
    "Stated",
    "Subject",
    "Sunset",
]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a text and where they stand (出处): ``quote == text[span.start:span.end]``."""

    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Event(Passage):
    """A dated event in a header (题注): 2019年4月22日 国务院令第715号公布. ``text`` follows the day."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a document (文首) and its signature (落款).

    ``issuers`` are the organs of the title, else of the signature, else those of the header;
    ``signed`` are the organs under the text.
    """

    title: Passage | None = None
    doc_number: DocNumber | None = None
    number_at: Passage | None = None
    issuers: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    written_on: date | None = None
    written_at: Passage | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Effective(Passage):
    """From when on a document says it is in force (施行日期); ``rule`` as in :func:`.effect.effective`.

    ``after`` is the time after the event (30日) and ``partial`` marks a day for some provisions.
    """

    on: date | None
    rule: str
    after: str | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Sunset(Passage):
    """The end that a document sets itself (有效期): ``years`` from when it takes effect, or a day.

    ``precision`` is 日, 月 or 年: 至2025年12月 is the last day of the month, 月.
    """

    years: float | None
    until: date | None
    precision: str


@dataclass(frozen=True, slots=True)
class Repeal(Passage):
    """A document that this one ends, or a part of one (废止).

    ``disposition`` is 废止, 失效 or 停止执行; ``place`` says which part, and ``on`` from which day,
    where the text names one. ``title`` is None where only a number is named.
    """

    title: str | None
    doc_number: DocNumber | None
    issued: date | None
    partial: bool
    disposition: str
    place: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Basis(Passage):
    """A document on which this one rests (制定依据).

    ``elliptical`` for 及其实施条例, whose title is filled in; ``bare`` for a title without 《》.
    """

    title: str | None
    doc_number: DocNumber | None
    elliptical: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Citation(Passage):
    """A document cited anywhere (引用): by title, by number alone, or this one (本办法第五条).

    ``place`` is the provision as written. A short name is given with the title it stands for.
    """

    title: str | None
    doc_number: DocNumber | None
    place: str | None = None
    own: bool = False

    @property
    def locators(self) -> tuple[Locator, ...]:
        """The provisions cited; none where the words are no locator."""
        try:
            return Locator.parse_all(self.place) if self.place else ()
        except ParseError:
            return ()


@dataclass(frozen=True, slots=True)
class Subject(Passage):
    """A document that this one carries, carries out, explains, or asks opinions on (相关文件)."""

    title: str
    doc_number: DocNumber | None


@dataclass(frozen=True, slots=True)
class Renewal(Passage):
    """Another document whose term is prolonged (延续): to a day, by years, or without an end."""

    title: str | None
    doc_number: DocNumber | None
    until: date | None
    years: float | None


@dataclass(frozen=True, slots=True)
class Lapse(Passage):
    """An end under a condition (附条件失效): not released anew ``by`` a day, it lapses ``on`` another."""

    by: date | None
    on: date | None


@dataclass(frozen=True, slots=True)
class Listed(Passage):
    """A document in a list of a clean-up (清理目录) and what becomes of it.

    ``disposition`` is 废止, 失效, 修改 or 继续有效.
    """

    title: str
    doc_number: DocNumber | None
    issued: date | None
    disposition: str


@dataclass(frozen=True, slots=True)
class Stated(Passage):
    """A sum that a clean-up states (件数): 废止12件."""

    disposition: str
    count: int


@dataclass(frozen=True, slots=True)
class CleanUp:
    """The lists of a clean-up and its sums (清理结果).

    ``problems`` holds one Chinese sentence for each sum that does not fit its list.
    """

    items: tuple[Listed, ...]
    stated: tuple[Stated, ...]
    problems: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """How many documents the lists have of each disposition."""
        found: dict[str, int] = {}
        for item in self.items:
            found[item.disposition] = found.get(item.disposition, 0) + 1
        return found
