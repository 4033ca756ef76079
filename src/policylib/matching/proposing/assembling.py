"""Measures put together from clauses (事项合成): whom, who not, how much, with the words of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from policylib.errors import PolicyLibError
from policylib.matching.preparing import Preparer
from policylib.matching.proposing.clauses import Role
from policylib.matching.proposing.joining import Left
from policylib.matching.proposing.reader import Understood
from policylib.matching.proposing.tokens import Draft
from policylib.matching.proposing.values import Evidence, Leftover, Proposal, Proposals
from policylib.model.facts import Vocabulary
from policylib.model.measure import Measure, MeasureKind
from policylib.model.profile import Subject
from policylib.text.outline import Outline

__all__ = ["Assembler"]

_KINDS = {
    "补贴": MeasureKind.SUBSIDY, "补助": MeasureKind.GRANT, "津贴": MeasureKind.ALLOWANCE,
    "奖励": MeasureKind.REWARD, "奖补": MeasureKind.REWARD, "减免": MeasureKind.REDUCTION,
    "返还": MeasureKind.REFUND, "贴息": MeasureKind.INTEREST, "贷款": MeasureKind.LOAN,
    "救助": MeasureKind.ASSISTANCE, "供养": MeasureKind.ASSISTANCE, "最低生活保障": MeasureKind.ASSISTANCE,
    "保险金": MeasureKind.INSURANCE, "待遇": MeasureKind.INSURANCE, "资助": MeasureKind.GRANT,
    "认定": MeasureKind.RECOGNITION, "岗位": MeasureKind.POST, "培训": MeasureKind.TRAINING,
}  # fmt: skip
_THING = re.compile(
    r"(?:给予|享受|申请|申领|领取|发放|发给|可以申请|可申请|享受)(?:一次性|最高)?(?:的)?"
    rf"(?P<title>[^，。；：、（）0-9]{{0,16}}?(?:{'|'.join(_KINDS)}))"
)
_OF_TITLE = re.compile(rf"[^，。；：、（）《》\s]{{0,40}}(?:{'|'.join(_KINDS)})")
_ISSUED = re.compile(r"印发|关于|《")
_PLACE = re.compile(r"\A[^省市县区]{2,4}(?:省|市|县|区)(?=.{2})")
_LABEL = re.compile(r"[^。：，；]{2,20}(?=[。：]|\Z)")
_NO_LABEL = re.compile(r"应当|下列|以下|标准为|可以|的，")
_PRONOUN = re.compile(r"其|该|上述|前款|此项|同类|其他|本办法")
_SAME = re.compile(
    r"(?P<title>[^，。；：、（）]{2,16}(?:补贴|津贴|补助|奖励|救助|资助))(?:的)?(?:对象|(?:发放)?标准|条件)"
)


class Assembler:
    """Puts clauses together, for one text."""

    def __init__(self, text: str, vocabulary: Vocabulary, title: str) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._preparer = Preparer(vocabulary)
        self._outline = Outline.parse(text)
        self._title = title

    def proposals(self, groups: Iterable[list[Understood]]) -> Proposals:
        """The measures of a text, a group of clauses for each part of it."""
        made: list[Proposal] = []
        left: list[Leftover] = []
        for group in groups:
            some, rest = self._group(group, len(made))
            made += some
            left += rest
        return Proposals(proposals=tuple(made), leftover=tuple(left))

    # -- which clauses go together ---------------------------------------------------------------

    def _group(self, group: list[Understood], at: int) -> tuple[list[Proposal], list[Leftover]]:
        general = [each for each in group if each.clause.general and each.says]
        out = [each for each in group if each.clause.role is Role.NONE]
        core = [
            each
            for each in group
            if each.says and not each.clause.general and each.clause.role is not Role.NONE
        ]
        scales = [each for each in core if each.clause.role is Role.TIERS and each.tiers]
        if len(core) - len(scales) == 1 and len(scales) == 1:
            core = [each for each in core if each not in scales]
            self._join(core[0], scales[0])
        elif general and len(core) == 1 and core == scales:
            self._join(general[0], scales[0])
            core = []
        named = {id(each) for each in (*core, *general, *out)}
        left = [
            self._leftover(each) for part in group if id(part) not in named for each in part.left
        ]
        if not core and not general:
            return [], [*left, *(self._leftover(each) for part in out for each in part.left)]
        if core:
            whom = self._subject([core[0]])
            unlike = [
                each for each in general if each.clause.items and self._subject([each]) != whom
            ]
            core += unlike
            general = [each for each in general if each not in unlike]
        heads = core or [general[0]]
        made = []
        for head in heads:
            parts = [*(each for each in general if each is not head), head]
            found = self._proposal(head, parts, self._meant(out, head, heads), at + len(made))
            if found is None:
                left += [self._leftover(each) for each in head.left]
            else:
                made.append(found)
        return made, left

    @staticmethod
    def _join(one: Understood, scale: Understood) -> None:
        one.tiers, one.rule = scale.tiers, None
        one.left += scale.left

    def _meant(
        self, out: list[Understood], head: Understood, heads: list[Understood]
    ) -> list[Understood]:
        """The exclusions that are meant for one measure: those that name no other."""
        if len(heads) == 1:
            return out
        mine = self._name(head)
        others = {self._name(each) for each in heads} - {mine}
        found = []
        for each in out:
            tail = (
                self._text[slice(*(each.clause.tail or (0, 0)))]
                + self._text[each.clause.line.start : each.clause.line.end]
            )
            if not any(other in tail for other in others) or mine in tail:
                found.append(each)
        return found

    # -- one measure -----------------------------------------------------------------------------

    def _proposal(
        self, head: Understood, parts: list[Understood], out: list[Understood], at: int
    ) -> Proposal | None:
        subject = self._subject([*parts, *out])
        evidence: list[Evidence] = []
        left = [self._leftover(each) for part in (*parts, *out) for each in part.left]
        conditions: list[dict[str, Any]] = []
        for part in parts:
            for draft in part.drafts:
                conditions += self._fitting(draft, subject, evidence, left)
        if not conditions:
            conditions += self._of_tiers(head, subject, evidence, left)
        for part in out:
            for draft in part.excluded:
                found = self._fitting(draft, subject, evidence, left, excluded=True)
                conditions += [{"none": [each]} for each in found]
        if not conditions:
            return None
        place = self._outline.locate(head.clause.line.start)
        fields: dict[str, Any] = {
            "id": f"事项{at + 1}",
            "title": self._name(head),
            "kind": self._kind(self._name(head)),
            "subject": subject.value,
            "condition": conditions[0] if len(conditions) == 1 else {"all": conditions},
            "provision": str(place) if place else None,
        }
        rule = self._rule(head, subject, evidence, left)
        if rule:
            fields["amount"] = rule
        measure = self._measure(fields)
        if measure is None and rule:
            measure = self._measure({key: each for key, each in fields.items() if key != "amount"})
        if measure is None:
            return None
        once = {f"{each.span}{each.condition}": each for each in evidence}
        return Proposal(measure=measure, evidence=tuple(once.values()), leftover=tuple(left))

    def _measure(self, fields: dict[str, Any]) -> Measure | None:
        try:
            found = Measure.model_validate(fields)
            self._preparer.measure(found)
            self._preparer.price(found)
        except (ValidationError, PolicyLibError):
            return None
        return found

    def _fitting(
        self,
        draft: Draft,
        subject: Subject,
        evidence: list[Evidence],
        left: list[Leftover],
        *,
        excluded: bool = False,
    ) -> list[dict[str, Any]]:
        """A draft with its provisions, if the subject may have its facts."""
        span = _reach(draft)
        wrong = [
            name
            for name in _facts(draft)
            if name in self._vocabulary.names
            and subject not in self._vocabulary.fact(name).subjects
        ]
        if wrong:
            reason = f"“{wrong[0]}”不是{subject.chinese}的事实，请人工填写"
            left.append(self._leftover(Left(*span, reason)))
            return []
        done = self._grounded(draft, span)
        if self._measure(self._trial(done, subject)) is None:
            left.append(self._leftover(Left(*span, "与词表的类型或单位不符，请人工填写")))
            return []
        evidence += self._evidence(draft, span, excluded=excluded)
        return [done]

    @staticmethod
    def _trial(condition: dict[str, Any], subject: Subject) -> dict[str, Any]:
        return {"id": "试", "title": "试", "subject": subject.value, "condition": condition}

    def _grounded(self, draft: Draft, span: tuple[int, int]) -> dict[str, Any]:
        own = draft.get("@", span)
        made = {key: value for key, value in draft.items() if key != "@"}
        for key in ("all", "any", "none"):
            if key in made:
                made[key] = [self._grounded(each, own) for each in made[key]]
                return made
        place = self._outline.locate(own[0])
        quote = self._text[slice(*own)].strip()
        return {**made, "provision": str(place) if place else None, "quote": quote or None}

    def _evidence(
        self, draft: Draft, span: tuple[int, int], *, excluded: bool, alternative: bool = False
    ) -> Iterator[Evidence]:
        own = draft.get("@", span)
        for key in ("all", "any", "none"):
            if key in draft:
                for each in draft[key]:
                    yield from self._evidence(
                        each,
                        own,
                        excluded=excluded is not (key == "none"),
                        alternative=alternative or key == ("all" if excluded else "any"),
                    )
                return
        yield Evidence(
            condition={key: value for key, value in draft.items() if key != "@"},
            alternative=alternative,
            excluded=excluded,
            provision=self._outline.locate(own[0]),
            span=own,
            quote=self._text[slice(*own)],
        )

    # -- amounts ---------------------------------------------------------------------------------

    def _of_tiers(
        self, head: Understood, subject: Subject, evidence: list[Evidence], left: list[Leftover]
    ) -> list[dict[str, Any]]:
        """The condition of a measure that has only a scale: one of its rows."""
        ways = [_row(each.found) for each in head.tiers]
        if not ways:
            return []
        draft = ways[0] if len(ways) == 1 else {"any": ways}
        return self._fitting(draft, subject, evidence, left)

    def _rule(
        self, head: Understood, subject: Subject, evidence: list[Evidence], left: list[Leftover]
    ) -> dict[str, Any] | None:
        if head.rule and head.rule_span:
            return self._placed(head.rule, *head.rule_span)
        if not head.tiers:
            return None
        first = head.tiers[0].rule
        if any(_form(each.rule) != _form(first) for each in head.tiers):
            return None
        pieces = []
        for tier in head.tiers:
            found = self._fitting(_row(tier.found), subject, evidence, left)
            if not found:
                return None
            pieces.append({"when": found[0], "then": tier.rule["pay"]})
        spans = [tier.start for tier in head.tiers]
        for each in evidence:
            if any(tier.start <= each.span[0] < tier.end for tier in head.tiers):
                object.__setattr__(each, "alternative", True)
        rule = {**first, "pay": {"choose": pieces}}
        place = self._outline.locate(min(spans))
        return {**rule, "provision": str(place) if place else None}

    def _placed(self, rule: dict[str, Any], start: int, end: int) -> dict[str, Any]:
        place = self._outline.locate(start)
        quote = self._text[start:end].strip()
        quoted = {"quote": quote} if quote and "\n" not in quote else {}
        return {**rule, "provision": str(place) if place else None, **quoted}

    # -- names -----------------------------------------------------------------------------------

    def _name(self, head: Understood) -> str:
        """What it is called: in its sentence, in the heading over it, in the title."""
        clause = head.clause
        tail = self._text[slice(*clause.tail)] if clause.tail else ""
        line = self._text[clause.line.start : clause.line.end]
        for pattern, words in ((_SAME, line), (_THING, tail), (_THING, line)):
            match = pattern.search(words)
            if match and len(match["title"]) > 2 and not _PRONOUN.match(match["title"]):
                return match["title"].strip()[:40]
        for each in (clause.line, *clause.line.above()):
            label = _LABEL.match(self._text, each.start, min(each.end, each.start + 40))
            if (
                label
                and not _NO_LABEL.search(label[0])
                and any(word in label[0] for word in (*_KINDS, "支持"))
            ):
                return label[0].strip("# *　")
        title = _PLACE.sub("", _ISSUED.split(self._title)[-1].split("》")[0]) or "事项"
        match = _OF_TITLE.match(title)
        return match[0][:40] if match else title[:40]

    def _kind(self, title: str) -> str:
        places = [(title.rfind(word), kind) for word, kind in _KINDS.items() if word in title]
        return max(places, key=lambda each: each[0])[1] if places else MeasureKind.OTHER

    def _subject(self, parts: list[Understood]) -> Subject:
        """Whom the facts are about: what most of them may be of."""
        names = [
            name
            for part in parts
            for draft in (*part.drafts, *part.excluded, *(_row(t.found) for t in part.tiers))
            for name in _facts(draft)
            if name in self._vocabulary.names
        ]
        votes = {
            subject: sum(subject in self._vocabulary.fact(name).subjects for name in names)
            for subject in Subject
        }
        return max(votes, key=lambda subject: votes[subject])

    def _leftover(self, left: Left) -> Leftover:
        return Leftover(
            provision=self._outline.locate(left.start),
            span=(left.start, left.end),
            quote=self._text[left.start : left.end],
            reason=left.reason,
        )


def _row(found: Iterable[Any]) -> Draft:
    drafts = [each.draft for each in found]
    return drafts[0] if len(drafts) == 1 else {"all": drafts}


def _form(rule: dict[str, Any]) -> tuple[Any, ...]:
    return rule.get("per"), rule.get("up_to"), rule["unit"]


def _reach(draft: Draft) -> tuple[int, int]:
    spans = list(_spans(draft))
    return min(each[0] for each in spans), max(each[1] for each in spans)


def _spans(draft: Draft) -> Iterator[tuple[int, int]]:
    if "@" in draft:
        yield draft["@"]
        return
    for key in ("all", "any", "none"):
        for each in draft.get(key, ()):
            yield from _spans(each)


def _facts(draft: Any) -> Iterator[str]:
    for key in ("all", "any", "none"):
        for each in draft.get(key, ()):
            yield from _facts(each)
    if "fact" in draft:
        yield draft["fact"]
    for key in ("at_least", "at_most"):
        value = draft.get(key)
        if isinstance(value, dict) and "shift" in value:
            yield value["shift"]
