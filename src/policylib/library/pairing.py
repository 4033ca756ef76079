"""A policy with its consultations, feedback and interpretations (配套文件), as the library has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from policylib.errors import ParseError, Refused
from policylib.library.pointing import relations_to
from policylib.library.terms import Terms
from policylib.model.document import Document, Edition, Value
from policylib.model.opinions import OpinionCounts, counts
from policylib.model.organ import AuthorityFile
from policylib.model.relation import Relation
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import (
    ENDED,
    DocumentType,
    InterpretationForm,
    RelationKind,
    Stage,
)
from policylib.store.sql import SqlStore
from policylib.text.amending import amended, differing
from policylib.text.locator import Locator
from policylib.workflow.pairing import (
    Companion,
    may_release,
    may_release_companion,
    needs_interpretation,
)
from policylib.workflow.reviewing import Change, Interpreting, Stale, stale
from policylib.workflow.validity import steps

__all__ = ["Consulted", "Pairs", "Pairwise", "Ratio"]

_INNER = str.maketrans("《》", "〈〉")
_TIES = {
    DocumentType.INTERPRETATION: RelationKind.INTERPRETS,
    DocumentType.CONSULTATION: RelationKind.CONSULTS,
    DocumentType.FEEDBACK: RelationKind.ANSWERS,
}


class Consulted(Value):
    """A consultation with the feedback on it (征集与反馈); ``counts`` are of its opinions."""

    consultation: Annotated[Document, Field(title="意见征集")]
    feedback: Annotated[tuple[Document, ...], Field(title="意见反馈")] = ()
    counts: Annotated[OpinionCounts, Field(title="意见统计")] = OpinionCounts()


class Pairs(Value):
    """All that goes with a policy, and what is missing (配套文件), in Chinese sentences."""

    policy: Annotated[Document, Field(title="政策文件")]
    consultations: Annotated[tuple[Consulted, ...], Field(title="意见征集")] = ()
    interpretations: Annotated[tuple[Document, ...], Field(title="政策解读")] = ()
    missing: Annotated[tuple[str, ...], Field(title="所缺")] = ()


class Ratio(Value):
    """Interpretations released in a period by form (非文字解读比例), counted one by one.

    ``percent`` is that of other forms than plain text among all, ``None`` when there are none; those
    ``unstated`` are among all, but not among the others.
    """

    total: Annotated[int, Field(title="解读总数")]
    non_text: Annotated[int, Field(title="非文字解读")]
    text: Annotated[int, Field(title="文字解读")]
    unstated: Annotated[int, Field(title="未填写解读形式")]
    percent: Annotated[float | None, Field(title="非文字解读比例")]
    forms: Annotated[dict[str, int], Field(title="各形式件数")]


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Companions of documents in one store, under one rule-set."""

    store: SqlStore
    ruleset: RuleSet

    # -- looking ---------------------------------------------------------------------------

    def interpretations(self, id: str) -> tuple[Document, ...]:
        """The interpretations of a document, released or not, by 发布日期."""
        self.store.document(id)
        return self._companions(id, DocumentType.INTERPRETATION)

    def consultations(self, id: str) -> tuple[Document, ...]:
        """The consultations on a document, released or not, by 发布日期."""
        return self._companions(id, DocumentType.CONSULTATION)

    def feedback_of(self, id: str) -> tuple[Document, ...]:
        """The feedback on a consultation, or on all consultations on a policy."""
        document = self.store.document(id)
        asked = [id]
        if document.type is not DocumentType.CONSULTATION:
            asked = [each.id for each in self._companions(id, DocumentType.CONSULTATION)]
        found = [each for one in asked for each in self._companions(one, DocumentType.FEEDBACK)]
        return tuple(dict.fromkeys(found))

    def pairs(self, id: str, *, on: date) -> Pairs:
        """All that goes with a policy; for a companion, with the first policy it belongs to."""
        policy = self._policy(self.store.document(id))
        consulted = tuple(
            Consulted(
                consultation=each,
                feedback=answers,
                counts=counts(opinion for answer in answers for opinion in answer.opinions),
            )
            for each in self._companions(policy.id, DocumentType.CONSULTATION)
            for answers in [self._companions(each.id, DocumentType.FEEDBACK)]
        )
        interpretations = self._companions(policy.id, DocumentType.INTERPRETATION)
        missing = tuple(self._missing(policy, consulted, interpretations, on))
        return Pairs(
            policy=policy,
            consultations=consulted,
            interpretations=interpretations,
            missing=missing,
        )

    def ratio(self, since: date, until: date) -> Ratio:
        """Interpretations released from ``since`` to ``until``, both included, by form."""
        found = [
            each
            for each in self.store.list(Stage.RELEASED, DocumentType.INTERPRETATION)
            if each.released_on and since <= each.released_on <= until
        ]
        forms = Counter(each.interpretation_form for each in found)
        text, unstated = forms[InterpretationForm.TEXT], forms.pop(None, 0)
        others = len(found) - text - unstated
        return Ratio(
            total=len(found),
            non_text=others,
            text=text,
            unstated=unstated,
            percent=round(100 * others / len(found), 1) if found else None,
            forms={str(form): number for form, number in forms.most_common() if form},
        )

    def stale_interpretations(self, id: str, *, on: date) -> tuple[Stale, ...]:
        """The interpretations of a policy to look over on a day, with the provisions concerned."""
        policy = self.store.document(id)
        pointing = relations_to(self.store, [id])[id]
        tied = [(r, d) for r, d in pointing if r.kind is RelationKind.INTERPRETS]
        interpreted = self._interpreted(subject.id for _, subject in tied)
        interpretations = [
            Interpreting(subject, relation.provision, interpreted.get(subject.id, frozenset()))
            for relation, subject in tied
        ]
        return tuple(stale(id, self._changes(policy, pointing), interpretations, on=on))

    # -- releasing -------------------------------------------------------------------------

    def released_with(self, document: Document, *, on: date) -> tuple[Document, ...]:
        """What is released together with ``document``.

        Raises:
            Refused: its companions do not allow its release; in Chinese, with what to do.

        """
        if document.type in (DocumentType.INTERPRETATION, DocumentType.CONSULTATION):
            policies = self._objects(document.id, _TIES[document.type])
            pairing = may_release_companion(document, policies)
        else:
            pairing = may_release(
                document,
                map(self._companion, self._companions(document.id, DocumentType.INTERPRETATION)),
                required=self.needs_interpretation(document, on),
                consultations=self._companions(document.id, DocumentType.CONSULTATION),
                on=on,
            )
        if not pairing.allowed:
            raise Refused(*pairing.reasons)
        return pairing.together

    def needs_interpretation(self, document: Document, on: date) -> bool:
        """Whether it is released together with an interpretation only."""
        level = AuthorityFile(self.store.organs()).level_of(document.issuers)
        return needs_interpretation(document, self.ruleset, level=level, on=on)

    def _companion(self, document: Document) -> Companion:
        return Companion(document, self._objects(document.id, RelationKind.INTERPRETS))

    # -- inside ----------------------------------------------------------------------------

    def _companions(self, id: str, type: DocumentType) -> tuple[Document, ...]:  # noqa: A002
        kind = _TIES[type]
        subjects = [r.subject_id for r in self.store.relations_to(id) if r.kind is kind]
        found = [each for each in self.store.documents(subjects).values() if each.type is type]
        return tuple(sorted(found, key=lambda each: (each.released_on or date.max, each.id)))

    def _objects(self, id: str, kind: RelationKind) -> tuple[Document, ...]:
        found = [r.object_id for r in self.store.relations_of(id) if r.kind is kind]
        return tuple(self.store.documents(each for each in found if each).values())

    def _policy(self, document: Document) -> Document:
        for _ in range(2):  # feedback → consultation → policy
            kind = _TIES.get(document.type)
            above = self._objects(document.id, kind) if kind else ()
            if not above:
                break
            document = above[0]
        return document

    def _missing(
        self,
        policy: Document,
        consulted: Iterable[Consulted],
        interpretations: tuple[Document, ...],
        on: date,
    ) -> Iterator[str]:
        for each in consulted:
            asked = each.consultation
            if asked.stage is not Stage.RELEASED:
                yield f"征集“{asked.id}”还没有公布，处于“{asked.stage}”阶段"
            elif asked.closes_on and asked.closes_on < on and not _public(each.feedback):
                yield f"征集“{asked.id}”已于{asked.closes_on}截止，还没有公布意见反馈"
        if not _public(interpretations):
            if interpretations:
                names = "、".join(f"“{each.id}”（{each.stage}）" for each in interpretations)
                yield f"解读还没有公布：{names}"
            elif self.needs_interpretation(policy, on):
                yield "本文件需要解读，还没有解读"
            elif policy.needs_interpretation is None:
                yield "没有解读；不需要解读的，请在文件头写 needs_interpretation: 否"
        for old in self.stale_interpretations(policy.id, on=on):
            where = f"（{'、'.join(old.provisions)}）" if old.provisions else ""
            yield f"解读“{old.interpretation}”需要复核：{old.because}{where}"

    def _interpreted(self, ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """What each interpretation interprets, by its id."""
        found: dict[str, frozenset[str]] = {}
        for relation in self.store.relations_touching(list(ids)):
            if relation.kind is RelationKind.INTERPRETS and relation.object_id:
                known = found.get(relation.subject_id, frozenset())
                found[relation.subject_id] = known | {relation.object_id}
        return found

    def _changes(
        self, policy: Document, pointing: Iterable[tuple[Relation, Document]]
    ) -> Iterator[Change]:
        pointing = list(pointing)
        editions = self.store.editions(policy.id)
        made = {edition.made_by: pair for pair in pairwise(editions) for edition in pair[1:]}
        for relation, subject in pointing:
            day = relation.effective_on or subject.starts_on
            if subject.stage is not Stage.RELEASED or day is None:
                continue
            if relation.kind in (RelationKind.AMENDS, RelationKind.PARTLY_REPEALS):
                verb = "修改" if relation.kind is RelationKind.AMENDS else "废止部分条款"
                places = self._places(relation, subject, made.get(subject.id))
                because = f"《{subject.title.translate(_INNER)}》自{day}起{verb}"
                known_on = min(subject.released_on or day, day)
                yield Change(day, known_on, because, subject.id, places)
        for before, after in pairwise(editions):
            if after.effective_on and after.made_by is None:
                places = differing(before.body, after.body)
                day = after.effective_on
                yield Change(day, day, f"文本自{day}起修改", None, places)
        default = Terms.of(self.store, self.ruleset).default(policy)
        for step in steps(policy, pointing, default=default):
            if step.start and step.validity in ENDED:
                yield Change(step.start, step.start, step.reason, step.made_by)

    def _places(
        self, relation: Relation, subject: Document, texts: tuple[Edition, Edition] | None
    ) -> tuple[Locator, ...]:
        if relation.provision:
            with suppress(ParseError):
                return Locator.parse_all(relation.provision)
        if texts:
            return differing(texts[0].body, texts[1].body)
        decision = self.store.edition(subject.id)
        return amended(decision.body) if decision else ()


def _public(documents: Iterable[Document]) -> bool:
    return any(each.stage is Stage.RELEASED for each in documents)
