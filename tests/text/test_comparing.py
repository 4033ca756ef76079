"""Comparing two texts of a policy: what an officer sees of a revision, and that nothing is lost."""

import json
import random
from datetime import date
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.text.aligning import align
from policylib.text.comparing import ChangeKind, compare
from policylib.text.islands import islands
from policylib.text.patching import Patch, apply, diff
from policylib.text.since import since
from policylib.text.wording import Op, reworded, tokens

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

OLD = dedent("""\
    # 青山县高龄津贴办法

    ## 第一章 总则

    第一条 为了规范高龄津贴发放，制定本办法。

    第二条 县民政局负责高龄津贴的审核和发放。

    第三条 申请人应当符合下列条件：
    （一）具有本县户籍；
    （二）年满八十周岁。

    ## 第二章 发放

    第四条 高龄津贴每人每月60元，由县财政局按月拨付。

    第五条 申请人应当自年满之日起三十日内提出申请。

    第六条 本办法自2020年1月1日起施行，有效期五年。
    """)

NEW = (
    OLD.replace("第六条", "第七条")
    .replace("第五条", "第六条")
    .replace("第四条", "第五条")
    .replace("60元", "90元")
    .replace("## 第二章", "第四条 申请人可以委托亲属代办。\n\n## 第二章")
)

#: Pieces that revisions and dirt are made of.
PIECES = ("第一条 ", "第二条　", "\n", "\r\n", "（一）", "一、", "60元", "2024年7月1日", "。", "；",
          "县民政局负责", "青政发〔2024〕5号", " ", "\u200b", "\ud800", "\x00", "## 第一章 总则\n")  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)


def kinds(before, after):
    return {
        str(change.after or change.before): str(change.kind)
        for change in compare(before, after).changes()
        if change.kind is not ChangeKind.SAME
    }


def edits(before, after):
    marks = {Op.SAME: "{}", Op.GONE: "[-{}-]", Op.NEW: "{{+{}+}}"}
    return "".join(marks[op].format(text) for op, text in reworded(before, after))


# -- provisions -----------------------------------------------------------------------------------


def test_an_inserted_article_leaves_the_others_unchanged_but_for_their_numbers():
    found = compare(OLD, NEW)
    assert [str(each) for each in found.changes() if each.kind is not ChangeKind.SAME] == [
        "新增：第四条",
        "修改：第四条→第五条",
        "条号变动：第五条→第六条",
        "条号变动：第六条→第七条",
    ]
    assert found.counts()[ChangeKind.REMOVED] == 0


def test_an_amount_is_changed_as_a_whole_and_its_place_is_known_in_both_texts():
    found = compare(OLD, NEW)
    (change,) = (each for each in found.changes() if each.kind is ChangeKind.MODIFIED)
    spans = [(op, OLD[slice(*old)], NEW[slice(*new)]) for op, old, new in change.spans()]
    assert (Op.GONE, "60元", "") in spans
    assert (Op.NEW, "", "90元") in spans
    assert (Op.GONE, "第四条", "") in spans


def test_a_removed_article_is_removed_and_those_after_it_move_up():
    after = OLD.replace("第二条 县民政局负责高龄津贴的审核和发放。\n\n", "")
    for old, new in (("三", "二"), ("四", "三"), ("五", "四"), ("六", "五")):
        after = after.replace(f"第{old}条", f"第{new}条")
    found = [str(each) for each in compare(OLD, after).changes() if each.kind != "不变"]
    assert found[0] == "删除：第二条"
    assert found[1:] == [
        "条号变动：第三条→第二条",
        "条号变动：第四条→第三条",
        "条号变动：第五条→第四条",
        "条号变动：第六条→第五条",
    ]


def test_an_article_that_stands_elsewhere_was_moved_not_deleted_and_written_anew():
    first, second = (
        "第二条 县民政局负责高龄津贴的审核和发放。\n",
        "第三条 津贴按月发放到个人账户。\n",
    )
    third = "第四条 任何单位不得截留、挪用津贴。\n"
    head = "第一条 为了规范津贴，制定本办法。\n"
    before = head + first + second + third
    after = head + (second + third + first).replace("第三条", "第二条").replace(
        "第四条", "第三条"
    ).replace("第二条 县", "第四条 县")
    found = compare(before, after)
    (moved,) = (each for each in found.changes() if each.moved)
    assert str(moved) == "移动：第二条→第四条"
    assert (found.before, found.after) == (before, after)
    halves = [each for each in found.script() if each.change is moved]
    assert [(each.old, each.new) for each in halves] == [(True, False), (False, True)]


def test_within_an_article_the_items_are_told_one_by_one():
    after = OLD.replace("（二）年满", "（二）在本县居住；\n（三）年满")
    found = {str(each): each for each in compare(OLD, after).changes(fine=True)}
    assert "新增：第三条第一款第（二）项" in found
    assert "条号变动：第三条第一款第（二）项→第三条第一款第（三）项" in found
    assert kinds(OLD, after) == {"第三条": "修改"}


def test_headings_of_a_notice_are_provisions_too():
    before = (
        "一、总体要求\n坚持便民利企。\n二、主要任务\n（一）减少材料。\n三、保障措施\n加强督查。\n"
    )
    after = "一、总体要求\n坚持便民利企。\n二、工作目标\n一年内全部网上办。\n三、主要任务\n（一）减少材料。\n四、保障措施\n加强督查。\n"
    assert kinds(before, after) == {
        "二、": "新增",
        "三、": "条号变动",
        "三、（一）": "条号变动",
        "四、": "条号变动",
    }


def test_an_article_with_wholly_new_words_is_still_that_article():
    after = OLD.replace("县民政局负责高龄津贴的审核和发放", "各乡镇按照分工做好相关工作")
    assert kinds(OLD, after) == {"第二条": "修改"}


def test_blanks_make_no_change_but_are_kept():
    after = (
        OLD.replace("第一条 ", "第一条　").replace("\n\n", "\n\n\n").replace("规范", "规\u200b范")
    )
    found = compare(OLD, after)
    assert found.same
    assert (found.before, found.after) == (OLD, after)


def test_a_paragraph_cut_in_two_is_a_change_for_references_count_paragraphs():
    before = "第一条 津贴按月发放。发放日为每月五日。\n"
    after = "第一条 津贴按月发放。\n发放日为每月五日。\n"
    assert kinds(before, after) == {"第一条": "修改"}


def test_equal_texts_and_empty_ones():
    assert compare(OLD, OLD).same
    assert compare("", "").changes() == ()
    assert [str(each.kind) for each in compare("", "甲").changes()] == ["新增"]
    assert json.loads(json.dumps(compare(OLD, NEW).as_dict()))["counts"]["新增"] == 1


@given(TEXTS, TEXTS)
def test_both_texts_come_back_from_their_comparison(before, after):
    found = compare(before, after)
    assert (found.before, found.after) == (before, after)
    script = [edit for stretch in found.script() for edit in stretch.edits]
    assert "".join(text for op, text in script if op is not Op.NEW) == before
    assert "".join(text for op, text in script if op is not Op.GONE) == after
    for change in found.changes(fine=True):
        for span, body, text in (
            (change.before_span, before, change.old),
            (change.after_span, after, change.new),
        ):
            assert (body[slice(*span)] if span else "") == text


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert compare(text, text).same


# -- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("每人每月60元。", "每人每月90元。", "每人每月[-60元-]{+90元+}。"),
        ("自2024年7月1日起", "自2025年1月1日起", "自[-2024年7月1日-]{+2025年1月1日+}起"),
        ("违反第十二条", "违反第十三条", "违反[-第十二条-]{+第十三条+}"),
        (
            "依照青政发〔2019〕5号执行",
            "依照青政发〔2024〕15号执行",
            "依照[-青政发〔2019〕5号-]{+青政发〔2024〕15号+}执行",
        ),
        ("不低于百分之三十", "不低于百分之三十五", "不低于[-百分之三十-]{+百分之三十五+}"),
        ("三十日内", "二十个工作日内", "[-三十日-]{+二十个工作日+}内"),
        ("公安、民政部门", "公安、财政、民政部门", "公安、{+财政、+}民政部门"),
        ("国土资源局", "自然资源局", "[-国土-]{+自然+}资源局"),
    ],
)
def test_readers_see_whole_amounts_dates_and_phrases(before, after, shown):
    assert edits(before, after) == shown


def test_a_sentence_written_anew_is_not_cut_to_shreds():
    before, after = "县人民政府应当加强领导，建立协调机制。", "各乡镇应当做好巡查，落实网格责任。"
    assert len(reworded(before, after)) == 3


@given(TEXTS)
def test_tokens_are_the_text(text):
    assert "".join(tokens(text)) == text


@given(st.text("甲乙丙，。1", max_size=80), st.text("甲乙丙，。1", max_size=80))
def test_edits_lead_from_one_wording_to_the_other(before, after):
    found = reworded(before, after)
    assert "".join(text for op, text in found if op is not Op.NEW) == before
    assert "".join(text for op, text in found if op is not Op.GONE) == after
    assert all(one.op is not other.op for one, other in pairwise(found))


@given(st.text("甲乙丙", max_size=40), st.text("甲乙丁", max_size=40))
def test_what_is_aligned_is_equal_rising_and_as_much_as_there_is(before, after):
    blocks = align(before, after)
    i = j = 0
    for block in blocks:
        assert block.before >= i
        assert block.after >= j
        i, j = block.before + block.size, block.after + block.size
        assert before[block.before : i] == after[block.after : j]
    assert sum(block.size for block in blocks) == _common(before, after)


def _common(before, after):
    """The length of the longest common subsequence, the slow way."""
    row = [0] * (len(after) + 1)
    for one in before:
        last = row
        row = [0]
        for at, other in enumerate(after):
            row.append(last[at] + 1 if one == other else max(row[at], last[at + 1]))
    return row[-1]


@given(st.text("甲乙丙，", min_size=60, max_size=300), st.randoms(use_true_random=False))
def test_islands_are_equal_and_rising(text, chance):
    other = list(text)
    for _ in range(3):
        at = chance.randrange(len(other) + 1)
        other[at : at + chance.randrange(9)] = chance.choice(["丁", "戊己", ""])
    after, i, j = "".join(other), 0, 0
    for block in islands(text, after):
        assert block.before >= i
        assert block.after >= j
        i, j = block.before + block.size, block.after + block.size
        assert text[block.before : i] == after[block.after : j]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("同一行。\n" * 20_000, "同一行。\n" * 11_000 + "另一行。\n" + "同一行。\n" * 9_000),
        ("甲行。\n乙行。\n" * 10_000, "乙行。\n甲行。\n丙\n" * 8_000),
        ("甲" * 200_000, "甲乙" * 100_000),
        (" " * 200_000, "\t" * 200_000),
        ("（" * 200_000, "第（" * 80_000),
        ("青政发〔2024〕5号、" * 10_000, "青政发〔2024〕6号、" * 10_000),
        ("第一条 甲。\n" * 2_000, "第一条 乙。\n" * 2_000),
    ],
    ids=["same lines", "two lines", "one line", "blanks", "brackets", "numbers", "first articles"],
)
def test_hostile_texts_are_compared_without_loss(before, after):
    found = compare(before, after)
    assert found.before == before
    assert found.after == after
    assert apply(diff(before, after), before) == after


# -- patches --------------------------------------------------------------------------------------


@given(TEXTS, TEXTS)
def test_a_patch_makes_the_later_text_even_after_a_journey_as_json(before, after):
    patch = Patch.from_dict(json.loads(json.dumps(diff(before, after).as_dict())))
    assert apply(patch, before) == after


def test_two_half_surrogates_do_not_become_one_character_on_the_way():
    after = "\ud83d" + "\ude00"
    patch = Patch.from_dict(json.loads(json.dumps(diff("", after).as_dict())))
    assert apply(patch, "") == after


@given(TEXTS, TEXTS, TEXTS)
def test_a_patch_is_only_for_its_own_base(before, after, other):
    patch = diff(before, after)
    if other != before:
        with pytest.raises(ParseError, match="不是由这份文本生成"):
            apply(patch, other)


def test_a_patch_is_small_where_the_change_is():
    patch = diff(OLD, NEW)
    put_in = [step for step in patch.steps if isinstance(step, str)]
    assert put_in == ["第四条 申请人可以委托亲属代办。\n\n", "第五条", "90元", "第六条", "第七条"]


def test_a_damaged_patch_is_refused():
    patch = diff(OLD, NEW)
    for steps in ((), (len(OLD),), (10**9,), (*patch.steps, "多"), (*patch.steps, -5)):
        with pytest.raises(ParseError, match="已损坏"):
            apply(Patch(patch.base, patch.result, steps), OLD)


@pytest.mark.parametrize(
    "value",
    [None, [], {}, {"version": 2}, {"version": 1, "base": "x", "result": "y", "steps": []},
     {"version": 1, "base": "a" * 64, "result": "b" * 64, "steps": [True]},
     {"version": 1, "base": "a" * 64, "result": "b" * 64, "steps": [1.5]},
     {"version": 1, "base": "a" * 64, "result": "b" * 64, "steps": "12"}],
)  # fmt: skip
def test_what_is_no_patch_is_refused_in_chinese(value):
    with pytest.raises(ParseError, match="补丁"):
        Patch.from_dict(value)


# -- since when -----------------------------------------------------------------------------------

FIRST = "第一条 津贴每月60元。\n第二条 县民政局负责审核发放工作。\n第三条 本办法由县民政局解释。\n"
SECOND = FIRST.replace("60元", "90元")
THIRD = SECOND.replace("第三条", "第四条").replace("第二条", "第三条").replace(
    "第三条", "第二条 申请人可以委托亲属代办。\n第三条"
)  # fmt: skip
DAYS = (date(2018, 1, 1), date(2020, 1, 1), date(2024, 7, 1))


def test_a_provision_is_followed_through_other_numbers_to_the_decision_that_made_it():
    found = since([(DAYS[0], FIRST, None), (DAYS[1], SECOND, "d1"), (DAYS[2], THIRD, "d2")])
    assert [(str(each.locator), each.day, each.by) for each in found] == [
        ("第一条", DAYS[1], "d1"),
        ("第二条", DAYS[2], "d2"),
        ("第三条", DAYS[0], None),
        ("第四条", DAYS[0], None),
    ]
    assert THIRD[slice(*found[2].span)].startswith("第三条 县民政局")


def test_a_paragraph_may_be_older_than_its_article():
    after = FIRST.replace("审核发放工作。\n", "审核发放工作。\n每年公布一次发放情况。\n")
    found = since([(None, FIRST, None), (DAYS[1], after, "d1")])
    assert (found[1].day, found[1].by) == (DAYS[1], "d1")
    assert [(str(part.locator), part.by) for part in found[1].parts] == [
        ("第二条第一款", None),
        ("第二条第二款", "d1"),
    ]


def test_what_was_changed_and_changed_back_reads_so_since_it_was_changed_back():
    found = since([(DAYS[0], FIRST, None), (DAYS[1], SECOND, "d1"), (DAYS[2], FIRST, "d2")])
    assert [each.by for each in found] == ["d2", None, None]
    assert found[0].as_dict()["day"] == "2024-07-01"


def test_one_text_none_at_all_and_days_out_of_order():
    assert since([]) == ()
    assert {each.by for each in since([(None, FIRST, None)])} == {None}
    with pytest.raises(ParseError, match="由早到晚"):
        since([(DAYS[1], FIRST, None), (DAYS[0], SECOND, "d1")])


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_every_provision_of_the_last_text_has_its_beginning(texts):
    editions = [(date(2020, 1, 1 + at), text, str(at)) for at, text in enumerate(texts)]
    found = since(editions)
    assert "".join(texts[-1][slice(*each.span)] for each in found) == texts[-1]
    assert all(0 <= each.edition < len(texts) for each in found)


# -- real texts -----------------------------------------------------------------------------------


@pytest.mark.skipif(not DATA.is_dir(), reason="the third-party texts are not here")
def test_random_edits_on_real_texts_are_told_without_loss():
    chance = random.Random(7)
    lines = (DATA / "realestate_policy" / "dev.jsonl").read_text(encoding="utf-8").split("\n")
    texts = [json.loads(line)["text"] for line in lines if line][::8]
    texts += [path.read_text(encoding="utf-8") for path in sorted(DATA.glob("laws/**/*.md"))[::12]]
    assert len(texts) > 200
    for text in texts:
        after = _edited(text, chance)
        found = compare(text, after)
        assert (found.before, found.after) == (text, after)
        assert apply(diff(text, after), text) == after


@pytest.mark.skipif(not DATA.is_dir(), reason="the third-party texts are not here")
def test_a_real_law_with_an_article_more_has_one_addition_and_no_removal():
    for path in sorted(DATA.glob("amendments/*/base.md")):
        base = path.read_text(encoding="utf-8")
        at = base.index("第二条")
        after = base[:at] + "第二条 青山县人民政府设立办公室，负责日常工作。\n\n" + base[at:]
        found = compare(base, after).counts()
        assert found[ChangeKind.ADDED] == 1
        assert found[ChangeKind.REMOVED] == 0


def _edited(text, chance):
    pieces = ["第十条", "\n", "90元", "。", "县", "（二）", "\n第三条 新增内容。\n", "\r\n", ""]
    for _ in range(chance.randrange(1, 10)):
        at, size = chance.randrange(len(text) + 1), chance.choice([0, 1, 5, 40, 300])
        text = text[:at] + chance.choice(pieces) + text[at + size :]
    return text
