"""A page as lines (网页结构): text in reading order, with the elements and links it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Anchor", "Cell", "Dom", "Element", "Line", "words"]


@dataclass(slots=True)
class Element:
    """A block of the page: its tag, id and classes, its parent, and which lines stand in it."""

    tag: str
    names: str
    parent: int
    first: int
    last: int = -1


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link in a line: the words of it, where it leads, its ``title``, whether it downloads."""

    text: str
    href: str
    title: str = ""
    download: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in which table a line stands; tables are counted by their element."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a reader sees it.

    ``marked`` is the text with U+001F where inline elements begin and end; ``element`` the innermost
    block; ``level`` of a heading, else 0; ``bullet`` what a browser puts before a list item.
    """

    text: str
    marked: str
    element: int
    anchors: tuple[Anchor, ...] = ()
    cell: Cell | None = None
    level: int = 0
    bullet: str = ""


@dataclass(slots=True)
class Dom:
    """A page as lines and elements; ``meta`` are its named ``<meta>`` values, lower-case names."""

    lines: list[Line] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    title: str = ""
    canonical: str = ""
    hidden: bool = False

    def within(self, element: int, ancestor: int) -> bool:
        """Whether one element stands in another (or is it)."""
        inner, outer = self.elements[element], self.elements[ancestor]
        return outer.first <= inner.first and inner.last <= outer.last and element >= ancestor

    def ancestors(self, element: int) -> Iterator[int]:
        """The element and what it stands in, from the inside out."""
        while element >= 0:
            yield element
            element = self.elements[element].parent


def words(text: str) -> frozenset[str]:
    """The words of a text as a set (词表)."""
    return frozenset(text.split())
