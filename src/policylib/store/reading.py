"""What a library can be asked; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from policylib.errors import NotFound
from policylib.model.document import Document, Edition
from policylib.model.organ import Organ
from policylib.model.relation import Relation
from policylib.model.vocabulary import DocumentType, RelationKind, Stage
from policylib.store import tables as t
from policylib.store.journal import Journal
from policylib.store.nearby import Nearby
from policylib.store.rows import (
    Offered,
    batches,
    edition_of,
    measures_of,
    read,
    read_all,
    target_key,
    title_key,
)

__all__ = ["Reader"]


class Reader(Nearby, Journal):
    """The reading half of the store: each method is one consistent look at the library."""

    # -- documents ----------------------------------------------------------------------------

    def document(self, id: str) -> Document:
        """The document called ``id``; :class:`NotFound` when there is none."""
        found = self.documents((id,))
        if not found:
            raise _no_document(id)
        return found[id]

    def iter_documents(self, batch: int = 500) -> Iterator[Document]:
        """All documents by id, read ``batch`` at a time; others may write meanwhile."""
        query = select(t.documents.c.id, t.documents.c.payload).order_by(t.documents.c.id)
        after: str | None = None
        while True:
            page = query.limit(batch)
            if after is not None:
                page = page.where(t.documents.c.id > after)
            with self._database.reading() as connection:
                rows = connection.execute(page).all()
            yield from read_all(Document, rows)
            if len(rows) < batch:
                return
            after = rows[-1].id

    def list(
        self,
        stage: Stage | None = None,
        type: DocumentType | None = None,  # noqa: A002 - the model's own word
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[Document, ...]:
        """Documents at a stage and of a type, newest 发布日期 first, those without one last."""
        c = t.documents.c
        query = (
            select(c.id, c.payload)
            .where(*_at(stage, type))
            .order_by(c.released_on.desc().nulls_last(), c.id)
            .limit(limit)
            .offset(offset)
        )
        return self._documents(query)

    def count(
        self,
        stage: Stage | None = None,
        type: DocumentType | None = None,  # noqa: A002 - the model's own word
    ) -> int:
        """How many documents :meth:`list` has in all."""
        query = select(func.count()).select_from(t.documents).where(*_at(stage, type))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def find_number(self, key: str) -> tuple[Document, ...]:
        """The documents with this number key (see ``number_key``), 政策文件 before 转载."""
        c = t.documents.c
        query = select(c.id, c.payload).where(c.number_key == key)
        return self._documents(query.order_by(c.type != str(DocumentType.POLICY), c.id))

    def find_index_number(self, index_number: str) -> Document | None:
        """The document with this 索引号."""
        c = t.documents.c
        found = self._documents(select(c.id, c.payload).where(c.index_number == index_number))
        return found[0] if found else None

    def find_title(self, title: str) -> tuple[Document, ...]:
        """The documents with exactly this title, with or without 书名号; 政策文件 first."""
        c = t.documents.c
        query = select(c.id, c.payload).where(c.title.in_({title.strip(), title_key(title)}))
        return self._documents(query.order_by(c.type != str(DocumentType.POLICY), c.id))

    def number_holders(self, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The ids of the 政策文件 with each of these number keys; other types do not count."""
        c = t.documents.c
        holders: dict[str, tuple[str, ...]] = {}
        with self._database.reading() as connection:
            for batch in batches(keys):
                query = select(c.number_key, c.id).where(
                    c.number_key.in_(batch), c.type == str(DocumentType.POLICY)
                )
                for key, id in connection.execute(query.order_by(c.id)):
                    holders[key] = (*holders.get(key, ()), id)
        return holders

    def snapshot(self, ids: Iterable[str]) -> dict[str, tuple[Document, str | None]]:
        """Documents with the digest of their newest edition's body, for comparing an import."""
        c, e = t.documents.c, t.editions.c
        each = t.editions.alias("each").c
        newest = select(func.max(each.number)).where(each.document_id == c.id).scalar_subquery()
        last = and_(e.document_id == c.id, e.number == newest)
        query = select(c.id, c.payload, e.digest).join_from(
            t.documents, t.editions, last, isouter=True
        )
        found: dict[str, tuple[Document, str | None]] = {}
        with self._database.reading() as connection:
            for batch in batches(ids):
                for row in connection.execute(query.where(c.id.in_(batch))):
                    found[row.id] = read(Document, row.payload, row.id), row.digest
        return found

    # -- editions -----------------------------------------------------------------------------

    def edition(self, id: str, on: date | None = None) -> Edition | None:
        """The text of a document in force on a day, or its newest text.

        In force is the edition with the latest ``effective_on`` not after the day; an edition
        without that day counts as the earliest. ``None`` when there is no such text;
        :class:`NotFound` when there is no such document.
        """
        found = self.editions_on((id,), on).get(id)
        if found is None:
            self.document(id)
        return found

    def editions_on(self, ids: Iterable[str], on: date | None = None) -> dict[str, Edition]:
        """As :meth:`edition`, for many documents; those without such a text are left out."""
        e = t.editions.c
        order = [e.effective_on.desc().nulls_last()] if on else []
        rank = func.row_number().over(
            partition_by=e.document_id, order_by=[*order, e.number.desc()]
        )
        found: dict[str, Edition] = {}
        with self._database.reading() as connection:
            for batch in batches(ids):
                ranked = select(e.document_id, e.number, rank.label("place"))
                ranked = ranked.where(e.document_id.in_(batch))
                if on:
                    ranked = ranked.where(or_(e.effective_on.is_(None), e.effective_on <= on))
                first = ranked.subquery()
                query = select(t.editions).join(
                    first,
                    and_(
                        first.c.document_id == e.document_id,
                        first.c.number == e.number,
                        first.c.place == 1,
                    ),
                )
                for row in connection.execute(query):
                    found[row.document_id] = edition_of(row)
        return found

    def editions(self, id: str) -> tuple[Edition, ...]:
        """All texts of a document by number."""
        query = select(t.editions).where(t.editions.c.document_id == id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(t.editions.c.number)).all()
        return tuple(edition_of(row) for row in rows)

    def offering(self) -> tuple[str, ...]:
        """The documents that have a text with measures, released or not, by id."""
        c = t.editions.c
        query = select(c.document_id).where(c.measures.is_not(None)).distinct()
        with self._database.reading() as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def offerings(self, ids: Iterable[str]) -> dict[str, tuple[Offered, ...]]:
        """The texts of documents without their bodies, by number: what each offers, from when."""
        c = t.editions.c
        query = select(c.document_id, c.number, c.effective_on, c.measures)
        found: dict[str, tuple[Offered, ...]] = {}
        with self._database.reading() as connection:
            for batch in batches(ids):
                rows = query.where(c.document_id.in_(batch)).order_by(c.document_id, c.number)
                for id, number, day, text in connection.execute(rows):
                    each = Offered(number, day, measures_of(text, id))
                    found[id] = (*found.get(id, ()), each)
        return found

    def makers(self, ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """For each document the decisions that made a text of it; those without are left out."""
        c = t.editions.c
        query = select(c.document_id, c.made_by).where(c.made_by.is_not(None))
        found: dict[str, frozenset[str]] = {}
        with self._database.reading() as connection:
            for batch in batches(ids):
                for id, maker in connection.execute(query.where(c.document_id.in_(batch))):
                    found[id] = found.get(id, frozenset()) | {maker}
        return found

    # -- relations ----------------------------------------------------------------------------

    def relations_of(self, id: str) -> tuple[Relation, ...]:
        """The relations whose subject is ``id``."""
        return self._relations(t.relations.c.subject_id == id)

    def relations_to(self, id: str) -> tuple[Relation, ...]:
        """The relations whose object is ``id``."""
        return self._relations(t.relations.c.object_id == id)

    def relations_touching(self, ids: Iterable[str]) -> tuple[Relation, ...]:
        """The relations with any of ``ids`` as subject or object, each once."""
        c = t.relations.c
        found: dict[int, Relation] = {}
        with self._database.reading() as connection:
            for batch in batches(ids):
                for side in (c.subject_id, c.object_id):
                    found.update(_relations(connection, side.in_(batch)))
        return tuple(found[id] for id in sorted(found))

    def relations_at(
        self, ids: Iterable[str], without: Iterable[RelationKind] = ()
    ) -> dict[str, tuple[Relation, ...]]:
        """The relations that point at each of ``ids``, but for those of the kinds ``without``."""
        c = t.relations.c
        kinds = [str(kind) for kind in without]
        query = select(c.object_id, c.subject_id, c.payload).where(c.kind.not_in(kinds))
        found: dict[str, list[Relation]] = {}
        with self._database.reading() as connection:
            for batch in batches(ids):
                for row in connection.execute(query.where(c.object_id.in_(batch)).order_by(c.id)):
                    relation = read(Relation, row.payload, row.subject_id)
                    found.setdefault(row.object_id, []).append(relation)
        return {id: tuple(relations) for id, relations in found.items()}

    def objects_of(
        self, ids: Iterable[str], without: Iterable[RelationKind] = ()
    ) -> tuple[str, ...]:
        """The documents that ``ids`` point at, but for relations of the kinds ``without``."""
        c = t.relations.c
        kinds = [str(kind) for kind in without]
        query = select(c.object_id).where(c.object_id.is_not(None), c.kind.not_in(kinds)).distinct()
        found: set[str] = set()
        with self._database.reading() as connection:
            for batch in batches(ids):
                found.update(connection.execute(query.where(c.subject_id.in_(batch))).scalars())
        return tuple(sorted(found))

    def unresolved(self, targets: Iterable[str] | None = None) -> dict[int, Relation]:
        """The relations whose object is not in the library yet, by the id ``record`` resolves.

        ``targets`` are what a relation may have named (an id, a 发文字号, a title with or
        without 书名号); ``None`` gives all.
        """
        c = t.relations.c
        found: dict[int, Relation] = {}
        with self._database.reading() as connection:
            if targets is None:
                return _relations(connection, c.object_id.is_(None))
            keys = [key for target in targets for key in (target.strip(), target_key(target))]
            for batch in batches(keys):
                # coalesce: SQLite would go through all that is unresolved, not through the few keys
                where = and_(func.coalesce(c.object_id, "") == "", c.target_key.in_(batch))
                found.update(_relations(connection, where))
        return dict(sorted(found.items()))

    def next_edition_day(self, after: date) -> date | None:
        """The first day after ``after`` on which some document's text changes."""
        c = t.editions.c
        with self._database.reading() as connection:
            query = select(func.min(c.effective_on)).where(c.effective_on > after)
            found: date | None = connection.execute(query).scalar_one()
            return found

    def editions_starting(self, first: date, last: date) -> tuple[str, ...]:
        """The documents with a text that comes into force from ``first`` to ``last``."""
        c = t.editions.c
        query = select(c.document_id).where(c.effective_on.between(first, last)).distinct()
        with self._database.reading() as connection:
            return tuple(connection.execute(query.order_by(c.document_id)).scalars())

    def documents_dated(self, windows: Mapping[str, tuple[date, date]]) -> tuple[str, ...]:
        """The documents that have one of these dates within its window, both days included.

        ``windows`` maps a date's name in the header (``released_on`` …), ``edition`` or
        ``relation`` to a first and a last day. The cost grows with what is found.
        """
        c = t.days.c
        found: set[str] = set()
        with self._database.reading() as connection:
            for kind, (first, last) in windows.items():
                query = select(c.document_id).where(c.kind == kind, c.day.between(first, last))
                found.update(connection.execute(query).scalars())
        return tuple(sorted(found))

    # -- organs -------------------------------------------------------------------------------

    def organs(self) -> tuple[Organ, ...]:
        """The authority file (机关名录) by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(t.organs)).all()
        return read_all(Organ, sorted(rows, key=lambda row: str(row.name)))

    def issuers(self) -> dict[str, date | None]:
        """Who has released a 政策文件 (first 发布机构), with the day of the earliest; read off an index.

        The cost grows with the number of issuers, not of documents.
        """
        c = t.documents.c
        of = (c.stage == str(Stage.RELEASED), c.type == str(DocumentType.POLICY))
        first = select(func.min(c.issuer).label("name")).where(*of).cte("named", recursive=True)
        after = select(func.min(c.issuer)).where(*of, c.issuer > first.c.name).scalar_subquery()
        names = first.union_all(select(after).where(first.c.name.is_not(None)))
        earliest = select(func.min(c.released_on)).where(*of, c.issuer == names.c.name)
        query = select(names.c.name, earliest.scalar_subquery().label("day"))
        with self._database.reading() as connection:
            rows = connection.execute(query.where(names.c.name.is_not(None))).all()
        return {row.name: row.day for row in rows}

    # -- inside -------------------------------------------------------------------------------

    def _documents(self, query: Select[Any]) -> tuple[Document, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return read_all(Document, rows)

    def _relations(self, where: ColumnElement[bool]) -> tuple[Relation, ...]:
        with self._database.reading() as connection:
            return tuple(_relations(connection, where).values())


def _at(stage: Stage | None, type: DocumentType | None) -> Iterator[ColumnElement[bool]]:  # noqa: A002
    if stage is not None:
        yield t.documents.c.stage == str(stage)
    if type is not None:
        yield t.documents.c.type == str(type)


def _relations(connection: Connection, where: ColumnElement[bool]) -> dict[int, Relation]:
    c = t.relations.c
    query = select(c.id, c.subject_id, c.payload).where(where).order_by(c.id)
    return {
        row.id: read(Relation, row.payload, row.subject_id) for row in connection.execute(query)
    }


def _no_document(id: str) -> NotFound:
    return NotFound(f"库中没有标识为“{id}”的文件，请核对标识")
