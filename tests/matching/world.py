"""Small helpers of the matching tests: one vocabulary, a matcher from bare conditions."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from policylib.files.vocabulary import load_vocabulary
from policylib.matching.answers import Answer
from policylib.matching.matcher import Matcher, Offer
from policylib.model.facts import Vocabulary
from policylib.model.measure import Measure

ON = date(2025, 6, 1)


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def measure(condition: dict[str, Any], *, subject: str = "person", **more: Any) -> Measure:
    fields = {"id": "甲", "title": "甲事项", "subject": subject, "provision": "第三条"}
    return Measure.model_validate({**fields, "condition": condition, **more})


def matcher(*conditions: dict[str, Any], subject: str = "person", **more: Any) -> Matcher:
    offers = [
        Offer("青山办法", measure(each, subject=subject, id=f"事项{at}", **more))
        for at, each in enumerate(conditions, 1)
    ]
    return Matcher(vocabulary(), offers)


def profile(subject: str = "person", **facts: Any) -> dict[str, Any]:
    return {"subject": subject, "facts": facts}


def asked(
    condition: dict[str, Any], *, on: date = ON, subject: str = "person", **facts: Any
) -> Answer:
    made = matcher(condition, subject=subject)
    return made.match(profile(subject, **facts), on=on)[0]
