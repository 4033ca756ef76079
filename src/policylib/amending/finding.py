"""Finding the part of a text that a decision points to (定位条款), or saying why it is not certain."""

from __future__ import annotations

import re
import unicodedata

from policylib.amending.edges import split_paragraphs
from policylib.amending.parts import Part, lead_of
from policylib.amending.tree import Tree
from policylib.amending.values import Place, PlaceStep
from policylib.errors import NotFound
from policylib.text.locator import Level
from policylib.text.numerals import to_chinese

__all__ = ["find", "find_range", "plain", "sentence_of"]

_QUOTES = str.maketrans("‘’", "“”")
_SENTENCE = re.compile(r"[^。]+。[”’）)]?")

_HEADINGS = (Level.HEADING1, Level.HEADING2, Level.HEADING3, Level.HEADING4)
_DIVISIONS = {
    "编": Level.BOOK,
    "分编": Level.SUBBOOK,
    "章": Level.CHAPTER,
    "节": Level.SECTION,
}
_EXACT = {
    "一级": Level.HEADING1,
    "二级": Level.HEADING2,
    "三级": Level.HEADING3,
    "四级": Level.HEADING4,
}
_LOWER = frozenset(("项", "目", "点", "二级", "三级", "四级", "款"))


def find_range(tree: Tree, place: Place) -> list[Part]:
    """Find a place, of a range every member; :class:`~policylib.errors.NotFound` says why not."""
    first = find(tree, place.steps)
    if not place.upto:
        return [first]
    *above, last = place.steps
    final = find(tree, (*above, last._replace(number=place.upto)))
    siblings = [
        part
        for part in tree.parts
        if part.level is first.level and _group(part) is _group(first) and not part.role
    ]
    start = next(at for at, part in enumerate(siblings) if part is first)
    stop = next(at for at, part in enumerate(siblings) if part is final)
    if stop < start:
        raise NotFound(f"{place}的起止顺序不对")
    while (
        stop + 1 < len(siblings)
        and siblings[stop + 1].number == place.upto
        and siblings[stop + 1].suffix
    ):
        stop += 1
    return siblings[start : stop + 1]


def sentence_of(part: Part, number: int) -> tuple[int, int]:
    """Where a sentence of a provision stands in its own words, its label not counted."""
    holder = part
    while len(holder.children) == 1 and holder.level is Level.ARTICLE:
        holder = holder.children[0]
    if holder.level is Level.ARTICLE:
        raise NotFound(f"没有写明是{part.old}哪一款的句子")
    raw = holder.raw
    start = raw.find(holder.label) + len(holder.label) if holder.label else len(lead_of(raw))
    while start < len(raw) and raw[start].isspace():
        start += 1
    found = [match.span() for match in _SENTENCE.finditer(raw, start)]
    if not found or number > len(found):
        raise NotFound(f"{part.old}中没有第{to_chinese(number)}句")
    first, last = found[number - 1 if number > 0 else -1]
    while first < last and raw[first].isspace():
        first += 1
    return first, last


def plain(words: str) -> str:
    """Words without white space and differences of width and quotation marks."""
    return unicodedata.normalize("NFKC", "".join(words.split())).translate(_QUOTES)


def _group(part: Part) -> Part | None:
    """What a part is numbered in: an article in its text, all else in its parent."""
    if part.level is not Level.ARTICLE:
        return part.parent
    return next((p for p in part.above() if p.level in {Level.TEXT, Level.ANNEX}), None)


def find(tree: Tree, steps: tuple[PlaceStep, ...]) -> Part:
    """Find the one part that the steps name; :class:`~policylib.errors.NotFound` says why not."""
    if not steps:
        raise NotFound("没有写明是哪一条")
    scope = [tree.root]
    named = ""
    for step in steps:
        found = _within(tree, scope, step)
        named += str(step)
        if not found:
            raise NotFound(f"现行文本中没有{named}")
        if step.words:
            found = [part for part in found if plain(step.words) in plain(part.whole)]
            if not found:
                raise NotFound(f"现行文本的{named}没有“{step.words[:40]}”")
        if len(found) > 1:
            raise NotFound(f"现行文本中有{len(found)}处{named}，不能确定是哪一处")
        scope = found
    return scope[0]


def _within(tree: Tree, scope: list[Part], step: PlaceStep) -> list[Part]:
    word = step.word
    top = scope[0] is tree.root
    if word == "附件":
        annexes = [part for part in tree.parts if part.level is Level.ANNEX]
        exact = [part for part in annexes if part.number == step.number]
        # the list 附件：1.… stands before the annexes themselves
        return exact[-1:] or (annexes if len(annexes) == 1 and step.number in {0, 1} else [])
    if word in {"引言", "题注"}:
        return [part for part in tree.parts if part.role == word][:1]
    if word == "名称":
        return [part for part in tree.parts if part.level is Level.TITLE][:1]
    inside = _inside(tree, scope[0])
    if word in _DIVISIONS:
        return _numbered(inside, (_DIVISIONS[word],), step)
    if word == "部分":
        return _numbered(inside, (Level.PART,), step) or _numbered(inside, (Level.HEADING1,), step)
    if word == "条":
        found = _numbered(inside, (Level.ARTICLE,), step)
        lawful = any(part.level is Level.ARTICLE for part in inside)
        if not lawful and scope[0].level in {Level.PART, *_HEADINGS}:
            return _next_headings(inside, scope[0], step)
        return found if lawful else _numbered(inside, (Level.HEADING1,), step)
    if word in {"大点", "一级"}:
        return _numbered(inside, (Level.HEADING1,), step)
    if word in _EXACT and scope[0].level not in {Level.ARTICLE, Level.PARAGRAPH, Level.ITEM}:
        return _numbered(inside, (_EXACT[word],), step)
    if top and word in {"款", "目"} and any(part.level is Level.ARTICLE for part in inside):
        raise NotFound(f"没有写明{step}属于哪一条")
    return _lower(inside, scope[0], step, top)


def _lower(inside: list[Part], scope: Part, step: PlaceStep, top: bool) -> list[Part]:
    """款, 项, 目, 点 under what was named before."""
    word = step.word
    if scope.role == "引言":
        return [part for part in scope.children if part.number == step.number]
    if word in {"款", "段"} and scope.level is Level.ARTICLE:
        return [
            part
            for part in scope.children
            if part.level is Level.PARAGRAPH and part.number == step.number and not step.suffix
        ]
    if scope.level in {Level.ARTICLE, Level.PARAGRAPH} and word in {
        "项",
        "点",
        "三级",
        "四级",
        "二级",
    }:
        return _numbered(inside, (Level.ITEM,), step)
    if scope.level is Level.ITEM and word in {"目", "项", "点", "三级", "四级"}:
        return _numbered(inside, (Level.SUBITEM,), step)
    if top and word == "项" and any(part.level is Level.ARTICLE for part in inside):
        raise NotFound(f"没有写明{step}属于哪一条")
    if scope.level in _HEADINGS and word in {"款", "段"}:
        return _heading_paragraph(scope, step)
    if word not in _LOWER or (word == "款" and not step.bracketed):
        return []
    return _next_headings(inside, scope, step)


def _next_headings(inside: list[Part], scope: Part, step: PlaceStep) -> list[Part]:
    """The member with this number of the headings right under ``scope``."""
    for level in _HEADINGS:
        below = _next_below(inside, scope, level)
        if below:
            return _numbered(below, (level,), step)
    return []


def _heading_paragraph(scope: Part, step: PlaceStep) -> list[Part]:
    """Under 一、 the 款 are its （一）（二） when it has no words but its heading, else its paragraphs."""
    bare = "。" not in scope.raw and len(scope.raw.split()) == 1
    if scope.children and (bare or step.bracketed) and step.word == "款":
        level = scope.children[0].level
        return _numbered(scope.children, (level,), step) if level in _HEADINGS else []
    if not scope.children:
        split_paragraphs(scope)
    return [
        part
        for part in scope.children
        if part.level is Level.PARAGRAPH and part.was == (step.number, 0)
    ]


def _next_below(inside: list[Part], scope: Part, level: Level) -> list[Part]:
    return [part for part in inside if part.level is level and (part.parent is scope)]


def _inside(tree: Tree, scope: Part) -> list[Part]:
    """The parts under ``scope``; of a whole text those outside its annexes and contents."""
    whole = scope is tree.root
    if whole and tree.body is not None:
        return tree.body
    start = tree.focus if whole and tree.focus is not None else scope
    out: list[Part] = []
    stack = list(reversed(start.children))
    while stack:
        part = stack.pop()
        if part.role or part.level is Level.CONTENTS or (whole and part.level is Level.ANNEX):
            continue
        out.append(part)
        stack.extend(reversed(part.children))
    if whole:
        tree.body = out
    return out


def _numbered(parts: list[Part], levels: tuple[Level, ...], step: PlaceStep) -> list[Part]:
    return [
        part
        for part in parts
        if part.level in levels and part.number == step.number and part.suffix == step.suffix
    ]
