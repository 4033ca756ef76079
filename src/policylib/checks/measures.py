"""MEA: what a text is said to offer stands in the text and can be matched (事项)."""

from __future__ import annotations

from collections.abc import Iterator

from policylib.checks.framework import Case, Flaw, check, excerpt
from policylib.model.finding import FaultKind
from policylib.model.vocabulary import Severity

__all__ = [
    "always_holds",
    "lost_provision",
    "misquoted",
    "never_holds",
    "no_provision",
    "stale_figure",
    "unfit",
]


def _of(case: Case, kind: FaultKind, fix: str) -> Iterator[Flaw]:
    for each in case.faults:
        if each.kind is kind:
            where = f"事项 {excerpt(each.measure)}" if each.measure else "事项"
            yield Flaw(f"{where}：{each.message}", fix, where)


@check("MEA001", severity=Severity.ERROR, title="事项写错或与词表不符")
def unfit(case: Case) -> Iterator[Flaw]:
    """Find a measure that cannot be read, or whose condition or amount does not fit the vocabulary.

    Facts, their values and units are those of the vocabulary of matching; a measure that speaks of
    others takes no part in matching.

    Good: {fact: 年龄, at_least: 80周岁}

    Bad: {fact: 年纪, at_least: 80周岁}, or {fact: 年龄, at_least: 80公斤}
    """
    yield from _of(case, FaultKind.UNFIT, "按词表改写 measures，本地的事实可以写进自己的词表")


@check("MEA002", severity=Severity.ERROR, title="事项的依据条款在正文中不存在")
def lost_provision(case: Case) -> Iterator[Flaw]:
    """Find a measure that rests on a provision which the text does not have.

    It happens when an amendment renumbers a text and the measures are kept as they were.

    Good: provision: 第三条 of a text with three articles

    Bad: provision: 第九条 of a text with three articles
    """
    yield from _of(case, FaultKind.LOST_PROVISION, "改成条件所在的条款，如 provision: 第三条第二款")


@check("MEA003", severity=Severity.ERROR, title="事项所引原文与正文不符")
def misquoted(case: Case) -> Iterator[Flaw]:
    """Find a measure that quotes words which its provision does not have.

    The quotation is shown to people as the reason; it must be the text's own words.

    Good: quote: 年满80周岁 and the provision says 年满80周岁的老年人

    Bad: quote: 年满70周岁 and the provision says 年满80周岁的老年人
    """
    yield from _of(case, FaultKind.MISQUOTED, "正文改过的，核对条件是否也要改")


@check("MEA004", severity=Severity.ERROR, title="事项的条件不可能成立")
def never_holds(case: Case) -> Iterator[Flaw]:
    """Find a condition that nobody can meet.

    Good: {fact: 年龄, at_least: 60, below: 80}

    Bad: {fact: 年龄, at_least: 80, below: 60}
    """
    yield from _of(case, FaultKind.NEVER, "检查上下限和 all、any 是否写反")


@check("MEA005", severity=Severity.WARNING, title="事项的条件恒成立")
def always_holds(case: Case) -> Iterator[Flaw]:
    """Find a part of a condition that everybody meets, as good as not written.

    Good: {fact: 年龄, at_least: 60}

    Bad: any: [{fact: 年龄, below: 60}, {fact: 年龄, at_least: 60}]
    """
    yield from _of(case, FaultKind.ALWAYS, "写漏了条件的补上，多余的删去")


@check("MEA006", severity=Severity.WARNING, title="事项没有依据条款")
def no_provision(case: Case) -> Iterator[Flaw]:
    """Find a condition that does not say on which provision it rests.

    Whoever is answered is told the provision; one on the measure counts for all its conditions.

    Good: provision: 第三条

    Bad: a measure without any provision
    """
    yield from _of(case, FaultKind.NO_PROVISION, "写明条款，如 provision: 第三条")


@check("MEA007", severity=Severity.WARNING, title="事项所用的参数已过期")
def stale_figure(case: Case) -> Iterator[Flaw]:
    """Find a dated figure (低保标准, 最低工资) that has run out: answers stay 待核实 without it.

    Good: {fact: 家庭人均月收入, below: {parameter: 低保标准, region: 户籍地}} in a year with a figure

    Bad: the same in a year for which the vocabulary has no figure
    """
    yield from _of(case, FaultKind.STALE, "在本地词表的 parameters 中补上新标准及其适用期")
