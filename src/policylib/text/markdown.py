"""Markdown ↔ blocks, plain text and safe HTML. The one door to markdown-it-py and nh3.

Both are imported when first needed. Official texts are indented by spaces, so indented code
blocks are off: an indented line is a paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from policylib.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["Block", "blocks", "plain", "to_html"]

_TAGS = frozenset(
    ("a", "blockquote", "br", "code", "del", "em", "hr", "img", "li", "ol", "p", "pre")
)
_TAGS |= {"h1", "h2", "h3", "h4", "h5", "h6", "s", "strong", "ul"}
_TAGS |= {"table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES = frozenset(("http", "https", "mailto"))


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a Markdown text (文本块).

    ``kind`` is ``heading``, ``paragraph``, ``list_item``, ``table_row``, ``quote`` or ``code``;
    ``text`` is readable text, the cells of a row separated by tabs; ``lines`` are the source lines
    from 0; ``level`` is the depth of a heading, else 0.
    """

    kind: str
    text: str
    lines: Span
    level: int = 0


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - cold start

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("code")


def to_html(markdown: str) -> str:
    r"""Turn Markdown into safe HTML (安全的网页片段).

    HTML in the source is shown as text; of what Markdown makes, only an allow-list of elements and
    links by http, https and mailto (or relative) stays.

    >>> to_html("**第一条**")
    '<p><strong>第一条</strong></p>\n'
    """
    import nh3  # noqa: PLC0415 - cold start

    return nh3.clean(
        _parser().render(markdown),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer",
    )


def plain(markdown: str) -> str:
    r"""Give the readable text (纯文本): marks removed, blocks on lines of their own.

    Numbers of ordered lists stay, for they are part of an official text.

    >>> plain("## 第一章 总则\n\n**第一条** 为了[规范](http://a.cn)管理。")
    '第一章 总则\n\n第一条 为了规范管理。'
    """
    parts: list[str] = []
    kind = ""
    for block in blocks(markdown):
        close = block.kind == kind and kind in {"list_item", "table_row"}
        parts.extend(("\n" if close else "\n\n", block.text))
        kind = block.kind
    return "".join(parts[1:])


def blocks(markdown: str) -> tuple[Block, ...]:
    """Cut Markdown into its blocks (分块), in order; containers are given by their contents."""
    found: list[Block] = []
    around: list[str] = []  # the open containers: what a paragraph in them counts as
    numbers: list[int | None] = []  # the next number of each open list, None for a bullet list
    label = ""
    cells: list[str] = []
    row = Span(0, 0)
    tokens = _parser().parse(markdown)
    for before, token in zip([None, *tokens], tokens, strict=False):
        lines = Span(*token.map) if token.map else Span(0, 0)
        match token.type:
            case "blockquote_open":
                around.append("quote")
            case "list_item_open":
                around.append("list_item")
                label = _label(numbers, token)
            case "blockquote_close" | "list_item_close":
                around.pop()
            case "ordered_list_open":
                numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_close" | "bullet_list_close":
                numbers.pop()
            case "tr_open":
                cells = []
            case "tr_close":
                found.append(Block("table_row", "\t".join(cells), row))
            case "fence" | "code_block":
                found.append(Block("code", token.content.rstrip("\n"), lines))
            case "inline" if before is not None and before.type in {"td_open", "th_open"}:
                cells.append(_words(token.children or ()))
                row = lines
            case "inline":
                heading = before is not None and before.type == "heading_open"
                level = int(before.tag[1:]) if heading and before is not None else 0
                kind = "heading" if heading else around[-1] if around else "paragraph"
                found.append(Block(kind, label + _words(token.children or ()), lines, level))
                label = ""
    return tuple(found)


def _label(numbers: list[int | None], token: Token) -> str:
    """Give the label of a list item and count it; bullets have none."""
    number = numbers[-1]
    if number is None:
        return ""
    numbers[-1] = number + 1
    return f"{number}{token.markup}"


def _words(children: Sequence[Token]) -> str:
    """Join the words of one inline run; a line break stays one."""
    words: list[str] = []
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            words.append("\n")
        else:
            words.append(child.content)  # of an image: its description
    return "".join(words)
