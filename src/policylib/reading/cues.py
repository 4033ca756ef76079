"""The words by which readers find their sentences (提示词), sought all at once.

A reader asks for the sentences with some words (废止, 有效期 …). To look for a hundred words one
after the other reads a text a hundred times; one pattern of them all reads it once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["CUES", "Cues", "Learner"]


class Cues:
    """Words, and one pattern that finds them all."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = frozenset(filter(None, words))
        self._pattern = re.compile(_pattern(_tree(self.words))) if self.words else None
        self._beginnings = {
            word: [each for each in self.words if word.startswith(each)] for word in self.words
        }

    def find(self, text: str) -> Iterator[tuple[str, int]]:
        """Each word wherever it stands, also inside another one, with its place.

        >>> sorted(Cues(["执行", "停止执行", "停止"]).find("停止执行。"))
        [('停止', 0), ('停止执行', 0), ('执行', 2)]
        """
        if self._pattern is None:
            return
        search = self._pattern.search
        match = search(text)
        while match:
            at = match.start()
            for word in self._beginnings[match[0]]:
                yield word, at
            match = search(text, at + 1)


class Learner:
    """The words that were asked for so far: a text is looked through for those known before it."""

    def __init__(self) -> None:
        self._asked: frozenset[str] = frozenset()
        self._cues = Cues()

    def learn(self, word: str) -> None:
        """Seek ``word`` with the others from the next text on."""
        self._asked |= {word}

    @property
    def cues(self) -> Cues:
        """All words so far; the pattern is made when it is first needed."""
        if self._cues.words != self._asked:
            self._cues = Cues(self._asked)
        return self._cues


def _tree(words: Iterable[str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for sign in word:
            branch = branch.setdefault(sign, {})
        branch[""] = {}
    return tree


def _pattern(tree: dict[str, Any]) -> str:
    """The pattern of all words of a tree, the longest first, a common beginning once."""
    ways = [re.escape(sign) + _pattern(rest) for sign, rest in sorted(tree.items()) if sign]
    if not ways:
        return ""
    return f"(?:{'|'.join(ways)})" + ("?" if "" in tree else "")


#: Those of all readers.
CUES = Learner()
