"""What texts say of each other: proposed, confirmed, applied; and the text of any day."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.library.office import act, day, draft, released, to_stage

from policylib import Act, Library, NotFound, Refused, RelationKind, Role, Validity
from policylib.model.proposal import ProposalState
from policylib.text.comparing import ChangeKind

BASE = """第一条　为规范停车秩序，制定本办法。

第二条　停车费每小时2元。

第三条　违反本办法第二条的，予以警告。
"""
DECISION = """青山县人民政府关于修改《青山县停车管理办法》的决定

青山县人民政府决定对《青山县停车管理办法》（青政〔2024〕5号）作如下修改：

一、将第二条修改为：“第二条　停车费每小时3元。”

二、增加一条，作为第三条：“第三条　夜间停车免费。”

条文序号作相应调整。

本决定自2026年7月1日起施行。
"""
CLEANING = """青山县人民政府关于废止部分文件的决定

下列文件自2026年6月1日起废止：

1.《青山县停车管理办法》（青政〔2024〕5号）

2.《青山县绿化办法》（青政〔2019〕8号）

本决定自公布之日起施行。
"""


@pytest.fixture
def county(library: Library, papers: Path) -> Library:
    released(library, papers, "停车", BASE, title="青山县停车管理办法",
             doc_number="青政〔2024〕5号", effective_on="2024-03-01")  # fmt: skip
    return library


def decided(library: Library, papers: Path, text: str, name: str = "决定", **fields: str) -> None:
    released(library, papers, name, text, title=text.split("\n", 1)[0], form="决定",
             **{"released_on": "2026-02-20", **fields})  # fmt: skip


def test_what_a_text_states_is_proposed_and_confirmed(county: Library, papers: Path) -> None:
    decided(county, papers, CLEANING)
    found = {each.target: each for each in county.proposals("决定")}
    parking = found["《青山县停车管理办法》（青政〔2024〕5号）"]
    assert (parking.kind, parking.candidates, parking.certain) == (
        RelationKind.REPEALS, ("停车",), True,
    )  # fmt: skip
    text = county.edition("决定").body
    assert text[slice(*parking.span)].startswith(parking.quote)
    assert found["《青山县绿化办法》（青政〔2019〕8号）"].candidates == ()
    assert county.validity("停车", on=day("2026-06-02")) is Validity.IN_FORCE
    relations = county.confirm("决定", by="王芳")
    assert [relation.object_id for relation in relations] == ["停车"]
    assert county.validity("停车", on=day("2026-06-02")) is Validity.REPEALED
    states = {each.target: each.state for each in county.proposals("决定")}
    assert states[parking.target] is ProposalState.CONFIRMED
    green = found["《青山县绿化办法》（青政〔2019〕8号）"]
    county.reject("决定", [green.key], by="王芳", note="已在2020年废止")
    with pytest.raises(Refused, match="没有可以确认的关系"):
        county.confirm("决定", by="王芳")
    assert [event.act for event in county.history("决定")][-2:] == [Act.CONFIRM, Act.REJECT]
    assert county.verify() == ()


def test_a_title_alone_is_proposed_never_decided(county: Library, papers: Path) -> None:
    released(county, papers, "停车旧", title="青山县停车管理办法", released_on="2015-01-01")
    text = "第一条　自2026年7月1日起施行。《青山县停车管理办法》同时废止。\n"
    decided(county, papers, text, effective_on="2026-07-01")
    proposal = next(p for p in county.proposals("决定") if p.kind is RelationKind.REPEALS)
    assert set(proposal.candidates) == {"停车", "停车旧"}
    assert not proposal.certain
    with pytest.raises(Refused, match="请写明是哪一份"):
        county.confirm("决定", [proposal.key], by="王芳")
    county.confirm("决定", [proposal.key], by="王芳", choose={proposal.key: "停车"})
    assert county.validity("停车", on=day("2026-07-01")) is Validity.REPEALED
    assert county.validity("停车旧", on=day("2026-07-01")) is Validity.IN_FORCE
    with pytest.raises(Refused, match="没有代号为“abc”"):
        county.reject("决定", ["abc"], by="王芳")


def test_who_rests_on_what_is_ended(county: Library, papers: Path) -> None:
    released(county, papers, "细则", title="青山县停车收费细则",
             relations=[{"kind": "依据", "target": "停车"}])  # fmt: skip
    decided(county, papers, CLEANING)
    touched = county.touched("决定")
    assert [(each.ended.id, each.document.id) for each in touched] == [("停车", "细则")]
    county.confirm("决定", by="王芳")
    assert [each.document.id for each in county.touched("决定")] == ["细则"]


def test_an_amendment_is_applied_to_the_text(county: Library, papers: Path) -> None:
    tie = {"relations": [{"kind": "修改", "target": "停车"}]}
    decided(county, papers, DECISION, effective_on="2026-07-01", **tie)  # type: ignore[arg-type]
    assert county.unapplied("停车", on=day("2026-06-30")) == ()
    assert [each.decision.id for each in county.unapplied("停车", on=day("2026-07-01"))] == ["决定"]
    preview = county.amended("停车", "决定")
    assert preview.unapplied == ()
    assert "第四条　违反本办法第二条的，予以警告。" in preview.text
    assert len(county.editions("停车")) == 1
    county.apply_amendment("停车", "决定", by="王芳")
    assert county.edition("停车", on=day("2026-07-01")).body == preview.text
    assert "2元" in county.edition("停车", on=day("2026-06-30")).body
    assert county.unapplied("停车", on=day("2026-07-01")) == ()
    changes = county.compare("停车", day("2026-03-02"), day("2026-07-01")).comparison.changes()
    kinds = [each.kind for each in changes if each.kind is not ChangeKind.SAME]
    assert kinds == [ChangeKind.MODIFIED, ChangeKind.ADDED, ChangeKind.RENUMBERED]
    since, edition = county.since("停车", on=day("2026-08-01"))
    told = {str(each.locator): (each.day, each.by) for each in since}
    assert edition.number == 2
    assert told["第一条"] == (day("2024-03-01"), None)
    assert told["第二条"] == (day("2026-07-01"), "决定")
    assert told["第四条"] == (day("2024-03-01"), None)


def test_what_cannot_be_applied_refuses_or_is_kept(county: Library, papers: Path) -> None:
    text = DECISION.replace("将第二条修改", "将第二十条修改")
    tie = {"relations": [{"kind": "修改", "target": "停车"}]}
    decided(county, papers, text, effective_on="2026-07-01", **tie)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="第二十条"):
        county.apply_amendment("停车", "决定", by="王芳")
    assert len(county.editions("停车")) == 1
    county.apply_amendment("停车", "决定", by="王芳", partly=True)
    assert "夜间停车免费" in county.edition("停车", on=day("2026-07-01")).body
    (left,) = county.unapplied("停车", on=day("2026-07-01"))
    assert "第二十条" in str(left.passages[0]["quote"])
    with pytest.raises(Refused, match="没有读到对本文件的修改"):
        county.apply_amendment("决定", "停车", by="王芳")


def test_the_public_sees_no_draft_in_a_comparison(library: Library, papers: Path) -> None:
    draft(library, papers, "津贴", "第一条　草稿。\n")
    act(library, Act.REVISE, "津贴", Role.DRAFTER, body="第一条　定稿。\n")
    with pytest.raises(NotFound):
        library.compare("津贴", day("2026-01-01"), public=True)
    to_stage(library, "津贴", "公布", effective_on="2026-04-01")
    found = library.compare("津贴", day("2026-01-01"), day("2026-12-31"), public=True)
    assert found.comparison.same
    assert "草稿" not in found.before.body
