"""The lists of a clean-up (清理目录): each document with what becomes of it, and the stated sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from policylib.errors import ParseError
from policylib.reading.source import Source
from policylib.reading.titles import closed_up, number_in
from policylib.reading.values import CleanUp, Listed, Repeal, Stated
from policylib.reading.words import NAMES, day_in
from policylib.text.docnumber import DocNumber
from policylib.text.numerals import to_int
from policylib.text.span import Span

__all__ = ["clean_up", "repeals_of"]

#: What becomes of a document, by the words used for it; the first that stands in a line counts.
_WORDS: Final = (
    ("继续有效", "继续有效"), ("继续执行", "继续有效"), ("继续保留", "继续有效"), ("予以保留", "继续有效"),
    ("保留", "继续有效"), ("现行有效", "继续有效"), ("延长有效期", "继续有效"),
    ("失效", "失效"), ("有效", "继续有效"), ("废止", "废止"), ("停止执行", "废止"), ("作废", "废止"),
    ("修改", "修改"), ("修订", "修改"), ("修正", "修改"),
)  # fmt: skip
_ANY = ("废止", "失效", "继续有效", "保留", "修改", "修订", "修正", "停止执行")
_ANY_WORD = re.compile("|".join(_ANY))
_LIST = r"(?:目录|清单|一览表|名单|汇总表|如下|下列|以下|文件|规章|法规|（[^（）]{0,12}[0-9一二三四五六七八九十百]{1,5}\s?[件部份个][^（）]{0,6}）)"
_HEADING = re.compile(
    r"^[#*\s|]{0,8}(?:附\s?件\s?[0-9一二三四五六七八九十]{0,3}\s?[:：.、]?\s?)?(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)?"
)
_NOUN = r"(?:文件|规章|法规|条例|规定|决定|办法|通知|目录|清单|政策)"
#: 对下列文件予以废止： or 决定废止下列规章：
_OPENS = re.compile(
    rf"(?:下列|以下|如下)[^：]{{0,90}}?(?:予以|宣布|决定|继续|进行|同时|即行|一并|一律|自[^：]{{2,20}}起，?){{1,3}}\s?(?P<what>废止|失效|修改|修订|有效|保留|停止执行)[^，：]{{0,10}}：$"
    rf"|(?P<what2>废止|宣布失效|修改|修订|保留)(?:的|了)?(?:以下|下列|如下)?[^，。：]{{0,24}}{_NOUN}[^，。：]{{0,16}}：$"
)
_ITEM = re.compile(
    r"^[*\s]{0,6}(?:(?:[0-9]{1,4})\s?(?:[.．、)）]|\s(?=\S))\s?|（[0-9一二三四五六七八九十]{1,4}）\s?|[①-⑳]\s?|[-*+•]\s{1,3})?(?P<words>\S.*)$"
)
_NUMBERED = re.compile(
    r"^[*\s]{0,6}(?:[0-9]{1,4}\s?(?:[.．、)）]|\s)|（[0-9一二三四五六七八九十]{1,4}）|[①-⑳]|[-*+•]\s|[一二三四五六七八九十百]{1,4}、)"
)
_TITLE_END = re.compile(
    rf"(?:{NAMES}|复函|纪要|通报|命令|请示|报告|要点|制度|协议|公约)(?:（[^（）]{{1,12}}）)?$"
)
_BEHIND = re.compile(r"\s{0,2}（[^（）]{0,90}(?:（[^（）]{0,40}）[^（）]{0,60}){0,2}）")
_SEPARATOR_ROW = re.compile(r"^[\s|:\-—]+$")
_TITLE_COLUMN = re.compile(r"名\s?称|标\s?题|文件$|题\s?名|文件名")
_NUMBER_COLUMN = re.compile(r"文\s?号|字号|编号|发文号")
_RESULT_COLUMN = re.compile(r"结果|意见|结论|处理|情况|状态|方式")
_COUNT = r"(?P<n>[0-9]{1,5}|[一二三四五六七八九十百千两]{1,7})\s?(?:件|部|份|个)"
_SAID = r"(?:决定|拟|共|现)?(?:予以|宣布|拟)?(?P<what>废止|失效|宣布失效|修改|修订|修正|继续有效|保留|继续执行)"
_SUMS = (
    re.compile(rf"{_SAID}(?:的)?(?:[^，。；：、0-9《》□]{{0,14}})?(?:（|共计?|为|：)?\s?{_COUNT}"),
    re.compile(
        rf"{_COUNT}[^，。；：0-9《》□]{{0,20}}?(?:予以|宣布|决定|进行|自行)(?P<what>废止|失效|修改|修订|修正|保留)"
    ),
    re.compile(rf"{_COUNT}[^，。；：0-9《》□]{{0,12}}?(?P<what>继续有效)"),
)
_SHOWN: Final = {"废止": "废止", "失效": "宣布失效", "修改": "修改", "继续有效": "继续有效"}


def clean_up(source: Source) -> CleanUp | None:
    """Read the lists of documents to be ended, changed or kept (清理); None where there is none.

    A list stands under a line that says what becomes of its documents (废止的文件目录, 对下列文件予以
    废止：), one document a line, numbered or with 《》 or a 文号, or as a table, whose own column
    may say what becomes of each.
    """
    told = source.having(*_ANY)
    if not any(
        "|" in words or "\t" in source.text[at : at + len(words)] or _heading(words)
        for at, words in told
    ):
        return None
    items = tuple(_items(source))
    if not items:
        return None
    stated = tuple(_stated(source))
    return CleanUp(items, stated, tuple(_problems(items, stated)))


def repeals_of(lists: CleanUp) -> Iterator[Repeal]:
    """The documents of a clean-up that end: 废止 and 失效."""
    for each in lists.items:
        if each.disposition in {"废止", "失效"}:
            yield Repeal(
                each.span, each.quote, each.title, each.doc_number, each.issued,
                partial=False, disposition=each.disposition,
            )  # fmt: skip


def _disposition(words: str) -> str | None:
    return next((meaning for word, meaning in _WORDS if word in words), None)


def _items(source: Source) -> Iterator[Listed]:
    """Go down the lines, knowing what becomes of the documents listed here."""
    reader = _Reader(source)
    for index, (start, end) in enumerate(source.lines):
        found = reader.read(start, end)
        if found is None:
            continue
        if found.doc_number is None and index + 1 < len(source.lines):
            below = source.plain[slice(*source.lines[index + 1])]
            if len(below) <= 40 and DocNumber.looks_like(below.strip("（）()")):
                found = replace(found, doc_number=number_in(below))  # cells on lines of their own
        yield found


_LONG, _LONGEST = 600, 1500  # characters: no line of a list; a line that ends one
_ONLY_NUMBER = re.compile(r"[0-9]{1,4}[.．、]?$|(?:序号|文件名称|文号|发文字号|备注|名称|标题)$")
_NUMBER_LINE = re.compile(
    r"[（(]?[\u4e00-\u9fffA-Za-z]{2,14}[〔\[（(][0-9]{4}[〕\]）)][^\s，。]{1,8}号[）)]?$"
)
#: 一、县政府文件（5件）: whose documents follow, not what becomes of them.
_SUBHEADING = re.compile(
    r"[#*\s]*(?:(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)[^，。；：]{2,30}(?:文件|规章|法规)(?:（[^（）]{1,12}）)?"
    r"|[^，。；：（）]{2,30}(?:文件|规章|法规)（共?[0-9一二三四五六七八九十百]{1,4}[件部个]）)[*\s]*$"
)
_NEW_PART = re.compile(r"[#\s]*(?:附\s?件|[一二三四五六七八九十]{1,3}、)")


class _Reader:
    """What is known between two lines: the list and the table one stands in."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.current: str | None = None  # what becomes of the documents listed here
        self.columns: tuple[int, int, int] | None = None
        self.missed = 0
        self.numbered = False  # the line before was a number alone

    def read(self, start: int, end: int) -> Listed | None:
        """Read one line: a document of a list or table, or None."""
        words = self.source.masked[start:end]
        if len(words) > _LONG:
            self.current = None if len(words) > _LONGEST else self.current
            return None
        if "|" in words or "\t" in self.source.text[start:end]:
            cells = _cells(self.source, start, end)
            if len(cells) >= 2:
                return None if _SEPARATOR_ROW.match(words) else self._in_table(cells)
        else:
            self.columns = None
        heading = _heading(words)
        if heading is not None:
            self.current, self.missed = heading, 0
            return None
        return self._in_list(start, end, words) if self.current is not None else None

    def _in_table(self, cells: list[tuple[int, int]]) -> Listed | None:
        heads = _columns(self.source, cells)
        if heads is not None:
            self.columns = heads
            return None
        if self.columns is None and self.current is None:
            return None
        return _row(self.source, cells, self.columns, self.current)

    def _in_list(self, start: int, end: int, words: str) -> Listed | None:
        """Read a document; two other lines may stand between, a sentence or new part ends it."""
        if _ONLY_NUMBER.match(words):
            self.numbered = True  # the cells of a table, each on a line of its own
            return None
        if _SUBHEADING.match(words) or _NUMBER_LINE.match(words):
            return None
        found = _listed(self.source, start, end, self.current or "", numbered=self.numbered)
        self.numbered = False
        self.missed = 0 if found else self.missed + 1
        if found is None and (self.missed > 2 or words.endswith("。") or _NEW_PART.match(words)):
            self.current = None
        return found


def _heading(words: str) -> str | None:
    """What the documents below a line become; None when the line heads no list."""
    match = _HEADING.match(words)
    bare = words[match.end() :].strip("*# 　") if match else words
    if _ANY_WORD.search(bare) is None or ("□" in bare and not bare.endswith(("：", ":"))):
        return None
    opens = bare.endswith(("：", ":")) and len(bare) <= 300
    if opens:
        match = _OPENS.search(re.split("[。；]", bare)[-1])
        return _disposition(match["what"] or match["what2"]) if match else None
    if len(bare) > 60 or re.search("[。；，]", bare) or not re.search(_LIST, bare):
        return None
    if re.search(r"^关于|的(?:决定|通知|公告|通报)(?:（|$)", bare):
        return None
    found = {meaning for word, meaning in _WORDS[:14] if word in bare}
    return _disposition(bare) if len(found) == 1 else None


def _listed(
    source: Source, start: int, end: int, disposition: str, *, numbered: bool
) -> Listed | None:
    """One document on a line of its own."""
    words = source.masked[start:end]
    cited = source.cited_in(start, end)
    numbered = numbered or _NUMBERED.match(words) is not None
    if (
        cited
        and cited[0].span.start - start <= 40
        and not re.search("根据|按照|依据|为贯彻", words[: cited[0].span.start - start])
    ):
        each = cited[0]
        if len(words) - (each.end - start) > 60 and len(cited) == 1:
            return None
        number = each.number or number_in(source.plain[each.end : end])
        span = Span(each.span.start, each.end)
        issued = each.issued or day_in(source.plain[each.end : end])
        return Listed(span, source.quote(span), each.title, number, issued, disposition)
    match = _ITEM.match(words)
    if match is None or len(words) > 260:
        return None
    at = start + match.start("words")
    return _plain_item(source, at, end, disposition, numbered=numbered)


def _plain_item(
    source: Source, at: int, end: int, disposition: str, *, numbered: bool
) -> Listed | None:
    """A title without 《》, with its number in brackets or behind it."""
    words = source.plain[at:end].rstrip("；;。,， ")
    title, number, issued = words, None, None
    behind = None
    for behind in _BEHIND.finditer(words):
        number = number_in(behind[0])
        issued = issued or day_in(behind[0])
        if number is not None or issued is not None:
            title = words[: behind.start()]
            break
    if number is None:
        parts = re.split(r"\s{2,}|\s(?=[\u4e00-\u9fff]{2,12}[〔\[（(])", words)
        if len(parts) > 1 and (number := number_in(parts[-1])) is not None:
            title = words[: words.rfind(parts[-1])]
    title = title.strip(" ，,；;")
    if not 4 <= len(title) <= 200 or "。" in title or title.endswith(("：", ":")):
        return None
    if number is None and not (numbered and _TITLE_END.search(title)):
        return None
    if not (_TITLE_END.search(title) or number):
        return None
    span = Span(at, at + len(title))
    return Listed(span, source.quote(span), closed_up(title), number, issued, disposition)


# -- tables -----------------------------------------------------------------------------------------


def _cells(source: Source, start: int, end: int) -> list[tuple[int, int]]:
    """The cells of a row of a Markdown or tab-separated table, as places."""
    words = source.text[start:end]
    mark = "|" if "|" in words else "\t"
    cells: list[tuple[int, int]] = []
    at = start
    for cell in words.split(mark):
        bare = cell.strip()
        lead = len(cell) - len(cell.lstrip())
        cells.append((at + lead, at + lead + len(bare)))
        at += len(cell) + 1
    if mark == "|":
        if cells and cells[0][0] == cells[0][1]:
            cells = cells[1:]
        if cells and cells[-1][0] == cells[-1][1]:
            cells = cells[:-1]
    return cells


def _columns(source: Source, cells: list[tuple[int, int]]) -> tuple[int, int, int] | None:
    """Which columns hold title, number and result; -1 for one that is missing."""
    heads = [source.plain[start:end] for start, end in cells]
    if any(len(head) > 16 for head in heads):
        return None

    def find(pattern: re.Pattern[str], *, but: int = -2) -> int:
        return next((i for i, head in enumerate(heads) if i != but and pattern.search(head)), -1)

    title = find(_TITLE_COLUMN)
    if title < 0:
        return None
    return title, find(_NUMBER_COLUMN, but=title), find(_RESULT_COLUMN, but=title)


def _row(
    source: Source,
    cells: list[tuple[int, int]],
    columns: tuple[int, int, int] | None,
    current: str | None,
) -> Listed | None:
    """One document of a table."""
    if columns is None:
        inner = [(s, e) for s, e in cells if e - s > 4]
        return _plain_item(source, *inner[0], current, numbered=True) if inner and current else None
    at_title, at_number, at_result = columns
    if at_title >= len(cells):
        return None
    start, end = cells[at_title]
    told = source.plain[slice(*cells[at_result])] if 0 <= at_result < len(cells) else ""
    disposition = _disposition(told) or current
    if disposition is None or end - start < 4:
        return None
    cited = source.cited_in(start, end)
    number = (
        number_in(source.plain[slice(*cells[at_number])]) if 0 <= at_number < len(cells) else None
    )
    if cited:
        start, end = cited[0].span.start, cited[0].span.end
        title, number = cited[0].title, number or cited[0].number
    else:
        item = _plain_item(source, start, end, disposition, numbered=True)
        title = item.title if item else closed_up(source.plain[start:end])
        number = number or (item.doc_number if item else None)
    span = Span(start, end)
    issued = next((day for s, e in cells if (day := day_in(source.plain[s:e]))), None)
    return Listed(span, source.quote(span), title, number, issued, disposition)


# -- sums -------------------------------------------------------------------------------------------


def _stated(source: Source) -> Iterator[Stated]:
    """The sums that the text states before its lists and in their headings."""
    for start, words in source.having(*_ANY):
        if not re.search(r"[件部份个]", words):
            continue
        taken: list[tuple[int, int]] = []
        for pattern in _SUMS:
            for match in pattern.finditer(words):
                if any(match.start() < e and s < match.end() for s, e in taken):
                    continue
                try:
                    count = to_int(match["n"])
                except ParseError:
                    continue
                taken.append(match.span())
                what = _disposition(match["what"])
                span = Span(start + match.start(), start + match.end())
                if what is not None:
                    yield Stated(span, source.quote(span), what, count)


def _problems(items: tuple[Listed, ...], stated: tuple[Stated, ...]) -> Iterator[str]:
    """Say which sums do not fit their lists; a disposition that is not listed is passed over."""
    counts: dict[str, int] = {}
    for item in items:
        counts[item.disposition] = counts.get(item.disposition, 0) + 1
    for disposition, listed in counts.items():
        said = list(dict.fromkeys(s.count for s in stated if s.disposition == disposition))
        fits = {*said, sum(said), sum(said) - max(said, default=0)}
        if said and listed not in fits:
            yield f"正文称{_SHOWN[disposition]}{max(said)}件，目录列出{listed}件，请核对"
