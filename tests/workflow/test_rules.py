"""Which rules bind which document on which day, and by when something is due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policylib.errors import ParseError
from policylib.files.rulesets import load_calendar, load_ruleset
from policylib.model.document import Header
from policylib.model.ruleset import (
    Anchor,
    Basis,
    Bound,
    DocumentClass,
    Duty,
    Rule,
    RuleSet,
    Scope,
    StepName,
)
from policylib.model.vocabulary import OrganLevel
from policylib.text.workdays import Counted
from policylib.workflow.rules import Facts, class_of, deadline, explain, rules_for, steps_for

CALENDAR = load_calendar()
NORMATIVE = {"tags": ["行政规范性文件"]}


def header(**fields: Any) -> Header:
    return Header(**{"title": "青禾县高龄津贴发放办法", **fields})


def rule(name: str = "甲", **fields: Any) -> Rule:
    return Rule(
        **{
            "id": name,
            "title": "规则",
            "duty": "解读时限",
            "bound": "应在…内",
            "figure": 3,
            "unit": "工作日",
            "anchor": "公布",
            "basis": [{"title": "某县做法"}],
            "source": "测试",
            **fields,
        }
    )


def ruleset(*rules: Rule, **fields: Any) -> RuleSet:
    return RuleSet(**{"id": "测试", "title": "测试", "rules": rules, **fields})


VERIFIED: dict[str, Any] = {"verified": True, "basis": [{"title": "某法", "quote": "应当"}]}

# rule-set, what the header says, duty, day, the rules that bind: id, period, may block
CHOSEN = (
    ("national-baseline", {"tags": ["规章"]}, "征求意见期限", "2026-03-01",
     [("rules-comment", "30日", True)]),
    ("national-baseline", {"tags": ["规章"]}, "征求意见期限", "2018-04-30", []),
    ("national-baseline", {"tags": ["重大行政决策"]}, "合法性审核时限", "2026-03-01",
     [("decision-legal-review", "7个工作日", True)]),
    ("national-baseline", NORMATIVE, "合法性审核时限", "2026-03-01",
     [("normative-legal-review-least", "5个工作日", True),
      ("normative-legal-review-most", "15个工作日", True)]),
    ("national-baseline", NORMATIVE, "征求意见期限", "2026-03-01", []),
    ("national-baseline", NORMATIVE, "有效期上限", "2026-03-01", []),
    ("national-baseline", NORMATIVE, "清理周期", "2026-03-01",
     [("normative-cleaning", "2年", False)]),
    ("national-baseline", {"tags": ["规章"]}, "备案期限", "2024-10-31",
     [("rules-filing", "30日", True)]),
    ("national-baseline", {"tags": ["规章"]}, "备案期限", "2024-11-01",
     [("rules-filing-2024", "30日", True)]),
    ("national-baseline", {}, "主动公开时限", "2019-05-15", [("disclosure", "20个工作日", True)]),
    ("national-baseline", {}, "主动公开时限", "2019-05-14", []),
    ("national-baseline", {"type": "转载"}, "主动公开时限", "2026-03-01", []),
    ("shanghai-26", NORMATIVE, "有效期默认", "2015-01-01",
     [("shanghai-normative-default", "5年", False)]),
    ("shanghai-26", {**NORMATIVE, "kind": "通告"}, "有效期上限", "2015-01-01",
     [("shanghai-notice-longest", "1年", False)]),
    ("shanghai-26", {**NORMATIVE, "title": "关于加强犬类管理的通告"}, "有效期默认", "2015-01-01",
     [("shanghai-notice-default", "1年", False)]),
    ("shanghai-26", {**NORMATIVE, "title": "高龄津贴发放办法（试行）"}, "有效期默认", "2015-01-01",
     [("shanghai-trial-default", "2年", False)]),
    ("shanghai-26", {**NORMATIVE, "title": "关于印发《高龄津贴发放暂行办法》的通知"}, "有效期上限",
     "2015-01-01", [("shanghai-trial-longest", "2年", False)]),
    ("shanghai-26", {**NORMATIVE, "title": "关于规范考试行为的规定"}, "有效期上限", "2015-01-01",
     [("shanghai-normative-longest", "5年", False)]),
    ("shanghai-26", {**NORMATIVE, "title": "关于废止《津贴办法（试行）》的决定"}, "有效期上限",
     "2015-01-01", [("shanghai-normative-longest", "5年", False)]),
    ("shanghai-26", NORMATIVE, "有效期上限", "2017-01-01", []),  # replaced by another order
    ("shanghai-26", {}, "有效期上限", "2015-01-01", []),  # no 规范性文件
    ("shandong-sft", {**NORMATIVE, "title": "普法办法（试行）"}, "有效期上限", "2026-03-01",
     [("shandong-trial-longest", "2年", False)]),
    ("anhui-liuan-assessment", NORMATIVE, "征求意见期限", "2020-06-30",
     [("liuan-comment-2020", "10日", False)]),
    ("anhui-liuan-assessment", NORMATIVE, "征求意见期限", "2020-07-01",
     [("liuan-comment", "30日", False)]),
    ("anhui-liuan-assessment", {"tags": ["规章"]}, "征求意见期限", "2026-03-01",
     [("rules-comment", "30日", True)]),  # of the rule-set it extends
    ("anhui-old-149", NORMATIVE, "有效期默认", "2024-02-29",
     [("anhui-default-validity", "5年", False)]),
    ("anhui-old-149", NORMATIVE, "有效期默认", "2024-03-01", []),
    ("anhui-liuan-assessment", {}, "解读时限", "2026-03-01",
     [("anhui-interpretation", "3个工作日", False)]),
    ("seed-meishan", {}, "解读时限", "2026-03-01",
     [("meishan-interpretation", "1个工作日", False)]),
    ("seed-meishan", NORMATIVE, "立改废季度记录", "2026-03-01", [("liuan-quarterly", "3个月", False)]),
)  # fmt: skip


@pytest.mark.parametrize("case", CHOSEN, ids=lambda case: f"{case[0]}-{case[2]}-{case[3]}")
def test_the_rules_that_bind(case: Any) -> None:
    name, fields, duty, on, expected = case
    rules = load_ruleset(name)
    facts = Facts.of(header(**fields), rules)
    found = rules_for(rules, facts, Duty(duty), date.fromisoformat(on))
    assert [(each.id, str(each.period), each.may_block) for each in found] == expected


DAY = date(2026, 3, 2)


def chosen(rules: RuleSet, facts: Facts | None = None) -> list[str]:
    found = rules_for(rules, facts or Facts(header()), Duty.INTERPRETATION, DAY)
    return [each.id for each in found]


def test_the_specific_rule_goes_before_the_general_one() -> None:
    general, special = rule("一般"), rule("特别", applies_to={"forms": "办法"}, figure=1)
    assert chosen(ruleset(general, special), Facts(header(form="办法"))) == ["特别"]
    assert chosen(ruleset(general, special), Facts(header(form="方案"))) == ["一般"]


def test_the_child_goes_before_its_parent() -> None:
    parent = ruleset(rule("上级"), id="上")
    child = ruleset(rule("本级", figure=1, bound="不超过"), extends="上", parent=parent)
    assert chosen(child) == ["本级"]
    special = ruleset(rule("特别", applies_to={"types": "政策文件"}), id="上")
    assert chosen(ruleset(rule("本级"), extends="上", parent=special)) == ["特别"]


def test_a_child_replaces_a_rule_by_its_id() -> None:
    parent = ruleset(rule("甲", figure=3), rule("乙", applies_to={"forms": "办法"}), id="上")
    child = ruleset(rule("乙", applies_to={"forms": "方案"}), extends="上", parent=parent)
    assert chosen(child, Facts(header(form="办法"))) == ["甲"]
    assert chosen(child, Facts(header(form="方案"))) == ["乙"]


def test_an_unverified_rule_never_switches_off_a_verified_one() -> None:
    parent = ruleset(rule("法定", figure=20, **VERIFIED), id="上")
    child = ruleset(rule("做法", applies_to={"types": "政策文件"}), extends="上", parent=parent)
    assert chosen(child) == ["做法", "法定"]
    assert [each.may_block for each in child.rules] == [False]


def test_a_verified_rule_switches_off_an_unverified_one() -> None:
    parent = ruleset(rule("做法", figure=20), id="上")
    child = ruleset(rule("法定", **VERIFIED), extends="上", parent=parent)
    assert chosen(child) == ["法定"]


def test_a_rule_set_out_of_its_days_is_passed_over() -> None:
    parent = ruleset(rule("上级"), id="上")
    child = ruleset(rule("本级"), extends="上", parent=parent, valid_to="2026-03-01")
    assert chosen(child) == ["上级"]


def test_what_is_not_known_does_not_fit() -> None:
    only = ruleset(rule("县", applies_to={"issuer_levels": "县"}))
    assert chosen(only) == []
    assert chosen(only, Facts(header(), level=OrganLevel.COUNTY)) == ["县"]
    assert chosen(only, Facts(header(), level=OrganLevel.CITY)) == []
    registered = ruleset(rule("登记", applies_to={"registered": "true"}))
    assert chosen(registered) == []
    assert chosen(registered, Facts(header(registration_number="QHGS-2026-1"))) == ["登记"]


CLASSES = (
    ({}, None, "其他文件"),
    ({"form": "办法"}, None, "行政规范性文件"),
    ({"form": "方案"}, None, "其他文件"),
    ({"form": "方案", "registration_number": "QHGS-2026-1"}, None, "行政规范性文件"),
    ({"tags": ["规范性文件"]}, None, "行政规范性文件"),
    ({"form": "办法", "tags": ["其他文件"]}, None, "其他文件"),  # a tag decides
    ({"form": "方案", "tags": ["重大决策"]}, None, "重大行政决策"),
    ({"type": "政策解读", "form": "办法"}, None, "政策解读"),
    ({"type": "意见征集", "form": "办法"}, None, "其他文件"),
    ({"kind": "命令（令）", "form": "办法"}, "市", "规章"),
    ({"kind": "命令（令）", "form": "办法"}, "县", "行政规范性文件"),
    ({"kind": "命令（令）", "form": "办法"}, None, "行政规范性文件"),
)


@pytest.mark.parametrize(("fields", "level", "expected"), CLASSES)
def test_the_class_of_a_document(fields: dict[str, Any], level: str | None, expected: str) -> None:
    found = class_of(
        header(**fields),
        load_ruleset("seed-meishan"),
        level=OrganLevel(level) if level else None,
    )
    assert found is DocumentClass(expected)


def test_the_steps_of_a_document() -> None:
    rules = load_ruleset("national-baseline")
    names = [step.name for step in steps_for(header(form="办法"), rules)]
    assert names == [
        "评估论证",
        "征求意见",
        "合法性审核",
        "保密审查",
        "集体审议",
        "统一登记编号",
        "公布",
    ]
    assert [s.name for s in steps_for(header(form="办法"), rules) if s.may_block] == [
        StepName.LEGAL_REVIEW,
        StepName.SECRECY_REVIEW,
    ]
    decision = steps_for(header(tags=["重大行政决策"]), rules)
    optional = [step.name for step in decision if not step.required]
    assert optional == ["征求意见", "听证", "专家论证", "风险评估", "公平竞争审查", "解读"]
    assert all(step.when for step in decision if not step.required)
    assert steps_for(header(), rules) == ()
    before = steps_for(header(tags=["重大行政决策"]), rules, on=date(2019, 8, 31))
    assert before == ()


DEADLINES = (
    # rule, the day of its anchor, the day, estimated
    ("disclosure", "2026-02-13", "2026-03-19", False),  # 春节 between, two working Saturdays
    ("disclosure", "2026-12-10", "2027-01-07", True),
    ("reply", "2026-09-28", "2026-10-30", False),
    ("rules-filing-2024", "2026-09-02", "2026-10-08", False),  # 2 October is a holiday
    ("rules-filing-2024", "2026-03-02", "2026-04-01", False),
    ("rules-comment", "2026-03-02", "2026-04-01", False),
    ("rules-effect", "2026-09-02", "2026-10-02", False),  # a least period is not moved
    ("rules-hearing-notice", "2026-04-30", "2026-03-31", False),
    ("decision-hearing-papers", "2026-03-05", "2026-02-26", False),
    ("department-report", "2025-12-31", "2026-01-31", False),  # a Saturday, and stays
    ("government-report", "2025-12-31", "2026-03-31", False),
    ("implementing-rules", "2024-02-29", "2025-02-28", False),
    ("normative-cleaning", "2024-06-30", "2026-06-30", False),
    ("filing-review", "2024-12-31", "2025-02-28", False),
    ("liuan-quarterly", "2026-06-30", "2026-09-30", False),
    ("liuan-quarterly", "2026-09-30", "2026-12-31", False),
    ("meishan-interpretation", "2026-02-14", "2026-02-24", False),
)


@pytest.mark.parametrize(("name", "anchor", "day", "estimated"), DEADLINES)
def test_by_when(name: str, anchor: str, day: str, estimated: bool) -> None:
    found = load_ruleset("seed-meishan").rule(name)
    assert found is not None
    assert deadline(found, date.fromisoformat(anchor), CALENDAR) == Counted(
        date.fromisoformat(day), estimated
    )


BACKWARD = (
    (6, "月", "2028-06-30", "2027-12-30"),
    (1, "月", "2026-03-31", "2026-02-28"),
    (2, "月", "2026-01-15", "2025-11-15"),
    (1, "年", "2024-02-29", "2023-02-28"),
    (3, "工作日", "2026-02-25", "2026-02-13"),
)


@pytest.mark.parametrize(("figure", "unit", "end", "day"), BACKWARD)
def test_counting_back_from_the_end(figure: int, unit: str, end: str, day: str) -> None:
    early = rule(duty="评估提前", bound="不少于", figure=figure, unit=unit, anchor="失效前")
    assert deadline(early, date.fromisoformat(end), CALENDAR).day == date.fromisoformat(day)


@pytest.mark.parametrize("unit", ["日", "月", "工作日"])
def test_days_beyond_the_calendar_are_refused(unit: str) -> None:
    early = rule(figure=900, unit=unit, anchor="失效前")
    with pytest.raises(ParseError, match="超出可表示的日期"):
        deadline(early, date(1, 1, 31), CALENDAR)
    with pytest.raises(ParseError, match="超出可表示的日期"):
        deadline(rule(figure=9000, unit=unit), date(9999, 12, 1), CALENDAR)


SENTENCES = (
    (rule(), "规则：应在公布之日起3个工作日内办理。依据：某县做法。依据未核实，仅作提示（来源：测试）。"),
    (
        rule(bound="不少于", figure=30, unit="日", anchor="征求意见开始", exception="情况紧急并说明。",
             verified=True,
             basis=[{"title": "某条例", "number": "令第1号", "article": "第三条", "quote": "应当"}]),
        "规则：自开始征求意见之日起不少于30日。例外：情况紧急并说明。"
        "依据：《某条例》（令第1号）第三条。依据已核实。",
    ),
    (rule(bound="默认", figure=2, unit="年", anchor="施行"), "未明确的，自施行之日起为2年"),
    (rule(bound="不超过", figure=5, unit="年", anchor="施行"), "自施行之日起不超过5年"),
    (rule(bound="不超过", figure=5, choices=(3, 5), unit="年", anchor="施行"), "应为3年或者5年"),
    (rule(bound="每", figure=3, unit="月", anchor="季末"), "每3个月至少办理一次"),
    (rule(figure=1, unit="月", anchor="年末"), "应在上一年度结束后1个月内办理"),
    (rule(bound="不少于", figure=6, unit="月", anchor="失效前"), "应在有效期届满前至少6个月办理"),
    (rule(figure=6, unit="月", anchor="失效前"), "应在有效期届满前6个月内办理"),
)  # fmt: skip


@pytest.mark.parametrize(("told", "words"), SENTENCES, ids=lambda each: str(each)[-20:])
def test_a_rule_explains_itself(told: Rule, words: str) -> None:
    assert words in explain(told)


def test_every_rule_that_is_shipped_can_be_explained_and_counted() -> None:
    for name in ("seed-meishan", "shanghai-26", "shandong-sft", "anhui-old-149", "local-practice"):
        for each in load_ruleset(name).lineage():
            for one in each.rules:
                said = explain(one)
                assert str(one.figure) in said
                assert ("已核实" in said) is one.may_block or "未核实" in said
                assert deadline(one, date(2026, 3, 2), CALENDAR).day != date(2026, 3, 2)


def test_a_basis_is_cited_as_officers_do() -> None:
    assert str(Basis(title="某县做法")) == "某县做法"
    assert (
        str(Basis(title="某办法（名称未核实）", article="第三条")) == "某办法（名称未核实）第三条"
    )
    assert str(Basis(title="立法法", article="第四十条")) == "《立法法》第四十条"


def test_scopes_that_mean_the_same_are_the_same() -> None:
    assert Scope(title_words=["试行", "暂行"]).key == Scope(title_words=["暂行", "试行"]).key
    assert Scope(types="政策文件").conditions == 1
    assert Bound.WITHIN.is_upper
    assert Anchor.BEFORE_LAPSE.is_backward
