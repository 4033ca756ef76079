"""``push`` on the command line: who hears of what, once, in words and in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run
from tests.library.office import ALLOWANCE, released

from policylib import Library

BODY = "第一条　为了尊老，制定本办法。\n\n第二条　年满80周岁的老年人，每月发给高龄津贴100元。\n"
ON = ("--on", "2026-03-02", "--since", "2026-02-01", "--by", "王芳")
PEOPLE: list[Any] = [
    {"id": "甲", "subject": "person", "facts": {"出生日期": "1940-01-01"}},
    {"id": "乙", "tags": ["高龄"]},
    {"id": "丙", "subject": "person", "facts": {"出生日期": "1990-01-01"}},
]


@pytest.fixture
def county(tmp_path: Path, papers: Path) -> Path:
    folder = tmp_path / "推送库"
    with Library.create(folder) as library:
        released(library, papers, "津贴", BODY, doc_number="青政〔2026〕5号",
                 released_on="2026-02-20", tags=["高龄"], measures=[ALLOWANCE])  # fmt: skip
    return folder


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return written(tmp_path, PEOPLE)


def written(folder: Path, people: list[Any]) -> Path:
    path = folder / "订阅.jsonl"
    path.write_text(
        "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in people), "utf-8"
    )
    return path


def test_a_run_says_in_chinese_what_it_did(run: Run, county: Path, people: Path) -> None:
    said = run("push", "--library", county, "--subscribers", people, *ON)
    assert (said.code, said.err) == (0, "")
    assert "2026-02-01 之后至 2026-03-02：订阅 3 条；有消息的 2 条，消息 2 条" in said.out
    assert "新出台" in said.out
    (out,) = (county / "push" / "out").iterdir()
    assert f"结果已写入：{out}" in said.out
    again = run("push", "--library", county, "--subscribers", people, *ON)
    assert "消息 0 条，此前已推送过的 2 条不再推送" in again.out


def test_json_has_the_counts_and_names_the_output(
    run: Run, county: Path, people: Path, tmp_path: Path
) -> None:
    out = tmp_path / "发送"
    out.mkdir()
    said = run("push", "--library", county, "--subscribers", people, "--out", out, *ON, "--json")
    assert (said.code, said.err) == (0, "")
    found = said.json
    assert (found["subscribers"], found["messages"], found["kinds"]) == (3, 2, {"新出台": 2})
    assert found["answers"] == {"可能符合": 1, "按标签": 1}
    lines = Path(found["out"]).read_text("utf-8").splitlines()
    messages = {each["subscriber"]: each["messages"] for each in map(json.loads, lines)}
    assert list(messages) == ["甲", "乙"]
    assert (messages["甲"][0]["answer"], messages["甲"][0]["number"]) == (
        "可能符合", "青政〔2026〕5号",
    )  # fmt: skip


def test_trying_out_shows_messages_and_changes_nothing(
    run: Run, county: Path, people: Path
) -> None:
    said = run("push", "--library", county, "--subscribers", people, *ON, "--dry-run")
    assert "【新出台】《青山县津贴管理办法》（青政〔2026〕5号）的“高龄津贴”" in said.out
    assert "没有记为已推送" in said.out
    assert not (county / "push").exists()
    shown = run("push", "--library", county, "--subscribers", people, *ON, "--dry-run", "--json")
    assert [each["subscriber"] for each in shown.json["shown"]] == ["甲", "乙"]


def test_wrong_lines_are_told_and_make_the_exit_code_one(
    run: Run, county: Path, tmp_path: Path
) -> None:
    file = written(
        tmp_path, [{"id": "丁", "subject": "person", "facts": {"身高": "绝密"}}, *PEOPLE]
    )
    said = run("push", "--library", county, "--subscribers", file, *ON)
    assert said.code == 1
    assert "第1行没有推送" in said.err
    assert "绝密" not in said.out + said.err
    assert "消息 2 条" in said.out


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("--subscribers", "无.jsonl"), (2, "找不到订阅文件")),
        ((), (2, "缺少参数")),
        (("--subscribers", "{people}", "--on", "2026-03-02", "--since", "2026-03-03"), (2, "晚于")),
        (("--subscribers", "{people}", "--since", "昨天"), (2, "--since")),
        (("--subscribers", "{people}", "--out", "无此文件夹"), (1, "没有文件夹")),
        (("--subscribers", "{people}", "--purpose", " "), (1, "用途")),
        (("--subscribers", "{people}", "--settings", "无.yaml"), (2, "推送规则")),
    ],
)
def test_wrong_use_is_said_in_chinese(
    run: Run, county: Path, people: Path, words: tuple[str, ...], answer: tuple[int, str]
) -> None:
    typed = [word.format(people=people) for word in words]
    found = run("push", "--library", county, *typed)
    assert found.code == answer[0]
    assert answer[1] in found.err


def test_the_schema_of_a_subscription_is_printed(run: Run) -> None:
    found = run("schemas", "subscription", "--json").json
    assert found["title"] == "订阅"
    assert {"id", "subject", "facts", "tags", "audience"} <= set(found["properties"])
