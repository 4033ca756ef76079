"""一百二十三 ↔ 123."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.text.numerals import to_chinese, to_int


@given(st.integers(0, 99_999_999))
def test_every_number_reads_back_as_written(n):
    assert to_int(to_chinese(n)) == n


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "零"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (110, "一百一十"),
        (101, "一百零一"),
        (1005, "一千零五"),
        (1259, "一千二百五十九"),
        (10010, "一万零一十"),
        (100000, "十万"),
    ],
)
def test_words_are_those_of_article_numbers(n, words):
    assert to_chinese(n) == words


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("二〇二四", 2024),
        ("二○二四", 2024),
        ("二Ｏ二四", 2024),
        ("１２", 12),
        ("007", 7),
        ("两千", 2000),
        ("廿五", 25),
        ("卅", 30),
        ("3万", 30000),
        ("一百十二", 112),
        ("壹佰贰拾叁", 123),
        ("一亿", 10**8),
    ],
)
def test_other_scripts_are_read(text, n):
    assert to_int(text) == n


@pytest.mark.parametrize(
    "text", ["", " ", "一二百", "百百", "一百零", "万", "十两", "abc", "1.5", "一" * 99, "9" * 5000]
)
def test_nonsense_is_refused(text):
    with pytest.raises(ParseError):
        to_int(text)


def test_a_numeral_with_two_readings_asks_which():
    with pytest.raises(ParseError, match="一千零五"):
        to_int("一千五")


def test_only_eight_digits_are_written():
    with pytest.raises(ValueError, match="99999999"):
        to_chinese(10**8)


@given(st.text(alphabet="零〇一二两三十百千万亿0123"))
def test_what_is_read_is_never_negative(text):
    with contextlib.suppress(ParseError):
        assert to_int(text) >= 0
