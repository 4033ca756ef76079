"""Two libraries become one: histories come along, nothing is overwritten, what differs is told."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Run, run  # noqa: F401 - the fixture
from tests.library.life import Calendar
from tests.library.office import ALLOWANCE, act, day, draft, released, to_stage

from policylib import Act, Library, Role
from policylib.errors import NotFound, Refused
from policylib.library.merging import Merging

TOWN = "青山县青石镇人民政府"


@pytest.fixture
def county(tmp_path: Path, papers: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "县库", clock=Calendar("2026-03-02")) as library:
        released(library, papers, "办法", title="青山县津贴办法", doc_number="青政〔2024〕1号")
        yield library


@pytest.fixture
def town(tmp_path: Path, papers: Path) -> Iterator[Library]:
    """A town's library with a document of its own that has been through everything."""
    with Library.create(tmp_path / "镇库", clock=Calendar("2026-03-01")) as library:
        draft(library, papers, "细则", issuers=[TOWN], title="青石镇津贴细则", doc_number="石政〔2026〕3号",
              relations=[{"kind": "依据", "target": "青政〔2024〕1号"}])  # fmt: skip
        to_stage(library, "细则", "公布", released_on="2026-03-01")
        act(library, Act.AMEND, "细则", Role.PUBLISHER, body="第一条　新的细则。\n", note="镇长办公会",
            on=day("2026-03-10"))  # fmt: skip
        yield library


def merged(library: Library, other: Path, **more: object) -> object:
    return library.merge(other, by="档案员", apply=True, **more)  # type: ignore[arg-type]


def test_a_preview_writes_nothing(county: Library, town: Library, tmp_path: Path) -> None:
    before = county.health()["journal"]
    report = county.merge(tmp_path / "镇库")
    assert (report.added, report.unchanged, report.conflicts) == (["细则"], 0, [])
    assert (report.library, report.events, report.applied) == (
        "镇库",
        town.health()["journal"],
        False,
    )
    assert county.health()["journal"] == before


def test_a_document_comes_with_its_history_and_its_origin(
    county: Library, town: Library, tmp_path: Path
) -> None:
    report = merged(county, tmp_path / "镇库")
    assert report.applied  # type: ignore[attr-defined]
    assert county.document("细则") == town.document("细则")
    assert county.editions("细则") == town.editions("细则")
    ours, theirs = county.history("细则"), town.history("细则")
    assert [(e.act, e.actor, e.at, e.note) for e in ours] == [
        (e.act, e.actor, e.at, e.note) for e in theirs
    ]
    for one, two in zip(ours, theirs, strict=True):
        told = one.detail["origin"]
        assert (told["digest"], told["position"], told["by"]) == (
            two.digest,
            two.position,
            "档案员",
        )
        assert told["head"] == town.journal()[-1].digest
    assert county.validity("细则") == "现行有效"
    lives = [library.timeline("细则").entries for library in (county, town)]
    assert [e for e in lives[0] if e.lane != "关系"] == [e for e in lives[1] if e.lane != "关系"]
    assert county.search("津贴细则").hits[0].id == "细则"
    assert county.verify() == ()


def test_the_journal_says_what_was_merged(county: Library, town: Library, tmp_path: Path) -> None:
    merged(county, tmp_path / "镇库")
    [line] = [e for e in county.journal() if e.detail.get("merged")]
    assert line.detail["merged"]["head"] == town.journal()[-1].digest
    assert (line.actor, line.note) == ("档案员", "并入文件库“镇库”")


def test_relations_find_their_documents(county: Library, town: Library, tmp_path: Path) -> None:
    """The town's library had not got the county's document."""
    assert town.relations("细则")[0].object_id is None
    merged(county, tmp_path / "镇库")
    assert county.relations("细则")[0].object_id == "办法"


def test_relations_of_the_other_library_that_name_titles_are_kept(
    county: Library, papers: Path, tmp_path: Path
) -> None:
    """Whichever document is added first."""
    with Library.create(tmp_path / "局库", clock=Calendar("2026-03-01")) as bureau:
        for one, two in (("a", "b"), ("b", "a")):
            released(
                bureau,
                papers,
                one,
                title=f"局{one}办法",
                relations=[{"kind": "相关", "target": two}],
            )
    merged(county, tmp_path / "局库")
    assert {(r.subject_id, r.object_id) for r in county.relations("a")} == {("a", "b"), ("b", "a")}


def test_again_it_changes_nothing(county: Library, town: Library, tmp_path: Path) -> None:
    merged(county, tmp_path / "镇库")
    head = county.health()["journal"]
    again = merged(county, tmp_path / "镇库")
    assert (again.added, again.unchanged, again.conflicts) == ([], 1, [])  # type: ignore[attr-defined]
    assert county.health()["journal"] == head


def test_drafts_come_only_when_asked_for(
    county: Library, town: Library, papers: Path, tmp_path: Path
) -> None:
    draft(town, papers, "草案", issuers=[TOWN], title="青石镇草案")
    report = merged(county, tmp_path / "镇库")
    assert (report.added, report.drafts) == (["细则"], 1)  # type: ignore[attr-defined]
    more = merged(county, tmp_path / "镇库", drafts=True)
    assert more.added == ["草案"]  # type: ignore[attr-defined]
    assert county.document("草案").stage == "起草"
    to_stage(county, "草案", "公布", doc_number="石政〔2026〕4号", released_on="2026-03-02")


CONFLICTS = {
    "同标识不同内容": ("办法", {"title": "青山县津贴办法（另一份）"}),
    "同文号不同标识": ("另一标识", {"title": "津贴办法", "doc_number": "青政[2024]1号"}),
    "同标题不同标识": ("另一标识", {"title": "《青山县津贴办法》"}),
}


@pytest.mark.parametrize("kind", CONFLICTS)
def test_what_is_at_odds_is_told_and_not_written(
    kind: str, county: Library, papers: Path, tmp_path: Path
) -> None:
    name, fields = CONFLICTS[kind]
    with Library.create(tmp_path / "局库", clock=Calendar("2026-03-01")) as bureau:
        released(bureau, papers, name, **fields)
        released(bureau, papers, "无关", title="青山县无关办法")
    before = county.document("办法")
    report = merged(county, tmp_path / "局库")
    [found] = report.conflicts  # type: ignore[attr-defined]
    assert (found.kind, found.id, found.here) == (kind, name, "办法")
    assert report.added == ["无关"]  # type: ignore[attr-defined]
    assert county.document("办法") == before
    assert len(county.documents()) == 2


def test_the_same_document_with_another_text_is_at_odds(
    county: Library, papers: Path, tmp_path: Path
) -> None:
    shutil.copytree(tmp_path / "县库", tmp_path / "旧库")
    with Library.open(tmp_path / "旧库", clock=Calendar("2026-03-01")) as old:
        assert county.merge(tmp_path / "旧库").unchanged == 1
        act(old, Act.AMEND, "办法", Role.PUBLISHER, body="第一条　改了。\n", note="会议",
            on=day("2026-03-01"))  # fmt: skip
    [found] = county.merge(tmp_path / "旧库").conflicts
    assert (found.kind, found.differs) == ("同标识不同内容", ("正文",))


def test_relations_follow_a_number_to_the_document_here(
    county: Library, papers: Path, tmp_path: Path
) -> None:
    with Library.create(tmp_path / "局库", clock=Calendar("2026-03-01")) as bureau:
        released(bureau, papers, "甲", title="津贴办法", doc_number="青政〔2024〕1号")
        released(bureau, papers, "乙", title="关于废止津贴办法的决定",
                 relations=[{"kind": "废止", "target": "甲"}])  # fmt: skip
    merged(county, tmp_path / "局库")
    assert county.validity("办法") == "废止"


def test_next_years_notice_is_another_document(
    county: Library, papers: Path, tmp_path: Path
) -> None:
    released(county, papers, "春耕24", title="春耕通知", doc_number="青政〔2024〕9号")
    with Library.create(tmp_path / "局库", clock=Calendar("2026-03-01")) as bureau:
        released(bureau, papers, "春耕25", title="春耕通知", doc_number="青政〔2025〕9号")
    assert county.merge(tmp_path / "局库").added == ["春耕25"]


def test_reposts_of_a_county_document_find_it(
    county: Library, papers: Path, tmp_path: Path
) -> None:
    with Library.create(tmp_path / "乡库", clock=Calendar("2026-03-01")) as village:
        released(village, papers, "转", "见县库。", type="转载", title="转载津贴办法",
                 doc_number="青政〔2024〕1号", source_url="https://q.example.cn/1",
                 relations=[{"kind": "转载", "target": "青政〔2024〕1号"}])  # fmt: skip
    assert merged(county, tmp_path / "乡库").added == ["转"]  # type: ignore[attr-defined]
    assert county.relations("转")[0].object_id == "办法"


def test_measures_and_organs_and_duties_come_along(
    county: Library, papers: Path, tmp_path: Path
) -> None:
    organs = tmp_path / "名录.yaml"
    organs.write_text(f"- name: {TOWN}\n  level: 县\n", "utf-8")
    with Library.create(tmp_path / "乡库", clock=Calendar("2026-03-01")) as village:
        village.put_organs(organs, by="档案员")
        released(village, papers, "给付", title="给付办法", issuers=[TOWN], measures=[ALLOWANCE])
        village.fulfil(TOWN, "政府年度报告", by="王芳", period="2025")
        expected = village.editions("给付")
    report = merged(county, tmp_path / "乡库")
    assert report.organs == [TOWN]  # type: ignore[attr-defined]
    assert county.editions("给付") == expected
    done = [e for e in county.journal() if e.act is Act.FULFIL]
    assert [e.detail["origin"]["by"] for e in done] == ["档案员"]
    organs.write_text(f"- name: {TOWN}\n  level: 市\n", "utf-8")
    county.put_organs(organs, by="档案员")
    [found] = merged(county, tmp_path / "乡库").conflicts  # type: ignore[attr-defined]
    assert (found.kind, found.differs) == ("机关登记不同", ("level",))
    assert len([e for e in county.journal() if e.act is Act.FULFIL]) == 1
    assert county.verify() == ()


def test_a_changed_journal_is_not_merged(county: Library, town: Library, tmp_path: Path) -> None:
    town.close()
    with sqlite3.connect(tmp_path / "镇库" / "library.db") as connection:
        connection.execute("drop trigger if exists events_no_update")
        names = connection.execute(
            "select name from sqlite_master where type = 'trigger'"
        ).fetchall()
        for (name,) in names:
            connection.execute(f"drop trigger {name}")
        connection.execute("update events set payload = replace(payload, '李明', '李四')")
    with pytest.raises(Refused, match="没有合并"):
        county.merge(tmp_path / "镇库")


def test_the_other_library_is_not_touched(county: Library, town: Library, tmp_path: Path) -> None:
    head = town.journal()[-1].digest
    merged(county, tmp_path / "镇库")
    assert town.journal()[-1].digest == head
    with pytest.raises(Refused, match="就是本库"):
        county.merge(tmp_path / "县库")
    with pytest.raises(NotFound):
        county.merge(tmp_path / "没有")
    town.backup(tmp_path / "镇.备份")
    assert county.merge(tmp_path / "镇.备份").unchanged == 1


def test_a_broken_off_merge_goes_on(
    county: Library, papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.create(tmp_path / "局库", clock=Calendar("2026-03-01")) as bureau:
        for n in range(6):
            released(bureau, papers, f"件{n}", title=f"局办法{n}",
                     relations=[{"kind": "相关", "target": f"件{(n + 1) % 6}"}])  # fmt: skip
    whole, done = Merging._add, []

    def killed(self: Merging, *rest: object) -> None:
        if len(done) == 3:
            raise KeyboardInterrupt
        whole(self, *rest)  # type: ignore[arg-type]
        done.append(1)

    monkeypatch.setattr(Merging, "_add", killed)
    with pytest.raises(KeyboardInterrupt):
        merged(county, tmp_path / "局库")
    monkeypatch.undo()
    assert len(county.documents()) == 4
    report = merged(county, tmp_path / "局库")
    assert (len(report.added), report.unchanged, report.conflicts) == (3, 3, [])  # type: ignore[attr-defined]
    assert all(r.object_id for n in range(6) for r in county.relations(f"件{n}"))
    assert county.verify() == ()


def test_as_typed(run: Run, county: Library, town: Library, tmp_path: Path) -> None:  # noqa: F811
    words = ("merge", tmp_path / "镇库", "--library", tmp_path / "县库")
    preview = run(*words)
    assert (preview.code, "这是预览" in preview.out) == (0, True)
    assert run(*words, "--apply").code == 2
    done = run(*words, "--apply", "--by", "档案员", "--json")
    assert (done.code, done.json["added"], done.json["applied"]) == (0, ["细则"], True)
    with Library.open(tmp_path / "镇库", clock=Calendar("2026-03-05")) as again:
        act(again, Act.WITHDRAW, "细则", Role.PUBLISHER, note="有误")
    at_odds = run(*words, "--json")
    assert at_odds.code == 1
    assert at_odds.json["conflicts"][0]["differs"] == ["stage"]
