"""Which steps of its procedure a document has done, and which it lacks (程序环节): pure functions.

A step is done when the journal says so, or when what it leaves behind is there: a closed
consultation, released feedback, a registration number. What a verified rule demands blocks the acts
that come after it; everything else warns. Steps about the text (合法性审核, 集体审议 …) have to be
done again when the text is sent back or changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import Field

from policylib.model.document import Document, Value
from policylib.model.event import Event
from policylib.model.ruleset import ProcedureStep, RuleSet, StepName
from policylib.model.vocabulary import Act, DocumentClass, DocumentType, OrganLevel, Stage
from policylib.workflow.commands import ACTS, command
from policylib.workflow.rules import procedure_for
from policylib.workflow.transitions import role_of

__all__ = ["Left", "Progress", "Route", "in_the_way", "is_step", "progress", "step_of"]

#: Steps about the text: done again when it changes.
_OF_THE_TEXT = {
    StepName.FAIRNESS, StepName.LEGAL_REVIEW, StepName.SECRECY_REVIEW, StepName.DELIBERATION,
    StepName.REVIEW, StepName.SIGNING,
}  # fmt: skip
_CHANGES_THE_TEXT = {Act.RETURN, Act.REVISE}
_ORDER = {name: place for place, name in enumerate(StepName)}
#: Acts of which the step has the same name.
_ACT_OF = {name: act for name in StepName for act in ACTS.values() if name == str(act)}


@dataclass(frozen=True, slots=True)
class Left:
    """What steps leave behind in the library (环节留痕): released companions of a document."""

    consultations: tuple[Document, ...] = ()
    feedback: tuple[Document, ...] = ()
    interpretations: tuple[Document, ...] = ()


class Progress(Value):
    """How one step of a document stands (环节进度).

    ``blocks`` says that its absence stops the acts after it. ``shown_by`` tells in Chinese what
    shows that it is done.
    """

    step: Annotated[StepName, Field(title="环节")]
    done: Annotated[bool, Field(title="已办")]
    required: Annotated[bool, Field(title="必经")]
    blocks: Annotated[bool, Field(title="缺少时不予办理")]
    when: Annotated[str | None, Field(title="条件")] = None
    on: Annotated[date | None, Field(title="办理日期")] = None
    shown_by: Annotated[str | None, Field(title="凭据")] = None
    basis: Annotated[str, Field(title="依据")] = ""
    verified: Annotated[bool, Field(title="依据已核实")] = False
    command: Annotated[str, Field(title="办理命令")] = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of one document (办理路径); ``presumed`` when its class is only presumed."""

    document_class: DocumentClass
    steps: tuple[ProcedureStep, ...]
    presumed: bool = False

    @classmethod
    def of(
        cls,
        document: Document,
        ruleset: RuleSet,
        *,
        level: OrganLevel | None = None,
        on: date | None = None,
    ) -> Self:
        """The route of a document under a rule-set on a day."""
        found, presumed = procedure_for(document, ruleset, level=level, on=on)
        if found is None:
            return cls(DocumentClass.OTHER, ())
        return cls(found.document_class, found.steps, presumed)

    def blocks(self, step: ProcedureStep) -> bool:
        """Whether the absence of a step stops what comes after it."""
        return step.may_block and not self.presumed

    def before(self, name: StepName) -> tuple[ProcedureStep, ...]:
        """The steps that come before the step ``name``."""
        names = [step.name for step in self.steps]
        if name in names:
            return self.steps[: names.index(name)]
        later = (at for at, each in enumerate(names) if _ORDER[each] > _ORDER[name])
        return self.steps[: next(later, len(names))]


def step_of(event: Event) -> StepName | None:
    """The step that an event completes."""
    if event.act is Act.IMPORT:
        return StepName.RELEASE
    word = event.detail.get("step") if event.act is Act.STEP else str(event.act)
    return next((each for each in StepName if each == word), None)


def progress(
    document: Document, route: Route, events: Iterable[Event], left: Left = Left()
) -> tuple[Progress, ...]:
    """How each step of the route stands, in its order."""
    done = _done(document, events, left)
    return tuple(
        Progress(
            step=step.name,
            done=step.name in done,
            required=step.required,
            blocks=route.blocks(step),
            when=step.when,
            on=done[step.name][0] if step.name in done else None,
            shown_by=done[step.name][1] if step.name in done else None,
            basis="；".join(str(each) for each in step.basis),
            verified=step.verified,
            command=_command(step.name, document),
        )
        for step in route.steps
    )


def is_step(act: Act) -> bool:
    """Whether an act is itself a step of procedures, so that others may have to come before it."""
    return str(act) in set(StepName)


def in_the_way(
    act: Act, document: Document, route: Route, events: Iterable[Event], left: Left = Left()
) -> tuple[str, ...]:
    """Why ``act`` must wait (Chinese): the steps before it that block and are not done."""
    if not is_step(act):
        return ()
    name = StepName(str(act))
    done = _done(document, events, left)
    return tuple(
        f"{route.document_class}还没有办理“{step.name}”，不能{act}；依据：{_grounds(step)}；"
        f"请先办理：{_command(step.name, document)}"
        for step in route.before(name)
        if route.blocks(step) and step.name not in done
    )


def _done(
    document: Document, events: Iterable[Event], left: Left
) -> dict[StepName, tuple[date | None, str]]:
    """The steps that are done: when, and what shows it."""
    found: dict[StepName, tuple[date | None, str]] = {}
    for event in events:
        if event.act in _CHANGES_THE_TEXT:
            for name in _OF_THE_TEXT & found.keys():
                del found[name]
        if (completed := step_of(event)) is not None:
            found[completed] = (event.at.date(), f"{event.role} {event.actor}")
    for name, documents in (
        (StepName.CONSULTATION, left.consultations),
        (StepName.FEEDBACK, left.feedback),
        (StepName.INTERPRETATION, left.interpretations),
    ):
        for each in documents:
            found.setdefault(name, (each.closes_on or each.released_on, f"《{each.title}》"))
    if document.registration_number:
        found.setdefault(StepName.NUMBERING, (None, document.registration_number))
    heard = found.get(StepName.CONSULTATION) or found.get(StepName.HEARING)
    if heard:
        found.setdefault(StepName.PARTICIPATION, heard)
    if document.type is DocumentType.POLICY and document.stage not in {Stage.PROPOSED}:
        found.setdefault(StepName.DRAFTING, (None, "已有文稿"))
    return found


def _grounds(step: ProcedureStep) -> str:
    return "；".join(f"{each}“{each.quote}”" if each.quote else str(each) for each in step.basis)


def _command(name: StepName, document: Document) -> str:
    if name is StepName.INTERPRETATION:
        return f"policylib pairs {document.id}"
    if name is StepName.FILING:
        return f"policylib done {document.id} 备案期限 --by 姓名"
    act = _ACT_OF.get(name, Act.STEP)
    step = None if name in _ACT_OF else str(name)
    return command(act, document.id, role_of(act), step=step)
