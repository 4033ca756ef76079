"""The verbs on what texts say: extract, amend, links, diff, show --since."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.cli.conftest import Run

BASE = "# 青山县停车管理办法\n\n第一条　为规范停车秩序，制定本办法。\n\n第二条　停车费每小时2元。\n"
DECISION = (
    "青山县人民政府关于修改《青山县停车管理办法》的决定\n\n"
    "青山县人民政府决定对《青山县停车管理办法》作如下修改：\n\n"
    "一、将第二条修改为：“第二条　停车费每小时3元。”\n\n{more}"
    "本决定自2026年7月1日起施行。\n"
)
WRONG = "二、删去第九条。\n\n"


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path, Path]:
    for name, text in (
        ("办法.md", BASE),
        ("决定.txt", DECISION.format(more="")),
        ("错误.txt", DECISION.format(more=WRONG)),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path / "办法.md", tmp_path / "决定.txt", tmp_path / "错误.txt"


def test_extract_reads_a_plain_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text(
        "青山县人民政府关于印发青山县停车管理办法的通知\n青政〔2026〕8号\n\n各乡镇人民政府：\n\n"
        "根据《中华人民共和国道路交通安全法》，制定本办法。本办法自2026年7月1日起施行，有效期5年。"
        "《青山县停车管理暂行办法》（青政〔2020〕3号）同时废止。\n",
        "utf-8",
    )
    found = run("extract", tmp_path / "通知.txt", "--json").json
    assert found["doc_number"] == "青政〔2026〕8号"
    assert found["effective"]["on"] == "2026-07-01"
    assert found["sunset"]["years"] == 5
    assert [each["doc_number"] for each in found["repeals"]] == ["青政〔2020〕3号"]
    assert [each["title"] for each in found["basis"]] == ["中华人民共和国道路交通安全法"]
    shown = run("extract", tmp_path / "通知.txt").out
    assert "青山县停车管理暂行办法" in shown
    assert run("extract", tmp_path / "没有.txt").code == 2


def test_amend_two_files(run: Run, texts: tuple[Path, Path, Path], tmp_path: Path) -> None:
    base, decision, wrong = texts
    said = run("amend", "--base", base, "--decision", decision, "--json")
    assert said.code == 0
    assert said.json["text"] == BASE.replace("2元", "3元")
    assert said.json["unapplied"] == []
    said = run("amend", "--base", base, "--decision", wrong, "--json")
    assert said.code == 1
    (left,) = said.json["unapplied"]
    text = wrong.read_text("utf-8")
    assert text[slice(*left["span"])] == left["quote"]
    assert "第九条" in left["quote"]
    assert (
        run("amend", "--base", base, "--decision", decision, "--to", tmp_path / "新.md").code == 0
    )
    assert (tmp_path / "新.md").read_text("utf-8") == BASE.replace("2元", "3元")
    assert run("amend", "--base", base).code == 2


def test_a_decision_of_the_library(
    run: Run, texts: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    where = tmp_path / "库"
    head = "---\nid: {}\ntitle: {}\nissuers: [青山县人民政府]\nreleased_on: {}\n---\n{}"
    papers = tmp_path / "文件"
    papers.mkdir()
    (papers / "甲.md").write_text(
        head.format("办法", "青山县停车管理办法", "2024-03-01", BASE), "utf-8"
    )
    (papers / "乙.md").write_text(
        head.format("决定", "关于修改《青山县停车管理办法》的决定", "2026-06-01",
                    DECISION.format(more="")), "utf-8",
    )  # fmt: skip
    to = ("--library", where)
    run("init", *to)
    assert run("import", papers, "--released", "--by", "王芳", *to).code == 0
    preview = run("amend", "办法", "--made-by", "决定", *to)
    assert "每小时【删：2元】【增：3元】" in preview.out
    assert run("show", "办法", "--json", *to).json["edition"] == 1
    links = run("links", "决定", "--json", *to).json
    (link,) = [each for each in links["proposals"] if each["kind"] == "修改"]
    assert link["candidates"] == ["办法"]
    assert run("links", "决定", "--confirm", f"{link['key']}=办法", *to).code == 2
    confirmed = run("links", "决定", "--confirm", f"{link['key']}=办法", "--by", "王芳", *to)
    assert confirmed.code == 0
    assert run("links", "办法", "--on", "2026-07-02", "--json", *to).json["unapplied"]
    assert run("amend", "办法", "--made-by", "决定", "--by", "王芳", *to).code == 0
    assert "2元" in run("show", "办法", "--on", "2026-05-31", "--json", *to).json["body"]
    assert "3元" in run("show", "办法", "--on", "2026-07-01", "--json", *to).json["body"]
    days = ("--from", "2026-01-01", "--to", "2026-08-01")
    found = run("diff", "办法", *days, "--json", *to).json
    assert [each["kind"] for each in found["changes"]] == ["修改"]
    assert found["to"]["made_by"] == "决定"
    assert "【删：2元】" in run("diff", "办法", *days, *to).out
    for name in ("花脸稿.html", "花脸稿.docx", "花脸稿.md"):
        assert run("diff", "办法", *days, "--out", tmp_path / name, *to).code == 0
        assert (tmp_path / name).stat().st_size > 100
    with zipfile.ZipFile(tmp_path / "花脸稿.docx") as made:
        assert b"<w:ins " in made.read("word/document.xml")
    assert run("diff", "办法", *days, "--out", tmp_path / "x.pdf", *to).code == 2
    since = run("show", "办法", "--since", "--on", "2026-08-01", "--json", *to).json
    assert {each["by"] for each in since["provisions"]} == {None, "决定"}
