"""One text, one place: another organ's body is not published here, and a repost says what holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.library.life import Calendar
from tests.library.office import Role, act, day, draft, paper, released, to_stage
from tests.samesource.conftest import BODY
from tests.samesource.offices import BASE, COUNTY, TOWN, Library

from policylib import Act
from policylib.errors import NotFound, PolicyLibError, Refused

OURS = {"issuers": [TOWN], "title": "青石镇高龄补助规定"}
COPIED = {"title": "青山县高龄津贴发放办法", "doc_number": "青政〔2024〕1号"}


# -- acts ------------------------------------------------------------------------------------------


def test_a_draft_of_another_organ_is_not_released(town: Library, papers: Path) -> None:
    """Drafted before anybody knew of the county's library: known by the registry alone."""
    registry = (town.sources_folder / "authorities.yaml").read_bytes()
    (town.sources_folder / "authorities.yaml").unlink()
    draft(town, papers, "抄件", **COPIED)
    to_stage(town, "抄件", "签发")
    (town.sources_folder / "authorities.yaml").write_bytes(registry)
    with pytest.raises(Refused, match="policylib sources repost"):
        act(town, Act.RELEASE, "抄件", Role.PUBLISHER)
    assert town.document("抄件").stage == "签发"


def test_ones_own_draft_cannot_be_given_anothers_text(
    town: Library, manifest: Path, papers: Path
) -> None:
    draft(town, papers, "自拟", "第一条　本镇另行规定。\n", **OURS)
    with pytest.raises(Refused, match=COUNTY):
        act(town, Act.REVISE, "自拟", Role.DRAFTER, body=BODY)
    act(town, Act.REVISE, "自拟", Role.DRAFTER, body="第一条　本镇自己的规定，另行印发。\n")
    to_stage(town, "自拟", "公布", released_on="2026-03-02")
    for what in (Act.AMEND, Act.CORRECT):
        with pytest.raises(Refused, match="只能转载"):
            act(town, what, "自拟", Role.PUBLISHER, body=BODY, note="改正文")
    act(
        town,
        Act.AMEND,
        "自拟",
        Role.PUBLISHER,
        body="第一条　修改后的规定。\n",
        note="镇政府会议",
        on=day("2026-03-02"),
    )


def test_the_county_works_on_its_own_texts_as_before(county: Library, papers: Path) -> None:
    more = BODY + "\n\n第九条　另行规定。\n"
    act(county, Act.AMEND, "高龄", Role.PUBLISHER, body=more, note="常务会议", on=day("2026-03-02"))
    draft(county, papers, "新件", title="青山县新办法", doc_number="青政〔2026〕9号")
    to_stage(county, "新件", "公布", released_on="2026-03-02")


# -- import ----------------------------------------------------------------------------------------


def test_an_import_refuses_copied_bodies_with_the_way_out(
    town: Library, manifest: Path, papers: Path
) -> None:
    paper(papers, "同号", "正文", **COPIED)
    paper(papers, "同文", BODY, **OURS)
    paper(papers, "同名", "正文", title="《青山县最低生活保障办法》")
    paper(papers, "自己的", "第一条　本镇办法。", **OURS)
    summary = town.import_files([papers], by="档案员")
    assert (summary.imported, len(summary.refused)) == (1, 3)
    assert all("--repost" in each.reason for each in summary.refused)
    assert all("policylib sources repost" in each.reason for each in summary.refused)
    assert town.documents()[0].id == "自己的"


def test_an_import_makes_reposts_on_request_and_again_changes_nothing(
    town: Library, manifest: Path, papers: Path
) -> None:
    paper(papers, "同号", BODY, **COPIED, released_on="2024-02-01")
    paper(papers, "自己的", "第一条　本镇办法。", **OURS)
    first = town.import_files([papers], by="档案员", repost=True)
    assert (first.imported, first.reposts, first.refused) == (2, 1, [])
    assert first.as_dict()["reposts"] == 1
    document = town.document("同号")
    assert (document.type, document.source) == ("转载", COUNTY)
    assert "县民政局" not in town.edition("同号").body
    again = town.import_files([papers], by="档案员", repost=True)
    assert (again.imported, again.unchanged, again.refused) == (0, 2, [])


def test_what_was_here_before_the_registry_stays(
    county: Library, town: Library, papers: Path
) -> None:
    registry = town.sources_folder / "authorities.yaml"
    kept = registry.read_bytes()
    registry.unlink()
    released(town, papers, "早先", "第一条　正文。", **COPIED)
    registry.write_bytes(kept)
    again = town.import_files([papers], by="档案员")
    assert (again.unchanged, again.refused) == (1, [])
    with pytest.raises(Refused, match="只能转载"):
        act(town, Act.AMEND, "早先", Role.PUBLISHER, body="第一条　新正文。")
    act(town, Act.WITHDRAW, "早先", Role.PUBLISHER, note="改为转载")


def test_what_has_no_known_address_is_refused_even_on_request(town: Library, papers: Path) -> None:
    paper(papers, "无址", "正文", title="青山县办法", doc_number="青政〔2019〕3号")
    summary = town.import_files([papers], by="档案员", repost=True)
    [refusal] = summary.refused
    assert "source_url" in refusal.reason
    assert summary.reposts == 0
    paper(papers, "无址", "正文", title="青山县办法", doc_number="青政〔2019〕3号",
          source_url=f"{BASE}19-3.html")  # fmt: skip
    assert town.import_files([papers], by="档案员", repost=True).reposts == 1


def test_without_a_registry_anything_is_taken_in(tmp_path: Path, papers: Path) -> None:
    with Library.create(tmp_path / "素库") as plain:
        released(plain, papers, "县文", BODY, **COPIED)
        assert not plain.sources_folder.exists(), "nothing is made that was not asked for"


def test_the_import_as_typed(run: Run, town: Library, manifest: Path, papers: Path) -> None:
    paper(papers, "同号", BODY, **COPIED)
    words = ("import", papers, "--released", "--by", "档案员", "--library", papers.parent / "镇库")
    refused = run(*words, "--json")
    assert refused.code == 1
    assert "--repost" in refused.json["refused"][0]["reason"]
    done = run(*words, "--repost")
    assert (done.code, "已转为转载" in done.out) == (0, True)


# -- what holds today ------------------------------------------------------------------------------


@pytest.fixture
def repost(town: Library, manifest: Path) -> str:
    """A released repost of the county's allowance."""
    id = town.repost("青政〔2024〕1号", by="李明")
    to_stage(town, id, "公布", released_on="2026-03-02")
    return id


def repealed(county: Library, papers: Path, manifest: Path) -> None:
    released(county, papers, "决定", title="青山县关于废止文件的决定", released_on="2026-02-01",
             relations=[{"kind": "废止", "target": "青政〔2024〕1号", "effective_on": "2026-02-15"}])  # fmt: skip
    county.publish_sources(manifest)


def test_after_the_pull_every_view_says_it_is_repealed(
    county: Library, town: Library, repost: str, manifest: Path, papers: Path
) -> None:
    assert town.search("高龄津贴").hits[0].validity == "现行有效"
    repealed(county, papers, manifest)
    assert town.validity(repost) == "现行有效"
    town.pull_sources(str(manifest))
    assert town.validity(repost) == "废止"
    why = town.why(repost)
    assert "青山县关于废止文件的决定" in why.because[-1].reason
    [hit] = town.search("高龄津贴").hits
    assert (hit.title, hit.validity) == ("青山县高龄津贴发放办法", "废止")
    assert town.search("高龄津贴", validity="现行有效").total == 0
    assert town.search("高龄津贴", validity="现行有效", on=day("2026-02-14")).total == 1
    assert town.public_timeline(repost).validity == "废止"
    related = town.related(repost)
    assert related is not None
    town.public_bundle(repost, papers.parent / "档.zip")
    assert "废止".encode() in (papers.parent / "档.zip").read_bytes()


def test_another_process_sees_what_was_pulled(
    county: Library, town: Library, repost: str, manifest: Path, papers: Path
) -> None:
    """The portal's workers keep their library open while a timer pulls."""
    with Library.open(papers.parent / "镇库", clock=Calendar("2026-03-02")) as worker:
        assert worker.search("高龄津贴").hits[0].validity == "现行有效"
        repealed(county, papers, manifest)
        town.pull_sources(str(manifest))
        assert worker.search("高龄津贴").hits[0].validity == "废止"
        assert worker.validity(repost) == "废止"


def test_the_end_of_the_term_needs_no_job_and_no_pull(
    town: Library, repost: str, calendar: Calendar
) -> None:
    assert town.search("高龄津贴").hits[0].validity == "现行有效"
    calendar.day = "2027-01-01"
    assert town.validity(repost) == "失效"
    assert town.search("高龄津贴", validity="失效").total == 1


def test_a_corrected_title_is_the_reposts_title(
    county: Library, town: Library, repost: str, manifest: Path
) -> None:
    act(county, Act.CORRECT, "高龄", Role.PUBLISHER, note="标题漏字",
        fields={"title": "青山县高龄老人津贴发放办法"})  # fmt: skip
    county.publish_sources(manifest)
    town.pull_sources(str(manifest))
    assert town.public_document(repost).title == "青山县高龄老人津贴发放办法"
    assert town.search("高龄老人").hits[0].title == "青山县高龄老人津贴发放办法"
    assert town.document(repost).title == "青山县高龄津贴发放办法", "what was signed stays"


def test_a_withdrawn_source_is_not_in_force(
    county: Library, town: Library, repost: str, manifest: Path
) -> None:
    act(county, Act.WITHDRAW, "高龄", Role.PUBLISHER, note="附件有误")
    county.publish_sources(manifest)
    town.pull_sources(str(manifest))
    assert town.validity(repost) == "未公布"
    assert "附件有误" in town.why(repost).because[-1].reason


def test_an_old_manifest_is_told_of(town: Library, repost: str, calendar: Calendar) -> None:
    assert town.repost_notice(repost) is None
    assert town.search("高龄津贴").notice is None
    calendar.day = "2026-05-01"
    assert "60天没有更新" in (town.repost_notice(repost) or "")
    assert "60天没有更新" in town.why(repost).next
    assert "60天没有更新" in (town.search("高龄津贴").notice or "")
    assert town.repost_view(repost).notice == town.repost_notice(repost)


def test_a_source_that_nobody_holds_is_told_of(town: Library, papers: Path) -> None:
    released(town, papers, "别处", "见原文。", type="转载", title="别处的办法",
             source_url="https://x.example.cn/1", effective_on="2024-01-01")  # fmt: skip
    assert town.validity("别处") == "现行有效"
    assert "sources pull" in town.why("别处").next
    with pytest.raises(NotFound):
        town.repost_view("别处")


def test_a_damaged_subscription_stops_no_search(town: Library, repost: str) -> None:
    [state] = town.sources_folder.glob("subscriptions/*/state.json")
    for segment in state.parent.glob("segments/*"):
        segment.unlink()
    state.touch()
    town._beside = None  # another process
    assert town.search("高龄津贴").total == 1
    assert town.validity(repost) == "现行有效"
    assert "重新 sources pull" in (town.repost_notice(repost) or "")


@pytest.mark.parametrize("file", ["authorities.yaml", "subscriptions/*/state.json"])
def test_a_damaged_file_beside_the_library_is_told_and_stops_no_reader(
    file: str, town: Library, repost: str
) -> None:
    [damaged] = town.sources_folder.glob(file)
    damaged.write_text("own: [", "utf-8")
    found = town.search("高龄津贴")
    assert found.total == 1
    assert found.notice
    assert town.validity(repost) == "现行有效"
    assert "可能不准" in (town.repost_notice(repost) or "")
    with pytest.raises(PolicyLibError):
        town.refuse_owned(town.document(repost), BODY)


def test_a_repost_in_the_same_library_follows_its_source(tmp_path: Path, papers: Path) -> None:
    """One library for county and towns: no manifest is needed."""
    with Library.create(tmp_path / "共库", clock=Calendar("2026-03-02")) as library:
        released(
            library, papers, "办法", BODY, title="青山县津贴办法", doc_number="青政〔2024〕1号"
        )
        released(library, papers, "转载件", "见县文件库。", type="转载", title="转发津贴办法",
                 source_url=f"{BASE}1.html", relations=[{"kind": "转载", "target": "办法"}])  # fmt: skip
        assert library.search("津贴", type="转载").hits[0].validity == "现行有效"
        released(library, papers, "废止决定", title="废止决定",
                 relations=[{"kind": "废止", "target": "办法"}])  # fmt: skip
        assert library.validity("转载件") == "废止"
        assert library.search("津贴", type="转载").hits[0].validity == "废止"


def test_a_merge_brings_no_text_of_another_organ(
    county: Library, town: Library, papers: Path
) -> None:
    """The county's texts stay the county's, unless the registry says that this library is it."""
    report = town.merge(papers.parent / "县库")
    assert report.added == []
    assert [each.kind for each in report.conflicts] == ["归其他机关"] * 3
    assert "own" in report.conflicts[0].message
