"""Pages that list documents (栏目页): when the newest came, and whether there is any.

Site checks (国办秘函〔2019〕19号) count columns that are empty (空白栏目) or were not updated in time; a
document's own page is never taken for a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from policylib.pages.dom import Dom, Line

__all__ = ["AGES", "Age", "Column", "age_of", "read_column", "stale_since"]

_DAY = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})[-/.年]([01]?[0-9])[-/.月]([0-3]?[0-9])(?![0-9])日?"
)
_EMPTY = re.compile(
    r"[^。]{0,12}(?:(?:暂无|暂时没有|没有(?:找到)?)(?:相关|符合条件的?|任何|公开)?的?"
    r"(?:数据|信息|内容|文件|文章|记录|结果|稿件|公开|资料)?"
    r"|(?:栏目|内容|页面|网站|本栏)(?:正在|尚在)?(?:建设|更新|完善|整理)(?:之)?中|建设中|敬请期待|共\s{0,2}0\s{0,2}[条篇件])"
    r"[^。]{0,16}[。！…]{0,6}\Z"
)
_LEAST = 3  # dated links that make a list
_SENTENCE = re.compile(r"[。；]")
_NEAR = 2  # lines between a link and its day: cells of one row


@dataclass(frozen=True, slots=True)
class Column:
    """What a page that lists documents shows (栏目): how many, and the day of the newest.

    ``blank`` is what it says where there are none.
    """

    entries: int
    newest: date | None = None
    blank: str | None = None


@dataclass(frozen=True, slots=True)
class Age:
    """How long a column may go without anything new (更新时限), and by which rule."""

    words: re.Pattern[str]
    days: int
    said: str


_RULE = "国办秘函〔2019〕19号《政府网站与政务新媒体检查指标》"
#: The first row whose words are in a column's name counts.
AGES = (
    Age(re.compile(r"动态|要闻|新闻|快讯|今日"), 14, f"动态要闻类栏目两周（{_RULE}）"),
    Age(re.compile(r""), 183, f"通知公告、政策文件类栏目六个月（{_RULE}）"),
)


def age_of(name: str) -> Age:
    """How long the column of that name may go without anything new.

    >>> [age_of(name).days for name in ("青山要闻", "政策文件")]
    [14, 183]
    """
    return next(age for age in AGES if age.words.search(name[:200]))


def read_column(dom: Dom, outer: list[bool], *, prose: int) -> Column | None:
    """The column that a page shows; ``None`` when it is a page of another kind.

    ``outer`` tells the lines of the site's furniture, ``prose`` counts the sentences of the text.
    """
    lines = [line for line, out in zip(dom.lines, outer, strict=True) if not out]
    days = list(_entries(lines))
    if len(days) >= _LEAST and prose * 3 <= len(days):
        return Column(len(days), max(days))
    said = [line.text for line in lines if len(line.text) <= 60 and _EMPTY.match(line.text)]
    if said and not days and not prose:
        return Column(0, None, said[0])
    return None


def _entries(lines: list[Line]) -> Iterator[date]:
    """The day of each link to a document that has one beside it."""
    taken = -1
    for place, line in enumerate(lines):
        if not any(len(anchor.text) >= 4 for anchor in line.anchors):
            continue
        rest = line.text
        for anchor in line.anchors:
            rest = rest.replace(anchor.text, " ", 1)
        day = _day(rest)
        after = place
        while day is None and after < min(place + _NEAR, len(lines) - 1):
            after += 1
            if lines[after].anchors:
                break
            day = _day(lines[after].text) if len(lines[after].text) <= 24 else None
        before = place - 1
        if day is None and before > taken and not lines[before].anchors:
            day = _day(lines[before].text) if len(lines[before].text) <= 24 else None
        if day is not None:
            taken = after
            yield day


def _day(text: str) -> date | None:
    found = _DAY.search(text[:300])
    if found is None:
        return None
    with suppress(ValueError):
        return date(*map(int, found.groups()))
    return None


def stale_since(column: Column, name: str, on: date) -> Age | None:
    """The limit that a column is beyond on a day; ``None``: it is fresh."""
    age = age_of(name)
    if column.newest is None or on - column.newest <= timedelta(days=age.days):
        return None
    return age
