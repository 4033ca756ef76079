"""Links of a page (原文链接与死链错链): to the authority, to nowhere, to something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from policylib.model.document import number_key
from policylib.model.vocabulary import Severity
from policylib.pages.page import Link, Page
from policylib.pages.source import Drift, DriftCode, Source, Target, title_form
from policylib.text.docnumber import DocNumber

__all__ = ["check_links", "check_origin", "same_address"]

_DEAD = ("", "#", "javascript:", "about:", "void(")
_TITLES = re.compile(r"《([^《》]{4,200}(?:《[^《》]{1,200}》[^《》]{0,100})?)》")


def same_address(one: str, other: str) -> bool:
    """Whether two addresses lead to one place: scheme, fragment, case of the host aside.

    >>> same_address("http://A.gov.cn:80/x/#top", "https://a.gov.cn/x")
    True
    """
    return _address(one) == _address(other)


def _address(text: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return "", text.strip(), ""
    path = unquote(parts.path).rstrip("/")
    return host, re.sub(r"/(?:index|default)\.s?html?\Z", "", path), parts.query


def _is_dead(href: str) -> bool:
    plain = href.strip().lower()
    return plain in _DEAD or plain.startswith(("#", "javascript:", "about:", "void("))


def check_origin(page: Page, source: Source) -> Iterator[Drift]:
    """Whether a page links to where its authority has the document (原文链接核查)."""
    named = page.source_link
    hrefs = [link.href for link in page.links]
    if page.header.source_url:
        hrefs.append(page.header.source_url)
    known = {_address(address) for address in source.addresses}
    if known and any(_address(href) in known for href in hrefs):
        return
    first = source.addresses[0] if source.addresses else None
    fix = f"改为链接到 {first}" if first else "改为有效的链接"
    if named and _is_dead(named.href):
        yield Drift(
            DriftCode.DEAD_LINK,
            Severity.ERROR,
            f"链接“{named.text}”没有地址，点不开",
            fix,
            first,
            named.href,
        )
    elif not known:
        return
    elif named:
        yield Drift(
            DriftCode.LINK_ELSEWHERE,
            Severity.ERROR,
            f"原文链接指向 {named.href}，不是权威文件库中的地址",
            fix,
            first,
            named.href,
        )
    else:
        yield Drift(
            DriftCode.NO_LINK,
            Severity.ERROR,
            "页面没有链接到权威文件库",
            f"加上原文链接 {first}",
            first,
        )


def check_links(page: Page, targets: Mapping[str, Target | None]) -> tuple[Drift, ...]:
    """Dead and wrong links of a page (死链错链), by what is known of where they lead.

    ``targets`` has an entry for each address that was looked at: what stands there, None where nothing
    does. A link is wrong when its words name a 文号 or a 《title》 that the target does not have.
    """
    found = []
    links = dict.fromkeys((*page.links, *([page.source_link] if page.source_link else [])))
    for link in links:
        if link.href not in targets:
            continue
        target = targets[link.href]
        if target is None:
            message = f"链接“{link.text}”是死链：{link.href}"
            fix = "更正地址或删除链接"
            found.append(Drift(DriftCode.DEAD_LINK, Severity.ERROR, message, fix, None, link.href))
            continue
        wrong = _wrong(link, target)
        if wrong:
            name = f"《{target.title}》{target.doc_number or ''}"
            message = f"链接的文字是“{wrong}”，打开的却是{name}"
            fix = "更正链接的地址或文字"
            found.append(Drift(DriftCode.WRONG_LINK, Severity.ERROR, message, fix, wrong, name))
    return tuple(found)


def _wrong(link: Link, target: Target) -> str | None:
    """The words of a link that its target does not bear out."""
    text = link.text[:500]
    numbers = [str(number) for _, number in DocNumber.find(text)]
    if numbers and target.doc_number:
        key = number_key(target.doc_number)
        if all(number_key(number) != key for number in numbers):
            return numbers[0]
        return None
    right = title_form(target.title)
    named = [title_form(title) for title in _TITLES.findall(text)]
    if named:
        return None if any(name in right or right in name for name in named) else text
    whole = title_form(text)
    if len(whole) >= 12 and re.search(
        r"关于|的(?:通知|意见|决定|批复|通告|公告)\Z|办法|规定|细则", whole
    ):
        return None if whole in right or right in whole else text
    return None
