"""Numbers after an amendment (条文序号): new provisions take theirs, the others make room."""

from __future__ import annotations

import re
from typing import NamedTuple

from policylib.amending.parts import Part
from policylib.text.locator import Level
from policylib.text.numerals import to_chinese

__all__ = ["Clash", "Wanted", "arrange", "in_order", "labelled", "relabel"]

CAUSE = "序号顺延"
_DIGITS = re.compile("[0-9０-９]{1,4}")
_HAN = re.compile(
    "[〇○零一二三四五六七八九十百千](?:[〇○零一二三四五六七八九十百千 \u3000]{0,8}[〇○零一二三四五六七八九十百千])?"
)


class Wanted(NamedTuple):
    """A new part and the number it is to have; ``home`` is the 章 or 节 that the decision names."""

    part: Part
    number: int
    suffix: int = 0
    anchor: Part | None = None
    before: Part | None = None
    home: Part | None = None


class Clash(NamedTuple):
    """A part that cannot have its number (序号冲突)."""

    part: Part
    reason: str


def in_order(level: Level, scope: Part) -> list[Part]:
    """All parts of a level in a scope, with those deleted, as they stand now."""
    out: list[Part] = []
    stack = [scope]
    while stack:
        part = stack.pop()
        if part.level is level and part is not scope and not part.role:
            out.append(part)
        elif part is scope or part.level not in {Level.ANNEX, Level.TEXT}:
            stack.extend(reversed(part.children))
    return out


def arrange(parts: list[Part], wanted: list[Wanted], *, shift: bool) -> list[Clash]:
    """Give every part its number and put the wanted ones in their places.

    ``parts`` stand in the order of the text; a part with ``stated`` has been put where it stands.
    With ``shift`` the others move up and down, else they keep their numbers. Numbers missing in
    the base stay missing.
    """
    row = _Row([each for each in wanted if not each.suffix], shift=shift)
    for part in parts:
        if part.deleted:
            row.gone_by(part)
        elif part.stated is not None or not part.was[0]:
            row.standing(part)
        else:
            row.old(part)
    row.rest()
    return [*row.clashes, *_suffixed(parts, [each for each in wanted if each.suffix])]


class _Row:
    """Provisions being counted one after the other."""

    def __init__(self, wanted: list[Wanted], *, shift: bool) -> None:
        self.waiting = sorted(wanted, key=lambda each: each.number)
        self.shift = shift
        self.offset = self.number = 0
        self.last: Part | None = None
        self.gone: Part | None = None
        self.clashes: list[Clash] = []

    def gone_by(self, part: Part) -> None:
        """A deleted part leaves its number to the next."""
        if self.shift and part.was[0] and not part.was[1]:
            self.offset -= 1
        self.gone = self.gone or part

    def standing(self, part: Part) -> None:
        """A part that was put where it stands has the next number."""
        if part.stated and part.stated[1]:
            part.number, part.suffix = self.number, part.stated[1]
            if part.stated[0] != self.number:
                self.clashes.append(Clash(part, _differs(part, self.number)))
            self.last, self.gone = part, None
            return
        number = self.number + 1
        if part.stated and part.stated[0] not in {0, number}:
            self.clashes.append(Clash(part, _differs(part, number)))
        self.offset += 1
        part.number, part.suffix = number, 0
        self.last, self.number, self.gone = part, number, None

    def old(self, part: Part) -> None:
        """A part of the base, with what is wanted before it."""
        if part.was[1] and part.says and not part.says[1]:
            self._full(part)
            return
        if part.was[1]:
            part.number, part.suffix = self.number or part.was[0], part.was[1]
            self.last = part
            return
        if part.says and part.says[1] and part.says[0] == self.number:
            part.number, part.suffix = part.says
            self.offset -= 1
            self.last = part
            return
        number = part.was[0] + self.offset
        while self.waiting and self.waiting[0].number <= number:
            each = self.waiting.pop(0)
            if each.number <= self.number:
                self.clashes.append(Clash(each.part, f"第{to_chinese(each.number)}号已被占用"))
            elif each.number not in {number, number - 1, self.number + 1}:
                reason = f"新增的第{to_chinese(each.number)}号与前后不相连"
                self.clashes.append(Clash(each.part, reason))
            elif self.place(each, part) and each.number == number:
                self.offset += 1
                number += 1
        part.number = number
        self.last, self.number, self.gone = part, number, None

    def _full(self, part: Part) -> None:
        """第三条之一 becomes 第四条: it takes a number of its own."""
        self.number += 1
        self.offset += 1
        part.number, part.suffix = self.number, 0
        self.last, self.gone = part, None

    def rest(self) -> None:
        """What is wanted behind the last part."""
        for each in self.waiting:
            if each.number != self.number + 1 or (self.last is None and self.gone is None):
                reason = f"新增的序号应为{self.number + 1}，指令写的是{each.number}"
                self.clashes.append(Clash(each.part, reason))
            else:
                self.place(each, None)

    def place(self, each: Wanted, following: Part | None) -> bool:
        """Put a new part behind what was deleted there, else behind the last or before the next."""
        if problem := _misplaced(each, self.last, self.gone, following):
            self.clashes.append(Clash(each.part, problem))
            return False
        part = each.part
        part.number, part.suffix = each.number, each.suffix
        sides: tuple[tuple[Part | None, int], ...] = (
            (each.before, 0),
            (each.anchor, 1),
            (self.gone, 0),
            (self.last, 1),
            (following, 0),
        )
        home = each.home
        if home is not None and not home.children:
            home.add(part)
            sides = ()
        for neighbour, step in sides:
            if neighbour is None or (home is not None and not _within(neighbour, home)):
                continue
            if neighbour.parent is not None:
                neighbour.parent.add(part, neighbour.index() + step)
                break
        if home is not None and part.parent is None:
            self.clashes.append(Clash(part, "新增的序号与所写的章节不一致"))
            return False
        self.last, self.number, self.gone = part, each.number, None
        return True


def _within(part: Part, home: Part) -> bool:
    return any(above is home for above in part.above())


def _differs(part: Part, number: int) -> str:
    stated = part.stated or (0, 0)
    return f"按其他指令推算序号应为{number}，指令写的是{stated[0]}"


def _misplaced(each: Wanted, last: Part | None, gone: Part | None, following: Part | None) -> str:
    """Whether 在第三条后 and 作为第九条 do not agree."""
    anchor = each.anchor
    wrong = anchor is not None and anchor is not last and not (anchor.deleted and gone is not None)
    if wrong or (each.before is not None and each.before is not following):
        return "新增的序号与所写的位置不一致"
    return ""


def _suffixed(parts: list[Part], wanted: list[Wanted]) -> list[Clash]:
    """Put 第三条之一 behind 第三条."""
    clashes: list[Clash] = []
    live = [part for part in parts if not part.deleted]
    for each in sorted(wanted, key=lambda one: (one.number, one.suffix)):
        before = [p for p in live if (p.number, p.suffix) == (each.number, each.suffix - 1)]
        taken = any((p.number, p.suffix) == (each.number, each.suffix) for p in live)
        behind = before[0] if before else None
        if behind is None or taken or behind.parent is None:
            why = "已经存在" if taken else "前面没有相连的条文"
            number = f"第{to_chinese(each.number)}条之{to_chinese(each.suffix)}"
            clashes.append(Clash(each.part, f"{number}{why}"))
            continue
        if each.anchor is not None and each.anchor is not behind and each.suffix == 1:
            clashes.append(Clash(each.part, "新增的序号与所写的位置不一致"))
            continue
        each.part.number, each.part.suffix = each.number, each.suffix
        behind.parent.add(each.part, behind.index() + 1)
        live.append(each.part)
    return clashes


def labelled(label: str, number: int, suffix: int) -> str:
    """Write a label with another number in the way of ``label``: （三） → （四）, 3. → 4."""
    main, zhi, rest = label.partition("之")
    pattern = _DIGITS if _DIGITS.search(main) else _HAN
    written = str(number) if pattern is _DIGITS else to_chinese(number)
    if pattern is _DIGITS and re.search("[０-９]", main):
        written = written.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    new = pattern.sub(lambda _: written, main, count=1)
    del zhi, rest
    return new + (f"之{to_chinese(suffix)}" if suffix else "")


def relabel(part: Part) -> None:
    """Write the part's number into its own text, where it has another one than in the base."""
    if (part.number, part.suffix) == part.was or not part.label:
        return
    at = part.raw.find(part.label)
    if at < 0:
        return
    new = labelled(part.label, part.number, part.suffix)
    part.edit(at, at + len(part.label), new, CAUSE)
    part.label = new
