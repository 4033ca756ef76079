"""Entering an act that changes nothing of the document but its history (登记)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from policylib.errors import Refused
from policylib.model.document import Document
from policylib.model.event import Change, Record
from policylib.model.vocabulary import Act, Role
from policylib.store.sql import SqlStore
from policylib.workflow.transitions import decide

__all__ = ["enter"]


def enter(
    store: SqlStore,
    act: Act,
    document: Document,
    *,
    by: str,
    role: Role,
    note: str | None,
    at: datetime,
    detail: Mapping[str, Any],
) -> None:
    """Enter 到期提示 or 办结事项 in the journal.

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
    store.record([Change(record=record, document=after)])
