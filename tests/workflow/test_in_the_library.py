"""Validity from the files an office keeps: declared relations, reasons, what is due."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.library.office import clock, day, released

from policylib import Library, Validity
from policylib.cli import main
from policylib.errors import ParseError
from policylib.files.documentfile import DocumentFile


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "文件库", clock=clock()) as made:
        yield made


def acts_on(target: str, kind: str, **fields: Any) -> list[dict[str, Any]]:
    return [{"kind": kind, "target": target, **fields}]


def test_a_term_in_the_head_gives_the_last_day(library: Library, papers: Path) -> None:
    released(library, papers, "高龄津贴", effective_on="2024-02-01", term="三年")
    assert library.document("高龄津贴").term == "3年"
    assert library.validity("高龄津贴", on=day("2027-01-31")) is Validity.IN_FORCE
    assert library.validity("高龄津贴", on=day("2027-02-01")) is Validity.LAPSED
    due = library.due(on=day("2027-01-01"), within=timedelta(days=40))
    assert "2027-01-31" in {str(each.due_on) for each in due}


def test_a_term_in_the_head_is_written_and_read_again(papers: Path) -> None:
    built = DocumentFile.build({"title": "甲", "term": "五年"}, "正文\n")
    assert DocumentFile.parse(built.to_bytes()).header.term == "5年"
    assert built.with_fields(term="半年").header.term == "6个月"
    with pytest.raises(ParseError, match="工作日"):
        DocumentFile.parse("---\ntitle: 甲\nterm: 20个工作日\n---\n正文\n")


def test_a_cleaning_with_a_condition(library: Library, papers: Path) -> None:
    released(library, papers, "养犬", effective_on="2020-01-01")
    told = acts_on(
        "养犬", "附条件失效", unless_by="2026-12-31", effective_on="2027-01-01", reason="需修改"
    )
    released(library, papers, "清理决定", released_on="2026-02-01", relations=told)
    assert library.validity("养犬", on=day("2026-12-31")) is Validity.IN_FORCE
    assert library.validity("养犬", on=day("2027-01-01")) is Validity.LAPSED
    why = library.why("养犬", on=day("2026-06-01"))
    assert why.validity is Validity.IN_FORCE
    assert why.next.startswith("自2027年1月1日起失效：由《青山县清理决定管理办法》要求")
    assert why.next.endswith("（需修改）")
    assert why.coming is not None
    assert why.coming.made_by == "清理决定"
    due = library.due(on=day("2026-12-01"), within=timedelta(days=31))
    assert ("养犬", "2026-12-31") in {(each.document, str(each.due_on)) for each in due}

    amends = acts_on("养犬", "修改")
    released(library, papers, "修改决定", released_on="2026-03-01", relations=amends)
    assert library.validity("养犬", on=day("2027-01-01")) is Validity.IN_FORCE
    assert library.why("养犬").next.startswith("未载明有效期")


def test_the_search_knows_suspended_and_revoked(library: Library, papers: Path) -> None:
    released(library, papers, "养犬", effective_on="2020-01-01")
    stops = acts_on("养犬", "暂停", effective_on="2026-01-01")
    ends = acts_on("养犬", "撤销", effective_on="2026-06-01", reason="超越权限")
    released(library, papers, "决定", released_on="2025-12-01", relations=stops + ends)
    for on, validity in (("2026-02-01", "暂停施行"), ("2026-06-01", "撤销")):
        found = library.search("养犬", validity=validity, on=day(on)).hits
        assert [(hit.id, hit.validity) for hit in found] == [("养犬", validity)]
    assert library.steps("养犬")[-1].reason.endswith("撤销（超越权限）")


def test_the_command_says_why_and_what_comes(
    library: Library, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    released(library, papers, "养犬", effective_on="2020-01-01", expires_on="2026-12-31")
    library.close()
    asked = ["validity", "养犬", "--on", "2026-05-01", "--library", str(papers / "文件库")]
    assert main([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["id"], said["on"], said["validity"]) == ("养犬", "2026-05-01", "现行有效")
    assert [each["from"] for each in said["why"]] == [None, "2020-01-01", "2027-01-01"]
    assert said["why"][-1] == {
        "from": "2027-01-01",
        "validity": "失效",
        "reason": "有效期至2026年12月31日，期满自动失效",
        "made_by": None,
        "rule": "民法典第二百零三条第二款",
    }
    assert said["next"]["step"] == said["why"][-1]
    assert said["next"]["text"].startswith("自2027年1月1日起失效")
    assert main(asked) == 0
    shown = capsys.readouterr().out
    assert "2026-05-01：现行有效" in shown
    assert "下一步：自2027年1月1日起失效" in shown
