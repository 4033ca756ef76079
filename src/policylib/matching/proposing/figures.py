"""Figures with their bounds as texts write them (数额与界限): 年满60周岁, 16至24岁, 不超过300万元."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from policylib.errors import ParseError
from policylib.text.numerals import to_int

__all__ = ["NUMBER", "bounds", "exclusive_words", "figure", "period", "quantity", "times"]

_DIGITS = r"(?:[0-9]{1,3}(?:，[0-9]{3}){1,3}(?![0-9])|[0-9]{1,9})(?:\.[0-9]{1,4})?"
#: A number in digits or in words, with 百, 千, 万 or 亿 behind it.
NUMBER = rf"(?:{_DIGITS}|[一二三四五六七八九十百两]{{1,5}}|半)\s?[百千万亿]{{0,2}}"
_AT_LEAST = "年满|已满|满|达到|达|至少|不低于|不少于|不小于|不得低于|不得少于|不得小于"
_ABOVE = "超过|高于|大于|多于"
_AT_MOST = "不超过|未超过|不高于|不大于|不多于|至多|最多|不得超过|不得高于"
_BELOW = "不满|未满|低于|小于|少于|不足|未达到"
#: Longer words first, so that 不超过 is not read as 超过.
_BEFORE = {
    word: test
    for test, words in (
        ("at_most", _AT_MOST),
        ("below", _BELOW),
        ("at_least", _AT_LEAST),
        ("above", _ABOVE),
    )
    for word in words.split("|")
}
_BEHIND = {
    "及以上": "at_least",
    "以上": "at_least",
    "及以下": "at_most",
    "以下": "at_most",
    "以内": "at_most",
    "之内": "at_most",
    "内": "at_most",
}
_PRE = "|".join(sorted(_BEFORE, key=len, reverse=True))
_SUF = "|".join(_BEHIND)
_NOTE = r"(?:\s?（(?:不含|含|包括|不包括)[^（）]{0,10}）)?"
_TO = r"\s?(?:至|到|—|–|-|－|～|~){1,2}\s?"


def figure(units: str) -> str:
    """The pattern of a figure with a bound, or of a range, in some units (``周岁|岁``)."""
    one = (
        rf"(?:(?:{_PRE})\s?{NUMBER}\s?(?:{units}){_NOTE}(?:{_SUF})?{_NOTE}"
        rf"|{NUMBER}\s?(?:{units}){_NOTE}(?:{_SUF}){_NOTE})"
    )
    span = rf"{NUMBER}\s?(?:{units})?{_NOTE}{_TO}{NUMBER}\s?(?:{units}){_NOTE}(?:之间)?"
    return rf"(?:{span}|{one}(?:[、，]?[且但]?{one})?)"


_ONE = re.compile(
    rf"(?P<pre>{_PRE})?\s?(?P<number>{NUMBER})\s?(?P<unit>%|[^\d（），、。；\s]{{0,3}}?)"
    rf"(?P<note>{_NOTE})(?P<suf>{_SUF})?(?P<after>{_NOTE})"
    rf"(?=$|[、，且但]|{_PRE}|[0-9一二三四五六七八九十百两])"
)
_SPAN = re.compile(
    rf"(?P<low>{NUMBER})\s?(?:[^\d（）至到—–～~－-]{{0,3}})(?P<first>{_NOTE}){_TO}"
    rf"(?P<high>{NUMBER})\s?[^\d（）]{{1,3}}?(?P<second>{_NOTE})(?:之间)?\Z"
)


def bounds(words: str, unit: str, exclusive: frozenset[str] = frozenset()) -> dict[str, str] | None:
    """The tests that a figure stands for, each with its value in ``unit``; ``None`` if unclear.

    ``unit`` is one of :data:`~policylib.model.quantity.UNITS`. 以上, 以下, 以内 and 届满 include
    the figure, 不满 and 超过 do not (民法典 第一千二百五十九条), unless the text says that a word
    is ``exclusive``.

    >>> bounds("年满16周岁未满60周岁", "周岁")
    {'at_least': '16周岁', 'below': '60周岁'}
    >>> bounds("16—24岁", "周岁"), bounds("35岁（不含）以下", "周岁")
    ({'at_least': '16周岁', 'at_most': '24周岁'}, {'below': '35周岁'})
    """
    span = _SPAN.match(words)
    if span:
        low = "above" if "不" in span["first"] else "at_least"
        high = "below" if "不" in span["second"] else "at_most"
        values = quantity(span["low"], unit), quantity(span["high"], unit)
        return {low: values[0], high: values[1]} if values[0] and values[1] else None
    found: dict[str, str] = {}
    for match in _ONE.finditer(words):
        test = _test(match, exclusive)
        value = quantity(match["number"], unit)
        if test is None or value is None or _side(test) in {_side(each) for each in found}:
            return None
        found[test] = value
    return found or None


def _side(test: str) -> bool:
    return test in ("at_least", "above")


def _test(match: re.Match[str], exclusive: frozenset[str]) -> str | None:
    word = match["pre"] or match["suf"]
    if word is None:
        return None
    if match["pre"] in ("满", "已满", "年满", "达到", "达") and match["suf"]:
        word = match["suf"] if _BEHIND[match["suf"]] == "at_least" else word
    test = _BEFORE.get(word) or _BEHIND[word]
    note = match["note"] + match["after"]
    without = "不" in note or (not note and word.removeprefix("及") in exclusive)
    if note and not without:
        return {"above": "at_least", "below": "at_most"}.get(test, test)
    return {"at_least": "above", "at_most": "below"}.get(test, test) if without else test


def quantity(number: str, unit: str) -> str | None:
    """A number of the text with a unit, as it is written in a condition: ``300万元``."""
    value = _value(number)
    if value is None:
        return None
    if unit == "元" and value >= 10_000 and value % 1_000 == 0:
        return f"{_plain(value / 10_000)}万元"
    return f"{_plain(value)}{unit}"


def _value(number: str) -> Decimal | None:
    plain = re.sub(r"[\s，]", "", number)
    times = 1
    while plain and plain[-1] in _TIMES and len(plain) > 1 and plain[0].isdecimal():
        times *= _TIMES[plain[-1]]
        plain = plain[:-1]
    if plain[:1].isdecimal():
        return Decimal(plain) * times
    try:
        return Decimal(to_int(plain))
    except ParseError:
        return None


_TIMES = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def period(number: str, unit: str) -> str | None:
    """A length of time as conditions write it: 6个月, 3年; ``None`` if it cannot be read."""
    if number.strip() == "半":
        return "6个月"
    value = _value(number)
    if value is None or value != int(value) or not 0 < value <= 100 * 12:
        return None
    return f"{int(value)}{'年' if unit.endswith('年') else '个月' if '月' in unit else '日'}"


def times(number: str) -> str | int | None:
    """A factor as conditions write it: 2, or 1.5 as ``1.5倍``."""
    value = _value(number)
    if value is None or value <= 0:
        return None
    return int(value) if value == int(value) else f"{_plain(value)}倍"


_SAYS = re.compile(
    r"所称(?P<first>[^。；]{2,60}?)均?(?P<not>不)?(?:包括|含)本(?:数|级)"
    r"|[，；](?P<second>[^。；，]{2,60}?)均?(?P<no>不)?(?:包括|含)本(?:数|级)"
)
_WORDS = re.compile(r"以上|以下|以内|不超过|不低于")


def exclusive_words(text: Any) -> frozenset[str]:
    """The words of bounds that a text says do not include the figure (不包括本数)."""
    found: set[str] = set()
    for match in _SAYS.finditer(text):
        if match["not"] or match["no"]:
            found.update(_WORDS.findall(match["first"] or match["second"] or ""))
    return frozenset(found)
