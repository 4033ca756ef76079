"""What must happen by when (到期事项): a pure list for a day and a span of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from policylib.model.document import Document, Value
from policylib.model.vocabulary import Validity
from policylib.workflow.validity import Step

__all__ = ["Obligation", "obligations"]


class Obligation(Value):
    """One thing to see to (到期事项): what, by which day, and why."""

    document: Annotated[str, Field(title="文件标识")]
    title: Annotated[str, Field(title="标题")]
    obligation: Annotated[str, Field(title="事项")]
    due_on: Annotated[date, Field(title="期限")]
    state: Annotated[str, Field(title="状态", description="待办或今日")]
    basis: Annotated[str, Field(title="依据", description="触发期限的事实")]
    rule: Annotated[str, Field(title="规则")]


def obligations(
    documents: Iterable[tuple[Document, tuple[Step, ...]]], *, on: date, within: timedelta
) -> Iterator[Obligation]:
    """Everything due from ``on`` to ``on + within``, both included, in the documents' order.

    A change of validity is due on the day it happens: the term's end on its last day in force.
    """
    last = on + min(within, date.max - on)
    for document, found in documents:
        for step in found:
            if step.start is None:
                continue
            ending = step.validity is Validity.LAPSED and step.made_by is None
            due = step.start - timedelta(days=1) if ending else step.start
            if not on <= due <= last:
                continue
            yield Obligation(
                document=document.id,
                title=document.title,
                obligation=_WHAT.get(step.validity, str(step.validity)),
                due_on=due,
                state="今日" if due == on else "待办",
                basis=step.reason,
                rule="有效期届满" if ending else "时效变化",
            )


_WHAT = {
    Validity.IN_FORCE: "开始施行",
    Validity.LAPSED: "有效期届满：评估后延续、修改，或标注失效",
    Validity.REPEALED: "开始废止：在原页面标注废止",
    Validity.PARTLY: "部分条款失效：在原页面标注",
}
