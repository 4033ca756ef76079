"""A machine of random acts (随机办理): whatever officers do in whatever order, the books are right.

``python -m tests.library.machine 10000`` runs so many sequences; the tests run a few.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from policylib import Act, Library, Refused, Role, Stage
from policylib.library.acting import Doing
from policylib.library.importing import import_documents
from policylib.model.ruleset import StepName
from policylib.workflow.transitions import TRANSITIONS
from policylib.workflow.validity import at

TODAY = date(2026, 3, 2)
WHO = ("赵强", "陈静", "王芳", "李明")
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31)) | st.sampled_from(
    (date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1), TODAY)
)
TERMS = st.sampled_from((None, "1年", "6个月", "2年", "30日"))
_EACH = 200  # sequences in one library


def _clock() -> datetime:
    return datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))


class _Office:
    """Libraries for the machine, a new one from time to time; whole ones are proved sound."""

    def __init__(self) -> None:
        self.count = 0
        self.folder = Path(tempfile.mkdtemp())
        self.library = Library.create(self.folder / "0", clock=_clock, rules="seed-meishan")

    def next(self) -> tuple[Library, int]:
        self.count += 1
        if self.count % _EACH == 0:
            self.prove()
            self.library = Library.create(
                self.folder / str(self.count), clock=_clock, rules="seed-meishan"
            )
        return self.library, self.count

    def prove(self) -> None:
        library = self.library
        assert library.verify() == ()
        library.run_due(within=timedelta(days=60))
        state = library.journal(limit=None)
        again = library.run_due(within=timedelta(days=60))
        assert (again.released, again.noticed) == ([], 0)
        assert library.journal(limit=None) == state
        assert library.verify() == ()
        library.close()

    def close(self) -> None:
        self.prove()
        shutil.rmtree(self.folder)


office: _Office | None = None


def _measure(number: int) -> tuple[dict[str, Any], ...]:
    return ({"id": f"m{number}", "title": "停车优惠", "subject": "person", "provision": "第一条",
             "condition": {"fact": "年龄", "at_least": "80周岁"}},)  # fmt: skip


class Machine(RuleBasedStateMachine):
    """One document with a companion decision, and whatever is done to it."""

    def __init__(self) -> None:
        super().__init__()
        assert office is not None
        self.library, number = office.next()
        self.id, self.decision = f"办法{number}", f"决定{number}"

    @initialize(term=TERMS, starts=DAYS | st.none(), ends=DAYS | st.none(), released=st.booleans())
    def begins(
        self, term: str | None, starts: date | None, ends: date | None, *, released: bool
    ) -> None:
        if ends and ends < max(starts or TODAY, TODAY):
            ends = None
        papers = Path(tempfile.mkdtemp(dir=office.folder if office else None))
        self._paper(papers, self.id, "青山县停车管理办法", effective_on=starts, expires_on=ends,
                    term=term, released_on=TODAY if released else None)  # fmt: skip
        self._paper(papers, self.decision, "青山县关于停车管理办法的决定", effective_on=starts,
                    released_on=TODAY)  # fmt: skip
        for name, out in ((self.id, released), (self.decision, True)):
            taken = import_documents(
                self.library._store(), [papers / f"{name}.md"], by="档案员", at=_clock,
                stage=Stage.RELEASED if out else Stage.DRAFTED, progress=None,
            )  # fmt: skip
            assert taken.refused == []
        shutil.rmtree(papers)

    @staticmethod
    def _paper(folder: Path, id: str, title: str, **fields: Any) -> None:
        given = {"id": id, "title": title, "issuers": ["青山县人民政府"], **fields}
        head = "".join(
            f"{key}: {json.dumps(value, ensure_ascii=False, default=str)}\n"
            for key, value in given.items()
            if value is not None
        )
        (folder / f"{id}.md").write_text(f"---\n{head}---\n第一条　停车应当有序。\n", "utf-8")

    @rule(
        row=st.sampled_from(TRANSITIONS),
        astray=st.booleans(),
        who=st.sampled_from(WHO),
        role=st.sampled_from(tuple(Role)),
        on=DAYS | st.none(),
        until=DAYS | st.none(),
        decided=st.booleans(),
        provision=st.sampled_from((None, "第一条")),
    )
    def somebody_acts(
        self, *, row: Any, who: str, role: Role, on: date | None, until: date | None,
        provision: str | None, astray: bool, decided: bool,
    ) -> None:  # fmt: skip
        before, events = self.library.document(self.id), self.library.history(self.id)
        editions = self.library.editions(self.id)
        stage_rows = [r for r in TRANSITIONS if r.start is before.stage]
        if not astray and stage_rows:  # mostly something that can be done here
            row = stage_rows[TRANSITIONS.index(row) % len(stage_rows)]
        act, role = row.act, role if astray else row.role
        texts = {Act.DRAFT, Act.REVISE, Act.AMEND, Act.CORRECT}
        doing = Doing(
            act, self.id, by=who, role=role, at=_clock(),
            note="会议", fields={"registration_number": "Q-1"} if act is Act.NUMBER else None,
            body=f"第一条　{len(events)}。" if act in texts else None,
            on=on if act not in texts - {Act.AMEND} else None,
            until=until if act in {Act.RENEW, Act.DECLARE_LAPSED} else None,
            provision=provision if act in {Act.SUSPEND, Act.RESUME, Act.PARTLY_REPEAL} else None,
            made_by=self.decision if decided and act not in texts - {Act.AMEND} else None,
            step=StepName.EXPERTS if act is Act.STEP else None,
            measures=_measure(len(events)) if act is Act.MEASURE else None,
        )  # fmt: skip
        try:
            after = self.library._acting().do(doing)
        except Refused as refusal:
            assert all(refusal.reasons)  # noqa: PT017 - refused or done, both are right
            assert self.library.document(self.id) == before
            assert self.library.history(self.id) == events
            assert self.library.editions(self.id) == editions
        else:
            assert any(
                (r.start, r.act, r.role, r.end) == (before.stage, act, role, after.stage)
                for r in TRANSITIONS
            )
            assert self.library.history(self.id)[:-1] == events

    @invariant()
    def the_journal_is_the_state(self) -> None:
        document, events = self.library.document(self.id), self.library.history(self.id)
        assert events[-1].stage is document.stage
        assert events[-1].detail["document_digest"] == document.digest
        assert all(event.is_intact() for event in events)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        holders = [e.actor for e in events if e.act is Act.SIGN]
        assert all(holders)

    @invariant()
    def validity_is_a_step_function_without_gaps(self) -> None:
        steps = self.library.steps(self.id)
        assert steps[0].start is None
        starts = [step.start for step in steps[1:]]
        assert all(starts)
        assert all(one < other for one, other in pairwise(starts))  # type: ignore[operator]
        for one, other in pairwise(steps):
            assert other.start is not None
            eve = other.start - timedelta(days=1)
            assert at(steps, eve) == one
            assert at(steps, other.start) == other
        assert at(steps, date.min) == steps[0]
        assert at(steps, date.max) == steps[-1]


def run(count: int) -> None:
    """Run so many random sequences."""
    global office  # noqa: PLW0603 - Hypothesis makes the machines itself
    office = _Office()
    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=count,
                stateful_step_count=12,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],
            ),
        )
        print(f"{office.count} sequences")  # noqa: T201 - run by hand
    finally:
        office.close()


if __name__ == "__main__":
    run(int(sys.argv[1]))
