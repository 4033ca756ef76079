"""Approval chains (审核链): whose turn it is, level by level, none skipped.

One person holds one level of one document. A level counts since the text was last sent back or
changed. The last level is the 签发.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policylib.model.event import Event
from policylib.model.ruleset import Chain, ChainLevel, RuleSet
from policylib.model.vocabulary import Act
from policylib.workflow.rules import Facts, fits

__all__ = ["PLAIN", "Turn", "chain_for", "held", "turn"]

#: The chain of a library that has chosen none: one reviewer, one signer.
PLAIN = Chain(
    name="审核签发", levels=(ChainLevel(name="审核"), ChainLevel(name="签发")), source="通行做法"
)
_LEVELS = {Act.REVIEW, Act.SIGN}
#: After these the text is another one, and has to be reviewed anew.
_STARTS_ANEW = {Act.RETURN, Act.REVISE, Act.DRAFT, Act.PROPOSE}


@dataclass(frozen=True, slots=True)
class Turn:
    """The level of a chain that an act completes, or the reasons why it may not (Chinese)."""

    level: ChainLevel | None
    chain: str
    reasons: tuple[str, ...] = ()


def chain_for(ruleset: RuleSet, facts: Facts) -> Chain:
    """The chain of a document: the first of the rule-set that applies to it, else :data:`PLAIN`."""
    every = (chain for each in ruleset.lineage() for chain in each.chains)
    return next((each for each in every if each.applies_to and fits(each.applies_to, facts)), PLAIN)


def held(events: Iterable[Event]) -> tuple[tuple[str, str], ...]:
    """The levels that are done, as ``(level, officer)``, since the text is what it is."""
    found: list[tuple[str, str]] = []
    for event in events:
        if event.act in _STARTS_ANEW:
            found.clear()
        elif event.act in _LEVELS:
            found.append((str(event.detail.get("level", event.act)), event.actor))
    return tuple(found)


def turn(chain: Chain, events: Iterable[Event], act: Act, by: str) -> Turn:
    """Which level of ``chain`` ``by`` completes with 审核 or 签发; other acts complete none."""
    if act not in _LEVELS:
        return Turn(None, chain.name)
    done = held(events)
    *reviews, last = chain.levels
    count = len(done)
    if act is Act.REVIEW and count >= len(reviews):
        reason = f"“{chain.name}”的{_names(reviews)}已经完成，下一步是{_say(last)}：签发"
        return Turn(None, chain.name, (reason,))
    if act is Act.SIGN and count < len(reviews):
        reason = f"“{chain.name}”还没有完成{_names(reviews[count:])}，不能跳过直接签发"
        return Turn(None, chain.name, (reason,))
    level = reviews[count] if act is Act.REVIEW else last
    mine = next((name for name, officer in done if officer == by), None)
    if mine is not None:
        reason = (
            f"{by}已经办理本文件的“{mine}”，不能再办理“{level.name}”；一人只能承担一级，请换人办理"
        )
        return Turn(None, chain.name, (reason,))
    return Turn(level, chain.name)


def _names(levels: Iterable[ChainLevel]) -> str:
    return "、".join(_say(each) for each in levels)


def _say(level: ChainLevel) -> str:
    return f"“{level.name}”（{level.role}）" if level.role else f"“{level.name}”"
