"""What lies around documents (关联读取): relations in part, and who has a title, asked often.

The statements are made once: making one costs more than it takes to answer it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from policylib.model.document import Document
from policylib.model.relation import Relation
from policylib.model.vocabulary import RelationKind
from policylib.store import tables as t
from policylib.store.database import Database
from policylib.store.rows import batches, read, target_key

__all__ = ["Nearby"]


class Nearby:
    """Readers of documents and of relations, at a cost that does not grow with the library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """The documents called ``ids``, in that order; unknown ids are left out."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Document] = {}
        if not wanted:
            return found
        with self._database.reading() as connection:
            for batch in batches(wanted):
                for row in connection.execute(_DOCUMENTS, {"ids": batch}):
                    found[row.id] = _document(row.payload, row.id)
        return {id: found[id] for id in wanted if id in found}

    def title_holders(self, titles: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The ids of the documents with exactly these titles, as written there."""
        holders: dict[str, tuple[str, ...]] = {}
        wanted = set(titles)
        if not wanted:
            return holders
        with self._database.reading() as connection:
            for batch in batches(sorted(wanted)):
                for title, id in connection.execute(_TITLED, {"titles": batch}):
                    holders[title] = (*holders.get(title, ()), id)
        return holders

    def relations_around(
        self,
        ids: Iterable[str],
        *,
        kinds: Iterable[RelationKind] | None = None,
        each: int,
    ) -> tuple[Relation, ...]:
        """The relations with any of ``ids`` as subject or object, of all kinds or of some.

        At most ``each`` of one kind on one side of one document are given, the newest: thousands
        may name one law.
        """
        names = None if kinds is None else [str(kind) for kind in kinds]
        found: dict[int, Relation] = {}
        with self._database.reading() as connection:
            for batch in batches(ids):
                for few, many in _AROUND[names is None]:
                    given = {"ids": batch, "kinds": names or [], "each": each}
                    rows = connection.execute(few, given).all()
                    if len(rows) > each:
                        rows = connection.execute(many, given).all()
                    found.update((r.id, read(Relation, r.payload, r.subject_id)) for r in rows)
        return tuple(found[id] for id in sorted(found))

    def relations_naming(self, targets: Iterable[str], *, limit: int) -> tuple[Relation, ...]:
        """The relations that name any of ``targets`` and are not resolved, the newest first.

        ``targets`` are what a relation may have named: an id, a 发文字号, a title with or without
        书名号; at most ``limit`` are given.
        """
        keys = {key for target in targets for key in (target.strip(), target_key(target)) if key}
        if not keys:
            return ()
        with self._database.reading() as connection:
            rows = connection.execute(_NAMING, {"keys": sorted(keys)[:500], "limit": limit}).all()
        return tuple(read(Relation, row.payload, row.subject_id) for row in rows)


@functools.lru_cache(maxsize=2_000)
def _document(payload: str, id: str) -> Document:
    """The document that a payload holds; documents do not change, and some are asked often."""
    return read(Document, payload, id)


def _around(side: ColumnElement[Any], *, every: bool) -> tuple[Select[Any], Select[Any]]:
    """The relations on one side of documents: one more than ``each``, and the newest by kind."""
    where: ColumnElement[bool] = side.in_(bindparam("ids", expanding=True))
    given: ColumnElement[bool] = t.documents.c.id.in_(bindparam("ids", expanding=True))
    if not every:
        where = and_(where, _C.kind.in_(bindparam("kinds", expanding=True)))
        given = and_(given, _KINDS.c.kind.in_(bindparam("kinds", expanding=True)))
    # the index ends in the id: the place of the last that is listed is found without the others
    other = t.relations.alias()
    same = (other.c[side.name] == t.documents.c.id, other.c.kind == _KINDS.c.kind)
    last = select(other.c.id).where(*same).order_by(other.c.id.desc()).limit(1).offset(_EACH - 1)
    first = func.coalesce(last.correlate(t.documents, _KINDS).scalar_subquery(), 0)
    newest = _RELATIONS.where(
        given, side == t.documents.c.id, _C.kind == _KINDS.c.kind, _C.id >= first
    )
    return _RELATIONS.where(where).limit(_EACH + 1), newest


_C = t.relations.c
_EACH = bindparam("each", type_=Integer)
_RELATIONS = select(_C.id, _C.subject_id, _C.payload)
_KINDS = union_all(*(select(literal(str(kind)).label("kind")) for kind in RelationKind)).cte(
    "kinds"
)
#: By whether all kinds are asked for.
_AROUND = {
    every: tuple(_around(side, every=every) for side in (_C.subject_id, _C.object_id))
    for every in (False, True)
}
_NAMING = (  # coalesce: SQLite would go through all that is unresolved, not through the few targets
    _RELATIONS.where(
        _C.target_key.in_(bindparam("keys", expanding=True)), func.coalesce(_C.object_id, "") == ""
    )
    .order_by(_C.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
_DOCUMENTS = select(t.documents.c.id, t.documents.c.payload).where(
    t.documents.c.id.in_(bindparam("ids", expanding=True))
)
_TITLED = (
    select(t.documents.c.title, t.documents.c.id)
    .where(t.documents.c.title.in_(bindparam("titles", expanding=True)))
    .order_by(t.documents.c.id)
)
