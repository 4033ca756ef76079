"""What organs owe again and again (机关常规事项): yearly reports, quarterly records, clean-ups.

Owed by the organ, not by a document: by each organ of the authority file that has released a
政策文件. A row of :data:`STANDING` says who owes a duty; figures and days come from the rule-set.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from policylib.errors import ParseError, Refused
from policylib.model.document import Header
from policylib.model.organ import Organ
from policylib.model.rule import Anchor, Bound, Duty, Rule
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import DocumentClass, OrganLevel
from policylib.text.dates import Period, PeriodUnit
from policylib.workflow.clock import anchors, state_of
from policylib.workflow.due import Obligation, Span
from policylib.workflow.reckoning import Reckoning
from policylib.workflow.rules import Facts, rules_for

__all__ = ["STANDING", "Desk", "Done", "Meant", "Standing", "meant", "standing"]


@dataclass(frozen=True, slots=True)
class Desk:
    """An organ that releases documents (发文机关), and the day of its earliest."""

    organ: Organ
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A duty of an organ that is done (办结的机关事项): for which period, on which day.

    ``period`` is a year (2025), a quarter (2026Q1), or for a clean-up the class of documents.
    """

    organ: str
    duty: str
    period: str
    on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """One row: a duty, what to do, who owes it. ``{}`` stands for the period."""

    duty: Duty
    what: str
    is_owed_by: Callable[[Organ], bool]


#: Not 人民政府部门, though they may issue documents.
_APART = re.compile(
    r"^(?:中共|中国共产党)|人民代表大会|人大常委会|政治协商|政协|监察委员会|人民法院|人民检察院"
)


def _is_government(organ: Organ) -> bool:
    return organ.name.endswith("人民政府") or organ.name == "国务院"


def _is_department(organ: Organ) -> bool:
    return not _is_government(organ) and not _APART.search(organ.name)


def _issues(organ: Organ) -> bool:
    return not _APART.search(organ.name)


STANDING: tuple[Standing, ...] = (
    Standing(Duty.DEPARTMENT_REPORT, "提交并公布{}政府信息公开工作年度报告", _is_department),
    Standing(
        Duty.GOVERNMENT_REPORT,
        "公布本级政府{}政府信息公开工作年度报告（由政府信息公开工作主管部门办理）",
        _is_government,
    ),
    Standing(Duty.QUARTERLY_RECORD, "登记{}规范性文件立改废情况", _issues),
    Standing(Duty.CLEANING, "清理{}", _issues),
)


def standing(
    desks: Iterable[Desk], done: Iterable[Done], ruleset: RuleSet, reckoning: Reckoning,
    span: Span, *, on: date,
) -> Iterator[Obligation]:  # fmt: skip
    """Every standing duty of ``desks`` that is due within ``span`` and not ``done``."""
    book = _Book(tuple(done), ruleset, reckoning, span, on)
    for desk in desks:
        for row in STANDING:
            if row.is_owed_by(desk.organ):
                yield from book.owed(desk, row)


@dataclass(frozen=True, slots=True)
class Meant:
    """What an organ means to have done (所办事项); ``recurs``: due again from the day it was done."""

    duty: Duty
    period: str
    recurs: bool = False


def meant(organ: Organ, duty: str, period: str | None, ruleset: RuleSet, *, on: date) -> Meant:
    """Which period of which duty an organ means to have done on a day.

    Without ``period`` the year or quarter that is due on that day: the last one for a report, the
    running one for what is done once in each; for a clean-up the only class there is.

    Raises:
        Refused: the organ does not owe the duty, or the period cannot be.

    """
    row = next((each for each in STANDING if each.duty == duty), None)
    if row is None:
        known = "、".join(each.duty for each in STANDING)
        raise Refused(f"没有“{duty}”这一机关事项，可办结的有：{known}")
    rules = dict(_rules(ruleset, row, organ, on)) if row.is_owed_by(organ) else {}
    if not rules:
        raise Refused(f"按规则集“{ruleset.id}”，“{organ.name}”没有“{duty}”这一事项，请核对")
    if all(rule.anchor is Anchor.LAST_DONE for rule in rules.values()):
        names = [_class_name(each) for each in rules]
        if period not in (names if period or len(names) > 1 else [None]):
            raise Refused(f"请写明清理的是哪一类：{'、'.join(names)}")
        return Meant(row.duty, period or names[0], recurs=True)
    return Meant(row.duty, _named_period(period, next(iter(rules.values())), on))


def _named_period(written: str | None, rule: Rule, on: date) -> str:
    """The year or quarter as written, or the one that is due on a day."""
    length, is_every = _months(rule), rule.bound is Bound.EVERY
    running = _round(on, rule) if is_every else _period_start(on, length)
    if written is None:
        last = running if is_every or running == date.min else running - _DAY
        return _label(_period_start(last, length), length)
    first = _first_of(written, length)
    if first is None:
        shown = "2026Q1" if length == _QUARTER else "2025"
        raise Refused(f"“{written[:20]}”不是所属期间，请写成如 {shown}")
    first = _round(first, rule) if is_every else first
    if first > running:
        raise Refused(f"{written}还没有开始，请核对所属期间")
    return _label(first, length)


# -- inside -------------------------------------------------------------------------------------


class _Book:
    """What is due when, looked up once for organs of one sort."""

    def __init__(
        self,
        done: tuple[Done, ...],
        ruleset: RuleSet,
        reckoning: Reckoning,
        span: Span,
        on: date,
    ) -> None:
        self._done = {(each.organ, each.duty, each.period) for each in done}
        self._last = _latest(done)
        self._ruleset, self._reckoning, self._span, self._on = ruleset, reckoning, span, on
        self._chosen: dict[tuple[object, ...], tuple[_Chosen, ...]] = {}
        self._periods: dict[tuple[object, ...], tuple[_Due, ...]] = {}

    def owed(self, desk: Desk, row: Standing) -> Iterator[Obligation]:
        """What an organ owes of one duty."""
        organ = desk.organ
        by_calendar = (
            due
            for due in self._by_calendar(organ, row)
            if (organ.name, row.duty, due.period) not in self._done
        )
        for due in (*by_calendar, *self._since_last(desk, row)):
            if due.day in self._span and _exists(organ, due):
                yield Obligation(
                    document=organ.name,
                    title=organ.name,
                    obligation=row.what.format(due.said),
                    due_on=due.day,
                    state=state_of(due.day, self._on),
                    basis=due.basis,
                    rule=self._reckoning.explain(due.rule),
                    duty=row.duty,
                    period=due.period,
                )

    def _by_calendar(self, organ: Organ, row: Standing) -> tuple[_Due, ...]:
        """The years or quarters of a duty that may be due within the span."""
        key = (row.duty, *_sort(organ))
        if key not in self._periods:
            found: dict[str, _Due] = {}
            for rule in _known(self._ruleset, row.duty):
                ends = _period_ends(anchors(self._span, rule), rule)
                for anchor in ends if rule.anchor.is_period_end else ():
                    for _, chosen in self._rules(organ, row, anchor):
                        due = self._after(anchor, chosen)
                        if due is not None:
                            found.setdefault(due.period, due)
            self._periods[key] = tuple(found.values())
        return self._periods[key]

    def _after(self, anchor: date, rule: Rule) -> _Due | None:
        """What is due after the year or quarter that ends on ``anchor``."""
        counted = self._reckoning.deadline(rule, anchor)
        if counted is None or not rule.anchor.is_period_end:
            return None
        length = _months(rule)
        is_every = rule.bound is Bound.EVERY
        start = _period_start(counted.day if is_every else anchor, length)
        said = _say(start, length)
        basis = f"{said}结束于{anchor}" if not is_every else f"{said}到{counted.day}为止"
        return _Due(counted.day, anchor, _label(start, length), said, basis, rule)

    def _since_last(self, desk: Desk, row: Standing) -> Iterator[_Due]:
        """What is due a period after it was done last."""
        for kind, rule in self._rules(desk.organ, row, self._on):
            name = _class_name(kind)
            last = self._last.get((desk.organ.name, row.duty, name))
            if rule.anchor is not Anchor.LAST_DONE:
                continue
            if last is not None:
                counted = self._reckoning.deadline(rule, last)
                day, basis = counted.day if counted else None, f"上次办理于{last}"
            elif desk.since is not None:
                day = _next_round(desk.since, rule, self._span.first)
                basis = f"库中没有上次办理的记录，自最早的公布日期{desk.since}起推算"
            else:
                continue
            if day is not None:
                yield _Due(day, day, name, name, basis, rule)

    def _rules(self, organ: Organ, row: Standing, on: date) -> tuple[_Chosen, ...]:
        key = (row.duty, on, *_sort(organ))
        if key not in self._chosen:
            self._chosen[key] = tuple(_rules(self._ruleset, row, organ, on))
        return self._chosen[key]


@dataclass(frozen=True, slots=True)
class _Due:
    """One period of a duty: its last day, what it counts from, how it is named."""

    day: date
    anchor: date
    period: str
    said: str
    basis: str
    rule: Rule


#: A class of documents, and the weightiest rule for it.
_Chosen = tuple[DocumentClass | None, Rule]


def _latest(done: Iterable[Done]) -> dict[tuple[str, str, str], date]:
    found: dict[tuple[str, str, str], date] = {}
    for each in done:
        key = (each.organ, each.duty, each.period)
        found[key] = max(each.on, found.get(key, each.on))
    return found


def _known(ruleset: RuleSet, duty: Duty) -> Iterator[Rule]:
    return (rule for each in ruleset.lineage() for rule in each.rules if rule.duty is duty)


#: Rules for organs ask for their level and the class of what they make, nothing of a header.
_NO_HEADER = Header(title="机关常规事项")


def _rules(ruleset: RuleSet, row: Standing, organ: Organ, on: date) -> Iterator[_Chosen]:
    """The weightiest rule of a duty for each class of documents that its rules name."""
    named = (kind for rule in _known(ruleset, row.duty) for kind in rule.applies_to.classes)
    for kind in tuple(dict.fromkeys(named)) or (None,):
        found = rules_for(ruleset, Facts(_NO_HEADER, kind, organ.level), row.duty, on)
        if found and _may_make(organ, kind):
            yield kind, found[0]


def _sort(organ: Organ) -> tuple[OrganLevel | None, bool]:
    """All of an organ that decides which rules bind it."""
    return organ.level, _is_government(organ)


def _may_make(organ: Organ, kind: DocumentClass | None) -> bool:
    """Whether an organ of its sort makes documents of a class (立法法 第七十二条、第九十一条、第九十三条)."""
    if kind is DocumentClass.RULES:
        high = organ.level in {OrganLevel.PROVINCE, OrganLevel.CITY}
        return organ.level is OrganLevel.STATE or (high and _is_government(organ))
    if kind is DocumentClass.REGULATION:
        return organ.level is OrganLevel.STATE and _is_government(organ)
    return kind is not DocumentClass.LAW


def _exists(organ: Organ, due: _Due) -> bool:
    """Whether there was the organ when the period ended, and still is on the last day."""
    return (organ.valid_from is None or organ.valid_from <= due.anchor) and (
        organ.valid_to is None or due.day <= organ.valid_to
    )


def _class_name(kind: DocumentClass | None) -> str:
    return str(kind) if kind else "全部文件"


# -- years and quarters -------------------------------------------------------------------------

_DAY = timedelta(days=1)
_QUARTER, _YEAR = 3, 12  # months
_WRITTEN = re.compile(r"([0-9]{4})(?:年度?)?(?:[Qq]([1-4])|第?([1-4一二三四])季度)?\Z")


def _months(rule: Rule) -> int:
    """How many months a period of the anchor has."""
    return _QUARTER if rule.anchor is Anchor.QUARTER_END else _YEAR


def _first_of(written: str, length: int) -> date | None:
    """The first day of a year or quarter as written: 2025, 2026Q1, 2026年第一季度."""
    match = _WRITTEN.match(written.strip()[:20])
    quarter = match and (match[2] or match[3])
    if match is None or bool(quarter) is not (length == _QUARTER) or match[1] == "0000":
        return None
    number = "一二三四".find(quarter) + 1 or int(quarter) if quarter else 1
    return date(int(match[1]), 3 * number - 2, 1)


def _period_start(day: date, length: int) -> date:
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def _label(start: date, length: int) -> str:
    return f"{start.year:04}Q{start.month // 3 + 1}" if length == _QUARTER else f"{start.year:04}"


def _say(start: date, length: int) -> str:
    quarter = f"第{'一二三四'[start.month // 3]}季度"
    return f"{start.year}年{quarter}" if length == _QUARTER else f"{start.year}年度"


def _period_ends(span: Span, rule: Rule) -> Iterator[date]:
    """The last days of years or quarters in a span; of every so many for 每."""
    step = _step(rule)
    month = span.first.year * 12 + span.first.month - 1
    last = span.last.year * 12 + span.last.month - 1
    for each in range(month + (-month - 1) % step, last + 1, step):
        year, number = divmod(each, 12)
        day = date(year, number + 1, monthrange(year, number + 1)[1])
        if day in span:
            yield day


def _step(rule: Rule) -> int:
    """After how many months the same comes round."""
    length = _months(rule)
    if rule.bound is not Bound.EVERY or rule.unit not in {PeriodUnit.MONTH, PeriodUnit.YEAR}:
        return length
    return max(length, rule.figure * (_YEAR if rule.unit is PeriodUnit.YEAR else 1))


def _round(day: date, rule: Rule) -> date:
    """The first day of the year or quarter with which the round ends that a day lies in."""
    month = day.year * 12 + day.month - 1
    last = min(month + (-month - 1) % _step(rule), date.max.year * 12 + 11)
    return _period_start(date(last // 12, last % 12 + 1, 1), _months(rule))


def _next_round(since: date, rule: Rule, first: date) -> date | None:
    """The first end of a period, counted again and again from ``since``, not before ``first``."""
    if rule.unit is PeriodUnit.WORKING_DAY:
        return None
    days = {PeriodUnit.DAY: 1, PeriodUnit.MONTH: 31, PeriodUnit.YEAR: 366}[rule.unit]
    times = max(1, (first - since).days // (days * rule.figure))
    try:
        while True:
            day = Period(rule.figure * times, rule.unit).end(since)
            if day >= first:
                return day
            times += 1
    except ParseError:
        return None
