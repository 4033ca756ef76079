"""The words and patterns that several readers share (共用词语)."""

from __future__ import annotations

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date

from policylib.errors import ParseError
from policylib.text.dates import find_dates
from policylib.text.numerals import to_int

__all__ = [
    "AMOUNT",
    "DATE",
    "MARKS",
    "MONTH",
    "NAMES",
    "ORGAN_END",
    "PLACE",
    "SELF",
    "day_in",
    "month_end",
    "names_itself",
    "own_subject",
    "years_of",
]

#: What a document calls itself after 本 (本办法, 本通知).
NAMES = (
    "实施细则|实施办法|实施意见|实施方案|暂行办法|暂行规定|管理办法|管理规定|若干措施|若干规定|若干意见"
    "|政策措施|工作规则|操作规程|法|办法|规定|细则|规则|条例|通知|意见|决定|方案|措施|公告|通告|规程|规范"
    "|制度|章程|政策|文件|指引|指南|预案|标准|解释|举措|计划|准则|程序|若干政策|批复|函|令|补充意见|规划|修正案|守则|指导意见|决议|通则|公约|文"
)
#: 本通知, 以上阶段性政策
SELF = rf"(?:本(?:{NAMES})|(?:以上|上述|前述)[^，；。□]{{0,8}}?(?:{NAMES}))"
_NUM = r"[0-9〇○零一二两三四五六七八九十廿]"
DATE = (
    rf"(?:[0-9]{{4}}|[〇○零一二三四五六七八九]{{4}})\s{{0,2}}年\s{{0,2}}{_NUM}{{1,3}}\s{{0,2}}月"
    rf"\s{{0,2}}{_NUM}{{1,3}}\s{{0,2}}[日号]|(?<![0-9])[0-9]{{4}}[-./][0-9]{{1,2}}[-./][0-9]{{1,2}}(?![0-9])"
)
MONTH = rf"(?:[0-9]{{4}}|[〇○零一二三四五六七八九]{{4}})\s?年\s?{_NUM}{{1,3}}\s?月(?:份|底|末)?"
AMOUNT = rf"{_NUM}{{1,3}}\s?年零?\s?{_NUM}{{1,2}}\s?个月|{_NUM}{{1,3}}\s?(?:周年|年半?|个月)|半年"
#: Marks at the head of a sentence: 一、（二）3. 第四条
MARKS = re.compile(
    r"^[\s#*>|\-—]*(?:第[〇零一二三四五六七八九十百0-9]{1,6}条(?:之[一二三四五六七八九十])?\s?"
    r"|[一二三四五六七八九十百]{1,4}[、.．]\s?|（[一二三四五六七八九十0-9]{1,3}）、?\s?|[0-9]{1,3}[.．、）]\s?(?![0-9年]))?"
)
_N = r"[0-9〇零一二两三四五六七八九十百千]{1,8}"
#: 第三条之一第二款第（三）项, also a list or a range of them.
PLACE = (
    rf"第[（]?{_N}[）]?(?:[条款项目章节](?:之{_N})?|部分)(?:第?[（]?{_N}[）]?(?:[条款项目](?:之{_N})?)"
    rf"|[、至和及与](?=第[（]?{_N}[）]?[条款项目章节])){{0,12}}"
)
ORGAN_END = (
    r"(?:政府|办公厅|办公室|委员会|常委会|代表大会|管委会|党组|委|厅|局|部|院|处|中心|署|会|队|站|所|社|行|组|科"
    r"|公司|大学|学院|银行|分行|支行|军区|公署|办事处|党委)"
)
_OWN = re.compile(
    rf"(?:(?:本|该|此|这)(?:次|项|批|个|部)?[“《]?(?:{NAMES}|□+|调整|通告|工作)[”》]?"
    r"|本(?:次|项)?[^，；的]{1,10}(?:政策|措施|办法|通知|方案|意见|细则|资助|补贴|补助|支持)"
    rf"|(?<![0-9年月日岁元%人万个套米成级])(?:以上|上述|前述|上列|以下|下列)[^，；]{{0,12}}(?:{NAMES}|事项|内容|条款|调整)"
    r"|(?:以上|上述)(?=$|\s|均|都)|新(?:政|政策|规定|办法|措施|标准))"
)
_HELPERS = re.compile(r"(?:并|将|均|现|已|已经|也|都|统一|拟定?|正式|请|，|\s|（[^（）]{0,30}）)*$")
_TASK = re.compile("确保|督促|推动|做好|要求|落实|组织|负责")  # what somebody has to see to
_NOUN = re.compile(rf"(?:{NAMES}|有效期|试行期)[”》]?\s*$")
_PART = re.compile(
    r"第[（]?[〇零一二三四五六七八九十百0-9、至和]{1,12}[）]?[条款项章]|其中|该条|该项"
)


def day_in(words: str) -> date | None:
    """The first full day in a few words, None when there is none or it does not exist."""
    return next((day for _, day in find_dates(words)), None)


def month_end(words: str) -> date | None:
    """The last day of the month in a few words (2025年12月), None when it does not exist."""
    match = re.match(rf"\s*({_NUM}{{4}})\s?年(?:\s?({_NUM}{{1,3}})\s?月)?", words)
    if match is None:
        return None
    with suppress(ParseError, ValueError):
        year, month = to_int(match[1]), to_int(match[2]) if match[2] else 12
        return date(year, month, monthrange(year, month)[1])
    return None


def years_of(words: str) -> float | None:
    """A term in years: 五年 5, 半年 0.5, 18个月 1.5; None when it cannot be read or is nothing."""
    words = "".join(words.split())
    if words == "半年":
        return 0.5
    if both := re.match(r"(.+?年)零?(.+个月)\Z", words):
        years, months = years_of(both[1]), years_of(both[2])
        return years + months if years and months else None
    match = re.match(r"(\D+|[0-9]+)(个月|周年|年半|年)\Z", words)
    if match is None:
        return None
    with suppress(ParseError):
        count = to_int(match[1])
        if not 0 < count <= 100:
            return None
        return {"个月": count / 12, "年半": count + 0.5}.get(match[2], count)
    return None


def names_itself(words: str) -> bool:
    """Whether some words name the document itself (本办法, 上述政策措施).

    >>> names_itself("本办法有效期"), names_itself("期限3年以上的")
    (True, False)
    """
    return _OWN.search(words) is not None


def own_subject(before: str, titles_are_own: bool) -> int:
    """How surely the words of a sentence before a verb speak of the document itself (本文件).

    2 surely (本办法, 以上政策, nothing at all), 1 perhaps (a noun alone), 0 no. ``titles_are_own``
    tells whether a title right before the verb is this document's.
    """
    words = before.rsplit("；", 1)[-1]
    words = words[MARKS.match(words).end() :]  # type: ignore[union-attr]
    *earlier, last = words.split("，")
    tail = last[-60:]
    helpers = _HELPERS.search(tail)
    if helpers is None or "拟" in helpers[0]:
        return 0
    last = last[: len(last) - len(tail) + helpers.start()].strip()
    if not last:
        told = [clause for clause in earlier if clause.strip()]
        if not told:
            return 2
        if any(_OWN.search(clause) for clause in told):
            return 2
        whole = "，".join(told)
        return 2 if re.search(r"印发|公布|发布|通过|如下|解释|同意|通知|公告|转发", whole) else 1
    if last.endswith(("》", "”", '"')):
        return 2 if titles_are_own else 0
    if _PART.search(last):
        return 0
    if any(len(last) - found.end() <= 14 for found in _OWN.finditer(last)):
        return 2
    return 1 if len(last) <= 14 and _NOUN.search(last) and not _TASK.search(last) else 0
