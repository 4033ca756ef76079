"""Gaps, repeats and disorder in the numbering of a body (编号问题)."""

from __future__ import annotations

from collections.abc import Sequence

from policylib.text.locator import Level, Step
from policylib.text.span import Span
from policylib.text.structure import Node

__all__ = ["numbering_problems"]

_SERIAL = {Level.CHAPTER, Level.SECTION, Level.BOOK, Level.ITEM, Level.HEADING1, Level.HEADING2}


def numbering_problems(nodes: Sequence[Node]) -> list[tuple[Span, str]]:
    """Compare each number with the one before it in its series.

    条 run through a text; 项 are counted under their 款; 章, 一、 and （一） may run on over the
    whole text or begin again under each parent. The span is the number's
    own label.
    """
    last: dict[tuple[Level, int], Node] = {}  # by level and parent, and by level and text
    series: list[int] = []  # of each node, the text or annex it stands in
    problems: list[tuple[Span, str]] = []
    for index, node in enumerate(nodes):
        outer = series[node.parent] if node.parent >= 0 else -1
        series.append(index if node.level in {Level.TEXT, Level.ANNEX} else outer)
        if node.level is Level.ARTICLE:
            group = outer
        elif node.level in _SERIAL:
            group = node.parent
        else:
            continue
        key = (node.level, group)
        running = last.get((node.level, outer))
        before = last.get(key)
        if before is None and running is not None and node.level is not Level.ITEM:
            goes_on = node.number == running.number + 1
            before = running if goes_on else None
        message = _compare(before, node)
        last[key] = last[node.level, outer] = node
        if message:
            problems.append((Span(node.start, node.text), message))
    return problems


def _compare(before: Node | None, node: Node) -> str:
    """Say what is wrong with a number that follows ``before``."""
    here = _named(node.level, node.number, node.suffix)
    if before is None:
        if node.number == 1:
            return ""
        first = _named(node.level, 1, 0)
        return f"编号应从“{first}”开始，现为“{here}”，请核对是否缺漏"
    was, now = (before.number, before.suffix), (node.number, node.suffix)
    there = _named(node.level, *was)
    if now == was:
        return f"“{here}”重复，请核对编号"
    if now < was:
        return f"“{here}”排在“{there}”之后，顺序不对，请核对编号"
    expected = (was[0], was[1] + 1) if node.suffix and was[0] == now[0] else (was[0] + 1, 0)
    if now == expected or (node.suffix == 1 and now[0] == was[0]):
        return ""
    wanted = _named(node.level, *expected)
    return f"“{there}”之后应为“{wanted}”，现为“{here}”，请核对是否缺漏"


def _named(level: Level, number: int, suffix: int) -> str:
    return str(Step(level, number, suffix))
