"""Doing an act (办理): what it makes of the document, the decision, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from policylib.errors import ParseError, Refused
from policylib.files.documentfile import BESIDE, explain, forbid_control, validate_header
from policylib.library.offering import offering
from policylib.library.office import Office
from policylib.library.targets import now_found
from policylib.model.document import Document, Edition, Header
from policylib.model.event import Change, Evidence, Offering, Record
from policylib.model.finding import Finding
from policylib.model.relation import Relation
from policylib.model.ruleset import StepName
from policylib.model.vocabulary import Act, Conclusion, Role, Stage
from policylib.store.sql import SqlStore
from policylib.workflow.deciding import DECIDED, Grounds, decided
from policylib.workflow.transitions import Decision, decide

__all__ = ["Acting", "Doing"]

#: Header fields that are only known when a document is released.
_AT_RELEASE = {"released_on", "index_number", "source_url"}
#: Acts that come to a conclusion.
_CONCLUDES = {
    Act.LEGAL_REVIEW, Act.SECRECY_REVIEW, Act.DELIBERATE, Act.REVIEW, Act.SIGN,
    Act.STEP, Act.RETURN,
}  # fmt: skip
#: Acts that bring a text, those that must, and those whose note is told to everybody.
_BRINGS_TEXT = {Act.DRAFT, Act.REVISE, Act.AMEND, Act.CORRECT}
#: Acts by which a text becomes public: it must be this library's own.
_PUBLISHES = {Act.RELEASE, Act.AMEND, Act.CORRECT}
_NEEDS_NOTE = {
    Act.CORRECT: "更正的内容和原因（将向社会公开）",
    Act.WITHDRAW: "撤回的原因（将向社会公开）",
    Act.RETRACT: "撤销认定的原因",
}
_NEEDS_PROOF = {
    Act.DELIBERATE: "会议名称和次数，如 --note 县政府第12次常务会议，或 --evidence 会议纪要",
    Act.STEP: "办理情况，如 --note 专家论证会2026年3月1日，或 --evidence 材料",
}


@dataclass(frozen=True, slots=True)
class Doing:
    """An act as it is asked for (办理请求); see :meth:`policylib.Library.act`."""

    act: Act
    id: str
    by: str
    role: Role
    at: datetime
    note: str | None = None
    fields: Mapping[str, Any] | None = None
    body: str | None = None
    on: date | None = None
    until: date | None = None
    provision: str | None = None
    made_by: str | None = None
    step: StepName | None = None
    conclusion: Conclusion | None = None
    evidence: tuple[Evidence, ...] = ()
    report: Mapping[str, Any] | None = None
    relations: tuple[Relation, ...] = ()
    retracted: tuple[Relation, ...] = ()
    measures: tuple[dict[str, Any], ...] | None = None
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class Acting:
    """Acts on one store.

    ``findings`` looks a document over as it would be released; ``office`` knows the procedure and
    the chain of each document; ``refuse_owned`` refuses the text of a document of another organ.
    """

    store: SqlStore
    findings: Callable[[Document, str, Sequence[Mapping[str, Any]]], Iterable[Finding]]
    office: Office
    refuse_owned: Callable[[Header, str], None] | None = None

    def do(self, doing: Doing) -> Document:
        """See :meth:`policylib.Library.act`."""
        act, id, fields, body = doing.act, doing.id, doing.fields or {}, doing.body
        before = self.store.document(id)
        current = self.store.edition(id)
        _fits(doing, before)
        after = _with_fields(before, act, fields, doing.at)
        text = body if body is not None else (current.body if current else "")
        offered = self._offering(doing)
        gate = self._gate(doing, after, text, current, offered)
        decision = decide(before, act, role=doing.role, findings=gate)
        _unless_refused(decision)
        if self.refuse_owned and (act in _PUBLISHES or body is not None):
            self.refuse_owned(after, text)
        turn = self.office.turn(act, after, doing.by)
        proven = bool(doing.note or doing.evidence)
        waits = self.office.in_the_way(act, after, doing.at.date(), proven=proven)
        reasons = (*turn.reasons, *waits)
        if reasons:
            raise Refused(*reasons)
        assert decision.stage is not None  # noqa: S101 - not refused
        after = after.model_copy(update={"stage": decision.stage, "version": before.version + 1})
        along: list[Change] = []
        if act is Act.RELEASE:
            day_of_release = after.released_on or doing.at.date()
            along = [
                self._along(each, after, doing)
                for each in self.office.released_with(before, day_of_release)
            ]
        maker = self.store.document(doing.made_by) if doing.made_by else None
        grounds = Grounds(maker, doing.note, doing.on, doing.until, doing.provision)
        steps = self.office.steps(before) if act in DECIDED else ()
        day, relations = decided(act, before, grounds, steps)
        edition = _edition(doing, current, day)
        detail = {
            **(doing.report or {}),
            **_detail(doing, day, [each.document.id for each in along]),
            **({"level": turn.level.name, "chain": turn.chain} if turn.level else {}),
            **({"corrects": current.number} if edition and current and act is Act.CORRECT else {}),
        }
        try:
            record = Record(
                document_id=id, act=act, actor=doing.by, role=doing.role, at=doing.at,
                stage=after.stage, note=doing.note, detail=detail,
            )  # fmt: skip
        except ValidationError as error:  # a note too long, a time without its zone
            raise Refused(explain(error)) from None
        change = Change(
            record=record,
            document=after,
            edition=edition,
            offering=offered,
            relations=(*relations, *doing.relations),
            retracted=doing.retracted,
            expects={maker.id: maker.version} if maker else {},
        )
        renamed = after.doc_number != before.doc_number
        self.store.record(
            [change, *along], resolved=now_found(self.store, [after]) if renamed else None
        )
        return after

    def _gate(
        self,
        doing: Doing,
        after: Document,
        text: str,
        current: Edition | None,
        offered: Offering | None,
    ) -> Iterable[Finding]:
        """What may speak against a gated act; against measures only what is wrong with them."""
        if offered is not None:
            texts = {each.number: each.body for each in self.store.editions(doing.id)}
            found = self.findings(after, texts[offered.edition], offered.measures)
            return [each for each in found if each.code.startswith("MEA")]
        if doing.act not in {Act.RELEASE, Act.CORRECT}:
            return ()
        measures = _kept(current) if doing.measures is None else doing.measures
        return self.findings(after, text, measures)

    def _offering(self, doing: Doing) -> Offering | None:
        if doing.act is not Act.MEASURE or doing.measures is None:
            return None
        return offering(doing.id, self.store.editions(doing.id), doing.measures, doing.edition)

    def _along(self, companion: Document, policy: Document, doing: Doing) -> Change:
        """The release of a companion together with ``policy``, through the same gate."""
        day = {} if companion.released_on else {"released_on": policy.released_on}
        after = _with_fields(companion, Act.RELEASE, day, doing.at)
        current = self.store.edition(companion.id)
        gate = self.findings(after, current.body if current else "", _kept(current))
        decision = decide(companion, Act.RELEASE, role=doing.role, findings=gate)
        reasons = [*decision.reasons]
        reasons += self.office.in_the_way(Act.RELEASE, after, doing.at.date())
        if after.released_on and policy.released_on and after.released_on < policy.released_on:
            reasons.append(f"发布日期（{after.released_on}）早于文件（{policy.released_on}）")
        if reasons or decision.stage is None:
            raise Refused(*(f"一并公布的解读“{companion.id}”：{reason}" for reason in reasons))
        version = companion.version + 1
        after = after.model_copy(update={"stage": decision.stage, "version": version})
        record = Record(
            document_id=companion.id,
            act=Act.RELEASE,
            actor=doing.by,
            role=doing.role,
            at=doing.at,
            stage=after.stage,
            note=f"与“{policy.id}”一并公布"[:500],
            detail={"released_with": policy.id},
        )
        return Change(record=record, document=after)


def _unless_refused(decision: Decision) -> None:
    if not decision.allowed:
        raise Refused(*decision.reasons)


def _fits(doing: Doing, document: Document) -> None:
    """Refuse what does not belong to the act."""
    act, body, fields = doing.act, doing.body, doing.fields or {}
    reasons = []
    if fields and document.stage is Stage.RELEASED and act is not Act.CORRECT:
        reasons.append(
            "文件已公布，不能直接改文件头；写错的请用 correct 更正，改内容请用 amend 修改"
        )
    if body is not None and act not in _BRINGS_TEXT:
        reasons.append(f"“{act}”不能同时换正文，请先用 revise 改稿或用 amend 修改")
    if act in _BRINGS_TEXT and body is None and not (act is not Act.AMEND and fields):
        reasons.append(f"“{act}”需要新的正文：--body 文件")
    if (doing.on or doing.made_by) and act not in DECIDED:
        reasons.append(f"“{act}”不需要 --on 和 --made-by")
    if doing.until and act not in {Act.RENEW, Act.DECLARE_LAPSED}:
        reasons.append(f"“{act}”不需要 --until，只有延续和附条件的宣布失效需要")
    if doing.provision and act not in DECIDED:
        reasons.append(f"“{act}”不需要 --provision")
    if (doing.step is not None) is not (act is Act.STEP):
        reasons.append(
            "“办理环节”请用 --step 写明环节，如 --step 专家论证"
            if act is Act.STEP
            else f"“{act}”不需要 --step"
        )
    reasons += [*_wrong_proof(doing), *_wrong_measures(doing)]
    if doing.made_by == document.id:
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


def _wrong_proof(doing: Doing) -> list[str]:
    """What is wrong with conclusion, note and evidence."""
    act, reasons = doing.act, []
    if act in {Act.CONFIRM, Act.REJECT, Act.RETRACT} and not doing.report:
        reasons.append(f"“{act}”请用 links 命令办理：policylib links {doing.id}")
    if doing.conclusion and act not in _CONCLUDES:
        reasons.append(f"“{act}”不需要 --conclusion")
    if doing.conclusion is Conclusion.FAILED and act is not Act.RETURN:
        reasons.append(f"结论为“{doing.conclusion}”的，请用 return 退回并说明理由")
    if doing.conclusion not in {None, Conclusion.FAILED} and act is Act.RETURN:
        reasons.append("退回的结论只能是“不通过”")
    if act in _NEEDS_NOTE and not (doing.note or "").strip():
        reasons.append(f"请用 --note 写明{_NEEDS_NOTE[act]}")
    if act in _NEEDS_PROOF and not (doing.note or "").strip() and not doing.evidence:
        reasons.append(f"请写明{_NEEDS_PROOF[act]}")
    return reasons


def _wrong_measures(doing: Doing) -> list[str]:
    """What is wrong with measures and the text they are for."""
    act = doing.act
    if act is Act.MEASURE:
        alone = doing.measures is not None and not doing.fields
        return [] if alone else [f"“{act}”只改事项，请用 --measures 文件 写明（YAML 或 JSON）"]
    reasons = []
    if doing.measures is not None and doing.body is None:
        reasons.append(f"“{act}”不能单独改事项，请用 act measures 登记事项")
    if doing.edition:
        reasons.append(f"“{act}”不需要 --edition")
    return reasons


def _with_fields(document: Document, act: Act, fields: Mapping[str, Any], at: datetime) -> Document:
    """The document with its header fields set; the day of release is set when it has none."""
    merged = {**document.model_dump(exclude={"id", "stage", "version"}), **fields}
    if act is Act.RELEASE and merged.get("released_on") is None:
        merged["released_on"] = at.date()
    if act is Act.RELEASE and (late := set(fields) - _AT_RELEASE):
        raise Refused(f"签发后不能再改{'、'.join(sorted(late))}，请先退回（return）再改稿")
    if unknown := set(fields) - set(Header.model_fields):
        raise Refused(f"不认识的文件头字段：{'、'.join(sorted(unknown))}")
    if act is Act.NUMBER and not merged.get("registration_number"):
        raise Refused("请写明登记编号：--set registration_number=编号")
    try:
        header = validate_header(merged)
        values = header.model_dump(exclude=set(BESIDE))
        return Document(id=document.id, stage=document.stage, version=document.version, **values)
    except ParseError as error:
        raise Refused(str(error)) from None
    except ValidationError as error:
        raise Refused(explain(error)) from None


def _edition(doing: Doing, current: Edition | None, day: date | None) -> Edition | None:
    """The text that the act brings; a correction stands from the day of the text it corrects."""
    if doing.body is None:
        return None
    last = current.effective_on if current else None
    if doing.act is Act.AMEND and last and day and day < last:
        raise Refused(f"修改的日期（{day}）早于上一次修改生效的日期（{last}），请核对")
    corrects = doing.act is Act.CORRECT and current is not None
    return Edition(
        document_id=doing.id,
        number=current.number + 1 if current else 1,
        effective_on=last if corrects else day,
        body=doing.body,
        made_by=current.made_by if corrects and current else doing.made_by,
        measures=doing.measures if doing.measures is not None else _kept(current),
    )


def _kept(current: Edition | None) -> tuple[dict[str, Any], ...]:
    return current.measures if current else ()


def _detail(doing: Doing, day: date | None, together: list[str]) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if doing.fields:
        detail["fields"] = {key: str(value) for key, value in doing.fields.items()}
    if day:
        detail["effective_on"] = day.isoformat()
    if doing.until:
        detail["until"] = doing.until.isoformat()
    for name in ("made_by", "provision", "step"):
        if value := getattr(doing, name):
            detail[name] = str(value)
    if doing.act in _CONCLUDES:
        usual = Conclusion.FAILED if doing.act is Act.RETURN else Conclusion.PASSED
        detail["conclusion"] = str(doing.conclusion or usual)
    if doing.evidence:
        detail["evidence"] = [each.model_dump(mode="json") for each in doing.evidence]
    if together:
        detail["together"] = together
    return detail
