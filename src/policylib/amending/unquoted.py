"""New words without quotation marks (不加引号的新文): where they begin and where they end."""

from __future__ import annotations

import re

__all__ = ["Unquoted", "ends_quotation"]

_N = "[0-9０-９〇零一二两三四五六七八九十百千]{1,8}"
_MARK = rf"(?:[（(]{_N}[）)]|{_N}[、.．]|第{_N}条(?=[ \u3000]))?[ \u3000]?"
_PLACE = rf"(?:将|在|把|对)?(?:原|该|本)?(?:《[^》\n]{{1,60}}》|[\u4e00-\u9fff]{{0,12}}?法)?(?:的|中)?(?:第{_N}[条款项章节]|附[件表](?![：:]))"
_VERB = "(?:修改为|改为|删去|删除|增加[一二两三四五六]|作为第|合并|移至|移到|拆分|分为)"
#: A line that begins an instruction or the closing words: no quotation goes on over it.
_BOUNDARY = re.compile(
    rf"[#*>\s]{{0,8}}{_MARK}(?:"
    rf"{_PLACE}[^\n“”。]{{0,60}}{_VERB}|{_PLACE}[^\n“”。]{{0,40}}“[^\n”]{{1,400}}”[^\n“”]{{0,4}}{_VERB}"
    rf"|(?:将|在|把)“|(?:将|在)?引言|删[去除](?:第{_N}|附[件表]|《|“)|(?:修改|对)《[^》\n]{{1,80}}》|增加[一二两三四五六七八九十][条款项章节]"
    r"|《[^》\n]{1,80}》[：:]?[ \t\u3000]*(?:\n|\Z)|(?:上述|以上|前述)[^\n。]{0,40}根据本(?:决定|通知)"
    r"|本(?:决定|通知|修正案)自|此外，对|《[^》\n]{1,60}》根据本决定|(?:对)?条文(?:的)?(?:顺序|序号))"
)
_HEAD = re.compile(
    rf"(?m)^[#*> \t\u3000]{{0,8}}(?P<mark>{_MARK})(?=[^\n“”。；：:]{{0,100}}(?:第[（(]?{_N}[）)]?[条款项章节点]|附[件表]|引言))"
    rf"[^\n“”。；：:]{{1,100}}?(?:修改为|作为第[（(]?{_N}[）)]?[条款项]|增加[一二两三四五六七八九十][条款项])[：:][ \t\u3000]*"
)
_NEXT_LINE = re.compile(
    rf"\s*(?:\Z|(?:{_N}[、.．]|[（(]{_N}[）)]|第{_N}[条款项章节]|将|删|在|增加|本|此外|《))"
)
_VERBS = re.compile(rf"修改为|{_VERB}")
#: A line that speaks about the new words and is none of them.
_REMARK = re.compile(
    r"(?m)^[#*> \t\u3000（(]{0,8}(?:(?:修改|修订|调整)?(?:理由|说明|依据|原因)|(?:修改|修订|调整)[前后]|原(?:条文|文|规定|条款|内容))(?:为|是|如下)?[：:]"
)
_SAID = re.compile(r"(?:内容|条文)如下[：:][ \t\u3000]*\n\s*(?=[^\s“])")
_NUMBERED = re.compile(
    rf"[#*> \t\u3000]{{0,8}}(?P<mark>[（(]{_N}[）)]|{_N}[、.．](?![0-9]))", re.MULTILINE
)
_DIGITS = "零一二三四五六七八九"


def ends_quotation(line: str) -> bool:
    """Whether a line begins an instruction or closing words (指令行)."""
    return _begins(line[:600], 0)


class Unquoted:
    """The new words without marks in a decision, one after the other."""

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self.listed = _SAID.finditer(plain)
        self.heads = _HEAD.finditer(plain)
        self.said = next(self.listed, None)
        self.head = next(self.heads, None)

    def next(self, at: int, until: int) -> tuple[int, int] | None:
        """The first that are announced between ``at`` and ``until``; ``at`` never goes back."""
        while self.said and self.said.start() < at:
            self.said = next(self.listed, None)
        while self.head and (self.head.start() < at or self.head.end() <= until):
            said = self.said
            if said and at <= said.start() < self.head.start():
                break
            found = _announced(self.plain, self.head) if self.head.start() >= at else None
            self.head = next(self.heads, None)
            if found:
                return found
        if self.said and self.said.end() <= until:
            return _listed(self.plain, self.said)
        return None


def _begins(plain: str, at: int) -> bool:
    return _BOUNDARY.match(plain, at, at + 600) is not None


def _listed(plain: str, said: re.Match[str]) -> tuple[int, int] | None:
    """The lines behind 内容如下：, up to the next instruction."""
    end = said.end()
    while end < len(plain) and not _begins(plain, end):
        end = _after_line(plain, end)
    close = said.end() + len(plain[said.end() : end].rstrip())
    return (said.end(), close) if close > said.end() else None


def _announced(plain: str, head: re.Match[str]) -> tuple[int, int] | None:
    """第五条修改为：… without marks, on the same line or on those below it."""
    start = head.end()
    same = plain[start : _after_line(plain, start)].strip()
    if not same:
        start = _past_space(plain, start)
    if start >= len(plain) or plain[start] in "“《" or _begins(plain, start):
        return None
    end = _line_alone(plain, start) if same else None
    end = end or _lines_end(plain, start, head["mark"])
    if end is None or _VERBS.search(plain, start, end) or _REMARK.search(plain, start, end):
        return None
    paired = plain.count("“", start, end) == plain.count("”", start, end)
    return (start, end) if paired else None


def _line_alone(plain: str, start: int) -> int | None:
    """The end of the line, where it is a whole text and the next line is another item."""
    line = plain[start : _after_line(plain, start)].rstrip()
    whole = len(line) > 3 and line[-1] in "。；;" and _NEXT_LINE.match(plain, start + len(line))
    return start + len(line) if whole and not _follows(plain, start, line) else None


def _follows(plain: str, start: int, line: str) -> bool:
    """Whether the next line goes on with the numbers of this one (（三）…；（四）…)."""
    below = _past_space(plain, start + len(line))
    this, after = _mark(line), _mark(plain[below : _after_line(plain, below)])
    return bool(this and after and this[0] == after[0] and this[1] + 1 == after[1])


def _lines_end(plain: str, start: int, mark: str) -> int | None:
    """Where the lines end: before the next instruction; None where that is not certain."""
    end = _after_line(plain, start)
    while end < len(plain) and not _begins(plain, end):
        end = _after_line(plain, end)
    if end >= len(plain):
        return None
    own = _mark(mark)
    marks = [found for line in plain[start:end].split("\n") if (found := _mark(line))]
    same = [number for style, number in marks if own and style == own[0]]
    if own and own[1] + 1 in same and same[0] != 1:
        return None
    return start + len(plain[start:end].rstrip())


def _past_space(plain: str, at: int) -> int:
    while at < len(plain) and plain[at].isspace():
        at += 1
    return at


def _after_line(plain: str, at: int) -> int:
    line = plain.find("\n", at)
    return len(plain) if line < 0 else line + 1


def _mark(line: str) -> tuple[str, int] | None:
    """The style of the mark of a line and its number; of Chinese numbers up to ninety-nine."""
    found = _NUMBERED.match(line)
    if found is None:
        return None
    bare = found["mark"].strip("（()）、.．")
    style = "（" if found["mark"][0] in "（(" else "、"
    if bare.isascii() and bare.isdigit():
        return style + "0", int(bare)
    tens, ten, ones = bare.partition("十")
    if len(tens) > 1 or len(ones) > 1 or not set(tens + ones) <= set(_DIGITS):
        return None
    high = (_DIGITS.index(tens) if tens else 1) * 10 if ten else 0
    low = ones if ten else tens
    return style, high + (_DIGITS.index(low) if low else 0)
