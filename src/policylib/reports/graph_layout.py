"""Where the nodes of a graph stand (关系图布局): a column for each step away.

What a document points to stands on its left, what points to it on its right. Each node hangs on the one through which it was reached first. Of many nodes that hang on one in the
same way the first few are shown; a box says how many there are besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from policylib.reports.graph import Edge, Graph, Left, Node

__all__ = ["Box", "Line", "Plan", "plan"]

_SHOWN = (8, 4, 2)  # nodes that hang on one in the same way, by the distance of that one
_MOST = 120  # nodes shown


@dataclass(slots=True)
class Box:
    """A node that is shown, or one that stands for others (``others`` is then what it says)."""

    name: str
    column: int
    node: Node | None = None
    others: str = ""
    children: list[Box] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)  # words and style
    y: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """All relations between two boxes; arrows at the ends that are pointed to."""

    source: str
    target: str
    label: str
    full: str
    ahead: bool
    back: bool
    hangs: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn: boxes by name with their columns, and the lines between them."""

    boxes: dict[str, Box]
    lines: tuple[Line, ...]


def plan(graph: Graph) -> Plan:
    """Choose what is shown of a graph and in which column; rows come later."""
    nodes = {node.id: node for node in graph.nodes}
    centre = nodes.get(graph.document) or Node(graph.document, graph.title)
    boxes = {centre.id: Box(centre.id, 0, centre)}
    touching: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        if edge.source in nodes and edge.target in nodes and edge.source != edge.target:
            touching.setdefault(edge.source, []).append(edge)
            touching.setdefault(edge.target, []).append(edge)
    hung: dict[str, str] = {}  # child to parent, also of those not shown
    frontier = [centre.id]
    while frontier:
        fresh: list[str] = []
        for parent in frontier:
            groups = _groups(parent, touching.get(parent, ()), {centre.id, *hung})
            for (out, kind), names in groups.items():
                hung.update(dict.fromkeys(names, parent))
                fresh += _hang(boxes, boxes[parent], nodes, names, graph.left, out=out, kind=kind)
            _only_left(boxes, boxes[parent], graph.left, groups)
        frontier = fresh
    shown = {name for name, box in boxes.items() if box.node}
    return Plan(boxes, tuple(_lines(graph.edges, shown, hung)))


def _groups(
    parent: str, edges: Iterable[Edge], known: set[str]
) -> dict[tuple[bool, str], list[str]]:
    """The nodes reached from ``parent`` first, by the direction and the kind of the relation."""
    groups: dict[tuple[bool, str], list[str]] = {}
    for edge in edges:
        out = edge.source == parent
        other = edge.target if out else edge.source
        if other not in known:
            known.add(other)
            groups.setdefault((out, edge.kind), []).append(other)
    return groups


def _hang(
    boxes: dict[str, Box],
    parent: Box,
    nodes: dict[str, Node],
    names: Sequence[str],
    left: Iterable[Left],
    *,
    out: bool,
    kind: str,
) -> list[str]:
    """Hang nodes on ``parent``, and a box for those that are too many; those that are shown."""
    room = _SHOWN[min(abs(parent.column), len(_SHOWN) - 1)]
    room = max(0, min(room, _MOST - len(boxes)))
    column = _column(parent, out=out)
    for name in names[:room]:
        boxes[name] = Box(name, column, nodes[name])
        parent.children.append(boxes[name])
    more = _besides(len(names) - len(names[:room]), parent.name, left, out=out, kind=kind)
    if more:
        _put(boxes, parent, column, f"{kind}：{more}")
    return list(names[:room])


def _only_left(
    boxes: dict[str, Box],
    parent: Box,
    left: Iterable[Left],
    groups: dict[tuple[bool, str], list[str]],
) -> None:
    """Boxes for relations of which no node is shown at all."""
    for each in left:
        out = each.direction == "指向"
        if each.document == parent.name and (out, each.kind) not in groups:
            more = _besides(0, parent.name, [each], out=out, kind=each.kind)
            _put(boxes, parent, _column(parent, out=out), f"{each.kind}：{more}")


def _put(boxes: dict[str, Box], parent: Box, column: int, words: str) -> None:
    box = Box(f"{parent.name}\n{len(boxes)}", column, others=words)
    boxes[box.name] = box
    parent.children.append(box)


def _column(parent: Box, *, out: bool) -> int:
    side = (1 if parent.column > 0 else -1) if parent.column else (-1 if out else 1)
    return parent.column + side


def _besides(hidden: int, parent: str, left: Iterable[Left], *, out: bool, kind: str) -> str:
    """How many there are besides those shown: 另有 N 件; empty when there are none."""
    way = "指向" if out else "被指向"
    rest = [
        each.count
        for each in left
        if (each.document, each.direction, each.kind) == (parent, way, kind)
    ]
    count = hidden + sum(each or 0 for each in rest)
    if None in rest:
        return f"另有 {count} 件以上" if count else "另有多件"
    return f"另有 {count} 件" if count else ""


def _lines(edges: Iterable[Edge], shown: set[str], hung: dict[str, str]) -> Iterator[Line]:
    """One line for each two boxes, with all that joins them."""
    between: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        if edge.source in shown and edge.target in shown and edge.source != edge.target:
            ends = (edge.source, edge.target)
            key = ends[::-1] if ends[::-1] in between else ends
            between.setdefault(key, []).append(edge)
    for (source, target), each in between.items():
        kinds = list(dict.fromkeys(edge.kind for edge in each))
        full = "；".join(
            edge.kind
            + (f" {edge.provision}" if edge.provision else "")
            + (f"（{edge.since}起）" if edge.since else "")
            for edge in each
        )
        places = [edge.provision for edge in each if edge.provision]
        label = "、".join(kinds) + (f" {places[0]}" if len(each) == 1 and places else "")
        yield Line(
            source,
            target,
            label,
            full,
            ahead=any(edge.source == source for edge in each),
            back=any(edge.source == target for edge in each),
            hangs=hung.get(target) == source or hung.get(source) == target,
        )
