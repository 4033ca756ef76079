"""The life of a document on one line: what stands where, and a drawing that holds all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.life import ID, whole_life
from tests.library.office import day, draft, released

from policylib import Document, Library, Stage, Timeline, Validity
from policylib.reports.drawing import wrap
from policylib.reports.timeline import _WITHOUT_EFFECT, Entry, Lane, timeline
from policylib.workflow.validity import WITHOUT_EFFECT

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>&amp;\"'",
    "]]><!-- <b>粗</b> --><svg onload=x>",
    "关于" + "很长的题目" * 90,
    "W" * 400,
    "）" * 300,
    "👨‍👩‍👧‍👦👍🏽🎉🇨🇳" * 20,
    "e\u0301\u0302" * 40 + "\u202e倒写\u202c",
    "带\ufffe\uffff怪字符\ud800的",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    (tmp_path / "文件").mkdir()
    with whole_life(tmp_path / "文件库", tmp_path / "文件") as made:
        yield made


def rows(found: Timeline) -> list[tuple[str, str, str]]:
    return [(str(e.day), e.lane, e.title) for e in found.entries]


def words(svg: str) -> list[str]:
    """The texts of a drawing, each block whole."""
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def of(title: str = "办法", entries: tuple[Entry, ...] = ()) -> Timeline:
    return Timeline("甲", title, None, date(2026, 1, 1), "现行有效", entries)


# -- what stands where --------------------------------------------------------------------------


def test_a_whole_life_in_order_of_days(library: Library) -> None:
    found = library.timeline(ID)
    assert rows(found) == [
        ("2024-03-02", "办理", "起草"),
        ("2024-03-02", "文本", "草稿"),
        ("2024-03-05", "办理", "改稿"),
        ("2024-03-05", "办理", "审核"),
        ("2024-03-20", "日期", "成文"),
        ("2024-03-20", "办理", "签发"),
        ("2024-03-25", "办理", "公布"),
        ("2024-03-25", "文本", "公布的文本"),
        ("2024-03-25", "时效", "尚未施行"),
        ("2024-03-25", "关系", "依据"),
        ("2024-03-27", "关系", "解读"),
        ("2024-05-01", "时效", "现行有效"),
        ("2026-02-15", "关系", "相关"),
        ("2026-03-02", "办理", "修改"),
        ("2026-07-01", "文本", "修改后的文本"),
        ("2026-07-01", "关系", "修改"),
        ("2029-05-01", "时效", "失效"),
    ]
    assert (found.on, found.validity) == (day("2026-03-02"), "现行有效")
    said = {entry.title: entry for entry in found.entries}
    assert said["依据"].text == "本文件 → 皖政〔2020〕3号 第十二条"
    assert said["解读"].text == "《高龄津贴政策解读》 → 本文件"
    assert said["签发"].by == "签发人 陈静"
    assert said["改稿"].note == "领导口头同意"
    assert said["修改后的文本"].document == "修改决定"


def test_what_is_coming_depends_on_the_day(library: Library) -> None:
    def coming(on: str) -> list[str]:
        found = library.timeline(ID, on=day(on))
        return [entry.title for entry in found.entries if found.is_coming(entry)]

    assert coming("2026-03-02") == ["修改后的文本", "修改", "失效"]
    assert coming("2026-07-01") == ["失效"]
    assert coming("2029-05-01") == []


def test_an_imported_document_is_as_old_as_its_own_dates(library: Library, tmp_path: Path) -> None:
    released(library, tmp_path / "文件", "老文件", written_on="2011-05-01", released_on="2011-05-03",
             expires_on="2016-05-02")  # fmt: skip
    found = library.timeline("老文件")
    assert rows(found) == [
        ("2011-05-01", "日期", "成文"),
        ("2011-05-03", "日期", "发布"),
        ("2011-05-03", "文本", "公布的文本"),
        ("2011-05-03", "时效", "现行有效"),
        ("2016-05-03", "时效", "失效"),
        ("2026-03-02", "办理", "导入"),
    ]


def test_a_draft_and_what_has_no_day(library: Library, tmp_path: Path) -> None:
    ties = [{"kind": "相关", "target": ID}]
    draft(library, tmp_path / "文件", "草案", relations=ties)
    assert rows(library.timeline("草案")) == [
        ("2026-03-02", "办理", "起草"),
        ("2026-03-02", "文本", "草稿"),
        ("2026-03-02", "时效", "未公布"),
        ("None", "关系", "相关"),
    ]
    there = [e for e in library.timeline(ID).entries if e.document == "草案"]
    assert [(e.day, e.text) for e in there] == [(None, "《青山县草案管理办法》（未公布） → 本文件")]
    assert "日期未载明" in words(library.timeline("草案").to_svg())


def test_a_document_alone_is_a_timeline_too() -> None:
    document = Document(id="甲", title="甲办法", stage=Stage.RELEASED)
    found = timeline(document, on=date(2026, 1, 1), validity=Validity.IN_FORCE)
    assert found.entries == ()
    assert "甲办法" in words(found.to_svg())


def test_as_plain_values(library: Library) -> None:
    found = library.timeline(ID).as_dict()
    assert (found["id"], found["on"], found["validity"]) == (ID, "2026-03-02", "现行有效")
    assert found["entries"][0] == {
        "day": "2024-03-02",
        "at": "2024-03-02T09:00:00+08:00",
        "coming": False,
        "lane": "办理",
        "title": "起草",
        "text": "",
        "by": "起草人 李明",
    }


# -- the drawing --------------------------------------------------------------------------------


def test_the_drawing_holds_every_word(library: Library) -> None:
    found = library.timeline(ID)
    drawn = words(found.to_svg())
    for entry in found.entries:
        assert {str(entry.day), entry.lane, entry.title} <= set(drawn)
        assert not entry.text or entry.text in drawn
        assert not entry.by or f"经办：{entry.by}" in drawn
        assert not entry.note or f"备注：{entry.note}" in drawn
    assert {"截至 2026-03-02", "今后", ID, "青政〔2024〕5号"} <= set(drawn)


def test_the_drawing_is_named_stands_alone_and_is_the_same_again(library: Library) -> None:
    svg = library.timeline(ID).to_svg()
    assert svg == library.timeline(ID).to_svg()
    root = ElementTree.fromstring(svg)
    ids = {each.get("id"): each.text for each in root if each.get("id")}
    named = (root.get("aria-labelledby") or "").split()
    assert [ids[name] for name in named] == [
        "时间线：青山县高龄津贴发放办法",
        "共 17 项，其中今后 3 项；2026-03-02：现行有效",
    ]
    assert root.get("role") == "graphics-document document"
    assert len([g for g in root.iter(f"{SVG}g") if g.get("role") == "listitem"]) == 17
    assert "prefers-color-scheme:dark" in svg
    assert "Noto Sans CJK SC" in svg
    outside = re.sub(r'xmlns="http://www\.w3\.org/2000/svg"', "", svg)
    assert not re.search(r"https?:|url\(|href|@import|<script|<image|<foreignObject", outside)


def test_coming_entries_are_drawn_apart(library: Library) -> None:
    svg = library.timeline(ID).to_svg()
    assert svg.count('class="mark') == 17
    assert len(re.findall(r'class="mark \w+ coming"', svg)) == 3
    assert svg.count('class="later"') == 1
    late = library.timeline(ID, on=day("2030-01-01")).to_svg()
    assert "coming" not in late.partition("</style>")[2]


def test_it_grows_with_the_entries() -> None:
    def height(count: int) -> int:
        entry = Entry(date(2025, 1, 1), Lane.ACT, "审核", "说明" * 40)
        root = ElementTree.fromstring(of(entries=(entry,) * count).to_svg())
        assert (root.get("viewBox") or "").split()[3] == root.get("height")
        lowest = max(float(each.get("y") or 0) for each in root.iter(f"{SVG}tspan"))
        assert lowest < int(root.get("height") or 0)
        return int(root.get("height") or 0)

    heights = [height(count) for count in (0, 1, 10, 400)]
    assert heights == sorted(set(heights))


@pytest.mark.parametrize(
    "hostile", HOSTILE, ids=lambda text: text[:6].encode("ascii", "replace").decode()
)
def test_hostile_words_stay_words(hostile: str) -> None:
    document = Document.model_construct(
        **{**Document(id="甲", title="甲").model_dump(), "title": hostile, "doc_number": None}
    )
    found = timeline(document, on=date(2026, 1, 1), validity=Validity.UNRELEASED)
    root = ElementTree.fromstring(found.to_svg())
    expected = re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", hostile)
    assert found.title == expected
    assert expected in words(found.to_svg())
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "path", "circle", "g", "text", "tspan"}
    for span in root.iter(f"{SVG}tspan"):
        assert len(span.text or "") <= 700


# -- breaking lines -----------------------------------------------------------------------------


@given(st.text(max_size=120), st.floats(2, 40))
def test_broken_lines_are_the_text(text: str, width: float) -> None:
    lines = wrap(text, width)
    assert "".join(lines) == text
    assert all(lines) or lines == [""]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("甲乙丙丁戊己", ["甲乙丙丁", "戊己"]),
        ("甲乙丙丁，己", ["甲乙丙", "丁，己"]),
        ("甲乙丙《丁》", ["甲乙丙", "《丁》"]),
        ("见2024年度", ["见2024", "年度"]),
        ("on a hill", ["on a ", "hill"]),
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", ["👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"]),
        ("", [""]),
    ],
)
def test_where_lines_break(text: str, lines: list[str]) -> None:
    assert wrap(text, 4) == lines


def test_what_bears_on_no_validity_is_the_same_in_both_places() -> None:
    assert _WITHOUT_EFFECT == WITHOUT_EFFECT  # the layers do not know each other
