"""Taking in what is released already: once, again, interrupted, and with bad papers among good."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.library.office import COUNTY, act, clock, day, draft, found, paper, released, to_stage

from policylib import Act, Library, NotFound, RelationKind, Role, Stage, Validity


def test_a_second_run_imports_nothing(library: Library, papers: Path) -> None:
    for number in range(5):
        paper(papers, f"办法{number}", released_on="2024-01-10")
    first = library.import_files([papers], by="王芳")
    assert (first.imported, first.unchanged, first.refused) == (5, 0, [])
    head = library.health()["journal"]
    again = library.import_files([papers], by="陈静")
    assert (again.imported, again.unchanged, again.refused) == (0, 5, [])
    assert library.health()["journal"] == head


def test_an_interrupted_import_goes_on_where_it_ended(library: Library, papers: Path) -> None:
    rows = [
        {"id": f"件{n}", "title": f"第{n}号公告", "released_on": "2024-01-10", "body": f"内容{n}"}
        for n in range(450)
    ]
    path = papers / "批.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")

    class PowerCutError(Exception):
        pass

    def progress(_: int) -> None:
        if library._store().count() >= 200:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        library.import_files([path], by="王芳", progress=progress)
    done = library._store().count()
    assert 0 < done < 450
    rest = library.import_files([path], by="王芳")
    assert (rest.imported, rest.unchanged) == (450 - done, done)
    assert library.search("公告", limit=0).total == 450
    assert library.verify() == ()


def test_bad_papers_never_stop_the_good_ones(library: Library, papers: Path) -> None:
    paper(papers, "甲", released_on="2024-01-10")
    paper(papers, "乙", released_on="2024-13-40")
    paper(papers, "丙", issuers=[{"name": "县政府"}])
    (papers / "图片.md").write_bytes(b"\x89PNG\x00\xff")
    (papers / "空.md").write_bytes(b"")
    (papers / "链接.md").symlink_to(papers / "甲.md")
    (papers / "批.jsonl").write_text('{"title": 1}\n{"title": "丁", "body": "好"}\n[]', "utf-8")
    summary = library.import_files([papers], by="王芳")
    assert summary.imported == 2
    assert {Path(each.path).name for each in summary.refused} == {
        "乙.md", "丙.md", "图片.md", "空.md", "链接.md", "批.jsonl:1", "批.jsonl:3",
    }  # fmt: skip
    assert {document.title for document in library.documents()} == {"青山县甲管理办法", "丁"}


CHANGES = (
    ({"title": "青山县高龄津贴新办法"}, "title"),
    ({"released_on": "2024-01-11"}, "released_on"),
    ({"text": "第一条　改过了。\n"}, "正文"),
    ({"doc_number": "青政〔2024〕2号", "tags": ["高龄"]}, "doc_number、tags"),
)


@pytest.mark.parametrize(("changes", "named"), CHANGES)
def test_another_text_under_the_same_id_is_refused_with_what_to_do(
    library: Library, papers: Path, changes: dict[str, str], named: str
) -> None:
    released(library, papers, "高龄")
    before = library.document("高龄")
    text = changes.pop("text", "") if "text" in changes else ""
    path = paper(papers, "高龄", text, **{"released_on": "2024-01-10", **changes})
    summary = library.import_files([path], by="王芳")
    assert (summary.imported, summary.unchanged) == (0, 0)
    (refusal,) = summary.refused
    assert f"内容不同（{named}）" in refusal.reason
    assert "act amend" in refusal.reason
    assert library.document("高龄") == before
    assert len(library.history("高龄")) == 1


def test_a_released_document_that_was_amended_is_told_apart_from_its_first_text(
    library: Library, papers: Path
) -> None:
    released(library, papers, "高龄")
    act(library, Act.AMEND, "高龄", Role.PUBLISHER, body="新文", on=day("2026-01-01"), note="更正")
    summary = library.import_files([papers / "高龄.md"], by="王芳")
    assert (summary.imported, summary.unchanged, len(summary.refused)) == (0, 0, 1)


TWICE = (
    ("发文字号", {"doc_number": "青政〔2024〕1号"}, {"doc_number": "青政[2024]1号"}),
    ("索引号", {"index_number": "AB/2024-1"}, {"index_number": "AB/2024-1"}),
)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(("what", "one", "other"), TWICE)
def test_a_number_belongs_to_one_document(
    library: Library,
    papers: Path,
    *,
    what: str,
    one: dict[str, str],
    other: dict[str, str],
    together: bool,
) -> None:
    first = paper(papers, "甲", released_on="2024-01-10", **one)
    second = paper(papers, "乙", released_on="2024-01-10", **other)
    third = paper(papers, "丙", released_on="2024-01-10")
    if together:
        summary = library.import_files([first, second, third], by="王芳")
    else:
        assert library.import_files([first], by="王芳").imported == 1
        summary = library.import_files([second, third], by="王芳")
    assert summary.imported == 2 if together else 1
    (refusal,) = summary.refused
    assert Path(refusal.path).name == "乙.md"
    assert what in refusal.reason
    assert {document.id for document in library.documents()} == {"甲", "丙"}


def test_the_same_number_of_two_issuers_is_no_clash(library: Library, papers: Path) -> None:
    released(library, papers, "甲", doc_number="〔2024〕1号", issuers=["甲镇人民政府"])
    released(library, papers, "乙", doc_number="〔2024〕1号", issuers=["乙镇人民政府"])
    assert len(library.documents()) == 2


def test_one_id_twice_in_one_import(library: Library, papers: Path) -> None:
    rows = [
        {"id": "甲", "title": "甲", "body": "正文"},
        {"id": "甲", "title": "甲", "body": "正文"},
        {"id": "甲", "title": "甲", "body": "另一正文"},
    ]
    (papers / "批.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    summary = library.import_files([papers], by="王芳")
    assert (summary.imported, summary.unchanged) == (1, 1)
    (refusal,) = summary.refused
    assert refusal.path.endswith("批.jsonl:3")
    assert "批.jsonl:1" in refusal.reason
    assert library.edition("甲").body == "正文"


def test_ids_are_kept_and_climbing_ones_refused(library: Library, papers: Path) -> None:
    ids = [
        "laws/行政法规/地图管理条例(2015-11-26).md",
        "gov_policy/documents.jsonl#http://www.gov.cn/x.htm",
        "../逃",
    ]
    rows = [{"id": id, "title": f"第{n}号", "body": "正文"} for n, id in enumerate(ids)]
    (papers / "批.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    summary = library.import_files([papers], by="王芳")
    assert [each.path[-2:] for each in summary.refused] == [":3"]
    assert {document.id for document in library.documents()} == set(ids[:2])
    assert found(library, ids[0]) == {ids[0]}


def test_the_store_names_its_own_pseudo_document_only(library: Library, papers: Path) -> None:
    rows = [{"id": "@organs", "title": "甲", "body": "正文"}, {"title": "乙", "body": "正文"}]
    (papers / "批.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    summary = library.import_files([papers], by="王芳")
    assert summary.imported == 1
    assert "@organs" in summary.refused[0].reason


def test_a_missing_path_takes_nothing_in(library: Library, papers: Path) -> None:
    paper(papers, "甲")
    with pytest.raises(NotFound, match="找不到"):
        library.import_files([papers, papers / "没有"], by="王芳")
    assert library.documents() == ()


def test_names_of_organs_become_official(library: Library, papers: Path) -> None:
    organs = papers / "organs.yaml"
    organs.write_text("- name: 青山县民政局\n  aliases: [县民政局]\n", "utf-8")
    assert library.put_organs(organs, by="王芳") == 1
    released(library, papers, "甲", issuers=["县民政局"], drafter="县民政局")
    document = library.document("甲")
    assert (document.issuers, document.drafter) == (("青山县民政局",), "青山县民政局")
    assert library.import_files([papers / "甲.md"], by="王芳").unchanged == 1


def test_a_term_without_end_may_be_written_as_the_last_day_there_is(
    library: Library, papers: Path
) -> None:
    released(library, papers, "甲", expires_on="9999-12-31")
    assert library.validity("甲", on=day("9999-12-31")) is Validity.IN_FORCE
    assert library.search("甲").hits[0].validity == "现行有效"
    assert library.due(on=day("9999-12-01"), within=timedelta(days=60)) == ()


# -- relations ------------------------------------------------------------------------------------

TARGETS = ("旧办法", "青政〔2020〕3号", "青政[2020]3号")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("order", ["目标在前", "目标在后", "一起，目标在前", "一起，目标在后"])
def test_a_repeal_works_in_whatever_order_the_papers_come(
    library: Library, papers: Path, target: str, order: str
) -> None:
    old = paper(papers, "旧办法", doc_number="青政〔2020〕3号", released_on="2020-01-10")
    new = paper(
        papers, "新办法", released_on="2024-06-01", effective_on="2024-07-01",
        relations=[{"kind": "废止", "target": target}],
    )  # fmt: skip
    batches = {
        "目标在前": [[old], [new]],
        "目标在后": [[new], [old]],
        "一起，目标在前": [[old, new]],
        "一起，目标在后": [[new, old]],
    }
    for batch in batches[order]:
        assert library.import_files(batch, by="王芳").refused == []
    (relation,) = library.relations("旧办法")
    assert (relation.subject_id, relation.kind, relation.object_id, relation.target) == (
        "新办法", RelationKind.REPEALS, "旧办法", target,
    )  # fmt: skip
    for on, validity in (("2024-06-30", Validity.IN_FORCE), ("2024-07-01", Validity.REPEALED)):
        assert library.validity("旧办法", on=day(on)) is validity
        (hit,) = library.search("旧办法", on=day(on)).hits[:1]
        assert (hit.id, hit.validity) == ("旧办法", validity)
    assert library.search("办法", validity="废止", on=day("2024-07-01")).total == 1
    assert library.verify() == ()


def test_three_papers_in_any_order_end_the_same(tmp_path: Path, papers: Path) -> None:
    texts = {
        "甲": {"released_on": "2020-01-01", "doc_number": "青政〔2020〕3号", "expires_on": "2024-12-31"},
        "乙": {
            "released_on": "2024-11-01", "expires_on": "2026-12-31",
            "relations": [{"kind": "延续", "target": "青政〔2020〕3号"}],
        },
        "丙": {
            "released_on": "2025-06-01",
            "relations": [{"kind": "废止", "target": "甲", "effective_on": "2025-07-01"}],
        },
    }  # fmt: skip
    paths = [paper(papers, name, **fields) for name, fields in texts.items()]
    seen = set()
    for number, order in enumerate(itertools.permutations(paths)):
        with Library.create(tmp_path / f"库{number}", clock=clock()) as library:
            for path in order:
                library.import_files([path], by="王芳")
            steps = tuple((step.start, step.validity) for step in library.steps("甲"))
            hits = library.search("甲", on=day("2025-06-30"), staff=True).hits
            seen.add((steps, next(hit.validity for hit in hits if hit.id == "甲")))
    assert len(seen) == 1
    assert seen.pop()[1] == Validity.IN_FORCE


def test_a_title_alone_decides_nothing(library: Library, papers: Path) -> None:
    released(library, papers, "旧", title="青山县补贴办法")
    released(library, papers, "新", relations=[{"kind": "废止", "target": "《青山县补贴办法》"}])
    (relation,) = library.relations("新")
    assert relation.object_id is None
    assert library.validity("旧") is Validity.IN_FORCE


def test_a_document_does_not_relate_to_itself(library: Library, papers: Path) -> None:
    released(library, papers, "甲", relations=[{"kind": "废止", "target": "甲"}])
    assert library.relations("甲") == ()
    assert library.validity("甲") is Validity.IN_FORCE


def test_a_relation_finds_its_target_when_that_gets_its_number(
    library: Library, papers: Path
) -> None:
    released(
        library,
        papers,
        "解读",
        type="政策解读",
        relations=[{"kind": "解读", "target": "青政〔2026〕8号"}],
    )
    draft(library, papers, "办法")
    to_stage(library, "办法", "公布", doc_number="青政〔2026〕8号")
    (relation,) = library.relations("办法")
    assert (relation.subject_id, relation.object_id) == ("解读", "办法")


def test_a_number_two_documents_share_points_at_neither(library: Library, papers: Path) -> None:
    released(library, papers, "子", relations=[{"kind": "依据", "target": "〔2024〕1号"}])
    released(library, papers, "甲", doc_number="〔2024〕1号", issuers=["甲镇人民政府"])
    released(library, papers, "乙", doc_number="〔2024〕1号", issuers=["乙镇人民政府"])
    released(library, papers, "丑", relations=[{"kind": "依据", "target": "〔2024〕1号"}])
    (late,) = library.relations("丑")
    assert late.object_id is None


def test_drafts_come_in_as_drafts(library: Library, papers: Path) -> None:
    library.import_files([paper(papers, "甲")], by="李明", released=False)
    assert library.document("甲").stage is Stage.DRAFTED
    (event,) = library.history("甲")
    assert (event.act, event.role, event.actor) == (Act.DRAFT, Role.DRAFTER, "李明")
    assert COUNTY in library.document("甲").issuers
