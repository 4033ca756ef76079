"""Provisions with new words (条款修改): an article, a 款 that keeps its 项, an 项."""

from __future__ import annotations

import re

from policylib.amending.annexes import rewrite_annex, unclear_annex
from policylib.amending.naming import retitle
from policylib.amending.parts import Part, Run, body_of, lead_of, trail_of
from policylib.amending.planning import Plan
from policylib.amending.values import Instruction
from policylib.amending.work import HEADINGS, Work, cause_of, note_change
from policylib.amending.writing import (
    articles_of,
    closed,
    item_mark,
    paragraph_groups,
    paragraphs,
    set_words,
)
from policylib.text.locator import Level
from policylib.text.marks import read_mark

__all__ = ["fits", "replacing", "rewrite", "rewrite_article", "rewrite_paragraph"]

_LONGEST_NAME = 60
_QUOTES = str.maketrans("‘’", "“”")
_TABLE = re.compile(r"^\s*\|", re.MULTILINE)


def replacing(work: Work, planned: Plan) -> None:
    """Give provisions new words (修改为), all of them or none."""
    each = planned.instruction
    if each.olds and _bare("".join(each.olds)) != _bare(_words(planned.parts[0])):
        planned.fail(f"{planned.parts[0].name}与决定所引的原文不一致，请核对")
        return
    shares = _shares(planned)
    if shares is None:
        planned.fail("修改后的内容与所列条款不能一一对应")
        return
    for part, lines in zip(planned.parts, shares, strict=True):
        problem = fits(part, lines, planned)
        if problem:
            planned.fail(problem)
            return
    for part, lines in zip(planned.parts, shares, strict=True):
        if _TABLE.search(part.whole) and not any(map(_TABLE.match, lines)):
            work.notes.append(f"{part.old}原有表格，修改后没有，请核对")
        rewrite(work, part, lines, each)
        planned.done.append(part)


def _words(part: Part) -> str:
    return part.whole.lstrip().removeprefix(part.label)


def _bare(words: str) -> str:
    return "".join(words.split()).translate(_QUOTES)


def _shares(planned: Plan) -> list[list[str]] | None:
    """The new lines of each part."""
    parts, lines = planned.parts, planned.instruction.news
    if len(parts) == 1:
        return [list(lines)]
    level = parts[0].level
    if any(part.level is not level for part in parts):
        return None
    if level is Level.ARTICLE:
        found = articles_of(lines)
        numbers = [number for number, _ in found]
        ours = [part.was for part in parts]
        if numbers == ours:
            return [words for _, words in found]
        return [[line] for line in lines] if len(lines) == len(parts) and not any(numbers) else None
    if level is Level.PARAGRAPH:
        groups = paragraph_groups(lines)
        return groups if len(groups) == len(parts) else None
    return [[line] for line in lines] if len(lines) == len(parts) else None


def fits(part: Part, lines: list[str], planned: Plan) -> str:
    """Why the new lines cannot be the words of a part, or nothing."""
    if not lines or not any(line.strip() for line in lines):
        return "没有写明修改后的内容"
    level = part.level
    if level is Level.ARTICLE:
        found = articles_of(tuple(lines))
        if len(found) > 1:
            return "引用的内容有几条，不能作为一条的内容"
        return _number_fits(part, found[0][0], planned)
    if level in {Level.ITEM, Level.SUBITEM}:
        mark = item_mark(lines[0])
        problem = _number_fits(part, (mark[0], 0) if mark else None, planned)
        if problem:
            return problem
        if len(lines) > 1 and mark and (again := item_mark(lines[1])) and again[0] == mark[0] + 1:
            return "引用的内容有几项，不能作为一项的内容"
        return ""
    if level is Level.PARAGRAPH:
        return "引用的内容是项，不能作为一款的内容" if item_mark(lines[0]) and not part.role else ""
    if level in HEADINGS:
        return _heading_fits(part, lines, planned)
    return _whole_fits(part, lines)


def _whole_fits(part: Part, lines: list[str]) -> str:
    """The same for what is no provision: 题注, 引言, 附件, a 章 that is only renamed."""
    level = part.level
    if level is Level.PREFACE and part.role in {"引言", "题注"}:
        return ""
    if level is Level.ANNEX and not unclear_annex(part):
        if len(lines) == 1 and "。" not in lines[0] and "\n" in body_of(part.whole):
            return f"没有写明{part.name}修改后的全部内容"
        tabled = _TABLE.search(part.whole) and not any(map(_TABLE.match, lines))
        return f"{part.name}是表格，整个替换请人工处理" if tabled else ""
    if level in {Level.CHAPTER, Level.SECTION} and len(lines) == 1 and _is_name(lines[0]):
        return ""
    return f"整个{level.value}的替换请人工处理"


def _heading_fits(part: Part, lines: list[str], planned: Plan) -> str:
    mark = read_mark(lines[0]) if lines[0] else None
    number = (mark.number, 0) if mark and mark.level is part.level else None
    if problem := _number_fits(part, number, planned):
        return problem
    heads = len(lines) == 1 and (lines[0][-1] in "：:" or "。" not in lines[0])
    if part.children and not heads and not any(read_mark(line) for line in lines[1:]):
        return "没有写明其下各项是否保留"
    return ""


def _is_name(line: str) -> bool:
    return len(line) <= _LONGEST_NAME and "。" not in line and not articles_of((line,))[0][0]


def _number_fits(part: Part, number: tuple[int, int] | None, planned: Plan) -> str:
    if number is None or number in {part.was, part.stated, part.says}:
        return ""
    if any(each is part and number == stated for each, stated in planned.pairs):
        return ""
    if part.level is Level.ARTICLE:
        return f"引用的条号与{part.old}不一致"
    return f"引用的序号与{part.old}不一致"


def rewrite(work: Work, part: Part, lines: list[str], each: Instruction) -> None:
    """Give one part its new lines, in the way of its level (改写)."""
    cause, level = cause_of(each), part.level
    if level is Level.ARTICLE:
        rewrite_article(work, part, lines, cause)
    elif level is Level.PARAGRAPH:
        rewrite_paragraph(work, part, lines, cause)
    elif level in {Level.ITEM, Level.SUBITEM}:
        _rewrite_item(work, part, lines, cause)
    elif level is Level.ANNEX:
        rewrite_annex(work, part, lines, cause)
    elif level is Level.PREFACE and part.role == "题注":
        set_words(part, work.tree.style.gap.join(lines), cause)
    elif level is Level.PREFACE:
        style = work.tree.style
        first, trail = lead_of(part.whole), trail_of(part.whole)
        part.children = []
        for at, line in enumerate(lines):
            end = trail if at == len(lines) - 1 else style.gap
            paragraph = Part(Level.PARAGRAPH, at + 1)
            paragraph.role = "引言段"
            paragraph.runs = [Run((first if at == 0 else style.paragraph) + line + end, -1, cause)]
            part.add(paragraph)
    elif level in HEADINGS:
        had = (
            sum(map(bool, body_of(part.raw).split("\n")))
            if len(lines) == 1 and not part.children
            else 1
        )
        if had > 1:
            work.notes.append(f"{part.old}原有{had}段，修改后只有一段，请核对")
        _rewrite_heading(part, lines, cause)
    else:
        retitle(work, part, lines[0], cause)


def rewrite_article(work: Work, part: Part, lines: list[str], cause: str) -> None:
    """Give an article new 款; its label stays (改写一条)."""
    words = articles_of(tuple(lines))[0][1]
    old = part.whole
    words = [*words[:-1], closed(words[-1], old)] if words else [old]
    first = lead_of(part.children[0].raw) if part.children else ""
    trail = trail_of(old)
    keeps = [
        child
        for child in part.children
        if words[-1][-1:] in "：:" and child is part.children[0] and child.children
    ]
    if keeps and len(words) == 1 and len(part.children) == 1:
        work.notes.append(f"{part.old}的新内容以冒号结尾，原有各项予以保留，请核对")
        rewrite_paragraph(work, keeps[0], words, cause)
        return
    if not part.children:
        raw = part.raw
        at = raw.find(part.label) + len(part.label) if part.label else 0
        gap = raw[at : at + len(raw[at:]) - len(raw[at:].lstrip(" \t\u3000*_"))]
        part.edit(at, len(raw), gap or " ", cause)
        first = ""
    part.children = []
    for child in paragraphs(work.tree, words, first, trail, cause):
        part.add(child)


def rewrite_paragraph(
    work: Work, part: Part, lines: list[str], cause: str, *, keep: bool = True
) -> None:
    """Rule: a 款 with 项 keeps them unless the quotation brings its own."""
    if len(lines) == 1 and part.children and keep:
        if lines[0][-1:] not in "：:":
            work.notes.append(f"{part.old}的新内容不以冒号结尾，原有各项予以保留，请核对")
        set_words(part, lines[0], cause)
        return
    old = part.whole
    lines = [*lines[:-1], closed(lines[-1], old)]
    made = paragraphs(work.tree, lines, lead_of(part.raw), trail_of(old), cause)
    part.runs, part.children = made[0].runs, []
    for child in made[0].children:
        part.add(child)
    for more in reversed(made[1:]):
        if part.parent is not None:
            part.parent.add(more, part.index() + 1)
            note_change(work, part.parent)


def _rewrite_item(work: Work, part: Part, lines: list[str], cause: str) -> None:
    mark = item_mark(lines[0])
    first = lines[0][mark[1] :].lstrip() if mark else lines[0]
    old = part.whole
    if len(lines) > 1 or not part.children:
        lines = [first, *lines[1:]]
        lines[-1] = closed(lines[-1], old)
        first = lines[0]
    raw = part.raw
    at = raw.find(part.label) + len(part.label)
    while at < len(raw) and raw[at] in " \t\u3000*_":
        at += 1
    trail = trail_of(old)
    if len(lines) > 1:
        part.children = []
        rest = "".join(f"{work.tree.style.item}{line}{work.tree.style.gap}" for line in lines[1:-1])
        last = f"{work.tree.style.item}{lines[-1]}{trail}"
        part.edit(at, len(raw), first + work.tree.style.gap + rest + last, cause)
        return
    part.edit(at, len(raw) - len(trail_of(raw)), first, cause)


def _rewrite_heading(part: Part, lines: list[str], cause: str) -> None:
    mark = read_mark(lines[0])
    words = lines[0][mark.end :] if mark and mark.level is part.level else lines[0]
    if len(lines) > 1 or not part.children:
        last = closed(lines[-1] if len(lines) > 1 else words, part.whole)
        words, lines = (words, [*lines[:-1], last]) if len(lines) > 1 else (last, [last])
    if len(lines) > 1:
        part_trail = trail_of(part.whole)
        part.children = []
    else:
        part_trail = trail_of(part.raw)
    raw = part.raw
    at = raw.find(part.label) + len(part.label)
    while at < len(raw) and raw[at] in " \t\u3000*_":
        at += 1
    indent = lead_of(raw).replace("\n", "").replace("\r", "")
    gap = "\n\n" if "\n\n" in part_trail else "\n"
    text = gap.join([words, *(indent + line for line in lines[1:])])
    part.edit(at, len(raw), text + part_trail, cause)
