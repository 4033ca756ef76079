"""The algebra: three values, and three evaluators with one meaning."""

from __future__ import annotations

import random
import sys
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.matching.world import ON, asked, matcher, measure, profile, vocabulary

import matchworld
from policylib.errors import ParseError
from policylib.matching.expressions import OneOf
from policylib.matching.index import BitIndex, places
from policylib.matching.matcher import Matcher, Offer
from policylib.model.profile import Subject

FLAGS = ["低保在保", "独居", "空巢", "孤儿"]
VALUES = {True: True, False: False, None: None}


def flag(name: str) -> dict[str, Any]:
    return {"fact": name, "equals": True}


def verdict(condition: dict[str, Any], *values: bool | None) -> bool | None:
    known = {name: value for name, value in zip(FLAGS, values, strict=False) if value is not None}
    return {"可能符合": True, "不符合": False, "待核实": None}[asked(condition, **known).verdict]


@pytest.mark.parametrize("values", list(product((True, False, None), repeat=2)))
def test_kleene(values: tuple[bool | None, bool | None]) -> None:
    one, other = values
    both = {"all": [flag("低保在保"), flag("独居")]}
    either = {"any": [flag("低保在保"), flag("独居")]}
    neither = {"none": [flag("低保在保"), flag("独居")]}
    assert verdict(both, *values) is (
        False if False in values else None if None in values else True
    )
    found = True if True in values else None if None in values else False
    assert verdict(either, *values) is found
    assert verdict(neither, *values) is (None if found is None else not found)
    some = {"some": [flag("低保在保"), flag("独居")], "at_least": 2}
    assert verdict(some, *values) is verdict(both, *values)
    assert (one, other) == values


def test_cases_that_agree_need_no_answer() -> None:
    cases = {
        "cases": [{"when": flag("低保在保"), "then": flag("独居")}],
        "otherwise": flag("空巢"),
    }
    assert verdict(cases, None, True, True) is True
    assert verdict(cases, None, False, False) is False
    assert verdict(cases, None, True, False) is None
    assert verdict(cases, True, None, True) is None


def test_a_count_is_open_only_where_it_matters() -> None:
    young = {"of": {"members": "子女", "where": {"fact": "年龄", "below": 3}}, "at_least": 1}
    child, unknown, grown = {"出生日期": "2024-01-01"}, {}, {"出生日期": "2000-01-01"}
    assert asked(young, 子女=[child, unknown]).verdict == "可能符合"
    assert asked(young, 子女=[grown, unknown]).verdict == "待核实"
    assert asked(young, 子女=[grown]).verdict == "不符合"
    assert asked(young, 子女=[]).verdict == "不符合"
    assert asked(young).missing == ("子女",)


@pytest.mark.parametrize("size", [1, 63, 64, 65, 1000])
def test_bits_and_places(size: int) -> None:
    dice = random.Random(size)
    chosen = sorted(dice.sample(range(size), (size + 1) // 2))
    assert list(places(sum(1 << at for at in chosen))) == chosen
    assert list(places(0)) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([0.2, 0.5, 0.7]), st.sampled_from([0.0, 0.2, 0.6]))
def test_index_and_reference_agree(seed: int, odd: float, unknown: float) -> None:
    made = Matcher(vocabulary(), matchworld.offers(20, seed=seed, odd=odd))
    for person in matchworld.profiles(5, seed=seed + 1, unknown=unknown):
        case = made.case(person, on=matchworld.DAY)
        truths = [each.formula.truth(case) for each in made.prepared]
        for found in (made.found(case), made.asked(case)):
            likely, open_ = set(found.likely_ids()), set(found.open_ids())
            assert likely == {at for at, truth in enumerate(truths) if truth}
            assert open_ == {at for at, truth in enumerate(truths) if truth is None}
        near = {at for at, each in enumerate(made.match(person, on=matchworld.DAY)) if each.near}
        if odd < 0.5:  # conditions with too many ways are judged in larger pieces
            assert set(made.asked(case).near_ids()) <= near


def test_too_many_ways_are_judged_as_wholes() -> None:
    dice = random.Random(4)
    wide = {
        "all": [{"any": [matchworld.simple_test(dice) for _ in range(4)]} for _ in range(8)],
    }
    several = {
        "some": [{"fact": name, "equals": True} for name in matchworld.FLAGS],
        "at_least": 7,
    }
    made = matcher(wide, several, {"any": [wide, several]})
    assert made.index(Subject.PERSON).conjunctions < 100
    for person in matchworld.profiles(200, seed=9):
        case = made.case(person, on=ON.replace(year=2027))
        found = made.found(case)
        truths = [each.formula.truth(case) for each in made.prepared]
        assert found.likely_ids() == [at for at, truth in enumerate(truths) if truth]
        assert sorted(found.open_ids()) == [at for at, t in enumerate(truths) if t is None]


def test_two_facts_may_have_to_be_the_same() -> None:
    local = {"fact": "参保地", "same_as": "户籍地"}
    assert asked(local, 参保地="990121", 户籍地="990121000000").verdict == "可能符合"
    assert asked(local, 参保地="990121", 户籍地="990221").verdict == "不符合"
    answer = asked(local, 参保地="990121")
    assert (answer.verdict, answer.missing) == ("待核实", ("户籍地",))
    assert answer.reasons[0].text == "参保地与户籍地相同"
    made = matcher(local, {"none": [local]})
    case = made.case(profile(参保地="990121", 户籍地="990221"), on=ON)
    assert made.found(case).likely_ids() == [1]


def test_an_empty_matcher_answers_nothing() -> None:
    made = Matcher(vocabulary(), [])
    assert made.match(profile(年龄=3), on=ON) == ()
    assert BitIndex([]).verdicts(made.case(profile(), on=ON)).likely_ids() == []


def test_a_partly_known_value_keeps_what_is_sure() -> None:
    made = matcher({"fact": "企业规模", "equals": "大型"}, subject="enterprise")
    case = made.case(profile("enterprise", 行业="C13", 从业人员=500), on=ON)
    subject = made.index(Subject.ENTERPRISE).attributes[0].subject
    value = subject.value(case)
    assert isinstance(value, OneOf)
    assert set(value.values) == {"中型", "小型"} | {"微型"}
    assert made.found(case).open == 0


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"fact": "身高", "at_least": 1}, "词表中没有事实“身高”"),
        ({"fact": "年龄", "at_least": "300万元"}, "单位“万元”不能换算成“周岁”"),
        ({"fact": "年龄", "at_least": "2024-01-01"}, "应与数字比较"),
        ({"fact": "性别", "equals": "公"}, "没有可选值“公”"),
        ({"fact": "性别", "at_least": 3}, "不能比较大小"),
        ({"fact": "注册地", "under": "99"}, "是经营主体的事实，个人没有"),
        ({"fact": "户籍地", "under": "青山"}, "行政区划代码应为"),
        ({"fact": "残疾类别", "equals": "听力"}, "多选的事实请用 has"),
        ({"of": {"parameter": "低保"}, "at_least": 1}, "词表中没有参数“低保”"),
        ({"of": {"members": "年龄"}, "at_least": 1}, "不是成员类的事实"),
        ({"fact": "年龄", "at_least": "出生日期"}, "应为数值，实际是日期"),
        ({"fact": "年龄", "at_least": "6个月"}, "不能换算成“周岁”"),
    ],
)
def test_what_does_not_fit_is_said_in_chinese(condition: dict[str, Any], said: str) -> None:
    with pytest.raises(ParseError, match=said):
        matcher(condition)


def test_derived_facts_may_not_go_in_circles() -> None:
    facts = [
        {"name": "甲", "subjects": "person", "type": "是否", "holds_when": flag("乙")},
        {"name": "乙", "subjects": "person", "type": "是否", "holds_when": flag("甲")},
    ]
    circular = type(vocabulary()).model_validate({"facts": facts})
    with pytest.raises(ParseError, match="循环定义：甲 → 乙 → 甲"):
        Matcher(circular, [Offer("文", measure(flag("甲")))])


def test_numpy_is_loaded_only_for_a_batch() -> None:
    import subprocess

    code = (
        "import sys; sys.path.insert(0, 'src');"
        "import policylib.matching.matcher, policylib.matching.whatif, policylib.files.profiles;"
        "assert not {'numpy', 'yaml', 'pyarrow'} & (set(sys.modules) - {'yaml'})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
