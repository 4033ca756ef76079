"""Drawing a timeline as SVG (时间线图): text stays text, light and dark, nothing from outside."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from policylib.reports.palette import COLOURS, FONTS, STATES

if TYPE_CHECKING:
    from policylib.reports.timeline import Entry, Timeline

__all__ = ["draw", "wrap"]

_WIDTH, _MARGIN = 960, 32
_AXIS, _TAG, _TITLE, _TEXT = 150, 174, 230, 338  # where the columns begin
_LINE, _GAP = 21, 13
_SIZE = 14

_LANES = {"日期": "date", "办理": "act", "文本": "text", "时效": "validity", "关系": "relation"}

#: Colours in light and in dark surroundings: of pages, words and lines, and of the lanes.
_COLOURS = (
    *COLOURS,
    (".rule", "stroke", "#d0d7de", "#30363d"),
    (".later", "fill", "#f6f8fa", "#161b22"),
    (".none", "stroke", "#d0d7de", "#484f58"),
    (".pending", "stroke", "#d4a72c", "#bb8009"),
    (".force", "stroke", "#2da44e", "#2ea043"),
    (".partly", "stroke", "#e16f24", "#db6d28"),
    (".ended", "stroke", "#8c959f", "#6e7681"),
    (".now", "fill", "#ffffff", "#0d1117"),
    (".now", "stroke", "#1f2328", "#e6edf3"),
)
_LANE_COLOURS = (
    ("date", "#57606a", "#9aa4af"),
    ("act", "#0969da", "#58a6ff"),
    ("text", "#6639ba", "#bc8cff"),
    ("validity", "#1a7f37", "#3fb950"),
    ("relation", "#953800", "#f0883e"),
)
_CLASS = ".policylib-timeline"


def draw(timeline: Timeline) -> str:
    """The SVG of a timeline, as text; it grows with the entries."""
    page = _Page()
    page.heading(timeline)
    dated = [entry for entry in timeline.entries if entry.day]
    coming = [entry for entry in dated if timeline.is_coming(entry)]
    page.entries([entry for entry in dated if not timeline.is_coming(entry)])
    page.today(f"截至 {timeline.on}")
    if coming:
        page.later(coming)
    undated = [entry for entry in timeline.entries if not entry.day]
    if undated:
        page.undated(undated)
    words = f"共 {len(timeline.entries)} 项，其中今后 {len(coming)} 项"
    return page.svg(f"时间线：{timeline.title}", f"{words}；{timeline.on}：{timeline.validity}")


class _Page:
    """What is drawn so far, and how far down it reaches."""

    def __init__(self) -> None:
        self.under: list[str] = []  # areas, behind everything
        self.lines: list[str] = []  # the axis, behind marks and text
        self.parts: list[str] = []
        self.y = _MARGIN + 16
        self.state = "none"
        self.last: int | None = None  # where the axis has come to

    def heading(self, timeline: Timeline) -> None:
        width = _WIDTH - 2 * _MARGIN
        self.y += self._block(timeline.title, _MARGIN, width, "head", size=20, line=28)
        facts = (timeline.doc_number, timeline.document, f"{timeline.on}：{timeline.validity}")
        for fact in dict.fromkeys(fact for fact in facts if fact):
            self.y += self._block(fact, _MARGIN, width, "quiet")
        self.y += 4
        self._rule()
        self.y += 32

    def entries(self, entries: list[Entry], extra: str = "") -> None:
        self.parts.append('<g role="list">')
        day = None
        for entry in entries:
            self._axis(extra)
            label = " ".join(filter(None, (str(entry.day or ""), entry.lane, entry.title)))
            self.parts.append(f'<g role="listitem" aria-label="{escape(label)}">')
            if entry.day and entry.day != day:
                self._block(str(entry.day), _MARGIN, _AXIS - _MARGIN, "day")
            day = entry.day
            self._row(entry, extra)
            self.parts.append("</g>")
            if entry.lane == "时效" and entry.day:
                self.state = STATES.get(entry.title, "ended")
        self.parts.append("</g>")

    def today(self, words: str) -> None:
        """The day from which all this is seen."""
        self._axis("")
        y = self.y - 5
        self.lines.append(f'<path class="rule dash" d="M{_AXIS} {y}H{_WIDTH - _MARGIN}"/>')
        self.parts.append(f'<circle class="now" cx="{_AXIS}" cy="{y}" r="7"/>')
        self._block(words, _MARGIN, _AXIS - _MARGIN, "now-day", size=12)
        self.y += _LINE + _GAP

    def later(self, entries: list[Entry]) -> None:
        """What is to come, set apart."""
        top = self.y - 22
        self._block("今后", _TAG, 120, "part")
        self.y += _LINE + _GAP
        self.entries(entries, " coming")
        height = self.y - top - 12
        self.under.append(
            f'<rect class="later" x="{_MARGIN - 12}" y="{top}" width="{_WIDTH - 2 * _MARGIN + 24}" '
            f'height="{height}" rx="8"/>'
        )
        self.y += 14

    def undated(self, entries: list[Entry]) -> None:
        """What no day is known of: beside the axis, not on it."""
        self.last = None
        self._rule()
        self.y += 26
        self._block("日期未载明", _MARGIN, 200, "part")
        self.y += _LINE + _GAP
        for entry in entries:
            self.last = None
            self.entries([entry])

    def svg(self, title: str, description: str) -> str:
        height = self.y + 4
        return "\n".join(
            (
                '<svg xmlns="http://www.w3.org/2000/svg" class="policylib-timeline" '
                f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
                'xml:lang="zh-CN" lang="zh-CN" role="graphics-document document" '
                'aria-labelledby="policylib-timeline-title policylib-timeline-about">',
                f'<title id="policylib-timeline-title">{escape(title)}</title>',
                f'<desc id="policylib-timeline-about">{escape(description)}</desc>',
                f"<style>{_style()}</style>",
                f'<rect class="page" width="{_WIDTH}" height="{height}"/>',
                *self.under,
                *self.lines,
                *self.parts,
                "</svg>\n",
            )
        )

    # -- parts of a row ------------------------------------------------------------------------

    def _row(self, entry: Entry, extra: str) -> None:
        lane = _LANES[entry.lane]
        self.parts.append(_mark(lane, extra, self.y - 5))
        self._block(entry.lane, _TAG, 50, f"tag {lane}", size=12)
        used = self._block(entry.title, _TITLE, _TEXT - _TITLE - 8, "title")
        width, top = _WIDTH - _MARGIN - _TEXT, self.y
        for words, style in (
            (entry.text, "said"),
            (entry.by and f"经办：{entry.by}", "quiet"),
            (entry.note and f"备注：{entry.note}", "quiet"),
        ):
            if words:
                self.y += self._block(words, _TEXT, width, style)
        self.y = max(self.y, top + used) + _GAP

    def _axis(self, extra: str) -> None:
        y = self.y - 5
        if self.last is not None:
            self.lines.append(
                f'<path class="axis {self.state}{extra}" d="M{_AXIS} {self.last}V{y}"/>'
            )
        self.last = y

    def _rule(self) -> None:
        y = self.y - 8
        self.lines.append(f'<path class="rule" d="M{_MARGIN} {y}H{_WIDTH - _MARGIN}"/>')

    def _block(
        self, words: str, x: int, width: int, style: str, *, size: int = _SIZE, line: int = _LINE
    ) -> int:
        """Write wrapped words from the present line down; returns the height they take."""
        rows = wrap(words, width / size)
        spans = "".join(
            f'<tspan x="{x}" y="{self.y + place * line}">{escape(row)}</tspan>'
            for place, row in enumerate(rows)
        )
        self.parts.append(f'<text class="{style}">{spans}</text>')
        return line * len(rows)


def _mark(lane: str, extra: str, y: int) -> str:
    """A shape for each lane, so that colour is not the only difference."""
    x, style = _AXIS, f'class="mark {lane}{extra}"'
    match lane:
        case "act":
            return f'<circle {style} cx="{x}" cy="{y}" r="6"/>'
        case "text":
            return f'<rect {style} x="{x - 5.5}" y="{y - 5.5}" width="11" height="11" rx="1.5"/>'
        case "validity":
            return f'<path {style} d="M{x} {y - 8}l8 8-8 8-8-8z"/>'
        case "relation":
            return f'<path {style} d="M{x - 6} {y - 7}l12 7-12 7z"/>'
        case _:
            return f'<circle {style} cx="{x}" cy="{y}" r="4"/>'


def _style() -> str:
    return (
        f"{_CLASS}{{max-width:100%;height:auto;color-scheme:light dark}}"
        f"{_CLASS} text{{font-family:{FONTS};font-size:{_SIZE}px;white-space:pre}}"
        f"{_CLASS} .head{{font-size:20px;font-weight:600}}"
        f"{_CLASS} .day,{_CLASS} .title,{_CLASS} .part{{font-weight:600}}"
        f"{_CLASS} .day{{font-variant-numeric:tabular-nums}}"
        f"{_CLASS} .tag,{_CLASS} .now-day{{font-size:12px}}"
        f"{_CLASS} .axis{{stroke-width:4;fill:none}}{_CLASS} .axis.coming{{stroke-dasharray:3 6}}"
        f"{_CLASS} .rule{{stroke-width:1;fill:none}}{_CLASS} .dash{{stroke-dasharray:5 5}}"
        f"{_CLASS} .mark,{_CLASS} .now{{stroke-width:2}}"
        f"{_colours(dark=0)}@media (prefers-color-scheme:dark){{{_colours(dark=1)}}}"
    )


def _colours(*, dark: int) -> str:
    return "".join(_rules(dark))


def _rules(dark: int) -> Iterator[str]:
    """The rules of the light colours (0) or the dark ones (1)."""
    for selector, what, *shades in _COLOURS:
        yield f"{_CLASS} {selector}{{{what}:{shades[dark]}}}"
    for lane, *shades in _LANE_COLOURS:  # marks, and the words that name the lane
        colour = shades[dark]
        yield f"{_CLASS} .mark.{lane}{{fill:{colour};stroke:{colour}}}"
        yield f"{_CLASS} text.{lane}{{fill:{colour}}}"
    yield f"{_CLASS} .mark.coming{{fill:{_COLOURS[0][2 + dark]}}}"  # hollow, later than the rest


# -- breaking lines -----------------------------------------------------------------------------

_NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—,.;:?!)]}%")
_JOINER = "\u200d"  # makes one emoji of two
_SKINS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))  # change the colour of the emoji before
_NOT_LAST = frozenset("（《〈「『【〔“‘([{")


def wrap(text: str, width: float) -> list[str]:
    """``text`` cut into lines of at most ``width`` ems; joined they are the text again.

    Words and numbers stay whole where they fit, no line begins with a closing mark, and what
    belongs to one character (accents, joined emoji) stays together.

    >>> wrap("国务院办公厅关于印发，2024", 5)
    ['国务院办公', '厅关于印', '发，2024']
    """
    lines: list[str] = []
    start, used, chance = 0, 0.0, 0
    for place in range(len(text)):
        if place > start and _may_break(text, place):
            chance = place
        used += _ems(text, place)
        while used > width and chance > start:
            lines.append(text[start:chance])
            start = chance
            used = sum(_ems(text, each) for each in range(start, place + 1))
        if used > width and place > start and _ems(text, place):
            lines.append(text[start:place])  # one word longer than a line
            start, used = place, _ems(text, place)
    return [*lines, text[start:]]


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if after in _NOT_FIRST or before in _NOT_LAST or after == " ":
        return False
    if not _ems(text, place):
        return False
    return before == "/" or not (_is_word(before) and _is_word(after))


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "-_/.#@:")


def _ems(text: str, place: int) -> float:
    """About how wide a character is; 0 for what is drawn onto the one before."""
    character = text[place]
    if character.isascii():
        if character in "MWmw@%":
            return 0.85
        return 0.7 if character.isupper() else 0.58
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or character in _SKINS:
        return 0.0
    if place and text[place - 1] == _JOINER:
        return 0.0
    return 1.3 if "\U0001f000" <= character < "\U00020000" else 1.0
