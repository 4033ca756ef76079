"""A tree under amendment (修改过程): new parts that wait for their numbers, and notes."""

from __future__ import annotations

from dataclasses import dataclass, field

from policylib.amending.numbering import Wanted
from policylib.amending.parts import Part
from policylib.amending.planning import HEADINGS, Plan
from policylib.amending.tree import Tree
from policylib.amending.values import Instruction
from policylib.text.locator import Level

__all__ = ["HEADINGS", "Work", "cause_of", "note_change", "numbers_of"]


@dataclass(slots=True)
class Work:
    """A tree under amendment: new parts that wait for their numbers, and notes for an editor."""

    tree: Tree
    wanted: list[tuple[Plan, Part | None, Level, Wanted]] = field(default_factory=list)
    changed: list[Part] = field(default_factory=list)  # parents whose children are to be counted
    merged: dict[int, Part] = field(default_factory=dict)
    renamed: list[tuple[Plan, Part, str]] = field(default_factory=list)  # once it is certain
    rebuilt: list[tuple[Plan, Part]] = field(default_factory=list)  # 章 with other articles
    moved: list[tuple[Plan, Part, Part]] = field(default_factory=list)  # and what keeps its place
    notes: list[str] = field(default_factory=list)


def cause_of(each: Instruction) -> str:
    """What runs of new text are marked with (改动缘由)."""
    return f"指令{each.span.start}"


def note_change(work: Work, parent: Part | None) -> None:
    """The children of a part are to be counted anew (待编号)."""
    if parent is not None and not any(each is parent for each in work.changed):
        work.changed.append(parent)


def numbers_of(each: Instruction) -> list[tuple[int, int]]:
    """The numbers that new provisions are to have (新序号): 条 and 之, ranges spelt out."""
    return [
        (number, place.steps[-1].suffix)
        for place in each.becomes
        for number in range(place.steps[-1].number, (place.upto or place.steps[-1].number) + 1)
    ]
