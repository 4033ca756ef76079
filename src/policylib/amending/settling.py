"""After the instructions (收尾): numbers, labels, references and the 目录 follow."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from policylib.amending.following import follow
from policylib.amending.naming import retitle
from policylib.amending.numbering import Wanted, arrange, in_order
from policylib.amending.parts import Part
from policylib.amending.planning import Plan
from policylib.amending.values import Edit, Kind
from policylib.amending.work import Work, cause_of
from policylib.text.locator import Level

__all__ = ["settle"]

_DIVISIONS = (Level.PART, Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION)
_HEADINGS = (Level.HEADING1, Level.HEADING2, Level.HEADING3, Level.HEADING4)
_TRIES = 50


def settle(
    work: Work, plans: list[Plan], own: Callable[[str], bool], *, adjusts: bool, certain: bool
) -> list[Edit]:
    """Number everything anew, and let labels and references follow; what clashes fails.

    ``adjusts`` is 条文顺序作相应调整; ``certain`` says that nothing of the decision is left out, so
    that a number which does not come out can only mean a move.
    """
    scope = work.tree.focus or work.tree.root
    live = [planned for planned in plans if not planned.failed]
    for level in _DIVISIONS:
        _children(work, level, live, adjusts=adjusts)
    _articles(work, live, scope, adjusts=adjusts, certain=certain)
    if any(planned.failed and level in _DIVISIONS for planned, _, level, _ in work.wanted):
        for level in _DIVISIONS:  # a new 章 whose articles clash is not there
            _children(work, level, live, adjusts=adjusts)
    broken = [planned for planned in live if planned.failed and planned.undo is not None]
    for planned in broken:
        _restore(planned)
    if broken:
        for part in in_order(Level.ARTICLE, scope):
            if part.was[0]:
                part.number, part.suffix = part.was
        _articles(work, live, scope, adjusts=adjusts, certain=certain)
    for planned, part, name in work.renamed:
        if not planned.failed:
            retitle(work, part, name, cause_of(planned.instruction))
    for level in (*_HEADINGS, Level.PARAGRAPH, Level.ITEM, Level.SUBITEM):
        _children(work, level, live, adjusts=adjusts)
    _stated(live)
    return follow(work, scope, own)


def _restore(planned: Plan) -> None:
    """What could not be split or rewritten has its own words again."""
    if planned.undo is None:
        return
    part, runs, children = planned.undo
    part.runs, part.children = runs, children
    for child in part.children:
        child.deleted = False
    planned.undo = None


def _children(work: Work, level: Level, live: list[Plan], *, adjusts: bool) -> None:
    """Number the parts of a level under each parent that has changed."""
    parents = list(work.changed)
    for _, parent, its, _ in work.wanted:
        if its is level and parent is not None and not any(parent is each for each in parents):
            parents.append(parent)
    for parent in parents:
        wanted = [
            (planned, each)
            for planned, home, its, each in work.wanted
            if its is level and home is parent and not planned.failed
        ]
        if not wanted and not any(part.level is level for part in parent.children):
            continue
        explicit = any(
            part.level is level and part.parent is parent
            for planned in live
            for part, _ in planned.pairs
        )
        lawful = level in {Level.PARAGRAPH, Level.ITEM, Level.SUBITEM}
        inner = lawful or level in _HEADINGS[1:]
        if lawful and parent.level not in {Level.ARTICLE, Level.PARAGRAPH, Level.ITEM}:
            continue
        shift = adjusts or bool(wanted) or explicit or inner
        if not shift and any(part.level is level and part.deleted for part in parent.children):
            work.notes.append("决定没有写明顺序作相应调整，其他部分的序号保持不变")
        _try(work, partial(_of, parent, level), wanted, shift=shift)


def _of(parent: Part, level: Level) -> list[Part]:
    return [part for part in parent.children if part.level is level]


def _try(
    work: Work,
    parts: Callable[[], list[Part]],
    wanted: list[tuple[Plan, Wanted]],
    *,
    shift: bool,
) -> None:
    """Arrange until nothing clashes; an instruction whose number clashes is not carried out."""
    for _ in range(_TRIES):
        _detach(wanted)
        for part in parts():
            if part.was[0]:
                part.number, part.suffix = part.was
        clashes = arrange(parts(), [each for _, each in wanted], shift=shift)
        if not clashes:
            return
        clashed = {id(clash.part): clash.reason for clash in clashes}
        for planned, each in list(wanted):
            if id(each.part) in clashed:
                planned.fail(f"{clashed[id(each.part)]}，请核对")
        for part in parts():
            if id(part) in clashed:
                _unstate(work, part, clashed[id(part)])
        for planned, each in list(wanted):
            if planned.failed:
                _detach([(planned, each)])
        wanted = [(planned, each) for planned, each in wanted if not planned.failed]


def _unstate(work: Work, part: Part, reason: str) -> None:
    """A moved part or one of a new 章 cannot have the number the decision says."""
    part.stated = (0, 0)
    for planned, _, _, each in work.wanted:
        if any(below is part for below in each.part.children):
            planned.fail(f"{reason}，请核对")
            _detach([(planned, each)])
            return
    for planned, moved, ghost in work.moved:
        if moved is part and ghost.parent is not None:
            planned.fail(f"{reason}，请核对")
            _back(part, ghost)
            return
    for planned, division in work.rebuilt:
        if any(below is part for below in division.children):
            planned.fail(f"{reason}，请核对")
            return
    work.notes.append(f"{part.old or part.level.value}：{reason}，请核对")


def _back(part: Part, ghost: Part) -> None:
    """Put a part that cannot be moved where it was."""
    if part.parent is not None:
        part.parent.children = [each for each in part.parent.children if each is not part]
    if ghost.parent is not None:
        ghost.parent.children[ghost.index()] = part
        part.parent = ghost.parent
    part.stated = None


def _detach(wanted: list[tuple[Plan, Wanted]]) -> None:
    for _, each in wanted:
        parent = each.part.parent
        if parent is not None:
            parent.children = [part for part in parent.children if part is not each.part]
            each.part.parent = None


def _articles(work: Work, live: list[Plan], scope: Part, *, adjusts: bool, certain: bool) -> None:
    wanted = [
        (planned, each)
        for planned, _, level, each in work.wanted
        if level is Level.ARTICLE and not planned.failed
    ]
    existing = in_order(Level.ARTICLE, scope)
    gone = any(part.deleted for part in existing)
    placed = any(part.stated is not None for part in existing)
    renumbers = any(part.level is Level.ARTICLE for planned in live for part, _ in planned.pairs)
    if not (wanted or gone or placed or renumbers):
        return
    plain = any(not each.suffix for _, each in wanted)
    shift = adjusts or plain or placed or renumbers
    if gone and not shift:
        work.notes.append("删去条文后，决定没有写明条文顺序作相应调整，其他条文的序号保持不变")
    if gone and plain and not adjusts and not renumbers and not placed:
        _detach(wanted)
        for part in existing:
            part.number, part.suffix = part.was
        if arrange(existing, [each for _, each in wanted], shift=True):
            _detach(wanted)
            for part in existing:
                part.number, part.suffix = part.was
            if not arrange(existing, [each for _, each in wanted], shift=False):
                return
    _try(work, lambda: in_order(Level.ARTICLE, scope), wanted, shift=shift)
    _moves(work, live, scope, wanted, certain=certain)
    _between(work, wanted)


def _between(work: Work, wanted: list[tuple[Plan, Wanted]]) -> None:
    """Say where a new article stands at the border of two 章."""
    for planned, each in wanted:
        home = each.part.parent
        if (
            planned.failed
            or home is None
            or home.level not in _DIVISIONS
            or each.anchor is not None
        ):
            continue
        at = each.part.index()
        first = not any(
            part.level is Level.ARTICLE and not part.deleted for part in home.children[:at]
        )
        last = not any(
            part.level is Level.ARTICLE and not part.deleted for part in home.children[at + 1 :]
        )
        siblings = home.parent.children if home.parent else []
        more = (
            any(part.level is home.level for part in siblings[home.index() + 1 :])
            if siblings
            else False
        )
        if last and more and planned.parent is None and not first:
            work.notes.append(
                f"新增的{each.part.place}在{home.old or home.label}与下一部分之间，已放在{home.label}之末，请核对"
            )


def _moves(
    work: Work, live: list[Plan], scope: Part, wanted: list[tuple[Plan, Wanted]], *, certain: bool
) -> None:
    """第十条改为第八条 with nothing that makes room: the article moves."""
    pairs = [
        (planned, part, stated)
        for planned in live
        if planned.instruction.kind is Kind.RENUMBER and not planned.failed
        for part, stated in planned.pairs
        if part.level is Level.ARTICLE and not part.deleted and (part.number, part.suffix) != stated
    ]
    if not pairs or not certain or any(stated[1] for _, _, stated in pairs):
        return
    pairs.sort(key=lambda pair: pair[1].was)
    kept = _rising([stated[0] for _, _, stated in pairs])
    moved = [pair for at, pair in enumerate(pairs) if at not in kept] or pairs
    if len(pairs) == 1 and abs(pairs[0][1].number - pairs[0][2][0]) <= 1:
        return  # a miscount is likelier than an article that changes places with the next
    homes: list[tuple[Part, Part, Part]] = []
    extra: list[tuple[Plan, Wanted]] = []
    for planned, part, stated in moved:
        home = part.parent
        if home is None:
            return
        ghost = Part(Level.ARTICLE, *part.was)
        ghost.deleted, ghost.parent = True, home
        home.children[part.index()] = ghost
        part.parent = None
        homes.append((part, ghost, home))
        extra.append((planned, Wanted(part, stated[0])))
    parts = in_order(Level.ARTICLE, scope)
    fresh = {id(each.part) for _, each in wanted if not each.suffix}
    _detach([(planned, each) for planned, each in wanted])
    parts = [part for part in parts if id(part) not in fresh]
    clashes = arrange(parts, [each for _, each in (*wanted, *extra)], shift=True)
    right = all((part.number, part.suffix) == stated for _, part, stated in pairs)
    if not clashes and right:
        for part, _, _ in homes:
            work.notes.append(f"{part.old}改为{part.place}，条文位置随之移动，请核对")
        return
    _detach(extra)
    for part, ghost, home in homes:
        home.children[ghost.index()] = part
        part.parent = home
    _try(work, lambda: in_order(Level.ARTICLE, scope), wanted, shift=True)


def _rising(numbers: list[int]) -> set[int]:
    """The indexes of a longest rising run: what need not move."""
    best: list[list[int]] = []
    for at, number in enumerate(numbers):
        before = max((chain for chain in best if numbers[chain[-1]] < number), key=len, default=[])
        best.append([*before, at])
    longest = max(best, key=len, default=[])
    return set(longest) if len(longest) > 1 else set()


def _stated(live: list[Plan]) -> None:
    """A number that the decision states and that does not come out is a problem."""
    for planned in live:
        for part, stated in planned.pairs:
            number = (part.number, part.suffix)
            if planned.failed or number == stated or part.deleted:
                continue
            reason = f"{part.old}按其他指令推算应为{part.place}，与指令所写的序号不一致，请核对"
            if planned.instruction.kind is Kind.RENUMBER:
                planned.fail(reason)
            elif reason not in planned.problems:
                planned.problems.append(reason)
