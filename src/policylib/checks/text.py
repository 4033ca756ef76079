"""STR and TXT: the body is numbered through, whole, clean and free of personal data."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from policylib.checks.framework import Case, Flaw, check, excerpt
from policylib.checks.personal import PersonalKind, PersonalNumber, find_personal
from policylib.model.vocabulary import DocumentType, Severity

__all__ = [
    "contact_list",
    "empty_body",
    "leftovers",
    "markup",
    "numbering",
    "personal_numbers",
    "short_body",
]


_ANEW = re.compile(r"[（(]?[一1１][）)、.．]")


@check("STR001", severity=Severity.WARNING, title="条款编号不连续或重复")
def numbering(case: Case) -> Iterator[Flaw]:
    """Find gaps, repeats and disorder in the numbering of 章, 条, 一、 and （一）.

    Articles run through the whole text (立法法 第六十五条), headings of a policy through their
    level (GB/T 9704-2012, 7.3.3). After a gap every reference and citation is off by one.

    A list that begins again at one is a new list, not disorder.

    Good: 第一条…… 第二条…… 第三条……

    Bad: 第一条…… 第二条…… 第四条……
    """
    for span, message in case.outline.problems():
        if _ANEW.match(case.body[span.start : span.end].lstrip(" \t\u3000#*")):
            continue
        yield Flaw(message, "核对原件后改正编号，并同时改正引用它的条款", case.where(span.start))


_HAN = re.compile(r"[\u3400-\u9fff]")
_SHORTEST = 30


@check("TXT001", severity=Severity.ERROR, title="正文为空")
def empty_body(case: Case) -> Iterator[Flaw]:
    """Find a document without any words in its body.

    A page that only has a header publishes nothing (政府信息公开条例 第二十条 has the document
    itself published). Reposts may be empty: they refer to their source.

    Good: a body with text

    Bad: a body of blank lines
    """
    if case.header.type is not DocumentType.REPOST and not re.search(r"\w", case.body):
        yield Flaw("正文为空", "补上文件全文；只有附件的，把附件文字转为正文", "正文")


@check("TXT005", severity=Severity.WARNING, title="正文过短")
def short_body(case: Case) -> Iterator[Flaw]:
    """Find a policy document of fewer than 30 characters, which is likely to be a mere link.

    见附件 or a picture of the page cannot be searched, read aloud or cited. Even an order that
    promulgates a rule in one sentence is longer.

    Good: 现公布《某县城市绿化管理办法》，自2024年7月1日起施行。……

    Bad: 详见附件。
    """
    if case.header.type is not DocumentType.POLICY:
        return
    count = 0
    for count, _ in enumerate(_HAN.finditer(case.body), 1):
        if count >= _SHORTEST:
            return
    if count:
        yield Flaw(
            f"正文只有{count}个汉字：“{excerpt(case.body)}”",
            "补上文件全文，不要只放附件或图片",
            "正文",
        )


@check("TXT002", severity=Severity.ERROR, title="正文含身份证号或银行卡号")
def personal_numbers(case: Case) -> Iterator[Flaw]:
    """Find identity numbers and bank cards of persons, by their check digits.

    Information that invades privacy must not be published (政府信息公开条例, 国务院令第711号,
    第十五条), and financial accounts are sensitive personal information (个人信息保护法
    第二十八条). Identity numbers are recognised by GB 11643-1999, cards (62…, 16 to 19 digits) by
    Luhn's formula. The finding never repeats the number.

    Good: 张某某，身份证号 3411**********1234

    Bad: a list of names with all 18 digits
    """
    yield from _grouped(
        case,
        (each for each in find_personal(case.body) if each.kind is not PersonalKind.MOBILE),
        "删去或遮盖号码，如“341***********1234”；已公开的立即撤下并更换附件",
    )
    for number, opinion in enumerate(case.header.opinions, 1):
        for found in find_personal(
            f"{opinion.text}\n{opinion.source or ''}\n{opinion.reason or ''}"
        ):
            if found.kind is not PersonalKind.MOBILE:
                yield Flaw(
                    f"第{number}条意见含{found.kind}（{found.masked}）",
                    "删去意见中的号码，来源只写类别，如“企业”",
                    f"意见第{number}条",
                )


def _grouped(case: Case, numbers: Iterator[PersonalNumber], fix: str) -> Iterator[Flaw]:
    """One flaw for each kind of number: how many, three of them masked, where the first stands."""
    found: dict[PersonalKind, list[PersonalNumber]] = defaultdict(list)
    for number in numbers:
        found[number.kind].append(number)
    for kind, members in found.items():
        shown = "、".join(dict.fromkeys(each.masked for each in members[:3]))
        more = "等" if len(members) > 3 else ""
        yield Flaw(
            f"正文有{len(members)}处{kind}（{shown}{more}）", fix, case.line(members[0].span.start)
        )


_OFFICE = re.compile(r"热线|咨询|举报|投诉|监督|值班|传真|服务电话|办公电话|受理")
_CONTACT = re.compile(r"电话|联系|手机|微信")
_FEW = 2


@check("TXT006", severity=Severity.WARNING, title="正文含个人手机号")
def contact_list(case: Case) -> Iterator[Flaw]:
    """Find mobile numbers that are not given as an office's line.

    A list of persons with their mobile numbers is personal information (个人信息保护法 第四条;
    政府信息公开条例 第十五条). 咨询电话, 监督电话 and other lines are passed over, and so are one
    or two numbers given as 联系电话. Only the form is known, so a person decides.

    Good: 咨询电话：0551-62621234, 联系人：王某，电话 13812345678

    Bad: 张某某 13812345678 in a list of beneficiaries
    """
    labelled: list[PersonalNumber] = []
    bare: list[PersonalNumber] = []
    for number in find_personal(case.body):
        if number.kind is PersonalKind.MOBILE:
            before = case.body[max(0, number.span.start - 60) : number.span.start].split("\n")[-1]
            if not _OFFICE.search(before):
                (labelled if _CONTACT.search(before) else bare).append(number)
    if len(labelled) > _FEW:
        bare += labelled
    bare.sort(key=lambda each: each.span)
    yield from _grouped(
        case,
        iter(bare),
        "名单中的手机号删去或遮盖，如“138****5678”；对外联系请用办公电话，并写明“咨询电话”",
    )


_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd"
    r"\ue000-\uf8ff]"
)
_CHROME = re.compile(
    r"(?:浏览|阅读|点击|访问)(?:次数|量)\s{0,3}[:：]|点击[率数]\s{0,3}[:：]"
    r"|字[体号]\s{0,3}[:：]?\s{0,3}[\[【(（]?\s{0,3}(?:大[\s|\-—]{0,4}中[\s|\-—]{0,4}小|\[\s{0,3}\])"
    r"|当前位置\s{0,3}[:：]|您(?:所在|现在)的位置\s{0,3}[:：]|扫一扫在手机(?:上)?(?:打开|查看)"
    r"|打印本页|关闭(?:窗口|本页)|【\s?打印\s?】|分享到\s{0,3}[:：]|视力保护色|上一篇[:：]|下一篇[:：]"
)
_ENTITY = re.compile(
    r"&(?:nbsp|sp|ensp|emsp|amp|lt|gt|quot|ldquo|rdquo|#[0-9]{2,5}|#x[0-9a-fA-F]{2,5});"
)


@check("TXT003", severity=Severity.WARNING, title="正文有网页残留或不可见字符")
def leftovers(case: Case) -> Iterator[Flaw]:
    """Find page chrome, HTML entities and invisible or broken characters left in a body.

    浏览次数：, 字体：[大 中 小] and 当前位置： come from copying a web page and are no part of the
    document; broken and invisible characters make a text that looks right unfindable. Each kind is
    reported once.

    Good: a body that begins with the document's own title or first sentence

    Bad: a body that begins 发布时间：2025-12-15 浏览次数：35 字体：[大 中 小]
    """
    chrome = _CHROME.search(case.body)
    if chrome:
        yield Flaw(
            f"正文中有网页残留“{excerpt(chrome[0])}”",
            "删去不属于文件的网页文字，如浏览次数、字体选择、当前位置",
            case.line(chrome.start()),
        )
    entity = _ENTITY.search(case.body)
    if entity:
        yield Flaw(
            f"正文中有网页代码“{entity[0]}”",
            "改为它代表的文字，如把“&nbsp;”改为空格",
            case.line(entity.start()),
        )
    control = _CONTROL.search(case.body)
    if control:
        count = sum(1 for _ in _CONTROL.finditer(case.body))
        yield Flaw(
            f"正文中有{count}处不可见字符或乱码（首个为 U+{ord(control[0]):04X}）",
            "对照原件补正，删去多余的不可见字符",
            case.line(control.start()),
        )


#: A tag is closed or has an attribute; a<b 且 c>d is neither.
_TAG = re.compile(
    r"<(?P<name>!--|(?:script|iframe|object|embed|style|form|svg|link|meta|base)(?=[\s/>])"
    r"|(?:input|button|img|video|audio|a|div|span|p|font|center|table|thead|tbody|tr|td|th|ul|ol|li"
    r"|b|i|u|strong|em|sub|sup|h[1-6]|o:p)(?=\s{0,9}/?>|\s{1,9}[a-z:-]{1,30}\s{0,9}=))",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    r"\]\(\s{0,9}(?:javascript|vbscript|data)\s{0,9}:|\son[a-z]{3,20}\s{0,9}=\s{0,9}[\"']",
    re.IGNORECASE,
)
_RUNS = {"script", "iframe", "object", "embed", "style", "form", "svg", "link", "meta", "base"}


@check("TXT004", severity=Severity.WARNING, title="正文混有HTML或脚本")
def markup(case: Case) -> Iterator[Flaw]:
    """Find HTML tags, scripts and script links in a Markdown body.

    Bodies are Markdown; HTML is stripped when a page is made, so what stands in tags may vanish
    from print, and scripts are a danger to readers. ``<br>`` is allowed, as table cells need it.
    Each name of tag is reported once.

    Good: ``**重要**``, a Markdown table, ``第一行<br>第二行``

    Bad: ``<font color="red">重要</font>``, ``<script>…</script>``, ``[详情](javascript:void(0))``
    """
    seen: set[str] = set()
    for match in _TAG.finditer(case.body):
        name = match["name"].lower()
        if name not in seen:
            seen.add(name)
            danger = "脚本或嵌入内容" if name in _RUNS else "HTML标签"
            yield Flaw(
                f"正文中有{danger}“<{name}”",
                "删去标签，改用Markdown，如“**加粗**”、Markdown表格",
                case.line(match.start()),
            )
    active = _ACTIVE.search(case.body)
    if active:
        yield Flaw(
            f"正文中有脚本链接或事件“{excerpt(active[0])}”",
            "删去脚本，链接只用http或https网址",
            case.line(active.start()),
        )
