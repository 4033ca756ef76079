"""发文字号: 国办发〔2018〕37号, 国务院令第711号, 财政部公告2023年第6号 – also damaged ones.

The form is that of GB/T 9704-2012, 7.2.5: 机关代字, the year in 〔〕, the number without 第 and
without leading zeros, 号. 令 and 公告 are counted in their own ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NamedTuple, Self

from policylib.errors import ParseError
from policylib.text.agency import KIND_ENDINGS, code_start, organ_start
from policylib.text.numerals import to_int
from policylib.text.span import Span
from policylib.text.written import Written

__all__ = ["DocNumber", "DocNumberShape"]


class DocNumberShape(StrEnum):
    """How a document number is built (文号形式)."""

    LETTER = "字号"
    ORDER = "令"
    NOTICE = "公告"


_LONGEST = 100
_HALF_WIDTH = str.maketrans("０１２３４５６７８９—–－　：／號\t\xa0", "0123456789--- :/号  ")
_OPEN, _CLOSE = "[［(（【〔〘﹝", "]］)）】〕〙﹞"
# In running text 《》 and 〈〉 belong to titles; in a whole number they must be meant for 〔〕.
_IN_TEXT = (
    _HALF_WIDTH | dict.fromkeys(map(ord, _OPEN), "〔") | dict.fromkeys(map(ord, _CLOSE), "〕")
)
_WHOLE = _IN_TEXT | dict.fromkeys(map(ord, "{｛〈<＜《「『"), "〔")
_WHOLE |= dict.fromkeys(map(ord, "}｝〉>＞》」』"), "〕")

_CHINESE = "〇○◯ＯO零一二三四五六七八九"
_YEAR = rf"(?:[0-9]{{4}}|[一二][{_CHINESE}]{{3}})"
_SEQ = rf"(?:[0-9]{{1,6}}|[{_CHINESE}十百千]{{1,9}})"
_HAN = r"\u3400-\u9fff"
_AGENCY = rf"(?P<agency>[{_HAN}][{_HAN}A-Za-z0-9·、 ]{{0,59}}?)"
_ORGANS = rf"(?P<agency>(?:[{_HAN}][{_HAN}·、 ]{{0,79}}?)?)"
_LABEL = re.compile(r"(?:发文字号|发文文号|文件编号|文件字号|文号|字号) ?:? ?")
_REGISTRATION = re.compile(r"[A-Za-z][A-Za-z0-9]{1,15} ?-+ ?(?:19|20)[0-9]{2} ?-+ ?[0-9]{1,8}\Z")
_PLACEHOLDER = re.compile(
    r"[XxＸｘ×*＊?？_＿□△]|〔 *〕|〔 *[〇○]+ *〕|第 *号|〕 *号|〔[0-9]{4} *号"
)

# Whole strings. In the first three nothing was lost; in the last two something was.
_LETTER = re.compile(rf"{_AGENCY}〔(?P<year>{_YEAR})年?〕年?第?(?P<seq>{_SEQ})(?P<hao>号?)\Z")
_ORDERED = re.compile(
    rf"{_ORGANS}(?P<word>令|公告)(?:(?P<open>〔)(?P<byear>{_YEAR})年?〕年?第?|(?P<year>{_YEAR})年第?|(?P<di>第?))"
    rf"(?P<seq>{_SEQ})(?P<hao>号?)\Z"
)
_ORDER_LAST = re.compile(rf"{_ORGANS}第(?P<seq>{_SEQ})号(?P<word>令)\Z")
#: What nearly all numbers look like; no other reading than that of _LETTER is possible.
_PLAIN = re.compile(
    r"(?P<agency>(?:(?![令公第年号])[\u4e00-\u9fa5]){2,12})〔(?P<year>(?:19[5-9]|20[0-9])[0-9])〕"
    r"(?P<seq>[1-9][0-9]{0,3})(?P<hao>号)"
)
_SHORT_YEAR = re.compile(rf"{_AGENCY}〔(?P<year>[4-9][0-9])〕第?(?P<seq>{_SEQ})(?P<hao>号?)\Z")
_LOST = re.compile(
    rf"{_AGENCY}(?P<open>〔?)(?P<year>(?:19[4-9]|20[0-9])[0-9]|2100)(?P<close>[〕年]?)第?"
    r"(?P<seq>[0-9]{1,5})(?P<hao>号?)\Z"
)
# In running text: what the number ends with; its agency stands to the left.
_S = r"[ \n]{0,2}"
_CORE = re.compile(
    rf"〔{_S}(?P<year>{_YEAR}){_S}年?(?P<close>{_S}〕)?{_S}年?第?{_S}(?P<seq>{_SEQ}){_S}"
    rf"(?P<hao>号(?!令)|(?![0-9{_CHINESE}十百千年月日条]))"
    rf"|(?P<word>令|公告){_S}(?:(?P<open>〔){_S}(?P<byear>{_YEAR}){_S}〕年?第?"
    rf"|(?P<oyear>{_YEAR}){_S}年{_S}第?|第){_S}(?P<oseq>{_SEQ}){_S}号"
    rf"|第{_S}(?P<lseq>{_SEQ}){_S}号(?P<lword>令)"
)
_ALSO = re.compile(rf"{_S}[、和及]{_S}(第?(?P<seq>{_SEQ})号)(?!令)")
_COUNTRY = "中华人民共和国"


class _Found(NamedTuple):
    """The parts of a number as they were read."""

    agency: str
    year: int | None
    seq: int
    shape: DocNumberShape
    bracketed: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocNumber(Written):
    """The number of a document (发文字号).

    ``agency`` is the 机关代字 or, for 令 and 公告, the organ's name (several are joined by
    a space); ``year`` is None for a 令 counted through. ``bracketed`` tells 公告〔2019〕第16号 from
    公告2019年第16号, and ``notes`` holds one Chinese sentence for each damage that was recovered;
    neither takes part in comparing.

    >>> str(DocNumber.parse("国办发[2018] 037號"))
    '国办发〔2018〕37号'
    """

    schema_title: ClassVar[str] = "发文字号"
    schema_description: ClassVar[str] = "如 国办发〔2018〕37号、国务院令第711号（GB/T 9704-2012）"

    agency: str
    year: int | None
    seq: int
    shape: DocNumberShape = DocNumberShape.LETTER
    bracketed: bool = field(default=False, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one document number (文号), whatever its brackets, digits and spaces.

        Lost brackets and a missing 号 are recovered and noted. Raises
        :class:`~policylib.errors.ParseError` for a placeholder (20XX, ×号), a registration code
        (HFGS-2022-7), a year outside 1949–2100 and anything else.
        """
        return cls(*_read(text))

    @classmethod
    def find(cls, text: str) -> Iterator[tuple[Span, Self]]:
        """Find the document numbers in running text (正文中的文号), in order.

        The 机关代字 is cut where the sentence around it ends (按照, 根据, 》…); a list that shares
        its head (国发〔2019〕5号、6号) gives each number.

        >>> [str(n) for _, n in DocNumber.find("按照苏住建规〔2011〕4号和国务院令第711号执行")]
        ['苏住建规〔2011〕4号', '国务院令第711号']
        """
        plain = text.translate(_IN_TEXT)
        for match in _CORE.finditer(plain):
            try:
                start, parts = _in_text(match, plain)
            except ParseError:
                continue
            yield Span(start, match.end()), cls(*parts)
            also = _ALSO.match(plain, match.end())
            while also is not None and parts.year is not None and match["hao"]:
                yield Span(also.start(1), also.end()), cls(*parts._replace(seq=to_int(also["seq"])))
                also = _ALSO.match(plain, also.end())

    @classmethod
    def looks_like(cls, text: str) -> bool:
        """Whether a whole string is plausibly a document number (疑似文号), damaged or not.

        >>> DocNumber.looks_like("芜政〔202057"), DocNumber.looks_like("2024年补贴")
        (True, False)
        """
        if not 4 <= len(text.strip()) <= 50:
            return False
        try:
            _read(text)
        except ParseError:
            return False
        return True

    def __str__(self) -> str:
        """Write the official form (规范写法)."""
        return self._write(self.agency)

    def _write(self, agency: str) -> str:
        if self.shape is DocNumberShape.LETTER:
            return f"{agency}〔{self.year}〕{self.seq}号"
        year = ""
        if self.year is not None:
            year = f"〔{self.year}〕" if self.bracketed else f"{self.year}年"
        return f"{agency}{self.shape}{year}第{self.seq}号"

    @property
    def key(self) -> str:
        """A comparison key (比对键): equal numbers written differently have equal keys.

        >>> DocNumber.parse("国令第706号").key == DocNumber.parse(
        ...     "中华人民共和国国务院令 第706号"
        ... ).key
        True
        """
        agency = "".join(name.removeprefix(_COUNTRY) or name for name in self.agency.split())
        if self.shape is DocNumberShape.ORDER and agency == "国":
            agency = "国务院"
        year = "" if self.year is None else f"〔{self.year}〕"
        word = "" if self.shape is DocNumberShape.LETTER else str(self.shape)
        return f"{agency}{word}{year}{self.seq}号"


def _read(text: str) -> _Found:
    """Read a whole string as one number."""
    if match := _PLAIN.fullmatch(text):
        return _letter(match, text)
    plain = text.strip()
    if not plain:
        raise ParseError("文号为空，请填写，如“国办发〔2018〕37号”")
    if len(plain) > _LONGEST:
        raise ParseError("文号过长，请只保留文号本身，如“国办发〔2018〕37号”")
    shown = plain[:40]
    plain = " ".join(plain.translate(_WHOLE).split())
    plain = plain[match.end() :] if (match := _LABEL.match(plain)) else plain
    if plain.startswith("〔") and plain.endswith("〕"):
        plain = plain[1:-1].strip()
    if _REGISTRATION.match(plain):
        raise ParseError(f"“{shown}”是规范性文件统一编号，不是文号，请填入“统一编号”一栏")
    if _PLACEHOLDER.search(plain):
        raise ParseError(f"文号“{shown}”还有未填写的占位，请填写实际年份和序号")
    compact = plain.replace(" ", "")
    if match := _ORDERED.match(_tight_tail(plain)) or _ORDER_LAST.match(_tight_tail(plain)):
        return _ordered(match, shown)
    if match := _LETTER.match(compact) or _SHORT_YEAR.match(compact):
        return _letter(match, shown)
    if match := _LOST.match(compact):
        return _recovered(match, plain, shown)
    if compact.startswith("〔"):
        raise ParseError(f"文号“{shown}”缺少机关代字，请补全，如“国办发〔2018〕37号”")
    raise ParseError(f"“{shown}”不是可识别的文号，请写成“国办发〔2018〕37号”或“国务院令第711号”")


def _tight_tail(plain: str) -> str:
    """Drop every space but those between organs, which stand before the last 令 or 公告."""
    cut = max(plain.rfind("令"), plain.rfind("公告"), plain.rfind("第") if "号令" in plain else -1)
    if cut < 0:
        return plain.replace(" ", "")
    return plain[:cut] + plain[cut:].replace(" ", "")


def _organs(text: str) -> str:
    """Join several organs with single spaces; letter-spaced names are closed up."""
    names = re.split(r"[、 ]+", text.strip("、 "))
    return ("" if all(len(name) == 1 for name in names) else " ").join(names)


def _ordered(match: re.Match[str], shown: str) -> _Found:
    groups = match.groupdict()
    year_text = groups.get("byear") or groups.get("year")
    year = _plausible_year(year_text, shown) if year_text else None
    if year is None and not (groups.get("di", "第") or groups.get("hao")):
        raise ParseError(f"“{shown}”不是可识别的文号，请写成“国务院令第711号”")
    notes = () if groups.get("hao", "号") else ("文号缺少“号”字，已补全，请核对",)
    if groups["word"] == "公告" and year is None and not groups["agency"]:
        raise ParseError(f"公告文号“{shown}”缺少年份，请补全，如“公告2023年第12号”")
    return _Found(
        _organs(groups["agency"]),
        year,
        _sequence(groups["seq"], shown),
        DocNumberShape(groups["word"]),
        bool(groups.get("open")),
        notes,
    )


def _letter(match: re.Match[str], shown: str) -> _Found:
    notes: tuple[str, ...] = ()
    year_text = match["year"]
    if len(year_text) == 2:
        year_text = "19" + year_text
        notes += (f"年份只有两位，按{year_text}年识别，请核对",)
    if not match["hao"]:
        notes += ("文号缺少“号”字，已补全，请核对",)
    year, seq = _plausible_year(year_text, shown), _sequence(match["seq"], shown)
    return _Found(match["agency"], year, seq, DocNumberShape.LETTER, bracketed=False, notes=notes)


def _recovered(match: re.Match[str], plain: str, shown: str) -> _Found:
    """Read a number that lost a bracket or both: the year is the first four digits."""
    agency = match["agency"]
    evidence = bool(match["open"]) + (match["close"] == "〕") + bool(match["hao"])
    evidence += bool(re.search(r"(?:19|20)[0-9]{2} [0-9]", plain))
    if agency[-1] not in KIND_ENDINGS:
        evidence -= 1
    if evidence < 1 or any(mark in agency for mark in "年第0123456789"):
        raise ParseError(
            f"“{shown}”不是可识别的文号，请写成“国办发〔2018〕37号”或“国务院令第711号”"
        )
    year, seq = _plausible_year(match["year"], shown), _sequence(match["seq"], shown)
    notes: tuple[str, ...] = (
        f"文号的六角括号不完整，按“{agency}〔{year}〕{seq}号”识别，请核对原件",
    )
    if not match["hao"]:
        notes += ("文号缺少“号”字，已补全，请核对",)
    return _Found(agency, year, seq, DocNumberShape.LETTER, bracketed=False, notes=notes)


def _plausible_year(text: str, shown: str) -> int:
    year = to_int(text)
    if not 1949 <= year <= 2100:
        raise ParseError(f"文号“{shown}”的年份{year}不合理，应在1949至2100之间，请核对")
    return year


def _sequence(text: str, shown: str) -> int:
    seq = to_int(text)
    if seq < 1:
        raise ParseError(f"文号“{shown}”的序号应大于零，请核对")
    return seq


def _in_text(match: re.Match[str], text: str) -> tuple[int, _Found]:
    """Read one number in running text and where its agency begins."""
    order = match["word"] or match["lword"]
    end = match.start()
    while end > 0 and match.start() - end < 2 and text[end - 1] == " ":
        end -= 1
    start = organ_start(text, end) if order else code_start(text, end)
    agency = text[start:end]
    shown = text[start : match.end()]
    if order:
        if len(agency) < 2 and agency != "国":
            raise ParseError(f"“{shown}”缺少发布机关")
        year_text = match["byear"] or match["oyear"]
        year = _plausible_year(year_text, shown) if year_text else None
        seq = _sequence(match["oseq"] or match["lseq"], shown)
        bracketed = bool(match["open"])
        return start, _Found(_organs(agency), year, seq, DocNumberShape(order), bracketed, ())
    whole = bool(match["close"] and match["hao"])
    if len(agency) < 2 or (not whole and agency[-1] not in KIND_ENDINGS):
        raise ParseError(f"“{shown}”不是可识别的文号")
    return start, _read(shown)
