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


def test_an_officer_sees_what_is_meant_and_what_was_decided(run: Run, tmp_path: Path) -> None:
    papers, where = tmp_path / "文件", tmp_path / "库"
    papers.mkdir()
    head = "---\nid: {}\ntitle: {}\ndoc_number: {}\nissuers: [青山县人民政府]\nreleased_on: {}\n---\n{}"
    same = "青山县公园管理办法"
    decision = (
        "《青山县公园管理办法》自2026年6月1日起废止。\n\n"
        "《青山县绿地管理办法》（青政〔2018〕7号）同时废止。\n"
    )
    for id, title, number, released, body in (
        ("旧", same, "青政〔2010〕3号", "2010-05-01", "第一条　甲。\n"),
        ("新", same, "青政〔2020〕4号", "2020-05-01", "第一条　乙。\n"),
        ("绿地", "青山县绿地管理办法", "青政〔2018〕7号", "2018-05-01", "第一条　丙。\n"),
        ("决定", "关于废止两份文件的决定", "青政〔2026〕9号", "2026-05-01", decision),
    ):
        text = head.format(id, title, number, released, body)
        (papers / f"{id}.md").write_text(text, "utf-8")
    to = ("--library", where)
    run("init", *to)
    run("import", papers, "--released", "--by", "王芳", *to)
    seen = "".join(run("links", "决定", *to).out.split())
    assert "可能是：新（青政〔2020〕4号，2020-05-01，现行有效）、旧（青政〔2010〕3号" in seen
    said = run("links", "决定", "--confirm", "全部", "--by", "王芳", *to)
    assert "已确认 1 条" in said.out
    assert "还有 1 条待确认" in said.out
    log = "".join(run("log", "决定", *to).out.split())
    assert "废止《青山县绿地管理办法》（青政〔2018〕7号）" in log
    refused = run("links", "决定", "--confirm", "全部", "--by", "王芳", *to)
    assert (refused.code, "1 条待确认的关系都不能由文号" in refused.err) == (1, True)
    none = run("links", "决定", "--confirm", "唯一", "--by", "王芳", *to)
    assert (none.code, "1 条待确认的关系" in none.err) == (1, True)


def test_after_an_amendment_the_next_steps_are_told(
    run: Run, texts: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    papers, where = tmp_path / "文件", tmp_path / "库"
    papers.mkdir()
    head = "---\nid: {}\ntitle: {}\nissuers: [青山县人民政府]\nreleased_on: {}\n---\n{}"
    cites = "第一条　收费按照《青山县停车管理办法》第二条执行。\n"
    decision = DECISION.format(more="")
    for id, title, released, body in (
        ("办法", "青山县停车管理办法", "2024-03-01", BASE),
        ("细则", "青山县停车收费细则", "2025-03-01", cites),
        ("决定", "关于修改《青山县停车管理办法》的决定", "2026-06-01", decision),
    ):
        (papers / f"{id}.md").write_text(head.format(id, title, released, body), "utf-8")
    to = ("--library", where)
    run("init", *to)
    run("import", papers, "--released", "--by", "王芳", *to)
    assert not run("links", "决定", "--json", *to).json["proposals"][0].get("certain")
    assert "已确认 1 条" in run("links", "决定", "--confirm", "唯一", "--by", "王芳", *to).out
    assert (
        "预览：policylib amend 办法 --made-by 决定"
        in run("links", "办法", "--on", "2026-07-02", *to).out
    )
    said = run("amend", "办法", "--made-by", "决定", "--by", "王芳", *to)
    assert "请核对引用：细则“《青山县停车管理办法》第二条”：第二条文字有修改" in said.out
    found = run("links", "办法", "--json", *to).json["citations"]
    assert [(each["document"], each["changes"][0]["text"]) for each in found] == [
        ("细则", "第二条文字有修改")
    ]
    again = run("amend", "办法", "--made-by", "决定", *to)
    assert (again.code, "已经落实为第2版正文" in again.err) == (1, True)
    shown = run("show", "办法", "--on", "2026-07-02", "--json", *to).json
    assert (shown["edition_since"], shown["made_by"]) == ("2026-07-01", "决定")
    days = ("--from", "2026-08-01", "--to", "2026-01-01")
    turned = run("diff", "办法", *days, *to)
    assert (turned.code, "请对调" in turned.err) == (2, True)
    assert "第2版（自2026-07-01，依据决定）" in run("diff", "办法", "--from", "2026-01-01",
                                                   "--to", "2026-08-01", *to).out  # fmt: skip


def test_files_without_a_text(run: Run, texts: tuple[Path, Path, Path], tmp_path: Path) -> None:
    base, decision, _ = texts
    (tmp_path / "空.md").write_text("---\ntitle: 甲\n---\n\n", "utf-8")
    (tmp_path / "别的.txt").write_text("今天天气很好。\n", "utf-8")
    for words, told in (
        (("extract", tmp_path / "空.md"), "没有正文"),
        (("extract", tmp_path), "是文件夹"),
        (("amend", "--base", tmp_path / "空.md", "--decision", decision), "没有正文"),
    ):
        said = run(*words)
        assert (said.code, told in said.err) == (2, True)
    assert "没有读到" in run("extract", tmp_path / "别的.txt").out
    new = tmp_path / "新.md"
    said = run("amend", "--base", base, "--decision", tmp_path / "别的.txt", "--to", new)
    assert (said.code, new.exists()) == (1, False)
    assert "没有读到修改指令" in said.err
    said = run("amend", "--base", base, "--decision", texts[2], "--to", new)
    assert "其中 1 处没有执行，不是完整的新文本" in said.out
    assert "未执行（决定第" in said.err


def test_a_file_that_may_not_be_read(
    run: Run, texts: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)
    said = run("amend", "--base", texts[0], "--decision", texts[1], "--json")
    assert (said.code, "核对文件的读取权限" in said.json["error"]) == (2, True)


def test_the_rule_of_a_day_in_chinese(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "办法.txt"
    for words, told in (
        ("本办法自2026年7月1日起施行。", "2026-07-01（正文写明）"),
        ("本办法自印发之日起施行。", "自印发之日起施行"),
        ("本办法自公布之日起30日后施行。", "自公布之日后一段时间起施行"),
        ("本办法施行日期另行公布。", "施行日期另行公布"),
    ):
        file.write_text(f"青山县停车管理办法\n\n第一条　{words}\n", "utf-8")
        assert told in run("extract", file).out
    file.write_text("青山县停车管理办法\n\n第一条　甲。\n", "utf-8")
    assert "施行" not in run("extract", file).out


def test_what_was_confirmed_by_mistake_is_taken_back(run: Run, tmp_path: Path) -> None:
    papers, where = tmp_path / "文件", tmp_path / "库"
    papers.mkdir()
    head = "---\nid: {}\ntitle: {}\ndoc_number: {}\nissuers: [青山县人民政府]\nreleased_on: {}\n---\n{}"
    for id, title, number, day, body in (
        ("绿地", "青山县绿地管理办法", "青政〔2018〕7号", "2018-05-01", "第一条　丙。\n"),
        ("决定", "关于废止一份文件的决定", "青政〔2026〕9号", "2026-05-01",
         "《青山县绿地管理办法》（青政〔2018〕7号）自2026年6月1日起废止。\n"),
    ):  # fmt: skip
        (papers / f"{id}.md").write_text(head.format(id, title, number, day, body), "utf-8")
    to = ("--library", where)
    run("init", *to)
    run("import", papers, "--released", "--by", "王芳", *to)
    ended = ("validity", "绿地", "--on", "2026-06-02", "--json", *to)
    assert run("links", "决定", "--confirm", "全部", "--by", "王芳", *to).code == 0
    assert run(*ended).json["validity"] == "废止"
    assert "认错了的：policylib links 决定 --retract" in run("links", "决定", *to).out
    ((key, kind),) = [
        (each["key"], each["kind"])
        for each in run("links", "决定", "--json", *to).json["confirmed"]
    ]
    assert kind == "废止"
    back = ("links", "决定", "--retract", key, *to)
    assert run(*back, "--note", "看错").code == 2
    no_reason = run(*back, "--by", "王芳")
    assert (no_reason.code, "--note 写明撤销认定的原因" in no_reason.err) == (1, True)
    assert run(*back, "--by", "王芳", "--note", "看错", "--confirm", "全部").code == 2
    said = run(*back, "--by", "王芳", "--note", "文号看错")
    assert said.code == 0
    assert "不再是文件关系：废止《青山县绿地管理办法》" in said.out
    assert "重新认定：policylib links 决定" in said.out
    assert run(*ended).json["validity"] == "现行有效"
    again = run(*back, "--by", "王芳", "--note", "文号看错", "--json")
    assert again.code == 1
    assert "已经撤销" in again.json["refused"][0]
    assert run("links", "决定", "--json", *to).json["confirmed"] == []
    log = "".join(run("log", "决定", *to).out.split())
    assert "确认关系" in log
    assert "撤销认定" in log
    assert "文号看错" in log
    assert run("log", "--verify", *to).code == 0
