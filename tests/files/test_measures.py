"""Measures in the head of a file, and as files of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policylib.errors import NotFound, ParseError
from policylib.files.documentfile import DocumentFile
from policylib.files.measures import measures_in, measures_yaml
from policylib.model.measures import plain, read_measures

HEAD = """---
title: 青山县高龄津贴办法
# 由民政股登记
measures:
  - id: allowance   # 高龄津贴
    title: 高龄津贴
    subject: person
    provision: 第二条
    condition:
      all:
        - {fact: 年龄, at_least: 80周岁}
        - {fact: 户籍地, under: "990121"}
        - {fact: 失业登记, equals: false}
    amount: {pay: 100元, per: 月}
kind: 通知
---
第二条　……
"""
ALLOWANCE: dict[str, Any] = {
    "id": "allowance", "title": "高龄津贴", "subject": "person", "provision": "第二条",
    "condition": {"all": [
        {"fact": "年龄", "at_least": "80周岁"},
        {"fact": "户籍地", "under": ["990121"]},
        {"fact": "失业登记", "equals": False},
    ]},
    "amount": {"pay": "100元", "per": "月"},
}  # fmt: skip


def test_a_head_with_measures_comes_back_to_the_byte_and_keeps_its_comments() -> None:
    file = DocumentFile.parse(HEAD)
    assert file.header.measures == (ALLOWANCE,)
    assert file.to_bytes().decode() == HEAD
    assert file.with_fields(kind="函").to_bytes().decode() == HEAD.replace("通知", "函")
    gone = file.with_fields(measures=None)
    assert (gone.header.measures, "民政股" in str(gone.head)) == ((), True)
    assert DocumentFile.parse(gone.with_fields(measures=[ALLOWANCE]).to_bytes()).header == (
        file.header
    )


def test_a_file_that_is_built_reads_back_to_the_same_measures() -> None:
    built = DocumentFile.build({"title": "甲", "measures": [ALLOWANCE]}, "正文")
    assert DocumentFile.parse(built.to_bytes()).header.measures == (ALLOWANCE,)
    assert plain(read_measures(built.header.measures)) == (ALLOWANCE,)


def test_no_measures_and_nothing_said_of_them_are_told_apart() -> None:
    said = DocumentFile.parse("---\ntitle: 甲\nmeasures: []\n---\n正文").header
    silent = DocumentFile.parse("---\ntitle: 甲\n---\n正文").header
    assert said.measures == silent.measures == ()
    assert ("measures" in said.model_fields_set) is not ("measures" in silent.model_fields_set)


WIDE = ", ".join("{fact: 年龄, among: [" + ", ".join(["1"] * 50) + "]}" for _ in range(110))


def nested(depth: int) -> str:
    return "{all: [" * depth + "{fact: 年龄, at_least: 80}" + "]}" * depth


@pytest.mark.parametrize(
    ("measures", "told"),
    [
        ("高龄津贴", "事项应为列表"),
        ("[高龄津贴]", "事项应为列表"),
        ("[{id: a, title: 甲}]", "没有写"),
        ("[{id: a, title: 甲, subject: 老人, condition: {fact: 年龄, at_least: 80}}]", "person"),
        ("[{id: a, title: 甲, subject: person, condition: {fakt: 年龄}}]", "写法不认识"),
        (f"[{{id: a, title: 甲, subject: person, condition: {nested(21)}}}]", "嵌套过深"),
        (f"[{{id: a, title: 甲, subject: person, condition: {nested(1_000)}}}]", "嵌套过深"),
        ("[" + "{}, " * 201 + "]", "事项过多"),
        (f"[{{id: a, title: 甲, subject: person, condition: {{all: [{WIDE}]}}}}]", "条件过大"),
    ],
)
def test_wrong_measures_are_refused_in_chinese(measures: str, told: str) -> None:
    with pytest.raises(ParseError) as error:
        DocumentFile.parse(f"---\ntitle: 甲\nmeasures: {measures}\n---\n正文")
    assert told in str(error.value)
    assert len(str(error.value)) < 500


def test_as_deep_as_a_condition_may_be_a_head_may_be() -> None:
    text = f"---\ntitle: 甲\nmeasures: [{{id: a, title: 甲, subject: person, condition: {nested(19)}}}]\n---\n文"
    assert len(DocumentFile.parse(text).header.measures) == 1


def test_a_file_of_measures_is_yaml_json_or_a_document(tmp_path: Path) -> None:
    listed = measures_yaml([ALLOWANCE])
    for name, text in (
        ("甲.yaml", listed),
        ("乙.yml", listed.removeprefix("measures:\n")),
        ("丙.md", HEAD),
        ("丁.json", '[{"id": "allowance", "title": "高龄津贴", "subject": "person"}]'),
        ("戊.json", '{"id": "allowance", "title": "高龄津贴"}'),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        found = measures_in(tmp_path / name, name=name)
        assert found is not None
        assert found[0]["title"] == "高龄津贴"
    (tmp_path / "己.md").write_text("# 只有正文", "utf-8")
    assert measures_in(tmp_path / "己.md", name="己.md") is None
    (tmp_path / "庚.json").write_text("[" * 100_000, "utf-8")
    (tmp_path / "辛.yaml").write_text("甲: 乙", "utf-8")
    for name in ("庚.json", "辛.yaml"):
        with pytest.raises(ParseError, match=name):
            measures_in(tmp_path / name, name=name)
    with pytest.raises(NotFound):
        measures_in(tmp_path / "没有.yaml", name="没有.yaml")
