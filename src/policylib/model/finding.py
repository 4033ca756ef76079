"""Finding: something to mend, as a value."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policylib.model.document import Value
from policylib.model.vocabulary import Severity

__all__ = ["Finding"]


class Finding(Value):
    """What a check has to say of a document (检查发现): a code, where, what and how to mend it."""

    code: Annotated[str, Field(title="检查项", description="如 DAT001")]
    severity: Annotated[Severity, Field(title="严重程度")]
    document: Annotated[str, Field(title="文件", description="文件标识或路径")]
    locator: Annotated[str | None, Field(title="位置", description="条款或字段")] = None
    message: Annotated[str, Field(title="问题")]
    fix: Annotated[str, Field(title="整改办法")]
