"""Real policies and the sample documents, from file to answer: imported, released, matched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.library.office import clock, paper

from policylib import DocumentFile, Library
from policylib.library.matchindex import Filter
from policylib.model.measures import plain, read_measures

MATCHING = Path(__file__).parents[1] / "matching"
SAMPLES = Path(__file__).parents[2] / "sample_docs"
CASES = [
    group
    for group in yaml.safe_load((MATCHING / "cases.yaml").read_text("utf-8"))
    if not any("birthday" in person for person in group["people"])
]
#: In force after its own last day, because another document renews it.
RENEWED = ("qinghe-2021-weifang", "2026-01-01")
OF_SAMPLES = yaml.safe_load((MATCHING / "samples.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of one document for each policy; as many others stand beside it in the index."""
    folder = tmp_path_factory.mktemp("政策")
    papers = [
        paper(
            folder,
            f"政策{at}",
            released_on="2010-01-01",
            measures=plain(read_measures([group["measure"]])),
        )
        for at, group in enumerate(CASES)
    ]
    with Library.create(folder / "库", clock=clock()) as library:
        assert library.import_files(papers, by="档案员").refused == []
        assert library.match_index().skipped == ()
        yield library


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.create(tmp_path_factory.mktemp("示例"), clock=clock()) as library:
        assert library.import_files([SAMPLES / "released"], by="档案员").refused == []
        assert library.match_index().skipped == ()
        yield library


def rows(groups: list[dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(at, person, id=f"{group['measure']}-{number}"
                     if isinstance(group["measure"], str) else f"{group['measure']['id']}-{number}")
        for at, group in enumerate(groups)
        for number, person in enumerate(group["people"], 1)
    ]  # fmt: skip


@pytest.mark.parametrize(("at", "person"), rows(CASES))
def test_policies(policies: Library, at: int, person: dict[str, Any]) -> None:
    group = CASES[at]
    measure = group["measure"]
    right(policies, (f"政策{at}", measure["id"], measure["subject"]), group, person)


@pytest.mark.parametrize(("at", "person"), rows(OF_SAMPLES))
def test_samples(samples: Library, at: int, person: dict[str, Any]) -> None:
    group = OF_SAMPLES[at]
    path = SAMPLES / "released" / f"{group['document']}.md"
    header = DocumentFile.parse(path.read_bytes()).header
    (subject,) = [each["subject"] for each in header.measures if each["id"] == group["measure"]]
    if (header.id, str(person.get("day"))) == RENEWED:  # which the file alone does not know
        person = {**person, "answer": "可能符合"}
    right(samples, (str(header.id), group["measure"], subject), group, person)


def right(
    library: Library, place: tuple[str, str, str], group: dict[str, Any], person: dict[str, Any]
) -> None:
    document, measure, subject = place
    facts = {**group.get("with", {}), **person["facts"]}
    if "staff" in person:
        facts[group["staff"]] = [{}] * person["staff"]
    on = date.fromisoformat(str(person.get("day", group.get("day", "2025-06-01"))))
    only = Filter(documents=(document,), measures=(measure,))
    found = library.match({"subject": subject, "facts": facts}, on=on, only=only)
    (answer,) = [each for each in found if each.member is None]
    assert str(answer.verdict) == person["answer"], answer.reasons
    if "amount" in person:
        assert answer.amount is not None
        wanted = person["amount"]
        assert answer.amount.value == (None if wanted is None else pytest.approx(wanted))
