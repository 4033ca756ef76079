"""What was confirmed by mistake is taken back: everything is as if it had not been, but the journal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.library.office import ALLOWANCE, act, clock, day, draft, released, to_stage

from policylib import Act, Library, Refused, RelationKind, Role, Validity
from policylib.model.proposal import ProposalState

BODY = "第一条　为了尊老，制定本办法。\n\n第二条　年满80周岁的老年人，每人每月发给津贴100元。\n"
DECISION = (
    "青山县人民政府关于废止部分文件的决定\n\n"
    "一、《青山县津贴办法》（青政〔2024〕5号）自2026年4月1日起废止。\n"
)
LATER = day("2026-04-02")
PERSON = {"subject": "person", "facts": {"出生日期": "1940-01-01"}}


@pytest.fixture
def county(library: Library, papers: Path) -> Library:
    """A library in which a decision ends a measure, as an officer confirmed by mistake."""
    released(library, papers, "津贴", BODY, title="青山县津贴办法", doc_number="青政〔2024〕5号",
             measures=[ALLOWANCE])  # fmt: skip
    released(library, papers, "决定", DECISION, title="青山县人民政府关于废止部分文件的决定",
             form="决定", released_on="2026-02-20")  # fmt: skip
    library.confirm("决定", by="王芳")
    return library


def key(library: Library, id: str = "决定") -> str:
    (found,) = library.confirmed(id)
    return found


def seen(library: Library) -> dict[str, object]:
    """All that rests on the relation."""
    return {
        "validity": library.validity("津贴", on=LATER),
        "search": [hit.id for hit in library.search("津贴", on=LATER, validity="现行有效").hits],
        "related": [row for row in library.related("津贴").rows if row.score is None],
        "relations": library.relations("津贴"),
        "match": [str(each.verdict) for each in library.match(PERSON, on=LATER)],
        "due": [each for each in library.due(within=timedelta(days=90)) if each.document == "津贴"],
        "check": [each.code for each in library.check(["津贴"], on=LATER)],
        "next": library.why("津贴", on=LATER),
    }


def test_everything_is_as_before_but_the_journal(
    county: Library, library: Library, papers: Path, tmp_path: Path
) -> None:
    confirmed = seen(county)
    assert confirmed["validity"] is Validity.REPEALED
    assert confirmed["match"] == ["不符合"]
    (gone,) = county.retract("决定", [key(county)], by="王芳", note="文号看错")
    assert (gone.kind, gone.object_id) == (RelationKind.REPEALS, "津贴")
    now = seen(county)
    assert (now["validity"], now["search"], now["relations"]) == (
        Validity.IN_FORCE, ["津贴"], (),
    )  # fmt: skip
    assert now["match"] == ["可能符合"]
    with Library.create(tmp_path / "另一库", clock=clock()) as other:
        for name in ("津贴", "决定"):
            assert other.import_files([papers / f"{name}.md"], by="档案员").refused == []
        assert seen(other) == now
    event = county.history("决定")[-1]
    assert [each.act for each in county.history("决定")][-2:] == [Act.CONFIRM, Act.RETRACT]
    assert (event.actor, event.note, event.retracted) == ("王芳", "文号看错", (gone,))
    assert county.verify() == ()


def test_what_others_have_open_sees_it_at_once(county: Library, where: Path) -> None:
    with Library.open(where, clock=clock()) as other:
        assert seen(other)["match"] == ["不符合"]
        county.retract("决定", [key(county)], by="王芳", note="文号看错")
        assert seen(other) == seen(county)


def test_it_is_proposed_again_and_may_be_confirmed_again(county: Library) -> None:
    code = key(county)
    county.retract("决定", [code], by="王芳", note="先撤销，核对后再认定")
    (proposal,) = (each for each in county.proposals("决定") if each.key == code)
    assert proposal.state is ProposalState.OPEN
    county.confirm("决定", [code], by="王芳")
    assert county.validity("津贴", on=LATER) is Validity.REPEALED
    assert county.verify() == ()
    county.retract("决定", [code], by="王芳", note="又看错")
    county.reject("决定", [code], by="王芳")
    assert county.confirmed("决定") == {}
    assert county.verify() == ()


def test_a_rejection_is_taken_back_too(county: Library) -> None:
    code = key(county)
    county.retract("决定", [code], by="王芳", note="文号看错")
    county.reject("决定", [code], by="王芳")
    assert county.retract("决定", [code], by="王芳", note="还是对的") == ()
    (proposal,) = (each for each in county.proposals("决定") if each.key == code)
    assert proposal.state is ProposalState.OPEN


def test_what_the_newest_text_does_not_say_is_taken_back_by_its_key(county: Library) -> None:
    code = key(county)
    act(county, Act.AMEND, "决定", Role.PUBLISHER, body="第一条　本决定不废止任何文件。\n",
        note="改", on=day("2026-03-01"))  # fmt: skip
    assert code not in {each.key for each in county.proposals("决定")}
    assert key(county) == code
    county.retract("决定", [code], by="王芳", note="决定已修改")
    assert county.validity("津贴", on=LATER) is Validity.IN_FORCE


@pytest.mark.parametrize("note", [None, "", "  "])
def test_a_reason_must_be_given(county: Library, note: str | None) -> None:
    with pytest.raises(Refused, match="请用 --note 写明撤销认定的原因"):
        county.retract("决定", [key(county)], by="王芳", note=note)
    assert county.validity("津贴", on=LATER) is Validity.REPEALED


def test_what_cannot_be_taken_back_says_what_to_do(county: Library, papers: Path) -> None:
    code, before = key(county), county.health()["journal"]
    with pytest.raises(Refused, match="没有代号为“abc”的认定，可用 policylib links 决定"):
        county.retract("决定", ["abc", code], by="王芳", note="看错")
    with pytest.raises(Refused, match="请写明撤销哪些认定"):
        county.retract("决定", [], by="王芳", note="看错")
    with pytest.raises(Refused, match="发布人办理"):
        county.retract("决定", [code], by="李明", note="看错", role=Role.DRAFTER)
    with pytest.raises(Refused, match="请用 links 命令办理"):
        act(county, Act.RETRACT, "决定", Role.PUBLISHER, note="看错")
    assert county.health()["journal"] == before
    county.retract("决定", [code], by="王芳", note="看错")
    with pytest.raises(Refused, match=r"已经撤销，不用再撤销.*--confirm"):
        county.retract("决定", [code], by="王芳", note="看错")
    declared = [{"kind": "废止", "target": "津贴", "effective_on": "2026-04-01"}]
    released(county, papers, "决定二", DECISION, title="青山县人民政府关于废止部分文件的决定（二）",
             form="决定", released_on="2026-02-21", relations=declared)  # fmt: skip
    (known,) = (each for each in county.proposals("决定二") if each.kind is RelationKind.REPEALS)
    with pytest.raises(Refused, match="登记的关系随那次办理存档"):
        county.retract("决定二", [known.key], by="王芳", note="看错")
    assert county.validity("津贴", on=LATER) is Validity.REPEALED


def test_a_draft_is_its_drafters(library: Library, papers: Path) -> None:
    released(library, papers, "津贴", BODY, title="青山县津贴办法", doc_number="青政〔2024〕5号")
    draft(library, papers, "草案", DECISION, title="青山县人民政府关于废止部分文件的决定")
    library.confirm("草案", by="李明")
    library.retract("草案", [key(library, "草案")], by="李明", note="看错")
    assert library.confirmed("草案") == {}
    to_stage(library, "草案", "公布")
    assert library.validity("津贴", on=LATER) is Validity.IN_FORCE


def test_the_public_never_sees_it(county: Library) -> None:
    county.retract("决定", [key(county)], by="王芳", note="文号看错")
    for id in ("决定", "津贴"):
        told = str(county.public_timeline(id)) + str(county.statements(id))
        assert "撤销认定" not in told
        assert "文号看错" not in told
    assert "撤销认定" in str(county.timeline("决定"))


def test_a_backup_has_it_gone(county: Library, tmp_path: Path) -> None:
    county.retract("决定", [key(county)], by="王芳", note="文号看错")
    county.backup(tmp_path / "备份.db")
    with Library.restore(tmp_path / "备份.db", tmp_path / "恢复", clock=clock()) as restored:
        assert seen(restored) == seen(county)
        assert restored.history("决定") == county.history("决定")
        assert restored.verify() == ()


def test_a_merge_brings_both_events_and_no_relation(
    county: Library, where: Path, tmp_path: Path
) -> None:
    county.backup(tmp_path / "以前.db")
    code = key(county)
    county.retract("决定", [code], by="王芳", note="文号看错")
    with Library.create(tmp_path / "总库", clock=clock()) as whole:
        report = whole.merge(where, by="档案员", apply=True)
        assert (len(report.added), report.conflicts) == (2, [])
        assert seen(whole) == seen(county)
        acts = [each.act for each in whole.history("决定")]
        assert acts[-2:] == [Act.CONFIRM, Act.RETRACT]
        assert whole.verify() == ()
        whole.confirm("决定", [code], by="王芳")
        whole.retract("决定", [code], by="王芳", note="并库后又看错")
        assert whole.verify() == ()
    with Library.restore(tmp_path / "以前.db", tmp_path / "旧库", clock=clock()) as former:
        (found,) = former.merge(where).conflicts
        assert (found.id, found.differs) == ("决定", ("文件关系",))
