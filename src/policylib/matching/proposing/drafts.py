"""Drafts of conditions (条件草稿): their facts, their place in the text, and what they ask twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policylib.matching.proposing.tokens import Draft

__all__ = ["GROUPS", "PLACE", "facts", "joined", "span", "unlike"]

#: Keys of conditions that hold others.
GROUPS = ("all", "any", "none")
#: The key of a draft's place in the text.
PLACE = "@"


def span(draft: Draft) -> tuple[int, int]:
    """From where to where the words of a draft stand."""
    if PLACE in draft:
        start, end = draft[PLACE]
        return start, end
    spans = [span(each) for key in GROUPS for each in draft.get(key, ())]
    return min(start for start, _ in spans), max(end for _, end in spans)


def facts(draft: Draft) -> Iterator[str]:
    """The facts of the subject that a draft asks for, also as days moved by a period."""
    for key in GROUPS:
        for each in draft.get(key, ()):
            yield from facts(each)
    if "fact" in draft:
        yield draft["fact"]
    for key in ("at_least", "at_most"):
        if isinstance(draft.get(key), dict) and "shift" in draft[key]:
            yield draft[key]["shift"]


def joined(drafts: Iterable[Draft], key: str = "all") -> Draft:
    """Several drafts as one."""
    every = list(drafts)
    return every[0] if len(every) == 1 else {key: every}


def _tests(draft: Draft, *, either: bool = False) -> Iterator[tuple[str, str]]:
    """The facts a draft asks for, with how; of alternatives only those that ask for words."""
    for key in ("all", "any"):
        for each in draft.get(key, ()):
            yield from _tests(each, either=either or key == "any")
    if "fact" in draft and (not either or "equals" in draft or "among" in draft):
        said = {key: value for key, value in draft.items() if key not in (PLACE, "fact")}
        yield draft["fact"], str(sorted(said.items(), key=lambda each: each[0]))


def unlike(drafts: list[Draft]) -> set[int]:
    """Which drafts ask different things of one fact.

    A lower and an upper bound go together; different words do not, even as alternatives: the text
    has cases that were not understood.
    """
    asked: dict[str, list[tuple[int, str]]] = {}
    for at, draft in enumerate(drafts):
        for fact, test in _tests(draft):
            asked.setdefault(fact, []).append((at, test))
    return {
        at
        for said in asked.values()
        if len({at for at, _ in said}) > 1 and not _one_range({test for _, test in said})
        for at, _ in said
    }


def _one_range(said: set[str]) -> bool:
    if len(said) == 1:
        return True
    low = [each for each in said if "at_least" in each or "above" in each]
    high = [each for each in said if "at_most" in each or "below" in each]
    return len(said) == 2 and len(low) == len(high) == 1
