"""The header of a file that has none: what its text says for certain, nothing guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.files.documentfile import DocumentFile
from policylib.files.extracting import header_in
from policylib.files.sources import Incoming, Refusal, count, incoming

NOTICE = """青山县人民政府关于印发青山县停车管理办法的通知

青政〔2024〕8号

各乡镇人民政府：

现将《青山县停车管理办法》印发给你们，请认真执行。

青山县人民政府

2024年5月20日

第一条　为规范停车秩序，制定本办法。

第二条　本办法自2024年7月1日起施行，有效期5年。
"""
RULES = """# 青州省湿地条例

（2008年3月28日青州省第十届人民代表大会常务委员会第三次会议通过　2008年4月2日公布{more}）

第一条　为了保护湿地，制定本条例。

第二条　本条例自2008年6月1日起施行。
"""
AMENDED = "　根据2019年9月27日青州省第十二届人民代表大会常务委员会第五次会议《关于修改〈青州省湿地条例〉的决定》修正"


def test_a_notice_says_who_what_and_when() -> None:
    assert header_in(NOTICE) == {
        "title": "青山县人民政府关于印发青山县停车管理办法的通知",
        "doc_number": "青政〔2024〕8号",
        "issuers": ["青山县人民政府"],
        "written_on": date(2024, 5, 20),
        "effective_on": date(2024, 7, 1),
        "term": "5年",
    }


def test_days_of_a_header_are_those_of_the_text_as_it_stands() -> None:
    first, amended = header_in(RULES.format(more="")), header_in(RULES.format(more=AMENDED))
    assert (first["written_on"], first["released_on"], first["effective_on"]) == (
        date(2008, 3, 28), date(2008, 4, 2), date(2008, 6, 1),
    )  # fmt: skip
    assert amended["written_on"] == date(2019, 9, 27)
    assert "released_on" not in amended  # that was the first text
    assert "effective_on" not in amended  # so does its last article
    assert first["issuers"] == amended["issuers"]


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("本办法自公布之日起施行。", {}),
        ("本办法自公布之日起30日后施行。", {}),
        ("本办法自2024年7月起施行。", {}),
        ("本办法施行日期另行公布。", {}),
        ("本办法自2024年7月1日起施行。", {"effective_on": date(2024, 7, 1)}),
        (
            "本办法自2024年7月1日起施行，有效期至2027年6月30日。",
            {"effective_on": date(2024, 7, 1), "expires_on": date(2027, 6, 30)},
        ),
    ],
)
def test_only_fixed_days_are_taken(clause: str, found: dict[str, date]) -> None:
    text = f"# 青山县养犬管理办法\n\n第一条　为规范养犬，制定本办法。\n\n第二条　{clause}\n"
    assert header_in(text) == {"title": "青山县养犬管理办法", **found}


def test_a_head_is_never_overridden() -> None:
    data = f"---\ntitle: 登记的标题\n---\n{NOTICE}"
    parsed = DocumentFile.parse(data, extract=True)
    assert (parsed.header.title, parsed.header.doc_number, parsed.extracted) == (
        "登记的标题",
        None,
        (),
    )


def test_a_heading_is_the_title_also_then() -> None:
    parsed = DocumentFile.parse(f"# 停车通知\n\n{NOTICE}", extract=True)
    assert parsed.header.title == "停车通知"
    assert "title" not in parsed.extracted


def test_without_it_a_file_has_its_title_alone() -> None:
    assert DocumentFile.parse(RULES).header.model_dump(exclude_defaults=True) == {
        "title": "青州省湿地条例"
    }
    with pytest.raises(ParseError, match="没有标题"):
        DocumentFile.parse(NOTICE)


def test_plain_text_in_a_folder_is_read_only_then(tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text(NOTICE, "utf-8")
    (tmp_path / "无题.txt").write_text("只有一句话。\n", "utf-8")
    assert list(incoming([tmp_path])) == []
    refused, found = sorted(incoming([tmp_path], extract=True), key=lambda each: each.path)
    assert isinstance(found, Refusal) is not isinstance(refused, Refusal)
    assert (count([tmp_path]), count([tmp_path], extract=True)) == (0, 2)


def test_an_id_tells_versions_apart_and_stays(tmp_path: Path) -> None:
    def id_of(text: str, *, extract: bool = False) -> str:
        (tmp_path / "甲.md").write_bytes(text.encode())
        (found,) = incoming([tmp_path / "甲.md"], extract=extract)
        assert isinstance(found, Incoming)
        return found.id

    first, amended = RULES.format(more=""), RULES.format(more=AMENDED)
    assert id_of(first) != id_of(amended)
    assert id_of(first) == id_of(first, extract=True) == id_of(first.replace("\n", "\r\n"))
    assert id_of(f"---\ntitle: 甲\ndoc_number: 青政〔2024〕8号\n---\n{NOTICE}") == "青政〔2024〕8号"
    dated = "---\ntitle: 甲\nwritten_on: 2024-05-20\n---\n{}"
    assert id_of(dated.format("正文")) == id_of(dated.format("另一正文"))


@given(
    st.text(
        alphabet="青山县第一条年月日号〔〕（）《》0123456789通知公布施行有效期至 \n#。，",
        max_size=300,
    )
)
def test_any_text_gives_a_header_or_no_title(text: str) -> None:
    try:
        parsed = DocumentFile.parse(text, extract=True)
    except ParseError:
        return
    assert parsed.header.title
    assert set(parsed.extracted) <= set(type(parsed.header).model_fields)
