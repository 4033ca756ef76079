"""What is missing (缺什么): the facts that still decide, and the fewest questions to settle the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from policylib.matching.expressions import Case, Expression, FactOf, Figure, MembersOf, OneOf, Pick
from policylib.matching.formula import And, AtLeast, Formula, If, Leaf, Not, Or, bounds_of, inside
from policylib.matching.normal import Way, ways
from policylib.matching.wording import written

__all__ = ["fewest", "flags", "missing", "questions", "ranking", "unknown"]

_MOST_WAYS, _EXACT = 32, 14


def missing(formula: Formula, case: Case) -> tuple[str, ...]:
    """The unknown facts that can still change the answer, in the order of the condition."""
    return tuple(dict.fromkeys(_open_facts(formula, case)))


def _open_facts(formula: Formula, case: Case) -> Iterator[str]:
    if formula.truth(case) is not None:
        return
    if isinstance(formula, Leaf):
        yield from unknown_of(formula, case)
    elif isinstance(formula, Not):
        yield from _open_facts(formula.of, case)
    elif isinstance(formula, If):
        when = formula.when.truth(case)
        yield from _open_facts(formula.when, case)
        if when is not False:
            yield from _open_facts(formula.then, case)
        if not when:
            yield from _open_facts(formula.otherwise, case)
    elif isinstance(formula, (And, Or, AtLeast)):
        for each in formula.of:
            yield from _open_facts(each, case)


def unknown_of(leaf: Leaf, case: Case) -> Iterator[str]:
    """The unknown facts of a test and its bounds."""
    yield from unknown(leaf.subject, case)
    for bound in bounds_of(leaf.test):
        yield from unknown(bound, case)


def unknown(found: Expression, case: Case) -> Iterator[str]:
    """The unknown facts an expression rests on."""
    if isinstance(found, Pick):
        yield from _unknown_of_pick(found, case)
        return
    value = found.value(case)
    if value is not None and not isinstance(value, OneOf):
        return
    if isinstance(found, FactOf):
        yield from _unknown_fact(found, case)
    elif isinstance(found, MembersOf):
        yield from _unknown_of_members(found, case)
    else:
        for part in found.parts():
            yield from unknown(part, case)


def _unknown_fact(found: FactOf, case: Case) -> Iterator[str]:
    at = case
    for _ in range(found.hops):
        at = at.outer or at
    deeper: list[str] = []
    if isinstance(found.derivation, Formula):
        deeper = list(_open_facts(found.derivation, at))
    elif found.derivation is not None:
        deeper = list(unknown(found.derivation, at))
    yield from deeper or [found.name]


def _unknown_of_pick(found: Pick, case: Case) -> Iterator[str]:
    for when, then in found.pieces:
        truth = when.truth(case)
        if truth is False:
            continue
        yield from _open_facts(when, case)
        yield from unknown(then, case)
        if truth:
            return
    if found.otherwise is not None:
        yield from unknown(found.otherwise, case)


def _unknown_of_members(found: MembersOf, case: Case) -> Iterator[str]:
    members = found.members(case)
    if members is None:
        yield from unknown(found.name, case)
        return
    for member in members:
        inner: list[str] = []
        if found.where is not None:
            inner += _open_facts(found.where, member)
        if found.each is not None:
            inner += unknown(found.each, member)
        yield from (f"{found.name.name}的{name}" for name in inner)


# -- questions ----------------------------------------------------------------------------------


def questions(formula: Formula, case: Case) -> tuple[Way, ...]:
    """The ways to settle an open condition in favour: each a set of facts to ask for."""

    def needs(leaf: Leaf, positive: bool) -> frozenset[str] | None:
        truth = leaf.truth(case)
        if truth is None:
            return _asked(leaf, case)
        return frozenset() if truth is positive else None

    return tuple(ways(formula, needs, most=_MOST_WAYS))


def _asked(leaf: Leaf, case: Case) -> frozenset[str]:
    """What to ask for a test: a derived fact itself where that takes fewer questions."""
    found = set(unknown_of(leaf, case))
    subject = leaf.subject
    if (
        len(found) > 1
        and isinstance(subject, FactOf)
        and subject.definition is not None
        and subject.definition.question
        and subject.value(case) is None
    ):
        deeper = set(unknown(subject, case))
        return frozenset((found - deeper) | {subject.name})
    return frozenset(found)


def ranking(open_: Iterable[Sequence[str]]) -> tuple[tuple[str, int], ...]:
    """Facts by how many open answers they may change, the most first."""
    counted = Counter(name for each in open_ for name in dict.fromkeys(each))
    return tuple(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def fewest(every: Sequence[Sequence[Way]]) -> tuple[str, ...]:
    """The fewest facts to ask for, so that each open answer may be settled.

    Exact for up to 14 facts, beyond that by the way that settles most for the fewest questions.
    """
    wanted = [found for found in every if found]
    names = sorted({name for found in wanted for way in found for name in way})
    counted = Counter(name for found in wanted for name in set().union(*found))
    if len(names) <= _EXACT:
        for size in range(len(names) + 1):
            for asked in combinations(names, size):
                if all(any(way <= set(asked) for way in found) for found in wanted):
                    return tuple(sorted(asked, key=lambda name: (-counted[name], name)))
    return _greedy(wanted, counted)


def _greedy(wanted: list[Sequence[Way]], counted: Counter[str]) -> tuple[str, ...]:
    asked: set[str] = set()
    left = wanted
    while left:
        sizes = Counter(way - asked for found in left for way in found)
        best = min(sizes, key=lambda way: (len(way) / sizes[way], len(way), sorted(way)))
        asked |= best
        left = [found for found in left if not any(way <= asked for way in found)]
    return tuple(sorted(asked, key=lambda name: (-counted[name], name)))


# -- figures that are out of date ---------------------------------------------------------------


def flags(found: Formula | Expression, case: Case) -> tuple[str, ...]:
    """Figures of the vocabulary that are missing or have expired, in words."""
    return tuple(dict.fromkeys(_flags(found, case)))


def _flags(found: Formula | Expression, case: Case) -> Iterator[str]:
    if isinstance(found, Figure):
        yield from _stale(found, case)
    elif not isinstance(found, MembersOf) and not (isinstance(found, FactOf) and found.hops):
        for part in inside(found):
            yield from _flags(part, case)


def _stale(found: Figure, case: Case) -> Iterator[str]:
    if found.row(case) is not None:
        return
    known = found.region is None or isinstance(found.region.value(case), str)
    if not known:
        return
    rows = found.candidates(case)
    ended = [row.valid_to for row in rows if row.valid_to and row.valid_to < case.on]
    if ended:
        yield f"“{found.name}”的数值适用至{written(max(ended))}，没有判断日的数值，请先更新"
    else:
        yield f"没有登记该地区在判断日的“{found.name}”，请先补充"
