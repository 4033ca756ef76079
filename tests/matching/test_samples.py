"""The measures of the sample documents: profiles and the right answers, by all three evaluators."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.matching.asking import answered, batched
from tests.matching.world import vocabulary

from policylib.files.documentfile import DocumentFile
from policylib.matching.checking import faults
from policylib.matching.matcher import Matcher, Offer
from policylib.matching.preparing import Preparer
from policylib.model.measure import Measure
from policylib.model.measures import read_measures
from policylib.text.outline import Outline

SAMPLES = Path(__file__).resolve().parents[2] / "sample_docs" / "released"
CASES = yaml.safe_load((Path(__file__).parent / "samples.yaml").read_text("utf-8"))


@cache
def read(name: str) -> DocumentFile:
    return DocumentFile.parse((SAMPLES / f"{name}.md").read_bytes())


def measures(name: str) -> dict[str, Measure]:
    return {each.id: each for each in read_measures(read(name).header.measures)}


def offers(name: str) -> list[Offer]:
    header = read(name).header
    return [
        Offer(name, each, header.effective_on, header.expires_on)
        for each in measures(name).values()
    ]


def rows() -> list[Any]:
    return [
        pytest.param(group, each, id=f"{group['measure']}-{at}")
        for group in CASES
        for at, each in enumerate(group["people"], 1)
    ]


@pytest.mark.parametrize(("group", "person"), rows())
def test_the_answer_is_right(group: dict[str, Any], person: dict[str, Any]) -> None:
    matcher = Matcher(vocabulary(), offers(group["document"]))
    answered(matcher, measures(group["document"])[group["measure"]], group, person)


@pytest.mark.parametrize("group", CASES, ids=lambda group: group["measure"])
def test_the_batch_says_the_same(group: dict[str, Any]) -> None:
    pytest.importorskip("numpy", reason="需要 policylib[batch]")
    matcher = Matcher(vocabulary(), offers(group["document"]))
    batched(matcher, measures(group["document"])[group["measure"]], group)


def test_the_measures_are_written_rightly() -> None:
    preparer = Preparer(vocabulary())
    count = 0
    for path in sorted(SAMPLES.rglob("*.md")):
        name = str(path.relative_to(SAMPLES))[:-3]
        outline = Outline.parse(read(name).body)
        for each in measures(name).values():
            count += 1
            assert faults(each, preparer, on=date(2026, 11, 22), provisions=outline) == ()
    assert count == 21
    assert {(group["document"], group["measure"]) for group in CASES} == {
        (str(path.relative_to(SAMPLES))[:-3], id)
        for path in SAMPLES.rglob("*.md")
        for id in measures(str(path.relative_to(SAMPLES))[:-3])
    }
