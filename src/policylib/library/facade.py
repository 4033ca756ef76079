"""Library: the one object a portal backend, the command line and scheduled jobs work with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from policylib.errors import BackendError, NotFound, ParseError, Refused
from policylib.library.address import Address

if TYPE_CHECKING:
    from policylib.files.documentfile import DocumentFile
    from policylib.library.clock import Clock, ClockRun
    from policylib.library.dossier import Dossier
    from policylib.library.importing import ImportSummary
    from policylib.library.indexing import Indexer
    from policylib.library.pairing import Pairs, Pairwise, Ratio
    from policylib.model.document import Document, Edition
    from policylib.model.event import Event
    from policylib.model.finding import Finding
    from policylib.model.organ import Organ
    from policylib.model.relation import Relation
    from policylib.model.vocabulary import Act, Role, Stage, Validity
    from policylib.reports.timeline import Timeline
    from policylib.search.query import Results
    from policylib.store.sql import SqlStore
    from policylib.workflow.due import Obligation
    from policylib.workflow.reviewing import Stale
    from policylib.workflow.validity import Step, Why

__all__ = ["Library"]


def _now() -> datetime:
    return datetime.now().astimezone()


class Library:
    """A library of policy documents (政策文件库).

    >>> from policylib import Library
    >>> library = Library.open("/tmp/no-such-library")     # doctest: +SKIP
    >>> library.search("高龄津贴", limit=5).hits             # doctest: +SKIP

    One object serves many threads; several processes may open the same library. Nothing heavy is
    loaded before it is needed: a search needs no database package. It is a context manager.
    Days (``on``) default to the clock's today, times (``at``) to its now; ``clock`` replaces it.
    """

    def __init__(
        self,
        address: Address,
        *,
        clock: Callable[[], datetime] = _now,
        segmenter: str | None = None,
        rules: str | PathLike[str] = "national-baseline",
    ) -> None:
        self._address = address
        self._clock = clock
        self._segmenter = segmenter
        self._rules = rules
        self._lock = threading.RLock()
        self._opened_store: SqlStore | None = None
        self._opened_file: tuple[int, int] | None = None
        self._opened_index: Indexer | None = None

    @classmethod
    def open(
        cls,
        where: str | PathLike[str],
        *,
        index: str | PathLike[str] | None = None,
        clock: Callable[[], datetime] = _now,
        segmenter: str | None = None,
        rules: str | PathLike[str] = "national-baseline",
    ) -> Self:
        """Open the library in a folder or at a database URL.

        ``index`` is the private folder of the search index, by default inside the library's.
        ``segmenter`` is ``"jieba"`` or ``"rjieba"``; by default the faster one installed.
        ``rules`` is the rule-set (规则集) that deadlines come from: a shipped one or a file.

        Raises:
            NotFound: there is no library there; :meth:`create` makes one.

        """
        library = cls(Address.of(where, index), clock=clock, segmenter=segmenter, rules=rules)
        library._must_exist()
        return library

    @classmethod
    def create(cls, where: str | PathLike[str], **options: Any) -> Self:
        """Open the library at ``where``, making an empty one when there is none."""
        from policylib.store.sql import SqlStore

        library = cls(Address.of(where, options.pop("index", None)), **options)
        library._opened_store = SqlStore.open(library._address.url, create=True)
        library._opened_file = library._address.file_identity()
        return library

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database connections; the object must not be used afterwards."""
        with self._lock:
            if self._opened_store is not None:
                self._opened_store.close()
                self._opened_store = None

    # -- finding ---------------------------------------------------------------------------

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
        return self._index().search(query)

    def document(self, id: str) -> Document:
        """The document called ``id``, released or not: for staff.

        Raises:
            NotFound: there is none.

        """
        return self._store().document(id)

    def public_document(self, id: str) -> Document:
        """The document called ``id`` if the public may see it (公众可见).

        Raises:
            NotFound: there is none, or it is not released or not for the public; the message is
                the same, so that it does not tell of a draft.

        """
        document = self._store().documents([id]).get(id)
        if document is None or not document.is_public:
            raise NotFound(f"没有公开的文件“{id}”")
        return document

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

    # -- validity --------------------------------------------------------------------------

    def validity(self, id: str, *, on: date | None = None) -> Validity:
        """Whether a document is in force on a day (时效性), computed for that day.

        Raises:
            NotFound: there is no such document.

        """
        from policylib.workflow.validity import validity

        return validity(self.steps(id), on or self._today())

    def steps(self, id: str) -> tuple[Step, ...]:
        """The validity over all days, each step with its reason (时效沿革)."""
        from policylib.library.indexing import relations_to
        from policylib.workflow.validity import steps

        store = self._store()
        document = store.document(id)
        return steps(document, relations_to(store, [id])[id])

    def why(self, id: str, *, on: date | None = None) -> Why:
        """Why a document is what it is on a day, and what would change it (时效依据).

        Raises:
            NotFound: there is no such document.

        """
        from policylib.library.indexing import relations_to
        from policylib.workflow.validity import why

        store = self._store()
        document = store.document(id)
        return why(document, relations_to(store, [id])[id], on or self._today())

    def due(
        self,
        *,
        on: date | None = None,
        within: timedelta,
        back: timedelta = timedelta(days=90),
    ) -> tuple[Obligation, ...]:
        """What must happen from a day on within a span (到期事项), by day.

        ``back`` is how far back an open obligation is still listed as 逾期. The rules are those of
        the library's rule-set.

        Raises:
            ParseError: a negative span.

        """
        if min(within, back) < timedelta(0):
            raise ParseError("期限应为零或正数，例如 30d")
        return self._rule_clock().due(on=on or self._today(), within=within, back=back)

    def run_due(
        self, *, within: timedelta, back: timedelta = timedelta(days=90), by: str = "policylib"
    ) -> ClockRun:
        """Do what is automatic (自动办理): release what is signed for today, enter notices.

        Idempotent, and safe when two runs overlap. Answers never depend on its having run.
        """
        from policylib.model.vocabulary import Act, Role

        def release(document: Document, at: datetime, by: str) -> None:
            self.act(Act.RELEASE, document.id, by=by, role=Role.ROBOT, at=at)

        run = self._rule_clock().run(
            at=self._clock(), within=within, back=back, by=_who(by), release=release
        )
        self._refresh()
        return run

    def fulfil(self, id: str, duty: str, *, by: str, note: str | None = None) -> None:
        """Enter in the journal that a duty of a document is done (办结事项), such as 备案期限.

        Raises:
            Refused: the document is not released, or there is no such duty.
            NotFound: there is no such document.

        """
        from policylib.library.acting import Acting
        from policylib.model.vocabulary import Act, Role
        from policylib.workflow.clock import WATCHED

        known = [str(row.duty) for row in WATCHED]
        if duty not in known:
            raise Refused(f"没有“{duty}”这一事项，可办结的有：{'、'.join(known)}")
        Acting(self._store(), self.check_document).enter(
            Act.FULFIL,
            self._store().document(id),
            by=_who(by),
            role=Role.PUBLISHER,
            note=note,
            at=self._clock(),
            detail={"duty": duty},
        )
        self._refresh()

    # -- what goes with a policy -----------------------------------------------------------

    def interpretations(self, id: str) -> tuple[Document, ...]:
        """The interpretations of a document (政策解读), released or not: for staff.

        Raises:
            NotFound: there is no such document.

        """
        return self._pairwise().interpretations(id)

    def feedback_of(self, id: str) -> tuple[Document, ...]:
        """The feedback (意见反馈) on a consultation, or on those on a policy: for staff."""
        return self._pairwise().feedback_of(id)

    def pairs(self, id: str, *, on: date | None = None) -> Pairs:
        """Consultations, feedback and interpretations of a policy, and what is missing (配套文件).

        ``id`` may be that of a companion. For staff.
        """
        return self._pairwise().pairs(id, on=on or self._today())

    def stale_interpretations(self, id: str, *, on: date | None = None) -> tuple[Stale, ...]:
        """Interpretations to look over since their policy was changed or ended (解读复核)."""
        return self._pairwise().stale_interpretations(id, on=on or self._today())

    def interpretation_ratio(self, since: date, until: date) -> Ratio:
        """How many interpretations released in a period are not plain text (非文字解读比例).

        Raises:
            ParseError: the period ends before it begins.

        """
        if until < since:
            raise ParseError(f"截止日期{until}早于起始日期{since}，请核对")
        return self._pairwise().ratio(since, until)

    # -- changing --------------------------------------------------------------------------

    def import_files(
        self,
        paths: Iterable[str | PathLike[str]],
        *,
        by: str,
        released: bool = True,
        progress: Callable[[int], None] | None = None,
    ) -> ImportSummary:
        """Take in document files and JSONL files (导入); see :mod:`policylib.library.importing`.

        ``released`` says that the documents are released already; otherwise they are drafts.

        Raises:
            NotFound: a path does not exist; nothing was taken in.

        """
        from policylib.library.importing import import_documents
        from policylib.model.vocabulary import Stage

        summary = import_documents(
            self._store(),
            [Path(path) for path in paths],
            stage=Stage.RELEASED if released else Stage.DRAFTED,
            by=_who(by),
            at=self._clock,
            progress=progress,
        )
        self._refresh()
        return summary

    def put_organs(self, path: str | PathLike[str], *, by: str) -> int:
        """Take in an authority file (机关名录); returns how many organs it names."""
        from policylib.files.sources import read_organs
        from policylib.model.event import Record
        from policylib.model.vocabulary import Act, Role, Stage
        from policylib.store.sql import ORGANS

        organs = read_organs(Path(path))
        record = Record(
            document_id=ORGANS,
            act=Act.REGISTER,
            actor=_who(by),
            role=Role.IMPORTER,
            at=self._clock(),
            stage=Stage.RELEASED,
            detail={"organs": [organ.name for organ in organs]},
        )
        self._store().put_organs(organs, record)
        return len(organs)

    def act(
        self,
        act: Act,
        id: str,
        *,
        by: str,
        role: Role,
        note: str | None = None,
        at: datetime | None = None,
        fields: Mapping[str, Any] | None = None,
        body: str | None = None,
        on: date | None = None,
        made_by: str | None = None,
    ) -> Document:
        """Do something to a document (办理): review, sign, return, release, amend, repeal.

        ``fields`` sets header fields along with the act, before release only; ``body`` brings a
        new text (改稿, 修改). ``on`` is the day from which 修改 or 废止 works, by default the
        day on which the deciding document ``made_by`` takes effect.

        Returns the document after the act.

        Raises:
            Refused: the rules do not allow it; the reasons are in Chinese, nothing was changed.
            Conflict: somebody else changed the document meanwhile; read again and retry.
            NotFound: there is no such document.

        """
        from policylib.library.acting import Acting

        def together(document: Document, on: date) -> tuple[Document, ...]:
            return self._pairwise().released_with(document, on=on)

        document = Acting(self._store(), self.check_document, together).do(
            act,
            id,
            by=_who(by),
            role=role,
            note=note,
            at=at or self._clock(),
            fields=fields or {},
            body=body,
            on=on,
            made_by=made_by,
        )
        self._refresh()
        return document

    # -- checking --------------------------------------------------------------------------

    def check(
        self, ids: Iterable[str] | None = None, *, codes: Iterable[str] = (), on: date | None = None
    ) -> Iterator[Finding]:
        """Look over documents of the library (检查): all, or those named; findings one by one.

        Raises:
            ParseError: an unknown code in ``codes``; NotFound: an unknown id.

        """
        from policylib.checks.table import run, select
        from policylib.library.checking import Neighbourhood

        checks = select(codes)
        store = self._store()
        wanted = [store.document(id) for id in ids] if ids is not None else store.iter_documents()
        neighbourhood = Neighbourhood(store, on or self._today(), self._rules)

        def findings() -> Iterator[Finding]:
            for document in wanted:
                yield from run(neighbourhood.case(document), checks)

        return findings()

    def check_document(self, document: Document, body: str) -> tuple[Finding, ...]:
        """Findings of a document as it would be, with the library around it."""
        from policylib.checks.table import run
        from policylib.library.checking import Neighbourhood

        around = Neighbourhood(self._store(), self._today(), self._rules)
        return run(around.case(document, body))

    def check_file(
        self, file: DocumentFile, *, name: str, codes: Iterable[str] = (), on: date | None = None
    ) -> tuple[Finding, ...]:
        """Findings of a file that is not in the library yet, with the library around it."""
        from policylib.checks.table import run, select
        from policylib.library.checking import Neighbourhood

        around = Neighbourhood(self._store(), on or self._today(), self._rules)
        return run(around.file_case(file, name), select(codes))

    # -- keeping ---------------------------------------------------------------------------

    def verify(self) -> tuple[str, ...]:
        """What is wrong with journal and state, as Chinese sentences; empty when sound (核验)."""
        return self._store().verify()

    def reindex(self, progress: Callable[[int], None] | None = None) -> int:
        """Throw the search index away and build it anew; returns the number of documents."""
        return self._index().rebuild(progress)

    def backup(self, target: str | PathLike[str]) -> None:
        """Write a consistent, verified copy of the library to a new file (备份)."""
        self._store().backup(target)

    def export_journal(self, target: str | PathLike[str]) -> int:
        """Write all events to a new file, a line of canonical JSON each; returns how many.

        Raises:
            BackendError: the file exists or cannot be written.

        """
        from policylib.library.exporting import export_journal

        return export_journal(self._store(), target)

    def bundle(self, id: str, target: str | PathLike[str], *, at: datetime | None = None) -> None:
        """Write all that is known of a document to a new zip file (一件一档): for staff.

        The same library state and time ``at`` give the same bytes.

        Raises:
            NotFound: there is no such document.
            BackendError: the file exists or cannot be written.

        """
        from policylib.files.saving import save_new
        from policylib.library.exporting import bundle

        when = at or self._clock()
        save_new(target, [bundle(self._dossier(id, when.date()), at=when)])

    def public_bundle(
        self, id: str, target: str | PathLike[str], *, at: datetime | None = None
    ) -> None:
        """Write what the public may know of a document to a new zip file (一件一档).

        Raises:
            NotFound: the public may not see the document.
            BackendError: the file exists or cannot be written.

        """
        from policylib.files.saving import save_new
        from policylib.library.exporting import bundle

        self.public_document(id)
        when = at or self._clock()
        save_new(target, [bundle(self._dossier(id, when.date()).public(), at=when)])

    @classmethod
    def restore(
        cls, source: str | PathLike[str], where: str | PathLike[str], **options: Any
    ) -> Self:
        """Make a library from a backup (恢复); its search index is built anew.

        Raises:
            Refused, BackendError: the target holds documents, or the backup is damaged.

        """
        from policylib.store.backup import restore

        address = Address.of(where, options.pop("index", None))
        restore(source, address.url)
        library = cls(address, **options)
        library._index().discard()
        library._index().fresh()
        return library

    def health(self) -> dict[str, Any]:
        """How the library stands, for a monitor: documents, journal head, index position."""
        from policylib.store.head import read_head

        index = self._index().fresh()
        return {
            "documents": self._store().count(),
            "journal": read_head(self._address.url),
            "index": index.mark()[0],
        }

    # -- inside ----------------------------------------------------------------------------

    def _dossier(self, id: str, on: date | None) -> Dossier:
        from policylib.library.dossier import Dossier

        return Dossier.of(self._store(), id, on=on or self._today())

    def _rule_clock(self) -> Clock:
        from policylib.files.rulesets import load_calendar, load_ruleset
        from policylib.library.clock import Clock

        return Clock(self._store(), load_ruleset(fspath(self._rules)), load_calendar())

    def _pairwise(self) -> Pairwise:
        from policylib.files.rulesets import load_ruleset
        from policylib.library.pairing import Pairwise

        return Pairwise(self._store(), load_ruleset(fspath(self._rules)))

    def _today(self) -> date:
        return self._clock().date()

    def _store(self) -> SqlStore:
        with self._lock:
            found = self._address.file_identity()
            if self._opened_store is not None and found != self._opened_file:
                self._opened_store.close()  # the file has been replaced, by a backup for instance
                self._opened_store = None
            if self._opened_store is None:
                from policylib.store.sql import SqlStore

                self._opened_store = SqlStore.open(self._address.url)
                self._opened_file = found
            return self._opened_store

    def _index(self) -> Indexer:
        with self._lock:
            if self._opened_index is None:
                from policylib.library.indexing import Indexer

                self._opened_index = Indexer(
                    self._address.url,
                    self._address.index,
                    self._store,
                    segmenter=self._segmenter,
                    today=self._today,
                )
            return self._opened_index

    def _refresh(self) -> None:
        """Index what was just recorded; a fault of the index is not one of the record."""
        with suppress(BackendError):  # the next search mends it, or says what is wrong
            self._index().catch_up()

    def _must_exist(self) -> None:
        from policylib.store.head import sqlite_path

        path = sqlite_path(self._address.url)
        if path is None:
            self._store()
        elif not path.is_file():
            raise NotFound(
                f"“{path.parent}”里没有文件库，请先运行 python -m policylib init --library {path.parent}"
            )
        elif path.stat().st_size == 0:
            raise BackendError(f"文件库“{path.name}”是空文件，请用备份恢复或删除后重新 init")


_NAME = 100  # characters of an officer's name
_LISTS = frozenset(
    {"issuers", "type", "kind", "form", "themes", "tags", "audience", "validity", "facets"}
)


def _fields(query: Any) -> dict[str, Any]:
    return {name: getattr(query, name) for name in query.__dataclass_fields__}


def _listing(sort: str) -> str:
    return "newest" if sort == "relevance" else sort


def _who(by: str) -> str:
    name = by.strip()
    if not name:
        raise Refused("请写明经办人：--by 姓名")
    if len(name) > _NAME or not name.isprintable():
        raise Refused(f"经办人含有不可见字符或超过 {_NAME} 字，请填写姓名")
    return name
