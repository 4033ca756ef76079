"""What must happen by when (到期事项): a pure list for a day and a span of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import Field

from policylib.model.document import Document, Value
from policylib.model.vocabulary import RelationKind, Validity
from policylib.workflow.validity import Step

__all__ = ["Obligation", "Span", "obligations"]


@dataclass(frozen=True, slots=True)
class Span:
    """The days from ``first`` to ``last``, both included (一段时间); cut off at the years 1 and 9999.

    >>> Span(date(2026, 1, 1), date(2026, 1, 31)).moved(-1, 1).last
    datetime.date(2026, 2, 1)
    """

    first: date
    last: date

    @classmethod
    def around(cls, day: date, *, back: timedelta, within: timedelta) -> Self:
        """From ``back`` before a day to ``within`` after it."""
        return cls(day - min(back, day - date.min), day + min(within, date.max - day))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def moved(self, first: int, last: int) -> Span:
        """Each end moved by a number of days."""
        return Span(_moved(self.first, timedelta(first)), _moved(self.last, timedelta(last)))

    def touches(self, later: Span) -> bool:
        """Whether no day lies between this and a span that does not begin before it."""
        return _moved(self.last, timedelta(1)) >= later.first

    def joined(self, other: Span | None) -> Span:
        """The span over both."""
        if other is None:
            return self
        return Span(min(self.first, other.first), max(self.last, other.last))


def _moved(day: date, by: timedelta) -> date:
    return day + max(date.min - day, min(by, date.max - day))


class Obligation(Value):
    """One thing to see to (到期事项): what, by which day, and why."""

    document: Annotated[str, Field(title="文件标识", description="机关事项为机关全称")]
    title: Annotated[str, Field(title="标题")]
    obligation: Annotated[str, Field(title="事项")]
    due_on: Annotated[date, Field(title="期限")]
    state: Annotated[str, Field(title="状态", description="逾期、今日或待办")]
    basis: Annotated[str, Field(title="依据", description="触发期限的事实")]
    rule: Annotated[str, Field(title="规则")]
    duty: Annotated[
        str | None, Field(title="规则事项", description="可办结的事项，如 备案期限")
    ] = None
    period: Annotated[
        str | None, Field(title="所属期间", description="机关事项的年度或季度，如 2025、2026Q1")
    ] = None


def obligations(
    documents: Iterable[tuple[Document, tuple[Step, ...]]], *, on: date, within: timedelta
) -> Iterator[Obligation]:
    """Everything due from ``on`` to ``on + within``, both included, in the documents' order.

    A change of validity is due on the day it happens; one that can be averted on the last day on
    which it can: the term's end on its last day in force, 附条件失效 on its deadline.
    """
    last = on + min(within, date.max - on)
    for document, found in documents:
        for step in found:
            due = step.act_by or step.start
            if due is None or not on <= due <= last:
                continue
            yield Obligation(
                document=document.id,
                title=document.title,
                obligation=_WHAT.get(step.kind or step.validity, str(step.validity)),
                due_on=due,
                state="今日" if due == on else "待办",
                basis=step.reason,
                rule=_rule(step),
            )


def _rule(step: Step) -> str:
    if step.act_by is None:
        return "时效变化"
    return "有效期届满" if step.kind is None else "限期修改"


_WHAT: dict[RelationKind | Validity, str] = {
    Validity.IN_FORCE: "开始施行",
    Validity.LAPSED: "有效期届满：评估后延续、修改，或标注失效",
    RelationKind.REPEALS: "开始废止：在原页面标注废止",
    RelationKind.PARTLY_REPEALS: "部分条款失效：在原页面标注",
    RelationKind.DECLARES_LAPSED: "宣布失效：在原页面标注失效",
    RelationKind.LAPSES_UNLESS: "逾期未修改将失效：修改后重新公布，或标注失效",
    RelationKind.REVOKES: "撤销：在原页面标注撤销",
    RelationKind.SUSPENDS: "暂停施行：在原页面标注",
    RelationKind.RESUMES: "恢复施行：取消原页面的标注",
}
