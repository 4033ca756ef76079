"""When a document says it takes effect (施行日期), and under which rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from policylib.reading.source import Source
from policylib.reading.titles import closed_up, same_title
from policylib.reading.values import Effective, Event
from policylib.reading.words import DATE, NAMES, SELF, day_in, own_subject
from policylib.text.span import Span

__all__ = ["effective", "effects"]

_VERB = r"(?:施行|实施|执行|试行|实行|生效|启用|试用)"
_EVENT = (
    rf"(?:本|该|以上|上述)?(?:{NAMES})?(?P<event>公布|发布|颁布|印发|下发|发文|行文|签发|签署|发出|出台|通过|批准|公告|成文|颁发|施行|实施)"
    r"(?:之日|当日|当天|之(?=起)|次日|日(?=起)|(?=起[^，。；]{0,2}(?:施行|实施|执行|生效))|后?(?=满?[0-9一二三四五六七八九十]{1,3}\s?个?(?:工作日|日|天|月)))"
)
_AFTER = r"\s?起?，?(?:经过|经|满|第)?\s?(?P<after>[0-9一二三四五六七八九十]{1,3}\s?个?(?:工作日|日|天|月|个月))(?:后|以后|之后|起)"
DATE_SHORT = r"[0-9年]{0,5}[0-9]{1,2}月[0-9]{1,2}日"
_WHEN = re.compile(
    rf"(?:自|从|于|在|由)?\s?(?:(?P<day>{DATE})|(?P<month>[0-9]{{4}}年[0-9]{{1,2}}月)(?=起)"
    rf"|(?P<short>[0-9]{{1,2}}月[0-9]{{1,2}}日)(?![^，。；]{{0,8}}之日)|(?P<now>即日)|{_EVENT})"
    rf"(?:即[^，。；]{{1,14}}|[（][^（）]{{1,20}}[）])?(?:{_AFTER}|\s?[0-9]{{0,2}}[:：时]?[0-9]{{0,2}}\s?起|零时起|当日起)?(?:即{DATE_SHORT})?"
    rf"(?:（[^（）]{{1,30}}）)?(?:，[^，。；□]{{2,40}}立即|，)?\s?(?:已经?|正式|开始|遵照|全面|同步|统一|公布|发布|零时|在[^，。；]{{1,14}}内|在全[市县省区]|暂时?){{0,2}}{_VERB}"
    r"(?=$|[\s，、；：）】”（至到止由原，]|有效|试行期|试行|此前|期限|《|\*|\||[0-9一二三四五六七八九十]{1,3}[条项][^，。；]{0,6}?(?:新政|措施|政策|举措))(?!期间)"
)
#: 自2022年6月1日至2023年5月31日施行: the first day counts
_SPAN = re.compile(
    rf"(?:自|从|于)\s?(?P<day>{DATE})\s?起?，?(?:至|到|-|—|–|~)\s?(?:{DATE})\s?(?:止|期间)?，?\s?{_VERB}(?=$|[\s，；）])"
)
#: 执行时间：2022年6月1日起; 实施日期：2022年6月1日
_LABEL = re.compile(
    rf"(?:施行|实施|执行|生效|试行)(?:日期|时间(?=[^，。]{{0,30}}起))\s?(?:：|为)\s?(?:自|从)?\s?(?P<day>{DATE})\s?(?:起|开始)?(?:施行|实施|执行|生效)?(?=$|[\s，；）])"
)
#: 本措施执行时间从2022年6月1日起，至2023年5月31日止; 有效期自…至…
_RANGE = re.compile(
    rf"(?:执行|实施|施行|有效|试行|政策|适用)(?:时间|日期|期限|期)(?:为|是|：|限)?\s?(?:自|从)?\s?(?P<day>{DATE})\s?(?:起|开始)?，?(?:至|到|-|—|–|~)"
)
#: 以上政策自发布之日起至2023年12月31日止
_STRETCH = re.compile(
    rf"{SELF}\s?(?:自|从)\s?(?:(?P<day>{DATE})|(?:本|该)?(?:{NAMES})?(?P<event>公布|发布|印发|下发|发文)之日)\s?起?，?(?:至|到)\s?(?:{DATE})\s?止"
)
_LATER = re.compile(
    r"(?:施行|实施|生效|执行)(?:日期|时间)[^，。]{0,6}(?:由[^，。]{1,40})?另行(?:规定|公布|通知|确定)"
)
_HEADER_ACT = re.compile(r"^(?:起)?(?:施行|实施|生效)[。\s]*$")


def effects(
    source: Source, own: frozenset[str], events: tuple[Event, ...]
) -> tuple[Effective, ...]:
    """Every statement of a text on when it, or a part of it, takes effect; ``own`` titles are its."""
    noted = [each.span for each in events]
    return tuple(
        each
        for each in _found(source, own)
        if not any(span.start <= each.span.start < span.end for span in noted)
    )


def effective(
    found: tuple[Effective, ...], source: Source, events: tuple[Event, ...]
) -> Effective | None:
    """The statement that counts for the whole document (施行日期).

    ``rule`` is one of

    * ``explicit``: the text names the day (自2024年7月1日起施行);
    * ``on_X之日`` with X as written (公布, 发布, 印发, 下发, 发文 …): from that event, no day;
    * ``after_X之日``: a time after it, in ``after`` (自公布之日起30日后施行: 30日);
    * ``on_即日``: from today (即日起施行);
    * ``month`` and ``day_without_year``: the text names less than a day, so no day is given;
    * ``deferred``: another act will name the day (施行日期另行公布);
    * ``header_only``: only the header has it (2013年4月4日 施行);
    * ``none``: nothing is said.
    """
    whole = [each for each in found if not each.partial]
    if whole:
        return whole[0]
    for event in events:
        if _HEADER_ACT.match(event.text):
            return Effective(event.span, event.quote, event.on, "header_only")
    for start, words in source.having("另行"):
        if match := _LATER.search(words):
            span = Span(start + match.start(), start + match.end())
            return Effective(span, source.quote(span), None, "deferred")
    return None


def _found(source: Source, own: frozenset[str]) -> Iterator[Effective]:
    """The statements, the surest kind first, then in order."""
    sure: list[Effective] = []
    perhaps: list[Effective] = []
    for start, words in source.having(*_SIGNS, pattern=_SIGN):
        for match in islice(_matches(words), _MOST):
            statement = _read(source, start, words, match)
            if statement is None:
                continue
            surety = own_subject(words[: match.start()], _ends_own(source, start, match, own))
            if _PARTIAL.search(words[: match.start()].rsplit("。", 1)[-1]):
                statement = Effective(
                    statement.span, statement.quote, statement.on, statement.rule,
                    statement.after, partial=True,
                )  # fmt: skip
                sure.append(statement)
            elif surety == 2 or (surety and match.re is not _RANGE):
                (sure if surety == 2 else perhaps).append(statement)
    yield from sure
    if not any(not each.partial for each in sure):
        yield from perhaps


_PARTIAL = re.compile(
    r"第[〇零一二三四五六七八九十百0-9、至和第条款项（）]{1,24}[条款项]\s?$|其中[^，；]{1,30}$|除[^；]{1,60}外，[^；]{0,6}其他[^；]{0,4}$"
)


#: The same without what must stand around it: most sentences with 起 say nothing of the kind.
_QUICK = re.compile(rf"[日起后号））之天月][^。；]{{0,30}}?{_VERB}")
#: What a sentence on taking effect has besides its verb.
_SIGNS = ("起", "次日", "有效期", "行时间", "施时间", "行日期", "施日期", "行期", "施期")
_SIGN = re.compile(
    "日(?:已?开始|已经?|正式|全面)?(?:施行|实施|执行|生效|试行)|后(?:施行|实施|执行|生效)"
)
_MOST = 20  # statements in one sentence


def _matches(words: str) -> Iterator[re.Match[str]]:
    if _QUICK.search(words):
        ranges = list(_SPAN.finditer(words)) if "至" in words or "到" in words else []
        yield from ranges
        for match in _WHEN.finditer(words):
            if not any(each.start() <= match.start() < each.end() for each in ranges):
                yield match
    if "日止" in words:
        yield from _STRETCH.finditer(words)
    if "期" in words or "时间" in words:
        yield from _LABEL.finditer(words)
        yield from _RANGE.finditer(words)


def _ends_own(source: Source, start: int, match: re.Match[str], own: frozenset[str]) -> bool:
    """Whether the title right before a statement is the document's own, or its short name."""
    before = source.masked[max(0, start + match.start() - 400) : start + match.start()]
    before = re.sub(r"[\s将已均现]*(?:（[^（）]{0,60}）)?[\s将已均现]*$", "", before)
    if before.endswith(("”", '"')):
        return True
    if not before.endswith("》"):
        return False
    close = start + match.start() - 1
    close = source.masked.rfind("》", max(0, close - 400), close + 1)
    at = source.masked.rfind("《", max(0, close - 400), close)
    title = closed_up(source.plain[at + 1 : close])
    return (
        title in source.aliases or any(same_title(title, each) for each in own) or len(title) <= 6
    )


def _read(source: Source, start: int, words: str, match: re.Match[str]) -> Effective | None:
    span = Span(start + match.start(), start + match.end())
    if re.match(r"的|前|后|以前|以后|之前|期间", words[match.end() : match.end() + 2]):
        return None
    quote = source.quote(span)
    groups = match.groupdict()
    if groups.get("day"):
        on = day_in(match["day"])
        return Effective(span, quote, on, "explicit") if on else None
    if groups.get("month"):
        return Effective(span, quote, None, "month")
    if groups.get("short"):
        return Effective(span, quote, None, "day_without_year")
    if groups.get("now"):
        return Effective(span, quote, None, "on_即日")
    event = match["event"]
    if "次日" in match[0]:
        return Effective(span, quote, None, f"after_{event}之日", "1日")
    if after := groups.get("after"):
        return Effective(span, quote, None, f"after_{event}之日", "".join(after.split()))
    return Effective(span, quote, None, f"on_{event}之日")
