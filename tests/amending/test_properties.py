"""What holds of every decision: no exception, no edit without an instruction, references that follow."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.amending.cases import LAW, LAW_HEAD, POLICY
from tests.amending.checking import unexplained
from tests.amending.generator import LOOKS, Maker, damaged, render, written

from policylib.amending import amend, parse_decision
from policylib.text.outline import Outline

SIGNS = "第一二三四条款项章之将在删去修改为增加作为移至合并拆分“”‘’《》（）：，。；、\n 　1甲\x00\ud800\ue000"


@pytest.mark.parametrize("seed", range(0, 400, 2))
def test_a_whole_decision_gives_the_text_of_a_plain_model(seed):
    maker = Maker(seed)
    look = LOOKS[seed % len(LOOKS)]
    old = maker.text()
    said, new = maker.decision(old)
    result = amend(render(old, look, old), written(said, maker.chance))
    assert result.unapplied == ()
    assert result.text == render(new, look, old)


@pytest.mark.parametrize("seed", range(1, 400, 2))
def test_a_damaged_decision_changes_nothing_that_it_does_not_speak_of(seed):
    maker = Maker(seed)
    old = maker.text()
    base = render(old, LOOKS[seed % len(LOOKS)], old)
    decision = damaged(written(maker.decision(old)[0], maker.chance), maker.chance)
    result = amend(base, decision)
    assert unexplained(base, result) == []
    assert result.applied or result.text == base


@given(st.text(alphabet=SIGNS, max_size=200), st.sampled_from([LAW, POLICY, "", "\n", "第一条"]))
@settings(max_examples=300, deadline=None)
def test_any_string_is_a_decision_and_any_string_a_base(text, base):
    result = amend(base, text)
    assert result.applied or result.text == base
    assert amend(text, LAW_HEAD + "删去第三条。") is not None
    for each in (*parse_decision(text).instructions, *parse_decision(text).not_understood):
        assert text[each.span.start : each.span.end] == each.quote


@given(st.text(max_size=300))
def test_an_empty_decision_changes_nothing(base):
    result = amend(base, "")
    assert (result.text, result.applied, result.moved) == (base, (), ())


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_what_has_moved_is_found_at_its_new_place(seed):
    maker = Maker(seed)
    old = maker.text()
    base = render(old, LOOKS[0], old)
    result = amend(base, written(maker.decision(old)[0], random.Random(seed)))
    outline = Outline.parse(result.text)
    assert all(new in outline for _, new in result.moved)
    assert len({old for old, _ in result.moved}) == len(result.moved)


@pytest.mark.parametrize(
    "text",
    [
        "“" * 20_000,
        "“”" * 20_000,
        "第" * 50_000,
        "第一条、" * 20_000 + "修改为：“甲。”",
        "将第一条第一款" * 10_000,
        "（一）" * 20_000,
        "一、" * 20_000 + "将第一条修改为：“甲。”",
        "《" * 30_000,
        "《》" * 20_000,
        "将" * 50_000,
        "第一条至" * 20_000,
        "\n" * 50_000 + "“",
        "删去第一条。" * 3_000,
        "为" + "了" * 50_000 + "，将第一条",
        "增加一条，作为第一条：" * 5_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_decisions_are_read_in_one_pass(text):
    result = amend(LAW, LAW_HEAD + text)
    assert result.applied or result.text == LAW


@pytest.mark.parametrize(
    "base", ["第一条 甲。\n" * 3_000, "（一）" * 20_000, "第" * 50_000, "依照第一条" * 10_000]
)
def test_hostile_bases_are_amended_or_left(base):
    result = amend(base, "将第九百条修改为：“甲。”\n增加一条，作为第二条：“乙。”")
    assert result.unapplied or result.applied
