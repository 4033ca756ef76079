"""From a measure to the people it may reach (政策到人): profile by profile, nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from policylib.errors import NotFound, ParseError
from policylib.files.profiles import read_profiles
from policylib.library.batching import BatchSummary, Count
from policylib.matching.answers import Verdict
from policylib.matching.matcher import Matcher
from policylib.matching.whatif import Change, Impact, Shift, changes, impact, shifts
from policylib.model.profile import Subject

__all__ = [
    "Impacted",
    "Reached",
    "changed",
    "conditions_of",
    "impact_of_file",
    "reached",
    "reached_in_file",
]

_Refused = Callable[[int, ParseError], None] | None


@dataclass(frozen=True, slots=True)
class Reached:
    """A profile that a measure may fit, or that facts are missing of (惠及对象).

    ``profile`` is its place in the order given, from 0.
    """

    profile: int
    document: str
    measure: str
    verdict: Verdict
    missing: tuple[str, ...] = ()
    member: int | None = None


def reached(
    matcher: Matcher, profiles: Iterable[Any], *, on: date, refused: _Refused = None
) -> Iterator[Reached]:
    """See :meth:`policylib.Library.reached_by`."""
    for at, profile in enumerate(profiles):
        try:
            found = matcher.match(
                profile, on=on, verdicts=(Verdict.LIKELY, Verdict.OPEN), near=False
            )
        except ParseError as error:
            if refused is None:
                raise
            refused(at, error)
            continue
        for each in found:
            yield Reached(
                at, each.document, each.measure.id, each.verdict, each.missing, each.member
            )


def shifted(
    old: Matcher,
    new: Matcher,
    profiles: Iterable[Any],
    *,
    days: tuple[date, date],
    refused: Callable[[int, ParseError], None],
) -> Iterator[Shift]:
    """As :func:`changed`, without reasons and amounts: for counting."""
    for at, profile in enumerate(profiles):
        try:
            yield from shifts(old, new, [profile], on=days[0], then=days[1])
        except ParseError as error:
            refused(at, error)


def changed(
    old: Matcher,
    new: Matcher,
    profiles: Iterable[Any],
    *,
    days: tuple[date, date],
    refused: _Refused = None,
) -> Iterator[Change]:
    """See :meth:`policylib.Library.what_if`."""
    for at, profile in enumerate(profiles):
        try:
            found = tuple(changes(old, new, [profile], on=days[0], then=days[1]))
        except ParseError as error:
            if refused is None:
                raise
            refused(at, error)
        else:
            yield from (replace(each, profile=at) for each in found)


# -- files --------------------------------------------------------------------------------------


class _Reading:
    """Profiles of a file, with their keys and what was wrong with some; no value is kept."""

    def __init__(
        self,
        path: Path,
        subject: Subject,
        matcher: Matcher,
        progress: Callable[[int], None] | None,
    ) -> None:
        if not path.is_file():
            raise NotFound(f"找不到画像文件“{path.name}”，请检查路径")
        self._source = read_profiles(path, subject.value, known=self._is_known)
        self._matcher, self._subject = matcher, subject
        self._unknown: set[str] = set()
        self._progress = progress
        self._step = 256
        self.keys: dict[int, Any] = {}
        self.count = 0
        self.faults: list[str] = []
        self.refused = 0

    def __iter__(self) -> Iterator[Any]:
        for key, profile in self._source:
            self.keys = {self.count: key}
            self.count += 1
            if self._progress and self.count % self._step == 0:
                self._progress(self._step)
            yield profile

    def _is_known(self, name: str) -> bool:
        try:
            self._matcher.reader.definition(self._subject, name)
        except ParseError:
            if not self._unknown:
                self.faults.append("有的列名称不在词表中，没有采用，请按词表填写第一行")
            self._unknown.add(name)
            return False
        return True

    def refuse(self, at: int, error: ParseError) -> None:
        self.refused += 1
        if self.refused <= _TOLD:
            self.faults.append(f"第{at + 1}个画像没有参加匹配：{error}")
        elif self.refused == _TOLD + 1:
            self.faults.append("还有别的画像没有参加匹配，这里不再列出")


_TOLD = 20


def reached_in_file(
    matcher: Matcher,
    path: Path,
    *,
    subject: Subject,
    on: date,
    progress: Callable[[int], None] | None,
) -> BatchSummary:
    """The profiles of a file that measures may fit, one by one, with the facts that are missing."""
    reading = _Reading(path, subject, matcher, progress)
    offers = [each.offer for each in matcher.prepared]
    counts = {each.key: Count(*each.key, each.measure.title) for each in offers}
    lacking: dict[tuple[str, str, Any], tuple[str, ...]] = {}
    rows: dict[tuple[tuple[str, str], Verdict], list[Any]] = {}
    for each in reached(matcher, reading, on=on, refused=reading.refuse):
        key = each.document, each.measure
        found = rows.setdefault((key, each.verdict), [])
        name = reading.keys[each.profile]
        name = name if each.member is None else f"{name}（家庭成员第{each.member}位）"
        found.append(name)
        if each.missing:
            lacking[each.document, each.measure, name] = each.missing
    for (key, verdict), found in rows.items():
        if verdict is Verdict.LIKELY:
            counts[key].likely = len(found)
        else:
            counts[key].open = len(found)
    taken = reading.count - reading.refused
    for count in counts.values():
        count.unlikely = max(0, taken - count.likely - count.open)
    summary = BatchSummary(taken, reading.refused, list(counts.values()), reading.faults)
    summary.reached = [(counts[key], verdict, found) for (key, verdict), found in rows.items()]
    summary.missing = lacking
    return summary


def conditions_of(
    matcher: Matcher, *, on: date
) -> dict[tuple[str, str], tuple[dict[str, Any], ...]]:
    """The conditions of measures in words, with their provisions."""
    found: dict[tuple[str, str], tuple[dict[str, Any], ...]] = {}
    for subject in Subject:
        for each in matcher.match({"subject": subject.value}, on=on, near=False):
            said = [reason.as_json() for reason in each.reasons]
            found[each.document, each.measure.id] = tuple(
                {"text": one["text"], "provision": one["provision"]} for one in said
            )
    return found


@dataclass(slots=True)
class Impacted:
    """What a change means for the profiles of a file (影响测算结果).

    ``rows`` has the changes with the keys of their profiles, when asked for.
    """

    impact: Impact
    refused: int
    faults: list[str]
    rows: list[tuple[Any, Change]] = field(default_factory=list)

    @property
    def profiles(self) -> int:
        """How many profiles took part."""
        return self.impact.profiles

    @property
    def counts(self) -> list[tuple[tuple[str, str], Any]]:
        """The measures whose answers change for somebody."""
        return sorted(self.impact.counts.items())

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        found: dict[str, Any] = {
            "profiles": self.profiles,
            "refused": self.refused,
            "faults": self.faults,
            "changes": [
                {"document": document, "measure": measure, "before": before, "after": after,
                 "count": count}
                for (document, measure), steps in self.counts
                for (before, after), count in sorted(steps.items(), key=str)
            ],
        }  # fmt: skip
        if self.rows:
            found["rows"] = [{**each.as_json(), "profile": key} for key, each in self.rows]
        return found


def impact_of_file(
    old: Matcher,
    new: Matcher,
    path: Path,
    *,
    subject: Subject,
    days: tuple[date, date],
    with_ids: bool,
    progress: Callable[[int], None] | None,
) -> Impacted:
    """What changes for the profiles of a file; see :meth:`policylib.Library.what_if`."""
    reading = _Reading(path, subject, old, progress)
    rows: list[tuple[Any, Change]] = []

    def noted() -> Iterator[Change | Shift]:
        if not with_ids:
            yield from shifted(old, new, reading, days=days, refused=reading.refuse)
            return
        for each in changed(old, new, reading, days=days, refused=reading.refuse):
            rows.append((reading.keys[each.profile], each))
            yield each

    found = impact(noted(), profiles=0)
    taken = reading.count - reading.refused
    return Impacted(Impact(taken, found.counts), reading.refused, reading.faults, rows)
