"""A policy with what goes with it: released together or not at all, looked over when it changes."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest
from tests.library.office import act, clock, day, draft, released, to_stage

from policylib import Act, Library, NotFound, ParseError, Refused, Role, Stage

STAGES = ("起草", "审核", "签发")
EXPLAINED = """一、背景依据

依据上级规定制定。

二、目的意义

方便群众办事。

三、主要内容

规定了办理的条件、材料和时限。
"""


def explains(library: Library, papers: Path, name: str, *policies: str, **fields: object) -> str:
    relations = [{"kind": "解读", "target": each} for each in policies]
    fields = {"interpretation_form": "文字", "form": "解读", "kind": None, **fields}
    return draft(
        library, papers, name, EXPLAINED,
        title=f"{name}材料", type="政策解读", relations=relations, **fields,
    )  # fmt: skip


def release(library: Library, id: str, **more: object) -> None:
    act(library, Act.RELEASE, id, Role.PUBLISHER, **more)


@pytest.mark.parametrize(("whole", "part"), list(itertools.product(STAGES, STAGES)))
def test_the_pair_goes_out_together_or_not_at_all(
    library: Library, papers: Path, whole: str, part: str
) -> None:
    draft(library, papers, "停车", needs_interpretation=True)
    explains(library, papers, "停车解读", "停车")
    to_stage(library, "停车", whole)
    to_stage(library, "停车解读", part)
    before = [library.history(id) for id in ("停车", "停车解读")]
    if whole == part == "签发":
        release(library, "停车")
        first, second = (library.history(id)[-1] for id in ("停车", "停车解读"))
        assert second.position == first.position + 1
        assert first.detail["together"] == ["停车解读"]
        assert second.detail["released_with"] == "停车"
        assert library.document("停车").released_on == day("2026-03-02")
        assert library.document("停车解读").released_on == day("2026-03-02")
    else:
        for id in ("停车", "停车解读"):
            with pytest.raises(Refused):
                release(library, id)
        assert [library.history(id) for id in ("停车", "停车解读")] == before
    assert library.verify() == ()


def test_a_refusal_names_the_command(library: Library, papers: Path) -> None:
    draft(library, papers, "停车", needs_interpretation=True)
    to_stage(library, "停车", "签发")
    with pytest.raises(Refused) as none:
        release(library, "停车")
    assert "没有已签发的解读" in none.value.reasons[0]
    explains(library, papers, "停车解读", "停车")
    to_stage(library, "停车解读", "审核")
    with pytest.raises(Refused) as unsigned:
        release(library, "停车")
    assert "policylib act sign 停车解读" in "".join(unsigned.value.reasons)


def test_a_fault_of_the_interpretation_holds_back_both(library: Library, papers: Path) -> None:
    draft(library, papers, "停车", needs_interpretation=True)
    explains(library, papers, "停车解读", "停车", disclosure="不予公开")
    explains(library, papers, "早", "停车", released_on="2026-03-01")
    to_stage(library, "停车", "签发")
    to_stage(library, "早", "签发")
    with pytest.raises(Refused) as early:
        release(library, "停车")
    assert "一并公布的解读“早”：发布日期（2026-03-01）早于文件（2026-03-02）" in early.value.reasons
    assert library.document("停车").stage is Stage.SIGNED
    assert library.document("早").stage is Stage.SIGNED


def test_who_needs_none_goes_alone_and_the_interpretation_follows(
    library: Library, papers: Path
) -> None:
    draft(library, papers, "停车", needs_interpretation=False)
    explains(library, papers, "停车解读", "停车")
    to_stage(library, "停车解读", "签发")
    with pytest.raises(Refused, match="不能先于文件公布"):
        release(library, "停车解读")
    to_stage(library, "停车", "公布")
    assert library.document("停车解读").stage is Stage.SIGNED
    release(library, "停车解读")
    assert [each.id for each in library.interpretations("停车")] == ["停车解读"]


def test_a_rule_set_can_demand_it(where: Path, library: Library, papers: Path) -> None:
    draft(library, papers, "停车")
    to_stage(library, "停车", "签发")
    rules = papers.parent / "county.yaml"
    rules.write_text(
        "id: county\ntitle: 某县规则\nprocedures:\n"
        "  - document_class: 行政规范性文件\n    source: 某县\n"
        "    documents: [{types: 政策文件, forms: [办法]}]\n"
        "    steps: [{name: 解读, verified: true, basis: [{title: 某县规定, quote: 应当解读}]}]\n",
        "utf-8",
    )
    with Library.open(where, rules=rules) as strict, pytest.raises(Refused, match="需要解读"):
        release(strict, "停车")
    release(library, "停车")


def consults(library: Library, papers: Path, name: str, policy: str, **fields: object) -> str:
    return draft(
        library, papers, name, "现公开征求意见。" * 10, title=f"关于{name}公开征求意见的公告",
        type="意见征集", kind="公告", form="意见征集",
        relations=[{"kind": "征求意见", "target": policy}], **fields,
    )  # fmt: skip


def test_a_consultation_goes_before_its_policy_and_holds_it(
    where: Path, library: Library, papers: Path
) -> None:
    draft(library, papers, "停车")
    to_stage(library, "停车", "签发")
    consults(library, papers, "征集", "停车", opens_on="2026-03-02", closes_on="2026-04-01")
    consults(library, papers, "迟到的征集", "停车")
    to_stage(library, "征集", "公布")
    with pytest.raises(Refused, match="2026-04-01截止"):
        release(library, "停车")
    with Library.open(where, clock=clock("2026-04-02")) as later:
        release(later, "停车")
    to_stage(library, "迟到的征集", "签发")
    with pytest.raises(Refused, match="已经公布，不能再公开征求意见"):
        release(library, "迟到的征集")


def test_pairs_shows_everything_and_what_is_missing(library: Library, papers: Path) -> None:
    released(library, papers, "停车", released_on="2026-02-20")
    released(
        library, papers, "征集", "公开征求意见。", title="征集", type="意见征集", released_on="2025-12-01",
        opens_on="2025-12-01", closes_on="2026-01-05",
        relations=[{"kind": "征求意见", "target": "停车"}],
    )  # fmt: skip
    found = library.pairs("停车")
    assert [each.consultation.id for each in found.consultations] == ["征集"]
    assert len(found.missing) == 2
    assert "没有公布意见反馈" in found.missing[0]
    assert "没有解读" in found.missing[1]
    released(
        library, papers, "反馈", "意见采纳情况。", title="反馈", type="意见反馈", released_on="2026-01-20",
        relations=[{"kind": "意见反馈", "target": "征集"}],
        opinions=[{"text": "免费", "disposition": "采纳"},
                  {"text": "全县适用", "disposition": "未采纳", "reason": "先行试点"}],
    )  # fmt: skip
    explains(library, papers, "停车解读", "停车")
    assert "停车解读" in library.pairs("停车").missing[0]
    to_stage(library, "停车解读", "公布")
    found = library.pairs("停车")
    assert found.missing == ()
    assert str(found.consultations[0].counts) == "收到2条，采纳1条，部分采纳0条，未采纳1条"
    for id in ("征集", "反馈", "停车解读"):
        assert library.pairs(id) == found
    assert library.feedback_of("停车") == library.feedback_of("征集")
    assert [each.id for each in library.feedback_of("征集")] == ["反馈"]
    with pytest.raises(NotFound):
        library.pairs("没有")


def test_interpretations_are_looked_over_when_the_policy_changes(
    library: Library, papers: Path
) -> None:
    released(library, papers, "停车", released_on="2024-01-10", expires_on="2026-12-31")
    for name, provision in (("全文解读", None), ("第一条解读", "第一条")):
        relation = {"kind": "解读", "target": "停车"} | (
            {"provision": provision} if provision else {}
        )
        released(library, papers, name, EXPLAINED, type="政策解读", relations=[relation])
    assert library.stale_interpretations("停车") == ()
    released(
        library, papers, "决定", "一、将第二条修改为：“停车由县城管局负责。”", title="修改决定",
        released_on="2026-01-20", relations=[{"kind": "修改", "target": "停车"}],
    )  # fmt: skip
    found = library.stale_interpretations("停车")
    assert [(each.interpretation, each.provisions) for each in found] == [("全文解读", ("第二条",))]
    act(
        library, Act.AMEND, "停车", Role.PUBLISHER, on=day("2026-05-01"), note="县政府会议",
        body="第一条　为规范停车，制定本办法。\n\n第二条　停车由县人民政府负责。\n",
    )  # fmt: skip
    assert len(library.stale_interpretations("停车", on=day("2026-04-30"))) == 1
    found = library.stale_interpretations("停车", on=day("2027-01-01"))
    assert {(each.interpretation, each.since, each.provisions) for each in found} == {
        ("全文解读", day("2026-01-20"), ("第二条",)),
        ("全文解读", day("2026-05-01"), ("第一条",)),
        ("第一条解读", day("2026-05-01"), ("第一条",)),
        ("全文解读", day("2027-01-01"), ()),
        ("第一条解读", day("2027-01-01"), ()),
    }
    assert any("需要复核" in each for each in library.pairs("停车").missing)


def test_the_ratio_of_other_forms_than_text(library: Library, papers: Path) -> None:
    for number, form in enumerate(["文字", "长图", "短视频", None, "图解"]):
        released(
            library, papers, f"解读{number}", EXPLAINED, type="政策解读",
            released_on=f"2026-01-{10 + number}", interpretation_form=form,
        )  # fmt: skip
    found = library.interpretation_ratio(date(2026, 1, 10), date(2026, 1, 13))
    assert (found.total, found.non_text, found.text, found.unstated) == (4, 2, 1, 1)
    assert found.percent == 50.0
    assert found.forms == {"文字": 1, "图解": 1, "视频": 1}
    assert library.interpretation_ratio(date(2025, 1, 1), date(2025, 12, 31)).percent is None
    with pytest.raises(ParseError, match="早于"):
        library.interpretation_ratio(date(2026, 1, 2), date(2026, 1, 1))
