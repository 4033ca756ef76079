"""What is read from short texts: one table of cases with every trap met so far."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policylib.reading import extract

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))


def plain(value: Any) -> Any:
    """The days that YAML makes, as JSON has them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value


def read(text: str) -> dict[str, Any]:
    told = extract(text)
    found = told.as_dict()
    repeals, lists = found["repeals"], found["clean_up"]
    return found | {
        "effective": [found["effective"]["on"], found["effective"]["rule"]],
        "after": told.effective.after if told.effective else None,
        "repeals": [[each["title"], each["doc_number"], each["partial"]] for each in repeals],
        "issued": [each["issued"] for each in repeals],
        "place": [each["place"] for each in repeals],
        "from_day": [each["on"] for each in repeals],
        "basis": [[each["title"], each["doc_number"]] for each in found["basis"]],
        "elliptical": [each["title"] for each in found["basis_elliptical"]],
        "implements": [each["title"] for each in found["implements"]],
        "applies_to": [each["title"] for each in found["applies_to"]],
        "forwards": [each["title"] for each in found["forwards"]],
        "speaks_of": [[each["kind"], each["title"]] for each in found["speaks_of"]],
        "general_repeal": [each["quote"] for each in found["general_repeal"]],
        "suspends": [each["quote"] for each in found["suspends"]],
        "conflict": bool(found["conflict_clause"]),
        "renewals": [[each["title"], each["until"], each["years"]] for each in found["renewals"]],
        "lapses": [[each["by"], each["on"]] for each in found["lapses"]],
        "events": [[each["date"], each["text"]] for each in found["events"]],
        "citations": [[e["title"], e["doc_number"], e["place"]] for e in found["citations"]],
        "clean_up": lists["listed"] if lists else None,
        "problems": len(lists["problems"]) if lists else 0,
    }


def test_the_table_is_large_and_its_stories_differ():
    stories = [case["story"] for case in CASES]
    assert len(stories) >= 60
    assert len(set(stories)) == len(stories)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["story"])
def test_it_is_read_as_the_table_has_it(case):
    found = read(case["text"])
    expected = {key: plain(value) for key, value in case.items() if key not in {"story", "text"}}
    assert expected
    assert {key: found[key] for key in expected} == expected
