"""Finding: something to mend, as a value; and what may be wrong with a measure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from policylib.model.document import Value
from policylib.model.vocabulary import Severity

__all__ = ["FaultKind", "Finding", "MeasureFault"]


class Finding(Value):
    """What a check has to say of a document (检查发现): a code, where, what and how to mend it."""

    code: Annotated[str, Field(title="检查项", description="如 DAT001")]
    severity: Annotated[Severity, Field(title="严重程度")]
    document: Annotated[str, Field(title="文件", description="文件标识或路径")]
    locator: Annotated[str | None, Field(title="位置", description="条款或字段")] = None
    message: Annotated[str, Field(title="问题")]
    fix: Annotated[str, Field(title="整改办法")]


class FaultKind(StrEnum):
    """What is wrong with a measure (事项问题)."""

    UNFIT = "与词表不符"
    NO_PROVISION = "没有依据条款"
    LOST_PROVISION = "条款不存在"
    MISQUOTED = "引文不符"
    NEVER = "不可能成立"
    ALWAYS = "恒成立"
    STALE = "参数过期"


@dataclass(frozen=True, slots=True)
class MeasureFault:
    """What is wrong with a measure of a text, and what to do. An error keeps it from matching."""

    measure: str
    message: str
    is_error: bool = True
    kind: FaultKind = FaultKind.UNFIT
