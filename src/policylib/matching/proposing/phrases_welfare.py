"""Phrases on insurance, hardship, disability, service and homes (保险、困难、残疾、优抚和住房的条件用语)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policylib.matching.proposing.figures import NUMBER, figure, period, times
from policylib.matching.proposing.makers import (
    Groups,
    both,
    graded,
    has,
    measured,
    months,
    no,
    noun,
    said,
    since,
    under,
    yes,
)
from policylib.matching.proposing.tokens import Draft, Entry, Maker

__all__ = ["welfare_phrases"]

_SPELL = rf"(?P<n>{NUMBER})\s?(?P<u>个月|周年|年)"
_MONTHS = figure("个月|周年|年|月")
_GRADES = "一二三四"


def welfare_phrases(place: str, exclusive: frozenset[str]) -> Iterator[Entry]:
    """The phrases on what people pay in, lack, own and rent."""
    yield from _insurance(place, exclusive)
    yield from _hardship(exclusive)
    yield from _disability()
    yield from _service()
    yield from _dwelling(exclusive)


# -- insurance ----------------------------------------------------------------------------------

_PENSION = r"(?:城镇)?(?:企业)?(?:职工)?(?:基本)?养老保险(?:费)?"
_HEALTH = r"(?:城镇)?(?:职工)?(?:基本)?医疗保险(?:费)?"
_ANY_INSURANCE = r"(?:职工)?(?:社会保险|社保)(?:费)?"


def _insurance(place: str, exclusive: frozenset[str]) -> Iterator[Entry]:
    where = rf"(?:在(?P<place>{place})(?:行政区域|区域|辖区)?(?:内)?)?"
    before = r"(?:申请(?:之日|时|之时)?(?:前)?(?:，)?(?:已)?)?"
    well = r"(?:足额|正常|按时|按规定|依法|按月|并){0,3}"
    kinds = rf"(?:{_PENSION}|{_ANY_INSURANCE})"

    def placed(make: Maker) -> Maker:
        return lambda groups: (
            both(under("参保地"), make)(groups) if groups["place"] else make(groups)
        )

    running = placed(months("连续缴费月数", exclusive))
    yield said(
        "连续", rf"{before}{where}(?:已)?连续{well}缴纳(?P<figure>{_MONTHS})(?:的)?{kinds}", running
    )
    yield said(
        "连续",
        rf"{before}{where}(?:已)?连续{well}缴纳{kinds}(?:时间)?(?:已)?(?P<figure>{_MONTHS})",
        running,
    )
    for words, fact in (
        (_PENSION, "养老保险累计缴费月数"),
        (_HEALTH, "医疗保险累计缴费月数"),
        (r"失业保险(?:费)?", "失业保险累计缴费月数"),
    ):
        total = months(fact, exclusive)
        keys = words[-10:-6] if fact[0] != "失" else "失业保险"
        keys = {"养": "养老保险", "医": "医疗保险", "失": "失业保险"}[fact[0]]
        yield said(keys, rf"累计(?:{well})缴纳{words}(?:时间)?(?:已)?(?P<figure>{_MONTHS})", total)
        yield said(keys, rf"(?:缴纳)?{words}累计缴(?:费|纳)(?:时间|年限)?(?:已)?(?P<figure>{_MONTHS})",
                    total)  # fmt: skip
    paid = months("失业保险累计缴费月数", exclusive)
    yield said(
        "失业保险",
        rf"(?:失业前)?(?:按照?规定)?(?:用人单位和本人|所在单位和本人|个人)?(?:已经|已)?(?:按照?规定)?"
        rf"缴纳失业保险费(?P<figure>{_MONTHS})",
        paid,
    )
    yield said(
        "失业保险",
        rf"(?:按照?规定)?参加失业保险(?:，)?(?:所在单位和本人|用人单位和本人)?(?:已经|已)?(?:按照?规定)?"
        rf"履行缴费义务(?P<figure>{_MONTHS})",
        paid,
    )
    yield said(
        "缴纳", rf"(?:正常|依法|按规定|按时足额|足额){{1,2}}缴纳(?:了)?{_ANY_INSURANCE}(?!{_MONTHS})",
        yes("在缴社会保险"),
    )  # fmt: skip
    residents = r"(?:城乡居民|城镇职工|职工)?"
    yield said("养老保险", rf"(?:已)?参加{residents}基本养老保险", yes("参加基本养老保险"))
    yield said("医疗保险", rf"(?:已)?参加{residents}基本医疗保险", yes("参加基本医疗保险"))
    drawing = r"(?:领取(?:了)?(?:职工)?基本养老金|享受(?:职工)?基本养老(?:保险)?待遇)"
    yield said("养老", rf"(?:已)?(?:经)?{drawing}", yes("领取基本养老金"))
    yield said("养老", rf"(?:未|尚未|没有){drawing}", no("领取基本养老金"))


# -- hardship -----------------------------------------------------------------------------------

_DUTY = (
    r"法定(?:的)?(?:赡养|抚养|扶养)(?:、|或者|和)?(?:抚养|扶养)?(?:、|或者|和)?(?:扶养|抚养)?义务人"
)


def _hardship(exclusive: frozenset[str]) -> Iterator[Entry]:
    member = r"(?:成员)?"
    poor = r"(?:城乡|农村|城市)?(?:居民)?(?:最低生活保障|低保)"
    not_else = r"(?!标准|线|金|边缘|待遇|资金|信息|制度|审核)"
    yield noun(
        "低保|最低生活", rf"(?:正在)?(?:享受|纳入)?{poor}(?:家庭|对象|户|人员)?{member}{not_else}", yes("低保在保")
    )  # fmt: skip
    yield said("低保|最低生活", rf"享受{poor}待遇", yes("低保在保"))
    edge = r"(?:家庭|户|人口|对象)?"
    for fact, keys, words in (
        ("低保边缘家庭", "边缘", rf"(?:最低生活保障|低保)边缘{edge}{member}"),
        ("低收入家庭", "低收入", rf"(?:城乡|城镇|农村)?低收入(?:家庭|户){member}"),
        (
            "特困供养",
            "特困",
            r"(?:农村)?(?:分散供养(?:的)?|集中供养(?:的)?)?特困(?:供养)?(?:人员|对象|老年人|学生)",
        ),
        ("刚性支出困难家庭", "刚性", rf"刚性支出困难家庭{member}"),
        ("孤儿", "孤儿", r"孤儿"),
        ("事实无人抚养儿童", "无人抚养", r"事实无人抚养儿童"),
        ("留守儿童", "留守", r"(?:农村)?留守儿童"),
        ("单亲家庭", "单亲", rf"单亲家庭{member}"),
        ("计划生育特殊家庭", "计划生育特殊", ""),
    ):
        if words:
            yield noun(keys, rf"(?:属于)?{words}", yes(fact))
    yield said("独居", r"独居", yes("独居"))
    yield said("空巢", r"空巢", yes("空巢"))
    grades = ("轻度失能", "中度失能", "重度失能", "完全失能")

    def failing(groups: Groups) -> Draft:
        return graded("失能等级", grades, f"{groups['at']}失能", above=bool(groups["up"]))

    yield noun(
        "失能", r"(?:经)?(?:评估)?(?:为)?(?P<at>轻度|中度|重度|完全)(?P<up>(?:及|或)?以上)?失能(?:老年人|人员)?", failing
    )  # fmt: skip
    able = r"(?:完全)?劳动能力"
    yield said("劳动能力", rf"(?:无|丧失|没有|完全丧失){able}", no("有劳动能力"))
    yield said("劳动能力", rf"(?:有|具有){able}", yes("有劳动能力"))
    yield said("生活来源", r"(?:无|没有)生活来源", no("有生活来源"))
    alone = no("有法定义务人")
    powerless = no("义务人有履行能力")
    yield said("义务人", rf"(?:又)?无{_DUTY}", alone)

    def either(_: Groups) -> Draft:
        return {"any": [alone({}), powerless({})]}

    who = r"(?:其)?(?:法定)?(?:赡养|抚养|扶养)(?:、抚养|、扶养|、赡养){0,2}义务人"
    power = r"无(?:(?:赡养|抚养|扶养)(?:、抚养|、扶养|、赡养){0,2}|履行义务|履行)能力"
    yield said("义务人", rf"(?:又)?无{_DUTY}，?或者?(?:其)?(?:{who}|法定义务人){power}", either)
    yield from _means(exclusive)


def _means(exclusive: frozenset[str]) -> Iterator[Entry]:
    home = r"(?:共同生活(?:的)?)?(?:家庭成员|家庭)?"
    each = rf"(?:凡)?{home}(?:月)?人均(?:月)?(?:可支配)?收入"
    bound = r"(?P<bound>低于|不高于|不超过|超过|高于|在)"
    line = r"(?:当地|本县|本市|我县|我市)?(?:同期)?(?:城市|城乡|城镇|农村)?(?:居民)?(?:最低生活保障|低保)(?:月)?标准"

    def against(groups: Groups) -> Draft | None:
        test = {"低于": "below", "不高于": "at_most", "不超过": "at_most"}.get(
            groups["bound"] or ""
        )
        if test is None:
            return None
        figure_: Any = {"parameter": "低保标准", "region": "户籍地"}
        if groups["n"]:
            factor = times(groups["n"])
            if factor is None:
                return None
            figure_ = {"calculate": "积", "of": [figure_, factor]}
        return {"fact": "家庭人均月收入", test: figure_}

    yield said(
        "收入",
        rf"{each}{bound}{line}(?:(?:的)?(?P<n>{NUMBER})\s?倍|(?!的?[0-9一二三四五六七八九十两]))",
        against,
    )
    money = measured("家庭人均月收入", "元", exclusive)
    yield said(
        "收入",
        rf"{home}(?:人均月收入|月人均收入|月人均可支配收入)(?:在)?(?P<figure>{figure('元')})",
        money,
    )
    rule = r"(?:当地)?(?:有关)?(?:规定|条件)"
    goods = r"(?:当地)?(?:最低生活保障)?(?:家庭)?财产(?:状况)?"
    yield said("财产", rf"{goods}(?:状况)?符合{rule}", yes("家庭财产符合规定"))
    yield said("财产", rf"符合{goods}{rule}", yes("家庭财产符合规定"))


# -- disability and service ---------------------------------------------------------------------


def _disability() -> Iterator[Entry]:
    holder = yes("持有残疾人证")
    card = r"(?:第二代|有效(?:期内)?的|有效的?)?(?:《)?(?:中华人民共和国|国家)?残疾人证(?:》)?"
    yield said("残疾人证", rf"持有?(?:有)?{card}", holder)
    yield noun("残疾人", r"残疾人(?!员|证|联|就业|口|家庭)(?:员)?", holder)
    yield noun("残疾人员", r"残疾人员", holder)
    yield noun("残疾老年人", r"残疾老年人", both(holder, yes("老年人")))
    yield noun("重度残疾", r"重度残疾(?:人|人员)", yes("重度残疾人"))
    yield noun("重残", r"重残无业(?:人员)?", yes("重残无业"))

    def _grades_of(groups: Groups) -> Draft | None:
        found = sorted(
            {_GRADES.index(each) + 1 for each in groups["grades"] or "" if each in _GRADES}
        )
        if not found or (len(found) > 1 and found != list(range(found[0], found[-1] + 1))):
            return None
        if len(found) == 1 and groups["up"]:
            return {"fact": "残疾等级", "at_most": found[0]}
        if len(found) == 1:
            return {"fact": "残疾等级", "equals": found[0]}
        return {"fact": "残疾等级", "at_least": found[0], "at_most": found[-1]}

    grades = (
        r"(?P<grades>[一二三四](?:级)?(?:(?:、|至|和|或者|或|到)[一二三四](?:级)?){0,3}(?<=级))"
    )
    yield said(
        "残疾等级",
        rf"残疾等级(?:被)?(?:评定为|鉴定为|为|在|达到)?{grades}(?P<up>(?:及)?以上)?",
        _grades_of,
    )
    people = r"(?:的)?(?:重度)?残疾人(?!证|联|员)"
    yield noun("残疾", rf"{grades}(?P<up>(?:及)?以上)?{people}", both(holder, _grades_of))
    kind = "视力|听力|言语|肢体|智力|精神"
    kinds = rf"(?P<kinds>(?:{kind})(?:(?:、|和|或|或者)(?:{kind})){{0,5}})"

    def of_kind(groups: Groups) -> Draft:
        found = [each for each in kind.split("|") if each in (groups["kinds"] or "")]
        return {"fact": "残疾类别", "has": found}

    yield noun("残疾", rf"{kinds}残疾人(?!证|联|员)", both(holder, of_kind))
    yield noun(
        "残疾",
        rf"(?:残疾等级为)?{grades}(?P<up>)(?:的)?{kinds}残疾人(?!证|联|员)",
        both(holder, _grades_of, of_kind),
    )

    def pairs(groups: Groups) -> Draft | None:
        both_ = (groups["g1"] or "", groups["g2"] or "")
        if both_[0] != both_[1]:
            return None
        found = [each for each in kind.split("|") if each in (groups["k1"], groups["k2"])]
        level: Draft = {"fact": "残疾等级", "equals": _GRADES.index(both_[0][0]) + 1}
        return {"all": [holder({}), level, {"fact": "残疾类别", "has": found}]}

    yield noun(
        "残疾",
        rf"(?P<g1>[一二三四]级)(?P<k1>{kind})(?:、|和|或)(?P<g2>[一二三四]级)(?P<k2>{kind})残疾人",
        pairs,
    )


def _service() -> Iterator[Entry]:
    yield noun("退役军人", r"退役军人(?!事务|服务|优待)", yes("退役军人"))
    yield noun("退役士兵", r"自主就业(?:的)?退役士兵", yes("自主就业退役士兵"))
    yield noun("义务兵", r"义务兵家庭", yes("义务兵家庭"))
    for value in ("残疾军人", "烈士遗属", "因公牺牲军人遗属", "病故军人遗属", "在乡复员军人",
                  "参战退役人员", "参试退役人员", "老年烈士子女"):  # fmt: skip
        yield noun(value[:2], value, has("优抚身份", value))
    left = r"(?:自)?退役(?:之日起)?"

    def between(groups: Groups) -> Draft | None:
        low, high = (period(groups[f"n{at}"] or "", groups[f"u{at}"] or "") for at in ("1", ""))
        if not low or not high:
            return None
        days = [{"shift": "退役日期", "by": each} for each in (low, high)]
        return {"of": "判断日", "at_least": days[0], "at_most": days[1]}

    yield said(
        "退役",
        rf"{left}(?:满)?(?P<n1>{NUMBER})\s?(?P<u1>个月|年)以上[、，]?{_SPELL}(?:以)?内",
        between,
    )
    yield said("退役", rf"{left}{_SPELL}(?:以)?内", since("退役日期", "at_most"))
    yield said("退役", rf"{left}(?:满)?{_SPELL}以上", since("退役日期", "at_least"))


# -- dwelling -----------------------------------------------------------------------------------


def _dwelling(exclusive: frozenset[str]) -> Iterator[Entry]:
    area = figure("平方米|㎡")
    yield said(
        "住房", rf"(?:家庭)?人均(?:住房)?(?:建筑|使用)?(?:住房)?面积(?:在)?(?P<figure>{area})",
        measured("人均住房面积", "平方米", exclusive),
    )  # fmt: skip
    house = r"(?:自住)?(?:普通)?(?:新建)?(?:商品)?(?:自住)?(?:住房|住宅|房)"
    buying = r"(?:购买|购置)[^，。；、或和]{0,24}?(?<!非)"
    yield said(
        "首套",
        rf"{buying}首套{house}(?!贷款|和|或|、|及|利率|首付|的?首付|子女|套)",
        yes("首套住房"),
    )
    yield said("公租房|公共租赁", r"(?:租住|承租)(?:公共租赁住房|公租房)", yes("租住公租房"))
    yield said("危", r"(?:经)?(?:鉴定|评定)为C级(?:、|或|或者|和)D级(?:危房)?",
                lambda _: {"fact": "农村危房等级", "among": ["C", "D"]})  # fmt: skip
    fund = months("公积金连续缴存月数", exclusive)
    well = r"(?:足额|正常|按时|按月|、|且){0,4}"
    yield said(
        "缴存",
        rf"连续{well}缴存(?:住房公积金|公积金)?(?:时间)?(?:已)?(?:在)?(?P<figure>{_MONTHS})",
        fund,
    )
