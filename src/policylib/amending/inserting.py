"""New provisions (增加条款): articles, 款, 项, 目, 章 and 节."""

from __future__ import annotations

from policylib.amending.annexes import insert_annex
from policylib.amending.divisions import in_focus, insert_division, near
from policylib.amending.numbering import Wanted, labelled
from policylib.amending.parts import Part, body_of
from policylib.amending.planning import Plan
from policylib.amending.work import HEADINGS, Work, cause_of, note_change, numbers_of
from policylib.amending.writing import (
    articles_of,
    closed,
    item_mark,
    new_article,
    new_item,
    paragraph_groups,
    paragraphs,
)
from policylib.text.locator import Level
from policylib.text.marks import read_mark

__all__ = ["inserting"]

_UNITS = {
    "款": Level.PARAGRAPH,
    "项": Level.ITEM,
    "目": Level.SUBITEM,
}
_INSERTS = {"条", "章", "节"}
_HOMES = {Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION}


def inserting(work: Work, planned: Plan) -> None:
    """Make the new provisions of an instruction (增加); they wait for their numbers."""
    unit = planned.instruction.unit
    parent = planned.parent
    if unit == "条" and parent is not None and parent.level is Level.ANNEX:
        _insert_in_annex(work, planned, parent)
    elif unit == "条":
        _insert_articles(work, planned)
    elif unit in _INSERTS:
        insert_division(work, planned)
    elif unit == "款":
        _insert_paragraphs(work, planned)
    elif unit in {"项", "目"}:
        _insert_items(work, planned)
    elif unit == "附件":
        insert_annex(work, planned)
    else:
        planned.fail(f"增加{unit}请人工处理")


def _insert_articles(work: Work, planned: Plan) -> None:
    each, tree = planned.instruction, work.tree
    articles = [part for part in tree.of(Level.ARTICLE) if in_focus(tree, part)]
    if not articles:
        _insert_in_headings(work, planned)
        return
    numbers = numbers_of(each)
    anchor = planned.anchor
    if not numbers:
        if anchor is None or anchor.level is not Level.ARTICLE or each.side != "后":
            planned.fail("没有写明新增的是第几条")
            return
        numbers = [(0, 0)] * each.count
    found = articles_of(each.news)
    if len(found) != each.count and len(each.news) == each.count:
        found = [(None, [line]) for line in each.news]
    if len(found) != each.count:
        planned.fail("新增的内容与条数不符")
        return
    for number, (stated, lines) in zip(numbers, found, strict=True):
        if not lines or (stated and number[0] and stated != number):
            planned.fail("引用的条号与新增的条号不一致")
            return
    if anchor is not None and anchor.level in {Level.CHAPTER, Level.SECTION}:
        planned.parent, anchor = anchor, None
    before = anchor if each.side == "前" else None
    home = planned.parent if planned.parent and planned.parent.level in _HOMES else None
    anchor = anchor if before is None else None
    for number, (_, words) in zip(numbers, found, strict=True):
        like = anchor if anchor is not None else near(articles, number[0])
        label = labelled(like.label, *(number if number[0] else (1, 0)))
        lines = [*words[:-1], closed(words[-1], "。")]
        made = new_article(tree, like, number, lines, cause=cause_of(each), label=label)
        if number[0]:
            work.wanted.append(
                (
                    planned,
                    planned.parent,
                    Level.ARTICLE,
                    Wanted(made, *number, anchor, before, home),
                )
            )
            anchor = made if anchor is not None and not number[1] else anchor
        else:
            home = anchor.parent if anchor is not None else None
            if anchor is None or home is None:
                continue
            made.stated = (0, 0)
            home.add(made, anchor.index() + 1)
            anchor = made
        planned.done.append(made)


def _insert_in_headings(work: Work, planned: Plan) -> None:
    """In a text without articles 第（三）条后增加一条 is another （四） where that （三） stands."""
    at, home = planned.anchor, planned.parent
    if at is not None and at.level in HEADINGS and at.parent is not None:
        _insert_headings(work, planned, at.level, at.parent)
    elif home is not None and (home.level in HEADINGS or home.level is Level.PART):
        _insert_items(work, planned)
    else:
        _insert_headings(work, planned, Level.HEADING1, work.tree.root)


def _insert_in_annex(work: Work, planned: Plan, annex: Part) -> None:
    """附件1增加一条: another 一、 of the annex."""
    siblings = [part for part in annex.children if part.level is Level.HEADING1]
    if not siblings or any(part.level is Level.ARTICLE for part in annex.children):
        planned.fail("附件中增加条文请人工处理")
        return
    _insert_marked(work, planned, annex, Level.HEADING1, siblings)


def _insert_paragraphs(work: Work, planned: Plan) -> None:
    each, parent = planned.instruction, planned.parent
    if parent is None or parent.level is not Level.ARTICLE or not parent.children:
        planned.fail("只能在一条之中增加款")
        return
    groups = paragraph_groups(each.news)
    if len(groups) != each.count or item_mark(groups[0][0]):
        planned.fail("新增的内容与款数不符")
        return
    existing = [child for child in parent.children if child.level is Level.PARAGRAPH]
    numbers = numbers_of(each)
    if not numbers:
        after = planned.anchor.was[0] if planned.anchor else max(part.was[0] for part in existing)
        if planned.anchor and each.side == "前":
            after -= 1
        numbers = [(after + 1 + at, 0) for at in range(each.count)]
    for number, group in zip(numbers, groups, strict=True):
        lines = [*group[:-1], closed(group[-1], "。")]
        tree = work.tree
        made = paragraphs(tree, lines, tree.style.paragraph, tree.style.gap, cause_of(each))[0]
        made.number = number[0]
        work.wanted.append((planned, parent, Level.PARAGRAPH, Wanted(made, *number)))
        planned.done.append(made)
    note_change(work, parent)


def _insert_items(work: Work, planned: Plan) -> None:
    parent = planned.parent
    if parent is None:
        planned.fail("没有写明在哪一款增加")
        return
    if parent.level in HEADINGS or parent.level is Level.PART:
        below = next((child.level for child in parent.children if child.level in HEADINGS), None)
        if below is None:
            planned.fail(f"{parent.old}下没有可以比照的项")
            return
        _insert_headings(work, planned, below, parent)
        return
    each = planned.instruction
    level = _UNITS[each.unit]
    if parent.level is Level.ARTICLE:
        holders = [child for child in parent.children if child.children]
        if len(holders) != 1:
            why = "没有项" if not holders else "有几款都有项"
            planned.fail(f"{parent.old}{why}，没有写明在哪一款增加")
            return
        parent = planned.parent = holders[0]
    siblings = [child for child in parent.children if child.level is level]
    if not siblings or parent.level not in {Level.PARAGRAPH, Level.ITEM}:
        planned.fail(f"{parent.old}下没有可以比照的{each.unit}")
        return
    _insert_marked(work, planned, parent, level, siblings)


def _insert_headings(work: Work, planned: Plan, level: Level, parent: Part) -> None:
    """In a policy document: 增加一条 is another 一、, 增加一项 another （一） or 1."""
    siblings = [
        part
        for part in work.tree.of(level)
        if not part.role
        and (parent is work.tree.root or part.parent is parent)
        and in_focus(work.tree, part)
    ]
    if not siblings or any(part.parent is not siblings[0].parent for part in siblings):
        planned.fail("现行文本中没有可以比照的条文")
        return
    home = siblings[0].parent or work.tree.root
    _insert_marked(work, planned, home, level, siblings)


def _insert_marked(
    work: Work, planned: Plan, parent: Part, level: Level, siblings: list[Part]
) -> None:
    each, tree = planned.instruction, work.tree
    numbers = numbers_of(each)
    lines = list(each.news)
    marks = [item_mark(line) or _han_mark(line) for line in lines]
    if each.count == 1 and len(lines) > 1:
        lines = [f"{tree.style.gap}{tree.style.item}".join(lines)]
        marks = marks[:1]
    if len(lines) != each.count:
        planned.fail("新增的内容与项数不符")
        return
    if not numbers:
        if not all(marks):
            planned.fail(f"没有写明新增的是第几{each.unit}")
            return
        numbers = [(mark[0], 0) for mark in marks if mark]
    for number, mark in zip(numbers, marks, strict=True):
        if mark and mark[0] != number[0]:
            planned.fail("引用的序号与新增的序号不一致")
            return
    last = max(part.was[0] for part in siblings)
    for number, mark, line in zip(numbers, marks, lines, strict=True):
        like = next((part for part in siblings if part.was[0] == number[0] - 1), siblings[0])
        words = line[mark[1] :].lstrip() if mark else line
        tail = numbers[0][0] > last
        words = closed(words, "。" if tail or level in HEADINGS else "；")
        if tail and level is Level.ITEM and body_of(siblings[-1].whole)[-1:] == "。":
            work.notes.append(
                f"{planned.instruction.quote[:30]}：新增的项在最后，前一项末尾的句号请核对"
            )
        made = new_item(
            like,
            labelled(like.label, *number),
            words,
            level=level,
            cause=cause_of(each),
            gap=tree.style.gap,
        )
        made.number = number[0]
        work.wanted.append((planned, parent, level, Wanted(made, *number)))
        planned.done.append(made)
    note_change(work, parent)


def _han_mark(line: str) -> tuple[int, int] | None:
    mark = read_mark(line) if line else None
    return (mark.number, mark.end) if mark and mark.level in HEADINGS else None
