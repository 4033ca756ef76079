"""Finding where an unlabelled copy comes from."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.pages.likeness import LikenessIndex, likeness, shingles

from . import planted


@pytest.fixture(scope="module")
def library():
    return {str(n): source.body for n, source, _ in planted.documents(300)}


@pytest.fixture(scope="module")
def index(library):
    found = LikenessIndex()
    for name, body in library.items():
        found.add(name, body)
    return found


def test_a_copy_leads_to_its_source(index, library):
    for name in ("0", "77", "299"):
        body = library[name]
        dirty = body.replace("，", ",").replace("\n\n", "\n　　")
        (best, *_) = index.find(dirty, library.get)
        assert (best.document, best.jaccard) == (name, 1.0)


def test_half_a_text_and_a_text_in_a_report_lead_there_too(index, library):
    for name in ("5", "150"):
        body = library[name]
        half = index.find(body[: len(body) // 2], library.get)[0]
        assert half.document == name
        assert half.contained > 0.95
        inside = index.find("近日，青山县发布新规。记者从会上了解到。" * 30 + body, library.get)[0]
        assert inside.document == name
        assert inside.containing > 0.95


def test_what_is_nowhere_is_not_found(index, library):
    text = "各村要组织群众清理沟渠、检修水泵，确保灌溉用水安全有序，旱情结束后及时报告。"
    assert index.find(text, library.get) == ()
    assert index.find("", library.get) == ()


def test_documents_are_replaced_and_removed(library):
    index = LikenessIndex()
    index.add("甲", library["0"])
    index.add("甲", library["1"])
    assert len(index) == 1
    assert index.find(library["1"], library.get, least=0.9) == ()  # 甲 is not in the library
    assert index.candidates(library["1"])[0][0] == "甲"
    index.remove("甲")
    index.remove("乙")
    assert index.candidates(library["1"]) == []
    assert "甲" not in index


def test_an_index_is_written_and_read_again(index, library):
    again = LikenessIndex.load(index.dump())
    assert len(again) == len(index)
    for name in ("3", "200"):
        assert again.candidates(library[name]) == index.candidates(library[name])
    assert again.dump() == index.dump()
    assert index.size < 300 * 64 * 12 + 4_000


@pytest.mark.parametrize("cut", [0, 10, 40, -1])
def test_a_damaged_index_is_refused(index, cut):
    with pytest.raises(ParseError, match="索引"):
        LikenessIndex.load(index.dump()[:cut])


@settings(max_examples=100)
@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share(one, other):
    found = likeness("x", shingles(one), shingles(other))
    assert 0 <= found.jaccard <= min(found.contained, found.containing) <= 1
    assert likeness("x", shingles(one), shingles(one)).jaccard == 1


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_and_name_can_be_kept(name, text):
    index = LikenessIndex()
    index.add(name, text)
    again = LikenessIndex.load(index.dump())
    assert name in again
    assert [each for each, _ in again.candidates(text)] == [
        each for each, _ in index.candidates(text)
    ]
