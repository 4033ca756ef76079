"""Gathering what goes with a document (关联检索): relations, series, citations, likeness.

Everything is asked for by document, and what thousands of documents name is listed as far as it
helps, so the cost does not grow with the library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from policylib.library.asking import Index
from policylib.library.lineage import Member, Series, carried, pieces
from policylib.library.ties import (
    CITED,
    SAME_SERIES,
    SIMILAR,
    Direction,
    More,
    Related,
    Row,
    chinese_day,
    merged,
    name_of,
    reason,
    since,
)
from policylib.model.document import Document, number_key
from policylib.model.relation import Relation
from policylib.model.vocabulary import RelationKind
from policylib.store.protocol import Store
from policylib.text.docnumber import DocNumber

__all__ = ["Neighbours"]

_EACH = 100  # relations of one kind on one side that are listed
_NAMED = 6  # targets known by their titles only, that are looked for
_CITED = 30  # documents cited by provision
_TEXT = 60_000  # characters of the text that are read for citations

Titled = Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Looks for what goes with documents on the day ``on``.

    ``steps`` gives the 时效性 of a document that the index does not have yet.
    """

    store: Store
    index: Index
    on: date
    staff: bool
    steps: Callable[[Document], str]

    def related(self, document: Document, *, limit: int) -> Related:
        """All that goes with ``document``, and at most ``limit`` documents like it."""
        relations = self.store.relations_around([document.id], each=_EACH)
        answers = self._answers(document, relations)
        naming = self._naming(document)
        every = (*relations, *answers, *naming)
        ends = {end for r in every for end in (r.subject_id, r.object_id) if end}
        others = self.seen(ends - {document.id})
        rows = [
            *self._relations(document, relations, others),
            *self._feedback(answers, others),
            *self._named(naming, others),
        ]
        unknown = [r for r in relations if r.subject_id == document.id and r.object_id is None]
        rows += self._unresolved(document, unknown)
        series = Series(self.store, self.index, self.sees, self.staff).of(document, relations)
        rows += (self._member(document, each) for each in series)
        known = {each.document.id: each.document for each in series} | others
        rows += self._cited(document, known)
        without = {row.document for row in rows if row.document}
        rows += self._alike(document, limit, without)
        now = self.validity([document.id, *(row.document for row in rows if row.document)], known)
        standing = (replace(r, validity=now.get(r.document) if r.document else None) for r in rows)
        return Related(
            document=document.id,
            title=document.title,
            doc_number=document.doc_number,
            validity=now.get(document.id) or self.steps(document),
            on=self.on,
            rows=merged(standing),
            more=tuple(self._more(document, relations)),
        )

    def sees(self, document: Document) -> bool:
        """Whether those who ask may see a document."""
        return self.staff or document.is_public

    def validity(self, ids: Iterable[str], known: Mapping[str, Document]) -> dict[str, str]:
        """The 时效性 on the day, from the index where it has the document."""
        wanted = set(ids)
        found = self.index.validity(wanted, self.on)
        missing = wanted - found.keys()
        rest = {id: known[id] for id in missing if id in known}
        rest |= self.store.documents(missing - rest.keys())
        return found | {id: self.steps(each) for id, each in rest.items()}

    def seen(self, ids: Iterable[str]) -> dict[str, Document]:
        """Those of some documents that may be seen."""
        found = self.store.documents(sorted(ids))
        return {id: each for id, each in found.items() if self.sees(each)}

    # -- relations -------------------------------------------------------------------------

    def _relations(
        self, document: Document, relations: Iterable[Relation], others: Titled
    ) -> Iterator[Row]:
        for relation in relations:
            out = relation.subject_id == document.id
            other = others.get((relation.object_id if out else relation.subject_id) or "")
            if other is not None:
                direction = Direction.OUT if out else Direction.IN
                yield self._row(relation, document if out else other, other, direction)

    def _row(
        self, relation: Relation, subject: Document, other: Document, direction: Direction
    ) -> Row:
        return Row(
            document=other.id,
            title=other.title,
            doc_number=other.doc_number,
            direction=direction,
            kind=relation.kind,
            provision=relation.provision,
            reason=reason(relation, subject, direction),
            validity=None,
            on=self.on,
            since=since(relation, subject),
        )

    def _answers(self, document: Document, relations: Iterable[Relation]) -> tuple[Relation, ...]:
        """The feedback on the consultations on a document, which names only those."""
        asked = [
            r.subject_id
            for r in relations
            if r.kind is RelationKind.CONSULTS and r.object_id == document.id
        ]
        if not asked:
            return ()
        found = self.store.relations_around(asked, kinds=[RelationKind.ANSWERS], each=_EACH)
        return tuple(r for r in found if r.object_id in asked)

    def _feedback(self, answers: Iterable[Relation], others: Titled) -> Iterator[Row]:
        for relation in answers:
            asked = others.get(relation.object_id or "")
            answer = others.get(relation.subject_id)
            if asked and answer:
                row = self._row(relation, answer, answer, Direction.IN)
                about = name_of(asked.title)
                yield replace(row, reason=f"其是对就本文件征求意见的{about}的意见反馈")

    def _more(self, document: Document, relations: Iterable[Relation]) -> Iterator[More]:
        sides = Counter(
            (Direction.OUT if r.subject_id == document.id else Direction.IN, r.kind)
            for r in relations
        )
        for (direction, kind), count in sorted(sides.items()):
            if count >= _EACH:
                yield More(direction, kind)

    # -- targets that are not resolved -----------------------------------------------------

    def _naming(self, document: Document) -> tuple[Relation, ...]:
        """Relations of others that name this document by its title only."""
        name = carried(document.title, document.issuers)
        names = [document.title, *([name] if len(name) > 3 else [])]
        if document.doc_number:
            names.append(document.doc_number)
        found = self.store.relations_naming(names, limit=_EACH)
        return tuple(relation for relation in found if relation.subject_id != document.id)

    def _named(self, naming: Iterable[Relation], others: Titled) -> Iterator[Row]:
        for relation in naming:
            if subject := others.get(relation.subject_id):
                row = self._row(relation, subject, subject, Direction.IN)
                yield replace(row, reason=f"{row.reason}（写明“{relation.target}”，尚未核对）")

    def _unresolved(self, document: Document, relations: Iterable[Relation]) -> Iterator[Row]:
        """Where the targets are that a document names by their titles; else 未入库."""
        titled = self._titled([r.target for r in relations if not _is_number(r.target)][:_NAMED])
        for relation in relations:
            said = reason(relation, document, Direction.OUT)
            if other := titled.get(relation.target):
                if other.id != document.id:
                    row = self._row(relation, document, other, Direction.OUT)
                    yield replace(row, reason=f"{said}（按标题“{relation.target}”找到，尚未核对）")
                continue
            yield self._absent(
                relation.target, relation.kind, relation.provision, f"{said}；该文件未入库",
                since(relation, document),
            )  # fmt: skip

    def _absent(
        self, written: str, kind: str, provision: str | None, why: str, day: date | None
    ) -> Row:
        return Row(
            document=None,
            title=written,
            doc_number=written if _is_number(written) else None,
            direction=Direction.OUT,
            kind=kind,
            provision=provision,
            reason=why,
            validity=None,
            on=self.on,
            since=day,
        )

    def _titled(self, titles: Iterable[str]) -> dict[str, Document]:
        """The documents that titles name, where only one does; see :mod:`.targets`."""
        wanted = {title: _inner(title) for title in titles}
        if not wanted:
            return {}
        holders = self.store.title_holders(wanted.values())
        found: dict[str, list[str]] = {}
        for title, bare in wanted.items():
            found[title] = list(holders.get(bare, ()))
            words = pieces(bare)
            if not found[title] and words and max(map(len, words)) > 3:
                found[title] = [
                    entry.id
                    for entry in self.index.titled(words, staff=self.staff)
                    if carried(entry.title, entry.issuers) == carried(bare)
                    and entry.type == "政策文件"
                ]
        documents = self.seen({id for ids in found.values() for id in ids})
        named = {t: [documents[id] for id in ids if id in documents] for t, ids in found.items()}
        return {title: each[0] for title, each in named.items() if len(each) == 1}

    # -- series, citations, likeness -------------------------------------------------------

    def _member(self, document: Document, member: Member) -> Row:
        why = "标题只有年份或试行、修订等标注不同，发布机构相同"
        if member.link:
            relation, subject, target = member.link
            who, whom = (
                "本文件" if each.id == document.id else name_of(each.title)
                for each in (subject, target)
            )
            day = f"自{chinese_day(member.since)}起" if member.since else ""
            why = f"{who}{day}{relation.kind}{whom}"
        before, after = member.document.starts_on, document.starts_on
        if before and after and before != after:
            why = f"{'早' if before < after else '晚'}于本文件：{why}"
        return Row(
            document=member.document.id,
            title=member.document.title,
            doc_number=member.document.doc_number,
            direction=Direction.SERIES,
            kind=SAME_SERIES,
            provision=None,
            reason=why,
            validity=None,
            on=self.on,
            since=member.since,
        )

    def _cited(self, document: Document, known: Titled) -> Iterator[Row]:
        """The provisions of others that the text in force cites."""
        from policylib.reading.carrying import citations
        from policylib.reading.source import Source

        body = self._text(document.id)
        if "》" not in body:
            return
        places: dict[tuple[str, str], list[str]] = {}
        for each in citations(Source(body)):
            if each.title and each.place and not each.own:
                number = str(each.doc_number) if each.doc_number else ""
                place = "".join(each.place.split())
                places.setdefault((each.title, number), []).append(place)
        if not places:
            return
        places = dict(list(places.items())[:_CITED])
        numbers = {number_key(number): number for _, number in places if number}
        held = self.store.number_holders(numbers)
        by_title = self.store.title_holders(title for title, _ in places)
        candidates = self.seen({id for ids in (*held.values(), *by_title.values()) for id in ids})
        carrying = {carried(d.title, d.issuers): d for d in known.values()}
        for (title, number), where in places.items():
            ids = held.get(number_key(number), ()) if number else by_title.get(title, ())
            found = [candidates[id] for id in ids if id in candidates]
            other = found[0] if len(found) == 1 else carrying.get(title)
            if other and other.id == document.id:
                continue
            part = "、".join(dict.fromkeys(where))[:200]
            row = self._absent(
                f"《{title}》" + (f"（{number}）" if number else ""), CITED, part,
                f"本文件正文引用其{part}", document.released_on or document.starts_on,
            )  # fmt: skip
            if other:
                number_ = other.doc_number
                yield replace(row, document=other.id, title=other.title, doc_number=number_)
            else:
                yield replace(row, doc_number=number or None, reason=f"{row.reason}；该文件未入库")

    def _text(self, id: str) -> str:
        """The beginning of the text in force on the day; see :meth:`Store.edition`."""
        texts = [
            (each.effective_on or date.min, each.number, each.body)
            for each in self.store.editions(id)
            if (each.effective_on or date.min) <= self.on
        ]
        return max(texts)[2][:_TEXT] if texts else ""

    def _alike(self, document: Document, limit: int, without: set[str]) -> Iterator[Row]:
        found = self.index.similar(
            document.id, on=self.on, limit=limit, staff=self.staff, without=without
        )
        seen = self.seen(each.id for each in found)
        for each in found:
            if other := seen.get(each.id):
                days = [day for day in (document.starts_on, other.starts_on) if day]
                words = "、".join(each.words)
                yield Row(
                    document=other.id,
                    title=other.title,
                    doc_number=other.doc_number,
                    direction=Direction.LIKE,
                    kind=SIMILAR,
                    provision=None,
                    reason=f"内容相近，共有的词：{words}" if words else "内容相近",
                    validity=None,
                    on=self.on,
                    since=max(days, default=None),
                    score=each.score,
                )


def _inner(title: str) -> str:
    """What stands in the outermost 《》, without a number behind it; else the title as it is."""
    plain = title.strip()
    end = plain.rfind("》")
    return plain[1:end] if plain.startswith("《") and end > 1 else plain


def _is_number(text: str) -> bool:
    return DocNumber.looks_like(text)
