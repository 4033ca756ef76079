"""Reading any text: no surprise, every place in the text, short names and provisions resolved."""

from dataclasses import fields, is_dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylib.reading import extract
from policylib.reading.values import Passage

#: Pieces that readers look for, in any order.
PIECES = st.sampled_from(
    [
        "《", "》", "〈", "〉", "（", "）", "(", ")", "“", "”", "，", "。", "；", "、", "\n", "\r\n", "\t", "|", " ",
        "　", "：", "#", "---\n", "附件1\n", "青禾县人民政府", "关于", "绿化", "办法", "的通知", "青政〔2024〕5号", "令第3号",
        "公告2023年第6号", "自2024年7月1日起施行", "自公布之日起", "30日后", "施行", "有效期5年", "有效期至2025年12月",
        "同时废止", "废止", "停止执行", "宣布失效", "失效", "根据", "按照", "制定本办法", "现就", "如下", "第三条", "第二款", "本办法",
        "以下简称", "及其实施细则", "修改为：“", "2024年13月45日", "二〇二四年五月六日", "1. ", "| 1 | ", "废止的文件目录\n",
        "决定废止12件", "九十九件", "逾期未公布的", "延长至2026年", "中关于限售的规定", "与本办法不一致的，以本办法为准",
        "\ud800", "\x00", "<!-- INFO END -->", "2024年6月1日 公布", "（2011年3月4日发布 ", "各乡镇：", "县长 李某某", "号",
        "第一条　", "宪法", "关于绿化的决定", "即日起实施八条措施", "以上政策", "自发布之日起至2025年1月l日止", "青禾县财政局\n",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))


def passages(value: Any) -> list[Passage]:
    found = [value] if isinstance(value, Passage) else []
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            found += passages(getattr(value, each.name))
    elif isinstance(value, tuple):
        for each in value:
            found += passages(each)
    return found


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_read_and_every_quote_stands_where_it_says(text):
    told = extract(text)
    for each in passages(told):
        assert 0 <= each.span.start <= each.span.end <= len(text)
        assert text[each.span.start : each.span.end] == each.quote
    assert told.as_dict()["citations"] is not None
    for citation in told.citations:
        assert isinstance(citation.locators, tuple)


SAMPLES = sorted((Path(__file__).resolve().parents[2] / "sample_docs").rglob("*.md"))
#: What a machine reads for another sign, and what the keyboard has for a wide one.
MISREAD = {
    "日": "曰",
    "自": "白",
    "第": "笫",
    "1": "l",
    "0": "O",
    "《": "<",
    "，": ",",
    "（": "(",
    "。": ".",
}


def damaged(text: str, chance: Random) -> str:
    """A text with lines lost, doubled and swapped, signs misread and a piece cut out."""
    lines = text.split("\n")
    first, second = (chance.randrange(len(lines)) for _ in range(2))
    lines[first], lines[second] = lines[second], lines[first]
    lines.insert(chance.randrange(len(lines)), lines[first])
    del lines[chance.randrange(len(lines))]
    text = "\n".join(lines)
    for sign in chance.sample(sorted(MISREAD), 2):
        text = "".join(MISREAD[sign] if c == sign and chance.random() < 0.5 else c for c in text)
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.randrange(40) :]


def test_damaged_documents_are_read_and_every_quote_stands_where_it_says():
    chance = Random(20261122)
    found = 0
    for _ in range(300):
        text = damaged(chance.choice(SAMPLES).read_text(encoding="utf-8"), chance)
        for each in passages(extract(text)):
            found += 1
            assert text[each.span.start : each.span.end] == each.quote != ""
    assert found > 1_000


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(1, 200))
def test_words_of_one_width_are_read_as_those_of_the_other(text, seed):
    """Half-width punctuation is only another way to write the same."""
    wide = text.replace(",", "，").replace("(", "（").replace(")", "）").replace(":", "：")
    one, other = extract(text).as_dict(), extract(wide).as_dict()
    for key in ("effective", "sunset", "written_on"):
        assert one[key] == other[key], seed


@pytest.mark.parametrize(
    "piece",
    [
        "《",
        "》",
        "《甲》、",
        "废止",
        "自2024年1月1日起施行",
        "（",
        "根据《甲》和",
        "\n",
        "有效期至2025年",
        "甲政发〔2020〕1号、",
    ],
)
def test_a_long_run_of_one_piece_is_read(piece):
    told = extract(piece * 3_000)
    assert told.as_dict()["repeals"] == [] or piece == "《甲》、"


def test_deep_nesting_is_read():
    assert extract("《" * 1_000 + "甲" + "》" * 1_000).repeals == ()


def test_nothing_at_all_is_nothing():
    found = extract("").as_dict()
    assert found["title"] is None
    assert found["effective"] == {"on": None, "rule": "none"}
    assert (found["sunset"], found["repeals"], found["clean_up"]) == (None, [], None)


def test_a_cited_provision_becomes_a_locator():
    told = extract("依照《青州省处罚条例》第三条第二款和第五条处罚，并按本办法第七条公布。")
    assert [str(each) for each in told.citations[0].locators] == ["第三条第二款", "第五条"]
    assert told.citations[1].own
    assert str(told.citations[1].locators[0]) == "第七条"


def test_a_short_name_is_cited_by_the_title_it_stands_for():
    told = extract("《青州省土地条例》（以下简称《条例》）施行。依照《条例》第五条办理。")
    assert [each.title for each in told.citations] == ["青州省土地条例", "青州省土地条例"]
    assert told.as_dict()["aliases"] == {"条例": "青州省土地条例"}


def test_a_sum_that_does_not_fit_is_said_in_plain_words():
    told = extract(
        "决定废止规范性文件3件。\n废止的规范性文件目录\n1. 关于收费的通知（青政〔2010〕5号）\n"
    )
    assert told.clean_up is not None
    assert told.clean_up.problems == ("正文称废止3件，目录列出1件，请核对",)
