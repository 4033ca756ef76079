"""Markdown out of a stranger's hands: safe, readable, in blocks."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.text.markdown import blocks, plain, to_html

TEXT = """# 测试县办法

    第一条 缩进的段落不是代码。

1. 第一项
2. 第二项

| 类别 | 标准 |
|---|---|
| 甲 | 100元 |
"""


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "![x](javascript:alert(1))",
    ],
)
def test_nothing_in_a_text_can_run(attack):
    html = to_html(attack)
    for tag in re.findall(r"<[^>]*>", html):
        assert not re.search(r"script|onerror|data:", tag), html


def test_html_shows_tables_and_links():
    html = to_html(TEXT + "\n[县政府](https://example.gov.cn/)\n")
    assert "<td>100元</td>" in html
    assert 'href="https://example.gov.cn/"' in html
    assert "<code>" not in html


def test_plain_text_keeps_official_numbers_and_drops_marks():
    assert plain("**第一条** 为了[规范](http://a.cn)。") == "第一条 为了规范。"
    assert plain("1. 甲\n2. 乙") == "1.甲\n2.乙"
    assert "甲\t100元" in plain(TEXT)


def test_blocks_say_what_and_where_they_are():
    found = blocks(TEXT)
    kinds = [block.kind for block in found]
    assert kinds == ["heading", "paragraph", "list_item", "list_item", "table_row", "table_row"]
    assert found[0].level == 1
    assert found[1].lines == (2, 3)
    assert found[5].text == "甲\t100元"


@given(st.text(alphabet="#*_[]()<>!`|-\n 第一条a1.") | st.text())
def test_any_text_gives_safe_html_and_blocks(text):
    assert "<script" not in to_html(text).lower()
    lines = text.count("\n") + text.count("\r") + 1
    assert all(0 <= block.lines.start <= block.lines.end <= lines for block in blocks(text))
    assert isinstance(plain(text), str)


def test_importing_markdown_imports_neither_library():
    code = "import sys, policylib.text.markdown; print({'markdown_it', 'nh3'} & set(sys.modules))"
    path = f"import sys; sys.path[:0] = {sys.path!r}; "
    ran = subprocess.run(
        [sys.executable, "-c", path + code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "set()"
