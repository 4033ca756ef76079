"""The table of all checks, and running them.

To add a check is to write a function and add a line here; to see them all is to read one screen.
"""

from __future__ import annotations

from collections.abc import Iterable

from policylib.checks import (
    citations,
    consultation,
    dates,
    header,
    identity,
    interpretation,
    measures,
    numbering,
    references,
    text,
)
from policylib.checks.framework import Case, Check, excerpt
from policylib.errors import ParseError
from policylib.model.finding import Finding

__all__ = ["ALL", "CRASHED", "run", "select"]

#: Every check of policylib, by family.
ALL: tuple[Check, ...] = (
    identity.title_form,  # IDN001
    identity.duplicate_number,  # IDN002
    identity.duplicate_index,  # IDN003
    identity.duplicate_title,  # IDN004
    numbering.unreadable_number,  # NUM001
    numbering.damaged_number,  # NUM002
    numbering.number_placeholder,  # NUM003
    numbering.other_year,  # NUM004
    numbering.head_differs,  # NUM005
    numbering.body_placeholder,  # NUM006
    numbering.index_digit,  # IDX001
    numbering.foreign_index,  # IDX002
    dates.released_before_written,  # DAT001
    dates.effective_before_written,  # DAT002
    dates.expires_before_effective,  # DAT003
    dates.in_the_future,  # DAT004
    dates.signature_differs,  # DAT005
    dates.term_differs,  # DAT006
    dates.late_release,  # DAT007
    header.complete,  # HDR001
    header.known_kind,  # HDR002
    header.known_theme,  # HDR003
    header.known_organ,  # HDR004
    header.disclosure_given,  # HDR005
    header.disclosure_kept,  # HDR006
    header.absent_organ,  # HDR007
    references.missing_provision,  # REF001
    references.wrong_number,  # REF002
    references.dead_basis,  # REF003
    references.companion,  # REF004
    citations.unknown_number,  # REF005
    citations.sums_differ,  # REF006
    citations.cites_ended,  # REF007
    citations.lacks_amendment,  # REF008
    citations.cites_moved,  # REF009
    citations.cites_nothing,  # REF010
    references.repost,  # SRC001
    consultation.short_period,  # CON001
    consultation.order_of_days,  # CON002
    consultation.late_consultation,  # CON003
    consultation.no_feedback,  # CON004
    consultation.reasons_given,  # CON005
    consultation.opinions_listed,  # CON006
    consultation.counts_differ,  # CON007
    interpretation.premature,  # INT002
    interpretation.late_interpretation,  # INT003
    interpretation.other_interpreter,  # INT004
    interpretation.elements_complete,  # INT005
    measures.unfit,  # MEA001
    measures.lost_provision,  # MEA002
    measures.misquoted,  # MEA003
    measures.never_holds,  # MEA004
    measures.always_holds,  # MEA005
    measures.no_provision,  # MEA006
    measures.stale_figure,  # MEA007
    text.numbering,  # STR001
    text.empty_body,  # TXT001
    text.personal_numbers,  # TXT002
    text.leftovers,  # TXT003
    text.markup,  # TXT004
    text.short_body,  # TXT005
    text.contact_list,  # TXT006
)

#: The code of a finding about a check that could not be carried out.
CRASHED = "CHK000"


def select(prefixes: Iterable[str], checks: Iterable[Check] = ALL) -> tuple[Check, ...]:
    """Choose checks by the beginnings of their codes (检查项选择): DAT, DAT001, T.

    Keeps the order of ``checks`` and names none twice; no prefix at all chooses all. Raises
    :class:`~policylib.errors.ParseError` for a prefix that fits no code.

    >>> [check.code for check in select(["dat001", "SRC"])]
    ['DAT001', 'SRC001']
    """
    known = tuple(checks)
    wanted = tuple(prefix.strip().upper() for prefix in prefixes)
    for prefix in wanted:
        if not prefix or not any(check.code.startswith(prefix) for check in known):
            families = "、".join(dict.fromkeys(check.code[:3] for check in known))
            raise ParseError(f"没有以“{excerpt(prefix)}”开头的检查项，可用的有：{families}")
    return tuple(check for check in known if not wanted or check.code.startswith(wanted))


def run(case: Case, checks: Iterable[Check] = ALL) -> tuple[Finding, ...]:
    """Look at ``case`` with each of ``checks`` and give all findings, in the order of the checks.

    A check that raises does not stop the others: after what it has found it adds a finding
    :data:`CRASHED` of its own severity, so that an error that could not be looked for still blocks.
    """
    findings: list[Finding] = []
    for check in checks:
        try:
            findings.extend(check(case))
        except Exception as error:  # noqa: BLE001 - whatever a check does, the rest must run
            findings.append(
                Finding(
                    code=CRASHED,
                    severity=check.severity,
                    document=case.name,
                    locator=check.code,
                    message=f"检查项{check.code}（{check.title}）未能完成：{type(error).__name__}",
                    fix="把文件和本条提示交给系统维护人员；其他检查项的结果仍然有效",
                )
            )
    return tuple(findings)
