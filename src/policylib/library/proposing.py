"""Relations read in the texts of a library (关系提取): whom they mean, and what became of them.

A target is certain by its 发文字号, or by its title when the year that goes with it fits and nobody
else has that title. A title alone only proposes: the document repealed may be an older one that
is not in the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from policylib.amending import parse_decision
from policylib.amending.values import FORMAL
from policylib.model.document import Document, Edition, number_key
from policylib.model.proposal import Proposal, ProposalState, proposal_key
from policylib.model.relation import Relation
from policylib.model.vocabulary import Act, DocumentType, Origin, RelationKind
from policylib.reading import Extracted, extract
from policylib.store.sql import SqlStore
from policylib.text.docnumber import DocNumber
from policylib.text.span import Span

__all__ = ["Proposing", "evidence", "is_named", "stated_day", "text_title"]

_DISPOSITIONS = {
    "废止": RelationKind.REPEALS,
    "停止执行": RelationKind.REPEALS,
    "失效": RelationKind.DECLARES_LAPSED,
}
#: What works from the day of the document that says it, unless it names another.
_WORKS_FROM = {
    RelationKind.AMENDS, RelationKind.REPEALS, RelationKind.PARTLY_REPEALS,
    RelationKind.DECLARES_LAPSED,
}  # fmt: skip
_SPEAKS = {
    "解读": RelationKind.INTERPRETS,
    "征求意见": RelationKind.CONSULTS,
    "意见征集": RelationKind.CONSULTS,
    "意见反馈": RelationKind.ANSWERS,
}
_LONGEST = 400  # characters of a quotation kept as evidence
_CARRIES = re.compile(
    r"关于(?:印发|转发|公布|发布)[《〈](?P<title>.{2,150})[》〉](?:的[^《》]{1,12})?$"
)
_PUNCTUATION = re.compile(r"[《》〈〉“”\"'（）()\s]")


@dataclass(frozen=True, slots=True)
class _Said:
    """One relation as the text has it."""

    kind: RelationKind
    title: str | None
    number: DocNumber | None
    span: Span
    quote: str
    issued: date | None = None
    provision: str | None = None
    on: date | None = None
    until: date | None = None
    unless_by: date | None = None
    disposition: str | None = None


@dataclass(frozen=True, slots=True)
class Proposing:
    """Proposals for the documents of one store.

    ``similar`` gives ids of documents whose titles have certain words, for titles that are
    written short.
    """

    store: SqlStore
    similar: Callable[[str], Iterable[str]]
    _held: dict[str, tuple[Document, ...]] = field(default_factory=dict)

    def proposals(self, id: str) -> tuple[Proposal, ...]:
        """What the newest text of a document says of others, in the order of the text."""
        document = self.store.document(id)
        edition = self.store.edition(id)
        if edition is None:
            return ()
        states = self._states(document)
        made: dict[tuple[RelationKind, str, str | None], Proposal] = {}
        amends, new_words = _amending(edition.body)
        told = extract(edition.body)
        own_day = stated_day(document, told)
        for said in (*amends, *_said(told)):
            if _is_itself(document, said) or (said not in amends and _within(said, new_words)):
                continue
            if said.kind in _WORKS_FROM and said.on is None:
                said = replace(said, on=own_day)  # noqa: PLW2901
            proposal = self._proposal(document, edition, said)
            if proposal.candidates == (id,):
                continue
            if proposal.kind is RelationKind.RELATED and _is_told(proposal, made):
                continue
            made.setdefault((proposal.kind, proposal.target, proposal.provision), proposal)
        return tuple(
            each.model_copy(update={"state": self._state(each, states)})
            for each in sorted(made.values(), key=lambda each: each.span)
        )

    def _proposal(self, document: Document, edition: Edition, said: _Said) -> Proposal:
        candidates, certain = self.candidates(document, said.title, said.number, said.issued)
        title = f"《{said.title}》" if said.title else ""
        number = f"（{said.number}）" if said.number and title else str(said.number or "")
        return Proposal(
            subject_id=document.id,
            kind=said.kind,
            target=f"{title}{number}",
            candidates=candidates,
            certain=certain,
            provision=said.provision,
            effective_on=said.on,
            expires_on=said.until,
            unless_by=said.unless_by,
            disposition=said.disposition,
            edition=edition.number,
            span=(said.span.start, said.span.end),
            quote=said.quote[:_LONGEST],
        )

    def candidates(
        self,
        document: Document,
        title: str | None,
        number: DocNumber | None,
        issued: date | None = None,
    ) -> tuple[tuple[str, ...], bool]:
        """Which documents may be meant, the likeliest first, and whether just one can be."""
        if number:
            held = self.store.number_holders([number_key(str(number))]).get(number.key, ())
            others = tuple(each for each in held if each != document.id)
            if others:
                return others, len(others) == 1
        if not title:
            return (), False
        found = [each for each in self._titled(title) if each.id != document.id]
        start = document.starts_on or document.written_on
        dated = [each for each in found if _fits_date(each, issued, number)]
        older = [each for each in dated if not start or not _day(each) or _day(each) <= start]  # type: ignore[operator]
        ranked = dict.fromkeys([*(each.id for each in older), *(each.id for each in found)])
        sure = len(found) == 1 and len(older) == 1 and bool(issued) and number is None
        return tuple(ranked), sure

    def _titled(self, title: str) -> tuple[Document, ...]:
        """The documents with a title; a text may name one a hundred times, it is looked for once."""
        if title not in self._held:
            self._held[title] = self._find(title)
        return self._held[title]

    def _find(self, title: str) -> tuple[Document, ...]:
        """The policies with a title, also when it is carried by another (关于印发《…》的通知)."""
        exact = self.store.find_title(title)
        found = {each.id: each for each in exact}
        for id, each in self.store.documents(self.similar(title)).items():
            if is_named(each, title):
                found.setdefault(id, each)
        policies = tuple(each for each in found.values() if each.type is DocumentType.POLICY)
        return policies or tuple(found.values())

    # -- what became of them ---------------------------------------------------------------

    def _states(self, document: Document) -> dict[str, ProposalState]:
        """By proposal key, and by kind and target of declared relations."""
        found: dict[str, ProposalState] = {}
        for relation in self.store.relations_of(document.id):
            for name in filter(None, (relation.object_id, relation.target)):
                found[f"{relation.kind}|{name}"] = ProposalState.KNOWN
        for event in self.store.events(document.id):
            for key in map(str, event.detail.get("proposals", ())):
                if event.act is Act.RETRACT:
                    found.pop(key, None)
                elif event.act in _STATES:
                    found[key] = _STATES[event.act]
        return found

    def confirmed(self, id: str) -> dict[str, Relation]:
        """The confirmed relations of a document by the keys they were proposed under."""
        relations = self.store.relations_of(id)
        return {
            said["key"]: relation
            for event in self.store.events(id)
            if event.act is Act.CONFIRM
            for said in event.detail.get("said", ())
            for relation in relations
            if _rests_on(relation, said)
        }

    @staticmethod
    def _state(proposal: Proposal, states: dict[str, ProposalState]) -> ProposalState:
        if proposal.key in states:
            return states[proposal.key]
        names = (*proposal.candidates[:1], proposal.target)
        known = any(f"{proposal.kind}|{name}" in states for name in names)
        return ProposalState.KNOWN if known else ProposalState.OPEN


def evidence(quote: str) -> str:
    """The words that a confirmed relation rests on, as it keeps them."""
    return f"原文：{' '.join(quote.split())}"[:500]


def _rests_on(relation: Relation, said: Mapping[str, str]) -> bool:
    """Whether a relation is the one that was confirmed with these words."""
    key = proposal_key(relation.kind, said["target"], relation.provision, said["quote"])
    return (
        relation.origin is Origin.CONFIRMED
        and relation.note == evidence(said["quote"])
        and key == said["key"]
    )


_STATES = {Act.CONFIRM: ProposalState.CONFIRMED, Act.REJECT: ProposalState.REJECTED}


def _said(told: Extracted) -> Iterator[_Said]:
    """Every relation that a text states."""
    for basis in told.basis:
        yield _Said(RelationKind.BASIS, basis.title, basis.doc_number, basis.span, basis.quote)
    for subject in told.implements:
        yield _Said(
            RelationKind.IMPLEMENTS, subject.title, subject.doc_number, subject.span, subject.quote
        )
    for kind, subject in told.speaks_of:
        if kind in _SPEAKS:
            yield _Said(
                _SPEAKS[kind], subject.title, subject.doc_number, subject.span, subject.quote
            )
    for repeal in told.repeals:
        kind = _DISPOSITIONS.get(repeal.disposition, RelationKind.REPEALS)
        if repeal.partial:
            kind = RelationKind.PARTLY_REPEALS
        yield _Said(
            kind, repeal.title, repeal.doc_number, repeal.span, repeal.quote,
            issued=repeal.issued, provision=repeal.place, on=repeal.on,
        )  # fmt: skip
    for item in told.clean_up.items if told.clean_up else ():
        if item.disposition in {
            "修改",
            "继续有效",
        }:  # to be amended, or to stay: nothing changes yet
            yield _Said(
                RelationKind.RELATED, item.title, item.doc_number, item.span, item.quote,
                issued=item.issued, disposition=item.disposition,
            )  # fmt: skip
    for renewal in told.renewals:
        yield _Said(
            RelationKind.RENEWS, renewal.title, renewal.doc_number, renewal.span, renewal.quote,
            until=renewal.until,
        )  # fmt: skip
    for cited in told.citations:
        if not cited.own and (cited.title or cited.doc_number):
            yield _Said(
                RelationKind.RELATED, cited.title, cited.doc_number, cited.span, cited.quote,
                provision=cited.place,
            )  # fmt: skip


def _amending(body: str) -> tuple[tuple[_Said, ...], tuple[Span, ...]]:
    """The documents that a decision amends, and where it speaks with their words (修改指令)."""
    decision = parse_decision(body)
    orders = tuple(each.span for each in decision.instructions if each.kind not in FORMAL)
    if not orders:
        return (), ()
    found = []
    for title in decision.targets:
        places = list(_places(body, f"《{title}》"))
        named = next(filter(lambda each: each[1], places), places[0] if places else None)
        span, number = named or (Span(0, 0), None)
        quote = body[span.start : span.end]
        found.append(_Said(RelationKind.AMENDS, title, number, span, quote))
    return tuple(found), orders


def _within(said: _Said, spans: Iterable[Span]) -> bool:
    """Whether words stand in an instruction: they are to stand in the text that is amended."""
    return any(span.start <= said.span.start and said.span.end <= span.end for span in spans)


def _places(body: str, words: str) -> Iterator[tuple[Span, DocNumber | None]]:
    """Where words stand, and the 发文字号 in the brackets behind them."""
    at = body.find(words)
    while at >= 0:
        end = at + len(words)
        numbers = DocNumber.find(body[end : end + 40])
        yield Span(at, end), next((each for span, each in numbers if span[0] <= 1), None)
        at = body.find(words, end)


def _is_told(proposal: Proposal, made: Iterable[tuple[RelationKind, str, str | None]]) -> bool:
    """Whether a mere citation says no more than what is proposed already.

    In a table the number of a document stands beside its title, in a cell of its own.
    """
    if proposal.provision is not None:
        return False
    title, _, _ = proposal.target.partition("》")
    return any(
        target.partition("》")[0] == title or target.endswith(f"（{proposal.target}）")
        for _, target, _ in made
    )


def _is_itself(document: Document, said: _Said) -> bool:
    """Whether a text only names itself: by its number, or by its title and what it carries."""
    if said.number and document.doc_number and said.number.key == document.number_key:
        return True
    if said.number or said.kind not in {RelationKind.AMENDS, RelationKind.RELATED}:
        return False
    return said.title in {document.title, text_title(document.title)}


def _fits_date(document: Document, issued: date | None, number: DocNumber | None) -> bool:
    if number is not None and document.doc_number:
        return document.number_key == number.key
    days = (document.written_on, document.released_on, document.effective_on)
    known = [day for day in days if day]
    return issued is None or not known or any(day.year == issued.year for day in known)


def stated_day(document: Document, told: Extracted) -> date | None:
    """The 施行日期 that a text names, for a header that has none; none before its 发布日期."""
    day = told.effective.on if told.effective else None
    if day is None or document.effective_on or (document.starts_on and day < document.starts_on):
        return None
    return day


def _day(document: Document) -> date | None:
    return document.starts_on or document.written_on


def text_title(title: str) -> str:
    """The title of what a notice carries (关于印发《…》的通知), else the title itself."""
    found = _CARRIES.search(title)
    return found["title"] if found else title


def is_named(document: Document, title: str) -> bool:
    """Whether a document has a title, or carries a text that has it; others may too."""
    return _bare(title) in {_bare(document.title), _bare(text_title(document.title))}


def _bare(title: str) -> str:
    """A title without marks and without the organ before 关于, for comparing."""
    bare = _PUNCTUATION.sub("", title)
    _, about, rest = bare.partition("关于")
    return f"关于{rest}" if about and len(rest) > 3 else bare
