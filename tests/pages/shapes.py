"""Invented pages of many shapes: the markup of real content systems around one small document."""

from dataclasses import dataclass, field

TITLE = "青山县人民政府办公室关于印发《青山县高龄津贴发放办法》的通知"
NUMBER = "青政办〔2024〕12号"
PARAGRAPHS = (
    "各乡镇人民政府，县政府各部门、各直属机构：",
    "《青山县高龄津贴发放办法》已经县政府第36次常务会议审议通过，现印发给你们，请认真贯彻执行。",
    "第一条 具有本县户籍、年满80周岁的老年人，可以申请高龄津贴。",
    "第二条 80至89周岁的老年人每人每月60元，90至99周岁的每人每月120元，100周岁以上的每人每月500元。",
    "第三条 申请人应当向户籍所在地乡镇人民政府提出申请，乡镇人民政府应当自受理之日起20个工作日内办结。",
    "第四条 不符合条件的，应当书面告知申请人并说明理由。",
    "第五条 本办法自2024年7月1日起施行，有效期5年。",
    "青山县人民政府办公室",
    "2024年6月12日",
)
BODY = "\n\n".join(PARAGRAPHS)
P = "".join(f"<p>{each}</p>\n" for each in PARAGRAPHS)
FULL = {
    "title": TITLE,
    "doc_number": NUMBER,
    "index_number": "11340099MB0A1B2C3D/202406-00012",
    "issuers": ["青山县人民政府办公室"],
    "written_on": "2024-06-12",
    "released_on": "2024-06-14",
    "themes": ["民政、扶贫、救灾\\社会福利"],
    "validity": "现行有效",
}
INDEX = FULL["index_number"]


@dataclass
class Shape:
    """A page, and what has to be read from it."""

    html: str
    fields: dict = field(default_factory=lambda: dict(FULL))
    body: str = BODY
    attachments: list = field(default_factory=list)
    charset: str = "utf-8"
    source: str | None = None


def page(inner, head="", title=f"{TITLE}_青山县人民政府"):
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{inner}</body></html>"


NAV = (
    '<div class="header"><div class="logo"><a href="/">青山县人民政府</a></div>'
    '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>'
    '<li><a href="/hd/">互动交流</a></li></ul></div></div>'
    '<div class="wz">您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 政策文件</div>'
)
FOOT = (
    '<div class="footer"><p>主办单位：青山县人民政府办公室　承办：青山县数据资源管理局</p>'
    "<p>网站标识码：3400990001　皖ICP备00000001号　皖公网安备34009902000001号</p>"
    "<p>联系电话：0599-1234567 建议使用1024×768分辨率浏览</p></div><script>var x='<p>索引号：假</p>';</script>"
)
TOOLS = (
    '<div class="tools">浏览次数：<span id="hits">128</span> 字体：[<a href="javascript:f(1)">大</a> '
    '<a href="javascript:f(2)">中</a> <a href="javascript:f(3)">小</a>]'
    '<a href="javascript:window.print()">打印</a> <a href="javascript:window.close()">关闭</a></div>'
)
AFTER = (
    "<p>扫一扫在手机打开当前页</p><div>【打印】【关闭】</div>"
    '<div>上一篇：<a href="/a1.html">青山县人民政府关于春耕生产的通知</a></div>'
    '<div>下一篇：<a href="/a2.html">青山县人民政府关于防汛工作的通知</a></div><p>责任编辑：李小明</p>'
)

SHAPES: dict[str, Shape] = {}

# 1. Anhui county portal: header table of label and value in neighbouring cells, header twice.
_TABLE = f"""<table class="xxgk_tab"><tbody>
<tr><th>索 引 号：</th><td>{INDEX}</td><th>组配分类：</th><td>规范性文件</td></tr>
<tr><th>发布机构：</th><td>青山县人民政府办公室</td><th>主题分类：</th><td>民政、扶贫、救灾 / 社会福利</td></tr>
<tr><th>名　　称：</th><td>{TITLE}</td><th>文　　号：</th><td>青政办〔2024〕12号</td></tr>
<tr><th>发文日期：</th><td>2024-06-12</td><th>发布日期：</th><td>2024-06-14 15:24</td></tr>
<tr><th>有 效 性：</th><td>有效</td><th>关 键 词：</th><td>高龄津贴；老年人</td></tr></tbody></table>"""
SHAPES["县门户表格"] = Shape(
    page(
        f'{NAV}<div class="container"><div class="gk_main">{_TABLE}<div class="m_tab">{_TABLE}</div>'
        f'<h1 class="newstitle">{TITLE}</h1><div class="wzfbxx"><span>发布时间：2024-06-14 15:24</span>'
        f"<span>信息来源：青山县人民政府办公室</span>浏览次数：<b>33</b> 字体：[ <a>大</a> <a>小</a> ]</div>"
        f'<div class="j-fontContent newscontnet">{P}<p>附件：<a href="/group1/M00/a.docx">高龄津贴申请表.docx</a></p>'
        f"</div>{AFTER}</div></div>{FOOT}"
    ),
    dict(
        FULL,
        released_at="2024-06-14T15:24",
        source="青山县人民政府办公室",
        category="规范性文件",
        keywords=["高龄津贴", "老年人"],
    ),
    attachments=["高龄津贴申请表.docx"],
)

# 2. A list of labels; the text in div#zoom in nested spans.
SHAPES["列表头与嵌套行内"] = Shape(
    page(
        NAV
        + f"""<ul class="headInfo"><li><b>索引号：</b><span>{INDEX}</span></li><li><b>主题分类：</b><span>民政、扶贫、救灾\\社会福利</span></li>
<li><b>发文机关：</b><span>青山县人民政府办公室</span></li><li><b>成文日期：</b><span>2024年6月12日</span></li>
<li><b>发文字号：</b><span>青政办[2024]12号</span></li><li><b>发布日期：</b><span>2024年6月14日</span></li>
<li><b>标题：</b><span>{TITLE}</span></li><li><b>时效性：</b><span>现行有效</span></li><li><b>废止日期：</b><span></span></li></ul>"""
        + f'<div class="content_box"><h2>{TITLE}</h2>{TOOLS}<div id="zoom">'
        + "".join(
            f'<p><span style="font-family:仿宋"><span><span>{p[:7]}</span>{p[7:]}</span></span></p>'
            for p in PARAGRAPHS
        )
        + f"</div>{AFTER}</div>{FOOT}"
    ),
)

# 3. Definition list, TRS editor, paragraphs pasted from Word.
SHAPES["定义列表与WORD粘贴"] = Shape(
    page(
        f"""<nav><a href="/">首页</a></nav><article><dl><dt>索引号</dt><dd>{INDEX}</dd><dt>文号</dt><dd>{NUMBER}</dd>
<dt>制发机关</dt><dd>青山县人民政府办公室</dd><dt>成文日期</dt><dd>二〇二四年六月十二日</dd><dt>公开日期</dt><dd>2024/6/14</dd>
<dt>主题分类</dt><dd>民政、扶贫、救灾>社会福利</dd><dt>效力状态</dt><dd>有效</dd><dt>公开属性</dt><dd>主动公开</dd></dl>
<h1>{TITLE}</h1><div class="TRS_Editor"><style>.x{{color:red}}</style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<xml><o:OfficeDocumentSettings>垃圾</o:OfficeDocumentSettings></xml>"""
        + "".join(
            f"<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'><span lang=EN-US style='font-size:16.0pt'>{p}<o:p></o:p></span></p>"
            for p in PARAGRAPHS
        )
        + f"</div></article>{FOOT}"
    ),
    dict(FULL, disclosure="主动公开"),
)

# 4. No table at all: one line of header data, text broken by <br>.
SHAPES["无表格一行头"] = Shape(
    page(
        f'{NAV}<div class="article"><h1>{TITLE}</h1><div class="info">发布时间：2024-06-14 09:05　|　来源：青山县民政局　|　文号：{NUMBER}　|　阅读：33次　【字体：大 中 小】</div>'
        f'<div class="article-content">{"<br/><br/>".join("　　" + p for p in PARAGRAPHS)}</div>{AFTER}</div>{FOOT}'
    ),
    {
        "title": TITLE,
        "doc_number": NUMBER,
        "released_on": "2024-06-14",
        "released_at": "2024-06-14T09:05",
        "source": "青山县民政局",
    },
)

# 5. GB18030 with a wrong declaration, layout tables, font tags, unclosed cells.
SHAPES["布局表格GB编码"] = Shape(
    page(
        f"""<table width=980><tr><td colspan=2>{NAV}<tr><td width=200><ul><li><a href=/1>机构职能</a><li><a href=/2>政策法规</a></ul><td>
<table border=1><tr><td>索引号:<td>{INDEX}<td>发文机关:<td>青山县人民政府办公室<tr><td>主题分类:<td>民政、扶贫、救灾\\社会福利<td>成文日期:<td>2024.6.12
<tr><td>文&nbsp;&nbsp;号:<td>青政办（2024）12号<td>发布日期:<td>2024.06.14<tr><td>标&nbsp;&nbsp;题:<td colspan=3>{TITLE}<tr><td>有效性:<td>有效<td>关键词:<td></table>
<p align=center><font size=5><b>青山县人民政府办公室关于印发<br>《青山县高龄津贴发放办法》的通知</b></font>
{"".join(f"<p><font face=仿宋>{p}</font>" for p in PARAGRAPHS)}
<p align=right>【<a href="javascript:print()">打印</a>】【<a href="javascript:close()">关闭</a>】</table>{FOOT}"""
    ).replace("charset=utf-8", "charset=utf-8"),
    charset="gb18030",
    body="青山县人民政府办公室关于印发\n\n《青山县高龄津贴发放办法》的通知\n\n" + BODY,
)

# 6. Two rows: labels above, values below; the text as sibling blocks without names.
SHAPES["上下两行表头"] = Shape(
    page(
        f"""<header>{NAV}</header><main><table><tr><th>索引号</th><th>发文字号</th><th>发文机关</th><th>成文日期</th><th>发布日期</th><th>有效性</th></tr>
<tr><td>{INDEX}</td><td>{NUMBER}</td><td>青山县人民政府办公室</td><td>2024-06-12</td><td>2024-06-14</td><td>有效</td></tr></table>
<h3 class=title>{TITLE}</h3><section>{P}</section></main><footer>版权所有：青山县人民政府</footer>"""
    ),
    {k: v for k, v in FULL.items() if k != "themes"},
)

# 7. A table of data in the text, attachments after it, a hidden block, a pop-up.
_DATA = "<table><tr><td>年龄</td><td>标准（元/月）</td></tr><tr><td>80至89周岁</td><td>60</td></tr><tr><td>90至99周岁</td><td>120</td></tr></table>"
SHAPES["正文有数据表"] = Shape(
    page(
        f"""{NAV}<div style="display: none"><p>内部审核意见：同意公开。请办公室核对后发布到网站。</p></div>
<div class="xl"><div class="xl_tit">{TITLE}</div><div class="xl_info"><span>发布时间：2024-06-14</span><span>来源：青山县民政局</span></div>
<div class="pages_content"><p>{PARAGRAPHS[2]}</p><p>补贴标准如下：</p>{_DATA}<p>{PARAGRAPHS[6]}</p></div>
<div class="fj"><p>附件下载：</p><ul><li><a href="/files/1.pdf">1.青山县高龄津贴申请表.pdf</a></li><li><a href="/download?fileid=2&name=2.xls" title="发放名册.xls">附件2：发放名册</a></li></ul></div>
<div class="xgwd"><h4>相关解读</h4><ul><li><a href="/jd/1.html">《青山县高龄津贴发放办法》政策解读</a></li></ul></div></div>{FOOT}"""
    ),
    {"title": TITLE, "released_on": "2024-06-14", "source": "青山县民政局"},
    body=f"{PARAGRAPHS[2]}\n\n补贴标准如下：\n\n| 年龄 | 标准（元/月） |\n| --- | --- |\n| 80至89周岁 | 60 |\n| 90至99周岁 | 120 |\n\n{PARAGRAPHS[6]}",
    attachments=["1.青山县高龄津贴申请表.pdf", "附件2：发放名册"],
)

# 8. A repost: no header, a link to the original, the site's name in the title.
SHAPES["转载页"] = Shape(
    page(
        f"""{NAV}<div id="main"><h1>{TITLE}</h1><p class="meta"><span>时间：2024-06-20</span><span>来源：<a href="https://www.qingshan.example.gov.cn/zc/12.html">青山县人民政府</a></span></p>
<div class="text">{P}</div><p>原文链接：<a href="https://www.qingshan.example.gov.cn/zc/12.html">https://www.qingshan.example.gov.cn/zc/12.html</a></p></div>{FOOT}"""
    ),
    {"title": TITLE, "doc_number": None, "released_on": "2024-06-20", "source": "青山县人民政府"},
    source="https://www.qingshan.example.gov.cn/zc/12.html",
)

# 9. Damaged: nothing closed, stray ends, broken attributes, cut off in a tag.
SHAPES["残缺标记"] = Shape(
    f"""<html><title>{TITLE} - 青山县人民政府</title><body><div id=nav class='nav><a href=/>首页</a></div><div class="con' x=>
</span></td></table><div id="UCAP-CONTENT"><p>{"<p>".join(PARAGRAPHS)}</div></b></div><div class=footer><p>版权所有 青山县人民政府</p><a href="/x""",
    {"title": TITLE},
)

# 10. Rows of div label and div value; keywords in the site's meta; English class names.
SHAPES["分块标签"] = Shape(
    page(
        '<div class="detail"><div class="detail-title">'
        + TITLE
        + '</div><div class="props">'
        + "".join(
            f'<div class="row"><div class="label">{k}：</div><div class="value">{v}</div></div>'
            for k, v in (
                ("索引号", INDEX),
                ("发布机构", "青山县人民政府办公室"),
                ("主题分类", "民政、扶贫、救灾\\社会福利"),
                ("发文字号", NUMBER),
                ("成文日期", "2024-06-12"),
                ("发布日期", "2024-06-14"),
                ("时效性", "有效"),
                ("信息来源", ""),
            )
        )
        + f'</div><div class="detail-content">{P}</div></div>'
    ),
)

# 11. Repealed, as a mark in the title; standard meta names; text in divs instead of paragraphs.
SHAPES["标题标注废止"] = Shape(
    page(
        f'<h1 id="biaoti">【已废止】{TITLE}</h1><div id="printContent">'
        + "".join(f"<div>{p}</div>" for p in PARAGRAPHS)
        + "</div>",
        head='<meta name="ArticleTitle" content="【已废止】'
        + TITLE
        + '"><meta name="PubDate" content="2024-06-14 08:00"><meta name="ContentSource" content="青山县人民政府办公室">',
    ),
    {
        "title": TITLE,
        "validity": "废止",
        "released_on": "2024-06-14",
        "released_at": "2024-06-14T08:00",
        "source": "青山县人民政府办公室",
    },
)

# 12. Several labels in one cell, several organs, a number that is empty on purpose.
SHAPES["同格多标签"] = Shape(
    page(
        f"""<table><tr><td>索引号：{INDEX}</td><td>文号：</td></tr><tr><td>发文机关：青山县民政局、青山县财政局</td><td>成文日期：2024-06-12 发布日期：2024-06-14</td></tr>
<tr><td colspan=2>标题：{TITLE}</td></tr><tr><td>有效性：部分失效</td><td>施行日期：2024-07-01 失效日期：2029-06-30</td></tr></table><div class="view TRS_UEDITOR trs_paper_default">{P}</div>"""
    ),
    {
        "title": TITLE,
        "index_number": INDEX,
        "doc_number": None,
        "issuers": ["青山县民政局", "青山县财政局"],
        "written_on": "2024-06-12",
        "released_on": "2024-06-14",
        "effective_on": "2024-07-01",
        "expires_on": "2029-06-30",
        "validity": "部分失效",
    },
)

# 13. Title and number in the text itself, list markup, headings.
SHAPES["正文内标题与列表"] = Shape(
    page(
        f"""<div class="wrapper"><div class="crumbs">当前位置：首页 &gt; 文件</div><div class="TRS_Editor"><p align="center"><strong>青山县人民政府办公室关于印发</strong></p>
<p align="center"><strong>《青山县高龄津贴发放办法》的通知</strong></p><p align="center">{NUMBER}</p><p>{PARAGRAPHS[0]}</p><h3>一、总体要求</h3><p>{PARAGRAPHS[1]}</p>
<ol><li>受理申请。</li><li>审核发放。</li></ol></div></div>""",
        title="文件 - 青山县人民政府",
    ),
    {"title": TITLE, "doc_number": NUMBER},
    body=f"青山县人民政府办公室关于印发\n\n《青山县高龄津贴发放办法》的通知\n\n{NUMBER}\n\n{PARAGRAPHS[0]}\n\n### 一、总体要求\n\n{PARAGRAPHS[1]}\n\n1. 受理申请。\n2. 审核发放。",
)

# 14. Labels divided by tags and without colons.
SHAPES["标签被拆开"] = Shape(
    page(
        f"""<div class="zcwj"><table><tr><td><b>索</b><b>引</b><b>号</b></td><td><span>{INDEX}</span></td></tr><tr><td>发&emsp;文&emsp;字&emsp;号</td><td>{NUMBER}</td></tr>
<tr><td>发文机关</td><td>青山县人民政府办公室</td></tr><tr><td>成&nbsp;文&nbsp;日&nbsp;期</td><td>2024年06月12日</td></tr><tr><td>发布日期</td><td>2024年06月14日</td></tr>
<tr><td>时 效 性</td><td>失 效</td></tr></table><div class=article><p>{TITLE}</p>{P}</div></div>"""
    ),
    {
        "title": TITLE,
        "index_number": INDEX,
        "doc_number": NUMBER,
        "issuers": ["青山县人民政府办公室"],
        "written_on": "2024-06-12",
        "released_on": "2024-06-14",
        "validity": "失效",
    },
    body=TITLE + "\n\n" + BODY,
)
