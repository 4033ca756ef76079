"""Decisions on amendments (修改决定): read as instructions, and applied to a base text."""

from policylib.amending.applying import amend
from policylib.amending.reading import parse_decision
from policylib.amending.values import (
    Amended,
    Applied,
    Decision,
    Edit,
    Instruction,
    Kind,
    NotUnderstood,
    Place,
    PlaceStep,
    Unapplied,
)

__all__ = [
    "Amended",
    "Applied",
    "Decision",
    "Edit",
    "Instruction",
    "Kind",
    "NotUnderstood",
    "Place",
    "PlaceStep",
    "Unapplied",
    "amend",
    "parse_decision",
]
