"""Carrying out one instruction on the parts it was planned for (执行指令)."""

from __future__ import annotations

from policylib.amending.divisions import is_whole_division, rewriting_division
from policylib.amending.inserting import inserting
from policylib.amending.naming import renaming
from policylib.amending.parts import body_of
from policylib.amending.planning import Plan
from policylib.amending.replacing import replacing
from policylib.amending.restructuring import deleting, merging, moving, raising, splitting
from policylib.amending.values import Kind
from policylib.amending.work import Work

__all__ = ["operate"]


def operate(work: Work, planned: Plan) -> None:
    """Carry out one instruction on the parts it was planned for, or say why not."""
    kind = planned.instruction.kind
    if kind is Kind.REPLACE and is_whole_division(planned):
        planned.before = "\n".join(body_of(part.whole) for part in planned.parts)
        rewriting_division(work, planned)
        return
    action = {
        Kind.REPLACE: replacing,
        Kind.RENAME: renaming,
        Kind.DELETE: deleting,
        Kind.INSERT: inserting,
        Kind.MERGE: merging,
        Kind.SPLIT: splitting,
        Kind.MOVE: moving,
        Kind.RAISE: raising,
    }[kind]
    planned.before = planned.before or "\n".join(body_of(part.whole) for part in planned.parts)
    action(work, planned)
