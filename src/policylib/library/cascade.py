"""Who rests on what a decision ends or changes (连带影响), to look at before it is confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policylib.library.citing import Citing
from policylib.library.pointing import relations_to
from policylib.library.proposing import evidence
from policylib.model.document import Document
from policylib.model.proposal import Proposal
from policylib.model.relation import Relation
from policylib.model.vocabulary import ENDED, Origin, RelationKind
from policylib.store.sql import SqlStore

__all__ = ["Touched", "touched"]

_ENDS = frozenset(
    {
        RelationKind.REPEALS, RelationKind.PARTLY_REPEALS, RelationKind.DECLARES_LAPSED,
        RelationKind.REVOKES, RelationKind.AMENDS, RelationKind.SUSPENDS,
    }
)  # fmt: skip
_TODO = {
    RelationKind.BASIS: "依据将变化，请复核是否继续有效",
    RelationKind.IMPLEMENTS: "所实施的文件将变化，请复核是否继续有效",
    RelationKind.INTERPRETS: "请在解读页面注明，或一并撤下",
    RelationKind.REPOSTS: "请更新转载页面的时效性",
    RelationKind.RELATED: "请核对引用是否还正确",
}


@dataclass(frozen=True, slots=True)
class Touched:
    """A document that rests on one which a decision ends or changes (受影响文件).

    A relation of the origin 提取 is a citation in the text of the document, kept nowhere.
    """

    ended: Document
    document: Document
    relation: Relation
    validity: str
    todo: str


def touched(
    store: SqlStore, id: str, proposals: Iterable[Proposal], citing: Citing
) -> tuple[Touched, ...]:
    """See :meth:`policylib.Library.touched`."""
    ended = [each.object_id for each in store.relations_of(id) if each.kind in _ENDS]
    ended += [
        each.candidates[0]
        for each in proposals
        if each.kind in _ENDS and each.candidates and each.state == "待确认"
    ]
    ids = [each for each in dict.fromkeys(ended) if each]
    documents, pointing = store.documents(ids), relations_to(store, ids)
    found: list[Touched] = []
    for each in (documents[each] for each in ids if each in documents):
        known = {id}
        for relation, subject in (*pointing[each.id], *_cited(each, citing)):
            todo = _TODO.get(relation.kind)
            if todo is None or subject.id == id:
                continue
            if relation.origin is Origin.EXTRACTED and subject.id in known:
                continue
            state = citing.validity(subject)
            known.add(subject.id)
            if state not in ENDED:
                found.append(Touched(each, subject, relation, str(state), todo))
    return tuple(found)


def _cited(ended: Document, citing: Citing) -> Iterator[tuple[Relation, Document]]:
    """The documents whose texts name ``ended``, as relations that nobody has entered."""
    for document, (cited, *_) in citing.cited_by(ended):
        yield (
            Relation(
                subject_id=document.id,
                kind=RelationKind.RELATED,
                target=ended.title[:500],
                object_id=ended.id,
                provision=cited.place,
                origin=Origin.EXTRACTED,
                note=evidence(cited.quote),
            ),
            document,
        )
