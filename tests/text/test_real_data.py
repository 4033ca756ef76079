"""Real laws and policies, where they are at hand; nothing of them is in the project."""

import json
import re
from pathlib import Path

import pytest

from policylib.text.dates import parse_date
from policylib.text.docnumber import DocNumber
from policylib.text.indexnumber import IndexNumber
from policylib.text.locator import Level
from policylib.text.outline import Outline

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the third-party texts are not here")


def records(name: str) -> list[dict[str, str]]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


@pytest.fixture(scope="module")
def laws() -> list[Outline]:
    return [Outline.parse(path.read_text(encoding="utf-8")) for path in DATA.glob("laws/**/*.md")]


def test_every_real_text_is_tiled_by_its_outline(laws):
    others = records("gov_policy/documents.jsonl") + records("realestate_policy/dev.jsonl")
    outlines = [*laws, *(Outline.parse(record["text"]) for record in others)]
    assert len(outlines) > 2500
    for outline in outlines:
        pieces = outline.pieces
        assert "".join(outline.body[piece.start : piece.end] for piece in pieces) == outline.body


def test_the_articles_of_nearly_every_law_run_from_one_without_a_gap(laws):
    """What is left are real gaps: amendments, parts of the 民法典, articles lost in the source."""
    line = re.compile(r"^第[一二三四五六七八九十百千零〇]+条[ \u3000]", re.MULTILINE)
    whole = gaps = 0
    for outline in laws:
        articles = [
            piece.locator.steps[-1]
            for piece in outline.pieces
            if piece.locator.steps[-1].level is Level.ARTICLE
        ]
        assert len(articles) >= len(line.findall(outline.body)) * 0.9
        numbers = [article.number for article in articles if not article.suffix]
        whole += bool(numbers)
        gaps += numbers != list(range(1, len(numbers) + 1))
    assert whole > 1300
    assert gaps / whole < 0.02


def test_almost_no_policy_is_torn_into_several_texts():
    outlines = [Outline.parse(r["text"]) for r in records("gov_policy/documents.jsonl")]
    assert sum(any(p.level is Level.TEXT for p in o.provisions) for o in outlines) <= 2
    assert sum(bool(o.problems()) for o in outlines) <= 2


def test_the_headers_of_the_state_council_read_and_print_back():
    documents = records("gov_policy/documents.jsonl")
    assert len(documents) == 60
    for document in documents:
        number = DocNumber.parse(document["doc_number"])
        assert str(number) == document["doc_number"]
        assert number.notes == ()
        index = IndexNumber.parse(document["index_number"])
        assert (str(index), index.problem()) == (document["index_number"], None)
        for name in ("written_date", "publish_date"):
            assert parse_date(document[name]).isoformat() == document[name]
        if f"{number}" in document["text"]:
            assert str(number) in {str(each) for _, each in DocNumber.find(document["text"])}


def test_numbers_found_in_real_text_begin_with_a_code_not_a_sentence():
    numbers = [
        number
        for record in records("realestate_policy/dev.jsonl")
        for _, number in DocNumber.find(record["text"])
        if number.shape == "字号"
    ]
    assert len(numbers) > 400
    sentence = re.compile("按照|根据|依据|执行|关于|通知|规定")
    assert not [str(number) for number in numbers if sentence.search(number.agency)]
    assert sum(len(number.agency) > 10 for number in numbers) / len(numbers) < 0.01
