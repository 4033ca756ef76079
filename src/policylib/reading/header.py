"""The head of a document (文首): title, 文号 and organs between the first line and the addressee."""

from __future__ import annotations

import re
from contextlib import suppress

from policylib.errors import ParseError
from policylib.reading.headlines import (
    EVENT_LINE,
    NOTE,
    HeadLine,
    head_lines,
    organs_in,
    passage,
)
from policylib.reading.signing import events, issuers_of, signature
from policylib.reading.source import Source
from policylib.reading.titles import closed_up
from policylib.reading.values import Header, Passage
from policylib.reading.words import DATE, ORGAN_END, day_in
from policylib.text.docnumber import DocNumber
from policylib.text.marks import is_title

__all__ = ["header"]

#: What a web page puts around a document.
_CHROME = re.compile(
    r"^(?:发布(?:日期|时间|机构|人)|发文(?:日期|时间|机关|单位)|成文日期|生成日期|公开日期|时间|日期|来源|信息来源|稿源|作者|编辑|责任编辑"
    r"|浏览(?:次数|量)|阅读(?:次数|量)?|点击(?:次数|量|数)?|字号|字体|【?字体|打印|分享|下载|当前位置|您现在的位置|首页|索引号|索 引 号"
    r"|主题(?:分类|词)?|分类|信息分类|公开方式|公开范围|公开属性|有效性|时效性|效力状态|文件状态|废止日期|失效日期|实施日期|生效日期|关键词"
    r"|文件编号|统一编号|登记号|备注|内容概述|名\s*称|标\s*题|文\s*号|发文字号|主题词|所属|体裁|〈!--|---)"
    r"\s{0,3}[:：\]】（(>]|^【(?:字体|打印|大|我要)|^(?:打印|分享|关闭|首页\s*[>〉]|当前位置|〈!--|---+$|大 ?中 ?小$)"
)
_LABELLED_NUMBER = re.compile(
    r"^(?:发文字号|文\s{0,4}号|发文文号|文件编号|文件字号)\s{0,2}[:：]\s*"
)
_LABELLED_ORGAN = re.compile(
    r"^(?:发文(?:机关|单位)|发布机构|发布单位|制定机关)\s{0,2}[:：]\s*([^\s，。]{2,60})"
)
_LABELLED_DAY = re.compile(rf"^(?:成文日期|生成日期)\s{{0,2}}[:：]\s*({DATE})")
_PUBLISHES = re.compile("公布|发布|通过|施行|颁布|批准")
_NAMED = re.compile(r"(?:现公布|现将|公布|现予公布)[^，。]{0,8}$")
_BRACKETED = re.compile(r"^【[^】]{0,30}】\s*")
_ADDRESSEE = re.compile(r"[:：]\s*$")
_MARKED = re.compile(
    r"^(?:第[一二三四五六七八九十]{1,3}[章条编]|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|目\s*录)"
)
_ORDER = re.compile(
    r"^(?P<organ>[\u4e00-\u9fff、 ]{2,60}?)令\s*(?P<number>第?\s*[0-9〇零一二三四五六七八九十百]{1,6}\s*号)?$"
)
_WORD = re.compile(r"\w")
#: 青禾县人民政府文件: the printed head of a paper
_PRINTED = re.compile(rf"^(?P<organs>[\u4e00-\u9fff、 ]{{2,80}}?{ORGAN_END})\s*文\s*件$")
_ORDER_NUMBER = re.compile(r"^[（(]?\s*第?\s*[0-9〇零一二三四五六七八九十百]{1,6}\s*号\s*[）)]?$")
_NUMBER_LINE = re.compile(r"号[)）】]?$")
_TITLE_ORGAN = re.compile(
    rf"^(?P<organs>[\u4e00-\u9fff、 ·]{{1,160}}?{ORGAN_END})\s*(?:关于|转发|批转|印发|对(?=[\u4e00-\u9fff])|公告$|通告$)"
)


def header(source: Source) -> Header:
    """Read the head and the signature of a text (读取文首和落款)."""
    lines = head_lines(source)
    top = _Top(source, lines)
    written_at, signed = signature(source, top.below)
    noted = tuple(events(source, lines))
    written = day_in(written_at.quote) if written_at else None
    if written is None and top.dated is not None:
        written_at, written = top.dated, day_in(top.dated.quote)
    issuers = top.issuers or signed or issuers_of(noted)
    return Header(
        title=top.title,
        doc_number=top.number,
        number_at=top.number_at,
        issuers=issuers,
        signed=signed,
        written_on=written,
        written_at=written_at,
        events=noted,
    )


class _Top:
    """Title, number and organs between the first line and the addressee."""

    def __init__(self, source: Source, lines: list[HeadLine]) -> None:
        self.source = source
        self.title: Passage | None = None
        self.number: DocNumber | None = None
        self.number_at: Passage | None = None
        self.issuers: tuple[str, ...] = ()
        self.dated: Passage | None = None
        self.below = 0  # where the head ends
        self.parts: list[HeadLine] = []
        self.order = ""  # the organ of an order (令)
        self.interrupted = False  # by what a page says between a title and its repetition
        for number, line in enumerate(lines):
            if not self._take(line, lines, number):
                break
            self.below = line.end
        self._finish()

    def _take(self, line: HeadLine, lines: list[HeadLine], number: int) -> bool:
        """Take one line of the head; whether it goes on behind it."""
        text = line.text
        if not _WORD.search(text):
            return True  # ★, a rule
        if self._labelled(text, line) or _CHROME.search(text):
            self.interrupted = bool(self.parts) and self._is_whole()
            return not (self.parts and self.number) or len(lines) - number > 1
        if self._begins_order(line):
            return True
        if self.order:
            return self._in_order(line, text)
        if self._aside(line):
            return True
        if _ADDRESSEE.search(text) or _MARKED.match(text) or not self._title_like(text):
            return False
        if self.interrupted:
            return closed_up(text) in self._words()  # a page says the title twice
        if self.parts and not self.parts[0].heading and not self.number:
            if self._is_whole() and not self._goes_on(lines, number):
                return closed_up(text) in self._words()
        elif self.parts:
            # a second title line under the number repeats the first
            return closed_up(text) in self._words() or self._words() in closed_up(text)
        self.parts.append(line)
        return len(self.parts) < 8

    def _begins_order(self, line: HeadLine) -> bool:
        """Read the first line of an order (某县人民政府令), with its number or without."""
        order = _ORDER.match(line.text) if not self.order and self._only_heading() else None
        if order is None:
            return False
        self.order = order["organ"]
        self.issuers = organs_in(order["organ"])
        if order["number"]:
            self._numbered(line.text, line.start, line.end)
        return True

    def _aside(self, line: HeadLine) -> bool:
        """Read a line beside the title: printed head, number, heading, day or event."""
        text = line.text
        if not self.parts and (printed := _PRINTED.match(text)):
            self.issuers = self.issuers or organs_in(printed["organs"])
            return True
        if self._number_line(line):
            return True
        if line.heading and not self.parts:
            self.parts = [line]
            return True
        if text.startswith(("（", "(")) and (day := re.match(rf"^[（(]({DATE})[）)]$", text)):
            self.dated = passage(self.source, line.start + day.start(1), line.start + day.end(1))
            return True
        return bool(EVENT_LINE.match(text) or NOTE.match(text))

    def _only_heading(self) -> bool:
        return not self.parts or (len(self.parts) == 1 and self.parts[0].heading)

    def _goes_on(self, lines: list[HeadLine], number: int) -> bool:
        """Whether a title that could end goes on: short lines down to the number or addressee."""
        for line in lines[number : number + 4]:
            if _NUMBER_LINE.search(line.text) and any(True for _ in DocNumber.find(line.text)):
                return True
            if len(line.text) > 50 or not self._title_like(line.text) or _MARKED.match(line.text):
                return False
        return False

    def _labelled(self, text: str, line: HeadLine) -> bool:
        if label := _LABELLED_NUMBER.match(text):
            for span, number in DocNumber.find(text[label.end() : label.end() + 60]):
                if self.number is None and span.start <= 2:
                    start = line.start + label.end() + span.start
                    self.number = number
                    self.number_at = passage(
                        self.source, start, line.start + label.end() + span.end
                    )
                break
            return True
        if organ := _LABELLED_ORGAN.match(text):
            self.issuers = self.issuers or organs_in(organ[1])
            return True
        if day := _LABELLED_DAY.match(text):
            self.dated = passage(self.source, line.start + day.start(1), line.start + day.end(1))
            return True
        return False

    def _in_order(self, line: HeadLine, text: str) -> bool:
        """Read the lines of an order (令): its number, then what it publishes."""
        if _ORDER_NUMBER.match(text) and self.number is None:
            organ = "".join(self.order.split())
            with suppress(ParseError):
                self.number = DocNumber.parse(f"{organ}令{''.join(text.split()).strip('（）()')}")
                self.number_at = passage(self.source, line.start, line.end)
            return True
        inside = self.source.cited_in(line.start, line.end)
        if inside and _PUBLISHES.search(text):
            if not self.parts:
                named = [
                    each for each in inside if _NAMED.search(text[: each.span.start - line.start])
                ]
                span = (named or list(inside))[-1 if named else 0].span
                self.title = passage(self.source, span.start + 1, span.end - 1)
            return False
        return len(text) < 60 and not _ADDRESSEE.search(text)

    def _number_line(self, line: HeadLine) -> bool:
        """Read a line that is a number, or ends with one behind the title."""
        text = line.text
        if not _NUMBER_LINE.search(text) or len(text) > 120:
            return False
        bare = text.strip("（()）【】 ")
        offset = text.find(bare)
        for span, number in DocNumber.find(bare):
            whole = span == (0, len(bare))
            before = bare[span.start - 1 : span.start]
            behind = span.end == len(bare) and (
                before.isspace() or before == "（" or is_title(bare[: span.start])
            )
            if not (whole or behind) or self.number is not None:
                continue
            self.number = number
            start = line.start + offset
            self.number_at = passage(self.source, start + span.start, start + span.end)
            if behind and not self.parts and self._title_like(bare[: span.start]):
                title = HeadLine(self.source, line.start, start + span.start - (before == "（"))
                title.heading = line.heading
                self.parts.append(title)
            return True
        return False

    def _numbered(self, text: str, start: int, end: int) -> None:
        with suppress(ParseError):
            self.number = DocNumber.parse(text)
            self.number_at = passage(self.source, start, end)

    def _title_like(self, text: str) -> bool:
        bare = _BRACKETED.sub("", text)
        if len(bare) > 120 or not bare or bare[-1] in "。；，":
            return False
        return not re.search(r"[。；！？]|，.{12,}，|^https?:", bare)

    def _words(self) -> str:
        return closed_up("".join(part.text for part in self.parts))

    def _is_whole(self) -> bool:
        """Whether the lines so far read as a title: an end, and 关于 where organs stand alone."""
        words = "".join(part.text for part in self.parts)
        return is_title(words) or bool(
            re.search(
                r"(?:通知|意见|办法|决定|函|批复|答复|通报|解读|反馈|情况|问答|说明|报告|公示)$",
                words,
            )
        )

    def _finish(self) -> None:
        if self.parts and self.title is None:
            self._title_from_parts()
        if not self.issuers and self.parts:
            self.issuers = _title_organs(" ".join(part.text for part in self.parts))

    def _title_from_parts(self) -> None:
        first, last = self.parts[0], self.parts[-1]
        start, end = first.start, last.end
        words = self.source.plain[start:end]
        if match := _BRACKETED.match(words):
            start += match.end()
            words = words[match.end() :]
        if words.startswith("《") and words.find("》") == len(words) - 1:
            start, end = start + 1, end - 1
            words = words[1:-1]
        title = "".join(words.split())
        if not 4 <= len(title) <= 200 or re.search(r"^附\s*件|^[0-9.、]+$", words):
            return
        whole = first.heading or self.number is not None or self._is_whole()
        if whole or is_title(title[-60:]):
            self.title = passage(self.source, start, end)


def _title_organs(title: str) -> tuple[str, ...]:
    title = _BRACKETED.sub("", title).lstrip("《")
    match = _TITLE_ORGAN.match(title)
    if match is None:
        match = re.match(
            r"^(?P<organs>国务院|最高人民法院|中共中央|全国人大常委会)(?=关于|对|批转)", title
        )
    return organs_in(match["organs"]) if match else ()
