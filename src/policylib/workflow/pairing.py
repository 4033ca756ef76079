"""What is released with what (配套公布): interpretations and consultations beside their policy.

Three rules, all in two tables: an interpretation is never released before its policy; a policy
that needs one is released together with it, or neither is; a consultation is released while its
policy is a draft, afterwards it would consult nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from policylib.model.document import Document, Header
from policylib.model.ruleset import RuleSet, StepName
from policylib.model.vocabulary import Act, DocumentType, OrganLevel, Role, Stage
from policylib.workflow.commands import command
from policylib.workflow.rules import procedure_for

__all__ = [
    "CONSULTATION",
    "INTERPRETATION",
    "Companion",
    "Pairing",
    "Standing",
    "may_release",
    "may_release_companion",
    "needs_interpretation",
]


class Standing(StrEnum):
    """Whether a companion may be released, as it and its policy stand (配套状态)."""

    NOW = "可以公布"
    TOGETHER = "与文件一并公布"
    UNSIGNED = "尚未签发"
    TOO_EARLY = "文件尚未签发"
    TOO_LATE = "文件已经公布"
    DONE = "已经公布"

    @property
    def allowed(self) -> bool:
        """Whether it may be released, by itself or with the policy."""
        return self in {Standing.NOW, Standing.TOGETHER}


Table = Mapping[tuple[Stage, Stage], Standing]


def _interpretation(policy: Stage, companion: Stage) -> Standing:
    if companion is Stage.RELEASED:
        return Standing.DONE
    if not companion.is_signed:
        return Standing.UNSIGNED
    if policy is Stage.RELEASED:
        return Standing.NOW
    return Standing.TOGETHER if policy.is_signed else Standing.TOO_EARLY


def _consultation(policy: Stage, companion: Stage) -> Standing:
    if companion is Stage.RELEASED:
        return Standing.DONE
    if policy is Stage.RELEASED:
        return Standing.TOO_LATE
    return Standing.NOW if companion.is_signed else Standing.UNSIGNED


#: Stage of the policy × stage of its interpretation.
INTERPRETATION: Table = {
    (policy, other): _interpretation(policy, other) for policy, other in product(Stage, Stage)
}

#: Stage of the policy × stage of the consultation on it.
CONSULTATION: Table = {
    (policy, other): _consultation(policy, other) for policy, other in product(Stage, Stage)
}

_TABLES = {
    DocumentType.INTERPRETATION: INTERPRETATION,
    DocumentType.CONSULTATION: CONSULTATION,
}


class Companion(NamedTuple):
    """An interpretation of a policy, with all (``others``) that it interprets besides."""

    document: Document
    others: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairing:
    """Whether a document may be released (配套公布决定): what goes with it, or why not (Chinese)."""

    together: tuple[Document, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it may be released."""
        return not self.reasons


def needs_interpretation(
    header: Header, ruleset: RuleSet, *, level: OrganLevel | None = None, on: date | None = None
) -> bool:
    """Whether a policy is released together with an interpretation only (需要解读).

    When its header says so, or its procedure has 解读 as a step that may block: required, and
    verified against the text it rests on.
    """
    if header.type is not DocumentType.POLICY:
        return False
    if header.needs_interpretation is True:
        return True
    found, presumed = procedure_for(header, ruleset, level=level, on=on)
    steps = found.steps if found and not presumed else ()
    return any(step.name is StepName.INTERPRETATION and step.may_block for step in steps)


def may_release(
    policy: Document,
    interpretations: Iterable[Companion] = (),
    *,
    required: bool,
    consultations: Iterable[Document] = (),
    on: date | None = None,
) -> Pairing:
    """Whether ``policy`` may be released on the day ``on`` as its companions stand; pure.

    Where an interpretation is ``required``, the signed ones go together with the policy, and there
    must be one, unless one is public already. A consultation that is still open refuses too.
    """
    reasons = [
        f"{_called(each)}征求意见到{each.closes_on}截止，文件不能在截止以前公布；请在截止后公布"
        for each in consultations
        if each.stage is Stage.RELEASED and on and each.closes_on and on <= each.closes_on
    ]
    if not required or policy.stage is Stage.RELEASED:
        return Pairing(reasons=tuple(reasons))
    companions = tuple(interpretations)
    stood = [(each, _stands(policy, each)) for each in companions]
    together = tuple(each.document for each, standing in stood if standing is Standing.TOGETHER)
    if not together and all(standing is not Standing.DONE for _, standing in stood):
        reasons.append(_none(policy))
        reasons += [_missing(policy, each, standing) for each, standing in stood]
    return Pairing(() if reasons else together, tuple(reasons))


def may_release_companion(companion: Document, policies: Iterable[Document]) -> Pairing:
    """Whether an interpretation or a consultation may be released by itself; pure.

    ``policies`` are those of its policies that are in the library; what is interpreted or
    consulted on elsewhere does not bind.
    """
    table = _TABLES.get(companion.type)
    if table is None:
        return Pairing()
    reasons = []
    for policy in policies:
        standing = table[policy.stage, companion.stage]
        if standing in {Standing.TOO_EARLY, Standing.TOGETHER}:
            reasons.append(
                f"所解读的{_called(policy)}还在“{policy.stage}”阶段，解读不能先于文件公布；"
                f"请先公布文件：{command(Act.RELEASE, policy.id, Role.PUBLISHER)}"
            )
        elif standing is Standing.TOO_LATE:
            reasons.append(
                f"征求意见的{_called(policy)}已经公布，不能再公开征求意见；"
                "事后补录的，请按已公布的文件导入（import --released）"
            )
    return Pairing(reasons=tuple(reasons))


def _stands(policy: Document, companion: Companion) -> Standing:
    standing = INTERPRETATION[policy.stage, companion.document.stage]
    if standing is Standing.TOGETHER and any(
        INTERPRETATION[other.stage, companion.document.stage] is not Standing.NOW
        for other in companion.others
        if other.id != policy.id
    ):
        return Standing.TOO_EARLY
    return standing


def _none(policy: Document) -> str:
    return (
        f"{_called(policy)}需要解读，应与解读一并公布，但没有已签发的解读；"
        "请起草解读（type: 政策解读，关系“解读”指向本文件）并办到签发，再公布本文件"
    )


def _missing(policy: Document, companion: Companion, standing: Standing) -> str:
    document = companion.document
    if standing is Standing.UNSIGNED:
        steps = ((Act.REVIEW, Role.REVIEWER), (Act.SIGN, Role.SIGNER))
        left = steps[1:] if document.stage is Stage.REVIEWED else steps
        commands = "；".join(command(act, document.id, role) for act, role in left)
        return f"解读{_called(document)}还在“{document.stage}”阶段，请先签发：{commands}"
    waiting = [each for each in (policy, *companion.others) if each.stage is not Stage.RELEASED]
    others = "、".join(_called(each) for each in waiting if each.id != policy.id)
    if others:
        return f"解读{_called(document)}同时解读{others}，该文件还没有公布，解读不能先于它公布"
    return f"解读{_called(document)}已签发，文件还没有签发，请先签发文件"


def _called(document: Document) -> str:
    return f"“{document.title}”（{document.id}）"
