r"""The outline of a body: 编章节条款项目 or 一、（一）1.（1）, lossless (大纲).

>>> outline = Outline.parse("第一条 为了规范管理，制定本办法。\n第二条 本县适用本办法。\n")
>>> outline["第二条"].text(outline.body)
'第二条 本县适用本办法。\n'
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Self

from policylib.errors import NotFound, ParseError
from policylib.text.locator import Level, Locator, Step
from policylib.text.numbering import numbering_problems
from policylib.text.span import Span
from policylib.text.structure import Node, read_structure

__all__ = ["Outline", "Piece", "Provision"]

_CONTAINERS = {Level.TEXT, Level.ANNEX}
_OVER_ARTICLES = {
    Level.PART,
    Level.BOOK,
    Level.SUBBOOK,
    Level.CHAPTER,
    Level.SECTION,
    Level.HEADING1,
    Level.HEADING2,
    Level.HEADING3,
    Level.HEADING4,
}
_HEADED = _OVER_ARTICLES | {Level.ANNEX, Level.TITLE, Level.TEXT}
_LONGEST_HEADING = 60
_EDGES = "\r\n #*_\t\u3000"


@dataclass(frozen=True, slots=True)
class Provision:
    """One part of a body (条文单元): an article, a paragraph, a heading with what is under it.

    ``label`` is the number as written, ``number`` None where there is none, ``suffix`` the N of
    之N. ``span`` takes in the children, ``own`` is only the part before the first child.
    """

    level: Level
    number: int | None
    suffix: int
    label: str
    heading: str
    span: Span
    own: Span
    children: tuple[Provision, ...]

    def text(self, body: str) -> str:
        """Cut this provision with its children out of the body (条文原文)."""
        return body[self.span.start : self.span.end]


class Piece(NamedTuple):
    """A stretch of a body and the provision it belongs to (文字片段)."""

    start: int
    end: int
    locator: Locator

    @property
    def span(self) -> Span:
        """The stretch itself (位置)."""
        return Span(self.start, self.end)


@dataclass(frozen=True)
class Outline:
    """The provisions of a body (文件大纲), a tree that loses nothing.

    Text before the first provision is 标题 and 前言, each 附件 a part of its own; where numbering
    begins again (a 办法 printed under its 通知) a further 文本 opens.
    """

    body: str

    @classmethod
    def parse(cls, body: str) -> Self:
        """Read a body, plain or Markdown (解析大纲); any string has an outline."""
        outline = cls(body)
        outline._nodes  # noqa: B018 - read now, so that the cost is where the call is
        return outline

    @cached_property
    def _nodes(self) -> list[Node]:
        return read_structure(self.body)

    @cached_property
    def _starts(self) -> list[int]:
        return [node.start for node in self._nodes]

    @cached_property
    def _provisions(self) -> list[Provision]:
        """Build the tree from the leaves up; a node's children always stand after it."""
        nodes, body = self._nodes, self.body
        children: list[list[Provision]] = [[] for _ in nodes]
        built: list[Provision] = []
        following = len(body)
        for index in range(len(nodes) - 1, -1, -1):
            node = nodes[index]
            below = tuple(reversed(children[index]))
            own = Span(node.start, following)
            provision = Provision(
                node.level,
                node.number or None,
                node.suffix,
                node.label,
                _heading(node, body, following),
                Span(node.start, below[-1].span.end if below else following),
                own,
                below,
            )
            if node.parent >= 0:
                children[node.parent].append(provision)
            built.append(provision)
            following = node.start
        built.reverse()
        return built

    @cached_property
    def _locators(self) -> list[Locator]:
        locators: list[Locator] = []
        for node in self._nodes:
            above = locators[node.parent].steps if node.parent >= 0 else ()
            if node.level is Level.ARTICLE:
                above = tuple(step for step in above if step.level in _CONTAINERS)
            locators.append(Locator((*above, Step(node.level, node.number, node.suffix))))
        return locators

    @cached_property
    def _index(self) -> dict[Locator, int]:
        """Provisions by locator, and also without 文本N or 附件N: the first one wins."""
        index: dict[Locator, int] = {}
        for at, locator in enumerate(self._locators):
            if locator.steps[-1].level is Level.ANNEX:
                index[locator] = at  # the list 附件：1.… stands before the annexes themselves
            else:
                index.setdefault(locator, at)
        for at, locator in enumerate(self._locators):
            if locator.steps[0].level in _CONTAINERS and len(locator.steps) > 1:
                index.setdefault(Locator(locator.steps[1:]), at)
        return index

    @property
    def provisions(self) -> tuple[Provision, ...]:
        """The outermost provisions (顶层单元)."""
        pairs = zip(self._nodes, self._provisions, strict=True)
        return tuple(provision for node, provision in pairs if node.parent < 0)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The body cut into consecutive pieces (片段): joined, they are the body."""
        if not self.body:
            return ()
        ends = [*self._starts[1:], len(self.body)]
        cuts = zip(self._starts, ends, self._locators, strict=True)
        return tuple(Piece(*cut) for cut in cuts if cut[0] < cut[1])

    def walk(self) -> Iterator[tuple[Locator, Provision]]:
        """Go through all provisions in the order of the text (遍历), outer before inner."""
        return zip(self._locators, self._provisions, strict=True)

    def __getitem__(self, where: Locator | str) -> Provision:
        """Find a provision; :class:`~policylib.errors.NotFound` when there is none.

        第三条第三项 finds the item though its 款 is not named, 第一章第三条 the article though 章
        are not needed. A string that is no locator raises
        :class:`~policylib.errors.ParseError`.
        """
        locator = Locator.parse(where) if isinstance(where, str) else where
        for candidate in _readings(locator, self):
            at = self._index.get(candidate)
            if at is not None and self._stands_under(at, locator):
                return self._provisions[at]
        raise NotFound(f"本文没有{locator}，请核对条款号")

    def _stands_under(self, at: int, locator: Locator) -> bool:
        """Whether the divisions named over an article are those it stands in."""
        named = {step for step in locator.steps if step.level in _OVER_ARTICLES}
        while named and at >= 0:
            node = self._nodes[at]
            named.discard(Step(node.level, node.number, node.suffix))
            at = node.parent
        return not named

    def __contains__(self, where: object) -> bool:
        """Whether there is such a provision."""
        try:
            return isinstance(where, (Locator, str)) and bool(self[where])
        except (NotFound, ParseError):
            return False

    def locate(self, offset: int) -> Locator | None:
        """Give the finest provision that holds the character at ``offset`` (反查条款)."""
        if not 0 <= offset < len(self.body):
            return None
        return self._locators[bisect_right(self._starts, offset) - 1]

    def problems(self) -> list[tuple[Span, str]]:
        """List gaps, repeats and disorder in the numbering (编号问题), in Chinese."""
        return numbering_problems(self._nodes)


def _readings(locator: Locator, outline: Outline) -> Iterator[Locator]:
    """Give the locator as written, then without divisions over 条, then with each 款 filled in."""
    yield locator
    steps = locator.steps
    levels = [step.level for step in steps]
    if Level.ARTICLE in levels:
        steps = tuple(step for step in steps if step.level not in _OVER_ARTICLES)
        yield Locator(steps)
    for at, (step, after) in enumerate(pairwise(steps), 1):
        if step.level is Level.ARTICLE and after.level in {Level.ITEM, Level.SUBITEM}:
            article = outline._index.get(Locator(steps[:at]))
            paragraphs = outline._provisions[article].children if article is not None else ()
            for paragraph in paragraphs:
                filled = (*steps[:at], Step(Level.PARAGRAPH, paragraph.number or 1), *steps[at:])
                yield Locator(filled)


def _heading(node: Node, body: str, following: int) -> str:
    """Take the heading: the words behind the label up to the first 。 or the end of the line."""
    if node.heading is not None or node.level not in _HEADED:
        return node.heading or ""
    window = body[node.text : min(following, node.text + 2 * _LONGEST_HEADING)].lstrip(_EDGES)
    line, _, below = window.partition("\n")
    head, stop, behind = line.strip(_EDGES).partition("。")
    if len(head) > _LONGEST_HEADING or head.endswith(("；", ";", "，", ",")):
        return ""
    if stop and not (behind or below.strip()):
        return ""  # one whole sentence: the text itself
    return head.rstrip("：: ")
