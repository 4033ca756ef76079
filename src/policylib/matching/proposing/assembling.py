"""Measures put together from clauses (事项合成): whom, who not, how much, with the words of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policylib.matching.proposing.clauses import Role
from policylib.matching.proposing.drafts import joined, span
from policylib.matching.proposing.grounding import Grounds
from policylib.matching.proposing.joining import Left
from policylib.matching.proposing.naming import kind_of, name_of, near
from policylib.matching.proposing.reader import Tier, Understood
from policylib.matching.proposing.tokens import Draft
from policylib.matching.proposing.values import Evidence, Leftover, Proposal, Proposals
from policylib.model.measures import MOST
from policylib.model.profile import Subject

__all__ = ["Assembler"]

#: Clauses that count for every measure of a part: more are no policy.
_MOST_COMMON = 30


class Assembler:
    """Puts clauses together, for one text."""

    def __init__(self, grounds: Grounds, title: str) -> None:
        self._grounds = grounds
        self._text = grounds.text
        self._title = title

    def proposals(self, groups: Iterable[list[Understood]]) -> Proposals:
        """The measures of a text, a group of clauses for each part of it."""
        made: list[Proposal] = []
        left: list[Leftover] = []
        every = list(groups)
        wide = [each for group in every for each in group if each.clause.wide and each.says]
        wide = wide[:_MOST_COMMON]
        for group in every:
            heads, general, out, rest = self._sorted([each for each in group if each not in wide])
            general += wide
            left += rest
            names = [self._name(head) for head in heads]
            for head, name in zip(heads, names, strict=True):
                if len(made) == MOST:
                    left += map(self._grounds.leftover, head.left)
                    continue
                meant = self._meant(out, name, set(names))
                draft = _Draft(self._grounds, head, [*general, head], meant)
                found = draft.proposal(f"事项{len(made) + 1}", name)
                if found is None:
                    left += draft.left
                else:
                    made.append(found)
        return Proposals(proposals=tuple(made), leftover=tuple(left))

    def _sorted(
        self, group: list[Understood]
    ) -> tuple[list[Understood], list[Understood], list[Understood], list[Leftover]]:
        """Clauses that make measures, those asked of every applicant, exclusions, and the rest."""
        out = [each for each in group if each.clause.role is Role.NONE][:_MOST_COMMON]
        said = [each for each in group if each.says and each.clause.role is not Role.NONE]
        general = [each for each in said if each.clause.general][:_MOST_COMMON]
        heads = [each for each in said if not each.clause.general]
        scales = [each for each in heads if each.clause.role is Role.TIERS and each.tiers]
        if len(scales) == 1 and len(heads) == 2:
            heads = [each for each in heads if each not in scales]
            _join(heads[0], scales[0])
        elif len(scales) == 1 and len(heads) == 1 and general:
            _join(general[-1], scales[0])
            heads = []
        if heads:
            whom = _whom(self._grounds, [heads[0]])
            unlike = [
                each
                for each in general
                if each.clause.items and _whom(self._grounds, [each]) is not whom
            ]
            heads += unlike
            general = [each for each in general if each not in unlike]
        elif general:
            heads, general = general[-1:], general[:-1]
        used = {id(each) for each in (*heads, *general, *(out if heads else ()))}
        rest = [left for each in group if id(each) not in used for left in each.left]
        return heads, general, out, [self._grounds.leftover(each) for each in rest]

    def _name(self, head: Understood) -> str:
        return name_of(self._text, head.clause, self._title)

    def _meant(self, out: list[Understood], name: str, names: set[str]) -> list[Understood]:
        """The exclusions that are meant for one measure: those that name no other."""
        others = names - {name}
        found = []
        for each in out:
            words = near(self._text, each.clause)
            if name in words or not any(other in words for other in others):
                found.append(each)
        return found


def _join(one: Understood, scale: Understood) -> None:
    """The scale that stands apart is that of the measure."""
    one.tiers, one.rule = scale.tiers, None
    one.left += scale.left


def _whom(grounds: Grounds, parts: list[Understood]) -> Subject:
    """Whom the facts are about: the subject that may have most of them."""
    votes = dict.fromkeys(Subject, 0)
    for part in parts:
        for draft in (*part.drafts, *part.excluded, *map(_row, part.tiers)):
            for subjects in grounds.subjects(draft):
                for subject in subjects:
                    votes[subject] += 1
    return max(votes, key=lambda subject: votes[subject])


def _row(tier: Tier) -> Draft:
    return joined(each.draft for each in tier.found)


class _Draft:
    """One measure while it is put together."""

    def __init__(
        self, grounds: Grounds, head: Understood, parts: list[Understood], out: list[Understood]
    ) -> None:
        self._grounds = grounds
        self._head = head
        self._parts = parts
        self._out = out
        self._subject = _whom(grounds, [*parts, *out])
        self._evidence: list[Evidence] = []
        self.left = [grounds.leftover(each) for part in (*parts, *out) for each in part.left]

    def proposal(self, id: str, name: str) -> Proposal | None:
        """The measure, ``None`` where nothing certain is left of it."""
        conditions = [
            found
            for part in self._parts
            for draft in _once(part.drafts)
            for found in self._fitting(draft)
        ]
        if not conditions and self._head.tiers:
            ways = joined(map(_row, self._head.tiers), "any")
            conditions = self._fitting(ways)
        if not conditions:
            return None
        for part in self._out:
            for draft in part.excluded:
                conditions += [{"none": [each]} for each in self._fitting(draft, excluded=True)]
        fields: dict[str, Any] = {
            "id": id,
            "title": name,
            "kind": kind_of(name),
            "subject": self._subject,
            "condition": conditions[0] if len(conditions) == 1 else {"all": conditions},
            "provision": self._grounds.place(self._head.clause.line.start),
        }
        rule = self._rule()
        measure = self._grounds.measure({**fields, "amount": rule} if rule else fields)
        if measure is None:
            for each in self._evidence:
                self._leave(each.span, "几项条件不能合成一个事项，请人工填写")
            return None
        once = {f"{each.span}{each.condition}": each for each in self._evidence}
        return Proposal(measure=measure, evidence=tuple(once.values()), leftover=tuple(self.left))

    def _fitting(
        self, draft: Draft, *, excluded: bool = False, alternative: bool = False
    ) -> list[dict[str, Any]]:
        """A draft as a condition, if the subject may have its facts."""
        trouble = self._grounds.trouble(draft, self._subject)
        if trouble:
            self._leave(span(draft), trouble)
            return []
        self._evidence += self._grounds.evidence(draft, excluded=excluded, alternative=alternative)
        return [self._grounds.condition(draft)]

    def _leave(self, where: tuple[int, int], reason: str) -> None:
        self.left.append(self._grounds.leftover(Left(*where, reason)))

    def _rule(self) -> dict[str, Any] | None:
        """The amount: one figure of the sentence, or a scale."""
        head = self._head
        if head.rule and head.rule_span:
            start, end = head.rule_span
            quote = self._text(start, end)
            quoted = {"quote": quote} if quote and "\n" not in quote else {}
            return {**head.rule, "provision": self._grounds.place(start), **quoted}
        if not head.tiers or len({_form(each.rule) for each in head.tiers}) > 1:
            return None
        pieces = []
        for tier in head.tiers:
            found = self._fitting(_row(tier), alternative=True)
            if not found:
                return None
            pieces.append({"when": found[0], "then": tier.rule["pay"]})
        first = head.tiers[0]
        place = self._grounds.place(first.start)
        return {**first.rule, "pay": {"choose": pieces}, "provision": place}

    def _text(self, start: int, end: int) -> str:
        return self._grounds.text[start:end].strip()


def _once(drafts: list[Draft]) -> list[Draft]:
    """Drafts that ask for the same only once."""
    seen: dict[str, Draft] = {}
    for draft in drafts:
        seen.setdefault(_said(draft), draft)
    return list(seen.values())


def _said(draft: Any) -> str:
    if isinstance(draft, dict):
        return str([(key, _said(value)) for key, value in draft.items() if key != "@"])
    return str([_said(each) for each in draft]) if isinstance(draft, list) else str(draft)


def _form(rule: dict[str, Any]) -> tuple[Any, ...]:
    return rule.get("per"), rule.get("up_to"), rule["unit"]
