"""Reposts with planted drift and harmless noise: invented documents, many page shapes, one seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape

from policylib.model.document import Header
from policylib.model.vocabulary import Validity
from policylib.pages.source import DriftCode, Source

DAY = date(2026, 6, 1)
HOST = "https://www.qingshan.example.gov.cn/zcwjk/"
_PLACES = ("青山县", "白水县", "云岭县", "石桥县", "竹溪镇", "柳河镇")
_THINGS = (
    "高龄津贴",
    "农机购置补贴",
    "公共租赁住房",
    "困难群众救助",
    "创业担保贷款",
    "秸秆综合利用",
    "乡村公路养护",
    "古树名木保护",
)
_FORMS = ("办法", "实施细则", "管理规定", "工作方案")
_PEOPLE = ("张文远", "李素芬", "王立新", "赵国强", "陈晓梅", "刘建平")
_ORGANS = ("县民政局", "县财政局", "县农业农村局", "县住房城乡建设局", "县审计局", "乡镇人民政府")
_SENTENCES = (
    "申请人应当自收到通知之日起{a}个工作日内向{o}提交书面材料，逾期不予受理。",
    "符合条件的，每人每月补助{b}元；家庭人均收入低于{c}元的，另行增加{a}%。",
    "{o}应当自受理申请之日起{a}日内完成审核，并公示不少于{d}日。",
    "对不符合条件的，{o}不得发放，应当书面说明理由。",
    "项目总投资{c}万元，其中县级财政安排{b}万元，使用面积{e}平方米。",
    "具体工作由{o}负责，联系人{p}，会同有关部门组织实施。",
    "补助资金实行专户管理，任何单位和个人不得截留、挤占、挪用。",
    "自{y}年{m}月{d}日起，“一件事”全程网办，办理时限压缩至{a}个工作日。",
    "按照《{x}》（青政发〔{y}〕{a}号）的规定执行，本规定没有规定的，从其规定。",
    "享受政策的期限最长不超过{a}年，累计金额不超过{b}万元（含本数）。",
)
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Case:
    """A repost: its markup, its address, its source, and which drift is planted (None: harmless)."""

    kind: str
    html: bytes
    url: str
    source: Source
    expected: DriftCode | None


@dataclass
class Draft:
    """What a page is made from; planting changes it."""

    title: str
    number: str
    written: date
    issuer: str
    label: str
    paragraphs: list[str]
    link: str | None


def documents(count: int, seed: int = 7, first: int = 0) -> Iterator[tuple[int, Source, list[str]]]:
    """Invented documents with their paragraphs."""
    for n in range(first, first + count):
        rng = random.Random(seed * 1_000_003 + n)
        place, thing = rng.choice(_PLACES), rng.choice(_THINGS)
        day = date(2018, 1, 1) + timedelta(days=rng.randrange(2500))
        issuer = f"{place}人民政府办公室"
        title = f"{issuer}关于印发《{place}{thing}{rng.choice(_FORMS)}》的通知"
        number = f"青政办〔{day.year}〕{rng.randrange(1, 300)}号"
        paragraphs = ["各乡镇人民政府，县直各单位："]
        paragraphs.append(
            f"《{place}{thing}办法》已经第{rng.randrange(2, 90)}次常务会议研究同意，现印发给你们，请认真贯彻执行。"
        )
        for part in range(rng.randrange(3, 6)):
            paragraphs.append(
                f"{_NUMERALS[part]}、{rng.choice(('总体要求', '工作措施', '资金管理', '监督检查', '组织实施'))}"
            )
            for item in range(rng.randrange(2, 6)):
                text = "".join(
                    _fill(rng, each) for each in rng.sample(_SENTENCES, rng.randrange(1, 4))
                )
                paragraphs.append(
                    f"{item + 1}.{text}" if rng.random() < 0.5 else f"（{_NUMERALS[item]}）{text}"
                )
        paragraphs += [
            f"本办法自{day.year}年{day.month}月{day.day}日起施行，有效期{rng.randrange(2, 6)}年。",
            issuer,
        ]
        paragraphs.append(f"{day.year}年{day.month}月{day.day}日")
        validity = rng.choice(
            (Validity.IN_FORCE, Validity.IN_FORCE, Validity.LAPSED, Validity.PARTLY)
        )
        header = Header(title=title, doc_number=number, written_on=day, issuers=(issuer,))
        yield n, Source(header, validity, "\n\n".join(paragraphs), (f"{HOST}{n}.html",)), paragraphs


def _fill(rng: random.Random, text: str) -> str:
    values = {
        "a": rng.randrange(2, 60),
        "b": rng.randrange(20, 900),
        "c": rng.randrange(1000, 9000),
        "d": rng.randrange(1, 28),
        "e": rng.randrange(100, 9999),
        "m": rng.randrange(1, 13),
        "y": rng.randrange(2016, 2026),
        "o": rng.choice(_ORGANS),
        "p": rng.choice(_PEOPLE),
        "x": f"{rng.choice(_PLACES)}{rng.choice(_THINGS)}{rng.choice(_FORMS)}",
    }
    return text.format(**values)


# -- drift ----------------------------------------------------------------------------------------


def _one(
    rng: random.Random, draft: Draft, pattern: str, change: Callable[[re.Match[str]], str]
) -> None:
    """Change one match of a pattern in the paragraphs of the text."""
    places = [(n, m) for n, p in enumerate(draft.paragraphs) for m in re.finditer(pattern, p)]
    n, match = rng.choice(places)
    text = draft.paragraphs[n]
    draft.paragraphs[n] = text[: match.start()] + change(match) + text[match.end() :]


def _digit(rng: random.Random, draft: Draft) -> None:
    _one(rng, draft, "[0-9]", lambda m: rng.choice([d for d in "0123456789" if d != m[0]]))


def _negation(rng: random.Random, draft: Draft) -> None:
    if rng.random() < 0.5:
        _one(rng, draft, "不(?=得|予|符合|少于|超过)", lambda _: "")
    else:
        _one(rng, draft, "应当|按照|实行", lambda m: "不" + m[0])


def _unit(rng: random.Random, draft: Draft) -> None:
    other = {"工作日": "自然日", "万元": "元", "年": "个月", "日": "月", "%": "‰"}
    _one(
        rng, draft, "(?<=[0-9])(?:万元|%)|工作日|(?<=[0-9])年(?=。)|日(?=内)", lambda m: other[m[0]]
    )


def _day(rng: random.Random, draft: Draft) -> None:
    _one(rng, draft, "([0-9]{4})年([0-9]{1,2})月", lambda m: f"{m[1]}年{int(m[2]) % 12 + 1}月")


def _name(rng: random.Random, draft: Draft) -> None:
    names = [n for n in _ORGANS if any(n in p for p in draft.paragraphs[2:])] or ["县直各单位"]
    name = rng.choice(names)
    other = rng.choice([n for n in _ORGANS if n != name])
    _one(rng, draft, name, lambda _: other)


def _order(rng: random.Random, draft: Draft) -> None:
    n = rng.randrange(2, len(draft.paragraphs) - 4)
    draft.paragraphs[n], draft.paragraphs[n + 1] = draft.paragraphs[n + 1], draft.paragraphs[n]


def _omission(rng: random.Random, draft: Draft) -> None:
    del draft.paragraphs[rng.randrange(2, len(draft.paragraphs) - 3)]


def _title(rng: random.Random, draft: Draft) -> None:
    draft.title = draft.title.replace("印发", rng.choice(("修订", "转发", "废止")))


def _number(rng: random.Random, draft: Draft) -> None:
    seq = int(re.search(r"(\d+)号", draft.number)[1])  # type: ignore[index]
    draft.number = re.sub(r"\d+号", f"{seq + rng.randrange(1, 9)}号", draft.number)


def _written(rng: random.Random, draft: Draft) -> None:
    draft.written += timedelta(days=rng.randrange(1, 40))


def _label(rng: random.Random, draft: Draft) -> None:
    others = [w for w in ("有效", "失效", "部分失效", "尚未施行", "废止") if w != draft.label]
    draft.label = rng.choice(others)


def _elsewhere(rng: random.Random, draft: Draft) -> None:
    draft.link = rng.choice(
        ("https://news.example.com/1.html", HOST + "999999.html", "http://qs.example.cn/")
    )


def _no_link(_rng: random.Random, draft: Draft) -> None:
    draft.link = None


def _dead(_rng: random.Random, draft: Draft) -> None:
    draft.link = "#"


DRIFTS: dict[str, tuple[Callable[[random.Random, Draft], None], DriftCode]] = {
    "数字": (_digit, DriftCode.TEXT),
    "不": (_negation, DriftCode.TEXT),
    "单位": (_unit, DriftCode.TEXT),
    "正文日期": (_day, DriftCode.TEXT),
    "名称": (_name, DriftCode.TEXT),
    "次序": (_order, DriftCode.TEXT),
    "缺段": (_omission, DriftCode.TEXT),
    "标题": (_title, DriftCode.TITLE),
    "文号": (_number, DriftCode.NUMBER),
    "成文日期": (_written, DriftCode.DATE),
    "有效性": (_label, DriftCode.VALIDITY),
    "链接指向别处": (_elsewhere, DriftCode.LINK_ELSEWHERE),
    "没有链接": (_no_link, DriftCode.NO_LINK),
    "链接为空": (_dead, DriftCode.DEAD_LINK),
}


# -- noise ----------------------------------------------------------------------------------------

_HALF = str.maketrans("，；：（）％！？", ",;:()%!?")
_FULL = str.maketrans("0123456789%", "０１２３４５６７８９％")


def _width(_rng: random.Random, text: str) -> str:
    return text.translate(_HALF)


def _full(rng: random.Random, text: str) -> str:
    return text.translate(_FULL) if rng.random() < 0.5 else text


def _spaces(rng: random.Random, text: str) -> str:
    return "　　" + "".join(
        c + (rng.choice((" ", "\u3000", "\xa0")) if rng.random() < 0.05 else "") for c in text
    )


def _quotes(_rng: random.Random, text: str) -> str:
    return text.replace("“", '"').replace("”", '"').replace("《", "〈").replace("》", "〉")


def _brackets(rng: random.Random, text: str) -> str:
    pair = rng.choice(("[]", "【】", "()", "［］"))
    return text.replace("〔", pair[0]).replace("〕", pair[1])


def _invisible(rng: random.Random, text: str) -> str:
    return "".join(
        c + (rng.choice("\u00ad\u200b\ufeff\u2060") if rng.random() < 0.1 else "") for c in text
    )


def _breaks(rng: random.Random, text: str) -> str:
    width = rng.randrange(18, 40)
    return "\n".join(text[n : n + width] for n in range(0, len(text), width))


def _glyphs(_rng: random.Random, text: str) -> str:
    text = re.sub(r"^([1-9])\.", lambda m: chr(0x2487 + int(m[1])), text)
    return re.sub(
        r"^（([一二三四五六七八九十])）", lambda m: chr(0x3220 + _NUMERALS.index(m[1])), text
    )


def _points(_rng: random.Random, text: str) -> str:
    return re.sub(r"^([0-9]{1,2})\.", r"\1、", text)


#: Harmless; the last three change the page around the text (see :func:`build`).
NOISES: dict[str, Callable[[random.Random, str], str] | None] = {
    "半角标点": _width,
    "全角数字": _full,
    "空格": _spaces,
    "引号": _quotes,
    "括号": _brackets,
    "不可见字符": _invisible,
    "断行": _breaks,
    "编号字形": _glyphs,
    "编号标点": _points,
    "页面装饰": None,
    "正文带标题": None,
    "同义有效性": None,
}


# -- pages ----------------------------------------------------------------------------------------


def _paragraph(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


def _table(fields: list[tuple[str, str]]) -> str:
    cells = [f"<td>{k}：</td><td>{v}</td>" for k, v in fields]
    rows = "".join(f"<tr>{''.join(cells[n : n + 2])}</tr>" for n in range(0, len(cells), 2))
    return f"<table class=head>{rows}</table>"


def _list(fields: list[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f"<li><b>{k}：</b><span>{v}</span></li>" for k, v in fields) + "</ul>"


def _dl(fields: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in fields) + "</dl>"


def build(rng: random.Random, draft: Draft, noise: str | None) -> bytes:
    """The markup of a repost in one of several shapes."""
    fields = [
        (
            "索引号",
            f"11340099MB0{rng.randrange(10**6):06d}X/{draft.written:%Y%m}-{rng.randrange(99999):05d}",
        ),
        ("发文机关", draft.issuer),
        ("发文字号", draft.number),
        (
            "成文日期",
            rng.choice(
                (
                    draft.written.isoformat(),
                    f"{draft.written.year}年{draft.written.month}月{draft.written.day}日",
                )
            ),
        ),
        (
            "发布日期",
            f"{max(draft.written, date(2021, 1, 1)) + timedelta(days=rng.randrange(1, 60))} 10:{rng.randrange(10, 60)}",
        ),
        ("有效性", draft.label),
    ]
    paragraphs = list(draft.paragraphs)
    change = NOISES[noise] if noise else None
    if change:
        paragraphs = [change(rng, text) for text in paragraphs]
    if noise == "正文带标题":
        cut = draft.title.index("关于")
        paragraphs = [draft.title[:cut], draft.title[cut:], draft.number, *paragraphs]
    text = "".join(
        f"<p style='text-indent:2em'><span>{_paragraph(p)}</span></p>" for p in paragraphs
    )
    header = rng.choice((_table, _list, _dl))(fields)
    link = ""
    if draft.link is not None:
        link = f'<p>原文链接：<a href="{draft.link}">{rng.choice(("点击查看原文", "青山县政策文件库"))}</a></p>'
    before = after = ""
    if noise == "页面装饰":
        before = "<div>【字体：大 中 小】 浏览次数：32 次</div>"
        after = (
            "<p>（此件主动公开）</p><p>责任编辑：王小二</p><div>【打印】【关闭】</div><div>扫一扫在手机打开当前页</div>"
            '<div>上一篇：<a href="/1.html">关于春耕的通知</a></div><p>附件下载：</p><p><a href="/a.docx">申请表.docx</a></p>'
        )
    name = rng.choice(("zoom", "UCAP-CONTENT", "content", "con"))
    nav = '<div class="nav"><a href="/">首页</a><a href="/zw">政务公开</a></div>'
    foot = '<div class="footer">版权所有：竹溪镇人民政府 网站标识码：3400990002</div>'
    inner = f"{nav}<div class=main>{header}<h1>{draft.title}</h1>{before}<div id='{name}'>{text}</div>{after}{link}</div>{foot}"
    page = f"<html><head><meta charset=utf-8><title>{draft.title}_竹溪镇</title></head><body>{inner}</body></html>"
    return page.encode("gb18030" if rng.random() < 0.3 else "utf-8")


def cases(count: int, seed: int = 7, *, one_each: bool = False) -> Iterator[Case]:
    """For each document one repost of every kind of drift and of noise, or of one kind by turns."""
    for n, source, paragraphs in documents(count, seed):
        header = source.header
        kinds = [*DRIFTS, *NOISES]
        for number, kind in enumerate(kinds):
            if one_each and number != n % len(kinds):
                continue
            rng = random.Random(f"{seed}-{n}-{number}")
            label = str(source.validity).replace("现行有效", "有效")
            draft = Draft(
                header.title,
                header.doc_number or "",
                header.written_on or DAY,
                header.issuers[0],
                label,
                list(paragraphs),
                source.addresses[0],
            )
            expected = None
            if kind in DRIFTS:
                plant, expected = DRIFTS[kind]
                plant(rng, draft)
                noise = rng.choice([None, *NOISES])
            else:
                noise = kind
            if noise == "同义有效性":
                draft.label = {"有效": rng.choice(("现行有效", "继续有效")), "失效": "已失效"}.get(
                    draft.label, draft.label
                )
            url = f"https://zhuxi.example.gov.cn/public/{n}/{number}.html"
            yield Case(kind, build(rng, draft, noise), url, replace(source), expected)
