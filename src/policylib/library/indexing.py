"""Keeping the search index in step with the journal (索引维护): it heals by itself.

The index remembers the journal position and digest it has seen. A search compares them with the
journal's head; when they differ the documents changed since are indexed first. An index with
another stamp (analysis, dictionary, Whoosh release) is another folder, built when it is missing;
a damaged one is thrown away and built again. The store is always right.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.errors import BackendError
from policylib.search import segmenter as segmenters
from policylib.search.analysis import ANALYSIS_VERSION
from policylib.search.engine import Engine
from policylib.search.entry import Entry
from policylib.search.query import Query, Results
from policylib.search.segments import WHOOSH_RELEASE
from policylib.store.head import read_head

if TYPE_CHECKING:
    from policylib.model.document import Document, Edition
    from policylib.model.relation import Relation
    from policylib.store.sql import SqlStore

__all__ = ["Indexer", "relations_to"]

_FORMAT = 1
_CHUNK = 1_000
_PATIENCE = 10.0  # seconds to wait for another process that is writing the index


class Indexer:
    """The index of one library: fresh before every search.

    ``store`` opens the store; it is called only when there is something to index.
    """

    def __init__(
        self, url: str, folder: Path, store: Callable[[], SqlStore], *, segmenter: str | None
    ) -> None:
        self._url = url
        self._root = folder
        self._store = store
        self._segmenter = segmenter
        self._engine: Engine | None = None
        self._lock = threading.RLock()

    @property
    def folder(self) -> Path:
        """The folder of the index with this program's stamp."""
        stamp = f"{_FORMAT}|{ANALYSIS_VERSION}|{segmenters.DICTIONARY}|{WHOOSH_RELEASE}"
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
        with self._lock:
            engine = self._open()
            if engine.position() != read_head(self._url):
                self._catch_up(engine)
            return engine

    def catch_up(self, progress: Callable[[int], None] | None = None) -> None:
        """Index what the journal has and the index has not."""
        with self._lock:
            self._catch_up(self._open(), progress)

    def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Throw the index away and build it from the store; returns the number of documents."""
        with self._lock:
            self._engine = None
            aside = self._root / f".old-{os.getpid()}"
            if self.folder.exists():
                self.folder.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)
            count = self._build(progress)
            for other in self._root.iterdir():
                if other != self.folder and other.name != "jieba":
                    shutil.rmtree(other, ignore_errors=True)
            return count

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
        building = self._root / f".building-{os.getpid()}-{threading.get_ident()}"
        shutil.rmtree(building, ignore_errors=True)
        engine = Engine.create(building, self._load)
        count = 0
        if read_head(self._url):
            store = self._store()
            head, ids = store.changed_since(0)
            count = _write(engine, store, ids, position=0, head=head, progress=progress)
        try:
            building.rename(self.folder)
        except OSError:  # another process has put its own there first
            shutil.rmtree(building, ignore_errors=True)
        return count

    def _catch_up(self, engine: Engine, progress: Callable[[int], None] | None = None) -> None:
        position = engine.position()
        head = read_head(self._url)
        if position == head:
            return
        if position > head:  # another library has been put in this one's place
            self.rebuild()
            return
        store = self._store()
        head, ids = store.changed_since(position)
        _write(engine, store, ids, position=position, head=head, progress=progress)


def _write(
    engine: Engine,
    store: SqlStore,
    ids: Sequence[str],
    *,
    position: int,
    head: int,
    progress: Callable[[int], None] | None,
) -> int:
    """Index ``ids`` and what they bear on; the position moves with the last chunk only."""
    wanted = list(ids)
    for start in range(0, max(1, len(wanted)), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        entries = _entries(store, chunk)
        last = start + _CHUNK >= len(wanted)
        if not engine.update(entries, position=head if last else position, timeout=_PATIENCE):
            break  # somebody else is indexing: what is missing comes with the next search
        if progress:
            progress(len(chunk))
    return len(wanted)


def relations_to(store: SqlStore, ids: Iterable[str]) -> dict[str, list[tuple[Relation, Document]]]:
    """For each id the relations that point at it, with the documents they come from."""
    wanted = set(ids)
    found = [r for r in store.relations_touching(wanted) if r.object_id in wanted]
    subjects = store.documents({relation.subject_id for relation in found})
    result: dict[str, list[tuple[Relation, Document]]] = {id: [] for id in wanted}
    for relation in found:
        if relation.object_id and relation.subject_id in subjects:
            result[relation.object_id].append((relation, subjects[relation.subject_id]))
    return result


def _entries(store: SqlStore, ids: Sequence[str]) -> Iterator[Entry]:
    wanted = dict.fromkeys(ids)
    for relation in store.relations_touching(ids):
        if relation.object_id:
            wanted.setdefault(relation.object_id)
    pointing = relations_to(store, wanted)
    names = list(wanted)
    for start in range(0, len(names), 100):
        chunk = names[start : start + 100]
        documents, editions = store.documents(chunk), store.editions_on(chunk)
        for name in chunk:
            if name in documents:
                yield _entry(documents[name], editions.get(name), pointing.get(name, []))


def _entry(
    document: Document, edition: Edition | None, relations: Iterable[tuple[Relation, Document]]
) -> Entry:
    from policylib.text.outline import Outline
    from policylib.workflow.validity import steps

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
        steps=tuple((_iso(s.start) or "", str(s.validity)) for s in steps(document, relations)),
        body=body,
        provisions=tuple(
            (provision.span[0], str(locator)) for locator, provision in outline.walk()
        ),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
