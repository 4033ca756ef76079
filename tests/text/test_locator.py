"""第三条之一第二款第（三）项第1目, ranges and lists of them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.text.locator import Level, Locator, Step


@pytest.mark.parametrize(
    ("text", "official"),
    [
        ("第三条之一第二款第（三）项第1目", "第三条之一第二款第（三）项第1目"),
        ("第3条", "第三条"),
        ("第３条第2款(三)", "第三条第二款第（三）项"),
        ("第三条第三项", "第三条第（三）项"),
        ("第二编第三章第一节", "第二编第三章第一节"),
        ("第一百一十条", "第一百一十条"),
        ("第 十 二 条", "第十二条"),
        ("一、", "一、"),
        ("一、(二)1.(1)", "一、（二）1.（1）"),
        ("附件1第三条", "附件1第三条"),
        ("前言", "前言"),
        ("附件1：1.", "附件1：1."),
    ],
)
def test_what_people_write_is_printed_officially(text, official):
    locator = Locator.parse(text)
    assert str(locator) == official
    assert Locator.parse(official) == locator


@pytest.mark.parametrize(
    "text", ["", "三", "第二款第三条", "第三条规定", "第条", "x" * 1000, "第三条第四条"]
)
def test_what_is_no_locator_is_refused(text):
    with pytest.raises(ParseError):
        Locator.parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第三条至第五条、第七条第二款", ["第三条", "第四条", "第五条", "第七条第二款"]),
        ("第三、四条", ["第三条", "第四条"]),
        ("第三至五条", ["第三条", "第四条", "第五条"]),
        ("第七条第一款、第三款", ["第七条第一款", "第七条第三款"]),
        (
            "第二条第（一）项至第（三）项",
            ["第二条第（一）项", "第二条第（二）项", "第二条第（三）项"],
        ),
        ("第一条和第二条", ["第一条", "第二条"]),
        ("一、（二）", ["一、（二）"]),
    ],
)
def test_lists_and_ranges_are_spelt_out(text, expected):
    assert [str(each) for each in Locator.parse_all(text)] == expected


@pytest.mark.parametrize(
    "text", ["第一条至第二千条", "第五条至第三条", "第一条至第二款", "、", "第一条" * 5000]
)
def test_ranges_that_make_no_sense_are_refused(text):
    with pytest.raises(ParseError):
        Locator.parse_all(text)


NUMBERS = st.integers(1, 1500)
LAW = [
    Level.BOOK,
    Level.CHAPTER,
    Level.SECTION,
    Level.ARTICLE,
    Level.PARAGRAPH,
    Level.ITEM,
    Level.SUBITEM,
]


@given(st.sets(st.sampled_from(LAW), min_size=1), st.lists(NUMBERS, min_size=7, max_size=7))
def test_any_locator_of_a_law_round_trips(levels, numbers):
    steps = [Step(level, n) for level, n in zip(LAW, numbers, strict=True) if level in levels]
    locator = Locator(tuple(steps))
    assert Locator.parse(str(locator)) == locator


@given(st.text(alphabet="第一二三条款项章之（）()、至1.附件"))
def test_no_text_breaks_the_reader(text):
    with contextlib.suppress(ParseError):
        locator = Locator.parse(text)
        assert Locator.parse(str(locator)) == locator
