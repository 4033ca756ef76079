"""Questions to the search index about documents (索引查询): asked again when it had to be built anew."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import TypeVar

from policylib.errors import BackendError
from policylib.library.indexing import Indexer
from policylib.search.engine import Engine
from policylib.search.entry import Entry
from policylib.search.similar import Alike

__all__ = ["Index"]

T = TypeVar("T")


class Index:
    """A fresh index for the span of one call; see :class:`~policylib.search.engine.Engine`."""

    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._engine: Engine | None = None

    def similar(
        self, id: str, *, on: date, limit: int, staff: bool, without: Collection[str]
    ) -> tuple[Alike, ...]:
        """The documents most like one (相似文件)."""
        return self._ask(
            lambda engine: engine.similar(id, on=on, limit=limit, staff=staff, without=without)
        )

    def titled(self, words: Collection[str], *, staff: bool) -> tuple[Entry, ...]:
        """The documents whose titles hold all of ``words``."""
        return self._ask(lambda engine: engine.titled(words, staff=staff))

    def validity(self, ids: Collection[str], on: date) -> dict[str, str]:
        """The 时效性 of documents on a day, of those that the index has."""
        return self._ask(lambda engine: engine.validity(ids, on))

    def _ask(self, question: Callable[[Engine], T]) -> T:
        try:
            self._engine = self._engine or self._indexer.fresh()
            return question(self._engine)
        except BackendError:
            self._indexer.rebuild()
            self._engine = self._indexer.fresh()
            return question(self._engine)
