"""The relations around a document as a graph (关系图): values, JSON, and a drawing.

Pure: nodes and edges come in, JSON or SVG goes out. Where each node stands is worked out by
:mod:`.graph_layout`, the drawing is made by :mod:`.graph_drawing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

__all__ = ["Edge", "Graph", "Left", "Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """A document (节点): ``ring`` is how many relations it is away.

    An ``absent`` one is not in the library (未入库); its title is what was written.
    """

    id: str
    title: str
    doc_number: str | None = None
    validity: str | None = None
    ring: int = 0
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation (关系), read "source KIND target"; ``since`` is the day from which it holds."""

    source: str
    target: str
    kind: str
    provision: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Relations of a document that are not in the graph (未列出): how many, if that is known."""

    document: str
    direction: str
    kind: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """What is at most ``depth`` relations away from one document, as seen on the day ``on``.

    Every edge ends at nodes; the document itself is one. Nodes may come in any order.
    """

    document: str
    title: str
    on: date
    depth: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    left: tuple[Left, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.document,
            "title": self.title,
            "on": self.on.isoformat(),
            "depth": self.depth,
            "nodes": [
                {
                    "id": node.id,
                    "title": node.title,
                    "doc_number": node.doc_number,
                    "validity": node.validity,
                    "ring": node.ring,
                    "in_library": not node.absent,
                }
                for node in self.nodes
            ],
            "edges": [
                {
                    "source": edge.source,
                    "target": edge.target,
                    "kind": edge.kind,
                    "provision": edge.provision,
                    "since": edge.since.isoformat() if edge.since else None,
                }
                for edge in self.edges
            ],
            "left": [
                {
                    "document": left.document,
                    "direction": left.direction,
                    "kind": left.kind,
                    "count": left.count,
                }
                for left in self.left
            ],
        }

    def to_svg(self) -> str:
        """The graph as a drawing of its own: SVG, text as text, no outside references."""
        from policylib.reports.graph_drawing import draw  # noqa: PLC0415 - needs the values above

        return draw(self)
