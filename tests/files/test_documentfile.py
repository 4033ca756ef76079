"""A clerk's files: read as they are, written back to the byte, and refused with a clear reason."""

from __future__ import annotations

import codecs
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.bad_heads import BAD_HEADS

from policylib.errors import ParseError
from policylib.files import head
from policylib.files.documentfile import MAX_BYTES, DocumentFile

HAN = st.text(
    "青山县人民政府办公室关于印发高龄津贴办法的通知第一条〇〔〕《》、", min_size=1, max_size=12
)
VALUES = {
    "id": st.sampled_from(
        [
            "laws/行政法规/地图管理条例(2015-11-26).md",
            "'gov_policy/documents.jsonl#http://www.gov.cn/x.htm'",
            "青政〔2024〕12号",
        ]
    ),
    "doc_number": st.sampled_from(["青政办〔2024〕12号", '"青政发[2023]4号"', "不编号"]),
    "index_number": st.sampled_from(["11349921MB0001/2024-00012", "AB-2024-1"]),
    "issuers": st.sampled_from(
        [
            "[青山县人民政府, 青山县财政局]",
            "青山县人民政府",
            "\n  - 青山县人民政府   # 主办\n  - 财政局",
        ]
    ),
    "kind": HAN,
    "form": HAN,
    "themes": st.sampled_from([r"[民政、扶贫、救灾\其他]", "[]", "\n- 综合政务"]),
    "tags": st.sampled_from(["[ 高龄 ,低保 ]", "高龄", "~", ""]),
    "written_on": st.sampled_from(
        ["2024-07-01", "2024年7月1日", "'2024/7/1'", "二〇二四年七月一日"]
    ),
    "released_on": st.sampled_from(["2024-07-02", "2024.7.2  # 公开发布之日"]),
    "effective_on": st.sampled_from(["2024-08-01", "null"]),
    "expires_on": st.sampled_from(["2029-07-31", '"2029-07-31"']),
}
SPACE = st.sampled_from([" ", "   ", " \t"])
BETWEEN = st.sampled_from(["", "# 由办公室填写\n", "\n", "  # 缩进的注: 释\n", "#\n\n"])


@st.composite
def files(draw: st.DrawFn) -> bytes:
    keys = draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True))
    keys.insert(draw(st.integers(0, len(keys))), "title")
    lines = [draw(BETWEEN)]
    for key in keys:
        value = draw(HAN if key == "title" else VALUES[key])
        name = draw(st.sampled_from([key, key, f'"{key}"', f"{key} "]))
        gap = "" if value.startswith("\n") else draw(SPACE)
        lines.append(f"{name}:{gap}{value}{draw(st.sampled_from(['', ' ', '  # 注']))}\n")
        lines.append(draw(BETWEEN))
    close = draw(st.sampled_from(["---\n", "---  \n", "---"]))
    body = (
        ""
        if close == "---"
        else draw(st.text(st.sampled_from("第一条　正文# -\n\t😀\f"), max_size=40))
    )
    text = f"---\n{''.join(lines)}{close}{body}"
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
    return text.encode(encoding)


@given(files())
def test_a_file_comes_back_to_the_byte(data: bytes) -> None:
    assert DocumentFile.parse(data).to_bytes() == data


@given(files(), st.sampled_from(["title", "kind", "tags", "released_on", "drafter"]))
def test_setting_a_key_rewrites_that_key_alone(data: bytes, key: str) -> None:
    before = DocumentFile.parse(data)
    value = {"tags": ("低保", "救助: 急难"), "released_on": date(2024, 7, 5)}.get(
        key, "新的#值: 甲"
    )
    after = DocumentFile.parse(before.with_fields(**{key: value}).to_bytes())
    assert getattr(after.header, key) == value
    unchanged = after.header.model_copy(update={key: getattr(before.header, key)})
    assert unchanged == before.header
    assert after.body == before.body
    assert (after.encoding, after.bom, after.closing) == (
        before.encoding,
        before.bom,
        before.closing,
    )
    assert before.head is not None
    assert after.head is not None
    old, new = (
        [(name, lines) for name, lines in head.split_keys(text) if name != key]
        for text in (before.head, after.head)
    )
    assert [each for each in new if each[0]] == [each for each in old if each[0]]
    assert after.head.count("\n") == after.head.count("\r\n") or "\r\n" not in before.opening


@given(files())
def test_setting_a_key_to_what_it_was_and_taking_it_out_again_still_reads(data: bytes) -> None:
    file = DocumentFile.parse(data)
    assert file.with_fields(drafter="财政局").with_fields(drafter=None).header == file.header
    without = DocumentFile.parse(file.with_fields(released_on=None).to_bytes())
    assert without.header.released_on is None


def test_comments_and_order_stay_where_they_are() -> None:
    text = (
        "---\n# 本文件由办公室登记\ntitle: 旧标题\n# 文号由机要室填\n\n"
        "doc_number: 青政〔2024〕1号 # 已核\nkind: 通知\n---\n正文\n"
    )
    changed = DocumentFile.parse(text).with_fields(title="新标题").to_bytes().decode()
    assert changed == text.replace("旧标题", "新标题")
    gone = DocumentFile.parse(text).with_fields(kind=None).to_bytes().decode()
    assert gone == text.replace("kind: 通知\n", "")


@pytest.mark.parametrize(
    "text",
    [
        '---\n{title: 旧, "kind": 通知}\n---\n正文',
        "---\n  title: 旧\n  kind: 通知\n---\n正文",
        '---\n"title": 旧\nkind: 通知\n---\n正文',
        "---\n? title\n: 旧\nkind: 通知\n---\n正文",
        '---\ntitle: "旧\nkind: 函"\nkind: 通知\n---\n正文',
        "---\ntitle: |\n  旧\n  # 不是注释\nkind: 通知\n---\n正文",
    ],
)
def test_however_a_head_is_written_a_key_can_be_set(text: str) -> None:
    changed = DocumentFile.parse(DocumentFile.parse(text).with_fields(title="新").to_bytes())
    assert changed.header.title == "新"
    assert changed.header.kind == "通知"
    assert changed.body == "正文"


def test_a_file_without_a_head_takes_its_title_from_the_heading_and_can_get_one() -> None:
    file = DocumentFile.parse("# 青山县高龄津贴办法\r\n\r\n第一条　……\r\n")
    assert file.header.title == "青山县高龄津贴办法"
    again = DocumentFile.parse(file.with_fields(title="办法", kind="通知").to_bytes())
    assert (again.header.title, again.header.kind) == ("办法", "通知")
    assert again.body == file.body


@pytest.mark.parametrize("line", ["# 办法", "#\t办法  ", "# 办法 ##\r", "# 办法" + " " * 4_000])
def test_the_heading_may_be_closed_and_spaced(line: str) -> None:
    assert DocumentFile.parse(f"\n{line}\n正文").header.title == "办法"


def test_a_new_file_is_built_in_the_order_of_the_schema() -> None:
    file = DocumentFile.build(
        {"released_on": "2024-07-01", "title": "办法: 甲", "id": "a/b.md", "tags": ["高龄"]}, "正文"
    )
    assert file.to_bytes().decode() == (
        "---\nid: a/b.md\ntitle: '办法: 甲'\ntags:\n- 高龄\nreleased_on: 2024-07-01\n---\n\n正文"
    )
    assert DocumentFile.parse(file.to_bytes()) == file


@pytest.mark.parametrize(
    "id",
    [
        "laws/行政法规/地图管理条例(2015-11-26).md",
        "gov_policy/documents.jsonl#http://www.gov.cn/x.htm",
        "青政〔2024〕12号",
        "a b  c",
        "%2e%2e/…",
    ],
)
def test_an_id_is_kept_as_it_is(id: str) -> None:
    file = DocumentFile.build({"id": id, "title": "甲"}, "正文")
    assert DocumentFile.parse(file.to_bytes()).header.id == id


def test_every_agreed_key_is_known_and_only_the_title_must_be_there() -> None:
    agreed = (
        "id,title,doc_number,index_number,issuers,kind,form,themes,tags,"
        "written_on,released_on,effective_on,expires_on"
    )
    header = DocumentFile.parse("---\ntitle: 甲\n---\n").header
    assert set(agreed.split(",")) <= set(type(header).model_fields)
    assert header.model_dump(exclude_defaults=True) == {"title": "甲"}


def test_one_word_is_a_list_of_one_and_repeats_go() -> None:
    header = DocumentFile.parse(
        "---\ntitle: 甲\nissuers: 财政局\ntags: [高龄, 低保, 高龄]\n---\n"
    ).header
    assert header.issuers == ("财政局",)
    assert header.tags == ("高龄", "低保")


@pytest.mark.parametrize(("case", "text", "told"), BAD_HEADS, ids=[c[0] for c in BAD_HEADS])
def test_a_bad_head_is_refused_in_chinese(case: str, text: str, told: tuple[str, ...]) -> None:
    with pytest.raises(ParseError) as error:
        DocumentFile.parse(f"---\n{text}\n---\n正文\n".encode())
    message = str(error.value)
    assert all(words in message for words in told), message
    assert len(message) < 500


BAD_FILES = (
    ("不是文字", b"\x89PNG\r\n\x1a\n\x00\xff\xfe\xff", "既不是 UTF-8 也不是 GB18030"),
    ("UTF-16", "---\ntitle: 甲\n---\n".encode("utf-16"), "UTF-16"),
    ("UTF-16 没有标记", "---\ntitle: 甲\n---\n".encode("utf-16-le"), "UTF-16"),
    ("文件头没有结束", "---\ntitle: 甲\n\n第一条".encode(), "没有结束"),
    ("文件头太长", b"---\ntitle: a\n" + b"# x\n" * 60_000 + b"---\n", "没有结束"),
    ("正文有控制字符", "---\ntitle: 甲\n---\n第一条\n第\x08二条".encode(), "第 5 行含有控制字符 U+0008"),
    ("文件头有控制字符", "---\ntitle: 甲\x00乙\n---\n".encode(), "第 2 行含有控制字符 U+0000"),
    ("过大", b"# t\n" + b"x" * MAX_BYTES, "文件过大（10.0 MB"),
    ("空文件", b"", "没有标题"),
    ("只有正文", "第一条　为了……".encode(), "没有标题"),
)  # fmt: skip


@pytest.mark.parametrize(("case", "data", "told"), BAD_FILES, ids=[c[0] for c in BAD_FILES])
def test_a_bad_file_is_refused_in_chinese(case: str, data: bytes, told: str) -> None:
    with pytest.raises(ParseError) as error:
        DocumentFile.parse(data, name="甲.md")
    assert told in str(error.value)


def test_half_characters_are_refused_in_text_given_as_text() -> None:
    with pytest.raises(ParseError, match="控制字符 U\\+D800"):
        DocumentFile.parse("---\ntitle: 甲\n---\n\ud800")


@pytest.mark.parametrize(
    "change", [{"titel": "甲"}, {"released_on": "2024-13-01"}, {"title": None}]
)
def test_a_wrong_change_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ParseError):
        DocumentFile.parse("---\ntitle: 甲\n---\n正文").with_fields(**change)


def test_gb18030_is_read_with_a_notice_and_utf8_without() -> None:
    text = "---\ntitle: 青山县办法\n---\n正文"
    assert "GB18030" in str(DocumentFile.parse(text.encode("gb18030")).notice)
    assert DocumentFile.parse(text.encode()).notice is None
    assert DocumentFile.parse(codecs.BOM_UTF8 + text.encode()).notice is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_to_the_byte_or_refused(data: bytes) -> None:
    try:
        file = DocumentFile.parse(b"# t\n" + data)
    except ParseError:
        return
    assert file.to_bytes() == b"# t\n" + data


@given(st.text(max_size=200))
def test_any_head_is_read_or_refused(text: str) -> None:
    try:
        file = DocumentFile.parse(f"---\n{text}\n---\n正文")
    except ParseError:
        return
    assert file.header.title
