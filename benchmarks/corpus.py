"""Reads the real documents beside the checkout as import records, for benchmarks and measured tests.

The data is not part of the repository. :func:`records` yields dictionaries with the keys that
``policylib import`` takes from a JSONL file; :func:`queries` yields the judged queries whose
documents are there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

_EVENT = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日\s*(.*)$")


def available() -> bool:
    """Whether the data lies beside the checkout."""
    return (DATA / "README.md").is_file()


def records() -> Iterator[dict[str, Any]]:
    """All documents: laws and regulations, State Council papers, municipal housing policy."""
    yield from laws()
    yield from gov_policy()
    yield from realestate()


def laws() -> Iterator[dict[str, Any]]:
    """One record for every law file; its dates come from the header above ``INFO END``."""
    for path in sorted((DATA / "laws").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        head, mark, body = text.partition("<!-- INFO END -->")
        if not mark:
            head, body = "", text
        title = next(
            (line[2:].strip() for line in text.splitlines() if line.startswith("# ")), path.stem
        )
        record: dict[str, Any] = {
            "id": path.relative_to(DATA).as_posix(),
            "title": title,
            "body": body.strip() or text,
        }
        for line in head.splitlines():
            if event := _EVENT.match(line.strip()):
                year, month, day, what = event.groups()
                date = f"{year}-{int(month):02}-{int(day):02}"
                if "公布" in what or "发布" in what:
                    record["released_on"] = date
                elif what.strip() == "施行":
                    record["effective_on"] = date
        yield record


def gov_policy() -> Iterator[dict[str, Any]]:
    """One record for every State Council paper, header fields from the official table."""
    for line in (DATA / "gov_policy" / "documents.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield {
            "id": "gov_policy/documents.jsonl#" + row["source_url"],
            "title": row["title"],
            "doc_number": row["doc_number"],
            "index_number": row["index_number"],
            "issuers": [row["issuer"]],
            "themes": [row["topic"]],
            "written_on": row["written_date"],
            "released_on": row["publish_date"],
            "body": row["text"],
        }


def realestate() -> Iterator[dict[str, Any]]:
    """One record for every municipal housing policy."""
    path = DATA / "realestate_policy" / "dev.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        title = row["title"]  # a few records have none (NaN): their first line stands in
        yield {
            "id": "realestate_policy/documents.jsonl#" + row["id"],
            "title": title if isinstance(title, str) else row["text"].strip().splitlines()[0],
            "released_on": row["record_date"],
            "body": row["text"],
        }


def queries() -> Iterator[tuple[str, dict[str, int]]]:
    """Judged queries as ``(words, {document id: grade})``."""
    path = DATA / "queries" / "dev.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["query"], {hit["file"]: hit["grade"] for hit in row["relevant"]}
