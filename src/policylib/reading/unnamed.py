"""What a document ends or overrides without naming a document (未指名的废止、停止执行、抵触条款)."""

from __future__ import annotations

import re
from itertools import islice

from policylib.reading.ending import ENDS, NOT_NOW
from policylib.reading.source import Source
from policylib.reading.values import Passage
from policylib.reading.words import MARKS, NAMES
from policylib.text.span import Span

__all__ = ["conflict_clauses", "general_repeals", "suspensions"]

_WORDS = ("废止", "失效", "作废", "停止", "不再", "终止执行")
_MOST = 20  # statements in one sentence
_STOPPING = re.compile("^(?!.*同时).*(?:不再|停止)")
_OLD_RULES = re.compile("原有?(?:政策|规定|办法|文件|标准)|不一致|抵触|与本")
_CONTRACT = re.compile(
    r"(?:合同|协议|房票|消费券|许可|证|资格|保函|承诺|授权|申请|审批|订单|备案|券|码)[^，。；]{0,8}$"
)
_GENERAL = re.compile(
    r"(?P<what>(?:原有|原来|原|此前|以前|以往|过去|之前|其他|其它|凡|现行|本市现行|我市|我县|我省|有关|相关|已有|与本|之前的|各地|各级)[^。；《》□“”]{1,120}?)"
    rf"(?P<how>，?\s?(?:同时|即行|一律|一并|均|自行|自动|全部|相应|予以|同步){{0,3}}(?:{ENDS}))(?=$|[，。；）\s])"
)
_RULE_NOUN = re.compile(rf"规定|办法|文件|政策|条例|细则|通知|意见|措施|规范|{NAMES}")


def general_repeals(source: Source) -> tuple[Passage, ...]:
    """Repeals without a name (过去有关部门制定的办法即行废止), as passages."""
    found: list[Passage] = []
    for start, words in source.having(*_WORDS):
        for match in _GENERAL.finditer(words):
            what = match["what"]
            lead = words[: match.start()]
            head = re.split("[；。]", lead)[-1]
            if (
                "□" in re.split("[，；]", lead)[-1]
                or "不再适用" in match["how"]
                or "□" in what
                or _CONTRACT.search(what)
                or not _RULE_NOUN.search(what)
            ):
                continue
            if _STOPPING.search(match["how"]) and not _OLD_RULES.search(what):
                continue
            if NOT_NOW.search(what) or re.search(
                r"应当|可以|是否|修改、|制定、|需要|及时|逾期|机关|期满", what
            ):
                continue
            if "“" in head and head.count("“") > head.count("”"):
                continue
            mark = MARKS.match(head)
            at = match.start() - len(head) + (mark.end() if mark else 0)
            if "起施行" in head or "起实施" in head or len(head) > 120:
                at = match.start() - len(head.rsplit("，", 1)[-1])
            span = Span(start + at, start + match.end())
            found.append(Passage(span, source.quote(span)))
    return tuple(found)


_STOPS = re.compile(
    r"(?<![不可未])(?P<verb>停止执行|暂停执行|暂停实施|停止实施|暂停施行|停止施行|暂时停止(?:执行|实施|施行|适用)|暂时调整(?:实施|适用)|暂缓(?:执行|实施)|不再执行)(?P<what>[^。；，]{2,80})?"
)
_STOPPED_NOUN = re.compile(
    r"(?:规定|政策|标准|办法|通知|文件|要求|意见|细则|条例|方案)[”》）]?(?:（[^（）]{0,40}）)?\s?$|□》"
)
_STOPPED = re.compile(r"[^。；，]{0,80}(?:规定|政策|标准|办法|措施|通知|文件|要求)[^。；，]{0,6}$")


def suspensions(source: Source) -> tuple[Passage, ...]:
    """What a document stops or suspends without naming a document (停止执行…标准), as passages."""
    found: list[Passage] = []
    for start, words in source.having("停止", "暂停", "暂缓", "不再执行", "暂时调整"):
        if re.search(r"当[^，]{2,40}时|(?:^|，)(?:如|若|则)|拟", words):
            continue
        for match in islice(_STOPS.finditer(words), _MOST):
            before = words[: match.start()]
            if re.search(
                r"(?:可以|应当|责令|要求|不|申请|决定不|有权|需要|得|者|前款|期间|擅自|法律|建议|明令|及时|提出|作出|修改、)[^，]{0,6}$",
                before,
            ):
                continue
            what = match["what"] or ""
            behind = _STOPPED_NOUN.search(what) and not re.match(r"的|职务|期间|后|前|该项", what)
            clause = re.split("[；，]", before)[-1]
            if not behind and not (_STOPPED.search(clause) and not what.strip()):
                continue
            at = match.start() if behind else match.start() - len(clause)
            span = Span(start + at, start + match.end())
            found.append(Passage(span, source.quote(span)))
    return tuple(found)


def conflict_clauses(source: Source) -> tuple[Passage, ...]:
    """What goes before when texts differ (与本办法不一致的，以本办法为准), as passages."""
    found: list[Passage] = []
    for start, words in source.having("不一致", "抵触", "不符", "冲突", "不相符"):
        for clause in re.finditer("[^；]+", words):
            match = _CONFLICT.search(clause[0])
            if match:
                span = Span(start + clause.start(), start + clause.start() + match.end())
                found.append(Passage(span, source.quote(span)))
    return tuple(found)


_CONFLICT = re.compile(
    r"(?:不一致|不相一致|抵触|不符|不相符|(?:有|相|发生)冲突|有不同规定)(?:之处|的地方|的?内容|的?规定|的|时)?[^；，]{0,16}[，,]?\s?(?:均|一律|应|应当)?"
    r"(?:以|按照?|依照?|依|遵照|适用|执行)(?:本|此|上述|以上|新)[^；，]{0,24}(?:为准|执行|的?规定|办理)?"
)
