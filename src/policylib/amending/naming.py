"""New names (改名): of a document, a 章, or a numbered part."""

from __future__ import annotations

import re

from policylib.amending.parts import Part
from policylib.amending.planning import Plan
from policylib.amending.work import Work, cause_of
from policylib.text.locator import Level
from policylib.text.marks import read_mark

__all__ = ["renaming", "retitle"]


def renaming(work: Work, planned: Plan) -> None:
    """Give the document, a 章 or a numbered part another name (改名)."""
    each = planned.instruction
    part = planned.parts[0]
    new = each.news[0]
    if part.level is Level.TITLE:
        _rename_title(planned, part, new)
        return
    if not part.heading:
        planned.fail(f"{part.old}没有标题")
        return
    if each.olds:
        old = each.olds[0].strip()
        mark = read_mark(old) if old else None
        bare = old[mark.end :] if mark and mark.level is part.level else old
        if "".join(bare.split()) not in "".join(part.heading.split()):
            planned.fail(f"{part.old}的标题中没有“{old[:40]}”，请核对")
            return
        if bare in part.heading and bare != part.heading:
            mark = read_mark(new) if new else None
            new = part.heading.replace(bare, new[mark.end :] if mark else new)
        if not new.strip():
            planned.fail(f"{part.old}的标题只有“{old[:40]}”，不能删去")
            return
    mark = read_mark(new) if new else None
    if mark and mark.level is part.level and (mark.number, mark.suffix) != part.was:
        planned.fail("引用的序号与标题所在部分不一致")
        return
    planned.before = part.heading
    retitle(work, part, new, cause_of(each))
    planned.done.append(part)


def retitle(work: Work, part: Part, new: str, cause: str) -> None:
    """Give a division another heading, in its own line and in the 目录."""
    mark = read_mark(new) if new else None
    words = new[mark.end :] if mark and mark.level is part.level else new
    raw, old = part.raw, part.heading
    at = raw.find(old, max(raw.find(part.label), 0) + len(part.label)) if old else -1
    if at < 0:
        at = raw.find(part.label) + len(part.label)
        while at < len(raw) and raw[at] in " \t\u3000*_":
            at += 1
        old = raw[at:].split("\n", 1)[0].rstrip("*_ \t\r")
    part.edit(at, at + len(old), words, cause)
    for contents in work.tree.of(Level.CONTENTS):
        line = re.compile(
            rf"{re.escape(part.label)}[ \t\u3000]{{0,8}}(?P<h>{re.escape(old)})[ \t\u3000]{{0,40}}(?=\r?\n|\Z)"
        )
        found = line.search(contents.raw)
        if found and old:
            contents.edit(*found.span("h"), words, cause)


def _rename_title(planned: Plan, part: Part, new: str) -> None:
    raw = part.raw
    lines = [line.strip(" \t\u3000#*\r") for line in raw.split("\n")]
    words = [line for line in lines if line]
    title = planned.instruction.document
    joined = "".join(words)
    if len(words) != 1 and not (title and _folded(joined) == _folded(title)):
        planned.fail("标题不止一行，请人工修改名称")
        return
    start = raw.find(words[0])
    end = raw.find(words[-1], start) + len(words[-1])
    new = new.removeprefix("《").removesuffix("》")
    if planned.instruction.olds:
        old = planned.instruction.olds[0].removeprefix("《").removesuffix("》")
        if old not in raw[start:end]:
            planned.fail(f"名称中没有“{old[:40]}”，请核对")
            return
        new = raw[start:end].replace(old, new)
    planned.before = raw[start:end]
    part.edit(start, end, new, cause_of(planned.instruction))
    planned.done.append(part)


def _folded(text: str) -> str:
    return "".join(text.split()).translate(str.maketrans("〈〉()", "《》（）"))
