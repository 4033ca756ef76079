"""One document with a whole life, for the stories on history: drafts, release, 修改, 解读."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.library.office import act, clock, draft, released

from policylib import Act, Library, Role

ID = "高龄津贴"
SECRET = "领导口头同意"
OLD = "第一条　高龄津贴每人每月60元。\n"
NEW = "第一条　高龄津贴每人每月90元。\n"


class Calendar:
    """A clock that the story turns."""

    def __init__(self, day: str) -> None:
        self.day = day

    def __call__(self) -> datetime:
        return clock(self.day)()


def whole_life(where: Path, papers: Path, title: str = "青山县高龄津贴发放办法") -> Library:
    """The library on 2026-03-02, with ``ID`` in force and to be amended on 2026-07-01."""
    calendar = Calendar("2024-03-02")
    library = Library.create(where, clock=calendar)
    basis = [{"kind": "依据", "target": "皖政〔2020〕3号", "provision": "第十二条"}]
    draft(library, papers, ID, "第一条　草稿一。\n", title=title, relations=basis)
    calendar.day = "2024-03-05"
    act(library, Act.REVISE, ID, Role.DRAFTER, body=OLD, note=SECRET)
    act(library, Act.REVIEW, ID, Role.REVIEWER)
    calendar.day = "2024-03-20"
    fields = {
        "doc_number": "青政〔2024〕5号",
        "written_on": "2024-03-20",
        "effective_on": "2024-05-01",
        "expires_on": "2029-04-30",
    }
    act(library, Act.SIGN, ID, Role.SIGNER, fields=fields)
    calendar.day = "2024-03-25"
    act(library, Act.RELEASE, ID, Role.PUBLISHER)
    calendar.day = "2026-03-02"
    released(
        library, papers, "解读", title="高龄津贴政策解读", type="政策解读", released_on="2024-03-27",
        relations=[{"kind": "解读", "target": ID, "note": SECRET}],
    )  # fmt: skip
    released(
        library, papers, "密件", title="内部方案", released_on="2026-02-15", disclosure="不予公开",
        relations=[{"kind": "相关", "target": ID}],
    )  # fmt: skip
    released(
        library, papers, "修改决定", released_on="2026-02-15", effective_on="2026-07-01",
        title="青山县人民政府关于修改高龄津贴发放办法的决定",
    )  # fmt: skip
    act(library, Act.AMEND, ID, Role.PUBLISHER, body=NEW, made_by="修改决定", note=SECRET)
    return library
