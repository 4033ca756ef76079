"""What an answer says: verdict, reasons, what is missing, how near, how much."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from tests.matching.world import ON, asked, matcher, measure, profile, vocabulary

from policylib.errors import ParseError
from policylib.matching.answers import Verdict
from policylib.matching.matcher import Matcher, Offer

OLD = {"fact": "年龄", "at_least": 80}
LOCAL = {"fact": "户籍地", "under": ["990121"]}


def test_the_json_is_as_agreed() -> None:
    made = matcher({"all": [{**OLD, "provision": "第五条第（一）项"}, LOCAL]})
    (answer,) = made.match(profile(出生日期="1945-01-01"), on=ON)
    said = answer.as_json(vocabulary())
    assert json.loads(json.dumps(said, ensure_ascii=False)) == said
    assert {"document", "measure", "answer", "reasons", "missing", "ask", "amount"} <= set(said)
    assert (said["document"], said["measure"], said["answer"]) == ("青山办法", "事项1", "待核实")
    assert said["reasons"] == [
        {"text": "年龄不低于80周岁", "provision": "第五条第（一）项", "holds": True},
        {"text": "户籍地属于青山县", "provision": "第三条", "holds": None},
    ]
    assert said["missing"] == ["户籍地"]
    assert said["ask"] == [{"fact": "户籍地", "question": "户口在哪个县（市、区）？"}]


def test_reasons_never_say_what_somebody_has() -> None:
    answer = asked({"fact": "家庭人均月收入", "below": 1170}, 家庭人均月收入=986.5)
    assert "986.5" not in json.dumps(answer.as_json(), ensure_ascii=False)


def test_a_near_miss_tells_how_far_and_when() -> None:
    paid = {"fact": "失业保险累计缴费月数", "at_least": 12}
    near = asked({"all": [paid, LOCAL]}, 失业保险累计缴费月数=9, 户籍地="990121").near
    assert near is not None
    assert near.distance == "还差3个月"
    assert asked({"all": [paid, LOCAL]}, 失业保险累计缴费月数=9, 户籍地="990221").near is None
    since = {"of": {"elapsed": "月", "since": "失业登记日期"}, "at_least": 6}
    near = asked(since, 失业登记日期="2025-01-31").near
    assert near is not None
    assert near.distance == "还差2个月，2025年7月31日起满足"
    assert asked(since, on=date(2025, 7, 30), 失业登记日期="2025-01-31").verdict == "不符合"
    assert asked(since, on=date(2025, 7, 31), 失业登记日期="2025-01-31").verdict == "可能符合"


@pytest.mark.parametrize(
    ("within", "last"),
    [("12个月", date(2025, 2, 28)), ("30日", date(2024, 3, 30)), ("2年", date(2026, 2, 28))],
)
def test_within_a_period_of_an_event(within: str, last: date) -> None:
    test = {"of": "判断日", "at_most": {"shift": "证书取得日期", "by": within}}
    facts = {"证书取得日期": "2024-02-29"}
    assert asked(test, on=last, **facts).verdict == "可能符合"
    assert asked(test, on=date.fromordinal(last.toordinal() + 1), **facts).verdict == "不符合"


def test_an_open_question_is_asked_once_and_the_shortest_way() -> None:
    poor = {"any": [{"fact": "低保在保", "equals": True}, {"fact": "低收入家庭", "equals": True}]}
    many = {"all": [{"fact": "独居", "equals": True}, {"fact": "空巢", "equals": True}]}
    answer = asked({"any": [many, poor]})
    assert answer.missing == ("独居", "空巢", "低保在保", "低收入家庭")
    assert len(answer.ask) == 1
    made = matcher(poor, {"fact": "低保在保", "equals": True}, OLD)
    inquiry = made.inquire(profile(), on=ON)
    assert inquiry.ranking[0] == ("低保在保", 2)
    assert inquiry.fewest == ("低保在保", "出生日期")
    case = made.case(profile(), on=ON)
    assert made.asked(case).asked[0] == ("低保在保", 2)


def test_a_derived_fact_is_asked_for_itself_when_that_is_shorter() -> None:
    answer = asked({"fact": "企业规模", "among": ["小型", "微型"]}, subject="enterprise")
    assert answer.ask == ("企业规模",)
    assert set(answer.missing) == {"行业", "从业人员", "营业收入", "资产总额"}


def test_either_limit_makes_a_small_or_medium_firm() -> None:
    sme = {"fact": "中小微企业", "equals": True}
    factory = {"行业": "C13"}
    assert asked(sme, subject="enterprise", **factory, 从业人员=200).verdict == "可能符合"
    assert asked(sme, subject="enterprise", **factory, 从业人员=1000).verdict == "待核实"
    big = {"从业人员": 1000, "营业收入": "4亿元"}
    assert asked(sme, subject="enterprise", **factory, **big).verdict == "不符合"
    medium = {"fact": "企业规模", "equals": "中型"}
    half = {"从业人员": 300, "营业收入": 1999}
    assert asked(medium, subject="enterprise", **factory, **half).verdict == "不符合"
    small = {"fact": "企业规模", "equals": "小型"}
    assert asked(small, subject="enterprise", **factory, **half).verdict == "可能符合"
    bank = {"行业": "J66", "从业人员": 10, "营业收入": 1, "资产总额": 1}
    assert asked(small, subject="enterprise", **bank).verdict == "待核实"


def test_a_given_size_counts_where_figures_are_missing() -> None:
    small = {"fact": "小微企业", "equals": True}
    assert asked(small, subject="enterprise", 企业规模="小型").verdict == "可能符合"
    figures = {"行业": "C13", "从业人员": 2000, "营业收入": 90000}
    assert asked(small, subject="enterprise", 企业规模="小型", **figures).verdict == "不符合"


def test_a_county_that_was_split_leaves_it_open() -> None:
    east = {"fact": "户籍地", "under": ["990106"]}
    assert asked(east, 户籍地="990123").verdict == "待核实"
    assert asked(east, on=date(2023, 12, 31), 户籍地="990123").verdict == "不符合"
    assert asked({"fact": "户籍地", "under": ["9901"]}, 户籍地="990123").verdict == "可能符合"
    renamed = {"fact": "户籍地", "under": ["990105"]}
    assert asked(renamed, 户籍地="990122").verdict == "可能符合"
    assert asked({"fact": "户籍地", "under": ["990122"]}, 户籍地="990105").verdict == "可能符合"
    index = matcher(east).found(matcher(east).case(profile(户籍地="990123"), on=ON))
    assert (index.likely, index.open) == (0, 1)


def test_a_household_is_matched_member_by_member() -> None:
    offers = [
        Offer("青山办法", measure({"all": [OLD, {"fact": "低保", "equals": True}]}, id="人")),
        Offer(
            "青山办法",
            measure(
                {"of": {"members": "家庭成员", "where": OLD}, "at_least": 1},
                subject="household",
                id="户",
            ),
        ),
    ]
    home = profile(
        "household",
        低保=True,
        家庭成员=[{"出生日期": "1940-05-01"}, {"出生日期": "1980-05-01"}, {}],
    )
    found = Matcher(vocabulary(), offers).match(home, on=ON)
    assert [(each.measure.id, each.member, each.verdict) for each in found] == [
        ("户", None, Verdict.LIKELY),
        ("人", 1, Verdict.LIKELY),
        ("人", 2, Verdict.UNLIKELY),
        ("人", 3, Verdict.OPEN),
    ]


def test_the_higher_of_two_counts_and_verdicts_stay() -> None:
    def offer(name: str, pay: int, rule: str) -> Offer:
        group = {"group": "老年福利", "rule": rule, "order": pay}
        more = {"id": name, "title": name, "amount": {"pay": pay}, "stacking": [group]}
        return Offer("青山办法", measure(OLD, **more))

    def notes(rule: str) -> list[str]:
        both = [offer("高龄津贴", 100, rule), offer("护理补贴", 300, rule)]
        found = Matcher(vocabulary(), both).match(profile(出生日期="1940-01-01"), on=ON)
        assert {each.verdict for each in found} == {Verdict.LIKELY}
        return ["".join(each.notes) for each in found]

    assert notes("就高")[0] == "与“护理补贴”不重复享受，该项金额较高"
    assert notes("按序")[1] == "与“高龄津贴”不重复享受，该项顺序在前"
    assert "只能选择一项" in notes("择一")[0]
    assert notes("同享") == ["", ""]


def test_an_amount_is_rounded_capped_and_said_to_be_up_to_the_office() -> None:
    amount = {
        "pay": {"calculate": "积", "of": ["自付医疗费用", "30%"]},
        "at_most": 5000,
        "at_least": 100,
        "step": 1,
        "rounding": "舍去",
        "provision": "第六条",
    }

    def paid(cost: Any) -> Any:
        made = Matcher(vocabulary(), [Offer("甲", measure(OLD, amount=amount))])
        return made.match(profile(出生日期="1940-01-01", 自付医疗费用=cost), on=ON)[0].amount

    assert [paid(each).value for each in (1001, 20000, 10, "1.5万元")] == [300, 5000, 100, 4500]
    assert paid(1001).text.endswith("以受理机关核定为准")
    unknown = paid(None)
    assert (unknown.value, unknown.missing) == (None, ("自付医疗费用",))


def test_windows_and_days_in_force() -> None:
    window = {"yearly_from": "11-01", "yearly_to": "02-15"}
    made = matcher(OLD, window=window, valid_from="2025-01-01")
    old = profile(出生日期="1930-01-01")
    for day, verdict in (
        ("2024-12-01", "不符合"),
        ("2025-02-15", "可能符合"),
        ("2025-02-16", "不符合"),
        ("2025-11-01", "可能符合"),
    ):
        assert made.match(old, on=date.fromisoformat(day))[0].verdict == verdict
        assert set(made.verdicts(old, on=date.fromisoformat(day)).values()) == {verdict}


def test_only_some_verdicts_are_asked_for() -> None:
    made = matcher(OLD, LOCAL, {"fact": "年龄", "below": 18})
    person = profile(出生日期="1940-01-01")
    likely = made.match(person, on=ON, verdicts=[Verdict.LIKELY], near=False)
    assert [each.measure.id for each in likely] == ["事项1"]
    with_near = made.match(person, on=ON, verdicts=[Verdict.LIKELY])
    assert [each.measure.id for each in with_near] == ["事项1", "事项3"]


def test_two_measures_of_one_name_are_refused() -> None:
    with pytest.raises(ParseError, match="有两个标识为“甲”的事项"):
        Matcher(vocabulary(), [Offer("甲", measure(OLD)), Offer("甲", measure(LOCAL))])
    later = Offer("甲", measure(OLD), valid_from=date(2026, 1, 1))
    both = [Offer("甲", measure(OLD), valid_to=date(2025, 12, 31)), later]
    assert len(Matcher(vocabulary(), both).prepared) == 2
