"""What is due in a library, and doing what is automatic (期限与自动办理)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from policylib.errors import Conflict, Refused
from policylib.library.acting import Acting
from policylib.library.indexing import relations_to
from policylib.model.document import Document
from policylib.model.event import Event
from policylib.model.finding import Finding
from policylib.model.organ import AuthorityFile
from policylib.model.relation import Relation
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import Act, RelationKind, Role, Stage
from policylib.store.sql import SqlStore
from policylib.text.workdays import WorkCalendar
from policylib.workflow.clock import Dossier, owed, windows
from policylib.workflow.due import Obligation, obligations
from policylib.workflow.validity import steps

__all__ = ["Clock", "ClockRun"]

_BATCH = 500
_TRIES = 5


@dataclass(slots=True)
class ClockRun:
    """What one run did (自动办理结果): ids released, notices entered, and what was refused."""

    released: list[str] = field(default_factory=list)
    noticed: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    overdue: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "released": self.released,
            "noticed": self.noticed,
            "refused": self.refused,
            "overdue": self.overdue,
        }


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one library under one rule-set."""

    store: SqlStore
    ruleset: RuleSet
    calendar: WorkCalendar

    def due(self, *, on: date, within: timedelta, back: timedelta) -> tuple[Obligation, ...]:
        """Open obligations due from ``on - back`` to ``on + within``, by day.

        Changes of validity that lie in the past are no longer due. What the journal says is done
        (办结) is left out.
        """
        found = list(self._open(on, within, back))
        done = {
            id: {event.detail.get("duty") for event in self.store.events(id) if _closes(event)}
            for id in {each.document for each in found if each.duty}
        }
        kept = [
            each for each in found if each.duty is None or str(each.duty) not in done[each.document]
        ]
        return tuple(sorted(kept, key=lambda each: (each.due_on, each.document, each.obligation)))

    def _open(self, on: date, within: timedelta, back: timedelta) -> Iterator[Obligation]:
        first = on - min(back, on - date.min)
        last = on + min(within, date.max - on)
        for dossier in self._dossiers(windows(self.ruleset, on=on, within=within, back=back)):
            yield from obligations([(dossier.document, dossier.steps)], on=on, within=within)
            for each in owed(dossier, self.ruleset, self.calendar, on=on):
                if first <= each.due_on <= last:
                    yield each

    def _dossiers(self, dates: dict[str, tuple[date, date]]) -> Iterator[Dossier]:
        ids = dict.fromkeys(self.store.documents_dated(dates))
        for relation in self.store.relations_touching(list(ids)):
            if relation.object_id:
                ids.setdefault(relation.object_id)
        organs = AuthorityFile(self.store.organs())
        names = list(ids)
        for start in range(0, len(names), _BATCH):
            chunk = names[start : start + _BATCH]
            pointing = relations_to(self.store, chunk)
            for id, document in self.store.documents(chunk).items():
                yield _dossier(document, pointing[id], organs)

    # -- doing -----------------------------------------------------------------------------

    def run(
        self,
        *,
        at: datetime,
        within: timedelta,
        back: timedelta,
        by: str,
        release: Callable[[Document, datetime, str], None],
    ) -> ClockRun:
        """Release what is signed for a day that has come, and enter each notice once.

        ``release`` does the act, with its gate. Safe to run again, to run twice
        at once, and to be killed: every entry is one transaction, made only when the journal does
        not have it yet.
        """
        done = ClockRun()
        on = at.date()
        for document in sorted(self.store.list(Stage.SIGNED), key=lambda each: each.id):
            if document.released_on is not None and document.released_on <= on:
                self._release(document, at, by, release, done)
        for each in self.due(on=on, within=within, back=back):
            done.overdue += each.state == "逾期"
            done.noticed += self._notice(each, at, by)
        return done

    def _release(
        self,
        document: Document,
        at: datetime,
        by: str,
        release: Callable[[Document, datetime, str], None],
        done: ClockRun,
    ) -> None:
        try:
            release(document, at, by)
            done.released.append(document.id)
        except Refused as error:
            if self.store.document(document.id).stage is Stage.SIGNED:
                done.refused.append({"document": document.id, "reasons": list(error.reasons)})
        except Conflict:
            pass  # another run, or an officer, was there first

    def _notice(self, each: Obligation, at: datetime, by: str) -> bool:
        """Enter a notice in the journal unless it is there; whether it was entered."""
        key = f"{each.obligation}|{each.due_on}"
        for _ in range(_TRIES):
            document = self.store.document(each.document)  # first: its version is the lock
            if any(
                event.act is Act.NOTICE and event.detail.get("notice") == key
                for event in self.store.events(each.document)
            ):
                return False
            detail = {"notice": key, "due_on": each.due_on.isoformat(), "rule": each.rule}
            try:
                Acting(self.store, _no_findings).enter(
                    Act.NOTICE, document, by=by, role=Role.ROBOT, note=each.obligation,
                    at=at, detail=detail,
                )  # fmt: skip
            except Conflict:
                continue
            except Refused:  # a draft owes nothing that could be noticed
                return False
            return True
        return False


def _no_findings(_document: Document, _body: str) -> tuple[Finding, ...]:
    return ()


def _closes(event: Event) -> bool:
    return event.act is Act.FULFIL


def _dossier(
    document: Document, relations: list[tuple[Relation, Document]], organs: AuthorityFile
) -> Dossier:
    issuer = organs.find(document.issuers[0]) if document.issuers else None
    kinds = {relation.kind for relation, subject in relations if subject.is_public}
    return Dossier(
        document=document,
        steps=steps(document, relations),
        answered=RelationKind.ANSWERS in kinds,
        interpreted=RelationKind.INTERPRETS in kinds,
        level=issuer.level if issuer else None,
    )
