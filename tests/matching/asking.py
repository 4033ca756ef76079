"""A measure asked of people: what is expected, by the reference, the index and the batch alike."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policylib.matching.matcher import Matcher
from policylib.model.measure import Measure

__all__ = ["answered", "batched", "day_of"]

DAY = "2025-06-01"


def day_of(group: dict[str, Any], person: dict[str, Any]) -> date:
    """The day for which is asked."""
    return date.fromisoformat(str(person.get("day", group.get("day", DAY))))


def answered(
    matcher: Matcher, measure: Measure, group: dict[str, Any], person: dict[str, Any]
) -> None:
    """The reference and the index say what is expected of one person."""
    profile = {
        "subject": measure.subject.value,
        "facts": {**group.get("with", {}), **person["facts"]},
    }
    on = day_of(group, person)
    (answer,) = [
        each
        for each in matcher.match(profile, on=on)
        if each.measure.id == measure.id and each.member is None
    ]
    assert answer.verdict == person["answer"], answer.reasons
    verdicts = matcher.verdicts(profile, on=on)
    assert verdicts[answer.document, measure.id] == answer.verdict
    assert any(reason.provision for reason in answer.reasons)
    if "missing" in person:
        assert list(answer.missing) == person["missing"]
    if "near" in person:
        assert answer.near is not None
        assert person["near"] in (answer.near.distance or "")
    if "amount" in person:
        assert answer.amount is not None
        wanted = person["amount"]
        assert answer.amount.value == (None if wanted is None else pytest.approx(wanted))


def batched(matcher: Matcher, measure: Measure, group: dict[str, Any]) -> None:
    """The batch says the same of all people of a group, day by day."""
    from policylib.matching.batch import Batch

    days: dict[date, list[dict[str, Any]]] = {}
    for person in group["people"]:
        days.setdefault(day_of(group, person), []).append(person)
    for on, people in days.items():
        every = [{**group.get("with", {}), **each["facts"]} for each in people]
        names = sorted({name for facts in every for name in facts})
        table = {name: [facts.get(name) for facts in every] for name in names}
        batch = Batch(matcher, measure.subject, on=on)
        (block,) = batch.run([table], ids=True)
        at = [each.offer.measure.id for each in batch.prepared].index(measure.id)
        for said, rows in (("可能符合", block.likely_rows(at)), ("待核实", block.open_rows(at))):
            expected = [row for row, each in enumerate(people) if each["answer"] == said]
            assert rows.tolist() == expected
