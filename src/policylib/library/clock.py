"""What is due in a library, and doing what is automatic (期限与自动办理)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from policylib.errors import Conflict, Refused
from policylib.library.entering import enter
from policylib.library.organwork import OrganWork
from policylib.library.pointing import relations_to
from policylib.model.document import Document
from policylib.model.organ import AuthorityFile
from policylib.model.relation import Relation
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import Act, DocumentType, RelationKind, Role, Stage
from policylib.store.sql import SqlStore
from policylib.text.workdays import WorkCalendar
from policylib.workflow.clock import IDLE, Dossier, owed, windows
from policylib.workflow.due import Obligation, Span, obligations
from policylib.workflow.reckoning import Reckoning
from policylib.workflow.standing import standing
from policylib.workflow.validity import WITHOUT_EFFECT, steps

__all__ = ["Clock", "ClockRun"]

_log = logging.getLogger("policylib.due")

_BATCH = 500
_TRIES = 5
#: Who waits for whom: feedback for its consultation, an interpretation for its policy.
_TURN = (
    DocumentType.CONSULTATION,
    DocumentType.FEEDBACK,
    DocumentType.POLICY,
    DocumentType.REPOST,
    DocumentType.INTERPRETATION,
)


@dataclass(slots=True)
class ClockRun:
    """What one run did (自动办理结果): ids released, notices entered, and what was refused."""

    released: list[str] = field(default_factory=list)
    noticed: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    overdue: int = 0
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "released": self.released,
            "noticed": self.noticed,
            "refused": self.refused,
            "overdue": self.overdue,
            "seconds": round(self.seconds, 3),
        }

    @property
    def line(self) -> str:
        """One line for a log."""
        return (
            f"policylib due --run: released {len(self.released)}, notices {self.noticed}, "
            f"refused {len(self.refused)}, overdue {self.overdue}, {self.seconds:.1f} s"
        )


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one library under one rule-set."""

    store: SqlStore
    ruleset: RuleSet
    calendar: WorkCalendar

    def due(self, *, on: date, within: timedelta, back: timedelta) -> tuple[Obligation, ...]:
        """Open obligations due from ``on - back`` to ``on + within``, by day.

        Those of documents, and those of organs (:mod:`policylib.workflow.standing`), whose
        ``document`` is the organ's full name. Changes of validity that lie in the past are no
        longer due. What the journal says is done (办结) is left out.
        """
        span = Span.around(on, back=back, within=within)
        reckoning = Reckoning(self.ruleset, self.calendar, on=on)
        organs = AuthorityFile(self.store.organs())
        found = [*self._of_documents(span, reckoning, organs, on, within)]
        work = OrganWork(self.store)
        desks = work.desks(organs)
        done = work.done() if desks else ()
        found += standing(desks, done, self.ruleset, reckoning, span, on=on)
        return tuple(sorted(found, key=lambda each: (each.due_on, each.document, each.obligation)))

    def _of_documents(
        self,
        span: Span,
        reckoning: Reckoning,
        organs: AuthorityFile,
        on: date,
        within: timedelta,
    ) -> Iterator[Obligation]:
        reach, where = windows(self.ruleset, span, on=on)
        found: list[Obligation] = []
        for dossier in self._dossiers(where, reckoning, organs):
            found += obligations([(dossier.document, dossier.steps)], on=on, within=within)
            found += owed(dossier, reckoning, reach, span, on=on)
        fulfilled = self.store.events_of((each.document for each in found if each.duty), Act.FULFIL)
        done = {
            (id, event.detail.get("duty")) for id, events in fulfilled.items() for event in events
        }
        return (each for each in found if (each.document, each.duty) not in done)

    def _dossiers(
        self, where: Iterable[tuple[str, Span]], reckoning: Reckoning, organs: AuthorityFile
    ) -> Iterator[Dossier]:
        ids: set[str] = set()
        for name, span in where:
            ids.update(self.store.documents_dated({name: (span.first, span.last)}))
        names = sorted(ids.union(self.store.objects_of(ids, WITHOUT_EFFECT)))
        for start in range(0, len(names), _BATCH):
            chunk = names[start : start + _BATCH]
            pointing = relations_to(self.store, chunk, without=IDLE)
            for id, document in self.store.documents(chunk).items():
                yield _dossier(document, pointing[id], organs, reckoning)

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
        done, begun = ClockRun(), time.perf_counter()
        self._release_all(at, by, release, done)
        found = self.due(on=at.date(), within=within, back=back)
        done.overdue = sum(each.state == "逾期" for each in found)
        done.noticed = self._notice_all(found, at, by)
        done.seconds = time.perf_counter() - begun
        _log.info(done.line, extra={"policylib_run": done.as_dict()})
        return done

    def _release_all(
        self,
        at: datetime,
        by: str,
        release: Callable[[Document, datetime, str], None],
        done: ClockRun,
    ) -> None:
        """Release what is signed, each after what it waits for; what is refused is tried again.

        Every round but the last releases something, so there is an end.
        """
        signed = [each for stage in Stage if stage.is_signed for each in self.store.list(stage)]
        waiting = sorted(
            (each for each in signed if each.released_on and each.released_on <= at.date()),
            key=lambda each: (_TURN.index(each.type), each.id),
        )
        while waiting:
            before = len(done.released)
            refused = {each.id: self._release(each, at, by, release, done) for each in waiting}
            waiting = [each for each in waiting if refused[each.id]]
            if len(done.released) == before:
                done.refused += [
                    {"document": each.id, "reasons": refused[each.id]} for each in waiting
                ]
                return

    def _release(
        self,
        document: Document,
        at: datetime,
        by: str,
        release: Callable[[Document, datetime, str], None],
        done: ClockRun,
    ) -> list[str]:
        """Why a document was not released though it still waits for that."""
        try:
            release(document, at, by)
            done.released.append(document.id)
        except Refused as error:
            if self.store.document(document.id).stage.is_signed:
                return list(error.reasons)
        except Conflict:
            pass  # another run, or an officer, was there first
        return []

    def _notice_all(self, found: Iterable[Obligation], at: datetime, by: str) -> int:
        """Enter each notice that the journal does not have; how many were entered."""
        of_organs = [each for each in found if each.period is not None]
        of_documents = [each for each in found if each.period is None]
        count = OrganWork(self.store).notice(of_organs, at=at, by=by)
        known = self._noticed(each.document for each in of_documents)
        fresh = [each for each in of_documents if (each.document, _key(each)) not in known]
        return count + sum(self._notice(each, at, by) for each in fresh)

    def _noticed(self, ids: Iterable[str]) -> set[tuple[str, object]]:
        entered = self.store.events_of(ids, Act.NOTICE)
        return {
            (id, event.detail.get("notice")) for id, events in entered.items() for event in events
        }

    def _notice(self, each: Obligation, at: datetime, by: str) -> bool:
        """Enter a notice in the journal unless it is there; whether it was entered."""
        key = _key(each)
        detail = {"notice": key, "due_on": each.due_on.isoformat(), "rule": each.rule}
        for _ in range(_TRIES):
            document = self.store.document(each.document)  # first: its version is the lock
            if (each.document, key) in self._noticed([each.document]):
                return False
            try:
                enter(
                    self.store, Act.NOTICE, document, by=by, role=Role.ROBOT, note=each.obligation,
                    at=at, detail=detail,
                )  # fmt: skip
            except Conflict:
                continue
            except Refused:  # a draft owes nothing that could be noticed
                return False
            return True
        return False


def _key(each: Obligation) -> str:
    return f"{each.obligation}|{each.due_on}"


def _dossier(
    document: Document,
    relations: list[tuple[Relation, Document]],
    organs: AuthorityFile,
    reckoning: Reckoning,
) -> Dossier:
    level = organs.level_of(document.issuers)
    kinds = {relation.kind for relation, subject in relations if subject.is_public}
    return Dossier(
        document=document,
        steps=steps(document, relations, default=reckoning.default_term(document, level)),
        answered=RelationKind.ANSWERS in kinds,
        interpreted=RelationKind.INTERPRETS in kinds,
        level=level,
    )
