"""办理规程: the steps a document may not leave out, whose turn it is, and what is told afterwards."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.library.office import OFFICERS, act, clock, day, draft, found, paper, released, to_stage

from policylib import Act, Library, NotFound, ParseError, Refused, Role, Stage, Validity
from policylib.model.event import Evidence
from policylib.model.ruleset import StepName
from policylib.model.vocabulary import Conclusion

NORMATIVE = {"document_class": "行政规范性文件"}
TEXT = "第一条　为规范高龄津贴发放，制定本办法。\n"


@pytest.fixture
def office(where: Path) -> Library:
    return Library.create(where, clock=clock(), rules="seed-meishan")


def missing(library: Library, id: str, *, blocks: bool) -> list[str]:
    return [str(each.step) for each in library.missing_steps(id) if each.blocks is blocks]


# -- steps --------------------------------------------------------------------------------------


def test_what_a_verified_rule_demands_comes_first(library: Library, papers: Path) -> None:
    draft(library, papers, "办法", **NORMATIVE)
    assert missing(library, "办法", blocks=True) == ["合法性审核", "保密审查"]
    assert missing(library, "办法", blocks=False) == [
        "评估论证", "征求意见", "集体审议", "统一登记编号", "公布",
    ]  # fmt: skip
    for what, role, note in (
        (Act.DELIBERATE, Role.DRAFTER, "县政府第12次常务会议"),
        (Act.REVIEW, Role.REVIEWER, None),
    ):
        with pytest.raises(Refused, match="还没有办理“合法性审核”") as refusal:
            act(library, what, "办法", role, note=note)
        assert "policylib act legal-review 办法" in refusal.value.reasons[0]
        assert "未经合法性审核或者经审核不合法的文件，不得提交集体审议" in refusal.value.reasons[0]
    act(library, Act.LEGAL_REVIEW, "办法", Role.LEGAL_REVIEWER)
    act(library, Act.SECRECY_REVIEW, "办法", Role.SECRECY_REVIEWER)
    act(library, Act.DELIBERATE, "办法", Role.DRAFTER, note="县政府第12次常务会议")
    to_stage(library, "办法", "公布")
    assert missing(library, "办法", blocks=True) == []
    assert missing(library, "办法", blocks=False) == ["评估论证", "征求意见", "统一登记编号"]


def test_a_presumed_class_warns_and_never_blocks(library: Library, papers: Path) -> None:
    draft(library, papers, "办法", form="办法", tags=["行政规范性文件"])
    assert missing(library, "办法", blocks=True) == []
    assert "合法性审核" in missing(library, "办法", blocks=False)
    to_stage(library, "办法", "公布")
    draft(library, papers, "便函", form=None, kind="函")
    assert library.progress("便函") == ()


def test_a_text_sent_back_is_reviewed_anew(library: Library, papers: Path) -> None:
    draft(library, papers, "办法", **NORMATIVE)
    act(library, Act.STEP, "办法", Role.DRAFTER, step=StepName.APPRAISAL, note="评估报告")
    act(library, Act.LEGAL_REVIEW, "办法", Role.LEGAL_REVIEWER)
    act(library, Act.SECRECY_REVIEW, "办法", Role.SECRECY_REVIEWER)
    assert missing(library, "办法", blocks=True) == []
    act(library, Act.RETURN, "办法", Role.SECRECY_REVIEWER, note="第三条涉及内部数据")
    assert missing(library, "办法", blocks=True) == ["合法性审核", "保密审查"]
    assert "评估论证" not in missing(library, "办法", blocks=False)


def test_a_closed_consultation_shows_by_itself_that_the_public_was_asked(
    library: Library, papers: Path
) -> None:
    draft(library, papers, "办法", **NORMATIVE)
    with pytest.raises(Refused, match="没有本文件已截止的意见征集"):
        act(library, Act.CONSULT, "办法", Role.DRAFTER)
    tie = [{"kind": "征求意见", "target": "办法"}]
    released(library, papers, "征集", type="意见征集", opens_on="2026-01-01",
             closes_on="2026-01-31", relations=tie)  # fmt: skip
    by_step = {each.step: each for each in library.progress("办法")}
    assert by_step[StepName.CONSULTATION].done
    assert by_step[StepName.CONSULTATION].on == day("2026-01-31")
    assert act(library, Act.CONSULT, "办法", Role.DRAFTER).stage is Stage.CONSULTED
    with pytest.raises(Refused, match="没有本文件的意见反馈"):
        act(library, Act.ANSWER, "办法", Role.DRAFTER)
    released(library, papers, "又征集", type="意见征集", opens_on="2026-02-20",
             closes_on="2026-03-22", relations=tie)  # fmt: skip
    with pytest.raises(Refused, match="征求意见到2026-03-22截止"):
        act(library, Act.CONSULT, "办法", Role.DRAFTER)


def test_a_document_begins_with_its_proposal(library: Library, papers: Path) -> None:
    plan = paper(papers, "计划", title="青山县高龄津贴发放办法")
    library.import_files([plan], by="李明", released=False, proposed=True)
    assert library.document("计划").stage is Stage.PROPOSED
    assert found(library, "高龄津贴") == set()
    with pytest.raises(Refused, match="处于“立项”阶段"):
        act(library, Act.REVIEW, "计划", Role.REVIEWER)
    assert act(library, Act.DRAFT, "计划", Role.DRAFTER, body=TEXT).stage is Stage.DRAFTED
    assert library.edition("计划").body == TEXT


def test_what_an_act_rests_on_is_kept(library: Library, papers: Path) -> None:
    draft(library, papers, "办法")
    opinion = Evidence.of("合法性审核意见书.pdf", b"opinion")
    act(library, Act.LEGAL_REVIEW, "办法", Role.LEGAL_REVIEWER, evidence=[opinion],
        conclusion=Conclusion.PASSED_CHANGED, note="删去第五条")  # fmt: skip
    event = library.history("办法")[-1]
    assert event.detail["conclusion"] == "修改后通过"
    assert event.detail["evidence"] == [
        {
            "name": "合法性审核意见书.pdf",
            "size": 7,
            "sha256": hashlib.sha256(b"opinion").hexdigest(),
        }
    ]
    with pytest.raises(Refused, match="请用 return 退回"):
        act(library, Act.REVIEW, "办法", Role.REVIEWER, conclusion=Conclusion.FAILED)
    with pytest.raises(Refused, match="请写明会议名称"):
        act(library, Act.DELIBERATE, "办法", Role.DRAFTER)
    act(library, Act.RETURN, "办法", Role.REVIEWER)
    assert library.history("办法")[-1].detail["conclusion"] == "不通过"
    assert library.verify() == ()


def test_rules_of_ones_own(where: Path, papers: Path, tmp_path: Path) -> None:
    rules = tmp_path / "青山.yaml"
    rules.write_text(
        """id: 青山
title: 青山县规则
extends: national-baseline
procedures:
  - document_class: 其他文件
    documents: [{types: 政策文件, kinds: 通知}]
    source: 青山县政府办公室规定
    steps:
      - name: 专家论证
        basis: [{title: 青山县制文规定, article: 第五条, quote: 发文前应当经专家论证。}]
        verified: true
      - name: 公布
chains:
  - name: 两级
    applies_to: {kinds: 通知}
    levels: [{name: 初核, role: 股室负责人}, {name: 复核, role: 分管领导}, {name: 签发}]
    source: 青山县政府办公室规定
""",
        "utf-8",
    )
    with Library.create(where, clock=clock(), rules=rules) as library:
        draft(library, papers, "通知", form=None)
        with pytest.raises(Refused, match="还没有办理“专家论证”"):
            act(library, Act.REVIEW, "通知", Role.REVIEWER)
        act(library, Act.STEP, "通知", Role.DRAFTER, step=StepName.EXPERTS, note="3月1日论证会")
        assert library.act(Act.REVIEW, "通知", by="甲", role=Role.REVIEWER).stage == "审核"
        assert library.act(Act.REVIEW, "通知", by="乙", role=Role.REVIEWER).stage == "审核"
        assert library.act(Act.SIGN, "通知", by="丙", role=Role.SIGNER).stage == "签发"
        levels = [event.detail.get("level") for event in library.history("通知")]
        assert levels == [None, None, "初核", "复核", "签发"]


# -- chains -------------------------------------------------------------------------------------


@pytest.mark.parametrize("chain", ["三级审核", "三审", "凉泉三审", "太慈两级", "审核签发"])
def test_levels_are_held_in_order_by_one_person_each(where: Path, papers: Path, chain: str) -> None:
    with Library.create(where, clock=clock(), rules="seed-meishan", chain=chain) as library:
        draft(library, papers, "办法")
        levels = library._office().chain_of(library.document("办法")).levels
        for number, level in enumerate(levels[:-1]):
            if number:
                with pytest.raises(Refused, match="不能跳过直接签发"):
                    library.act(Act.SIGN, "办法", by="领导", role=Role.SIGNER)
                with pytest.raises(Refused, match="一人只能承担一级"):
                    library.act(Act.REVIEW, "办法", by="第0人", role=Role.REVIEWER)
            library.act(Act.REVIEW, "办法", by=f"第{number}人", role=Role.REVIEWER)
            assert library.history("办法")[-1].detail["level"] == level.name
        with pytest.raises(Refused, match="下一步是"):
            library.act(Act.REVIEW, "办法", by="又一人", role=Role.REVIEWER)
        with pytest.raises(Refused, match="一人只能承担一级"):
            library.act(Act.SIGN, "办法", by="第0人", role=Role.SIGNER)
        before = library.history("办法")
        library.act(Act.SIGN, "办法", by="领导", role=Role.SIGNER)
        assert library.history("办法")[:-1] == before
        assert library.history("办法")[-1].detail["chain"] == chain


def test_levels_begin_anew_with_a_new_text(office: Library, papers: Path) -> None:
    draft(office, papers, "办法")
    office.act(Act.REVIEW, "办法", by="甲", role=Role.REVIEWER)
    office.act(Act.RETURN, "办法", by="甲", role=Role.REVIEWER)
    office.act(Act.REVISE, "办法", by="李明", role=Role.DRAFTER, body=TEXT)
    office.act(Act.REVIEW, "办法", by="甲", role=Role.REVIEWER)
    with pytest.raises(Refused, match="一人只能承担一级"):
        office.act(Act.SIGN, "办法", by="甲", role=Role.SIGNER)


def test_a_chain_that_is_not_there(where: Path, papers: Path) -> None:
    with Library.create(where, clock=clock(), chain="九级审核") as library:
        draft(library, papers, "办法")
        with pytest.raises(ParseError, match="没有审核链“九级审核”，可用的有：审核签发"):
            act(library, Act.REVIEW, "办法", Role.REVIEWER)


# -- afterwards ---------------------------------------------------------------------------------


def test_a_withdrawn_document_says_why_it_is_gone(library: Library, papers: Path) -> None:
    draft(library, papers, "津贴", TEXT)
    to_stage(library, "津贴", "公布")
    with pytest.raises(Refused, match="撤回的原因"):
        act(library, Act.WITHDRAW, "津贴", Role.PUBLISHER)
    assert found(library, "高龄津贴") == {"津贴"}
    act(library, Act.WITHDRAW, "津贴", Role.PUBLISHER, note="附件含有个人信息")
    assert found(library, "高龄津贴") == set()
    with pytest.raises(NotFound, match="已于2026-03-02撤回：附件含有个人信息"):
        library.public_document("津贴")
    assert [(each.act, each.text) for each in library.statements("津贴")] == [
        (Act.WITHDRAW, "附件含有个人信息")
    ]
    assert library.edition("津贴").body.strip() == TEXT.strip()
    assert library.validity("津贴") is Validity.UNRELEASED
    act(library, Act.RETURN, "津贴", Role.SIGNER)
    assert library.statements("津贴") == ()
    assert library.verify() == ()


def test_a_correction_keeps_the_wrong_text_and_says_so(library: Library, papers: Path) -> None:
    draft(library, papers, "津贴", "第一条　每人每月6O元。\n")
    to_stage(library, "津贴", "公布")
    with pytest.raises(Refused, match="更正的内容和原因"):
        act(library, Act.CORRECT, "津贴", Role.PUBLISHER, body="第一条　每人每月60元。\n")
    act(library, Act.CORRECT, "津贴", Role.PUBLISHER, body="第一条　每人每月60元。\n",
        note="第一条“6O元”应为“60元”", fields={"contact": "0569-6220000"})  # fmt: skip
    assert [edition.body for edition in library.editions("津贴")] == [
        "\n第一条　每人每月6O元。\n", "第一条　每人每月60元。\n",
    ]  # fmt: skip
    assert library.edition("津贴", on=day("2026-03-02")).number == 2
    assert library.document("津贴").contact == "0569-6220000"
    assert library.history("津贴")[-1].detail["corrects"] == 1
    assert library.statements("津贴")[0].text == "第一条“6O元”应为“60元”"
    assert "更正" in [entry.title for entry in library.public_timeline("津贴").entries]


def test_a_correction_passes_the_same_gate(library: Library, papers: Path) -> None:
    draft(library, papers, "津贴", TEXT)
    to_stage(library, "津贴", "公布")
    with pytest.raises(Refused, match="公民身份号码"):
        act(library, Act.CORRECT, "津贴", Role.PUBLISHER, note="补充联系人",
            body="第一条　联系人：张三，身份证号110101199003078515。\n")  # fmt: skip
    assert len(library.editions("津贴")) == 1


# -- acts that rest on a decision ---------------------------------------------------------------


def test_renewed_suspended_resumed_and_revoked(library: Library, papers: Path) -> None:
    released(library, papers, "办法", effective_on="2022-01-01", expires_on="2026-12-31")
    note = {"note": "县政府第12次常务会议"}
    act(library, Act.RENEW, "办法", Role.PUBLISHER, on=day("2026-12-01"),
        until=day("2028-12-31"), **note)  # fmt: skip
    assert library.validity("办法", on=day("2028-12-31")) is Validity.IN_FORCE
    assert library.validity("办法", on=day("2029-01-01")) is Validity.LAPSED
    act(library, Act.SUSPEND, "办法", Role.PUBLISHER, on=day("2027-01-01"), **note)
    assert library.validity("办法", on=day("2027-02-01")) is Validity.SUSPENDED
    act(library, Act.RESUME, "办法", Role.PUBLISHER, on=day("2027-03-01"), **note)
    assert library.validity("办法", on=day("2027-03-01")) is Validity.IN_FORCE
    with pytest.raises(Refused, match="没有暂停施行，不能恢复"):
        act(library, Act.RESUME, "办法", Role.PUBLISHER, on=day("2027-04-01"), **note)
    act(library, Act.PARTLY_REPEAL, "办法", Role.PUBLISHER, on=day("2027-05-01"),
        provision="第二条", **note)  # fmt: skip
    assert library.validity("办法", on=day("2027-05-01")) is Validity.PARTLY
    act(library, Act.REVOKE, "办法", Role.PUBLISHER, on=day("2022-01-01"), **note)
    assert library.validity("办法", on=day("2025-01-01")) is Validity.REVOKED
    assert library.verify() == ()


def test_a_declaration_of_lapse_may_wait_for_a_deadline(library: Library, papers: Path) -> None:
    released(library, papers, "甲", released_on="2020-01-01")
    released(library, papers, "乙", released_on="2020-01-01")
    note = {"note": "2026年清理决定"}
    act(library, Act.DECLARE_LAPSED, "甲", Role.PUBLISHER, on=day("2026-04-01"), **note)
    assert library.validity("甲", on=day("2026-04-01")) is Validity.LAPSED
    act(library, Act.DECLARE_LAPSED, "乙", Role.PUBLISHER, until=day("2026-12-31"), **note)
    assert library.validity("乙", on=day("2026-12-31")) is Validity.IN_FORCE
    assert library.validity("乙", on=day("2027-01-01")) is Validity.LAPSED


def test_what_is_over_is_not_renewed(library: Library, papers: Path) -> None:
    released(library, papers, "办法", effective_on="2020-01-01", expires_on="2024-12-31")
    for what in (Act.RENEW, Act.SUSPEND):
        with pytest.raises(Refused, match="已经失效"):
            act(library, what, "办法", Role.PUBLISHER, on=day("2026-04-01"), note="会议")
    with pytest.raises(Refused, match="应晚于现在的有效期"):
        act(library, Act.RENEW, "办法", Role.PUBLISHER, on=day("2024-12-01"),
            until=day("2024-12-31"), note="会议")  # fmt: skip
    with pytest.raises(Refused, match="请写明废止哪些条款"):
        act(library, Act.PARTLY_REPEAL, "办法", Role.PUBLISHER, on=day("2024-02-01"), note="会议")


# -- default terms ------------------------------------------------------------------------------

_DEFAULTS = """id: 青山
title: 青山县规则
extends: national-baseline
rules:
  - id: qingshan-default
    title: 有效期（未明确的）
    applies_to: {{classes: 行政规范性文件}}
    duty: 有效期默认
    bound: 默认
    figure: 5
    unit: 年
    anchor: 施行
    basis: [{{title: 青山县规范性文件办法, article: 第九条, quote: 未明确有效期的，有效期为5年。}}]
    source: 县政府规章全文
    verified: {verified}
  - id: qingshan-trial
    title: 试行文件有效期（未明确的）
    applies_to: {{classes: 行政规范性文件, title_words: [暂行, 试行]}}
    duty: 有效期默认
    bound: 默认
    figure: 2
    unit: 年
    anchor: 施行
    basis: [{{title: 青山县规范性文件办法, article: 第九条, quote: 暂行、试行的，有效期为2年。}}]
    source: 县政府规章全文
    verified: {verified}
"""


@pytest.mark.parametrize("verified", [True, False])
def test_a_document_without_a_term_has_that_of_the_rules(
    where: Path, papers: Path, tmp_path: Path, *, verified: bool
) -> None:
    rules = tmp_path / "青山.yaml"
    rules.write_text(_DEFAULTS.format(verified=str(verified).lower()), "utf-8")
    with Library.create(where, clock=clock(), rules=rules) as library:
        released(library, papers, "办法", effective_on="2021-01-01", **NORMATIVE)
        released(library, papers, "试行", title="青山县垃圾分类办法（试行）",
                 effective_on="2021-01-01", **NORMATIVE)  # fmt: skip
        for id, last in (("办法", "2025-12-31"), ("试行", "2022-12-31")):
            eve, after = day(last), day(last).replace(year=day(last).year + 1, month=1, day=1)
            assert library.validity(id, on=eve) is Validity.IN_FORCE
            expected = Validity.LAPSED if verified else Validity.IN_FORCE
            assert library.validity(id, on=after) is expected
            why = library.why(id, on=eve)
            assert "青山县规范性文件办法" in (why.next if not verified else why.coming.reason)  # type: ignore[union-attr]
        lapsed = library.search(validity=["失效"]).hits
        assert {hit.id for hit in lapsed} == ({"办法", "试行"} if verified else set())
        assert OFFICERS[Role.ROBOT] == "policylib"
