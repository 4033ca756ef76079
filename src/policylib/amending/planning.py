"""What each instruction touches (修改计划): found before anything is changed, and contradictions seen."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from policylib.amending.finding import find, find_range, sentence_of
from policylib.amending.parts import Part, Run, body_of
from policylib.amending.tree import Tree
from policylib.amending.values import Instruction, Kind, Place, PlaceStep
from policylib.errors import NotFound
from policylib.text.locator import Level

__all__ = ["HEADINGS", "Plan", "contradictions", "plan"]

HEADINGS = (Level.HEADING1, Level.HEADING2, Level.HEADING3, Level.HEADING4)

_LOOKED_AT = 3  # of several that claim the same, a few show whether they clash
WHOLE, OWN, INSIDE, NUMBER, PHRASE = "整体", "本身", "其下", "序号", "字句"
_LABELLED = frozenset((Level.ARTICLE, Level.PARAGRAPH, Level.ITEM, Level.SUBITEM, *HEADINGS))
_TERM = re.compile(
    r"有效期限?[^。；;]{0,30}?(?:至|到)(?P<until>[0-9〇零一二三四五六七八九十]{2,4}年[0-9一二三四五六七八九十]{1,2}月[0-9一二三四五六七八九十]{1,3}日)"
)
_PHRASES = frozenset((Kind.PHRASE, Kind.DELETE_PHRASE, Kind.INSERT_TEXT))


@dataclass(slots=True)
class Plan:
    """One instruction with the parts it points to; ``problems`` say what cannot be done."""

    instruction: Instruction
    parts: list[Part] = field(default_factory=list)
    parent: Part | None = None
    anchor: Part | None = None
    ranges: list[list[Part]] = field(default_factory=list)  # 第三条至第五条: one of them may do
    excepts: list[Part] = field(default_factory=list)
    pairs: list[tuple[Part, tuple[int, int]]] = field(default_factory=list)
    claims: list[tuple[Part, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    before: str = ""
    done: list[Part] = field(default_factory=list)
    undo: tuple[Part, list[Run], list[Part]] | None = None
    failed: bool = False

    def fail(self, reason: str) -> None:
        """Nothing of the instruction is carried out."""
        self.failed = True
        if reason not in self.problems:
            self.problems.append(reason)


def plan(tree: Tree, instruction: Instruction) -> Plan:
    """Find what an instruction points to (修改计划)."""
    planned = Plan(instruction)
    try:
        _look(tree, planned)
    except NotFound as missing:
        planned.fail(f"{missing}，请核对")
    return planned


def _look(tree: Tree, planned: Plan) -> None:
    each = planned.instruction
    kind = each.kind
    if kind is Kind.INSERT:
        _look_insert(tree, planned)
        return
    for place in each.excepts:
        annexes = place.steps == (PlaceStep("附件"),)
        planned.excepts.extend(tree.of(Level.ANNEX) if annexes else find_range(tree, place))
    if kind is Kind.TERM:
        _look_term(tree, planned)
        return
    for place in each.places:
        try:
            found = find_range(tree, place)
            planned.parts.extend(found)
            planned.ranges.extend([found] if place.upto else [])
        except NotFound as missing:
            if kind not in _PHRASES | {Kind.DELETE} or len(each.places) == 1:
                raise
            planned.problems.append(f"{missing}，请核对")
    if not planned.parts and kind not in _PHRASES:
        raise NotFound("没有写明是哪一条")
    if kind in _PHRASES | {Kind.DELETE} and planned.problems:
        planned.failed = kind is Kind.DELETE or not planned.parts
    _look_words(planned)
    if kind is Kind.MOVE:
        planned.anchor = find(tree, each.becomes[0].steps)
    if kind is Kind.RENUMBER:
        _look_renumber(planned)
    planned.claims.extend((part, _extent(part, planned.instruction)) for part in planned.parts)


def _look_term(tree: Tree, planned: Plan) -> None:
    """The one day until which a text says that it is valid."""
    each = planned.instruction
    outside = {Level.ANNEX, Level.CONTENTS}
    found = [
        (part, match)
        for part in tree.parts
        if not any(above.level in outside for above in part.above())
        for match in _TERM.finditer(part.raw)
    ]
    if len(found) != 1:
        many = f"现行文本中有{len(found)}处有效期的截止日期，不能确定是哪一处"
        raise NotFound(many if found else "现行文本中没有写明有效期的截止日期")
    part, match = found[0]
    old = match[0]
    new = old[: match.start("until") - match.start()] + each.news[0]
    planned.instruction = replace(each, kind=Kind.PHRASE, olds=(old,), news=(new,), once=True)
    planned.parts = [part]
    planned.claims.append((part, PHRASE))


def _look_words(planned: Plan) -> None:
    """A sentence is the words it consists of; all the words of a provision are the provision."""
    each = planned.instruction
    if len(planned.parts) != 1 or len(each.places) != 1:
        if any(place.sentence for place in each.places):
            raise NotFound("没有写明是哪一条的句子")
        return
    part, number = planned.parts[0], each.places[0].sentence
    if number and each.kind not in {Kind.PHRASE, Kind.DELETE_PHRASE}:
        start, end = sentence_of(part, number)
        holder = part.children[0] if part.level is Level.ARTICLE else part
        planned.instruction = _on_sentence(each, holder.raw[start:end])
        planned.parts = [holder]
    elif each.kind is Kind.DELETE_PHRASE and len(each.olds) == 1 and part.level in _LABELLED:
        words = body_of(part.whole).removeprefix(part.label)
        if _bare(words) == _bare(each.olds[0].removeprefix(part.label)):
            planned.instruction = replace(each, kind=Kind.DELETE)


def _on_sentence(each: Instruction, words: str) -> Instruction:
    if each.kind is Kind.REPLACE and len(each.news) == 1:
        return replace(each, kind=Kind.PHRASE, olds=(words,), once=True)
    if each.kind is Kind.DELETE:
        return replace(each, kind=Kind.DELETE_PHRASE, olds=(words,), once=True)
    if each.kind is Kind.INSERT_TEXT and not each.olds and len(each.news) == 1:
        return replace(each, olds=(words,), side="后")
    raise NotFound("对句子的这种修改请人工处理")


def _bare(words: str) -> str:
    return "".join(words.split()).rstrip("。；;")


def _extent(part: Part, each: Instruction) -> str:
    """How far an instruction reaches; a 款 replaced by one line keeps its 项."""
    if each.kind in _PHRASES:
        return PHRASE
    if each.kind is Kind.REPLACE:
        keeps = part.level is Level.PARAGRAPH and part.children and len(each.news) == 1
        return OWN if keeps else WHOLE
    if each.kind is Kind.RENAME or (each.kind is Kind.DELETE and each.places[0].heading):
        return OWN
    return NUMBER if each.kind in {Kind.MOVE, Kind.RENUMBER} else WHOLE


def _look_renumber(planned: Plan) -> None:
    each = planned.instruction
    numbers: list[tuple[int, int]] = []
    for place in each.becomes:
        last = place.steps[-1]
        upto = place.upto or last.number
        numbers.extend((number, last.suffix) for number in range(last.number, upto + 1))
    if len(numbers) != len(planned.parts):
        raise NotFound("调整前后的数目不一致")
    word = each.becomes[0].steps[-1].word
    headings = all(part.level in HEADINGS for part in planned.parts)
    if not headings and {part.level.value for part in planned.parts} != {word}:
        raise NotFound("调整前后不是同一层级")
    planned.pairs = list(zip(planned.parts, numbers, strict=True))
    for part, number in planned.pairs:
        part.says = number


def _look_insert(tree: Tree, planned: Plan) -> None:
    each = planned.instruction
    if each.unit == "附件":
        return
    if each.side or each.unit in {"章", "节"}:
        if each.places and each.unit not in {"款", "项", "目"}:
            planned.anchor = find_range(tree, each.places[-1])[-1]
        elif each.places and len(each.places) == 1 and not each.places[0].upto:
            part = find(tree, each.places[0].steps)
            same = part.level.value == each.unit or (
                each.unit in {"项", "目"} and part.level in HEADINGS
            )
            planned.anchor = part if same else None
            planned.parent = part.parent if same else part
    if each.unit == "条":
        outer = each.becomes[0].steps[:-1] if each.becomes else ()
        if planned.anchor is None and (each.places or outer):
            planned.parent = find(tree, each.places[0].steps if each.places else outer)
        return
    if each.unit in {"章", "节"}:
        return
    outer = each.becomes[0].steps[:-1] if each.becomes else ()
    if planned.parent is None:
        if len(each.places) > 1:
            raise NotFound("一次在多处增加，内容与位置不能一一对应")
        steps = outer or (each.places[0].steps if each.places else ())
        planned.parent = find(tree, steps)
    planned.claims.append((planned.parent, INSIDE))


def contradictions(plans: list[Plan]) -> None:
    """Mark what cannot both be carried out: a provision replaced twice, or deleted and changed.

    Of two that clash a repetition or a phrase gives way; else neither is carried out.
    """
    _repetitions(plans)
    live = [planned for planned in plans if not planned.failed]
    claimed: dict[int, dict[str, list[Plan]]] = defaultdict(lambda: defaultdict(list))
    for planned in live:
        for part, extent in planned.claims:
            claimed[id(part)][extent].append(planned)
    settled: set[tuple[int, str]] = set()
    for planned in live:
        for part, extent in list(planned.claims):
            for above in part.above():
                for there, others in (claimed.get(id(above)) or {}).items():
                    rivals = [
                        other
                        for other in others[:_LOOKED_AT]
                        if other is not planned
                        and _clash(other, there, planned, extent, same=above is part)
                    ]
                    if rivals and extent == PHRASE and all(_says(r, planned, part) for r in rivals):
                        _fulfil(planned, part)
                    elif rivals:
                        _resolve(planned, part, extent, there)
                        if extent != PHRASE != there and (id(above), there) not in settled:
                            settled.add((id(above), there))
                            for other in others:
                                _resolve(other, part, there, extent)
    _same_numbers(live)


def _repetitions(plans: list[Plan]) -> None:
    seen: set[tuple[object, ...]] = set()
    for planned in plans:
        each = planned.instruction
        key = (
            each.kind,
            each.places,
            each.becomes,
            each.olds,
            each.news,
            each.unit,
            each.everywhere,
        )
        if not planned.failed and key in seen:
            planned.fail("与前面的指令重复")
        seen.add(key)


def _resolve(planned: Plan, part: Part, extent: str, there: str) -> None:
    if extent == PHRASE:
        _withdraw(planned, part)
    elif there != PHRASE:
        planned.fail(f"对{part.old or '同一条款'}有互相矛盾的指令，均未执行")


def _same_numbers(live: list[Plan]) -> None:
    """Two new provisions cannot have one number."""
    first: dict[tuple[str, Place], Plan] = {}
    for planned in live:
        each = planned.instruction
        for place in each.becomes if each.kind is Kind.INSERT else ():
            other = first.setdefault((each.unit, place), planned)
            if other is planned:
                continue
            for both in (other, planned):
                both.fail(f"有两处新增{place}，均未执行，请核对")


def _clash(other: Plan, there: str, planned: Plan, extent: str, *, same: bool) -> bool:
    """Whether ``there`` on a part and ``extent`` on it (``same``) or inside it exclude each other."""
    if there == WHOLE:
        return extent != NUMBER or (same and other.instruction.kind is Kind.DELETE)
    if not same:
        return False
    if there == OWN:
        return extent in {OWN, PHRASE}
    return there == extent == NUMBER and dict(_numbers(other)) != dict(_numbers(planned))


def _numbers(planned: Plan) -> list[tuple[int, tuple[int, int]]]:
    return [(id(part), number) for part, number in planned.pairs]


def _says(rival: Plan, planned: Plan, part: Part) -> bool:
    """Whether a rewritten provision has the words that another instruction puts into it."""
    each, whole = planned.instruction, "".join("".join(rival.instruction.news).split())
    if rival.instruction.kind is not Kind.REPLACE or not each.olds:
        return False
    olds, news = ([_bare(words) for words in side] for side in (each.olds, each.news))
    if not all(old in "".join(part.whole.split()) for old in olds):
        return False
    if each.kind is Kind.DELETE_PHRASE:
        return not any(old in whole for old in olds)
    return bool(news) and all(new in whole for new in news)


def _fulfil(planned: Plan, part: Part) -> None:
    """将第三条中的“A”修改为“B”。这一条相应修改为：“…B…”: the second carries out the first."""
    planned.parts = [each for each in planned.parts if each is not part]
    planned.done.append(part)


def _withdraw(planned: Plan, part: Part) -> None:
    """A phrase in a part that another instruction rewrites or deletes is not looked for."""
    reason = f"{part.name}已由另一指令整体修改或者删去，不再替换其中的字句"
    if reason not in planned.problems:
        planned.problems.append(reason)
    planned.parts = [each for each in planned.parts if each is not part]
    planned.failed = planned.failed or not planned.parts
