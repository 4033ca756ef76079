"""Event and Change: who did what and when, and what it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from policylib.model.document import Document, DocumentId, Edition, Value, Word
from policylib.model.relation import Relation
from policylib.model.vocabulary import Act, Role, Stage

__all__ = ["GENESIS", "Change", "Event", "Evidence", "Offering", "Record", "Statement"]

#: The digest that stands before the first event of a journal.
GENESIS = "0" * 64


class Evidence(Value):
    """An attachment that shows what an act rests on (凭据): its name, its size in bytes and its SHA-256.

    The file itself stays where the office keeps it.
    """

    name: Annotated[Word, Field(title="名称")]
    size: Annotated[int, Field(title="字节数", ge=0)]
    sha256: Annotated[str, Field(title="SHA-256", pattern="^[0-9a-f]{64}$")]

    @classmethod
    def of(cls, name: str, content: bytes) -> Evidence:
        """The evidence that a file's content is."""
        digest = hashlib.sha256(content).hexdigest()
        return cls(name=name, size=len(content), sha256=digest)


class Record(Value):
    """An event before the journal has taken it (待入账事件)."""

    document_id: Annotated[DocumentId, Field(title="文件标识")]
    act: Annotated[Act, Field(title="动作")]
    actor: Annotated[Word, Field(title="经办人")]
    role: Annotated[Role, Field(title="角色")]
    at: Annotated[AwareDatetime, Field(title="时间", description="带时区")]
    stage: Annotated[Stage, Field(title="办理后阶段")]
    note: Annotated[Word | None, Field(title="备注")] = None
    detail: Annotated[Mapping[str, Any], Field(title="明细", description="正文摘要值等")] = {}


class Event(Record):
    """One line of the journal (办理日志): append-only, chained by digests.

    ``position`` orders the whole journal, ``seq`` the events of one document, both from 1.
    ``digest`` is SHA-256 over ``previous`` and the event's canonical JSON.
    """

    position: Annotated[int, Field(title="总序号", ge=1)]
    seq: Annotated[int, Field(title="文件内序号", ge=1)]
    previous: Annotated[str, Field(title="上一条摘要")]
    digest: Annotated[str, Field(title="摘要")]

    @property
    def confirmed(self) -> tuple[Relation, ...]:
        """The relations that the event confirmed (确认关系), as they were."""
        return tuple(Relation.model_validate(each) for each in self.detail.get("confirmed", ()))

    @property
    def retracted(self) -> tuple[Relation, ...]:
        """The relations that the event took back (撤销认定), as they were."""
        return tuple(Relation.model_validate(each) for each in self.detail.get("retracted", ()))

    @classmethod
    def chain(cls, record: Record, *, position: int, seq: int, previous: str) -> Event:
        """The journal's next event after the one with digest ``previous``."""
        fields = {**record.model_dump(mode="json"), "position": position, "seq": seq}
        return cls.model_validate(
            {**fields, "previous": previous, "digest": _digest(previous, fields)}
        )

    @property
    def line(self) -> str:
        """The event as one line of canonical JSON: sorted keys, no spaces.

        Its digest is SHA-256 over ``previous``, a newline and this line without the two digests.
        """
        return _canonical(self.model_dump(mode="json"))

    def is_intact(self) -> bool:
        """Whether the digest fits the event's own content and ``previous``."""
        fields = self.model_dump(mode="json", exclude={"previous", "digest"})
        return self.digest == _digest(self.previous, fields)


def _digest(previous: str, fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{previous}\n{_canonical(fields)}".encode()).hexdigest()


def _canonical(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Statement(Value):
    """What the public is told of a released document later (公开说明): 更正 or 撤回, and why."""

    act: Annotated[Act, Field(title="动作")]
    on: Annotated[date, Field(title="日期")]
    text: Annotated[str, Field(title="说明")]


class Offering(Value):
    """What a text that is in the library offers from now on (文本的事项); empty: nothing."""

    edition: Annotated[int, Field(title="版次", ge=1)]
    measures: Annotated[tuple[dict[str, Any], ...], Field(title="事项")]


class Change(Value):
    """One event with the values it leaves behind (变更).

    ``document`` is the document after the change, its ``version`` one more than before.
    ``expects`` names neighbours the decision has read and the versions it saw; the store refuses
    the change with :class:`~policylib.errors.Conflict` when one has moved on. ``offering`` puts
    measures to a text that is there already. ``retracted`` are relations of the document that are
    taken back, as they are in the library.
    """

    record: Record
    document: Document
    edition: Edition | None = None
    offering: Offering | None = None
    relations: tuple[Relation, ...] = ()
    retracted: tuple[Relation, ...] = ()
    expects: Mapping[str, int] = {}

    def signed(self) -> Record:
        """The record with the digests of header and text, so that the chain covers them too.

        Measures stand in it whole: they may be put to a text later and replaced, and the journal
        keeps what they were. So do relations that are taken back.
        """
        detail = {**self.record.detail, "document_digest": self.document.digest}
        if self.edition is not None:
            detail |= {"edition": self.edition.number, "body_digest": self.edition.digest}
            if self.edition.measures:
                detail["measures"] = self.edition.measures
        if self.offering is not None:
            detail |= self.offering.model_dump()
        if self.retracted:
            detail["retracted"] = [
                each.model_dump(mode="json", exclude_none=True) for each in self.retracted
            ]
        return self.record.model_copy(update={"detail": detail})
