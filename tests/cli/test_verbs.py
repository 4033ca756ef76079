"""Every verb as a clerk types it: what it does, what it says, how it ends."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.library.office import paper

HITS = {"id", "title", "doc_number", "validity", "score", "snippet", "provision"}


def test_init_twice_is_harmless(run: Run, tmp_path: Path, papers: Path) -> None:
    organs = papers / "organs.yaml"
    organs.write_text("- name: 青山县民政局\n", "utf-8")
    paper(papers, "甲")
    first = run("init", "--library", tmp_path / "库", "--organs", organs)
    assert first.code == 0
    assert "文件库已就绪" in first.out
    assert "登记机关 1 个" in first.out
    assert "import" in first.out
    assert run("add", papers, "--by", "李明", "--library", tmp_path / "库").code == 0
    again = run("init", "--library", tmp_path / "库", "--json")
    assert (again.code, again.json) == (0, {"library": str(tmp_path / "库"), "organs": 0})
    assert "甲" in run("list", "--library", tmp_path / "库").out


@pytest.mark.parametrize("address", ["{0}", "sqlite:///{0}/library.db", "{0}/library.db"])
def test_the_import_and_search_contract(run: Run, where: Path, papers: Path, address: str) -> None:
    library = address.format(where)
    (papers / "坏.md").write_text("没有标题", "utf-8")
    said = run("import", papers, "--released", "--by", "王芳", "--library", library, "--json")
    assert said.code == 1
    assert said.json == {
        "imported": 0,
        "unchanged": 5,
        "refused": [{"path": str(papers / "坏.md"), "reason": said.json["refused"][0]["reason"]}],
    }
    assert "没有标题" in said.json["refused"][0]["reason"]
    said = run("search", "高龄津贴", "--library", library, "--limit", 2, "--json")
    assert said.code == 0
    assert set(said.json) == {"total", "hits"}
    assert said.json["total"] >= 1
    hit = said.json["hits"][0]
    assert set(hit) >= HITS
    assert (hit["id"], hit["doc_number"]) == ("高龄", "青政〔2024〕1号")
    assert hit["provision"].startswith("第一条")
    assert isinstance(hit["score"], float)


def test_an_import_makes_the_library_and_a_second_one_changes_nothing(
    run: Run, tmp_path: Path, papers: Path
) -> None:
    (papers / "批.jsonl").write_text(
        json.dumps({"id": "gov_policy/documents.jsonl#http://www.gov.cn/x.htm", "title": "甲办法",
                    "doc_number": None, "issuers": None, "body": "正文"}),
        "utf-8",
    )  # fmt: skip
    words = ("import", papers, "--released", "--by", "王芳", "--library",
             f"sqlite:///{tmp_path}/新/library.db", "--json")  # fmt: skip
    assert run(*words).json == {"imported": 1, "unchanged": 0, "refused": []}
    assert run(*words).json == {"imported": 0, "unchanged": 1, "refused": []}
    found = run("search", "甲办法", "--library", tmp_path / "新", "--json").json
    assert found["hits"][0]["id"] == "gov_policy/documents.jsonl#http://www.gov.cn/x.htm"


def test_an_import_for_reading(run: Run, where: Path, papers: Path, tmp_path: Path) -> None:
    said = run("import", papers, "--released", "--by", "王芳", "--library", where)
    assert (said.code, said.err) == (0, "")
    assert "导入 0 件，未变 5 件，未导入 0 件" in said.out
    (tmp_path / "空").mkdir()
    said = run("import", tmp_path / "空", "--by", "王芳", "--library", where)
    assert (said.code, "没有 .md 或 .jsonl" in said.out) == (0, True)
    gb = paper(tmp_path / "老", "旧编码")
    gb.write_bytes(gb.read_bytes().decode().encode("gb18030"))
    said = run("import", gb, "--by", "王芳", "--library", where)
    assert (said.code, "GB18030" in said.out) == (0, True)
    said = run("import", gb, "--by", "王芳", "--library", where, "--json")
    assert "GB18030" in said.json["notices"][0]["notice"]


def test_a_draft_on_its_way(run: Run, where: Path, papers: Path) -> None:
    library = ("--library", where)
    steps = (
        ("review", "赵强", "reviewer", (), "审核"),
        (
            "签发",
            "陈静",
            "签发人",
            ("--set", "doc_number=青政〔2026〕8号", "--set", "tags=[创业, 就业]"),
            "签发",
        ),
        ("release", "王芳", "publisher", ("--note", "按期公布"), "公布"),
    )
    for number, (act, by, role, more, stage) in enumerate(steps, 2):
        assert "草稿" not in run("search", "创业补贴", *library).out
        said = run("act", act, "草稿", "--by", by, "--role", role, *more, *library, "--json")
        assert said.code == 0
        lacking = ["评估论证", "征求意见", "合法性审核", "保密审查", "集体审议"]
        lacking += ["统一登记编号"] * (
            stage in {"签发", "公布"}
        )  # 办法 are presumed to be 规范性文件
        assert said.json == {"id": "草稿", "stage": stage, "version": number, "missing": lacking}
    assert "青政〔2026〕8号" in run("search", "创业补贴", *library).out
    assert run("search", "--tag", "就业", *library, "--json").json["total"] == 1
    log = run("log", "青政[2026]8号", *library)
    for word in ("赵强", "陈静", "王芳", "按期公布", "审核人", "签发"):
        assert word in log.out
    events = run("log", "草稿", *library, "--json").json
    assert [event["act"] for event in events] == ["起草", "审核", "签发", "公布"]
    assert run("log", "--verify", *library, "--json").json == {"sound": True, "problems": []}
    assert "完整" in run("log", "--verify", *library).out


def test_a_refused_act(run: Run, where: Path) -> None:
    words = ("act", "release", "草稿", "--by", "王芳", "--role", "publisher", "--library", where)
    said = run(*words)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("不予办理：\n  - 文件处于“起草”阶段")
    said = run(*words, "--json")
    assert (said.code, said.err) == (1, "")
    assert list(said.json) == ["refused"]
    assert "现在可以办理：改稿、征求意见" in said.json["refused"][0]


def test_an_amendment_and_a_repeal(run: Run, where: Path, tmp_path: Path) -> None:
    library = ("--library", where)
    body = tmp_path / "新文.md"
    body.write_text("---\ntitle: 新文\n---\n第一条　高龄津贴每月两百元。\n", "utf-8")
    said = run("act", "amend", "青政〔2024〕1号", "--body", body, "--on", "2025年6月1日", "--note",
               "县政府会议", "--by", "王芳", "--role", "publisher", *library)  # fmt: skip
    assert (said.code, "已办理“修改”" in said.out) == (0, True)
    assert "一百" in run("show", "高龄", "--on", "2025-05-31", *library).out
    shown = run("show", "高龄", "--on", "2025-06-01", *library, "--json").json
    assert (shown["edition"], "两百" in shown["body"], shown["validity"]) == (2, True, "现行有效")
    said = run("act", "repeal", "高龄", "--made-by", "决定", "--on", "2026-01-01", "--by", "王芳",
               "--role", "publisher", *library)  # fmt: skip
    assert said.code == 0
    for on, validity in (("2025-12-31", "现行有效"), ("2026-01-01", "废止")):
        said = run("validity", "高龄", "--on", on, *library, "--json")
        assert (said.json["id"], said.json["on"], said.json["validity"]) == ("高龄", on, validity)
        assert said.json["why"][-1]["made_by"] == "决定"
        assert f"{on}：{validity}" in run("validity", "高龄", "--on", on, *library).out


def test_list_and_show(run: Run, where: Path) -> None:
    library = ("--library", where)
    assert len(run("list", *library, "--json").json) == 5
    assert [d["id"] for d in run("list", "--stage", "起草", *library, "--json").json] == ["草稿"]
    assert len(run("list", "--limit", 2, "--offset", 4, *library, "--json").json) == 1
    shown = run("show", "高龄", *library)
    for word in ("标识", "高龄", "发文字号", "青政〔2024〕1号", "有效期至", "第二条"):
        assert word in shown.out
    assert "第二条" in run("show", "高龄", "--outline", *library).out
    html = run("show", "高龄", "--html", *library, "--json").json["body"]
    assert html.startswith("<p>")


def test_what_is_due(run: Run, where: Path) -> None:
    library = ("--library", where)
    said = run("due", "--on", "2026-12-01", "--within", "30d", *library, "--json")
    assert said.code == 0
    (only,) = said.json
    assert (only["document"], only["due_on"], only["state"]) == ("高龄", "2026-12-31", "待办")
    assert {"title", "obligation", "basis", "rule"} <= set(only)
    assert "期满自动失效" in run("due", "--on", "2026-12-31", "--within", "0", *library).out
    assert "没有到期事项" in run("due", "--on", "2026-01-01", *library).out


def test_check_files_and_the_library(run: Run, where: Path, papers: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.md").write_text("---\ntitle: 甲\nwritten_on: 2024-13-01\n---\n", "utf-8")
    said = run("check", tmp_path / "坏.md")
    assert said.code == 1
    assert "FIL001" in said.out
    assert "改法：" in said.out
    said = run("check", "高龄", "--library", where, "--json")
    assert said.code in {0, 1}
    assert all({"code", "severity", "message", "fix"} <= set(each) for each in said.json)
    codes = run("check", "--codes", "--json")
    assert codes.code == 0
    assert len({each["code"] for each in codes.json}) == len(codes.json)


def test_backup_restore_and_reindex(run: Run, where: Path, tmp_path: Path) -> None:
    copy, new = tmp_path / "早.backup", tmp_path / "新库"
    assert run("backup", copy, "--library", where).code == 0
    again = run("backup", copy, "--library", where)
    assert (again.code, "已存在" in again.err) == (1, True)
    assert run("restore", copy, "--library", new).code == 0
    full = run("restore", copy, "--library", new, "--json")
    assert (full.code, "不覆盖" in full.json["error"]) == (1, True)
    assert run("search", "高龄津贴", "--library", new, "--json").json["hits"][0]["id"] == "高龄"
    assert run("reindex", "--library", new, "--json").json == {"indexed": 5}
    assert "共 5 件" in run("reindex", "--library", new).out
    missing = run("restore", tmp_path / "没有", "--library", tmp_path / "又一库")
    assert (missing.code, "没有找到备份文件" in missing.err) == (1, True)


def test_demo_goes_through(run: Run, tmp_path: Path) -> None:
    said = run("demo", "--library", tmp_path / "示例", "--json")
    assert said.code == 0
    facts = said.json
    assert facts["imported"] > 20
    assert facts["refused"] == []
    assert facts["found"]
    assert facts["released_is_found"] is True
    again = run("demo", "--library", tmp_path / "示例")
    assert (again.code, "已有文件库" in again.err) == (2, True)


def test_demo_tells_its_story(run: Run) -> None:
    said = run("demo")
    assert said.code == 0
    for words in ("一、", "二、", "三、", "四、", "五、", "$ policylib search"):
        assert words in said.out


def test_search_for_reading(run: Run, where: Path) -> None:
    said = run("search", "高龄津贴", "--facet", "issuers", "--library", where)
    assert said.code == 0
    for words in (
        "共 1 件",
        "青山县高龄津贴发放办法  [",
        "青政〔2024〕1号",
        "issuers：青山县人民政府",
    ):
        assert words in said.out
    none = run("search", "航天发射场", "--library", where)
    assert (none.code, "没有找到" in none.out) == (0, True)
    filtered = run("search", "--from", "2024-02-01", "--to", "2024-03-31", "--sort", "oldest",
                   "--library", where, "--json")  # fmt: skip
    assert [hit["id"] for hit in filtered.json["hits"]] == ["低保", "住房"]
    staff = run("search", "创业补贴", "--staff", "--library", where, "--json")
    assert staff.json["hits"][0]["id"] == "草稿"
    day = date(2027, 1, 1)
    lapsed = run(
        "search", "高龄津贴", "--on", day, "--validity", "失效", "--library", where, "--json"
    )
    assert lapsed.json["total"] == 1
