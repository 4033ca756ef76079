"""CON: consultations last long enough, come in time, and every one is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from policylib.checks.framework import Case, Flaw, check, excerpt, titled
from policylib.model.document import Document
from policylib.model.opinions import counts
from policylib.model.rule import Bound, Duty, Rule
from policylib.model.vocabulary import Disposition, DocumentType, RelationKind, Severity, Stage
from policylib.text.dates import PeriodUnit

__all__ = [
    "counts_differ",
    "late_consultation",
    "no_feedback",
    "opinions_listed",
    "order_of_days",
    "reasons_given",
    "short_period",
]

_DAYS = 30
#: Names of 规章 and 行政规范性文件 (安徽省人民政府令第149号 第六条), also of drafts.
_NORMATIVE = re.compile(
    r"(?:办法|规定|细则)(?:[（(](?:试行|暂行|修[订改]|征求意见|公开征求意见|草案|送审|第.次)*"
    r"(?:稿|草案)?[）)])*》"
)


@check("CON001", severity=Severity.WARNING, title="征求意见期限过短")
def short_period(case: Case) -> Iterator[Flaw]:
    """Find a consultation shorter than its rule has it, 30 days as a rule, without 缩短期限说明.

    规章 and 重大行政决策 are consulted on for 30 days at least (规章制定程序条例 第十五条;
    重大行政决策程序暂行条例 第十五条, where a shorter period must be explained): a breach of these
    is an error, once the library knows what the consultation is on. For 行政规范性文件 no national
    text has a number; 30 days are common practice, asked of names in 办法, 规定 and 细则. The first
    day is counted here, though 民法典 第二百零一条 leaves it out: only what is too short either way
    is reported.

    Good: 征集开始日期 2026-06-01, 征集截止日期 2026-07-01

    Bad: 征集开始日期 2026-06-01, 征集截止日期 2026-06-10, no 缩短期限说明
    """
    header = case.header
    opens, closes = header.opens_on, header.closes_on
    if header.type is not DocumentType.CONSULTATION or not opens or not closes or closes < opens:
        return
    if header.urgency:
        return
    fix = "延长征集截止日期；确因紧急情况缩短的，填写缩短期限说明，如“汛期临近，需在7月前施行”"
    lasts = f"{opens}至{closes}，共{(closes - opens).days + 1}日"
    policies = case.related(RelationKind.CONSULTS)
    rules = [
        rule
        for policy in policies
        for rule in case.neighbours.rules(policy, Duty.COMMENT_PERIOD, opens)
        if rule.bound is Bound.AT_LEAST
    ]
    for rule in rules:
        if closes < _full(case, rule, opens):
            severity = Severity.ERROR if rule.may_block else None
            basis = "；".join(str(each) for each in rule.basis)
            said = f"征求意见{lasts}，少于{rule.period}（{basis}）"
            yield Flaw(said, fix, "征集截止日期", severity)
            return
    short = (closes - opens).days + 1 < _DAYS
    if not rules and short and (_NORMATIVE.search(header.title) or any(map(_normative, policies))):
        yield Flaw(f"征求意见{lasts}，少于通行的{_DAYS}日", fix, "征集截止日期")


def _full(case: Case, rule: Rule, opens: date) -> date:
    """The last day that a period beginning with ``opens`` must have at least."""
    if rule.unit is PeriodUnit.WORKING_DAY:
        eve = opens - timedelta(days=1)
        return case.neighbours.calendar().add(eve, rule.figure).day
    return rule.period.end(opens) - timedelta(days=1)


def _normative(policy: Document) -> bool:
    return policy.form in {"办法", "规定", "细则"} or policy.registration_number is not None


@check("CON002", severity=Severity.ERROR, title="征集截止日期早于开始日期")
def order_of_days(case: Case) -> Iterator[Flaw]:
    """Find a consultation that closes before it opens.

    Nobody could have spoken. One of the two days is mistyped, mostly the year.

    Good: 征集开始日期 2026-12-20, 征集截止日期 2027-01-20

    Bad: 征集开始日期 2026-12-20, 征集截止日期 2026-01-20
    """
    opens, closes = case.header.opens_on, case.header.closes_on
    if opens and closes and closes < opens:
        yield Flaw(
            f"征集截止日期{closes}早于开始日期{opens}",
            "核对两个日期的年份，改正不对的一个，如“2027-01-20”",
            "征集截止日期",
        )


@check("CON003", severity=Severity.WARNING, title="事前公开变成事后公开")
def late_consultation(case: Case) -> Iterator[Flaw]:
    """Find a consultation released after its policy, or still open when the policy was released.

    公开征求意见 comes before 合法性审核 and 集体审议 (规章制定程序条例 第十五条;
    重大行政决策程序暂行条例 第十五条); afterwards nothing can be changed. Needs the library.

    Good: consultation 2026-06-01 to 2026-07-01, policy released 2026-10-12

    Bad: consultation released 2026-10-20, policy released 2026-10-12
    """
    header = case.header
    if header.type is not DocumentType.CONSULTATION:
        return
    for policy in case.related(RelationKind.CONSULTS):
        released = policy.released_on
        if policy.stage is not Stage.RELEASED or released is None:
            continue
        if header.released_on and header.released_on > released:
            yield Flaw(
                f"{header.released_on}才发布征集，{titled(policy.title)}已于{released}公布",
                "核对两个发布日期；确属事后补录的，在台账中说明原因",
                "发布日期",
            )
        elif header.closes_on and header.closes_on >= released:
            yield Flaw(
                f"征集到{header.closes_on}截止，{titled(policy.title)}在{released}就公布了",
                "核对征集截止日期和文件发布日期；确属提前公布的，在台账中说明原因",
                "征集截止日期",
            )


@check("CON004", severity=Severity.WARNING, title="征集结束后没有反馈")
def no_feedback(case: Case) -> Iterator[Flaw]:
    """Find a consultation that closed long ago and has no released feedback.

    What became of the opinions is published, with reasons (county check tables ask for one
    feedback to each consultation; 重大行政决策程序暂行条例 第三十二条 for decisions of wide
    interest). The days are those of the rule-set, else 30 days after the close. Needs the library.

    Good: 征集截止日期 2026-07-03, feedback released 2026-07-20

    Bad: 征集截止日期 2026-07-03, no feedback on 2026-11-22
    """
    header = case.header
    closes = header.closes_on
    if header.type is not DocumentType.CONSULTATION or closes is None:
        return
    answers = _pointing(case, RelationKind.ANSWERS, DocumentType.FEEDBACK)
    if answers is None or any(each.stage is Stage.RELEASED for each in answers):
        return
    if isinstance(header, Document) and header.stage is not Stage.RELEASED:
        return
    due = closes + timedelta(days=_DAYS)
    for rule in case.neighbours.rules(header, Duty.FEEDBACK, closes)[:1]:
        if rule.unit is PeriodUnit.WORKING_DAY:
            due = case.neighbours.calendar().add(closes, rule.figure).day
        else:
            due = rule.period.end(closes)
    if case.on > due:
        made = f"（反馈“{answers[0].id}”还在“{answers[0].stage}”阶段）" if answers else ""
        yield Flaw(
            f"征集已于{closes}截止，到{case.on}还没有公布意见反馈{made}",
            "公布意见反馈，逐条写明采纳情况和未采纳理由，关系“意见反馈”指向本征集；"
            "没有收到意见的也要写明",
            "文件关系",
        )


def _pointing(
    case: Case,
    kind: RelationKind,
    type: DocumentType,  # noqa: A002
) -> tuple[Document, ...] | None:
    """The companions that point at this document; ``None`` where the library is not known."""
    if not isinstance(case.header, Document):
        return None
    found = case.neighbours.pointing(case.header.id)
    if found is None:
        return None
    return tuple(other for each, other in found if each.kind is kind and other.type is type)


@check("CON005", severity=Severity.ERROR, title="未采纳的意见没有说明理由")
def reasons_given(case: Case) -> Iterator[Flaw]:
    """Find an opinion that was not adopted and has no reason.

    Counties publish 采纳情况及未采纳原因 (check tables: 对相对集中的意见不采纳的，说明理由); without
    the reason a feedback answers nobody. An opinion with 部分采纳 is left to the officer.

    Good: disposition 未采纳, reason 受县级财力限制，暂不扩大范围

    Bad: disposition 未采纳, no reason
    """
    for number, opinion in enumerate(case.header.opinions, 1):
        if opinion.disposition is Disposition.REJECTED and not opinion.reason:
            yield Flaw(
                f"第{number}条意见“{excerpt(opinion.text)}”未采纳，没有说明理由",
                "补写未采纳理由，如“受县级财力限制，现阶段优先保障80周岁以上老年人”",
                f"意见第{number}条",
            )


_NO_OPINIONS = re.compile(r"[未没][有曾]?收到[^。；]{0,20}(?:意见|建议)|无[^。；]{0,6}意见|收到0条")


@check("CON006", severity=Severity.WARNING, title="反馈没有逐条列出意见或没有对应征集")
def opinions_listed(case: Case) -> Iterator[Flaw]:
    """Find a feedback without its opinions one by one, or not one to one with a consultation.

    Check tables ask for a table of opinions, for a feedback to each consultation and a consultation
    to each feedback, and to say so when nobody wrote. That the relation is there at all is
    REF004's. Whether a second feedback stands beside this one needs the library.

    Good: opinions listed, relation 意见反馈 → the consultation

    Bad: 共收到意见6条，已研究采纳。 and no opinions
    """
    header = case.header
    if header.type is not DocumentType.FEEDBACK:
        return
    if not header.opinions and not _NO_OPINIONS.search(case.body):
        yield Flaw(
            "反馈没有逐条列出意见和采纳情况",
            "在文件头 opinions 中逐条登记意见、渠道、采纳情况和理由；没有收到意见的，在正文写明"
            "“征集期间未收到意见”",
            "意见",
        )
    asked = [each for each in case.relations if each.kind is RelationKind.ANSWERS]
    if len(asked) > 1:
        yield Flaw(
            f"一份反馈登记了{len(asked)}份征集",
            "征集与反馈一一对应，分开反馈；同一事项多次征集的，指向最后一次",
            "文件关系",
        )
    for consultation in case.related(RelationKind.ANSWERS):
        if consultation.type is not DocumentType.CONSULTATION:
            yield Flaw(
                f"“意见反馈”指向的{titled(consultation.title)}是{consultation.type}，不是意见征集",
                "把关系目标改为对应的意见征集；与政策文件的关系登记为“相关”",
                "文件关系",
            )
        twins = case.others(
            other
            for each, other in case.neighbours.pointing(consultation.id) or ()
            if each.kind is RelationKind.ANSWERS and other.type is DocumentType.FEEDBACK
        )
        if twins:
            yield Flaw(
                f"{titled(consultation.title)}另有一份反馈{titled(twins[0].title)}",
                "征集与反馈一一对应，合并两份反馈",
                "文件关系",
            )


_COUNTED = re.compile(
    r"(收到|部分采纳|未采纳|(?<!部分)(?<![未已])采纳)[^，。；\n|]{0,12}?(\d{1,6})条"
)


@check("CON007", severity=Severity.WARNING, title="反馈正文的条数与逐条意见不符")
def counts_differ(case: Case) -> Iterator[Flaw]:
    """Find numbers of opinions in a feedback's text that the listed opinions do not come to.

    The numbers are counted from the opinions; a text with other numbers was not brought up to date,
    or an opinion was left out. Where a number stands more than once, one must agree.

    Good: 共收到意见2条，采纳1条，未采纳1条。 with two opinions so disposed of

    Bad: 共收到意见3条，采纳1条，未采纳1条。 with two opinions
    """
    if case.header.type is not DocumentType.FEEDBACK or not case.header.opinions:
        return
    found = counts(case.header.opinions)
    derived = {
        "收到": found.received,
        "采纳": found.adopted,
        "部分采纳": found.partly,
        "未采纳": found.rejected,
    }
    stated: dict[str, list[int]] = {}
    for match in _COUNTED.finditer(case.body):
        stated.setdefault(match[1], []).append(int(match[2]))
    for word, numbers in stated.items():
        if derived[word] not in numbers:
            yield Flaw(
                f"正文写{word}{numbers[0]}条，逐条列出的是{derived[word]}条",
                f"核对意见列表，补上漏列的意见或改正正文条数；按列表应为“{found}”",
                "正文",
            )
