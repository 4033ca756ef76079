"""The obligation clock (期限): what each document still owes, by which day, under which rule.

A duty is a row of :data:`WATCHED`: what has to be done, from which of the document's days it
counts, and when it stands open. The figures come from the rule-set, working days from the calendar.
A deadline that rests on a year without a published holiday notice says so. What organs owe year by
year is in :mod:`.standing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from policylib.model.document import Document
from policylib.model.rule import Duty, Rule
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import (
    Disclosure,
    DocumentType,
    OrganLevel,
    RelationKind,
    Stage,
    Validity,
)
from policylib.text.dates import PeriodUnit
from policylib.workflow.due import Obligation, Span
from policylib.workflow.reckoning import Reckoning
from policylib.workflow.validity import Step, at

__all__ = ["IDLE", "WATCHED", "Dossier", "Watched", "anchors", "owed", "state_of", "windows"]

#: Relations that neither change the validity of what they point at nor meet a duty of it.
IDLE = frozenset(
    {
        RelationKind.BASIS, RelationKind.IMPLEMENTS, RelationKind.CONSULTS, RelationKind.REPOSTS,
        RelationKind.RELATED,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the clock has to know of a document (期限要素).

    ``answered`` and ``interpreted`` say whether a released 意见反馈 or 政策解读 belongs to it.
    """

    document: Document
    steps: tuple[Step, ...]
    answered: bool = False
    interpreted: bool = False
    level: OrganLevel | None = None

    @property
    def last_day(self) -> date | None:
        """The last day of its term, when it ends by itself."""
        for step in self.steps:
            if step.validity is Validity.LAPSED and step.made_by is None and step.start:
                return step.start - timedelta(days=1)
        return None

    def is_in_force(self, on: date) -> bool:
        """Whether it is in force on a day, if only in part."""
        return at(self.steps, on).validity in {Validity.IN_FORCE, Validity.PARTLY}


@dataclass(frozen=True, slots=True)
class Watched:
    """One row: a duty, what to do, the header's date it counts from, when it stands open.

    A duty before the end of the term counts back from ``expires_on``.
    """

    duty: Duty
    what: str
    counts_from: str
    is_open: Callable[[Dossier], bool]

    def anchor(self, dossier: Dossier) -> date | None:
        """The day the duty counts from."""
        if self.counts_from == "expires_on":
            return dossier.last_day
        day: date | None = getattr(dossier.document, self.counts_from, None)
        return day


def _is_released(dossier: Dossier, kind: DocumentType) -> bool:
    return dossier.document.stage is Stage.RELEASED and dossier.document.type is kind


def _awaits_release(dossier: Dossier) -> bool:
    document = dossier.document
    return document.stage.is_signed and document.disclosure in {None, Disclosure.PROACTIVE}


def _is_policy(dossier: Dossier) -> bool:
    return _is_released(dossier, DocumentType.POLICY)


def _wants_interpretation(dossier: Dossier) -> bool:
    wanted = dossier.document.needs_interpretation
    return _is_policy(dossier) and not dossier.interpreted and wanted is not False


def _wants_feedback(dossier: Dossier) -> bool:
    return _is_released(dossier, DocumentType.CONSULTATION) and not dossier.answered


WATCHED: tuple[Watched, ...] = (
    Watched(Duty.DISCLOSURE, "主动公开：签发后应当公布", "written_on", _awaits_release),
    Watched(Duty.FILING, "报送备案", "released_on", _is_policy),
    Watched(Duty.INTERPRETATION, "发布政策解读", "released_on", _wants_interpretation),
    Watched(Duty.FEEDBACK, "公开意见采纳情况", "closes_on", _wants_feedback),
    Watched(Duty.EVALUATION, "有效期届满前评估", "expires_on", _is_policy),
    Watched(Duty.EVALUATION_REPORT, "报告评估结果", "expires_on", _is_policy),
    Watched(Duty.EVALUATION_SUBMISSION, "评估意见报本级政府", "expires_on", _is_policy),
)


def owed(
    dossier: Dossier, reckoning: Reckoning, reach: dict[Duty, Span], span: Span, *, on: date
) -> Iterator[Obligation]:
    """Every duty of a document that stands open on the day ``on`` and is due within ``span``.

    ``reach`` is that of :func:`windows`.
    """
    document = dossier.document
    for row in WATCHED:
        near = reach.get(row.duty)
        anchor = row.anchor(dossier) if near else None
        if anchor is None or near is None or anchor not in near or not row.is_open(dossier):
            continue
        if row.counts_from == "expires_on" and not dossier.is_in_force(on):
            continue
        rule = reckoning.rule(document, dossier.level, row.duty, anchor)
        counted = reckoning.deadline(rule, anchor) if rule else None
        if rule is None or counted is None or counted.day not in span:
            continue
        guessed = "（该年放假安排尚未公布，按周末推算）" if counted.estimated else ""
        yield Obligation(
            document=document.id,
            title=document.title,
            obligation=row.what,
            due_on=counted.day,
            state=state_of(counted.day, on),
            basis=f"{_SAY[row.counts_from]}{anchor}{guessed}",
            rule=reckoning.explain(rule),
            duty=row.duty,
        )


def state_of(due: date, on: date) -> str:
    """逾期, 今日 or 待办."""
    return "逾期" if due < on else "今日" if due == on else "待办"


# -- where to look ------------------------------------------------------------------------------


def windows(
    ruleset: RuleSet, span: Span, *, on: date
) -> tuple[dict[Duty, Span], tuple[tuple[str, Span], ...]]:
    """Where to look for what is due within ``span``.

    First between which days a duty's day to count from lies, for each duty of the rule-set; then
    which of a document's days lie where when something of it may be due, by the names of
    ``documents_dated`` of the store. Nothing that is due is left out; some that are found owe
    nothing.
    """
    reach: dict[Duty, Span] = {}
    terms: list[Rule] = []
    for each in ruleset.lineage():
        for rule in each.rules:
            if rule.duty in _WATCHED:
                found = anchors(span, rule)
                reach[rule.duty] = found.joined(reach.get(rule.duty))
            elif rule.duty is Duty.DEFAULT_VALIDITY:
                terms.append(rule)
    changes = Span(max(on, span.first), span.last)  # what has changed already is no longer due
    searched = [(name, changes) for name in (*_BEGINS, *_ENDS)]
    for duty, near in reach.items():
        name = _WATCHED[duty].counts_from
        searched += [(each, near) for each in (_ENDS if name == "expires_on" else (name,))]
    ends = [near for name, near in searched if name == "expires_on"]
    for rule in terms:  # a term that only a rule gives stands in no document
        searched += [(name, anchors(near, rule)) for near in _merged(ends) for name in _BEGINS]
    by_name = {name: _merged(n for kind, n in searched if kind == name) for name, _ in searched}
    return reach, tuple((name, near) for name, spans in by_name.items() for near in spans)


_WATCHED = {row.duty: row for row in WATCHED}
#: The days from which a document, or what a relation says, holds.
_BEGINS = ("effective_on", "released_on", "written_on", "relation")
#: The days to which it holds.
_ENDS = ("expires_on", "renewal")

#: Working days are at most this many times as many days, with days off at the end on top.
_STRETCH, _HOLIDAY = 2, 20


def anchors(span: Span, rule: Rule) -> Span:
    """Between which days the day to count from lies for a deadline within ``span``."""
    figures = (rule.figure, *rule.choices)
    least, most = _least(min(figures), rule.unit), _most(max(figures), rule.unit)
    return span.moved(least, most) if rule.anchor.is_backward else span.moved(-most, -least)


def _least(figure: int, unit: PeriodUnit) -> int:
    """The fewest days a period has."""
    if unit is PeriodUnit.MONTH:
        return 30 * figure - 2
    return figure * (365 if unit is PeriodUnit.YEAR else 1) - 1


def _most(figure: int, unit: PeriodUnit) -> int:
    """The most days a period has, moved off a holiday."""
    days = {PeriodUnit.DAY: 1, PeriodUnit.WORKING_DAY: _STRETCH, PeriodUnit.MONTH: 31}
    return figure * days.get(unit, 366) + _HOLIDAY


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap or touch as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.first):
        if found and found[-1].touches(span):
            found[-1] = found[-1].joined(span)
        else:
            found.append(span)
    return found


_SAY = {
    "written_on": "成文于",
    "released_on": "公布于",
    "closes_on": "征集截止于",
    "expires_on": "有效期至",
}
