"""Where provisions stand in a later text (条款去向): for citations written before an amendment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from policylib.errors import ParseError
from policylib.text.comparing import Change, ChangeKind, compare
from policylib.text.locator import Level, Locator, Step

__all__ = ["Whereabouts", "from_article", "moved", "whereabouts"]


class Whereabouts(NamedTuple):
    """What became of an article or a part of one (条款去向); ``now`` is ``None`` when it is gone.

    ``reworded`` tells that its words changed too.
    """

    was: Locator
    now: Locator | None
    reworded: bool

    @property
    def misplaced(self) -> bool:
        """Whether a citation of it leads to another provision, or to none."""
        return self.now != self.was

    def without_paragraph(self, was: Locator) -> Whereabouts:
        """The same for a citation that leaves out 第一款."""
        steps = self.now.steps if self.now else ()
        if len(steps) > 1 and steps[1] == Step(Level.PARAGRAPH, 1):
            steps = (steps[0], *steps[2:])
        return Whereabouts(was, Locator(steps) if steps else None, self.reworded)

    def __str__(self) -> str:
        """What to tell whoever cites it."""
        if self.now is None:
            return f"{self.was}已删去"
        if not self.misplaced:
            return f"{self.was}文字有修改"
        return f"{self.was}现为{self.now}" + ("，文字也有修改" if self.reworded else "")


def whereabouts(before: str, after: str) -> dict[Locator, Whereabouts]:
    r"""What became of the articles of a text and their parts, where something did.

    Places are written as citations have them, from 条 on; a number that the text has twice (通知
    and the 办法 under it) is left out.

    >>> found = whereabouts("第一条 甲。\n第二条 乙。\n", "第一条 甲。\n第二条 新。\n第三条 乙。\n")
    >>> str(next(iter(found.values())))
    '第二条现为第三条'
    """
    found: dict[Locator, Whereabouts] = {}
    seen: set[Locator] = set()
    for change in _with_parts(compare(before, after).changes()):
        was = from_article(change.before)
        if was is None:
            continue
        if was in seen:
            found.pop(was, None)
            continue
        seen.add(was)
        now = from_article(change.after)
        reworded = change.kind is ChangeKind.MODIFIED
        if now != was or reworded:
            found[was] = Whereabouts(was, now, reworded)
    return found


def moved(place: str, gone: Mapping[Locator, Whereabouts]) -> Iterator[Whereabouts]:
    """What became of the provisions that a citation names (第三条第二款、第五条)."""
    try:
        places = Locator.parse_all(place)
    except ParseError:
        return
    for each in filter(None, map(from_article, places)):
        for written in (each, _in_first_paragraph(each)):
            if (exact := gone.get(written)) is not None:
                yield exact if written is each else exact.without_paragraph(each)
                break
        else:
            whole = Locator(each.steps[:1])
            outer = gone.get(whole)
            if outer is not None and outer.now != whole:
                now = Locator((*outer.now.steps, *each.steps[1:])) if outer.now else None
                yield Whereabouts(each, now, outer.reworded)


def _in_first_paragraph(place: Locator) -> Locator:
    """第六条第一款第（二）项 for 第六条第（二）项, as it is called where an article has one 款."""
    article, *rest = place.steps
    if rest and rest[0].level is Level.ITEM:
        return Locator((article, Step(Level.PARAGRAPH, 1), *rest))
    return place


def _with_parts(changes: Iterator[Change] | tuple[Change, ...]) -> Iterator[Change]:
    for change in changes:
        yield change
        yield from (part for part in change.parts if part.before != change.before)


def from_article(place: Locator | None) -> Locator | None:
    """A place without the 编 and 章 around it; ``None`` for what is no article or part of one.

    >>> str(from_article(Locator.parse("第二章第三条第一款")))
    '第三条第一款'
    """
    steps: tuple[Step, ...] = place.steps if place else ()
    for at, step in enumerate(steps):
        if step.level is Level.ARTICLE:
            return Locator(steps[at:])
    return None
