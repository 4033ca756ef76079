"""Printing: JSON, tables that line up with Chinese width, progress bars."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from policylib.cli.parser import WrongUse
from policylib.library import Library

__all__ = ["bar", "clip", "existing", "options", "put_json", "put_segments", "table", "where"]


def put_json(value: Any) -> None:
    """Print one JSON value on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=None, default=str))


def existing(arguments: argparse.Namespace) -> Library:
    """The library named on the command line, or in the environment."""
    from policylib.errors import NotFound

    try:
        return Library.open(where(arguments), **options(arguments))
    except NotFound as error:
        raise WrongUse(str(error)) from None


def where(arguments: argparse.Namespace) -> str:
    """The folder or address of the library."""
    if not arguments.library:
        raise WrongUse(
            "请用 --library 指明文件库（文件夹或数据库地址），或设置环境变量 POLICYLIB_LIBRARY"
        )
    found: str = arguments.library
    return found


def options(arguments: argparse.Namespace) -> dict[str, Any]:
    """The rule-set, the approval chain and the vocabulary, where they are named."""
    named = {
        "rules": arguments.rules,
        "chain": arguments.chain,
        "vocabulary": getattr(arguments, "vocabulary", None),
    }
    return {name: value for name, value in named.items() if value}


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; a long last column wraps, Chinese characters count two columns."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(soft_wrap=False, highlight=False, width=None if sys.stdout.isatty() else 120)
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in columns:
        made.add_column(name, overflow="fold")
    for row in rows:
        made.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console.print(made)


def put_segments(segments: Iterable[tuple[str, str]]) -> None:
    """Print stretches of text in colour: what is gone red and struck out, what is new green."""
    from rich.console import Console
    from rich.text import Text

    looks = {"概要": "dim", "条款": "bold", "删": "red strike", "增": "green", "略": "dim"}
    said = Text()
    for style, text in segments:
        said.append(text, style=looks.get(str(style), ""))
    Console(soft_wrap=True, highlight=False).print(said, end="")


def clip(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, a Han character counting two."""
    used = 0
    for place, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > width:
            return text[:place] + "…"
    return text


@contextmanager
def bar(text: str, total: int | None, *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """A progress bar on standard error, or ``None`` when nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(text, total=total)
        yield lambda done: progress.advance(task, done)
