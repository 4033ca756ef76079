"""What a line of a document begins with: 第三条, 第二章, 一、, （一）, 1., 附件, or nothing.

Only the form is judged here; whether 第三条 opens an article or refers to one is decided by
sequence, in :mod:`policylib.text.structure`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from policylib.errors import ParseError
from policylib.text import numerals
from policylib.text.locator import Level

__all__ = ["FIRST", "MARKUP", "Mark", "is_title", "read_mark"]

#: Leading characters of Markdown that may stand before a mark.
MARKUP = frozenset("#*_>-")
#: A line that begins with none of these has no mark: the one cheap test before any regex.
FIRST = frozenset("第一二三四五六七八九十百(（0123456789０１２３４５６７８９附目") | MARKUP


class Mark(NamedTuple):
    """The mark at the head of a line (行首序号).

    ``end`` is counted in the stripped line, behind the mark and the spaces after it; a ``strong``
    mark is set off from what follows, as in a heading.
    """

    level: Level
    number: int
    suffix: int
    label: str
    end: int
    strong: bool


_PREFIX = re.compile(r"[#*_>\- \t\u3000\xa0]{1,24}")
_HAN = "〇零一二三四五六七八九十百千"
_TAIL = r"(?:\*\*|__)?(?P<gap>[ \t\u3000\xa0:：]{0,40})(?:\*\*)?"
_WORDED = re.compile(
    rf"第[ \u3000]?(?P<n>(?:[{_HAN}][ \u3000]?){{1,9}}|[0-9０-９]{{1,4}})[ \u3000]?"
    rf"(?P<word>分编|部分|编|章|节|条)(?:之(?P<zhi>[{_HAN}]{{1,3}}|[0-9]{{1,2}}))?{_TAIL}"
)
_CHINESE = re.compile(rf"(?P<n>[{_HAN}]{{1,4}})[ \u3000]?[、.．]{_TAIL}")
_BRACKETED = re.compile(
    rf"[(（][ \u3000]?(?:(?P<n>[{_HAN}]{{1,4}})|(?P<d>[0-9０-９]{{1,3}}))[ \u3000]?[)）]、?{_TAIL}"
)
_ARABIC = re.compile(
    rf"(?P<n>[0-9０-９]{{1,3}})[ \u3000]?(?:(?P<dot>[.．、])(?![0-9０-９])|[)）]){_TAIL}"
)
_ANNEX = re.compile(
    r"(?:附件|附表|附录|附图)[ \u3000]?(?P<n>[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})?"
    r"(?:[:：. \t\u3000\xa0]{1,40}|(?:\*\*)?\Z)|附[ \u3000]?[:：][ \u3000]{0,10}"
)
_CONTENTS = re.compile(r"目[ \t\u3000\xa0]{0,12}[录次](?:\*\*)?[:：]?\Z")
_REFERS = re.compile(
    r"(?:规定|所|的|中|、|第[一二三四五六七八九十0-9]{1,3}[款项章节条]|，|,|修改|之规定"
    r"|以及(?=本)|(?:至|和|及|或|与|以及|到)(?=[第《]))"  # 第八条与本市户籍人员… opens an article
)
_BRACKET_REFERS = re.compile(r"(?:[至和及或与、][（(第]|[项款](?![目项]))")
_SENTENCE = re.compile("[。；;！]")
_LONGEST_HEADING = 60

_TITLE_END = re.compile(
    r"(?:办法|规定|细则|条例|意见|方案|通知|措施|规则|规程|规范|标准|指南|预案|规划|制度|章程|要点|计划|"
    r"公告|通告|决定|批复|说明|解读|解释|守则|程序|政策|清单|协议|合同|公约|法)"
    r"(?:[》〉>]|[(（][^()（）。]{1,20}[)）]|\*\*)*\Z"
)
_TITLE_LAST = frozenset("法定则例见案知施程范准南划度章点告复明读释守序策单议同约》〉>)）*")


def is_title(line: str) -> bool:
    """Whether a stripped line without a mark reads like a document's title (标题行)."""
    return (
        4 <= len(line) <= _LONGEST_HEADING
        and line[-1] in _TITLE_LAST
        and not _SENTENCE.search(line)
        and _TITLE_END.search(line) is not None
    )


#: Documents count from one again and again.
to_int = lru_cache(maxsize=4096)(numerals.to_int)


def read_mark(line: str) -> Mark | None:
    """Read the mark of a stripped line (行首序号), None when it has none."""
    at = 0
    if line[0] in MARKUP:
        prefix = _PREFIX.match(line)
        at = prefix.end() if prefix else 0
        if at >= len(line) or line[at] not in FIRST:
            return None
    first = line[at]
    try:
        if first == "第":
            return _worded(line, at)
        if first in "(（":
            return _bracketed(line, at)
        if first in "附目":
            return _outer(line, at)
        pattern = _ARABIC if first in "0123456789０１２３４５６７８９" else _CHINESE
        match = pattern.match(line, at)
        if match is None or match.end() == at:
            return None
        level = Level.HEADING1
        if pattern is _ARABIC:
            level = Level.HEADING3 if match["dot"] else Level.HEADING4
        return _mark(level, match["n"], match, strong=True)
    except ParseError:
        return None


def _mark(
    level: Level, number: str, match: re.Match[str], *, strong: bool, suffix: int = 0
) -> Mark:
    label = match[0].rstrip(" \t\u3000\xa0:：*_")
    value = to_int("".join(number.split()))
    if value == 0:
        raise ParseError("编号应从一开始")
    return Mark(level, value, suffix, label, match.end(), strong)


def _worded(line: str, at: int) -> Mark | None:
    match = _WORDED.match(line, at)
    if match is None:
        return None
    level = Level(match["word"])
    end = match.end()
    strong = bool(match["gap"]) or end == len(line) or line[end] in "【〔" or line[end - 1] in "*_"
    if _REFERS.match(line, end):
        if not strong:
            return None
        strong = not line.startswith(("规定", "的", "以及"), end)
    if level is not Level.ARTICLE and (
        len(line) - end > _LONGEST_HEADING or _SENTENCE.search(line, end)
    ):
        return None
    suffix = to_int(match["zhi"]) if match["zhi"] else 0
    return _mark(level, match["n"], match, strong=strong, suffix=suffix)


def _bracketed(line: str, at: int) -> Mark | None:
    match = _BRACKETED.match(line, at)
    if match is None or _BRACKET_REFERS.match(line, match.end()):
        return None
    if match["n"]:
        return _mark(Level.HEADING2, match["n"], match, strong=True)
    return _mark(Level.HEADING4, match["d"], match, strong=True)


def _outer(line: str, at: int) -> Mark | None:
    if match := _CONTENTS.match(line, at):
        return Mark(Level.CONTENTS, 0, 0, line[at:].strip("*"), match.end(), strong=True)
    match = _ANNEX.match(line, at)
    if match is None or len(line) - at > 2 * _LONGEST_HEADING or "。" in line:
        return None
    number = to_int(match["n"]) if match["n"] else 0
    label = match[0].rstrip(" \t\u3000\xa0:：*.")
    return Mark(Level.ANNEX, number, 0, label, match.end(), strong=True)
