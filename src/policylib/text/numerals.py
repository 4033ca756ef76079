"""Chinese numerals and integers: 一百二十三 ↔ 123.

Law articles are numbered in words (第一百一十条), years digit by digit (二〇二四年), and real texts
add full-width digits, three shapes of the circle and the forms used on cheques (壹佰).
"""

from __future__ import annotations

import re

from policylib.errors import ParseError

__all__ = ["to_chinese", "to_int"]

_DIGITS = "〇一二三四五六七八九"
_VALUE = {digit: value for value, digit in enumerate(_DIGITS)} | {"两": 2}
_PLAIN = str.maketrans(
    "０１２３４５６７８９○ＯO◯零壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參兩",
    "0123456789〇〇〇〇〇一二三四五六七八九十百千万亿二三两",
)
_UNITS = {"千": 1000, "百": 100, "十": 10}
_LONGEST = 40  # characters; the longest proper numeral below 10**16 has 32
_ARABIC = re.compile(r"[0-9]{1,16}\Z")
_DIGITWISE = re.compile(r"[〇一二三四五六七八九]{1,16}\Z")
_WRITTEN = re.compile(r"(?:([^亿]*)亿)?(?:([^万亿]*)万)?([^万亿]*)\Z")
_SECTION = re.compile(
    r"(?:([一二三四五六七八九两])(千))?(〇)?(?:([一二三四五六七八九两])(百))?(〇)?"
    r"(?:([一二三四五六七八九])?(十))?(〇)?([一二三四五六七八九两])?\Z"
)


def to_int(text: str) -> int:
    """Read a numeral (数字) in any script as an integer.

    Takes ASCII and full-width digits, digit-wise Chinese (二〇二四), positional Chinese up to 亿
    (一百二十三, 两千, 廿五) and a number before 万 or 亿 (3万). Raises
    :class:`~policylib.errors.ParseError` for anything else, and for colloquial forms with two
    readings (一千五).

    >>> to_int("一百二十三"), to_int("二〇二四"), to_int("１２")
    (123, 2024, 12)
    """
    plain = text.strip()[: _LONGEST + 1].translate(_PLAIN)
    if not plain:
        raise ParseError("数字为空，请填写数字，如“12”或“十二”")
    if len(plain) > _LONGEST:
        raise ParseError("数字过长，请核对")
    if _ARABIC.match(plain):
        return int(plain)
    if _DIGITWISE.match(plain):
        return int("".join(str(_VALUE[digit]) for digit in plain))
    if plain == "两":
        return 2
    plain = plain.replace("廿", "二十").replace("卅", "三十")
    whole = _WRITTEN.match(plain)
    if whole is None:
        raise _nonsense(text)
    total = 0
    for scale, part in zip((10**8, 10**4, 1), whole.groups(), strict=True):
        if part is None:
            continue
        if not part:
            if scale > 1:
                raise _nonsense(text)
            continue
        total += scale * _section(part, text, first=total == 0)
    return total


def _section(part: str, text: str, *, first: bool) -> int:
    """Read up to four places (千百十个), the numeral between two of 亿 and 万."""
    if _ARABIC.match(part):
        return int(part)
    match = _SECTION.match(part)
    if match is None or part.endswith("〇"):
        raise _nonsense(text)
    thousands, _, zero1, hundreds, _, zero2, tens, ten, zero3, ones = match.groups()
    if (first and part[0] == "〇") or (ones == "两" and part != "两"):
        raise _nonsense(text)
    if sum(zero is not None for zero in (zero1, zero2, zero3)) > 2 or "〇〇" in part:
        raise _nonsense(text)
    higher = thousands or hundreds or not first
    if ones and higher and not ten and not (zero1 or zero2 or zero3):
        # 一千五 is 1500 to some and 1005 to others
        raise ParseError(f"“{text.strip()}”有两种读法，请补上“零”或单位，如“一千零五”“一千五百”")
    value = _VALUE[thousands] * 1000 if thousands else 0
    value += _VALUE[hundreds] * 100 if hundreds else 0
    value += (_VALUE[tens] if tens else 1) * 10 if ten else 0
    return value + (_VALUE[ones] if ones else 0)


def _nonsense(text: str) -> ParseError:
    return ParseError(f"“{text.strip()[:20]}”不是规范的数字，请写成“12”或“十二”的形式")


def to_chinese(n: int) -> str:
    """Write an integer in Chinese words (中文数字), as article numbers are written.

    ``n`` is 0 to 99,999,999; anything else raises :class:`ValueError`.

    >>> to_chinese(12), to_chinese(110), to_chinese(1005)
    ('十二', '一百一十', '一千零五')
    """
    if not 0 <= n <= 99_999_999:
        raise ValueError(f"只能书写0至99999999之间的整数，不能书写{n}")
    if n == 0:
        return "零"
    high, low = divmod(n, 10_000)
    words = _places(high) + "万" if high else ""
    if low:
        words += ("零" if high and low < 1000 else "") + _places(low)
    return words.removeprefix("一") if words.startswith("一十") else words


def _places(n: int) -> str:
    """Write 1 to 9999 with 一十 in full."""
    words = ""
    gap = False
    for unit, size in (*_UNITS.items(), ("", 1)):
        digit, n = divmod(n, size)
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + unit
            gap = False
        else:
            gap = True
    return words
