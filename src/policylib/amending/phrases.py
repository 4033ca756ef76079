"""Words within provisions (字句): replaced, deleted or added where the base has them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from policylib.amending.finding import sentence_of
from policylib.amending.parts import Part, lead_of, trail_of
from policylib.amending.planning import HEADINGS, Plan
from policylib.amending.tree import Tree
from policylib.amending.values import Instruction, Kind
from policylib.errors import NotFound
from policylib.text.locator import Level
from policylib.text.marks import read_mark

__all__ = ["do_phrases"]

_QUOTES = str.maketrans("‘’", "“”")
_DISTINCT = 8  # characters: words this long that stand once can mean only one place
_LABELLED = frozenset((Level.ARTICLE, Level.CHAPTER, Level.SECTION, Level.BOOK))


def do_phrases(tree: Tree, planned: Plan, frozen: set[int], notes: list[str]) -> None:
    """Replace, delete or add words; what is not found, or found too often, is a problem.

    ``frozen`` are parts that another instruction rewrites: their old words do not count.
    """
    each = planned.instruction
    mark = read_mark(each.news[0]) if each.kind is Kind.INSERT_TEXT and each.news[0] else None
    if mark and mark.level in HEADINGS:
        planned.fail("没有写明新增的序号项是否另起一段")
        return
    if each.kind is Kind.INSERT_TEXT and each.side == "末":
        _at_end(planned)
        return
    news = each.news if each.kind is Kind.PHRASE else ("",) * len(each.olds)
    frozen = frozen | {id(below) for part in planned.excepts for below in part.walk()}
    scopes = _scopes(planned)
    if each.kind is Kind.PHRASE and len(scopes) == 1 and len(each.olds) == 1:
        slipped = _by_new_number(planned, each.olds[0], notes)
        scopes = slipped or _slip(tree, planned, each.olds[0], notes) or scopes
    if not each.places:
        scopes = [("全文", _everywhere(tree))]
    found: set[tuple[int, int]] = set()
    missed: dict[tuple[int, int], str] = {}
    befores: list[str] = []
    for which, (where, parts) in enumerate(scopes):
        live = [part for part in parts if id(part) not in frozen]
        for at, old in enumerate(each.olds):
            hits = _all_hits(planned, live, old, notes)
            if reason := _reason(each, where, old, len(hits)):
                missed[which, at] = reason
                continue
            found.add((which, at))
            befores.extend(part.raw[start:end] for part, start, end in hits)
            _edit(planned, hits, news[at])
    if not (each.carried and found):
        told = _missing(missed, found, len(scopes), len(each.olds))
        planned.problems.extend(dict.fromkeys(told))
    planned.before = "；".join(dict.fromkeys(befores))
    planned.failed = planned.failed or not (found or planned.done)


def _edit(planned: Plan, hits: list[tuple[Part, int, int]], new: str) -> None:
    each = planned.instruction
    for part, start, end in reversed(hits):
        if each.kind is Kind.INSERT_TEXT:
            place = start if each.side == "前" else end
            part.edit(place, place, each.news[0], _cause(each))
        else:
            part.edit(start, end, new, _cause(each))
        if not any(done is part for done in planned.done):
            planned.done.append(part)


def _missing(
    missed: dict[tuple[int, int], str], found: set[tuple[int, int]], scopes: int, olds: int
) -> list[str]:
    """第三条、第五条中的“A”、“B”: what is told when a place has one of the words only.

    With as many words as places each word may stand in its own place.
    """
    paired = scopes == olds > 1 and found == {(at, at) for at in range(olds)}
    return [] if paired else list(missed.values())


def _scopes(planned: Plan) -> list[tuple[str, list[Part]]]:
    """Where words are looked for: each place by itself, a range of places as one."""
    scopes: list[tuple[str, list[Part]]] = []
    done: set[int] = set()
    for part in planned.parts:
        within = next((r for r in planned.ranges if any(each is part for each in r)), [part])
        if id(within[0]) in done:
            continue
        done.add(id(within[0]))
        name = part.name if len(within) == 1 else f"{part.name}至{within[-1].name}"
        mine = [each for each in within if any(each is one for one in planned.parts)]
        scopes.append((name, [below for each in mine for below in each.walk()]))
    return scopes


def _all_hits(
    planned: Plan, parts: list[Part], old: str, notes: list[str]
) -> list[tuple[Part, int, int]]:
    """Where the words stand in the parts, those of other texts' titles left out."""
    each = planned.instruction
    hits = [
        (part, start, end)
        for part in parts
        for start, end in _hits(part, old, each.news[0] if each.news else "")
    ]
    if len(each.places) == 1 and each.places[0].sentence and not each.once:
        hits = _within(planned.parts[0], each.places[0].sentence, hits)
    if not each.places and each.everywhere:
        hits = _outside_titles(hits, old, notes)
    return hits


def _within(
    part: Part, number: int, hits: list[tuple[Part, int, int]]
) -> list[tuple[Part, int, int]]:
    """Those that stand in one sentence."""
    try:
        first, last = sentence_of(part, number)
    except NotFound:
        return []
    return [hit for hit in hits if first <= hit[1] and hit[2] <= last]


def _by_new_number(
    planned: Plan, old: str, notes: list[str]
) -> list[tuple[str, list[Part]]] | None:
    """原第二款作为第三款，并将第三款中的…: the 款 that another instruction makes the third."""
    part = planned.parts[0]
    if part.parent is None or any(_hits(each, old) for each in part.walk()):
        return None
    renamed = [each for each in part.parent.children if each.says == part.was and each is not part]
    if len(renamed) != 1 or not any(_hits(each, old) for each in renamed[0].walk()):
        return None
    notes.append(f"{part.name}中的“{old[:40]}”在改序前的{renamed[0].name}，已在该处替换，请核对")
    return [(renamed[0].name, list(renamed[0].walk()))]


def _slip(
    tree: Tree, planned: Plan, old: str, notes: list[str]
) -> list[tuple[str, list[Part]]] | None:
    """A miscounted 款: the quoted words stand once in the whole text, in the article named."""
    part = planned.parts[0]
    article = part.parent
    if part.level is not Level.PARAGRAPH or article is None or len(old) < _DISTINCT:
        return None
    if article.level is not Level.ARTICLE or any(_hits(each, old) for each in part.walk()):
        return None
    hits = [each for each in _everywhere(tree) for _ in _hits(each, old)]
    if len(hits) != 1 or not any(each is article for each in hits[0].above()):
        return None
    there = hits[0].place
    notes.append(f"{part.old}中没有“{old[:40]}”，全文只在{there}有一处，已在该处替换，请核对款号")
    return [(str(there), [hits[0]])]


def _cause(each: Instruction) -> str:
    return f"指令{each.span.start}"


def _reason(each: Instruction, where: str, old: str, hits: int) -> str:
    short = old if len(old) <= 40 else f"{old[:40]}…"
    if not hits:
        return f"{where}中没有“{short}”，请核对原文"
    if hits > 1 and each.kind is Kind.INSERT_TEXT:
        return f"{where}中有{hits}处“{short}”，没有写明在哪一处增加"
    if hits > 1 and each.once:
        return f"{where}中有{hits}处“{short}”，没有写明修改哪一处"
    if hits > 1 and not each.places and not each.everywhere:
        return f"全文有{hits}处“{short}”，没有写明修改哪一处"
    return ""


def _everywhere(tree: Tree) -> list[Part]:
    """All parts but the title, what stands above the 引言 (题注), and signatures."""
    return [
        part
        for part in tree.root.walk()
        if part.level is not Level.TITLE
        and part.role not in {"题注", "落款"}
        and (part.level is not Level.PREFACE or part.role)
    ]


def _outside_titles(
    hits: list[tuple[Part, int, int]], old: str, notes: list[str]
) -> list[tuple[Part, int, int]]:
    """全文统一修改 does not reach into the titles of other documents."""
    kept: list[tuple[Part, int, int]] = []
    for part, start, end in hits:
        raw = part.raw
        opened = raw.rfind("《", 0, start)
        closed = raw.find("》", end)
        inside = opened >= 0 and closed >= 0 and "》" not in raw[opened:start]
        if inside and "《" not in raw[end:closed]:
            notes.append(
                f"{raw[opened : closed + 1][:60]}是文件名称，其中的“{old[:20]}”没有替换，请核对"
            )
        else:
            kept.append((part, start, end))
    return kept


def _hits(part: Part, old: str, new: str = "") -> list[tuple[int, int]]:
    """Where the words stand in the old text of a part, at first letter for letter."""
    offsets: list[tuple[int, str]] = []
    at = 0
    for run in part.runs:
        if run.at >= 0:
            offsets.append((at, run.text))
        at += len(run.text)
    skip = 0
    heading = (
        part.level is not Level.ARTICLE
        and old.startswith(part.label)
        and new.startswith(part.label)
    )
    if part.level in _LABELLED and part.label and not heading:
        skip = part.raw.find(part.label) + len(part.label)
    exact = [
        (start + hit, start + hit + len(old))
        for start, text in offsets
        for hit in _finds(text, old)
        if start + hit >= skip
    ]
    if exact:
        return exact
    plain, _ = _plain(old)
    if not plain:
        return []
    loose: list[tuple[int, int]] = []
    for start, text in offsets:
        folded, places = _plain(text)
        for hit in _finds(folded, plain):
            first, last = places[hit], places[hit + len(plain) - 1]
            if start + first >= skip:
                loose.append((start + first, start + last + 1))
    return loose


def _finds(text: str, words: str) -> Iterable[int]:
    at = text.find(words) if words else -1
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


def _plain(text: str) -> tuple[str, list[int]]:
    """Fold width, white space and quotation marks, with the place of every character."""
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        if sign.isspace():
            continue
        folded = unicodedata.normalize("NFKC", sign)
        signs.append((folded if len(folded) == 1 else sign).translate(_QUOTES))
        places.append(at)
    return "".join(signs), places


def _at_end(planned: Plan) -> None:
    """Add words at the end of one 款 or 项."""
    part = planned.parts[0]
    while len(part.children) == 1 and part.level is Level.ARTICLE:
        part = part.children[0]
    if part.children or part.level is Level.ARTICLE:
        planned.fail("没有写明在哪一款的末尾增加")
        return
    raw = part.raw
    end = len(raw) - len(trail_of(raw))
    if end <= len(lead_of(raw)):
        planned.fail("没有可以在末尾增加文字的内容")
        return
    planned.before = raw[max(0, end - 20) : end]
    part.edit(end, end, planned.instruction.news[0], _cause(planned.instruction))
    planned.done.append(part)
