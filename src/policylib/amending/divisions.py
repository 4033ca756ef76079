"""Whole 章 and 节 (整章整节): new ones, and those that get other words."""

from __future__ import annotations

from policylib.amending.numbering import Wanted, labelled
from policylib.amending.parts import Part, Run, trail_of
from policylib.amending.planning import Plan
from policylib.amending.replacing import rewrite_article
from policylib.amending.tree import Tree
from policylib.amending.work import Work, cause_of, note_change, numbers_of
from policylib.amending.writing import articles_of, closed, new_article
from policylib.text.locator import Level
from policylib.text.marks import read_mark

__all__ = ["in_focus", "insert_division", "is_whole_division", "near", "rewriting_division"]

_LEVELS = {"章": Level.CHAPTER, "节": Level.SECTION}
_Articles = list[tuple[tuple[int, int] | None, list[str]]]


def in_focus(tree: Tree, part: Part) -> bool:
    """Whether a part belongs to the text that is amended, not to an annex or another text."""
    if tree.focus is not None:
        return any(each is tree.focus for each in part.above())
    return not any(each.level in {Level.ANNEX} for each in part.above())


def near(articles: list[Part], number: int) -> Part:
    """The article that a new one is set like: the one before it."""
    before = [part for part in articles if part.was[0] < number]
    return before[-1] if before else articles[0]


def insert_division(work: Work, planned: Plan) -> None:
    """A new 章 or 节: its heading, and its articles when the quotation has them."""
    each, tree = planned.instruction, work.tree
    level = _LEVELS[each.unit]
    siblings = [part for part in tree.of(level) if in_focus(tree, part)]
    if level is Level.SECTION:
        outer = (
            each.places[0].steps
            if each.places
            else each.becomes[0].steps[:-1]
            if each.becomes
            else ()
        )
        chapters = [p for p in tree.of(Level.CHAPTER) if outer and p.was[0] == outer[0].number]
        siblings = [part for part in siblings if part.parent in chapters]
    numbers = numbers_of(each) or _said_number(planned, level)
    if each.count != 1 or not siblings or len(numbers) != 1:
        planned.fail(f"新增{each.unit}的位置或者序号不清楚，请人工处理")
        return
    number = numbers[0]
    lines = list(each.news)
    mark = read_mark(lines[0]) if lines else None
    if mark and mark.level is level:
        if (mark.number, mark.suffix) != number:
            planned.fail("引用的序号与新增的序号不一致")
            return
        name = lines.pop(0)[mark.end :].strip()
    elif each.olds and each.olds[0]:
        name = each.olds[0]
        name_mark = read_mark(name)
        name = name[name_mark.end :] if name_mark and name_mark.level is level else name
    else:
        planned.fail(f"没有写明新增{each.unit}的名称")
        return
    found = articles_of(tuple(lines)) if lines else []
    if not found or any(stated is None for stated, _ in found):
        planned.fail(f"没有写明新增{each.unit}所含的条文，请人工处理")
        return
    made = _new_heading(tree, siblings[0], number, name, cause_of(each))
    if problem := _fill(tree, made, found, cause_of(each)):
        planned.fail(problem)
        return
    home = siblings[0].parent or tree.root
    work.wanted.append((planned, home, level, Wanted(made, *number)))
    planned.done.append(made)
    note_change(work, home)


def _said_number(planned: Plan, level: Level) -> list[tuple[int, int]]:
    """在第二章后增加一章：“第三章 …”: the number is that of the quotation, behind its anchor."""
    each, anchor = planned.instruction, planned.anchor
    mark = read_mark(each.news[0]) if each.news else None
    if mark is None or mark.level is not level or anchor is None or anchor.level is not level:
        return []
    follows = each.side == "后" and mark.number == anchor.was[0] + 1
    return [(mark.number, mark.suffix)] if follows else []


def _new_heading(tree: Tree, like: Part, number: tuple[int, int], name: str, cause: str) -> Part:
    """Make the heading of a 章 or 节 that is set like another one."""
    raw = like.raw
    at = raw.find(like.label)
    behind = raw[at + len(like.label) :]
    gap = behind[: len(behind) - len(behind.lstrip(" \t\u3000"))] or " "
    made = Part(like.level, *number, labelled(like.label, *number))
    made.was, made.heading = (0, 0), name
    text = raw[:at].rpartition("\n")[2] + made.label + gap + name
    made.runs = [Run(text + (trail_of(raw) or tree.style.gap), -1, cause)]
    return made


def _fill(tree: Tree, home: Part, found: _Articles, cause: str) -> str:
    """Put new articles with the numbers they state into a 章; returns what is wrong."""
    articles = tree.of(Level.ARTICLE)
    if not articles:
        return "现行文本中没有可以比照的条文"
    for stated, words in found:
        if not words or stated is None:
            return "新增的条文没有内容"
        sample = near(articles, stated[0])
        lines = [*words[:-1], closed(words[-1], "。")]
        label = labelled(sample.label, *stated)
        article = new_article(tree, sample, stated, lines, cause=cause, label=label)
        article.stated = stated
        home.add(article)
    return ""


def _unfit(part: Part, lines: list[str]) -> str:
    """Why lines cannot be the words of a whole 章, or nothing."""
    name, found = _parted(part, lines)
    if name is None:
        return "引用的序号与标题所在部分不一致"
    if any(child.level is not Level.ARTICLE for child in part.children if not child.deleted):
        return f"{part.name}分节，整个替换请人工处理"
    if any((mark := read_mark(line)) and mark.level in _LEVELS.values() for line in lines[1:]):
        return f"{part.name}的新内容分节，整个替换请人工处理"
    if not found or not all(stated and words for stated, words in found):
        return f"没有写明{part.name}所含的条文，请人工处理"
    return ""


def _parted(part: Part, lines: list[str]) -> tuple[str | None, _Articles]:
    """The new heading (None for one of another 章) and the articles of a quotation."""
    mark = read_mark(lines[0])
    if mark is None or mark.level is not part.level:
        return part.heading, articles_of(tuple(lines))
    if (mark.number, mark.suffix) not in {part.was, part.says}:
        return None, []
    return lines[0][mark.end :].strip(), articles_of(tuple(lines[1:]))


def is_whole_division(planned: Plan) -> bool:
    """Whether an instruction brings all the articles of one 章, not only its name."""
    parts, news = planned.parts, planned.instruction.news
    whole = len(news) > 1 or any(number for number, _ in articles_of(news))
    return len(parts) == 1 and parts[0].level in _LEVELS.values() and whole


def rewriting_division(work: Work, planned: Plan) -> None:
    """Give a 章 a heading and articles (整章修改): one for one where as many come as go."""
    part, lines = planned.parts[0], list(planned.instruction.news)
    if problem := _unfit(part, lines):
        planned.fail(problem)
        return
    planned.done.append(part)
    name, found = _parted(part, lines)
    cause = cause_of(planned.instruction)
    if name and name != part.heading:
        work.renamed.append((planned, part, name))
    old = [child for child in part.children if not child.deleted]
    if len(old) == len(found):
        for article, (stated, words) in zip(old, found, strict=True):
            rewrite_article(work, article, words, cause)
            if stated and stated != article.was:
                planned.pairs.append((article, stated))
        return
    planned.undo = (part, list(part.runs), list(part.children))
    work.rebuilt.append((planned, part))
    for article in old:
        article.deleted = True
    if problem := _fill(work.tree, part, found, cause):
        planned.fail(problem)
    note_change(work, part)
