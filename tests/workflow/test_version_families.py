"""Real laws in several dated versions, kept as editions of one document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.store.county import change, document, revised

from policylib.model.document import Document, Edition
from policylib.model.vocabulary import Stage, Validity
from policylib.store.sql import SqlStore
from policylib.workflow.validity import at, steps
from policylib.workflow.valueset import FLK, standing

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
LABELS = DATA / "labels" / "version_families.jsonl"
pytestmark = pytest.mark.skipif(not LABELS.is_file(), reason="the third-party texts are not here")

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def families() -> list[dict[str, Any]]:
    return [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def store(
    families: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SqlStore]:
    """Every family as one document, amended on the day of each later version."""
    opened = SqlStore.open(f"sqlite:///{tmp_path_factory.mktemp('laws') / 'laws.db'}", create=True)
    for family in families:
        law: Document | None = None
        for number, (day, body) in enumerate(versions(family), 1):
            if law is None:
                law = document(
                    family["family"], title=family["family"], stage=Stage.RELEASED, written_on=day
                )
            else:
                law = revised(law)
            opened.record([change(law, body, number=number, on=day)])
    yield opened
    opened.close()


def versions(family: dict[str, Any]) -> list[tuple[date, str]]:
    return sorted(
        (date.fromisoformat(each["file_date"]), text(each["file"])) for each in family["versions"]
    )


def text(name: str) -> str:
    """The text of a version; its name where the labels list a text that is not kept."""
    path = DATA / name
    return path.read_text("utf-8") if path.is_file() else name


def test_on_every_day_one_text_is_in_force_the_newest(
    families: list[dict[str, Any]], store: SqlStore
) -> None:
    assert len(families) == 88
    for family in families:
        dated = versions(family)
        assert store.edition(family["family"], dated[0][0] - DAY) is None
        for place, (day, body) in enumerate(dated):
            until = dated[place + 1][0] - DAY if place + 1 < len(dated) else date.max
            for on in (day, day + (until - day) / 2, until):
                found = store.edition(family["family"], on)
                assert found is not None
                assert (found.number, found.body) == (place + 1, body)


def test_old_versions_are_labelled_amended_and_the_law_stays_in_force(
    families: list[dict[str, Any]], store: SqlStore
) -> None:
    for family in families:
        name = family["family"]
        found, editions = steps(store.document(name)), store.editions(name)
        for day, _ in versions(family):
            assert at(found, day).validity is Validity.IN_FORCE
            said = [said_of(found, editions, each, day) for each in editions]
            held = store.edition(name, day)
            assert held is not None
            assert said[: held.number - 1] == ["已修改"] * (held.number - 1)
            assert said[held.number - 1] == "有效"


def said_of(found: Any, editions: tuple[Edition, ...], edition: Edition, on: date) -> str:
    return FLK.write(standing(found, editions, edition, on)).value
