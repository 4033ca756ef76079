"""The State Council's pages as they were, where they are at hand; nothing of them is in the project."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from policylib.model.document import number_key
from policylib.pages.normal import normal_form
from policylib.pages.page import Page, read_page

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PAPERS = DATA / "gov_policy"
pytestmark = pytest.mark.skipif(not PAPERS.is_dir(), reason="the third-party pages are not here")


@pytest.fixture(scope="module")
def pages() -> list[tuple[Page, dict[str, Any], str]]:
    """Each page with the official table of its paper, and the paper as Markdown."""
    lines = (DATA / "labels" / "gov_headers.jsonl").read_text("utf-8").splitlines()
    labels = {label["source_url"]: label for label in map(json.loads, filter(None, lines))}
    found = []
    for path in sorted((PAPERS / "html").glob("*.html")):
        head, _, body = (
            (PAPERS / "md" / f"{path.stem}.md").read_text("utf-8")[4:].partition("\n---\n")
        )
        url = re.search("source_url: (.*)", head)[1].strip()  # type: ignore[index]
        text = re.sub(r"\A\s*# .*\n", "", body)  # the heading of the file, not of the paper
        found.append((read_page(path.read_bytes(), url=url), labels[url], text))
    assert len(found) == len(labels)
    return found


def _words(text: str) -> list[str]:
    return sorted(word for word in re.split(r"[\s\\、，,;；]+", text) if word)


FIELDS = {
    "title": lambda page, label: (normal_form(page["title"]), normal_form(label["title"])),
    "doc_number": lambda page, label: (
        number_key(page["doc_number"] or "无"),
        number_key(label["doc_number"]),
    ),
    "index_number": lambda page, label: (page["index_number"], label["index_number"]),
    "issuers": lambda page, label: (_words("、".join(page["issuers"])), _words(label["issuer"])),
    "written_on": lambda page, label: (page["written_on"], label["written_date"]),
    "released_on": lambda page, label: (page["released_on"], label["publish_date"]),
    "themes": lambda page, label: (_words("、".join(page["themes"])), _words(label["topic"])),
}


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_the_official_table_is_read(
    field: str, pages: list[tuple[Page, dict[str, Any], str]]
) -> None:
    pairs = [FIELDS[field](page.as_dict(), label) for page, label, _ in pages]
    wrong = [pair for pair in pairs if pair[0] != pair[1]]
    assert len(wrong) <= 0.02 * len(pairs), wrong[:5]


def test_bodies_are_the_texts_of_the_papers(
    pages: list[tuple[Page, dict[str, Any], str]],
) -> None:
    wrong = [
        label["doc_number"] for page, label, body in pages
        if normal_form(page.body) != normal_form(body)
    ]  # fmt: skip
    assert len(pages) - len(wrong) >= 58, wrong
