"""Bytes to text (网页编码): what is declared is a hint, what the bytes are valid as decides."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

__all__ = ["CHARSET_PROBLEM", "Decoded", "decode"]

#: How the problem begins of a page that declares another charset than it has.
CHARSET_PROBLEM = "网页声明的编码是"

_META = re.compile(
    rb"""<meta[^<>]{0,300}?charset\s{0,4}=\s{0,4}["']?\s{0,4}([A-Za-z0-9_-]{2,20})""", re.I
)
_HTTP = re.compile(r"""charset\s{0,4}=\s{0,4}["']?([A-Za-z0-9_-]{2,20})""", re.I)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Names that mean a subset of GB18030 (国家标准 GB 18030-2022).
_GB = frozenset(("gb2312", "gb_2312-80", "gbk", "gb18030", "cp936", "936", "x-gbk", "hz-gb-2312"))
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, the encoding it was read in, and what was wrong (in Chinese)."""

    text: str
    charset: str
    problems: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Turn the bytes of a page into text (识别编码).

    ``declared`` is what the HTTP header says: a charset or a whole ``Content-Type``. A byte order
    mark decides; else bytes that are valid UTF-8 are UTF-8 whatever is declared; else what is
    declared, then GB18030. Bytes valid in nothing become U+FFFD and are reported.

    >>> decode("青山县".encode("gb18030"), "text/html; charset=utf-8").charset
    'gb18030'
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], name, ())
    hints = _hints(data, declared)
    wide = _wide(data)
    if wide:
        return _lenient(data, wide, ())
    text = _strictly(data, "utf-8")
    if text is not None:
        plain = data.isascii()
        name = hints[0] if plain and hints else "utf-8"
        return Decoded(text, name, () if plain else _said(hints, "utf-8"))
    damaged = data.decode("utf-8", "replace")
    if damaged.count("\ufffd") * 50 <= _wide_characters(damaged):
        return _lenient(data, "utf-8", _said(hints, "utf-8"))
    for name in dict.fromkeys((*hints, "gb18030")):
        text = _strictly(data, name) if name != "utf-8" else None
        if text is not None and (name == "gb18030" or _wide_characters(text)):
            return Decoded(text, name, _said(hints, name))
    return _lenient(data, "gb18030", _said(hints, "gb18030"))


def _hints(data: bytes, declared: str | None) -> tuple[str, ...]:
    """The encodings declared, by their Python names, the HTTP header's first."""
    found = []
    if declared:
        match = _HTTP.search(declared[:200])
        found.append(match[1] if match else declared.strip())
    meta = _META.search(data[:_HEAD])
    if meta:
        found.append(meta[1].decode("ascii"))
    names = []
    for hint in found:
        if hint.lower() in _GB:
            names.append("gb18030")
            continue
        try:
            name = codecs.lookup(hint.lower()).name
            "x".encode(name)
        except (LookupError, ValueError, UnicodeError):
            continue
        if name not in ("ascii", "iso8859-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"):
            names.append(name)
    return tuple(dict.fromkeys(names))


def _strictly(data: bytes, name: str) -> str | None:
    """Decode without any error; a character cut off at the very end is left out."""
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(data, final=False)
    except (LookupError, UnicodeError):
        return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of the markup is NUL."""
    head = data[:_HEAD]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if (odd + even) * 10 < len(head):
        return None
    if odd > even * 9:
        return "utf-16-le"
    return "utf-16-be" if even > odd * 9 else None


def _wide_characters(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _said(hints: tuple[str, ...], name: str) -> tuple[str, ...]:
    wrong = next((hint for hint in hints if hint != name), None)
    if wrong is None:
        return ()
    return (f"{CHARSET_PROBLEM}{wrong.upper()}，实际是{name.upper()}，请更正声明",)


def _lenient(data: bytes, name: str, problems: tuple[str, ...]) -> Decoded:
    text = data.decode(name, "replace")
    lost = text.count("\ufffd") - (text.endswith("\ufffd"))
    if lost > 0:
        problems += (f"网页有{lost}处字符无法识别，请核对原文",)
    return Decoded(text, name, problems)
