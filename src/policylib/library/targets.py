"""What a declared relation names (关系指向): an id, or a 文号 that only one document has.

A title alone never decides: two documents may share it.
"""

from __future__ import annotations

from collections.abc import Iterable

from policylib.model.document import Document, number_key
from policylib.model.vocabulary import DocumentType
from policylib.store.sql import SqlStore

__all__ = ["named", "now_found"]


def named(store: SqlStore, targets: Iterable[str], own: Iterable[Document]) -> dict[str, str]:
    """The ids of the documents that ``targets`` name, in the library or among ``own``."""
    own = list(own)
    keys = {target: number_key(target) for target in targets}
    if not keys:
        return {}
    ids = {*store.documents(keys), *(document.id for document in own)}
    holders = _holders(store, keys.values(), own)
    found = {}
    for target, key in keys.items():
        if target in ids:
            found[target] = target
        elif len(holding := holders.get(key, ())) == 1:
            found[target] = next(iter(holding))
    return found


def now_found(store: SqlStore, documents: Iterable[Document]) -> dict[int, str]:
    """Relations recorded earlier whose target has now come: relation id to document id."""
    own = list(documents)
    names = {document.id for document in own}
    names |= {document.number_key for document in own if document.number_key}
    waiting = store.unresolved(names)
    ids = named(store, {relation.target for relation in waiting.values()}, own)
    return {
        number: ids[relation.target]
        for number, relation in waiting.items()
        if relation.target in ids and ids[relation.target] != relation.subject_id
    }


def _holders(store: SqlStore, keys: Iterable[str], own: Iterable[Document]) -> dict[str, set[str]]:
    """Which documents have each 文号, with ``own`` as they will be."""
    own = list(own)
    names = {document.id for document in own}
    wanted = set(keys)
    found = {key: set(ids) - names for key, ids in store.number_holders(wanted).items()}
    for document in own:
        if document.number_key in wanted and document.type is DocumentType.POLICY:
            found.setdefault(str(document.number_key), set()).add(document.id)
    return found
