"""How long a document says it holds (有效期), whose term it prolongs, and what lapses unless (附条件失效)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from policylib.reading.source import Source
from policylib.reading.titles import same_title
from policylib.reading.values import Effective, Lapse, Renewal, Sunset
from policylib.reading.words import (
    AMOUNT,
    DATE,
    MARKS,
    MONTH,
    NAMES,
    SELF,
    day_in,
    month_end,
    names_itself,
    own_subject,
    years_of,
)
from policylib.text.span import Span

__all__ = ["lapses", "renewals", "sunset"]

_VERB = r"(?:施行|实施|执行|试行|实行|生效|启用|试用)"
_TERM = r"(?:有效期限?|有效时间|有效时限|试行期限?|试用期限?|执行期限?|实施期限?|施行期限?|政策期限?|(?:执行|实施|施行)(?:时间|日期)|实施时限|执行时限|期限|暂行期)"
_END = rf"(?:(?P<until>{DATE})|(?P<month>{MONTH})|(?P<year>[0-9]{{4}}\s?年\s?(?:年底|底|末|年末)))"
_UP_TO = r"(?:截至|截止到?|截止至|延续至|持续至|延长至|至|到|-|—|–|~)"
_FROM = rf"(?:(?:自|从)?\s?(?:{DATE}|{MONTH}|[^，。；]{{0,12}}之日)\s?(?:起|开始)?，?\s?)?"
#: 有效期5年, 有效期至2026年7月13日, 有效期为2024年7月10日至2026年7月9日, 试行期一年
_PHRASE = re.compile(
    rf"(?P<noun>{_TERM})(?:均|暂|统一)?(?:暂定|定|限定|限|延续|确定)?(?:为|是|：)?\s?"
    rf"(?:(?P<amount>{AMOUNT})(?![内前后以])|{_FROM}{_UP_TO}\s?{_END})"
)
#: …起施行，试行一年 / 暂定1年 / 执行至2025年12月31日
_VERBAL = re.compile(
    rf"(?:{_VERB}(?:日期|时间|期限|期)?|有效|暂定|政策)(?:暂定|暂)?(?:为)?\s?(?:(?P<amount>{AMOUNT})(?![内前后以])|，?\s?{_UP_TO}\s?{_END})"
)
#: 自2024年6月1日至2025年5月31日施行
_SPAN = re.compile(
    rf"(?:自|从|于)\s?(?:{DATE})\s?起?，?{_UP_TO}\s?{_END}\s?(?:止|期间)?，?\s?{_VERB}(?=$|[\s，；）])"
)
#: 以上政策自发布之日起至2023年12月31日止
_STRETCH = re.compile(
    rf"{SELF}\s?(?:自|从)\s?(?:{DATE}|[^，。；]{{0,12}}之日)\s?起?，?{_UP_TO}\s?{_END}\s?止"
)
#: 本办法2027年5月26日废止
_ENDS = re.compile(
    rf"(?:于|自|到|至)?\s?(?:(?P<until>{DATE})|(?P<month>{MONTH}))\s?(?:起|止|后|到期后?|期满后?|届满后?)?，?(?:自动|自行|同时|即行|自然)?(?:废止|失效|停止执行|终止|结束|停止实施|不再执行)"
)
_NOT_OF_A_DOCUMENT = re.compile(
    r"(?:证|券|票|卡|保函|合同|协议|许可|资格|信息|信用|补贴|补助|贷款|额度|公示|承诺|名单|档案|数据|账户|身份|年限|奖励|优惠券|评级|等级|记录|预约|报告|报价|发票|担保|保险|租赁|处罚|房源|认定书|活动|码"
    r"|其中|条款|[该本][条项款]|第[一二三四五六七八九十0-9（）、至第和项条款]{1,16}[条款项]|征求意见|报名|申请|征集|缓缴|试点项目|建设期|规划期)[^，；]{0,8}$"
)
_REST = re.compile(r"(?:其余|其他|其它)[^，；]{0,10}$")


def sunset(source: Source, own: frozenset[str], effects: tuple[Effective, ...]) -> Sunset | None:
    """The end that the document sets itself (有效期, 试行期, 执行至); None when it sets none.

    The 有效期 of a licence, of credit data, of a voucher or of one article is not the document's.
    """
    weak: Sunset | None = None
    spans = [(each.span.start, each.span.end) for each in effects if not each.partial]
    for start, words in source.having(*_SIGNS):
        if "年" not in words and "月" not in words:
            continue
        behind = next((e for s, e in spans if start <= s < start + len(words)), None)
        for match in islice(_matches(words), _MOST):
            found = _read(source, start, match)
            if found is None:
                continue
            surety = (
                2
                if match.re is _STRETCH
                else _surety(source, start, words, match, own=own, behind=behind)
            )
            if surety == 2:
                return found
            if surety == 1 and weak is None:
                weak = found
    return weak


_SPANS = ("日施行", "日实施", "日执行")
#: What a sentence on a term has: plain words, which are found faster than a pattern.
_SIGNS = (
    "用期", "行期", "施期", "点期", "行至", "行到", "施至", "施到", "行，至", "行，到", "施，至", "施，到", "行， 至", "施， 至",
    "截至", "截止", "有效", "试行", "期限", "时限", "行时间", "施时间", "行日期", "施日期", *_SPANS,
    "日止", "暂定", "废止", "失效", "结束", "终止",
)  # fmt: skip
_MOST = 20  # statements in one sentence
_ANY_END = re.compile("废止|失效|停止|终止|结束|不再执行")


def _matches(words: str) -> Iterator[re.Match[str]]:
    yield from _PHRASE.finditer(words)
    yield from _VERBAL.finditer(words)
    if any(each in words for each in _SPANS):
        yield from _SPAN.finditer(words)
    if "日止" in words:
        yield from _STRETCH.finditer(words)
    if _ANY_END.search(words):
        yield from _ENDS.finditer(words)


def _surety(
    source: Source,
    start: int,
    words: str,
    match: re.Match[str],
    *,
    own: frozenset[str],
    behind: int | None,
) -> int:
    """How surely a term is the document's own: 2, 1 perhaps, 0 no.

    ``behind`` is where a statement on taking effect ends in the same sentence.
    """
    before = words[max(0, match.start() - 500) : match.start()]
    mark = MARKS.match(before)
    before = before[mark.end() if mark and match.start() <= 500 else 0 :]
    clause = re.split("[，；]", before)[-1].strip("（ ")
    noun = match.groupdict().get("noun")
    if _REST.search(clause):
        return 1
    if before.count("（") > before.count("）") and behind is None:
        return 0  # a remark on one measure
    if _NOT_OF_A_DOCUMENT.search(clause) or re.search("延长|申请|届满|期满", clause):
        return 0
    if _WITHIN.match(words, match.end()):
        return 0
    if behind is not None and start + match.start() >= behind - 3:
        near = match.start() - max(0, behind - start) <= 60
        if (near and not clause.strip(" 、：其")) or _SAME.fullmatch(clause):
            return 2
    if not clause:
        return _unsaid(before, noun, alone=len(words) - match.end() <= 2)
    at = start + match.start()
    surety = own_subject(before, _own_title(source, at, own))
    if (
        not surety
        and noun
        and _TITLED.fullmatch(clause)
        and _A_PAPER.search(source.plain[max(0, at - 12) : at])
    ):
        return 1
    if surety == 2:
        return 0 if noun == "期限" and not re.search("本|政策|文件", clause) else 2
    return 1 if surety and clause.startswith(("政策", "通知", "措施", "办法")) else 0


_WITHIN = re.compile("的|内|前|期间|以内|届满|期满|到期|之内")
_SAME = re.compile(r"(?:本|该|以上|上述)[^，；]{0,14}|暂定|政策|试行|并")
_PUBLISHES = re.compile(
    r"(?:发布|印发|出台|下发|公布)[^，。；《]{0,20}《□{1,300}》[^，。；]{0,12}，\s?$"
)
_TITLED = re.compile(r"\s{0,3}《□{1,300}》")
_A_PAPER = re.compile(rf"(?:{NAMES})》$")


def _unsaid(before: str, noun: str | None, *, alone: bool) -> int:
    """How surely a term without a subject of its own is the document's: the sentence has it earlier.

    有效期 at the head of a line is a label: of the document only where the line is just that.
    """
    if noun is None:
        return 0
    if not before.strip(" ，"):
        return 1 if alone and noun.startswith(("有效期", "试行期")) else 0
    if _PUBLISHES.search(before):
        return 1
    if names_itself(before):
        return 2
    return 1 if _TITLED.match(before) else 0


def _own_title(source: Source, at: int, own: frozenset[str]) -> bool:
    before = source.masked[max(0, at - 400) : at].rstrip(" 的")
    if not before.endswith("》"):
        return before.endswith(("”", '"'))
    begin = source.masked.rfind("《", max(0, at - 400), at)
    title = source.plain[begin + 1 : source.masked.find("》", begin)]
    return title in source.aliases or any(same_title(title, each) or title in each for each in own)


def _read(source: Source, start: int, match: re.Match[str]) -> Sunset | None:
    span = Span(start + match.start(), start + match.end())
    groups = match.groupdict()
    if groups.get("amount"):
        years = years_of(match["amount"])
        whole = years is not None and years == int(years)
        if years is None:
            return None
        return Sunset(span, source.quote(span), years, None, "年" if whole else "月")
    until, precision = _end(groups)
    return Sunset(span, source.quote(span), None, until, precision) if until else None


def _end(groups: dict[str, str | None]) -> tuple[date | None, str]:
    if day := groups.get("until"):
        return day_in(day), "日"
    if month := groups.get("month"):
        return month_end(month), "月"
    if year := groups.get("year"):
        return month_end(year), "年"
    return None, ""


_PROLONG = re.compile(
    rf"(?:有效期限?|执行期限?|试行期限?|实施期限?|适用期限?|期限|时间)?(?:均|统一)?(?:延长|延续|顺延|续延|延期)(?:执行|实施)?(?:至|到|(?=[0-9一二三四五六七八九十两]))\s?"
    rf"(?:(?P<until>{DATE})|(?P<month>{MONTH})|(?P<year>[0-9]{{4}}\s?年\s?(?:年底|底|末))|(?P<amount>{AMOUNT}))"
    rf"|(?P<still>继续(?:有效|执行|施行|实施))(?:至\s?(?:(?P<suntil>{DATE})|(?P<smonth>{MONTH}))|(?=$|[，；）]))"
)


def renewals(source: Source) -> tuple[Renewal, ...]:
    """Other documents whose term this one prolongs, or which it says stay in force (延续)."""
    found: list[Renewal] = []
    for start, words in source.having("延长", "延续", "顺延", "继续", "延期", "续延"):
        if "□" not in words:
            continue
        for match in islice(_PROLONG.finditer(words), _MOST):
            cited = source.cited_in(start, start + match.start())
            if not cited:
                continue
            gap = words[cited[-1].end - start : match.start()]
            if len(gap) > 60 or re.search(r"要求|规定，|精神|根据|^规定的?[^，]{10,}", gap):
                continue
            groups = match.groupdict()
            until, _ = _end(
                {"until": groups["until"] or groups["suntil"], "month": groups["month"] or groups["smonth"],
                 "year": groups["year"]}
            )  # fmt: skip
            years = years_of(match["amount"]) if match["amount"] else None
            span = Span(cited[-1].span.start, start + match.end())
            found.append(
                Renewal(span, source.quote(span), cited[-1].title, cited[-1].number, until, years)
            )
    return tuple(found)


_LAPSE = re.compile(
    rf"逾期(?:未|不|没有)[^。]{{1,40}}?(?:自|从|于)?\s?(?P<on>{DATE})?\s?起?，?(?:自动|自行|予以|一律|即|宣布){{0,2}}(?:宣布)?(?:失效|废止|停止执行)"
)
_BY = re.compile(rf"(?:在|于|应)?[^，。；]{{0,6}}(?P<by>{DATE})\s?(?:前|之前|以前|底前)")
_RULES = re.compile(rf"公布|发布|重新|修订|修改|印发|文件|规定|{NAMES}")


def lapses(source: Source) -> tuple[Lapse, ...]:
    """Documents that lapse unless something is done by a day (逾期未公布的，自…起宣布失效)."""
    found: list[Lapse] = []
    for start, words in source.having("逾期"):
        if not _RULES.search(words):
            continue
        for match in _LAPSE.finditer(words):
            if not re.search(r"公布|发布|修订|修改|印发|制定|清理", match[0]):
                continue
            by = _BY.search(words, 0, match.start())
            at = by.start() if by else match.start()
            span = Span(start + at, start + match.end())
            found.append(
                Lapse(
                    span,
                    source.quote(span),
                    day_in(by["by"]) if by else None,
                    day_in(match["on"]) if match["on"] else None,
                )
            )
    return tuple(found)
