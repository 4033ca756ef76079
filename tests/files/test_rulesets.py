"""Rule-set files: those that are shipped, one's own, and those that must be refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from policylib.errors import ParseError
from policylib.files.rulesets import (
    load_calendar,
    load_ruleset,
    load_rulesets,
    shipped_rulesets,
)
from policylib.model.ruleset import Basis, Duty, RuleSet, SyncVariant
from policylib.text.workdays import Counted

SHARED = Path(__file__).parents[3] / "shared" / "data"
SHIPPED = {name: load_ruleset(name) for name in shipped_rulesets()}
FOLDER = Path(load_ruleset.__globals__["_RULES"])

COUNTED = {  # rules, of them verified
    "anhui-liuan-assessment": (4, 0),
    "anhui-old-149": (3, 0),
    "local-practice": (4, 0),
    "national-baseline": (28, 23),
    "seed-meishan": (1, 0),
    "shandong-sft": (3, 0),
    "shanghai-26": (9, 0),
}


def test_the_shipped_rule_sets() -> None:
    found = {
        name: (len(each.rules), sum(rule.verified for rule in each.rules))
        for name, each in SHIPPED.items()
    }
    assert found == COUNTED
    assert load_rulesets(FOLDER) == SHIPPED
    assert load_ruleset(FOLDER / "seed-meishan.yaml") is SHIPPED["seed-meishan"]


def test_the_page_lists_what_is_shipped() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \|.*\| (\d+) \| (\d+) \| [^|]*\|$", page, re.MULTILINE)
    assert {name: (int(rules), int(verified)) for name, rules, verified in rows} == COUNTED


def test_the_page_s_own_rule_set_can_be_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
    rules, years = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert load_ruleset(write(tmp_path, rules)).rules[0].may_block
    assert load_calendar(write(tmp_path, years)).covers(2027)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_rule_has_its_basis_and_source(name: str) -> None:
    each = SHIPPED[name]
    assert each.id == name
    for rule in each.rules:
        assert rule.basis
        assert rule.source
        assert rule.verified is (rule.source == "全文核对"), rule.id
        assert rule.verified or re.match("网页转载|工作总结|通行做法", rule.source), rule.id
        if rule.verified:
            assert rule.valid_from, rule.id
            assert all(basis.quote and basis.article for basis in rule.basis), rule.id


def test_lineage_of_the_seeds_practice() -> None:
    meishan = SHIPPED["seed-meishan"]
    assert [each.id for each in meishan.lineage()] == [
        "seed-meishan",
        "anhui-liuan-assessment",
        "national-baseline",
    ]
    assert [level.role for level in meishan.chain("三级审核").levels] == [  # type: ignore[union-attr]
        "办公室负责人",
        "分管领导",
        "主要领导",
    ]
    assert [chain.name for chain in meishan.chains] == ["三级审核", "三审", "凉泉三审", "太慈两级"]
    assert meishan.chain("五审") is None
    assert meishan.rule("没有") is None
    first, second = meishan.interpretations[:2]
    assert first.sync is SyncVariant.DEPLOY
    assert second.sync is SyncVariant.RELEASE
    assert first.non_text_percent == 50
    assert [len(each.elements) for each in meishan.interpretations] == [3, 0, 3, 8]
    assert SHIPPED["shandong-sft"].renewal_restarts is True
    assert SHIPPED["anhui-liuan-assessment"].formats[0].formats == ("WORD", "PDF")


# -- what is quoted stands in the text ---------------------------------------------------------

TEXTS = {
    "规章制定程序条例": "laws/行政法规/规章制定程序条例(2017-12-22).md",
    "行政法规制定程序条例": "laws/行政法规/行政法规制定程序条例(2017-12-22).md",
    "中华人民共和国立法法": "laws/宪法相关法/立法法(2023-03-13).md",
    "法规规章备案审查条例": "laws/行政法规/法规规章备案审查条例(2024-08-30).md",
    "重大行政决策程序暂行条例": "laws/行政法规/重大行政决策程序暂行条例(2019-04-20).md",
    "中华人民共和国政府信息公开条例": "laws/行政法规/政府信息公开条例(2019-04-03).md",
    "国务院办公厅关于全面推行行政规范性文件合法性审核机制的指导意见": "gov_policy/md/国办发〔2018〕115号_"
    "国务院办公厅关于全面推行行政规范性文件合法性审核机制的指导意见.md",
}


def quoted() -> Iterator[tuple[str, Basis]]:
    for each in SHIPPED.values():
        for rule in each.rules:
            if rule.verified:
                yield from ((rule.id, basis) for basis in rule.basis)
        for procedure in each.procedures:
            for step in procedure.steps:
                if step.verified:
                    name = f"{procedure.document_class}-{step.name}"
                    yield from ((name, basis) for basis in step.basis)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the texts of the laws are not here")
@pytest.mark.parametrize(("name", "basis"), list(quoted()), ids=str)
def test_every_verified_quotation_stands_in_its_article(name: str, basis: Basis) -> None:
    text = (SHARED / TEXTS[basis.title]).read_text("utf-8")
    assert basis.quote
    assert basis.quote in text
    assert basis.article
    article = basis.article.removeprefix("二")
    mark = article if article.startswith("（") else f"{article} "
    heads = (
        r"^（[一二三四五六七八九十]+）"
        if article.startswith("（")
        else r"^第[〇零一二三四五六七八九十百]+条 "
    )
    starts = [found.start() for found in re.finditer(heads, text, re.MULTILINE)]
    found = [start for start in starts if text.startswith(mark, start)]
    ends = [next((s for s in starts if s > start), len(text)) for start in found]
    assert any(basis.quote in text[a:b] for a, b in zip(found, ends, strict=True)), name


# -- one's own ----------------------------------------------------------------------------------

RULE = """\
  - id: 解读
    title: 政策解读发布
    duty: 解读时限
    bound: 应在…内
    figure: 2
    unit: 工作日
    anchor: 公布
    basis: [{title: 青禾县做法}]
    source: 县政府办公室
"""
HEAD = "id: qinghe\ntitle: 青禾县规则\n"


def write(folder: Path, text: str, name: str = "qinghe.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_county_writes_its_own_over_a_shipped_one(tmp_path: Path) -> None:
    text = f"# 注释\n{HEAD}extends: seed-meishan\nrules:\n{RULE}"
    found = load_ruleset(write(tmp_path, text))
    assert [each.id for each in found.lineage()][:2] == ["qinghe", "seed-meishan"]
    assert found.rules[0].duty is Duty.INTERPRETATION
    assert found == load_ruleset(str(tmp_path / "qinghe.yaml"))
    assert load_rulesets(tmp_path) == {"qinghe": found}
    assert RuleSet.model_validate(found.model_dump()) == found


def test_rule_sets_of_a_folder_extend_each_other(tmp_path: Path) -> None:
    write(tmp_path, "id: town\ntitle: 某镇\nextends: qinghe\n", "town.yaml")
    write(tmp_path, f"{HEAD}extends: national-baseline\n", "qinghe.yml")
    lineage = ["town", "qinghe", "national-baseline"]
    assert [each.id for each in load_rulesets(tmp_path)["town"].lineage()] == lineage
    assert [each.id for each in load_ruleset(tmp_path / "town.yaml").lineage()] == lineage


def change(old: str, new: str) -> str:
    assert old in RULE
    return f"{HEAD}rules:\n{RULE.replace(old, new)}"


SECOND = RULE.replace("解读\n", "解读二\n", 1)
TWO = f"{HEAD}rules:\n{RULE}{SECOND}"
BAD = (
    ("键拼错", change("figure", "figur"), ["qinghe.yaml", "“解读”的", "不认识的键“figur”", "缺少“figure”"]),
    ("顶层键拼错", f"{HEAD}rule: []\n", ["不认识的键“rule”", "docs/rules.md"]),
    ("没有标识", "title: 甲\n", ["缺少“id”"]),
    ("零", change("figure: 2", "figure: 0"), ["“解读”的", "“figure”的值“0”", "应大于零"]),
    ("负数", change("figure: 2", "figure: -3"), ["应大于零"]),
    ("不是数", change("figure: 2", "figure: 两"), ["应为整数"]),
    ("不认识的单位", change("工作日", "周"), ["不认识的单位“周”", "工作日"]),
    ("不认识的事项", change("解读时限", "解读期"), ["“duty”", "解读时限"]),
    ("没有依据", change("[{title: 青禾县做法}]", "[]"), ["“basis”", "不能为空"]),
    ("没有来源", change("    source: 县政府办公室\n", ""), ["缺少“source”"]),
    ("已核实而无原文", f"{HEAD}rules:\n{RULE}    verified: true\n", ["“解读”的", "摘录依据原文"]),
    ("核实不是真假", f"{HEAD}rules:\n{RULE}    verified: 也许\n", ["应为 true 或 false"]),
    ("期限倒置", f"{HEAD}rules:\n{RULE}    valid_from: 2026-02-01\n    valid_to: 2026-01-31\n",
     ["适用止日2026-01-31早于适用起日2026-02-01"]),
    ("没有的日子", f"{HEAD}valid_from: 2026-02-30\n", ["valid_from", "只有1日至28日"]),
    ("选项不含数值", f"{HEAD}rules:\n{RULE}    choices: [1, 3]\n", ["choices"]),
    ("标识有斜线", "id: a/b\ntitle: 甲\n", ["“id”", "斜线"]),
    ("继承未知", f"{HEAD}extends: 没有的\n", ["没有“qinghe”所继承的规则集“没有的”", "national-baseline"]),
    ("继承自己", f"{HEAD}extends: qinghe\n", ["循环", "qinghe → qinghe"]),
    ("自带上级", f"{HEAD}parent: {{id: a, title: b}}\n", ["不认识的键“parent”"]),
    ("与随库同名", "id: national-baseline\ntitle: 甲\n", ["随库规则集相同", "extends"]),
    ("规则重复", f"{HEAD}rules:\n{RULE}{RULE}", ["规则标识“解读”重复出现"]),
    ("数值矛盾", TWO.replace("figure: 2", "figure: 3", 1), ["自相矛盾", "3个工作日", "2个工作日"]),
    ("同义约束矛盾", TWO.replace("figure: 2", "figure: 3", 1).replace("应在…内", "不超过", 1), ["自相矛盾"]),
    ("下限大于上限", TWO.replace("应在…内", "不少于", 1).replace("figure: 2", "figure: 9", 1),
     ["自相矛盾", "不少于9个工作日", "大于"]),
    ("跨单位下限大于上限", TWO.replace("应在…内", "不少于", 1).replace("figure: 2\n    unit: 工作日", "figure: 3\n    unit: 月", 1),
     ["不少于3个月", "大于"]),
    ("默认超过上限",
     TWO.replace("解读时限\n    bound: 应在…内", "有效期默认\n    bound: 默认", 1)
     .replace("解读时限", "有效期上限").replace("figure: 2", "figure: 6", 1).replace("工作日", "年"),
     ["默认6年", "大于", "应在…内2年"]),
    ("环节重复", f"{HEAD}procedures:\n  - document_class: 规章\n    source: 甲\n    steps: [{{name: 听证}}, {{name: 听证}}]\n",
     ["“规章”的", "环节“听证”重复"]),
    ("归入条件空", f"{HEAD}procedures:\n  - document_class: 规章\n    source: 甲\n    documents: [{{types: []}}]\n    steps: [{{name: 听证}}]\n",
     ["至少写一个条件"]),
    ("审核链同级", f"{HEAD}chains:\n  - name: 甲\n    source: 乙\n    levels: [{{name: 初审}}, {{name: 初审}}]\n",
     ["同名的层级"]),
    ("比例过大", f"{HEAD}interpretations:\n  - {{name: 甲, source: 乙, non_text_percent: 150}}\n", ["non_text_percent", "过大"]),
    ("页面要素不认识", f"{HEAD}formats:\n  - {{fields: [标题], source: 乙}}\n", ["文件头没有“标题”这个键"]),
    ("不是映射", "- id: 甲\n", ["规则文件“qinghe.yaml”", "键: 值"]),
    ("不是 YAML", f"{HEAD}rules: [\n", ["不是正确的 YAML"]),
    ("键重复", f"{HEAD}id: 乙\n", ["第 3 行", "重复出现“id”"]),
    ("锚点", f"{HEAD}note: &a 甲\n", ["第 3 行", "锚点"]),
    ("规则不是列表", f"{HEAD}rules: 无\n", ["“rules”", "应为列表"]),
)  # fmt: skip


@pytest.mark.parametrize(("text", "told"), [case[1:] for case in BAD], ids=[c[0] for c in BAD])
def test_what_is_wrong_is_said(tmp_path: Path, text: str, told: list[str]) -> None:
    with pytest.raises(ParseError) as caught:
        load_ruleset(write(tmp_path, text))
    assert all(words in str(caught.value) for words in told), str(caught.value)


def test_rules_that_follow_each_other_do_not_contradict(tmp_path: Path) -> None:
    first = RULE.replace("figure: 2", "figure: 3") + "    valid_to: 2025-12-31\n"
    second = SECOND + "    valid_from: 2026-01-01\n"
    assert len(load_ruleset(write(tmp_path, f"{HEAD}rules:\n{first}{second}")).rules) == 2


def test_a_child_may_not_ask_more_than_its_parent_allows(tmp_path: Path) -> None:
    text = change("解读时限", "合法性审核时限").replace("应在…内", "不少于").replace("公布", "送审")
    text = text.replace("figure: 2", "figure: 20\n    applies_to: {classes: 行政规范性文件}")
    with pytest.raises(ParseError, match=r"不少于20个工作日.*大于.*不超过15个工作日"):
        load_ruleset(write(tmp_path, text.replace("rules:", "extends: national-baseline\nrules:")))


def test_an_unverified_rule_may_not_take_the_name_of_a_verified_one(tmp_path: Path) -> None:
    text = change("id: 解读", "id: disclosure").replace(
        "rules:", "extends: national-baseline\nrules:"
    )
    with pytest.raises(ParseError, match=r"不能替换上级规则集中已核实的同名规则"):
        load_ruleset(write(tmp_path, text))


def test_a_circle_of_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "id: a\ntitle: 甲\nextends: b\n", "a.yaml")
    write(tmp_path, "id: b\ntitle: 乙\nextends: a\n", "b.yaml")
    for load in (lambda: load_ruleset(tmp_path / "a.yaml"), lambda: load_rulesets(tmp_path)):
        with pytest.raises(ParseError, match=r"a → b → a"):
            load()


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path, HEAD, "a.yaml")
    write(tmp_path, HEAD, "b.yaml")
    with pytest.raises(ParseError, match=r"“a.yaml”与“b.yaml”的标识都是“qinghe”"):
        load_rulesets(tmp_path)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"没有规则集“上海”.*shanghai-26"):
        load_ruleset("上海")
    with pytest.raises(ParseError, match=r"读不出来"):
        load_ruleset(tmp_path / "没有.yaml")
    with pytest.raises(ParseError, match=r"找不到规则文件夹"):
        load_rulesets(tmp_path / "没有")
    (tmp_path / "utf16.yaml").write_bytes("id: a".encode("utf-16"))
    with pytest.raises(ParseError, match=r"UTF-16"):
        load_ruleset(tmp_path / "utf16.yaml")


# -- calendars ----------------------------------------------------------------------------------

YEAR = """\
- year: 2027
  numbers: [国办发明电〔2026〕1号]
  holidays:
    - {name: 元旦, first: 2027-01-01, last: 2027-01-03}
  working: [2026-12-26]
"""


def test_a_later_year_is_added(tmp_path: Path) -> None:
    calendar = load_calendar(write(tmp_path, YEAR))
    assert calendar.covers(2027)
    assert calendar.covers(2026)
    assert calendar.add(date(2026, 12, 31), 1) == Counted(date(2027, 1, 4))
    assert calendar.is_working_day(date(2026, 12, 26))
    assert not load_calendar().covers(2027)


def test_a_year_of_ones_own_goes_before_the_packaged_one(tmp_path: Path) -> None:
    text = YEAR.replace("2026-12-26", "2025-12-27").replace("2027", "2026")
    calendar = load_calendar(write(tmp_path, text))
    assert calendar.is_working_day(date(2026, 10, 1))


BAD_YEARS = (
    (f"{YEAR}{YEAR}", "2027年重复出现"),
    (YEAR.replace("2026-12-26", "2027-01-08"), "不是周末"),
    (YEAR.replace("2026-12-26", "2027-01-02"), "既放假又上班"),
    (YEAR.replace("last: 2027-01-03", "last: 2026-01-03"), "起止日期"),
    (YEAR.replace("numbers", "number"), "不认识的键“number”"),
    (YEAR.replace("[国办发明电〔2026〕1号]", ""), "缺少“numbers”"),
    (YEAR.replace("2027-01-01", "2027-13-01"), "月份应为1至12"),
    (YEAR.replace("- year: 2027", "- year: 明年"), "应为整数"),
    ("year: 2027\n", "列表"),
    ("- 2027\n", "键: 值"),
)


@pytest.mark.parametrize(("text", "told"), BAD_YEARS, ids=[each[1] for each in BAD_YEARS])
def test_a_calendar_that_cannot_be_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ParseError, match=r"工作日历文件“qinghe.yaml”") as caught:
        load_calendar(write(tmp_path, text))
    assert told in str(caught.value)
