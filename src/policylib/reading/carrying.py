"""What a document carries (印发), what it speaks of (解读、征求意见), and all it cites (引用)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policylib.reading.source import Source
from policylib.reading.titles import Cited
from policylib.reading.values import Citation, Subject
from policylib.reading.words import NAMES, PLACE
from policylib.text.docnumber import DocNumber
from policylib.text.span import Span

__all__ = ["citations", "forwarded", "spoken_of", "subject"]


def subject(source: Source, each: Cited) -> Subject:
    """A cited title as a subject: short names resolved, with the number known for it."""
    known = source.aliases.get(each.title)
    span = Span(each.span.start, each.end)
    number = each.number or (known.number if known else None)
    return Subject(span, source.quote(span), known.title if known else each.title, number)


_CARRIES = re.compile(
    r"(?:现?将)(?:修[订改]后的|新修订的|制定的|修订的|批准的|审议通过的|重新修订的|新制定的)?[^，。；《》□]{0,40}$"
)
_CARRIED = re.compile(r"^[^。；]{0,60}?(?:印发|转发|批转|下发|发布|公布|予以公布|予以发布|颁布)")
_PASSED = re.compile(
    r"^[^。；]{0,80}?(?:通过|同意|批准|审定)[^。；]{0,40}?(?:现|特)?(?:予以?)?(?:印发|转发|公布|发布|下发)"
)
_IN_TITLE = re.compile(r"关于(?:印发|转发|批转|下发|发布|公布|颁布)|^[^《]{0,60}(?:转发|批转|印发)")


def forwarded(source: Source, preface: int, title: tuple[int, int] | None) -> tuple[Subject, ...]:
    """The documents this one carries (印发、转发、批转、公布), in order, each once."""
    found: dict[str, Subject] = {}
    if title is not None and _IN_TITLE.match(source.plain[title[0] : title[1]]):
        for each in source.cited_in(*title):
            found.setdefault(each.title, subject(source, each))
    for start, words in source.having("印发", "转发", "批转", "公布", "发布", "下发"):
        if start > preface:
            break
        if "□" not in words:
            continue
        for each in source.cited_in(start, start + len(words)):
            before, behind = words[: each.span.start - start], words[each.end - start :]
            if re.search("根据|按照|废止|依据", before[-12:]):
                continue
            carried = _CARRIES.search(before) and _CARRIED.match(behind)
            if carried or (
                re.fullmatch(r"[^，。；：根据按照]{0,24}", before) and _PASSED.match(behind)
            ):
                named = subject(source, each)
                found.setdefault(named.title, named)
    return tuple(found.values())


_SPEAKS = (
    ("解读", re.compile(r"解读|问答|图解|一图读懂|政策说明|答记者问")),
    (
        "意见反馈",
        re.compile(
            r"(?:意见|建议)(?:征集)?(?:采纳|反馈|汇总)|采纳情况|征集(?:结果|情况)|反馈(?:情况|公告)?"
        ),
    ),
    ("征求意见", re.compile(r"征求|征集|公开听取|意见的(?:公告|通知|函)|征求意见稿")),
)
_DRAFT_TAIL = re.compile(
    r"[（(](?:公开)?(?:征求意见稿|送审稿|讨论稿|草案|修订草案|征求意见)[^（）()]{0,10}[）)]|(?:征求意见稿)$"
)


def spoken_of(source: Source, title: tuple[int, int] | None) -> tuple[tuple[str, Subject], ...]:
    """What an interpretation explains or a consultation asks about (解读、征求意见、意见反馈)."""
    if title is None:
        return ()
    words = source.masked[title[0] : title[1]]
    kind = next((kind for kind, pattern in _SPEAKS if pattern.search(words)), None)
    if kind is None:
        return ()
    inside = (
        source.cited_in(title[0] - 1, title[1]) or source.cited_in(title[1], title[1] + 800)[:1]
    )
    found: list[tuple[str, Subject]] = []
    for each in inside:
        span = Span(each.span.start, each.end)
        name = _DRAFT_TAIL.sub("", each.title)
        found.append((kind, Subject(span, source.quote(span), name, each.number)))
    return tuple(found)


_PLACE_AT = re.compile(rf"\s?(?:中)?(?:的)?(?P<place>{PLACE})")
_OWN_PLACE = re.compile(rf"本(?:{NAMES})(?P<place>{PLACE})")
_NUMBER_AT = re.compile(
    r"[〔\[［【（(]\s?(?:19|20)[0-9]{2}\s?[〕\]］】）)]|(?:令|公告)\s?(?:第|[0-9])|号令"
)


def citations(source: Source) -> tuple[Citation, ...]:
    """Everything cited: titles, numbers that stand alone and own provisions (本办法第五条)."""
    found: list[Citation] = []
    covered: list[tuple[int, int]] = []
    for each in source.cited:
        if each.is_alias:
            continue
        place = _PLACE_AT.match(source.masked, each.end)
        end = place.end() if place else each.end
        known = source.aliases.get(each.title)
        number = each.number or (known.number if known else None)
        span = Span(each.span.start, end)
        covered.append(span)
        found.append(
            Citation(
                span, source.quote(span), known.title if known else each.title, number,
                place["place"].strip() if place else None,
            )
        )  # fmt: skip
    for match in _OWN_PLACE.finditer(source.masked):
        span = Span(*match.span())
        found.append(Citation(span, source.quote(span), None, None, match["place"], own=True))
    found.extend(_alone(source, covered))
    found.sort(key=lambda each: each.span)
    return tuple(found)


def _alone(source: Source, covered: list[tuple[int, int]]) -> Iterator[Citation]:
    """The numbers that stand outside the brackets behind a title, found by their 号."""
    masked = source.masked
    seen = index = 0
    at = masked.find("号")
    while at >= 0:
        end = at + (2 if masked.startswith("令", at + 1) else 1)
        while index < len(covered) and covered[index][1] <= at:
            index += 1
        inside = index < len(covered) and covered[index][0] <= at
        if not inside and at >= seen and _NUMBER_AT.search(masked, max(seen, at - 24), end):
            begin = max(seen - 1, at - 70, 0)  # one character more: 和 behind a number is no name
            for span, number in DocNumber.find(masked[begin:end]):
                place = Span(begin + span.start, begin + span.end)
                if place.end < at or place.start < seen:
                    continue
                seen = place.end
                yield Citation(place, source.quote(place), None, number)
        at = masked.find("号", at + 1)
