"""What changes for whom (影响测算): two editions, drafts or days, the same profiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policylib.matching.answers import Answer, Verdict
from policylib.matching.matcher import Brief, Matcher, Place

__all__ = ["Change", "Impact", "Shift", "changes", "impact", "shifts"]


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that becomes another one (变化).

    ``profile`` is the place of the profile in the order given, from 0; ``before`` or ``after`` is
    ``None`` where the measure is only in the other text.
    """

    profile: int
    document: str
    measure: str
    before: Answer | None
    after: Answer | None
    member: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Verdicts and amounts before and after, with the reasons after."""
        return {
            "profile": self.profile,
            "document": self.document,
            "measure": self.measure,
            "before": _brief(self.before),
            "after": _brief(self.after),
            **({} if self.member is None else {"member": self.member}),
        }


def _brief(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "answer": answer.verdict.value,
        "reasons": [each.as_json() for each in answer.reasons],
        "amount": None if answer.amount is None else answer.amount.as_json(),
    }


@dataclass(frozen=True, slots=True)
class Shift:
    """One answer that becomes another one, without its reasons (变化).

    ``before`` or ``after`` is ``None`` where the measure is only in the other text.
    """

    profile: int
    document: str
    measure: str
    before: Verdict | None
    after: Verdict | None
    member: int | None = None


@dataclass(frozen=True, slots=True)
class Impact:
    """How many profiles go from which answer to which (影响汇总), measure by measure."""

    profiles: int
    counts: dict[tuple[str, str], Counter[tuple[str | None, str | None]]]


def shifts(
    before: Matcher, after: Matcher, profiles: Iterable[Any], *, on: date, then: date | None = None
) -> Iterator[Shift]:
    """The answers that differ, profile by profile; ``then`` is the day for ``after``.

    Documents and measures are told apart by their ids. A change of the amount alone counts; a
    measure that does not fit is as good as none.

    Raises:
        ParseError: a profile is wrong; none of it is repeated.

    """
    for at, profile in enumerate(profiles):
        old, new = before.brief(profile, on=on), after.brief(profile, on=then or on)
        for place in old.keys() | new.keys() if old != new else ():
            if old.get(place) != new.get(place):
                document, measure, member = place
                was, becomes = _said(before, place, old), _said(after, place, new)
                yield Shift(at, document, measure, was, becomes, member)


def _said(matcher: Matcher, place: Place, found: Mapping[Place, Brief]) -> Verdict | None:
    """The verdict on a measure; ``None`` where the matcher does not have it."""
    if place in found:
        return found[place][0]
    return Verdict.UNLIKELY if place[:2] in matcher.keys else None


def changes(
    before: Matcher, after: Matcher, profiles: Iterable[Any], *, on: date, then: date | None = None
) -> Iterator[Change]:
    """As :func:`shifts`, with the whole answers.

    Raises:
        ParseError: a profile is wrong; none of it is repeated.

    """
    for at, profile in enumerate(profiles):
        wanted = [
            (each.document, each.measure, each.member)
            for each in shifts(before, after, [profile], on=on, then=then)
        ]
        if not wanted:
            continue
        old = {_key(each): each for each in before.match(profile, on=on)}
        new = {_key(each): each for each in after.match(profile, on=then or on)}
        for key in dict.fromkeys((*old, *new)):
            if key in wanted:
                document, measure, member = key
                yield Change(at, document, measure, old.get(key), new.get(key), member)


def impact(found: Iterable[Change | Shift], *, profiles: int) -> Impact:
    """The changes counted: no profile is named."""
    counts: dict[tuple[str, str], Counter[tuple[str | None, str | None]]] = {}
    for each in found:
        steps = counts.setdefault((each.document, each.measure), Counter())
        steps[_verdict(each.before), _verdict(each.after)] += 1
    return Impact(profiles, counts)


def _verdict(answer: Answer | Verdict | None) -> str | None:
    if isinstance(answer, Verdict):
        return answer.value
    return None if answer is None else answer.verdict.value


def _key(answer: Answer) -> tuple[str, str, int | None]:
    return answer.document, answer.measure.id, answer.member
