"""Provisions deleted, merged, split and moved (条款的删并拆移)."""

from __future__ import annotations

from policylib.amending.annexes import are_last_annexes, note_mentions
from policylib.amending.divisions import near
from policylib.amending.numbering import Wanted, labelled
from policylib.amending.parts import Part
from policylib.amending.planning import Plan
from policylib.amending.replacing import (
    fits,
    rewrite,
    rewrite_article,
    rewrite_paragraph,
)
from policylib.amending.work import HEADINGS, Work, cause_of, note_change
from policylib.amending.writing import (
    articles_of,
    item_mark,
    new_article,
    paragraph_groups,
)
from policylib.text.locator import Level

__all__ = ["deleting", "merging", "moving", "raising", "splitting"]

_DIVISIONS = frozenset((Level.CHAPTER, Level.SECTION))
_MERGED = {Level.ARTICLE, Level.PARAGRAPH, Level.ITEM}


def deleting(work: Work, planned: Plan) -> None:
    """Take provisions out (删去); nothing is taken out unless all can be."""
    if planned.instruction.places and planned.instruction.places[0].heading:
        _without_headings(work, planned)
        return
    for part in planned.parts:
        inner = part.level is Level.ANNEX and not are_last_annexes(work, planned.parts)
        if inner or part.level in {Level.TEXT, Level.TITLE} or part.role:
            planned.fail(f"{part.name}的删去请人工处理")
            return
    for part in planned.parts:
        _remove(work, part)
        planned.done.append(part)
        if part.level is Level.ANNEX:
            note_mentions(work, part)


def _without_headings(work: Work, planned: Plan) -> None:
    """删去第三章章名: what stood under it goes on under the division before it."""
    homes = [_before(part) for part in planned.parts]
    if not all(homes):
        planned.fail("没有写明删去标题后其下条文归入何处，请核对")
        return
    for part in planned.parts:
        home = _before(part)
        if home is None or part.parent is None:
            continue
        for child in list(part.children):
            inner = home
            while inner.children and inner.children[-1].level in _DIVISIONS - {child.level}:
                inner = inner.children[-1]
            inner.add(child)
        part.children = []
        part.deleted = True
        note_change(work, home)
        note_change(work, part.parent)
        planned.done.append(part)


def _before(part: Part) -> Part | None:
    """The division of the same level that stands before a division."""
    if part.level not in _DIVISIONS or part.parent is None:
        return None
    siblings = [each for each in part.parent.children if each is part or not each.deleted]
    before = siblings[: next(at for at, each in enumerate(siblings) if each is part)]
    same = [each for each in before if each.level is part.level]
    return same[-1] if same else None


def _remove(work: Work, part: Part) -> None:
    for below in part.walk():
        if below.level is Level.ARTICLE and below is not part:
            note_change(work, below.parent)
    for below in list(part.walk()):
        below.deleted = True
    note_change(work, part.parent)


def merging(work: Work, planned: Plan) -> None:
    """Let one provision take the place of several (合并)."""
    each, parts = planned.instruction, planned.parts
    levels = {part.level for part in parts}
    headings = levels <= set(HEADINGS) and not any(part.children for part in parts)
    if len(levels) != 1 or not (headings or levels <= _MERGED):
        planned.fail("要合并的不是同一层级的条款")
        return
    if not each.news:
        planned.fail("没有写明合并后的内容")
        return
    first = parts[0]
    number = each.becomes[0].steps[-1] if each.becomes else None
    stated = (number.number, number.suffix) if number else None
    if stated:
        planned.pairs = [(first, stated)]
    if problem := fits(first, list(each.news), planned):
        planned.fail(problem)
        return
    if first.level is Level.PARAGRAPH:
        rewrite_paragraph(work, first, list(each.news), cause_of(each), keep=False)
    else:
        rewrite(work, first, list(each.news), each)
    for part in parts[1:]:
        _remove(work, part)
        work.merged[id(part)] = first
    planned.done.append(first)


def splitting(work: Work, planned: Plan) -> None:
    """Let several articles take the place of one (拆分)."""
    each, part = planned.instruction, planned.parts[0]
    if part.level is Level.PARAGRAPH and not part.role:
        _split_paragraph(work, planned, part)
        return
    if part.level is not Level.ARTICLE:
        planned.fail("项的拆分请人工处理")
        return
    if each.unit == "款":
        _into_paragraphs(work, planned, part)
        return
    found = articles_of(each.news)
    numbers = [(p.steps[-1].number, p.steps[-1].suffix) for p in each.becomes]
    if each.becomes and each.becomes[0].upto:
        first = numbers[0][0]
        numbers = [(n, 0) for n in range(first, each.becomes[0].upto + 1)]
    if not each.news:
        planned.fail("没有写明拆分后各条的内容")
        return
    if len(found) != each.count and len(each.news) == each.count:
        found = [(None, [line]) for line in each.news]
    stated = [number for number, _ in found]
    if not all(lines for _, lines in found):
        planned.fail("没有写明拆分后各条的内容")
        return
    if len(found) != each.count or (
        numbers and any(n and n != m for n, m in zip(stated, numbers, strict=False))
    ):
        planned.fail("拆分后的内容与序号不能一一对应")
        return
    if not numbers:
        if not all(stated):
            planned.fail("没有写明拆分后的序号")
            return
        numbers = [number or (0, 0) for number in stated]
    planned.pairs = [(part, numbers[0])]
    planned.undo = (part, list(part.runs), list(part.children))
    rewrite_article(work, part, found[0][1], cause_of(each))
    planned.done.append(part)
    behind = part
    for number, (_, lines) in zip(numbers[1:], found[1:], strict=True):
        label = labelled(part.label, *number)
        made = new_article(work.tree, part, number, lines, cause=cause_of(each), label=label)
        work.wanted.append((planned, None, Level.ARTICLE, Wanted(made, *number, behind)))
        planned.done.append(made)
        behind = made


def _into_paragraphs(work: Work, planned: Plan, article: Part) -> None:
    """第八条分为两款: the article has these 款 now."""
    each = planned.instruction
    if not each.news or len(paragraph_groups(each.news)) != each.count:
        planned.fail("没有写明拆分后各款的内容")
        return
    rewrite_article(work, article, list(each.news), cause_of(each))
    planned.done.append(article)


def _split_paragraph(work: Work, planned: Plan, part: Part) -> None:
    """A 款 becomes several where it stands."""
    each = planned.instruction
    groups = paragraph_groups(each.news) if each.news else []
    if len(groups) != each.count or item_mark(each.news[0]):
        planned.fail("没有写明拆分后各款的内容")
        return
    if each.becomes:
        planned.pairs = [(part, (each.becomes[0].steps[-1].number, 0))]
    rewrite_paragraph(work, part, list(each.news), cause_of(each), keep=False)
    planned.done.append(part)


def raising(work: Work, planned: Plan) -> None:
    """Make an article of a 款 (第八条第三款改为第四十九条), with its words or with new ones."""
    each, part = planned.instruction, planned.parts[0]
    articles = work.tree.of(Level.ARTICLE)
    article = part.parent
    if part.level is not Level.PARAGRAPH or part.role or article is None:
        planned.fail("款改为条的位置不清楚，请核对")
        return
    step = each.becomes[0].steps[-1]
    number = (step.number, step.suffix)
    lines = list(each.news) or [line.strip() for line in part.whole.split("\n") if line.strip()]
    found = articles_of(tuple(lines))
    if len(found) != 1 or found[0][0] not in {None, number} or not found[0][1]:
        planned.fail("引用的内容与改为的条号不符")
        return
    if not any(child is not part and not child.deleted for child in article.children):
        planned.pairs = [(article, number)]  # the others have gone: what is left is the article
        if each.news:
            rewrite_article(work, article, found[0][1], cause_of(each))
        planned.done.append(article)
        return
    like = near(articles, step.number)
    made = new_article(
        work.tree,
        like,
        number,
        found[0][1],
        cause=cause_of(each),
        label=labelled(like.label, *number),
    )
    _remove(work, part)
    work.merged[id(part)] = made
    work.wanted.append((planned, None, Level.ARTICLE, Wanted(made, *number)))
    planned.done.append(made)


def moving(work: Work, planned: Plan) -> None:
    """Put an article somewhere else (移动)."""
    each, anchor = planned.instruction, planned.anchor
    if len(planned.parts) != 1 or anchor is None:
        planned.fail("一次移动几处，请人工处理")
        return
    part = planned.parts[0]
    if part.level is not Level.ARTICLE or part.parent is None:
        planned.fail("款、项的移动请人工处理")
        return
    ghost = Part(part.level, *part.was)
    ghost.deleted = True
    if anchor.level is Level.ARTICLE and anchor.parent is not None and each.side in {"后", "前"}:
        home, step = anchor.parent, 1 if each.side == "后" else 0
    elif anchor.level in {Level.CHAPTER, Level.SECTION} and each.side in {"", "中", "末", "末尾"}:
        home, step = anchor, 0
    else:
        planned.fail("没有写明移到哪一条之前或者之后")
        return
    if anchor is part:
        planned.fail("移动的位置就是原来的位置")
        return
    old_home = part.parent
    at = part.index()
    old_home.children[at] = ghost
    ghost.parent = old_home
    if home is anchor:
        home.add(part)
    else:
        home.add(part, anchor.index() + step)
    stated = each.becomes[1].steps[-1] if len(each.becomes) > 1 else None
    part.stated = (stated.number, stated.suffix) if stated else (0, 0)
    work.moved.append((planned, part, ghost))
    note_change(work, old_home)
    note_change(work, home)
    planned.done.append(part)
