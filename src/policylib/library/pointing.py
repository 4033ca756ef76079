"""What points at documents (被指向): relations, each with the document it comes from."""

from __future__ import annotations

from collections.abc import Iterable

from policylib.model.document import Document
from policylib.model.relation import Relation
from policylib.model.vocabulary import RelationKind
from policylib.store.sql import SqlStore

__all__ = ["relations_to"]


def relations_to(
    store: SqlStore, ids: Iterable[str], *, without: Iterable[RelationKind] = ()
) -> dict[str, list[tuple[Relation, Document]]]:
    """For each id the relations that point at it, with the documents they come from.

    Relations of the kinds ``without`` are left out: thousands may rest on one law.
    """
    wanted = list(dict.fromkeys(ids))
    found = store.relations_at(wanted, without)
    subjects = store.documents({each.subject_id for every in found.values() for each in every})
    return {
        id: [
            (relation, subjects[relation.subject_id])
            for relation in found.get(id, ())
            if relation.subject_id in subjects
        ]
        for id in wanted
    }
