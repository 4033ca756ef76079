"""All that the library knows of one document (卷宗), for staff or for the public, as it was at once.

The public's half: a released document's texts from its release on and as far as they have come into
force, the acts that changed what holds (公布, 修改, 废止) without names, notes and details, relations
with documents that are public too. Digests of events are left out there: who knows the rest of an event could try
names until its digest fits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from policylib.errors import Conflict, NotFound
from policylib.library.office import Office
from policylib.library.reposts import Reposts
from policylib.model.document import Document, Edition
from policylib.model.event import Event
from policylib.model.relation import Relation
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import Act, Validity
from policylib.reports.timeline import Timeline, released_edition, timeline
from policylib.store.sql import SqlStore
from policylib.workflow.deciding import DECIDED
from policylib.workflow.validity import Step, validity

__all__ = ["Audience", "Dossier"]

_ATTEMPTS = 10
#: Acts that made a text public or changed what is in force; all others are the office's own.
_PUBLIC_ACTS = frozenset({Act.IMPORT, Act.RELEASE, Act.CORRECT, Act.WITHDRAW, *DECIDED})


class Audience(StrEnum):
    """For whom a dossier is (范围)."""

    STAFF = "内部"
    PUBLIC = "公开"


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of one document on the day ``on``.

    ``others`` are the documents at the other ends of its relations, by id; ``mark`` is the
    journal's newest position and digest, at which all this was read.
    """

    audience: Audience
    on: date
    mark: tuple[int, str]
    document: Document
    editions: tuple[Edition, ...]
    events: tuple[Event, ...]
    relations: tuple[Relation, ...]
    others: Mapping[str, Document]
    steps: tuple[Step, ...]
    released_edition: int | None

    @classmethod
    def of(
        cls,
        store: SqlStore,
        id: str,
        *,
        on: date,
        ruleset: RuleSet,
        reposts: Reposts | None = None,
    ) -> Dossier:
        """All of it, for staff: one state of the library, whoever writes meanwhile.

        Raises:
            NotFound: there is no such document.
            Conflict: others wrote all the time.

        """
        for _ in range(_ATTEMPTS):
            mark = store.mark()
            dossier = cls._read(store, id, on, mark, Office(store, ruleset, reposts=reposts))
            if store.mark() == mark:
                return dossier
        raise Conflict("文件库正在大量写入，读到的内容前后不一致；请稍后重试")

    @classmethod
    def _read(
        cls, store: SqlStore, id: str, on: date, mark: tuple[int, str], office: Office
    ) -> Dossier:
        document = store.document(id)
        editions, events = store.editions(id), store.events(id)
        relations = store.relations_touching([id])
        ends = {end for r in relations for end in (r.subject_id, r.object_id) if end} - {id}
        return cls(
            audience=Audience.STAFF,
            on=on,
            mark=mark,
            document=document,
            editions=editions,
            events=events,
            relations=relations,
            others=store.documents(sorted(ends)),
            steps=office.steps(document),
            released_edition=released_edition(events, editions),
        )

    def public(self) -> Dossier:
        """What the public may see of it.

        Raises:
            NotFound: nothing; the message does not tell of a draft.

        """
        if not self.document.is_public or self.released_edition is None:
            raise NotFound(f"没有公开的文件“{self.document.id}”")
        first = self.released_edition
        others = {id: other for id, other in self.others.items() if other.is_public}

        def known(id: str | None) -> bool:
            return id is None or id == self.document.id or id in others

        return replace(
            self,
            audience=Audience.PUBLIC,
            editions=tuple(
                edition if known(edition.made_by) else edition.model_copy(update={"made_by": None})
                for edition in self.editions
                if edition.number == first
                or (edition.number > first and (edition.effective_on or self.on) <= self.on)
            ),
            events=tuple(event for event in self.events if event.act in _PUBLIC_ACTS),
            relations=tuple(
                relation.model_copy(update={"note": None})
                for relation in self.relations
                if known(relation.subject_id) and known(relation.object_id)
            ),
            others=others,
            steps=tuple(
                step if known(step.made_by) else replace(step, made_by=None) for step in self.steps
            ),
        )

    @property
    def validity(self) -> Validity:
        """Whether the document is in force on the dossier's day."""
        return validity(self.steps, self.on)

    def timeline(self) -> Timeline:
        """The document's life on one line."""
        found = timeline(
            self.document,
            on=self.on,
            validity=self.validity,
            events=self.events,
            editions=self.editions,
            steps=self.steps,
            relations=self.relations,
            others=self.others,
        )
        return found if self.audience is Audience.STAFF else found.anonymous()

    def header(self) -> dict[str, Any]:
        """The header with the id, and for staff stage and version."""
        hidden = set() if self.audience is Audience.STAFF else {"stage", "version"}
        return self.document.model_dump(mode="json", exclude=hidden, exclude_none=True)

    def journal(self) -> list[str]:
        """The document's events, a line of JSON each."""
        if self.audience is Audience.STAFF:
            return [event.line for event in self.events]
        return [_public_line(event) for event in self.events]


def _public_line(event: Event) -> str:
    fields = event.model_dump(mode="json", include={"document_id", "act", "at"})
    if day := event.detail.get("effective_on"):
        fields["effective_on"] = day
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
