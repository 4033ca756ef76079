"""Many profiles at once: the same answers, from CSV and Parquet, and results as files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.matching.world import ON, matcher, vocabulary

import matchworld
from policylib.errors import ParseError
from policylib.files.profiles import read_blocks
from policylib.files.results import ResultWriter
from policylib.matching.matcher import Matcher
from policylib.model.profile import Subject

np = pytest.importorskip("numpy", reason="需要 policylib[batch]")
OLD = {"fact": "年龄", "at_least": 80}


def columns(people: list[dict[str, Any]]) -> dict[str, Any]:
    names = sorted({name for each in people for name in each["facts"]})
    return {name: [each["facts"].get(name) for each in people] for name in names}


def run(made: Matcher, table: dict[str, Any], **more: Any) -> Any:
    from policylib.matching.batch import Batch

    (block,) = Batch(made, Subject.PERSON, on=more.pop("on", ON)).run([table], ids=True)
    return block


@pytest.mark.parametrize("seed", range(6))
def test_batch_and_reference_agree(seed: int) -> None:
    made = Matcher(vocabulary(), matchworld.offers(60, seed=seed, odd=0.5))
    people = list(matchworld.profiles(70, seed=seed, unknown=0.1 * seed))
    block = run(made, columns(people), on=matchworld.DAY)
    cases = [made.case(each, on=matchworld.DAY) for each in people]
    for at, each in enumerate(made.prepared):
        truths = [each.formula.truth(case) for case in cases]
        likely, open_ = block.likely_rows(at), block.open_rows(at)
        assert likely.tolist() == [row for row, truth in enumerate(truths) if truth]
        assert open_.tolist() == [row for row, truth in enumerate(truths) if truth is None]
        assert (block.likely[at], block.open[at]) == (truths.count(True), truths.count(None))


def test_all_forms_of_a_column_mean_the_same() -> None:
    made = matcher(
        {"all": [OLD, {"fact": "户籍地", "under": "9901"}]},
        {"fact": "低保在保", "equals": True},
        {"fact": "家庭人均月收入", "below": 780},
    )
    table = {
        "出生日期": ["1945-06-01", "1945-06-02", None],
        "户籍地": ["990121", "990221", "990121"],
        "低保": ["是", "否", None],
        "家庭人均月收入": ["779.99", "780元", None],
    }
    arrays = {
        "出生日期": np.array(["1945-06-01", "1945-06-02", "NaT"], "datetime64[D]"),
        "户籍地": (np.array([0, 1, 0]), ["990121", "990221"]),
        "低保": np.array([1.0, 0.0, np.nan]),
        "家庭人均月收入": np.array([779.99, 780, np.nan]),
    }
    one, other = run(made, table), run(made, arrays)
    assert one.likely.tolist() == other.likely.tolist() == [1, 1, 1]
    assert one.open.tolist() == other.open.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"出生日期": ["1945-02-30"]}, "列“出生日期”不是存在的日期"),
        ({"出生日期": ["2999-01-01"]}, "晚于判断日"),
        ({"出生日期": np.array(["2999-01-01"], "datetime64[D]")}, "晚于判断日"),
        ({"家庭人均月收入": np.array([-1.0])}, "超出可能范围"),
        ({"家庭人均月收入": np.array([np.inf])}, "应为有限的数字"),
        ({"性别": np.array([1.0])}, "列的数据类型不对"),
        ({"小名": ["秘密"]}, "不在词表中"),
        ({"性别": ["男"], "独居": [True, False]}, "行数不同"),
        ({"户籍": ["99"], "户籍地": ["99"]}, "重复"),
    ],
)
def test_bad_columns(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ParseError, match=said) as error:
        run(matcher(OLD), table)
    assert "秘密" not in str(error.value)
    assert "2999" not in str(error.value)


def test_from_csv_to_results(tmp_path: Path) -> None:
    source = tmp_path / "画像.csv"
    source.write_text("编号,出生日期,户籍地\n甲,1940-01-01,990121\n乙,,990121\n", "utf-8-sig")
    made = matcher(OLD)
    offer = made.prepared[0].offer
    for name in ("结果.csv", "结果.jsonl"):
        with ResultWriter(tmp_path / name, ids=True) as writer:
            for keys, table in read_blocks(source, size=1):
                writer.take(keys)
                (rows,) = run(made, table).rows
                for answer, places in zip(("可能符合", "待核实"), rows, strict=True):
                    writer.put_rows(offer.document, offer.measure.id, answer, places)
    with (tmp_path / "结果.csv").open(encoding="utf-8-sig") as lines:
        rows = [(row["profile"], row["answer"]) for row in csv.DictReader(lines)]
    assert rows == [("甲", "可能符合"), ("乙", "待核实")]
    lines_ = (tmp_path / "结果.jsonl").read_text("utf-8").splitlines()
    assert [(row["profile"], row["answer"]) for row in map(json.loads, lines_)] == rows
    assert (tmp_path / "结果.csv").stat().st_mode & 0o077 == 0
    with pytest.raises(ParseError, match="已经存在"):
        ResultWriter(tmp_path / "结果.csv", ids=True)


def test_parquet_there_and_back(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="需要 policylib[batch]")
    parquet = pytest.importorskip("pyarrow.parquet", reason="需要 policylib[batch]")
    from datetime import date

    table = arrow.table(
        {
            "id": ["甲", "乙", "丙"],
            "出生日期": [date(1940, 1, 1), None, date(2000, 1, 1)],
            "户籍地": ["990121", None, "990221"],
            "低保": [True, None, False],
            "家庭人均月收入": [700, None, 900],
        }
    )
    parquet.write_table(table, tmp_path / "画像.parquet")
    made = matcher(
        OLD,
        {"fact": "户籍地", "under": "9901"},
        {"fact": "低保", "equals": True},
        {"fact": "家庭人均月收入", "below": 780},
    )
    ((keys, found),) = read_blocks(tmp_path / "画像.parquet")
    assert keys == ["甲", "乙", "丙"]
    block = run(made, found)
    assert block.likely.tolist() == [1, 1, 1, 1]
    assert block.open.tolist() == [1, 1, 1, 1]
    with ResultWriter(tmp_path / "结果.parquet", ids=True) as writer:
        writer.take(keys)
        writer.put_rows("文", "事", "可能符合", next(iter(block.rows))[0])
    row = {"profile": "甲", "document": "文", "measure": "事", "answer": "可能符合"}
    assert parquet.read_table(tmp_path / "结果.parquet").to_pylist() == [row]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "x", "应为 .csv 或 .parquet"),
        ("a.csv", "性别,性别\n男,男\n", "不能空白或重复"),
        ("a.parquet", "不是", "不是可读的 Parquet"),
    ],
)
def test_bad_tables(tmp_path: Path, name: str, text: str, said: str) -> None:
    pytest.importorskip("pyarrow", reason="需要 policylib[batch]")
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ParseError, match=said):
        list(read_blocks(tmp_path / name))
