"""What a phrase stands for (用语与事实): conditions in their written form, from the groups of a match."""

from __future__ import annotations

from collections.abc import Mapping

from policylib.matching.proposing.figures import bounds, period
from policylib.matching.proposing.tokens import Draft, Entry, Kind, Maker

__all__ = [
    "Groups",
    "both",
    "either",
    "graded",
    "has",
    "measured",
    "months",
    "no",
    "noun",
    "said",
    "since",
    "under",
    "word",
    "yes",
]

Groups = Mapping[str, str | None]


def said(keys: str, pattern: str, make: Maker) -> Entry:
    """A phrase that says something of people or bodies; one of ``keys`` must be there."""
    return Entry(Kind.SAID, tuple(keys.split("|")), pattern, make)


def noun(keys: str, pattern: str, make: Maker) -> Entry:
    """A phrase that names people or bodies of a kind."""
    return Entry(Kind.NOUN, tuple(keys.split("|")), pattern, make)


def yes(fact: str) -> Maker:
    """A yes-or-no fact that must hold."""
    return lambda _: {"fact": fact, "equals": True}


def no(fact: str) -> Maker:
    """A yes-or-no fact that must not hold."""
    return lambda _: {"fact": fact, "equals": False}


def word(fact: str, *values: str) -> Maker:
    """A fact with one of several words."""
    if len(values) == 1:
        return lambda _: {"fact": fact, "equals": values[0]}
    return lambda _: {"fact": fact, "among": list(values)}


def has(fact: str, value: str) -> Maker:
    """A fact with many words that must have one."""
    return lambda _: {"fact": fact, "has": [value]}


def both(*makers: Maker) -> Maker:
    """Several facts that must all hold."""

    def make(groups: Groups) -> Draft | None:
        drafts = [each(groups) for each in makers]
        return {"all": drafts} if all(drafts) else None

    return make


def either(*makers: Maker) -> Maker:
    """Several facts of which one must hold."""

    def make(groups: Groups) -> Draft | None:
        drafts = [each(groups) for each in makers]
        if not all(drafts):
            return None
        return drafts[0] if len(drafts) == 1 else {"any": drafts}

    return make


def measured(fact: str, unit: str, exclusive: frozenset[str], group: str = "figure") -> Maker:
    """A figure with its bounds."""

    def make(groups: Groups) -> Draft | None:
        tests = bounds(groups[group] or "", unit, exclusive)
        return {"fact": fact, **tests} if tests else None

    return make


def months(fact: str, exclusive: frozenset[str], group: str = "figure") -> Maker:
    """A length of time kept as a number of months."""

    def make(groups: Groups) -> Draft | None:
        said = groups[group] or ""
        if "半年" in said:
            said = said.replace("半年", "6个月")
        unit = "年" if "年" in said else "个月"
        tests = bounds(said, unit, exclusive)
        return {"fact": fact, **tests} if tests else None

    return make


def since(fact: str, test: str) -> Maker:
    """The day of judgment against a day moved by the period ``n`` ``u``."""

    def make(groups: Groups) -> Draft | None:
        by = period(groups["n"] or "", groups["u"] or "")
        return {"of": "判断日", test: {"shift": fact, "by": by}} if by else None

    return make


def under(fact: str, group: str = "place") -> Maker:
    """A district; the code is put in where the place is known."""
    return lambda groups: {"fact": fact, "under": [f"@{groups[group]}"]}


def graded(fact: str, order: tuple[str, ...], at: str, *, above: bool) -> Draft:
    """One word of an order, or that and all above it."""
    values = list(order[order.index(at) :]) if above else [at]
    return {"fact": fact, "equals": at} if len(values) == 1 else {"fact": fact, "among": values}
