"""Columns that are blank or stale, texts in several places, and what the reports show of a drift."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.library.office import day
from tests.samesource.conftest import BODY
from tests.samesource.offices import BASE, COUNTY, Library
from tests.samesource.test_audit import page

from policylib.pages.page import read_page
from policylib.samesource.reporting import render

ON = day("2026-03-02")


def column(name: str, *days: str, said: str = "") -> str:
    """A county portal's list of a column."""
    items = "".join(
        f"<li><a href='/a/{n}.html'>青山县关于第{n}件事项的通知</a><span>{each}</span></li>"
        for n, each in enumerate(days)
    )
    return (
        f"<html><head><meta charset='utf-8'><title>{name}</title></head><body>"
        f"<div class='nav'><a href='/'>首页</a><a href='/b'>政务公开</a></div>"
        f"<h1>{name}</h1><ul class='list'>{items}</ul><p>{said}</p><div class='footer'>版权所有</div></body></html>"
    )


def audited(library: Library, folder: Path, **pages: str) -> dict[str, list[str]]:
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    report = library.audit_sources([folder], on=ON)
    found: dict[str, list[str]] = {name: [] for name in pages}
    for each in report.findings:
        found.setdefault(Path(each.page).stem, []).append(each.code)
    return found


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "网页").mkdir()
    return tmp_path / "网页"


def test_columns_are_fresh_stale_or_blank(county: Library, pages: Path) -> None:
    found = audited(
        county,
        pages,
        新=column("政策文件", "2026-02-27", "2025-11-02", "2025-01-02"),
        旧=column("政策文件", "2025-08-30", "2025-07-02", "2025-01-02"),
        要闻=column("青山要闻", "2026-02-10", "2026-02-09", "2026-02-08"),
        要闻新=column("青山要闻", "2026年2月20日", "2026年2月9日", "2026年2月8日"),
        空=column("重大决策", said="暂无数据"),
        在建=column("重大决策", said="栏目建设中，敬请期待！"),
    )
    assert found == {
        "新": [], "旧": ["DRF017"], "要闻": ["DRF017"], "要闻新": [], "空": ["DRF016"],
        "在建": ["DRF016"],
    }  # fmt: skip


def test_the_finding_says_since_when_and_by_which_rule(county: Library, pages: Path) -> None:
    (pages / "旧.html").write_text(column("政策文件", *["2025-08-30"] * 3), "utf-8")
    [finding] = county.audit_sources([pages], on=ON).findings
    assert "184天没有更新，最近一条是2025-08-30" in finding.message
    assert "国办秘函〔2019〕19号" in finding.message
    assert finding.evidence["fetched_at"]


LISTS = {
    "表格": "<table>" + "".join(f"<tr><td>{n}</td><td><a href='/{n}'>第{n}件事项的通知</a></td><td>2026-02-0{n}</td></tr>"
                              for n in range(1, 6)) + "</table>",
    "日期在前": "".join(f"<div><span>2026.02.0{n}</span><a href='/{n}'>第{n}件事项的通知</a></div>" for n in range(1, 6)),
    "斜线": "".join(f"<p><a href='/{n}'>第{n}件事项的通知</a> [2026/02/0{n}]</p>" for n in range(1, 6)),
}  # fmt: skip


@pytest.mark.parametrize("shape", LISTS)
def test_lists_come_in_many_shapes(shape: str) -> None:
    found = read_page(f"<html><title>公告</title><body><h1>公告</h1>{LISTS[shape]}</body></html>")
    assert found.column is not None
    assert (found.column.entries, found.column.newest) == (5, day("2026-02-05"))


def test_a_document_with_a_list_beside_it_is_a_document() -> None:
    lists = "".join(
        f"<li><a href='/{n}'>青山县通知第{n}号</a> 2026-02-0{n}</li>" for n in range(1, 6)
    )
    text = page().replace("</body>", f"<div><ul>{lists}</ul></div></body>")
    assert read_page(text).column is None
    assert (
        read_page("<html><body><h1>通告</h1><p>暂无变化，特此通告。</p></body></html>").column
        is None
    )


def test_an_empty_folder_is_a_blank_column(county: Library, pages: Path) -> None:
    (pages / "重大决策").mkdir()
    (pages / "好.html").write_text(page(), "utf-8")
    [finding] = county.audit_sources([pages], on=ON).findings
    assert (finding.code, finding.column) == ("DRF016", "重大决策")


def test_a_text_in_several_places_is_told_when_asked(county: Library, pages: Path) -> None:
    for name in ("甲", "乙", "丙"):
        (pages / f"{name}.html").write_text(page(), "utf-8")
    assert county.audit_sources([pages], on=ON).findings == []
    report = county.audit_sources([pages], on=ON, copies=True)
    assert [(f.code, Path(f.page).stem) for f in report.findings] == [
        ("DRF015", "乙"), ("DRF015", "甲"),
    ]  # fmt: skip
    proof = report.findings[0].evidence
    assert (len(proof["pages"]), len(proof["page_digest"]), bool(proof["fetched_at"])) == (
        2,
        64,
        True,
    )


def test_the_reports_show_a_redline_with_its_proof(
    county: Library, pages: Path, run: Run, tmp_path: Path
) -> None:
    (pages / "错.html").write_text(page(body=BODY.replace("五份", "八份")), "utf-8")
    report = county.audit_sources([pages], on=ON)
    html = render(report, "html").decode()
    assert "<del>五</del><ins>八</ins>" in html
    assert "<script" not in html
    assert "src=" not in html
    assert "~~五~~**八**" in render(report, "md").decode()
    table = render(report, "csv").decode("utf-8-sig").splitlines()
    assert {"页面指纹", "权威指纹", "差异", "抓取时间"} <= set(table[0].split(","))
    told = json.loads(render(report, "json"))
    assert told["summary"][0]["organ"] == COUNTY
    proof = told["findings"][0]["evidence"]
    assert len(proof["page_digest"]) == len(proof["source_digest"]) == 64
    assert proof["page_digest"] != proof["source_digest"]
    assert proof["passages"][0]["source"] == "五"
    assert proof["fetched_at"].startswith("2026-03-02")


@pytest.mark.parametrize(
    "tail",
    [
        "<p>原文链接</p>",
        "<p><a href='{0}'>原文链接</a></p>",
        "<p>原文链接：<a href='{0}'>点击查看</a></p>",
        "<p>【<a href='{0}'>查看原文</a>】</p>",
        "<p>来源网址：{0}</p>",
    ],
)
def test_the_line_that_leads_to_the_source_is_no_drift(
    tail: str, county: Library, pages: Path
) -> None:
    link = f"{BASE}%E9%AB%98%E9%BE%84.html"
    text = page().replace("<div class='content'>", "<div class='content' id='zoom'>", 1)
    inside = text.replace("八份。</p>", f"八份。</p>{tail.format(link)}", 1)
    assert inside != text
    (pages / "好.html").write_text(inside, "utf-8")
    assert county.audit_sources([pages], on=ON).findings == []


def test_a_page_that_only_leads_to_the_source_is_fine(county: Library, pages: Path) -> None:
    link = f"{BASE}%E9%AB%98%E9%BE%84.html"
    (pages / "转.html").write_text(
        page(body="").replace("<div class='content'>", f"<div class='content'><p><a href='{link}'>原文链接</a></p>"),
        "utf-8",
    )  # fmt: skip
    assert county.audit_sources([pages], on=ON).findings == []
