"""Real policies as data: the clause, the people, the answer (tests/matching/cases.yaml)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policylib.files.vocabulary import load_vocabulary
from policylib.matching.index import BitIndex
from policylib.matching.matcher import Matcher, Offer
from policylib.model.facts import Birthday, Vocabulary
from policylib.model.measure import Measure

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text("utf-8"))
DAY = "2025-06-01"


def rows() -> list[Any]:
    return [
        pytest.param(group, each, id=f"{group['measure']['id']}-{at}")
        for group in CASES
        for at, each in enumerate(group["people"])
    ]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.mark.parametrize(("group", "person"), rows())
def test_the_answer_is_right(
    vocabulary: Vocabulary, group: dict[str, Any], person: dict[str, Any]
) -> None:
    if "birthday" in person:
        vocabulary = vocabulary.model_copy(update={"birthday": Birthday(person["birthday"])})
    measure = Measure.model_validate(group["measure"])
    assert Measure.model_validate_json(measure.model_dump_json(exclude_defaults=True)) == measure
    matcher = Matcher(vocabulary, [Offer("示例", measure)])
    facts = {**group.get("with", {}), **person["facts"]}
    if "staff" in person:
        facts[group["staff"]] = [{}] * person["staff"]
    on = date.fromisoformat(str(person.get("day", group.get("day", DAY))))
    profile = {"subject": measure.subject.value, "facts": facts}
    (answer,) = [each for each in matcher.match(profile, on=on) if each.member is None]
    assert answer.verdict == person["answer"], answer.reasons
    case = matcher.case(profile, on=on)
    found = BitIndex([matcher.prepared[0].formula]).ask(case)
    assert (found.likely, found.open) == (answer.verdict == "可能符合", answer.verdict == "待核实")
    assert answer.reasons
    assert all(reason.provision for reason in answer.reasons)
    if "missing" in person:
        assert list(answer.missing) == person["missing"]
    if "ask" in person:
        assert len(answer.ask) == person["ask"]
    if "near" in person:
        assert answer.near is not None
        assert person["near"] in (answer.near.distance or "")
    if "note" in person:
        assert person["note"] in "".join(answer.notes)
    if "amount" in person:
        assert answer.amount is not None
        wanted = person["amount"]
        assert answer.amount.value == (None if wanted is None else pytest.approx(wanted))
    said = str(answer.as_json(vocabulary))
    assert not any(word in said for word in ("符合资格", "有权", "应当发给", "可以领取"))
