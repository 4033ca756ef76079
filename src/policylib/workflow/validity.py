"""Validity as a step function of the day (时效性): computed from dates and relations, never stored.

A text takes effect on its 施行日期. It ends with its term (有效期), whose last day is in force to
24:00 (民法典 第二百零三条第二款), or by 废止, 宣布失效, 附条件失效 or 撤销. Between the two it may be
部分废止, and 暂停施行 until 恢复. 修改 changes the text, not its validity: 已被修改 is a label of old
editions (:mod:`.valueset`).

An act counts only once the document that does it is released, from the day its relation states
(``effective_on``), else from that document's own start: a decision that says an earlier day is
taken at its word, which is the only way in which 撤销 reaches back.

What happened first ends a document; a later act cannot end it again. One exception: 撤销 replaces
失效. That a text has run out says nothing of whether it was lawful; that it was revoked does, for
those to whom it was applied. A repealed text has been taken away by decision; nothing is left
to revoke.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from policylib.model.document import Document
from policylib.model.relation import Relation
from policylib.model.rule import Rule
from policylib.model.vocabulary import RelationKind, Stage, Validity
from policylib.text.dates import end_of_term

__all__ = ["WITHOUT_EFFECT", "Step", "Why", "at", "foreseen", "steps", "validity", "why"]


@dataclass(frozen=True, slots=True)
class Step:
    """From ``start`` on (``None``: from the beginning) the document is ``validity``.

    ``reason`` says why in Chinese and ``rule`` by which law; ``made_by`` names the document that
    did it, and ``kind`` how. ``act_by`` is the last day on which the step can be averted, where
    the clock brings it: the last day in force, or the deadline of 附条件失效.
    """

    start: date | None
    validity: Validity
    reason: str
    made_by: str | None = None
    kind: RelationKind | None = None
    rule: str | None = None
    act_by: date | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a document is what it is on a day (时效依据).

    ``because`` are the steps up to that day; ``next`` says in Chinese what would change the
    answer, which is the step ``coming`` where one is known.
    """

    on: date
    validity: Validity
    because: tuple[Step, ...]
    next: str
    coming: Step | None = None


@dataclass(frozen=True, slots=True)
class _Act:
    """What the released document ``subject`` does by ``relation`` from ``day`` on."""

    day: date
    relation: Relation
    subject: Document


_ENDINGS = {
    RelationKind.REPEALS: Validity.REPEALED,
    RelationKind.DECLARES_LAPSED: Validity.LAPSED,
    RelationKind.LAPSES_UNLESS: Validity.LAPSED,
    RelationKind.REVOKES: Validity.REVOKED,
}
#: What averts 附条件失效 when it is released in time.
_AVERTS = {RelationKind.AMENDS, RelationKind.RENEWS, RelationKind.REPEALS}
#: Of several on one day the first ends the document; ``None`` is the end of the term.
_RANK: dict[RelationKind | None, int] = {
    RelationKind.REVOKES: 0,
    None: 1,
    RelationKind.REPEALS: 2,
    RelationKind.DECLARES_LAPSED: 3,
    RelationKind.LAPSES_UNLESS: 4,
    RelationKind.PARTLY_REPEALS: 5,
    RelationKind.SUSPENDS: 6,
    RelationKind.RESUMES: 7,
}
#: Relations that leave the validity of what they point at as it is.
WITHOUT_EFFECT = frozenset(set(RelationKind) - _ENDINGS.keys() - _AVERTS - _RANK.keys())
_LAST_DAY = "民法典第二百零三条第二款"
_COUNTED = "民法典第二百零一条、第二百零二条"


def steps(
    document: Document,
    relations: Iterable[tuple[Relation, Document]] = (),
    *,
    default: Rule | None = None,
) -> tuple[Step, ...]:
    """The validity of ``document`` over all days, as steps in order of days, without gaps.

    ``relations`` are those that point at it, each with the document it comes from; their order
    does not matter. ``default`` is the rule that gives a term to a document that states none; one
    that is not verified is never applied (:func:`why` tells of it).
    """
    if document.stage is Stage.WITHDRAWN:
        return (Step(None, Validity.UNRELEASED, "文件已撤回，不再公开"),)
    if document.stage is not Stage.RELEASED:
        return (Step(None, Validity.UNRELEASED, f"文件尚在“{document.stage}”阶段，未公布"),)
    rule = default if default and default.may_block and document.last_day is None else None
    if rule is not None:
        document = document.model_copy(update={"term": str(rule.period)})
    acts = sorted(_acts(document, relations), key=_turn)
    ends = _ends(document, acts, rule)
    over = ends[0].start if ends else None
    found: dict[date | None, Step] = {}
    for step in _life(document, acts):
        if step.start is None or over is None or step.start < over:
            found[step.start] = _joined(found.get(step.start), step)
    return (*found.values(), *ends)


def validity(found: Iterable[Step], on: date) -> Validity:
    """What the document is on the day ``on``."""
    return at(found, on).validity


def at(found: Iterable[Step], on: date) -> Step:
    """The step that holds on the day ``on``, with its reason."""
    return _until(found, on)[-1]


def why(
    document: Document,
    relations: Iterable[tuple[Relation, Document]],
    on: date,
    *,
    default: Rule | None = None,
) -> Why:
    """Why ``document`` is what it is on the day ``on``, and what would change that."""
    found = foreseen(steps(document, relations, default=default), on)
    unverified = default and not default.may_block and document.last_day is None
    if default and unverified and found.validity in _IN_FORCE:
        return replace(found, next=f"{found.next}。提示：{_unverified(document, default)}")
    return found


def foreseen(found: tuple[Step, ...], on: date) -> Why:
    """Steps as seen on the day ``on``: those up to then, and what comes next."""
    because = _until(found, on)
    coming = found[len(because)] if len(because) < len(found) else None
    now = because[-1].validity
    if coming and coming.start:
        then = f"自{_say(coming.start)}起{coming.validity}：{coming.reason}"
    else:
        then = _NOTHING_COMES[now]
    return Why(on, now, because, then, coming)


_IN_FORCE = {Validity.PENDING, Validity.IN_FORCE, Validity.PARTLY, Validity.SUSPENDED}


def _unverified(document: Document, rule: Rule) -> str:
    """What a default term that is not verified would mean."""
    last = document.model_copy(update={"term": str(rule.period)}).last_day
    basis = "；".join(str(each) for each in rule.basis)
    until = f"，即至{_say(last)}" if last else ""
    return f"按{basis}，未明确有效期的为{rule.period}{until}；该依据未核实，不据以判定失效"


_NO_END = "未载明有效期，不会自动失效；有废止、宣布失效等决定时才会改变"
_NOTHING_COMES = {
    Validity.UNRELEASED: "公布后才有时效性",
    Validity.PENDING: "未登记后续变化",
    Validity.IN_FORCE: _NO_END,
    Validity.PARTLY: _NO_END,
    Validity.SUSPENDED: "未登记恢复施行的决定，也没有载明有效期",
    Validity.LAPSED: "已失效，期满后的延续不能使其恢复；需要继续执行的，应重新制定公布",
    Validity.REPEALED: "已废止，不再变化",
    Validity.REVOKED: "已撤销，不再变化",
}


def _until(found: Iterable[Step], on: date) -> tuple[Step, ...]:
    """The steps that have begun by the day ``on``; the first always has."""
    return tuple(step for step in found if step.start is None or step.start <= on)


# -- acts ---------------------------------------------------------------------------------------


def _acts(document: Document, relations: Iterable[tuple[Relation, Document]]) -> Iterator[_Act]:
    for relation, subject in relations:
        if subject.stage is not Stage.RELEASED:
            continue
        day = relation.effective_on or subject.starts_on or document.starts_on
        if day is not None:
            yield _Act(day, relation, subject)


def _turn(act: _Act) -> tuple[object, ...]:
    """By day, then by weight; the rest only makes the order of one day the same each time."""
    relation = act.relation
    words = (relation.provision, relation.reason, relation.expires_on, relation.unless_by)
    rank = _RANK.get(relation.kind, len(_RANK))
    return (act.day, rank, act.subject.id, *(str(word or "") for word in words))


def _name(document: Document) -> str:
    """How a reason names a document; one that is not public stays unnamed."""
    return f"《{document.title}》" if document.is_public else "另一份不公开的文件"


def _cause(act: _Act) -> str:
    """The stated 原因 in brackets; that of a document that is not public is not told."""
    return f"（{act.relation.reason}）" if act.relation.reason and act.subject.is_public else ""


def _say(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _day_after(day: date) -> date | None:
    """The next day; 9999-12-31 stands for no end and has none."""
    return None if day == date.max else day + timedelta(days=1)


# -- from the start to the end ------------------------------------------------------------------


def _life(document: Document, acts: Iterable[_Act]) -> Iterator[Step]:
    """The steps of a document that nothing ends; several may begin on one day."""
    begins = document.starts_on
    if begins is None:
        yield Step(None, Validity.IN_FORCE, "已公布，未载明施行日期，按现行有效处理")
    else:
        label = "施行" if document.effective_on else "公布" if document.released_on else "成文"
        yield Step(None, Validity.PENDING, f"自{_say(begins)}起{label}，尚未施行")
        yield Step(begins, Validity.IN_FORCE, f"自{_say(begins)}起{label}")
    partly = suspended = False
    for act in acts:
        kind, part = act.relation.kind, act.relation.provision
        if kind is RelationKind.PARTLY_REPEALS:
            partly, what = True, f"废止{part or '部分条款'}"
        elif kind is RelationKind.SUSPENDS and (part or not suspended):
            suspended, what = suspended or not part, f"暂停施行{part or ''}"
        elif kind is RelationKind.RESUMES and (part or suspended):
            suspended, what = suspended and bool(part), f"恢复施行{part or ''}"
        else:
            continue
        yield Step(
            max(act.day, begins or act.day),
            _state(partly=partly, suspended=suspended),
            f"{_name(act.subject)}自{_say(act.day)}起{what}{_cause(act)}",
            act.subject.id,
            kind,
        )


def _state(*, partly: bool, suspended: bool) -> Validity:
    if suspended:
        return Validity.SUSPENDED
    return Validity.PARTLY if partly else Validity.IN_FORCE


def _joined(earlier: Step | None, step: Step) -> Step:
    """One step for all that begins on one day: the last state, every reason."""
    if earlier is None:
        return step
    if step.reason in earlier.reason:
        return replace(step, reason=earlier.reason)
    return replace(step, reason=f"{earlier.reason}；{step.reason}")


# -- the end ------------------------------------------------------------------------------------


def _ends(document: Document, acts: list[_Act], default: Rule | None) -> tuple[Step, ...]:
    """What ends the document: the first end, and 撤销 after 失效."""
    found = [step for act in acts if (step := _ending(document, act, acts))]
    if term := _end_of_term(document, acts, default):
        found.append(term)
    found.sort(key=lambda step: (step.start, _RANK[step.kind]))
    if not found or found[0].validity is not Validity.LAPSED:
        return tuple(found[:1])
    revoked = [step for step in found if step.validity is Validity.REVOKED]
    return (found[0], *revoked[:1])


def _ending(document: Document, act: _Act, acts: Iterable[_Act]) -> Step | None:
    relation, subject = act.relation, act.subject
    if relation.kind not in _ENDINGS:
        return None
    by = "" if subject.id == document.id else f"由{_name(subject)}"
    day, verb = act.day, f"{relation.kind}"
    if relation.unless_by:
        after = _day_after(relation.unless_by)
        if after is None or _averted(act, relation.unless_by, acts):
            return None
        day = max(relation.effective_on or after, after)
        by = f"{by}要求在{_say(relation.unless_by)}以前修改或重新公布，逾期未办的，"
    if relation.kind is RelationKind.LAPSES_UNLESS:
        verb = "失效"
    return Step(
        day,
        _ENDINGS[relation.kind],
        f"{by}自{_say(day)}起{verb}{_cause(act)}",
        subject.id,
        relation.kind,
        act_by=relation.unless_by,
    )


def _averted(condition: _Act, deadline: date, acts: Iterable[_Act]) -> bool:
    """Whether the document was amended, renewed or replaced after it was told, in time.

    The day of release counts: 应在…前公布. By the deadline means with the deadline (民法典
    第一千二百五十九条).
    """
    told = condition.subject.released_on or condition.subject.starts_on or date.min
    return any(
        told <= (act.subject.released_on or act.subject.starts_on or act.day) <= deadline
        for act in acts
        if act.relation.kind in _AVERTS and not act.relation.unless_by
    )


def _end_of_term(document: Document, acts: Iterable[_Act], default: Rule | None) -> Step | None:
    """The first day after the term, with the renewals that came in time.

    A renewal is in time when it works at the latest from the day after the last day. It never
    shortens a term: who wants that amends the document.
    """
    last = document.last_day
    if last is None:
        return None
    counted = document.expires_on is None
    reason = f"自施行之日起{document.term}，" if counted else ""
    if default:
        basis = "；".join(str(each) for each in default.basis)
        reason = f"未载明有效期，按{basis}自施行之日起为{document.term}，"
    for act in acts:
        after = _day_after(last)
        if act.relation.kind is RelationKind.RENEWS and after and act.day <= after:
            until, anew = _renewed_until(document, act)
            if until > last:
                last, counted, reason = until, anew, f"经{_name(act.subject)}延续，"
    end = _day_after(last)
    if end is None:
        return None
    return Step(
        end,
        Validity.LAPSED,
        f"{reason}有效期至{_say(last)}，期满自动失效",
        rule=_COUNTED if counted else _LAST_DAY,
        act_by=last,
    )


def _renewed_until(document: Document, act: _Act) -> tuple[date, bool]:
    """The last day after a renewal, and whether it was counted anew (重新计算).

    The day that the renewal names; else a new period from the day it works from: the renewing
    document's 有效期, or the document's own; else no end.
    """
    stated = act.relation.expires_on or act.subject.expires_on
    if stated:
        return stated, False
    period = act.subject.period or document.period
    return (end_of_term(act.day, period), True) if period else (date.max, False)
