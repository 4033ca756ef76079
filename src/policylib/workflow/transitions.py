"""The transitions table and the pure decision (办理流程): 起草 → 审核 → 签发 → 公布 → 修改 / 废止.

Stages name the last step completed, so 审核 before 签发 before 公布 (先审查、后发布) is the shape of
the table itself. A rule is a row; the diagram in ``docs/lifecycle.md`` is printed from the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policylib.model.document import Document
from policylib.model.finding import Finding
from policylib.model.vocabulary import Act, Role, Severity, Stage

__all__ = ["TRANSITIONS", "Decision", "Transition", "acts_from", "decide", "diagram"]


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


TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, Act.DRAFT, Role.DRAFTER, Stage.DRAFTED),
    Transition(None, Act.IMPORT, Role.IMPORTER, Stage.RELEASED),
    Transition(Stage.DRAFTED, Act.REVISE, Role.DRAFTER, Stage.DRAFTED),
    Transition(Stage.DRAFTED, Act.REVIEW, Role.REVIEWER, Stage.REVIEWED),
    Transition(Stage.REVIEWED, Act.RETURN, Role.REVIEWER, Stage.DRAFTED),
    Transition(Stage.REVIEWED, Act.RETURN, Role.SIGNER, Stage.DRAFTED),
    Transition(Stage.REVIEWED, Act.SIGN, Role.SIGNER, Stage.SIGNED),
    Transition(Stage.SIGNED, Act.RETURN, Role.SIGNER, Stage.DRAFTED),
    Transition(Stage.SIGNED, Act.RELEASE, Role.PUBLISHER, Stage.RELEASED, gated=True),
    Transition(Stage.SIGNED, Act.RELEASE, Role.ROBOT, Stage.RELEASED, gated=True),
    Transition(Stage.SIGNED, Act.NOTICE, Role.ROBOT, Stage.SIGNED),
    Transition(Stage.RELEASED, Act.NOTICE, Role.ROBOT, Stage.RELEASED),
    Transition(Stage.RELEASED, Act.FULFIL, Role.PUBLISHER, Stage.RELEASED),
    Transition(Stage.RELEASED, Act.AMEND, Role.PUBLISHER, Stage.RELEASED),
    Transition(Stage.RELEASED, Act.REPEAL, Role.PUBLISHER, Stage.RELEASED),
)


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


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    rows = [f"    {r.start or '[*]'} --> {r.end}: {r.act}（{r.role}）" for r in TRANSITIONS]
    return "\n".join(["stateDiagram-v2", *rows]) + "\n"
