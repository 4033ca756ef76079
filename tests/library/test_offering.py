"""What a document offers stands with its text: imported, kept by new texts, set apart, given away."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.library.office import ALLOWANCE, act, day, draft, paper, released, to_stage

from policylib import Act, DocumentFile, Library, Refused, Role

BODY = "第一条　为了尊老，制定本办法。\n\n第二条　年满80周岁的老年人，每人每月发给高龄津贴100元。\n"
OTHER = {**ALLOWANCE, "condition": {"fact": "年龄", "at_least": "70周岁"}}


def kept(library: Library, id: str) -> list[list[dict[str, Any]]]:
    return [list(each.measures) for each in library.editions(id)]


def test_measures_come_in_with_the_file_and_the_same_file_changes_nothing(
    library: Library, papers: Path
) -> None:
    released(library, papers, "津贴", BODY, measures=[ALLOWANCE])
    assert kept(library, "津贴") == [[ALLOWANCE]]
    again = library.import_files([papers / "津贴.md"], by="档案员")
    assert (again.unchanged, again.refused) == (1, [])
    without = library.import_files([paper(papers, "津贴", BODY, released_on="2024-01-10")], by="甲")
    assert (without.unchanged, without.refused) == (1, [])
    changed = paper(papers, "津贴", BODY, released_on="2024-01-10", measures=[OTHER])
    (refused,) = library.import_files([changed], by="档案员").refused
    assert "act measures 津贴" in refused.reason
    assert kept(library, "津贴") == [[ALLOWANCE]]


def test_a_wrong_measure_is_refused_with_its_place_and_the_rest_goes_on(
    library: Library, papers: Path
) -> None:
    wrong = {**ALLOWANCE, "condition": {"fact": "年龄", "atleast": 80}}
    paths = [paper(papers, "错", measures=[wrong]), paper(papers, "好", measures=[ALLOWANCE])]
    summary = library.import_files(paths, by="档案员")
    assert summary.imported == 1
    assert "“measures”：事项“高龄津贴”：“condition" in summary.refused[0].reason


def test_a_new_text_keeps_the_measures_unless_it_brings_its_own(
    library: Library, papers: Path
) -> None:
    draft(library, papers, "津贴", BODY, measures=[ALLOWANCE])
    act(library, Act.REVISE, "津贴", Role.DRAFTER, body=BODY + "第三条　本办法自公布之日起施行。\n")
    assert kept(library, "津贴") == [[ALLOWANCE], [ALLOWANCE]]
    act(library, Act.REVISE, "津贴", Role.DRAFTER, body=BODY, measures=[OTHER])
    act(library, Act.REVISE, "津贴", Role.DRAFTER, body=BODY, measures=[])
    assert kept(library, "津贴")[2:] == [[OTHER], []]
    act(library, Act.MEASURE, "津贴", Role.DRAFTER, measures=[ALLOWANCE])
    to_stage(library, "津贴", "公布", released_on="2026-03-02")
    act(library, Act.AMEND, "津贴", Role.PUBLISHER, body=BODY, on=day("2027-01-01"), note="降低年龄",
        measures=[OTHER])  # fmt: skip
    assert kept(library, "津贴")[3:] == [[ALLOWANCE], [OTHER]]
    assert library.edition("津贴", on=day("2026-12-31")).measures == (ALLOWANCE,)
    assert library.edition("津贴", on=day("2027-01-01")).measures == (OTHER,)
    assert library.verify() == ()


def test_measures_are_set_apart_from_the_text_and_the_journal_keeps_what_they_were(
    library: Library, papers: Path
) -> None:
    released(library, papers, "津贴", BODY)
    act(
        library,
        Act.AMEND,
        "津贴",
        Role.PUBLISHER,
        body=BODY + "新",
        on=day("2027-01-01"),
        note="改",
    )
    act(library, Act.MEASURE, "津贴", Role.PUBLISHER, measures=[ALLOWANCE], edition=1, note="补登")
    act(library, Act.MEASURE, "津贴", Role.PUBLISHER, measures=[OTHER])
    assert kept(library, "津贴") == [[ALLOWANCE], [OTHER]]
    last = library.history("津贴")[-2:]
    assert [(each.act, each.detail["edition"]) for each in last] == [
        (Act.MEASURE, 1), (Act.MEASURE, 2),
    ]  # fmt: skip
    act(library, Act.MEASURE, "津贴", Role.PUBLISHER, measures=[], edition=1)
    assert kept(library, "津贴") == [[], [OTHER]]
    assert last[0].detail["measures"] == [ALLOWANCE]
    assert library.statements("津贴") == ()
    assert library.verify() == ()


@pytest.mark.parametrize(
    ("what", "more", "told"),
    [
        (Act.MEASURE, {}, "请用 --measures"),
        (Act.MEASURE, {"measures": [ALLOWANCE], "fields": {"kind": "函"}}, "不能直接改文件头"),
        (Act.MEASURE, {"measures": [ALLOWANCE], "edition": 9}, "没有第 9 版正文，现有：1"),
        (Act.MEASURE, {"measures": [ALLOWANCE]}, "没有更改"),
        (Act.MEASURE, {"measures": [{"id": "甲"}]}, "没有写"),
        (Act.MEASURE, {"measures": [OTHER, OTHER]}, "有两个标识为“allowance”的事项"),
        (Act.MEASURE, {"measures": [{**OTHER, "title": "甲\ud800"}]}, r"事项“甲\?”：“title”"),
        (Act.MEASURE, {"measures": [{**OTHER, "provision": "第九条"}]}, "正文中没有“第九条”"),
        (
            Act.MEASURE,
            {"measures": [{**OTHER, "condition": {"fact": "星座", "equals": 1}}]},
            "MEA001",
        ),
        (Act.STEP, {"measures": [OTHER], "note": "甲"}, "请用 act measures"),
        (Act.AMEND, {"body": BODY, "edition": 1, "note": "甲"}, "不需要 --edition"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    library: Library, papers: Path, what: Act, more: dict[str, Any], told: str
) -> None:
    released(library, papers, "津贴", BODY, measures=[ALLOWANCE])
    with pytest.raises(Refused, match=told):
        act(library, what, "津贴", Role.PUBLISHER, **more)
    assert kept(library, "津贴") == [[ALLOWANCE]]
    assert len(library.history("津贴")) == 1


def test_a_bundle_holds_them_in_the_head_and_apart(
    library: Library, papers: Path, tmp_path: Path
) -> None:
    released(library, papers, "津贴", BODY, measures=[ALLOWANCE])
    for name, write in (("内部", library.bundle), ("公开", library.public_bundle)):
        write("津贴", tmp_path / f"{name}.zip")
        with zipfile.ZipFile(tmp_path / f"{name}.zip") as archive:
            (text,) = [each for each in archive.namelist() if each.endswith(".md")]
            assert DocumentFile.parse(archive.read(text)).header.measures == (ALLOWANCE,)
            assert json.loads(archive.read("measures.json")) == {"1": [ALLOWANCE]}


def test_a_release_waits_for_sound_measures_and_an_import_is_told_by_the_checks(
    library: Library, papers: Path
) -> None:
    lost = {**ALLOWANCE, "provision": "第九条"}
    draft(library, papers, "津贴", BODY, measures=[lost])
    to_stage(library, "津贴", "签发")
    with pytest.raises(Refused, match="MEA002"):
        act(library, Act.RELEASE, "津贴", Role.PUBLISHER)
    released(library, papers, "旧的", BODY, measures=[lost])
    assert [f.code for f in library.check(["旧的"], codes=["MEA"])] == ["MEA002"]
    act(library, Act.MEASURE, "津贴", Role.DRAFTER, measures=[ALLOWANCE])
    act(library, Act.RELEASE, "津贴", Role.PUBLISHER)


def test_after_an_amendment_the_checks_tell_what_no_longer_stands_in_the_text(
    library: Library, papers: Path
) -> None:
    quoted = {**ALLOWANCE, "quote": "年满80周岁"}
    released(library, papers, "津贴", BODY, measures=[quoted])
    assert list(library.check(["津贴"], codes=["MEA"])) == []
    act(library, Act.AMEND, "津贴", Role.PUBLISHER, body=BODY.replace("80", "70"),
        on=day("2026-01-01"), note="降低年龄")  # fmt: skip
    (found,) = library.check(["津贴"], codes=["MEA"])
    assert (found.code, "年满80周岁" in found.message) == ("MEA003", True)
