r"""Comparing two texts of a document (文本比对), provision by provision, as a value.

>>> old = "第一条 为规范补贴，制定本办法。\n第二条 每人每月60元。\n"
>>> new = "第一条 为规范补贴，制定本办法。\n第二条 本县居民可以申请。\n第三条 每人每月90元。\n"
>>> [str(change) for change in compare(old, new).changes() if change.kind != "不变"]
['新增：第二条', '修改：第二条→第三条']
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from policylib.text.locator import Level, Locator
from policylib.text.outline import Outline
from policylib.text.resembling import counterparts, displaced
from policylib.text.span import Span
from policylib.text.wording import Edit, Op, joined, reworded

__all__ = ["Change", "ChangeKind", "Comparison", "Stretch", "compare"]

_INNER = frozenset((Level.PARAGRAPH, Level.ITEM, Level.SUBITEM))
_LABEL_WITHIN = 64  # characters before which a label stands in its piece
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？\n]?|[。；！？\n]")
_LONG = 2_000  # characters: a longer passage is first cut into sentences
_NOT_A_SPACE = re.compile(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])")

_UNSEEN = re.compile("[\u200b\u2060\ufeff\xad]")  # of no width


class ChangeKind(StrEnum):
    """What became of a provision (变动类型)."""

    ADDED = "新增"
    REMOVED = "删除"
    MODIFIED = "修改"
    MOVED = "移动"
    RENUMBERED = "条号变动"
    SAME = "不变"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one provision (条文变动).

    ``before`` and ``after`` are where it stands in the two texts, ``None`` where it does not;
    ``edits``, joined without what is new, are its old text, and without what is gone its new one.
    A change of blanks alone is none. A provision that was ``moved`` and reworded is 修改. ``parts``
    are the 款, 项 and 目 of an article that was changed.
    """

    kind: ChangeKind
    before: Locator | None
    after: Locator | None
    before_span: Span | None
    after_span: Span | None
    edits: tuple[Edit, ...]
    moved: bool = False
    parts: tuple[Change, ...] = ()

    @property
    def old(self) -> str:
        """The old text (原文)."""
        return "".join(edit.text for edit in self.edits if edit.op is not Op.NEW)

    @property
    def new(self) -> str:
        """The new text (新文)."""
        return "".join(edit.text for edit in self.edits if edit.op is not Op.GONE)

    @property
    def renumbered(self) -> bool:
        """Whether it stands under another number (条号有变)."""
        return None not in {self.before, self.after} and self.before != self.after

    def spans(self) -> Iterator[tuple[Op, Span, Span]]:
        """Each edit with where it stands in the two texts (改动位置); an absent one is empty."""
        i = self.before_span.start if self.before_span else 0
        j = self.after_span.start if self.after_span else 0
        for op, text in self.edits:
            old = Span(i, i if op is Op.NEW else i + len(text))
            new = Span(j, j if op is Op.GONE else j + len(text))
            yield op, old, new
            i, j = old.end, new.end

    def __str__(self) -> str:
        places = dict.fromkeys(str(each) for each in (self.before, self.after) if each)
        return f"{self.kind}：{'→'.join(places)}"

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "kind": str(self.kind),
            "before": str(self.before) if self.before else None,
            "after": str(self.after) if self.after else None,
            "before_span": list(self.before_span) if self.before_span else None,
            "after_span": list(self.after_span) if self.after_span else None,
            "moved": self.moved,
            "edits": [[str(op), text] for op, text in self.edits],
            "parts": [part.as_dict() for part in self.parts],
        }


class Stretch(NamedTuple):
    """A change as one reads it from above, or the half of one that was moved (片段).

    ``old`` is the half at the old place, ``new`` that at the new one; both are set for what was
    not moved.
    """

    change: Change
    old: bool
    new: bool

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What stands here: a moved provision is gone in one place and new in the other."""
        if self.old and self.new:
            return self.change.edits
        if self.old:
            return joined([Edit(Op.GONE, self.change.old)])
        return joined([Edit(Op.NEW, self.change.new)])


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference between two texts (比对结果); both can be made from it again.

    ``provisions`` are in the order of the new text, what was removed where it stood.
    """

    provisions: tuple[Change, ...]

    @property
    def before(self) -> str:
        """The old text, whole (原文本)."""
        placed = [(each.before_span.start, each) for each in self.provisions if each.before_span]
        return "".join(each.old for _, each in sorted(placed, key=lambda pair: pair[0]))

    @property
    def after(self) -> str:
        """The new text, whole (新文本)."""
        return "".join(each.new for each in self.provisions if each.after_span)

    @property
    def same(self) -> bool:
        """Whether no word, number or place differs (无变动)."""
        return all(change.kind is ChangeKind.SAME for change in self.provisions)

    def changes(self, *, fine: bool = False) -> tuple[Change, ...]:
        """What became of each provision (变动清单), the unchanged ones too.

        An article is one provision; with ``fine`` a changed one is told by its 款, 项 and 目.
        """
        if not fine:
            return self.provisions
        return tuple(part for each in self.provisions for part in each.parts or (each,))

    def counts(self) -> dict[ChangeKind, int]:
        """How many provisions there are of each kind (变动统计)."""
        found = Counter(change.kind for change in self.provisions)
        return {kind: found[kind] for kind in ChangeKind}

    def script(self) -> Iterator[Stretch]:
        """Both texts in one reading order (连读), each moved provision at both its places."""
        away = [each for each in self.provisions if each.moved and each.before_span]
        away.sort(key=_old_start)
        at = 0
        for change in self.provisions:
            if change.moved:
                yield Stretch(change, old=False, new=True)
                continue
            while (
                at < len(away) and change.before_span and _old_start(away[at]) < _old_start(change)
            ):
                yield Stretch(away[at], old=True, new=False)
                at += 1
            yield Stretch(change, old=True, new=True)
        for change in away[at:]:
            yield Stretch(change, old=True, new=False)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        counts = {str(kind): count for kind, count in self.counts().items()}
        return {"counts": counts, "changes": [change.as_dict() for change in self.provisions]}


def compare(before: str, after: str) -> Comparison:
    """Compare two texts (文本比对), any two strings; see :class:`Comparison`.

    Provisions belong together by their words, not by their numbers: one that was inserted leaves
    the others unchanged but for their numbers.
    """
    old, new = units(before), units(after)
    keys = [each.key for each in old], [each.key for each in new]
    names = [_name(each) for each in old], [_name(each) for each in new]
    pairs = counterparts(*keys, *names)
    left = sorted(set(range(len(old))) - {i for i, _ in pairs})
    come = sorted(set(range(len(new))) - {j for _, j in pairs})
    moves = {j: i for i, j in displaced(*keys, left, come)}
    away = set(moves.values())
    found: list[Change] = []
    i = j = 0
    for to_i, to_j in [*pairs, (len(old), len(new))]:
        found.extend(_removed(old[place]) for place in range(i, to_i) if place not in away)
        for place in range(j, to_j):
            source = moves.get(place)
            found.append(
                _added(new[place])
                if source is None
                else _changed(old[source], new[place], moved=True)
            )
        if to_i < len(old) and to_j < len(new):
            found.append(_changed(old[to_i], new[to_j]))
        i, j = to_i + 1, to_j + 1
    return Comparison(tuple(found))


class Unit(NamedTuple):
    """A provision to be compared: an article with all under it, a heading, or a part of one.

    ``label`` is how many characters of ``text`` are its number, ``key`` its words without that.
    """

    locator: Locator
    text: str
    start: int
    label: int
    key: str
    parts: tuple[Unit, ...] = ()

    @property
    def span(self) -> Span:
        """Where it stands in its text."""
        return Span(self.start, self.start + len(self.text))


def units(body: str) -> list[Unit]:
    """The provisions of a text to be compared (比对条文): joined, they are the text."""
    groups: list[list[Unit]] = []
    for locator, provision in Outline.parse(body).walk():
        start, end = provision.own
        if start == end:
            continue
        text = body[start:end]
        at = text.find(provision.label, 0, _LABEL_WITHIN) if provision.label else -1
        label = at + len(provision.label) if at >= 0 else 0
        unit = Unit(locator, text, start, label, _words(text[label:]))
        if groups and provision.level in _INNER:
            groups[-1].append(unit)
        else:
            groups.append([unit])
    return [_together(group) for group in groups]


def _together(group: list[Unit]) -> Unit:
    first = group[0]
    if len(group) == 1:
        return first
    text = "".join(each.text for each in group)
    key = "\n".join(each.key for each in group)
    return Unit(first.locator, text, first.start, first.label, key, tuple(group))


def _words(text: str) -> str:
    """A text without blanks, but for those between two words of Latin letters or figures."""
    return _NOT_A_SPACE.sub("", " ".join(_UNSEEN.sub("", text).split()))


def _name(unit: Unit) -> tuple[Level, Locator]:
    return unit.locator.steps[-1].level, unit.locator


def _old_start(change: Change) -> int:
    return change.before_span.start if change.before_span else 0


def _removed(unit: Unit) -> Change:
    edits = joined([Edit(Op.GONE, unit.text)])
    return Change(ChangeKind.REMOVED, unit.locator, None, unit.span, None, edits)


def _added(unit: Unit) -> Change:
    edits = joined([Edit(Op.NEW, unit.text)])
    return Change(ChangeKind.ADDED, None, unit.locator, None, unit.span, edits)


def _changed(old: Unit, new: Unit, *, moved: bool = False) -> Change:
    """What became of a provision that both texts have."""
    parts: tuple[Change, ...] = ()
    if old.text == new.text:
        edits = joined([Edit(Op.SAME, old.text)])
    elif old.parts or new.parts:
        parts = _parts(old.parts or (old,), new.parts or (new,))
        edits = joined(edit for part in parts for edit in part.edits)
    else:
        edits = _edits(old, new)
    if old.key != new.key:
        kind = ChangeKind.MODIFIED
    elif moved:
        kind = ChangeKind.MOVED
    elif old.locator != new.locator:
        kind = ChangeKind.RENUMBERED
    else:
        kind = ChangeKind.SAME
    return Change(kind, old.locator, new.locator, old.span, new.span, edits, moved, parts)


def _parts(old: tuple[Unit, ...], new: tuple[Unit, ...]) -> tuple[Change, ...]:
    """What became of the 款, 项 and 目 of an article; the piece with its number is one of them."""
    pairs = counterparts(
        [each.key for each in old],
        [each.key for each in new],
        [(each.locator.steps[-1].level, each.locator.steps[-1]) for each in old],
        [(each.locator.steps[-1].level, each.locator.steps[-1]) for each in new],
    )
    found: list[Change] = []
    i = j = 0
    for to_i, to_j in [*pairs, (len(old), len(new))]:
        found.extend(map(_removed, old[i:to_i]))
        found.extend(map(_added, new[j:to_j]))
        if to_i < len(old) and to_j < len(new):
            found.append(_changed(old[to_i], new[to_j]))
        i, j = to_i + 1, to_j + 1
    return tuple(found)


def _edits(old: Unit, new: Unit) -> tuple[Edit, ...]:
    """The edits of a passage; its number is compared by itself."""
    edits = [*reworded(old.text[: old.label], new.text[: new.label])]
    edits.extend(_passage(old.text[old.label :], new.text[new.label :]))
    return joined(edits)


def _passage(old: str, new: str) -> Iterable[Edit]:
    if max(len(old), len(new)) <= _LONG:
        return reworded(old, new)
    return _sentences(_SENTENCE.findall(old), _SENTENCE.findall(new))


def _sentences(old: list[str], new: list[str]) -> Iterator[Edit]:
    """The edits of a long passage, sentence by sentence."""
    pairs = counterparts([_words(each) for each in old], [_words(each) for each in new])
    i = j = 0
    for to_i, to_j in [*pairs, (len(old), len(new))]:
        yield Edit(Op.GONE, "".join(old[i:to_i]))
        yield Edit(Op.NEW, "".join(new[j:to_j]))
        if to_i < len(old) and to_j < len(new):
            yield from reworded(old[to_i], new[to_j])
        i, j = to_i + 1, to_j + 1
