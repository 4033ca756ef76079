"""Sentences by their digests (逐句指纹): tells where a copy differs from a text that is not at hand.

Whoever has only a manifest has no body to compare with. The digests of its sentences show that one is
missing or changed, not what it was. What may stand around a text in one copy only (title, number, release
note, imprint) is left out on both sides.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from zlib import crc32

from policylib.pages.passages import Passage, PassageKind, Text
from policylib.pages.sametext import bare

__all__ = ["MOST", "parts", "unlike"]

#: The most sentences that are kept of a text; of a longer one none are.
MOST = 4_000
_SENTENCE = re.compile(r"[^.;]{1,2000}[.;]?|[.;]")
_EDGE = 300  # characters that may stand before the first sentence or after the last
_SHOWN = 20


def parts(text: str, heads: Iterable[str | None]) -> tuple[int, ...]:
    r"""The digests of the sentences of a text in their order; empty when there are too many.

    ``heads`` are its title and number.

    >>> parts("补助六十元。按月发放。", ()) == parts("补助 六十元.按月\n发放.", ())
    True
    """
    form = bare(Text(text), heads)
    found = tuple(_digest(match[0]) for match in _SENTENCE.finditer(form.compared))
    return found if len(found) <= MOST else ()


def unlike(text: str, heads: Iterable[str | None], known: Sequence[int]) -> tuple[Passage, ...]:
    """Where a copy differs from a text of which the digests are known; at most twenty passages.

    ``heads`` are titles and numbers of page and source. What stands before the first sentence or after
    the last is not the text.
    """
    form = bare(Text(text), heads)
    spans = [match.span() for match in _SENTENCE.finditer(form.form, form.start, form.end)]
    ours = [_digest(form.form[a:b]) for a, b in spans]
    pairs = _aligned(ours, known)
    found: list[Passage] = []
    last_ours = last_known = -1
    for mine, theirs in [*pairs, (len(ours), len(known))]:
        first, last = last_known < 0, theirs == len(known)
        missing = range(last_known + 1, theirs)
        extra = range(last_ours + 1, mine)
        a = spans[extra[0]][0] if extra else 0
        b = spans[extra[-1]][1] if extra else 0
        alone = extra and len(missing) == 1 and (first or last)
        if missing and not (
            alone and _within(form.form[a:b], known[missing[0]], head=first, tail=last)
        ):
            at = spans[last_ours][0] if 0 <= last_ours < len(spans) else form.start
            kind = PassageKind.CHANGED if extra else PassageKind.MISSING
            before = form.words(at, a) if extra and at < a else _near(form, spans, last_ours)
            found.append(
                Passage(kind, "", form.words(a, b)[:200] if extra else "", before[-40:], "")
            )
        elif extra and not missing and not first and not last:
            found.append(Passage(PassageKind.EXTRA, "", form.words(a, b)[:200]))
        last_ours, last_known = mine, theirs
        if len(found) == _SHOWN:
            break
    return tuple(found)


def _near(form: Text, spans: Sequence[tuple[int, int]], place: int) -> str:
    return form.words(*spans[place]) if 0 <= place < len(spans) else ""


def _digest(sentence: str) -> int:
    return crc32(sentence.encode("utf-8", "surrogatepass"))


def _within(form: str, digest: int, *, head: bool, tail: bool) -> bool:
    """Whether a sentence ends what stands there (something before it), or begins it."""
    cuts: Iterable[str] = ()
    if head:
        cuts = (form[n:] for n in range(min(len(form), _EDGE)))
        if any(_digest(cut) == digest for cut in cuts):
            return True
    if tail:
        cuts = (form[: len(form) - n] for n in range(min(len(form), _EDGE)))
        return any(_digest(cut) == digest for cut in cuts)
    return False


def _aligned(ours: Sequence[int], known: Sequence[int]) -> list[tuple[int, int]]:
    """The longest run of equal sentences in the order of both, in n log n."""
    places: dict[int, list[int]] = {}
    for place, digest in enumerate(known):
        places.setdefault(digest, []).append(place)
    tops: list[int] = []
    heads: list[tuple[int, int, int]] = []  # ours, known, the pair before
    ends: list[int] = []
    for mine, digest in enumerate(ours):
        for theirs in reversed(places.get(digest, ())[:50]):
            at = bisect_right(tops, theirs - 1)
            before = ends[at - 1] if at else -1
            heads.append((mine, theirs, before))
            if at == len(tops):
                tops.append(theirs)
                ends.append(len(heads) - 1)
            elif theirs < tops[at]:
                tops[at], ends[at] = theirs, len(heads) - 1
    found = []
    here = ends[-1] if ends else -1
    while here >= 0:
        mine, theirs, here = heads[here]
        found.append((mine, theirs))
    return found[::-1]
