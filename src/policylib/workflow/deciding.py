"""Acts that rest on a decision (依决定办理): from which day they work, and the relation they leave.

修改, 延续, 暂停, 恢复, 部分废止, 废止, 宣布失效 and 撤销 rest on a released document that decides so,
or on a note. All are checked against what the document is on that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from policylib.errors import Refused
from policylib.model.document import Document
from policylib.model.relation import Relation
from policylib.model.vocabulary import ENDED, Act, RelationKind, Stage, Validity
from policylib.workflow.validity import Step, validity

__all__ = ["DECIDED", "Grounds", "decided"]

#: What an act that rests on a decision leaves behind.
DECIDED: Mapping[Act, RelationKind] = {
    Act.AMEND: RelationKind.AMENDS,
    Act.RENEW: RelationKind.RENEWS,
    Act.SUSPEND: RelationKind.SUSPENDS,
    Act.RESUME: RelationKind.RESUMES,
    Act.PARTLY_REPEAL: RelationKind.PARTLY_REPEALS,
    Act.REPEAL: RelationKind.REPEALS,
    Act.DECLARE_LAPSED: RelationKind.DECLARES_LAPSED,
    Act.REVOKE: RelationKind.REVOKES,
}
_NEEDS_FORCE = {Act.AMEND, Act.RENEW, Act.SUSPEND, Act.PARTLY_REPEAL}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Grounds:
    """On what an act rests (办理依据).

    ``maker`` is the deciding document, ``note`` stands in for one. ``on`` is the first day,
    ``until`` the last day of a renewal or the deadline of 附条件失效, ``provision`` the part meant.
    """

    maker: Document | None = None
    note: str | None = None
    on: date | None = None
    until: date | None = None
    provision: str | None = None


def decided(
    act: Act, document: Document, grounds: Grounds, steps: tuple[Step, ...]
) -> tuple[date | None, tuple[Relation, ...]]:
    """From which day ``act`` works, and its relation; neither for an act that needs no decision.

    Raises:
        Refused: nothing to rest on, days out of order, or the document is not what it should be.

    """
    if act not in DECIDED:
        return None, ()
    day = _day(act, document, grounds)
    kind = DECIDED[act]
    if act is Act.DECLARE_LAPSED and grounds.until:
        kind = RelationKind.LAPSES_UNLESS
        if day <= grounds.until:
            raise Refused(
                f"失效的日期（{day}）应晚于限期（{grounds.until}），请核对 --on 和 --until"
            )
    if act is Act.PARTLY_REPEAL and not grounds.provision:
        raise Refused("请写明废止哪些条款：--provision 第三条")
    _stands(act, day, grounds, steps)
    maker = grounds.maker
    if maker is None and act is Act.AMEND:
        return day, ()
    relation = Relation(
        subject_id=maker.id if maker else document.id,
        kind=kind,
        target=document.id,
        object_id=document.id,
        provision=grounds.provision,
        effective_on=day,
        expires_on=grounds.until if act is Act.RENEW else None,
        unless_by=grounds.until if kind is RelationKind.LAPSES_UNLESS else None,
        note=None if maker else grounds.note,  # without a deciding document the note is the basis
    )
    return day, (relation,)


def _day(act: Act, document: Document, grounds: Grounds) -> date:
    maker, note = grounds.maker, grounds.note
    if maker is None and not note:
        raise Refused(f"请写明{act}的依据：--made-by 作出决定的文件，或 --note 说明")
    if maker is not None and maker.stage is not Stage.RELEASED:
        raise Refused(f"作出决定的文件“{maker.id}”还没有公布，公布后才能据以{act}")
    day = grounds.on or (maker.starts_on if maker else None)
    if day is None and act is Act.DECLARE_LAPSED and grounds.until and grounds.until < date.max:
        day = grounds.until + _DAY
    if day is None:
        raise Refused(f"请写明自哪一天起{act}：--on 2026-01-01")
    if act is Act.REVOKE:  # may reach back
        return day
    if maker is not None and maker.starts_on and day < maker.starts_on:
        raise Refused(f"{act}的日期（{day}）早于决定施行的日期（{maker.starts_on}），请核对")
    written = document.written_on or document.released_on
    if written and day < written:
        raise Refused(f"{act}的日期（{day}）早于文件本身的日期（{written}），请核对")
    return day


def _stands(act: Act, day: date, grounds: Grounds, steps: tuple[Step, ...]) -> None:
    """Refuse what can do nothing: to renew what has lapsed, to resume what is not suspended."""
    eve = day - _DAY if act is Act.RENEW and day > date.min else day
    found = validity(steps, eve)
    if act in _NEEDS_FORCE and found in ENDED:
        raise Refused(f"文件在{eve}已经{found}，不能再{act}；需要继续执行的，请重新制定公布")
    if act is Act.RESUME and found is not Validity.SUSPENDED and not grounds.provision:
        raise Refused(f"文件在{day}是“{found}”，没有暂停施行，不能恢复")
    if act is Act.RENEW and grounds.until:
        last = next(
            (
                s.start - _DAY
                for s in steps
                if s.validity is Validity.LAPSED and s.start and s.act_by
            ),
            None,
        )
        if grounds.until < day or (last and grounds.until <= last):
            raise Refused(
                f"延续至的日期（{grounds.until}）应晚于现在的有效期（{last or day}），请核对"
            )
