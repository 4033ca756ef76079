"""Measures are checked, profiles are read and forgotten, vocabularies are data."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.matching.world import ON, asked, matcher, measure, profile, vocabulary

from policylib.errors import ParseError
from policylib.files.vocabulary import load_vocabulary
from policylib.matching.checking import faults
from policylib.matching.matcher import Matcher, Offer
from policylib.matching.preparing import Preparer
from policylib.matching.reading import read_profile
from policylib.matching.whatif import changes, impact
from policylib.model.measures import read_measure
from policylib.model.profile import Profile
from policylib.text.outline import Outline

BODY = "第一条 为了照顾老人，制定本办法。\n第三条 年满八十周岁的老人，每月发放津贴。\n"
PREPARER = Preparer(vocabulary())


def said_of(condition: dict[str, Any], **more: Any) -> list[tuple[str, bool]]:
    found = faults(measure(condition, **more), PREPARER, on=ON, provisions=Outline.parse(BODY))
    return [(each.message, each.is_error) for each in found]


def test_a_sound_measure_has_no_fault() -> None:
    assert said_of({"fact": "年龄", "at_least": 80, "quote": "年满八十周岁的老人"}) == []


def test_provisions_must_be_there_and_quotes_verbatim() -> None:
    (one,) = said_of({"fact": "年龄", "at_least": 80}, provision=None)
    assert one == (
        "条件“年龄不低于80周岁”没有依据条款，请写 provision（可以写在事项上，各条件共用）",
        False,
    )
    (one,) = said_of({"fact": "年龄", "at_least": 80, "provision": "第九条"})
    assert one[0] == "正文中没有“第九条”，请核对依据条款"
    (one,) = said_of({"fact": "年龄", "at_least": 80, "quote": "年满六十周岁"})
    assert "没有所引的原文" in one[0]


@pytest.mark.parametrize(
    ("condition", "word", "is_error"),
    [
        (
            {"any": [{"fact": "年龄", "below": 60}, {"fact": "年龄", "at_least": 60}]},
            "恒成立",
            False,
        ),
        (
            {"all": [{"fact": "年龄", "below": 60}, {"fact": "年龄", "at_least": 60}]},
            "不可能",
            True,
        ),
        ({"fact": "年龄", "at_least": 60, "below": 50}, "不可能", True),
        ({"fact": "性别", "among": ["男", "女"]}, "恒成立", False),
        (
            {"all": [{"fact": "户籍地", "under": "9901"}, {"fact": "户籍地", "under": "9902"}]},
            "不可能",
            True,
        ),
        (
            {"any": [{"fact": "低保", "equals": True}, {"fact": "低保", "equals": False}]},
            "恒成立",
            False,
        ),
        ({"fact": "身高", "at_least": 1}, "词表中没有", True),
    ],
)
def test_idle_conditions(condition: dict[str, Any], word: str, is_error: bool) -> None:
    (found,) = said_of(condition)
    assert word in found[0]
    assert found[1] is is_error


def test_a_range_with_a_hole_is_no_tautology() -> None:
    assert said_of({"any": [{"fact": "年龄", "below": 16}, {"fact": "年龄", "above": 16}]}) == []


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("{", "不是正确的 JSON"),
        ({"id": "甲"}, "没有写"),
        ({"condition": {"when": 1}}, "的写法不认识"),
        ({"condition": {"fact": "年龄"}}, "应写判断方式"),
        ({"condition": {"fact": "年龄", "atleast": 3}}, "不认识的键"),
        ({"kind": "红包"}, "不在可选范围"),
        ({"condition": {"some": [{"fact": "a", "equals": 1}], "at_least": 2}}, "不可能符合 2 项"),
    ],
)
def test_badly_written_measures(raw: Any, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        read_measure(raw)


def test_deep_and_huge_conditions_are_refused() -> None:
    deep: dict[str, Any] = {"fact": "年龄", "at_least": 1}
    for _ in range(1_000):
        deep = {"all": [deep]}
    fields = {"id": "甲", "title": "甲", "subject": "person"}
    with pytest.raises(ParseError, match="嵌套过深"):
        read_measure({**fields, "condition": deep})
    with pytest.raises(ParseError, match=r"嵌套过深|不是正确的 JSON"):
        read_measure('{"condition":' + '{"all":[' * 100_000)
    wide = {"any": [{"all": [{"fact": "年龄", "at_least": 1}] * 100}] * 100}
    with pytest.raises(ParseError, match="条件过大"):
        read_measure({**fields, "condition": wide})


SECRET = "张三13800001111"


@pytest.mark.parametrize(
    "raw",
    [
        SECRET,
        f'{{"subject": "{SECRET}", "facts": {{}}}}',
        {"subject": "person", "facts": SECRET},
        {"subject": "person", "facts": {}, SECRET: 1},
        profile(**{SECRET: 1}),
        profile(出生日期=SECRET),
        profile(出生日期="1960-02-30" + SECRET),
        profile(性别=SECRET),
        profile(低保=SECRET),
        profile(家庭人均月收入=SECRET),
        profile(家庭人均月收入={"value": 1, "unit": SECRET}),
        profile(户籍地=SECRET),
        profile(残疾类别=[SECRET]),
        profile(子女=[{SECRET: 1}]),
        profile(子女=[{"出生日期": SECRET}]),
        profile(子女=SECRET),
        profile(出生日期="2999-01-01", 民族=SECRET),
        profile(家庭人均月收入=float("nan"), 民族=SECRET),
        profile(从业人员=SECRET),
    ],
)
def test_nothing_of_a_profile_is_printed(raw: Any) -> None:
    with pytest.raises(ParseError) as error:
        matcher({"fact": "年龄", "at_least": 1}).match(raw, on=ON)
    shown = f"{error.value!s}{error.value!r}{error.value.__cause__!r}"
    assert "张三" not in shown
    assert "1380000" not in shown
    assert "2999" not in shown


def test_a_profile_hides_its_values() -> None:
    made = Profile(subject="person", facts={"民族": SECRET})
    case = matcher({"fact": "年龄", "at_least": 1}).case(made, on=ON)
    for shown in (repr(made), str(made), f"{made}", repr([made]), repr(case)):
        assert "张三" not in shown


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([each.name for each in vocabulary().facts]) | st.text(max_size=8),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=12)
        | st.lists(st.text(max_size=3), max_size=3)
        | st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
        max_size=4,
    )
)
def test_any_profile_is_read_or_refused(facts: dict[str, Any]) -> None:
    made = matcher({"any": [{"fact": "年龄", "at_least": 60}, {"fact": "低保", "equals": True}]})
    try:
        answers = made.match({"subject": "person", "facts": facts}, on=ON)
    except ParseError:
        return
    assert len(answers) == 1


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["all", "any", "none", "fact", "of", "at_least", "equals", "table", "rows"]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=10,
    )
)
def test_any_condition_is_read_or_refused(raw: Any) -> None:
    try:
        found = read_measure({"id": "甲", "title": "甲", "subject": "person", "condition": raw})
        Matcher(vocabulary(), [Offer("文", found)])
    except ParseError:
        return


def test_units_are_converted() -> None:
    rich = {"fact": "营业收入", "at_least": "3亿元"}
    assert asked(rich, subject="enterprise", 营业收入=30_000).verdict == "可能符合"
    assert asked(rich, subject="enterprise", 营业收入="299999999.99元").verdict == "不符合"
    worth = {"value": 3, "unit": "亿元"}
    assert asked(rich, subject="enterprise", 营业收入=worth).verdict == "可能符合"
    assert read_profile(json.dumps(profile(性别="男"))).facts == {"性别": "男"}


def test_ones_own_vocabulary_is_added(tmp_path: Path) -> None:
    own = tmp_path / "本地.yaml"
    own.write_text(
        "facts:\n"
        "  - {name: 养蜂箱数, subjects: [person], type: 数值, unit: 个, question: 养了几箱蜂？}\n"
        "parameters:\n"
        "  - {name: 蜂箱补贴, value: 30, unit: 元, valid_to: 2025-12-31, basis: 青农〔2025〕3号}\n",
        "utf-8",
    )
    found = measure(
        {"fact": "养蜂箱数", "at_least": 10},
        amount={"pay": {"calculate": "积", "of": ["养蜂箱数", {"parameter": "蜂箱补贴"}]}},
    )
    made = Matcher(load_vocabulary(own), [Offer("青农〔2025〕3号", found)])
    (answer,) = made.match(profile(养蜂箱数=12), on=ON)
    assert answer.amount is not None
    assert answer.amount.value == 360
    (later,) = made.match(profile(养蜂箱数=12), on=date(2026, 1, 1))
    assert later.amount is not None
    assert later.amount.value is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {name: 年龄, subjects: person, type: 数值}", "事实名称“年龄”重复"),
        ("- {name: 甲, subjects: person, type: 数}", "“甲”的“type”不在可选范围"),
        ("- {name: 甲, subjects: person, type: 选项}", "要写 values"),
        ("- {name: 甲, subjects: person, type: 是否, holds_when: {x: 1}}", "的写法不认识"),
        ("fact: 1", "不认识的键“fact”"),
        (
            "parameters:\n  - {name: 甲, value: 1, basis: 文}\n  - {name: 甲, value: 2, basis: 文}",
            "适用期重叠",
        ),
        ("- &a {name: 甲}", "锚点"),
    ],
)
def test_bad_vocabularies(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "本地.yaml").write_text(text, "utf-8")
    with pytest.raises(ParseError, match=said) as error:
        load_vocabulary(tmp_path / "本地.yaml")
    assert "本地.yaml" in str(error.value)


def test_what_changes_for_whom() -> None:
    def edition(age: int, pay: int) -> Matcher:
        found = measure({"fact": "年龄", "at_least": age}, amount={"pay": pay, "per": "月"})
        return Matcher(vocabulary(), [Offer("高龄津贴办法", found)])

    people = [profile(出生日期=day) for day in ("1930-01-01", "1942-01-01", "1990-01-01")]
    lower = list(changes(edition(80, 100), edition(85, 100), people, on=ON))
    assert [(each.profile, each.as_json()["after"]["answer"]) for each in lower] == [(1, "不符合")]
    more = list(changes(edition(80, 100), edition(80, 150), people, on=ON))
    assert [each.profile for each in more] == [0, 1]
    counted = impact(more, profiles=3).counts
    assert counted["高龄津贴办法", "甲"] == {("可能符合", "可能符合"): 2}
    same = edition(85, 100)
    later = list(changes(same, same, people, on=ON, then=date(2027, 1, 1)))
    assert [(each.profile, each.after and each.after.verdict) for each in later] == [
        (1, "可能符合")
    ]
