"""Files of subscriptions and the rules of pushing: what is taken, and what is said of the rest."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib import NotFound, ParseError
from policylib.files.subscriptions import (
    load_push_rules,
    read_subscription,
    read_subscriptions,
)
from policylib.model.subscription import Ahead, Subscription
from policylib.model.vocabulary import InterpretationForm

OLD = {"id": "甲", "subject": "person", "facts": {"出生日期": "1940-01-01"}}


def test_a_line_is_a_subscription_and_its_facts_stay_hidden(tmp_path: Path) -> None:
    file = tmp_path / "订阅.jsonl"
    file.write_text(f"\ufeff{json.dumps(OLD)}\r\n\n" + '{"id": 7, "tags": "高龄"}', "utf-8")
    (first, one), (third, other) = read_subscriptions(file)
    assert (first, third) == (1, 3)
    assert isinstance(one, Subscription)
    assert isinstance(other, Subscription)
    assert (other.id, other.tags, other.profile) == ("7", ("高龄",), None)
    assert "1940" not in repr(one) + str(one) + repr(one.profile)


def test_the_bytes_that_were_read_are_handed_on(tmp_path: Path) -> None:
    file = tmp_path / "订阅.jsonl"
    file.write_bytes(b"[\n" + b'"' + b"x" * 10_000_010 + b"\n" + json.dumps(OLD).encode())
    seen: list[bytes] = []
    found = list(read_subscriptions(file, seen=seen.append))
    assert b"".join(seen) == file.read_bytes()
    assert [isinstance(each, Subscription) for _, each in found] == [False, False, True]
    assert "过长" in str(found[1][1])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"id": ""}, "“id”"),
        ({"id": "甲" * 501}, "“id”"),
        ({"id": True}, "“id”"),
        ({"subject": "公司"}, "“subject”"),
        ({"subject": None}, "写了 facts 的，应写 subject"),
        ({"facts": [1]}, "“facts”"),
        ({"tags": {"高龄": 1}}, "“tags”"),
        ({"kinds": ["别的"]}, "“kinds”"),
        ({"ahead": {"opens": -1}}, "“ahead”"),
        ({"ahead": {"opens": 400}}, "“ahead”"),
        ({"undecided": "也许"}, "“undecided”"),
        ({"手机": "13800000000"}, "不认识的键"),
    ],
)
def test_what_is_wrong_is_said_without_repeating_it(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ParseError) as told:
        read_subscription({**OLD, **more})
    assert said in str(told.value)
    assert not any(word in str(told.value) for word in ("1940", "13800000000", "公司", "手机"))


def test_nothing_to_hear_of_is_no_subscription() -> None:
    with pytest.raises(ParseError, match="tags"):
        read_subscription({"id": "甲"})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*Subscription.model_fields, "别的"]), inner)
        ),
    )
)
def test_no_value_at_all_is_more_than_refused(raw: Any) -> None:
    with suppress(ParseError):
        assert isinstance(read_subscription(raw), Subscription)


def test_a_file_that_is_not_there_or_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"无\.jsonl"):
        list(read_subscriptions(tmp_path / "无.jsonl"))
    with pytest.raises(ParseError, match="读不出来"):
        list(read_subscriptions(tmp_path))


def test_the_rules_of_the_package_serve_every_audience_with_forms_there_are() -> None:
    rules = load_push_rules()
    assert rules.reach(Ahead()) == Ahead(opens=7, closes=15, lapses=30)
    assert rules.reach(Ahead(closes=3)).closes == 3
    assert rules.forms(("老年人",))[0] is InterpretationForm.LARGE_PRINT
    assert rules.forms(("视障",))[0] is InterpretationForm.AUDIO
    assert rules.forms(("别的",)) == ()
    assert {"开学季", "毕业季", "春耕", "供暖季"} <= {each.name for each in rules.seasons}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seasons:\n  - {name: 甲, begins: 13-01, ends: 01-01}\n", "月-日"),
        ("renditions:\n  - {audience: [甲], forms: [唱歌]}\n", "renditions"),
        ("别的: 1\n", "别的"),
        ("opens: 999\n", "opens"),
        ("- 1\n", "推送规则"),
        ("a: &b 1\n", "锚点"),
    ],
)
def test_rules_that_cannot_be_are_refused_in_chinese(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "规则.yaml"
    own.write_text(text, "utf-8")
    with pytest.raises(ParseError, match=said):
        load_push_rules(own)


def test_own_rules_replace_the_keys_they_have(tmp_path: Path) -> None:
    own = tmp_path / "规则.yaml"
    own.write_text("closes: 5\nseasons:\n  - {name: 采茶季, begins: 03-20, ends: 05-10}\n", "utf-8")
    rules = load_push_rules(own)
    assert (rules.opens, rules.closes) == (7, 5)
    assert [each.name for each in rules.seasons] == ["采茶季"]
    assert rules.forms(("老年人",))
