"""The normal form of a text (规范化文本): what two copies of one text have in common, and its digest.

Width, brackets, quotation marks, spaces, line breaks, invisible characters, Markdown and the
glyphs of list numbers fall away; every letter, digit, Han character and sign that carries meaning
stays. 0.5 and 05 differ, 「5」 and "5" do not.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = ["normal_form", "readable", "text_digest", "widths"]

_RULE = re.compile(r"^[ \t]{0,3}\|?[ \t]{0,3}:?-{3,200}:?[ \t|:-]{0,2000}$", re.MULTILINE)
_LEAD = re.compile(
    r"^[ \t\u3000\xa0]{0,40}(?:#{1,6}(?=[ \t\u3000\xa0])|>[> \t]{0,9}|[-*+•●■◆▪◦‣∙·](?=[ \t\xa0\u3000])|(?=\|))",
    re.MULTILINE,
)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\((?:https?:|/|\.{1,2}/|#|mailto:)[^()\s]{0,500}\)")
_TAG = re.compile(r"<(?:br|/?u|/?b|/?sup|/?sub)\s{0,2}/?>", re.I)
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_DASHES = re.compile(r"[-‐‑‒–—―−─━ｰ－﹣]{2,}")
_DOTS = re.compile(r"(?:…|⋯|\.{3}|。{3}|．{3})[….。．⋯]*")
_TIMES = re.compile(r"(?<=[0-9])\*(?=[0-9])")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_POWER = re.compile(rf"(?<=[0-9）)])(?=[{_RAISED}])")
# Keeps the length, so that places in the form can be counted back to the text.
_AFTER_NUMBER = re.compile(r"[、.](?<=[0-9一二三四五六七八九十].)(?![0-9])")

_SAME: dict[str, str] = {
    "()": "()[]〔〕【】〖〗﹝﹞⦅⦆❲❳〘〙",
    "<>": "<>《》〈〉«»‹›≪≫",
}
_ONE: dict[str, str] = {
    '"': "\"“”„‟『』「」〝〞〟＂´`ˋ´‘’‚‛'",
    "-": "-‐‑‒–—―−─━－﹣ｰ",
    "~": "~～〜∼˜",
    ".": ".。．｡﹒",
    ":": ":：∶︰꞉",
    "·": "·•・‧∙⋅●■◆▪◦‣",
    "〇": "〇○◯零",
    "x": "×✕✖",
    ",": ",，﹐",
    ";": ";；﹔",
}
_CIRCLED = {
    **{0x2460 + n: f"({n + 1})" for n in range(20)},
    **{0x24F5 + n: f"({n + 1})" for n in range(10)},
    **{0x2776 + n: f"({n + 1})" for n in range(10)},
    **{0x2780 + n: f"({n + 1})" for n in range(10)},
    **{0x278A + n: f"({n + 1})" for n in range(10)},
    **{0x24EB + n: f"({n + 11})" for n in range(10)},
    **{0x3251 + n: f"({n + 21})" for n in range(15)},
    **{0x32B1 + n: f"({n + 36})" for n in range(15)},
    **{0x3280 + n: f"({char})" for n, char in enumerate("一二三四五六七八九十")},
    0x24EA: "(0)",
}


class _Folding(dict[int, str]):
    """Character by character to the normal form; filled as characters are met."""

    def __init__(self) -> None:
        super().__init__()
        for pair, chars in _SAME.items():
            for number, char in enumerate(chars):
                self[ord(char)] = pair[number % 2]
        for to, chars in _ONE.items():
            self.update(dict.fromkeys(map(ord, chars), to))
        self.update(_CIRCLED)
        self[ord("|")] = self[ord("*")] = self[ord("·")] = ""
        self.update(dict.fromkeys(map(ord, "·•・‧∙⋅●■◆▪◦‣"), ""))

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if kind in ("Zs", "Zl", "Zp", "Cc", "Cf", "Co") or 0xFE00 <= code <= 0xFE0F:
            found = ""
        else:
            wide = unicodedata.normalize("NFKD", char)
            found = wide if wide == char else "".join(self[ord(each)] for each in wide)
        self[code] = found
        return found


_FOLD = _Folding()


def readable(text: str) -> str:
    """Take Markdown off a text (去除标记); what stays is what a reader sees."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "|" in text:
        text = _RULE.sub("", text)
    text = _LEAD.sub("", text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _TAG.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub("", text)
    if any(char in text for char in _RAISED):
        text = _POWER.sub("^", text)
    if "*" in text:
        text = _TIMES.sub("×", text)
    if "…" in text or "..." in text or "。。" in text or "．．" in text:
        text = _DOTS.sub("…", text)
    return _DASHES.sub("—", text)


def normal_form(text: str) -> str:
    r"""The form in which copies of one text are equal (规范形式).

    Takes any text, plain or Markdown, in linear time. Two texts with equal forms say the same.

    >>> normal_form("一、国办发〔2018〕37号，“５％”") == normal_form("一. 国办发[2018] 37号,\n'5%'")
    True
    >>> normal_form("每月60元") == normal_form("每月600元")
    False
    """
    return _AFTER_NUMBER.sub(".", readable(text).translate(_FOLD))


def widths(plain: str) -> list[int]:
    """How many characters of the normal form each character of a :func:`readable` text gives."""
    fold = _FOLD
    return [len(fold[ord(char)]) for char in plain]


def text_digest(text: str) -> str:
    """SHA-256 of the normal form (文本指纹), hexadecimal: equal for copies of one text.

    >>> text_digest("# 第一条 为了规范") == text_digest("第一条　为了规范")
    True
    """
    return hashlib.sha256(normal_form(text).encode("utf-8", "surrogatepass")).hexdigest()
