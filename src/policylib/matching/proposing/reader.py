"""One clause read (条款读取): its conditions as drafts, its tiers, and what is left to the officer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from policylib.matching.proposing.amounts import amount, amounts
from policylib.matching.proposing.clauses import Clause, Role
from policylib.matching.proposing.drafts import joined, span, unlike
from policylib.matching.proposing.joining import Found, Left, Reading, read
from policylib.matching.proposing.lexicon import Lexicon
from policylib.matching.proposing.tokens import Draft

__all__ = ["Tier", "Understood", "understand"]

_EXCEPT = re.compile(r"除外|，但(?!每|最高|不超过|总额|累计)|例外")
_LABEL = re.compile(r"[^，。；：]{2,16}。")


@dataclass(frozen=True, slots=True)
class Tier:
    """One row of a scale (一档): the conditions of the row, and its amount rule."""

    found: tuple[Found, ...]
    rule: dict[str, Any]
    start: int
    end: int


@dataclass(slots=True)
class Understood:
    """What a clause says (读得的条款)."""

    clause: Clause
    drafts: list[Draft] = field(default_factory=list)
    excluded: list[Draft] = field(default_factory=list)
    tiers: list[Tier] = field(default_factory=list)
    rule: dict[str, Any] | None = None
    rule_span: tuple[int, int] | None = None
    left: list[Left] = field(default_factory=list)

    @property
    def says(self) -> bool:
        """Whether anything certain was found."""
        return bool(self.drafts or self.excluded or self.tiers)


def understand(text: str, clause: Clause, lexicon: Lexicon) -> Understood:
    """Read a clause."""
    result = Understood(clause)
    for zone in clause.zones:
        part = _read(text, zone, lexicon)
        result.drafts += _drafts(part)
        result.left += part.left
    if clause.role is Role.NONE:
        _exclusions(text, clause, lexicon, result)
    elif clause.role is Role.TIERS:
        _scale(text, clause.items, lexicon, result)
    elif clause.items or clause.nested:
        _items(text, clause, lexicon, result)
    if clause.tail and clause.role is not Role.NONE and not result.tiers:
        _offer(text, clause, lexicon, result)
        if _EXCEPT.search(text, *clause.tail):
            result.left.append(Left(*clause.tail, "有例外情形，请人工填写"))
    _unlike(result)
    return result


def _unlike(result: Understood) -> None:
    """Leave what asks different things of one fact."""
    found = unlike(result.drafts)
    for at in sorted(found):
        result.left.append(Left(*span(result.drafts[at]), "同一事实有几种要求，请人工填写"))
    result.drafts = [each for at, each in enumerate(result.drafts) if at not in found]


def _read(text: str, zone: tuple[int, int], lexicon: Lexicon, *, item: bool = False) -> Reading:
    start, end = zone
    label = _LABEL.match(text, start, end)
    if label is not None and label.end() < end:
        start = label.end()
    whole = Reading()
    for match in re.finditer(r"[^。；]+", text[start:end]):
        begin, stop = start + match.start(), min(start + match.end(), start + match.start() + 1_000)
        part = read(text, lexicon.tokens(text, begin, stop), item=item)
        if part.by_cases:
            return Reading(left=[Left(start, end, "分情形的要求，请人工填写")])
        whole.found += part.found
        whole.left += part.left
        whole.dropped = whole.dropped or part.dropped
    return whole


def _drafts(part: Reading) -> list[Draft]:
    return [each.draft for each in part.found]


def _items(text: str, clause: Clause, lexicon: Lexicon, result: Understood) -> None:
    """Items that hold together or one of which must hold; rows with amounts are a scale."""
    if clause.hired:
        result.left += [Left(*item, "说的是招用的人员，请人工填写") for item in clause.items]
        return
    parts = [_read(text, _asked(text, each), lexicon, item=True) for each in clause.items]
    ways = [_drafts(part) for part in parts]
    for part in parts:
        result.left += part.left
    for inner in clause.nested:
        found = understand(text, inner, lexicon)
        ways.append(found.drafts)
        result.left += found.left
    for item, way, part in zip(clause.items, ways, parts, strict=False):
        if not way and not part.left and text[slice(*item)].strip():
            result.left.append(Left(*item, "词表中没有能确定对应的事实"))
    if clause.role is Role.ALL:
        result.drafts += [draft for way in ways for draft in way]
        return
    alternatives = [joined(way) for way in ways if way]
    if alternatives:
        result.drafts.append(
            {"any": alternatives} if len(alternatives) > 1 or len(ways) > 1 else alternatives[0]
        )
    if clause.items and all(len(amounts(text, *item)) == 1 for item in clause.items):
        tiers = Understood(clause)
        _scale(text, clause.items, lexicon, tiers)
        result.tiers = tiers.tiers


def _asked(text: str, item: tuple[int, int]) -> tuple[int, int]:
    """An item without the amount behind its condition (…的，每人每月90元)."""
    figures = amounts(text, *item)
    if len(figures) != 1:
        return item
    return item[0], _condition_end(text, item[0], figures[0].start())


def _exclusions(text: str, clause: Clause, lexicon: Lexicon, result: Understood) -> None:
    """What must not hold: only items that are understood as a whole."""
    for item in clause.items:
        part = _read(text, item, lexicon)
        drafts = _drafts(part)
        if not drafts:
            result.left += part.left or (
                [Left(*item, "词表中没有能确定对应的事实")] if len(clause.items) > 1 else []
            )
        elif not part.whole:
            result.left.append(Left(*item, "除外情形没有全部看懂，请人工填写"))
        else:
            result.excluded.append(joined(drafts))


def _scale(text: str, items: list[tuple[int, int]], lexicon: Lexicon, result: Understood) -> None:
    """Rows with a condition and an amount each: all rows must be understood."""
    tiers: list[Tier] = []
    for start, end in items:
        figures = amounts(text, start, end)
        rule = amount(text, start, end)
        if rule is None:
            if len(items) > 1:
                result.left.append(Left(start, end, "分档标准没有全部看懂，请人工填写"))
            return
        stop = _condition_end(text, start, figures[0].start())
        part = _read(text, (start, stop), lexicon)
        if not part.whole or not part.found:
            result.left += part.left or [Left(start, end, "词表中没有能确定对应的事实")]
            return
        tiers.append(Tier(tuple(part.found), rule, start, end))
    result.tiers = tiers


def _condition_end(text: str, start: int, end: int) -> int:
    """Where the words of a row end and those of its amount begin."""
    words = text[start:end]
    cut = re.search(
        r"，?(?:按照?)?(?:给予|一次性|每人|每户|每生|每月|每年|补贴|补助|奖励|发放|奖补|按照?|最高|不超过|标准为|为\s*\Z)",
        words,
    )
    return start + cut.start() if cut else end


def _offer(text: str, clause: Clause, lexicon: Lexicon, result: Understood) -> None:
    """The amount in the rest of the sentence: one figure, or a scale in a row."""
    start, end = clause.tail or (0, 0)
    rule = amount(text, start, end)
    if rule is not None:
        result.rule, result.rule_span = rule, (start, end)
        return
    figures = amounts(text, start, end)
    if len(figures) < 2:
        return
    if "分别" in text[start:end]:
        result.left.append(Left(start, end, "金额与对象分别对应，请人工填写"))
        return
    rows = [
        (_row_start(text, before.end(), figure.start()), figure.end())
        for before, figure in pairwise(figures)
    ]
    first = _first_row(text, clause, start, figures[0].start())
    rows.insert(0, (first, figures[0].end()))
    tiers = Understood(clause)
    _scale(text, rows, lexicon, tiers)
    result.tiers = tiers.tiers
    if first < start and (tiers.tiers or any(_says(text, row, lexicon) for row in rows[1:])):
        # the words before the first figure are those of its row, not of the whole
        result.drafts = [each for each in result.drafts if span(each)[0] < first]
        result.left += tiers.left
    elif tiers.left and any(_says(text, row, lexicon) for row in rows):
        result.left += tiers.left


def _first_row(text: str, clause: Clause, start: int, end: int) -> int:
    """Where the first row of a scale begins: behind 其中 or 按照, else with its own words."""
    within = list(re.finditer(r"其中[，：]?|按照?|标准为?[，：]?|[。；：，]", text[start:end]))
    if within and re.search(r"[^，。；：\s]", text[start + within[-1].end() : end]):
        words = text[start + within[-1].end() : end]
        if not re.fullmatch(
            r"[^，]{0,12}(?:给予|补贴|补助|奖励|发放|享受|标准为?|为|一次性)", words
        ):
            return start + within[-1].end()
    zone = clause.zones[-1] if clause.zones else (start, start)
    cut = max(text.rfind(mark, *zone) for mark in "，；。：")
    return cut + 1 if cut >= 0 else zone[0]


def _says(text: str, zone: tuple[int, int], lexicon: Lexicon) -> bool:
    return any(each.is_fact for each in lexicon.tokens(text, *zone))


def _row_start(text: str, start: int, end: int) -> int:
    """A row of a scale begins behind the rest of the row before it."""
    head = re.match(r"[^，、；。]{0,20}(?:[，、；。]|\Z)\s?(?:其中)?[，：]?", text[start:end])
    return start + (head.end() if head and head.end() < end - start else 0)
