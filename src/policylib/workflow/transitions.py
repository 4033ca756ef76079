"""The transitions table and the pure decision (办理流程): 立项 → 起草 → … → 签发 → 公布 → 修改 / 废止.

Stages name the last step completed, so 审核 before 签发 before 公布 (先审查、后发布) is the shape of
the table itself. A rule is a row; the diagram in ``docs/lifecycle.md`` is printed from the rows.
Which steps a document may not leave out is for its procedure (:mod:`.procedure`), who may hold a
level of review for its chain (:mod:`.chain`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policylib.model.document import Document
from policylib.model.finding import Finding
from policylib.model.vocabulary import Act, Role, Severity, Stage
from policylib.workflow.deciding import DECIDED

__all__ = ["TRANSITIONS", "Decision", "Transition", "acts_from", "decide", "diagram", "role_of"]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: in stage ``start``, ``role`` may do ``act``, which leads to stage ``end``.

    ``start`` is ``None`` for a document that is not in the library yet. ``gated`` acts need a
    document without error findings.
    """

    start: Stage | None
    act: Act
    role: Role
    end: Stage
    gated: bool = False


#: While the text is written; it may change.
_WRITING = (Stage.DRAFTED, Stage.CONSULTED, Stage.ANSWERED)
#: Checked as to law and secrecy, and decided on; the text stands.
_CHECKED = (Stage.LEGALLY_REVIEWED, Stage.SECRECY_REVIEWED, Stage.DELIBERATED)
_SIGNED = (Stage.SIGNED, Stage.NUMBERED)


def _rows() -> Iterator[Transition]:
    yield Transition(None, Act.PROPOSE, Role.DRAFTER, Stage.PROPOSED)
    yield Transition(None, Act.DRAFT, Role.DRAFTER, Stage.DRAFTED)
    yield Transition(None, Act.IMPORT, Role.IMPORTER, Stage.RELEASED)
    yield Transition(Stage.PROPOSED, Act.DRAFT, Role.DRAFTER, Stage.DRAFTED)
    for stage in _WRITING:
        yield Transition(stage, Act.REVISE, Role.DRAFTER, stage)
    for stage in _WRITING:
        yield Transition(stage, Act.CONSULT, Role.DRAFTER, Stage.CONSULTED)
    yield Transition(Stage.CONSULTED, Act.ANSWER, Role.DRAFTER, Stage.ANSWERED)
    for act, role, end in (
        (Act.LEGAL_REVIEW, Role.LEGAL_REVIEWER, Stage.LEGALLY_REVIEWED),
        (Act.SECRECY_REVIEW, Role.SECRECY_REVIEWER, Stage.SECRECY_REVIEWED),
        (Act.DELIBERATE, Role.DRAFTER, Stage.DELIBERATED),
    ):
        for stage in (*_WRITING, *_CHECKED):
            if stage is not end:
                yield Transition(stage, act, role, end)
    for stage in (*_WRITING, *_CHECKED, Stage.REVIEWED):
        yield Transition(stage, Act.REVIEW, Role.REVIEWER, Stage.REVIEWED)
    yield Transition(Stage.REVIEWED, Act.SIGN, Role.SIGNER, Stage.SIGNED)
    yield Transition(Stage.SIGNED, Act.NUMBER, Role.REGISTRAR, Stage.NUMBERED)
    for stage in (Stage.PROPOSED, *_WRITING, *_CHECKED, Stage.REVIEWED, *_SIGNED, Stage.RELEASED):
        yield Transition(stage, Act.STEP, Role.DRAFTER, stage)
    for stage in (Stage.DRAFTED, *_WRITING[1:], *_CHECKED, Stage.REVIEWED, *_SIGNED):
        yield Transition(stage, Act.CONFIRM, Role.DRAFTER, stage)
        yield Transition(stage, Act.REJECT, Role.DRAFTER, stage)
        yield Transition(stage, Act.RETRACT, Role.DRAFTER, stage)
        yield Transition(stage, Act.MEASURE, Role.DRAFTER, stage, gated=True)
    yield Transition(Stage.RELEASED, Act.CONFIRM, Role.PUBLISHER, Stage.RELEASED)
    yield Transition(Stage.RELEASED, Act.REJECT, Role.PUBLISHER, Stage.RELEASED)
    yield Transition(Stage.RELEASED, Act.RETRACT, Role.PUBLISHER, Stage.RELEASED)
    yield Transition(Stage.RELEASED, Act.MEASURE, Role.PUBLISHER, Stage.RELEASED, gated=True)
    for stage, roles in (
        (Stage.LEGALLY_REVIEWED, (Role.LEGAL_REVIEWER, Role.REVIEWER)),
        (Stage.SECRECY_REVIEWED, (Role.SECRECY_REVIEWER, Role.REVIEWER)),
        (Stage.DELIBERATED, (Role.REVIEWER,)),
        (Stage.REVIEWED, (Role.REVIEWER, Role.SIGNER)),
        (Stage.SIGNED, (Role.SIGNER,)),
        (Stage.NUMBERED, (Role.SIGNER,)),
        (Stage.WITHDRAWN, (Role.SIGNER,)),
    ):
        for role in roles:
            yield Transition(stage, Act.RETURN, role, Stage.DRAFTED)
    for stage in _SIGNED:
        yield Transition(stage, Act.RELEASE, Role.PUBLISHER, Stage.RELEASED, gated=True)
        yield Transition(stage, Act.RELEASE, Role.ROBOT, Stage.RELEASED, gated=True)
        yield Transition(stage, Act.NOTICE, Role.ROBOT, stage)
    yield Transition(Stage.RELEASED, Act.NOTICE, Role.ROBOT, Stage.RELEASED)
    yield Transition(Stage.RELEASED, Act.FULFIL, Role.PUBLISHER, Stage.RELEASED)
    yield Transition(Stage.RELEASED, Act.CORRECT, Role.PUBLISHER, Stage.RELEASED, gated=True)
    yield Transition(Stage.RELEASED, Act.WITHDRAW, Role.PUBLISHER, Stage.WITHDRAWN)
    for act in DECIDED:
        yield Transition(Stage.RELEASED, act, Role.PUBLISHER, Stage.RELEASED)


TRANSITIONS: tuple[Transition, ...] = tuple(_rows())


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an act may be done: the stage it leads to, or the reasons against it (Chinese)."""

    stage: Stage | None
    reasons: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the act may be done."""
        return not self.reasons


def acts_from(stage: Stage | None) -> tuple[Act, ...]:
    """The acts possible in ``stage``, in the table's order."""
    return tuple(dict.fromkeys(row.act for row in TRANSITIONS if row.start is stage))


def role_of(act: Act) -> Role:
    """The role that usually does an act: that of its first row."""
    return next(row.role for row in TRANSITIONS if row.act is act)


def decide(
    document: Document | None, act: Act, *, role: Role, findings: Iterable[Finding] = ()
) -> Decision:
    """Whether ``role`` may do ``act`` to ``document``; pure, from the table and the findings.

    ``document`` is ``None`` when there is none yet. ``findings`` are those of the document as it
    would be after the act; errors among them refuse a gated act.
    """
    start = document.stage if document else None
    rows = [row for row in TRANSITIONS if row.start is start and row.act is act]
    if not rows:
        possible = "、".join(acts_from(start)) or "无"
        where = f"文件处于“{start}”阶段" if start else "库中没有这份文件"
        return Decision(None, (f"{where}，不能办理“{act}”；现在可以办理：{possible}",))
    fitting = [row for row in rows if row.role is role]
    if not fitting:
        who = "、".join(row.role for row in rows)
        return Decision(None, (f"“{act}”应由{who}办理，当前角色是{role}",))
    row = fitting[0]
    if row.gated:
        errors = tuple(
            f"{f.code} {f.message}（{f.fix}）" for f in findings if f.severity is Severity.ERROR
        )
        if errors:
            return Decision(None, errors)
    return Decision(row.end)


def diagram(rows: Iterable[Transition] = TRANSITIONS) -> str:
    """Rows of the table as a Mermaid state diagram; one arrow for all roles of an act."""
    arrows: dict[tuple[Stage | None, Stage, Act], list[str]] = {}
    for row in rows:
        arrows.setdefault((row.start, row.end, row.act), []).append(row.role)
    lines = [
        f"    {start or '[*]'} --> {end}: {act}（{'、'.join(roles)}）"
        for (start, end, act), roles in arrows.items()
    ]
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"
