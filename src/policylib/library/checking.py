"""A document with the library around it, as a case for the checks (检查)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policylib.checks.framework import Case, Neighbours
from policylib.errors import ParseError
from policylib.files.documentfile import BESIDE, DocumentFile
from policylib.files.rulesets import load_calendar
from policylib.library.effects import missing_effects
from policylib.library.office import Office
from policylib.library.pointing import relations_to
from policylib.library.reposts import Reposts
from policylib.model.document import Document, Edition, Header
from policylib.model.finding import MeasureFault
from policylib.model.organ import AuthorityFile
from policylib.model.relation import Relation
from policylib.model.rule import Duty, Rule
from policylib.model.ruleset import Element, RuleSet
from policylib.model.vocabulary import Validity
from policylib.store.sql import SqlStore
from policylib.workflow.rules import Facts, rules_for
from policylib.workflow.validity import validity

if TYPE_CHECKING:
    from policylib.matching.preparing import Preparer
    from policylib.model.facts import Vocabulary
    from policylib.text.outline import Outline

__all__ = ["Neighbourhood", "measure_faults"]

_TEXTS = 200  # documents whose texts are kept while others that cite them are checked


class Neighbourhood:
    """Makes cases of documents; answers what their neighbours are, on one day."""

    def __init__(
        self,
        store: SqlStore,
        on: date,
        ruleset: RuleSet,
        reposts: Reposts | None = None,
        vocabulary: Callable[[], Vocabulary] | None = None,
    ) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._reposts = reposts
        self._on = on
        self._ruleset = ruleset
        self._validity: dict[str, Validity | None] = {}
        self._editions: dict[str, tuple[Edition, ...]] = {}

    def case(
        self,
        document: Document,
        body: str | None = None,
        measures: Sequence[Mapping[str, Any]] = (),
    ) -> Case:
        """A document of the library, with its newest text or ``body`` in its place."""
        if body is None:
            edition = self._store.edition(document.id)
            body, measures = (edition.body, edition.measures) if edition else ("", ())
        return Case(
            name=document.id,
            header=document,
            body=body,
            on=self._on,
            relations=self._store.relations_of(document.id),
            measures=tuple(measures),
            neighbours=self._neighbours,
        )

    def file_case(self, file: DocumentFile, name: str) -> Case:
        """A file that is not in the library yet."""
        return Case(
            name=name,
            header=file_header(file),
            body=file.body,
            on=self._on,
            relations=file.header.relations,
            measures=file.header.measures,
            neighbours=self._neighbours,
        )

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(
            by_number=self._store.find_number,
            by_index=self._by_index,
            by_title=self._store.find_title,
            by_id=self._by_id,
            validity=self._valid,
            pointing=self._pointing,
            rules=self._rules_for,
            elements=self._elements,
            calendar=load_calendar,
            organs=self._organs,
            faults=measure_faults(self._vocabulary),
            texts=self._texts,
            lacking=self._lacking,
        )

    @cached_property
    def _organs(self) -> AuthorityFile:
        return AuthorityFile(self._store.organs())

    def _rules_for(self, header: Header, duty: Duty, on: date) -> tuple[Rule, ...]:
        level = self._organs.level_of(header.issuers)
        facts = Facts.of(header, self._ruleset, level=level, on=on)
        return rules_for(self._ruleset, facts, duty, on)

    def _elements(self) -> tuple[Element, ...]:
        every = (each.elements for one in self._ruleset.lineage() for each in one.interpretations)
        return min(filter(None, every), key=len, default=())

    def _pointing(self, id: str) -> tuple[tuple[Relation, Document], ...]:
        return tuple(relations_to(self._store, [id])[id])

    def _texts(self, id: str) -> tuple[Edition, ...]:
        if id not in self._editions:
            if len(self._editions) >= _TEXTS:
                self._editions.clear()
            self._editions[id] = self._store.editions(id)
        return self._editions[id]

    def _lacking(self, id: str) -> tuple[tuple[Document, str], ...]:
        effects = missing_effects(self._store, [id])[id]
        return tuple((each.decision, each.reason) for each in effects if each.holds(self._on))

    def _by_index(self, index_number: str) -> tuple[Document, ...]:
        found = self._store.find_index_number(index_number)
        return (found,) if found else ()

    def _by_id(self, id: str) -> Document | None:
        return self._store.documents([id]).get(id)

    def _valid(self, id: str) -> Validity | None:
        if id not in self._validity:
            document = self._by_id(id)
            self._validity[id] = (
                validity(
                    Office(self._store, self._ruleset, reposts=self._reposts).steps(document),
                    self._on,
                )
                if document
                else None
            )
        return self._validity[id]


def measure_faults(
    vocabulary: Callable[[], Vocabulary] | None = None,
) -> Callable[[Sequence[Mapping[str, Any]], Outline, date], tuple[MeasureFault, ...]]:
    """Looks measures over with a vocabulary, by default the package's; loaded when first needed."""
    ready: list[Preparer] = []

    def found(
        measures: Sequence[Mapping[str, Any]], body: Outline, on: date
    ) -> tuple[MeasureFault, ...]:
        from policylib.files.vocabulary import load_vocabulary
        from policylib.matching.checking import faults
        from policylib.matching.preparing import Preparer
        from policylib.model.measures import read_measure

        if not ready:
            ready.append(Preparer((vocabulary or load_vocabulary)()))
        said: list[MeasureFault] = []
        for each in measures:
            try:
                measure = read_measure(each)
            except ParseError as error:
                said.append(MeasureFault(str(each.get("id", "")), str(error)))
            else:
                said += faults(measure, ready[0], on=on, provisions=body)
        return tuple(said)

    return found


def file_header(file: DocumentFile) -> Header:
    """The header of a file; with an id it stands for that document."""
    values = file.header.model_dump(exclude=set(BESIDE))
    if file.header.id:
        return Document(id=file.header.id, **values)
    return Header(**values)


def file_cases(files: Iterable[tuple[str, DocumentFile]], on: date) -> Iterable[Case]:
    """Cases of files on their own, without a library."""
    for name, file in files:
        yield Case(
            name=name,
            header=file_header(file),
            body=file.body,
            on=on,
            relations=file.header.relations,
            measures=file.header.measures,
            neighbours=Neighbours(calendar=load_calendar, faults=measure_faults()),
        )
