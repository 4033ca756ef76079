"""Showing what a revision changed: on a terminal, on a page, in Markdown and in Word."""

import io
import re
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from textwrap import dedent
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from policylib.errors import ParseError
from policylib.reports.redline import Marks, Style, laid_out, markdown, plain, shown, terminal
from policylib.reports.redline_docx import to_docx
from policylib.reports.redline_html import Layout, to_html
from policylib.text.comparing import compare, units

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
AT = datetime(2024, 7, 1, 9, 30, tzinfo=UTC)

OLD = dedent("""\
    # 青山县临时救助办法

    第一条 为了做好临时救助工作，制定本办法。

    第二条 本办法适用于本县居民。

    第三条 临时救助坚持公开、公平、公正原则。

    第四条 每户每次救助标准为600元。

    第五条 乡镇人民政府负责受理申请。

    第六条 县民政局负责监督检查工作。

    第七条 本办法由县民政局负责解释。
    """)
NEW = OLD.replace("600元", "900元").replace("受理申请。", "受理、审核申请。")
HOSTILE = (
    "第一条 <script>alert(1)</script>&amp;\"'\n",
    "第一条 ]]><!-- </main> --><svg onload=x>\n",
    "第一条 \x1b[31m红\x07\x00\u202e倒写\u202c\x9b\n",
    "第一条 *粗* `码` [链](javascript:x) # 一\n    1. 甲\n",
    "第一条 带\ufffe\uffff怪字符\ud800的\tTab\r\n第二行\r第三行\n",
    "</ins></del></td>\n",
)
TEXTS = st.one_of(
    st.text(st.characters(), max_size=120),
    st.lists(
        st.sampled_from(
            ("第一条 ", "第二条 ", "\n", "\r\n", "\r", "\t", "每月60元", "每月90元", "。", "一、",
             "</ins>", "<b>", "&", "\x00", "\x1b[1m", "\ud800", "\ufffe", "县民政局负责", " ")
        ),
        max_size=40,
    ).map("".join),
)  # fmt: skip


# -- Word -----------------------------------------------------------------------------------------


def document_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read("word/document.xml"))


def said(part):
    if part.tag == f"{W}tab":
        return "\t"
    return part.text if part.tag in {f"{W}t", f"{W}delText"} else ""


def text_of(data, *, accept):
    """What the file says when every revision is accepted, or rejected, as Word would have it."""
    away = f"{W}del" if accept else f"{W}ins"
    words = []
    body = document_of(data).find(f"{W}body")
    for paragraph in body.findall(f"{W}p"):
        for child in paragraph:
            if child.tag not in {away, f"{W}pPr"}:
                words.extend(said(part) for part in child.iter())
        mark = paragraph.find(f"{W}pPr/{W}rPr/{away}")
        words.append("" if mark is not None else "\n")
    assert words.pop() == "\n"  # the last paragraph has no line end in the text
    return "".join(words)


def word(before, after):
    return to_docx(compare(before, after), author="青山县司法局 李四", at=AT)


def test_all_changes_accepted_the_file_has_the_new_text_and_rejected_the_old_one():
    data = word(OLD, NEW)
    assert text_of(data, accept=True) == NEW
    assert text_of(data, accept=False) == OLD


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS)
def test_that_holds_for_any_two_texts(before, after):
    data = word(before, after)
    assert text_of(data, accept=True) == shown(after)
    assert text_of(data, accept=False) == shown(before)


def test_lines_that_come_and_go_take_their_paragraphs_along():
    after = OLD.replace("第三条 临时救助坚持公开、公平、公正原则。\n\n", "").replace(
        "第五条", "第四条之一 可以委托代办。\n\n第五条"
    )
    data = word(OLD, after)
    marks = [
        mark.tag
        for paragraph in document_of(data).iter(f"{W}p")
        for mark in paragraph.findall(f"{W}pPr/{W}rPr/*")
    ]
    assert set(marks) == {f"{W}ins", f"{W}del"}
    assert text_of(data, accept=True) == after
    assert text_of(data, accept=False) == OLD


def test_every_revision_has_its_own_number_an_author_and_a_date():
    marks = [each for tag in ("ins", "del") for each in document_of(word(OLD, NEW)).iter(W + tag)]
    assert len(marks) == len({mark.get(f"{W}id") for mark in marks}) == 3
    assert {mark.get(f"{W}author") for mark in marks} == {"青山县司法局 李四"}
    assert {mark.get(f"{W}date") for mark in marks} == {"2024-07-01T09:30:00Z"}


def test_deleted_words_are_deleted_text_and_nothing_else_is():
    root = document_of(word(OLD, NEW))
    inside = {id(part) for mark in root.iter(f"{W}del") for part in mark.iter(f"{W}delText")}
    assert inside == {id(part) for part in root.iter(f"{W}delText")} != set()
    assert not [part for mark in root.iter(f"{W}del") for part in mark.iter(f"{W}t")]


def test_the_file_opens_in_python_docx_with_chinese_fonts_and_the_page_of_the_standard():
    import docx
    from docx.oxml.ns import qn

    document = docx.Document(io.BytesIO(word(OLD, NEW)))
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋"
    assert document.paragraphs[0].style.name == "文件标题"
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert page.page_width.mm - page.left_margin.mm - page.right_margin.mm == pytest.approx(
        156, abs=0.1
    )


def test_equal_arguments_give_equal_bytes_and_an_author_is_needed():
    assert word(OLD, NEW) == word(OLD, NEW)
    with pytest.raises(ParseError, match="修订人"):
        to_docx(compare(OLD, NEW), author=" \n", at=AT)


# -- pages ----------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The texts of a page's passages, with what is gone and what is new."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.old, self.new = [], [], [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.open.append((tag, dict(attrs).get("class")))
        if tag in {"meta", "col"}:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if ("div", "text") in self.open:
            tags = [tag for tag, _ in self.open]
            if "ins" not in tags:
                self.old.append(data)
            if "del" not in tags:
                self.new.append(data)


def test_the_page_in_one_column_has_both_texts():
    page = Page(to_html(compare(OLD, NEW), title="青山县临时救助办法"))
    assert "".join(page.old) == OLD
    assert "".join(page.new) == NEW
    assert page.open == []


def test_side_by_side_each_text_stands_in_its_column():
    source = to_html(compare(OLD, NEW), layout=Layout.COLUMNS, context=None)
    cells = re.findall(r"<td>(.*?)</td>", source, re.DOTALL)
    assert [Page(cell).old for cell in cells[::2]]
    assert "".join("".join(Page(cell).old) for cell in cells[::2]) == OLD
    assert "".join("".join(Page(cell).new) for cell in cells[1::2]) == NEW
    assert not any("<ins>" in cell for cell in cells[::2])
    assert not any("<del>" in cell for cell in cells[1::2])
    assert '<th scope="col">修改前</th>' in source
    assert '<th scope="row">修改：第四条</th>' in source


def test_the_page_is_chinese_light_and_dark_and_asks_nobody_for_anything():
    source = to_html(compare(OLD, NEW))
    assert '<html lang="zh-CN">' in source
    assert "prefers-color-scheme:dark" in source
    assert "default-src 'none'" in source
    assert not re.search(r"https?:|src=|@import|url\(|<script", source)
    assert "<del>600元</del><ins>900元</ins>" in source
    assert "标题至第二条未变，共3处" in source


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("body", HOSTILE)
def test_no_body_becomes_markup_of_the_page(body, layout):
    allowed = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "div",
               "section", "details", "summary", "table", "caption", "colgroup", "col", "thead",
               "tbody", "tr", "th", "td", "ins", "del"}  # fmt: skip
    for before, after in ((OLD, body), (body, OLD), (body, body + "又")):
        source = to_html(compare(before, after), title=body, names=(body, body), layout=layout)
        page = Page(source)
        assert set(page.tags) <= allowed
        assert page.open == []
        assert source.encode("utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", source)


@given(TEXTS, TEXTS)
def test_the_page_has_any_two_texts(before, after):
    page = Page(to_html(compare(before, after)))
    assert "".join(page.old) == shown(before)
    assert "".join(page.new) == shown(after)


# -- terminal and plain text ----------------------------------------------------------------------


def test_a_terminal_shows_what_changed_and_a_little_around_it():
    found = terminal(compare(OLD, NEW))
    assert found[0] == (Style.SUMMARY, "修改2处，不变6处\n")
    assert (Style.GONE, "600元") in found
    assert (Style.NEW, "900元") in found
    folded = [text for style, text in found if style is Style.FOLDED]
    assert folded == ["……（标题至第二条未变，共3处）\n", "……（第七条未变）\n"]


def test_nothing_is_folded_when_all_is_asked_for():
    found = terminal(compare(OLD, NEW), context=None)
    assert not [text for style, text in found if style is Style.FOLDED]
    assert "第七条 本办法由县民政局负责解释。" in "".join(text for _, text in found)


def test_many_new_numbers_are_told_in_one_line():
    numbers = "二三四五六七八"
    after = OLD
    for old, new in reversed(list(pairwise(numbers))):
        after = after.replace(f"第{old}条", f"第{new}条")
    after = after.replace("第三条 本办法适用", "第二条 救助应当及时。\n\n第三条 本办法适用")
    assert "第三条至第七条改为第四条至第八条，文字未变，共5处" in plain(compare(OLD, after))


def test_plain_text_marks_what_is_gone_and_new():
    assert "标准为【删：600元】【增：900元】。" in plain(compare(OLD, NEW))
    assert "标准为[-600元-]{+900元+}。" in plain(compare(OLD, NEW), marks=Marks.ASCII)


def test_a_moved_provision_is_shown_at_both_places():
    words = ("县民政局负责监督检查。", "乡镇人民政府负责受理申请。", "申请材料应当真实、完整。")
    before = "".join(f"第{at}条 {each}\n" for at, each in zip("一二三", words, strict=True))
    moved = (*words[1:], words[0])
    after = "".join(f"第{at}条 {each}\n" for at, each in zip("一二三", moved, strict=True))
    found = plain(compare(before, after))
    assert "移动：第一条（移至第三条）" in found
    assert "【删：第一条 县民政局负责监督检查。】" in found
    assert "移动：第三条（由第一条移来）" in found


def test_long_unchanged_words_beside_an_edit_are_shortened():
    long = "申请人应当如实申报家庭收入和财产状况，" * 30
    found = plain(compare(f"第一条 {long}共60元。", f"第一条 {long}共90元。"))
    assert re.search(r"……（略\d+字）……", found)
    assert len(found) < 300


@pytest.mark.parametrize("body", HOSTILE)
def test_no_text_can_steer_the_terminal(body):
    for context in (1, None):
        found = plain(compare(OLD, body), context=context)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]", found)


@given(TEXTS, TEXTS)
def test_any_two_texts_have_a_plain_redline_and_a_markdown_one(before, after):
    found = compare(before, after)
    assert plain(found).encode("utf-8").endswith(b"\n")
    assert markdown(found).encode("utf-8").endswith(b"\n")


def test_equal_texts_say_so():
    assert plain(compare(OLD, OLD)).startswith("两份文本的文字没有变动")


# -- Markdown -------------------------------------------------------------------------------------


def test_markdown_has_deleted_and_inserted_words():
    made = MarkdownIt("commonmark").render(markdown(compare(OLD, NEW), title="救助办法"))
    assert "标准为<del>600元</del><ins>900元</ins>。" in made
    assert "<h2>修改：第四条</h2>" in made


@pytest.mark.parametrize("body", HOSTILE)
def test_no_body_becomes_markup_of_the_markdown(body):
    made = MarkdownIt("commonmark").render(markdown(compare(OLD, body + "又"), title=body))
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", made))
    assert tags <= {"h1", "h2", "p", "del", "ins"}


@given(TEXTS, TEXTS)
def test_markdown_is_only_headings_paragraphs_and_marks(before, after):
    made = MarkdownIt("commonmark").render(markdown(compare(before, after)))
    assert set(re.findall(r"<([a-z][a-z0-9]*)", made)) <= {"h1", "h2", "p", "del", "ins"}
    assert made.count("<del>") == made.count("</del>")


def test_a_text_laid_out_has_the_same_provisions() -> None:
    text = "# 某县停车办法\n\n## 第一章　总则\n\n第一条　甲。\n\n\n（一）乙。\n"
    assert laid_out(text) == "某县停车办法\n第一章　总则\n第一条　甲。\n（一）乙。\n"
    places = [each.locator for each in units(text)]
    assert [each.locator for each in units(laid_out(text))] == places
