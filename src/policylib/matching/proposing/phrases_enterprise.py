"""Phrases on enterprises and other bodies (经营主体的条件用语), each with the fact it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from policylib.matching.proposing.figures import NUMBER, figure, period
from policylib.matching.proposing.makers import (
    Groups,
    both,
    either,
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
from policylib.matching.proposing.tokens import Draft, Entry

__all__ = ["enterprise_phrases"]

_SPELL = rf"(?P<n>{NUMBER})\s?(?P<u>个月|周年|年)"
_WITHIN = r"(?:行政区域|区域|辖区|范围)?(?:内)?"
_MONEY = figure("元")
_PEOPLE = figure("人|名")
_RATE = figure("%")


def enterprise_phrases(place: str, exclusive: frozenset[str]) -> Iterator[Entry]:
    """The phrases on bodies, with the pattern of a place and the words that exclude a figure."""
    yield from _registered(place)
    yield from _kinds()
    yield from _figures(exclusive)
    yield from _standing()


def _registered(place: str) -> Iterator[Entry]:
    act = r"(?:依法)?(?:登记注册|注册登记|工商登记注册|工商注册|注册|登记)"
    here = rf"(?:在|于)(?P<place>{place}){_WITHIN}{act}"
    yield said("注册|登记", here, under("注册地"))
    for sign, test in ((r"(?:已)?满", "at_least"),):
        yield said(
            "注册|登记", rf"{here}(?:成立)?(?:时间)?{sign}{_SPELL}(?:以上)?",
            both(under("注册地"), since("成立日期", test)),
        )  # fmt: skip
    start = rf"(?:{act}|成立)(?:时间|年限)?"
    yield said(
        "登记|注册|成立", rf"{start}(?:已)?满{_SPELL}(?:以上)?", since("成立日期", "at_least")
    )
    yield said("登记|注册|成立", rf"{start}{_SPELL}以上", since("成立日期", "at_least"))
    yield said(
        "登记|注册|成立", rf"{start}(?:不超过|未超过|未满){_SPELL}", since("成立日期", "at_most")
    )
    yield said("登记|注册|成立", rf"{start}{_SPELL}(?:以)?内", since("成立日期", "at_most"))
    yield said(
        "登记|注册|成立",
        rf"{start}(?:已)?满(?P<n1>{NUMBER})\s?(?P<u1>个月|年)[、，](?:且)?(?:未超过|不超过){_SPELL}",
        _between,
    )
    yield said("创办", rf"(?P<soft>首次)?在(?P<place>{place})(?:首次)?创办", under("注册地"))
    yield said("法人", r"(?:具有|具备)?独立(?:的)?法人资格", yes("法人资格"))


def _between(groups: Groups) -> Draft | None:
    low, high = (period(groups[f"n{at}"] or "", groups[f"u{at}"] or "") for at in ("1", ""))
    if not low or not high:
        return None
    shifted = [{"shift": "成立日期", "by": each} for each in (low, high)]
    return {"of": "判断日", "at_least": shifted[0], "at_most": shifted[1]}


def _kinds() -> Iterator[Entry]:
    small = r"小微企业|小型微型企业|小型企业(?:、|和|或|或者)微型企业"
    yield noun("小微|小型", rf"(?:{small})", yes("小微企业"))
    yield noun("中小", r"中小微企业|(?<!技型)(?<!特新)(?<!创新型)中小企业", yes("中小微企业"))
    named = r"(?:被|经)?(?:认定为|认定的|有效期内的)?(?:国家级?)?高新技术企业"
    yield noun("高新技术企业", rf"{named}(?!认定|培育|资格|入库)", yes("高新技术企业"))
    yield noun(
        "高新技术企业", r"(?:首次认定(?:的|为)|首次被认定为|首次通过认定的)(?:国家级?)?高新技术企业",
        both(yes("高新技术企业"), yes("首次认定")),
    )  # fmt: skip
    yield said(
        "高新技术企业",
        r"首次通过(?:国家级?)?高新技术企业认定",
        both(yes("高新技术企业"), yes("首次认定")),
    )
    yield noun("科技型中小企业", r"(?:入库)?科技型中小企业(?!入库)", yes("科技型中小企业入库"))
    yield said(
        "科技型中小企业", r"取得科技型中小企业入库登记编号|入库(?:登记)?科技型中小企业", yes("科技型中小企业入库")
    )  # fmt: skip
    for value, words in (
        ("创新型中小企业", "创新型中小企业"),
        ("专精特新中小企业", "“?专精特新”?中小企业"),
        ("专精特新小巨人", "“?专精特新”?“?小巨人”?企业"),
        ("单项冠军", "(?:制造业)?单项冠军(?:企业)?"),
        ("规模以上工业企业", "规模以上工业企业"),
        ("限额以上商贸企业", "限额以上商贸企业"),
        ("农业产业化龙头企业", "农业产业化龙头企业"),
        ("瞪羚企业", "瞪羚企业"),
    ):
        yield noun(
            value[:2], rf"(?:新认定(?:的|为)|认定为|认定的)?(?:{words})", has("企业资质", value)
        )
    for value, words in (
        ("个体工商户", "个体工商户"),
        ("农民专业合作社", "农民专业合作社"),
        ("家庭农场", "家庭农场"),
        ("民办非企业单位", "民办非企业单位|社会服务机构"),
        ("社会团体", "社会团体"),
        ("基金会", "基金会"),
        ("律师事务所", "律师事务所"),
        ("会计师事务所", "会计师事务所"),
    ):
        yield noun(value[:2], words, word("主体类型", value))
    yield noun("企业", r"(?:各类)?企业(?=、|和|或|及)|(?<=、)企业", word("主体类型", "企业"))
    yield noun("社会组织", r"社会组织", word("主体类型", "民办非企业单位", "社会团体", "基金会"))


def _figures(exclusive: frozenset[str]) -> Iterator[Entry]:
    year = r"(?:上一?年度|上年|年度|年)?"
    for keys, words, fact in (
        ("收入", rf"{year}(?:实现)?(?:年)?(?<!主营业务)(?:营业|销售)(?:总)?收入", "营业收入"),
        ("资产总额", r"(?:年末)?资产总额", "资产总额"),
        ("所得额", rf"{year}应纳税所得额", "应纳税所得额"),
        ("设备投资", r"设备投资额", "设备投资额"),
        ("固定资产投资", r"固定资产投资额", "固定资产投资额"),
        ("研发费用", rf"{year}研发费用", "研发费用"),
    ):
        made = measured(fact, "元", exclusive)
        yield said(keys, rf"{words}(?:在|为|达到?)?(?P<figure>{_MONEY})", made)
    for keys, words, fact in (
        (
            "职工|员工|从业",
            r"(?:从业人员|从业人数|职工总数|员工总数|员工人数|职工人数)(?:数)?",
            "从业人员",
        ),
        ("参保", r"参保(?:职工)?人数", "参保人数"),
        ("科技人员", r"科技人员(?:数|人数)?", "科技人员数"),
    ):
        yield said(
            keys, rf"{words}(?:在|为)?(?P<figure>{_PEOPLE})", measured(fact, "人", exclusive)
        )
    share = r"研发(?:费用|投入)(?:总额)?占(?:同期)?(?:营业|销售)收入(?:总额)?(?:的)?(?:比例|比重)"
    yield said(
        "研发", rf"{year}{share}(?P<figure>{_RATE})", measured("研发费用占比", "%", exclusive)
    )
    yield said("裁员率", rf"{year}裁员率(?P<figure>{_RATE})", measured("裁员率", "%", exclusive))
    spell = figure("个月|周年|年")
    yield said(
        "失业保险", rf"足额缴纳失业保险费(?P<figure>{spell})", months("失业保险缴费月数", exclusive)
    )


def _standing() -> Iterator[Entry]:
    listed = r"(?:被)?(?:列入|纳入|列为)"
    odd = r"(?:企业)?经营异常(?:名录|名单)"
    bad = r"(?:严重违法失信|严重失信)(?:企业|主体)?(?:名单)?"
    joint = r"(?:和|或者?|、|及)"
    for keys, words, facts in (
        ("经营异常", odd, ("经营异常名录",)),
        ("失信", bad, ("严重失信主体",)),
        ("经营异常", rf"{odd}{joint}{bad}", ("经营异常名录", "严重失信主体")),
        ("经营异常", rf"{bad}{joint}{odd}", ("经营异常名录", "严重失信主体")),
    ):
        yield said(keys, rf"(?:未|没有|未曾){listed}{words}", both(*map(no, facts)))
        yield said(keys, rf"{listed}{words}", either(*map(yes, facts)))
    credit = r"纳税信用(?:等级|级别)?"
    grade = {"fact": "纳税信用"}
    yield said(
        "纳税信用", rf"{credit}(?:不为|非)(?P<grade>[ABMCD])级",
        lambda groups: {"none": [{**grade, "equals": groups["grade"]}]},
    )  # fmt: skip
    yield said(
        "纳税信用", rf"{credit}(?:为)?(?P<grade>[ABMCD])级",
        lambda groups: {**grade, "equals": groups["grade"]},
    )  # fmt: skip
