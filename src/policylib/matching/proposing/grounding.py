"""Drafts as conditions with their provisions and words (条件的出处), and the evidence of each fact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from policylib.errors import PolicyLibError
from policylib.matching.preparing import Preparer
from policylib.matching.proposing.drafts import GROUPS, PLACE, facts, span
from policylib.matching.proposing.joining import Left
from policylib.matching.proposing.tokens import Draft
from policylib.matching.proposing.values import Evidence, Leftover
from policylib.model.facts import Vocabulary
from policylib.model.measure import Measure
from policylib.model.profile import Subject
from policylib.text.outline import Outline

__all__ = ["Grounds"]


class Grounds:
    """Where the words of one text stand, and whether what is made of them fits the vocabulary."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self._vocabulary = vocabulary
        self._preparer = Preparer(vocabulary)
        self._outline = Outline.parse(text)

    def place(self, at: int) -> str | None:
        """The provision in which a character stands."""
        found = self._outline.locate(at)
        return str(found) if found else None

    def subjects(self, draft: Draft) -> Iterator[tuple[Subject, ...]]:
        """Whose facts a draft asks for."""
        for name in facts(draft):
            yield self._vocabulary.fact(name).subjects

    def trouble(self, draft: Draft, subject: Subject) -> str | None:
        """Why a draft cannot be a condition for a subject, ``None`` where it can."""
        for name in facts(draft):
            if subject not in self._vocabulary.fact(name).subjects:
                return f"“{name}”不是{subject.chinese}的事实，请人工填写"
        trial = {"id": "试", "title": "试", "subject": subject, "condition": self.condition(draft)}
        return None if self.measure(trial) else "与词表的类型或单位不符，请人工填写"

    def measure(self, fields: dict[str, Any]) -> Measure | None:
        """A measure, if its fields make one that can be matched."""
        try:
            found = Measure.model_validate(fields)
            self._preparer.measure(found)
            self._preparer.price(found)
        except (ValidationError, PolicyLibError):
            return None
        return found

    def condition(self, draft: Draft, above: tuple[int, int] | None = None) -> dict[str, Any]:
        """A draft as a condition, each fact with its provision and words."""
        own = draft.get(PLACE) or above or span(draft)
        made = {key: value for key, value in draft.items() if key != PLACE}
        for key in GROUPS:
            if key in made:
                return {key: [self.condition(each, own) for each in made[key]]}
        place, quote = self.place(own[0]), self.text[slice(*own)].strip()
        return {**made, "provision": place, "quote": quote or None}

    def evidence(
        self,
        draft: Draft,
        *,
        excluded: bool = False,
        alternative: bool = False,
        above: tuple[int, int] | None = None,
    ) -> Iterator[Evidence]:
        """The facts of a draft, one by one."""
        own = draft.get(PLACE) or above or span(draft)
        for key in GROUPS:
            if key in draft:
                for each in draft[key]:
                    yield from self.evidence(
                        each,
                        excluded=excluded is not (key == "none"),
                        alternative=alternative or key == ("all" if excluded else "any"),
                        above=own,
                    )
                return
        own = self._trimmed(*own)
        yield Evidence(
            condition={key: value for key, value in draft.items() if key != PLACE},
            alternative=alternative,
            excluded=excluded,
            provision=self._outline.locate(own[0]),
            span=own,
            quote=self.text[slice(*own)],
        )

    def leftover(self, left: Left) -> Leftover:
        """Words for the officer."""
        own = self._trimmed(left.start, left.end)
        return Leftover(
            provision=self._outline.locate(own[0]),
            span=own,
            quote=self.text[slice(*own)],
            reason=left.reason,
        )

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """A stretch without the spaces around it."""
        words = self.text[start:end]
        return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
