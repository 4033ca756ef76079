"""The 目录 of a text (目录): it follows new, deleted and renumbered 章 where it lists all of them."""

from __future__ import annotations

from typing import NamedTuple

from policylib.amending.numbering import labelled
from policylib.amending.parts import Part, lead_of
from policylib.amending.tree import Tree
from policylib.amending.work import Work
from policylib.text.locator import Level
from policylib.text.marks import read_mark

__all__ = ["DIVISIONS", "follow_contents"]

DIVISIONS = (Level.PART, Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION)
_CAUSE = "目录"


class _Entry(NamedTuple):
    """One line of a 目录: its level and number, and where its words begin."""

    line: str
    level: Level
    number: tuple[int, int]
    words: str


def follow_contents(work: Work) -> None:
    """Write the 目录 anew; where it does not list what the text has, say so and leave it."""
    divisions = [part for part in work.tree.parts if part.level in DIVISIONS and part.was[0]]
    fresh = [part for part in work.tree.root.walk() if part.level in DIVISIONS and not part.was[0]]
    if not fresh and not any(_moved(part) for part in divisions):
        return
    for contents in work.tree.of(Level.CONTENTS):
        if not _rewritten(work.tree, contents, divisions):
            work.notes.append("章节有增删或者改序，目录没有改动，请核对")


def _moved(part: Part) -> bool:
    return part.deleted or (part.number, part.suffix) != part.was


def _rewritten(tree: Tree, contents: Part, divisions: list[Part]) -> bool:
    head, entries, tail = _read(contents.raw)
    levels = {entry.level for entry in entries}
    listed = [part for part in divisions if part.level in levels]
    old = [(part.level, part.was) for part in listed]
    if not entries or old != [(entry.level, entry.number) for entry in entries]:
        return False
    of = {id(part): entry for part, entry in zip(listed, entries, strict=True)}
    lines: list[str] = []
    for part in tree.root.walk():
        if part.level in levels:
            like = of.get(id(part)) or next(e for e in entries if e.level is part.level)
            lines.append(_line(part, like, own=id(part) in of))
    gap = tree.style.gap if "\n\n" in contents.raw.strip() else "\n"
    gap = gap if gap.strip("\r\n") == "" else "\n"
    contents.edit(0, len(contents.raw), head + gap.join(lines) + tail, _CAUSE)
    return True


def _read(raw: str) -> tuple[str, list[_Entry], str]:
    """The words above the first entry, the entries, and the white space behind the last."""
    entries: list[_Entry] = []
    head = at = end = 0
    for line in raw.splitlines(keepends=True):
        bare = line.strip()
        mark = read_mark(bare) if bare else None
        if mark and mark.level in DIVISIONS:
            head = head if entries else at
            words = bare[mark.end :].strip()
            entries.append(_Entry(line.rstrip(), mark.level, (mark.number, mark.suffix), words))
            end = at + len(line.rstrip())
        elif bare and entries:
            return raw, [], ""
        at += len(line)
    return raw[:head], entries, raw[end:]


def _line(part: Part, like: _Entry, *, own: bool) -> str:
    lead, bare = lead_of(like.line), like.line.strip()
    mark = read_mark(bare)
    label = bare[: mark.end].rstrip() if mark else part.label
    between = bare[len(label) : len(bare) - len(like.words)] if like.words else " "
    number = labelled(label, part.number, part.suffix)
    return lead + number + between + (like.words if own else part.heading)
