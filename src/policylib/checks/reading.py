"""What a body says about itself (正文自述): its number, its date, its term, whom it cites.

Small readers for checks that compare a header with its body. They would rather miss a statement
than invent one, and each runs in time linear in the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from policylib.errors import ParseError
from policylib.text.dates import Period, find_dates, parse_date
from policylib.text.docnumber import DocNumber
from policylib.text.span import Span

__all__ = [
    "AMENDS",
    "OWN_NAMES",
    "Cited",
    "Term",
    "annex_start",
    "cited_titles",
    "head_number",
    "signature_dates",
    "terms",
]

#: What a document calls itself after 本 (本办法, 本通知).
OWN_NAMES = (
    "实施细则|实施办法|实施意见|暂行办法|暂行规定|管理办法|若干措施|若干规定|政策措施"
    "|办法|规定|细则|规则|条例|通知|意见|决定|方案|措施|公告|通告|规程|规范|制度|章程"
    "|政策|文件|指引|指南|预案|标准|解释|举措|计划|准则|程序"
)

_HEAD_LINES, _HEAD_CHARACTERS = 15, 3000
_MARKUP = re.compile(r"[#*_>`\s\u3000]+")
_ADDRESSEE = re.compile(r"[:：]\s*$")
_ANNEX = re.compile(
    r"^[#*\s]{0,9}附\s{0,3}件\s{0,3}[0-9０-９一二三四五六七八九十]{0,3}\s{0,3}[:：]?[*\s]{0,9}$",
    re.M,
)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the offset and the bare text of each line that is not blank."""
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip().strip("#*_>` \u3000\t")
        if bare:
            yield at, bare
        at += len(line)


def annex_start(body: str) -> int:
    r"""Where the annexes begin (附件): the first line that is just 附件 or 附件1, else the end.

    >>> annex_start("正文。\n附件1\n表格")
    4
    """
    match = _ANNEX.search(body)
    return match.start() if match else len(body)


def head_number(body: str) -> tuple[str, DocNumber] | None:
    r"""The 发文字号 printed between the title and the addressee, with the line it stands on.

    >>> found = head_number("某县人民政府关于某事的通知\n某政〔2024〕5号\n各乡镇：")
    >>> str(found[1]) if found else None
    '某政〔2024〕5号'
    """
    for count, (_, line) in enumerate(_lines(body[:_HEAD_CHARACTERS])):
        if count >= _HEAD_LINES or _ADDRESSEE.search(line):
            return None
        if len(line) <= 50 and line[-1] in "号號)）】〕]令":
            bare = line.strip("（()）【】")
            for span, number in DocNumber.find(bare):
                if span == (0, len(bare)):
                    return line, number
    return None


def signature_dates(body: str) -> Iterator[tuple[int, date]]:
    """The dates under a signature (落款日期): a line with only a date, below a line with a name.

    A name is a short line without a full stop that ends with what organs end with.
    """
    above = ""
    for at, line in _lines(body):
        if len(line) <= 24 and line[-1] in "日号" and _SIGNER.search(above):
            with suppress(ParseError):
                yield at, parse_date(line)
        above = _ENTITY.sub("", line).strip()


_ENTITY = re.compile(r"&[a-z]{2,6};")
_SIGNER = re.compile(
    r"^[^。；;:：，,]{0,60}(?:政府|办公厅|办公室|委员会|委|厅|局|部|院|处|中心|署|会|队|站|所|社|行|党组)$"
)


class Term(NamedTuple):
    """A period of validity that a document states of itself (自述有效期).

    ``last`` is the last day where the text names it, else ``period`` counts from ``start``, which
    is None where the text says 自印发之日起 or nothing.
    """

    offset: int
    quote: str
    last: date | None
    period: Period | None
    start: date | None

    def ends(self, *starts: date | None) -> tuple[date, ...]:
        """The last days the term can mean, counted from the text's own day or from ``starts``.

        Practice writes the eve (自7月1日起…至次年6月30日止), 民法典第二百零一条 and 第二百零二条
        the corresponding day; both are given.
        """
        if self.last:
            return (self.last,)
        days: list[date] = []
        for start in (self.start,) if self.start else starts:
            if start and self.period:
                end = self.period.end(start)
                days += [end - timedelta(days=1), end]
        return tuple(dict.fromkeys(days))


_SENTENCE = re.compile(r"[^。；;！？\n]{4,400}")
_AMOUNT = r"[0-9０-９一二三四五六七八九十两半]{1,3}\s?(?:年半?|个月|個月)"
_DATE = (
    r"(?:[0-9]{4}|[〇○零一二三四五六七八九]{4})\s?年\s?[0-9一二三四五六七八九十]{1,3}\s?月"
    r"\s?[0-9一二三四五六七八九十]{1,3}\s?日"
)
_OWN_WORD = rf"(?:本|以上|上述)《?(?:{OWN_NAMES})》?"
_BEGINS = r"(?:起|之日)\s?(?:正式)?(?:公布)?(?:施行|实施|执行|试行|实行|生效)"
_TERM = re.compile(
    rf"(?:{_BEGINS}|{_OWN_WORD}的?)[,，、(（]{{0,2}}\s?"
    rf"(?:有效期限?|试行期限?|执行期限?)(?:暂定|限)?(?:为|是|[:：])?\s?"
    rf"(?:(?P<amount>{_AMOUNT})(?!以)"
    rf"|(?:自\s?{_DATE}起?)?(?:截至|截止到?|延长至|至|到)\s?(?P<until>{_DATE}))"
    rf"|{_BEGINS}[,，、]?\s?(?:有效期|执行)?(?:截)?至\s?(?P<upto>{_DATE})"
)
_OWN = re.compile(rf"{_OWN_WORD}|^\s*自")
_START = re.compile(rf"[自从]\s?(?P<start>{_DATE})\s?起")


def terms(body: str) -> Iterator[Term]:
    """The terms of validity a document states of itself: 本办法自…起施行，有效期5年.

    A licence's or a credit record's 有效期 is not one: the words must stand next to 起施行 or
    after 本办法, 本通知 and the like, and the sentence must speak of this document.
    """
    if "有效期" not in body and "试行期" not in body and "至" not in body:
        return
    for sentence in _SENTENCE.finditer(body):
        text = sentence[0]
        if ("期" not in text and "至" not in text) or not _OWN.search(text):
            continue
        match = _TERM.search(text)
        if match is None:
            continue
        start = _START.search(text)
        last = match["until"] or match["upto"]
        yield Term(
            sentence.start() + match.start(),
            match[0],
            _date(last) if last else None,
            Period.parse(match["amount"]) if match["amount"] else None,
            _date(start["start"]) if start else None,
        )


def _date(text: str) -> date | None:
    return next((day for _, day in find_dates(text)), None)


class Cited(NamedTuple):
    """A document cited by its title in 《》, with the number in the brackets behind it."""

    span: Span
    title: str
    number: DocNumber | None
    as_basis: bool


#: What a decision on amendments says; its places are those of another text.
AMENDS = re.compile(r"作(?:出)?(?:以下|如下)?(?:修改|修正|修订)|修改为[:：]?[“\"]|增加一[条款项]")
_CITED = re.compile(
    r"《(?P<title>[^《》]{2,150})》"
    r"(?:\s{0,2}[（(](?P<paren>[^（()）《》]{0,50}(?:[（(][0-9]{4}[）)][^（()）《》]{0,30})?))?"
)
_BASIS = re.compile(r"(?:根据|依据|按照|依照|遵照)[^。；;，,：:《》\n]{0,12}$")
_AND = re.compile(r"[（()）、，,和及与以等\s]{0,6}$")


def cited_titles(body: str) -> Iterator[Cited]:
    """The titles in 《》 that a body cites, in order; ``as_basis`` after 根据, 依据, 按照 or 依照.

    A list shares its verb: 根据《甲》（…）、《乙》和《丙》.
    """
    end, basis = 0, False
    for match in _CITED.finditer(body):
        between = body[max(end, match.start() - 30) : match.start()]
        listed = match.start() - end <= 6 and bool(_AND.match(between))
        basis = (basis and listed) or bool(_BASIS.search(between))
        number = next((found for _, found in DocNumber.find(match["paren"] or "")), None)
        yield Cited(Span(*match.span()), "".join(match["title"].split()), number, basis)
        end = match.end() + (body[match.end() : match.end() + 1] in {")", "）"})
