"""Measures that a text may hold (事项草案), with the words each fact rests on, for an officer to confirm."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from policylib.model.document import Value, Word
from policylib.model.measure import Measure
from policylib.text.locator import Locator

__all__ = ["Evidence", "Leftover", "Proposal", "Proposals"]

_Span = Annotated[tuple[int, int], Field(title="位置", description="正文中的起止字符")]


class Evidence(Value):
    """One fact that is proposed, and where the text says it (提取的事实).

    ``condition`` is the test as in the measure. ``alternative`` marks one of several ways (符合之一,
    分档), ``excluded`` what must not hold.
    """

    condition: Annotated[dict[str, Any], Field(title="条件")]
    alternative: Annotated[bool, Field(title="几种情形之一")] = False
    excluded: Annotated[bool, Field(title="除外情形")] = False
    provision: Annotated[Locator | None, Field(title="条款")] = None
    span: _Span
    quote: Annotated[str, Field(title="原文")]


class Leftover(Value):
    """Words that are left to the officer, and why (留待人工)."""

    provision: Annotated[Locator | None, Field(title="条款")] = None
    span: _Span
    quote: Annotated[str, Field(title="原文")]
    reason: Annotated[Word, Field(title="原因")]


class Proposal(Value):
    """A measure as it may be written (事项草案); it counts for nothing until it is confirmed."""

    measure: Annotated[Measure, Field(title="事项")]
    evidence: Annotated[tuple[Evidence, ...], Field(title="依据")] = ()
    leftover: Annotated[tuple[Leftover, ...], Field(title="留待人工")] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing of its clauses was left to the officer."""
        return not self.leftover


class Proposals(Value):
    """What a text proposes (提取结果): measures, and what belongs to none of them."""

    proposals: Annotated[tuple[Proposal, ...], Field(title="事项草案")] = ()
    leftover: Annotated[tuple[Leftover, ...], Field(title="留待人工")] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every fact that is proposed, in the order of the text, each once."""
        seen: dict[str, Evidence] = {}
        for proposal in self.proposals:
            for each in proposal.evidence:
                seen.setdefault(f"{each.span}{each.condition}", each)
        return tuple(sorted(seen.values(), key=lambda each: each.span))
