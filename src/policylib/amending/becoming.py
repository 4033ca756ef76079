"""New numbers and new forms of places (改序与改写): 改为第九条, 分为两条, 修改为“…”."""

from __future__ import annotations

from policylib.amending.actions import replacement, splitting
from policylib.amending.grammar import SHIFT, SPLIT, TO, VERB
from policylib.amending.places import Places, read_places
from policylib.amending.reader import Reader
from policylib.amending.values import Kind, Place

__all__ = ["becoming"]


def becoming(reader: Reader) -> str:
    """修改为“…”, 改为第九条, 分为两条."""
    at = reader.at
    if (
        reader.places
        and (match := reader.match(SPLIT))
        and (match["count"] or not match[0].lstrip("，,").startswith(("修改", "改")))
    ):
        reader.at = match.end()
        return splitting(reader, match)
    if reader.places and (to := reader.take(TO)):
        read = read_places(reader.skeleton.text, reader.at, reader.places[-1])
        if read is not None and read.end <= reader.end and not read.problem:
            read = _own_number(reader, read)
            reader.at = read.end
            if len(read.places) > 1 and len(reader.places) == 1 and not reader.places[0].upto:
                return splitting(reader, None, read.places)
            raises = "修改" not in to[0] and _raises(reader.places, read.places)
            kind = Kind.RAISE if raises else Kind.RENUMBER
            reader.emit(kind, places=reader.places, becomes=read.places)
            return ""
        reader.at = at
    if reader.places and reader.match(VERB):
        return replacement(reader, reader.places)
    if reader.places and reader.take(SHIFT):
        reader.emit(Kind.ORDER)
        return ""
    return ""


def _raises(places: tuple[Place, ...], becomes: tuple[Place, ...]) -> bool:
    """Whether one 款 becomes an article (第八条第三款改为第四十九条)."""
    last = [each[0].steps[-1].word for each in (places, becomes) if len(each) == 1]
    return last == ["款", "条"] and not places[0].upto and not becomes[0].upto


def _own_number(reader: Reader, read: Places) -> Places:
    """The new number without the old one of the next (第七条改为第八条、第十条改为第十一条)."""
    if len(read.places) < 2 or not TO.match(reader.skeleton.text, read.end):
        return read
    cut = max(reader.skeleton.text.rfind(sign, reader.at, read.end) for sign in "、和及")
    if cut < 0:
        return read
    return read_places(reader.skeleton.text[:cut], reader.at, reader.places[-1]) or read
