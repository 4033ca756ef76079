"""What an office needs for the stories in this folder: papers, officers, a clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from policylib import Act, Document, Library, Role

BEIJING = timezone(timedelta(hours=8))
COUNTY = "青山县人民政府"


def clock(day: str = "2026-03-02") -> Callable[[], datetime]:
    """Nine in the morning of ``day``, always."""
    return lambda: datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=BEIJING)


def day(text: str) -> date:
    return date.fromisoformat(text)


def paper(folder: Path, name: str, text: str = "", **fields: Any) -> Path:
    """A document file; what is not said is as it usually is."""
    fields = {
        "id": name,
        "title": f"青山县{name}管理办法",
        "issuers": [COUNTY],
        "kind": "通知",
        "form": "办法",
        "themes": ["综合政务"],
        "disclosure": "主动公开",
        **fields,
    }
    head = "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in fields.items()
        if value is not None
    )
    path = folder / f"{name.replace('/', '_')}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    body = text or f"第一条　为规范{name}工作，制定本办法。\n\n第二条　{name}由县人民政府负责。\n"
    path.write_text(f"---\n{head}---\n\n{body}", "utf-8")
    return path


def released(library: Library, folder: Path, name: str, text: str = "", **fields: Any) -> str:
    """A document that was released before the library was there."""
    fields = {"released_on": "2024-01-10", **fields}
    summary = library.import_files([paper(folder, name, text, **fields)], by="档案员")
    assert summary.refused == []
    return name


def draft(library: Library, folder: Path, name: str, text: str = "", **fields: Any) -> str:
    summary = library.import_files([paper(folder, name, text, **fields)], by="李明", released=False)
    assert summary.refused == []
    return name


OFFICERS = {
    Role.DRAFTER: "李明",
    Role.REVIEWER: "赵强",
    Role.SIGNER: "陈静",
    Role.PUBLISHER: "王芳",
    Role.IMPORTER: "档案员",
    Role.ROBOT: "policylib",
}


def act(library: Library, act: Act, id: str, role: Role, **more: Any) -> Document:
    return library.act(act, id, by=OFFICERS[role], role=role, **more)


def to_stage(library: Library, id: str, stage: str, **fields: Any) -> None:
    """Take a draft on to ``stage``."""
    way = (("审核", Act.REVIEW, Role.REVIEWER), ("签发", Act.SIGN, Role.SIGNER),
           ("公布", Act.RELEASE, Role.PUBLISHER))  # fmt: skip
    for name, what, role in way[: ("起草", "审核", "签发", "公布").index(stage)]:
        given = fields if what is Act.SIGN else {}
        act(library, what, id, role, fields=given)
        assert library.document(id).stage == name


def found(library: Library, words: str, **options: Any) -> set[str]:
    return {hit.id for hit in library.search(words, limit=100, **options).hits}
