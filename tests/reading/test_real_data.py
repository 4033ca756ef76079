"""What real documents say of themselves, where they are at hand; nothing of them is in the project.

Each test prints what was missed (``pytest -s``). The figures are floors.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policylib.reading import extract
from policylib.text.docnumber import DocNumber

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the third-party texts are not here")


def say(*words: object) -> None:
    print(*words)  # noqa: T201 - the table of what was missed


def records(name: str) -> list[dict[str, Any]]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def same(title: str | None) -> str:
    return re.sub(r"[\s《》〈〉<>（）()“”\"、，,]", "", title or "")


def number(text: str | None) -> str | None:
    return DocNumber.parse(text).key if text else None


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The labels of 76 documents with what was read from them."""
    policies = {row["id"]: row["text"] for row in records("realestate_policy/dev.jsonl")}
    papers = {row["source_url"]: row["text"] for row in records("gov_policy/documents.jsonl")}
    pairs = []
    for label in records("labels/relations_dev.jsonl"):
        name, _, key = label["file"].partition("#")
        text = (policies | papers)[key] if key else (DATA / name).read_text(encoding="utf-8")
        pairs.append((label, extract(text).as_dict()))
    return pairs


class Score:
    """Right, extra and missed answers, with a table of the misses."""

    def __init__(self, name: str) -> None:
        self.name, self.right, self.extra, self.missed = name, 0, 0, 0

    def add(self, row: str, label: set[Any], found: set[Any]) -> None:
        self.right += len(label & found)
        self.extra += len(found - label)
        self.missed += len(label - found)
        if label != found:
            say(
                f"{self.name:<10}{row:<8}missed {label - found or '-'} extra {found - label or '-'}"
            )

    @property
    def f1(self) -> float:
        f1 = 2 * self.right / max(1, 2 * self.right + self.extra + self.missed)
        say(
            f"{self.name}: {self.right} right, {self.extra} extra, {self.missed} missed, F1 {f1:.3f}"
        )
        return f1


def test_repeals(judged):
    score = Score("repeals")
    for label, found in judged:
        expected, read = (
            {(same(r["title"]), number(r["doc_number"]), r["partial"]) for r in side["repeals"]}
            for side in (label, found)
        )
        score.add(label["id"], expected, read)
    assert score.f1 >= 0.97


def test_effective_days_and_their_rules(judged):
    """One label says 印发之日 for what the others call on_印发之日."""
    right = 0
    for label, found in judged:
        rule = label["effective"]["rule"]
        rule = f"on_{rule}" if rule.endswith("之日") and not rule.startswith("on_") else rule
        expected = (label["effective"]["date"], rule)
        read = (found["effective"]["on"], found["effective"]["rule"])
        right += expected == read
        if expected != read:
            say(label["id"], expected, read)
    say(f"effective: {right} of {len(judged)}")
    assert right / len(judged) >= 0.97


def test_terms_of_validity(judged):
    """有效期满后自行废止 without a day is no term."""
    score = Score("sunset")

    def term(sunset: dict[str, Any] | None) -> set[tuple[str, Any]]:
        return (
            {(key, sunset[key]) for key in ("years", "until") if key in sunset} if sunset else set()
        )

    for label, found in judged:
        score.add(label["id"], term(label["sunset"]), term(found["sunset"]))
    assert score.f1 >= 0.95


def test_bases(judged):
    score = Score("basis")
    for label, found in judged:
        read = {same(each["title"]) for each in found["basis"] + found["basis_elliptical"]} - {""}
        score.add(label["id"], {same(t) for t in label["basis"] + label["basis_elliptical"]}, read)
    assert score.f1 >= 0.95


def test_what_is_ended_without_a_name_and_what_goes_before(judged):
    for key in ("general_repeal", "conflict_clause"):
        wrong = [label["id"] for label, found in judged if bool(label[key]) != bool(found[key])]
        say(key, "wrong:", wrong)
        assert len(wrong) <= 2


def test_events_and_titles_of_laws(judged):
    laws = [(label, found) for label, found in judged if "header_events" in label]
    wrong = 0
    for label, found in laws:
        expected = [(each["date"], same(each["text"])) for each in label["header_events"]]
        read = [(each["date"], same(each["text"])) for each in found["events"]]
        wrong += expected != read or same(label["title"]) != same(found["title"])
        if expected != read:
            say(label["id"], set(expected) ^ set(read))
    assert wrong / len(laws) <= 0.02


def papers(*, markdown: bool) -> Iterator[tuple[dict[str, Any], str]]:
    """The State Council's papers: the official table of each, and its text."""
    files = {}
    for path in (DATA / "gov_policy" / "md").glob("*.md"):
        head, _, body = path.read_text(encoding="utf-8")[4:].partition("\n---\n")
        files[re.search("source_url: (.*)", head)[1].strip()] = body
    for label in records("labels/gov_headers.jsonl"):
        yield label, files[label["source_url"]] if markdown else label["text"]


@pytest.mark.parametrize("markdown", [False, True], ids=["text", "markdown"])
def test_the_headers_of_the_state_council(markdown):
    """In one paper the official table and the text differ in the day; the text is read."""
    wrong: dict[str, list[str]] = {"title": [], "number": [], "issuer": [], "day": []}
    for label, text in papers(markdown=markdown):
        found = extract(text).as_dict()
        pairs = {
            "title": (same(label["title"]), same(found["title"])),
            "number": (number(label["doc_number"]), number(found["doc_number"])),
            "issuer": (label["issuer"], "、".join(found["issuers"])),
            "day": (label["written_date"], found["written_on"]),
        }
        for field, (expected, read) in pairs.items():
            if expected != read:
                wrong[field].append(f"{label['doc_number']}: {expected} {read}")
    say(wrong)
    assert all(len(missed) <= 1 for missed in wrong.values())


def test_every_place_is_in_the_text_and_few_documents_surprise():
    """Precision by counting: what is rare in such texts stays rare."""
    texts = [row["text"] for row in records("realestate_policy/dev.jsonl")]
    found = [extract(text) for text in texts]
    for text, told in zip(texts, found, strict=True):
        for each in (*told.repeals, *told.basis, *told.citations, *told.effects):
            assert text[each.span.start : each.span.end] == each.quote
    repealing = sum(bool(told.repeals) for told in found)
    say("policies with repeals:", repealing, "with a term:", sum(bool(t.sunset) for t in found))
    assert 25 <= repealing <= 45
    assert not [
        each for told in found for each in told.repeals if each.title and len(each.title) < 4
    ]
