"""Carrying out a decision on a base text (执行修改决定): the next text, and what was not carried out."""

from __future__ import annotations

from policylib.amending.operations import operate
from policylib.amending.parts import Part, body_of
from policylib.amending.phrases import do_phrases
from policylib.amending.planning import Plan, contradictions, plan
from policylib.amending.reading import parse_decision
from policylib.amending.settling import settle
from policylib.amending.titles import own_titles, same_title
from policylib.amending.tree import Tree
from policylib.amending.values import (
    FORMAL,
    Amended,
    Applied,
    Decision,
    Instruction,
    Kind,
    Unapplied,
)
from policylib.amending.work import Work
from policylib.text.locator import Locator

__all__ = ["amend"]

_PHRASES = frozenset((Kind.PHRASE, Kind.DELETE_PHRASE, Kind.INSERT_TEXT))
_ORDERED = (
    Kind.REPLACE,
    Kind.RENAME,
    Kind.DELETE,
    Kind.MERGE,
    Kind.SPLIT,
    Kind.MOVE,
    Kind.RAISE,
    Kind.INSERT,
)
_WORDING = "没有写明修改哪些文字，请对照公布的文本核对"


def amend(base: str, decision: str, *, title: str | None = None) -> Amended:
    r"""Apply a decision on amendments to a text (执行修改决定).

    ``title`` picks the document of an omnibus decision; without it the base's own title does. What
    is not certain is in ``unapplied`` with its place in the decision and a reason in Chinese, and
    changes nothing. Never raises for any pair of strings.

    >>> base = "第一条 为便民，制定本办法。\n第二条 窗口每日开放。\n第三条 本办法自公布之日起施行。\n"
    >>> print(amend(base, "一、删去第二条。\n二、条文顺序作相应调整。").text, end="")
    第一条 为便民，制定本办法。
    第二条 本办法自公布之日起施行。
    """
    tree = Tree(base)
    read = parse_decision(decision)
    titles, texts = own_titles(tree)
    names = [title] if title else titles
    ours, theirs, unread, unclear = _chosen(read, names)
    for name in [title, *read.targets] if title else read.targets:
        if tree.focus is None and name and any(same_title(name, own) for own in titles):
            tree.focus = next((part for own, part in texts.items() if same_title(name, own)), None)
    plans = [plan(tree, each) for each in ours if each.kind not in FORMAL | {Kind.WORDING}]
    contradictions(plans)
    work = Work(tree)
    if title and titles and not any(same_title(title, each) for each in titles):
        work.notes.append(f"正文的标题是《{titles[0]}》，不是《{title}》，请核对")
    _carry_out(work, plans)
    adjusts = any(each.kind is Kind.ORDER for each in ours)
    certain = not unread and not any(planned.failed for planned in plans)
    known = (*titles, *([title] if title else []))

    def own(name: str) -> bool:
        return any(same_title(name, each) for each in known)

    consequences = settle(work, plans, own, adjusts=adjusts, certain=certain)
    unapplied = [*unread, *unclear]
    unapplied.extend(
        Unapplied(planned.instruction.span, planned.instruction.quote, reason)
        for planned in plans
        for reason in planned.problems
    )
    unapplied.extend(
        Unapplied(each.span, each.quote, _WORDING) for each in ours if each.kind is Kind.WORDING
    )
    applied = [_applied(planned) for planned in plans if not planned.failed]
    applied.extend(Applied(each, (), "", "") for each in ours if each.kind is Kind.ORDER)
    return Amended(
        tree.text(),
        tuple(sorted(applied, key=lambda each: each.instruction.span)),
        tuple(sorted(unapplied)),
        tuple(_moved(tree, work)),
        tuple(sorted(consequences)),
        tuple(sorted(theirs)),
        tuple(dict.fromkeys(work.notes)),
    )


def _chosen(
    read: Decision, names: list[str]
) -> tuple[list[Instruction], list[Unapplied], list[Unapplied], list[Unapplied]]:
    """Part what concerns this text from what concerns others; a decision for others is unclear."""
    ours: list[Instruction] = []
    theirs: list[Unapplied] = []
    unread: list[Unapplied] = []
    named = {
        target: any(same_title(target, name) for name in names) if names else len(read.targets) == 1
        for target in (
            *read.targets,
            *(each.document for each in read.instructions),
            *(each.document for each in read.not_understood),
        )
    }
    named[""] = True
    wrong = bool(read.targets) and not any(yes for target, yes in named.items() if target)
    for each in read.instructions:
        if named[each.document] and not (wrong and each.kind not in FORMAL):
            ours.append(each)
        elif each.kind not in FORMAL:
            theirs.append(Unapplied(each.span, each.quote, f"修改的是《{each.document}》"))
    for missed in read.not_understood:
        entry = Unapplied(missed.span, missed.quote, missed.reason)
        (unread if named[missed.document] else theirs).append(entry)
    if not wrong:
        return ours, theirs, unread, []
    titles = "、".join(f"《{target}》" for target in read.targets[:3])
    mine = f"《{names[0]}》" if names else "没有标题的文本"
    reason = f"本决定修改的是{titles}，不是{mine}，请核对"
    return [], [], [*unread, *(each._replace(reason=reason) for each in theirs)], []


def _carry_out(work: Work, plans: list[Plan]) -> None:
    """Words first, while all stands as in the base; then provisions."""
    frozen: set[int] = set()
    for planned in plans:
        if planned.failed or planned.instruction.kind in _PHRASES:
            continue
        for part, extent in planned.claims:
            if extent == "整体":
                frozen.update(id(below) for below in part.walk())
            elif extent == "本身":
                frozen.add(id(part))
    for planned in plans:
        if not planned.failed and planned.instruction.kind in _PHRASES:
            do_phrases(work.tree, planned, frozen, work.notes)
    for kind in _ORDERED:
        for planned in plans:
            if not planned.failed and planned.instruction.kind is kind:
                operate(work, planned)


def _applied(planned: Plan) -> Applied:
    each = planned.instruction
    parts = planned.done or [part for part, _ in planned.pairs]
    where = tuple(dict.fromkeys(_place(part) for part in parts))
    if each.kind in _PHRASES:
        after = "；".join(dict.fromkeys(each.news))
    elif each.kind is Kind.DELETE:
        after = ""
    elif each.kind is Kind.RENUMBER:
        return Applied(
            each, where, "、".join(str(part.old) for part in parts), "、".join(map(str, where))
        )
    else:
        after = "\n".join(body_of(part.whole) for part in parts)
    return Applied(each, where, planned.before, after)


def _place(part: Part) -> Locator:
    return part.old if part.deleted and part.old is not None else part.place


def _moved(tree: Tree, work: Work) -> list[tuple[Locator, Locator]]:
    """Old and new places of all that has another number."""
    moved: list[tuple[Locator, Locator]] = []
    for part in tree.parts:
        if part.old is None or not part.was[0]:
            continue
        if part.deleted and id(part) in work.merged:
            moved.append((part.old, work.merged[id(part)].place))
        elif not part.deleted and (part.number, part.suffix) != part.was and _attached(part, tree):
            moved.append((part.old, part.place))
    return moved


def _attached(part: Part, tree: Tree) -> bool:
    """Whether a part still stands in the text: 款 of a rewritten article do not."""
    *_, top = part.above()
    inside = part.parent is None or any(each is part for each in part.parent.children)
    return top is tree.root and inside
