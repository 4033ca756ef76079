"""Code trees (代码体系): what a code lies under on a day, through changes of the codes themselves.

Regions follow GB/T 2260 (province, city, county) with the towns and villages of GB/T 10114 below;
industries follow GB/T 4754-2017 (门类, 大类, 中类, 小类).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product

from policylib.errors import ParseError
from policylib.model.facts import Code, Tree

__all__ = ["CodeTree"]

_REGION = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}(?:[0-9]{3}){0,2}\Z")
_INDUSTRY = re.compile(r"([A-T])?([0-9]{2,4})?\Z")
_LEVELS = (2, 4, 6, 9, 12)
_MOST_PATHS, _MOST_KEPT = 32, 100_000


class CodeTree:
    """The codes of one tree with their names, parents and successors.

    Codes the table does not list are placed by their digits, so a short table is enough.
    """

    def __init__(self, tree: Tree, codes: Iterable[Code]) -> None:
        self.tree = tree
        self._codes: dict[str, list[Code]] = {}
        self._before: dict[str, list[Code]] = {}
        self._sections: dict[str, str] = {}
        for each in codes:
            self._codes.setdefault(self._plain(each.code), []).append(each)
            for later in each.succeeded_by:
                self._before.setdefault(self._plain(later), []).append(each)
            if each.divisions:
                first, last = map(int, each.divisions.split("-"))
                self._sections |= {f"{n:02}": each.code for n in range(first, last + 1)}
        self._normal: dict[str, str] = {}
        self._found: dict[tuple[str, date], tuple[frozenset[str], ...]] = {}

    def normal(self, text: str) -> str:
        """A code as it is compared: 990100 → 9901, C1311 → 1311.

        Raises:
            ParseError: not a code of this tree. The text is not repeated, it may be a fact.

        """
        known_as = self._normal.get(text)
        if known_as is not None:
            return known_as
        found = self._plain(text.strip())
        if self.tree is Tree.INDUSTRY and self._sections:
            known = found in self._codes if found.isalpha() else found[:2] in self._sections
            if not known:
                raise ParseError("不是国民经济行业分类中的代码，请核对")
        if len(self._normal) < _MOST_KEPT:
            self._normal[text] = found
        return found

    def _plain(self, text: str) -> str:
        if self.tree is Tree.REGION:
            return _plain_region(text)
        match = _INDUSTRY.match(text.upper()) if len(text) <= 5 else None
        if match is None or not text:
            raise ParseError("行业代码应为门类字母或二至四位数字，如 C、13、1311")
        return str(match[2] or match[1])

    def name(self, code: str) -> str:
        """The latest name of a code, with the code; the bare code where the table has none."""
        found = self._codes.get(code)
        return found[-1].name if found else f"代码{code}"

    def paths(self, code: str, on: date) -> tuple[frozenset[str], ...]:
        """The codes that ``code`` lies under on a day, itself among them.

        One set where that is certain. A county that was split gives one set for each successor,
        for nobody knows on which side a person lives.
        """
        key = (code, on)
        found = self._found.get(key)
        if found is None:
            if len(self._found) > _MOST_KEPT:
                self._found.clear()
            found = self._found[key] = self._paths(code, on)
        return found

    def _paths(self, code: str, on: date) -> tuple[frozenset[str], ...]:
        own = frozenset(self._above(code))
        choices: list[list[frozenset[str]]] = []
        for each in own:
            later = self._successors(each, on)
            if later:
                choices.append([frozenset(self._above(one)) for one in later])
            earlier = [row for row in self._before.get(each, ()) if _ended(row, on)]
            if earlier:
                choices.append([frozenset(self._above(self._plain(row.code))) for row in earlier])
        sides = [own.union(*picked) for picked in product(*choices)][:_MOST_PATHS]
        return tuple(dict.fromkeys(sides))

    def _successors(self, code: str, on: date) -> list[str]:
        """The codes that stand for an ended code on a day, through several changes."""
        found: list[str] = []
        queue, seen = [code], {code}
        while queue:
            at = queue.pop()
            rows = self._codes.get(at, ())
            ended = None if any(row.holds_on(on) for row in rows) else _last(rows, on)
            if ended is None:
                if at != code:
                    found.append(at)
                continue
            for later in map(self._plain, ended.succeeded_by):
                if later not in seen:
                    seen.add(later)
                    queue.append(later)
        return found

    def _above(self, code: str) -> Iterator[str]:
        """A code and those above it."""
        seen: set[str] = set()
        at: str | None = code
        while at and at not in seen:
            seen.add(at)
            yield at
            at = self._parent(at)

    def _parent(self, code: str) -> str | None:
        rows = self._codes.get(code)
        if rows and rows[-1].parent:
            return self._plain(rows[-1].parent)
        if self.tree is Tree.REGION:
            return next((code[:n] for n in reversed(_LEVELS) if n < len(code)), None)
        return code[:-1] if len(code) > 2 else self._sections.get(code)


def _plain_region(text: str) -> str:
    digits = text.strip()
    if len(digits) not in _LEVELS or not _REGION.match(digits):
        raise ParseError("行政区划代码应为2、4、6、9或12位数字，如 990121")
    for length, zeros in ((12, "000"), (9, "000"), (6, "00"), (4, "00")):
        if len(digits) == length and digits.endswith(zeros):
            digits = digits[: -len(zeros)]
    return digits


def _ended(code: Code, on: date) -> bool:
    return code.valid_to is not None and code.valid_to < on


def _last(rows: Iterable[Code], on: date) -> Code | None:
    """The row that ended last before a day."""
    ended = [row for row in rows if _ended(row, on) and row.succeeded_by]
    return max(ended, key=lambda row: row.valid_to or on, default=None)
