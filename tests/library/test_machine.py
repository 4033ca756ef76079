"""Random acts in random order; see :mod:`tests.library.machine`."""

from __future__ import annotations

from tests.library.machine import run


def test_whatever_officers_do_the_books_are_right() -> None:
    run(40)
