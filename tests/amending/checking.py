"""What must hold of every amendment, also of a damaged decision: no edit that nothing explains."""

from __future__ import annotations

import re

from policylib.amending import Amended, Decision, Kind
from policylib.text.locator import Level, Step
from policylib.text.outline import Outline

_NUMBER = re.compile(
    r"第[〇零一二三四五六七八九十百千0-9]{1,8}(?:条(?:之[一二三四五六七八九十]{1,2})?|款|项|章|节)"
)
_IGNORED = re.compile(
    r"[\s，,、。；;：:“”‘’（）()〇一二三四五六七八九十0-9.．#*>]|第.{1,4}条|并且|并|同时|此外|此外|将|把|在|对|以及|和"
)
_FORMAL = {Kind.ORDER, Kind.EFFECT, Kind.REPUBLISH, Kind.WORDING}


def articles(text: str) -> dict[Step, str]:
    """Every article's words without white space, labels and numbers of references."""
    found: dict[Step, str] = {}
    text = text.partition("青山县人民政府\n")[0]
    for locator, provision in Outline.parse(text).walk():
        if provision.level is Level.ARTICLE:
            words = _NUMBER.sub("第条", "".join(provision.text(text).split()))
            found.setdefault(locator.steps[-1], words)
    return found


def unexplained(base: str, amended: Amended) -> list[str]:
    """Articles that changed though no instruction carried out speaks of them."""
    spoken: set[Step] = set()
    for each in amended.applied:
        instruction = each.instruction
        placeless = not instruction.places and not instruction.becomes
        if (instruction.everywhere or placeless) and instruction.kind not in _FORMAL:
            return []
        for place in (*instruction.places, *instruction.becomes):
            first = [step for step in place.locator.steps if step.level is Level.ARTICLE]
            for step in first:
                for number in range(step.number, max(place.upto, step.number) + 1):
                    spoken.add(Step(Level.ARTICLE, number, step.suffix))
            if not first:
                return []
        spoken.update(step for where in each.where for step in where.steps)
    moved = {
        old.steps[-1]: new.steps[-1]
        for old, new in amended.moved
        if old.steps[-1].level is Level.ARTICLE
    }
    old, new = articles(base), articles(amended.text)
    out: list[str] = []
    for step, words in old.items():
        if step in spoken:
            continue
        there = new.get(moved.get(step, step))
        if there != words:
            out.append(f"{step}: {words[:60]} -> {(there or '没有了')[:60]}")
    return out


def uncovered(text: str, decision: Decision) -> str:
    """What of a decision is neither in an instruction nor reported as not understood."""
    signs = list(text)
    for start, end in (
        *(each.span for each in decision.instructions),
        *(each.span for each in decision.not_understood),
    ):
        signs[start:end] = " " * (end - start)
    return _IGNORED.sub("", "".join(signs))
