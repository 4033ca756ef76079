"""Labels of what a text asks for (标注): facts in a short form, and how they are counted.

``年龄>=60``, ``户籍地@`` (under a code), ``学历 in 博士,硕士``, ``企业资质 has 单项冠军``,
``今>=成立日期+6个月``; ``!`` must not hold, ``|`` one of several ways. In a list of labels ``?``
marks what may be proposed or not, ``~`` a fact that does not count there at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from policylib.matching.proposing import Evidence
from policylib.model.facts import Vocabulary
from policylib.model.quantity import convert, read_number

__all__ = ["Score", "said"]

_SIGNS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}
_NAME = re.compile(r"[|!?~]*(?:今[<>=]+)?([^<>=@ +]+)")


def said(evidence: Evidence, vocabulary: Vocabulary) -> list[str]:
    """The labels of one fact that is proposed."""
    test = dict(evidence.condition)
    way, no = "|" if evidence.alternative else "", "!" if evidence.excluded else ""
    if test.pop("of", None):
        return [f"{way}{no}今{_SIGNS[key]}{_value(each, None)}" for key, each in test.items()]
    fact = vocabulary.fact(test.pop("fact"))
    if isinstance(test.get("equals"), bool):
        return [f"{way}{'!' if evidence.excluded is test['equals'] else ''}{fact.name}"]
    head, found = f"{way}{no}{fact.name}", []
    for key, each in test.items():
        if key in _SIGNS:
            found.append(f"{head}{_SIGNS[key]}{_value(each, fact.unit)}")
        elif key == "equals":
            found.append(f"{head}={each}")
        elif key == "under":
            found.append(f"{head}@")
        else:
            found.append(f"{head} {'in' if key == 'among' else 'has'} {','.join(sorted(each))}")
    return found


def _value(raw: Any, unit: str | None) -> str:
    if isinstance(raw, dict) and "shift" in raw:
        return f"{raw['shift']}+{raw['by']}"
    if isinstance(raw, dict) and "calculate" in raw:
        return "*".join(_value(each, None) for each in raw["of"])
    if isinstance(raw, dict):
        return str(raw["parameter"])
    number = read_number(raw) if isinstance(raw, str) else None
    return str(convert(number.value, number.unit, unit)) if number else str(raw)


def _name(label: str) -> str:
    match = _NAME.match(label)
    return match[1] if match else label


@dataclass
class Score:
    """Facts proposed rightly, wrongly, and not proposed."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def count(self, proposed: Iterable[str], labels: Iterable[str], *, where: str = "") -> None:
        """Count the facts of one clause."""
        wanted = list(labels)
        needed = [each for each in wanted if each[0] not in "?~"]
        spared = {each[1:] for each in wanted if each[0] == "?"}
        ignored = {each[1:] for each in wanted if each[0] == "~"}
        seen = set(proposed)
        self.right += len(seen.intersection(needed))
        self.missed += [f"{where} {each}" for each in needed if each not in seen]
        for each in sorted(seen.difference(needed)):
            plain = each.lstrip("|")
            if plain not in spared and f"|{plain}" not in spared and _name(each) not in ignored:
                self.wrong.append(f"{where} {each}")

    @property
    def precision(self) -> float:
        """The share of proposed facts that are right (准确率)."""
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of labelled facts that are proposed (查全率)."""
        return self.right / max(1, self.right + len(self.missed))

    def __str__(self) -> str:
        return (
            f"准确率 {self.precision:.3f}，查全率 {self.recall:.3f}"
            f"（对 {self.right}，错 {len(self.wrong)}，漏 {len(self.missed)}）"
        )
