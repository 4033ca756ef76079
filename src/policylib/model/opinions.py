"""Counting opinions (意见统计): derived from the opinions themselves, never typed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from policylib.model.document import Opinion, Value
from policylib.model.vocabulary import Disposition

__all__ = ["OpinionCounts", "counts"]


class OpinionCounts(Value):
    """How many opinions came and what became of them (收到、采纳、部分采纳、未采纳)."""

    received: Annotated[int, Field(title="收到")] = 0
    adopted: Annotated[int, Field(title="采纳")] = 0
    partly: Annotated[int, Field(title="部分采纳")] = 0
    rejected: Annotated[int, Field(title="未采纳")] = 0

    def __str__(self) -> str:
        """As a feedback says it: 收到6条，采纳3条，部分采纳1条，未采纳2条."""
        return (
            f"收到{self.received}条，采纳{self.adopted}条，"
            f"部分采纳{self.partly}条，未采纳{self.rejected}条"
        )


def counts(opinions: Iterable[Opinion]) -> OpinionCounts:
    """Count opinions by what became of them.

    >>> str(counts([Opinion(text="不应收费", disposition="采纳")]))
    '收到1条，采纳1条，部分采纳0条，未采纳0条'
    """
    found = Counter(opinion.disposition for opinion in opinions)
    return OpinionCounts(
        received=found.total(),
        adopted=found[Disposition.ADOPTED],
        partly=found[Disposition.PARTLY],
        rejected=found[Disposition.REJECTED],
    )
