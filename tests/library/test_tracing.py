"""What texts say of each other: proposed, confirmed, applied; and the text of any day."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.library.office import act, day, draft, released, to_stage

from policylib import Act, Library, NotFound, Refused, RelationKind, Role, Validity
from policylib.library.proposing import Proposing
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
    with pytest.raises(Refused, match="没有待确认的关系"):
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


def test_a_decision_is_carried_out_once_and_in_order(county: Library, papers: Path) -> None:
    decided(county, papers, DECISION, effective_on="2026-07-01")
    earlier = DECISION.replace("3元", "4元").replace("2026年7月1日", "2026年6月1日")
    decided(county, papers, earlier, "较早的决定", effective_on="2026-06-01",
            doc_number="青政〔2026〕77号")  # fmt: skip
    county.apply_amendment("停车", "决定", by="王芳")
    with pytest.raises(Refused, match="已经落实为第2版正文"):
        county.apply_amendment("停车", "决定", by="王芳")
    with pytest.raises(Refused, match="早于现有的第2版正文"):
        county.amended("停车", "较早的决定")
    assert len(county.editions("停车")) == 2
    assert county.amended("停车", "决定", on=day("2026-06-30")).applied


def test_decisions_come_in_the_order_of_the_days_in_their_texts(
    county: Library, papers: Path
) -> None:
    later = DECISION.replace("3元", "4元").replace("2026年7月1日", "2027年1月1日")
    decided(county, papers, DECISION, released_on="2026-01-05")
    decided(county, papers, later, "下一个决定", doc_number="青政〔2026〕77号")
    county.apply_amendment("停车", "决定", by="王芳")
    county.apply_amendment("停车", "下一个决定", by="王芳", partly=True)
    begun = [each.effective_on for each in county.editions("停车")]
    assert begun == [None, day("2026-07-01"), day("2027-01-01")]


def test_what_was_left_out_is_entered_later(county: Library, papers: Path) -> None:
    text = DECISION.replace("将第二条修改", "将第二十条修改")
    decided(county, papers, text, effective_on="2026-07-01")
    county.apply_amendment("停车", "决定", by="王芳", partly=True)
    assert county.unapplied("停车", on=day("2026-06-30")) == ()
    assert len(county.unapplied("停车", on=day("2026-07-01"))) == 1
    whole = county.edition("停车").body.replace("2元", "3元")
    act(county, Act.AMEND, "停车", Role.PUBLISHER, body=whole, made_by="决定")
    assert county.unapplied("停车", on=day("2026-07-01")) == ()


def test_citations_that_an_amendment_left_behind_are_told(county: Library, papers: Path) -> None:
    decided(county, papers, DECISION, effective_on="2026-07-01")
    cites = "第一条　违规停车的，按照《青山县停车管理办法》（青政〔2024〕5号）第三条处理。\n"
    released(county, papers, "细则", cites, title="青山县停车收费细则", released_on="2025-01-01")
    later = cites.replace("第三条", "第四条")
    released(county, papers, "新细则", later, title="青山县夜间停车细则", effective_on="2026-08-01")
    assert county.left_behind("停车") == ()
    county.apply_amendment("停车", "决定", by="王芳")
    (found,) = county.left_behind("停车")
    assert (found.document.id, found.said) == ("细则", "第三条现为第四条")
    assert county.edition("细则").body[slice(*found.span)] == found.quote
    (finding,) = county.check(["细则"], codes=["REF009"], on=day("2026-07-01"))
    assert "第三条现为第四条" in finding.message
    assert not list(county.check(["新细则"], codes=["REF009"], on=day("2026-09-01")))


def test_who_only_cites_what_is_ended_is_told_too(county: Library, papers: Path) -> None:
    released(county, papers, "通知", "请按照《青山县停车管理办法》（青政〔2024〕5号）收费。\n",
             title="关于停车收费的通知")  # fmt: skip
    decided(county, papers, CLEANING)
    (touched,) = county.touched("决定")
    assert (touched.document.id, touched.ended.id) == ("通知", "停车")
    assert touched.relation.note == "原文：《青山县停车管理办法》（青政〔2024〕5号）"
    assert county.relations("通知") == ()


def test_a_text_is_not_related_to_itself(county: Library, papers: Path) -> None:
    text = (
        "青政〔2024〕9号\n\n《青山县公园管理办法》已经审议通过，现印发给你们。\n\n第一条　甲。\n\n"
        "第二条　本办法自2026年7月1日起施行。\n"
    )
    released(county, papers, "公园", text, title="关于印发《青山县公园管理办法》的通知",
             doc_number="青政〔2024〕9号")  # fmt: skip
    assert county.proposals("公园") == ()
    decided(county, papers, DECISION, effective_on="2026-07-01")
    (amends,) = [p for p in county.proposals("决定") if p.kind is RelationKind.AMENDS]
    assert (amends.target, amends.certain) == ("《青山县停车管理办法》（青政〔2024〕5号）", True)


LISTS = """青山县人民政府关于公布文件清理结果的决定

本次共清理文件3件，其中继续有效1件，废止2件。

本决定自公布之日起施行。

附件1

继续有效的文件目录（1件）

| 序号 | 文件名称 | 发文字号 |
| --- | --- | --- |
| 1 | 青山县停车管理办法 | 青政〔2024〕5号 |

附件2

废止的文件目录（2件）

| 序号 | 文件名称 | 发文字号 |
| --- | --- | --- |
| 1 | 青山县绿化办法 | 青政〔2019〕8号 |
"""


def test_lists_of_a_clean_up_are_one_batch_with_their_sums(county: Library, papers: Path) -> None:
    released(county, papers, "绿化", title="青山县绿化办法", doc_number="青政〔2019〕8号")
    decided(county, papers, LISTS)
    told = {each.candidates: (each.kind, each.disposition) for each in county.proposals("决定")}
    assert told == {
        ("停车",): (RelationKind.RELATED, "继续有效"),
        ("绿化",): (RelationKind.REPEALS, None),
    }
    lists = county.clean_up("决定")
    assert lists is not None
    assert lists.counts() == {"继续有效": 1, "废止": 1}
    assert any("废止" in problem for problem in lists.problems)
    assert county.clean_up("停车") is None
    assert len(county.confirm("决定", by="王芳")) == 2
    assert county.validity("停车") is Validity.IN_FORCE
    assert county.validity("绿化", on=day("2026-03-01")) is Validity.REPEALED


def test_words_for_another_text_are_not_the_decisions_own(county: Library, papers: Path) -> None:
    text = DECISION.replace("夜间停车免费。", "根据《青山县价格办法》，制定收费标准。").replace(
        "（青政〔2024〕5号）", ""
    )
    decided(county, papers, text, effective_on="2026-07-01")
    (amends,) = county.proposals("决定")
    assert (amends.kind, amends.certain) == (RelationKind.AMENDS, False)
    with pytest.raises(Refused, match="请核对后逐条写明代号"):
        county.confirm("决定", by="王芳")


def test_a_decision_works_from_the_day_in_its_text(county: Library, papers: Path) -> None:
    text = (
        "青山县人民政府关于废止《青山县停车管理办法》的决定\n\n"
        "废止《青山县停车管理办法》（青政〔2024〕5号）。\n\n本决定自2026年7月1日起施行。\n"
    )
    decided(county, papers, text)
    (relation,) = county.confirm("决定", by="王芳")
    assert (relation.kind, relation.effective_on) == (RelationKind.REPEALS, day("2026-07-01"))
    assert county.validity("停车", on=day("2026-06-30")) is Validity.IN_FORCE
    assert county.validity("停车", on=day("2026-07-01")) is Validity.REPEALED


def test_an_amended_text_begins_on_the_day_in_the_decision(county: Library, papers: Path) -> None:
    decided(county, papers, DECISION)  # released on 2026-02-20, no 施行日期 in the header
    county.apply_amendment("停车", "决定", by="王芳")
    assert county.editions("停车")[-1].effective_on == day("2026-07-01")
    assert "2元" in county.edition("停车", on=day("2026-06-30")).body
    past = DECISION.replace("3元", "4元").replace("2026年7月1日", "2025年7月1日")
    other = {"doc_number": "青政〔2026〕78号", "released_on": "2026-07-02"}
    decided(county, papers, past, "补发的决定", **other)
    county.apply_amendment("停车", "补发的决定", by="王芳", partly=True)
    assert county.editions("停车")[-1].effective_on == day("2026-07-02")


def test_a_title_that_a_text_repeats_is_looked_for_once(
    county: Library, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n\n".join(f"违反《青山县绿化办法》第{n}条的，予以警告。" for n in range(1, 60))
    released(county, papers, "细则", text)
    asked: list[str] = []
    find = Proposing._find
    monkeypatch.setattr(
        Proposing, "_find", lambda self, title: asked.append(title) or find(self, title)
    )
    assert len(county.proposals("细则")) == 59
    assert asked == ["青山县绿化办法"]
