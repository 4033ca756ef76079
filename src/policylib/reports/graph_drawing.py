"""Drawing a graph as SVG (关系图绘制): text stays text, light and dark, nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from policylib.reports.drawing import wrap
from policylib.reports.graph import Graph
from policylib.reports.graph_layout import Box, Line, plan
from policylib.reports.palette import COLOURS, FONTS, STATES

__all__ = ["draw"]

_MARGIN, _BOX, _GAP = 32, 236, 150
_PAD, _LINE, _ROW, _SIZE, _SMALL = 10, 19, 16, 14, 12
_TITLE_LINES = 4

#: What XML cannot hold, whatever the escaping.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Colours in light and in dark surroundings.
_COLOURS = (
    *COLOURS,
    (".label", "fill", "#57606a", "#9aa4af"),
    (".label", "stroke", "#ffffff", "#0d1117"),
    (".box", "fill", "#f6f8fa", "#161b22"),
    (".box", "stroke", "#d0d7de", "#30363d"),
    (".centre", "stroke", "#0969da", "#58a6ff"),
    (".line", "stroke", "#8c959f", "#6e7681"),
    (".tip", "fill", "#8c959f", "#6e7681"),
    (".none", "fill", "#d0d7de", "#484f58"),
    (".pending", "fill", "#d4a72c", "#bb8009"),
    (".force", "fill", "#2da44e", "#2ea043"),
    (".partly", "fill", "#e16f24", "#db6d28"),
    (".ended", "fill", "#8c959f", "#6e7681"),
)
_CLASS = ".policylib-graph"


def draw(graph: Graph) -> str:
    """The SVG of a graph, as text; it grows with the nodes."""
    planned = plan(graph)
    boxes = planned.boxes
    for box in boxes.values():
        _measure(box)
    columns = sorted({box.column for box in boxes.values()} | {0})
    x = {column: _MARGIN + place * (_BOX + _GAP) for place, column in enumerate(columns)}
    width = 2 * _MARGIN + len(columns) * _BOX + (len(columns) - 1) * _GAP
    width = max(width, 2 * _MARGIN + 560)
    head, top = _heading(graph, width)
    bottom = _place(boxes.values(), top)
    parts = [
        *(part for line in planned.lines for part in _line(line, boxes, x)),
        *(part for box in boxes.values() for part in _hanging(box, x)),
        '<g role="list">',
        *(part for box in boxes.values() for part in _box(box, x[box.column], graph.document)),
        "</g>",
    ]
    height = round(bottom + _MARGIN)
    shown = sum(1 for box in boxes.values() if box.node)
    about = f"{graph.on}，{graph.depth} 层，文件 {len(graph.nodes)} 件，图中列出 {shown} 件"
    return "\n".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" class="policylib-graph" '
            f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'xml:lang="zh-CN" lang="zh-CN" role="graphics-document document" '
            'aria-labelledby="policylib-graph-title policylib-graph-about">',
            f'<title id="policylib-graph-title">{_safe(f"关系图：{graph.title}")}</title>',
            f'<desc id="policylib-graph-about">{_safe(about)}</desc>',
            f"<style>{_style()}</style>",
            '<defs><marker id="policylib-graph-tip" viewBox="0 0 8 8" refX="8" refY="4" '
            'markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" '
            'orient="auto-start-reverse"><path class="tip" d="M0 0L8 4 0 8z"/></marker></defs>',
            f'<rect class="page" width="{width}" height="{height}"/>',
            *head,
            *parts,
            "</svg>\n",
        )
    )


# -- boxes --------------------------------------------------------------------------------------


def _measure(box: Box) -> None:
    """Break the words of a box into lines, and see how high it becomes."""
    inner = _BOX - 2 * _PAD - 6
    if box.node is None:
        box.lines = [(row, "quiet") for row in wrap(_plain(box.others), inner / _SMALL)]
    else:
        rows = wrap(_plain(box.node.title), inner / _SIZE)
        if len(rows) > _TITLE_LINES:
            rows = [*rows[: _TITLE_LINES - 1], rows[_TITLE_LINES - 1][:-1] + "…"]
        box.lines = [(row, "title") for row in rows]
        small = [box.node.doc_number, "未入库" if box.node.absent else box.node.validity]
        if box.node.absent and box.node.doc_number == box.node.title:
            small = small[1:]
        for words in filter(None, small):
            box.lines += [(row, "quiet") for row in wrap(_plain(words), inner / _SMALL)]
    box.height = 2 * _PAD + sum(_high(style) for _, style in box.lines)


def _high(style: str) -> int:
    return _LINE if style == "title" else _ROW


def _place(boxes: Iterable[Box], top: float) -> float:
    """Give every box its height on the page: columns from top to bottom, all centred.

    Those that hang on one box stand together, in the order of what they hang on.
    """
    columns: dict[int, list[Box]] = {0: [box for box in boxes if box.column == 0]}
    for side in (-1, 1):
        column, above = side, columns[0]
        while children := [c for box in above for c in box.children if c.column == column]:
            columns[column], above, column = children, children, column + side
    heights = {n: sum(box.height + _ROW for box in each) - _ROW for n, each in columns.items()}
    tallest = max(heights.values())
    for n, each in columns.items():
        y = top + (tallest - heights[n]) / 2
        for box in each:
            box.y = y
            y += box.height + _ROW
    return top + tallest


def _box(box: Box, x: int, document: str) -> Iterator[str]:
    node = box.node
    words = " ".join(filter(None, (
        node.title, node.doc_number, "未入库" if node.absent else node.validity,
    ))) if node else box.others  # fmt: skip
    yield f'<g role="listitem" aria-label="{_safe(words)}"><title>{_safe(words)}</title>'
    style = "box" + (" centre" if box.name == document else "")
    style += "" if node and not node.absent else " dashed"
    yield (
        f'<rect class="{style}" x="{x}" y="{box.y:g}" width="{_BOX}" height="{box.height:g}" '
        'rx="6"/>'
    )
    if node and node.validity:
        state = STATES.get(node.validity, "none")
        yield (
            f'<rect class="{state}" x="{x}" y="{box.y + 6:g}" width="5" '
            f'height="{box.height - 12:g}" rx="2"/>'
        )
    y = box.y + _PAD - 4
    spans = []
    for row, kind in box.lines:
        y += _high(kind)
        spans.append(f'<text class="{kind}" x="{x + _PAD + 6}" y="{y:g}">{escape(row)}</text>')
    yield from spans
    yield "</g>"


def _heading(graph: Graph, width: int) -> tuple[list[str], float]:
    """The title and the day, and how far down they reach."""
    y = float(_MARGIN + 12)
    parts = []
    for row in wrap(_plain(graph.title), (width - 2 * _MARGIN) / 20):
        parts.append(f'<text class="head" x="{_MARGIN}" y="{y:g}">{escape(row)}</text>')
        y += 28
    said = f"{graph.on}；左边是本文件所指向的，右边是指向本文件的；箭头从一份文件到它所指的文件"
    parts.append(f'<text class="quiet" x="{_MARGIN}" y="{y:g}">{escape(said)}</text>')
    return parts, y + 24


# -- lines --------------------------------------------------------------------------------------


def _line(line: Line, boxes: dict[str, Box], x: dict[int, int]) -> Iterator[str]:
    """The line between two boxes, with the names of the relations."""
    one, other = boxes[line.source], boxes[line.target]
    tips = ' marker-end="url(#policylib-graph-tip)"' if line.ahead else ""
    tips += ' marker-start="url(#policylib-graph-tip)"' if line.back else ""
    style = "line" if line.hangs else "line across"
    path, label_x, label_y, anchor = _course(one, other, x, hangs=line.hangs)
    yield f'<path class="{style}" d="{path}"{tips}><title>{_safe(line.full)}</title></path>'
    words = wrap(_plain(line.label), (_GAP - 26) / _SMALL)
    said = words[0] + ("…" if len(words) > 1 else "")
    yield (
        f'<text class="label" x="{label_x:g}" y="{label_y:g}" text-anchor="{anchor}">'
        f"{escape(said)}</text>"
    )


def _course(
    one: Box, other: Box, x: dict[int, int], *, hangs: bool
) -> tuple[str, float, float, str]:
    """The path from box to box; and where its label stands: before the outer box, else midway."""
    y1, y2 = one.y + one.height / 2, other.y + other.height / 2
    if one.column == other.column:
        outer = one.column >= 0
        edge = x[one.column] + (_BOX if outer else 0)
        bend = edge + (46 if outer else -46)
        path = f"M{edge:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {edge:g} {y2:g}"
        return path, edge + (30 if outer else -30), (y1 + y2) / 2, "start" if outer else "end"
    right = other.column > one.column
    x1 = x[one.column] + (_BOX if right else 0)
    x2 = x[other.column] + (0 if right else _BOX)
    middle = (x1 + x2) / 2
    path = f"M{x1:g} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
    if not hangs:
        return path, middle, (y1 + y2) / 2 - 4, "middle"
    outside = other if abs(other.column) >= abs(one.column) else one
    at = outside.y + outside.height / 2 - 6
    if outside.column > 0:
        return path, x[outside.column] - 12, at, "end"
    return path, x[outside.column] + _BOX + 12, at, "start"


def _hanging(box: Box, x: dict[int, int]) -> Iterator[str]:
    """Lines to the boxes that stand for others."""
    for child in box.children:
        if child.node is None:
            path, *_ = _course(box, child, x, hangs=True)
            yield f'<path class="line across" d="{path}"/>'


def _style() -> str:
    return (
        f"{_CLASS}{{max-width:100%;height:auto;color-scheme:light dark}}"
        f"{_CLASS} text{{font-family:{FONTS};font-size:{_SIZE}px;white-space:pre}}"
        f"{_CLASS} .head{{font-size:20px;font-weight:600}}"
        f"{_CLASS} .quiet,{_CLASS} .label{{font-size:{_SMALL}px}}"
        f"{_CLASS} .label{{stroke-width:4;stroke-linejoin:round;paint-order:stroke}}"
        f"{_CLASS} .box{{stroke-width:1}}{_CLASS} .centre{{stroke-width:2}}"
        f"{_CLASS} .dashed{{stroke-dasharray:4 4}}"
        f"{_CLASS} .line{{stroke-width:1.5;fill:none}}{_CLASS} .across{{stroke-dasharray:5 4}}"
        f"{_colours(0)}@media (prefers-color-scheme:dark){{{_colours(1)}}}"
    )


def _colours(dark: int) -> str:
    """The rules of the light colours (0) or the dark ones (1)."""
    return "".join(
        f"{_CLASS} {selector}{{{what}:{shades[dark]}}}" for selector, what, *shades in _COLOURS
    )


def _plain(text: str) -> str:
    """One line that any drawing can hold."""
    return _UNFIT.sub("\ufffd", re.sub(r"\s+", " ", text)).strip()


def _safe(text: str) -> str:
    return escape(_plain(text))
