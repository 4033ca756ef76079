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


#: What a text may offer, as it stands in a head.
ALLOWANCE: dict[str, Any] = {
    "id": "allowance",
    "title": "高龄津贴",
    "kind": "津贴",
    "subject": "person",
    "provision": "第二条",
    "condition": {"fact": "年龄", "at_least": "80周岁"},
    "amount": {"pay": "100元", "per": "月", "provision": "第二条"},
}

OFFICERS = {
    Role.DRAFTER: "李明",
    Role.LEGAL_REVIEWER: "周正",
    Role.SECRECY_REVIEWER: "吴慎",
    Role.REGISTRAR: "郑新",
    Role.REVIEWER: "赵强",
    Role.SIGNER: "陈静",
    Role.PUBLISHER: "王芳",
    Role.IMPORTER: "档案员",
    Role.ROBOT: "policylib",
}


def act(library: Library, act: Act, id: str, role: Role, **more: Any) -> Document:
    return library.act(act, id, by=OFFICERS[role], role=role, **more)


#: What each act on the way brings along.
BRINGS: dict[Act, dict[str, Any]] = {
    Act.CONSULT: {"note": "在县政府网站征求意见"},
    Act.ANSWER: {"note": "在县政府网站公开采纳情况"},
    Act.DELIBERATE: {"note": "县政府第12次常务会议"},
    Act.NUMBER: {"fields": {"registration_number": "青政规-2026-1", "document_class": "其他文件"}},
    Act.WITHDRAW: {"note": "附件有误"},
}
_PLAIN = ((Act.REVIEW, Role.REVIEWER), (Act.SIGN, Role.SIGNER), (Act.RELEASE, Role.PUBLISHER))
_WAYS: dict[str, tuple[tuple[Act, Role], ...]] = {
    "起草": (),
    "征求意见": ((Act.CONSULT, Role.DRAFTER),),
    "意见反馈": ((Act.CONSULT, Role.DRAFTER), (Act.ANSWER, Role.DRAFTER)),
    "合法性审核": ((Act.LEGAL_REVIEW, Role.LEGAL_REVIEWER),),
    "保密审查": ((Act.SECRECY_REVIEW, Role.SECRECY_REVIEWER),),
    "集体审议": ((Act.DELIBERATE, Role.DRAFTER),),
    "审核": _PLAIN[:1],
    "签发": _PLAIN[:2],
    "统一登记编号": (*_PLAIN[:2], (Act.NUMBER, Role.REGISTRAR)),
    "公布": _PLAIN,
    "撤回": (*_PLAIN, (Act.WITHDRAW, Role.PUBLISHER)),
}


def to_stage(library: Library, id: str, stage: str, **fields: Any) -> None:
    """Take a draft on to ``stage``."""
    for what, role in _WAYS[stage]:
        given = fields if what is Act.SIGN else {}
        more = {"fields": given, **BRINGS.get(what, {})}
        assert act(library, what, id, role, **more).stage == str(what)


def at(library: Library, folder: Path, id: str, stage: str) -> str:
    """A new document in ``stage``."""
    if stage == "立项":
        library.import_files([paper(folder, id)], by="李明", released=False, proposed=True)
    else:
        draft(library, folder, id)
        to_stage(library, id, stage)
    return id


def found(library: Library, words: str, **options: Any) -> set[str]:
    return {hit.id for hit in library.search(words, limit=100, **options).hits}
