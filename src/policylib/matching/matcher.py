"""Matching profiles with measures (政策匹配): the one thing a library needs of this package.

A :class:`Matcher` is immutable: when something is published a new one is built and takes its
place. Profiles are judged and forgotten.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policylib.errors import ParseError
from policylib.matching.answers import Answer, Verdict, answer, paid, shared
from policylib.matching.expressions import Case
from policylib.matching.formula import Formula
from policylib.matching.index import BitIndex, Found
from policylib.matching.missing import fewest, missing, questions, ranking
from policylib.matching.preparing import Preparer, Price
from policylib.matching.reading import MEMBERS, ProfileReader, read_profile
from policylib.model.facts import FactType, Vocabulary
from policylib.model.measure import Measure
from policylib.model.profile import Subject

__all__ = ["Brief", "Inquiry", "Matcher", "Offer", "Place", "Prepared"]


#: Document, measure and, in a household, the member.
Place = tuple[str, str, int | None]
#: A verdict with the figure and its unit, and per what it is paid.
Brief = tuple[Verdict, Any, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """A measure of a document, and the days the document's text is in force (在列事项)."""

    document: str
    measure: Measure
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Document and measure."""
        return self.document, self.measure.id


@dataclass(frozen=True, slots=True)
class Prepared:
    """An offer made ready."""

    offer: Offer
    formula: Formula
    price: Price | None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What to ask next (下一问).

    ``ranking`` has the unknown facts by how many open measures need them; ``fewest`` is a smallest
    set of facts that may settle every open measure.
    """

    ranking: tuple[tuple[str, int], ...]
    fewest: tuple[str, ...]


class Matcher:
    """Many measures, ready to be matched with profiles.

    An offer that does not fit the vocabulary is handed to ``refused`` with the reason and left
    out; without ``refused`` it is an error.

    Raises:
        ParseError: a condition or an amount rule does not fit the vocabulary; two measures of one
            document have one id.

    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        offers: Iterable[Offer],
        *,
        refused: Callable[[Offer, ParseError], None] | None = None,
    ) -> None:
        with _uncollected():
            self._build(vocabulary, offers, refused)

    def _build(
        self,
        vocabulary: Vocabulary,
        offers: Iterable[Offer],
        refused: Callable[[Offer, ParseError], None] | None,
    ) -> None:
        self.vocabulary = vocabulary
        self._preparer = Preparer(vocabulary)
        self.reader = ProfileReader(self._preparer)
        self.prepared = tuple(self._fitting(offers, refused))
        self._refuse_repeats()
        #: Document and measure of all that is matched.
        self.keys = frozenset(each.offer.key for each in self.prepared)
        self._places: dict[Subject, tuple[int, ...]] = {
            subject: tuple(
                at for at, each in enumerate(self.prepared) if each.offer.measure.subject is subject
            )
            for subject in Subject
        }
        self._indexes = {
            subject: BitIndex([self.prepared[at].formula for at in found])
            for subject, found in self._places.items()
        }

    def _fitting(
        self, offers: Iterable[Offer], refused: Callable[[Offer, ParseError], None] | None
    ) -> Iterator[Prepared]:
        for each in offers:
            try:
                ready = self._prepare(each)
            except ParseError as error:
                if refused is None:
                    raise
                refused(each, error)
            else:
                yield ready

    def _prepare(self, offer: Offer) -> Prepared:
        formula = self._preparer.measure(offer.measure, offer.valid_from, offer.valid_to)
        return Prepared(offer, formula, self._preparer.price(offer.measure))

    def _refuse_repeats(self) -> None:
        seen: dict[tuple[str, str], list[Offer]] = {}
        for each in self.prepared:
            for other in seen.setdefault(each.offer.key, []):
                if _overlap(each.offer, other):
                    raise ParseError(
                        f"文件“{each.offer.document}”有两个标识为“{each.offer.measure.id}”的事项，"
                        "请改名"
                    )
            seen[each.offer.key].append(each.offer)

    # -- reading --------------------------------------------------------------------------------

    def case(self, profile: Any, *, on: date) -> Case:
        """A profile (a :class:`~policylib.model.profile.Profile`, a mapping or JSON text) on a day.

        Raises:
            ParseError: what is wrong with the profile, without repeating any of it.

        """
        return self.reader.case(read_profile(profile), on)

    # -- asking ---------------------------------------------------------------------------------

    def match(
        self,
        profile: Any,
        *,
        on: date,
        verdicts: Iterable[Verdict] = tuple(Verdict),
        near: bool = True,
        only: Container[int] | None = None,
    ) -> tuple[Answer, ...]:
        """The answers for a profile, in the order of the measures.

        A household is matched with the measures for households and, member by member, with those
        for persons. With ``near``, a measure that one condition keeps from fitting comes with
        the ones asked for. ``only`` are the positions in :attr:`prepared` that take part.

        Raises:
            ParseError: as :meth:`case`.

        """
        wanted = frozenset(verdicts)
        found: list[Answer] = []
        for member, case in self._cases(self.case(profile, on=on)):
            answers = [
                replace(each, member=member)
                for each in self._answers(case, wanted, only, near=near)
            ]
            found += shared(answers)
        return tuple(found)

    def verdicts(self, profile: Any, *, on: date) -> dict[tuple[str, str], Verdict]:
        """Only the verdicts, by document and measure; for a household its own measures."""
        case = self.case(profile, on=on)
        found = self.found(case)
        verdict = dict.fromkeys(self._places[case.subject], Verdict.UNLIKELY)
        of = self._places[case.subject]
        verdict |= {of[at]: Verdict.LIKELY for at in found.likely_ids()}
        verdict |= {of[at]: Verdict.OPEN for at in found.open_ids()}
        return {self.prepared[at].offer.key: each for at, each in verdict.items()}

    def brief(self, profile: Any, *, on: date) -> dict[Place, Brief]:
        """Verdict and figure of whatever may fit or is open, for a household member by member.

        Raises:
            ParseError: as :meth:`case`.

        """
        found: dict[Place, Brief] = {}
        for member, case in self._cases(self.case(profile, on=on)):
            of, verdicts = self._places[case.subject], self.found(case)
            for verdict, ids in (
                (Verdict.LIKELY, verdicts.likely_ids()),
                (Verdict.OPEN, verdicts.open_ids()),
            ):
                for at in ids:
                    ready = self.prepared[of[at]]
                    price = ready.price
                    sum_ = None if price is None else (paid(price, case), price.rule.unit)
                    found[*ready.offer.key, member] = (verdict, sum_, price and price.rule.per)
        return found

    def found(self, case: Case) -> Found:
        """The verdicts of the index, as bit sets over :meth:`places`."""
        return self._indexes[case.subject].verdicts(case)

    def asked(self, case: Case) -> Found:
        """The verdicts with near misses and the next question."""
        return self._indexes[case.subject].ask(case)

    def index(self, subject: Subject) -> BitIndex:
        """The index of the measures for a subject."""
        return self._indexes[subject]

    def places(self, subject: Subject) -> tuple[int, ...]:
        """The positions in :attr:`prepared` of the measures for a subject."""
        return self._places[subject]

    def inquire(self, profile: Any, *, on: date, only: Container[int] | None = None) -> Inquiry:
        """What to ask next, to settle the measures that are open.

        Raises:
            ParseError: as :meth:`case`.

        """
        every, settled = [], []
        for _, case in self._cases(self.case(profile, on=on)):
            of = self._places[case.subject]
            for at in self.found(case).open_ids():
                if only is not None and of[at] not in only:
                    continue
                formula = self.prepared[of[at]].formula
                every.append(missing(formula, case))
                settled.append(questions(formula, case))
        return Inquiry(ranking(every), fewest(settled))

    # -- inside ---------------------------------------------------------------------------------

    def _cases(self, case: Case) -> Iterator[tuple[int | None, Case]]:
        """A case and, for a household, its members, counted from 1."""
        yield None, case
        if case.subject is not Subject.HOUSEHOLD:
            return
        definition = self.vocabulary.names.get(MEMBERS)
        if definition is None or definition.type is not FactType.MEMBERS:
            return
        for at, facts in enumerate(case.facts.get(MEMBERS, ()), 1):
            yield at, Case(Subject.PERSON, facts, case.on, case)

    def _answers(
        self,
        case: Case,
        wanted: frozenset[Verdict],
        only: Container[int] | None,
        *,
        near: bool,
    ) -> Iterator[Answer]:
        of = self._places[case.subject]
        for at in self._wanted(case, wanted, near=near):
            if only is not None and of[at] not in only:
                continue
            each = self.prepared[of[at]]
            offer = each.offer
            found = answer(offer.document, offer.measure, each.formula, each.price, case)
            if found.near is not None or found.verdict in wanted:
                yield found

    def _wanted(self, case: Case, wanted: frozenset[Verdict], *, near: bool) -> Sequence[int]:
        if wanted == frozenset(Verdict):
            return range(len(self._places[case.subject]))
        found = self.asked(case) if near or Verdict.UNLIKELY in wanted else self.found(case)
        likely, open_ = set(found.likely_ids()), set(found.open_ids())
        picked = set(found.near_ids()) if near else set()
        picked |= likely if Verdict.LIKELY in wanted else set()
        picked |= open_ if Verdict.OPEN in wanted else set()
        if Verdict.UNLIKELY in wanted:
            picked |= set(range(len(self._places[case.subject]))) - likely - open_
        return sorted(picked)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hundreds of thousands of values that stay are made: to look for garbage among them is vain."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _overlap(one: Offer, other: Offer) -> bool:
    starts = [each.valid_from for each in (one, other) if each.valid_from]
    ends = [each.valid_to for each in (one, other) if each.valid_to]
    return not starts or not ends or max(starts) <= min(ends)
