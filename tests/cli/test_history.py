"""log, timeline and bundle as a clerk types them."""

from __future__ import annotations

import json
import zipfile
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.cli.conftest import Run
from tests.library.life import ID, whole_life


@pytest.fixture
def lived(tmp_path: Path) -> Path:
    """A library with one whole life in it."""
    (tmp_path / "生平文件").mkdir()
    whole_life(tmp_path / "生平", tmp_path / "生平文件").close()
    return tmp_path / "生平"


# -- log ----------------------------------------------------------------------------------------


def test_the_newest_of_the_whole_library(run: Run, lived: Path) -> None:
    said = run("log", "--library", lived)
    assert said.code == 0
    assert [word in said.out for word in ("总序号", "文件", ID, "修改决定", "王芳")] == [True] * 5
    assert said.out.index("起草") < said.out.index("密件")
    events = run("log", "--library", lived, "--json").json
    assert [event["position"] for event in events] == list(range(1, 10))
    newest = run("log", "--limit", 2, "--library", lived, "--json").json
    assert [event["position"] for event in newest] == [8, 9]
    since = run("log", "--since", "2026年3月2日", "--library", lived, "--json").json
    assert [event["position"] for event in since] == [6, 7, 8, 9]
    assert run("log", "--since", "2030-01-01", "--library", lived, "--json").json == []


def test_the_whole_library_stops_at_fifty(run: Run, tmp_path: Path) -> None:
    rows = (json.dumps({"id": f"甲{n}", "title": f"甲{n}", "body": "文"}) for n in range(60))
    (tmp_path / "批.jsonl").write_text("\n".join(rows), "utf-8")
    run("import", tmp_path / "批.jsonl", "--by", "王芳", "--library", tmp_path / "库")
    assert len(run("log", "--library", tmp_path / "库", "--json").json) == 50
    assert len(run("log", "--limit", 55, "--library", tmp_path / "库", "--json").json) == 55


def test_one_document_with_a_limit_and_a_day(run: Run, lived: Path) -> None:
    def acts(*words: object) -> list[str]:
        return [e["act"] for e in run("log", ID, *words, "--library", lived, "--json").json]

    assert acts() == ["起草", "改稿", "审核", "签发", "公布", "修改"]
    assert acts("--limit", 2) == ["公布", "修改"]
    assert acts("--limit", 0) == []
    assert acts("--since", "2024-03-25") == ["公布", "修改"]
    assert "总序号" not in run("log", ID, "--library", lived).out


def test_the_journal_in_a_file(run: Run, lived: Path, tmp_path: Path) -> None:
    target = tmp_path / "日志.jsonl"
    said = run("log", "--export", target, "--library", lived)
    assert (said.code, said.err) == (0, "")
    assert "已导出办理记录 9 条" in said.out
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [line["position"] for line in lines] == list(range(1, 10))
    assert all(b["previous"] == a["digest"] for a, b in pairwise(lines))
    again = run("log", "--export", target, "--library", lived, "--json")
    assert (again.code, again.json) == (
        1,
        {"error": "“日志.jsonl”已存在，不覆盖；请换一个文件名"},
    )
    other = run("log", "--export", tmp_path / "二.jsonl", "--library", lived, "--json")
    assert other.json == {"exported": 9, "file": str(tmp_path / "二.jsonl")}
    assert (tmp_path / "二.jsonl").read_bytes() == target.read_bytes()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--export", "x", "--verify"), "请分两次运行"),
        (("--export", "x", ID), "导出全部办理记录，不能同时写"),
        (("--export", "x", "--limit", "0"), "导出全部办理记录，不能同时写"),
        (("--verify", "--since", "2026-01-01"), "核验全部办理记录，不能同时写"),
        (("--since", "昨天"), "昨天"),
        (("--limit", "-1"), "--limit"),
    ],
)
def test_slips_with_log(run: Run, lived: Path, words: tuple[str, ...], part: str) -> None:
    said = run("log", *words, "--library", lived)
    assert (said.code, said.out) == (2, "")
    assert part in said.err


def test_verify_is_as_before(run: Run, lived: Path) -> None:
    assert run("log", "--verify", "--library", lived, "--json").json == {
        "sound": True,
        "problems": [],
    }


# -- timeline -----------------------------------------------------------------------------------


def test_a_timeline_for_reading(run: Run, lived: Path) -> None:
    said = run("timeline", ID, "--on", "2026-03-02", "--library", lived)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("青山县高龄津贴发放办法\n2026-03-02：现行有效\n")
    for words in (
        "2029-05-01（今后）",
        "签发人 陈静",
        "备注：领导口头同意",
        "《高龄津贴政策解读》",
    ):
        assert words in said.out


def test_a_timeline_by_number_as_json_and_drawn(run: Run, lived: Path, tmp_path: Path) -> None:
    words = ("timeline", "青政〔2024〕5号", "--on", "2026-03-02", "--library", lived)
    found = run(*words, "--json").json
    assert (found["id"], len(found["entries"])) == (ID, 17)
    assert [e["title"] for e in found["entries"] if e["coming"]] == ["修改后的文本", "修改", "失效"]
    said = run(*words, "--svg", tmp_path / "图.svg")
    assert (said.code, said.out) == (0, f"时间线图已写入：{tmp_path / '图.svg'}\n")
    text = "".join(ElementTree.parse(tmp_path / "图.svg").getroot().itertext())
    assert all(entry["text"] in text for entry in found["entries"])
    said = run(*words, "--svg", tmp_path / "二.svg", "--json")
    assert said.json == {**found, "svg": str(tmp_path / "二.svg")}
    again = run(*words, "--svg", tmp_path / "图.svg")
    assert (again.code, "已存在，不覆盖" in again.err) == (1, True)


def test_a_timeline_for_the_public(run: Run, lived: Path) -> None:
    said = run("timeline", ID, "--public", "--library", lived, "--json")
    assert said.code == 0
    assert "陈静" not in said.out
    assert "领导口头同意" not in said.out
    assert run("timeline", "密件", "--public", "--library", lived).code == 1


# -- bundle -------------------------------------------------------------------------------------


def test_a_bundle_and_a_public_one(run: Run, lived: Path, tmp_path: Path) -> None:
    said = run("bundle", ID, "--to", tmp_path / "内.zip", "--library", lived)
    assert (said.code, said.err) == (0, "")
    assert "内部，含草稿和经办人" in said.out
    said = run("bundle", ID, "--to", tmp_path / "公.zip", "--public", "--library", lived, "--json")
    assert said.json == {"id": ID, "bundle": str(tmp_path / "公.zip")}
    with zipfile.ZipFile(tmp_path / "内.zip") as mine, zipfile.ZipFile(tmp_path / "公.zip") as all_:
        assert "版本1_草稿.md" in mine.namelist()
        assert "版本1_草稿.md" not in all_.namelist()


def test_slips_with_bundle(run: Run, lived: Path, tmp_path: Path) -> None:
    (tmp_path / "有.zip").write_text("旧", "utf-8")
    for words, code, part in (
        (("没有的", "--to", tmp_path / "甲.zip"), 1, "没有标识或文号为“没有的”的文件"),
        ((ID, "--to", tmp_path / "有.zip"), 1, "“有.zip”已存在，不覆盖"),
        ((ID, "--to", tmp_path / "无" / "甲.zip"), 1, "没有文件夹“无”"),
        ((ID, "--to", tmp_path / ("长" * 300)), 1, "无法写入"),
        (("密件", "--public", "--to", tmp_path / "甲.zip"), 1, "没有公开的文件“密件”"),
        ((ID,), 2, "缺少参数：--to"),
    ):
        said = run("bundle", *words, "--library", lived)
        assert (said.code, said.out) == (code, "")
        assert part in said.err
    assert not (tmp_path / "甲.zip").exists()


def test_a_drawing_is_an_svg_file(run: Run, tmp_path: Path) -> None:
    refused = run("timeline", "甲", "--svg", tmp_path / "图.png", "--library", tmp_path)
    assert (refused.code, "请改后缀" in refused.err) == (2, True)
