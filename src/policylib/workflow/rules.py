"""Which rules bind a document on a day (规则适用): pure functions over a rule-set.

The more specific rule goes before the general one, and of equally specific ones the rule-set goes
before the one it extends. A verified rule gives way only to a verified one, so a local practice
never switches off the law: both are returned then, and only the verified one may block.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from policylib.errors import ParseError
from policylib.model.document import Header
from policylib.model.rule import Anchor, Bound, Duty, Rule, Scope
from policylib.model.ruleset import Procedure, ProcedureStep, RuleSet
from policylib.model.vocabulary import KINDS, DocumentClass, DocumentType, OrganLevel
from policylib.text.dates import Period, PeriodUnit
from policylib.text.workdays import Counted, WorkCalendar

__all__ = [
    "Facts",
    "class_of",
    "deadline",
    "default_term",
    "explain",
    "fits",
    "procedure_for",
    "rules_for",
    "steps_for",
]


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules are chosen by (规则要素): a header, the class, the level of the issuer.

    ``document_class`` and ``level`` are ``None`` where they are not known; a rule that asks for
    them does not apply then.
    """

    header: Header
    document_class: DocumentClass | None = None
    level: OrganLevel | None = None

    @classmethod
    def of(
        cls,
        header: Header,
        ruleset: RuleSet,
        *,
        level: OrganLevel | None = None,
        on: date | None = None,
    ) -> Self:
        """The facts of a header, its class found by the rule-set."""
        return cls(header, class_of(header, ruleset, level=level, on=on), level)


def rules_for(ruleset: RuleSet, facts: Facts, duty: Duty, on: date) -> tuple[Rule, ...]:
    """The rules for a duty of a document on the day ``on``, the weightiest first.

    Several may bind at once: a least and a most, a verified and an unverified one, two that are
    equally specific (通告 and 试行). Nothing is returned when no rule is known.
    """
    found: list[tuple[int, Rule]] = []
    taken: set[str] = set()
    for depth, each in enumerate(ruleset.lineage()):
        if not each.holds_on(on):
            continue
        holding = [rule for rule in each.rules if rule.holds_on(on) and rule.id not in taken]
        taken |= {rule.id for rule in holding}
        found += [
            (depth, rule) for rule in holding if rule.duty is duty and fits(rule.applies_to, facts)
        ]
    found.sort(key=lambda pair: (-pair[1].applies_to.conditions, pair[0]))
    return tuple(
        rule
        for depth, rule in found
        if not any(_displaces(other, above, rule, depth) for above, other in found)
    )


def procedure_for(
    header: Header, ruleset: RuleSet, *, level: OrganLevel | None = None, on: date | None = None
) -> tuple[Procedure | None, bool]:
    """The procedure of a document, and whether its class is only presumed.

    By its 文件类别, else the first whose ``documents`` fit; presumed by a tag that names the class,
    else by the first whose ``presumed`` fit. ``on`` leaves out procedures that do not hold that day.
    """
    every = tuple(_procedures(ruleset, on))
    stated = header.document_class
    if stated:
        return next((each for each in every if each.document_class is stated), None), False
    facts = Facts(header, None, level)
    for each in every:
        if any(fits(scope, facts) for scope in each.documents):
            return each, False
    tagged = _tagged(header)
    if tagged:
        return next((each for each in every if each.document_class is tagged), None), True
    for each in every:
        if any(fits(scope, facts) for scope in each.presumed):
            return each, True
    return None, False


def class_of(
    header: Header, ruleset: RuleSet, *, level: OrganLevel | None = None, on: date | None = None
) -> DocumentClass:
    """The class of a document (文件类别): as stated, else of its procedure, else by a tag.

    其他文件 when no procedure takes it. ``on`` leaves out procedures that do not hold that day.
    """
    if header.document_class:
        return header.document_class
    found, _ = procedure_for(header, ruleset, level=level, on=on)
    return found.document_class if found else _tagged(header) or DocumentClass.OTHER


def _tagged(header: Header) -> DocumentClass | None:
    return next((each for each in DocumentClass if each.value in header.tags), None)


def steps_for(
    header: Header, ruleset: RuleSet, *, level: OrganLevel | None = None, on: date | None = None
) -> tuple[ProcedureStep, ...]:
    """The steps a document goes through, in order; empty when its class has no procedure."""
    found, _ = procedure_for(header, ruleset, level=level, on=on)
    return found.steps if found else ()


def default_term(ruleset: RuleSet, facts: Facts) -> Rule | None:
    """The rule that gives a document its term when it states none (默认有效期).

    The weightiest that holds on the day the document takes effect; a verified one before others.
    """
    start = facts.header.starts_on
    if start is None or facts.header.type is not DocumentType.POLICY:
        return None
    found = rules_for(ruleset, facts, Duty.DEFAULT_VALIDITY, start)
    return next((each for each in found if each.may_block), found[0] if found else None)


def deadline(rule: Rule, anchor_day: date, calendar: WorkCalendar) -> Counted:
    """The last day of a rule's period, counted from the day of its anchor, which does not count.

    For 失效前 and 听证前 the day that lies so far before. For a least period (不少于) the day on which
    it is full. A period within which something must be done (应在…内) ends on a working day (民法典 第二百零三条); terms of validity and days
    of a year are not moved.
    Raises :class:`~policylib.errors.ParseError` outside the years 1 to 9999.
    """
    if rule.unit is PeriodUnit.WORKING_DAY:
        count = calendar.before if rule.anchor.is_backward else calendar.add
        return count(anchor_day, rule.figure)
    if rule.anchor.is_backward:
        return Counted(_back(anchor_day, rule))
    day = rule.period.end(anchor_day)
    if rule.anchor.is_period_end:
        if rule.unit is not PeriodUnit.DAY:
            day = day.replace(day=monthrange(day.year, day.month)[1])
        return Counted(day)
    return calendar.next_working_day(day) if rule.bound is Bound.WITHIN else Counted(day)


def explain(rule: Rule) -> str:
    """A rule as a Chinese sentence for an officer: figure, basis, whether the basis is verified."""
    parts = [f"{rule.title}：{_say(rule)}"]
    if rule.exception:
        parts.append(f"例外：{rule.exception.rstrip('。')}")
    basis = "；".join(str(each) for each in rule.basis)
    parts.append(f"依据：{basis}")
    if rule.verified:
        parts.append("依据已核实")
    else:
        parts.append(f"依据未核实，仅作提示（来源：{rule.source.rstrip('。')}）")
    return "。".join(parts) + "。"


def _displaces(other: Rule, above: int, rule: Rule, depth: int) -> bool:
    """Whether ``other``, from the rule-set at depth ``above``, goes before ``rule``."""
    if other is rule or (rule.verified and not other.verified):
        return False
    if other.bound is not rule.bound and not (other.bound.is_upper and rule.bound.is_upper):
        return False
    more, less = other.applies_to.conditions, rule.applies_to.conditions
    return more > less or (more == less and above < depth)


def _procedures(ruleset: RuleSet, on: date | None) -> Iterator[Procedure]:
    """The procedure of each class, that of the rule-set before that of the one it extends."""
    seen: set[DocumentClass] = set()
    for each in ruleset.lineage():
        for procedure in each.procedures:
            holds = on is None or (each.holds_on(on) and procedure.holds_on(on))
            if holds and procedure.document_class not in seen:
                seen.add(procedure.document_class)
                yield procedure


# -- scope --------------------------------------------------------------------------------------

#: 考试行为, 测试行业 are no 试行.
_TRIAL = re.compile(r"(?<![考面笔测初复应调])试行(?![为业政程驶])")
#: A title that speaks of another document: 关于废止《…（试行）》的通知.
_OF_ANOTHER = re.compile(r"关于(?:公布|宣布)?(?:部分)?(?:废止|修改|修订|延长|延续|停止|继续|清理)")


def fits(scope: Scope, facts: Facts) -> bool:
    """Whether every condition of ``scope`` holds for what is known of a document."""
    header = facts.header
    kind = header.kind or next((each for each in KINDS if header.title.endswith(each)), None)
    return (
        (not scope.types or header.type in scope.types)
        and (not scope.kinds or kind in scope.kinds)
        and (not scope.forms or header.form in scope.forms)
        and (not scope.title_words or any(_called(header.title, w) for w in scope.title_words))
        and (not scope.tags or not set(scope.tags).isdisjoint(header.tags))
        and scope.registered in (None, header.registration_number is not None)
        and (not scope.issuer_levels or facts.level in scope.issuer_levels)
        and (not scope.classes or facts.document_class in scope.classes)
    )


def _called(title: str, word: str) -> bool:
    """Whether a document is itself called so: X办法（试行）, X暂行规定."""
    if _OF_ANOTHER.search(title):
        return False
    return bool(_TRIAL.search(title)) if word == "试行" else word in title


# -- counting and saying ------------------------------------------------------------------------


def _back(day: date, rule: Rule) -> date:
    """``day`` less a rule's days, months or years; a day that is missing is the month's last."""
    try:
        if rule.unit is PeriodUnit.DAY:
            return day - timedelta(days=rule.figure)
        months = rule.figure * (12 if rule.unit is PeriodUnit.YEAR else 1)
        year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        raise ParseError(f"{day.isoformat()}之前{rule.period}超出可表示的日期，请核对") from None


_FROM = {
    Anchor.RELEASED: "公布之日",
    Anchor.WRITTEN: "成文（形成或者变更）之日",
    Anchor.EFFECTIVE: "施行之日",
    Anchor.COMMENT_OPENS: "开始征求意见之日",
    Anchor.COMMENT_CLOSES: "征求意见结束之日",
    Anchor.BEFORE_LAPSE: "有效期届满",
    Anchor.BEFORE_HEARING: "举行听证会",
    Anchor.REVIEW_SENT: "送审之日",
    Anchor.RECEIVED: "收到之日",
    Anchor.STARTED: "审查程序启动之日",
    Anchor.REPLY_DUE: "答复期满之日",
    Anchor.LAST_DONE: "上次办理之日",
    Anchor.YEAR_END: "上一年度结束",
    Anchor.QUARTER_END: "上一季度结束",
}


def _say(rule: Rule) -> str:
    start = _FROM[rule.anchor]
    period = "或者".join(str(Period(n, rule.unit)) for n in rule.choices or (rule.figure,))
    if rule.bound is Bound.EVERY:
        return f"每{period}至少办理一次"
    if rule.choices:
        return f"自{start}起应为{period}"
    if rule.anchor.is_backward:
        inside = "内" if rule.bound is Bound.WITHIN else ""
        least = "至少" if rule.bound is Bound.AT_LEAST else ""
        return f"应在{start}前{least}{period}{inside}办理"
    if rule.bound is Bound.WITHIN:
        return f"应在{start}{'后' if rule.anchor.is_period_end else '起'}{period}内办理"
    if rule.bound is Bound.DEFAULT:
        return f"未明确的，自{start}起为{period}"
    return f"自{start}起{rule.bound}{period}"
