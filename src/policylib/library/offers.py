"""What documents offer, and when (在列事项): texts, their measures and the days they are in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from policylib.errors import ParseError
from policylib.library.effects import Effect, missing_effects
from policylib.library.office import Office
from policylib.library.pointing import relations_to
from policylib.matching.matcher import Offer
from policylib.model.document import Document
from policylib.model.measure import Measure
from policylib.model.measures import read_measures
from policylib.model.relation import Relation
from policylib.model.vocabulary import DocumentType, RelationKind, Stage, Validity
from policylib.store.rows import Offered
from policylib.store.sql import SqlStore
from policylib.text.locator import Locator
from policylib.workflow.validity import WITHOUT_EFFECT, Step, at, steps

__all__ = ["IN_FORCE", "Listed", "Span", "TextOffers", "gather", "is_offered", "texts_of"]

#: While a document is one of these, what it offers may be had.
IN_FORCE = frozenset({Validity.IN_FORCE, Validity.PARTLY})
_DAY = timedelta(days=1)
_BLANK = re.compile(r"\s+")
_TOGETHER = 200

#: From a day to a day, both included; ``None``: without end.
Span = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class TextOffers:
    """What one text of a document offers (一版文本的事项).

    ``span`` are the days on which it is the document's text. ``faults`` say why measures that
    stand there cannot be read.
    """

    number: int
    span: Span
    measures: tuple[Measure, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A document with what its texts offer over time (在列文件).

    ``cut`` are the provisions repealed by themselves (部分废止), each with its last day; one that
    cannot be read counts for none and is told.
    """

    id: str
    title: str
    texts: tuple[TextOffers, ...]
    steps: tuple[Step, ...]
    cut: tuple[tuple[Locator, date], ...] = ()
    unclear: tuple[str, ...] = field(default=())
    effects: tuple[Effect, ...] = ()
    behind: frozenset[tuple[int, str]] = frozenset()

    def text_on(self, day: date) -> TextOffers | None:
        """The text of a day; before the first one's day the first one."""
        held = [each for each in self.texts if each.span[0] is None or each.span[0] <= day]
        return (held or self.texts)[-1 if held else 0] if self.texts else None

    def lacking(self, day: date) -> tuple[Effect, ...]:
        """The amendments in force on a day that the text does not have."""
        return tuple(each for each in self.effects if each.holds(day))

    def is_behind(self, measure: Measure, day: date) -> bool:
        """Whether the text of a day was amended and the measure still quotes the former one."""
        text = self.text_on(day)
        return text is not None and (text.number, measure.id) in self.behind

    def validity(self, day: date) -> Step:
        """The step of its validity that holds on a day."""
        return at(self.steps, day)

    def offers(self) -> Iterator[tuple[int, Offer]]:
        """Every measure of every text with its days in force; once more for each interruption."""
        for text in self.texts:
            for measure in text.measures:
                for span in _spans(self.steps):
                    found = _common(span, text.span, (None, self._end(measure)))
                    if found is not None:
                        yield text.number, Offer(self.id, measure, *found)

    def _end(self, measure: Measure) -> date | None:
        own = measure.provision.steps if measure.provision else ()
        ends = [day for place, day in self.cut if own[: len(place.steps)] == place.steps]
        return min(ends, default=None)


def is_offered(document: Document) -> bool:
    """Whether a document may offer anything to the public: a policy that is released and open."""
    return document.is_public and document.type is DocumentType.POLICY


def gather(store: SqlStore, office: Office, ids: Iterable[str]) -> dict[str, Listed]:
    """The documents among ``ids`` that offer something to the public, or did or will."""
    from policylib.library.terms import Terms

    terms = Terms.of(store, office.ruleset)
    wanted = list(dict.fromkeys(ids))
    found: dict[str, Listed] = {}
    for start in range(0, len(wanted), _TOGETHER):
        chunk = wanted[start : start + _TOGETHER]
        documents, texts = store.documents(chunk), store.offerings(chunk)
        pointing = relations_to(store, chunk, without=WITHOUT_EFFECT)
        effects, amended = missing_effects(store, documents), store.makers(documents)
        for id, document in documents.items():
            rows = texts.get(id, ())
            if is_offered(document) and any(each.measures for each in rows):
                rule = terms.default(document)
                life = steps(document, pointing[id], default=rule)
                cut, unclear = _cut(pointing[id], document)
                found[id] = Listed(
                    id, document.title, texts_of(rows), life, cut, unclear, effects[id],
                    _behind(store, id) if id in amended else frozenset(),
                )  # fmt: skip
    return found


def _behind(store: SqlStore, id: str) -> frozenset[tuple[int, str]]:
    """Measures kept through an amendment although the words they quote are gone."""
    found = set()
    for each in store.editions(id):
        if each.made_by is None:
            continue
        body = _BLANK.sub("", each.body)
        for measure in _read(each.measures)[0]:
            quotes = (measure.quote, measure.amount.quote if measure.amount else None)
            if any(quote and _BLANK.sub("", quote) not in body for quote in quotes):
                found.add((each.number, measure.id))
    return frozenset(found)


def texts_of(rows: Sequence[Offered]) -> tuple[TextOffers, ...]:
    """Texts with their days: of two from one day the later one counts."""
    last: dict[date | None, Offered] = {each.effective_on: each for each in rows}
    in_order = sorted(last.values(), key=lambda each: each.effective_on or date.min)
    ends = [each.effective_on - _DAY if each.effective_on else None for each in in_order[1:]]
    return tuple(
        TextOffers(each.number, (each.effective_on, end), *_read(each.measures))
        for each, end in zip(in_order, [*ends, None], strict=True)
    )


def _read(raw: Sequence[Mapping[str, object]]) -> tuple[tuple[Measure, ...], tuple[str, ...]]:
    """The measures that can be read, and why others cannot."""
    found: list[Measure] = []
    faults: list[str] = []
    for each in raw:
        try:
            found += read_measures([each])
        except ParseError as error:
            faults.append(str(error))
    return tuple(found), tuple(faults)


def _spans(life: Sequence[Step]) -> Iterator[Span]:
    """The days on which a document is in force, as unbroken spans."""
    start: date | None = None
    begun = False
    for step in life:
        if step.validity in IN_FORCE and not begun:
            start, begun = step.start, True
        elif step.validity not in IN_FORCE and begun:
            yield start, step.start - _DAY if step.start else None
            begun = False
    if begun:
        yield start, None


def _common(*spans: Span) -> Span | None:
    """The days that spans have in common, if any."""
    starts = [span[0] for span in spans if span[0]]
    ends = [span[1] for span in spans if span[1]]
    first, last = max(starts, default=None), min(ends, default=None)
    return None if first and last and last < first else (first, last)


def _cut(
    pointing: Iterable[tuple[Relation, Document]], document: Document
) -> tuple[tuple[tuple[Locator, date], ...], tuple[str, ...]]:
    """The provisions that were repealed by themselves, and those that nobody can place."""
    cut: list[tuple[Locator, date]] = []
    unclear: list[str] = []
    for relation, subject in pointing:
        if relation.kind is not RelationKind.PARTLY_REPEALS or not relation.provision:
            continue
        day = relation.effective_on or subject.starts_on or document.starts_on
        if subject.stage is not Stage.RELEASED or day is None:
            continue
        try:
            cut.append((Locator.parse(relation.provision), day - _DAY))
        except ParseError:
            unclear.append(relation.provision)
    return tuple(cut), tuple(unclear)
