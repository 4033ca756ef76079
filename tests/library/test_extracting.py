"""Importing files without a head: versions side by side, once, and with what their texts say."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run, run  # noqa: F401 - the fixture
from tests.files.test_extracting import AMENDED, NOTICE, RULES
from tests.library.office import day

from policylib import Library, Validity


@pytest.fixture
def plain(papers: Path) -> Path:
    """Two versions of one law, and a notice, all text."""
    (papers / "旧.md").write_text(RULES.format(more=""), "utf-8")
    (papers / "新.md").write_text(RULES.format(more=AMENDED), "utf-8")
    (papers / "通知.md").write_text(f"# {NOTICE}", "utf-8")
    return papers


@pytest.mark.parametrize("extract", [False, True])
def test_versions_come_side_by_side_and_once(
    library: Library, plain: Path, *, extract: bool
) -> None:
    first = library.import_files([plain], by="档案员", extract=extract)
    assert (first.imported, first.refused) == (3, [])
    assert len(first.notices) == (0 if extract else 1)
    head = library.health()["journal"]
    for again in (False, True):
        summary = library.import_files([plain], by="档案员", extract=again)
        assert (summary.imported, summary.unchanged, summary.refused) == (0, 3, [])
        assert (summary.notices, summary.extracted) == ([], {})
    assert library.health()["journal"] == head
    (plain / "抄件.md").write_text(RULES.format(more=""), "utf-8")
    assert library.import_files([plain], by="档案员").unchanged == 4


def test_what_was_read_is_counted_and_the_event_says_so(library: Library, plain: Path) -> None:
    summary = library.import_files([plain], by="档案员", extract=True)
    assert summary.extracted == {
        "issuers": 3, "written_on": 3, "effective_on": 2, "doc_number": 1, "released_on": 1,
        "term": 1,
    }  # fmt: skip
    assert summary.as_dict()["extracted"] == dict(summary.extracted)
    (notice,) = library.find_number("青政〔2024〕8号")
    assert notice.effective_on == day("2024-07-01")
    (event,) = library.history(notice.id)
    assert sorted(event.detail["extracted"]) == [
        "doc_number", "effective_on", "issuers", "term", "written_on",
    ]  # fmt: skip
    assert library.validity(notice.id, on=day("2029-07-01")) is Validity.LAPSED
    assert library.verify() == ()


def test_a_corrected_header_stays(library: Library, plain: Path) -> None:
    from policylib import Act, Role

    library.import_files([plain], by="档案员", extract=True)
    (notice,) = library.find_number("青政〔2024〕8号")
    library.act(Act.CORRECT, notice.id, by="王芳", role=Role.PUBLISHER, note="标题不全",
                fields={"title": "青山县停车通知"})  # fmt: skip
    assert library.import_files([plain], by="档案员", extract=True).unchanged == 3
    assert library.document(notice.id).title == "青山县停车通知"


def test_two_texts_of_one_name_are_told(library: Library, papers: Path) -> None:
    for name, words in (("甲", "第一条　甲。"), ("乙", "第一条　乙。")):
        (papers / f"{name}.md").write_text(f"# 青山县绿化办法\n\n{words}\n", "utf-8")
    summary = library.import_files([papers], by="档案员")
    assert (summary.imported, len(summary.notices)) == (2, 1)
    (papers / "丙.md").write_text("# 青山县绿化办法\n\n第一条　丙。\n", "utf-8")
    (notice,) = library.import_files([papers], by="档案员").notices
    assert notice.path.endswith("丙.md")
    assert "同名" in notice.reason
    assert "act amend" in notice.reason


def test_the_command_says_what_was_read(run: Run, plain: Path, tmp_path: Path) -> None:  # noqa: F811
    to = ("--released", "--by", "王芳", "--library", tmp_path / "库")
    said = run("import", plain, "--extract", *to)
    assert said.code == 0
    assert "从正文提取 11 项（请核对）：发布机构 3 件" in said.out
    assert "发文字号 1 件" in said.out
    again = run("import", plain, "--extract", *to)
    assert "未变 3 件" in again.out
    assert "也不补登记项" in again.out
    assert "extracted" not in run("import", plain, "--extract", *to, "--json").json


def test_versions_with_one_number_come_both_and_one_has_it(library: Library, papers: Path) -> None:
    amended = NOTICE.replace("有效期5年", "有效期至2027年6月30日").replace("5月20日", "9月20日")
    for name, text in (("旧", NOTICE), ("新", amended)):
        (papers / f"{name}.md").write_text(f"# {text}", "utf-8")
    summary = library.import_files([papers], by="档案员", extract=True)
    assert (summary.imported, summary.refused, summary.extracted["doc_number"]) == (2, [], 1)
    (notice,) = summary.notices
    (holder,) = library.find_number("青政〔2024〕8号")
    assert f"“青政〔2024〕8号”已是“{holder.id}”的" in notice.reason
    again = library.import_files([papers], by="档案员", extract=True)
    assert (again.unchanged, again.notices) == (2, [])
    (papers / "又.md").write_text(f"# {amended}\n附注。\n", "utf-8")
    later = library.import_files([papers / "又.md"], by="档案员", extract=True)
    assert (later.imported, later.refused) == (1, [])
    assert f"已是“{holder.id}”的" in later.notices[0].reason
    assert library.verify() == ()
