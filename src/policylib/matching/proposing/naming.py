"""What a proposed measure is called and what kind it is (事项名称)."""

from __future__ import annotations

import re

from policylib.matching.proposing.clauses import Clause
from policylib.model.measure import MeasureKind

__all__ = ["kind_of", "name_of", "near"]

#: Characters around a clause in which its measure is named.
_WINDOW = 400
_KINDS = {
    "补贴": MeasureKind.SUBSIDY, "补助": MeasureKind.GRANT, "津贴": MeasureKind.ALLOWANCE,
    "奖励": MeasureKind.REWARD, "奖补": MeasureKind.REWARD, "减免": MeasureKind.REDUCTION,
    "返还": MeasureKind.REFUND, "贴息": MeasureKind.INTEREST, "贷款": MeasureKind.LOAN,
    "救助": MeasureKind.ASSISTANCE, "供养": MeasureKind.ASSISTANCE,
    "最低生活保障": MeasureKind.ASSISTANCE, "保险金": MeasureKind.INSURANCE,
    "待遇": MeasureKind.INSURANCE, "资助": MeasureKind.GRANT, "认定": MeasureKind.RECOGNITION,
    "岗位": MeasureKind.POST, "培训": MeasureKind.TRAINING,
}  # fmt: skip
_WORDS = "|".join(_KINDS)
_GIVEN = re.compile(
    r"(?:给予|享受|申请|申领|领取|发放|发给)(?:一次性|最高)?(?:的)?"
    rf"(?P<title>[^，。；：、（）0-9]{{0,16}}?(?:{_WORDS}))"
)
_NAMED = re.compile(
    r"(?P<title>[^，。；：、（）]{2,16}(?:补贴|津贴|补助|奖励|救助|资助))(?:的)?(?:对象|(?:发放)?标准|条件)"
)
_LABEL = re.compile(r"[^。：，；]{2,20}(?=[。：]|\Z)")
_NO_LABEL = re.compile(r"应当|下列|以下|标准为|可以|的，")
_PRONOUN = re.compile(r"其|该|上述|前款|此项|同类|其他|本办法")
_ISSUED = re.compile(r"印发|关于|《")
_PLACE = re.compile(r"\A[^省市县区]{2,4}(?:省|市|县|区)(?=.{2})")
_OF_TITLE = re.compile(rf"[^，。；：、（）《》\s]{{0,40}}(?:{_WORDS})")


def near(text: str, clause: Clause) -> str:
    """The words around a clause, of its own line."""
    at = clause.tail[0] if clause.tail else clause.line.start
    return text[max(clause.line.start, at - _WINDOW) : min(clause.line.end, at + _WINDOW)]


def name_of(text: str, clause: Clause, title: str) -> str:
    """What the sentence gives it as a name, or the heading over it, or the document's title."""
    tail = text[slice(*clause.tail)] if clause.tail else ""
    line = near(text, clause)
    for pattern, words in ((_NAMED, line), (_GIVEN, tail), (_GIVEN, line)):
        match = pattern.search(words)
        if match and len(match["title"].strip()) > 2 and not _PRONOUN.match(match["title"]):
            return match["title"].strip()[:40]
    for above in (clause.line, *clause.line.above()):
        label = _LABEL.match(text, above.start, min(above.end, above.start + 40))
        words = label[0] if label else ""
        if not _NO_LABEL.search(words) and any(each in words for each in (*_KINDS, "支持")):
            return words.strip("# *\u3000")
    return _from_title(title)


def _from_title(title: str) -> str:
    short = _PLACE.sub("", _ISSUED.split(title)[-1].split("》")[0]) or "事项"
    match = _OF_TITLE.match(short)
    return match[0][:40] if match else short[:40]


def kind_of(name: str) -> MeasureKind:
    """The kind that the last word of its name tells."""
    places = [(name.rfind(word), kind) for word, kind in _KINDS.items() if word in name]
    return max(places, key=lambda each: each[0])[1] if places else MeasureKind.OTHER
