"""Where something stands in a text."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Span"]


class Span(NamedTuple):
    """A half-open range of characters (文字位置): ``text[span.start:span.end]``.

    >>> span = Span(1, 3)
    >>> "第三条"[span.start : span.end]
    '三条'
    """

    start: int
    end: int
