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
from policylib.workflow.validity import Step, at, steps, validity, why

CASES = yaml.safe_load((Path(__file__).parent / "validity.yaml").read_text("utf-8"))
CLOSED = {Validity.LAPSED, Validity.REPEALED, Validity.REVOKED}

Facts = tuple[Document, list[tuple[Relation, Document]]]


def facts(case: dict[str, Any]) -> Facts:
    document = Document(**{"id": "甲", "title": "甲办法", "stage": "公布", **case["document"]})
    relations = []
    for number, act in enumerate(case.get("acts", ())):
        by = {"id": f"决定{number}", "title": "决定", "stage": "公布", **act.get("by", {})}
        relation = Relation(
            subject_id=by["id"],
            kind=act["kind"],
            target="甲",
            object_id="甲",
            provision=act.get("provision"),
            effective_on=act.get("day"),
            expires_on=act.get("until"),
            unless_by=act.get("unless_by"),
            reason=act.get("cause"),
        )
        relations.append((relation, Document(**by)))
    return document, relations


def story(case: dict[str, Any]) -> tuple[Step, ...]:
    return steps(*facts(case))


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
    if "next" in case:
        assert case["next"] in why(*facts(case), max(case["expect"])).next


def test_cases_are_enough_and_each_says_its_rule() -> None:
    assert len(CASES) >= 60
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert all(case["rule"] for case in CASES)


DAYS = st.dates(date(2024, 1, 1), date(2024, 3, 1))
KINDS = [
    *(RelationKind.REPEALS, RelationKind.DECLARES_LAPSED, RelationKind.LAPSES_UNLESS),
    *(RelationKind.REVOKES, RelationKind.RENEWS, RelationKind.PARTLY_REPEALS),
    *(RelationKind.SUSPENDS, RelationKind.RESUMES, RelationKind.AMENDS),
]
TERMS = st.sampled_from(["1日", "20日", "1个月"])
ACTS = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS)},
    optional={
        "day": DAYS,
        "until": DAYS,
        "unless_by": DAYS,
        "provision": st.sampled_from(["第三条", "第五条"]),
        "by": st.fixed_dictionaries(
            {}, optional={"released_on": DAYS, "expires_on": DAYS, "term": TERMS}
        ),
    },
)
STORIES = st.fixed_dictionaries(
    {
        "document": st.fixed_dictionaries(
            {},
            optional={
                "released_on": DAYS,
                "effective_on": DAYS,
                "expires_on": DAYS,
                "term": TERMS,
            },
        ),
        "acts": st.lists(ACTS, max_size=6),
    }
)


@given(STORIES, st.randoms(use_true_random=False))
def test_steps_do_not_hang_on_the_order_of_relations(case: dict[str, Any], chance: Any) -> None:
    document, relations = facts(case)
    assert steps(document, chance.sample(relations, len(relations))) == steps(document, relations)


@given(STORIES)
def test_there_is_one_answer_for_every_day(case: dict[str, Any]) -> None:
    found = story(case)
    assert found[0].start is None
    days = [step.start for step in found[1:] if step.start]
    assert len(days) == len(found) - 1
    assert days == sorted(set(days))
    assert validity(found, date.min) in {Validity.PENDING, Validity.IN_FORCE, *CLOSED}
    for step in found[1:]:
        assert at(found, step.start or date.min) is step
    assert at(found, date.max) is found[-1]


@given(STORIES)
def test_what_has_ended_stays_ended(case: dict[str, Any]) -> None:
    """Only a renewal in time keeps a document alive, and then it has never ended."""
    said = [step.validity for step in story(case)]
    over = [each for each in said if each in CLOSED]
    assert said[len(said) - len(over) :] == over
    assert over in ([], *([each] for each in CLOSED), [Validity.LAPSED, Validity.REVOKED])


@given(STORIES, DAYS)
def test_a_reason_for_every_day(case: dict[str, Any], on: date) -> None:
    document, relations = facts(case)
    found, told = steps(document, relations), why(document, relations, on)
    assert told.validity is validity(found, on)
    assert told.because == found[: len(told.because)]
    assert told.coming == next(iter(found[len(told.because) :]), None)
    assert told.next
    if told.coming and told.coming.start:
        assert told.coming.start > on


def test_why_names_the_rule_and_what_comes() -> None:
    document, relations = facts({"document": {"effective_on": "2024-07-01", "term": "5年"}})
    told = why(document, relations, date(2025, 1, 1))
    assert (told.validity, len(told.because)) == (Validity.IN_FORCE, 2)
    assert told.next == (
        "自2029年7月1日起失效：自施行之日起5年，有效期至2029年6月30日，期满自动失效"
    )
    over = why(document, relations, date(2030, 1, 1)).because[-1]
    assert over.rule == "民法典第二百零一条、第二百零二条"
    assert over.act_by == date(2029, 6, 30)


def test_why_of_a_draft() -> None:
    document = Document(id="甲", title="甲", stage=Stage.SIGNED)
    assert why(document, [], date(2025, 1, 1)).next == "公布后才有时效性"


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


ACTED = (
    ("宣布失效", {}, "宣布失效：在原页面标注失效", "2024-07-01"),
    ("撤销", {}, "撤销：在原页面标注撤销", "2024-07-01"),
    ("暂停", {}, "暂停施行：在原页面标注", "2024-07-01"),
    ("部分废止", {}, "部分条款失效：在原页面标注", "2024-07-01"),
    ("废止", {}, "开始废止：在原页面标注废止", "2024-07-01"),
    (
        "附条件失效",
        {"unless_by": "2024-06-20"},
        "逾期未修改将失效：修改后重新公布，或标注失效",
        "2024-06-20",
    ),
)


@pytest.mark.parametrize(("kind", "more", "what", "due"), ACTED, ids=[row[0] for row in ACTED])
def test_what_others_make_due(kind: str, more: dict[str, str], what: str, due: str) -> None:
    act = {"kind": kind, "day": "2024-07-01", **more}
    document, relations = facts({"document": {"effective_on": "2020-01-01"}, "acts": [act]})
    found = obligations(
        [(document, steps(document, relations))],
        on=date(2024, 6, 1),
        within=timedelta(days=90),
    )
    assert [(each.obligation, str(each.due_on)) for each in found] == [(what, due)]
