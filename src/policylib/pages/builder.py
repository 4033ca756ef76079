"""Tags and text to lines (网页成行): what a browser makes of them, without the parts not shown."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from policylib.pages.dom import Anchor, Cell, Dom, Element, Line, words

__all__ = ["Builder", "tidy"]

#: Stands in :attr:`Line.marked` where an inline element begins or ends.
_EDGE = "\x1f"
_AROUND = " \x1f"
_DEEPEST = 400
_LONGEST_LINK = 4
_SPACES = re.compile(r" ?\n[ \n]*+")
_BLANKS = re.compile(r"[ \t\f\v\r\xa0\u2002-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1e\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]"
)
_HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_HIDING = re.compile(
    r"display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden|mso-hide\s{0,4}:\s{0,4}all", re.I
)
_HIDDEN = frozenset(("hide", "hidden", "d-none", "none", "sr-only", "visually-hidden", "invisible"))

_VOID = words("area base basefont br col embed frame hr img input link meta param source track wbr")
_DROPPED = words(
    "script style iframe noembed noframes noscript textarea template svg math canvas object "
    "video audio select datalist button xml map"
)
_INLINE = words(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark nobr q s "
    "samp small span strike strong sub sup tt u var ruby rb rt rp time data wbr o:p w:sdt "
    "v:shape st1:chsdate"
)
_EDGED = words("a b big em font i label small span strong u")
_TABLE_PARTS = words("table tbody thead tfoot tr td th caption colgroup")
_CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "menu"))),
    "dt": (frozenset(("dt", "dd")), frozenset(("dl",))),
    "dd": (frozenset(("dt", "dd")), frozenset(("dl",))),
    "option": (frozenset(("option",)), frozenset(("select",))),
    "tr": (frozenset(("tr", "td", "th", "caption")), frozenset(("table",))),
    "td": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    "th": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    "tbody": (
        frozenset(("tbody", "thead", "tfoot", "tr", "td", "th", "caption")),
        frozenset(("table",)),
    ),
}
_CLOSES |= dict.fromkeys(("thead", "tfoot"), _CLOSES["tbody"])
_HEADING = re.compile(r"h[1-6]\Z")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class _Open:
    """An element on the stack; ``element`` is -1 for inline ones."""

    tag: str
    element: int


class Builder:
    """Takes tags and text in order, and makes lines of them."""

    def __init__(self) -> None:
        self.dom = Dom()
        self.stack: list[_Open] = []
        self.blocks = [0]
        self.too_deep = 0
        self.skipping = 0  # the height of the stack at which a dropped element began, or 0
        self.parts: list[str] = []
        self.anchors: list[Anchor] = []
        self.anchor: tuple[str, str, bool] | None = None
        self.anchor_parts: list[str] = []
        self.anchor_lines = 0
        self.tables: list[list[int]] = []  # of each open table: its element, row and column
        self.lists: list[int] = []  # of each open list: the next number, or -1 for bullets
        self.bullet = ""
        self.level = 0
        self.pre = 0
        self.raised = 0
        self.dom.elements.append(Element("body", "", -1, 0))

    # -- text -------------------------------------------------------------------------------

    def text(self, text: str) -> None:
        """Take a stretch of text, with its references (``&nbsp;``) still in it."""
        if self.skipping or not text:
            return
        if "&" in text:
            text = html.unescape(_HUGE_REFERENCE.sub("\ufffd", text))
        if self.raised and text.strip().isdigit() and text.isascii():
            text = text.strip().translate(_SUPERSCRIPT)
        if self.pre and "\n" in text:
            for number, part in enumerate(text.split("\n")):
                if number:
                    self._flush()
                self._add(part)
            return
        self._add(text)

    def _add(self, text: str) -> None:
        self.parts.append(text)
        if self.anchor is not None:
            self.anchor_parts.append(text)

    def _edge(self) -> None:
        if self.parts and self.parts[-1] != _EDGE:
            self.parts.append(_EDGE)

    def _flush(self) -> None:
        """End the line."""
        if not self.parts:
            return
        marked = tidy("".join(self.parts))
        self.parts.clear()
        self._end_anchor(again=True)
        text = _BLANKS.sub(" ", marked.replace(_EDGE, "")).strip() if _EDGE in marked else marked
        anchors = tuple(self.anchors)
        self.anchors.clear()
        if not text and not anchors:
            return
        cell = Cell(*self.tables[-1]) if self.tables and self.tables[-1][2] >= 0 else None
        level, bullet = self.level, self.bullet
        self.bullet = ""
        self.dom.lines.append(Line(text, marked, self.blocks[-1], anchors, cell, level, bullet))

    def _end_anchor(self, *, again: bool = False) -> None:
        if self.anchor is None:
            return
        text = tidy("".join(self.anchor_parts))
        self.anchor_parts.clear()
        href, title, download = self.anchor
        if text or (title and not again):
            self.anchors.append(Anchor(text, href, title, download))
        self.anchor_lines += 1
        if not again or self.anchor_lines > _LONGEST_LINK:
            self.anchor = None  # a link over many lines was never closed

    # -- elements ---------------------------------------------------------------------------

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a start tag."""
        if tag in _VOID:
            self._void(tag, attributes)
            return
        if tag in ("html", "body"):
            return
        self._close_implied(tag)
        if len(self.stack) >= _DEEPEST:
            self.too_deep += 1
            if tag not in _INLINE:
                self._flush()
            return
        hidden = _is_hidden(attributes) if attributes else False
        inline = tag in _INLINE
        self.stack.append(_Open(tag, -1))
        if self.skipping:
            return
        if hidden or tag in _DROPPED:
            self.dom.hidden = self.dom.hidden or hidden
            self.skipping = len(self.stack)
            if not inline:
                self._flush()
            return
        if inline:
            self._start_inline(tag, attributes)
        else:
            self._flush()
            self._start_block(tag)
        if not inline or "id" in attributes:
            element = len(self.dom.elements)
            names = f"{attributes.get('id', '')} {attributes.get('class', '')}".strip().lower()
            here = Element(tag, names[:300], self.blocks[-1], len(self.dom.lines))
            self.dom.elements.append(here)
            self.blocks.append(element)
            self.stack[-1].element = element
            if tag == "table":
                self.tables.append([element, -1, -1])

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "meta":
            name = attributes.get("name") or attributes.get("property") or ""
            if name and attributes.get("content"):
                self.dom.meta.setdefault(name.lower(), tidy(attributes["content"])[:500])
        elif tag == "link":
            if attributes.get("rel", "").lower() == "canonical":
                self.dom.canonical = attributes.get("href", "").strip()
        elif not self.skipping:
            if tag in ("br", "hr"):
                self._flush()
            elif tag == "img":
                self._edge()

    def _start_inline(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _EDGED:
            self._edge()
        if tag == "sup":
            self.raised += 1
        if tag == "a":
            self._end_anchor()
            href = attributes.get("href", "").strip()
            self.anchor_lines = 0
            self.anchor = (href, tidy(attributes.get("title", "")), "download" in attributes)

    def _start_block(self, tag: str) -> None:
        if _HEADING.match(tag):
            self.level = int(tag[1])
        elif tag == "tr" and self.tables:
            self.tables[-1][1] += 1
            self.tables[-1][2] = -1
        elif tag in ("td", "th") and self.tables:
            self.tables[-1][1] = max(self.tables[-1][1], 0)
            self.tables[-1][2] += 1
        elif tag in ("ul", "ol", "menu"):
            self.lists.append(1 if tag == "ol" else -1)
        elif tag == "li" and self.lists:
            number = self.lists[-1]
            self.bullet = "- " if number < 0 else f"{number}. "
            self.lists[-1] += number > 0
        elif tag == "pre":
            self.pre += 1

    def _close_implied(self, tag: str) -> None:
        """Close what a start tag ends: ``<li>`` another ``<li>``, a block the ``<p>`` around it."""
        rule = _CLOSES.get(tag)
        if rule:
            ends, bounds = rule
            at = -1
            for place in range(len(self.stack) - 1, -1, -1):
                if self.stack[place].tag in bounds:
                    break
                if self.stack[place].tag in ends:
                    at = place
            self._pop_to(at)
            return
        if tag in _INLINE:
            return
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place].tag == "p":
                self._pop_to(place)
                return
            if self.stack[place].tag not in _INLINE:
                return

    def end(self, tag: str) -> None:
        """Take an end tag; one that ends nothing only ends the line."""
        if tag in ("html", "body"):
            return
        if self.too_deep:
            self.too_deep -= 1
            return
        if tag == "br":
            self._flush()
            return
        inline = tag in _INLINE
        for place in range(len(self.stack) - 1, -1, -1):
            open_tag = self.stack[place].tag
            if open_tag == tag or (_HEADING.match(tag) and _HEADING.match(open_tag)):
                self._pop_to(place)
                return
            if inline and open_tag not in _INLINE:
                return
            if tag in _TABLE_PARTS and tag != "table":
                if open_tag == "table":
                    return
            elif open_tag in _TABLE_PARTS and tag != "table":
                return
        if not inline and not self.skipping:
            self._flush()

    def _pop_to(self, place: int) -> None:
        """Close elements until the stack is as high as ``place``; nothing for -1."""
        if place < 0:
            return
        while len(self.stack) > place:
            self._pop()

    def _pop(self) -> None:
        height = len(self.stack)
        opened = self.stack.pop()
        if self.skipping:
            if height == self.skipping:
                self.skipping = 0
            return
        tag = opened.tag
        if tag in _INLINE:
            if tag == "a":
                self._end_anchor()
            if tag == "sup":
                self.raised -= 1
            if tag in _EDGED:
                self._edge()
        else:
            self._flush()
            self.bullet = "" if tag == "li" else self.bullet
            self.level = 0 if _HEADING.match(tag) else self.level
            if tag == "pre":
                self.pre -= 1
            elif tag == "table" and self.tables:
                self.tables.pop()
            elif tag in ("ul", "ol", "menu") and self.lists:
                self.lists.pop()
        if opened.element >= 0:
            if tag in _INLINE:
                self._flush()
            self.blocks.pop()
            self.dom.elements[opened.element].last = len(self.dom.lines)

    def finish(self) -> Dom:
        """Close what is open and give the page."""
        self.skipping = 0 if not self.stack else self.skipping
        while self.stack:
            self._pop()
        self._flush()
        self.dom.elements[0].last = len(self.dom.lines)
        return self.dom


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = attributes.get("style")
    if style and _HIDING.search(style[:1000]):
        return True
    if "hidden" in attributes or attributes.get("type") == "hidden":
        return True
    return not _HIDDEN.isdisjoint(attributes.get("class", "").lower().split())


def tidy(text: str) -> str:
    """Join broken lines and close up blanks, as a browser shows them (整理空白).

    A line break between Han characters is no blank.
    """
    text = _INVISIBLE.sub("", text)
    if "\n" in text or "\r" in text:
        text = _BLANKS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = _BREAK.sub("", _SPACES.sub("\n", text)).replace("\n", " ")
    return _BLANKS.sub(" ", text).strip(_AROUND)


_BREAK = re.compile(r"(?<=[^\x00-\xff])\n(?=[^\x00-\xff])")
