"""Organ and AuthorityFile: who issues documents, under which names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import Field

from policylib.model.document import Day, Value, Word, Words
from policylib.model.vocabulary import OrganLevel
from policylib.text.indexnumber import CreditCode

__all__ = ["AuthorityFile", "Organ"]


class Organ(Value):
    """An organ that issues or drafts documents (机关), one line of the authority file."""

    name: Annotated[Word, Field(title="机关全称")]
    credit_code: Annotated[CreditCode | None, Field(title="统一社会信用代码")] = None
    level: Annotated[OrganLevel | None, Field(title="层级")] = None
    parent: Annotated[Word | None, Field(title="上级机关", description="上级机关全称")] = None
    aliases: Annotated[Words, Field(title="别名", description="简称、曾用名")] = ()
    agency_codes: Annotated[Words, Field(title="机关代字", description="如 青政、青政办")] = ()
    valid_from: Annotated[Day | None, Field(title="设立日期")] = None
    valid_to: Annotated[Day | None, Field(title="撤并日期", description="存续的最后一天")] = None


class AuthorityFile:
    """The organs a library knows (机关名录), found by any of their names."""

    def __init__(self, organs: Iterable[Organ] = ()) -> None:
        self._organs = {organ.name: organ for organ in organs}
        self._names = {name: name for name in self._organs}
        for organ in self._organs.values():
            for alias in organ.aliases:
                self._names.setdefault(alias, organ.name)

    def __iter__(self) -> Iterator[Organ]:
        return iter(self._organs.values())

    def __len__(self) -> int:
        return len(self._organs)

    def find(self, name: str) -> Organ | None:
        """The organ that goes by ``name``, in full or by an alias."""
        full = self._names.get(name.strip())
        return self._organs[full] if full else None

    def level_of(self, issuers: Sequence[str]) -> OrganLevel | None:
        """The level of who issues a document: that of the first of its issuers, when it is known."""
        organ = self.find(issuers[0]) if issuers else None
        return organ.level if organ else None

    def official(self, name: str) -> str:
        """The full name of the organ that goes by ``name``; ``name`` itself when unknown."""
        return self._names.get(name.strip(), name.strip())
