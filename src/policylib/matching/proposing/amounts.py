"""Amounts as texts write them (金额用语): 每人每月100元, 一次性给予5000元, 最高不超过2万元."""

from __future__ import annotations

import re
from typing import Any

from policylib.matching.proposing.figures import NUMBER, quantity

__all__ = ["AMOUNT", "amount", "amounts"]

#: One figure in 元, with what it is for and whether it is a ceiling.
AMOUNT = re.compile(
    rf"(?P<top>最高(?:不超过|为)?|不超过|封顶|累计不超过|以内)?\s?(?P<number>{NUMBER})\s?元(?P<more>[^，。；、]{{0,3}}以内)?"
    r"(?:/(?P<each>人|户|套|月|年|平方米|亩|台|个|天|次|生|学期))?"
)
_PER = re.compile(r"每(?P<per>月|年|天|日|学期|季度|人|户|生|套|平方米|亩|台|次|招用1人|吸纳1人)")
_TIME = {"月": "月", "年": "年", "天": "日", "日": "日", "学期": "学期", "季度": "季度"}


def amounts(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The figures in 元 of a stretch of text."""
    return list(AMOUNT.finditer(text, start, end))


def amount(text: str, start: int, end: int) -> dict[str, Any] | None:
    """The rule of the one figure in a stretch of text; ``None`` where there is none or several."""
    found = amounts(text, start, end)
    if len(found) != 1:
        return None
    match = found[0]
    pay = quantity(match["number"], "元")
    if pay is None or re.match(
        r"[至到—\-～以]|以下|以上|标准|的[0-9]", text[match.end() : match.end() + 4]
    ):
        return None
    before = re.split("[。；，：]", text[max(0, match.start() - 16) : match.start()])[-1]
    if "分别" in before or "%" in before or "增加" in before or "超过" in before:
        return None
    pers = [each["per"] for each in _PER.finditer(before)]
    if match["each"]:
        pers.append(match["each"])
    times = [_TIME[each] for each in pers if each in _TIME]
    others = [each for each in pers if each not in _TIME and each not in ("人", "户", "生")]
    if len(times) > 1 or others:
        return None
    rule: dict[str, Any] = {"pay": pay, "unit": "元"}
    if times:
        rule["per"] = times[0]
    if match["top"] or match["more"]:
        rule["up_to"] = True
    return rule
