"""Phrases on persons and families (个人和家庭的条件用语), each with the fact it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policylib.matching.proposing.figures import NUMBER, bounds, figure, period
from policylib.matching.proposing.makers import (
    Groups,
    both,
    has,
    measured,
    months,
    no,
    noun,
    said,
    since,
    under,
    word,
    yes,
)
from policylib.matching.proposing.tokens import Draft, Entry, Maker

__all__ = ["person_phrases"]

_YEARS = figure("周岁|岁")
_MONTHS = figure("个月|周年|年|月")
_SPELL = rf"(?P<n>{NUMBER})\s?(?P<u>个月|周年|年)"
_GRADES = "一二三四"


def person_phrases(place: str, exclusive: frozenset[str]) -> Iterator[Entry]:
    """The phrases on persons, with the pattern of a place and the words that exclude a figure."""
    yield from _age(exclusive)
    yield from _home(place)
    yield from _work(exclusive)
    yield from _schooling(exclusive)
    yield from _insurance(place, exclusive)
    yield from _hardship(exclusive)
    yield from _disability()
    yield from _service()
    yield from _dwelling(exclusive)


# -- age and home -------------------------------------------------------------------------------


def _age(exclusive: frozenset[str]) -> Iterator[Entry]:
    head = r"(?:(?:实际|申请)?年龄(?:要求)?(?:须|应当|应)?(?:在|为|是)?)?"
    old = measured("年龄", "周岁", exclusive)

    def of_each(groups: Groups) -> Draft | None:
        first = bounds(groups["first"] or "", "周岁", exclusive)
        second = bounds(groups["second"] or "", "周岁", exclusive)
        if not first or not second or groups["one"] == groups["two"]:
            return None
        pairs = ((groups["one"], first), (groups["two"], second))
        return {
            "any": [
                {"all": [{"fact": "性别", "equals": sex}, {"fact": "年龄", **tests}]}
                for sex, tests in pairs
            ]
        }

    def of_one(groups: Groups) -> Draft | None:
        found = old(groups)
        return {"all": [{"fact": "性别", "equals": groups["one"]}, found]} if found else None

    yield said("岁", rf"{head}(?P<figure>{_YEARS})", old)
    sex = r"(?<![子儿孙])(?P<{0}>[男女])(?:性|职工|方)?(?:年龄)?(?:为|在)?(?P<{1}>{2})"
    yield said("岁", sex.format("one", "figure", _YEARS), of_one)
    two = sex.format("one", "first", _YEARS) + "[，、]?" + sex.format("two", "second", _YEARS)
    yield said("岁", two, of_each)
    yield noun("老年人", r"老年人(?:员)?", yes("老年人"))
    yield noun("未成年人", r"未成年人", yes("未成年人"))


def _home(place: str) -> Iterator[Entry]:
    own = r"(?:具有|拥有|持有|取得|属于|属|为|是|有)?"
    within = r"(?:行政区域|区域|辖区|范围)?(?:内|范围内)?(?:的)?"
    kind = r"(?:常住|居民|家庭)?(?:户籍|户口)"
    here = rf"{own}(?P<place>{place}){within}{kind}"
    yield said("户籍|户口", here, under("户籍地"))
    yield said(
        "户籍|户口",
        rf"(?:户籍|户口)(?:所在地|地)?(?:均)?(?:在|为|属于|属|位于|是)(?P<place>{place})"
        r"(?:行政区域|区域|辖区|范围)?(?:内|范围内)?",
        under("户籍地"),
    )
    yield said(
        "户籍|户口",
        rf"{here}(?:已)?满{_SPELL}(?:以上)?",
        both(under("户籍地"), since("户籍迁入日期", "at_least")),
    )

    def elsewhere(groups: Groups) -> Draft:
        return {"none": [{"fact": "户籍地", "under": [f"@{groups['place']}"]}]}

    yield said("户籍|户口", rf"(?:非|不具有|没有|无)(?P<place>{place}){kind}", elsewhere)
    farm = word("户口性质", "农业")
    yield said("户籍|户口", rf"{own}(?:农村|农业)(?:户籍|户口)", farm)
    yield said("户籍|户口", rf"{own}非农业(?:户籍|户口)", word("户口性质", "非农业"))
    yield said(
        "户籍|户口", rf"{own}(?P<place>{place})(?:农村|农业)(?:户籍|户口)",
        both(under("户籍地"), farm),
    )  # fmt: skip
    stay = r"(?:长期|实际|常年|连续)?(?:居住|常住)"
    yield said(
        "居住|常住", rf"(?:在|于)(?P<place>{place})(?:行政区域|区域|辖区)?(?:内)?{stay}",
        under("常住地"),
    )  # fmt: skip
    yield said(
        "居住|常住",
        rf"(?:在|于)(?P<place>{place})(?:行政区域|区域|辖区)?(?:内)?{stay}(?:已)?满?{_SPELL}(?:以上)?",
        both(under("常住地"), since("居住起始日期", "at_least")),
    )
    yield said("居住证", rf"(?:持有|取得|办理|领取)(?:了)?(?P<place>{place})(?:有效)?(?:的)?居住证",
                both(yes("居住证有效"), under("常住地")))  # fmt: skip


# -- work ---------------------------------------------------------------------------------------


def _work(exclusive: frozenset[str]) -> Iterator[Entry]:
    done = r"(?:已|已经)?(?:进行|办理|完成)(?:了)?"
    yield said("失业登记", rf"{done}失业登记", yes("失业登记"))
    yield noun("登记失业", r"(?:城镇)?登记失业(?:人员|青年)?", yes("失业登记"))
    yield noun(
        "登记失业", rf"登记失业(?:满)?{_SPELL}以上(?:的)?(?:人员|青年)?",
        both(yes("失业登记"), since("失业登记日期", "at_least")),
    )  # fmt: skip
    yield said(
        "本人意愿", r"非因本人意愿(?:中断就业|失业|解除劳动合同)", word("失业原因", "非本人意愿")
    )
    yield said("求职", r"有求职(?:要求|意愿|愿望)", yes("求职要求"))
    for name, words in (
        ("就业困难人员", "就业困难人员|就业困难对象"),
        ("零就业家庭", "零就业家庭(?:成员)?"),
        ("农民工", "(?:进城务工)?农民工|进城务工人员"),
        ("返乡创业人员", "返乡(?:入乡)?创业(?:人员|农民工)"),
        ("脱贫人口", "(?:已)?脱贫(?:人口|劳动力|家庭|户)"),
        ("防返贫监测对象", "防止?返贫(?:致贫)?(?:动态)?监测对象(?:家庭)?|防止?返贫(?:致贫)?监测户"),
    ):
        yield noun(name[:2], rf"(?:认定为|被认定为|属于|经认定的)?(?:{words})", yes(name))
    yield noun("灵活就业", r"灵活就业人员", word("就业状态", "灵活就业"))
    yield said("灵活就业", r"从事灵活就业|以灵活就业人员身份", word("就业状态", "灵活就业"))
    yield said("首次|初次", r"(?:首次|初次)(?:自主)?创业", yes("首次创业"))
    with_whom = r"(?:与(?:所在)?(?:用人单位|企业|单位|用工单位))?"
    contract = r"(?:劳动（聘用）|劳动\(聘用\)|劳动或聘用|聘用|劳动)(?:合同|关系合同)"
    sign = r"(?:已)?(?:依法)?(?:签订|订立|签有)(?:了)?"
    yield said("合同", rf"{with_whom}{sign}(?:正式|书面)?{contract}", yes("劳动合同签订"))
    length = months("劳动合同期限", exclusive)
    yield said("合同", rf"{with_whom}{sign}(?P<figure>{_MONTHS})(?:期限)?(?:的)?{contract}", length)
    yield said(
        "合同",
        rf"{with_whom}{sign}{contract}(?:期限)?(?:在|为)?(?P<figure>{_MONTHS})(?:的)?",
        length,
    )


# -- schooling, titles, skills ------------------------------------------------------------------

_FULL = r"(?P<soft>全日制)?(?:普通)?(?:高等院校|高等学校|高校|院校)?"
_LEVELS = ("小学及以下", "初中", "高中", "中专", "大专", "本科", "硕士", "博士")
_SCHOOL = {
    "博士研究生": "博士", "博士生": "博士", "博士": "博士", "硕士研究生": "硕士", "硕士生": "硕士",
    "硕士": "硕士", "大学本科": "本科", "本科生": "本科", "本科": "本科", "大学专科": "大专",
    "大专生": "大专", "大专": "大专", "专科生": "大专", "专科": "大专", "中专": "中专", "高中": "高中",
    "研究生": "硕士",
}  # fmt: skip
_TITLES = ("初级", "中级", "副高级", "正高级")
_SKILLS = {
    "初级工": "五级", "中级工": "四级", "高级工": "三级", "高级技师": "一级", "技师": "二级",
    "五级": "五级", "四级": "四级", "三级": "三级", "二级": "二级", "一级": "一级",
}  # fmt: skip
_SKILL_ORDER = ("五级", "四级", "三级", "二级", "一级")


def _from(fact: str, order: tuple[str, ...], at: str, *, above: bool) -> Draft:
    values = list(order[order.index(at) :]) if above else [at]
    return {"fact": fact, "equals": at} if len(values) == 1 else {"fact": fact, "among": values}


def _schooling(exclusive: frozenset[str]) -> Iterator[Entry]:
    graduate = yes("高校毕业生")
    within = since("毕业日期", "at_most")
    colleges = r"(?:普通)?(?:高校|高等学校|高等院校)"
    yield noun("毕业生", rf"{colleges}毕业生", graduate)
    yield noun("毕业", rf"毕业年度(?:内)?(?:的)?{colleges}毕业生", yes("毕业年度高校毕业生"))
    unplaced = yes("离校未就业毕业生")
    yield noun("离校", rf"离校未就业(?:的)?{colleges}毕业生", both(unplaced, graduate))
    yield noun(
        "离校",
        rf"(?:毕业|离校){_SPELL}(?:以)?内(?:离校)?未就业(?:的)?{colleges}毕业生",
        both(unplaced, graduate, within),
    )
    yield said("毕业", rf"毕业(?:时间)?(?:未超过|不超过)?{_SPELL}(?:以)?内", within)
    yield said("毕业", rf"毕业(?:时间)?(?:未超过|不超过){_SPELL}", within)
    yield noun("在校", r"(?:全日制)?在校(?:大学)?(?:学生|生)", yes("在校学生"))
    words = "|".join(sorted(_SCHOOL, key=len, reverse=True))
    got = r"(?:具有|取得|获得|拥有|为)?"

    def schooled(groups: Groups) -> Draft:
        return _from("学历", _LEVELS, _SCHOOL[groups["at"] or ""], above=bool(groups["up"]))

    up = r"(?P<up>(?:学历)?(?:（含）)?(?:及|或)?以上(?:（含）)?)"
    yield said("学历", rf"{got}{_FULL}(?P<at>{words}){up}(?:文化程度|学历)", schooled)
    yield said(
        "学历", rf"{got}{_FULL}(?P<at>{words})(?P<up>)(?:文化程度|学历)(?!以上|及以上)", schooled
    )
    people = r"(?:学历)?(?:毕业生|毕业|人才|人员|学生)?"
    yield noun(
        "博士|硕士|本科|大专|专科",
        rf"{_FULL}(?P<at>博士研究生|博士生|博士毕业生|硕士研究生|硕士生|本科生|专科生|大专生|本科毕业生"
        rf"|硕士毕业生|专科毕业生|大专毕业生)(?P<up>){people}",
        lambda groups: {"fact": "学历", "equals": _SCHOOL[(groups["at"] or "").replace("毕业生", "")]},
    )  # fmt: skip

    def either(groups: Groups) -> Draft:
        found = sorted({_SCHOOL[groups[at] or ""] for at in ("a", "b")}, key=_LEVELS.index)
        return {"fact": "学历", "among": found}

    yield noun(
        "毕业生|研究生",
        rf"{_FULL}(?P<a>博士|硕士|本科|大专|专科)(?:和|、|或|或者|及|与)(?P<b>博士|硕士|本科|大专|专科)"
        r"(?:毕业生|研究生)",
        either,
    )

    def degree(groups: Groups) -> Draft:
        order = ("学士", "硕士", "博士")
        return _from("学位", order, groups["at"] or "", above=bool(groups["up"]))

    yield said(
        "学位", rf"{got}(?P<at>学士|硕士|博士)(?P<up>(?:（含）)?(?:及|或)?以上)?学位", degree
    )
    yield from _titles(got)
    yield said(
        "证书", rf"自?取得[^，。；、]{{0,12}}证书之日起{_SPELL}(?:以)?内",
        since("证书取得日期", "at_most"),
    )  # fmt: skip


def _titles(got: str) -> Iterator[Entry]:
    kind = r"(?:专业)?(?:技术)?(?:职称|职务|职务任职资格|任职资格)"
    tail = r"(?:的)?(?:人员|人才)?"

    def titled(groups: Groups) -> Draft:
        at = groups["at"] or ""
        if at == "高级":
            return {"fact": "职称", "among": ["副高级", "正高级"]}
        at = {"正高": "正高级", "副高": "副高级"}.get(at, at)
        return _from("职称", _TITLES, at, above=bool(groups["up"]))

    up = r"(?P<up>(?:（含）)?(?:及|或)?以上(?:（含）)?)?"
    at = r"(?P<at>正高级|副高级|正高|副高|高级|中级|初级)"
    yield noun("职称|职务|资格", rf"{got}{at}{up}{kind}{tail}", titled)

    def skilled(groups: Groups) -> Draft:
        at = _SKILLS[groups["at"] or ""]
        return _from("职业技能等级", _SKILL_ORDER, at, above=bool(groups["up"]))

    worker = r"(?P<at>高级技师|高级工|中级工|初级工|(?<!级)(?<!特级)技师)"
    paper = r"(?:职业)?(?:技能等级|技能|资格|资格等级)(?:证书)?"
    yield noun("技师|级工", rf"{got}{worker}(?!学院|学校|培训|工作){up}(?:{paper})?{tail}", skilled)
    yield noun(
        "级", rf"{got}(?P<at>五级|四级|三级|二级|一级)(?:（[^（）]{{1,8}}）)?{up}职业(?:技能等级|资格)(?:证书)?{tail}",
        skilled,
    )  # fmt: skip


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
        return _from("失能等级", grades, f"{groups['at']}失能", above=bool(groups["up"]))

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
            times = period(groups["n"], "年")
            if times is None:
                return None
            factor = int(times[:-1])
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
    yield noun("重度残疾", r"重度残疾(?:人|人员)", yes("重度残疾人"))
    yield noun("重残", r"重残无业(?:人员)?", yes("重残无业"))

    def graded(groups: Groups) -> Draft | None:
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

    grades = r"(?P<grades>[一二三四]级(?:(?:、|至|和|或|或者|到)[一二三四]级){0,3})"
    yield said("残疾等级", rf"残疾等级(?:评定)?(?:为|在|达到)?{grades}(?P<up>(?:及)?以上)?", graded)
    people = r"(?:的)?残疾人(?!证|联|员)"
    yield noun("残疾", rf"{grades}(?P<up>(?:及)?以上)?{people}", both(holder, graded))
    kind = "视力|听力|言语|肢体|智力|精神"
    kinds = rf"(?P<kinds>(?:{kind})(?:(?:、|和|或|或者)(?:{kind})){{0,5}})"

    def of_kind(groups: Groups) -> Draft:
        found = [each for each in kind.split("|") if each in (groups["kinds"] or "")]
        return {"fact": "残疾类别", "has": found}

    yield noun("残疾", rf"{kinds}残疾人(?!证|联|员)", both(holder, of_kind))
    yield noun(
        "残疾",
        rf"(?:残疾等级为)?{grades}(?P<up>)(?:的)?{kinds}残疾人(?!证|联|员)",
        both(holder, graded, of_kind),
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
    buying = r"(?:购买|购置)[^，。；、或和]{0,24}?"
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
