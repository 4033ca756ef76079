"""Titles in 《》 with what follows them in brackets (文件名称): number, short name, provisions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from policylib.text.dates import find_dates
from policylib.text.docnumber import DocNumber
from policylib.text.span import Span

__all__ = [
    "Cited",
    "cited",
    "closed_up",
    "find_brackets",
    "fits_title",
    "is_document",
    "number_in",
    "one_line",
    "same_title",
]

_BRACKET = re.compile("[《》]")
_LONGEST = 300
_PARENTHESIS = re.compile(
    r"\s{0,2}（(?P<inside>[^（）\n]{0,90}(?:（[^（）\n]{0,50}）[^（）\n]{0,60}){0,2})[）)]"
)
#: A bracket of the number that was opened in one width and closed in another: (某政办字(2017]45号)
_CROOKED = re.compile(
    r"\s{0,2}（(?P<inside>[^（）\n]{0,20}（[^（）\n]{4,5}\][^（）\n]{1,8}号)[）)]"
)
_ALIAS = re.compile(
    r"(?:以下|下)(?:统一|统|均)?简?称(?:为|：)?\s?[“《「\"]{0,3}(?P<name>[^”》」\"，。；]{1,30})"
)
_IS_ALIAS = re.compile(r"(?:以下|下)(?:统一|统|均)?简?称(?:为|：)?\s?[“\"「]{0,2}$")
#: 以下简称《甲法》、《乙法》: the names behind the first
_SEVERAL = re.compile("[》”]?[、，和与及]《([^《》]{1,30})》")
_JOINTS = frozenset(("、", "，", "和", "与", "及"))
_HAN = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…〈〉《》、"
_SPACE = re.compile(rf"\s+(?=[{_HAN}])|(?<=[{_HAN}])\s+")
_NOT_DOCUMENTS = re.compile(
    r"(?:证|证书|证明|证明书|凭证|执照|合同|合同书|协议|协议书|承诺书|告知书|通知单|申请表|申请书|登记表|表"
    r"|审批单|清单|发票|保函|票据|票|券|委托书|担保书|决定书|意见书|许可证书?|报告书|户口簿|白皮书|联单"
    r"|公报|日报|晚报|学报|杂志|时报)(?:（[^（）]{0,20}）)?$"
)
_DRAFT = re.compile(r"征求意见稿|送审稿|讨论稿|（草稿）|报审稿|（初稿）")


@dataclass(frozen=True, slots=True)
class Cited:
    """A title as cited (引用的文件): ``span`` with its 《》, ``end`` behind the brackets after it."""

    span: Span
    end: int
    title: str
    number: DocNumber | None = None
    issued: date | None = None
    alias: str | None = None
    is_alias: bool = False

    @property
    def is_draft(self) -> bool:
        """Whether it is called a draft (征求意见稿)."""
        return _DRAFT.search(self.title) is not None


def find_brackets(plain: str) -> tuple[Span, ...]:
    """Find the outermost pairs of 《》 that hold a title, in order; what is not closed is passed over.

    >>> [tuple(span) for span in find_brackets("《甲《乙》丙》和《丁")]
    [(0, 7)]
    """
    opened: list[int] = []
    pairs: list[Span] = []
    for match in _BRACKET.finditer(plain):
        at = match.start()
        if match[0] == "《":
            opened.append(at)
        elif opened:
            start = opened.pop()
            if 2 < at + 1 - start <= _LONGEST and plain.count("\n", start, at) <= 3:
                pairs.append(Span(start, at + 1))
    pairs.sort()
    outermost: list[Span] = []
    for span in pairs:
        if not outermost or span.start >= outermost[-1].end:
            outermost.append(span)
    return tuple(outermost)


def cited(plain: str, masked: str, brackets: tuple[Span, ...]) -> tuple[Cited, ...]:
    """Read what stands at each pair of 《》: title, 文号, date of issue and short name."""
    found: list[Cited] = []
    for span in brackets:
        number, issued, alias, end = None, None, None, span.end
        names: list[str] = []
        while end - span.end < 300 and masked[end : end + 2].lstrip().startswith("（"):
            match = _PARENTHESIS.match(masked, end) or _CROOKED.match(masked, end)
            if match is None:
                break
            inside = Span(*match.span("inside"))
            words = plain[inside.start : inside.end]
            if named := _ALIAS.search(words):
                alias = alias or closed_up(named["name"].strip('《》“”" '))
                names = _SEVERAL.findall(words, named.end())
            if number is None:
                number = number_in(words)
            if issued is None and "年" in words:
                issued = next((day for _, day in find_dates(words)), None)
            if not (named or number or issued or end == span.end):
                break
            end = match.end()
        before = masked[max(0, span.start - 12) : span.start]
        another = bool(found) and found[-1].is_alias and masked[found[-1].span.end : span.start]
        title = closed_up(plain[span.start + 1 : span.end - 1])
        short = another in _JOINTS or _IS_ALIAS.search(before) is not None
        found.append(Cited(span, end, title, number, issued, alias, is_alias=short))
        if alias and names:
            _share(found, [alias, *names])
    return tuple(found)


def _share(found: list[Cited], names: list[str]) -> None:
    """Give several short names in one bracket to the titles before it that end with them."""
    found[-1] = replace(found[-1], alias=None)
    for name in names:
        for index in range(len(found) - 1, max(-1, len(found) - 9), -1):
            if found[index].title.endswith(name) and found[index].alias is None:
                found[index] = replace(found[index], alias=name)
                break


def number_in(words: str) -> DocNumber | None:
    """The first 发文字号 in a few words, None when there is none."""
    if "号" not in words and "號" not in words:
        return None
    return next((number for _, number in DocNumber.find(words)), None)


_INNER: Final = str.maketrans("《》<>", "〈〉〈〉")


def closed_up(title: str) -> str:
    r"""Write a title in one way (题名规范): no spaces between characters, 〈〉 inside.

    >>> closed_up("关于修改《某县\n办法》的 决 定")
    '关于修改〈某县办法〉的决定'
    """
    return _SPACE.sub("", title.strip()).translate(_INNER)


def one_line(title: str) -> str:
    r"""Close up a title that was broken over lines or letter-spaced (题名去空格).

    >>> one_line("某县人民政府关于\n几 个 问 题 的 通 知")
    '某县人民政府关于几个问题的通知'
    """
    return _SPACE.sub("", title.strip())


def is_document(title: str) -> bool:
    """Whether a title can be that of a policy document, not of a licence, contract or form.

    >>> is_document("某县绿化办法"), is_document("不动产权证书")
    (True, False)
    """
    return _NOT_DOCUMENTS.search(title) is None


_NOISE = re.compile(r"^【[^】]{0,20}】|[\s\u3000《》〈〉<>“”\"'‘’、，,（）()·—\-]")
_STATE = "中华人民共和国"


def _bare(title: str) -> str:
    return _NOISE.sub("", title).removeprefix(_STATE)


def fits_title(cited_title: str, known: str) -> bool:
    """Whether a title cited beside a number can be the known one (标题相容).

    People shorten: the issuer is left out, 《通知》 or the name of the text that a notice carries
    stands for the notice. So any title contained in the other fits.

    >>> fits_title("某县绿化办法", "某县人民政府关于印发某县绿化办法的通知")
    True
    """
    one, other = _bare(cited_title), _bare(known)
    return bool(one and other) and (one in other or other in one)


def same_title(cited_title: str, known: str) -> bool:
    """Whether a title cited alone is the known one (标题相同): only the issuer may be left out.

    >>> same_title("关于某事的通知", "某县人民政府关于某事的通知")
    True
    >>> same_title("实施方案", "某县绿化实施方案")
    False
    """
    one, other = _bare(cited_title), _bare(known)
    return one == other or (one.startswith("关于") and len(one) > 6 and other.endswith(one))
