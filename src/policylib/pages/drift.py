"""Comparing a page with its authoritative source (同源核查): what has drifted, and how to mend it.

国办发〔2017〕47号 asks for one source and for marks on what has ended; counties ask that reposts
link to the authoritative library. What is found is a value with a code, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from policylib.model.document import Header, number_key
from policylib.model.vocabulary import ENDED, Severity, Validity
from policylib.pages.linking import check_links, check_origin, same_address
from policylib.pages.normal import normal_form
from policylib.pages.page import Page
from policylib.pages.sametext import check_text
from policylib.pages.source import Drift, DriftCode, Source, Target, title_form

__all__ = ["compare_page"]


def compare_page(
    page: Page,
    source: Source | None,
    *,
    on: date,
    targets: Mapping[str, Target | None] | None = None,
) -> tuple[Drift, ...]:
    """Compare a page with its source as it stands on a day (同源比对); nothing found, nothing drifted.

    Dirty copies are copies: width, spaces, quotation marks, brackets, line breaks, chrome and the
    glyphs of list numbers do not count. ``source`` None says that the library has no such document.
    ``targets`` tells what stands where links lead, None for a dead address.
    """
    if source is None:
        return (
            Drift(
                DriftCode.UNKNOWN_SOURCE,
                Severity.WARNING,
                f"权威文件库中没有找到“{page.title or page.url or '这个页面'}”",
                "核对标题和文号；确为有效文件的，先录入权威文件库，再由页面链接",
                found=page.header.doc_number or page.title,
            ),
        )
    own = bool(page.url) and any(same_address(page.url or "", a) for a in source.addresses)
    found = [
        *_header(page, source),
        *_validity(page, source, on),
        *(() if own else check_origin(page, source)),
        *check_links(page, targets or {}),
        *check_text(page, source, own=own),
    ]
    return tuple(sorted(found, key=lambda drift: drift.code))


def _header(page: Page, source: Source) -> Iterator[Drift]:
    ours, theirs = page.header, source.header
    if ours.title and not _same_title(ours.title, theirs):
        yield _differs(DriftCode.TITLE, "标题", theirs.title, ours.title)
    if ours.doc_number and theirs.doc_number:
        if number_key(ours.doc_number) != number_key(theirs.doc_number):
            yield _differs(DriftCode.NUMBER, "发文字号", theirs.doc_number, ours.doc_number)
    elif ours.doc_number:
        yield _differs(DriftCode.NUMBER, "发文字号", "（没有文号）", ours.doc_number)
    days = (
        ("成文日期", theirs.written_on, ours.written_on),
        ("施行日期", theirs.effective_on, ours.effective_on),
        ("有效期至", theirs.last_day, ours.expires_on),
    )
    for name, right, seen in days:
        if right and seen and right != seen:
            yield _differs(DriftCode.DATE, name, right.isoformat(), seen.isoformat())
    if theirs.written_on and ours.released_on and ours.released_on < theirs.written_on:
        yield Drift(
            DriftCode.DATE,
            Severity.WARNING,
            f"页面的发布日期{ours.released_on.isoformat()}早于成文日期{theirs.written_on.isoformat()}",
            "核对页面的发布日期",
            theirs.written_on.isoformat(),
            ours.released_on.isoformat(),
        )
    named = ours.issuers if ours.publisher is None or len(ours.issuers) > 1 else ()
    if not ours.publisher or ours.publisher not in ours.issuers:
        named = ours.issuers
    if named and theirs.issuers and not _same_organs(named, theirs.issuers):
        yield _differs(DriftCode.ISSUER, "发文机关", "、".join(theirs.issuers), "、".join(named))


def _differs(code: DriftCode, name: str, expected: str, found: str) -> Drift:
    return Drift(
        code,
        Severity.ERROR,
        f"{name}与权威文本不一致：权威文本为“{expected}”，页面为“{found}”",
        f"按权威文本更正{name}",
        expected,
        found,
    )


def _same_title(title: str, header: Header) -> bool:
    """Equal but for marks, a column's 【…】, and the issuer's name left out at the head."""
    ours, theirs = title_form(title), title_form(header.title)
    if ours == theirs:
        return True
    heads = {normal_form("".join(header.issuers)), *(normal_form(i) for i in header.issuers)}
    heads.add(normal_form("、".join(header.issuers)))
    return any(head and theirs == head + ours for head in heads)


def _same_organs(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    one = sorted(normal_form(name) for name in ours)
    other = sorted(normal_form(name) for name in theirs)
    return len(one) == len(other) and all(
        a == b or (len(a) > 2 and b.endswith(a)) or (len(b) > 2 and a.endswith(b))
        for a, b in zip(one, other, strict=True)
    )


def _validity(page: Page, source: Source, on: date) -> Iterator[Drift]:
    seen, right = page.header.validity, source.validity
    day = on.isoformat()
    if seen is None:
        if right in ENDED:
            yield Drift(
                DriftCode.UNMARKED,
                Severity.ERROR,
                f"文件至{day}已{_ended_word(right)}，页面没有标注",
                f"在页面上标注“{right}”（国办发〔2017〕47号）",
                str(right),
            )
        return
    if seen is right:
        return
    both_ended = seen in ENDED and right in ENDED
    yield Drift(
        DriftCode.VALIDITY,
        Severity.HINT if both_ended else Severity.ERROR,
        f"页面标注“{page.header.validity_label or seen}”，权威文件库至{day}为“{right}”",
        f"把页面的有效性改为“{right}”",
        str(right),
        page.header.validity_label or str(seen),
    )


def _ended_word(validity: Validity) -> str:
    return "被撤销" if validity is Validity.REVOKED else str(validity)
