"""Finding and reading documents (检索与查阅): the part of a library that looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from policylib.errors import BackendError, NotFound, ParseError
from policylib.library.core import Core

if TYPE_CHECKING:
    from policylib.model.document import Document, Edition
    from policylib.model.event import Event, Statement
    from policylib.model.organ import Organ
    from policylib.model.relation import Relation
    from policylib.model.vocabulary import Stage
    from policylib.reports.timeline import Timeline
    from policylib.search.query import Results


__all__ = ["Looking"]


class Looking(Core):
    """Documents as they are, for staff and for the public."""

    def search(self, words: str = "", *, on: date | None = None, **options: Any) -> Results:
        """Find documents (检索); ``options`` are the fields of :class:`policylib.Query`.

        Only released documents are found unless ``staff=True``. Without words all documents that
        pass the filters are listed, newest first.

        Raises:
            ParseError: too long a text, an unknown facet, order or validity, a page out of range.

        """
        from policylib.search.query import Query

        for name in _LISTS & options.keys():
            value = options[name]
            options[name] = (value,) if isinstance(value, str) else tuple(value)
        try:
            query = Query(words=words, on=on or self._today(), **options)
        except TypeError as error:
            raise ParseError(f"检索条件不正确：{error}") from None
        if not (query.words.strip() or any(getattr(query, name) for name in _LISTS)):
            query = Query(**{**_fields(query), "sort": _listing(query.sort)})
        found = self._index().search(query)
        if found.notice is None and any(hit.type == "转载" for hit in found.hits):
            return replace(found, notice=self._stale())
        return found

    def _stale(self) -> str | None:
        """That reposts may not show what holds, where manifests are old (清单过期)."""
        now = self._clock()
        try:
            held = self._sources().holdings()
        except (BackendError, ParseError) as error:  # told, and the search goes on
            return str(error)
        return "；".join(notice for each in held if (notice := each.stale(now))) or None

    def document(self, id: str) -> Document:
        """The document called ``id``, released or not: for staff.

        Raises:
            NotFound: there is none.

        """
        return self._store().document(id)

    def public_document(self, id: str) -> Document:
        """The document called ``id`` if the public may see it (公众可见).

        A repost has title, number and days of its source, as of the last pull.

        Raises:
            NotFound: there is none, or it is not released or not for the public; the message is
                the same, so that it does not tell of a draft. Of a document that was withdrawn
                it gives the day and the reason.

        """
        from policylib.model.vocabulary import Stage

        document = self._store().documents([id]).get(id)
        if document is None or not document.is_public:
            said = self.statements(id) if document else ()
            if said and document and document.stage is Stage.WITHDRAWN:
                raise NotFound(f"文件“{document.title}”已于{said[-1].on}撤回：{said[-1].text}")
            raise NotFound(f"没有公开的文件“{id}”")
        shown = self._reposts().shown(document)
        return shown.document if shown else document

    def statements(self, id: str) -> tuple[Statement, ...]:
        """What the public is told of a document since its release (公开说明): 更正 and 撤回.

        Also of a document that is withdrawn; nothing of one that was never public.
        """
        from policylib.model.event import Statement
        from policylib.model.vocabulary import Act, Disclosure, Stage

        document = self._store().documents([id]).get(id)
        if document is None or document.disclosure not in {None, Disclosure.PROACTIVE}:
            return ()
        if document.stage not in {Stage.RELEASED, Stage.WITHDRAWN}:
            return ()
        return tuple(
            Statement(act=event.act, on=event.at.date(), text=event.note or "")
            for event in self._store().events(id)
            if event.act in {Act.CORRECT, Act.WITHDRAW}
        )

    def find_number(self, number: str) -> tuple[Document, ...]:
        """The documents with this 发文字号, however it is written, released or not: for staff."""
        from policylib.model.document import number_key

        return self._store().find_number(number_key(number))

    def documents(
        self, *, stage: Stage | None = None, limit: int | None = None, offset: int = 0
    ) -> tuple[Document, ...]:
        """Documents newest first, of one stage or of all: for staff."""
        return self._store().list(stage, limit=limit, offset=offset)

    def edition(self, id: str, *, on: date | None = None) -> Edition:
        """The text of a document in force on a day (文本).

        Before the first text's day the first one is given.

        Raises:
            NotFound: there is no such document.

        """
        day = on or self._today()
        store = self._store()
        found = store.edition(id, day) or next(iter(store.editions(id)), None)
        if found is None:
            store.document(id)
            raise NotFound(f"文件“{id}”没有正文")
        return found

    def editions(self, id: str) -> tuple[Edition, ...]:
        """All texts of a document, oldest first, drafting stages too: for staff."""
        return self._store().editions(id)

    def relations(self, id: str) -> tuple[Relation, ...]:
        """The relations of a document in both directions (文件关系): for staff."""
        store = self._store()
        store.document(id)
        return store.relations_touching([id])

    def public_relations(self, id: str) -> tuple[Relation, ...]:
        """The relations of a public document with documents that are public too.

        Officers' notes are left out.

        Raises:
            NotFound: the public may not see the document.

        """
        self.public_document(id)
        found = self._store().relations_touching([id])
        others = {r.object_id if r.subject_id == id else r.subject_id for r in found}
        seen = self._store().documents(other for other in others if other)
        return tuple(
            relation.model_copy(update={"note": None})
            for relation in found
            for other in [relation.object_id if relation.subject_id == id else relation.subject_id]
            if other is None or (other in seen and seen[other].is_public)
        )

    def history(self, id: str) -> tuple[Event, ...]:
        """Who did what to a document and when (办理记录), oldest first.

        Raises:
            NotFound: there is no such document.

        """
        self._store().document(id)
        return self._store().events(id)

    def journal(self, *, after: int = 0, limit: int | None = 1000) -> tuple[Event, ...]:
        """The events of all documents after a position (办理日志), oldest first: for staff.

        Who follows the journal asks again ``after`` the last position seen.
        """
        return self._store().events_after(after, limit)

    def recent(self, *, limit: int | None = 50, since: date | None = None) -> tuple[Event, ...]:
        """The newest events of all documents, oldest first; ``since`` a day: for staff."""
        return self._store().newest_events(limit, since)

    def timeline(self, id: str, *, on: date | None = None) -> Timeline:
        """The life of a document on one line as seen on a day (时间线): for staff.

        Raises:
            NotFound: there is no such document.

        """
        return self._dossier(id, on).timeline()

    def public_timeline(self, id: str, *, on: date | None = None) -> Timeline:
        """The life of a public document, without drafts, names, notes and hidden documents.

        Raises:
            NotFound: the public may not see the document.

        """
        self.public_document(id)
        return self._dossier(id, on).public().timeline()

    def organs(self) -> tuple[Organ, ...]:
        """The authority file (机关名录)."""
        return self._store().organs()


_LISTS = frozenset(
    {"issuers", "type", "kind", "form", "themes", "tags", "audience", "validity", "facets"}
)


def _fields(query: Any) -> dict[str, Any]:
    return {name: getattr(query, name) for name in query.__dataclass_fields__}


def _listing(sort: str) -> str:
    return "newest" if sort == "relevance" else sort
