"""A library as it is opened (开库): its address, clock, rules, and what is loaded when first needed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, Self

from policylib.errors import BackendError, NotFound, Refused
from policylib.library.address import Address

if TYPE_CHECKING:
    from policylib.library.acting import Acting
    from policylib.library.checking import Neighbourhood
    from policylib.library.clock import Clock
    from policylib.library.dossier import Dossier
    from policylib.library.indexing import Indexer
    from policylib.library.matchkeeping import Offered
    from policylib.library.office import Office
    from policylib.library.owning import Owning
    from policylib.library.pairing import Pairwise
    from policylib.library.reposts import Reposts
    from policylib.library.sources import Sources
    from policylib.model.document import Document
    from policylib.model.facts import Vocabulary
    from policylib.model.finding import Finding
    from policylib.model.ruleset import RuleSet
    from policylib.store.sql import SqlStore


__all__ = ["Core", "now", "who"]


def now() -> datetime:
    """The time now, with its zone."""
    return datetime.now().astimezone()


class Core:
    """What every part of :class:`policylib.Library` stands on."""

    def __init__(
        self,
        address: Address,
        *,
        clock: Callable[[], datetime] = now,
        segmenter: str | None = None,
        rules: str | PathLike[str] = "national-baseline",
        chain: str | None = None,
        vocabulary: Iterable[str | PathLike[str]] = (),
    ) -> None:
        self._address = address
        self._clock = clock
        self._segmenter = segmenter
        self._rules = rules
        self._chain = chain
        self._words = tuple(fspath(path) for path in vocabulary)
        self._lock = threading.RLock()
        self._opened_store: SqlStore | None = None
        self._opened_file: tuple[int, int] | None = None
        self._opened_index: Indexer | None = None
        self._loaded_rules: RuleSet | None = None
        self._loaded_words: Vocabulary | None = None
        self._offered: Offered | None = None
        self._beside: Sources | None = None

    @classmethod
    def open(
        cls,
        where: str | PathLike[str],
        *,
        index: str | PathLike[str] | None = None,
        clock: Callable[[], datetime] = now,
        segmenter: str | None = None,
        rules: str | PathLike[str] = "national-baseline",
        chain: str | None = None,
        vocabulary: Iterable[str | PathLike[str]] = (),
    ) -> Self:
        """Open the library in a folder or at a database URL.

        ``index`` is the private folder of the search index, by default inside the library's.
        ``segmenter`` is ``"jieba"`` or ``"rjieba"``; by default the faster one installed.
        ``rules`` is the rule-set (规则集) that procedures and deadlines come from: a shipped one
        or a file. ``chain`` names the approval chain (审核链) of all documents; by default the
        rule-set's for each document, else one reviewer and one signer. ``vocabulary`` are files
        of facts, codes and figures of one's own for matching (词表), added to the package's.

        Raises:
            NotFound: there is no library there; :meth:`create` makes one.

        """
        library = cls(
            Address.of(where, index),
            clock=clock,
            segmenter=segmenter,
            rules=rules,
            chain=chain,
            vocabulary=vocabulary,
        )
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

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database connections; the object must not be used afterwards."""
        with self._lock:
            if self._opened_store is not None:
                self._opened_store.close()
                self._opened_store = None

    # -- inside ----------------------------------------------------------------------------

    def _sources(self) -> Sources:
        from policylib.library.sources import Sources

        with self._lock:
            if self._beside is None:
                self._beside = Sources(self._address, self._today)
            return self._beside

    def _reposts(self) -> Reposts:
        from policylib.library.office import Office
        from policylib.library.reposts import Reposts

        own = Office(self._store(), self._ruleset(), self._chain)
        return Reposts(self._store(), self._sources(), own.steps, self._clock)

    def _owning(self) -> Owning:
        from policylib.library.owning import Owning
        from policylib.model.organ import AuthorityFile

        sources, organs = self._sources(), AuthorityFile(self._store().organs())
        return Owning(sources.registry(), sources.holdings(), organs, self._today())

    def _dossier(self, id: str, on: date | None) -> Dossier:
        from policylib.library.dossier import Dossier

        day = on or self._today()
        return Dossier.of(
            self._store(), id, on=day, ruleset=self._ruleset(), reposts=self._reposts()
        )

    def _ruleset(self) -> RuleSet:
        from policylib.files.rulesets import load_ruleset

        with self._lock:
            if self._loaded_rules is None:
                self._loaded_rules = load_ruleset(fspath(self._rules))
            return self._loaded_rules

    def _vocabulary(self) -> Vocabulary:
        from policylib.files.vocabulary import load_vocabulary

        with self._lock:
            if self._loaded_words is None:
                self._loaded_words = load_vocabulary(*self._words)
            return self._loaded_words

    def _rule_clock(self) -> Clock:
        from policylib.files.rulesets import load_calendar
        from policylib.library.clock import Clock

        return Clock(self._store(), self._ruleset(), load_calendar())

    def _office(self) -> Office:
        from policylib.library.office import Office

        return Office(self._store(), self._ruleset(), self._chain, self._reposts())

    def _acting(self) -> Acting:
        from policylib.library.acting import Acting

        owned = None if self._sources().is_bare() else self._owning().refuse
        return Acting(self._store(), self._findings_of, self._office(), owned)

    def _findings_of(
        self, document: Document, body: str, measures: Sequence[Mapping[str, Any]] = ()
    ) -> tuple[Finding, ...]:
        """Findings of a document as it would be, with the library around it."""
        from policylib.checks.table import run

        return run(self._around().case(document, body, measures))

    def _around(self, on: date | None = None) -> Neighbourhood:
        from policylib.library.checking import Neighbourhood

        return Neighbourhood(
            self._store(), on or self._today(), self._ruleset(), self._reposts(), self._vocabulary
        )

    def _pairwise(self) -> Pairwise:
        from policylib.library.pairing import Pairwise

        return Pairwise(self._store(), self._ruleset())

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
                    ruleset=self._ruleset,
                    rules=fspath(self._rules),
                    reposts=self._reposts,
                    sources=self._sources().mark,
                )
            return self._opened_index

    def _refresh(self, *, tidy: bool = False) -> None:
        """Index what was just recorded; a fault of the index is not one of the record."""
        with suppress(BackendError):  # the next search mends it, or says what is wrong
            self._index().catch_up()
            if tidy:
                self._index().tidy()

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


def who(by: str) -> str:
    """The officer's name, or a refusal."""
    name = by.strip()
    if not name:
        raise Refused("请写明经办人：--by 姓名")
    if len(name) > _NAME or not name.isprintable():
        raise Refused(f"经办人含有不可见字符或超过 {_NAME} 字，请填写姓名")
    return name
