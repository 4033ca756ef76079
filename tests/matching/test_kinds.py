"""Real clauses of further kinds are written with what there is, without new code."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.matching.asking import answered, batched

from policylib.files.vocabulary import load_vocabulary
from policylib.matching.matcher import Matcher, Offer
from policylib.model.facts import Vocabulary
from policylib.model.measure import Measure

HERE = Path(__file__).parent
KINDS = yaml.safe_load((HERE / "kinds.yaml").read_text("utf-8"))


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(HERE / "kinds_vocabulary.yaml")


def made(group: dict[str, Any]) -> tuple[Matcher, Measure]:
    measure = Measure.model_validate(group["measure"])
    return Matcher(vocabulary(), [Offer("示例", measure)]), measure


@pytest.mark.parametrize("group", KINDS, ids=lambda group: group["kind"])
def test_a_clause_of_this_kind(group: dict[str, Any]) -> None:
    matcher, measure = made(group)
    for person in group["people"]:
        answered(matcher, measure, group, person)


@pytest.mark.parametrize("group", KINDS, ids=lambda group: group["kind"])
def test_the_batch_says_the_same(group: dict[str, Any]) -> None:
    pytest.importorskip("numpy", reason="需要 policylib[batch]")
    batched(*made(group), group)


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 15
