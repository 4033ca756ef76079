"""One clause read (条款读取): its conditions as drafts, its tiers, and what is left to the officer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from policylib.matching.proposing.amounts import amount, amounts
from policylib.matching.proposing.clauses import Clause, Role
from policylib.matching.proposing.joining import Found, Left, Reading, read
from policylib.matching.proposing.lexicon import Lexicon
from policylib.matching.proposing.tokens import Draft

__all__ = ["Tier", "Understood", "understand"]

_NAMED = re.compile(r"[^，。；、：]{0,14}?(?:补贴|补助|津贴|奖励|救助|资助|保险金|贴息|待遇|贷款)")
_LABEL = re.compile(r"[^，。；：]{2,16}。")
_OTHERWISE = re.compile(r"[^，。；、：]{0,10}(?:标准|金额)(?:为|是)?")


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
    _unlike(result)
    return result


def _unlike(result: Understood) -> None:
    """Leave what asks different things of one fact: the text has cases that were not understood.

    A lower and an upper bound go together; words of one fact do not, even as alternatives.
    """
    asked: dict[str, list[tuple[int, str]]] = {}
    for at, draft in enumerate(result.drafts):
        for fact, test in _tests(draft):
            asked.setdefault(fact, []).append((at, test))
    unlike = {
        at
        for said in asked.values()
        if len({at for at, _ in said}) > 1 and not _one_range({test for _, test in said})
        for at, _ in said
    }
    for at in sorted(unlike):
        span = _span(result.drafts[at])
        result.left.append(Left(*span, "同一事实有几种要求，请人工填写"))
    result.drafts = [each for at, each in enumerate(result.drafts) if at not in unlike]


def _tests(draft: Draft, *, either: bool = False) -> Iterator[tuple[str, str]]:
    for key in ("all", "any"):
        for each in draft.get(key, ()):
            yield from _tests(each, either=either or key == "any")
    if "fact" in draft and (not either or "equals" in draft or "among" in draft):
        said = {key: value for key, value in draft.items() if key not in ("@", "fact")}
        yield draft["fact"], str(sorted(said.items(), key=lambda each: each[0]))


def _one_range(said: set[str]) -> bool:
    """Whether tests are one, or a lower and an upper bound."""
    if len(said) == 1:
        return True
    low = [each for each in said if "at_least" in each or "above" in each]
    high = [each for each in said if "at_most" in each or "below" in each]
    return len(said) == 2 and len(low) == len(high) == 1


def _span(draft: Draft) -> tuple[int, int]:
    if "@" in draft:
        return int(draft["@"][0]), int(draft["@"][1])
    spans = [_span(each) for key in ("all", "any", "none") for each in draft.get(key, ())]
    return min(low for low, _ in spans), max(high for _, high in spans)


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
    return whole


def _drafts(part: Reading) -> list[Draft]:
    return [each.draft for each in part.found]


def _items(text: str, clause: Clause, lexicon: Lexicon, result: Understood) -> None:
    """Items that hold together or one of which must hold; rows with amounts are a scale."""
    if clause.hired:
        result.left += [Left(*item, "说的是招用的人员，请人工填写") for item in clause.items]
        return
    parts = [_read(text, each, lexicon, item=True) for each in clause.items]
    ways = [_drafts(part) for part in parts]
    for part in parts:
        result.left += part.left
    for inner in clause.nested:
        found = understand(text, inner, lexicon)
        ways.append(found.drafts)
        result.left += found.left
    for item, way in zip(clause.items, ways, strict=False):
        if not way and text[slice(*item)].strip():
            covered = any(item[0] <= each.start < item[1] for each in result.left)
            if not covered:
                result.left.append(Left(*item, "词表中没有能确定对应的事实"))
    if clause.role is Role.ALL:
        result.drafts += [draft for way in ways for draft in way]
        return
    alternatives = [way[0] if len(way) == 1 else {"all": way} for way in ways if way]
    if alternatives:
        result.drafts.append(
            {"any": alternatives} if len(alternatives) > 1 or len(ways) > 1 else alternatives[0]
        )
    if clause.items and all(len(amounts(text, *item)) == 1 for item in clause.items):
        tiers = Understood(clause)
        _scale(text, clause.items, lexicon, tiers)
        result.tiers = tiers.tiers


def _exclusions(text: str, clause: Clause, lexicon: Lexicon, result: Understood) -> None:
    """What must not hold: only items that are understood as a whole."""
    for item in clause.items:
        part = _read(text, item, lexicon)
        drafts = _drafts(part)
        if not drafts:
            result.left += part.left or (
                [Left(*item, "词表中没有能确定对应的事实")] if len(clause.items) > 1 else []
            )
        elif part.left:
            result.left.append(Left(*item, "除外情形没有全部看懂，请人工填写"))
        else:
            result.excluded.append(drafts[0] if len(drafts) == 1 else {"all": drafts})


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
        if part.left or not part.found:
            result.left += part.left or [Left(start, end, "词表中没有能确定对应的事实")]
            return
        tiers.append(Tier(tuple(part.found), rule, start, end))
    result.tiers = tiers


def _condition_end(text: str, start: int, end: int) -> int:
    """Where the words of a row end and those of its amount begin."""
    words = text[start:end]
    cut = re.search(
        r"，?(?:按照?)?(?:给予|一次性|每人|每户|每生|每月|每年|补贴|补助|奖励|发放|奖补|按照?|最高|不超过|标准为|为)",
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
        result.drafts = [each for each in result.drafts if _reach(each) < first]
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


def _reach(draft: Draft) -> int:
    if "@" in draft:
        return int(draft["@"][0])
    return min(_reach(each) for key in ("all", "any", "none") for each in draft.get(key, ()))


def _row_start(text: str, start: int, end: int) -> int:
    """A row of a scale begins behind the rest of the row before it."""
    head = re.match(r"[^，、；。]{0,20}(?:[，、；。]|\Z)\s?(?:其中)?[，：]?", text[start:end])
    return start + (head.end() if head and head.end() < end - start else 0)
