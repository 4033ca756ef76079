"""What comes in from folders and JSONL: every document or a reason, and never a stop in between."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import NotFound, ParseError
from policylib.files.documentfile import MAX_BYTES, FileHeader
from policylib.files.sources import (
    Incoming,
    Refusal,
    count,
    document_files,
    incoming,
    read_organs,
    stable_id,
)

GOOD = '{"id": "好", "title": "青山县办法", "body": "第一条"}'


def taken(path: Path) -> list[Incoming]:
    return [each for each in incoming([path]) if isinstance(each, Incoming)]


def refused(path: Path) -> list[Refusal]:
    return [each for each in incoming([path]) if isinstance(each, Refusal)]


BAD_LINES = (
    ("不是 JSON", b"{title: x}", "不是正确的 JSON"),
    ("断了的 JSON", b'{"title": "x", "body": "', "不是正确的 JSON"),
    ("数组", b'["title", "body"]', "应为 JSON 对象"),
    ("一个词", b'"title"', "应为 JSON 对象"),
    ("NaN", b'{"title": NaN, "body": "x"}', "不合规的值 NaN"),
    ("Infinity", b'{"title": "x", "body": "x", "tags": [-Infinity]}', "不合规的值 -Infinity"),
    ("没有正文", '{"title": "甲"}'.encode(), "缺少正文"),
    ("正文是 null", '{"title": "甲", "body": null}'.encode(), "缺少正文"),
    ("正文是数", '{"title": "甲", "body": 3}'.encode(), "缺少正文"),
    ("正文是空白", '{"title": "甲", "body": " \\n　"}'.encode(), "正文为空"),
    ("正文有 NUL", '{"title": "甲", "body": "x\\u0000y"}'.encode(), "控制字符 U+0000"),
    ("正文有半个字", '{"title": "甲", "body": "x\\ud83d"}'.encode(), "控制字符 U+D83D"),
    ("标题有半个字", b'{"title": "\\ud83d", "body": "x"}', "title"),
    ("没有标题", b'{"body": "x"}', "title"),
    ("标题是 null", b'{"title": null, "body": "x"}', "title"),
    ("标题是数", b'{"title": 12, "body": "x"}', "应为文字"),
    ("标题是大数", b'{"title": ' + b"9" * 6_000 + b', "body": "x"}', "不是正确的 JSON"),
    ("键重复", '{"title": "甲", "title": "乙", "body": "x"}'.encode(), "“title”重复出现"),
    ("不认识的键", '{"title": "甲", "文本": "x", "body": "x"}'.encode(), "不认识的键“文本”"),
    ("日期不对", '{"title": "甲", "released_on": "2024-02-30", "body": "x"}'.encode(), "只有1日至29日"),
    ("日期是数", '{"title": "甲", "released_on": 20217600, "body": "x"}'.encode(), "日期"),
    ("日期是真", '{"title": "甲", "released_on": true, "body": "x"}'.encode(), "日期"),
    ("标识有上级目录", '{"id": "a/../b", "title": "甲", "body": "x"}'.encode(), "“..”"),
    ("嵌套过深", b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b', "body": "x"}', ""),
    ("不是 UTF-8", b'{"title": "\xff\xff", "body": "x"}', "不是 UTF-8"),
)  # fmt: skip


@pytest.mark.parametrize(("case", "line", "told"), BAD_LINES, ids=[c[0] for c in BAD_LINES])
def test_a_bad_line_is_refused_by_its_number_and_the_rest_is_taken(
    tmp_path: Path, case: str, line: bytes, told: str
) -> None:
    path = tmp_path / "批.jsonl"
    path.write_bytes(GOOD.encode() + b"\n\n" + line + b"\n" + GOOD.encode())
    assert [each.path for each in taken(path)] == [f"{path}:1", f"{path}:4"]
    (refusal,) = refused(path)
    assert refusal.path == f"{path}:3"
    assert told in refusal.reason
    assert len(refusal.reason) < 400


def test_bom_blank_lines_and_a_missing_last_newline_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "批.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode() + b"\r\n  \r\n\n" + GOOD.encode())
    assert len(taken(path)) == 2
    assert refused(path) == []
    assert count([path]) == 2


def test_null_and_empty_values_are_absent(tmp_path: Path) -> None:
    path = tmp_path / "批.jsonl"
    row: dict[str, Any] = dict.fromkeys(FileHeader.model_fields)
    row |= {"title": "甲", "body": "x", "doc_number": "", "issuers": None, "relations": None}
    path.write_text(json.dumps(row), "utf-8")
    (item,) = taken(path)
    assert item.header == FileHeader(title="甲")


def test_a_line_of_fifty_megabytes_is_refused_and_the_next_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "批.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"title": "x", "body": "')
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n' + GOOD.encode())
    (refusal,) = refused(path)
    assert refusal.path == f"{path}:1"
    assert "超过 10 MB" in refusal.reason
    assert [each.path for each in taken(path)] == [f"{path}:2"]


def test_gb18030_lines_are_read_with_a_notice(tmp_path: Path) -> None:
    path = tmp_path / "批.jsonl"
    path.write_bytes(GOOD.encode("gb18030"))
    (item,) = taken(path)
    assert item.header.title == "青山县办法"
    assert "GB18030" in str(item.notice)


@given(st.binary(max_size=300))
def test_any_line_gives_documents_or_reasons(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "批.jsonl"
        path.write_bytes(data)
        assert all(each.reason for each in incoming([path]) if isinstance(each, Refusal))


def test_a_folder_is_read_in_a_stable_order_without_hidden_files_links_and_readmes(
    tmp_path: Path,
) -> None:
    for name in ("乙/2.md", "乙/1.MD", "甲.markdown", ".隐藏/x.md", ".x.md", "README.md", "图.png"):
        path = tmp_path / "文件" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# 标题\n正文", "utf-8")
    outside = tmp_path / "外面"
    outside.mkdir()
    (outside / "秘密.md").write_text("# 秘密\n正文", "utf-8")
    (tmp_path / "文件" / "链接").symlink_to(outside, target_is_directory=True)
    (tmp_path / "文件" / "链接.md").symlink_to(outside / "秘密.md")
    (tmp_path / "文件" / "断.md").symlink_to(tmp_path / "没有")
    names = [Path(each.path).name for each in taken(tmp_path / "文件")]
    assert names == ["甲.markdown", "1.MD", "2.md"]
    reasons = {Path(each.path).name: each.reason for each in refused(tmp_path / "文件")}
    assert set(reasons) == {"链接.md", "断.md"}
    assert all("符号链接" in reason for reason in reasons.values())
    assert len(list(document_files([tmp_path / "文件"]))) == 5


def test_a_linked_jsonl_is_not_followed_either(tmp_path: Path) -> None:
    (tmp_path / "外.jsonl").write_text(GOOD, "utf-8")
    folder = tmp_path / "文件"
    folder.mkdir()
    (folder / "链接.jsonl").symlink_to(tmp_path / "外.jsonl")
    assert taken(folder) == []
    assert "符号链接" in refused(folder)[0].reason


def test_a_missing_path_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="找不到"):
        list(incoming([tmp_path, tmp_path / "没有"]))


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "大.md"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    assert "文件过大" in refused(path)[0].reason


def test_an_empty_body_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "空.md"
    path.write_text("---\ntitle: 甲\n---\n\n  \n", "utf-8")
    assert refused(path)[0].reason.startswith("正文为空")


def test_a_document_without_an_id_gets_the_same_one_every_time() -> None:
    assert stable_id(FileHeader(title="甲", id="a/b")) == "a/b"
    assert stable_id(FileHeader(title="甲", doc_number="青政[2024]12号")) == stable_id(
        FileHeader(title="乙", doc_number="青政〔2024〕12号")
    )
    plain = FileHeader(title="甲", issuers=("财政局",), written_on="2024-01-01")
    assert stable_id(plain) == stable_id(plain.model_copy(update={"tags": ("低保",)}))
    assert stable_id(plain) != stable_id(plain.model_copy(update={"title": "乙"}))


BAD_ORGANS = (
    ("- name: 财政局\n- nam: 民政局\n", "第 2 项"),
    ("- name: 财政局\n- 民政局\n", "第 2 项"),
    ("name: 财政局\n", "“- ”开头"),
    ("- name: 财政局\n  credit_code: 123\n", "第 1 项"),
    ("- name: 财政局\n  level: 村\n", "第 1 项"),
)


@pytest.mark.parametrize(("text", "told"), BAD_ORGANS)
def test_a_bad_authority_file_names_the_entry(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "organs.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ParseError, match=told):
        read_organs(path)


def test_a_missing_authority_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="机关名录"):
        read_organs(tmp_path / "没有.yaml")
