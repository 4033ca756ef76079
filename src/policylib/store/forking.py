"""Keeping database connections from crossing a fork.

SQLite's connections and file locks do not survive one: a child that holds copies can make the
library drop locks that others rely on. So no connection is open while a process forks: new
transactions wait, running ones end, idle connections are closed. The interpreter keeps one list
of fork hooks for the whole process; that is why this module has state.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, local
from typing import Protocol

__all__ = ["transaction", "watch"]


class _Closable(Protocol):
    def close(self) -> None: ...


class _Mine(local):
    depth = 0


class _Gate:
    def __init__(self) -> None:
        self.changed = Condition()
        self.closed = False
        self.active = 0  # threads inside a transaction
        self.mine = _Mine()


_gate = _Gate()
_open: weakref.WeakSet[_Closable] = weakref.WeakSet()


def watch(database: _Closable) -> None:
    """Have ``database`` close its idle connections before every fork."""
    with _gate.changed:
        _open.add(database)


@contextmanager
def transaction() -> Iterator[None]:
    """Hold off forks for the length of a block, or wait until one is over."""
    gate = _gate
    if gate.mine.depth == 0:
        with gate.changed:
            gate.changed.wait_for(lambda: not gate.closed)
            gate.active += 1
    gate.mine.depth += 1
    try:
        yield
    finally:
        gate.mine.depth -= 1
        if gate.mine.depth == 0:
            with gate.changed:
                gate.active -= 1
                gate.changed.notify_all()


def _before() -> None:
    with _gate.changed:
        _gate.changed.wait_for(lambda: not _gate.closed)
        _gate.closed = True
        own = 1 if _gate.mine.depth else 0
        _gate.changed.wait_for(lambda: _gate.active == own)
        databases = list(_open)
    for database in databases:
        database.close()


def _after_in_parent() -> None:
    with _gate.changed:
        _gate.closed = False
        _gate.changed.notify_all()


def _after_in_child() -> None:
    global _gate  # noqa: PLW0603 - the parent's threads do not exist here
    _gate = _Gate()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child
    )
