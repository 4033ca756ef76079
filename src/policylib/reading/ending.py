"""Which documents, or parts of documents, a text ends (废止), by title or by number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from policylib.reading.source import Source
from policylib.reading.titles import Cited, is_document, same_title
from policylib.reading.values import Repeal
from policylib.reading.words import DATE, NAMES, PLACE, day_in
from policylib.text.dates import find_dates
from policylib.text.docnumber import DocNumber
from policylib.text.span import Span

__all__ = ["ENDS", "NOT_NOW", "repeals"]

ENDS = r"废止|失效|作废|停止执行|不再执行|停止施行|停止实施|终止执行|停止使用|不再适用|不再施行|不再实施"
_TRIGGER = re.compile(ENDS)
_WORDS = ("废止", "失效", "作废", "停止", "不再", "终止执行")
_MOST, _LONGEST = 20, 1500  # verbs in a sentence; characters before one
#: One of the words that may stand between the last title and the verb.
_ADVERB = re.compile(
    r"[）\s，、]|等|均|都|也|并|全部|一并|一律|同时|相应|即行|即|随之|自行|自动|自然|现已?|予以|决定|宣布|就此|届时|不再"
    r"|正式|立即|全文|上述|以上|同步|从其|被|应当?|将|特此|时"
    rf"|[0-9一二三四五六七八九十两]{{1,3}}(?:个|件|部|份|项)?(?=文件|通知|办法|规定|，|同时|予以|均)"
    rf"|本(?:{NAMES})?(?:施行|实施|发布|印发|公布|执行|生效)?(?:之日)?(?:起|后)?|(?:自|于|从)?\s?(?:{DATE})\s?(?:起|止)?"
    rf"|(?:自|从)[^，。；□]{{1,12}}之日起?|{NAMES}|施行|实施|起|后"
)
_PARTLY = re.compile(
    rf"(?:中|里)?(?:的)?(?:{PLACE}|附件|附表|部分|有关|相关|关于|涉及|与本)|[“\"]|中的?[^，]{{2,}}"
)
_JOINT = re.compile(r"^\s?(?:文件|通知|等)?\s?(?:[、，及和与]|以及|并|或){0,3}\s?")
_LEAVES = re.compile(
    r"施行|执行|实施|有效期|制定本|规定的|不一致|解释|负责|结合|印发给|现将|为准|办理|按照.{8,}|根据.{20,}|为了?[^，]{2,}，|替代|代替|取代"
)
_MODIFIES = re.compile(
    r"^\s?(?:的(?:规定|要求|决定)?)?[，、]?(?:第[一二三四五六七八九十]{1,2}次)?(?:修正|修订|修改|制定|批准|公布|发布|作出|予以修|进行修|补充|要求|精神|规定|第[一二三四五六七八九十0-9]{1,3}条)"
)
_GROUND = re.compile(
    r"(?:根据|依据|依照|按照|遵照|贯彻|落实|贯彻落实|执行|严格执行|参照|违反|符合|适用)[^，。；《》]{0,16}$"
)
NOT_NOW = re.compile(
    r"(?:已经?|曾|被|早已|均已|拟|拟予以?|建议|可以?|(?<!相)应当?|需要|需|及时|是否|要求|予以修改或者?|修改或者?|修改、|修订、|制定、|修订或者?|清理、|未|尚未|不予|提出|研究|或者?|逐步|推动|加快|全面|探索|不得|禁止|抓紧|尽快|是否|依法)[，\s]{0,2}$"
)
_PAST = re.compile(r"(?:已经?|已被|已于|均已|已公布|此前|去年|被|曾)[^，。；《》]{0,16}$")
_BEFORE_VERB = re.compile(
    r"(?:现决定|决定|特此|现|予以|并|同时|即行|一并|将|现予|，|；|^|、|原|起|宣布){0,4}\s?$"
)
#: 对区内企业，不再执行《甲》中的限制: who is exempt, the rule goes on for the others
_EXEMPTS = re.compile(r"对[^，。；《》□]{4,60}，\s?$")
#: Verbs that stand behind what they end: 不再适用《甲》 says who is exempt, not that it ends.
_ONLY_BEHIND = frozenset(("失效", "作废", "不再适用"))


class _Object(NamedTuple):
    """A title or number that a repeal may speak of."""

    start: int
    end: int  # behind its brackets
    cited: Cited | None
    number: DocNumber | None


def repeals(source: Source, own: frozenset[str]) -> tuple[Repeal, ...]:
    """The documents, or parts of documents, that this one ends (废止、失效、停止执行).

    A decision by which the repealed text was amended is none, nor a draft, a contract, a voucher,
    a proposal (拟予以废止), a report of the past (已被废止) or the document's own end.
    """
    found: list[Repeal] = []
    taken: set[int] = set()
    for start, words in source.having(*_WORDS):
        for match in islice(_TRIGGER.finditer(words), _MOST):
            for each in _at(source, start, words, match, own):
                if each.span.start not in taken:
                    taken.add(each.span.start)
                    found.append(each)
    return tuple(found)


def _at(
    source: Source, start: int, words: str, verb: re.Match[str], own: frozenset[str]
) -> Iterator[Repeal]:
    """Read the repeal around one verb: titles before it (…同时废止) or behind it (废止…)."""
    clause_at = max(words.rfind("；", 0, verb.start()) + 1, verb.start() - _LONGEST)
    before = words[clause_at : verb.start()]
    if before.count("“") > before.count("”"):
        return  # inside quoted words
    objects = _objects(source, start + clause_at, start + verb.start())
    listed = list(_before(start + clause_at, before, objects)) if objects else []
    if listed:
        ends_on = _day_of(before, listed[-1][0].end - start - clause_at)
        yield from _made(source, start, verb, listed, own=own, ends_on=ends_on)
        return
    if not _BEFORE_VERB.search(before) or NOT_NOW.search(before) or verb[0] in _ONLY_BEHIND:
        return
    if _EXEMPTS.search(before):
        return
    stop = min(
        (at for at in (words.find(mark, verb.end()) for mark in "；。") if at >= 0),
        default=len(words),
    )
    behind = words[verb.end() : stop]
    objects = _objects(source, start + verb.end(), start + stop)
    listed = list(_behind(start + verb.end(), behind, objects))
    yield from _made(source, start, verb, listed, own=own, ends_on=None)


def _objects(source: Source, start: int, end: int) -> list[_Object]:
    """The titles and the numbers standing alone in a part of the text, in order."""
    cited = source.cited_in(start, end)
    found = [_Object(each.span.start, each.end, each, each.number) for each in cited]
    words = source.masked[start:end]
    if "号" in words or "號" in words:
        covered = [(each.span.start, each.end) for each in cited]
        for span, number in DocNumber.find(words):
            at = start + span.start
            if not any(one <= at < other for one, other in covered):
                found.append(_Object(at, start + span.end, None, number))
    return sorted(found)[-60:] if len(found) > 60 else sorted(found, key=lambda each: each.start)


def _before(at: int, before: str, objects: list[_Object]) -> Iterator[tuple[_Object, str]]:
    """The objects in a row that end at the verb, with the words between object and verb or comma."""
    kept: list[tuple[_Object, str]] = []
    last = objects[-1]
    rest = before[last.end - at :]
    part = _part(rest)
    if part is None or NOT_NOW.search(before) or _PAST.search(rest):
        return
    if re.search("期满|到期|届满|逾期", rest):
        return
    following = part
    for index in range(len(objects) - 1, -1, -1):
        each = objects[index]
        lead = before[: each.start - at]
        gap = (
            before[each.end - at : objects[index + 1].start - at]
            if index + 1 < len(objects)
            else ""
        )
        if index + 1 < len(objects):
            if _ANNEX.match(gap):
                child, part_of = kept[-1]
                kept[-1] = (
                    child._replace(number=child.number or each.number),
                    part_of or gap.strip(),
                )
                following = gap.strip()
                continue
            if _MODIFIES.match(gap) and not PLACE_HEAD.match(gap):
                continue  # the decision by which the next one was amended
            if not _in_a_row(gap):
                break
            following = _own_part(gap)
        if _GROUND.search(lead) and not kept:
            return
        if _GROUND.search(lead) and not re.search(r"根据[^，。；《》]{6,}$", lead):
            break
        kept.append((each, following))
    yield from reversed(kept)


_ANNEX = re.compile(r"^\s?(?:的)?(?:附件|附表|附录)[0-9一二三四五六七八九十]{0,2}\s?$")
PLACE_HEAD = re.compile(rf"\s?(?:中)?(?:的)?{PLACE}")


def _own_part(gap: str) -> str:
    """The part of a document named between it and the next in the row (《甲》第三条、《乙》)."""
    match = PLACE_HEAD.match(gap)
    return match[0].strip() if match else ""


def _in_a_row(gap: str) -> bool:
    """Whether the words between two titles only join them: 、和 and who issued the next one when."""
    gap = PLACE_HEAD.sub("", gap, count=1)
    joint = _JOINT.match(gap)
    rest = gap[joint.end() :] if joint else gap
    if not rest.strip():
        return True
    if len(rest) > 160 or _LEAVES.search(rest):
        return False
    if re.search(r"(?:的|原)\s?$", rest):
        return True
    issuer = re.fullmatch(r"[^，。；：]{1,24}", rest) and not re.search(
        "按照|根据|依据|将|按", rest
    )
    return bool(issuer and joint and joint[0].strip())


def _part(rest: str) -> str | None:
    """What of the last object is ended: "" all of it, else the words naming the part; None: no repeal."""
    rest = rest.strip()
    if _only_adverbs(rest):
        return ""
    bare = re.sub(r"^(?:文件|通知|文)?\s?(?:等)?", "", rest)
    ending = re.search(
        r"[，、]?(?:同时|相应|即行|一并|予以|自行|均|现|也|随之|决定|宣布|全部|不再|即|一律|自本[^，]{0,12}之日起|自[^，。；]{4,14}起|，){1,6}$",
        bare,
    )
    named = bare[: ending.start()] if ending else bare
    if not _PARTLY.match(named) or len(named) > 300:
        return None
    if re.search(r"不一致|抵触|不符|为准", named):
        return None
    return named.strip("，、 ")


def _only_adverbs(rest: str) -> bool:
    """Whether only adverbs and days stand between a title and the verb."""
    at = 0
    while at < len(rest):
        match = _ADVERB.match(rest, at)
        if match is None or match.end() == at:
            return False
        at = match.end()
    return at <= 120


def _behind(at: int, behind: str, objects: list[_Object]) -> Iterator[tuple[_Object, str]]:
    """The objects in a row that begin behind the verb (废止《甲》、《乙》)."""
    end = 0
    for index, each in enumerate(objects):
        gap = behind[end : each.start - at]
        if index == 0:
            if not re.fullmatch(
                r"\s?(?:了|原|下列|以下|文件|：|由)?[^，。；：《》]{0,60}", gap
            ) or re.search(r"的(?!$)(?:决定|通知|规定)", gap):
                return
        elif not _in_a_row(gap):
            return
        stop = objects[index + 1].start - at if index + 1 < len(objects) else len(behind)
        tail = behind[each.end - at : stop]
        part = PLACE_HEAD.match(tail)
        named = ""
        if part:
            named = part[0].strip()
        elif partly := re.match(
            r"\s?(?:文件|通知)?\s?(?:(?:中|里)(?:的)?[^，。；、]{2,60}|的?(?:有关|相关|部分|关于)[^，。；、]{2,40})",
            tail,
        ):
            named = partly[0].strip()
        yield each, named
        end = each.end - at + (len(part[0]) if part else 0)


def _day_of(before: str, at: int) -> date | None:
    """The day from which a repeal holds where it stands between the titles and the verb."""
    return day_in(before[at:])


def _made(
    source: Source,
    start: int,
    verb: re.Match[str],
    listed: list[tuple[_Object, str]],
    *,
    own: frozenset[str],
    ends_on: date | None,
) -> Iterator[Repeal]:
    """Make the repeals of what was listed, short names resolved; its own end is left out."""
    disposition = (
        "废止" if verb[0] in {"废止", "作废"} else "失效" if verb[0] == "失效" else "停止执行"
    )
    previous = start
    for each, part in listed:
        cited = each.cited
        title = cited.title if cited else None
        number = each.number
        if cited is not None:
            if cited.is_draft or not is_document(cited.title):
                continue
            known = source.aliases.get(cited.title)
            if known is not None:
                title, number = known.title, number or known.number
            around = source.masked[max(previous, each.start - 80) : each.start]
            around += source.masked[each.end : start + verb.start()]
            if number is None and _is_own(title, own, around):
                continue
        issued = _issued(source, max(previous, start), each.start) or (
            cited.issued if cited else None
        )
        span = Span(each.start, each.end)
        yield Repeal(
            span, source.quote(span), title, number, issued, bool(part), disposition, part or None,
            ends_on,
        )  # fmt: skip
        previous = each.end


_OLDER = re.compile(r"原|旧|同时|即行|一并|[0-9]{4}\s?年|[一二][〇零一二三四五六七八九]{3}年")


def _is_own(title: str | None, own: frozenset[str], around: str) -> bool:
    """Whether a title is the document itself, not an older text of the same title (同时废止)."""
    named = any(same_title(title or "", name) or same_title(name, title or "") for name in own)
    return named and not _OLDER.search(around)


def _issued(source: Source, start: int, end: int) -> date | None:
    """The day of issue before a title: the last one that is not a day of amendment."""
    words = source.masked[start:end]
    if "年" not in words:
        return None
    words = words[words.rfind("；") + 1 :]
    found: date | None = None
    for span, day in find_dates(words):
        after = words[span.end :]
        clause = re.split(r"[，、；]", after, maxsplit=1)[0]
        if re.search(r"修订|修正|修改|起施行|起执行|起实施|起|□", clause) and found is not None:
            continue
        if re.match(r"\s?起", after) or (_GROUND.search(words[: span.start]) and "□" in clause):
            continue
        if not re.search(
            r"发布|公布|颁布|印发|通过|批准|下发|制定|出台|批转|施行|实施|转发|颁发", after
        ):
            continue
        found = day
    return found
