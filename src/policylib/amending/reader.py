"""One sentence of a decision while it is read (句子读取): a place in the skeleton, and what is found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from policylib.amending.grammar import ALSO, Q
from policylib.amending.quotes import Quote, Skeleton
from policylib.amending.values import Instruction, Kind, Place
from policylib.text.span import Span

__all__ = ["Context", "Failure", "Reader"]


class Failure(NamedTuple):
    """Why a sentence could not be read (未识别原因)."""

    reason: str


@dataclass(slots=True)
class Context:
    """What the sentences before have named: the place, and the document."""

    place: Place | None = None
    document: str = ""
    found: list[Instruction] = field(default_factory=list)
    places: tuple[Place, ...] = ()  # all that were named with ``place``
    lost: bool = False  # a sentence before was not understood, and no place was named since


@dataclass(slots=True)
class Reader:
    """One sentence being read; ``at`` is a place in the skeleton."""

    skeleton: Skeleton
    at: int
    end: int
    context: Context
    start: int
    out: list[Instruction] = field(default_factory=list)
    pending: Instruction | None = None
    places: tuple[Place, ...] = ()
    everywhere: bool = False
    lead: str = ""
    excepts: tuple[Place, ...] = ()
    once: bool = False

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match here, within the sentence."""
        return pattern.match(self.skeleton.text, self.at, self.end)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match here and go on behind it."""
        match = self.match(pattern)
        if match is not None:
            self.at = match.end()
        return match

    def peek(self) -> str:
        """The next sign, nothing at the end."""
        return self.skeleton.text[self.at : self.at + 1] if self.at < self.end else ""

    def state(self) -> tuple[int, int, int]:
        """What changes when a clause has said something."""
        return len(self.out), id(self.out[-1]) if self.out else 0, id(self.pending)

    def quote(self) -> Quote | None:
        """Take one quotation."""
        if self.peek() != Q:
            return None
        self.at += 1
        return self.skeleton.quote(self.at - 1)

    def quotes(self) -> tuple[Quote, ...]:
        """Take quotations that stand one after the other, each on a line of its own or not."""
        found: list[Quote] = []
        while quote := self.quote():
            found.append(quote)
            at = self.at
            while at < self.end and self.skeleton.text[at] in " \t\r\n\u3000":
                at += 1
            if at < self.end and self.skeleton.text[at] == Q:
                self.at = at
        return tuple(found)

    def list(self) -> tuple[Quote, ...]:
        """Take quotations joined by 、 or 和."""
        found = [*self.quotes()]
        while found:
            at = self.at
            if not self.take(ALSO):
                break
            more = self.quotes()
            if not more:
                self.at = at
                break
            found.extend(more)
        return tuple(found)

    def span(self) -> Span:
        """From where the clause began to here, in the decision."""
        source = self.skeleton
        return Span(source.at(self.start), source.at(self.at))

    def emit(self, kind: Kind, **words: object) -> None:
        """Add an instruction of the clause."""
        span = self.span()
        quote = self.skeleton.source[span.start : span.end]
        made = Instruction(kind, span, quote, document=self.context.document)
        self.out.append(replace(made, **words))  # type: ignore[arg-type]
