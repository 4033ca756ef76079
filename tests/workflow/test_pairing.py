"""What may be released with what: every pair of stages, and what the reasons say."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from policylib import Document, DocumentType, Header, Stage
from policylib.model.rule import Basis
from policylib.model.ruleset import Procedure, ProcedureStep, RuleSet
from policylib.workflow.pairing import (
    CONSULTATION,
    INTERPRETATION,
    Companion,
    Standing,
    may_release,
    may_release_companion,
    needs_interpretation,
)

DAY = date(2026, 3, 2)
PRODUCT = tuple(itertools.product(Stage, Stage))
UNRELEASED = (Stage.DRAFTED, Stage.REVIEWED, Stage.SIGNED)


def policy(stage: Stage, id: str = "办法", **fields: Any) -> Document:
    return Document(**{"id": id, "title": f"某县{id}", "stage": stage, **fields})


def companion(stage: Stage, what: DocumentType, id: str = "配套", **fields: Any) -> Document:
    return Document(id=id, title=f"关于{id}", type=what, stage=stage, **fields)


def interpretation(stage: Stage, id: str = "解读") -> Document:
    return companion(stage, DocumentType.INTERPRETATION, id)


def test_the_tables_have_every_pair_once() -> None:
    assert set(INTERPRETATION) == set(CONSULTATION) == set(PRODUCT)


@pytest.mark.parametrize(("whole", "part"), PRODUCT)
def test_an_interpretation_never_goes_before_its_policy(whole: Stage, part: Stage) -> None:
    standing = INTERPRETATION[whole, part]
    assert (standing is Standing.NOW) == (whole is Stage.RELEASED and part.is_signed)
    assert (standing is Standing.TOGETHER) == (whole.is_signed and part.is_signed)
    assert standing.allowed == (standing in {Standing.NOW, Standing.TOGETHER})
    alone = may_release_companion(interpretation(part), [policy(whole)])
    if part.is_signed:
        assert alone.allowed == (whole is Stage.RELEASED)
        assert alone.allowed or "解读不能先于文件公布" in alone.reasons[0]


@pytest.mark.parametrize(("whole", "part"), PRODUCT)
def test_a_consultation_goes_before_its_policy(whole: Stage, part: Stage) -> None:
    standing = CONSULTATION[whole, part]
    assert standing.allowed == (whole is not Stage.RELEASED and part.is_signed)
    paper = companion(part, DocumentType.CONSULTATION)
    alone = may_release_companion(paper, [policy(whole)])
    if part.is_signed:
        assert alone.allowed == standing.allowed
        assert alone.allowed or "已经公布，不能再公开征求意见" in alone.reasons[0]


@pytest.mark.parametrize(("whole", "part"), PRODUCT)
def test_a_policy_that_needs_one_goes_with_its_interpretation_or_not_at_all(
    whole: Stage, part: Stage
) -> None:
    explained = interpretation(part)
    found = may_release(policy(whole), [Companion(explained)], required=True)
    if whole is Stage.RELEASED or part is Stage.RELEASED:
        assert (found.allowed, found.together) == (True, ())
    elif whole.is_signed and part.is_signed:
        assert (found.allowed, found.together) == (True, (explained,))
    else:
        assert not found.allowed
        assert found.together == ()
        assert "需要解读" in found.reasons[0]
        assert ("act sign 解读" in found.reasons[1]) == (not part.is_signed)
        assert ("act review 解读" in found.reasons[1]) == (
            not part.is_signed and part is not Stage.REVIEWED
        )
    assert may_release(policy(whole), [Companion(explained)], required=False).allowed


def test_without_any_interpretation_the_reason_says_what_to_do() -> None:
    found = may_release(policy(Stage.SIGNED), required=True)
    assert len(found.reasons) == 1
    assert "没有已签发的解读" in found.reasons[0]
    assert may_release(policy(Stage.SIGNED), required=False).allowed


def test_all_signed_interpretations_go_along_and_the_others_stay() -> None:
    signed = [interpretation(Stage.SIGNED, f"解读{n}") for n in range(2)]
    found = may_release(
        policy(Stage.SIGNED),
        [*map(Companion, signed), Companion(interpretation(Stage.DRAFTED, "视频"))],
        required=True,
    )
    assert found.together == tuple(signed)


def test_one_that_interprets_a_second_unreleased_policy_cannot_go_along() -> None:
    draft = policy(Stage.SIGNED, "另一办法")
    both = Companion(interpretation(Stage.SIGNED), (draft,))
    found = may_release(policy(Stage.SIGNED), [both], required=True)
    assert not found.allowed
    assert "另一办法" in found.reasons[1]
    out = both._replace(others=(policy(Stage.RELEASED, "另一办法"),))
    assert may_release(policy(Stage.SIGNED), [out], required=True).allowed


@pytest.mark.parametrize(
    ("stage", "closes", "allowed"),
    [
        (Stage.RELEASED, "2026-03-02", False),
        (Stage.RELEASED, "2026-03-01", True),
        (Stage.RELEASED, None, True),
        (Stage.SIGNED, "2026-04-01", True),
    ],
)
def test_a_policy_waits_for_the_end_of_its_consultation(
    stage: Stage, closes: str | None, allowed: bool
) -> None:
    asked = companion(stage, DocumentType.CONSULTATION, "征集", closes_on=closes)
    found = may_release(policy(Stage.SIGNED), required=False, consultations=[asked], on=DAY)
    assert found.allowed == allowed
    assert allowed or "截止" in found.reasons[0]


def test_other_papers_are_bound_by_nothing() -> None:
    answer = companion(Stage.SIGNED, DocumentType.FEEDBACK)
    assert may_release_companion(answer, [policy(Stage.DRAFTED)]).allowed


def ruleset(*, verified: bool, required: bool = True) -> RuleSet:
    step = ProcedureStep(
        name="解读",
        required=required,
        when=None if required else "社会普遍关心的",
        basis=(Basis(title="某县规定", article="第二十条", quote="应当解读"),),
        verified=verified,
    )
    procedure = Procedure(
        document_class="行政规范性文件",
        documents=({"types": "政策文件", "forms": ["办法"]},),
        steps=(step,),
        source="某县",
    )
    return RuleSet(id="county", title="某县规则", procedures=(procedure,))


@pytest.mark.parametrize(
    ("fields", "rules", "needed"),
    [
        ({"form": "办法"}, ruleset(verified=True), True),
        ({"form": "办法", "needs_interpretation": False}, ruleset(verified=True), True),
        ({"form": "办法"}, ruleset(verified=False), False),
        ({"form": "办法"}, ruleset(verified=True, required=False), False),
        ({"form": "通知"}, ruleset(verified=True), False),
        ({"form": "通知", "needs_interpretation": True}, ruleset(verified=False), True),
        ({"form": "办法", "type": "政策解读", "needs_interpretation": True},
         ruleset(verified=True), False),
    ],
)  # fmt: skip
def test_who_needs_an_interpretation(fields: dict[str, Any], rules: RuleSet, needed: bool) -> None:
    assert needs_interpretation(Header(title="某县停车办法", **fields), rules) == needed
