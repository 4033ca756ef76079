"""Phrases on schooling, titles and skills (学历、职称和技能的条件用语)."""

from __future__ import annotations

from collections.abc import Iterator

from policylib.matching.proposing.figures import NUMBER
from policylib.matching.proposing.makers import (
    Groups,
    both,
    graded,
    noun,
    said,
    since,
    yes,
)
from policylib.matching.proposing.tokens import Draft, Entry

__all__ = ["learning_phrases"]

_SPELL = rf"(?P<n>{NUMBER})\s?(?P<u>个月|周年|年)"

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


def learning_phrases() -> Iterator[Entry]:
    """The phrases on what people have learnt."""
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
    yield said("毕业", rf"(?:毕业|离校){_SPELL}(?:以)?内未就业", both(unplaced, within))
    yield said("毕业", rf"毕业(?:时间)?(?:未超过|不超过)?{_SPELL}(?:以)?内", within)
    yield said("毕业", rf"毕业(?:时间)?(?:未超过|不超过){_SPELL}", within)
    yield noun(
        "在校", r"(?:普通)?(?:高等学校|高校)?(?:全日制)?在校(?:大学)?(?:学生|生)", yes("在校学生")
    )
    words = "|".join(sorted(_SCHOOL, key=len, reverse=True))
    got = r"(?:具有|取得|获得|拥有|为)?"

    def schooled(groups: Groups) -> Draft:
        return graded("学历", _LEVELS, _SCHOOL[groups["at"] or ""], above=bool(groups["up"]))

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
        return graded("学位", order, groups["at"] or "", above=bool(groups["up"]))

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
        return graded("职称", _TITLES, at, above=bool(groups["up"]))

    up = r"(?P<up>(?:（含）)?(?:及|或)?以上(?:（含）)?)?"
    at = r"(?P<at>正高级|副高级|正高|副高|高级|中级|初级)"
    yield noun("职称|职务|资格", rf"{got}{at}{up}{kind}{tail}", titled)

    def skilled(groups: Groups) -> Draft:
        at = _SKILLS[groups["at"] or ""]
        return graded("职业技能等级", _SKILL_ORDER, at, above=bool(groups["up"]))

    worker = r"(?P<at>高级技师|高级工|中级工|初级工|(?<!级)(?<!特级)技师)"
    paper = r"(?:职业)?(?:技能等级|技能|资格|资格等级)(?:证书)?"
    yield noun("技师|级工", rf"{got}{worker}(?!学院|学校|培训|工作){up}(?:{paper})?{tail}", skilled)
    yield noun(
        "级", rf"{got}(?P<at>五级|四级|三级|二级|一级)(?:（[^（）]{{1,8}}）)?{up}职业(?:技能等级|资格)(?:证书)?{tail}",
        skilled,
    )  # fmt: skip
