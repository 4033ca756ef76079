"""Keeping the search index in step with the journal (索引维护): it heals by itself.

The index remembers the journal position and digest it has seen. A search compares them with the
journal's head; when they differ the documents changed since are indexed first, or all of them when
the journal never had that event (a backup has been restored). An index with another stamp (analysis, dictionary, Whoosh release) is another folder, built when it is missing;
a damaged one is thrown away and built again. The store is always right.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.errors import BackendError, PolicyLibError
from policylib.search import segmenter as segmenters
from policylib.search.analysis import ANALYSIS_VERSION
from policylib.search.engine import Engine
from policylib.search.entry import Entry
from policylib.search.query import Query, Results
from policylib.search.rows import Stamp
from policylib.search.segments import WHOOSH_RELEASE
from policylib.store.head import read_mark

if TYPE_CHECKING:
    from policylib.library.reposts import Reposts, Shown
    from policylib.library.terms import Terms
    from policylib.model.document import Document, Edition
    from policylib.model.relation import Relation
    from policylib.model.rule import Rule
    from policylib.model.ruleset import RuleSet
    from policylib.store.sql import SqlStore

__all__ = ["Indexer", "entry_of"]

_FORMAT = 4
_CHUNK = 1_000
_TOGETHER = 100  # documents whose texts are in memory at once
_PATIENCE = 10.0  # seconds to wait for another process that is writing the index
_INDEX = re.compile(r"[0-9a-f]{12}")
_BUILDER = re.compile(r"\.(?:building|old)-(?P<pid>[0-9]+)(?:-[0-9]+)?")


class Indexer:
    """The index of one library: fresh before every search.

    ``store`` opens the store; it is called only when there is something to index. ``reposts`` tells
    what reposts show, and ``sources`` which state of other libraries that is.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        store: Callable[[], SqlStore],
        *,
        segmenter: str | None,
        today: Callable[[], date] = date.today,
        ruleset: Callable[[], RuleSet] | None = None,
        rules: str = "",
        reposts: Callable[[], Reposts] | None = None,
        sources: Callable[[], str] = str,
    ) -> None:
        self._url = url
        self._root = folder
        self._store = store
        self._segmenter = segmenter
        self._today = today
        self._ruleset = ruleset
        self._rules = rules
        self._reposts = reposts
        self._sources = sources
        self._engine: Engine | None = None
        self._lock = threading.RLock()

    @property
    def folder(self) -> Path:
        """The folder of the index with this program's stamp."""
        stamp = (
            f"{_FORMAT}|{ANALYSIS_VERSION}|{segmenters.DICTIONARY}|{WHOOSH_RELEASE}"
            f"|{_stamp_of(self._rules)}"
        )
        return self._root / hashlib.sha256(stamp.encode()).hexdigest()[:12]

    def search(self, query: Query) -> Results:
        """Answer ``query`` from a fresh index; rebuild it once when it turns out damaged."""
        try:
            return self.fresh().search(query)
        except BackendError:
            self.rebuild()
            return self.fresh().search(query)

    def fresh(self) -> Engine:
        """The engine, caught up with the journal as far as other writers let it."""
        with self._lock, _faults():
            engine = self._open()
            stamp = engine.stamp()
            if stamp.mark != read_mark(self._url) or self._is_due(stamp):
                engine = self._catch_up(engine)
            return engine

    def catch_up(self, progress: Callable[[int], None] | None = None) -> None:
        """Index what the journal has and the index has not."""
        with self._lock, _faults():
            self._catch_up(self._open(), progress)

    def tidy(self) -> None:
        """Join what single releases have left in pieces; for the night, it may take a while."""
        with self._lock, _faults():
            self._open().tidy()

    def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Build the index anew from the store and put it in the place of the old one.

        Returns the number of documents. Indexes of other stamps and what broken-off builds have
        left behind are removed.
        """
        with self._lock, _faults():
            count = self._build(progress)
            _sweep(self._root, keep=self.folder)
            return count

    def discard(self) -> None:
        """Remove every index of the library."""
        with self._lock:
            self._engine = None
            _sweep(self._root, keep=None)

    # -- inside ----------------------------------------------------------------------------

    def _open(self) -> Engine:
        if self._engine is None or not self.folder.exists():
            if not any(self.folder.glob("*.toc")):
                self._build(None)
            self._engine = Engine(self.folder, self._load)
        return self._engine

    def _load(self) -> segmenters.Segmenter:
        return segmenters.load(self._segmenter, cache=self._root / "jieba")

    def _build(self, progress: Callable[[int], None] | None) -> int:
        """Build beside and rename into place, so that nobody sees half an index."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        tag = f"{os.getpid()}-{threading.get_ident()}"
        building, aside = self._root / f".building-{tag}", self._root / f".old-{tag}"
        try:
            shutil.rmtree(building, ignore_errors=True)
            engine = Engine.create(building, self._load)
            count = 0
            if read_mark(self._url)[0]:
                stamp = engine.stamp()
                count = _write(
                    engine, self._store(), stamp, today=self._today(), progress=progress,
                    around=self._around(stamp),
                )  # fmt: skip
            with suppress(FileNotFoundError):
                self.folder.rename(aside)
            with suppress(OSError):  # another process has put its own there first
                building.rename(self.folder)
        finally:
            self._engine = None
            shutil.rmtree(building, ignore_errors=True)
            shutil.rmtree(aside, ignore_errors=True)
        return count

    def _catch_up(self, engine: Engine, progress: Callable[[int], None] | None = None) -> Engine:
        stamp, head = engine.stamp(), read_mark(self._url)
        if stamp.mark == head and not self._is_due(stamp):
            return engine
        if not head[0] or self._store().digest_at(stamp.position) != stamp.digest:
            # the index was made from another journal: a backup was put in the library's place
            self._build(progress)
            return self._open()
        _write(
            engine, self._store(), stamp, today=self._today(), progress=progress,
            around=self._around(stamp),
        )  # fmt: skip
        return engine

    def _terms(self) -> Terms | None:
        from policylib.library.terms import Terms

        return Terms.of(self._store(), self._ruleset()) if self._ruleset else None

    def _is_due(self, stamp: Stamp) -> bool:
        """Whether a text has come into force, or a manifest come in, since the index was written."""
        woken = stamp.wake is not None and stamp.wake <= self._today()
        return woken or stamp.sources != self._sources()

    def _around(self, stamp: Stamp) -> _Around:
        reposts = self._reposts() if self._reposts else None
        mark = self._sources()
        return _Around(self._terms(), reposts, mark, stamp.sources != mark)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the validity of documents rests on besides their relations.

    ``sources`` is the state of what was pulled of others, and ``is_new`` that the index was made with
    another one.
    """

    terms: Terms | None
    reposts: Reposts | None
    sources: str
    is_new: bool


def _stamp_of(rules: str) -> str:
    """What tells one rule-set from another without reading it: default terms are in the index."""
    with suppress(OSError):
        return f"{rules}|{os.stat(rules).st_mtime_ns}"  # noqa: PTH116 - may be a name, no path
    return rules


@contextmanager
def _faults() -> Iterator[None]:
    """Turn what a damaged index raises, which may be anything, into one error."""
    try:
        yield
    except (PolicyLibError, KeyboardInterrupt):
        raise
    except PermissionError as error:
        raise BackendError(
            f"无法写入检索索引“{error.filename}”，请检查文件夹的权限，"
            "或在打开文件库时用 index 另指一个可写的文件夹"
        ) from error
    except Exception as error:
        raise BackendError(
            f"检索索引无法使用（{type(error).__name__}：{error}），"
            "请检查磁盘空间后运行 python -m policylib reindex"
        ) from error


def _sweep(root: Path, *, keep: Path | None) -> None:
    """Remove indexes but ``keep``, and what died builders left; nothing that is not ours."""
    for folder in list(root.glob("*")) if root.is_dir() else ():
        ours = _INDEX.fullmatch(folder.name) and folder != keep
        if ours or ((found := _BUILDER.match(folder.name)) and not _is_alive(int(found["pid"]))):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    if os.name == "nt":  # asking there would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _write(
    engine: Engine,
    store: SqlStore,
    stamp: Stamp,
    *,
    today: date,
    progress: Callable[[int], None] | None,
    around: _Around,
) -> int:
    """Index what changed since ``stamp`` and what it bears on; it moves on with the last chunk.

    Of each document the text in force ``today`` is indexed; what has come into force by now takes
    part too, and all reposts where something was pulled since.
    """
    from policylib.model.vocabulary import DocumentType, Stage

    since, wake = stamp.position, stamp.wake
    head, changed = store.changed_since(since)
    woken = store.editions_starting(wake, today) if wake and wake <= today else ()
    shown = store.list(Stage.RELEASED, DocumentType.REPOST) if since and around.is_new else ()
    ids = tuple(dict.fromkeys((*changed, *woken, *(repost.id for repost in shown))))
    # until the last chunk is in, the next search goes on with what is missing
    half_way = Stamp(since, store.digest_at(since), today, stamp.sources)
    done = Stamp(head, store.digest_at(head), store.next_edition_day(today), around.sources)
    for start in range(0, max(1, len(ids)), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        last = start + _CHUNK >= len(ids)
        entries = _entries(store, chunk, today, around)
        settle = last and len(ids) > _CHUNK
        now = done if last else half_way
        if not engine.update(entries, stamp=now, timeout=_PATIENCE, settle=settle):
            break  # somebody else is indexing: what is missing comes with the next search
        if progress:
            progress(len(chunk))
    return len(ids)


def _entries(store: SqlStore, ids: Sequence[str], today: date, around: _Around) -> Iterator[Entry]:
    """The entries of ``ids`` and of what they bear on: their relations may end its validity.

    So they do of what reposts it.
    """
    from policylib.library.pointing import relations_to
    from policylib.model.vocabulary import RelationKind
    from policylib.workflow.validity import WITHOUT_EFFECT

    wanted = dict.fromkeys((*ids, *store.objects_of(ids, WITHOUT_EFFECT)))
    pointed = store.relations_at(list(wanted), set(RelationKind) - {RelationKind.REPOSTS})
    wanted |= dict.fromkeys(each.subject_id for every in pointed.values() for each in every)
    names = list(wanted)
    for start in range(0, len(names), _TOGETHER):
        chunk = names[start : start + _TOGETHER]
        documents, editions = store.documents(chunk), store.editions_on(chunk, today)
        pointing = relations_to(store, chunk, without=WITHOUT_EFFECT)
        later = [name for name in chunk if name not in editions]
        editions.update(store.editions_on(later))
        for name in chunk:
            if name in documents:
                document = documents[name]
                default = around.terms.default(document) if around.terms else None
                shown = around.reposts.shown(document) if around.reposts else None
                yield entry_of(document, editions.get(name), pointing[name], default, shown)


def entry_of(
    document: Document,
    edition: Edition | None,
    relations: Iterable[tuple[Relation, Document]],
    default: Rule | None = None,
    shown: Shown | None = None,
) -> Entry:
    """What the index keeps of a document with the text in force and what points at it.

    ``default`` is the rule that gives it a term when it states none, ``shown`` what a repost shows.
    """
    from policylib.text.outline import Outline
    from policylib.workflow.validity import steps

    if shown is not None:
        document = shown.document
    found = shown.steps if shown else steps(document, relations, default=default)
    body = edition.body if edition else ""
    outline = Outline.parse(body)
    return Entry(
        id=document.id,
        title=document.title,
        public=document.is_public,
        stage=str(document.stage),
        doc_number=document.doc_number,
        number_key=document.number_key,
        index_number=document.index_number,
        type=str(document.type),
        kind=document.kind,
        form=document.form,
        issuers=document.issuers,
        themes=document.themes,
        tags=document.tags,
        keywords=document.keywords,
        audience=document.audience,
        written_on=_iso(document.written_on),
        released_on=_iso(document.released_on),
        effective_on=_iso(document.effective_on),
        steps=tuple((_iso(s.start) or "", str(s.validity)) for s in found),
        body=body,
        provisions=tuple(
            (provision.span[0], str(locator)) for locator, provision in outline.walk()
        ),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
