"""Relation: how one document (or a provision of it) stands to another."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from policylib.model.document import Day, DocumentId, Value, Word
from policylib.model.vocabulary import Origin, RelationKind

__all__ = ["Declaration", "Relation"]


class Declaration(Value):
    """A relation as a file declares it (登记的关系): the target is named, not yet looked up."""

    kind: Annotated[
        RelationKind, Field(title="关系", description="本文件对目标文件：依据、修改、废止、解读等")
    ]
    target: Annotated[
        Word, Field(title="目标文件", description="目标文件的 id、发文字号或带书名号的标题")
    ]
    provision: Annotated[Word | None, Field(title="条款", description="如 第三条第二款")] = None
    effective_on: Annotated[
        Day | None, Field(title="生效日期", description="空白的按本文件施行日期算")
    ] = None
    expires_on: Annotated[
        Day | None,
        Field(title="延续至", description="延续后有效的最后一天；空白的按本文件的有效期至或有效期"),
    ] = None
    unless_by: Annotated[
        Day | None,
        Field(title="限期", description="目标文件在该日以前（含该日）修改或重新公布的，不失效"),
    ] = None
    reason: Annotated[
        Word | None,
        Field(title="原因", description="如 对象已消失、任务已完成、适用期已过、被新规定替代"),
    ] = None
    note: Annotated[Word | None, Field(title="说明")] = None


class Relation(Value):
    """A relation between two documents (文件关系), read "subject KIND object".

    ``object_id`` is ``None`` while the target is not in the library; ``target`` keeps what was
    written. ``effective_on`` is the day the relation works from, where it has one. ``expires_on``
    is the new last day of a renewal (延续); with ``unless_by`` an ending (附条件失效) works only if
    nothing was done about the object by that day; ``reason`` says why an organ ended it.
    """

    subject_id: Annotated[DocumentId, Field(title="文件标识")]
    kind: Annotated[RelationKind, Field(title="关系")]
    target: Annotated[Word, Field(title="目标", description="文件中写明的目标")]
    object_id: Annotated[DocumentId | None, Field(title="目标文件标识")] = None
    provision: Annotated[Word | None, Field(title="条款")] = None
    effective_on: Annotated[date | None, Field(title="生效日期")] = None
    expires_on: Annotated[date | None, Field(title="延续至")] = None
    unless_by: Annotated[date | None, Field(title="限期")] = None
    reason: Annotated[Word | None, Field(title="原因")] = None
    origin: Annotated[Origin, Field(title="来源")] = Origin.DECLARED
    note: Annotated[Word | None, Field(title="说明")] = None
