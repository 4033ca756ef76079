"""Which passages of two texts belong together (对应): by their words first, then by their likeness.

>>> counterparts(["申请人应当提交材料。", "本办法由民政局解释。"], ["申请人应当提交有关材料。"])
[(0, 0)]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise

from policylib.text.aligning import align, heaviest_chain

__all__ = ["counterparts", "displaced"]

_ALIKE = 0.35  # likeness from which two passages are one, reworded
_SURELY = 0.7  # the same where they stand in another order
_FEW = 900  # pairs: all are looked at; in larger gaps only those that share rare words
_RUN, _COMMON, _CANDIDATES = 4, 6, 4
_TELLING = 8  # characters: shorter passages are not known again in another place


def counterparts(
    before: Sequence[str],
    after: Sequence[str],
    names_before: Sequence[tuple[Hashable, Hashable]] = (),
    names_after: Sequence[tuple[Hashable, Hashable]] = (),
) -> list[tuple[int, int]]:
    """Pairs of places of passages that belong together (对应条文), rising on both sides.

    Names are of what kind passages are and where they stand (条, 第三条): between pairs found by
    their words, those of one name belong together too, and one and one of a kind that stand alone.
    """
    words = _Words(before, after)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    for block in [*align(before, after), None]:
        to_i, to_j, size = block or (len(before), len(after), 0)
        if i < to_i and j < to_j:
            alone = to_i - i == 1 and to_j - j == 1 and _akin(i, j, names_before, names_after)
            alike = [] if alone else _alike(words, range(i, to_i), range(j, to_j))
            pairs.extend(_filled(alike, (i, to_i, j, to_j), names_before, names_after))
        pairs.extend(zip(range(to_i, to_i + size), range(to_j, to_j + size), strict=True))
        i, j = to_i + size, to_j + size
    return pairs


def displaced(
    before: Sequence[str], after: Sequence[str], left: Sequence[int], new: Sequence[int]
) -> list[tuple[int, int]]:
    """Pairs among what has no counterpart in order (移位): the same words, or nearly, elsewhere."""
    words = _Words(before, after)
    old = _once([(place, before[place]) for place in left])
    pairs: list[tuple[int, int]] = []
    for text, place in _once([(place, after[place]) for place in new]).items():
        if text in old and len(text) >= _TELLING:
            pairs.append((old[text], place))
    gone, come = {i for i, _ in pairs}, {j for _, j in pairs}
    found = _candidates(
        words,
        [i for i in left if i not in gone and len(before[i]) >= 2 * _TELLING],
        [j for j in new if j not in come and len(after[j]) >= 2 * _TELLING],
    )
    for likeness, i, j in sorted(((words.likeness(i, j), i, j) for i, j in found), reverse=True):
        if likeness >= _SURELY and i not in gone and j not in come:
            gone.add(i)
            come.add(j)
            pairs.append((i, j))
    return pairs


class _Words:
    """Passages as sets of character pairs, made when they are needed."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        self.before, self.after = before, after
        self._sets: dict[str, frozenset[str]] = {}

    def pairs_of(self, text: str) -> frozenset[str]:
        found = self._sets.get(text)
        if found is None:
            found = frozenset(map("".join, pairwise(text))) or frozenset((text,))
            self._sets[text] = found
        return found

    def likeness(self, i: int, j: int) -> float:
        """From 0 to 1: the share in common, or nearly that of the shorter in a much longer one."""
        old, new = self.pairs_of(self.before[i]), self.pairs_of(self.after[j])
        common = len(old & new)
        shorter = min(len(old), len(new))
        within = 0.8 * common / shorter if shorter >= 2 * _TELLING else 0.0
        return max(2 * common / (len(old) + len(new)), within)


def _alike(words: _Words, old: range, new: range) -> list[tuple[int, int]]:
    """Pairs of a gap whose words are alike, rising on both sides."""
    if len(old) * len(new) <= _FEW:
        found = [(i, j) for i in old for j in new]
    else:
        found = _candidates(words, old, new)
    weighed = ((i, j - new.start, words.likeness(i, j)) for i, j in found)
    chain = heaviest_chain((pair for pair in weighed if pair[2] >= _ALIKE), len(new))
    return [(i, j + new.start) for i, j in chain]


def _candidates(words: _Words, old: Sequence[int], new: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs that share runs of characters which are rare on both sides."""
    where: dict[str, list[int]] = {}
    for i in old:
        for run in _runs(words.before[i]):
            where.setdefault(run, []).append(i)
    common = Counter(run for j in new for run in _runs(words.after[j]) if run in where)
    found: list[tuple[int, int]] = []
    for j in new:
        votes: Counter[int] = Counter()
        for run in _runs(words.after[j]):
            places = where.get(run, ())
            if len(places) <= _COMMON and common[run] <= _COMMON:
                votes.update(places)
        found.extend((i, j) for i, _ in votes.most_common(_CANDIDATES))
    return found


def _runs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _RUN] for at in range(max(1, len(text) - _RUN + 1)))


def _filled(
    pairs: list[tuple[int, int]],
    gap: tuple[int, int, int, int],
    names_before: Sequence[tuple[Hashable, Hashable]],
    names_after: Sequence[tuple[Hashable, Hashable]],
) -> Iterator[tuple[int, int]]:
    """Add to the pairs of a gap those that stand in one place though their words are new."""
    i, to_i, j, to_j = gap
    for at_i, at_j in [*pairs, (to_i, to_j)]:
        if at_i - i == 1 and at_j - j == 1:
            if _akin(i, j, names_before, names_after):
                yield i, j
        elif names_before and i < at_i and j < at_j:
            blocks = align(names_before[i:at_i], names_after[j:at_j])
            for x, y, size in blocks:
                yield from ((i + x + n, j + y + n) for n in range(size))
        if (at_i, at_j) != (to_i, to_j):
            yield at_i, at_j
        i, j = at_i + 1, at_j + 1


def _akin(
    i: int,
    j: int,
    names_before: Sequence[tuple[Hashable, Hashable]],
    names_after: Sequence[tuple[Hashable, Hashable]],
) -> bool:
    """Whether two passages are of one kind, as far as that is known."""
    return not names_before or names_before[i][0] == names_after[j][0]


def _once(places: Sequence[tuple[int, str]]) -> dict[str, int]:
    """What occurs once, with its place."""
    counts = Counter(text for _, text in places)
    return {text: place for place, text in places if counts[text] == 1}
