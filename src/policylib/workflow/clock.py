"""The obligation clock (期限): what each document still owes, by which day, under which rule.

A duty is a row of :data:`WATCHED`: what has to be done, from which of the document's days it
counts, and when it stands open. The figures come from the rule-set, working days from the calendar.
A deadline that rests on a year without a published holiday notice says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from policylib.model.document import Document
from policylib.model.rule import Duty, Rule
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import Disclosure, DocumentType, OrganLevel, Stage, Validity
from policylib.text.dates import PeriodUnit
from policylib.text.workdays import WorkCalendar
from policylib.workflow.due import Obligation
from policylib.workflow.rules import Facts, deadline, explain, rules_for
from policylib.workflow.validity import Step, at

__all__ = ["WATCHED", "Dossier", "Watched", "owed", "windows"]

#: Working days are at most this many times as many days, holidays of a week on top.
_STRETCH, _HOLIDAY = 2, 20


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
    return document.stage is Stage.SIGNED and document.disclosure in {None, Disclosure.PROACTIVE}


def _is_policy(dossier: Dossier) -> bool:
    return _is_released(dossier, DocumentType.POLICY)


def _wants_interpretation(dossier: Dossier) -> bool:
    wanted = getattr(dossier.document, "needs_interpretation", None)
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
    dossier: Dossier, ruleset: RuleSet, calendar: WorkCalendar, *, on: date
) -> Iterator[Obligation]:
    """Every duty that stands open on the day ``on``, whenever it is due."""
    facts: Facts | None = None
    for row in WATCHED:
        anchor = row.anchor(dossier)
        if anchor is None or not row.is_open(dossier):
            continue
        if row.counts_from == "expires_on" and not dossier.is_in_force(on):
            continue
        facts = facts or Facts.of(dossier.document, ruleset, level=dossier.level, on=on)
        for rule in rules_for(ruleset, facts, row.duty, anchor)[:1]:
            counted = deadline(rule, anchor, calendar)
            guessed = "（该年放假安排尚未公布，按周末推算）" if counted.estimated else ""
            yield Obligation(
                document=dossier.document.id,
                title=dossier.document.title,
                obligation=row.what,
                due_on=counted.day,
                state=state_of(counted.day, on),
                basis=f"{_SAY[row.counts_from]}{anchor}{guessed}",
                rule=f"{rule.id} {explain(rule)}",
                duty=row.duty,
            )


def state_of(due: date, on: date) -> str:
    """逾期, 今日 or 待办."""
    return "逾期" if due < on else "今日" if due == on else "待办"


def windows(
    ruleset: RuleSet, *, on: date, within: timedelta, back: timedelta
) -> dict[str, tuple[date, date]]:
    """Between which days a document's dates lie when something of it may be due.

    The days from ``on - back`` to ``on + within``, and for a duty with a period that much earlier
    (or later, when it counts back), by header date name; see ``documents_dated`` of the store.
    """
    first, last = _less(on, back), _plus(on, within)
    found = dict.fromkeys(
        ("effective_on", "released_on", "expires_on", "relation", "edition"), (first, last)
    )
    spans: dict[str, int] = {}
    watched = {row.duty: row.counts_from for row in WATCHED}
    for each in ruleset.lineage():
        for rule in each.rules:
            if name := watched.get(rule.duty):
                spans[name] = max(spans.get(name, 0), _days(rule))
    for name, days in spans.items():
        span = timedelta(days=days)
        if name == "expires_on":
            found[name] = (first, _plus(last, span))
        else:
            found[name] = (_less(first, span), last)
    return found


def _days(rule: Rule) -> int:
    """At most how many days a rule's period is."""
    each = {
        PeriodUnit.DAY: 1,
        PeriodUnit.WORKING_DAY: _STRETCH,
        PeriodUnit.MONTH: 31,
        PeriodUnit.YEAR: 366,
    }[rule.unit]
    return max((rule.figure, *rule.choices)) * each + _HOLIDAY


def _plus(day: date, span: timedelta) -> date:
    return day + min(span, date.max - day)


def _less(day: date, span: timedelta) -> date:
    return day - min(span, day - date.min)


_SAY = {
    "written_on": "成文于",
    "released_on": "公布于",
    "closes_on": "征集截止于",
    "expires_on": "有效期至",
}
