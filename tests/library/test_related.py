"""What goes with a document: its relations from both sides, its series, what it cites, what is like it."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.office import act, clock, day, draft, found, paper, released

from policylib import Act, Library, NotFound, ParseError, Role
from policylib.library.lineage import carried, core, pieces
from policylib.library.ties import Related, Row

TEXT = {
    "停车": "第一条　为规范机动车停车秩序，制定本办法。\n\n第二条　道路停车泊位实行分时收费，前十五分钟免费。\n",
    "养犬": "第一条　为规范养犬行为，制定本办法。\n\n第二条　养犬人应当为犬只接种狂犬病疫苗，办理养犬登记。\n",
    "津贴": "第一条　为发放高龄津贴，制定本办法。\n\n第二条　年满八十周岁的老年人按月领取高龄津贴。\n",
}


def rows(found: Related, kind: str) -> list[Row]:
    return [row for row in found.rows if row.kind == kind]


def names(found: Related, kind: str) -> list[str | None]:
    return [row.document for row in rows(found, kind)]


def tie(kind: str, target: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "target": target, **more}


# -- relations from both sides ------------------------------------------------------------------


def test_every_kind_from_both_sides_with_its_reason_and_day(library: Library, papers: Path) -> None:
    released(library, papers, "省规定", released_on="2020-05-01")
    released(
        library, papers, "停车", TEXT["停车"], released_on="2022-03-01", effective_on="2022-04-01",
        relations=[tie("依据", "省规定", provision="第十二条")],
    )  # fmt: skip
    released(
        library, papers, "细则", released_on="2023-01-10", relations=[tie("实施", "停车")]
    )  # fmt: skip
    released(
        library, papers, "决定", released_on="2024-06-01",
        relations=[tie("废止", "停车", effective_on="2027-01-01", reason="被新规定替代")],
    )  # fmt: skip
    seen = library.related("停车", on=day("2026-03-02"))
    (basis,) = rows(seen, "依据")
    assert (basis.document, basis.direction, basis.provision) == ("省规定", "指向", "第十二条")
    assert basis.reason == "本文件依据其第十二条制定"
    assert (basis.since, basis.validity, basis.on) == (
        day("2022-03-01"),
        "现行有效",
        day("2026-03-02"),
    )
    (carried_out,) = rows(seen, "实施")
    assert (carried_out.document, carried_out.direction) == ("细则", "被指向")
    (end,) = rows(seen, "废止")
    assert end.since == day("2027-01-01")
    assert end.reason == "其自2027年1月1日起废止本文件（原因：被新规定替代）"
    assert seen.validity == "现行有效"
    assert library.related("停车", on=day("2027-01-01")).validity == "废止"
    other_side = rows(library.related("省规定"), "依据")
    assert [(row.document, row.direction) for row in other_side] == [("停车", "被指向")]
    assert other_side[0].reason == "其依据本文件第十二条制定"


def test_the_bundle_of_a_policy_reaches_the_feedback(library: Library, papers: Path) -> None:
    released(library, papers, "停车", TEXT["停车"], released_on="2026-02-20")
    released(library, papers, "征集", "公开征求意见。", title="停车征求意见", type="意见征集",
             released_on="2025-12-01", relations=[tie("征求意见", "停车")])  # fmt: skip
    released(library, papers, "反馈", "采纳情况。", title="停车意见反馈", type="意见反馈",
             released_on="2026-01-20", relations=[tie("意见反馈", "征集")])  # fmt: skip
    released(library, papers, "解读", "一、背景", title="停车解读", type="政策解读",
             relations=[tie("解读", "停车")])  # fmt: skip
    released(library, papers, "转载", "见原文。", title="停车转载", type="转载",
             relations=[tie("转载", "停车")])  # fmt: skip
    seen = library.related("停车")
    assert {row.kind: row.document for row in seen.rows if row.direction == "被指向"} == {
        "解读": "解读", "征求意见": "征集", "意见反馈": "反馈", "转载": "转载",
    }  # fmt: skip
    assert rows(seen, "意见反馈")[0].reason == "其是对就本文件征求意见的《停车征求意见》的意见反馈"


def test_the_public_sees_no_draft_no_closed_paper_and_no_note(
    library: Library, papers: Path
) -> None:
    released(library, papers, "停车", TEXT["停车"])
    about = [tie("相关", "停车", note="内部说明")]
    released(library, papers, "公开的", TEXT["停车"], relations=about)
    released(library, papers, "不公开的", TEXT["停车"], relations=about, disclosure="不予公开")
    draft(library, papers, "草案", TEXT["停车"], relations=about)
    public, staff = library.related("停车"), library.related("停车", staff=True)
    assert {row.document for row in public.rows} == {"公开的"}
    assert {row.document for row in staff.rows} >= {"公开的", "不公开的", "草案"}
    assert "内部说明" not in str(staff.as_dict())
    assert {node.id for node in library.graph("停车").nodes} == {"停车", "公开的"}
    assert len(library.graph("停车", staff=True).nodes) == 4
    for look in (library.related, library.graph):
        for name in ("草案", "不公开的", "没有的"):
            with pytest.raises(NotFound) as known:
                library.public_document(name)
            with pytest.raises(NotFound) as refused:
                look(name)
            assert str(refused.value) == str(known.value) == f"没有公开的文件“{name}”"
    assert library.related("草案", staff=True).validity == "未公布"


def test_a_hidden_document_is_no_bridge(library: Library, papers: Path) -> None:
    released(library, papers, "旧办法", TEXT["养犬"], released_on="2018-01-01")
    released(library, papers, "秘密决定", title="秘密决定", disclosure="不予公开",
             released_on="2020-01-01", relations=[tie("废止", "旧办法")])  # fmt: skip
    released(library, papers, "新办法", TEXT["津贴"], released_on="2022-01-01",
             relations=[tie("修改", "秘密决定")])  # fmt: skip
    assert names(library.related("旧办法"), "同一系列") == []
    assert names(library.related("旧办法", staff=True), "同一系列") == ["秘密决定", "新办法"]
    assert "秘密" not in str(library.related("旧办法").as_dict())


def test_a_withdrawn_document_gives_its_notice(library: Library, papers: Path) -> None:
    released(library, papers, "停车", TEXT["停车"])
    act(library, Act.WITHDRAW, "停车", Role.PUBLISHER, note="附件有误")
    with pytest.raises(NotFound, match="已于2026-03-02撤回：附件有误"):
        library.related("停车")


# -- what is not in the library -----------------------------------------------------------------


def test_what_is_not_in_the_library_is_listed_as_written(library: Library, papers: Path) -> None:
    released(
        library, papers, "停车", TEXT["停车"],
        relations=[tie("依据", "《某省停车条例》"), tie("实施", "某政〔2019〕3号")],
    )  # fmt: skip
    (law,) = rows(library.related("停车"), "依据")
    assert (law.document, law.title, law.validity) == (None, "《某省停车条例》", None)
    assert "未入库" in law.reason
    assert rows(library.related("停车"), "实施")[0].doc_number == "某政〔2019〕3号"
    nodes = {node.title for node in library.graph("停车").nodes if node.absent}
    assert nodes == {"《某省停车条例》", "某政〔2019〕3号"}


def test_a_title_that_only_one_document_has_leads_to_it(library: Library, papers: Path) -> None:
    released(library, papers, "条例", title="某省停车条例", released_on="2019-01-01")
    released(
        library, papers, "通知", title="青山县人民政府关于印发《青山县停车收费办法》的通知"
    )  # fmt: skip
    targets = [
        tie("依据", "《某省停车条例》（某人常〔2018〕3号）"),
        tie("实施", "《青山县停车收费办法》"),
    ]
    released(library, papers, "细则", TEXT["停车"], relations=targets)
    seen = library.related("细则")
    assert names(seen, "依据") == ["条例"]
    assert "尚未核对" in rows(seen, "依据")[0].reason
    assert names(seen, "实施") == ["通知"]
    back = rows(library.related("通知"), "实施")
    assert [(row.document, row.direction) for row in back] == [("细则", "被指向")]
    released(library, papers, "条例二", title="某省停车条例", released_on="2021-01-01")
    assert names(library.related("细则"), "依据") == [None]


def test_a_hidden_document_named_by_its_title_is_not_in_the_library_for_the_public(
    library: Library, papers: Path
) -> None:
    draft(library, papers, "草案", title="某省停车条例")
    released(library, papers, "细则", TEXT["停车"], relations=[tie("依据", "《某省停车条例》")])
    assert names(library.related("细则"), "依据") == [None]
    assert names(library.related("细则", staff=True), "依据") == ["草案"]


def test_provisions_cited_in_the_text(library: Library, papers: Path) -> None:
    released(library, papers, "条例", title="某省停车条例", released_on="2019-01-01")
    released(library, papers, "规则", doc_number="青政〔2020〕7号", title="青山县收费规则")
    text = (
        "第一条　根据《某省停车条例》第五条、《某省价格条例》第三条第二款，制定本办法。\n\n"
        "第二条　收费按《青山县收费规则》（青政〔2020〕7号）第八条执行；违反本办法第一条的，"
        "依照《某省停车条例》第九条处理。\n"
    )
    released(library, papers, "停车", text)
    cited = {row.title: row for row in rows(library.related("停车"), "引用")}
    assert cited["某省停车条例"].provision == "第五条、第九条"
    assert cited["某省停车条例"].document == "条例"
    assert cited["青山县收费规则"].provision == "第八条"
    assert cited["《某省价格条例》"].document is None
    assert len(cited) == 3


# -- the series ---------------------------------------------------------------------------------


def test_a_chain_of_repeals_is_one_series_in_order(library: Library, papers: Path) -> None:
    earlier: list[dict[str, Any]] = []
    for year in (2012, 2016, 2020, 2024):
        released(library, papers, f"津贴{year}", TEXT["津贴"], title=f"津贴的第{year}种名称",
                 released_on=f"{year}-01-01", relations=earlier)  # fmt: skip
        earlier = [tie("废止", f"津贴{year}")]
    seen = library.related("津贴2016")
    assert names(seen, "同一系列") == ["津贴2012", "津贴2020", "津贴2024"]
    assert [row.direction for row in rows(seen, "同一系列")] == ["同族"] * 3
    assert rows(seen, "同一系列")[2].reason == (
        "晚于本文件：《津贴的第2024种名称》自2024年1月1日起废止《津贴的第2020种名称》"
    )
    assert names(library.related("津贴2024"), "同一系列") == ["津贴2012", "津贴2016", "津贴2020"]


def test_a_circle_of_relations_ends(library: Library, papers: Path) -> None:
    for name, target in (("甲", "乙"), ("乙", "丙"), ("丙", "甲")):
        released(library, papers, name, TEXT["停车"], relations=[tie("修改", target)])
    assert set(names(library.related("甲"), "同一系列")) == {"乙", "丙"}
    assert len(library.graph("甲", depth=3).nodes) == 3


def test_a_clean_up_makes_no_series(library: Library, papers: Path) -> None:
    for name, text in TEXT.items():
        released(library, papers, name, text, title=f"青山县{name}管理办法")
    released(library, papers, "清理", title="青山县人民政府关于公布规范性文件清理结果的决定",
             released_on="2025-01-01", relations=[tie("废止", name) for name in TEXT])  # fmt: skip
    seen = library.related("停车")
    assert names(seen, "废止") == ["清理"]
    assert names(seen, "同一系列") == []
    released(library, papers, "新停车", TEXT["停车"], title="青山县停车管理规定",
             released_on="2025-06-01", relations=[tie("废止", "停车"), tie("废止", "养犬")])  # fmt: skip
    assert names(library.related("停车"), "同一系列") == ["新停车"]
    assert names(library.related("养犬"), "同一系列") == []


def test_titles_that_differ_in_year_and_marks_only(library: Library, papers: Path) -> None:
    for name, title in (
        ("一", "青山县城区停车收费办法（试行）"),
        ("二", "青山县人民政府关于印发《青山县城区停车收费办法（2021年修订）》的通知"),
        ("三", "青山县城区停车收费暂行办法"),
        ("四", "青山县城区停车收费指南"),
    ):
        released(library, papers, name, title=title, released_on=f"20{20 + len(name)}-01-01")
    released(library, papers, "别家", title="青山县城区停车收费办法", issuers=["云岭县人民政府"])
    released(library, papers, "解读", title="《青山县城区停车收费办法》", type="政策解读")
    assert set(names(library.related("一"), "同一系列")) == {"二", "三"}
    assert all("标题只有" in row.reason for row in rows(library.related("一"), "同一系列"))
    edges = {(edge.source, edge.target) for edge in library.graph("一").edges}
    assert len(edges) == 2


def test_yearly_key_points_are_one_series(library: Library, papers: Path) -> None:
    for year in (2024, 2025, 2026):
        released(library, papers, f"要点{year}", f"{year}年任务。", released_on=f"{year}-03-01",
                 title=f"青山县人民政府关于印发{year}年青山县政务公开工作要点的通知")  # fmt: skip
    assert names(library.related("要点2025"), "同一系列") == ["要点2024", "要点2026"]


@pytest.mark.parametrize(
    ("title", "text", "stem"),
    [
        ("关于印发《青山县停车办法（试行）》的通知", "青山县停车办法（试行）", "青山县停车办法"),
        ("关于修改《青山县停车办法》的决定", "青山县停车办法", "青山县停车办法"),
        ("【通知】青山县停车办法(2024年版)", "青山县停车办法（2024年版）", "青山县停车办法"),
        ("青山县停车暂行办法", "青山县停车暂行办法", "青山县停车办法"),
        ("青山县方案（2026—2028年）", "青山县方案（2026—2028年）", "青山县方案"),
        ("二〇二四年青山县要点", "二〇二四年青山县要点", "青山县要点"),
        ("", "", ""),
    ],
)
def test_what_a_title_is_about(title: str, text: str, stem: str) -> None:
    assert (carried(title), core(title)) == (text, stem)


@given(st.text(max_size=400) | st.text("关于印发《》（）的通知试行2024年办法", max_size=400))
def test_any_title_can_be_read(title: str) -> None:
    stem = core(title)
    assert core(stem) == core(core(stem))
    assert all(len(piece) > 1 for piece in pieces(title))


# -- likeness -----------------------------------------------------------------------------------


@pytest.fixture
def full(library: Library, papers: Path) -> Library:
    """Forty documents on other things, and a few on dogs and parking."""
    for number in range(40):
        subject = ("防汛", "供水", "燃气", "殡葬", "集市")[number % 5]
        paper(
            papers, f"{subject}{number}", f"第一条　为做好{subject}工作，明确职责，制定本办法。\n"
        )
    paper(papers, "养犬登记", TEXT["养犬"], title="青山县养犬登记办法", tags=["养犬"])
    paper(papers, "犬只免疫", "犬只应当每年接种狂犬病疫苗，由养犬人承担费用。",
          title="青山县犬只免疫实施方案", tags=["养犬"])  # fmt: skip
    paper(
        papers, "流浪犬", "街道发现流浪犬只的，送收容场所接种疫苗。", title="青山县流浪犬只收容办法"
    )
    paper(papers, "停车收费", TEXT["停车"], title="青山县停车收费办法", expires_on="2025-01-01")
    assert library.import_files([papers], by="档案员").refused == []
    return library


def test_alike_come_first_with_the_words_both_have(full: Library) -> None:
    alike = rows(full.related("养犬登记"), "相似")
    assert [row.document for row in alike[:2]] == ["犬只免疫", "流浪犬"]
    assert "养犬" in alike[0].reason
    assert "疫苗" in alike[0].reason
    assert all(row.score is not None and 0 < row.score <= 1 for row in alike)
    assert [row.score for row in alike] == sorted((r.score or 0 for r in alike), reverse=True)
    assert "停车收费" not in [row.document for row in alike]


def test_what_is_related_already_is_not_listed_as_alike(full: Library, papers: Path) -> None:
    ties = [tie("相关", "养犬登记")]
    released(
        full, papers, "犬证", "办理养犬登记，发给犬证。", title="青山县犬证办法", relations=ties
    )
    seen = full.related("养犬登记")
    assert names(seen, "相关") == ["犬证"]
    assert "犬证" not in names(seen, "相似")


@pytest.mark.parametrize("id", ["", "\ud800", "\x00", "甲" * 5_000, "../../etc", "@organs"])
def test_no_name_is_a_surprise(library: Library, id: str) -> None:
    for look in (library.related, library.graph):
        with pytest.raises((NotFound, ParseError)):
            look(id)
        with pytest.raises((NotFound, ParseError)):
            look(id, staff=True)


def test_as_many_as_asked_for(full: Library) -> None:
    assert len(rows(full.related("养犬登记", limit=1), "相似")) == 1
    assert rows(full.related("养犬登记", limit=0), "相似") == []
    for limit in (-1, 101):
        with pytest.raises(ParseError, match="0 到 100"):
            full.related("养犬登记", limit=limit)


def test_likeness_follows_the_library(full: Library, papers: Path) -> None:
    assert "携犬" not in names(full.related("养犬登记"), "相似")
    released(full, papers, "携犬", TEXT["养犬"], title="青山县携犬出户规定", tags=["养犬"])
    assert names(full.related("养犬登记"), "相似")[0] == "携犬"
    act(full, Act.WITHDRAW, "携犬", Role.PUBLISHER, note="重复")
    assert "携犬" not in names(full.related("养犬登记"), "相似")


def test_towns_with_the_same_text_are_alike_however_common_its_words(
    library: Library, papers: Path
) -> None:
    for number in range(30):
        paper(papers, f"秸秆{number}", "各村要做好秋季秸秆禁烧和综合利用，严禁露天焚烧。",
              title=f"关于做好第{number}片秸秆禁烧工作的通知")  # fmt: skip
    for number in range(90):
        paper(papers, f"其他{number}", f"现将第{number}批会议安排通知如下。", title="会议通知")
    assert library.import_files([papers], by="档案员").refused == []
    alike = rows(library.related("秸秆3", limit=100), "相似")
    assert len(alike) == 29
    assert all(str(row.document).startswith("秸秆") for row in alike)
    assert min(row.score or 0 for row in alike) > 0.9


def test_one_document_alone(library: Library, papers: Path) -> None:
    released(library, papers, "停车", "")
    assert library.related("停车").rows == ()
    assert [node.id for node in library.graph("停车").nodes] == ["停车"]


@pytest.fixture
def swept() -> Iterator[None]:
    """Whoosh leaves damaged files to the garbage collector to close."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.usefixtures("swept")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_index_is_built_anew(full: Library, where: Path) -> None:
    full.related("养犬登记")
    for file in (where / "index").rglob("*.seg"):
        file.write_bytes(b"\x00" * file.stat().st_size)
    with Library.open(where, clock=clock()) as again:
        assert names(again.related("养犬登记"), "相似")[0] == "犬只免疫"
        assert found(again, "养犬登记")


# -- many, and as JSON --------------------------------------------------------------------------


def test_what_hundreds_name_is_listed_in_part(library: Library, papers: Path) -> None:
    released(library, papers, "条例", title="某省行政条例", released_on="2019-01-01")
    for number in range(105):
        paper(papers, f"办法{number}", relations=[tie("依据", "条例")])
    paper(papers, "修改决定", title="关于修改某省行政条例的决定", relations=[tie("修改", "条例")])
    assert library.import_files([papers], by="档案员").refused == []
    seen = library.related("条例", limit=0)
    assert len(rows(seen, "依据")) == 100
    assert names(seen, "修改") == ["修改决定"]
    assert [(more.direction, more.kind) for more in seen.more] == [("被指向", "依据")]
    graph = library.graph("条例")
    assert [(left.document, left.direction, left.kind) for left in graph.left] == [
        ("条例", "被指向", "依据")
    ]
    assert "另有" in graph.to_svg()


def test_as_plain_values(library: Library, papers: Path) -> None:
    released(library, papers, "条例", doc_number="青政〔2019〕1号", released_on="2019-01-01")
    released(library, papers, "停车", TEXT["停车"], relations=[tie("依据", "条例")])
    seen = library.related("停车", on=date(2026, 3, 2)).as_dict()
    assert (seen["id"], seen["on"], seen["validity"]) == ("停车", "2026-03-02", "现行有效")
    assert seen["related"][0] == {
        "document": "条例",
        "title": "青山县条例管理办法",
        "doc_number": "青政〔2019〕1号",
        "direction": "指向",
        "kind": "依据",
        "provision": None,
        "reason": "本文件依据其制定",
        "validity": "现行有效",
        "on": "2026-03-02",
        "since": "2024-01-10",
        "score": None,
    }


def test_the_graph_goes_as_deep_as_asked(library: Library, papers: Path) -> None:
    released(library, papers, "甲", relations=[tie("依据", "《国家规定》")])
    released(library, papers, "乙", relations=[tie("依据", "甲", provision="第二条")])
    released(library, papers, "丙", relations=[tie("实施", "乙")])
    released(library, papers, "丁", relations=[tie("解读", "丙")], type="政策解读")
    for depth, reached in ((1, {"乙", "丙"}), (2, {"甲", "乙", "丙"})):
        graph = library.graph("丙", depth=depth)
        assert {node.id for node in graph.nodes if not node.absent} == {"丁", *reached}
        assert {node.id: node.ring for node in graph.nodes}["丁"] == 1
    deep = library.graph("丙", depth=3)
    assert "《国家规定》" in {node.title for node in deep.nodes}
    (edge,) = [edge for edge in deep.edges if edge.source == "乙"]
    assert (edge.target, edge.kind, edge.provision) == ("甲", "依据", "第二条")
    for wrong in (0, 4):
        with pytest.raises(ParseError, match="层数"):
            library.graph("丙", depth=wrong)


CITING = "第一条　收费按照《青山县停车管理办法》第二条执行。\n"


def cited_by(library: Library, *, staff: bool) -> list[tuple[str | None, str | None]]:
    found = library.related("停车", citing=True, limit=0, staff=staff)
    return [(row.document, row.provision) for row in found.rows if row.kind == "引用"]


def test_a_draft_with_the_same_title_hides_no_citation(library: Library, papers: Path) -> None:
    released(library, papers, "停车")
    released(library, papers, "细则", CITING)
    draft(library, papers, "停车新", title="青山县停车管理办法")
    assert cited_by(library, staff=False) == [("细则", "第二条")]
    assert cited_by(library, staff=True) == []  # two may be meant


def test_the_public_is_told_of_citations_in_the_text_of_the_day(
    library: Library, papers: Path
) -> None:
    released(library, papers, "停车")
    released(library, papers, "细则", "第一条　收费见《青山县停车管理办法》。\n")
    act(library, Act.AMEND, "细则", Role.PUBLISHER, body=CITING, on=day("2027-01-01"), note="修改")
    assert cited_by(library, staff=False) == [("细则", None)]
    assert cited_by(library, staff=True) == [("细则", "第二条")]
