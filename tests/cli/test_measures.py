"""The verb ``measures``: what a document offers, and what its text may hold."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import SAMPLES, Run
from tests.library.office import draft

from policylib import Library
from policylib.model.measures import read_measures

BODY = """# 青山县护理津贴办法

第三条　具有本县户籍、年满80周岁的老年人，可以申请护理津贴，每人每月100元。

第四条　表现特别优秀的，给予奖励。
"""


@pytest.fixture
def county(tmp_path: Path, papers: Path) -> Path:
    folder = tmp_path / "事项库"
    with Library.create(folder) as library:
        draft(library, papers, "护理", BODY, index_number="11990121003165791L/202512-00001")
    return folder


def test_what_is_proposed_can_be_pasted_into_the_head(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "办法.md"
    file.write_text(BODY, "utf-8")
    said = run("measures", file, "--propose", "--region", "990121")
    assert said.code == 0
    (measure,) = read_measures(yaml.safe_load(said.out)["measures"])
    assert (measure.title, str(measure.provision)) == ("护理津贴", "第三条第一款")
    assert measure.amount is not None
    assert "# 留待人工 第四条第一款“表现特别优秀”" in said.out
    file.write_text(f"---\ntitle: 青山县护理津贴办法\n{said.out}---\n{BODY}", "utf-8")
    assert run("check", file, "--code", "MEA").code == 0
    assert "护理津贴" in run("measures", file).out


def test_the_district_comes_from_the_index_number(run: Run, county: Path) -> None:
    found = run("measures", "护理", "--library", county, "--propose", "--json").json
    (proposal,) = found["proposals"]
    assert proposal["evidence"][0]["condition"] == {"fact": "户籍地", "under": ["990121"]}
    assert proposal["evidence"][0]["quote"] == "具有本县户籍"
    assert run("measures", "护理", "--library", county, "--json").json == []


def test_measures_of_a_sample(run: Run) -> None:
    file = SAMPLES / "released" / "civil" / "canji-2022.md"
    found = run("measures", file, "--json").json
    assert [each["id"] for each in found] == ["shenghuo", "huli"]
    said = run("measures", file)
    assert "重度残疾人护理补贴" in said.out


def test_slips(run: Run, tmp_path: Path, county: Path) -> None:
    assert run("measures", "没有", "--library", county).code == 1
    assert run("measures", "没有").code == 2
    bare = tmp_path / "便条.txt"
    bare.write_text("今天放假。", "utf-8")
    assert run("measures", bare, "--propose").out == "# 没有能确定的事项。\n"
    assert run("measures", bare).code == 2
