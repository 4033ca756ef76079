"""What changes for whom (影响测算): two editions, drafts or days, the same profiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from policylib.matching.answers import Answer, Verdict
from policylib.matching.matcher import Matcher

__all__ = ["Change", "Impact", "changes", "impact"]


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
class Impact:
    """How many profiles go from which answer to which (影响汇总), measure by measure."""

    profiles: int
    counts: dict[tuple[str, str], Counter[tuple[str | None, str | None]]]


def changes(
    before: Matcher, after: Matcher, profiles: Iterable[Any], *, on: date, then: date | None = None
) -> Iterator[Change]:
    """The answers that differ, profile by profile; ``then`` is the day for ``after``.

    Documents and measures are told apart by their ids. A change of the amount alone counts.

    Raises:
        ParseError: a profile is wrong; none of it is repeated.

    """
    for at, profile in enumerate(profiles):
        old = {_key(each): each for each in before.match(profile, on=on)}
        new = {_key(each): each for each in after.match(profile, on=then or on)}
        for key in dict.fromkeys((*old, *new)):
            one, other = old.get(key), new.get(key)
            if _essence(one) != _essence(other):
                document, measure, member = key
                yield Change(at, document, measure, one, other, member)


def impact(found: Iterable[Change], *, profiles: int) -> Impact:
    """The changes counted: no profile is named."""
    counts: dict[tuple[str, str], Counter[tuple[str | None, str | None]]] = {}
    for each in found:
        steps = counts.setdefault((each.document, each.measure), Counter())
        steps[_verdict(each.before), _verdict(each.after)] += 1
    return Impact(profiles, counts)


def _verdict(answer: Answer | None) -> str | None:
    return None if answer is None else answer.verdict.value


def _key(answer: Answer) -> tuple[str, str, int | None]:
    return answer.document, answer.measure.id, answer.member


def _essence(answer: Answer | None) -> tuple[Any, ...]:
    """What counts as a change; a measure that does not fit is as good as none."""
    if answer is None or answer.verdict is Verdict.UNLIKELY:
        return (Verdict.UNLIKELY,)
    amount = answer.amount
    return (answer.verdict, None if amount is None else (amount.value, amount.unit, amount.per))
