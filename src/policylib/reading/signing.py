"""Events in a header (题注) and the signature under a text (落款): who, and on which day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policylib.reading.headlines import EVENT_LINE, MARKUP, NOTE, HeadLine, organs_in, passage
from policylib.reading.source import Source
from policylib.reading.values import Event, Passage
from policylib.reading.words import DATE, ORGAN_END, day_in
from policylib.text.span import Span

__all__ = ["events", "issuers_of", "signature"]

_NOTE_DAY = re.compile(
    rf"(?:(?<=[（(\s；;，,。])|(?<=根据)|(?<=并于)|(?<=自)|(?<=[过布准订正]))(?P<day>{DATE})"
)
_ACT = re.compile(r"通过|公布|发布|批准|修正|修订|施行|颁布|实施|废止|公告|印发|生效|修改|批转")
_ACT_ENDS = re.compile(
    rf"(?:{_ACT.pattern.replace('废止|', '')}|^起?执行|^废止)[）)。，\s]*(?:根据)?$|通过的《[^《》]*》$"
)
#: What follows a day that is no event's: 起至…, ，经…, 14:30
_GOES_ON = re.compile(r"起?[至到—–前后以期，、：:0-9零]|起(?!施行|实施|执行|生效)")
_PASSED = re.compile(
    r"^(?:第[一二三四五六七八九十]{1,4}届)?(?P<organ>[\u4e00-\u9fff]{0,20}?(?:第[一二三四五六七八九十]{1,4}届)?"
    r"[\u4e00-\u9fff]{0,12}?人民代表大会(?:常务委员会)?)(?:第[一二三四五六七八九十百0-9]{1,5}次)?会议"
)
_TERM = re.compile(r"第[一二三四五六七八九十]{1,4}届")
_ISSUED = re.compile(
    r"^(?P<organ>[\u4e00-\u9fff、 ]{2,60}?)(?:令|公告|第[0-9一二三四五六七八九十]{1,4}号令|发布|公布|批准|印发)"
)
_ORGAN_LINE = re.compile(
    rf"^[\u4e00-\u9fff（）()、·\s]{{0,80}}(?:{ORGAN_END}|中央军委|国务院)(?:（[^（）]{{1,8}}）)?$"
)
_PERSON_LINE = re.compile(
    r"^(?:国家)?(?:主席|总理|省长|市长|州长|县长|区长|镇长|部长|局长|主任|署长|院长|检察长|行长|会长|委员长|主任委员|厅长|秘书长|盟长|旗长|乡长)"
    r"\s*[:：]?\s*[\u4e00-\u9fff· ]{2,12}$"
)
_COMMENT = "〈!--"  # in one width, see Source
_ENTITY = re.compile(r"&[a-z]{1,6};")
_INLINE = re.compile(
    rf"^(?P<organ>[\u4e00-\u9fff（）()、·\s]{{2,60}}?{ORGAN_END})\s*[（(]?(?P<day>{DATE})[）)]?$"
)


def issuers_of(noted: tuple[Event, ...]) -> tuple[str, ...]:
    """The organ that passed or published a text, where its header says so."""
    for event in noted:
        text = event.text.strip()
        if passed := _PASSED.match(text):
            return (_TERM.sub("", passed["organ"]),)
    for event in noted:
        if issued := _ISSUED.match(event.text.strip()):
            organs = organs_in(issued["organ"])
            if organs and all(
                re.search(rf"{ORGAN_END}$|国务院$|中央军委$", each) for each in organs
            ):
                return organs
    return ()


def events(source: Source, lines: list[HeadLine]) -> Iterator[Event]:
    """The dated lines of the head and the note in brackets under the title (题注)."""
    for number, line in enumerate(lines):
        text = line.text
        if text.startswith(_COMMENT) and "END" in text:
            return
        if line.heading and re.match(r"第[一二三四五六七八九十]{1,3}章", text):
            return
        if match := EVENT_LINE.match(text):
            end = _end_of_event(match["text"], lines[number : number + 4])
            if end is not None and len(text) < 300:
                yield from _event(source, line.start, match["day"], match.start("text"), end)
        elif NOTE.match(text):
            yield from _note(source, line)


def _end_of_event(words: str, lines: list[HeadLine]) -> int | None:
    """Where an event ends, which may be wrapped; None for a paragraph that begins with a day."""
    first, *below = lines
    done = first.end if _tells(words) else None
    for line in below:
        if done is not None and words.count("《") <= words.count("》"):
            return done
        if EVENT_LINE.match(line.text) or line.text.startswith(_COMMENT) or len(line.text) > 90:
            break
        words += line.text
        if words.count("《") <= words.count("》") and _tells(words):
            return line.end
    return done


def _tells(words: str) -> bool:
    """Whether some words behind a day say what was done on it (国务院令第76号公布)."""
    return bool(_ACT_ENDS.search(words) and not _GOES_ON.match(words))


def _event(source: Source, at: int, day: str, text_at: int, end: int) -> Iterator[Event]:
    on = day_in(day)
    if on is not None:
        span = Span(at, end)
        words = source.text[at + text_at : end]
        told = ""
        for line in words.splitlines():
            told += " " * bool(_ORGAN_LINE.match(told) and told) + line.strip()
        yield Event(span, source.quote(span), on, told)


def _note(source: Source, line: HeadLine) -> Iterator[Event]:
    """Cut a note at its days; a day inside the title of a decision does not stand behind a space."""
    close = line.end - (1 if line.text.endswith(("）", ")")) else 0)
    masked = source.masked[line.start : close]
    found = list(_NOTE_DAY.finditer(masked))
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(masked)
        words = masked[match.end() : end]
        trailing = len(words) - len(re.sub(r"[\s；;，,。]*(?:根据|并于|自)?\s*$", "", words))
        end -= trailing
        on = day_in(match["day"])
        text_at = match.end()
        while text_at < end and masked[text_at] in " 起":
            text_at += 1
        if on is None or not _ACT.search(masked[match.end() : end]):
            continue
        span = Span(line.start + match.start(), line.start + end)
        yield Event(
            span, source.quote(span), on, source.text[line.start + text_at : span.end].strip()
        )


_DAY_ENDS = frozenset("日号)）*0123456789")


def signature(source: Source, below: int) -> tuple[Passage | None, tuple[str, ...]]:
    """The first day under a signature (落款): its place and the organs above it.

    A signature that ends the text may have no day. The first, because what follows is what the document carries, with signatures of its own.
    """
    plain, lines = source.plain, source.lines
    fallback: Passage | None = None
    for number, (start, end) in enumerate(lines):
        if end - start > 80 or plain[end - 1] not in _DAY_ENDS or start < below:
            continue
        words = plain[start:end].strip(MARKUP)
        offset = plain.find(words, start)
        day = words.strip("（）() ")
        if re.fullmatch(DATE, day) and day_in(day):
            at = offset + words.find(day)
            place = passage(source, at, at + len(day))
            organs = _above(source, number)
            if organs is not None:
                return place, organs
            if number >= len(lines) - 6:
                fallback = place
        elif (inline := _INLINE.match(words)) and day_in(inline["day"]) and number > 0:
            at = offset + inline.start("day")
            return passage(source, at, at + len(inline["day"])), organs_in(inline["organ"])
    return fallback, () if fallback else _last_lines(source)


def _last_lines(source: Source) -> tuple[str, ...]:
    """The organs on the last lines of a text, under a line that ends a sentence."""
    organs = _above(source, len(source.lines)) or ()
    rows = len(source.lines) - 1
    while rows >= 0 and _ORGAN_LINE.match(source.plain[slice(*source.lines[rows])].strip(MARKUP)):
        rows -= 1
    done = rows >= 0 and source.plain[source.lines[rows][1] - 1] in "。！"
    return organs if done and any(map(_AN_ORGAN.search, organs)) else ()


_AN_ORGAN = re.compile(rf"[省市县区州盟旗乡镇国].*{ORGAN_END}$|^国务院")


def _above(source: Source, number: int) -> tuple[str, ...] | None:
    """The organs on the lines above a day; none of an order's signer, None without a signature."""
    organs: list[str] = []
    for start, end in reversed(source.lines[max(0, number - 15) : number]):
        words = _ENTITY.sub("", source.plain[start : min(end, start + 200)]).strip(MARKUP)
        words = re.sub(r"（(?:代章|盖章|公章|印章|章)）|&\S{0,5}$", "", words).strip()
        if _PERSON_LINE.match(words):
            return tuple(organs)
        if not _ORGAN_LINE.match(words) or len(words) > 90:
            break
        organs[:0] = organs_in(words)
    return tuple(dict.fromkeys(organs)) or None
