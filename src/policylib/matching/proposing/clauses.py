"""Where a text says who may have what (条件条款): which words are conditions, and of which kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from policylib.matching.proposing.lines import Line

__all__ = ["Clause", "Role", "clauses"]


class Role(StrEnum):
    """What a clause does (条款作用)."""

    ALL = "同时符合"
    ANY = "符合之一"
    NONE = "除外情形"
    TIERS = "分档标准"


@dataclass(slots=True)
class Clause:
    """A clause on who may have something (条件条款).

    ``wide`` marks what the document says it is for; ``hired`` marks items that speak of those whom an employer takes on. ``zones`` are stretches that must all hold; ``items`` go together by ``role``. ``general``
    marks what is asked of every applicant of the document. ``tail`` is the rest of the sentence,
    with what is offered.
    """

    line: Line
    role: Role
    zones: list[tuple[int, int]] = field(default_factory=list)
    items: list[tuple[int, int]] = field(default_factory=list)
    nested: list[Clause] = field(default_factory=list)
    tail: tuple[int, int] | None = None
    general: bool = False
    hired: bool = False
    wide: bool = False


_BENEFIT = (
    r"补贴|补助|津贴|奖励|奖补|救助|资助|贷款|保险金|供养|最低生活保障|待遇|减免|贴息|公租房|住房保障|租赁住房"
    r"|公积金|优待|免收|扶持|慰问|补偿|岗位|优惠|创新券|消费券|提取|改造|缴存|房票|费用|生活费|护理费|抚恤金"
)
_OFFERS = re.compile(
    r"(?:一次性)?给予(?!照顾|警告|处分|批评|表扬|表彰|支持和)|(?:均|也|还|即|方)?可(?:以)?(?:按[^，。；]{0,12})?(?:自愿)?(?:申请|申领|享受|领取|提取|缴存|获得|额外)"
    rf"|予以(?:{_BENEFIT})|(?<!未)(?<!已)(?<!已经)(?<!不)(?<!再)享受(?!过|了)|(?:一次性)?(?:发放|发给|补助|补贴|奖励|资助|奖补)(?:标准)?(?:为)?(?=[^，。；]{{0,8}}[0-9])"
    r"|落实[^，。；]{0,10}(?=补贴|待遇)|有(?:权|从)[^，。；]{0,20}(?:获得|领取|享受)"
    r"|(?<!不)适用本(?:办法|规定|细则|措施|通知|政策|方案)|免收|减半|每人每(?:月|年|天)|从[^，。；]{2,12}基金中(?:领取|支付)|(?:培训|所需)?费用由|最低首付|保底可贷|可贷"
)
_NOT_OFFERED = re.compile(
    r"不予(?:补贴|补助|奖励|奖补|救助|资助|支持|受理|兑现|贴息|认定|保障|发放|临时救助)|不(?:再)?享受|不得(?:申请|享受|申报|重复享受|申领)"
    r"|不适用本|不纳入|不能(?:享受|申请)|停止(?:发放|享受|领取|补贴|救助)|不属于[^，。；]{0,8}(?:对象|范围)|不给予|不得纳入"
)
_LEAD = re.compile(
    r"(?:符合|具备|满足|属于|具有|属|有|是|为|对|给|须为)[^：。；]{0,40}(?:条件|情形|人员|对象|家庭|企业|类别|要求|单位|学生|之一|项目)"
    r"|(?:对象|条件|范围|包括|资格)[^：。；]{0,16}|下列[^：。；]{0,30}|指[^：。；]{0,20}"
)
_CUE = re.compile(
    r"(?:并)?(?:且)?(?:应当|应|须|需|必须|还应|还应当)?(?:同时)?(?:符合|具备|满足|属于|具有|有)?(?:以下|下列|如下)"
    r"|(?:并|且)?(?:应当|应|须)?同时(?:符合|具备|满足)"
)
_OTHER_LIST = re.compile(
    r"(?:材料|程序|步骤|职责|内容|方式|任务|措施|原则|流程|资料|信息|证件|事项|职权|行为|规定办理|要求)(?:如下|为|包括|有)?：?\Z"
    r"|提交|提供|出示|办理程序|负责|处罚|处分|罚款|责令|追究"
)
_STANDARD = re.compile(r"标准|金额|额度|档次")
_ANY_OF = re.compile(r"之一|任一|任意一|包括|分为")
_ALL_OF = re.compile(r"同时|条件|均(?:应|须|符合)|要求")
_TOPIC = re.compile(r"(?:对象|条件|范围|资格)")
_TOPIC_NOT = re.compile(r"(?:不予|除外|排除|负面|不享受|停止)")
_OTHER_TOPIC = re.compile(
    r"限购|购房资格|限售|材料|程序|流程|监督|管理|职责|附则|总则|要求|组织|责任|受理|审核|公示|期限|时间|方式|任务|原则|目标"
)
_APPLICANTS = (
    "申请人|申请者|申领人|(?:申请|补贴|补助|救助|改造|保障|扶持|奖补|奖励|资助|服务)对象"
    r"|申请[^，。；：]{2,24}的?(?:人员|家庭|企业|单位|人才|农户|职工)?"
)
_ASKED = re.compile(
    rf"(?:{_APPLICANTS})(?:应当|应|须|需|必须)(?:同时)?"
    r"(?=具有|符合|具备|满足|是|为|属于|持有|年满|在|已|未|与|按|依法|连续)"
    r"|(?:补贴|补助|救助|改造|保障|扶持|奖补|奖励|资助|服务)(?:的)?对象(?:为|是)(?!指)"
    r"|本(?:办法|规定|细则|措施|通知|政策|方案)适用于"
)
_PENAL = re.compile(
    r"骗取|虚报|冒领|弄虚作假|违反本|违法(?!失信)|处分|刑事|罚款|责令|工作人员(?:在|有|滥|玩)|审计|追回|退回|起诉|复议|公示|受理之日|办结"
    r"|取消|停止执行|不再执行|原政策|限购|暂停"
)
_HEADING = re.compile(r"[^。；：，]{2,30}\Z")
_DEFINED = re.compile(r"是指|所称")
_EITHER = re.compile(
    r"(?:并)?(?:应|须)?(?:符合|具备|满足|属于)(?:下列|以下)[^：，。]{0,12}之一(?:的)?：(?=.)"
)
_PIECE = re.compile(r"[^，；。]+")
_HIRED = re.compile(r"(?:招用|吸纳|招聘|录用|招收|聘用|引进)(?:下列|以下)")
_SENTENCE = re.compile(r"[^。！？；]+")
_LONGEST = 1_200


#: What a text must speak of, in its title, its headings or the lead, for a list to be one of
#: conditions of a benefit: conditions of licences, posts and duties are read by the same words.
_SOME_BENEFIT = re.compile(
    r"补贴|补助|津贴|奖励|奖补|救助|资助|保险金|供养|低保|最低生活保障|待遇|减免|贴息|公租房|公共租赁|住房保障"
    r"|保障房|保障性住房|优待|扶持|抚恤|公积金|贷款|适老化改造|创新券|消费券|帮扶|优惠|减征|免征|生活费|护理费"
)


#: So many words of benefits, and one in so many characters, make a text one on benefits.
_OFTEN, _APART = 5, 250


def clauses(text: str, lines: list[Line], title: str = "") -> Iterator[Clause]:
    """The clauses of a text, in order; ``title`` is that of the document."""
    found = sum(1 for _ in _SOME_BENEFIT.finditer(text))
    if _SOME_BENEFIT.search(title) or (found >= _OFTEN and found * _APART >= len(text)):
        yield from _all(text, lines)
        return
    for clause in _all(text, lines):
        at = clause.tail[0] if clause.tail else clause.line.start
        own = (
            text[max(clause.line.start, at - 600) : min(clause.line.end, at + 600)],
            *(text[each.start : min(each.end, each.start + 60)] for each in clause.line.above()),
        )
        if clause.role is Role.NONE or any(map(_SOME_BENEFIT.search, own)):
            yield clause


def _all(text: str, lines: list[Line]) -> Iterator[Clause]:
    within: set[int] = set()
    for line in lines:
        if id(line) in within or text.startswith("|", line.start):
            continue
        found = _listed(text, line)
        if found is not None:
            within |= {id(each) for each in _below(line)}
            yield found
            continue
        yield from _plain(text, line)


def _below(line: Line) -> Iterator[Line]:
    for child in line.children:
        yield child
        yield from _below(child)


# -- lists --------------------------------------------------------------------------------------


def _listed(text: str, line: Line) -> Clause | None:
    """A list of conditions under its lead, ``None`` where the line leads no such list."""
    words = text[line.start : line.end].rstrip(" *")
    if not line.children or not words.endswith(("：", "的")):
        return None
    begin = max(words.rfind("。"), words.rfind("；")) + 1
    lead = words[begin:]
    if len(lead) > 300 or _OTHER_LIST.search(lead) or _PENAL.search(lead):
        return None
    if not (_LEAD.search(lead) or _STANDARD.search(lead) or _NOT_OFFERED.search(lead)):
        return None
    clause = Clause(line, _role_of(lead), general=_ASKED.search(lead) is not None)
    start = line.start + begin
    cue = _CUE.search(text, start, line.end)
    head = cue.start() if cue else start
    defined = "指" in text[start : cue.end() if cue else start]
    if clause.role is not Role.NONE and head > start and not defined:
        clause.zones.append((start, head))
    clause.hired = _HIRED.search(lead) is not None
    offers = _OFFERS.search(text, cue.end() if cue else start, line.end)
    if cue and clause.role is not Role.NONE and not defined:
        clause.zones.append((cue.end(), offers.start() if offers else line.end))
    clause.tail = (offers.start() if offers else start, line.end)
    if begin and clause.role is not Role.NONE and _topic(text, line):
        clause.zones.insert(0, (line.start, start))
    for child in line.children:
        inner = _listed(text, child)
        either = _EITHER.search(text, child.start, child.end)
        if inner is not None and inner.role is not Role.TIERS:
            clause.nested.append(inner)
        elif either:
            clause.nested.append(_one_of(text, child, child.start, child.end, either))
        else:
            clause.items.append((child.start, child.end))
    return clause


def _one_of(text: str, line: Line, start: int, end: int, cue: re.Match[str]) -> Clause:
    """A sentence with its alternatives behind a colon (符合下列条件之一：甲，乙，丙)."""
    items = [match.span() for match in _PIECE.finditer(text, cue.end(), end)]
    return Clause(line, Role.ANY, [(start, cue.start())], items, tail=(start, end))


def _role_of(lead: str) -> Role:
    if _NOT_OFFERED.search(lead):
        return Role.NONE
    if _STANDARD.search(lead) and not _ALL_OF.search(lead) and "对象" not in lead:
        return Role.TIERS
    if _ANY_OF.search(lead):
        return Role.ANY
    if _ALL_OF.search(lead):
        return Role.ALL
    return Role.ANY


# -- sentences ----------------------------------------------------------------------------------


def _topic(text: str, line: Line) -> Role | None:
    """What the headings over a line say it is about: whom, or whom not."""
    for each in (line, *line.above()):
        head = re.match(
            r"[^。：，；]{2,24}(?=[。：\n]|\Z)", text[each.start : min(each.end, each.start + 40)]
        )
        if head is None or (each is line and len(head[0]) == line.end - line.start):
            continue
        if _TOPIC_NOT.search(head[0]):
            return Role.NONE
        if _OTHER_TOPIC.search(head[0]):
            return None
        if _TOPIC.search(head[0]):
            return Role.ALL
    return None


def _before(text: str, start: int, stop: int) -> int:
    """Where the conditions end: a saying that 并 joins to the offer is part of the offer."""
    if text[start:stop].rstrip().endswith(("并", "且", "继续", "同等", "同时")):
        return max(start, text.rfind("，", start, stop))
    return stop


def _plain(text: str, line: Line) -> Iterator[Clause]:
    topic = _topic(text, line)
    if line.children and _HEADING.match(text, line.start, line.end):
        return
    for match in _SENTENCE.finditer(text, line.start, line.end):
        start, end = match.span()
        if end - start > _LONGEST or _PENAL.search(text, start, end):
            continue
        if _DEFINED.search(text, start, end):
            continue
        either = _EITHER.search(text, start, end)
        if either and re.search(_BENEFIT, text[line.start : either.end()]):
            yield _one_of(text, line, start, end, either)
            continue
        offers = _OFFERS.search(text, start, end)
        against = _NOT_OFFERED.search(text, start, end)
        if against:
            stop = min(against.start(), offers.start() if offers else end)
            yield Clause(line, Role.NONE, items=[(start, stop)], tail=(against.start(), end))
            continue
        asked = _ASKED.search(text, start, end)
        if asked and not (offers and offers.start() < asked.start()):
            stop = offers.start() if offers and offers.start() > asked.end() else end
            wide = "适用于" in asked[0]
            zone = (asked.end(), stop)
            yield Clause(line, Role.ALL, [zone], tail=(stop, end), general=True, wide=wide)
            continue
        words = text[max(line.start, start - 200) : end]
        if offers and (re.search(_BENEFIT, words) or "适用本" in offers[0]):
            stop = _before(text, start, offers.start())
            yield Clause(line, Role.ALL, [(start, stop)], tail=(offers.start(), end))
            continue
        if topic is Role.ALL:
            yield Clause(line, Role.ALL, [(start, end)], general=True)
        elif topic is Role.NONE:
            yield Clause(line, Role.NONE, items=[(start, end)])
