"""What organs have to do in a library, and what the journal says of it (机关事项)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from policylib.errors import Conflict, NotFound, Refused
from policylib.files.documentfile import explain
from policylib.model.event import Event, Record
from policylib.model.organ import AuthorityFile
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import Act, Role, Stage
from policylib.store.sql import ORGANS, SqlStore
from policylib.workflow.due import Obligation
from policylib.workflow.standing import Desk, Done, meant

__all__ = ["OrganWork"]

_TRIES = 5


@dataclass(frozen=True, slots=True)
class OrganWork:
    """The organs of one library; what they have done stands in the journal under ``@organs``."""

    store: SqlStore

    def desks(self, organs: AuthorityFile) -> tuple[Desk, ...]:
        """The organs of the authority file that have released a 政策文件, by name."""
        if not len(organs):
            return ()
        days: dict[str, list[date | None]] = {}
        for name, day in self.store.issuers().items():
            if organs.find(name):
                days.setdefault(organs.official(name), []).append(day)
        return tuple(
            Desk(organ, min((day for day in days[organ.name] if day), default=None))
            for organ in sorted(organs, key=lambda each: each.name)
            if organ.name in days
        )

    def done(self) -> tuple[Done, ...]:
        """What organs have done, oldest first."""
        return tuple(_done(event) for event in self._entered(Act.FULFIL))

    def fulfil(
        self,
        name: str,
        duty: str,
        *,
        period: str | None,
        on: date,
        ruleset: RuleSet,
        by: str,
        note: str | None,
        at: datetime,
    ) -> str:
        """Enter that an organ has done a duty for a period on a day; returns the period.

        See :func:`policylib.workflow.standing.meant` for a period left out.

        Raises:
            NotFound: the authority file has no such organ.
            Refused: the organ does not owe the duty, it is done already, the day lies ahead.

        """
        organ = AuthorityFile(self.store.organs()).find(name)
        if organ is None:
            raise NotFound(f"机关名录中没有“{name}”，请核对名称，或先用 init --organs 登记名录")
        if on > at.date():
            raise Refused(f"办理日期{on}在今天之后，请核对")
        this = meant(organ, duty, period, ruleset, on=on)
        record = _record(
            Act.FULFIL, by=by, role=Role.PUBLISHER, note=note, at=at,
            detail={"organ": organ.name, "duty": str(this.duty), "period": this.period,
                    "on": on.isoformat()},
        )  # fmt: skip
        for _ in range(_TRIES):
            seen = self.store.newest_seq(ORGANS)  # first: it is the lock
            held = (
                each
                for each in self.done()
                if (each.organ, each.duty, each.period) == (organ.name, this.duty, this.period)
            )
            if any(each.on == on or not this.recurs for each in held):
                raise Refused(f"“{organ.name}”的“{duty}”（{this.period}）已登记办结，不必重复登记")
            try:
                self.store.put_organs((), record, after=seen)
            except Conflict:
                continue
            return this.period
        raise Conflict("机关事项正由多人同时登记，本次未登记，请重试")

    def notice(self, found: Iterable[Obligation], *, at: datetime, by: str) -> int:
        """Enter each notice that the journal does not have; how many were entered."""
        wanted = {f"{each.document}|{each.obligation}|{each.due_on}": each for each in found}
        count = tries = 0
        while tries < _TRIES and wanted:
            seen = self.store.newest_seq(ORGANS)  # first: it is the lock
            known = {event.detail.get("notice") for event in self._entered(Act.NOTICE)}
            wanted = {key: each for key, each in wanted.items() if key not in known}
            try:
                for key, each in wanted.items():
                    detail = {
                        "notice": key, "organ": each.document, "rule": each.rule,
                        "due_on": each.due_on.isoformat(),
                    }  # fmt: skip
                    record = _record(
                        Act.NOTICE, by=by, role=Role.ROBOT, note=each.obligation, at=at,
                        detail=detail,
                    )  # fmt: skip
                    seen = self.store.put_organs((), record, after=seen).seq
                    count += 1
            except Conflict:
                tries += 1
            else:
                break
        return count

    def _entered(self, act: Act) -> tuple[Event, ...]:
        return self.store.events_of([ORGANS], act).get(ORGANS, ())


def _record(
    act: Act, *, by: str, role: Role, note: str | None, at: datetime, detail: Mapping[str, Any]
) -> Record:
    try:
        return Record(
            document_id=ORGANS, act=act, actor=by, role=role, at=at, stage=Stage.RELEASED,
            note=note, detail=detail,
        )  # fmt: skip
    except ValidationError as error:  # a note too long
        raise Refused(explain(error)) from None


def _done(event: Event) -> Done:
    detail = event.detail
    return Done(
        organ=str(detail.get("organ")),
        duty=str(detail.get("duty")),
        period=str(detail.get("period")),
        on=date.fromisoformat(str(detail.get("on") or event.at.date())),
    )
