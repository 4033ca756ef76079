"""Merging another library into this one (并库): what is new comes with its history, nothing is overwritten.

The other library is read as a verified copy. A document that is in one library only is added in one
transaction, with all its events as they were; each event says which event of which journal it was. What
the two libraries have differently is a conflict for people to settle. Running a merge again goes on where
it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from policylib.errors import Conflict, NotFound, ParseError, Refused
from policylib.library.owning import Owning
from policylib.library.targets import named, now_found
from policylib.model.document import Document, Edition, number_key
from policylib.model.event import Change, Event, Offering, Record
from policylib.model.organ import Organ
from policylib.model.relation import Relation
from policylib.model.vocabulary import Act, DocumentType, Role, Stage
from policylib.reports.timeline import released_edition
from policylib.store.sql import ORGANS, SqlStore

__all__ = ["MergeConflict", "MergeReport", "Merging"]

_DONE = (Stage.RELEASED, Stage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """Something that people have to settle (并库冲突).

    ``id`` is the other library's document or organ, ``here`` the one of this library that it is at odds
    with, ``differs`` the header fields, or 正文 and 文件关系.
    """

    kind: str
    id: str
    here: str | None
    title: str
    message: str
    differs: tuple[str, ...] = ()


@dataclass(slots=True)
class MergeReport:
    """What a merge would do, or did (并库报告).

    ``events`` and ``head`` are the length of the other journal and the digest of its last event;
    ``drafts`` counts documents left out because they are not released.
    """

    library: str
    events: int
    head: str
    applied: bool = False
    added: list[str] = field(default_factory=list)
    unchanged: int = 0
    drafts: int = 0
    organs: list[str] = field(default_factory=list)
    conflicts: list[MergeConflict] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Merging:
    """``other`` seen from ``store``; ``owning`` knows which texts belong to other organs."""

    store: SqlStore
    other: SqlStore
    name: str
    owning: Owning | None = None

    def look(self, *, drafts: bool) -> MergeReport:
        """What a merge would do; nothing is written."""
        position, head = self.other.mark()
        report = MergeReport(self.name, position, head)
        self._organs(report)
        for document in self.other.iter_documents():
            if document.stage not in _DONE and not drafts:
                report.drafts += 1
            elif self._held(document.id) is not None:
                differs = tuple(self._differs(document))
                if differs:
                    report.conflicts.append(_at_odds(document, differs))
                else:
                    report.unchanged += 1
            elif found := self._in_the_way(document):
                report.conflicts.append(found)
            else:
                report.added.append(document.id)
        return report

    def apply(
        self, report: MergeReport, *, by: str, at: datetime, progress: Callable[[int], None] | None
    ) -> MergeReport:
        """Add what ``report`` says; what cannot be recorded becomes a conflict."""
        organs = {organ.name: organ for organ in self.other.organs()}
        if report.added or report.organs:
            self._enter(report, [organs[name] for name in report.organs], by, at)
        done: list[str] = []
        names = self._names(report)
        for id in report.added:
            document = self.other.document(id)
            try:
                self._add(document, names, by, at, report)
                done.append(id)
            except (Conflict, Refused, NotFound, ParseError) as error:
                found = MergeConflict("无法写入", id, None, document.title, str(error))
                report.conflicts.append(found)
            if progress:
                progress(1)
        report.added, report.applied = done, True
        self._resolve(names)
        self._duties(report, by, at)
        return report

    # -- comparing -------------------------------------------------------------------------

    def _held(self, id: str) -> Document | None:
        return self.store.documents([id]).get(id)

    def _differs(self, theirs: Document) -> Iterator[str]:
        """In what a document of both libraries differs; how often it was worked on does not count."""
        ours = self.store.document(theirs.id)
        one, two = (each.model_dump(exclude={"version"}) for each in (ours, theirs))
        yield from (name for name in one if one[name] != two[name])
        if _texts(self.store, ours) != _texts(self.other, theirs):
            yield "正文"
        if _ties(self.store, ours.id) != _ties(self.other, theirs.id):
            yield "文件关系"

    def _in_the_way(self, document: Document) -> MergeConflict | None:
        """Why a document that this library lacks cannot simply be added."""
        for kind, here in self._rivals(document):
            said = (
                f"与库中“{here.id}”《{here.title}》{kind}而标识不同；请核对是否同一文件，只保留一件"
            )
            return MergeConflict(f"{kind}不同标识", document.id, here.id, document.title, said)
        if self.owning is None:
            return None
        edition = self.other.edition(document.id)
        found = self.owning.of(document, edition.body if edition else "")
        if found is None:
            return None
        said = f"{found.said(document)}；并入该机关自己的文件库的，请先在权威来源名录的 own 中写上该机关"
        return MergeConflict("归其他机关", document.id, None, document.title, said)

    def _rivals(self, document: Document) -> Iterator[tuple[str, Document]]:
        """Documents here that seem to be the same one under another id; reposts are many."""
        if document.index_number and (here := self.store.find_index_number(document.index_number)):
            yield "同索引号", here
        if document.type is DocumentType.REPOST:
            return
        every = self.store.find_number(document.number_key) if document.number_key else ()
        yield from (("同文号", here) for here in every if here.type is document.type)
        yield from (
            ("同标题", here)
            for here in self.store.find_title(document.title)
            if here.type is document.type and _same_paper(here, document)
        )

    def _organs(self, report: MergeReport) -> None:
        ours = {organ.name: organ for organ in self.store.organs()}
        for organ in self.other.organs():
            here = ours.get(organ.name)
            if here is None:
                report.organs.append(organ.name)
            elif here != organ:
                fields = (n for n in Organ.model_fields if getattr(here, n) != getattr(organ, n))
                said = "机关名录中的登记不同；保留本库的，请核对"
                report.conflicts.append(
                    MergeConflict("机关登记不同", organ.name, organ.name, organ.name, said, tuple(fields))
                )  # fmt: skip

    # -- adding ----------------------------------------------------------------------------

    def _enter(self, report: MergeReport, organs: list[Organ], by: str, at: datetime) -> None:
        """The journal's own line on the merge, with the organs that come along."""
        merged = {
            "library": self.name, "head": report.head, "events": report.events,
            "documents": len(report.added),
        }  # fmt: skip
        record = Record(
            document_id=ORGANS, act=Act.REGISTER, actor=by, role=Role.IMPORTER, at=at,
            stage=Stage.RELEASED, note=f"并入文件库“{self.name}”"[:500],
            detail={"organs": report.organs, "merged": merged},
        )  # fmt: skip
        self.store.put_organs(organs, record)

    def _duties(self, report: MergeReport, by: str, at: datetime) -> None:
        """What organs have done there of what they owe again and again (机关事项)."""
        known = {_origin(event) for event in self.store.events(ORGANS)}
        for event in self.other.events(ORGANS):
            if event.act is Act.FULFIL and event.digest not in known | {_origin(event)}:
                detail = {**event.detail, "origin": self._told(event, report, by, at)}
                self.store.put_organs([], Record(**_plain(event), detail=detail))

    def _told(self, event: Event, report: MergeReport, by: str, at: datetime) -> dict[str, Any]:
        """Which event of which journal it was, and who brought it in."""
        return {
            "library": self.name, "head": report.head, "position": event.position,
            "digest": event.digest, "by": by, "at": at.isoformat(),
        }  # fmt: skip

    def _names(self, report: MergeReport) -> dict[str, str]:
        """What documents of the other library are called here, where they are another one's number."""
        kinds = ("同文号不同标识", "同索引号不同标识")
        return {c.id: c.here for c in report.conflicts if c.kind in kinds and c.here}

    def _add(
        self, document: Document, names: dict[str, str], by: str, at: datetime, report: MergeReport
    ) -> None:
        """One document with its texts, relations and events, in one transaction."""
        editions = {each.number: each for each in self.other.editions(document.id)}
        changes = [
            _replayed(document, event, editions, names, self._told(event, report, by, at))
            for event in self.other.events(document.id)
        ]
        if not changes or editions:
            raise Refused("办理日志中没有这份文件的全部文本，不能并入")
        relations = tuple(self._relations(document, names))
        changes[-1] = changes[-1].model_copy(update={"relations": relations})
        self.store.record(changes, resolved=now_found(self.store, [document]))

    def _relations(self, document: Document, names: dict[str, str]) -> Iterator[Relation]:
        """The relations of a document, to what is here by now; :meth:`_resolve` does the rest."""
        found = self.other.relations_of(document.id)
        known = self.store.documents(_here(r.object_id, names) for r in found if r.object_id)
        written = named(self.store, {r.target for r in found if not r.object_id}, [document])
        for relation in found:
            if relation.object_id:
                end = _here(relation.object_id, names)
                kept = end if end in known else None
            else:
                end = written.get(relation.target, document.id)
                kept = end if end != document.id else None
            yield relation.model_copy(update={"object_id": kept})

    def _resolve(self, names: dict[str, str]) -> None:
        """Point relations at documents that came after them, as they did in the other library."""
        waiting = self.store.unresolved()
        if not waiting:
            return
        subjects = {relation.subject_id for relation in waiting.values()}
        ends: dict[tuple[object, ...], str] = {}
        for id in subjects:
            for relation in self.other.relations_of(id):
                if relation.object_id:
                    ends[_key(relation)] = _here(relation.object_id, names)
        known = self.store.documents(ends.values())
        found = {n: end for n, r in waiting.items() if (end := ends.get(_key(r))) in known}
        self.store.record([], resolved={n: end for n, end in found.items() if end})


def _replayed(
    document: Document,
    event: Event,
    editions: dict[int, Edition],
    names: dict[str, str],
    origin: dict[str, Any],
) -> Change:
    """An event of the other journal as one of this; its text is taken out of ``editions``."""
    detail = {**event.detail, "origin": origin}
    edition, offering = None, None
    number, measures = detail.get("edition"), tuple(detail.get("measures", ()))
    if isinstance(number, int) and "body_digest" in detail and number in editions:
        edition = editions.pop(number)
        made_by = _here(edition.made_by, names) if edition.made_by else None
        edition = edition.model_copy(update={"measures": measures, "made_by": made_by})
    elif isinstance(number, int) and "measures" in detail:
        offering = Offering(edition=number, measures=measures)
    state = document.model_copy(update={"version": event.seq, "stage": event.stage})
    return Change(
        record=Record(**_plain(event), detail=detail),
        document=state,
        edition=edition,
        offering=offering,
    )


def _plain(event: Event) -> dict[str, Any]:
    return event.model_dump(exclude={"position", "seq", "previous", "digest", "detail"})


def _origin(event: Event) -> object:
    """The digest that an event had in another journal, if it came from one."""
    told = event.detail.get("origin")
    return told.get("digest") if isinstance(told, dict) else None


def _here(id: str, names: dict[str, str]) -> str:
    return names.get(id, id)


def _key(relation: Relation) -> tuple[object, ...]:
    return relation.subject_id, relation.kind, relation.target, relation.provision


def _at_odds(document: Document, differs: tuple[str, ...]) -> MergeConflict:
    said = f"两库都有“{document.id}”而内容不同（{'、'.join(differs)}）；保留本库的，请核对后办理"
    return MergeConflict("同标识不同内容", document.id, document.id, document.title, said, differs)


def _same_paper(one: Document, other: Document) -> bool:
    """Same organ and day, and no two numbers: every year's notice has the same title."""
    days = [each.written_on or each.released_on for each in (one, other)]
    numbers = {each.number_key for each in (one, other) if each.number_key}
    return one.issuers == other.issuers and days[0] == days[1] and len(numbers) < 2


def _texts(store: SqlStore, document: Document) -> list[tuple[object, ...]]:
    """The texts of a document since its release, or the newest draft; the first one has no day."""
    editions = store.editions(document.id)
    first = released_edition(store.events(document.id), editions)
    kept = [e for e in editions if first is not None and e.number >= first] or list(editions[-1:])
    return [
        (each.effective_on if place else None, each.digest, repr(each.measures))
        for place, each in enumerate(kept)
    ]


def _ties(store: SqlStore, id: str) -> set[tuple[object, ...]]:
    return {
        (r.kind, number_key(r.target), r.provision, r.effective_on, r.expires_on, r.unless_by)
        for r in store.relations_of(id)
    }
