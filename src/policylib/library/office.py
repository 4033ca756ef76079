"""How documents are dealt with here (办理规程): rule-set, approval chain and companions, asked of one store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policylib.errors import ParseError
from policylib.library.pairing import Pairwise
from policylib.library.pointing import relations_to
from policylib.library.reposts import Reposts
from policylib.library.terms import Terms
from policylib.model.document import Document
from policylib.model.organ import AuthorityFile
from policylib.model.rule import Rule
from policylib.model.ruleset import Chain, RuleSet
from policylib.model.vocabulary import Act, OrganLevel, Stage
from policylib.store.sql import SqlStore
from policylib.workflow.chain import PLAIN, Turn, chain_for, turn
from policylib.workflow.procedure import Left, Progress, Route, in_the_way, is_step, progress
from policylib.workflow.rules import Facts
from policylib.workflow.validity import Step, steps

__all__ = ["Office"]


@dataclass(frozen=True, slots=True)
class Office:
    """One store under one rule-set; ``chain`` names an approval chain for all documents.

    ``reposts`` knows what reposts go back to; without it they are as their own days say.
    """

    store: SqlStore
    ruleset: RuleSet
    chain: str | None = None
    reposts: Reposts | None = None

    def chain_of(self, document: Document) -> Chain:
        """The approval chain of a document.

        Raises:
            ParseError: the rule-set has no chain of that name.

        """
        if self.chain is None:
            return chain_for(self.ruleset, self.facts(document))
        found = PLAIN if self.chain == PLAIN.name else self.ruleset.chain(self.chain)
        if found is None:
            every = (chain.name for each in self.ruleset.lineage() for chain in each.chains)
            known = "、".join(dict.fromkeys((*every, PLAIN.name)))
            raise ParseError(
                f"规则集“{self.ruleset.id}”没有审核链“{self.chain}”，可用的有：{known}"
            )
        return found

    def turn(self, act: Act, document: Document, by: str) -> Turn:
        """Which level of review ``by`` completes with ``act``."""
        chain = self.chain_of(document)
        return turn(chain, self.store.events(document.id), act, by)

    def in_the_way(
        self, act: Act, document: Document, on: date, *, proven: bool = False
    ) -> tuple[str, ...]:
        """Why an act must wait for other steps (Chinese).

        ``proven`` says that a note or evidence stands for what is not in the library.
        """
        if not is_step(act):
            return ()
        route, left = self.route(document, on), self.left(document, on)
        reasons = in_the_way(act, document, route, self.store.events(document.id), left)
        return (*reasons, *self._not_yet(act, document, on, left, proven=proven))

    def progress(self, document: Document, on: date) -> tuple[Progress, ...]:
        """How the steps of a document's procedure stand."""
        events, left = self.store.events(document.id), self.left(document, on)
        return progress(document, self.route(document, on), events, left)

    def released_with(self, document: Document, on: date) -> tuple[Document, ...]:
        """What is released along with a document, or a refusal."""
        return Pairwise(self.store, self.ruleset).released_with(document, on=on)

    def route(self, document: Document, on: date) -> Route:
        """The steps a document goes through."""
        day = document.written_on or document.released_on or on
        return Route.of(document, self.ruleset, level=self._level(document), on=day)

    def left(self, document: Document, on: date) -> Left:
        """The released companions of a document; a consultation only when it is closed."""
        pairwise = Pairwise(self.store, self.ruleset)
        consulted = pairwise.consultations(document.id)
        return Left(
            consultations=tuple(
                each
                for each in _released(consulted)
                if each.closes_on is None or each.closes_on < on
            ),
            feedback=tuple(_released(pairwise.feedback_of(document.id))),
            interpretations=tuple(_released(pairwise.interpretations(document.id))),
        )

    def steps(self, document: Document) -> tuple[Step, ...]:
        """The validity of a document over all days; of a repost it is that of its source."""
        if self.reposts and (shown := self.reposts.steps(document)):
            return shown
        pointing = relations_to(self.store, [document.id])[document.id]
        return steps(document, pointing, default=self.default_term(document))

    def default_term(self, document: Document) -> Rule | None:
        """The rule that gives a document its term when it states none."""
        return Terms.of(self.store, self.ruleset).default(document)

    def facts(self, document: Document) -> Facts:
        """What rules for a document are chosen by."""
        day = document.starts_on
        return Facts.of(document, self.ruleset, level=self._level(document), on=day)

    def _level(self, document: Document) -> OrganLevel | None:
        return AuthorityFile(self.store.organs()).level_of(document.issuers)

    def _not_yet(
        self, act: Act, document: Document, on: date, left: Left, *, proven: bool
    ) -> Iterable[str]:
        if act is Act.CONSULT:
            found = Pairwise(self.store, self.ruleset).consultations(document.id)
            still = [c for c in _released(found) if c.closes_on and c.closes_on >= on]
            for each in still:
                yield f"《{each.title}》征求意见到{each.closes_on}截止，请在截止后办理"
            if not still and not left.consultations and not proven:
                yield (
                    "库中没有本文件已截止的意见征集；请先公布意见征集（关系“征求意见”指向本文件），"
                    "在别处征求意见的，用 --note 或 --evidence 写明"
                )
        if act is Act.ANSWER and not left.feedback and not proven:
            yield (
                "库中没有本文件的意见反馈；请先公布意见反馈，在别处反馈的，用 --note 或 --evidence 写明"
            )


def _released(documents: Iterable[Document]) -> Iterable[Document]:
    return (each for each in documents if each.stage is Stage.RELEASED)
