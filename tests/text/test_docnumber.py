"""发文字号: what people write, what is official, what is refused."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.text.docnumber import DocNumber, DocNumberShape

CASES = json.loads(Path(__file__).with_name("docnumbers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("written", "official", "notes"), CASES["read"])
def test_every_real_form_is_read_and_printed_officially(written, official, notes):
    number = DocNumber.parse(written)
    assert str(number) == official
    assert len(number.notes) == notes
    assert DocNumber.looks_like(written)
    again = DocNumber.parse(official)
    assert again == number
    assert again.notes == ()


@pytest.mark.parametrize(("written", "reason"), CASES["refused"])
def test_what_is_no_number_is_refused_with_a_reason(written, reason):
    with pytest.raises(ParseError, match=reason):
        DocNumber.parse(written)
    assert not DocNumber.looks_like(written)


@pytest.mark.parametrize(("one", "other"), CASES["same"])
def test_equal_numbers_written_differently_share_a_key(one, other):
    assert DocNumber.parse(one).key == DocNumber.parse(other).key


def test_keys_tell_different_numbers_apart():
    numbers = [
        "国发〔2019〕5号",
        "国发〔2018〕5号",
        "国函〔2019〕5号",
        "国务院令第5号",
        "公告2019年第5号",
    ]
    assert len({DocNumber.parse(each).key for each in numbers}) == len(numbers)


@pytest.mark.parametrize(("text", "expected"), CASES["found"])
def test_numbers_in_running_text_lose_the_words_glued_to_them(text, expected):
    assert [str(number) for _, number in DocNumber.find(text)] == expected


def test_a_find_says_where_it_stands():
    text = "依照《办法》（国办发〔2018〕37号）办理"
    [(span, number)] = DocNumber.find(text)
    assert text[span.start : span.end] == str(number) == "国办发〔2018〕37号"


def test_ordinary_queries_do_not_look_like_numbers():
    for query in [
        "2024年补贴",
        "人才补贴",
        "住房公积金2023",
        "第三条",
        "12345",
        "2024-07-01",
        "农机补贴第2批",
    ]:
        assert not DocNumber.looks_like(query), query


HAN = st.text(st.sampled_from("国皖芜政办发函秘财税建住规字农"), min_size=2, max_size=8)


@given(
    HAN,
    st.integers(1949, 2100),
    st.integers(1, 99999),
    st.sampled_from(["〔〕", "[]", "()", "（）", "【】"]),
)
def test_any_bracket_reads_back_as_the_official_form(agency, year, seq, brackets):
    number = DocNumber(agency, year, seq)
    written = f"{agency}{brackets[0]}{year}{brackets[1]}{seq:04}号"
    assert DocNumber.parse(written) == number == DocNumber.parse(str(number))
    assert [found for _, found in DocNumber.find(f"（{number}）")] == [number]


@given(st.integers(1, 9999), st.none() | st.integers(1949, 2100), st.booleans())
def test_orders_round_trip(seq, year, bracketed):
    number = DocNumber("国务院", year, seq, DocNumberShape.ORDER, bracketed and year is not None)
    again = DocNumber.parse(str(number))
    assert (again, str(again)) == (number, str(number))


@given(st.text())
def test_no_text_breaks_the_readers(text):
    for span, number in DocNumber.find(text):
        assert 0 <= span.start < span.end <= len(text)
        assert number.seq > 0
    if DocNumber.looks_like(text):
        number = DocNumber.parse(text)
        assert DocNumber.parse(str(number)) == number


@pytest.mark.parametrize(
    "unit", ["〔", "国", "国〔2018〕", "令第", "、", "公告2023年第6号、", "第", "1"]
)
def test_hostile_text_takes_linear_time(unit):
    text = unit * (200_000 // len(unit))
    before = time.process_time()
    assert sum(1 for _ in DocNumber.find(text)) <= len(text)
    assert not DocNumber.looks_like(text)
    assert time.process_time() - before < 5


@given(
    agency=st.text("国务院办发苏住建规令公告第年号文字〇一汝政", min_size=1, max_size=14),
    year=st.integers(1940, 2110),
    seq=st.text("0123456789", min_size=1, max_size=5),
    hao=st.sampled_from(["号", ""]),
)
def test_the_usual_form_is_read_as_by_the_general_pattern(agency, year, seq, hao):
    text = f"{agency}〔{year}〕{seq}{hao}"
    spaced = f" {text}"  # only what has no spaces is read at once
    try:
        expected = DocNumber.parse(spaced)
    except ParseError:
        with pytest.raises(ParseError):
            DocNumber.parse(text)
    else:
        found = DocNumber.parse(text)
        assert (found, found.notes) == (expected, expected.notes)
