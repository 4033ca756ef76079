"""The grammar of one sentence of a decision (指令语法): 将第三条第二款修改为“…”, 增加一条，作为第七条."""

from __future__ import annotations

import re
from dataclasses import replace

from policylib.amending.actions import (
    insertion,
    insertion_annex,
    insertion_as,
    merging,
    moving,
    new_part,
    replacement,
)
from policylib.amending.becoming import becoming
from policylib.amending.grammar import (
    ADD,
    AT_END,
    BARE,
    CHECK,
    COLON,
    DESCRIBED,
    DOING,
    DROP,
    EFFECT,
    END,
    EVERYWHERE,
    EXCEPT,
    EXCEPTED,
    FROM,
    IN,
    INSERT,
    INSERT_ANNEX,
    INSERT_AS,
    ITS,
    ITS_TEXT,
    LEAD,
    MAIN_TEXT,
    MERGE,
    MOVE,
    NAMED,
    NEW_PART,
    NOUN,
    ORDER,
    PURPOSE,
    SELF,
    SKIP,
    TERM,
    VERB,
    WHOLE_CLAUSE,
    WORDING,
    Q,
)
from policylib.amending.places import Places, read_places
from policylib.amending.quotes import Skeleton
from policylib.amending.reader import Context, Failure, Reader
from policylib.amending.values import Instruction, Kind, Place, PlaceStep
from policylib.amending.words import (
    deleted_words,
    exceptions,
    phrases,
    places_of,
    renumbered,
    text_at_end,
)
from policylib.text.locator import Level
from policylib.text.marks import read_mark

__all__ = ["Context", "Failure", "read_sentence"]

_ADDED = ((INSERT_ANNEX, insertion_annex), (INSERT, insertion), (INSERT_AS, insertion_as))
_HEADING_WORDS = {Level.HEADING1: "一级", Level.HEADING2: "二级"}
_PARTED = re.compile(
    r"(?:部分)?(?:中|里|下)?(?=[，,]?新?增加)|(?:这?一?部分|下)?(?:的|中的?)?(?=[（(][一二三四五六七八九十]|第)|部分(?=中|的)|中的?(?="
    + Q
    + ")"
)


def read_sentence(
    skeleton: Skeleton, start: int, end: int, context: Context
) -> list[Instruction] | Failure:
    """Read one sentence (一句指令): all its instructions, or why not even one is certain."""
    for at in range(start, end):
        if skeleton.text[at] == Q and not skeleton.quote(at).whole:
            return Failure("引号不完整，缺少后引号，请核对原文")
        if skeleton.text[at] == "”":
            return Failure("引号不完整，缺少前引号，请核对原文")
    reader = Reader(skeleton, start, end, context, start)
    reader.take(PURPOSE)
    while True:
        reader.take(SKIP)
        reader.take(END)
        if reader.at >= end:
            break
        before, emitted = reader.at, reader.state()
        reader.start = reader.at if not reader.out or reader.pending is None else reader.start
        count = len(reader.out)
        problem = _clause(reader)
        if not problem and reader.excepts and not all(each.excepts for each in reader.out[count:]):
            problem = "除外的范围不清楚"
        if problem:
            return Failure(problem)
        done = emitted != reader.state() or reader.take(DOING)
        if reader.at == before or not done:
            rest = skeleton.text[before:end].replace(Q, "“…”").strip()
            return Failure(f"“{rest[:30]}”不是可识别的修改指令")
    if reader.pending is not None:
        return Failure("没有写明新增的内容")
    return reader.out


def _clause(reader: Reader) -> str:
    """Read one clause; returns why it is unclear, or nothing."""
    reader.everywhere, reader.once, reader.excepts = False, False, ()
    exceptions(reader, EXCEPT, EXCEPTED)
    reader.take(SKIP)
    if _formal(reader):
        return ""
    if reader.take(DROP):
        return _deletion(reader)
    reader.lead = lead[0] if (lead := reader.take(LEAD)) else ""
    if not reader.take(DROP):
        reader.places = ()
        problem = _target(reader)
        return problem or _action(reader)
    return _deletion(reader)


def _formal(reader: Reader) -> bool:
    """条文顺序作相应调整, and 个别文字 without saying which."""
    at = reader.at
    ordered = reader.take(ORDER)
    if ordered and _closes(reader):
        reader.emit(Kind.ORDER)
        if ordered["wording"]:
            reader.emit(Kind.WORDING)
        return True
    reader.at = at
    if reader.take(EFFECT) and _closes(reader):
        reader.emit(Kind.EFFECT)
        return True
    reader.at = at
    if reader.take(WORDING) and _closes(reader):
        reader.emit(Kind.WORDING)
        return True
    reader.at = at
    return False


def _closes(reader: Reader) -> bool:
    return reader.at >= reader.end or reader.peek() in "，,。；;、 \n\r"


def _target(reader: Reader) -> str:
    """Read what a clause is about: a document, places, or the whole text."""
    text = reader.skeleton.text
    exceptions(reader, EXCEPT, EXCEPTED)
    named = reader.take(NAMED)
    if named:
        reader.context.document = named["title"]
        reader.context.place = None
    else:
        itself = reader.take(SELF)
        reader.everywhere = itself is not None
        if itself is None and (bare := reader.take(BARE)):
            reader.context.document = bare["law"]
            reader.context.place = None
    exceptions(reader, EXCEPT, EXCEPTED)
    if everywhere := reader.take(EVERYWHERE):
        reader.everywhere = True
        if everywhere[0].startswith("正文"):
            reader.excepts = (*reader.excepts, Place((PlaceStep("附件"),)))
        return ""
    reader.take(MAIN_TEXT)
    if reader.take(ITS):
        several = renumbered(reader)
        reader.places = several if len(several) > 1 else ()
        return "" if places_of(reader) else "没有写明其中是指哪一条"
    heading = _quoted_heading(reader)
    read = read_places(text, reader.at, heading or reader.context.place)
    if heading and (read is None or read.end > reader.end):
        read = Places((heading,), reader.at)
    if read is None or read.end > reader.end:
        reader.everywhere = reader.everywhere or (named is not None and reader.peek() == Q)
        return ""
    if read.problem:
        return read.problem
    reader.everywhere = False
    reader.places, reader.at = read.places, read.end
    reader.context.place, reader.context.places = read.places[-1], read.places
    return ""


def _quoted_heading(reader: Reader) -> Place | None:
    """“二、主要措施”部分第（二）项: a numbered heading that is named by its words."""
    if reader.peek() != Q or not reader.skeleton.quote(reader.at).whole:
        return None
    at = reader.at
    quote = reader.quote()
    mark = read_mark(quote.paragraphs[0]) if quote and len(quote.paragraphs) == 1 else None
    part = reader.take(_PARTED)
    word = _HEADING_WORDS.get(mark.level) if mark else None
    if mark is None or word is None or part is None or quote is None:
        reader.at = at
        return None
    return Place((PlaceStep(word, mark.number, words=quote.paragraphs[0]),))


def _deletion(reader: Reader) -> str:
    """删去第十条, 删去第三条第二款中的“A”."""
    reader.take(LEAD)
    problem = _target(reader)
    if problem:
        return problem
    _inner(reader)
    if quoted := reader.list():
        reader.take(NOUN)
        return deleted_words(reader, quoted)
    if not reader.places:
        return "没有写明删去哪一条或者哪些文字"
    reader.take(WHOLE_CLAUSE)
    for headings in (True, False):
        places = tuple(place for place in reader.places if place.heading is headings)
        if places:
            reader.emit(Kind.DELETE, places=places)
    return ""


def _inner(reader: Reader) -> None:
    at = reader.at
    reader.take(IN)
    reader.take(COLON)
    if reader.peek() != Q:
        reader.at = at


def _action(reader: Reader) -> str:
    """Read what happens to the places of the clause."""
    at = reader.at
    if not reader.places and reader.out and reader.take(ITS_TEXT):
        if reader.match(VERB):
            return replacement(reader, reader.out[-1].places)
        reader.at = at
    if reader.match(CHECK) or (reader.places and reader.match(DESCRIBED)):
        _narrowed(reader)
    else:
        _inner(reader)
    if reader.places and reader.take(FROM):
        reader.once = True
    if reader.peek() == Q:
        return phrases(reader)
    if reader.places and reader.take(DROP):
        reader.take(COLON)
        if quoted := reader.list():
            return deleted_words(reader, quoted)
        _below(reader)
        reader.emit(Kind.DELETE, places=reader.places)
        return ""
    for pattern, action in _ADDED:
        if match := reader.take(pattern):
            return action(reader, match)
    if not reader.places and reader.match(NEW_PART):
        return new_part(reader)
    if not reader.places and (term := reader.take(TERM)):
        reader.everywhere = False
        reader.emit(Kind.TERM, news=(term["until"],))
        return ""
    return _of_places(reader) if reader.places else becoming(reader)


def _of_places(reader: Reader) -> str:
    """在第三款末尾增加“B”, 合并, 移至, 修改为."""
    ends = reader.take(AT_END)
    if reader.take(ADD) and (quoted := reader.quotes()):
        return text_at_end(reader, quoted, behind=ends is not None and "后" in ends[0])
    if ends:
        return "没有写明在何处增加什么内容"
    if match := reader.take(MERGE):
        return merging(reader, match)
    if match := reader.take(MOVE):
        return moving(reader, match)
    return becoming(reader)


def _below(reader: Reader) -> None:
    """第六条第一款删去第三项: the place behind the verb stands in the one before it."""
    read = read_places(reader.skeleton.text, reader.at, reader.places[-1])
    above = reader.places[-1].steps
    if read is None or read.problem or read.end > reader.end or len(reader.places) != 1:
        return
    if all(each.steps[: len(above)] == above and each.steps != above for each in read.places):
        reader.places, reader.at = read.places, read.end
        reader.context.place = read.places[-1]


def _narrowed(reader: Reader) -> None:
    """A place within the one that its words were quoted of, and what is quoted of that."""
    quote = reader.skeleton.quote(reader.at) if reader.take(CHECK) else None
    reader.take(DESCRIBED)
    if quote and reader.places and len(quote.paragraphs) == 1:
        *others, last = reader.places
        step = last.steps[-1]._replace(words=quote.paragraphs[0])
        reader.places = (*others, replace(last, steps=(*last.steps[:-1], step)))
    read = read_places(
        reader.skeleton.text, reader.at, reader.places[-1] if reader.places else None
    )
    if read is not None and not read.problem and read.end <= reader.end:
        reader.places, reader.at = read.places, read.end
        reader.context.place = read.places[-1]
        _inner(reader)
