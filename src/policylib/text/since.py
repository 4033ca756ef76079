r"""Since when a provision reads as it does (条文沿革): by comparing each text with the one before.

>>> texts = [
...     (None, "第一条 补助60元。\n第二条 自公布之日起施行。", None),
...     (date(2024, 7, 1), "第一条 补助90元。\n第二条 自公布之日起施行。", "决定1"),
... ]
>>> [(str(each.locator), each.day, each.by) for each in since(texts)]
[('第一条', datetime.date(2024, 7, 1), '决定1'), ('第二条', None, None)]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from policylib.errors import ParseError
from policylib.text.comparing import ChangeKind, Comparison, Unit, compare, units
from policylib.text.locator import Locator
from policylib.text.span import Span

__all__ = ["Since", "since"]


@dataclass(frozen=True, slots=True)
class Since:
    """Since when, and by which decision, a provision has its words (自何时起).

    ``edition`` counts the texts from 0; ``day`` and ``by`` are those given with that text.
    ``parts`` tell the same of the 款, 项 and 目 of an article: a later day of the article itself
    means that one of them was changed, added or removed.
    """

    locator: Locator
    span: Span
    edition: int
    day: date | None
    by: str | None
    parts: tuple[Since, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "provision": str(self.locator),
            "span": list(self.span),
            "edition": self.edition,
            "day": self.day.isoformat() if self.day else None,
            "by": self.by,
            "parts": [part.as_dict() for part in self.parts],
        }


def since(editions: Sequence[tuple[date | None, str, str | None]]) -> tuple[Since, ...]:
    """Since when each provision of the last text reads as it does now (条文自何时起如此).

    ``editions`` are the texts in their order: the day from which one is in force, its words, and
    the id of the decision that made it, ``None`` for the first. A provision is followed through
    other numbers and places; blanks do not count. One that was changed and changed back reads so
    since it was changed back. Raises :class:`~policylib.errors.ParseError` when the days fall.
    """
    days = [day for day, _, _ in editions if day]
    if any(later < earlier for earlier, later in pairwise(days)):
        raise ParseError("各版本的施行日期应由早到晚排列，请按先后顺序提供")
    if not editions:
        return ()
    begun: dict[Span, int] = {}
    outlined = units(editions[0][1])
    for number, ((_, old, _), (_, new, _)) in enumerate(pairwise(editions), 1):
        earlier, outlined = outlined, units(new)
        begun = _carried(compare(old, new), (earlier, outlined), begun, number)
    return tuple(_since(unit, begun, editions) for unit in outlined)


def _carried(
    comparison: Comparison,
    both: tuple[list[Unit], list[Unit]],
    begun: dict[Span, int],
    number: int,
) -> dict[Span, int]:
    """The text since which each provision and part of the text ``number`` reads as it does."""
    old, new = ({unit.span: unit for unit in each} for each in both)
    found: dict[Span, int] = {}
    for change in comparison.provisions:
        if change.after_span is None:
            continue
        unit = new[change.after_span]
        was = old[change.before_span] if change.before_span else None
        if was and was.key == unit.key:
            found[unit.span] = begun.get(was.span, 0)
            for part, before in zip(unit.parts, was.parts, strict=True):
                found[part.span] = begun.get(before.span, 0)
            continue
        found[unit.span] = number
        kept = {
            part.after_span: part.before_span
            for part in change.parts
            if part.after_span and part.before_span and part.kind is not ChangeKind.MODIFIED
        }
        for part in unit.parts:
            before_span = kept.get(part.span)
            found[part.span] = number if before_span is None else begun.get(before_span, 0)
    return found


def _since(
    unit: Unit,
    begun: dict[Span, int],
    editions: Sequence[tuple[date | None, str, str | None]],
) -> Since:
    number = begun.get(unit.span, 0)
    day, _, by = editions[number]
    parts = (part for part in unit.parts if part.key)
    told = tuple(_since(part, begun, editions) for part in parts)
    return Since(unit.locator, unit.span, number, day, by, told)
