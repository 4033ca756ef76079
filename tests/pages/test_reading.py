"""Reading government pages: many shapes, real pages, damaged and hostile ones."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.model.vocabulary import Validity
from policylib.pages.charset import decode
from policylib.pages.heading import validity_of
from policylib.pages.normal import normal_form
from policylib.pages.page import Page, read_page

from .shapes import BODY, PARAGRAPHS, SHAPES, TITLE, P, page

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
URL = "https://zhuxi.example.gov.cn/public/1/2.html"
real = pytest.mark.skipif(not DATA.is_dir(), reason="the third-party pages are not here")


def attempt(html) -> tuple[Page | None, str]:
    """The page, or why it is refused."""
    try:
        return read_page(html), ""
    except ParseError as error:
        return None, str(error)


@pytest.mark.parametrize("name", SHAPES)
def test_a_page_of_any_shape_gives_its_header_and_its_text(name):
    shape = SHAPES[name]
    read = read_page(shape.html.encode(shape.charset), url=URL)
    found = read.as_dict()
    assert {key: found[key] for key in shape.fields} == shape.fields
    assert read.body == shape.body
    assert [each.name for each in read.attachments] == shape.attachments
    assert shape.source is None or found["source_url"] == shape.source
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found


def test_nothing_of_the_site_is_in_the_text():
    for shape in SHAPES.values():
        body = read_page(shape.html).body
        for word in (
            "浏览次数",
            "版权所有",
            "上一篇",
            "首页",
            "打印",
            "备案",
            "扫一扫",
            "内部审核",
        ):
            assert word not in body


@real
def test_real_pages_give_the_header_of_the_official_table():
    truth = {
        row["source_url"]: row
        for line in (DATA / "labels/gov_headers.jsonl").read_text(encoding="utf-8").split("\n")
        if line and (row := json.loads(line))
    }
    pages = sorted((DATA / "gov_policy/html").glob("*.html"))
    right = dict.fromkeys(
        [
            "title",
            "doc_number",
            "issuer",
            "written_date",
            "publish_date",
            "topic",
            "index_number",
            "body",
        ],
        0,
    )
    for path in pages:
        text = (DATA / "gov_policy/md" / f"{path.stem}.md").read_text(encoding="utf-8")
        row = truth[re.search(r"source_url: (\S+)", text)[1]]
        read = read_page(path.read_bytes(), url=row["source_url"])
        found = read.as_dict()
        right["title"] += found["title"] == row["title"]
        right["doc_number"] += found["doc_number"] == row["doc_number"]
        right["issuer"] += "、".join(found["issuers"]) == row["issuer"]
        right["written_date"] += found["written_on"] == row["written_date"]
        right["publish_date"] += found["released_on"] == row["publish_date"]
        right["topic"] += "；".join(found["themes"]) == row["topic"]
        right["index_number"] += found["index_number"] == row["index_number"]
        right["body"] += normal_form(read.body) == normal_form(row["text"])
    assert len(pages) == 60
    assert min(right.values()) >= 59, right


def test_the_encoding_is_what_the_bytes_say_not_what_is_declared():
    html = page(f"<h1>{TITLE}</h1><div id=zoom>{P}</div>")
    assert read_page(html.encode("utf-8"), charset="text/html; charset=gbk").body == BODY
    wrong = read_page(html.encode("gb18030"), charset="utf-8")
    assert (wrong.body, wrong.charset) == (BODY, "gb18030")
    assert any("编码" in problem for problem in wrong.problems)
    assert read_page(b"\xef\xbb\xbf" + html.encode("utf-8")).body == BODY
    assert read_page(html.encode("utf-16")).body == BODY
    assert read_page(html.encode("utf-16-le")).body == BODY
    assert read_page(html.encode("big5", "ignore"), charset="big5").charset == "big5"


def test_a_page_cut_off_in_a_character_is_still_read():
    data = page(f"<div id=zoom>{P}").encode("utf-8")
    cut = data[: data.rindex("日".encode()) + 1]
    assert PARAGRAPHS[-2] in read_page(cut).body
    assert decode(cut).charset == "utf-8"


def test_one_broken_byte_costs_one_character():
    data = bytearray(page(f"<div id=zoom>{P}</div>").encode("utf-8"))
    data[data.index("高龄".encode()) + 1] = 0xFF
    read = read_page(bytes(data))
    assert read.charset == "utf-8"
    assert PARAGRAPHS[4] in read.body
    assert any("无法识别" in problem for problem in read.problems)


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("有效", Validity.IN_FORCE),
        ("现行有效", Validity.IN_FORCE),
        ("已失效", Validity.LAPSED),
        ("【废止】", Validity.REPEALED),
        ("部分有效", Validity.PARTLY),
        ("尚未生效", Validity.PENDING),
        ("撤销", Validity.REVOKED),
        ("高新技术", None),
    ],
)
def test_the_words_of_validity_in_use_are_understood(word, means):
    assert validity_of(word) is means


def test_a_header_that_contradicts_itself_is_reported():
    two = (
        "<table><tr><td>索引号</td><td>1/2024-1</td><td>文号</td><td>青政〔2024〕1号</td></tr></table>"
        "<table><tr><td>索引号</td><td>1/2024-1</td><td>文号</td><td>青政〔2024〕2号</td></tr></table>"
    )
    read = read_page(page(two + P))
    assert read.header.doc_number == "青政〔2024〕1号"
    assert any("不一致" in problem for problem in read.problems)


def test_header_words_inside_the_text_are_text():
    text = "<p>各单位：</p><p>现将有关事项通知如下。</p><p>来源：各乡镇自筹。</p><p>有效期：五年。</p><p>文号：另行编制。</p><p>特此通知。</p>"
    read = read_page(page(f"<h1>{TITLE}</h1><div class=con>{text}</div>"))
    assert "来源：各乡镇自筹。" in read.body
    assert "文号：另行编制。" in read.body
    assert (read.header.source, read.header.term, read.header.doc_number) == (None, None, None)


def test_lines_torn_apart_in_the_text_stay():
    text = "<p>各单位：</p><p>由县财政局负责（县民政局配合<br>）</p><p>大<br>中</p><p>自印发之日起施行。</p>"
    assert "\n）\n" in read_page(page(f"<div id=zoom>{text}</div>")).body
    assert "大\n\n中" in read_page(page(f"<div id=zoom>{text}</div>")).body


def test_title_and_number_in_one_line_are_told_apart():
    title = "青山县人民政府关于高龄津贴的复函"
    text = f"<p>{title}青政函〔2024〕8号</p><p>竹溪镇人民政府：</p><p>同意。特此函复。</p>"
    read = read_page(page(f"<h1>{title}</h1><div id=zoom>{text}</div>"))
    assert (read.title, read.header.doc_number) == (title, "青政函〔2024〕8号")
    alone = read_page(page(f"<div id=zoom>{text}</div>", title="公开"))
    assert alone.header.doc_number is None  # where the title ends cannot be told


def test_a_line_of_date_and_source_without_a_label_is_read():
    head = (
        f"<h1>{TITLE}</h1><div>2024-06-1415:24 <span>来源：青山县政府网</span> 字号：大 中 小</div>"
    )
    read = read_page(page(f"{head}<div id=zoom>{P}</div>"))
    assert (read.header.released_at, read.header.source) == ("2024-06-14T15:24", "青山县政府网")


def test_a_repost_names_the_address_it_comes_from():
    link = '<p>原文链接：<a href="/zc/1.html">点击查看</a></p>'
    read = read_page(page(f"<h1>{TITLE}</h1><div id=zoom>{P}</div>{link}"), url=URL)
    assert read.source_link.href == "https://zhuxi.example.gov.cn/zc/1.html"
    plain = read_page(
        page(f"<h1>{TITLE}</h1><div id=zoom>{P}</div><p>来源：http://a.example.cn/1</p>")
    )
    assert plain.header.source_url == "http://a.example.cn/1"
    dead = read_page(page(f"<div id=zoom>{P}</div><p><a href='#'>原文链接</a></p>"))
    assert dead.source_link.href == "#"
    assert dead.header.source_url is None


@pytest.mark.parametrize(
    "html", ["", "   ", "<html></html>", b"", b"\x00\x00", "<script>x</script>"]
)
def test_a_page_without_text_is_refused_in_chinese(html):
    with pytest.raises(ParseError, match="没有文字"):
        read_page(html)


def test_a_page_with_only_a_file_says_so():
    read = read_page(page(f"<h1>{TITLE}</h1><p><a href='/a.pdf'>附件.pdf</a></p>"))
    assert read.attachments[0].name == "附件.pdf"
    assert any("附件" in problem for problem in read.problems)


BOMBS = {
    "尖括号": "<" * 300_000,
    "和号": "&" * 300_000,
    "实体": "&lt;&nbsp;&#x4e2d;" * 50_000,
    "长实体": "&#" + "9" * 200_000 + ";x",
    "块嵌套": "<div>" * 100_000 + "文字",
    "列表嵌套": "<ul><li>" * 50_000 + "文字",
    "表格嵌套": "<table><tr><td>" * 50_000 + "文字",
    "字体": "".join(f"<p><font size={n}>文" for n in range(20_000)),
    "散乱结束": "<span>" * 50_000 + "文字" + "</zzz>" * 50_000,
    "属性": "<div " + " ".join(f"a{n}=1" for n in range(50_000)) + ">文字",
    "引号": '<a b="' * 100_000,
    "注释": "<!--" * 100_000 + "文字",
    "空格": "<p>" + " " * 500_000 + "文字",
    "标签词": "<p>" + "索引号：发布日期：" * 20_000,
    "斜杠": "<a" + "/ " * 200_000,
    "零字节": "文\x00字\ud800" * 50_000,
    "大写": "<P>" * 50_000 + "文字",
    "标题": "<title>" * 50_000 + "文字",
    "链接": "<p>" + "<a href=x.doc>附件</a>" * 20_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_pages_are_read_or_refused(name):
    read, reason = attempt(BOMBS[name])
    assert read is not None or re.search("[一-龥]", reason)
    if read is not None:
        json.dumps(read.as_dict())


def test_a_page_over_the_limit_is_refused():
    with pytest.raises(ParseError, match="32MB"):
        read_page(b"x" * 32_000_001)


TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</table>",
        "<span>",
        "</span>",
        "<a",
        "href=x>",
        "</a>",
        "<br>",
        "<li>",
        "<ul>",
        "</ul>",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<dl>",
        "<dt>",
        "<dd>",
        "<h1>",
        "</h1>",
        "<pre>",
        "<td",
        "索引号：",
        "文号",
        "发布日期：2024-1-1",
        "有效性",
        "。",
        "政策",
        "&nbsp;",
        "\x00",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TAGS | st.text(max_size=8), max_size=60))
def test_any_soup_of_tags_is_read(parts):
    try:
        found = read_page("".join(parts)).as_dict()
    except ParseError:
        return
    assert isinstance(found["body"], str)
    json.dumps(found)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    read, reason = attempt(data)
    assert isinstance(read, Page) or re.search("[一-龥]", reason)
