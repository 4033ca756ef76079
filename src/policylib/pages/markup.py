"""Markup to tags (读取标记).

A reader of its own, because pages come damaged and hostile: one pass, each character looked at
once, elements nested too deep are flattened. Parsers by the HTML standard take quadratic time on
unclosed elements.
"""

from __future__ import annotations

import html
import re

from policylib.pages.builder import Builder, tidy
from policylib.pages.dom import Dom, words

__all__ = ["read_markup"]

_NO_NAME = re.compile(r"""[\s/]++|.""", re.DOTALL)
_NAME = re.compile(r"<(/?)([A-Za-z][^\s/><]{0,60})")
_ATTRIBUTE = re.compile(r"""([^\s/>=<"'][^\s/>=<]*+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>]*+))?""")
_RAW = words("script style iframe noembed noframes xmp textarea title")
_KEPT = words("class content download href http-equiv hidden id name property rel style title type")
_HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")


def read_markup(text: str) -> Dom:
    """Read the markup of a page (读取网页标记): any text gives a :class:`Dom`, in linear time."""
    builder = Builder()
    never: set[str] = set()  # what is not found from here to the end need not be looked for again
    at = 0
    while True:
        tag_at = text.find("<", at)
        if tag_at < 0:
            builder.text(text[at:])
            return builder.finish()
        if tag_at > at:
            builder.text(text[at:tag_at])
        match = _NAME.match(text, tag_at)
        if match is None:
            at = _not_a_tag(text, tag_at, builder, never)
            continue
        name = match[2].lower()
        attributes, at = _attributes(text, match.end())
        if match[1]:
            builder.end(name)
            continue
        if name in _RAW:
            at = _raw(text, at, name, builder, never)
            continue
        builder.start(name, attributes)


def _not_a_tag(text: str, at: int, builder: Builder, never: set[str]) -> int:
    """Pass over a comment, a declaration or a stray ``<``; give where to go on."""
    if text.startswith("<!--", at) and "-->" not in never:
        end = text.find("-->", at + 4)
        if end >= 0:
            return end + 3
        never.add("-->")
    if text.startswith(("<!", "<?", "</"), at) and ">" not in never:
        end = text.find(">", at)
        if end >= 0:
            return end + 1
        never.add(">")
    builder.text("<")
    return at + 1


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes that matter, and where the tag ends; a missing ``>`` is supplied."""
    found: dict[str, str] = {}
    size = len(text)
    while at < size:
        char = text[at]
        if char == ">":
            return found, at + 1
        if char == "<":
            return found, at
        match = _ATTRIBUTE.match(text, at)
        if match is None:
            at = _NO_NAME.match(text, at).end()  # type: ignore[union-attr]
            continue
        name = match[1].lower()
        if name in _KEPT and name not in found:
            value = match[2] or ""
            if value[:1] in ("'", '"') and len(value) > 1 and value[-1] == value[0]:
                value = value[1:-1]
            value = value[:4000]
            found[name] = html.unescape(_HUGE_REFERENCE.sub("", value)) if "&" in value else value
        at = match.end()
    return found, size


def _raw(text: str, at: int, name: str, builder: Builder, never: set[str]) -> int:
    """Pass over an element whose content is no markup; keep the page's ``<title>``."""
    end = -1
    if name not in never:
        match = re.compile(rf"</{name}(?=[\s/>])", re.I).search(text, at)
        end = match.start() if match else -1
    if end < 0:
        never.add(name)
        return at if name in ("title", "textarea") else len(text)
    if name == "title" and not builder.dom.title:
        builder.dom.title = tidy(html.unescape(_HUGE_REFERENCE.sub("", text[at:end][:2000])))
    close = text.find(">", end)
    return close + 1 if close >= 0 else len(text)
