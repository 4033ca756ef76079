"""Reposts and what they go back to (转载与来源): all they show is the authority's, for the day asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from policylib.errors import BackendError, ParseError
from policylib.model.vocabulary import Disclosure, DocumentType, RelationKind, Stage
from policylib.workflow.validity import Step, Why, foreseen

if TYPE_CHECKING:
    from policylib.library.sources import Sources
    from policylib.model.document import Document
    from policylib.samesource.holdings import Holding
    from policylib.samesource.manifest import Entry
    from policylib.store.sql import SqlStore

__all__ = ["Reposts", "Shown"]

#: Header fields that a repost shows as its source has them.
_SHOWN = ("title", "doc_number", "index_number", "issuers", "written_on", "effective_on")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a repost shows (转载所示): the document as its source has it, and its validity by days.

    ``notice`` says in Chinese why that may be out of date; ``None``: nothing to say.
    """

    document: Document
    steps: tuple[Step, ...]
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Reposts:
    """The reposts of a library; ``own`` gives the validity of its own documents."""

    store: SqlStore
    sources: Sources
    own: Callable[[Document], tuple[Step, ...]]
    now: Callable[[], datetime]

    def is_shown(self, document: Document) -> bool:
        """Whether a document shows what another one is: a repost that is public."""
        return document.type is DocumentType.REPOST and document.stage is Stage.RELEASED

    def held(self, document: Document) -> tuple[Holding, Entry] | None:
        """The manifest and the entry that a repost goes back to, if they were pulled."""
        holdings = self.sources.holdings()
        if not len(holdings):
            return None
        return holdings.source_of(document, self.store.relations_of(document.id))

    def shown(self, document: Document) -> Shown | None:
        """What a released repost shows; ``None``: it is none, or its source is not known.

        What was pulled and cannot be read is as if it had not been pulled; :meth:`notice` tells of it.
        """
        if not self.is_shown(document):
            return None
        with suppress(BackendError, ParseError):
            found = self.held(document)
            if found is not None:
                holding, entry = found
                return Shown(_as(document, entry), _steps(entry), holding.stale(self.now()))
        source = self._here(document)
        return Shown(_as(document, source), self.own(source)) if source else None

    def steps(self, document: Document) -> tuple[Step, ...] | None:
        """The validity of a repost over all days, as its source has it (:meth:`shown`)."""
        found = self.shown(document)
        return found.steps if found else None

    def notice(self, document: Document) -> str | None:
        """Why what a released repost shows may not be what holds (转载提示)."""
        if not self.is_shown(document):
            return None
        found = self.shown(document)
        if found is not None:
            return found.notice
        try:
            self.held(document)
        except (BackendError, ParseError) as error:
            return f"{error}；在此之前，时效性按本库登记计算，可能不准"
        return (
            "权威来源不在已拉取的清单中，时效性按本库登记计算，可能不准；"
            "请核对来源网址和文号，并运行 policylib sources pull"
        )

    def why(self, document: Document, on: date) -> Why | None:
        """Why a repost is what it is on a day; ``None``: its source is not known."""
        found = self.shown(document)
        if found is None:
            return None
        told = foreseen(found.steps, on)
        if not found.notice:
            return told
        return replace(told, next=f"{told.next}。提示：{found.notice}")

    def _here(self, document: Document) -> Document | None:
        """The source of a repost where this library has it."""
        kinds = (r for r in self.store.relations_of(document.id) if r.object_id)
        ids = [r.object_id for r in kinds if r.kind is RelationKind.REPOSTS and r.object_id]
        known = self.store.documents(ids) if ids else {}
        every = (known[id] for id in ids if id in known)
        return next((each for each in every if _was_public(each)), None)


def _was_public(document: Document) -> bool:
    """Whether the public could see a document at some time, and it is no repost itself."""
    open_to_all = document.disclosure in {None, Disclosure.PROACTIVE}
    released = document.stage in {Stage.RELEASED, Stage.WITHDRAWN}
    return document.type is not DocumentType.REPOST and open_to_all and released


def _as(document: Document, source: Document | Entry) -> Document:
    """A repost with the header of its source, as far as that has one."""
    said = {name: value for name in _SHOWN if (value := getattr(source, name))}
    return document.model_copy(update=said)


def _steps(entry: Entry) -> tuple[Step, ...]:
    """The validity of an entry over all days; who made a step is named in its reason."""
    days = sorted({turn.on for turn in entry.turns if turn.on} | {date.min})
    if entry.withdrawn is not None:
        days = [*(day for day in days if day < entry.withdrawn.on), entry.withdrawn.on]
    return tuple(
        Step(day if day > date.min else None, turn.validity, turn.reason, rule=turn.rule)
        for day in days
        for turn in [entry.turn(day)]
    )
