"""Policies find the person, on the command line: match, match-batch, who, whatif, schemas."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run
from tests.library.office import ALLOWANCE, draft, released

from policylib import Library

BODY = (
    "第一条　为了尊老，制定本办法。\n\n第二条　年满80周岁的老年人，每人每月发给高龄津贴100元。\n\n"
    "第三条　登记失业人员可以申请职业培训。\n"
)
TRAINING: dict[str, Any] = {
    "id": "training", "title": "职业培训", "kind": "培训", "subject": "person",
    "provision": "第三条", "condition": {"fact": "失业登记", "equals": True},
}  # fmt: skip
YOUNGER = {**ALLOWANCE, "condition": {"fact": "年龄", "at_least": "70周岁"}}
ON = ("--on", "2026-03-02")


@pytest.fixture
def county(tmp_path: Path, papers: Path) -> Path:
    folder = tmp_path / "匹配库"
    with Library.create(folder) as library:
        released(library, papers, "津贴", BODY, doc_number="青政〔2024〕5号",
                 effective_on="2024-07-01", measures=[ALLOWANCE, TRAINING])  # fmt: skip
        draft(library, papers, "草稿", BODY, measures=[YOUNGER])
    return folder


def write(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_text(text, "utf-8")
    return path


def person(**facts: Any) -> dict[str, Any]:
    return {"subject": "person", "facts": facts}


def test_the_answers_have_the_agreed_shape(run: Run, county: Path, papers: Path) -> None:
    file = write(papers, "甲.json", person(出生日期="1940-01-01"))
    said = run("match", "--library", county, "--profile", file, *ON, "--json")
    assert (said.code, said.err) == (0, "")
    likely, open_ = said.json
    assert (likely["document"], likely["measure"], likely["answer"]) == (
        "津贴", "allowance", "可能符合",
    )  # fmt: skip
    assert likely["reasons"] == [{"text": "年龄不低于80周岁", "provision": "第二条", "holds": True}]
    assert (likely["missing"], likely["ask"], likely["amount"]["value"]) == ([], [], 100)
    assert open_["answer"] == "待核实"
    assert open_["missing"] == ["失业登记"]
    assert open_["ask"] == [{"fact": "失业登记", "question": "有没有办理失业登记？"}]


def test_everything_is_answered_in_json_what_does_not_fit_too(
    run: Run, county: Path, papers: Path
) -> None:
    file = write(papers, "甲.json", person(出生日期="1990-01-01", 失业登记=False))
    said = run("match", "--library", county, "--profile", file, *ON, "--json")
    assert [each["answer"] for each in said.json] == ["不符合", "不符合"]
    early = ("--on", "2024-06-30")
    said = run("match", "--library", county, "--profile", file, *early, "--json")
    assert all("尚未施行" in each["reasons"][0]["text"] for each in said.json)


def test_the_table_says_what_is_missing_and_grants_nothing(
    run: Run, county: Path, papers: Path
) -> None:
    file = write(papers, "甲.json", person(出生日期="1947-01-01"))
    said = run("match", "--library", county, "--profile", file, *ON, "--why")
    for words in ("差一点", "还差1周岁", "有没有办理失业登记", "（第三条）", "受理机关审核为准"):
        assert words in said.out
    said = run("match", "--library", county, "--profile", file, *ON, "--only", "津贴#training")
    assert "高龄津贴" not in said.out
    empty = run("match", "--library", county, "--profile", file, *ON, "--only", "草稿")
    assert "可能符合" not in empty.out


def test_own_words_are_named_by_an_option_or_the_environment(
    run: Run, papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = write(
        papers, "词表.yaml", "- {name: 志愿服务时长, subjects: person, type: 数值, unit: 小时}\n"
    )
    helped = {**TRAINING, "condition": {"fact": "志愿服务时长", "at_least": "100小时"}}
    folder = tmp_path / "志愿库"
    with Library.create(folder) as library:
        released(library, papers, "志愿", BODY, measures=[helped])
    file = write(papers, "甲.json", person(志愿服务时长="120小时"))
    asked = ("match", "--library", folder, "--profile", file, *ON, "--json")
    refused = run(*asked)
    assert (refused.code, "不在词表中" in refused.out) == (2, True)
    assert run(*asked, "--vocabulary", words).json[0]["answer"] == "可能符合"
    monkeypatch.setenv("POLICYLIB_VOCABULARY", str(words))
    assert run(*asked).json[0]["answer"] == "可能符合"


def test_a_measure_that_takes_no_part_is_told_on_the_side(
    run: Run, county: Path, papers: Path
) -> None:
    odd = {**TRAINING, "condition": {"fact": "星座", "equals": "白羊"}}
    with Library.open(county) as library:
        released(library, papers, "怪", BODY, measures=[odd])
    file = write(papers, "甲.json", person(出生日期="1940-01-01"))
    said = run("match", "--library", county, "--profile", file, *ON, "--json")
    assert (said.code, len(said.json)) == (0, 2)
    assert "1 个事项写得不对" in said.err
    assert run("check", "怪", "--code", "MEA", "--library", county).code == 1


def test_facts_are_asked_for_until_all_is_settled(
    run: Run, county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = "9\n1\n乱写的\n1940-01-01\n是\n多余的\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    said = run("match", "--ask", "--library", county, *ON, "--json")
    assert said.code == 0
    assert {each["measure"]: each["answer"] for each in said.json} == {
        "allowance": "可能符合", "training": "可能符合",
    }  # fmt: skip
    assert said.err.count("出生日期是哪一天") == 2
    assert "乱写" not in said.err + said.out


@pytest.mark.parametrize("answers", ["", "1\n", "1\n结束\n", "1\n\n\n", "1\n不知道\n不清楚\n"])
def test_asking_ends_with_the_answers_and_what_was_left_stays_open(
    run: Run, county: Path, monkeypatch: pytest.MonkeyPatch, answers: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    said = run("match", "--ask", "--library", county, *ON, "--json")
    assert [each["answer"] for each in said.json] == ["待核实", "待核实"]


def test_asking_goes_on_from_a_profile_through_a_pipe(county: Path, papers: Path) -> None:
    file = write(papers, "甲.json", person(出生日期="1940-01-01"))
    words = ["match", "--ask", "--profile", str(file), "--library", str(county), *ON]
    found = subprocess.run(
        [sys.executable, "-m", "policylib", *words], input="否\n", capture_output=True,
        text=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert found.returncode == 0
    assert "出生日期" not in found.stderr
    assert "可能符合" in found.stdout


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "不是正确的 JSON"),
        ("[]", "画像应写成"),
        ('{"subject": "狗", "facts": {}}', "person（个人）"),
        ('{"subject": "person", "facts": {"星座": "白羊"}}', "不在词表中"),
        ('{"subject": "person", "facts": {"出生日期": "1940-02-30"}}', "不是存在的日期"),
        ('{"subject": "person", "facts": {"出生日期": 19400101}}', "应为日期"),
        ('{"subject": "person", "facts": {"家庭人均月收入": "五公斤"}}', "应为数字"),
        ('{"subject": "person", "facts": {"家庭人均月收入": "5公斤"}}', "不能换算"),
        ('{"subject": "person", "facts": {"出生日期": "2999-01-01"}}', "晚于判断日"),
        ("[" * 100_000, "不是正确的 JSON"),
        ("x" * 10_000_001, "超过 10 MB"),
    ],
)
def test_a_wrong_profile_is_wrong_use(
    run: Run, county: Path, papers: Path, content: str, told: str
) -> None:
    file = write(papers, "坏.json", content)
    for more in ((), ("--json",)):
        said = run("match", "--library", county, "--profile", file, *ON, *more)
        assert said.code == 2
        assert told in said.out + said.err
        assert "白羊" not in said.out + said.err


def test_wrong_use_is_told(run: Run, county: Path, papers: Path) -> None:
    for words, told in (
        (("match",), "--profile"),
        (("match", "--profile", papers / "没有.json"), "找不到"),
        (("match-batch", papers / "没有.csv", "--purpose", "甲", "--out", "乙.csv"), "找不到"),
        (("match-batch", papers / "甲.csv", "--out", "乙.csv"), "--purpose"),
        (("whatif", "--profiles", county / "library.db"), "--then"),
        (("who", "没有", "--profiles", county / "library.db"), "没有"),
    ):
        said = run(*words, "--library", county)
        assert said.code in (1, 2)
        assert told in said.err
        assert "Traceback" not in said.err


TABLE = "编号,出生日期,失业登记\n甲,1940-01-01,是\n乙,1990-01-01,\n丙,1955-01-01,否\n"


@pytest.fixture
def people(papers: Path) -> Path:
    pytest.importorskip("numpy", reason="需要 policylib[batch]")
    return write(papers, "名册.csv", TABLE)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_batch_writes_counts_and_ids_only_when_asked(
    run: Run, county: Path, people: Path, tmp_path: Path, suffix: str
) -> None:
    if suffix == ".parquet":
        pytest.importorskip("pyarrow", reason="需要 policylib[batch]")
    words = ("match-batch", people, "--purpose", "核查", "--library", county, *ON)
    out = tmp_path / f"数{suffix}"
    said = run(*words, "--out", out, "--json")
    assert said.code == 0
    assert [(m["measure"], m["可能符合"], m["待核实"]) for m in said.json["measures"]] == [
        ("allowance", 1, 0), ("training", 1, 1),
    ]  # fmt: skip
    assert [(row["measure"], int(row["不符合"])) for row in rows_of(out)] == [
        ("allowance", 2), ("training", 1),
    ]  # fmt: skip
    ids = tmp_path / f"名{suffix}"
    assert "结果已写入" in run(*words, "--out", ids, "--with-ids").out
    assert sorted((row["profile"], row["answer"]) for row in rows_of(ids)) == [
        ("乙", "待核实"), ("甲", "可能符合"), ("甲", "可能符合"),
    ]  # fmt: skip
    again = run(*words, "--out", ids)
    assert (again.code, "已经存在" in again.err) == (2, True)


def rows_of(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    import pyarrow.parquet

    found: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
    return found


def test_wrong_rows_are_findings(run: Run, county: Path, papers: Path, tmp_path: Path) -> None:
    pytest.importorskip("numpy", reason="需要 policylib[batch]")
    file = write(papers, "错.csv", TABLE + "丁,1940-13-01,是\n")
    said = run("match-batch", file, "--purpose", "核查", "--out", tmp_path / "果.csv",
               "--library", county, *ON)  # fmt: skip
    assert said.code == 1
    assert "第4行没有参加匹配" in said.err
    assert "13-01" not in said.err + said.out


def test_who_is_reached(run: Run, county: Path, people: Path) -> None:
    words = ("who", "青政〔2024〕5号", "--profiles", people, "--library", county, *ON)
    said = run(*words, "--measure", "allowance", "--json")
    assert [row["profile"] for row in said.json["reached"]] == ["甲"]
    said = run(*words)
    assert "高龄津贴 可能符合：甲" in said.out
    assert "职业培训 待核实：乙（缺失业登记）" in said.out
    assert run(*words, "--json").json["measures"][0]["conditions"] == [
        {"text": "年龄不低于80周岁", "provision": "第二条"}
    ]


def test_what_would_change(run: Run, county: Path, people: Path, papers: Path) -> None:
    new = write(papers, "新.json", [YOUNGER, TRAINING])
    words = ("whatif", "津贴", "--profiles", people, "--library", county, *ON)
    said = run(*words, "--after", new, "--json")
    assert said.json["changes"] == [
        {
            "document": "津贴",
            "measure": "allowance",
            "before": "不符合",
            "after": "可能符合",
            "count": 1,
        }
    ]
    assert "rows" not in said.json
    said = run(*words, "--after", new, "--with-ids")
    assert "丙 allowance：不符合 → 可能符合" in said.out
    assert "没有画像" in run(*words).out
    later = run("whatif", "--profiles", people, "--then", "2035-01-01", "--library", county, *ON)
    assert "可能符合" in later.out


def test_measures_are_set_with_act_and_a_bad_one_is_refused(
    run: Run, county: Path, papers: Path
) -> None:
    new = write(papers, "新.json", [YOUNGER])
    words = ("act", "measures", "津贴", "--by", "王芳", "--role", "publisher", "--library", county)
    assert run(*words, "--measures", new).code == 0
    file = write(papers, "甲.json", person(出生日期="1955-01-01"))
    said = run("match", "--library", county, "--profile", file, *ON, "--json")
    assert [(each["measure"], each["answer"]) for each in said.json] == [("allowance", "可能符合")]
    bad = write(papers, "坏.json", [{**YOUNGER, "condition": {"fact": "年龄"}}])
    refused = run(*words, "--measures", bad)
    assert (refused.code, "应写判断方式" in refused.err) == (1, True)


def test_schemas_are_printed(run: Run) -> None:
    every = json.loads(run("schemas").out)
    assert {"profile", "measure", "condition", "document"} <= set(every)
    assert run("schemas", "condition", "--json").json == every["condition"]
    assert run("schemas", "profile").code == 0
    wrong = run("schemas", "没有")
    assert (wrong.code, "可选" in wrong.err) == (2, True)


SECRETS = ("1940-07-19", "990121198", "玄墨紫", "31415926", "隐秘事实")


def test_nothing_of_a_profile_stays_anywhere(county: Path, papers: Path, tmp_path: Path) -> None:
    pytest.importorskip("numpy", reason="需要 policylib[batch]")
    good = write(papers, "秘.json", person(出生日期=SECRETS[0]))
    bad = write(papers, "秘坏.json", person(出生日期=SECRETS[2], 隐秘事实=SECRETS[3]))
    odd = write(papers, "秘错.json", {"subject": SECRETS[2], "facts": {"户籍地": SECRETS[1]}})
    table = write(papers, "秘.csv", "编号,出生日期,家庭人均月收入,隐秘事实\n"
                  f"1,{SECRETS[0]},31415926,{SECRETS[2]}\n2,{SECRETS[2]},{SECRETS[2]},x\n")  # fmt: skip
    lines = write(
        papers, "秘.jsonl", good.read_text("utf-8") + "\n" + bad.read_text("utf-8") + "\n"
    )
    at = ("--library", county)
    said = ""
    for words in (
        ("match", "--profile", good, *at), ("match", "--profile", good, *at, "--json", "--why"),
        ("match", "--profile", bad, *at), ("match", "--profile", odd, *at, "--json"),
        ("match", "--ask", "--profile", good, *at),
        ("match-batch", table, "--purpose", "核查", "--out", tmp_path / "1.csv", *at),
        ("match-batch", table, "--purpose", "核查", "--out", tmp_path / "2.jsonl", "--with-ids", *at),
        ("who", "津贴", "--profiles", table, *at), ("who", "津贴", "--profiles", lines, *at, "--json"),
        ("whatif", "津贴", "--profiles", lines, "--after", "1", *at),
        ("whatif", "津贴", "--profiles", table, "--after", "1", "--with-ids", *at, "--json"),
    ):  # fmt: skip
        found = subprocess.run(
            [sys.executable, "-X", "dev", "-m", "policylib", *map(str, words)],
            input=f"{SECRETS[2]}\n{SECRETS[3]}\n", capture_output=True, text=True, encoding="utf-8",
            check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        assert "Traceback" not in found.stderr
        said += found.stdout + found.stderr
    kept = b"".join(path.read_bytes() for path in county.rglob("*") if path.is_file())
    kept += b"".join(path.read_bytes() for path in tmp_path.glob("[12].*"))
    for secret in SECRETS:
        assert secret not in said
        assert secret.encode() not in kept


def test_results_are_looked_at_before_anything_is_worked_out(
    run: Run, county: Path, papers: Path
) -> None:
    table = write(papers, "表.csv", "编号,出生日期\n甲,1940-01-01\n")
    batch = ("match-batch", table, "--purpose", "演练", "--library", county, "--out")
    for out, said in (
        (papers / "结果.docx", "应写成 .csv、.jsonl 或 .parquet"),
        (table, "已经存在"),
        (papers / "没有" / "结果.csv", "没有文件夹“没有”"),
    ):
        got = run(*batch, out)
        assert (got.code, said in got.err) == (2, True)
    assert table.read_text("utf-8").startswith("编号")


def test_a_text_that_lacks_an_amendment_is_told_with_the_next_command(
    run: Run, county: Path, papers: Path
) -> None:
    text = "对《青山县津贴办法》作如下修改：将第二条中的“100元”修改为“150元”。\n"
    with Library.open(county) as library:
        released(library, papers, "决定", text, title="关于修改《青山县津贴办法》的决定",
                 effective_on="2026-01-01", relations=[{"kind": "修改", "target": "津贴"}])  # fmt: skip
    file = write(papers, "甲.json", person(出生日期="1940-01-01"))
    said = run("match", "--library", county, "--profile", file, *ON)
    assert "已自2026年1月1日起修改本文件" in "".join(said.out.split())
    assert "policylib amend 津贴 --made-by 决定" in said.err
    profiles = write(papers, "多人.json", [person(出生日期="1940-01-01")])
    who = run("who", "津贴", "--measure", "allowance", "--profiles", profiles, *ON,
              "--library", county, "--json")  # fmt: skip
    assert any("policylib amend 津贴 --made-by 决定" in fault for fault in who.json["faults"])


def test_profiles_that_are_not_there_are_wrong_use_everywhere(
    run: Run, county: Path, papers: Path
) -> None:
    none = papers / "没有.json"
    to = ("--library", county)
    for verb in (
        ("match", "--profile", none), ("who", "津贴", "--profiles", none),
        ("whatif", "津贴", "--profiles", none),
        ("match-batch", none, "--out", papers / "果.csv", "--purpose", "演练"),
    ):  # fmt: skip
        said = run(*verb, *to)
        assert (said.code, "找不到画像文件" in said.err) == (2, True)
