"""On what a document rests (依据) and what it carries out or tells how to apply (实施、适用)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policylib.reading.carrying import subject
from policylib.reading.source import Source
from policylib.reading.titles import Cited, closed_up
from policylib.reading.values import Basis, Subject
from policylib.reading.words import NAMES, ORGAN_END, PLACE
from policylib.text.docnumber import DocNumber
from policylib.text.span import Span

__all__ = ["applied", "bases", "implemented"]

_CUE = re.compile(
    r"根据|依据|依照|按照|遵照|遵循|贯彻落实|贯彻执行|全面落实|深入落实|落实|贯彻|实施"
)
#: 为了实施《甲》, 为了保障《甲》的实施，
_CARRYING = ("实施《", "执行《", "施行《", "实施 《", "实施，")
_GROUND_CUE = ("根据", "依据", "依照", "按照", "遵照")
_MAKES = re.compile(
    r"制[定订](?:本|以下|如下|了?《|该|此|出台|下列|我[省市县区])|特制[定订]|现就|现将|现对|现予|现作|现调整|现决定|现公[布告]|现印发|现发布|现通[知告]|现提出|现制[定订]|如下|现?决定(?:如下|对|将|把|在|自|：|$)|特作|现公告|现通告|作出(?:以下|如下|调整)"
    r"|结合(?:我|本)[^，。；]{1,20}?(?:实际|情况|形势)|对[^，。；]{2,60}进行[^，。；]{0,4}(?:修[订改]|调整|优化)|，授予|特举办|组织开展|按照?(?:下列|以下)"
    r"|，(?:特)?制[定订][^，。；□]{2,40}$|征(?:求|集)(?:社会)?(?:公众)?[^，。；]{0,4}意见"
    r"|，(?![^，]{0,8}(?:按照|根据|依据))[^，。；《》□]{0,80}(?:印发|发布|出台|起草)了?《"
)
#: What a later sentence of the same paragraph says (根据《甲》，…。现就有关事项通知如下).
_MAKES_LATER = re.compile(r"[^\n]{0,200}?(?:现[就将对予][^。\n]{0,40}?如下|调整如下|制[定订]本)")
_FORMAL = re.compile(
    rf"(?:特?制[定订]|修[订改]|颁布|发布|编制|出台)(?:本(?:{NAMES}|实施|工作|若干|暂行|组织|议事)|以下|如下|下列|我[省市县区])|特制[定订]|制[定订](?:□|《)"
)
#: 第一条　根据宪法，制定某某法; 第一条　某某法，根据宪法制定: the first article speaks of its own text
_FIRST_ARTICLE = re.compile(
    rf"\s*第一条\s(?=[^。]{{0,300}}?(?:{'|'.join(_GROUND_CUE)}))[^。]{{4,600}}?(?P<made>，?制[定订][^，。；□]{{0,40}})$"
)
#: 本办法依据《甲》制定
_OF_ITSELF = re.compile(
    rf"本(?:{NAMES})(?:是|系)?(?:{'|'.join(_GROUND_CUE)})[^，。；]{{2,200}}(?:制[定订]|编制)(?:的|而成)?$"
)
_MADE = ("制定", "制订", "编制", "的", "而成")
_JOIN = re.compile(
    r"^\s?(?:[、，]|和|及|以及|与|并|或|等|、?以及|，以及|，并)?\s?(?:(?:根据|依据|依照|按照)?[^，。；：《》□“”、和]{0,24})$"
)
#: What may stand before the next title of a row: 等法律、行政法规和, 、某市住建局、财政局
_KINDS = re.compile(
    r"^\s?等?(?:有关|相关)?(?:法律|法规|规章|行政法规|规定|文件|、|及|和)*，?(?:和|及|以及|与)\s?$"
)
_ORGAN = re.compile(
    rf"\s?[^，。；：《》□]{{1,40}}{ORGAN_END}(?:等[0-9一二三四五六七八九十]{{1,2}}(?:个|家)?(?:部门|单位))?(?:联合)?(?:印发|发布|下发|制定)?的?"
)
_LEAVES = re.compile("参照|结合|制定|为|现|规定，|要求，|，[^，]{6,}")
_NAMES_ORGAN = re.compile("[^，。；：《》□]{0,60}")
#: 依据该文件制定的《甲》: the basis is what was named before.
_ANOTHER = re.compile(
    "(?:该|此|本|上述|前述|以上)[^，的]{0,8}?(?:文件|通知|办法|意见|规定|条例|要求|精神)"
)
_OF_ANOTHER = re.compile(r"^[^，。；]{0,4}(?:试行|实施|执行|运行|落实)(?:工作)?情况")
_RULES_OF = "实施条例|实施细则|实施办法|实施规定|施行条例|施行细则"
_ELLIPTICAL = re.compile(rf"^\s?[、]?(?:及|和|与|以及)(?:其|有关|配套)?(?P<what>{_RULES_OF})")
_ITS = re.compile(rf"其(?P<what>{_RULES_OF})")
_BARE = re.compile(
    r"(?P<title>[\u4e00-\u9fff（）]{0,40}?(?:法|条例|宪法|法典|暂行规定|办法|章程|通则))(?=$|[，、的及和与等第（及其]|以及|规定|有关|相关|精神|要求)"
)
_GENERIC = re.compile(
    r"^(?:国家|有关|相关|法律|上级|上位|现行|其他|其它|我[国省市县]|省|市|本|该|上述|以上|等|各|中央|本法|国务院|部门|行政|依法|合法|这|办法|立法(?!法)|方法|做法|看法|想法|司法|执法|守法|违法|暂行办法|管理办法|条例|法|规章)"
)
#: 根据县人民代表大会常务委员会关于某事的决定，
_BARE_DECISION = re.compile(
    rf"(?P<title>[\u4e00-\u9fff]{{0,40}}{ORGAN_END}关于[\u4e00-\u9fff、“”]{{2,60}}的(?:决定|决议))(?=$|，|等|的)"
)
_TAIL = re.compile(rf"^\s?(?:规定的?)?(?:{PLACE})")


def bases(source: Source, preface: int) -> tuple[Basis, ...]:
    """The documents on which this one rests (依据), in order; ``preface`` is where the preface ends.

    Anywhere 根据《X》，制定本办法; in the preface also 按照《X》要求，现就…通知如下. A number alone and
    a title without 《》 count, general words (有关法律法规) do not. A document that only gave
    experience (根据《X》试行情况) is none.
    """
    found: dict[tuple[str | None, str], Basis] = {}
    for start, words in source.having(*_GROUND_CUE, *_CARRYING):
        if start > preface and "制" not in words:
            continue
        formal = _FORMAL.search(words) or _speaks_of_itself(words)
        if not formal and (start > preface or not _acts(source, start, words)):
            continue
        end = _made_at(formal) if formal else _said_until(words)
        named = [
            each
            for cue in _CUE.finditer(words, 0, end)
            if cue[0] in _GROUND_CUE
            for each in _grounds(source, start, words, cue.end(), end)
        ]
        if formal and not named:
            named = list(_carried_out(source, start, words, end))
        for each in named:
            found.setdefault((each.title, str(each.doc_number or "")), each)
    return tuple(found.values())


def _speaks_of_itself(words: str) -> re.Match[str] | None:
    """Whether a sentence says on what its own text rests (本办法依据《甲》制定)."""
    if words.endswith(_MADE) and (match := _OF_ITSELF.search(words)):
        return match
    return _FIRST_ARTICLE.match(words)


def _made_at(formal: re.Match[str]) -> int:
    """Where a sentence comes to what is made; the bases stand before it."""
    if formal.re is _FIRST_ARTICLE:
        return formal.start("made")
    return formal.start() if formal.re is _FORMAL else _said_until(formal.string)


_ADDRESSED = re.compile(r"：\s*$")
_OPENS = re.compile(rf"\s*(?:{'|'.join(_GROUND_CUE)})《")


def _acts(source: Source, start: int, words: str) -> bool:
    """Whether a sentence of the preface, or its paragraph, says what is done on some basis."""
    if _MAKES.search(words) or _MAKES_LATER.match(source.masked, start + len(words)):
        return True
    return bool(_OPENS.match(words) and _ADDRESSED.search(source.masked[max(0, start - 8) : start]))


def _said_until(words: str) -> int:
    """Where a sentence has said what is done: a 根据 behind that is of the content (如下：一、根据…)."""
    below = _BELOW.search(words)
    return below.start() if below else len(words)


_BELOW = re.compile(r"如下(?:[^，。；：]{0,10})[：:]\s?(?=[一二三1（第])")
_TO_CARRY_OUT = re.compile(
    r"(?:为了?|，)(?:正确|全面|更好地|认真|贯彻)*(?:实施|执行|施行)(?:国务院|本[市省]|国家)?\s?$"
)
_TO_SECURE = re.compile(r"为了?(?:保障|保证|便于|促进|推动)(?:国务院|国家)?\s?$")
_SECURED = re.compile(r"的?(?:正确|顺利|有效|贯彻|全面)*(?:实施|执行|施行)，")


def _carried_out(source: Source, start: int, words: str, end: int) -> Iterator[Basis]:
    """The law that is carried out where no other basis is named (为了保障《X》的实施，制定本办法)."""
    for each in source.cited_in(start, start + end):
        before = words[: each.span.start - start]
        if (_TO_CARRY_OUT.search(before) and "为" in before) or (
            _TO_SECURE.search(before) and _SECURED.match(words, each.end - start)
        ):
            span = Span(each.span.start, each.end)
            yield Basis(span, source.quote(span), each.title, each.number)


def _grounds(source: Source, start: int, words: str, at: int, end: int) -> Iterator[Basis]:
    """The documents named behind one 根据."""
    if _ANOTHER.match(words, at):
        return
    cited = source.cited_in(start + at, start + end)
    listed = _in_a_row(start, words, at, cited)
    if not listed:
        yield from _numbers(source, start, words, at, end)
        if end < len(words):
            yield from _bare(source, start, words, at, end)
        return
    tail = words[listed[-1].end - start : end]
    if _OF_ANOTHER.match(tail):
        return
    if end < len(words):
        yield from _bare(source, start, words, at, listed[0].span.start - start)
    for each in listed:
        if each.is_draft:
            continue
        known = source.aliases.get(each.title)
        title = known.title if known else each.title
        number = each.number or (known.number if known else None)
        span = Span(each.span.start, each.end)
        yield Basis(span, source.quote(span), title, number)
        more = _ELLIPTICAL.match(words, each.end - start) or _ELLIPTICAL.match(
            words[each.end - start : each.end - start + 20]
        )
        if more:
            at_word = each.end + more.start("what")
            place = Span(at_word, at_word + len(more["what"]))
            yield Basis(place, source.quote(place), title + more["what"], None, elliptical=True)


def _in_a_row(start: int, words: str, at: int, cited: tuple[Cited, ...]) -> list[Cited]:
    """The titles behind a 根据 that only 、和 and the names of organs part from it and each other."""
    listed: list[Cited] = []
    end = at
    for each in cited:
        gap = words[end : each.span.start - start]
        gap = _ELLIPTICAL.sub("", gap)
        gap = _TAIL.sub("", gap)
        gap = re.sub(
            r"^(?:的)?(?:有关|相关)?(?:规定|要求|精神|文件)(?:的)?(?:要求|精神|规定)?", "", gap
        )
        joined = not _LEAVES.search(gap) and (
            (len(gap) <= 40 and _JOIN.match(gap))
            or _KINDS.match(gap)
            or (len(gap) <= 90 and _names_organs(gap))
        )
        if not joined and (listed or not _NAMES_ORGAN.fullmatch(gap)):
            break
        listed.append(each)
        end = each.end - start
    return listed


def _names_organs(gap: str) -> bool:
    """Whether only those who issued the next title stand before it (、某市住建局、财政局)."""
    joint = re.match(r"\s?(?:[、，和及与]|以及)", gap)
    return joint is not None and all(map(_ORGAN.fullmatch, re.split("[、，]", gap[joint.end() :])))


def _numbers(source: Source, start: int, words: str, at: int, end: int) -> Iterator[Basis]:
    """A number alone behind 根据 (根据青政〔2020〕3号文件精神)."""
    stop = next((i for i in range(at, min(end, at + 80)) if words[i] in "，；"), min(end, at + 80))
    part = words[at:stop]
    if "号" not in part:
        return
    for span, number in DocNumber.find(words[max(0, at - 2) : stop]):
        place = Span(start + max(0, at - 2) + span.start, start + max(0, at - 2) + span.end)
        yield Basis(place, source.quote(place), None, number)


def _bare(source: Source, start: int, words: str, at: int, end: int) -> Iterator[Basis]:
    """Titles without 《》 behind 根据 (根据传染病防治法，制定本条例)."""
    stop = next(
        (i for i in range(at, min(end, at + 120)) if words[i] in "，；□"), min(end, at + 120)
    )
    if decision := _BARE_DECISION.match(words, at):
        span = Span(start + at, start + decision.end())
        yield Basis(span, source.quote(span), closed_up(decision["title"]), None, bare=True)
        return
    title = ""
    for begin, part in _parts(words[at:stop]):
        if title and (more := _ITS.match(part)):
            span = _place(start + at + begin, part, more["what"])
            yield Basis(
                span, source.quote(span), title + more["what"], None, elliptical=True, bare=True
            )
            continue
        match = _BARE.match(part)
        if match is None or _GENERIC.match(match["title"]) or len(match["title"]) < 2:
            continue
        span = _place(start + at + begin, part, match["title"])
        title = closed_up(match["title"])
        yield Basis(span, source.quote(span), title, None, bare=True)


def _place(at: int, part: str, words: str) -> Span:
    begin = at + part.find(words)
    return Span(begin, begin + len(words))


_PARTED = re.compile("(?:[^、和及与]|(?<=共)和(?=国))+")
_HALF_A_TITLE = re.compile("(?:大会|政府|委员会|法院|检察院)$")


def _parts(words: str) -> Iterator[tuple[int, str]]:
    """Titles parted by 、和及与; 人民代表大会和人民政府组织法 is one."""
    begin: int | None = None
    for part in _PARTED.finditer(words):
        begin = part.start() if begin is None else begin
        if _HALF_A_TITLE.search(part[0]):
            continue
        told = words[begin : part.end()]
        yield begin + len(told) - len(told.lstrip()), told.strip()
        begin = None


_CARRIES_OUT = re.compile(
    r"为(?:了)?(?:更好地?|进一步|深入|全面|认真|切实|坚决|扎实|有效|严格|加快|积极|正确|充分|持续|统筹|，|、|和|及|地|推动|推进|做好|抓好|确保|保证|保障|规范)*(?P<verb>贯彻落实|贯彻执行|贯彻实施|贯彻|落实|实施|执行|适用)[^，。；《》□]{0,30}$"
)


def implemented(source: Source, preface: int) -> tuple[Subject, ...]:
    """The documents this one carries out (为贯彻落实《X》), in order."""
    return tuple(_purposes(source, preface, applies=False))


def applied(source: Source, preface: int) -> tuple[Subject, ...]:
    """The documents this one tells how to apply (为正确适用《X》), in order."""
    return tuple(_purposes(source, preface, applies=True))


def _purposes(source: Source, preface: int, *, applies: bool) -> Iterator[Subject]:
    for start, words in source.having("贯彻", "落实", "实施", "执行", "适用"):
        if start > preface:
            return
        if "为" not in words or "□" not in words:
            continue
        end = -1
        for each in source.cited_in(start, start + len(words)):
            lead = words[max(0, each.span.start - start - 70) : each.span.start - start]
            match = _CARRIES_OUT.search(lead)
            joined = (
                end >= 0
                and re.fullmatch(
                    r"\s?(?:[、，和及与]|以及|等){0,2}[^，。；《》□]{0,20}",
                    words[end : each.span.start - start],
                )
                and not re.search("根据|按照|依据|依照", words[end : each.span.start - start])
            )
            if (match and (match["verb"] == "适用") == applies) or (joined and not match):
                end = each.end - start
            else:
                end = -1
                continue
            yield subject(source, each)
