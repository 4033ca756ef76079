"""DAT: the days of a document agree with each other, with its body and with the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from policylib.checks.framework import Case, Flaw, check, excerpt
from policylib.checks.reading import signature_dates, terms
from policylib.model.vocabulary import DocumentType, Severity

__all__ = [
    "effective_before_written",
    "expires_before_effective",
    "in_the_future",
    "late_release",
    "released_before_written",
    "signature_differs",
    "term_differs",
]

#: 40 days hold 20 working days even across the longest holidays, so more is surely too late.
_SURELY_LATE = timedelta(days=40)
#: 政府信息公开条例 (国务院令第492号) took effect.
_DISCLOSURE_RULES = date(2008, 5, 1)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@check("DAT001", severity=Severity.ERROR, title="发布日期早于成文日期")
def released_before_written(case: Case) -> Iterator[Flaw]:
    """Find a document that was released before it was written.

    成文日期 is the day the text was signed or adopted (党政机关公文处理工作条例,
    中办发〔2012〕14号, 第九条); nothing can be released before it exists. Assessors look for such
    dates first.

    Good: 成文日期 2024-03-01, 发布日期 2024-03-05

    Bad: 成文日期 2024-03-05, 发布日期 2024-03-01
    """
    written, released = case.header.written_on, case.header.released_on
    if written and released and released < written:
        yield Flaw(
            f"发布日期{_day(released)}早于成文日期{_day(written)}",
            "核对签发稿上的成文日期和网页的首次发布日期，改正其中填错的一个",
            "发布日期",
        )


@check("DAT002", severity=Severity.WARNING, title="施行日期早于成文日期")
def effective_before_written(case: Case) -> Iterator[Flaw]:
    """Find a document that takes effect before it was written.

    Rules do not reach back, except to protect citizens' rights and interests better (立法法 第一百
    零四条, 2023). The article speaks of laws down to 规章; policy documents follow it by practice,
    so this asks for an explanation and does not block.

    Good: 成文日期 2024-03-01, 施行日期 2024-04-01

    Bad: 成文日期 2024-03-01, 施行日期 2024-01-01
    """
    written, effective = case.header.written_on, case.header.effective_on
    if written and effective and effective < written:
        yield Flaw(
            f"施行日期{_day(effective)}早于成文日期{_day(written)}，文件将溯及既往",
            "核对施行日期；确需溯及既往的，在起草说明中写明理由，如“为更好保护群众权益，自2024年1月1日起补发”",
            "施行日期",
        )


@check("DAT003", severity=Severity.ERROR, title="有效期止日不晚于施行日期")
def expires_before_effective(case: Case) -> Iterator[Flaw]:
    """Find a period of validity that ends before it begins.

    有效期至 is the last day of force. Where it does not lie after 施行日期 (else 发布日期, else
    成文日期) the document was never in force, whatever its text says.

    Good: 施行日期 2024-04-01, 有效期至 2029-03-31

    Bad: 施行日期 2024-04-01, 有效期至 2024-03-31
    """
    header = case.header
    named = (
        ("施行日期", header.effective_on),
        ("发布日期", header.released_on),
        ("成文日期", header.written_on),
    )
    name, start = next(((name, day) for name, day in named if day), ("", None))
    if start and header.expires_on and header.expires_on <= start:
        yield Flaw(
            f"有效期至{_day(header.expires_on)}，不晚于{name}{_day(start)}",
            "按正文的有效期重新计算最后一日，如自2024年4月1日起施行、有效期5年的，填2029年3月31日",
            "有效期至",
        )


@check("DAT004", severity=Severity.ERROR, title="成文或发布日期在将来")
def in_the_future(case: Case) -> Iterator[Flaw]:
    """Find a 成文日期 or 发布日期 that lies after the day of checking.

    Both name acts that have happened; a day to come is a slip of the pen (next year's, or month
    and day exchanged). 施行日期 may lie ahead.

    Good: 发布日期 2024-03-05, checked on 2024-03-05

    Bad: 发布日期 2042-03-05, checked on 2024-03-05
    """
    named = (("成文日期", case.header.written_on), ("发布日期", case.header.released_on))
    for name, day in named:
        if day and day > case.on:
            yield Flaw(
                f"{name}{_day(day)}晚于检查当日{_day(case.on)}",
                f"核对{name}的年份和月日；尚未签发或发布的，先留空",
                name,
            )


@check("DAT005", severity=Severity.WARNING, title="落款日期与成文日期不一致")
def signature_differs(case: Case) -> Iterator[Flaw]:
    """Find a date under the signature that is not the 成文日期 of the header.

    The date under the 发文机关署名 is the 成文日期 (GB/T 9704-2012, 7.3.5). Where a body has
    several signatures, as a notice that carries another document, one of them must agree.

    Good: 成文日期 2024-03-01; the body ends 某县人民政府 / 2024年3月1日

    Bad: 成文日期 2024-03-01; the body ends 某县人民政府 / 2024年3月11日
    """
    written = case.header.written_on
    if written is None:
        return
    signed = list(signature_dates(case.body))
    if signed and all(day != written for _, day in signed):
        offset, day = signed[0]
        yield Flaw(
            f"正文落款日期是{_day(day)}，文件头的成文日期是{_day(written)}",
            "以签发稿的成文日期为准，改正不一致的一处",
            case.line(offset),
        )


@check("DAT006", severity=Severity.WARNING, title="正文有效期与文件头不一致")
def term_differs(case: Case) -> Iterator[Flaw]:
    """Find a period of validity in the body that the header does not have, or has otherwise.

    Without the last day in the header nobody is warned before the document lapses, and it is shown
    as in force when it is not. A term of N years may end on the eve of the day it began on
    (practice) or on that day (民法典 第二百零一条, 第二百零二条); both are accepted.

    Good: 本办法自2024年7月1日起施行，有效期5年。 and 有效期至 2029-06-30

    Bad: 本办法自2024年7月1日起施行，有效期5年。 and 有效期至 2027-06-30
    """
    if case.header.type is not DocumentType.POLICY:
        return
    header = case.header
    starts = (header.effective_on, header.released_on, header.written_on)
    stated = list(terms(case.body))
    if not stated:
        return
    meant = [(term, term.ends(*starts)) for term in stated]
    last = header.last_day
    if last is None:
        term, ends = meant[-1]
        yield Flaw(
            f"正文写明“{excerpt(term.quote)}”，文件头没有填写有效期至",
            f"补填有效期至{_suggested(ends)}",
            case.where(term.offset),
        )
    elif all(ends and last not in ends for _, ends in meant):
        term, ends = meant[-1]
        yield Flaw(
            f"正文写明“{excerpt(term.quote)}”，文件头的有效期至是{_day(last)}",
            f"核对施行日期和有效期，改正不一致的一处{_suggested(ends)}",
            case.where(term.offset),
        )


def _suggested(ends: tuple[date, ...]) -> str:
    if not ends:
        return "，如自2024年7月1日起施行、有效期5年的，填2029年6月30日"
    return f"，按正文应为{_day(ends[0])}" + (f"或{_day(ends[1])}" if len(ends) > 1 else "")


@check("DAT007", severity=Severity.WARNING, title="公开超过20个工作日")
def late_release(case: Case) -> Iterator[Flaw]:
    """Find a document released more than 20 working days after it was written.

    主动公开 is due within 20 working days of 形成或者变更 (政府信息公开条例, 国务院令第711号,
    第二十六条; before 2019-05-15 第十八条 of 国务院令第492号). Counted here without a calendar of
    working days: only more than 40 days, which no holiday explains, is reported.

    Good: 成文日期 2024-03-01, 发布日期 2024-03-20

    Bad: 成文日期 2024-03-01, 发布日期 2024-06-03
    """
    written, released = case.header.written_on, case.header.released_on
    if written is None or released is None or case.header.type is not DocumentType.POLICY:
        return
    if written >= _DISCLOSURE_RULES and released - written > _SURELY_LATE:
        yield Flaw(
            f"成文日期{_day(written)}，{_day(released)}才发布，相隔{(released - written).days}天，"
            "超过20个工作日的公开期限",
            "核对两个日期；确属迟发的，在台账中说明原因，如“经审查由不予公开转为主动公开”",
            "发布日期",
        )
