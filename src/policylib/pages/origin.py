"""Where a page says it comes from (原文链接): the link to the source, labelled or plain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from policylib.pages.content import Content, is_attachment
from policylib.pages.dom import Anchor, Dom, Line

if TYPE_CHECKING:
    from policylib.pages.page import PageHeader

__all__ = ["origin"]

_ORIGIN_TEXT = re.compile(
    r"(?:查看|阅读|点击查看|点击阅读|浏览|政策|文件|转载|来源)?原文(?:链接|地址|网址|出处)?|原链接|来源链接|文件链接|权威(?:发布|文本|版本|文件)|"
    r"(?:政策|行政)?规?范?性?文件库|规章库|(?:转载自|转自|来源|引自)[:：]"
)
_ORIGIN_LABEL = re.compile(
    r"(?:原文(?:链接|地址|网址|出处)?|原链接|来源(?:链接|网址|地址)?|信息来源|文章来源|转载自|转自|引自|摘自|出处|链接地址|文件链接|权威(?:发布|文本|版本|文件))"
    r"[\s\x1f]{0,4}[:：]?[\s\x1f（(【\[]{0,4}\Z"
)
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.\-]{3,100}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~!$&'*+,;=:@%/?#\[\]()-]{0,500})?"
)
_LONGEST = 400


def origin(
    dom: Dom, content: Content, header: PageHeader, url: str | None
) -> tuple[tuple[str, str] | None, str | None]:
    """The link to the source, as words and address, and the address alone where it is usable.

    The first is given for a dead link (``#``, a script, nothing) as well, with what the page has.
    """
    dead: tuple[str, str] | None = None
    for number, line in enumerate(dom.lines):
        if content.outer[number] or len(line.text) > _LONGEST:
            continue
        for anchor in line.anchors:
            if is_attachment(anchor) or not _says_origin(line, anchor, header):
                continue
            href = anchor.href.strip()
            if (
                not href
                or href.startswith("#")
                or href.lower().startswith(("javascript:", "about:"))
            ):
                dead = dead or (anchor.text, href)
                continue
            return (anchor.text, _join(url, href)), _join(url, href)
        plain = _ADDRESS.search(line.text) if not line.anchors else None
        if plain and _ORIGIN_LABEL.search(line.text[: plain.start()]):
            return (plain[0], plain[0]), plain[0]
    return dead, None


def _says_origin(line: Line, anchor: Anchor, header: PageHeader) -> bool:
    text = anchor.text.strip("[]【】（）()《》 ")
    if not text:
        return False
    if len(text) <= 30 and _ORIGIN_TEXT.match(text):
        return True
    at = line.text.find(anchor.text)
    if at > 0 and _ORIGIN_LABEL.search(line.text[max(0, at - 24) : at]):
        return True
    if len(line.text) - len(anchor.text) > 12:
        return False
    return text == (header.doc_number or "") or (len(text) > 8 and text == header.title)


def _join(url: str | None, href: str) -> str:
    try:
        return urljoin(url, href) if url else href
    except ValueError:
        return href
