"""The lexicon of conditions (条件用语表) and cutting a stretch of text into its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from policylib.errors import NotFound
from policylib.matching.proposing.phrases_enterprise import enterprise_phrases
from policylib.matching.proposing.phrases_person import person_phrases
from policylib.matching.proposing.places import Places
from policylib.matching.proposing.tokens import Draft, Entry, Kind, Token
from policylib.model.condition import TODAY
from policylib.model.facts import Vocabulary

__all__ = ["Lexicon"]

_NOTE = re.compile(
    r"（(?:以下简称|下同|简称|含本数|不含本数)[^（）]{0,40}）|(?P<NOTE>（[^（）]{0,300}）)"
)
_JOINS = re.compile(
    r"(?P<OR>或者|或是|或)|(?P<AND>并且|同时|而且|且|并|又)|(?P<JOIN>以及|及其|及|和|与)|(?P<LIST>、)"
    r"|(?P<OF>中的|的)|(?P<STOP>[，；：])"
)
#: Words that ask for nothing of their own.
_FILL = re.compile(
    r"\s+|[*#>|_]+|(?:申请|使用|办理)(?:个人)?(?:住房)?公积金(?:个人)?(?:住房)?(?:贷款|提取)"
    r"|(?:申请|使用|办理)个人住房公积金贷款|[0-9]{1,2}[.．](?![0-9])"
    r"|(?:补贴|救助|补助|保障|改造|扶持|资助|奖励|服务|发放|支持|申请)(?:对象|家庭|条件)"
    r"|申请人|申请者|申领人|申请|申领|人员|人士|个人|居民|群众|公民|劳动者|职工|员工|家庭|对象|成员|农户|住户|村民|学生"
    r"|符合条件|下列|以下|应当|应该|应(?![征届税纳收急])|必须|须|需要|需|均|都|也|已经|已(?!婚)|对于|对(?!象)|凡是|凡|向|为|是|属于"
    r"|同时|具有|具备|符合|条件|规定|要求|用人单位|单位|企业|主体|国家|其中|本人|及时|依法|按规定|的话|包括|实行|各类|一律"
    r"|以(?![上下内外工])|自(?![主愿然住有筹付身行])|从(?![业事])|当(?![前地年月])|在(?![校职建保岗编册读])|有(?![效限关劳求独])"
    r"|经(?=认定|批准|审核|评估)|者|户(?![籍口主])|支持|允许|之后|以后|后|时|即"
)


_MOST_STRETCHES = 10_000


@lru_cache(maxsize=8)
def _compiled(place: str, exclusive: frozenset[str]) -> tuple[tuple[Entry, re.Pattern[str]], ...]:
    entries = (*person_phrases(place, exclusive), *enterprise_phrases(place, exclusive))
    return tuple((each, re.compile(each.pattern)) for each in entries)


class Lexicon:
    """The phrases that are certain, for one vocabulary and the district of a text."""

    def __init__(self, vocabulary: Vocabulary, places: Places, exclusive: frozenset[str]) -> None:
        self._vocabulary = vocabulary
        self._places = places
        self._entries = _compiled(places.pattern, exclusive)
        self._keys = {key for entry, _ in self._entries for key in entry.keys}
        self._left = _MOST_STRETCHES

    def tokens(self, text: str, start: int, end: int) -> tuple[Token, ...]:
        """Cut ``text[start:end]`` into tokens: facts, joining words, and what is not understood.

        After 10,000 stretches nothing is understood any more: no policy is that long.
        """
        if end <= start:
            return ()
        self._left -= 1
        if self._left < 0:
            return (Token(start, end, Kind.OTHER),)
        return tuple(self._joined(text, start, end, self._facts(text, start, end)))

    def _facts(self, text: str, start: int, end: int) -> list[Token]:
        """The phrases that are there, longest first where they overlap."""
        words = text[start:end]
        there = {key for key in self._keys if key in words}
        found: list[tuple[int, int, Entry, re.Match[str]]] = []
        for entry, pattern in self._entries:
            if there.isdisjoint(entry.keys):
                continue
            found += [(m.start(), -m.end(), entry, m) for m in pattern.finditer(text, start, end)]
        found.sort(key=lambda each: (each[1] + each[0], each[0]))
        taken: list[Token] = []
        free = bytearray(end - start)
        notes = _inside_notes(text, start, end)
        for begin, minus_stop, entry, match in found:
            stop = -minus_stop
            if begin == stop or any(free[begin - start : stop - start]):
                continue
            if any(low <= begin and stop <= high for low, high in notes):
                continue
            free[begin - start : stop - start] = b"\1" * (stop - begin)
            taken.append(self._token(begin, stop, entry, match))
        return sorted(taken, key=lambda each: each.start)

    def _token(self, start: int, end: int, entry: Entry, match: re.Match[str]) -> Token:
        draft = entry.make(match.groupdict())
        if draft is None:
            return Token(start, end, entry.kind, doubt="数额或期限的写法不确定")
        draft, doubt = self._placed(draft)
        doubt = doubt or self._unknown(draft)
        soft = match.groupdict().get("soft")
        remark = f"“{soft}”没有对应的事实，请核对" if soft else None
        return Token(start, end, entry.kind, None if doubt else draft, doubt, remark)

    def _placed(self, draft: Draft) -> tuple[Draft, str | None]:
        """Codes for the names of places, or why there are none."""
        for name, value in draft.items():
            if name in ("all", "any", "none"):
                done = [self._placed(each) for each in value]
                doubt = next((why for _, why in done if why), None)
                if doubt:
                    return draft, doubt
                draft = {**draft, name: [each for each, _ in done]}
            if name == "under" and value[0].startswith("@"):
                code = self._places.code(value[0][1:])
                if code is None:
                    return draft, f"“{value[0][1:]}”的行政区划代码未知，请指明地区"
                draft = {**draft, "under": [code]}
        return draft, None

    def _unknown(self, draft: Draft) -> str | None:
        for name in _names(draft):
            if name == TODAY:
                continue
            try:
                self._vocabulary.fact(name)
            except NotFound:
                return f"词表中没有事实“{name}”"
        return None

    @staticmethod
    def _joined(text: str, start: int, end: int, facts: list[Token]) -> Iterator[Token]:
        """The facts with what stands between them."""
        at = start
        for fact in [*facts, None]:
            stop = fact.start if fact else end
            yield from _between(text, at, stop)
            if fact:
                yield fact
                at = fact.end


def _names(draft: Any) -> Iterator[str]:
    """The facts that a draft names."""
    if isinstance(draft, dict):
        for key, value in draft.items():
            if key in ("fact", "of", "shift", "region") and isinstance(value, str):
                yield value
            elif key not in ("equals", "among", "has", "under"):
                yield from _names(value)
    elif isinstance(draft, list):
        for each in draft:
            yield from _names(each)


def _between(text: str, start: int, end: int) -> Iterator[Token]:
    """What stands between facts: joining words, remarks, words that ask for nothing, the rest.

    Inside words that are not understood nothing is taken for a word without meaning.
    """
    at = odd = start
    while at < end:
        match = _NOTE.match(text, at, end) or _JOINS.match(text, at, end)
        fill = _FILL.match(text, at, end) if odd == at else None
        if match is None or (fill is not None and fill.end() > match.end()):
            match = fill
        if match is None:
            at += 1
            continue
        if odd < at:
            yield Token(odd, at, Kind.OTHER)
        kind = Kind[match.lastgroup] if match.lastgroup else Kind.FILL
        yield Token(at, match.end(), kind)
        at = odd = match.end()
    if odd < end:
        yield Token(odd, end, Kind.OTHER)


def _inside_notes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in _NOTE.finditer(text, start, end)]
