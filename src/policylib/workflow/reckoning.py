"""Rules chosen and deadlines counted for many documents at once (期限推算)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator
from datetime import date, timedelta
from typing import Any

from policylib.errors import ParseError
from policylib.model.document import Header, Value
from policylib.model.rule import Dated, Duty, Rule, Scope
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import KINDS, DocumentClass, OrganLevel
from policylib.text.workdays import Counted, WorkCalendar
from policylib.workflow.rules import Facts, deadline, default_term, explain, rules_for

__all__ = ["Reckoning"]


class Reckoning:
    """What a rule-set asks of documents on the day ``on``, found once for each kind of document.

    Documents are of one kind when no condition of the rule-set tells them apart. Made for one
    answer and thrown away: what it keeps grows with the kinds and days it meets.
    """

    def __init__(self, ruleset: RuleSet, calendar: WorkCalendar, *, on: date) -> None:
        parts = tuple(_parts(ruleset))
        scopes = [each for each in parts if isinstance(each, Scope)]
        self._ruleset, self._calendar, self._on = ruleset, calendar, on
        self._words = tuple({word for scope in scopes for word in scope.title_words})
        self._tags = {str(each) for each in DocumentClass}
        self._tags.update(tag for scope in scopes for tag in scope.tags)
        self._turns = sorted(
            {day for each in parts if isinstance(each, Dated) for day in _turns(each)}
        )
        self._facts: dict[Hashable, Facts] = {}
        self._rules: dict[Hashable, Rule | None] = {}
        self._deadlines: dict[tuple[int, date], Counted | None] = {}
        self._said: dict[int, str] = {}

    def rule(self, header: Header, level: OrganLevel | None, duty: Duty, day: date) -> Rule | None:
        """The weightiest rule for a duty that counts from ``day``; ``None`` when none binds."""
        kind = self._kind(header, level)
        key = (kind, duty, self._turn(day))
        if key not in self._rules:
            facts = self._facts.get(kind)
            if facts is None:
                facts = Facts.of(header, self._ruleset, level=level, on=self._on)
                self._facts[kind] = facts
            self._rules[key] = next(iter(rules_for(self._ruleset, facts, duty, day)), None)
        return self._rules[key]

    def default_term(self, header: Header, level: OrganLevel | None) -> Rule | None:
        """The rule that gives a document its term; ``None`` when it states one itself."""
        start = header.starts_on
        if start is None or header.last_day is not None:
            return None
        key = (self._kind(header, level), None, self._turn(start))
        if key not in self._rules:
            facts = Facts.of(header, self._ruleset, level=level, on=start)
            self._rules[key] = default_term(self._ruleset, facts)
        return self._rules[key]

    def deadline(self, rule: Rule, anchor: date) -> Counted | None:
        """The last day of a rule's period; ``None`` when it lies outside the years 1 to 9999."""
        key = (id(rule), anchor)
        if key not in self._deadlines:
            try:
                self._deadlines[key] = deadline(rule, anchor, self._calendar)
            except ParseError:
                self._deadlines[key] = None
        return self._deadlines[key]

    def explain(self, rule: Rule) -> str:
        """A rule as a Chinese sentence for an officer, its id before it."""
        if id(rule) not in self._said:
            self._said[id(rule)] = f"{rule.id} {explain(rule)}"
        return self._said[id(rule)]

    def _turn(self, day: date) -> int:
        """Equal for two days between which no rule begins or ends to hold."""
        return bisect_right(self._turns, day)

    def _kind(self, header: Header, level: OrganLevel | None) -> Hashable:
        """Equal for two documents that no scope of the rule-set tells apart.

        A title counts by its ending, the 公文种类, and as a whole when a word asked for is in it.
        """
        title: str | None = header.title
        if not any(word in header.title for word in self._words):
            ends = header.kind is None and header.title.endswith(KINDS)
            title = next((k for k in KINDS if header.title.endswith(k)), None) if ends else None
        return (
            header.type,
            header.document_class,
            header.kind,
            header.form,
            title,
            tuple(tag for tag in header.tags if tag in self._tags),
            header.registration_number is not None,
            level,
        )


def _parts(value: Any) -> Iterator[Value]:
    """A value and every value inside it."""
    if isinstance(value, Value):
        yield value
        for name in type(value).model_fields:
            yield from _parts(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _parts(each)


def _turns(dated: Dated) -> Iterator[date]:
    """The days on which something begins or has ended to hold."""
    if dated.valid_from:
        yield dated.valid_from
    if dated.valid_to and dated.valid_to < date.max:
        yield dated.valid_to + timedelta(days=1)
