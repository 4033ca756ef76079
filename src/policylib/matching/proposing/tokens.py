"""Pieces of a phrase (词块): facts that are certain, words that join, and what is not understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

__all__ = ["Draft", "Entry", "Kind", "Maker", "Token"]

#: A condition in its written form, before its provision is known.
Draft = dict[str, Any]
#: What an entry makes of its match; ``None`` where it is not certain after all.
Maker = Callable[[Mapping[str, str | None]], Draft | None]


class Kind(Enum):
    """What a token is."""

    NOUN = auto()  # people or bodies of a kind: 残疾人, 高校毕业生, 个体工商户
    SAID = auto()  # what is said of them: 年满60周岁, 具有本县户籍
    JOIN = auto()  # 和, 及, 以及
    LIST = auto()  # 、
    AND = auto()  # 且, 并
    OR = auto()  # 或者
    OF = auto()  # 的
    STOP = auto()  # ，
    FILL = auto()  # words that ask for nothing
    NOTE = auto()  # a remark in brackets
    OTHER = auto()  # not understood


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of the lexicon: ``keys`` are words of which one must be there."""

    kind: Kind
    keys: tuple[str, ...]
    pattern: str
    make: Maker


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the text and what it is.

    ``draft`` for a fact, ``doubt`` why there is none, ``remark`` what of the words it does not say.
    """

    start: int
    end: int
    kind: Kind
    draft: Draft | None = None
    doubt: str | None = None
    remark: str | None = None

    @property
    def is_fact(self) -> bool:
        """Whether it is a phrase of the lexicon, certain or not."""
        return self.kind in (Kind.NOUN, Kind.SAID)
