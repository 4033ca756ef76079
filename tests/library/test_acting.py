"""A document's whole life: who may do what and when, what it changes, and what stays as it was."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from tests.library.office import (
    ALLOWANCE,
    BRINGS,
    OFFICERS,
    act,
    at,
    clock,
    day,
    draft,
    found,
    paper,
    released,
    to_stage,
)

from policylib import (
    Act,
    Conflict,
    Document,
    Library,
    NotFound,
    ParseError,
    Refused,
    RelationKind,
    Role,
    Stage,
    Validity,
)
from policylib.model.ruleset import StepName
from policylib.workflow.transitions import TRANSITIONS, acts_from, diagram

STAGES = tuple(Stage)
PRODUCT = tuple(itertools.product(STAGES, Act, Role))
NEEDS: dict[Act, dict[str, object]] = {
    Act.REVISE: {"body": "第一条　改过的稿子。"},
    Act.AMEND: {
        "body": "第一条　修改后的文本。",
        "on": day("2026-06-01"),
        "note": "依据县政府会议",
    },
    **{
        what: {"on": day("2026-06-01"), "note": "依据县政府会议"}
        for what in (Act.REPEAL, Act.RENEW, Act.SUSPEND, Act.DECLARE_LAPSED, Act.REVOKE)
    },
    Act.RESUME: {"on": day("2026-06-01"), "note": "依据县政府会议", "provision": "第一条"},
    Act.PARTLY_REPEAL: {"on": day("2026-06-01"), "note": "县政府会议", "provision": "第一条"},
    Act.DRAFT: {"body": "第一条　初稿。"},
    Act.CORRECT: {"body": "第一条　更正后的文本。", "note": "第一条金额写错"},
    Act.STEP: {"step": StepName.EXPERTS, "note": "专家论证会"},
    Act.MEASURE: {"measures": [ALLOWANCE]},
    **BRINGS,
}


#: They need a relation that a text proposes; see test_tracing.py.
_ON_PROPOSALS = {Act.CONFIRM, Act.REJECT, Act.RETRACT}


@pytest.fixture
def at_stage(library: Library, papers: Path) -> dict[Stage, str]:
    """A document in each stage."""
    return {stage: at(library, papers, f"在{stage}", stage) for stage in STAGES}


def test_an_act_is_done_exactly_when_the_table_has_a_row(
    library: Library, papers: Path, at_stage: dict[Stage, str]
) -> None:
    rows = {(row.start, row.act, row.role): row.end for row in TRANSITIONS if row.start}
    rows = {row: end for row, end in rows.items() if row[1] not in _ON_PROPOSALS}
    del rows[Stage.REVIEWED, Act.REVIEW, Role.REVIEWER]  # the chain has one reviewer only
    done, refused = {}, list[tuple[str, ...]]()
    for number, (stage, what, role) in enumerate(PRODUCT):
        id = at_stage[stage]
        before, events = library.document(id), library.history(id)
        body = library.edition(id).body
        try:
            after = act(library, what, id, role, **NEEDS.get(what, {}))
        except Refused as refusal:
            refused += [refusal.reasons]
            assert library.document(id) == before
            assert library.history(id) == events
            assert library.edition(id).body == body
            continue
        done[stage, what, role] = after.stage
        assert after == library.document(id)
        assert after.version == before.version + 1
        last = library.history(id)[-1]
        assert (last.act, last.role, last.actor, last.stage, last.seq) == (
            what, role, OFFICERS[role], after.stage, len(events) + 1,
        )  # fmt: skip
        at_stage[stage] = at(library, papers, f"又一份{number}", stage)  # a fresh one
    assert done == rows
    assert len(refused) == len(PRODUCT) - len(rows)
    assert all(reasons and all(reasons) for reasons in refused)
    assert library.verify() == ()


def test_a_refusal_says_what_can_be_done_and_by_whom(
    library: Library, at_stage: dict[Stage, str]
) -> None:
    with pytest.raises(
        Refused, match="处于“起草”阶段，不能办理“公布”；现在可以办理：改稿、征求意见、"
    ):
        act(library, Act.RELEASE, at_stage[Stage.DRAFTED], Role.PUBLISHER)
    with pytest.raises(Refused, match="“签发”应由签发人办理，当前角色是审核人"):
        act(library, Act.SIGN, at_stage[Stage.REVIEWED], Role.REVIEWER)


def test_the_table_and_its_diagram_agree() -> None:
    arrows = {(row.start, row.end, row.act) for row in TRANSITIONS}
    assert diagram().count("-->") == len(arrows)
    assert acts_from(Stage.WITHDRAWN) == (Act.RETURN,)
    assert {row.act for row in TRANSITIONS if row.gated} == {
        Act.RELEASE, Act.CORRECT, Act.MEASURE,
    }  # fmt: skip


def test_only_what_is_released_is_found_by_the_public(library: Library, papers: Path) -> None:
    draft(library, papers, "高龄津贴", title="青山县高龄津贴发放办法")
    way = [
        (Act.REVISE, Role.DRAFTER, {"body": "第一条　高龄津贴按月发放。"}),
        (Act.REVIEW, Role.REVIEWER, {}),
        (Act.RETURN, Role.REVIEWER, {"note": "补充依据"}),
        (Act.REVISE, Role.DRAFTER, {"fields": {"tags": ["高龄"]}}),
        (Act.REVIEW, Role.REVIEWER, {}),
        (Act.SIGN, Role.SIGNER, {"fields": {"doc_number": "青政〔2026〕8号"}}),
        (Act.RETURN, Role.SIGNER, {}),
        (Act.REVIEW, Role.REVIEWER, {}),
        (Act.SIGN, Role.SIGNER, {}),
    ]
    for what, role, more in way:
        act(library, what, "高龄津贴", role, **more)
        for words in ("高龄津贴", "青政〔2026〕8号", "高龄津贴", ""):
            assert found(library, words) == set()
        assert found(library, "高龄津贴", staff=True) == {"高龄津贴"}
        with pytest.raises(NotFound):
            library.public_document("高龄津贴")
        assert library.validity("高龄津贴") is Validity.UNRELEASED
    document = act(library, Act.RELEASE, "高龄津贴", Role.PUBLISHER)
    assert (document.released_on, document.tags) == (day("2026-03-02"), ("高龄",))
    assert library.public_document("高龄津贴") == document
    for words in ("高龄津贴", "青政〔2026〕8号", "青政[2026]8号", "按月发放", ""):
        assert found(library, words) == {"高龄津贴"}
    acts = [event.act for event in library.history("高龄津贴")]
    assert acts == [Act.DRAFT, *(what for what, _, _ in way), Act.RELEASE]
    assert [event.seq for event in library.history("高龄津贴")] == list(range(1, len(acts) + 1))


def test_what_is_not_for_the_public_is_not_found_even_released(
    library: Library, papers: Path
) -> None:
    released(library, papers, "内部", disclosure="不予公开")
    released(library, papers, "申请", disclosure="依申请公开")
    assert found(library, "办法") == set()
    assert found(library, "办法", staff=True) == {"内部", "申请"}
    with pytest.raises(NotFound, match="没有公开的文件"):
        library.public_document("内部")


def test_errors_block_the_release_and_name_themselves(library: Library, papers: Path) -> None:
    draft(library, papers, "甲", "第一条　联系人：张三，身份证号110101199003078515。\n", issuers=[])
    to_stage(library, "甲", "签发")
    before, events = library.document("甲"), library.history("甲")
    with pytest.raises(Refused) as refusal:
        act(library, Act.RELEASE, "甲", Role.PUBLISHER)
    errors = [f for f in library.check_document(before, library.edition("甲").body)
              if f.severity == "错误"]  # fmt: skip
    assert errors
    assert len(refusal.value.reasons) >= len(errors)
    for finding in errors:
        assert any(r.startswith(finding.code) and finding.fix in r for r in refusal.value.reasons)
    assert (library.document("甲"), library.history("甲")) == (before, events)
    assert found(library, "甲") == set()


# -- amending -------------------------------------------------------------------------------------


def test_an_amendment_gives_the_text_of_the_day(library: Library, papers: Path) -> None:
    released(library, papers, "办法", "第一条　津贴每月一百元。\n")
    released(library, papers, "决定", released_on="2026-02-01", effective_on="2026-04-01")
    act(
        library, Act.AMEND, "办法", Role.PUBLISHER,
        body="第一条　津贴每月两百元。\n", made_by="决定",
    )  # fmt: skip
    for on, words in (("2020-01-01", "一百"), ("2026-03-31", "一百"), ("2026-04-01", "两百")):
        assert words in library.edition("办法", on=day(on)).body
    one, two = library.editions("办法")
    assert (one.number, two.number, two.effective_on) == (1, 2, day("2026-04-01"))
    assert two.made_by == "决定"
    kinds = [(r.subject_id, r.kind) for r in library.relations("办法")]
    assert kinds == [("决定", RelationKind.AMENDS)]
    assert library.validity("办法", on=day("2026-05-01")) is Validity.IN_FORCE
    assert library.verify() == ()


def test_search_looks_at_the_newest_text(library: Library, papers: Path) -> None:
    released(library, papers, "办法", "第一条　津贴每月一百元。\n")
    assert "一百" in library.search("每月津贴").hits[0].snippet
    act(
        library, Act.AMEND, "办法", Role.PUBLISHER,
        body="第一条　津贴每月两百元。\n", on=day("2026-03-01"), note="会议",
    )  # fmt: skip
    assert "两百" in library.search("每月津贴").hits[0].snippet


AMENDMENTS = (
    ("没有新正文", {"body": None}, "需要新的正文"),
    ("没有依据", {"note": None}, "请写明修改的依据"),
    ("没有日期", {"on": None}, "自哪一天起修改"),
    ("空正文", {"body": " \n"}, "正文为空"),
    ("正文有控制字符", {"body": "第一条\x00"}, "控制字符"),
    ("正文有半个字", {"body": "第一条\ud800"}, "控制字符"),
    ("早于文件本身", {"on": day("2023-01-01")}, "早于文件本身的日期（2024-01-10）"),
    ("改文件头", {"fields": {"title": "新"}}, "不能直接改文件头"),
    ("由自己作出", {"made_by": "办法"}, "不能修改或废止自己"),
    ("决定未公布", {"made_by": "草稿"}, "还没有公布"),
    (
        "早于决定施行",
        {"made_by": "决定", "on": day("2026-05-01")},
        "早于决定施行的日期（2026-06-01）",
    ),
)


@pytest.mark.parametrize("what", [Act.AMEND, Act.REPEAL])
@pytest.mark.parametrize(("case", "change", "told"), AMENDMENTS, ids=[c[0] for c in AMENDMENTS])
def test_a_wrong_amendment_or_repeal_changes_nothing(
    library: Library, papers: Path, *, what: Act, case: str, change: dict[str, object], told: str
) -> None:
    released(library, papers, "办法")
    released(library, papers, "决定", released_on="2026-02-01", effective_on="2026-06-01")
    draft(library, papers, "草稿")
    given: dict[str, object] = {"body": "新文", "on": day("2026-07-01"), "note": "会议", **change}
    if what is Act.REPEAL:
        if "body" not in change:
            del given["body"]
        told = {"需要新的正文": "", "请写明修改": "请写明废止"}.get(told, told).replace(
            "修改的", "废止的"
        )
        told = told.replace("起修改", "起废止")
        if case == "没有新正文":
            return
    before = library.document("办法"), library.history("办法"), library.editions("办法")
    with pytest.raises(Refused) as refusal:
        act(library, what, "办法", Role.PUBLISHER, **given)
    assert told in str(refusal.value)
    assert (library.document("办法"), library.history("办法"), library.editions("办法")) == before
    assert library.relations("办法") == ()


def test_an_unknown_maker_is_not_found(library: Library, papers: Path) -> None:
    released(library, papers, "办法")
    with pytest.raises(NotFound, match="没有的决定"):
        act(library, Act.REPEAL, "办法", Role.PUBLISHER, made_by="没有的决定")


def test_amendments_come_in_the_order_of_their_days(library: Library, papers: Path) -> None:
    released(library, papers, "办法")
    for on, text in (("2026-06-01", "二"), ("2026-06-01", "三"), ("2026-07-01", "四")):
        act(library, Act.AMEND, "办法", Role.PUBLISHER, body=text, on=day(on), note="会议")
    with pytest.raises(Refused, match="早于上一次修改生效的日期（2026-07-01）"):
        act(
            library, Act.AMEND, "办法", Role.PUBLISHER, body="五", on=day("2026-06-30"), note="会议"
        )
    texts = {on: library.edition("办法", on=day(on)).body for on in ("2026-06-01", "2026-07-01")}
    assert texts == {"2026-06-01": "三", "2026-07-01": "四"}


# -- repealing ------------------------------------------------------------------------------------


def test_a_repeal_works_from_its_day_and_the_text_stays(library: Library, papers: Path) -> None:
    released(library, papers, "办法")
    released(library, papers, "决定", released_on="2026-02-01", effective_on="2026-06-01")
    act(library, Act.REPEAL, "办法", Role.PUBLISHER, made_by="决定")
    for on, validity in (
        ("2026-05-31", "现行有效"),
        ("2026-06-01", "废止"),
        ("2030-01-01", "废止"),
    ):
        assert library.validity("办法", on=day(on)) == validity
        hits = library.search("办法管理", on=day(on), validity=validity).hits
        assert [hit.id for hit in hits if hit.id == "办法"] == ["办法"]
    assert library.public_document("办法").stage is Stage.RELEASED
    assert library.edition("办法", on=day("2030-01-01")).body
    step = library.steps("办法")[-1]
    assert (step.validity, step.made_by, step.start) == (
        Validity.REPEALED,
        "决定",
        day("2026-06-01"),
    )


def test_a_repeal_without_a_maker_stands_on_its_note(library: Library, papers: Path) -> None:
    released(library, papers, "办法")
    act(library, Act.REPEAL, "办法", Role.PUBLISHER, on=day("2026-06-01"), note="县政府会议纪要")
    assert library.validity("办法", on=day("2026-06-01")) is Validity.REPEALED
    assert library.steps("办法")[-1].reason == "自2026年6月1日起废止"
    assert library.history("办法")[-1].note == "县政府会议纪要"


# -- what does not belong to an act ---------------------------------------------------------------

MISFITS = (
    (Act.REVIEW, Role.REVIEWER, {"body": "新稿"}, "不能同时换正文"),
    (Act.REVIEW, Role.REVIEWER, {"on": day("2026-01-01")}, "不需要 --on"),
    (Act.REVIEW, Role.REVIEWER, {"made_by": "乙"}, "不需要 --on 和 --made-by"),
    (Act.REVISE, Role.DRAFTER, {}, "需要新的正文"),
    (Act.REVIEW, Role.REVIEWER, {"fields": {"titel": "甲"}}, "titel"),
    (Act.REVIEW, Role.REVIEWER, {"fields": {"stage": "公布"}}, "stage"),
    (Act.REVIEW, Role.REVIEWER, {"fields": {"id": "乙"}}, "id"),
    (Act.REVIEW, Role.REVIEWER, {"fields": {"relations": []}}, "relations"),
    (Act.REVIEW, Role.REVIEWER, {"fields": {"released_on": "2026-02-30"}}, "released_on"),
    (Act.REVIEW, Role.REVIEWER, {"fields": {"doc_number": "青政〔20XX〕1号"}}, "占位符"),
    (Act.REVIEW, Role.REVIEWER, {"fields": {"title": ""}}, "title"),
    (
        Act.REVIEW, Role.REVIEWER,
        {"fields": {"effective_on": "2026-05-01", "expires_on": "2026-04-01"}}, "早于施行日期",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("what", "role", "more", "told"), MISFITS)
def test_what_does_not_belong_to_an_act_is_refused(
    library: Library, papers: Path, *, what: Act, role: Role, more: dict[str, object], told: str
) -> None:
    draft(library, papers, "甲")
    draft(library, papers, "乙")
    before = library.document("甲")
    with pytest.raises(Refused, match=told):
        act(library, what, "甲", role, **more)
    assert library.document("甲") == before
    assert len(library.history("甲")) == 1


def test_a_number_already_taken_is_refused_at_signing(library: Library, papers: Path) -> None:
    released(library, papers, "旧", doc_number="青政〔2026〕8号")
    draft(library, papers, "新")
    to_stage(library, "新", "审核")
    with pytest.raises(Refused, match="已被文件“旧”使用"):
        act(library, Act.SIGN, "新", Role.SIGNER, fields={"doc_number": "青政[2026]8号"})
    assert library.document("新").stage is Stage.REVIEWED


NAMES = (
    ("  ", "请写明经办人"),
    ("甲\n乙", "不可见字符"),
    ("\ud800", "不可见"),
    ("长" * 101, "100 字"),
)


@pytest.mark.parametrize(("by", "told"), NAMES)
def test_an_officer_has_a_name(library: Library, papers: Path, by: str, told: str) -> None:
    draft(library, papers, "甲")
    with pytest.raises(Refused, match=told):
        library.act(Act.REVIEW, "甲", by=by, role=Role.REVIEWER)
    with pytest.raises(Refused, match=told):
        library.import_files([papers], by=by)


@pytest.mark.parametrize("note", ["长" * 501, "甲\x00乙", "\ud800"])
def test_a_note_is_plain_text(library: Library, papers: Path, note: str) -> None:
    draft(library, papers, "甲")
    with pytest.raises((Refused, ParseError)):
        act(library, Act.REVIEW, "甲", Role.REVIEWER, note=note)
    assert len(library.history("甲")) == 1


def test_a_time_has_its_zone(library: Library, papers: Path) -> None:
    from datetime import datetime

    draft(library, papers, "甲")
    with pytest.raises(Refused, match="at"):
        act(library, Act.REVIEW, "甲", Role.REVIEWER, at=datetime(2026, 3, 2, 9))  # noqa: DTZ001


def test_half_characters_are_nobodys_id(library: Library) -> None:
    for ask in (library.document, library.find_number, library.history):
        with pytest.raises((NotFound, ParseError)):
            ask("\ud800")
    assert library.search("\ud800津贴").total == 0


def test_an_unknown_document_is_not_found(library: Library) -> None:
    with pytest.raises(NotFound, match="没有的"):
        act(library, Act.REVIEW, "没有的", Role.REVIEWER)


def test_two_officers_at_once_one_is_told(library: Library, papers: Path, where: Path) -> None:
    """The second decides on what the first has changed meanwhile."""
    draft(library, papers, "甲")
    with Library.open(where, clock=clock()) as other:
        seen: list[Document] = []
        store = other._store()
        read = store.edition

        def first_someone_else(id: str, on: object = None) -> object:
            if not seen:
                seen.append(act(library, Act.REVIEW, "甲", Role.REVIEWER))
            return read(id)

        store.edition = first_someone_else  # type: ignore[method-assign,assignment]
        with pytest.raises(Conflict, match=r"已被他人变更.*重新读取"):
            act(other, Act.REVISE, "甲", Role.DRAFTER, body="新稿")
    assert library.document("甲").stage is Stage.REVIEWED
    assert len(library.editions("甲")) == 1
    assert library.verify() == ()


def test_a_decision_rests_on_its_maker_as_it_was_read(
    library: Library, papers: Path, where: Path
) -> None:
    released(library, papers, "办法")
    released(library, papers, "决定", released_on="2026-02-01")
    with Library.open(where, clock=clock()) as other:
        store = other._store()
        record = store.record

        def meanwhile(*arguments: object, **options: object) -> object:
            act(
                library,
                Act.AMEND,
                "决定",
                Role.PUBLISHER,
                body="改",
                on=day("2026-03-01"),
                note="更正",
            )
            return record(*arguments, **options)  # type: ignore[arg-type]

        store.record = meanwhile  # type: ignore[method-assign,assignment]
        with pytest.raises(Conflict):
            act(other, Act.REPEAL, "办法", Role.PUBLISHER, made_by="决定")
    assert library.validity("办法", on=day("2027-01-01")) is Validity.IN_FORCE


def test_what_is_due_in_the_library(library: Library, papers: Path) -> None:
    from datetime import timedelta

    released(library, papers, "到期", expires_on="2026-03-31")
    released(library, papers, "将行", effective_on="2026-03-02")
    released(library, papers, "延续了", expires_on="2026-03-31")
    released(
        library, papers, "延续", expires_on="2027-12-31",
        relations=[{"kind": "延续", "target": "延续了"}],
    )  # fmt: skip
    draft(library, papers, "草稿", expires_on="2026-03-31")
    found = library.due(within=timedelta(days=60))
    assert [(o.document, str(o.due_on), o.state) for o in found] == [
        ("将行", "2026-03-02", "今日"),
        ("到期", "2026-03-31", "待办"),
    ]
    paper(papers, "x")
