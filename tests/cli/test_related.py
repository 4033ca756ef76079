"""The verb ``related``: a table, JSON, and the graph in a file."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.cli.conftest import Run
from tests.library.office import draft, released

from policylib import Library


@pytest.fixture
def county(tmp_path: Path, papers: Path) -> Path:
    folder = tmp_path / "关联库"
    with Library.create(folder) as library:
        released(library, papers, "停车", doc_number="青政〔2024〕5号", released_on="2024-02-01")
        about = [{"kind": "解读", "target": "停车"}]
        released(library, papers, "解读", type="政策解读", title="停车解读", relations=about)
        draft(library, papers, "草案", relations=[{"kind": "修改", "target": "停车"}])
    return folder


def test_by_id_or_by_number(run: Run, county: Path) -> None:
    for name in ("停车", "青政〔2024〕5号"):
        said = run("related", name, "--library", county, "--json")
        assert said.code == 0
        assert [row["document"] for row in said.json["related"]] == ["解读"]
    said = run("related", "停车", "--library", county)
    assert "被指向 解读" in said.out
    assert "停车解读" in said.out


def test_drafts_only_for_staff(run: Run, county: Path) -> None:
    said = run("related", "停车", "--library", county, "--staff", "--json").json
    assert [row["document"] for row in said["related"] if row["kind"] == "修改"] == ["草案"]
    refused = run("related", "草案", "--library", county)
    assert (refused.code, refused.out) == (1, "")
    assert "没有公开的文件“草案”" in refused.err
    assert run("related", "草案", "--library", county, "--staff").code == 0


def test_the_graph_in_a_new_file(run: Run, county: Path, tmp_path: Path) -> None:
    svg = tmp_path / "关系图.svg"
    said = run("related", "停车", "--library", county, "--graph", svg, "--depth", "2", "--json")
    assert {node["id"] for node in said.json["graph"]["nodes"]} == {"停车", "解读"}
    ElementTree.parse(svg)
    assert run("related", "停车", "--library", county, "--graph", svg).code == 1
    refused = run("related", "停车", "--library", county, "--depth", "2")
    assert refused.code == 2
    assert "--graph" in refused.err


def test_the_graph_as_json_and_no_other_file(run: Run, county: Path, tmp_path: Path) -> None:
    to = ("related", "停车", "--library", county, "--graph")
    assert run(*to, tmp_path / "图.json").code == 0
    graph = json.loads((tmp_path / "图.json").read_text("utf-8"))
    assert [edge["kind"] for edge in graph["edges"]] == ["解读"]
    refused = run(*to, tmp_path / "图.png")
    assert (refused.code, "请改后缀" in refused.err) == (2, True)
    assert not (tmp_path / "图.png").exists()


def test_who_cites_it_and_which_provision(run: Run, county: Path, papers: Path) -> None:
    cites = "第一条　按照《停车办法》（青政〔2024〕5号）第一条和第二条收费。\n"
    with Library.open(county) as library:
        released(library, papers, "通知", cites, title="关于收费的通知")
        draft(library, papers, "内部", cites, title="关于内部收费的通知")
    assert not [r for r in run("related", "停车", "--library", county, "--json").json["related"]
                if r["kind"] == "引用"]  # fmt: skip
    said = run("related", "停车", "--citing", "--library", county, "--json").json["related"]
    (row,) = [each for each in said if each["kind"] == "引用"]
    assert (row["document"], row["direction"]) == ("通知", "被指向")
    assert row["provision"] == "第一条和第二条"
    staff = run("related", "停车", "--citing", "--staff", "--library", county, "--json").json
    assert {r["document"] for r in staff["related"] if r["kind"] == "引用"} == {"通知", "内部"}
