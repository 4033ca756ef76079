"""What follows a new numbering (随之调整): labels, the place of the first 款, references, the 目录."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policylib.amending.contents import follow_contents
from policylib.amending.numbering import relabel
from policylib.amending.parts import Part, lead_of
from policylib.amending.references import Reference, Token, references, rewritten
from policylib.amending.values import Edit
from policylib.amending.work import Work
from policylib.text.locator import Level
from policylib.text.numerals import to_chinese
from policylib.text.span import Span

__all__ = ["follow"]

_FOLLOWS = "引用顺延"


def follow(work: Work, scope: Part, own: Callable[[str], bool]) -> list[Edit]:
    """Let labels and references follow the numbers that the parts have now (随之调整)."""
    edits: list[Edit] = []
    for part in work.tree.parts:
        if not part.deleted and (part.number, part.suffix) != part.was:
            edits.extend(_labels(part))
    for part in scope.walk():
        if part.stated == (0, 0) and not part.was[0]:
            relabel(part)
    for part in work.changed:
        if part.level is Level.ARTICLE and not part.deleted:
            _leads(work, part)
    if edits or any(part.deleted for part in work.tree.parts) or work.wanted or _renumbered(work):
        edits.extend(_references(work, scope, own))
        follow_contents(work)
    return edits


def _renumbered(work: Work) -> bool:
    """Whether 款, which bear no label, have other numbers."""
    return any((part.number, part.suffix) != part.was for part in work.tree.parts if part.was[0])


def _labels(part: Part) -> Iterator[Edit]:
    raw = part.raw
    at = raw.find(part.label) if part.label else -1
    old = part.label
    origin = part.origin(at, at + len(old)) if at >= 0 else -1
    relabel(part)
    if origin >= 0 and part.label != old:
        yield Edit(Span(origin, origin + len(old)), part.label, "序号顺延")


def _leads(work: Work, article: Part) -> None:
    """The first 款 stands on the line of the label, the others on lines of their own."""
    if article.raw.endswith("\n"):
        return
    live = [part for part in article.children if not part.deleted]
    for at, part in enumerate(live):
        lead = lead_of(part.raw)
        if at == 0 and lead:
            part.edit(0, len(lead), "", "段落位置")
        elif at and part.level is Level.PARAGRAPH and part.was[0] == 1 and not lead:
            part.edit(0, 0, work.tree.style.paragraph, "段落位置")


def _references(work: Work, scope: Part, own: Callable[[str], bool]) -> Iterator[Edit]:
    """Let references in old words follow; those in new words have the new numbers already."""
    articles = {
        part.was: part for part in work.tree.of(Level.ARTICLE) if part.was[0] and _in(part, scope)
    }
    chapters = {
        part.was: part for part in work.tree.of(Level.CHAPTER) if part.was[0] and _in(part, scope)
    }
    for part in list(work.tree.root.walk()):
        if part.level in {Level.TITLE, Level.CONTENTS} or (
            part.level is Level.PREFACE and not part.role
        ):
            continue
        if not any(run.at >= 0 for run in part.runs) or part.role == "落款":
            continue
        inside = _in(part, scope)
        edits: list[tuple[Token, Part]] = []
        raw = part.raw
        skip = raw.find(part.label) + len(part.label) if part.label else 0
        for reference in references(raw, own):
            if inside or reference.named:
                edits.extend(_followed(reference, part, articles, chapters))
        for token, target in reversed(edits):
            if token.start >= skip:
                yield from _follow(work, part, token, target)


def _in(part: Part, scope: Part) -> bool:
    for above in part.above():
        if above is scope:
            return True
        if above.level in {Level.TEXT, Level.ANNEX}:
            return False
    return False


def _followed(
    reference: Reference,
    part: Part,
    articles: dict[tuple[int, int], Part],
    chapters: dict[tuple[int, int], Part],
) -> Iterator[tuple[Token, Part]]:
    """The part of the base that each token of a reference means."""
    here = next((each for each in part.above() if each.level is Level.ARTICLE), None)
    paragraph: Part | None = None
    other = reference.before.endswith(("前条", "该条", "同条", "上条", "后条"))
    for token in reference.tokens:
        number = (token.number, token.suffix)
        target: Part | None = None
        if token.level is Level.ARTICLE:
            target = here = articles.get(number)
            other, paragraph = False, None
        elif token.level is Level.CHAPTER:
            target = chapters.get(number)
            other = True
        elif token.level is Level.PARAGRAPH and here is not None and not other:
            target = paragraph = _was(here.children, Level.PARAGRAPH, number)
        elif token.level is Level.ITEM and here is not None and not other:
            target = _item(reference, part, here, paragraph, number)
        if target is not None:
            yield token, target


def _item(
    reference: Reference, part: Part, here: Part, paragraph: Part | None, number: tuple[int, int]
) -> Part | None:
    if paragraph is None and reference.tokens[0].level is Level.ITEM:
        own = next((each for each in part.above() if each.level is Level.PARAGRAPH), None)
        if reference.before.endswith("前款") and own is not None:
            paragraph = _was(here.children, Level.PARAGRAPH, (own.was[0] - 1, 0))
            if paragraph is None:
                return None
    if paragraph is not None:
        return _was(paragraph.children, Level.ITEM, number)
    found = [
        item
        for child in here.children
        if (item := _was(child.children, Level.ITEM, number)) is not None
    ]
    return found[0] if len(found) == 1 else None


def _was(parts: list[Part], level: Level, number: tuple[int, int]) -> Part | None:
    return next((p for p in parts if p.level is level and p.was == number and p.was[0]), None)


def _follow(work: Work, part: Part, token: Token, target: Part) -> Iterator[Edit]:
    while target.deleted and id(target) in work.merged:
        target = work.merged[id(target)]
    origin = part.origin(token.start, token.end)
    if origin < 0:
        return
    if target.deleted:
        if target.parent is not None and target.parent.deleted:
            return
        where = next((each.old for each in part.above() if each.level is Level.ARTICLE), part.old)
        note = f"{where}引用了已删去的{target.old}，请核对"
        if note not in work.notes:
            work.notes.append(note)
        return
    was = (token.number, token.suffix)
    if (target.number, target.suffix) == was:
        return
    end = token.end
    if target.suffix != token.suffix and not _suffixed(part, token, target.suffix):
        work.notes.append(f"{part.old}引用的{target.old}已改为{target.place}，请核对")
        return
    written = part.raw[token.start : end]
    new = rewritten(written, target.number)
    if new != written:
        part.edit(token.start, end, new, _FOLLOWS)
        yield Edit(Span(origin, origin + len(written)), new, _FOLLOWS)


def _suffixed(part: Part, token: Token, suffix: int) -> bool:
    """Write 之一, write it anew or take it away; False where it is not clear how."""
    raw = part.raw
    if token.suffix_span is None:
        if raw[token.end : token.end + 1] != "条":
            return False
        part.edit(token.end + 1, token.end + 1, f"之{to_chinese(suffix)}", _FOLLOWS)
        return True
    start, end = token.suffix_span
    if part.origin(start, end) < 0:
        return False
    if suffix:
        part.edit(start, end, to_chinese(suffix), _FOLLOWS)
    else:
        part.edit(start - 1, end, "", _FOLLOWS)
    return True
