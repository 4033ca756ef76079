"""Whole annexes (附件): one gets other words, one is taken away, one is added behind the last."""

from __future__ import annotations

import re
from itertools import pairwise

from policylib.amending.numbering import labelled
from policylib.amending.parts import Part, Run, lead_of, trail_of
from policylib.amending.planning import Plan
from policylib.amending.work import Work, cause_of
from policylib.text.locator import Level

__all__ = ["are_last_annexes", "insert_annex", "note_mentions", "rewrite_annex", "unclear_annex"]

_LABEL = re.compile(r"附[件表][ \u3000]{0,2}[0-9０-９一二三四五六七八九十]{0,3}[：:]?[ \t\u3000]*")
_BARE = "附件"


def unclear_annex(part: Part) -> bool:
    """Whether a part is only the list 附件：1.… under a text, or an annex without words."""
    behind = part.raw.lstrip().removeprefix(part.label)
    listed = not part.number and behind[:1] in {"：", ":"}
    return listed or not part.whole.lstrip().removeprefix(part.label).strip()


def _annexes(work: Work) -> list[Part]:
    """The annexes of the text, those deleted not counted."""
    parts = work.tree.root.children
    return [p for p in parts if p.level is Level.ANNEX and not p.deleted and not unclear_annex(p)]


def are_last_annexes(work: Work, parts: list[Part]) -> bool:
    """Whether no annex behind these would need another number."""
    annexes = _annexes(work)
    last = annexes[len(annexes) - len(parts) :]
    return len(last) == len(parts) and {id(part) for part in last} == {id(part) for part in parts}


def note_mentions(work: Work, part: Part) -> None:
    """The list of annexes and 见附件2 in the text are not changed: that is said."""
    label = part.label
    for each in work.tree.root.walk():
        if each is part:
            continue
        if label in each.raw or (each.level is Level.ANNEX and unclear_annex(each)):
            work.notes.append(f"{label}有变动，正文或者附件清单仍提到附件，请核对")
            return


def rewrite_annex(work: Work, part: Part, lines: list[str], cause: str) -> None:
    """Give an annex other words; its label stays."""
    raw, whole = part.raw, part.whole
    at = raw.find(part.label) + len(part.label)
    while at < len(raw) and raw[at] in " \t\u3000：:\r\n":
        at += 1
    lines = _without_label(lines)
    old = [line for line in whole[at:].split("\n") if line.strip()]
    leads = [lead_of(line) for line in old[1:2]] or [""]
    gap = "\n\n" if "\n\n" in whole else "\n"
    text = lines[0]
    for before, line in pairwise(lines):
        row = before.startswith("|") and line.startswith("|")
        text += "\n" + line if row else gap + leads[0] + line
    if old and old[0].strip() != lines[0].strip():
        note_mentions(work, part)
    part.children = []
    part.edit(at, len(raw), text + trail_of(whole), cause)


def insert_annex(work: Work, planned: Plan) -> None:
    """Put a new annex behind the last (增加附件3)."""
    each, annexes = planned.instruction, _annexes(work)
    number, lines = each.becomes[0].steps[-1].number, _without_label(list(each.news))
    last = annexes[-1] if annexes else None
    follows = last.number + 1 if last and last.number else None if last else number
    if number != follows or (not annexes and number > 1):
        planned.fail("新增附件的序号与现有附件不相连，请核对")
        return
    like = last.label if last else _BARE
    label = labelled(like, number, 0) if last else f"{_BARE}{number or ''}"
    gap = work.tree.style.gap
    made = Part(Level.ANNEX, number, 0, label)
    made.was = (0, 0)
    made.runs = [Run(gap.join([label, *lines]) + gap, -1, cause_of(each))]
    work.tree.root.add(made, last.index() + 1 if last else None)
    planned.done.append(made)
    work.notes.append(f"已增加{label}，正文和附件清单没有改动，请核对")


def _without_label(lines: list[str]) -> list[str]:
    """The words of a quotation without the 附件3 that it begins with."""
    match = _LABEL.match(lines[0])
    if match is None:
        return lines
    rest = lines[0][match.end() :]
    return [rest, *lines[1:]] if rest else lines[1:] or lines
