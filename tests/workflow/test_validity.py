"""Whether a document is in force on a day (时效性), case by case."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policylib import Document, Relation, RelationKind, Stage, Validity
from policylib.workflow.due import obligations
from policylib.workflow.validity import Step, at, steps, validity

CASES = yaml.safe_load((Path(__file__).parent / "validity.yaml").read_text("utf-8"))


def story(case: dict[str, Any]) -> tuple[Step, ...]:
    document = Document(**{"id": "甲", "title": "甲办法", "stage": "公布", **case["document"]})
    relations = []
    for number, act in enumerate(case.get("acts", ())):
        maker = Document(
            **{"id": f"决定{number}", "title": "决定", "stage": "公布", **act.get("by", {})}
        )
        relations.append(
            (
                Relation(
                    subject_id=maker.id,
                    kind=act["kind"],
                    target="甲",
                    object_id="甲",
                    provision=act.get("provision"),
                    effective_on=act.get("day"),
                ),
                maker,
            )
        )
    return steps(document, relations)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_validity(case: dict[str, Any]) -> None:
    found = story(case)
    assert {day: str(validity(found, day)) for day in case["expect"]} == case["expect"]
    assert found[0].start is None
    starts = [step.start for step in found[1:]]
    assert starts == sorted(set(starts))
    assert all(step.reason for step in found)
    if "reason" in case:
        assert any(case["reason"] in step.reason for step in found)


DAYS = st.dates(date(2024, 1, 1), date(2024, 3, 1))
ENDS = [RelationKind.REPEALS, RelationKind.DECLARES_LAPSED]
ACTS = st.fixed_dictionaries(
    {"kind": st.sampled_from([*ENDS, RelationKind.RENEWS, RelationKind.PARTLY_REPEALS])},
    optional={"day": DAYS, "by": st.fixed_dictionaries({}, optional={"expires_on": DAYS})},
)
STORIES = st.fixed_dictionaries(
    {
        "document": st.fixed_dictionaries(
            {}, optional={"released_on": DAYS, "effective_on": DAYS, "expires_on": DAYS}
        ),
        "acts": st.lists(ACTS, max_size=4),
    }
)


@given(STORIES, st.randoms(use_true_random=False))
def test_validity_does_not_hang_on_the_order_of_relations(
    case: dict[str, Any], chance: Any
) -> None:
    same = {**case, "acts": chance.sample(case["acts"], len(case["acts"]))}
    day = date(2023, 12, 31)
    for _ in range(64):
        assert validity(story(case), day) is validity(story(same), day)
        day += timedelta(days=1)


@given(STORIES)
def test_what_has_ended_stays_ended(case: dict[str, Any]) -> None:
    found = story(case)
    over = False
    for number in range(70):
        now = validity(found, date(2023, 12, 31) + timedelta(days=number))
        assert not over or now in {Validity.LAPSED, Validity.REPEALED}
        over = now in {Validity.LAPSED, Validity.REPEALED}
    starts = [step.start for step in found]
    assert starts[0] is None
    assert starts[1:] == sorted(set(starts[1:]), key=str)


def test_a_step_says_who_did_it() -> None:
    step = at(
        story({"document": {}, "acts": [{"kind": "废止", "day": date(2024, 7, 1)}]}), date.max
    )
    assert step.made_by == "决定0"
    assert "《决定》" in step.reason
    assert "2024年7月1日" in step.reason


DUE = (
    ("2024-12-31", 0, {"有效期届满：评估后延续、修改，或标注失效": ("2024-12-31", "今日")}),
    ("2024-12-01", 30, {"有效期届满：评估后延续、修改，或标注失效": ("2024-12-31", "待办")}),
    ("2024-12-01", 29, {}),
    ("2025-01-01", 3650, {}),
    ("2024-02-28", 2, {"开始施行": ("2024-03-01", "待办")}),
)


@pytest.mark.parametrize(("on", "days", "expected"), DUE)
def test_what_is_due(on: str, days: int, expected: dict[str, tuple[str, str]]) -> None:
    document = Document(
        id="甲",
        title="甲",
        stage=Stage.RELEASED,
        effective_on="2024-03-01",
        expires_on="2024-12-31",
    )
    found = obligations(
        [(document, steps(document))], on=date.fromisoformat(on), within=timedelta(days=days)
    )
    assert {o.obligation: (str(o.due_on), o.state) for o in found} == expected
