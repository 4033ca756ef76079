"""Doing an act (办理): what it makes of the document, the decision, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from policylib.errors import ParseError, Refused
from policylib.files.documentfile import explain, forbid_control, validate_header
from policylib.library.targets import now_found
from policylib.model.document import Document, Edition, Header
from policylib.model.event import Change, Record
from policylib.model.finding import Finding
from policylib.model.relation import Relation
from policylib.model.vocabulary import Act, RelationKind, Role, Stage
from policylib.store.sql import SqlStore
from policylib.workflow.transitions import decide

__all__ = ["Acting"]

#: Header fields that are only known when a document is released.
_AT_RELEASE = {"released_on", "index_number", "source_url"}
_RELATION = {Act.AMEND: RelationKind.AMENDS, Act.REPEAL: RelationKind.REPEALS}


def _alone(document: Document, on: date) -> tuple[Document, ...]:  # noqa: ARG001
    return ()


@dataclass(frozen=True, slots=True)
class Acting:
    """Acts on one store; ``findings`` looks a document over as it would be released.

    ``together`` says what is released along with a document on a day, or refuses.
    """

    store: SqlStore
    findings: Callable[[Document, str], Iterable[Finding]]
    together: Callable[[Document, date], Iterable[Document]] = _alone

    def do(
        self,
        act: Act,
        id: str,
        *,
        by: str,
        role: Role,
        note: str | None,
        at: datetime,
        fields: Mapping[str, Any],
        body: str | None,
        on: date | None,
        made_by: str | None,
    ) -> Document:
        """See :meth:`policylib.Library.act`."""
        before = self.store.document(id)
        current = self.store.edition(id)
        _fits(act, before, fields=fields, body=body, on=on, made_by=made_by)
        after = _with_fields(before, act, fields, at)
        text = body if body is not None else (current.body if current else "")
        gate = self.findings(after, text) if act is Act.RELEASE else ()
        decision = decide(before, act, role=role, findings=gate)
        if not decision.allowed or decision.stage is None:
            raise Refused(*decision.reasons)
        after = after.model_copy(update={"stage": decision.stage, "version": before.version + 1})
        along: list[Change] = []
        if act is Act.RELEASE:
            day_of_release = after.released_on or at.date()
            along = [
                self._along(each, after, by=by, role=role, at=at)
                for each in self.together(before, day_of_release)
            ]
        maker = self.store.document(made_by) if made_by else None
        day = _day(act, before, maker, on, note)
        edition = None
        if body is not None:
            number = current.number + 1 if current else 1
            edition = Edition(
                document_id=id, number=number, effective_on=day, body=body, made_by=made_by
            )
        if current and current.effective_on and day and act is Act.AMEND:
            _in_order(day, current.effective_on)
        try:
            record = Record(
                document_id=id,
                act=act,
                actor=by,
                role=role,
                at=at,
                stage=after.stage,
                note=note,
                detail=_detail(fields, day, made_by, [each.document.id for each in along]),
            )
        except ValidationError as error:  # a note too long, a time without its zone
            raise Refused(explain(error)) from None
        change = Change(
            record=record,
            document=after,
            edition=edition,
            relations=_relations(act, before, maker, day, note),
            expects={maker.id: maker.version} if maker else {},
        )
        renamed = after.doc_number != before.doc_number
        self.store.record(
            [change, *along], resolved=now_found(self.store, [after]) if renamed else None
        )
        return after

    def _along(
        self, companion: Document, policy: Document, *, by: str, role: Role, at: datetime
    ) -> Change:
        """The release of a companion together with ``policy``, through the same gate."""
        day = {} if companion.released_on else {"released_on": policy.released_on}
        after = _with_fields(companion, Act.RELEASE, day, at)
        current = self.store.edition(companion.id)
        gate = self.findings(after, current.body if current else "")
        decision = decide(companion, Act.RELEASE, role=role, findings=gate)
        reasons = list(decision.reasons)
        if after.released_on and policy.released_on and after.released_on < policy.released_on:
            reasons.append(f"发布日期（{after.released_on}）早于文件（{policy.released_on}）")
        if reasons or decision.stage is None:
            raise Refused(*(f"一并公布的解读“{companion.id}”：{reason}" for reason in reasons))
        version = companion.version + 1
        after = after.model_copy(update={"stage": decision.stage, "version": version})
        record = Record(
            document_id=companion.id,
            act=Act.RELEASE,
            actor=by,
            role=role,
            at=at,
            stage=after.stage,
            note=f"与“{policy.id}”一并公布"[:500],
            detail={"released_with": policy.id},
        )
        return Change(record=record, document=after)

    def enter(
        self,
        act: Act,
        document: Document,
        *,
        by: str,
        role: Role,
        note: str | None,
        at: datetime,
        detail: Mapping[str, Any],
    ) -> None:
        """Enter an act that changes nothing of the document but its history.

        Raises:
            Refused: the table does not allow it; Conflict: ``document`` has moved on since.

        """
        decision = decide(document, act, role=role)
        if not decision.allowed or decision.stage is None:
            raise Refused(*decision.reasons)
        record = Record(
            document_id=document.id, act=act, actor=by, role=role, at=at, stage=decision.stage,
            note=note, detail=detail,
        )  # fmt: skip
        after = document.model_copy(update={"version": document.version + 1})
        self.store.record([Change(record=record, document=after)])


def _fits(
    act: Act,
    document: Document,
    *,
    fields: Mapping[str, Any],
    body: str | None,
    on: date | None,
    made_by: str | None,
) -> None:
    """Refuse what does not belong to the act."""
    reasons = []
    if fields and document.stage is Stage.RELEASED:
        reasons.append("文件已公布，不能直接改文件头，请用 amend 办理修改")
    if body is not None and act not in (Act.REVISE, Act.AMEND):
        reasons.append(f"“{act}”不能同时换正文，请先用 revise 改稿或用 amend 修改")
    if act in (Act.REVISE, Act.AMEND) and body is None and not (act is Act.REVISE and fields):
        reasons.append(f"“{act}”需要新的正文：--body 文件")
    if (on or made_by) and act not in (Act.AMEND, Act.REPEAL):
        reasons.append(f"“{act}”不需要 --on 和 --made-by")
    if made_by == document.id:
        reasons.append("文件不能修改或废止自己，请写作出决定的另一份文件")
    if body is not None:
        try:
            forbid_control(body)
        except ParseError as error:
            reasons.append(str(error))
        if not body.strip():
            reasons.append("正文为空，请补充正文后重试")
    if reasons:
        raise Refused(*reasons)


def _with_fields(document: Document, act: Act, fields: Mapping[str, Any], at: datetime) -> Document:
    """The document with its header fields set; the day of release is set when it has none."""
    merged = {**document.model_dump(exclude={"id", "stage", "version"}), **fields}
    if act is Act.RELEASE and merged.get("released_on") is None:
        merged["released_on"] = at.date()
    if act is Act.RELEASE and (late := set(fields) - _AT_RELEASE):
        raise Refused(f"签发后不能再改{'、'.join(sorted(late))}，请先退回（return）再改稿")
    if unknown := set(fields) - set(Header.model_fields):
        raise Refused(f"不认识的文件头字段：{'、'.join(sorted(unknown))}")
    try:
        header = validate_header(merged)
        values = header.model_dump(exclude={"id", "relations"})
        return Document(id=document.id, stage=document.stage, version=document.version, **values)
    except ParseError as error:
        raise Refused(str(error)) from None
    except ValidationError as error:
        raise Refused(explain(error)) from None


def _day(
    act: Act, document: Document, maker: Document | None, on: date | None, note: str | None
) -> date | None:
    """From which day 修改 or 废止 works."""
    if act not in _RELATION:
        return None
    if maker is None and not note:
        raise Refused(f"请写明{act}的依据：--made-by 作出决定的文件，或 --note 说明")
    if maker is not None and maker.stage is not Stage.RELEASED:
        raise Refused(f"作出决定的文件“{maker.id}”还没有公布，公布后才能据以{act}")
    day = on or (maker.starts_on if maker else None)
    if day is None:
        raise Refused(f"请写明自哪一天起{act}：--on 2026-01-01")
    if maker is not None and maker.starts_on and day < maker.starts_on:
        raise Refused(f"{act}的日期（{day}）早于决定施行的日期（{maker.starts_on}），请核对")
    written = document.written_on or document.released_on
    if written and day < written:
        raise Refused(f"{act}的日期（{day}）早于文件本身的日期（{written}），请核对")
    return day


def _in_order(day: date, last: date) -> None:
    if day < last:
        raise Refused(f"修改的日期（{day}）早于上一次修改生效的日期（{last}），请核对")


def _relations(
    act: Act, document: Document, maker: Document | None, day: date | None, note: str | None
) -> tuple[Relation, ...]:
    if act not in _RELATION:
        return ()
    if maker is None and act is Act.AMEND:
        return ()
    return (
        Relation(
            subject_id=maker.id if maker else document.id,
            kind=_RELATION[act],
            target=document.id,
            object_id=document.id,
            effective_on=day,
            note=None if maker else note,  # without a deciding document the note is the basis
        ),
    )


def _detail(
    fields: Mapping[str, Any], day: date | None, made_by: str | None, together: list[str]
) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if fields:
        detail["fields"] = {key: str(value) for key, value in fields.items()}
    if day:
        detail["effective_on"] = day.isoformat()
    if made_by:
        detail["made_by"] = made_by
    if together:
        detail["together"] = together
    return detail
