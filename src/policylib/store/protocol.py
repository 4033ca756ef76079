"""What policylib asks of a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from os import PathLike
from typing import Protocol

from policylib.model.document import Document, Edition
from policylib.model.event import Change, Event, Record
from policylib.model.organ import Organ
from policylib.model.relation import Relation
from policylib.model.vocabulary import Act, DocumentType, RelationKind, Stage
from policylib.store.rows import Offered

__all__ = ["Store"]


class Store(Protocol):
    """A library of documents with its journal; :class:`~policylib.store.sql.SqlStore` is one.

    The methods are described there.
    """

    def close(self) -> None: ...  # noqa: D102
    def record(  # noqa: D102
        self, changes: Iterable[Change], resolved: Mapping[int, str] | None = None
    ) -> tuple[Event, ...]: ...
    def put_organs(  # noqa: D102
        self, organs: Iterable[Organ], record: Record, *, after: int | None = None
    ) -> Event: ...
    def verify(self) -> tuple[str, ...]: ...  # noqa: D102
    def backup(self, target: str | PathLike[str]) -> None: ...  # noqa: D102

    def document(self, id: str) -> Document: ...  # noqa: D102
    def documents(self, ids: Iterable[str]) -> dict[str, Document]: ...  # noqa: D102
    def iter_documents(self, batch: int = 500) -> Iterator[Document]: ...  # noqa: D102
    def list(  # noqa: D102
        self,
        stage: Stage | None = None,
        type: DocumentType | None = None,  # noqa: A002
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[Document, ...]: ...
    def count(  # noqa: D102
        self,
        stage: Stage | None = None,
        type: DocumentType | None = None,  # noqa: A002
    ) -> int: ...
    def find_number(self, key: str) -> tuple[Document, ...]: ...  # noqa: D102
    def find_index_number(self, index_number: str) -> Document | None: ...  # noqa: D102
    def find_title(self, title: str) -> tuple[Document, ...]: ...  # noqa: D102
    def title_holders(self, titles: Iterable[str]) -> dict[str, tuple[str, ...]]: ...  # noqa: D102
    def number_holders(self, keys: Iterable[str]) -> dict[str, tuple[str, ...]]: ...  # noqa: D102
    def snapshot(  # noqa: D102
        self, ids: Iterable[str]
    ) -> dict[str, tuple[Document, str | None]]: ...

    def edition(self, id: str, on: date | None = None) -> Edition | None: ...  # noqa: D102
    def editions_on(  # noqa: D102
        self, ids: Iterable[str], on: date | None = None
    ) -> dict[str, Edition]: ...
    def editions(self, id: str) -> tuple[Edition, ...]: ...  # noqa: D102
    def offering(self) -> tuple[str, ...]: ...  # noqa: D102
    def makers(self, ids: Iterable[str]) -> dict[str, frozenset[str]]: ...  # noqa: D102
    def offerings(self, ids: Iterable[str]) -> dict[str, tuple[Offered, ...]]: ...  # noqa: D102

    def documents_dated(  # noqa: D102
        self, windows: Mapping[str, tuple[date, date]]
    ) -> tuple[str, ...]: ...
    def next_edition_day(self, after: date) -> date | None: ...  # noqa: D102
    def editions_starting(self, first: date, last: date) -> tuple[str, ...]: ...  # noqa: D102

    def relations_of(self, id: str) -> tuple[Relation, ...]: ...  # noqa: D102
    def relations_to(self, id: str) -> tuple[Relation, ...]: ...  # noqa: D102
    def relations_touching(self, ids: Iterable[str]) -> tuple[Relation, ...]: ...  # noqa: D102
    def relations_around(  # noqa: D102
        self,
        ids: Iterable[str],
        *,
        kinds: Iterable[RelationKind] | None = None,
        each: int,
    ) -> tuple[Relation, ...]: ...
    def relations_at(  # noqa: D102
        self, ids: Iterable[str], without: Iterable[RelationKind] = ()
    ) -> dict[str, tuple[Relation, ...]]: ...
    def objects_of(  # noqa: D102
        self, ids: Iterable[str], without: Iterable[RelationKind] = ()
    ) -> tuple[str, ...]: ...
    def relations_naming(  # noqa: D102
        self, targets: Iterable[str], *, limit: int
    ) -> tuple[Relation, ...]: ...
    def unresolved(  # noqa: D102
        self, targets: Iterable[str] | None = None
    ) -> dict[int, Relation]: ...

    def head(self) -> int: ...  # noqa: D102
    def mark(self) -> tuple[int, str]: ...  # noqa: D102
    def digest_at(self, position: int) -> str: ...  # noqa: D102
    def events(self, id: str) -> tuple[Event, ...]: ...  # noqa: D102
    def newest_seq(self, id: str) -> int: ...  # noqa: D102
    def events_of(  # noqa: D102
        self, ids: Iterable[str], act: Act
    ) -> dict[str, tuple[Event, ...]]: ...
    def events_after(  # noqa: D102
        self, position: int, limit: int | None = 1000
    ) -> tuple[Event, ...]: ...
    def newest_events(  # noqa: D102
        self, limit: int | None, since: date | None = None
    ) -> tuple[Event, ...]: ...
    def changed_since(self, position: int) -> tuple[int, tuple[str, ...]]: ...  # noqa: D102
    def organs(self) -> tuple[Organ, ...]: ...  # noqa: D102
    def issuers(self) -> dict[str, date | None]: ...  # noqa: D102
