"""INT: an interpretation comes with its policy, from who drafted it, and says what it must.

That an interpretation names its policy at all is REF004's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from policylib.checks.framework import Case, Flaw, check, titled
from policylib.model.document import Document
from policylib.model.rule import Duty
from policylib.model.vocabulary import (
    DocumentType,
    InterpretationForm,
    Interpreter,
    RelationKind,
    Severity,
    Stage,
)
from policylib.text.dates import PeriodUnit

__all__ = ["elements_complete", "late_interpretation", "other_interpreter", "premature"]

_WORKING_DAYS = 3


def _policies(case: Case) -> tuple[Document, ...]:
    if case.header.type is not DocumentType.INTERPRETATION:
        return ()
    return case.related(RelationKind.INTERPRETS)


@check("INT002", severity=Severity.ERROR, title="解读先于文件公布")
def premature(case: Case) -> Iterator[Flaw]:
    """Find an interpretation that was released before its policy.

    Readers would be told of a text they cannot read, which may still change. With 三同步 both come
    on one day. Where several policies are interpreted, none may come later. Needs the library.

    Good: policy released 2026-03-02, interpretation released 2026-03-02

    Bad: policy released 2026-03-02, interpretation released 2026-02-27
    """
    own = case.header.released_on
    for policy in _policies(case):
        if policy.stage is not Stage.RELEASED:
            if case.stage is Stage.RELEASED:
                yield Flaw(
                    f"解读已公布，{titled(policy.title)}还在“{policy.stage}”阶段",
                    "尽快公布文件；文件不再公布的，撤下解读",
                    "发布日期",
                )
        elif own and policy.released_on and own < policy.released_on:
            yield Flaw(
                f"解读{own}发布，早于{titled(policy.title)}的{policy.released_on}",
                "核对两个发布日期；与文件同日或者在文件之后发布解读",
                "发布日期",
            )


@check("INT003", severity=Severity.WARNING, title="解读晚于规定时限")
def late_interpretation(case: Case) -> Iterator[Flaw]:
    """Find an interpretation later than the rule-set has it, else 3 working days after its policy.

    3 working days are practice in several cities (not a national rule), 1 in some towns; best is
    the same day. Of several policies the last one counts, and nothing is said where the policy had
    another interpretation in time. In a year whose 放假安排 is not known the day is an estimate.
    Needs the library.

    Good: policy released on Monday, interpretation on Thursday

    Bad: policy released 2026-03-02, the only interpretation 2026-04-15
    """
    own = case.header.released_on
    dated = [(each.released_on, each) for each in _policies(case) if each.released_on]
    released = [pair for pair in dated if pair[1].stage is Stage.RELEASED]
    if own is None or not released:
        return
    since, policy = max(released, key=lambda pair: pair[0])
    due, period, estimated = _due(case, policy, since)
    if own <= due or _had_one(case, policy, due):
        return
    guess = "（该年度放假安排未知，按周末推算）" if estimated else ""
    yield Flaw(
        f"{titled(policy.title)}{since}发布，解读{own}才发布，晚于{due}（{period}内）{guess}",
        "解读与文件同日发布；补充解读的，登记当时按期发布的解读",
        "发布日期",
    )


def _due(case: Case, policy: Document, since: date) -> tuple[date, str, bool]:
    calendar = case.neighbours.calendar()
    for rule in case.neighbours.rules(policy, Duty.INTERPRETATION, since)[:1]:
        if rule.unit is not PeriodUnit.WORKING_DAY:
            return rule.period.end(since), str(rule.period), False
        counted = calendar.add(since, rule.figure)
        return counted.day, str(rule.period), counted.estimated
    counted = calendar.add(since, _WORKING_DAYS)
    return counted.day, f"{_WORKING_DAYS}个工作日", counted.estimated


def _had_one(case: Case, policy: Document, due: date) -> bool:
    found = case.neighbours.pointing(policy.id) or ()
    tied = (other for each, other in found if each.kind is RelationKind.INTERPRETS)
    return any(
        each.stage is Stage.RELEASED and each.released_on and each.released_on <= due
        for each in case.others(tied)
    )


@check("INT004", severity=Severity.WARNING, title="解读单位不是起草单位")
def other_interpreter(case: Case) -> Iterator[Flaw]:
    """Find an interpretation by another organ than the one that drafted the policy.

    谁起草谁解读 (国办发〔2016〕80号, county practice); of a joint document the lead organ drafts.
    Interpretations by experts and by the media are others' by nature. Nothing is said of a policy
    without 起草单位. Needs the library.

    Good: 起草单位 某县民政局; interpretation issued by 某县民政局

    Bad: 起草单位 某县民政局; interpretation issued by 某县财政局, 解读主体 起草单位
    """
    header = case.header
    if header.interpreter in {
        Interpreter.EXPERT,
        Interpreter.MEDIA,
    } or header.interpretation_form in {
        InterpretationForm.BY_EXPERT,
        InterpretationForm.BY_MEDIA,
    }:
        return
    organs = case.neighbours.organs
    speaking = {organs.official(name) for name in (*header.issuers, header.drafter) if name}
    policies = [each for each in _policies(case) if each.drafter]
    if not speaking or not policies:
        return
    drafters = {organs.official(each.drafter): each for each in policies if each.drafter}
    if speaking.isdisjoint(drafters):
        drafter, policy = next(iter(drafters.items()))
        yield Flaw(
            f"{titled(policy.title)}由{drafter}起草，解读由{'、'.join(sorted(speaking))}发布",
            f"由起草单位{drafter}解读；专家或媒体解读的，把解读主体填为“专家”或“媒体”",
            "发布机构",
        )


#: The preset with the fewest elements (county practice): any of the words will do.
_ELEMENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("背景依据", ("背景", "依据", "根据", "为什么")),
    ("目的意义", ("目的", "意义", "必要性", "为了", "为贯彻", "为落实", "为规范", "考虑")),
    ("主要内容", ("主要内容", "内容", "举措", "措施", "变化")),
)
_SPOKEN = frozenset(
    {InterpretationForm.TEXT, InterpretationForm.BY_EXPERT, InterpretationForm.BY_LEADER}
)


@check("INT005", severity=Severity.WARNING, title="解读要素不全")
def elements_complete(case: Case) -> Iterator[Flaw]:
    """Find an interpretation in words that leaves out what it must speak of.

    Counties ask for 背景依据, 目的意义 and 主要内容, some for up to eight elements; the rule-set's
    shortest list counts, else these three. Looked for are words, in headings or text, so that other
    wordings pass; pictures, cards, questions and talks are passed over.

    Good: 一、背景依据…… 二、目的意义…… 三、主要内容……

    Bad: an interpretation in words that only repeats the articles
    """
    header = case.header
    if header.type is not DocumentType.INTERPRETATION or header.interpretation_form not in _SPOKEN:
        return
    missing = [name for name, words in _wanted(case) if not re.search("|".join(words), case.body)]
    if missing:
        yield Flaw(
            f"解读没有讲{'、'.join(missing)}",
            f"补写{'、'.join(missing)}，如“一、背景依据　为落实……，制定本办法”",
            "正文",
        )


def _wanted(case: Case) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The elements with their words, safe in a pattern."""
    own = [(each.name, each.words) for each in case.neighbours.elements()]
    return [(name, tuple(map(re.escape, words))) for name, words in own or _ELEMENTS]
