"""Where a 机关代字 or an organ's name begins in running text, given where it ends.

Chinese has no spaces: in 按照苏住建规〔2011〕4号 the code is 苏住建规. The sentence around it is
recognised by its function words; a code is short, an organ's name may be long.
"""

from __future__ import annotations

import re

__all__ = ["KIND_ENDINGS", "code_start", "organ_start"]

#: The last character of most 机关代字: 文种字 and the words for a joint or urgent document.
KIND_ENDINGS = frozenset("发函字秘规办电令通告知议建政委批复呈报联综审释")

_ORDINARY_CODE, _LONGEST_CODE = 8, 12  # characters
_CODE = re.compile(r"[\u3400-\u9fffA-Za-z·]")
_ACTS = (
    "按照|根据|依据|依照|遵照|参照|参考|执行|关于|以及|印发|转发|下发|颁布|发布|公布|通知|文件|规定|"
    "有关|详见|参见|适用|废止|修改|修订|替代|代替|仍按|落实|贯彻|符合|违反|结合|其中|此前|同时|现行|"
    "上述|批准|同意|精神|要求|文号|字号|标题|来源|日期|编号|办法|意见|方案|通过|延续|沿用|继续"
)
_CODE_CUT = re.compile(f"(?:{_ACTS}|[按及与由等的是在据了至被或见号])")
_ORGAN_CUT = re.compile(f"(?:{_ACTS}|[按及由的是在被号])")
_ISSUER_END = re.compile(r"(?:厅|局|政府|委员会|办公室|部门|院|处)(?=..)")
_ORGAN_END = re.compile(r"(?:[部局会院署行厅委府社办]|办公室|法院|[省市]政府)\Z")
_GLUE = "和与经以为将对从并原由于"
_COUNTRY = "中华人民共和国"
_OPENINGS = "\r\n(（[［〔【“"
#: What follows a conjunction that is the head of a name: 经信, 经贸, 对外贸易 …
_NAMES = {"经": "信贸济委开管发办", "对": "外", "原": "州", "于": "都", "和": "县平田静林政"}


def code_start(text: str, end: int) -> int:
    """Find where the 机关代字 that ends at ``end`` begins; ``end`` itself when there is none.

    >>> text = "及抵押管理仍按榕政办〔2016〕180号"
    >>> text[code_start(text, 10) : 10]
    '榕政办'
    """
    start = _run_start(text, end, 40)
    cut = _after_last(_CODE_CUT, text, start, end)
    cut = _without_glue(text, cut, end, inside=cut > start)
    if end - cut > _ORDINARY_CODE:
        cut = max(cut, end - _LONGEST_CODE)
        cut = _after_last(_ISSUER_END, text, cut, end)
    return cut


def organ_start(text: str, end: int) -> int:
    """Find where the organs (发布机关) whose names end at ``end`` begin.

    Several organs in a row (财政部 税务总局) belong together.

    >>> text = "根据财政部 税务总局公告2023年第6号"
    >>> text[organ_start(text, 10) : 10]
    '财政部 税务总局'
    """
    start = _one_organ(text, end)
    while end - start <= 80 and start >= 3 and text[start - 1] in " 、\u3000":
        before = _one_organ(text, start - 1)
        if start - 1 - before < 2 or not _ORGAN_END.search(text[before : start - 1]):
            break
        start = before
    return start


def _one_organ(text: str, end: int) -> int:
    start = _run_start(text, end, 60)
    cut = _after_last(_ORGAN_CUT, text, start, end)
    cut = max(cut, text.rfind(_COUNTRY, cut, end))
    return _without_glue(text, cut, end, inside=cut > start)


def _run_start(text: str, end: int, longest: int) -> int:
    start = end
    while start > 0 and end - start < longest and _CODE.match(text[start - 1]):
        start -= 1
    if start < end and text[start] in "年月日" and text[start - 1 : start].isdigit():
        return start + 1  # the end of a date
    return start


def _after_last(cut: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Give the place after the last cut that leaves at least one character."""
    last = start
    for match in cut.finditer(text, start, end):
        if match.end() < end:
            last = match.end()
    return last


def _without_glue(text: str, start: int, end: int, *, inside: bool) -> int:
    """Step over a conjunction at the head, unless it opens a line or bracket.

    和政〔2020〕5号 is 和县's.
    """
    head = text[start : start + 1]
    if head != "经" and not inside and (start == 0 or text[start - 1] in _OPENINGS):
        return start
    needed = 3 if head in "和为" else 4  # a code of two characters after these, else of three
    if not head or head not in _GLUE or end - start < needed:
        return start
    if text[start + 1] in _NAMES.get(head, ""):
        return start
    return start + 1
