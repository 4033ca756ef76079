"""New provisions in the way the base is set (新条文的排版): indents, labels, blank lines."""

from __future__ import annotations

import re

from policylib.amending.parts import Part, Run, body_of, lead_of, trail_of
from policylib.amending.places import N
from policylib.amending.tree import Tree
from policylib.errors import ParseError
from policylib.text.locator import Level
from policylib.text.numerals import to_int

__all__ = [
    "articles_of",
    "closed",
    "item_mark",
    "new_article",
    "new_item",
    "paragraph_groups",
    "paragraphs",
    "set_words",
]

_ARTICLE = re.compile(
    rf"(?:\*\*)?第(?P<n>{N})条(?:之(?P<zhi>[一二三四五六七八九十]{{1,3}}))?(?:\*\*)?[ \t\u3000]{{0,8}}"
)
_ITEM = re.compile(
    r"[（(][一二三四五六七八九十百]{1,5}[）)]、?|[0-9０-９]{1,3}[.．、](?![0-9])|[（(][0-9]{1,3}[）)]"
)
_ENDS = "。；;：:！!？?，,、…|"
_UNSEEN = "\u200b\u200d\u2060\ufeff"  # signs without width, as web pages leave them
_CLOSERS = "”’）)》"


def item_mark(line: str) -> tuple[int, int] | None:
    """The number of an item's mark and where the words begin; None when a line has none."""
    match = _ITEM.match(line)
    if match is None:
        return None
    try:
        return to_int(match[0].strip("（()）、.．")), match.end()
    except ParseError:
        return None


def paragraph_groups(lines: tuple[str, ...]) -> list[list[str]]:
    """Group lines into 款: marked lines belong to the 款 before them."""
    groups: list[list[str]] = []
    for line in lines:
        if groups and item_mark(line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def articles_of(lines: tuple[str, ...]) -> list[tuple[tuple[int, int] | None, list[str]]]:
    """Cut lines at 第N条: each article's number (None without one) and its lines."""
    found: list[tuple[tuple[int, int] | None, list[str]]] = []
    for line in lines:
        match = _ARTICLE.match(line)
        spaced = match is not None and match.end() > len(match[0].rstrip())
        labelled = match is not None and (spaced or match.end() == len(line) or not found)
        refers = (
            match is not None
            and not spaced
            and re.match(r"[第的规所中款项、，和至]", line[match.end() :])
        )
        if match and labelled and not refers:
            try:
                number = to_int(match["n"]), to_int(match["zhi"]) if match["zhi"] else 0
            except ParseError:
                number = None
            words = line[match.end() :]
            found.append((number, [words] if words else []))
        elif found:
            found[-1][1].append(line)
        else:
            found.append((None, [line]))
    return found


def closed(new: str, old: str) -> str:
    """A quotation may lack the last ； or 。: take that of the old words."""
    mark = body_of(old).rstrip(_UNSEEN)[-1:]
    last = new.rstrip(_UNSEEN)
    if last.rstrip(_CLOSERS)[-1:] in _ENDS or last[-1:] in _ENDS or mark not in "。；;":
        return new
    return last + mark


def set_words(part: Part, words: str, cause: str) -> None:
    """Replace the words of a part between its white space; its label, if any, is in ``words``."""
    raw = part.raw
    start, end = len(lead_of(raw)), len(raw) - len(trail_of(raw))
    part.edit(min(start, end), end, words, cause)


def paragraphs(tree: Tree, lines: list[str], first_lead: str, trail: str, cause: str) -> list[Part]:
    """Make 款 with their 项 of new lines; the last line ends with ``trail``."""
    style = tree.style
    made: list[Part] = []
    number = 0
    for at, line in enumerate(lines):
        marked = item_mark(line) if made else None
        lead = first_lead if at == 0 else style.item if marked else style.paragraph
        end = trail if at == len(lines) - 1 else style.gap
        part = Part(Level.ITEM if marked else Level.PARAGRAPH, marked[0] if marked else number + 1)
        part.was = (0, 0)
        part.runs = [Run(lead + line + end, -1, cause)]
        if marked:
            made[-1].add(part)
        else:
            number += 1
            made.append(part)
    return made


def new_article(
    tree: Tree, like: Part, number: tuple[int, int], lines: list[str], *, cause: str, label: str
) -> Part:
    """Make an article that is set like another one."""
    part = Part(Level.ARTICLE, *number, label)
    part.was = (0, 0)
    raw = like.raw
    at = raw.find(like.label) if like.label else -1
    behind = raw[at + len(like.label) :] if at >= 0 else "　"
    gap = behind if len(behind) <= 6 and "\n" not in behind else " "
    part.runs = [Run(raw[: max(at, 0)].rpartition("\n")[2] + label + (gap or " "), -1, cause)]
    for paragraph in paragraphs(tree, lines, "", tree.style.gap, cause):
        part.add(paragraph)
    return part


def new_item(like: Part, label: str, words: str, *, level: Level, cause: str, gap: str) -> Part:
    """Make an item that is set like another one."""
    part = Part(level, 0, 0, label)
    part.was = (0, 0)
    raw = like.raw
    at = raw.find(like.label) if like.label else -1
    lead = raw[: max(at, 0)] if at >= 0 else lead_of(raw)
    behind = raw[at + len(like.label) :]
    between = behind[: len(behind) - len(behind.lstrip(" \t\u3000*_"))] if at >= 0 else ""
    part.runs = [Run(lead + label + between + words + gap, -1, cause)]
    return part
