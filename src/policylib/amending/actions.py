"""What is done to a place or to words (指令动作): each function reads one kind of clause to its end."""

from __future__ import annotations

import re
from dataclasses import replace

from policylib.amending.grammar import (
    AS,
    COLON,
    LAST,
    NEW_PART,
    SAID,
    TITLE,
    TITLED,
    TO,
    VERB,
)
from policylib.amending.places import read_places
from policylib.amending.reader import Reader
from policylib.amending.values import Instruction, Kind, Place, PlaceStep
from policylib.amending.words import lines_of
from policylib.errors import ParseError
from policylib.text.locator import Level
from policylib.text.marks import read_mark
from policylib.text.numerals import to_int
from policylib.text.span import Span

__all__ = [
    "insertion",
    "insertion_annex",
    "insertion_as",
    "merging",
    "moving",
    "new_part",
    "replacement",
    "splitting",
]


#: Kinds that get their words from the 修改为 behind them.
_WAITING = frozenset((Kind.MERGE, Kind.SPLIT, Kind.RAISE))


def replacement(reader: Reader, places: tuple[Place, ...]) -> str:
    """修改为“…”: the new text of a place, or of what was merged, split, moved or inserted before."""
    reader.take(VERB)
    if not places:
        return "没有写明修改哪一条"
    at = reader.at
    reader.take(COLON)
    if (title := reader.match(TITLE)) and len(places) == 1 and _is_name(places[0]):
        reader.at = title.end()
        reader.emit(Kind.RENAME, places=places, news=(title["title"],))
        return ""
    quoted = reader.quotes()
    if not quoted:
        reader.at = at
        return "没有写明修改后的内容"
    news = lines_of(quoted)
    last = reader.out[-1] if reader.out else None
    if last and last.places == places and not last.news and last.kind in _WAITING:
        reader.start = reader.start if reader.start <= last.span.start else last.span.start
        reader.out.pop()
        span = Span(last.span.start, reader.skeleton.at(reader.at))
        text = reader.skeleton.source[span.start : span.end]
        reader.out.append(replace(last, news=news, span=span, quote=text))
        return ""
    if reader.pending is not None:
        inserted, reader.pending = reader.pending, None
        whole = tuple(Place(place.steps[:-1]) for place in inserted.becomes)
        if places != inserted.places and places not in {whole[:1], inserted.becomes}:
            return "没有写明新增的内容"
        if places == inserted.becomes:
            return _insert(reader, replace(inserted, news=news), inserted.span.start)
        places = inserted.places or whole[:1]
    if any(place.heading or _is_name(place) for place in places):
        if len(news) != len(places) or not all(p.heading or _is_name(p) for p in places):
            return "名称应当只有一行" if len(places) == 1 else "名称与修改后的文字不能一一对应"
        for place, name in zip(places, news, strict=True):
            reader.emit(Kind.RENAME, places=(place,), news=(name,))
        return ""
    reader.emit(Kind.REPLACE, places=places, news=news, count=len(quoted))
    return ""


def _insert(reader: Reader, inserted: Instruction, start: int) -> str:
    span = Span(start, reader.skeleton.at(reader.at))
    quote = reader.skeleton.source[span.start : span.end]
    reader.out.append(replace(inserted, span=span, quote=quote))
    return ""


def insertion(reader: Reader, match: re.Match[str]) -> str:
    """增加一条，作为第七条：“…”."""
    try:
        count = to_int(match["count"])
    except ParseError:
        return "新增的数目不清楚"
    unit = {"段": "款", "点": "项"}.get(match["unit"], match["unit"])
    side = (match["side"] or "").strip("之")
    if side in {"间", "中间"}:
        if not _neighbours(reader.places):
            return "新增的位置前后两处不相邻"
        reader.places, side = reader.places[:1], "后"
    becomes: tuple[Place, ...] = ()
    if reader.take(AS) and not reader.take(LAST):
        context = None
        if unit in {"款", "项", "目"}:
            base = reader.places or ((reader.context.place,) if reader.context.place else ())
            context = base[-1] if base else None
        read = read_places(reader.skeleton.text, reader.at, context)
        if read is None or read.problem or read.end > reader.end:
            return "没有写明新增部分的序号"
        becomes, reader.at = read.places, read.end
        numbers = sum(
            (place.upto or place.steps[-1].number) - place.steps[-1].number + 1 for place in becomes
        )
        if numbers != count or any(
            place.steps[-1].word not in {unit, "二级", "一级"} for place in becomes
        ):
            return "新增的数目与序号不符"
    return _inserted(reader, becomes, unit, count, side)


def _neighbours(places: tuple[Place, ...]) -> bool:
    """Whether these are two places of which the second follows the first (第七条与第八条之间)."""
    if len(places) != 2 or any(place.upto or place.heading for place in places):
        return False
    first, second = (place.steps[-1] for place in places)
    return second == first._replace(number=first.number + 1)


def insertion_annex(reader: Reader, match: re.Match[str]) -> str:
    """增加附件3：“…”."""
    written = match["as"] or match["n"]
    number = to_int(written) if written else 0
    reader.take(SAID)
    quoted = reader.quotes()
    if not lines_of(quoted):
        return "没有写明新增的内容"
    becomes = (Place((PlaceStep("附件", number),)),)
    reader.emit(Kind.INSERT, becomes=becomes, unit="附件", count=1, news=lines_of(quoted))
    return ""


def insertion_as(reader: Reader, match: re.Match[str]) -> str:
    """增加第七条：“…”."""
    base = reader.places or ((reader.context.place,) if reader.context.place else ())
    read = read_places(reader.skeleton.text, reader.at, base[-1] if base else None)
    if read is None or read.problem or read.end > reader.end or len(read.places) != 1:
        return "没有写明新增部分的序号"
    reader.at = read.end
    place = read.places[0]
    unit = place.steps[-1].word
    if place.upto or unit not in {"条", "款", "项"}:
        return "没有写明新增部分的序号"
    return _inserted(reader, read.places, unit, 1, (match["side"] or "").strip("之"))


def new_part(reader: Reader) -> str:
    """增加“六、资金保障”，内容为“…”: another numbered part with its heading and its words."""
    reader.take(NEW_PART)
    head = lines_of(reader.quotes()[:1])
    mark = read_mark(head[0]) if head else None
    if mark is None or mark.level is not Level.HEADING1:
        return "没有写明在何处增加"
    at = reader.at
    reader.take(SAID)
    said = lines_of(reader.quotes())
    reader.at = reader.at if said else at
    becomes = (Place((PlaceStep("一级", mark.number),)),)
    reader.emit(Kind.INSERT, becomes=becomes, unit="条", count=1, news=(*head, *said))
    return ""


def _inserted(reader: Reader, becomes: tuple[Place, ...], unit: str, count: int, side: str) -> str:
    """Read the words of something new."""
    places = reader.places
    if not places and not becomes and unit not in {"条", "章"} and reader.context.place:
        places = (reader.context.place,)
    title = reader.take(TITLED)
    said = reader.take(SAID)
    quoted = reader.quotes()
    words = {"places": places, "becomes": becomes, "unit": unit, "count": count, "side": side}
    if title:
        name = "\n".join(reader.skeleton.quote(title.start("q")).paragraphs)
        words["olds"] = (name,)
    if not quoted and title is None:
        if becomes or places:
            reader.emit(Kind.INSERT, **words)
            reader.pending = reader.out.pop()
            return ""
        return "没有写明新增的内容"
    del said
    reader.emit(Kind.INSERT, **words, news=lines_of(quoted))
    return ""


def merging(reader: Reader, _match: re.Match[str]) -> str:
    """将第三条、第四条合并为第三条，修改为“…”."""
    members = sum((p.upto - p.steps[-1].number + 1) if p.upto else 1 for p in reader.places)
    if members < 2:
        return "没有写明哪几条合并"
    read = read_places(reader.skeleton.text, reader.at, reader.places[0])
    becomes: tuple[Place, ...] = ()
    if read is None and (to := reader.match(TO)):
        read = read_places(reader.skeleton.text, to.end(), reader.places[0])
    if read is not None and not read.problem and read.end <= reader.end:
        becomes, reader.at = read.places, read.end
        if len(becomes) != 1:
            return "合并后的序号不清楚"
    reader.emit(Kind.MERGE, places=reader.places, becomes=becomes)
    return _said_at_once(reader)


def moving(reader: Reader, _match: re.Match[str]) -> str:
    """将第三十条移至第五条之后，作为第六条."""
    read = read_places(reader.skeleton.text, reader.at, None)
    if read is None or read.problem or read.end > reader.end or len(read.places) != 1:
        return "没有写明移到何处"
    reader.at = read.end
    side = reader.take(re.compile("之后|之前|后|前|中|末|末尾"))
    word = side[0].strip("之") if side else ""
    anchor = read.places
    becomes: tuple[Place, ...] = ()
    if reader.match(TO):
        at = reader.at
        reader.take(TO)
        stated = read_places(reader.skeleton.text, reader.at, reader.places[-1])
        if stated is not None and not stated.problem and stated.end <= reader.end:
            becomes, reader.at = stated.places, stated.end
        else:
            reader.at = at
    span = reader.span()
    quote = reader.skeleton.source[span.start : span.end]
    reader.out.append(
        Instruction(
            Kind.MOVE,
            span,
            quote,
            reader.context.document,
            places=reader.places,
            becomes=(*anchor, *becomes),
            side=word,
        )
    )
    return ""


def splitting(reader: Reader, match: re.Match[str] | None, becomes: tuple[Place, ...] = ()) -> str:
    """将第六条分为两条，作为第六条、第七条，修改为“…”."""
    if match is not None:
        read = read_places(reader.skeleton.text, reader.at, reader.places[-1])
        if read is not None and not read.problem and read.end <= reader.end:
            becomes, reader.at = read.places, read.end
        try:
            count = to_int(match["count"]) if match["count"] else len(becomes)
        except ParseError:
            return "拆分的数目不清楚"
        total = sum((p.upto - p.steps[-1].number + 1) if p.upto else 1 for p in becomes)
        if becomes and total != count:
            return "拆分的数目与序号不符"
    else:
        count = len(becomes)
    if len(reader.places) != 1 or count < 2:
        return "没有写明如何拆分"
    unit = match["unit"] if match is not None and match["unit"] else ""
    reader.emit(Kind.SPLIT, places=reader.places, becomes=becomes, count=count, unit=unit)
    return _said_at_once(reader)


def _said_at_once(reader: Reader) -> str:
    """合并为第三条：“…” without 修改为."""
    at = reader.at
    reader.take(COLON)
    quoted = reader.quotes()
    if not quoted:
        reader.at = at
        return ""
    last = reader.out.pop()
    span = Span(last.span.start, reader.span().end)
    quote = reader.skeleton.source[span.start : span.end]
    reader.out.append(replace(last, news=lines_of(quoted), span=span, quote=quote))
    return ""


def _is_name(place: Place) -> bool:
    return place.steps[-1].word == "名称"
