"""The life of one document on one line (时间线): acts, texts, validity and relations by their days.

Pure: what is known of the document comes in, a :class:`Timeline` goes out. The day of an act is the
day in the act's own time zone. A draft stands at the day it was recorded, the released text at its
release, a later one at the day from which it is in force. A relation stands at the day it works; one
that has no effect (依据, 解读) at the release of the document that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from policylib.model.document import Document, Edition
from policylib.model.event import Event
from policylib.model.relation import Relation
from policylib.model.vocabulary import Act, RelationKind, Stage, Validity
from policylib.reports.drawing import draw

__all__ = ["Entry", "Lane", "Timeline", "ValidityStep", "released_edition", "timeline"]

#: What XML cannot hold, whatever the escaping.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class ValidityStep(Protocol):
    """What a timeline asks of a step of validity; :class:`policylib.workflow.validity.Step` is one."""

    @property
    def start(self) -> date | None: ...  # noqa: D102
    @property
    def validity(self) -> Validity: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102
    @property
    def made_by(self) -> str | None: ...  # noqa: D102


class Lane(StrEnum):
    """What an entry tells of (类别); entries of one day stand in this order."""

    DATE = "日期"
    ACT = "办理"
    TEXT = "文本"
    VALIDITY = "时效"
    RELATION = "关系"


_WITHOUT_EFFECT = frozenset(
    {
        RelationKind.BASIS,
        RelationKind.IMPLEMENTS,
        RelationKind.INTERPRETS,
        RelationKind.CONSULTS,
        RelationKind.ANSWERS,
        RelationKind.REPOSTS,
        RelationKind.RELATED,
    }
)
_ORDER = {lane: place for place, lane in enumerate(Lane)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a document, or will (事项).

    ``day`` is ``None`` when none is known. ``by`` and ``note`` are an officer's name and words;
    ``document`` is the other document's id.
    """

    day: date | None
    lane: Lane
    title: str
    text: str = ""
    by: str | None = None
    note: str | None = None
    document: str | None = None
    at: datetime | None = None

    def anonymous(self) -> Entry:
        """The entry without the officer's name and words."""
        return replace(self, by=None, note=None)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The life of one document as seen on the day ``on`` (时间线).

    ``entries`` are in order of days, those without a day last.
    """

    document: str
    title: str
    doc_number: str | None
    on: date
    validity: str
    entries: tuple[Entry, ...]

    def is_coming(self, entry: Entry) -> bool:
        """Whether an entry lies after the day ``on``."""
        return entry.day is not None and entry.day > self.on

    def anonymous(self) -> Timeline:
        """The timeline without officers' names and words."""
        return replace(self, entries=tuple(entry.anonymous() for entry in self.entries))

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.document,
            "title": self.title,
            "on": self.on.isoformat(),
            "validity": self.validity,
            "entries": [self._entry(entry) for entry in self.entries],
        }

    def _entry(self, entry: Entry) -> dict[str, Any]:
        fields = {
            "day": entry.day.isoformat() if entry.day else None,
            "at": entry.at.isoformat() if entry.at else None,
            "coming": self.is_coming(entry),
            "lane": str(entry.lane),
            "title": entry.title,
            "text": entry.text,
            "by": entry.by,
            "note": entry.note,
            "document": entry.document,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def to_svg(self) -> str:
        """The timeline as a drawing of its own: SVG, text as text, no outside references."""
        return draw(self)


def timeline(
    document: Document,
    *,
    on: date,
    validity: Validity,
    events: Sequence[Event] = (),
    editions: Sequence[Edition] = (),
    steps: Sequence[ValidityStep] = (),
    relations: Iterable[Relation] = (),
    others: Mapping[str, Document] | None = None,
) -> Timeline:
    """The timeline of ``document``.

    ``relations`` are those in both directions; ``others`` are the documents at their other ends, by
    id. What ``others`` does not have is named as it was written.
    """
    names = _Names(document, others or {})
    found = [
        *_dates(document, events),
        *(_act(event) for event in events),
        *_texts(document, events, editions, names),
        *_validity(document, events, steps),
        *(_relation(document, relation, names) for relation in relations),
    ]
    found.sort(key=lambda entry: (entry.day or date.max, entry.day is None, _ORDER[entry.lane]))
    return Timeline(
        document=document.id,
        title=_plain(document.title),
        doc_number=document.doc_number,
        on=on,
        validity=str(validity),
        entries=tuple(found),
    )


def released_edition(events: Iterable[Event], editions: Iterable[Edition]) -> int | None:
    """The number of the text with which a document was released; earlier ones are drafts.

    ``None`` while it is not released.
    """
    newest = 0
    for event in events:
        number = event.detail.get("edition")
        newest = number if isinstance(number, int) else newest
        if event.stage is Stage.RELEASED:
            undated = (edition.number for edition in editions if edition.effective_on is None)
            return newest or max(undated, default=1)
    return None


_INNER = str.maketrans("《》", "〈〉")  # within a title in 《》


@dataclass(frozen=True, slots=True)
class _Names:
    """How entries name documents."""

    document: Document
    others: Mapping[str, Document]

    def of(self, id: str | None, written: str) -> str:
        if id == self.document.id:
            return "本文件"
        other = self.others.get(id or "")
        if other is None:
            return _plain(written)
        name = other.title
        if not name.startswith("《"):
            name = f"《{name.translate(_INNER)}》"
        return _plain(name) + ("" if other.stage is Stage.RELEASED else "（未公布）")


def _dates(document: Document, events: Iterable[Event]) -> Iterator[Entry]:
    """The header's own days that nothing else tells of."""
    number = document.doc_number or ""
    if document.written_on:
        yield Entry(document.written_on, Lane.DATE, "成文", _plain(number))
    told = {event.at.date() for event in events if event.act is Act.RELEASE}
    if document.released_on and document.released_on not in told:
        issuers = "、".join(document.issuers)
        yield Entry(document.released_on, Lane.DATE, "发布", _plain(issuers))
    for day, what in ((document.opens_on, "征集开始"), (document.closes_on, "征集截止")):
        if day:
            yield Entry(day, Lane.DATE, what)


def _act(event: Event) -> Entry:
    said = ""
    if event.act is Act.RETURN:
        said = f"退回到“{event.stage}”阶段"
    elif day := event.detail.get("effective_on"):
        said = f"自 {day} 起"
    elif duty := event.detail.get("duty"):
        said = _plain(str(duty))
    return Entry(
        day=event.at.date(),
        lane=Lane.ACT,
        title=str(event.act),
        text=said,
        by=_plain(f"{event.role} {event.actor}"),
        note=_plain(event.note) if event.note else None,
        at=event.at,
    )


def _texts(
    document: Document, events: Sequence[Event], editions: Sequence[Edition], names: _Names
) -> Iterator[Entry]:
    first = released_edition(events, editions)
    recorded = {event.detail.get("edition"): event.at.date() for event in events}
    for edition in editions:
        number, day = edition.number, edition.effective_on
        said = f"第 {number} 版，{len(edition.body)} 字"
        if first is None or number < first:
            title, day = "草稿", day or recorded.get(number)
        elif number == first:
            title, day = "公布的文本", day or document.released_on or document.starts_on
        else:
            title = "修改后的文本"
        if edition.made_by:
            said += f"，依据{names.of(edition.made_by, edition.made_by)}"
        yield Entry(day, Lane.TEXT, title, said, document=edition.made_by)


def _validity(
    document: Document, events: Sequence[Event], steps: Sequence[ValidityStep]
) -> Iterator[Entry]:
    """The steps; the one from the beginning stands where it was first to be seen, if ever."""
    for place, step in enumerate(steps):
        day = step.start
        if day is None and step.validity is Validity.UNRELEASED:
            day = events[0].at.date() if events else None
        elif day is None:
            day = document.released_on or document.written_on
            following = steps[place + 1].start if place + 1 < len(steps) else None
            if following and (day is None or day >= following):
                continue  # it was in force as soon as anybody could read it
        yield Entry(day, Lane.VALIDITY, str(step.validity), _plain(step.reason),
                    document=step.made_by)  # fmt: skip


def _relation(document: Document, relation: Relation, names: _Names) -> Entry:
    goes_out = relation.subject_id == document.id
    other = relation.object_id if goes_out else relation.subject_id
    subject = names.of(relation.subject_id, relation.subject_id)
    target = names.of(relation.object_id, relation.target)
    where = f" {_plain(relation.provision)}" if relation.provision else ""
    maker = document if goes_out else names.others.get(relation.subject_id)
    day = relation.effective_on
    if maker and not day:
        said_on = maker.released_on if relation.kind in _WITHOUT_EFFECT else None
        day = said_on or maker.starts_on
    return Entry(
        day=day,
        lane=Lane.RELATION,
        title=str(relation.kind),
        text=f"{subject} → {target}{where}",
        note=_plain(relation.note) if relation.note else None,
        document=None if other == document.id else other,
    )


def _plain(text: str) -> str:
    """One line that any drawing and any table can hold."""
    return _UNFIT.sub("\ufffd", re.sub(r"\s+", " ", text)).strip()
