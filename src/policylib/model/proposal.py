"""Proposal: a relation read in a text, for an officer to confirm or reject (待确认的关系)."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from policylib.model.document import Day, DocumentId, Value, Word
from policylib.model.vocabulary import RelationKind

__all__ = ["Proposal", "ProposalState", "proposal_key"]


class ProposalState(StrEnum):
    """What became of a proposal (确认情况)."""

    OPEN = "待确认"
    KNOWN = "已登记"
    CONFIRMED = "已确认"
    REJECTED = "不采纳"


class Proposal(Value):
    """A relation that a text states (提取的关系), with its evidence.

    ``candidates`` are ids of documents that may be meant, the likeliest first; it is ``certain``
    when just one can be: by its number, or by its title together with its date. ``edition`` and
    ``span`` say where the words ``quote`` stand.
    """

    subject_id: Annotated[DocumentId, Field(title="文件标识")]
    kind: Annotated[RelationKind, Field(title="关系")]
    target: Annotated[Word, Field(title="目标", description="文中写明的标题和文号")]
    candidates: Annotated[tuple[DocumentId, ...], Field(title="可能的文件")] = ()
    certain: Annotated[bool, Field(title="可以确定")] = False
    provision: Annotated[Word | None, Field(title="条款")] = None
    effective_on: Annotated[Day | None, Field(title="生效日期")] = None
    expires_on: Annotated[Day | None, Field(title="延续至")] = None
    unless_by: Annotated[Day | None, Field(title="限期")] = None
    disposition: Annotated[Word | None, Field(title="清理结论", description="如 继续有效")] = None
    edition: Annotated[int, Field(title="版次", ge=1)] = 1
    span: Annotated[tuple[int, int], Field(title="位置")]
    quote: Annotated[str, Field(title="原文")]
    state: Annotated[ProposalState, Field(title="确认情况")] = ProposalState.OPEN

    @property
    def key(self) -> str:
        """A short name for it: the same for the same words about the same target."""
        return proposal_key(self.kind, self.target, self.provision, self.quote)


def proposal_key(kind: str, target: str, provision: str | None, quote: str) -> str:
    """The key of what is proposed with these words (代号)."""
    said = f"{kind}|{target}|{provision or ''}|{quote}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:10]
