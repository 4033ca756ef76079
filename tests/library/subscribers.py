"""Subscribers for the stories of pushing, and a county that has something to tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.library.office import ALLOWANCE, released

from policylib import Library
from policylib.library.pushrun import PushSummary

BODY = "第一条　为了尊老，制定本办法。\n\n第二条　年满80周岁的老年人，每月发给高龄津贴100元。\n"
OPENING: dict[str, Any] = {
    "id": "training", "title": "职业培训", "kind": "培训", "subject": "person",
    "condition": {"fact": "失业登记", "equals": True},
    "window": {"opens_on": "2026-03-05", "closes_on": "2026-04-10"},
}  # fmt: skip
OLD = {"id": "甲", "subject": "person", "facts": {"出生日期": "1940-01-01"}}
JOBLESS = {"id": "乙", "subject": "person", "facts": {"失业登记": True, "出生日期": "1990-05-01"}}


def pushed(library: Library, *subscribers: Any, **options: Any) -> PushSummary:
    return library.push(list(subscribers) or [OLD, JOBLESS], by="王芳", **options)


def lines(found: PushSummary) -> dict[str, list[dict[str, Any]]]:
    assert found.out is not None
    read = [json.loads(line) for line in found.out.read_text("utf-8").splitlines()]
    return {each["subscriber"]: each["messages"] for each in read}


def told(found: PushSummary) -> dict[str, list[tuple[str, str]]]:
    """For each subscriber kinds and measures, or the document where it is of that, in order."""
    return {
        who: sorted((each["kind"], each.get("measure", each["document"])) for each in messages)
        for who, messages in lines(found).items()
    }


def stocked(library: Library, papers: Path) -> Library:
    """An allowance released in February, and a training that opens in March."""
    released(library, papers, "津贴", BODY, released_on="2026-02-20", tags=["高龄"],
             measures=[ALLOWANCE])  # fmt: skip
    released(library, papers, "培训", released_on="2025-02-20", tags=["就业"], measures=[OPENING])
    return library
