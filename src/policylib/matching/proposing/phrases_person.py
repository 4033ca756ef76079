"""Phrases on persons and families (个人和家庭的条件用语), each with the fact it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from policylib.matching.proposing.figures import NUMBER, bounds, figure
from policylib.matching.proposing.makers import (
    Groups,
    both,
    measured,
    months,
    noun,
    said,
    since,
    under,
    word,
    yes,
)
from policylib.matching.proposing.phrases_learning import learning_phrases
from policylib.matching.proposing.phrases_welfare import welfare_phrases
from policylib.matching.proposing.tokens import Draft, Entry

__all__ = ["person_phrases"]

_YEARS = figure("周岁|岁")
_MONTHS = figure("个月|周年|年|月")
_SPELL = rf"(?P<n>{NUMBER})\s?(?P<u>个月|周年|年)"


def person_phrases(place: str, exclusive: frozenset[str]) -> Iterator[Entry]:
    """The phrases on persons, with the pattern of a place and the words that exclude a figure."""
    yield from _age(exclusive)
    yield from _home(place)
    yield from _work(exclusive)
    yield from learning_phrases()
    yield from welfare_phrases(place, exclusive)


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
    yield said("居住证", r"(?:持有|取得|办理|领取)(?:有效)?(?:的)?居住证", yes("居住证有效"))
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
    for name, keys, words in (
        ("就业困难人员", "就业困难", "就业困难人员|就业困难对象"),
        ("零就业家庭", "零就业", "零就业家庭(?:成员)?"),
        ("农民工", "农民工|进城务工", "(?:进城务工)?农民工|进城务工人员"),
        ("返乡创业人员", "返乡", "返乡(?:入乡)?创业(?:人员|农民工)"),
        ("脱贫人口", "脱贫", "(?:已)?脱贫(?:人口|劳动力|家庭|户)"),
        (
            "防返贫监测对象",
            "返贫",
            "防止?返贫(?:致贫)?(?:动态)?监测对象(?:家庭)?|防止?返贫(?:致贫)?监测户",
        ),
    ):
        yield noun(keys, rf"(?:认定为|被认定为|属于|经认定的)?(?:{words})", yes(name))
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
