"""Where in a document: 第三条之一第二款第（三）项第1目, and the headings 一、（二）1.（1）.

The numbering is that of 立法法 第六十五条 (编章节条款项目) and of GB/T 9704-2012, 7.3.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple, Self

from policylib.errors import ParseError
from policylib.text.numerals import to_chinese, to_int
from policylib.text.written import Written

__all__ = ["Level", "Locator", "Step"]


class Level(StrEnum):
    """What a part of a document is (层级)."""

    TEXT = "文本"
    ANNEX = "附件"
    TITLE = "标题"
    PREFACE = "前言"
    CONTENTS = "目录"
    PART = "部分"
    BOOK = "编"
    SUBBOOK = "分编"
    CHAPTER = "章"
    SECTION = "节"
    HEADING1 = "一级"
    HEADING2 = "二级"
    HEADING3 = "三级"
    HEADING4 = "四级"
    ARTICLE = "条"
    PARAGRAPH = "款"
    ITEM = "项"
    SUBITEM = "目"


#: Outer levels first. Headings may stand over or under articles, so both come after 节.
RANK = {level: rank for rank, level in enumerate(Level)}


class Step(NamedTuple):
    """One step of a locator (一层): 第三条之一 is (条, 3, 1); ``number`` 0 means unnumbered."""

    level: Level
    number: int = 0
    suffix: int = 0

    def __str__(self) -> str:
        words = _WRITTEN.get(self.level, "第{chinese}{level}").format(
            chinese=to_chinese(self.number), number=self.number or "", level=self.level.value
        )
        return f"{words}之{to_chinese(self.suffix)}" if self.suffix else words


#: 附件 and a heading under it are parted by a colon: 附件1：1. is not 附件11.
_LOOSE = frozenset((Level.TEXT, Level.ANNEX))
_HEADINGS = frozenset((Level.HEADING1, Level.HEADING2, Level.HEADING3, Level.HEADING4))
#: How each level is written where it is not 第…条.
_WRITTEN = {
    Level.TITLE: "{level}",
    Level.PREFACE: "{level}",
    Level.CONTENTS: "{level}",
    Level.TEXT: "{level}{number}",
    Level.ANNEX: "{level}{number}",
    Level.ITEM: "第（{chinese}）项",
    Level.SUBITEM: "第{number}目",
    Level.HEADING1: "{chinese}、",
    Level.HEADING2: "（{chinese}）",
    Level.HEADING3: "{number}.",
    Level.HEADING4: "（{number}）",
}

_DIGITS = "0-9０-９〇○零一二两三四五六七八九十百千万"
_N = f"[{_DIGITS}]{{1,10}}"
_HAN = "[〇○零一二三四五六七八九十百]{1,7}"
_INT = "[0-9０-９]{1,4}"
_STEP = re.compile(
    rf"第(?P<worded>{_N})(?P<word>分编|部分|编|章|节|条|款)(?:之(?P<zhi>{_N}))?"
    rf"|第[（(]?(?P<item>{_N})[）)]?(?P<iword>项|目)(?:之(?P<izhi>{_N}))?"
    rf"|(?P<h1>{_HAN})、|[（(](?P<h2>{_HAN})[）)]|(?P<h3>{_INT})[.．、]|[（(](?P<h4>{_INT})[）)]"
    rf"|(?P<named>标题|前言|目录)|(?P<outer>附件|文本)(?P<on>{_INT}|{_HAN})?"
    r"|(?P<colon>[:：])"
)
_LISTED = re.compile(
    rf"第(?P<head>{_N})(?P<more>(?:[、至到和及]第?{_N}){{1,20}})(?P<unit>分编|编|章|节|条|款|项)"
)
_SEPARATOR = re.compile(r"[，,；;和与及、]|以及")
_RANGE = re.compile(r"[至到~～\-—–]{1,2}")
_LONGEST, _LONGEST_LIST, _WIDEST = 120, 5000, 1000


@dataclass(frozen=True, slots=True)
class Locator(Written):
    """The place of a provision (条款项定位).

    >>> str(Locator.parse("第3条之一第2款(三)"))
    '第三条之一第二款第（三）项'
    """

    schema_title: ClassVar[str] = "条款项定位"
    schema_description: ClassVar[str] = "如 第三条第二款第（一）项、一、（二）1."

    steps: tuple[Step, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one locator (定位): 第三条第二款, 第3条(一), 第二编第三章, 一、（二）1.（1）.

        Raises :class:`~policylib.errors.ParseError` for anything else and for levels in the wrong
        order.
        """
        plain = "".join(text[: 4 * _LONGEST].split())
        if not plain or len(plain) > _LONGEST:
            raise ParseError("定位为空或过长，请写成“第三条第二款第（一）项”")
        steps: list[Step] = []
        at = 0
        while at < len(plain):
            match = _STEP.match(plain, at)
            if match is None or (match["colon"] and (not steps or at + 1 == len(plain))):
                raise ParseError(f"“{plain[:40]}”中的“{plain[at : at + 8]}”不是可识别的条款定位")
            at = match.end()
            if match["colon"]:
                continue
            step = _step(match, steps)
            if steps and RANK[step.level] <= RANK[steps[-1].level]:
                raise ParseError(f"“{plain[:40]}”的层级顺序不对：“{step}”不能在“{steps[-1]}”之下")
            steps.append(step)
        return cls(tuple(steps))

    @classmethod
    def parse_all(cls, text: str) -> tuple[Self, ...]:
        """Read a list of locators (定位列表) with ranges: 第三条至第五条、第七条第二款.

        A later member takes over the outer levels of the one before (第七条第一款、第三款).
        Raises :class:`~policylib.errors.ParseError` for what cannot be read and for a range of
        more than 1,000 provisions.

        >>> [str(each) for each in Locator.parse_all("第三条至第五条、第七条第二款")]
        ['第三条', '第四条', '第五条', '第七条第二款']
        """
        plain = "".join(text[: 2 * _LONGEST_LIST].split())
        if not plain or len(plain) > _LONGEST_LIST:
            raise ParseError("定位列表为空或过长，请分开填写")
        members = [plain]
        if "第" in plain:
            members = [part for part in _SEPARATOR.split(_LISTED.sub(_spelt_out, plain)) if part]
        found: list[Self] = []
        for member in members:
            ends = _RANGE.split(member)
            if len(ends) > 2:
                raise ParseError(f"“{member[:40]}”中的范围不清楚，请写成“第三条至第五条”")
            first = cls.parse(ends[0])._under(found[-1] if found else None)
            found.append(first)
            if len(ends) == 2:
                found.extend(first._up_to(cls.parse(ends[1])._under(first)))
        return tuple(found)

    def _under(self, before: Self | None) -> Self:
        """Take over the outer steps of ``before`` when this one begins at 款, 项 or 目."""
        rank = RANK[self.steps[0].level]
        if before is None or rank <= RANK[Level.ARTICLE]:
            return self
        return type(self)(tuple(s for s in before.steps if RANK[s.level] < rank) + self.steps)

    def _up_to(self, last: Self) -> list[Self]:
        *outer, start = self.steps
        *outer_last, stop = last.steps
        if outer != outer_last or start.level != stop.level or stop.number <= start.number:
            raise ParseError(f"“{self}至{last}”不是可展开的范围，请核对起止")
        if stop.number - start.number > _WIDEST:
            raise ParseError(f"“{self}至{last}”超过{_WIDEST}个，请核对起止")
        numbers = range(start.number + 1, stop.number)
        steps = [*(Step(start.level, number) for number in numbers), stop]
        return [type(self)((*outer, step)) for step in steps]

    def __str__(self) -> str:
        words = ""
        before: Step | None = None
        for step in self.steps:
            loose = before is not None and (before.level in _LOOSE or before.suffix > 0)
            words += f"：{step}" if loose and step.level in _HEADINGS else str(step)
            before = step
        return words


def _spelt_out(match: re.Match[str]) -> str:
    """Turn 第三、四条 into 第三条、第四条."""
    unit = match["unit"]
    more = re.sub(rf"([、至到和及])第?({_N})", rf"\1第\2{unit}", match["more"])
    return f"第{match['head']}{unit}{more}"


def _step(match: re.Match[str], before: list[Step]) -> Step:
    """Read one step; （三） and 1. after 条 or 款 are 项 and 目."""
    if match["worded"]:
        suffix = to_int(match["zhi"]) if match["zhi"] else 0
        return Step(Level(match["word"]), to_int(match["worded"]), suffix)
    if match["item"]:
        suffix = to_int(match["izhi"]) if match["izhi"] else 0
        return Step(Level(match["iword"]), to_int(match["item"]), suffix)
    if match["named"]:
        return Step(Level(match["named"]))
    if match["outer"]:
        return Step(Level(match["outer"]), to_int(match["on"]) if match["on"] else 0)
    lawful = bool(before) and RANK[before[-1].level] >= RANK[Level.ARTICLE]
    if match["h1"]:
        return Step(Level.HEADING1, to_int(match["h1"]))
    if match["h2"]:
        return Step(Level.ITEM if lawful else Level.HEADING2, to_int(match["h2"]))
    if match["h3"]:
        return Step(Level.SUBITEM if lawful else Level.HEADING3, to_int(match["h3"]))
    return Step(Level.SUBITEM if lawful else Level.HEADING4, to_int(match["h4"]))
