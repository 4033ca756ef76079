"""Reading a decision on amendments (修改决定): its documents, items and sentences, and what is unclear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from policylib.amending.assigning import assigned
from policylib.amending.clauses import Context, Failure, read_sentence
from policylib.amending.formulas import (
    ALL,
    ANNOUNCES,
    BREAK,
    COMPARED,
    COURTESY,
    EFFECT,
    FIRST,
    FORMULA,
    GLUED,
    JOINS,
    LEADS,
    MARK,
    NAMING,
    OLD,
    ORDER,
    ORDERED,
    PLACE,
    REPUBLISH,
    SCOPED,
    STRONG,
    TITLE_LINE,
    TITLES,
    UNSPACED,
    VERBS,
    WORDING,
    WORDS,
)
from policylib.amending.quotes import QUOTE, Skeleton, skeleton
from policylib.amending.titles import same_title
from policylib.amending.unquoted import ends_quotation
from policylib.amending.values import Decision, Instruction, Kind, NotUnderstood
from policylib.errors import ParseError
from policylib.text.numerals import to_int
from policylib.text.span import Span

__all__ = ["parse_decision"]


class _Line(NamedTuple):
    start: int
    end: int


@dataclass(slots=True)
class _Item:
    """An open item of the decision: 一、 or （一） and what its lines have named."""

    style: str
    number: int
    context: Context


@dataclass(slots=True)
class _Reading:
    """The state while the lines of a decision go by."""

    skeleton: Skeleton
    root: Context = field(default_factory=Context)
    items: list[_Item] = field(default_factory=list)
    instructions: list[Instruction] = field(default_factory=list)
    unread: list[NotUnderstood] = field(default_factory=list)
    targets: dict[str, None] = field(default_factory=dict)
    begun: int = -1
    announced: bool = False
    closing: bool = False
    closed: bool = False
    ended: bool = False


def parse_decision(text: str) -> Decision:
    """Read a decision on amendments (解析修改决定); any string gives a decision.

    What is not certain is in ``not_understood`` with its place, words and reason, never guessed
    and never an exception. Form of such decisions: 立法法 第六十四条、立法技术规范（试行）（一）.
    """
    whole = skeleton(text)
    title, body = _title(whole)
    reading = _Reading(whole)
    for name in TITLES.findall(title):
        reading.targets[name[1:-1]] = None
    for line in _lines(whole.text, body):
        if not reading.ended:
            _line(reading, line)
    instructions, unread, targets = assigned(
        reading.instructions, reading.unread, reading.targets, whole
    )
    preamble = Span(0, whole.at(reading.begun) if reading.begun >= 0 else len(text))
    return Decision(title, targets, instructions, unread, preamble)


def _title(whole: Skeleton) -> tuple[str, int]:
    """Find the title within the first lines, and where the text after it begins."""
    parts: list[str] = []
    at = 0
    for line in whole.text[:2000].split("\n")[:12]:
        end = at + len(line) + 1
        words = line.strip(" #*\t\u3000\r")
        if words:
            if (
                MARK.match(line)
                or words[0] in "（("
                or QUOTE in words
                or "。" in words
                or len(parts) > 6
            ):
                break
            parts.append(words)
            if TITLE_LINE.search(words):
                return "".join(parts), min(end, len(whole.text))
        at = end
    return "", 0


def _lines(text: str, body: int) -> Iterator[_Line]:
    """Cut into lines; a quotation on the next line belongs to the words that announce it."""
    start = at = body
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        following = end
        while following < len(text) and text[following] in " \t\r\n\u3000\xa0":
            following += 1
        quoted = following < len(text) and text[following] == QUOTE
        quoted = quoted and not OLD.match(text, following + 1)
        window = text[max(start, end - 40) : end].rstrip()
        if quoted and window and (JOINS.search(window) or window[-1] == QUOTE):
            at = following
            continue
        cut = start
        for glued in GLUED.finditer(text, start, end):
            if glued.start() > cut:
                yield _Line(cut, glued.start())
                cut = glued.start()
        if text[cut:end].strip():
            yield _Line(cut, end)
        start = at = end + 1


def _line(reading: _Reading, line: _Line) -> None:
    """Read one line: its mark opens an item, the rest is a heading, a formula or sentences."""
    text = reading.skeleton.text
    mark = MARK.match(text, line.start, line.end)
    at = line.start
    while at < line.end and text[at] in " \t\u3000\xa0#*>":
        at += 1
    if reading.closing and not _goes_on(reading, text[at : min(line.end, at + 400)], mark):
        return
    if not mark and _republished(reading, at):
        reading.ended = True
        return
    if mark:
        at = mark.end()
        style, written = next(pair for pair in mark.groupdict().items() if pair[1])
        _open(reading, style, _number(written))
    context = reading.items[-1].context if reading.items else reading.root
    rest = text[at : line.end]
    if len(rest) < 300 and (naming := NAMING.match(rest)):
        named = naming["title"]
        _name(reading, named[1:-1] if named else naming["bare"], marked=mark is not None)
        return
    formula = FORMULA.search(rest[:800]) if QUOTE not in rest[:3] else None
    if (
        formula
        and QUOTE not in rest[: formula.start()]
        and not PLACE.search(rest, formula.end(), formula.end() + 2)
    ):
        reading.announced = True
        titles = TITLES.findall(formula["titles"]) or [f"《{formula['titles']}》"]
        for title in titles:
            reading.targets[title[1:-1]] = None
        if len(titles) == 1:
            _name(reading, titles[0][1:-1], marked=mark is not None)
        context = reading.items[-1].context if reading.items else reading.root
        at += formula.end()
    elif not mark and not _verbs(reading, rest) and not _concerns(reading, rest):
        if reading.begun >= 0 or reading.announced:
            reading.ended = reading.begun >= 0 and COMPARED.match(rest) is not None
            said = _tail(reading, at, line.end, context) or COURTESY.match(rest)
            if (
                not said
                and reading.announced
                and not reading.closing
                and rest.rstrip().endswith(("。", "；", ";"))
            ):
                _unread(reading, at, line.end, "不是可识别的修改指令", context)
        return
    _sentences(reading, at, line.end, context)


def _republished(reading: _Reading, at: int) -> bool:
    """Whether the amended text begins here, under its title, behind the closing words."""
    text = reading.skeleton.text
    if not reading.closed or text[at : at + 1] == "《":
        return False
    lines = [line.strip() for line in text[at : at + 300].split("\n")]
    words = [line for line in lines if line][:3]
    heads = ["".join(words[:count]) for count in range(1, len(words) + 1)]
    if not any(same_title(head, title) for head in heads for title in reading.targets):
        return False
    return not any(ends_quotation(line) for line in text[at:].split("\n"))


def _verbs(reading: _Reading, words: str) -> bool:
    """Whether a line may amend something; quoted words alone are no sign before the first item."""
    early = reading.begun < 0 and not reading.announced
    return (WORDS if early else VERBS).search(words) is not None


def _concerns(reading: _Reading, words: str) -> bool:
    """Whether a line without a verb of the grammar still speaks of a provision to amend."""
    if SCOPED.match(words):
        return True
    return (reading.begun >= 0 or reading.announced) and PLACE.search(words) is not None


def _goes_on(reading: _Reading, words: str, mark: re.Match[str] | None) -> bool:
    """Whether a line after 本决定自…起施行 is still an instruction, not the text republished."""
    if FIRST.match(words):
        reading.ended = True
        return False
    rest = words
    if mark:
        rest = words[len(mark[0].lstrip(" \t\u3000\xa0#*>")) :]
    if NAMING.match(rest[:300]) and mark:
        return True
    if (STRONG.match(rest) or UNSPACED.match(rest)) and VERBS.search(rest):
        return True
    return bool(EFFECT.match(rest) or REPUBLISH.search(rest[:200])) and mark is None


def _open(reading: _Reading, style: str, number: int) -> None:
    """Open an item; it takes over what its parent has named, not what its sibling has."""
    same = [depth for depth, item in enumerate(reading.items) if item.style == style]
    nested = number == 1 and same and same[-1] < len(reading.items) - 1
    if same and not nested:
        follows = [depth for depth in same if reading.items[depth].number + 1 == number]
        del reading.items[(follows or same)[-1] :]
    above = reading.items[-1].context if reading.items else reading.root
    reading.items.append(_Item(style, number, Context(above.place, above.document)))


def _number(written: str) -> int:
    try:
        return to_int(written.strip("（()）第条"))
    except ParseError:
        return 0


def _name(reading: _Reading, title: str, *, marked: bool) -> None:
    """A document is named for all that follows, or for the item that names it."""
    reading.targets[title] = None
    if not marked:
        reading.items.clear()
    context = reading.items[-1].context if reading.items else reading.root
    context.document, context.place = title, None


def _sentences(reading: _Reading, start: int, end: int, context: Context) -> None:
    """Cut into sentences and read each; one that is unclear in part is unclear as a whole."""
    text = reading.skeleton.text
    at = start
    while at < end:
        stop = BREAK.search(text, at, end)
        until = stop.end() if stop else end
        while at < until and text[at] in " \t\r\n\u3000\xa0，,：:。；;":
            at += 1
        close = until
        while close > at and text[close - 1] in " \t\r\n\u3000\xa0。；;":
            close -= 1
        if at < close:
            _sentence(reading, at, close, context)
        at = max(until, at)


def _sentence(reading: _Reading, start: int, end: int, context: Context) -> None:
    if reading.begun < 0:
        reading.begun = start
    words = reading.skeleton.text[start:end]
    if LEADS.match(words) or _tail(reading, start, end, context):
        return
    if ANNOUNCES.match(words) and QUOTE not in words:
        return
    before = replace(context)
    read = read_sentence(reading.skeleton, start, end, context)
    if not isinstance(read, Failure) and context.lost:
        if any(each.olds and not each.places and not each.everywhere for each in read):
            read = Failure("前面的指令没有读懂，不能确定修改的是哪一处")
        else:
            context.lost = not any(each.places or each.becomes for each in read)
    context.lost = context.lost or isinstance(read, Failure)
    if isinstance(read, Failure):
        context.document = before.document or context.document
        _unread(reading, start, end, read.reason, context)
        context.place = before.place if context.place is None else context.place
        return
    reading.instructions.extend(read)
    for each in read:
        if each.document:
            reading.targets.setdefault(each.document)


def _unread(reading: _Reading, start: int, end: int, reason: str, context: Context) -> None:
    """Keep a passage for the officer, with the reason."""
    span = Span(reading.skeleton.at(start), reading.skeleton.at(end))
    quote = reading.skeleton.source[span.start : span.end]
    reading.unread.append(NotUnderstood(span, quote, reason, context.document))


def _tail(reading: _Reading, start: int, end: int, context: Context) -> bool:
    """Closing words: 条文顺序作相应调整, 本决定自…施行, 重新公布."""
    words = reading.skeleton.text[start:end]
    if QUOTE in words or len(words) > 300:
        return False
    plain = TITLES.sub("《》", words)
    kinds: list[Kind] = []
    placed = PLACE.search(plain)
    if not placed and (order := ORDER.search(plain)) and ORDERED.search(order[0]):
        kinds.append(Kind.ORDER)
    if not placed and WORDING.search(plain):
        kinds.append(Kind.WORDING)
    if not placed and REPUBLISH.search(plain):
        kinds.append(Kind.REPUBLISH)
    if EFFECT.match(plain) or (EFFECT.search(plain) and not placed):
        kinds.append(Kind.EFFECT)
    if not kinds:
        return False
    span = Span(reading.skeleton.at(start), reading.skeleton.at(end))
    quote = reading.skeleton.source[span.start : span.end]
    document = "" if ALL.match(words) else context.document
    if Kind.EFFECT in kinds or Kind.REPUBLISH in kinds:
        reading.closing = not reading.items or len(reading.items) == 1
        reading.closed = True
        document = ""
    reading.instructions.extend(Instruction(kind, span, quote, document) for kind in kinds)
    return True
