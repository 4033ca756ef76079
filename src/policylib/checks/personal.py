"""Personal data in text (个人信息): where it stands, and how it is shown without being repeated.

Resident identity numbers carry a check digit (GB 11643-1999), bank cards one by Luhn's formula;
mobile numbers have only their form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from policylib.text.span import Span

__all__ = ["PersonalKind", "PersonalNumber", "find_personal", "mask"]

_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ－　", "0123456789Xx- ")
_BEFORE, _AFTER = r"(?<![0-9A-Za-z=_/%.])", r"(?![0-9A-Za-z]|[-.][0-9])"
_GAP = "[ -]?"
_IDENTITY = re.compile(
    rf"{_BEFORE}[1-9][0-9]{{5}}{_GAP}((?:19|20)[0-9]{{2}})([01][0-9])([0-3][0-9]){_GAP}"
    rf"[0-9]{{3}}[0-9Xx]{_AFTER}"
)
_CARD = re.compile(
    rf"{_BEFORE}62[0-9]{{2}}(?:{_GAP}[0-9]{{4}}){{3}}(?:{_GAP}[0-9]{{1,3}})?{_AFTER}"
)
_UNIT = r"(?! ?(?:[万亿]?[元人]|[万亿]|平方|立方|吨|公斤|千瓦|立|亩|米))"
_MOBILE = re.compile(rf"{_BEFORE}1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_AFTER}{_UNIT}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SEPARATORS = re.compile("[ -]")


class PersonalKind(StrEnum):
    """What kind of number it is (个人信息类别)."""

    IDENTITY = "公民身份号码"
    CARD = "银行卡号"
    MOBILE = "手机号"


class PersonalNumber(NamedTuple):
    """A number found in a text, with its masked form (如 138****5678)."""

    kind: PersonalKind
    span: Span
    masked: str


def find_personal(text: str) -> Iterator[PersonalNumber]:
    """Find identity, bank card and mobile numbers, kind by kind, each in the order of the text.

    Numbers inside longer words, web addresses and decimals are passed over, and so is every
    identity number or card whose check digit is wrong.

    >>> [found.masked for found in find_personal("身份证号：11010519491231002X")]
    ['110***********002X']
    """
    plain = text.translate(_HALF_WIDTH)
    for match in _IDENTITY.finditer(plain):
        if _is_identity(_digits(match[0]), match):
            yield _found(PersonalKind.IDENTITY, match)
    for match in _CARD.finditer(plain):
        if _is_card(_digits(match[0])):
            yield _found(PersonalKind.CARD, match)
    for match in _MOBILE.finditer(plain):
        yield _found(PersonalKind.MOBILE, match)


def mask(text: str) -> str:
    """Put stars over the personal numbers of ``text``; everything else stays."""
    if not re.search(r"[0-9０-９][0-9０-９ -]{9}", text):
        return text
    pieces, at = [], 0
    for found in sorted(find_personal(text), key=lambda each: each.span):
        if found.span.start >= at:
            pieces += [text[at : found.span.start], found.masked]
            at = found.span.end
    return "".join(chain(pieces, [text[at:]]))


def _digits(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _found(kind: PersonalKind, match: re.Match[str]) -> PersonalNumber:
    plain = _digits(match[0])
    hidden = "*" * (len(plain) - 7)
    return PersonalNumber(kind, Span(*match.span()), plain[:3] + hidden + plain[-4:])


def _is_identity(plain: str, match: re.Match[str]) -> bool:
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    total = sum(w * int(digit) for w, digit in zip(_WEIGHTS, plain[:17], strict=True))
    return plain[17] == _CHECK[total % 11]


def _is_card(plain: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(plain)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0
