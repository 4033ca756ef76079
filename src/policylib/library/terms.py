"""The terms that rules give to documents which state none (默认有效期), for many documents at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from policylib.model.document import Document
from policylib.model.organ import AuthorityFile
from policylib.model.rule import Duty, Rule
from policylib.model.ruleset import RuleSet
from policylib.store.sql import SqlStore
from policylib.workflow.rules import Facts, default_term

__all__ = ["Terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Default terms under one rule-set; nothing is worked out when it has no such rule."""

    ruleset: RuleSet
    organs: AuthorityFile
    any: bool = field(default=False)

    @classmethod
    def of(cls, store: SqlStore, ruleset: RuleSet) -> Self:
        """The default terms of the documents of a store."""
        rules = (rule for each in ruleset.lineage() for rule in each.rules)
        some = any(rule.duty is Duty.DEFAULT_VALIDITY for rule in rules)
        return cls(ruleset, AuthorityFile(store.organs() if some else ()), some)

    def default(self, document: Document) -> Rule | None:
        """The rule that gives a document its term; ``None`` when it states one itself."""
        if not self.any or document.last_day is not None:
            return None
        level = self.organs.level_of(document.issuers)
        facts = Facts.of(document, self.ruleset, level=level, on=document.starts_on)
        return default_term(self.ruleset, facts)
