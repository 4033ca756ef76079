"""Answers (匹配结果): verdict, reasons, what is missing, near misses, amount; no right is granted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from policylib.matching.arithmetic import rounded
from policylib.matching.expressions import Case, Expression, OneOf, Truth
from policylib.matching.formula import ALWAYS, And, AtLeast, Formula, If, Leaf, Not, Or
from policylib.matching.missing import flags, missing, questions, unknown
from policylib.matching.normal import ways
from policylib.matching.preparing import Price
from policylib.matching.wording import distance, say
from policylib.model.facts import Vocabulary
from policylib.model.measure import Measure, Sharing
from policylib.model.quantity import Number, shown

__all__ = ["Answer", "Figured", "Near", "Reason", "Verdict", "answer", "paid", "shared"]

_MOST_WAYS = 64


class Verdict(StrEnum):
    """What a match may say (匹配结论); whether somebody is entitled is for the office to decide."""

    LIKELY = "可能符合"
    UNLIKELY = "不符合"
    OPEN = "待核实"

    @classmethod
    def of(cls, truth: Truth) -> Verdict:
        """The verdict for a truth."""
        return cls.OPEN if truth is None else cls.LIKELY if truth else cls.UNLIKELY


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition and whether it holds (理由): never what somebody has, only what is asked."""

    text: str
    holds: Truth
    provision: str | None = None
    quote: str | None = None
    parts: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values; empty quote and parts are left out."""
        found: dict[str, Any] = {
            "text": self.text,
            "provision": self.provision,
            "holds": self.holds,
        }
        if self.quote:
            found["quote"] = self.quote
        if self.parts:
            found["parts"] = [each.as_json() for each in self.parts]
        return found


@dataclass(frozen=True, slots=True)
class Near:
    """The one condition that fails, and how far off it is (差一点)."""

    text: str
    distance: str | None
    provision: str | None


@dataclass(frozen=True, slots=True)
class Figured:
    """An amount, as far as it can be computed (测算金额)."""

    value: Number | None
    unit: str
    per: str | None
    up_to: bool
    text: str
    provision: str | None
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values; a fraction becomes a decimal number."""
        value = self.value
        return {
            "value": value if value is None or isinstance(value, int) else round(float(value), 6),
            "unit": self.unit,
            "per": self.per,
            "up_to": self.up_to,
            "text": self.text,
            "provision": self.provision,
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a measure means for one subject on one day (匹配结果)."""

    document: str
    measure: Measure
    verdict: Verdict
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    near: Near | None = None
    amount: Figured | None = None
    notes: tuple[str, ...] = ()
    member: int | None = None

    def as_json(self, vocabulary: Vocabulary | None = None) -> dict[str, Any]:
        """The answer as JSON values; with a vocabulary ``ask`` has the questions in words."""
        measure = self.measure
        return {
            "document": self.document,
            "measure": measure.id,
            "title": measure.title,
            "answer": self.verdict.value,
            "reasons": [each.as_json() for each in self.reasons],
            "missing": list(self.missing),
            "ask": [{"fact": name, "question": _question(name, vocabulary)} for name in self.ask],
            "near": None
            if self.near is None
            else {
                "text": self.near.text,
                "distance": self.near.distance,
                "provision": self.near.provision,
            },
            "amount": None if self.amount is None else self.amount.as_json(),
            "window": str(measure.window) if measure.window else None,
            "delivery": measure.delivery.value,
            "office": measure.office,
            "phone": measure.phone,
            "materials": list(measure.materials),
            "notes": list(self.notes),
            **({} if self.member is None else {"member": self.member}),
        }


def _question(name: str, vocabulary: Vocabulary | None) -> str:
    known = vocabulary.names.get(name) if vocabulary else None
    return known.question if known and known.question else f"请补充“{name}”"


def answer(
    document: str, measure: Measure, formula: Formula, price: Price | None, case: Case
) -> Answer:
    """Judge one measure in one case, with everything there is to say."""
    verdict = Verdict.of(formula.truth(case))
    asked: tuple[str, ...] = ()
    open_: tuple[str, ...] = ()
    if verdict is Verdict.OPEN:
        open_ = missing(formula, case)
        found = questions(formula, case)
        asked = (
            _in_order(min(found, key=lambda way: (len(way), sorted(way))), open_) if found else ()
        )
    return Answer(
        document=document,
        measure=measure,
        verdict=verdict,
        reasons=reasons(formula, case),
        missing=open_,
        ask=asked,
        near=_near(formula, case) if verdict is Verdict.UNLIKELY else None,
        amount=_amount(price, case) if price and verdict is not Verdict.UNLIKELY else None,
        notes=_notes_on(formula, price, case, verdict),
    )


def _notes_on(
    formula: Formula, price: Price | None, case: Case, verdict: Verdict
) -> tuple[str, ...]:
    """Figures that are out of date, where they leave something open."""
    found = flags(formula, case) if verdict is Verdict.OPEN else ()
    if price is not None and verdict is not Verdict.UNLIKELY:
        for each in (price.pay, price.at_least, price.at_most):
            found += flags(each, case) if each is not None else ()
    return tuple(dict.fromkeys(found))


def _in_order(names: frozenset[str], order: Sequence[str]) -> tuple[str, ...]:
    place = {name: at for at, name in enumerate(order)}
    return tuple(sorted(names, key=lambda name: (place.get(name, len(place)), name)))


# -- reasons ------------------------------------------------------------------------------------


def reasons(formula: Formula, case: Case) -> tuple[Reason, ...]:
    """The conditions one by one: what must hold together is taken apart, alternatives are kept."""
    return tuple(_reasons(formula, case))


def _reasons(formula: Formula, case: Case) -> Iterator[Reason]:
    if isinstance(formula, And) and not formula.grounds.text:
        for each in formula.of:
            yield from _reasons(each, case)
        return
    if isinstance(formula, If) and not formula.grounds.text:
        when = formula.when.truth(case)
        if when is not None:
            yield from _reasons(formula.when if when else Not(formula.when), case)
            yield from _reasons(formula.then if when else formula.otherwise, case)
            return
    yield _reason(formula, case)


def _reason(formula: Formula, case: Case) -> Reason:
    grounds = _grounds_of(formula)
    parts: tuple[Reason, ...] = ()
    if isinstance(formula, (And, Or, AtLeast)) and not formula.grounds.text:
        parts = tuple(_reason(each, case) for each in formula.of)
    provision = str(grounds.provision) if grounds.provision else None
    return Reason(say(formula), formula.truth(case), provision, grounds.quote, parts)


def _grounds_of(formula: Formula) -> Any:
    """The grounds of a formula, else of the first part that has any."""
    grounds = getattr(formula, "grounds", None)
    if grounds is not None and grounds.provision is not None:
        return grounds
    inner = getattr(formula, "of", ())
    for each in inner if isinstance(inner, tuple) else (inner,):
        found = _grounds_of(each)
        if found.provision is not None:
            return found
    return grounds if grounds is not None else ALWAYS.grounds


def _near(formula: Formula, case: Case) -> Near | None:
    """The failing test, when those of one fact alone keep the condition from holding."""

    def fails(leaf: Leaf, positive: bool) -> frozenset[tuple[Leaf, bool]]:
        truth = leaf.truth(case)
        holds = truth is None or truth is positive
        return frozenset() if holds else frozenset([(leaf, positive)])

    found = [way for way in ways(formula, fails, most=_MOST_WAYS) if _of_one(way)]
    if not found:
        return None
    tests = [test for way in found for test in way]
    said = [(leaf, positive, distance(leaf, case, positive=positive)) for leaf, positive in tests]
    leaf, positive, far = min(said, key=lambda each: _hopeless(each[2]))
    provision = leaf.grounds.provision
    return Near(say(leaf, positive=positive), far, str(provision) if provision else None)


def _of_one(way: frozenset[tuple[Leaf, bool]]) -> bool:
    """Whether all failing tests are of one fact or term."""
    return len({leaf.subject for leaf, _ in way}) == 1


def _hopeless(far: str | None) -> int:
    """What time or effort can change comes first, then what can be measured at all."""
    if far is None:
        return 2
    return 0 if far.startswith(("还差", "自")) else 1


# -- amounts ------------------------------------------------------------------------------------


def _amount(price: Price, case: Case) -> Figured:
    rule = price.rule
    provision = str(rule.provision) if rule.provision else None
    value = paid(price, case)
    if value is None:
        known = missing_of(price, case)
        text = rule.text or "金额待补充事实后测算"
        return Figured(None, rule.unit, rule.per, rule.up_to, text, provision, known)
    per = f"/{rule.per}" if rule.per else ""
    text = f"{'不超过' if rule.up_to else ''}{shown(value)}{rule.unit}{per}，以受理机关核定为准"
    return Figured(value, rule.unit, rule.per, rule.up_to, text, provision)


def paid(price: Price, case: Case) -> Number | None:
    """The figure of an amount rule; ``None`` while facts are missing."""
    value: Number | None = _number(price.pay, case)
    if value is None:
        return None
    if price.step is not None:
        value = rounded(value, price.step, price.rule.rounding)
    if price.at_least is not None:
        floor = _number(price.at_least, case)
        value = None if floor is None else max(value, floor)
    if price.at_most is not None and value is not None:
        ceiling = _number(price.at_most, case)
        value = None if ceiling is None else min(value, ceiling)
    return value


def _number(found: Expression, case: Case) -> Any:
    value = found.value(case)
    return None if isinstance(value, OneOf) else value


def missing_of(price: Price, case: Case) -> tuple[str, ...]:
    """The unknown facts an amount rests on."""
    parts = [each for each in (price.pay, price.at_least, price.at_most) if each is not None]
    return tuple(dict.fromkeys(name for each in parts for name in unknown(each, case)))


# -- measures that go together or not -----------------------------------------------------------


def shared(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The same answers with notes on what may not be had together (叠加规则).

    Verdicts stay: a condition is met or not, whatever else is chosen.
    """
    groups: dict[tuple[Any, ...], list[int]] = {}
    for at, each in enumerate(answers):
        for rule in each.measure.stacking:
            if rule.rule is not Sharing.TOGETHER and each.verdict is not Verdict.UNLIKELY:
                groups.setdefault((rule.group, rule.rule, each.member), []).append(at)
    found = list(answers)
    for (group, rule, _), places in groups.items():
        if len(places) > 1:
            notes = _notes(rule, group, {at: found[at] for at in places})
            for at, note in notes.items():
                found[at] = replace(found[at], notes=(*found[at].notes, note))
    return tuple(found)


def _notes(rule: Sharing, group: str, members: Mapping[int, Answer]) -> dict[int, str]:
    titles = {at: each.measure.title for at, each in members.items()}
    if rule is Sharing.ONE:
        return {at: f"与{_others(titles, at)}只能选择一项（{group}）" for at in members}
    best = _first(rule, group, members)
    if best is None:
        return {at: f"与{_others(titles, at)}不重复享受（{group}，{rule}）" for at in members}
    notes = {at: f"与“{titles[best]}”不重复享受，{_WHY[rule]}" for at in members if at != best}
    return {
        best: f"与{_others(titles, best)}不重复享受，{_WHY[rule].replace('该项', '本项')}",
        **notes,
    }


_WHY = {Sharing.HIGHEST: "该项金额较高", Sharing.IN_ORDER: "该项顺序在前"}


def _others(titles: Mapping[int, str], at: int) -> str:
    return "、".join(f"“{title}”" for other, title in titles.items() if other != at)


def _first(rule: Sharing, group: str, members: Mapping[int, Answer]) -> int | None:
    """The answer that counts; ``None`` while that is open."""
    if any(each.verdict is Verdict.OPEN for each in members.values()):
        return None
    if rule is Sharing.IN_ORDER:
        orders = {
            at: next(one.order for one in each.measure.stacking if one.group == group)
            for at, each in members.items()
        }
        return min(orders, key=lambda at: (orders[at], at))
    amounts = {at: each.amount.value for at, each in members.items() if each.amount}
    if len(amounts) < len(members) or None in amounts.values():
        return None
    return max(amounts, key=lambda at: (amounts[at] or 0, -at))
