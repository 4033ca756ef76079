"""The relations around a document, some steps away (关系网), as a graph to be drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from policylib.library.lineage import Series
from policylib.library.neighbours import Neighbours
from policylib.library.ties import SAME_SERIES, Direction, since
from policylib.model.document import Document
from policylib.model.relation import Relation
from policylib.reports.graph import Edge, Graph, Left, Node

__all__ = ["net"]

_EACH = (60, 12, 6)  # relations of one kind on one side of a document, by its distance
_LONGEST = 300  # nodes


def net(around: Neighbours, document: Document, *, depth: int) -> Graph:
    """The graph of what is at most ``depth`` relations away from ``document``."""
    known = {document.id: document}
    rings = {document.id: 0}
    edges: dict[Edge, None] = {}
    left: dict[Left, None] = {}
    absent: dict[str, Node] = {}
    frontier = [document.id]
    for ring in range(depth):
        relations = around.store.relations_around(frontier, each=_EACH[ring])
        ends = {end for r in relations for end in (r.subject_id, r.object_id) if end}
        fresh = around.seen(ends - known.keys())
        room = max(0, _LONGEST - len(known) - len(absent))
        kept = dict(sorted(fresh.items(), key=lambda item: _order(item[1]))[:room])
        known |= kept
        rings |= dict.fromkeys(kept, ring + 1)
        for relation in sorted(relations, key=_turn):
            if relation.subject_id not in known:
                continue
            if relation.object_id in known:
                edges[_edge(relation, relation.object_id, known)] = None
            elif relation.object_id is None and relation.subject_id in frontier:
                node = Node(
                    f"未入库：{relation.target}", relation.target, ring=ring + 1, absent=True
                )
                if node.id in absent or len(absent) < room - len(kept):
                    absent.setdefault(node.id, node)
                    edges[_edge(relation, node.id, known)] = None
        left |= dict.fromkeys(_left(relations, frontier, known, fresh, _EACH[ring]))
        if ring == 0:
            series = Series(around.store, around.index, around.sees, around.staff)
            for member in series.of(document, relations):
                if member.link is None and len(known) + len(absent) < _LONGEST:
                    other = member.document
                    known.setdefault(other.id, other)
                    rings.setdefault(other.id, 1)
                    later, earlier = sorted((document, other), key=_order, reverse=True)
                    edges[Edge(later.id, earlier.id, SAME_SERIES, None, member.since)] = None
        frontier = [id for id in rings if rings[id] == ring + 1]
    validity = around.validity(known, known)
    nodes = [
        Node(id, each.title, each.doc_number, validity.get(id), rings[id])
        for id, each in known.items()
    ]
    return Graph(
        document=document.id,
        title=document.title,
        on=around.on,
        depth=depth,
        nodes=(*nodes, *absent.values()),
        edges=tuple(edges),
        left=tuple(left),
    )


def _edge(relation: Relation, target: str, known: dict[str, Document]) -> Edge:
    day = since(relation, known.get(relation.subject_id))
    return Edge(relation.subject_id, target, str(relation.kind), relation.provision, day)


def _left(
    relations: Iterable[Relation],
    frontier: Iterable[str],
    known: dict[str, Document],
    fresh: dict[str, Document],
    each: int,
) -> Iterator[Left]:
    """What is left out: by number where it was read, without one where there may be more."""
    read: Counter[tuple[str, str, str]] = Counter()
    dropped: Counter[tuple[str, str, str]] = Counter()
    inside = set(frontier)
    for r in relations:
        for id, other, way in (
            (r.subject_id, r.object_id, Direction.OUT), (r.object_id, r.subject_id, Direction.IN),
        ):  # fmt: skip
            if id in inside:
                key = (str(id), str(way), str(r.kind))
                read[key] += 1
                dropped[key] += other in fresh and other not in known
    for key in sorted(read):
        if read[key] >= each or dropped[key]:
            yield Left(*key, count=None if read[key] >= each else dropped[key])


def _order(document: Document) -> tuple[int, str]:
    """The newest first."""
    return -(document.starts_on.toordinal() if document.starts_on else 0), document.id


def _turn(relation: Relation) -> tuple[str, ...]:
    return (
        relation.kind, relation.subject_id, relation.object_id or "", relation.target,
        relation.provision or "",
    )  # fmt: skip
