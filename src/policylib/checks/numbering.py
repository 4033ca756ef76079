"""NUM and IDX: 发文字号 and 索引号 are well-formed and fit the document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policylib.checks.framework import Case, Flaw, check, excerpt
from policylib.checks.reading import annex_start, head_number
from policylib.errors import ParseError
from policylib.model.document import number_key
from policylib.model.organ import Organ
from policylib.model.vocabulary import DocumentType, Severity
from policylib.text.docnumber import DocNumber
from policylib.text.indexnumber import IndexNumber

__all__ = [
    "body_placeholder",
    "damaged_number",
    "foreign_index",
    "head_differs",
    "index_digit",
    "number_placeholder",
    "other_year",
    "unreadable_number",
]

_BLANK = re.compile(
    r"[XxＸｘ×*＊?？_＿□△]|[〔\[(（【]\s*[〕\])）】]|[〕\])）】]\s*第?\s*号|第\s*号"
)
_EXAMPLE = "某政办〔2024〕12号"


def _parsed(number: str) -> DocNumber | None:
    try:
        return DocNumber.parse(number)
    except ParseError:
        return None


@check("NUM001", severity=Severity.WARNING, title="发文字号形式不规范")
def unreadable_number(case: Case) -> Iterator[Flaw]:
    """Find a 发文字号 that cannot be read as one.

    A number is 机关代字, the year in six-cornered brackets and the sequence number with 号 (GB/T
    9704-2012, 7.2.5); 令 and 公告 are counted in their own forms. What cannot be read cannot be
    cited or searched. Registration codes (HFGS-2022-7) belong in 规范性文件统一编号.

    Good: 某政办〔2024〕12号, 国务院令第711号, 财政部公告2023年第6号

    Bad: 某政办12, HFGS-2022-7
    """
    number = case.header.doc_number
    if not number or _BLANK.search(number):
        return
    try:
        DocNumber.parse(number)
    except ParseError as error:
        yield Flaw(
            excerpt(str(error), limit=120),
            f"改为规范形式，如“{_EXAMPLE}”；没有文号的留空",
            "发文字号",
        )


@check("NUM002", severity=Severity.WARNING, title="发文字号有残缺")
def damaged_number(case: Case) -> Iterator[Flaw]:
    """Find a 发文字号 that lost a bracket or its 号, and name the form it must have had.

    Copying from PDF or web pages drops 〔〕 (芜政〔202057, 皖发〔20229號). The number can be
    recovered, but a person must compare it with the original.

    Good: 芜政〔2020〕57号

    Bad: 芜政〔202057
    """
    number = case.header.doc_number
    found = _parsed(number) if number else None
    if number and found and found.notes:
        yield Flaw(
            f"发文字号“{excerpt(number)}”残缺：{'；'.join(found.notes)}",
            f"核对原件后改为“{found}”",
            "发文字号",
        )


@check("NUM003", severity=Severity.ERROR, title="发文字号还是占位符")
def number_placeholder(case: Case) -> Iterator[Flaw]:
    """Find a 发文字号 whose year or sequence number has not been filled in.

    〔20XX〕40号 names no document; released so, it is cited so.

    Good: 某政办〔2024〕40号

    Bad: 某政办〔2024〕号, 某政办〔2024〕*号
    """
    number = case.header.doc_number
    if number and _parsed(number) is None and _BLANK.search(number):
        yield Flaw(
            f"发文字号“{excerpt(number)}”的年份或序号没有填写",
            f"填写登记的年份和序号，如“{_EXAMPLE}”；尚未编号的先留空",
            "发文字号",
        )


@check("NUM004", severity=Severity.WARNING, title="文号年份与成文日期不符")
def other_year(case: Case) -> Iterator[Flaw]:
    """Find a 发文字号 whose year is not the year of 成文日期.

    Numbers are given within the year of writing (GB/T 9704-2012, 7.2.5); around New Year the two
    may part, so a person decides.

    Good: 某政〔2024〕5号, 成文日期 2024-03-01

    Bad: 某政〔2023〕5号, 成文日期 2024-03-01
    """
    number, written = case.header.doc_number, case.header.written_on
    found = _parsed(number) if number else None
    if written and found and found.year and found.year != written.year:
        yield Flaw(
            f"发文字号“{excerpt(str(found))}”的年份是{found.year}年，成文日期在{written.year}年",
            "核对签发稿，改正文号年份或成文日期；跨年编号属实的不必改",
            "发文字号",
        )


@check("NUM005", severity=Severity.ERROR, title="正文文号与文件头不一致")
def head_differs(case: Case) -> Iterator[Flaw]:
    """Find a 发文字号 under the title of the body that differs from the header's.

    One of the two is wrong, and citations will follow the wrong one: a handbook of 2017 is cited
    as 〔2017〕17号 to this day where the number is 〔2017〕47号. Only a line of its own between
    title and addressee is read.

    Good: header 某政〔2024〕5号; the body begins 关于某事的通知 / 某政〔2024〕5号

    Bad: header 某政〔2024〕5号; the body begins 关于某事的通知 / 某政〔2024〕15号
    """
    number = case.header.doc_number
    if not number or case.header.type is not DocumentType.POLICY:
        return
    printed = head_number(case.body)
    if printed and _parsed(number) and printed[1].key != number_key(number):
        yield Flaw(
            f"正文标题下的文号是“{excerpt(printed[0])}”，文件头的发文字号是“{excerpt(number)}”",
            "以签发稿为准，改正不一致的一处",
            "发文字号",
        )


_BODY_BLANK = re.compile(
    r"20[XxＸｘ×*＊]{2}\s?(?:年|〕|］|\]|）|\))"
    r"|[〔\[［](?:20)?[XxＸｘ×*＊_＿\s]{2,6}[〕\]］]\s?[0-9XxＸｘ×*＊_＿\s]{0,6}号"
    r"|[〕］]\s?[XxＸｘ×*＊_＿\s]{1,6}号"
    r"|[XxＸｘ×]{1,2}月[XxＸｘ×]{1,2}日|[自于至]\s{1,8}年\s{1,8}月\s{1,8}日"
    r"|[自于至]\s?[XxＸｘ×_＿]{2,6}\s?年"
)


@check("NUM006", severity=Severity.WARNING, title="正文有未填写的占位符")
def body_placeholder(case: Case) -> Iterator[Flaw]:
    """Find 20XX年, 〔20XX〕XX号, X月X日 and blank dates left in the text of a policy document.

    Drafts are written with them; a released text that still has them binds nobody to a day.
    Annexes are passed over, as forms to fill in belong there; consultations may leave days open.

    Good: 本办法自2024年7月1日起施行。

    Bad: 本办法自20XX年X月X日起施行。
    """
    if case.header.type is not DocumentType.POLICY:
        return
    for match in _BODY_BLANK.finditer(case.body, 0, annex_start(case.body)):
        yield Flaw(
            f"正文中的“{excerpt(match[0])}”还没有填写",
            "填写实际的年份、日期或文号，如“2024年7月1日”",
            case.where(match.start()),
        )


@check("IDX001", severity=Severity.WARNING, title="索引号的机构代码有误")
def index_digit(case: Case) -> Iterator[Flaw]:
    """Find an 索引号 whose organisation code fails its own check digit.

    The part before / is the 统一社会信用代码 (GB 32100-2015) or, in older numbers, the 组织机构代码
    (GB 11714-1997) of the organ; a wrong digit is a slip in copying. Other forms are not judged.

    Good: 11341602003165791L/202512-00001

    Bad: 11341602003165792L/202512-00001
    """
    number = case.header.index_number
    problem = IndexNumber.parse(number).problem() if number else None
    if problem:
        yield Flaw(
            problem,
            "对照机关的统一社会信用代码证书改正，如“11341602003165791L/202512-00001”",
            "索引号",
        )


@check("IDX002", severity=Severity.WARNING, title="索引号不属于发布机构")
def foreign_index(case: Case) -> Iterator[Flaw]:
    """Find an 索引号 made with the code of an organ that neither issued nor drafted the document.

    It comes of copying a page of another organ. Organs above or below one another share catalogues
    (a government's documents stand under its office's code), so only codes of unrelated organs are
    reported. Needs the authority file.

    Good: issued by 某县民政局, the number begins with 某县民政局's code

    Bad: issued by 某县民政局, the number begins with the code of 某县教育局
    """
    issuer = (
        IndexNumber.parse(case.header.index_number).issuer if case.header.index_number else None
    )
    if not issuer:
        return
    organs = case.neighbours.organs
    names = [*case.header.issuers, *([case.header.drafter] if case.header.drafter else [])]
    own = [organ for organ in map(organs.find, names) if organ]
    bearer = next((organ for organ in organs if _bears(organ, issuer)), None)
    if own and bearer and not any(_related(bearer, organ) for organ in own):
        yield Flaw(
            f"索引号“{case.header.index_number}”用的是{bearer.name}的代码，发布机构是{'、'.join(names)}",
            "改用发布机构自己的统一社会信用代码编制索引号",
            "索引号",
        )


def _bears(organ: Organ, code: str) -> bool:
    own = organ.credit_code
    return own is not None and code.replace("-", "") in {own.code, own.org.code}


def _related(one: Organ, other: Organ) -> bool:
    if one.name in {other.name, other.parent} or one.parent == other.name:
        return True
    return one.parent is not None and one.parent == other.parent and "办公" in one.name + other.name
