"""Measures proposed from a text: what is certain, what is left to the officer, and never a guess."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.matching.labels import Score, said
from tests.matching.world import ON, vocabulary

from policylib.matching.matcher import Matcher, Offer
from policylib.matching.proposing import Proposals, propose
from policylib.model.facts import Code, Tree, Vocabulary
from policylib.model.measure import Measure
from policylib.text.outline import Outline

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
DATA = ROOT.parent / "shared" / "data"
COUNTY = "990121"


def read(text: str, region: str | None = COUNTY) -> Proposals:
    return propose(text, vocabulary=vocabulary(), region=region)


def facts(text: str, region: str | None = COUNTY) -> list[str]:
    return [each for one in read(text, region).evidence for each in said(one, vocabulary())]


def left(text: str) -> list[tuple[str, str]]:
    found = read(text)
    every = [*found.leftover, *(each for one in found.proposals for each in one.leftover)]
    return [(each.quote, each.reason) for each in every]


ALLOWANCE = """第四条　同时符合下列条件的，可以申请护理津贴：
（一）具有本县户籍；
（二）年满60周岁；
（三）未被列入经营异常名录；
（四）经村里评议认为表现良好。
第五条　有下列情形之一的，不予发放：
（一）已领取基本养老金的；
（二）子女有赡养能力且不履行的。
第六条　护理津贴按照下列标准发放：
（一）60周岁以上不满80周岁的，每人每月100元；
（二）80周岁以上的，每人每月200元。
"""


def test_a_clause_with_its_exclusions_and_its_scale_is_one_measure() -> None:
    (proposal,) = read(ALLOWANCE).proposals
    measure = proposal.measure
    assert (measure.title, measure.kind, measure.subject) == ("护理津贴", "津贴", "person")
    assert [(each.quote, str(each.provision)) for each in proposal.evidence][:2] == [
        ("具有本县户籍", "第四条第一款第（一）项"),
        ("年满60周岁", "第四条第一款第（二）项"),
    ]
    assert "!领取基本养老金" in facts(ALLOWANCE)
    assert measure.amount is not None
    assert measure.amount.per == "月"
    matcher = Matcher(vocabulary(), [Offer("办法", measure)])
    old = {"户籍地": COUNTY, "出生日期": "1940-01-01", "领取基本养老金": False}
    (answer,) = matcher.match({"subject": "person", "facts": old}, on=ON)
    assert answer.verdict == "可能符合"
    assert answer.amount is not None
    assert answer.amount.value == 200


def test_what_is_not_certain_is_left_with_its_words_and_a_reason() -> None:
    said_ = dict(left(ALLOWANCE))
    assert said_["未被列入经营异常名录"] == "“经营异常名录”不是个人的事实，请人工填写"
    assert any("表现良好" in words for words in said_)
    assert any("赡养能力" in words for words in said_)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对年满60周岁的本县户籍老年人，给予补贴。", ["年龄>=60", "户籍地@"]),
        ("80周岁以上（含80周岁）的，发放津贴100元。", ["年龄>=80"]),
        ("35周岁（不含）以下的人员，可以申请补贴。", ["年龄<35"]),
        ("年龄在16周岁（含）至24周岁（含）之间的登记失业人员，给予补贴。", ["年龄>=16", "年龄<=24", "失业登记"]),
        ("女性年满40周岁、男性年满50周岁的，给予补贴。", ["|性别=女", "|年龄>=40", "|性别=男", "|年龄>=50"]),
        ("户籍在青山县的低保对象、特困人员，可以申请救助。", ["户籍地@", "|低保在保", "|特困供养"]),
        ("对非本县户籍的居民，给予补贴。", ["!户籍地@"]),
        ("最低生活保障家庭中的残疾人，给予补贴。", ["低保在保", "持有残疾人证"]),
        ("三级智力、三级精神残疾人，给予补贴。", ["持有残疾人证", "残疾等级=3", "残疾类别 has 智力,精神"]),
        ("共同生活的家庭成员人均收入低于当地最低生活保障标准的家庭，给予救助。", ["家庭人均月收入<低保标准"]),
        ("人均收入不超过低保标准2倍的家庭，给予救助。", ["家庭人均月收入<=低保标准*2"]),
        ("退役3年以内的退役军人，可以申请补贴。", ["今<=退役日期+3年", "退役军人"]),
        ("毕业5年内的高校毕业生，可以申请补贴。", ["今<=毕业日期+5年", "高校毕业生"]),
        ("本科及以上学历的人员，可以申请补贴。", ["学历 in 博士,本科,硕士"]),
        ("具有中级及以上专业技术职称的，可以申请补贴。", ["职称 in 中级,副高级,正高级"]),
        ("在本县连续缴纳社会保险6个月以上的，可以申请补贴。", ["参保地@", "连续缴费月数>=6"]),
        ("连续足额缴存住房公积金满半年的，可以申请贷款。", ["公积金连续缴存月数>=6"]),
        ("在本县登记注册满6个月的小微企业，可以申请贴息。", ["注册地@", "今>=成立日期+6个月", "小微企业"]),
        ("对年销售收入2000万元以上的高新技术企业，奖励10万元。", ["营业收入>=2000", "高新技术企业"]),
        ("裁员率不高于5.5%的企业，给予返还补贴。", ["裁员率<=5.5"]),
    ],
)  # fmt: skip
def test_phrases_of_the_field(text: str, expected: list[str]) -> None:
    found = facts(f"第二条　{text}")
    assert sorted(value.replace("11/2", "5.5") for value in found) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "年满60周岁的父母，由其子女申请补贴。",
        "抚养未满3周岁子女的职工，可以申请补贴。",
        "与用人单位签订3年以上劳动合同，或者创业满1年的，可以申请补贴。",
        "配偶具有本县户籍的，可以申请补贴。",
        "本县户籍的老年人或者残疾人，可以申请补贴。",
        "对高校毕业生及各类技术人员，给予补贴。",
        "对大专以上学历及各类技术人员在本县就业的，给予补贴。",
        "对购买非首套新建商品住房的，给予补贴。",
        "购买首套或第二套住房的，可以申请贷款。",
        "基金会的分立、合并，给予补贴。",
        "一级伤残的，给予一次性补助。",
        "年满60周岁的，应当缴纳罚款。",
        "第九条　驾驶人应当符合下列条件：\n（一）年满18周岁；\n（二）身体健康。",
        "家庭农场服务中心的工作人员，给予补贴。",
        "贷款期限届满时借款人年龄不超过65周岁的，可以申请贷款。",
    ],
)
def test_nothing_is_guessed(text: str) -> None:
    assert facts(text if text.startswith("第") else f"第二条　{text}") == []


def test_an_exception_behind_the_offer_is_left() -> None:
    text = "第二条　具有本县户籍的，可以申请补贴，但已死亡的除外。"
    assert facts(text) == ["户籍地@"]
    assert left(text) == [("可以申请补贴，但已死亡的除外", "有例外情形，请人工填写")]


def test_who_gets_nothing() -> None:
    text = (
        "第二条　对高新技术企业，给予奖励。\n"
        "第三条　被列入经营异常名录或者严重违法失信名单的，不予奖励。"
    )
    assert facts(text) == ["高新技术企业", "!经营异常名录", "!严重失信主体"]
    (proposal,) = read(text).proposals
    assert proposal.whole


def test_cases_of_one_fact_are_left_together() -> None:
    text = (
        "第二条　申请奖励的企业应当符合下列条件：\n（一）甲类企业资产总额不超过100万元；\n"
        "（二）资产总额不超过300万元，营业收入在2亿元以上的，不超过500万元；\n（三）具有独立法人资格。"
    )
    assert facts(text) == ["法人资格"]


def test_without_a_district_this_county_is_left() -> None:
    text = "第二条　具有本县户籍的老年人，给予津贴。"
    assert facts(text, region=None) == ["老年人"]
    (proposal,) = read(text, region=None).proposals
    assert "行政区划代码未知" in proposal.leftover[0].reason


@pytest.mark.parametrize(
    ("words", "region", "code"),
    [("本县", COUNTY, COUNTY), ("本市", COUNTY, "9901"), ("本省", COUNTY, "99"),
     ("本市", "990181", "990181"), ("南浦县", COUNTY, "990221"), ("江城", None, "990100")],
)  # fmt: skip
def test_which_district_is_meant(words: str, region: str | None, code: str) -> None:
    (one,) = read(f"第二条　具有{words}户籍的，给予津贴。", region).evidence
    assert one.condition == {"fact": "户籍地", "under": [code]}


def test_words_that_do_not_include_the_figure_here() -> None:
    text = "第二条　80周岁以上的，给予津贴。\n第三条　本办法所称“以上”不包括本数。"
    assert facts(text) == ["年龄>80"]


def test_a_fact_that_the_vocabulary_lacks_is_left() -> None:
    small = Vocabulary(facts=tuple(each for each in vocabulary().facts if each.name == "性别"))
    found = propose("第二条　具有独立法人资格的，给予奖励。", vocabulary=small)
    assert not found.proposals
    assert found.leftover[0].reason == "词表中没有事实“法人资格”"


def test_proposals_are_json() -> None:
    found = read(ALLOWANCE)
    assert Proposals.model_validate_json(found.model_dump_json()) == found


# -- any text ------------------------------------------------------------------------------------

_WORDS = ["年满60周岁", "具有本县户籍", "残疾人", "低保对象", "或者", "、", "，", "且", "的", "。", "\n",
          "可以申请补贴", "（一）", "（二）", "符合下列条件：", "不予补贴", "每人每月100元", "但", "第二条　",
          "一、", "除外", "企业", "登记满6个月", "本科学历", "甲", "：", "；", "\x00", "\ud800", "（", "）",
          "10万元", "不超过", "|", "标准为：", "其中", "是指", "分别", "9" * 20, "适用于", "对", "给予"]  # fmt: skip


@given(st.lists(st.sampled_from(_WORDS), max_size=60).map("".join) | st.text(max_size=200))
def test_every_quote_stands_where_it_is_said_to(text: str) -> None:
    found = read(text)
    outline = Outline.parse(text)
    plain = re.sub("[\ud800-\udfff]", "\ufffd", text)
    every: list[Any] = [*found.evidence, *found.leftover]
    for proposal in found.proposals:
        assert Measure.model_validate_json(proposal.measure.model_dump_json()) == proposal.measure
        every += proposal.leftover
    for each in every:
        assert each.quote == plain[slice(*each.span)]
        assert each.provision is None or each.provision in outline


@pytest.mark.parametrize(
    "text",
    ["补贴" + "残疾人或" * 20_000, "（" * 50_000 + "补贴", "符合下列条件的，给予补贴：\n" * 3_000,
     "1" * 100_000 + "元补贴", "：1." * 20_000 + "补贴", "年满60周岁，" * 20_000 + "给予补贴"],
)  # fmt: skip
def test_hostile_texts_are_read(text: str) -> None:
    assert read(text)


# -- figures -------------------------------------------------------------------------------------


def score_of_samples() -> Score:
    """The labelled facts of the sample documents."""
    score = Score()
    labels = yaml.safe_load((HERE / "proposed_samples.yaml").read_text("utf-8"))
    for name, wanted in labels.items():
        text = (ROOT / "sample_docs" / "released" / f"{name}.md").read_text("utf-8")
        body = text.split("\n---\n", 1)[1]
        found = propose(body, vocabulary=vocabulary(), region="349921").evidence
        score.count((x for each in found for x in said(each, vocabulary())), wanted, where=name)
    return score


def test_precision_on_the_sample_documents() -> None:
    score = score_of_samples()
    assert score.precision >= 0.9, score.wrong
    assert score.recall >= 0.8, score.missed


def texts() -> Iterator[tuple[str, str, str]]:
    """Texts of the shared data with their names and districts."""
    path = DATA / "realestate_policy" / "dev.jsonl"
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield f"realestate_policy/dev.jsonl#{row['id']}", row["text"], row["region"] or ""
    for folder in ("laws", "gov_policy/md"):
        for each in sorted((DATA / folder).rglob("*.md")):
            yield str(each.relative_to(DATA)), each.read_text("utf-8"), ""


def score_of_data(half: str) -> tuple[Score, int]:
    """The labelled clauses of the shared data, of which one half was not looked at."""
    lines = (HERE / "proposed_data.jsonl").read_text("utf-8").splitlines()
    wanted: dict[str, list[dict[str, Any]]] = {}
    for row in map(json.loads, lines):
        if row["half"] == half:
            wanted.setdefault(row["file"], []).append(row)
    score, seen = Score(), 0
    for name, text, region in texts():
        key = hashlib.sha256(name.encode()).hexdigest()[:12]
        if key not in wanted:
            continue
        found = propose(text, vocabulary=_named(region), region="980100").evidence
        for row in wanted[key]:
            start, end = row["span"]
            digest = hashlib.sha256(text[start:end].encode()).hexdigest()[:12]
            assert digest == row["digest"], "标注所在的文字变了"
            inside = [each for each in found if start <= each.span[0] < end]
            proposed = (x for each in inside for x in said(each, vocabulary()))
            score.count(proposed, row["facts"], where=key)
            seen += 1
    return score, seen


@pytest.mark.skipif(not DATA.is_dir(), reason="没有 ../shared/data")
@pytest.mark.parametrize("half", ["tuned", "held"])
def test_precision_on_real_texts(half: str) -> None:
    score, seen = score_of_data(half)
    assert seen >= 70
    assert score.precision >= 0.9, score.wrong


def _named(region: str) -> Vocabulary:
    """The vocabulary with the names of a district of the data under invented codes."""
    short = re.sub("^.{2,8}?(?:省|自治区)", "", region)
    names = dict.fromkeys(re.findall(r".{2,8}?(?:自治州|市|县|区|州(?!市))", short))
    codes = tuple(
        Code(tree=Tree.REGION, code=f"98010{at}", name=name) for at, name in enumerate(names)
    )
    return vocabulary().extended(Vocabulary(codes=codes)) if codes else vocabulary()
