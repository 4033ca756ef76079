"""One profile, many measures, each on a day of its own (逐日判断): for pushing and reminding.

Measures are taken as if their texts were in force and their windows open: when that is so is for the
caller. Only the condition is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from policylib.matching.answers import Verdict
from policylib.matching.expressions import Case
from policylib.matching.formula import Formula
from policylib.matching.index import Found
from policylib.matching.matcher import Matcher, Offer
from policylib.matching.missing import flags, missing
from policylib.matching.reading import MEMBERS, ProfileReader, read_profile
from policylib.model.facts import FactType, Vocabulary
from policylib.model.measure import Measure
from policylib.model.profile import Subject

__all__ = ["Judged", "Occasion", "Occasions"]


@dataclass(frozen=True, slots=True)
class Occasion:
    """A measure to be judged on a day (判断时点).

    ``before`` is the measure and the day to compare with. With ``turns`` only those count whom
    the measure did not fit then and may fit now.
    """

    measure: Measure
    on: date
    before: tuple[Measure, date] | None = None
    turns: bool = False


@dataclass(slots=True)
class Judged:
    """An occasion that concerns a profile (判断结果).

    ``at`` is its place among the occasions. ``lost`` says that the measure fitted ``before``, and
    does not any more; the verdict is the former one then. ``day`` is the first day on which a
    measure that ``turns`` may fit. ``member`` counts the people of a household from 1.
    """

    at: int
    verdict: Verdict
    formula: Formula = field(repr=False, compare=False)
    case: Case = field(repr=False, compare=False)
    member: int | None = None
    lost: bool = False
    day: date | None = None

    def missing(self) -> tuple[str, ...]:
        """The facts that are missing, where the verdict is 待核实."""
        return missing(self.formula, self.case) if self.verdict is Verdict.OPEN else ()


#: A measure on a day: by the measure's place among all.
_Side = tuple[int, date]


class Occasions:
    """Many occasions, ready for profiles; a measure that does not fit the vocabulary is left out."""

    def __init__(self, vocabulary: Vocabulary, occasions: Sequence[Occasion]) -> None:
        self._reader: ProfileReader = Matcher(vocabulary, ()).reader
        known = vocabulary.names.get(MEMBERS)
        self._has_members = known is not None and known.type is FactType.MEMBERS
        turning: dict[tuple[date, date], list[tuple[int, Measure]]] = {}
        plain: dict[date, list[tuple[int, Measure]]] = {}
        changed: list[tuple[int, Occasion]] = []
        for at, each in enumerate(occasions):
            if each.before is None:
                plain.setdefault(each.on, []).append((at, each.measure))
            elif each.turns:
                pair = (each.before[1], each.on)
                turning.setdefault(pair, []).append((at, each.measure))
            else:
                changed.append((at, each))
        parts: list[_Plain | _Turning | _Changed] = []
        for pair, rows in turning.items():
            named = {id(measure) for _, measure in rows}
            asked = plain.get(pair[1], [])
            shared = [row for row in asked if id(row[1]) in named]  # judged along with these
            if shared:
                plain[pair[1]] = [row for row in asked if id(row[1]) not in named]
            parts.append(_Turning(vocabulary, *pair, rows, shared))
        parts += [_Plain(vocabulary, day, rows) for day, rows in plain.items() if rows]
        parts += [_Changed(vocabulary, changed)] if changed else []
        self._parts = tuple(parts)

    def judge(self, profile: Any, *, on: date) -> list[Judged]:
        """The occasions that concern a profile as it is known on a day.

        Raises:
            ParseError: what is wrong with the profile, without repeating any of it.

        """
        case = self._reader.case(read_profile(profile), on)
        found = list(self._concerned(case))
        if case.subject is Subject.HOUSEHOLD and self._has_members:
            for member, facts in enumerate(case.facts.get(MEMBERS, ()), 1):
                one = Case(Subject.PERSON, facts, on, case)
                found += (replace(each, member=member) for each in self._concerned(one))
        return found

    def _concerned(self, case: Case) -> Iterator[Judged]:
        for each in self._parts:
            yield from each.judged(case)


class _Plain:
    """Measures judged on one day; one measure may be there for several occasions."""

    def __init__(
        self, vocabulary: Vocabulary, on: date, rows: Sequence[tuple[int, Measure]]
    ) -> None:
        self._on = on
        self._matcher, self._asked = _asked_of(vocabulary, rows, rows)

    def judged(self, given: Case) -> Iterator[Judged]:
        if self._matcher.places(given.subject):
            case = _on(given, self._on)
            yield from _all(self._matcher, self._matcher.found(case), self._asked, case)


class _Changed:
    """Measures judged with what they were before."""

    def __init__(self, vocabulary: Vocabulary, rows: Sequence[tuple[int, Occasion]]) -> None:
        by_day: dict[date, dict[int, Measure]] = {}
        for _, each in rows:
            for measure, day in _sides(each):
                by_day.setdefault(day, {})[id(measure)] = measure
        self._matchers = {
            day: _matcher(vocabulary, measures.items()) for day, measures in by_day.items()
        }
        self._rows: dict[_Side, list[tuple[int, _Side, _Side | None]]] = {}
        for at, each in rows:
            now, *earlier = ((id(measure), day) for measure, day in _sides(each))
            row = (at, now, earlier[0] if earlier else None)
            for side in (now, *earlier):
                self._rows.setdefault(side, []).append(row)

    def judged(self, given: Case) -> Iterator[Judged]:
        verdicts: dict[_Side, tuple[Verdict, Formula, Case]] = {}
        for day, (matcher, names) in self._matchers.items():
            places = matcher.places(given.subject)
            if not places:
                continue
            case = _on(given, day)
            found = matcher.found(case)
            for ids, verdict in (
                (found.likely_ids(), Verdict.LIKELY),
                (found.open_ids(), Verdict.OPEN),
            ):
                for at in ids:
                    place = places[at]
                    formula = matcher.prepared[place].formula
                    verdicts[names[place], day] = (verdict, formula, case)
        done: set[int] = set()
        for side in verdicts:
            for at, now, was in self._rows[side]:
                if at in done:
                    continue
                done.add(at)
                if now in verdicts:
                    yield Judged(at, *verdicts[now])
                elif was is not None:
                    yield Judged(at, *verdicts[was], lost=True)


class _Turning:
    """Measures that did not fit on one day and may fit on a later one; ``shared`` are plain ones."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        before: date,
        on: date,
        rows: Sequence[tuple[int, Measure]],
        shared: Sequence[tuple[int, Measure]],
    ) -> None:
        self._before, self._on = before, on
        self._matcher, self._turns = _asked_of(vocabulary, rows, rows)
        self._asked = _asked_of(vocabulary, rows, shared, made=self._matcher)[1]

    def judged(self, given: Case) -> Iterator[Judged]:
        places = self._matcher.places(given.subject)
        if not places:
            return
        case = _on(given, self._on)
        now, was = self._matcher.found(case), self._matcher.found(_on(given, self._before))
        yield from _all(self._matcher, now, self._asked, case)
        fresh = ~(was.likely | was.open)
        turned = Found(now.likely & fresh, now.open & fresh, order=now.order)
        for each in _all(self._matcher, turned, self._turns, case):
            if each.verdict is Verdict.OPEN and flags(each.formula, case):
                continue  # a figure has run out: nothing has changed for the profile
            each.day = _first(each.formula, case, self._before)
            yield each


def _all(
    matcher: Matcher, found: Found, asked: Sequence[Sequence[int]], case: Case
) -> Iterator[Judged]:
    """What was found, for each occasion that asked for it."""
    places = matcher.places(case.subject)
    for ids, verdict in ((found.likely_ids(), Verdict.LIKELY), (found.open_ids(), Verdict.OPEN)):
        for at in ids:
            place = places[at]
            for name in asked[place]:
                yield Judged(name, verdict, matcher.prepared[place].formula, case)


def _asked_of(
    vocabulary: Vocabulary,
    rows: Sequence[tuple[int, Measure]],
    asking: Sequence[tuple[int, Measure]],
    *,
    made: Matcher | None = None,
) -> tuple[Matcher, tuple[tuple[int, ...], ...]]:
    """A matcher of the measures of rows, and by its positions the occasions that ask for each."""
    measures = {id(measure): measure for _, measure in rows}
    matcher = made if made is not None else _matcher(vocabulary, measures.items())[0]
    asked: dict[int, list[int]] = {}
    for at, measure in asking:
        asked.setdefault(id(measure), []).append(at)
    names = (int(each.offer.document) for each in matcher.prepared)
    return matcher, tuple(tuple(asked.get(name, ())) for name in names)


def _matcher(
    vocabulary: Vocabulary, measures: Iterable[tuple[int, Measure]]
) -> tuple[Matcher, tuple[int, ...]]:
    """A matcher of named measures, and their names by its positions."""
    offers = [Offer(str(name), measure.model_copy(update=_BARE)) for name, measure in measures]
    made = Matcher(vocabulary, offers, refused=lambda *_: None)
    return made, tuple(int(each.offer.document) for each in made.prepared)


#: What the condition alone is judged without.
_BARE = {"window": None, "valid_from": None, "valid_to": None, "amount": None}


def _sides(each: Occasion) -> tuple[tuple[Measure, date], ...]:
    now = (each.measure, each.on)
    return (now, each.before) if each.before else (now,)


def _on(case: Case, day: date) -> Case:
    """A case as it is on another day."""
    outer = case.outer
    around = Case(outer.subject, outer.facts, day) if outer is not None else None
    return Case(case.subject, case.facts, day, around)


def _first(formula: Formula, case: Case, before: date) -> date:
    """The first day after ``before`` on which a formula is not false, up to that of the case."""
    low, high = before, case.on
    while high - low > timedelta(days=1):
        middle = low + (high - low) // 2
        if formula.truth(_on(case, middle)) is False:
            low = middle
        else:
            high = middle
    return high
