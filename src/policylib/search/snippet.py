"""Showing why a document was found: the passage with most of the query, and its provision."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from policylib.search.analysis import fold

__all__ = ["excerpt"]

_WIDTH = 90
_LEAD = 12
_MAX_PLACES = 400
_BREAK = re.compile(r"\s+")
_MARKS = re.compile(r"^#{1,6} |(?<=\n)#{1,6} |\*\*|^[>|] |(?<=\n)[>|] | \|(?= )|-{3,}")


def excerpt(
    body: str, provisions: Sequence[tuple[int, str]], words: Sequence[str]
) -> tuple[str, tuple[tuple[int, int], ...], str | None]:
    """The best passage of ``body`` for folded ``words``.

    Returns the passage on one line, the places in it that match, and the label of the provision
    it comes from. Without a match the text's beginning stands in.
    """
    if any(word[:1] < "\u3400" for word in words):  # letters and figures: case and width differ
        places = _places(fold(body), words)
    else:
        places = _places(body, words)
    below = _below_title(provisions)
    places = [place for place in places if place[0] >= below] or places
    if not places:
        return (*_cut(body, _beginning(body), ()), None)
    start = _best(places)
    end = places[start][0] + _WIDTH - _LEAD
    inside = [place for place in places[start:] if place[1] <= end] or [places[start]]
    number, first = _densest(inside, provisions)
    begin = max(0, first - _LEAD, provisions[number][0] if number >= 0 else 0)
    return (*_cut(body, begin, places), provisions[number][1] if number >= 0 else None)


def _densest(
    places: Sequence[tuple[int, int, int]], provisions: Sequence[tuple[int, str]]
) -> tuple[int, int]:
    """The provision in which most of the passage's different words stand, and the first place."""
    groups: dict[int, list[tuple[int, int, int]]] = {}
    for place in places:
        number = bisect_right(provisions, place[0], key=lambda item: item[0]) - 1
        groups.setdefault(number, []).append(place)
    number, group = max(
        groups.items(), key=lambda item: (len({word for _, _, word in item[1]}), len(item[1]))
    )
    return number, group[0][0]


def _places(text: str, words: Sequence[str]) -> list[tuple[int, int, int]]:
    """``(offset, end, word number)`` of the words, in order, overlaps dropped."""
    distinct = list(dict.fromkeys(word for word in words if word))
    numbers = {word: number for number, word in enumerate(distinct)}
    if not distinct:
        return []
    pattern = re.compile("|".join(re.escape(w) for w in sorted(distinct, key=len, reverse=True)))
    found = []
    for match in pattern.finditer(text):
        found.append((match.start(), match.end(), numbers[match.group()]))
        if len(found) >= _MAX_PLACES:
            break
    return found


def _best(places: Sequence[tuple[int, int, int]]) -> int:
    """The place from which a passage holds the most different words, then the most words."""
    best, best_value = 0, (0, 0)
    end = 0
    inside: dict[int, int] = {}
    for start, place in enumerate(places):
        while end < len(places) and places[end][1] - place[0] <= _WIDTH - _LEAD:
            inside[places[end][2]] = inside.get(places[end][2], 0) + 1
            end += 1
        value = (len(inside), sum(inside.values()))
        if value > best_value:
            best, best_value = start, value
        if end > start:
            inside[place[2]] -= 1
            if not inside[place[2]]:
                del inside[place[2]]
        else:
            end = start + 1
    return best


def _below_title(provisions: Sequence[tuple[int, str]]) -> int:
    """Where the text under the title begins: the title is shown anyway."""
    if provisions and provisions[0][1] == "标题" and len(provisions) > 1:
        return provisions[1][0]
    return 0


def _beginning(body: str) -> int:
    match = re.search(r"\S", body)
    return match.start() if match else 0


def _cut(
    body: str, begin: int, places: Sequence[tuple[int, int, int]]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """One line from ``begin``; white space folded, the marks moved along."""
    end = min(len(body), begin + _WIDTH)
    lead, tail = ("…" if begin else ""), ("…" if end < len(body) else "")
    pieces, marks, position, at = [lead], [], begin, len(lead)

    def add(text: str) -> None:
        nonlocal at
        clean = _BREAK.sub(" ", _MARKS.sub("", text))
        if at == len(lead):
            clean = clean.lstrip()
        pieces.append(clean)
        at += len(clean)

    for start, stop, _ in places:
        if start < begin or stop > end:
            continue
        add(body[position:start])
        first = at
        add(body[start:stop])
        marks.append((first, at))
        position = stop
    add(body[position:end])
    return "".join(pieces).rstrip() + tail, tuple(marks)
