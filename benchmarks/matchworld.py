"""An invented world for matching: random measures of every form, random profiles with gaps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from policylib.matching.matcher import Offer
from policylib.model.measure import Measure

DAY = date(2026, 11, 22)
REGIONS = [f"99{city:02}{county:02}" for city in range(1, 21) for county in range(1, 16)]
SCHOOLING = ["小学及以下", "初中", "高中", "中专", "大专", "本科", "硕士", "博士"]
WORK = ["在职", "灵活就业", "个体经营", "失业", "在校", "退休", "务农", "无业"]
FLAGS = [
    "低保在保",
    "低保边缘家庭",
    "低收入家庭",
    "持有残疾人证",
    "退役军人",
    "高校毕业生",
    "失业登记",
    "就业困难人员",
    "脱贫人口",
    "独居",
    "单亲家庭",
    "在缴社会保险",
    "零就业家庭",
    "领取基本养老金",
    "孤儿",
]
MONTHS = ["失业保险累计缴费月数", "养老保险累计缴费月数", "医疗保险累计缴费月数"]
KINDS = ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"]


# -- measures -----------------------------------------------------------------------------------


def simple_test(dice: random.Random) -> dict[str, Any]:
    """A test as most policies have them: an age, a place, a yes or no."""
    kind = dice.random()
    if kind < 0.14:
        return {"fact": "年龄", "at_least": dice.choice([16, 18, 35, 40, 45, 50, 55, 60, 65, 80])}
    if kind < 0.2:
        low = dice.choice([0, 3, 6, 16, 18, 24])
        return {"fact": "年龄", "at_least": low, "below": low + dice.choice([3, 6, 10, 20])}
    if kind < 0.38:
        return {"fact": "户籍地", "under": [dice.choice(REGIONS)[: dice.choice([4, 6, 6])]]}
    if kind < 0.45:
        return {"fact": "常住地", "under": [dice.choice(REGIONS)]}
    if kind < 0.72:
        return {"fact": dice.choice(FLAGS), "equals": dice.random() < 0.85}
    if kind < 0.8:
        return {"fact": dice.choice(MONTHS), "at_least": dice.choice([3, 6, 12, 24, 36, 60, 180])}
    if kind < 0.85:
        return {"fact": "就业状态", "among": dice.sample(WORK, dice.randint(1, 3))}
    if kind < 0.9:
        return {"fact": "学历", "among": dice.sample(SCHOOLING, dice.randint(1, 4))}
    if kind < 0.94:
        return {"fact": "残疾等级", "at_most": dice.randint(1, 4)}
    if kind < 0.97:
        return {"fact": "家庭人均月收入", "below": dice.choice([780, 1170, 1560, 2340])}
    return {"fact": "性别", "equals": dice.choice(["男", "女"])}


def odd_test(dice: random.Random) -> dict[str, Any]:
    """A test of the rarer kinds: elapsed time, ratios, counts, tables, dated figures."""
    kind = dice.randrange(13)
    day = (DAY - timedelta(days=dice.randrange(1500))).isoformat()
    months = f"{dice.choice([1, 3, 6, 12, 24])}个月"
    if kind == 0:
        return {"of": "判断日", "at_most": {"shift": "证书取得日期", "by": months}}
    if kind == 1:
        return {"of": "判断日", "at_least": {"shift": "毕业日期", "by": months}}
    if kind == 2:
        return {"fact": "证书取得日期", "at_least": day, "at_most": DAY.isoformat()}
    if kind == 3:
        return {"fact": "家庭人均月收入", "below": {"parameter": "低保标准", "region": "户籍地"}}
    if kind == 4:
        return {
            "of": {"members": "子女", "where": {"fact": "年龄", "below": dice.choice([3, 6, 18])}},
            "at_least": dice.randint(1, 2),
        }
    if kind == 5:
        return {
            "of": {"calculate": "商", "of": ["家庭人均月收入", "家庭人口"]},
            "at_most": dice.choice([100, 260, 390, 780]),
        }
    if kind == 6:
        return {
            "of": {
                "table": ["残疾等级", "残疾类别"],
                "rows": [
                    {"cells": [[1, 2], "*"], "value": 300},
                    {"cells": [3, ["智力", "精神"]], "value": 150},
                ],
                "otherwise": 0,
            },
            "at_least": dice.choice([150, 300]),
        }
    if kind == 7:
        return {"fact": "残疾类别", "has": dice.sample(KINDS, 2)}
    if kind == 10:
        bounds = sorted(dice.sample([0, 300, 780, 1000.5, 1200], 2))
        return {"fact": "家庭人均月收入", "above": bounds[0], "at_most": bounds[1]}
    if kind in (8, 9):
        tag = dice.choice(["4050人员", "毕业年度高校毕业生"])
        return {"fact": tag, "equals": dice.random() < 0.8}
    if kind == 11:
        of = {"calculate": "和", "of": ["失业保险累计缴费月数", "养老保险累计缴费月数"]}
        return {"of": of, "at_least": dice.choice([12, 60, 120])}
    if dice.random() < 0.5:
        return {"fact": "常住地", "same_as": "户籍地"}
    return {"of": {"elapsed": "年", "since": "退役日期"}, "below": dice.randint(1, 10)}


def condition(dice: random.Random, *, odd: float = 0.0, depth: int = 0) -> dict[str, Any]:
    """A random condition; ``odd`` is the share of rare forms."""

    def part() -> dict[str, Any]:
        if depth < 3 and dice.random() < odd:
            return condition(dice, odd=odd, depth=depth + 1)
        return odd_test(dice) if dice.random() < odd else simple_test(dice)

    kind = dice.random() if odd else 0.0
    if kind < 0.55:
        return {"all": [part() for _ in range(dice.randint(1, 4))]}
    if kind < 0.75:
        return {"any": [part() for _ in range(dice.randint(2, 3))]}
    if kind < 0.85:
        return {"none": [part() for _ in range(dice.randint(1, 2))]}
    if kind < 0.92:
        return {"some": [part() for _ in range(3)], "at_least": 2}
    piece = {"when": simple_test(dice), "then": part()}
    return {"cases": [piece], **({"otherwise": part()} if dice.random() < 0.7 else {})}


def plain_condition(dice: random.Random) -> dict[str, Any]:
    """A condition as most are: some tests together, now and then a choice of a few."""
    parts = [simple_test(dice) for _ in range(dice.randint(2, 5))]
    if dice.random() < 0.25:
        parts.append({"any": [simple_test(dice) for _ in range(dice.randint(2, 3))]})
    return {"all": parts}


def offers(count: int, *, seed: int = 1, odd: float = 0.0) -> list[Offer]:
    """Measures for persons; with ``odd`` above 0 all forms of the algebra."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        start = DAY - timedelta(days=dice.randrange(700))
        fields = {
            "id": f"m{number}",
            "title": f"事项{number}",
            "subject": "person",
            "provision": "第三条",
            "condition": condition(dice, odd=odd) if odd else plain_condition(dice),
        }
        if dice.random() < 0.3:
            days = [start, start + timedelta(days=dice.randrange(30, 900))]
            fields["window"] = {"opens_on": days[0].isoformat(), "closes_on": days[1].isoformat()}
        found.append(Offer(f"d{number // 3}", Measure.model_validate(fields)))
    return found


# -- profiles -----------------------------------------------------------------------------------


def facts(dice: random.Random, *, unknown: float = 0.2, members: bool = True) -> dict[str, Any]:
    """The facts of a random person, a share of them unknown."""

    def day(years: int) -> str:
        return (DAY - timedelta(days=dice.randrange(1, 365 * years))).isoformat()

    whole = {
        "出生日期": day(95),
        "性别": dice.choice(["男", "女"]),
        "户籍地": dice.choice(REGIONS),
        "常住地": dice.choice(REGIONS),
        "就业状态": dice.choice(WORK),
        "学历": dice.choice(SCHOOLING),
        "残疾等级": dice.randint(1, 4),
        "残疾类别": dice.sample(KINDS, dice.randint(1, 2)),
        "家庭人均月收入": dice.choice([dice.randrange(0, 3000), 780, 1000.5, 390.25]),
        "家庭人口": dice.randint(1, 6),
        "证书取得日期": day(4),
        "毕业日期": day(6),
        "退役日期": day(12),
        **{name: dice.randrange(0, 200) for name in MONTHS},
        **{name: dice.random() < 0.3 for name in FLAGS},
    }
    if members:
        whole["子女"] = [
            {"出生日期": day(20)} if dice.random() > unknown else {}
            for _ in range(dice.randint(0, 3))
        ]
    return {name: value for name, value in whole.items() if dice.random() >= unknown}


def profiles(count: int, *, seed: int = 2, unknown: float = 0.2) -> Iterator[dict[str, Any]]:
    """Random persons."""
    dice = random.Random(seed)
    for _ in range(count):
        yield {"subject": "person", "facts": facts(dice, unknown=unknown)}
