"""A government web page as a value (网页): header fields, text, attachments, links, what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from policylib.errors import ParseError
from policylib.model.vocabulary import Validity
from policylib.pages.charset import Decoded, decode
from policylib.pages.column import Column, read_column
from policylib.pages.content import Content, find_content, is_attachment, markdown
from policylib.pages.dom import Dom
from policylib.pages.heading import Fields, head_number, opening, page_title, read_fields
from policylib.pages.labels import Hit, find_hits
from policylib.pages.markup import read_markup
from policylib.pages.origin import origin

__all__ = ["Attachment", "Link", "Page", "PageHeader", "read_page"]

_LARGEST = 32_000_000
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_UNSAFE = re.compile(r"\s*(?:javascript|vbscript|data|about|mailto|tel):", re.I)
_NAME_LABEL = re.compile(r"\s*(?:附件下载|下载附件|点击下载|下载|点击此处下载)[:：]?\s*")


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words, and its address, absolute where the page's own address is known."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download with the document (附件)."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class PageHeader:
    """The header of a page (文件头), under the keys of :class:`~policylib.model.document.Header`.

    ``released_at`` is 发布时间 with its hour as the page has it, in ISO 8601; ``publisher`` is the
    organ the page belongs to, where the page names it beside the issuers. ``validity_label`` is the
    word on the page, ``validity`` what it means, None when it is not a known word.
    """

    title: str = ""
    doc_number: str | None = None
    registration_number: str | None = None
    index_number: str | None = None
    issuers: tuple[str, ...] = ()
    publisher: str | None = None
    drafter: str | None = None
    kind: str | None = None
    category: str | None = None
    themes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    disclosure: str | None = None
    source: str | None = None
    source_url: str | None = None
    contact: str | None = None
    written_on: date | None = None
    released_on: date | None = None
    released_at: str | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    term: str | None = None
    validity: Validity | None = None
    validity_label: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read (已读网页).

    ``body`` is Markdown without the furniture of the site; ``links`` are those of the document, not of
    the site; ``source_link`` leads to where the page says it comes from (原文链接). ``problems`` are
    Chinese sentences on what is wrong with the page itself. A page that lists documents has a
    ``column``.
    """

    url: str | None
    charset: str
    header: PageHeader
    body: str
    attachments: tuple[Attachment, ...] = ()
    links: tuple[Link, ...] = ()
    source_link: Link | None = None
    problems: tuple[str, ...] = ()
    column: Column | None = None

    @property
    def title(self) -> str:
        """The title of the document on the page."""
        return self.header.title

    def as_dict(self) -> dict[str, Any]:
        """The page as JSON: header keys on the top level, days as ISO text, unset keys null."""
        found: dict[str, Any] = {"url": self.url, "charset": self.charset}
        for key in fields(self.header):
            value = getattr(self.header, key.name)
            if isinstance(value, date):
                value = value.isoformat()
            found[key.name] = list(value) if isinstance(value, tuple) else value
        found["validity"] = str(self.header.validity) if self.header.validity else None
        found["body"] = self.body
        found["attachments"] = [{"name": a.name, "href": a.href} for a in self.attachments]
        found["links"] = [{"text": a.text, "href": a.href} for a in self.links]
        link = self.source_link
        found["source_link"] = {"text": link.text, "href": link.href} if link else None
        found["problems"] = list(self.problems)
        return found


def read_page(page: bytes | str, *, url: str | None = None, charset: str | None = None) -> Page:
    """Read a government web page (读取政府网页).

    Args:
        page: the page as it came, or its text. Damaged markup is read as far as it goes.
        url: the address of the page; with it links become absolute.
        charset: what the HTTP header says of the encoding, e.g. ``text/html; charset=gbk``.

    Raises:
        ParseError: there is no text in it, or it is larger than 32 MB.

    """
    if len(page) > _LARGEST:
        raise ParseError("网页超过32MB，不能识别，请确认是否为网页文件")
    got = decode(page, charset) if isinstance(page, bytes) else Decoded(page, "unicode")
    dom = read_markup(_SURROGATES.sub("\ufffd", got.text))
    if not dom.lines:
        raise ParseError("网页中没有文字，请确认网页内容是否由脚本生成，或者文件是否完整")
    content = find_content(dom, find_hits(dom))
    read = read_fields(content.accepted)
    title = page_title(dom, content, read)
    kept = _without_title(dom, content, title)
    header = _header(dom, read, title, [dom.lines[n].text for n in opening(dom, content)])
    link, address = origin(dom, content, header, url)
    if address:
        header = replace(header, source_url=address)
    body = markdown(dom, kept, content.tables)
    refers = bool(link and address)
    problems = (*got.problems, *read.problems, *_problems(header, body, dom, refers=refers))
    return Page(
        url,
        got.charset,
        header,
        body,
        _attachments(dom, content, url),
        _links(dom, content, url),
        Link(*link) if link else None,
        problems,
        _column(dom, content, header),
    )


def _column(dom: Dom, content: Content, header: PageHeader) -> Column | None:
    """The column that a page lists; what has a number or a day of its own is a document."""
    if header.doc_number or header.index_number or header.written_on or header.validity:
        return None
    prose = sum(bool(re.search("[。；]", dom.lines[n].text)) for n in content.lines)
    return read_column(dom, content.outer, prose=prose)


def _header(dom: Dom, read: Fields, title: str, first: list[str]) -> PageHeader:
    values = dict(read.values)
    if not values.get("doc_number"):
        values["doc_number"] = head_number(first, title)
    meta = dom.meta
    if "articletitle" in meta:
        if "source" not in values and meta.get("contentsource"):
            values["source"] = meta["contentsource"]
        if "released_on" not in values and meta.get("pubdate"):
            values |= read_fields([Hit("released_on", "发布日期", meta["pubdate"], 0, 0)]).values
    return PageHeader(title=title, **values)


def _without_title(dom: Dom, content: Content, title: str) -> tuple[int, ...]:
    """Leave out a page's own heading: the title as ``h1`` above the text."""
    kept = content.lines
    if not kept:
        return kept
    line = dom.lines[kept[0]]
    same = re.sub(r"\s", "", line.text) == re.sub(r"\s", "", title)
    return kept[1:] if same and line.level else kept


def _problems(header: PageHeader, body: str, dom: Dom, *, refers: bool) -> list[str]:
    found = []
    if not header.title:
        found.append("没有找到标题，请核对网页")
    if not body.strip() and not refers:  # a page may lead to the text instead of having it
        hint = "，正文可能在隐藏的区域或附件中" if dom.hidden else "，可能只有附件或图片"
        found.append(f"没有找到正文{hint}，请核对网页")
    if "\ufffd" in header.title:
        found.append("标题有乱码，请核对网页编码")
    return found


def _absolute(href: str, url: str | None) -> str | None:
    """The address a link leads to; None for scripts, mail and places in the page itself."""
    href = href.strip()
    if not href or href.startswith("#") or _UNSAFE.match(href):
        return None
    if not url:
        return href
    try:
        whole = urljoin(url, href)
    except ValueError:
        return href
    return None if whole.partition("#")[0] == url.partition("#")[0] and "#" in href else whole


def _attachments(dom: Dom, content: Content, url: str | None) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for number, line in enumerate(dom.lines):
        if content.outer[number]:
            continue
        for anchor in line.anchors:
            href = _absolute(anchor.href, url) if is_attachment(anchor) else None
            if href and href not in found:
                found[href] = Attachment(_file_name(anchor.text, anchor.title, href), href)
    return tuple(found.values())


def _file_name(text: str, title: str, href: str) -> str:
    """What a file is called: by the words of the link, its title, or the end of its address."""
    name = _NAME_LABEL.sub("", text) or _NAME_LABEL.sub("", title)
    if name:
        return name
    try:
        return unquote(urlsplit(href).path.rsplit("/", 1)[-1]) or href
    except ValueError:
        return href


def _links(dom: Dom, content: Content, url: str | None) -> tuple[Link, ...]:
    """The links in the text and around it, but not those of the site."""
    region = _region(dom, content)
    found: dict[tuple[str, str], Link] = {}
    for number in range(region[0], region[1]):
        if content.outer[number]:
            continue
        for anchor in dom.lines[number].anchors:
            href = _absolute(anchor.href, url)
            if href and not is_attachment(anchor):
                link = Link(anchor.text or anchor.title, href)
                found.setdefault((link.text, link.href), link)
    return tuple(found.values())


def _region(dom: Dom, content: Content) -> tuple[int, int]:
    """The block around the text and the header of the page."""
    here = dom.elements[content.root]
    first = min((hit.first for hit in content.accepted), default=here.first)
    first = min(first, here.first)
    for number in dom.ancestors(content.root):
        block = dom.elements[number]
        if block.first <= first:
            return block.first, block.last
    return 0, len(dom.lines)
