"""The outline of a body: every provision found, nothing lost."""

import time
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.errors import NotFound, ParseError
from policylib.text.locator import Level, Locator
from policylib.text.outline import Outline

LAW = dedent("""\
    # 测试县小额补贴办法

    （2024年7月1日公布）

    ## 目录

    第一章 总则
    第二章 附则

    ## 第一章 总则

    **第一条** 为了规范补贴，制定本办法。
    第二条　申请人应当符合下列条件：
    （一）有户籍；
    （二）有住房，其中：
    1.自有住房；
    2.租赁住房。
    前款所称住房，是指县城内的住房。
    第二条之一 外来人员参照执行。

    ## 第二章 附则

    第三条 第一审案件不适用本办法。
    第四条本办法自公布之日起施行。

    测试县人民政府
    2024年7月1日

    附件1：申请表
    第一条 表内事项应当如实填写。
    """)


def listing(body: str) -> list[str]:
    return [str(locator) for locator, _ in Outline.parse(body).walk()]


def test_a_law_has_the_provisions_a_lawyer_would_name():
    assert listing(LAW) == [
        *("标题", "前言", "目录", "第一章", "第一条", "第一条第一款", "第二条", "第二条第一款"),
        *("第二条第一款第（一）项", "第二条第一款第（二）项", "第二条第一款第（二）项第1目"),
        *("第二条第一款第（二）项第2目", "第二条第二款", "第二条之一", "第二条之一第一款"),
        *("第二章", "第三条", "第三条第一款", "第四条", "第四条第一款"),
        *("附件1", "附件1第一条", "附件1第一条第一款"),
    ]


def test_provisions_are_found_by_what_people_say():
    outline = Outline.parse(LAW)
    assert outline["第二条第二款"].text(LAW) == "前款所称住房，是指县城内的住房。\n"
    assert outline["第2条第(一)项"].text(LAW) == "（一）有户籍；\n"
    assert outline["第一章第二条"] == outline["第二条"]
    assert outline["第二章"].heading == "附则"
    assert outline["第一条"].label == "第一条"
    assert [child.level for child in outline["第二条"].children] == [Level.PARAGRAPH] * 2
    assert "第四条" in outline
    assert "第五条" not in outline
    with pytest.raises(NotFound, match="第九条"):
        outline["第九条"]
    with pytest.raises(NotFound):
        outline["第二章第一条"]
    with pytest.raises(ParseError):
        outline["哪一条"]


def test_a_place_in_the_text_is_named_by_its_finest_provision():
    outline = Outline.parse(LAW)
    assert str(outline.locate(LAW.index("租赁"))) == "第二条第一款第（二）项第2目"
    assert str(outline.locate(0)) == "标题"
    assert outline.locate(len(LAW)) is None
    assert outline.locate(-1) is None


def test_references_at_the_head_of_a_line_open_no_article():
    body = (
        "第一条 甲。\n第二条 申请补贴的家庭应当具有本县户籍并且在本县居住满三年其他条件依照\n"
        "第三条规定的条件办理。\n第九条的规定除外。\n第三条第一审案件，适用本法。\n"
    )
    assert listing(body) == [
        *("第一条", "第一条第一款", "第二条", "第二条第一款", "第二条第二款"),
        *("第三条", "第三条第一款"),
    ]


def test_a_policy_has_headings_in_four_levels():
    body = (
        "关于补贴的通知\n\n各乡镇：\n现通知如下。\n"
        "一、总体要求\n（一）目标。做好工作。\n1.抓紧\n（1）尽快\n2、落实\n二、保障\n(一)加强领导\n"
    )
    assert listing(body) == [
        *(
            "标题",
            "前言",
            "一、",
            "一、（一）",
            "一、（一）1.",
            "一、（一）1.（1）",
            "一、（一）2.",
        ),
        *("二、", "二、（一）"),
    ]
    outline = Outline.parse(body)
    assert outline["一、（一）"].heading == "目标"
    assert outline["二、"].heading == "保障"


def test_a_measure_printed_under_its_notice_is_a_text_of_its_own():
    body = (
        "关于印发办法的通知\n各乡镇：\n一、请认真执行。\n二、及时上报。\n2024年1月1日\n"
        "测试县补贴办法\n第一章 总则\n第一条 为了补贴。\n第二条 施行。\n"
    )
    outline = Outline.parse(body)
    assert [str(x) for x, p in outline.walk() if p.level is Level.TEXT] == ["文本2"]
    assert outline["文本2"].text(body).startswith("测试县补贴办法\n")
    assert outline["第二条"] == outline["文本2第二条"]


def test_a_second_numbering_opens_a_second_text():
    body = "第一条 甲。\n第二条 乙。\n第一条 丙。\n第二条 丁。\n"
    outline = Outline.parse(body)
    assert outline["第二条"].text(body) == "第二条 乙。\n"
    assert outline["文本2第二条"].text(body) == "第二条 丁。\n"
    assert outline.problems() == []


def test_an_article_heading_is_no_paragraph():
    for body in [
        "第一条 立法目的\n为了补贴，制定本办法。\n",
        "第一条【立法目的】为了补贴，制定本办法。\n",
    ]:
        article = Outline.parse(body)["第一条"]
        assert article.heading == "立法目的"
        assert len(article.children) == 1


def test_an_item_of_two_paragraphs_does_not_end_its_list():
    body = "第一条 条件如下：\n（一）甲类。\n甲类是指某某。\n（二）乙类。\n以上均可。\n"
    assert listing(body) == [
        *(
            "第一条",
            "第一条第一款",
            "第一条第一款第（一）项",
            "第一条第一款第（二）项",
            "第一条第二款",
        )
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("第一条 甲。\n第三条 乙。\n", "之后应为“第二条”，现为“第三条”"),
        ("第一条 甲。\n第二条 甲。\n第二条 乙。\n", "“第二条”重复"),
        ("一、甲\n三、乙\n", "之后应为“二、”"),
        ("第一条 如下：\n（一）甲；\n（三）乙。\n", "之后应为“第（二）项”"),
        ("第一章 甲\n第一条 甲。\n第三章 乙\n第二条 乙。\n", "之后应为“第二章”"),
    ],
)
def test_gaps_and_repeats_are_reported_where_they_are(body, message):
    [(span, said)] = Outline.parse(body).problems()
    assert message in said
    assert 0 < span.start < span.end <= len(body)


def test_numbers_may_run_on_under_new_headings():
    assert Outline.parse("一、甲\n（一）甲\n（二）乙\n二、乙\n（三）丙\n").problems() == []
    assert Outline.parse("一、甲\n（一）甲\n二、乙\n（一）丙\n").problems() == []


LINES = st.sampled_from(
    [
        "第一条 甲。",
        "第二条",
        "第三条之一 丙",
        "第一章 总则",
        "目录",
        "（一）甲；",
        "(二)乙。",
        "1.甲",
        "（1）甲",
        "一、甲",
        "二、乙",
        "附件",
        "附件2：表",
        "测试办法",
        "## 第一编 总则",
        "**第一条** 甲",
        "第一部分 甲",
        "普通的一段话。",
        "没有句号",
        "\u3000\u3000缩进。",
        "",
        " 表 ",
        "",
        "“第五条 引文。",
        "",
    ]
)
BODIES = st.lists(
    st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\n\n", "\x0b", "\u2028", ""]))
).map(lambda pairs: "".join(line + end for line, end in pairs))


@given(st.text() | BODIES)
def test_the_pieces_of_any_text_are_the_text(body):
    outline = Outline.parse(body)
    assert "".join(body[piece.start : piece.end] for piece in outline.pieces) == body
    for piece in outline.pieces:
        assert outline.locate(piece.start) == piece.locator
    for locator, provision in outline.walk():
        assert Locator.parse(str(locator)) == locator
        assert provision.span.start == provision.own.start
        inner = [child.span for child in provision.children]
        assert all(provision.own.end <= span.start for span in inner)
        assert provision.span.end == (inner[-1].end if inner else provision.own.end)
    assert all(message for _, message in outline.problems())


@pytest.mark.parametrize(
    "body",
    [
        "好" * 1000000,
        "（" * 200000,
        "第" * 200000,
        " " * 500000 + "第一条",
        "*" * 500000,
        "一、好\n" * 20000,
        "第一章 好\n" * 20000,
        "第一条 好：\n（一）好；\n好的。\n（二）好。\n" * 5000,
    ],
    ids=["one line", "brackets", "marks", "spaces", "stars", "headings", "chapters", "lists"],
)
def test_hostile_text_takes_linear_time(body):
    before = time.process_time()
    outline = Outline.parse(body)
    assert sum(piece.end - piece.start for piece in outline.pieces) == len(body)
    assert time.process_time() - before < 5
