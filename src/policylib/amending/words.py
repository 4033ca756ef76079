"""Clauses on words (字句指令): “A”修改为“B”, “A”后增加“B”, 删去“A”, one place after the other."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from policylib.amending.grammar import (
    ADD,
    ALSO_EXCEPT,
    COLON,
    DROP,
    IN,
    NOUN,
    TITLE,
    UNIFORM,
    VERB,
    Q,
)
from policylib.amending.places import read_places
from policylib.amending.quotes import Quote
from policylib.amending.reader import Reader
from policylib.amending.values import Kind, Place, PlaceStep
from policylib.amending.writing import item_mark
from policylib.text.locator import Level
from policylib.text.marks import read_mark

__all__ = [
    "deleted_words",
    "exceptions",
    "lines_of",
    "phrases",
    "places_of",
    "renumbered",
    "text_at_end",
]

_NEXT = re.compile(r"[、，,]|和|及|以及|与")
_INSIDE = re.compile(r"(?:规定|内容)?(?:中|里|内|之中)?的?[：:]?")


class _Words(NamedTuple):
    """Words of some places: 第三条、第五条中的“A”、“B”."""

    places: tuple[Place, ...]
    olds: tuple[str, ...]


def places_of(reader: Reader) -> tuple[Place, ...]:
    """The places of a clause, or that of the clause before (第三条中的“A”改为“B”，“C”改为“D”)."""
    if reader.places or reader.everywhere:
        return reader.places
    if reader.out and not reader.out[-1].everywhere:
        return reader.out[-1].places
    place, places = reader.context.place, reader.context.places
    if place is None:
        return ()
    return places if places and places[-1] == place else (place,)


def renumbered(reader: Reader) -> tuple[Place, ...]:
    """The old places of all that the clauses just before gave new numbers: 其中 means each of them."""
    places: list[Place] = []
    for each in reversed(reader.out):
        if each.kind is not Kind.RENUMBER:
            break
        places[:0] = each.places
    return tuple(places)


def text_at_end(reader: Reader, quoted: tuple[Quote, ...], *, behind: bool) -> str:
    """在第三款末尾增加“B”, or a numbered “（四）…” behind it."""
    if len(reader.places) != 1 or len(quoted) != 1:
        return "增加的文字与位置不能一一对应"
    news = lines_of(quoted)
    if not news:
        return "没有写明新增的内容"
    if item_mark(news[0]) and not reader.places[0].sentence:
        side = "后" if behind else ""
        reader.emit(
            Kind.INSERT, places=reader.places, news=news, unit="项", count=len(news), side=side
        )
        return ""
    reader.emit(Kind.INSERT_TEXT, places=reader.places, news=news, side="末")
    return ""


def deleted_words(reader: Reader, quoted: tuple[Quote, ...]) -> str:
    """删去第三条中的“A”、第五条中的“B”: the verb stands before all of them."""
    groups = [_Words(places_of(reader), tuple(map(_phrase, quoted)))]
    while more := _more(reader):
        groups.append(more)
    return _all_deleted(reader, groups)


def phrases(reader: Reader) -> str:
    """“A”修改为“B”, “A”后增加“B”, “A”删去: the verb stands behind all of them."""
    groups = [_Words(places_of(reader), tuple(map(_phrase, reader.list())))]
    reader.take(NOUN)
    while not reader.match(VERB) and (more := _more(reader)):
        groups.append(more)
        reader.take(NOUN)
    if reader.take(DROP):
        return _all_deleted(reader, groups)
    if (added := reader.match(ADD)) and added["side"]:
        reader.at = added.end()
        news = reader.list()
        if len(groups) != 1 or len(groups[0].olds) != 1 or len(news) != 1 or _long(news[0]):
            return "增加的文字与位置不能一一对应"
        return _beside(reader, groups[0], _phrase(news[0]), added["side"].strip("之面"))
    verb = reader.take(VERB)
    if verb is None:
        return "没有写明对引用的文字作何修改"
    uniform = UNIFORM.search(verb[0]) is not None
    if uniform and not reader.places and _only_name(groups[0].places):
        groups[0] = _Words((), groups[0].olds)
        reader.everywhere = True
    elif (uniform and not groups[0].places) or (
        not groups[0].places and reader.out and reader.out[-1].everywhere
    ):
        reader.everywhere = True
    if reader.everywhere and reader.out and reader.out[-1].everywhere:
        reader.excepts = reader.excepts or reader.out[-1].excepts
    return _replaced(reader, groups)


def _replaced(reader: Reader, groups: list[_Words]) -> str:
    """修改为“B”: one for all, or one for each."""
    reader.take(COLON)
    olds = [old for group in groups for old in group.olds]
    if title := reader.match(TITLE):
        reader.at = title.end()
        news: tuple[str, ...] = (title[0],)
    else:
        quoted = reader.list() if len(olds) > 1 else reader.quotes()
        if _whole(reader, groups, quoted):
            return ""
        news = tuple(map(_phrase, quoted))
    if not news:
        return "没有写明修改后的文字"
    if len(news) not in {1, len(olds)}:
        return "修改前后的文字不能一一对应"
    if len(news) == 1:
        news *= len(olds)
    if not any(place.heading for group in groups for place in group.places):
        reader.take(NOUN)
    if problem := _also_except(reader):
        return problem
    if renamed := _chapter(groups, news):
        reader.emit(Kind.RENAME, places=(renamed,), olds=groups[0].olds, news=news)
        return ""
    for group in groups:
        mine, news = news[: len(group.olds)], news[len(group.olds) :]
        if problem := _emit(reader, Kind.PHRASE, group, mine):
            return problem
    return ""


def _chapter(groups: list[_Words], news: tuple[str, ...]) -> Place | None:
    """“第三章 旧名”修改为“第三章 新名”: the heading of that 章, and its line in the 目录."""
    (places, olds), old = groups[0], read_mark(groups[0].olds[0]) if groups[0].olds[0] else None
    new = read_mark(news[0]) if news[0] else None
    if places or len(groups) != 1 or len(olds) != 1 or old is None or new is None:
        return None
    if old.level is not Level.CHAPTER or old[:3] != new[:3]:
        return None
    return Place((PlaceStep("章", old.number, old.suffix),), heading=True)


def _whole(reader: Reader, groups: list[_Words], quoted: tuple[Quote, ...]) -> bool:
    """第十五条：“一款。”“又一款。”修改为：“…”: the old words are all the 款 of one place."""
    places, olds = groups[0]
    if len(groups) != 1 or len(olds) < 2 or len(quoted) in {0, 1, len(olds)}:
        return False
    if len(places) != 1 or places[0].upto or places[0].heading:
        return False
    reader.emit(Kind.REPLACE, places=places, olds=olds, news=lines_of(quoted))
    return True


def _all_deleted(reader: Reader, groups: list[_Words]) -> str:
    if problem := _also_except(reader):
        return problem
    for group in groups:
        if problem := _emit(reader, Kind.DELETE_PHRASE, group, ()):
            return problem
    return ""


def _emit(reader: Reader, kind: Kind, group: _Words, news: tuple[str, ...]) -> str:
    if any(place.heading for place in group.places):
        return _heading_words(reader, group, news or ("",))
    reader.emit(
        kind,
        places=group.places,
        olds=group.olds,
        news=news,
        everywhere=reader.everywhere and not group.places,
        excepts=reader.excepts,
        once=reader.once,
        carried=bool(group.places) and not reader.places,
    )
    return ""


def _beside(reader: Reader, group: _Words, new: str, side: str) -> str:
    """“A”后增加“B”."""
    places, (old,) = group
    if any(place.heading for place in places):
        return _heading_words(reader, group, (new + old if side == "前" else old + new,))
    everywhere = reader.everywhere
    reader.emit(
        Kind.INSERT_TEXT,
        places=places,
        olds=(old,),
        news=(new,),
        side=side,
        everywhere=everywhere,
        excepts=reader.excepts,
    )
    return ""


def _heading_words(reader: Reader, group: _Words, news: tuple[str, ...]) -> str:
    """Words of one 章名 or 标题 become others."""
    places, olds = group
    if len(places) != 1 or len(olds) != 1 or len(news) != 1:
        return "名称与修改后的文字不能一一对应"
    reader.emit(Kind.RENAME, places=places, olds=olds, news=news)
    return ""


def _more(reader: Reader) -> _Words | None:
    """The next place with words of its own (、第五条中的“B”), nothing when something else follows."""
    at = reader.at
    if reader.take(_NEXT):
        before = reader.places[-1] if reader.places else reader.context.place
        read = read_places(reader.skeleton.text, reader.at, before)
        if read is not None and not read.problem and read.end <= reader.end:
            reader.at = read.end
            reader.take(IN)
            reader.take(_INSIDE)
            if reader.peek() == Q and (quoted := reader.list()) and not _own_verb(reader, at):
                reader.context.place = read.places[-1]
                return _Words(read.places, tuple(map(_phrase, quoted)))
    reader.at = at
    return None


def _own_verb(reader: Reader, start: int) -> bool:
    """Whether words behind a comma have a verb of their own: then they are a clause of their own."""
    if reader.skeleton.text[start] not in "，,":
        return False
    at = reader.at
    reader.take(NOUN)
    verb = reader.match(VERB) or reader.match(DROP) or reader.match(ADD)
    reader.at = at
    return verb is not None


def exceptions(reader: Reader, pattern: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """除第三条外: the places that the words of a clause do not reach."""
    at = reader.at
    if reader.take(pattern) is None:
        return ""
    read = read_places(reader.skeleton.text, reader.at, None)
    if read is None or read.end > reader.end:
        reader.at = at
        return ""
    reader.at = read.end
    reader.take(IN)
    if read.problem or reader.take(closing) is None:
        reader.at = at
        return ""
    reader.excepts = read.places
    return ""


def _also_except(reader: Reader) -> str:
    """…，但第三条除外: for all that the sentence changes everywhere."""
    at = reader.at
    if reader.take(ALSO_EXCEPT) is None:
        return ""
    read = read_places(reader.skeleton.text, reader.at, None)
    end = re.compile("(?:中的?)?除外[）)]?")
    if read is None or read.problem or end.match(reader.skeleton.text, read.end) is None:
        reader.at = at
        return ""
    reader.at = read.end
    reader.take(end)
    reader.excepts = read.places
    reader.out = [
        replace(each, excepts=read.places) if each.everywhere else each for each in reader.out
    ]
    return ""


def _only_name(places: tuple[Place, ...]) -> bool:
    """Whether the place carried over from before is the 名称: what is 统一 changed is the text."""
    return len(places) == 1 and places[0].steps[-1].word == "名称"


def _long(quote: Quote) -> bool:
    return len(quote.paragraphs) != 1


def _phrase(quote: Quote) -> str:
    return "\n".join(quote.paragraphs)


def lines_of(quotes: tuple[Quote, ...]) -> tuple[str, ...]:
    """All paragraphs of quotations."""
    return tuple(line for quote in quotes for line in quote.paragraphs)
