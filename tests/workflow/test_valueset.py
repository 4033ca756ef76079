"""Validity in the words of other systems, there and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workflow.test_validity import DAYS, STORIES, story

from policylib import Document, Edition, Validity
from policylib.errors import ParseError
from policylib.workflow.validity import steps
from policylib.workflow.valueset import (
    FLK,
    GOV_CN,
    PKULAW,
    PortalFields,
    Said,
    Standing,
    ValueSet,
    from_portal,
    standing,
    to_portal,
)

SETS = (FLK, GOV_CN, PKULAW)
ALL = [Standing(validity, old) for validity in Validity for old in (False, True)]


@pytest.mark.parametrize("words", SETS, ids=[each.name for each in SETS])
@pytest.mark.parametrize("what", ALL, ids=str)
def test_nothing_is_lost(words: ValueSet, what: Standing) -> None:
    said = words.write(what)
    assert words.read(said) == what
    assert said.value in words.means


@pytest.mark.parametrize("words", SETS, ids=[each.name for each in SETS])
def test_their_values_come_back_or_say_the_same(words: ValueSet) -> None:
    for value in words.means:
        again = words.write(words.read(Said(value)))
        assert again.note is None
        assert words.means[again.value] == words.means[value]


WORDS = (
    (FLK, "现行有效", "有效", 3, None),
    (FLK, "尚未施行", "尚未生效", 4, None),
    (FLK, "废止", "已废止", 1, None),
    (FLK, "失效", "已废止", 1, "失效"),
    (FLK, "部分失效", "有效", 3, "部分失效"),
    (FLK, "现行有效，已被修改的旧文本", "已修改", 2, None),
    (GOV_CN, "撤销", "失效", None, "撤销"),
    (GOV_CN, "尚未施行", "有效", None, "尚未施行"),
    (PKULAW, "部分失效", "部分失效", None, None),
    (PKULAW, "废止", "失效", None, "废止"),
    (PKULAW, "暂停施行", "现行有效", None, "暂停施行"),
    (PKULAW, "现行有效，已被修改的旧文本", "已被修改", None, None),
)


@pytest.mark.parametrize(("words", "what", "value", "code", "note"), WORDS)
def test_what_is_written(
    words: ValueSet, what: str, value: str, code: int | None, note: str | None
) -> None:
    assert words.write(Standing.parse(what)) == Said(value, code, note)


def test_other_words_are_refused_in_chinese() -> None:
    with pytest.raises(ParseError, match="没有“长期”这种时效性"):
        GOV_CN.read(Said("长期"))
    with pytest.raises(ParseError, match="不是时效性说明"):
        GOV_CN.read(Said("有效", note="大概有效"))


@given(STORIES, DAYS, st.booleans(), st.integers(-40, 90))
def test_portal_fields_lose_nothing(case: dict, on: date, old: bool, later: int) -> None:
    found, day = story(case), on + timedelta(days=later)
    fields = to_portal(found, day, superseded=old)
    assert from_portal(fields, day) == Standing(
        next(s.validity for s in reversed(found) if s.start is None or s.start <= day), old
    )


def test_portal_fields_of_a_document_with_a_term() -> None:
    document = Document(
        id="甲", title="甲", stage="公布", effective_on="2024-03-01", expires_on="2024-12-31"
    )
    found = steps(document)
    start, end = date(2024, 3, 1), date(2025, 1, 1)
    assert to_portal(found, date(2024, 2, 1)) == PortalFields(start, end, 0)
    assert to_portal(found, date(2024, 3, 1)) == PortalFields(start, end, 0)
    assert to_portal(found, date(2025, 1, 1)) == PortalFields(
        start, end, 1, "有效期至2024年12月31日，期满自动失效"
    )


def test_an_old_edition_is_labelled_from_the_day_of_the_new_one() -> None:
    document = Document(id="甲", title="甲", stage="公布", effective_on="2020-01-01")
    old, new = (
        Edition(document_id="甲", number=number, effective_on=day, body="正文")
        for number, day in ((1, None), (2, "2024-07-01"))
    )
    found, both = steps(document), (old, new)
    assert not standing(found, both, old, date(2024, 6, 30)).superseded
    assert standing(found, both, old, date(2024, 7, 1)) == Standing(Validity.IN_FORCE, True)
    assert standing(found, both, new, date(2024, 7, 1)) == Standing(Validity.IN_FORCE)
