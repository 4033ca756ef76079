"""Validity as a step function of the day (时效性): computed from dates and relations, never stored.

Rules: a text takes effect on its 施行日期; the last day of its term (有效期至) is still in force
and it lapses the day after; 废止 and 宣布失效 work from the day their decision says, which is the
decision's own effective day unless stated, and only once that decision is itself released. What
happened first ends a document; a later act cannot end it again. An extension (延续) that comes
before the end replaces the end of the term. Days are compared as 民法典 第二百零四条 has it: a day
ends at 24:00.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from policylib.model.document import Document
from policylib.model.relation import Relation
from policylib.model.vocabulary import RelationKind, Stage, Validity

__all__ = ["Step", "steps", "validity"]


@dataclass(frozen=True, slots=True)
class Step:
    """From ``start`` on (``None``: from the beginning) the document is ``validity``.

    ``reason`` says why in Chinese; ``made_by`` names the document that did it.
    """

    start: date | None
    validity: Validity
    reason: str
    made_by: str | None = None


_ENDINGS = {
    RelationKind.REPEALS: Validity.REPEALED,
    RelationKind.DECLARES_LAPSED: Validity.LAPSED,
}


def steps(
    document: Document, relations: Iterable[tuple[Relation, Document]] = ()
) -> tuple[Step, ...]:
    """The validity of ``document`` over all days, as steps in order of days.

    ``relations`` are those that point at it, each with the document it comes from.
    """
    if document.stage is not Stage.RELEASED:
        return (Step(None, Validity.UNRELEASED, f"文件尚在“{document.stage}”阶段，未公布"),)
    begins = document.starts_on
    acts = sorted(_acts(document, relations), key=_turn)
    end, ending = _end_of_term(document, acts)
    for day, relation, subject in acts:
        if relation.kind in _ENDINGS and (end is None or day < end):
            end = day
            verb = _ENDINGS[relation.kind]
            by = "" if subject.id == document.id else f"由{_name(subject)}"
            ending = Step(day, verb, f"{by}自{_say(day)}起{relation.kind}", subject.id)
    result = _beginning(document, begins, end)
    partly = next((a for a in acts if a[1].kind is RelationKind.PARTLY_REPEALS), None)
    if partly:
        day, relation, subject = partly
        what = relation.provision or "部分条款"
        reason = f"{_name(subject)}自{_say(day)}起废止{what}"
        start = max(day, begins or day)
        if end is None or start < end:
            result = [step for step in result if step.start is None or step.start < start]
            result.append(Step(start, Validity.PARTLY, reason, subject.id))
    if ending:
        result = [step for step in result if step.start is None or step.start < ending.start]  # type: ignore[operator]
        result.append(ending)
    return tuple(result)


def validity(found: Iterable[Step], on: date) -> Validity:
    """The step that holds on the day ``on``."""
    return at(found, on).validity


def at(found: Iterable[Step], on: date) -> Step:
    """The step that holds on the day ``on``, with its reason."""
    held: Step | None = None
    for step in found:
        if step.start is not None and step.start > on:
            break
        held = step
    if held is None:  # pragma: no cover - steps() always begins with an open start
        raise ValueError("没有适用于该日的时效性")
    return held


def _acts(
    document: Document, relations: Iterable[tuple[Relation, Document]]
) -> Iterable[tuple[date, Relation, Document]]:
    for relation, subject in relations:
        if subject.stage is not Stage.RELEASED:
            continue
        day = relation.effective_on or subject.starts_on or document.starts_on
        if day is not None:
            yield day, relation, subject


def _name(document: Document) -> str:
    """How a reason names a document; one that is not public stays unnamed."""
    return f"《{document.title}》" if document.is_public else "另一份不公开的文件"


def _turn(act: tuple[date, Relation, Document]) -> tuple[date, bool, str, str]:
    """By day; on one day 废止 counts before 宣布失效, else the documents' ids decide."""
    day, relation, subject = act
    return (day, relation.kind is not RelationKind.REPEALS, subject.id, relation.kind)


def _end_of_term(
    document: Document, acts: Iterable[tuple[date, Relation, Document]]
) -> tuple[date | None, Step | None]:
    """The first day after the term, with the renewals that came in time."""
    last = document.expires_on
    for day, relation, subject in acts:
        if relation.kind is RelationKind.RENEWS and last and (day - last).days <= 1:
            last = subject.expires_on
    if last is None or last == date.max:  # 9999-12-31 stands for no end
        return None, None
    end = last + timedelta(days=1)
    return end, Step(end, Validity.LAPSED, f"有效期至{_say(last)}，期满自动失效")


def _beginning(document: Document, begins: date | None, end: date | None) -> list[Step]:
    if begins is None:
        return [Step(None, Validity.IN_FORCE, "已公布，未载明施行日期，按现行有效处理")]
    label = "施行" if document.effective_on else "公布" if document.released_on else "成文"
    before = Step(None, Validity.PENDING, f"自{_say(begins)}起{label}，尚未施行")
    if end is not None and end <= begins:
        return [before]
    return [before, Step(begins, Validity.IN_FORCE, f"自{_say(begins)}起{label}")]


def _say(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
