"""Recording: one way in, all or nothing, nobody's work lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.county import AT, OFFICE, change, document, relation, released, revised

from policylib.errors import Conflict, NotFound, ParseError, Refused
from policylib.model.document import Edition
from policylib.model.event import GENESIS, Record
from policylib.model.organ import Organ
from policylib.model.vocabulary import Act, DocumentType, RelationKind, Role, Stage
from policylib.store.sql import ORGANS, SqlStore


def test_a_drafted_document_comes_back_as_it_was(store: SqlStore) -> None:
    draft = document(
        "养老补贴",
        doc_number="青政办〔2024〕12号",
        issuers=(OFFICE, "青山县民政局"),
        themes=("综合政务\\政务公开",),
        released_on="2024年7月1日",
        expires_on=date(2029, 6, 30),
    )
    (event,) = store.record([change(draft, "第一条 为了……\n\n第二条 ……", detail={"正文": "abc"})])

    assert store.document("养老补贴") == draft
    text = store.edition("养老补贴")
    assert text is not None
    assert text.body == "第一条 为了……\n\n第二条 ……"
    assert (event.position, event.seq, event.previous) == (1, 1, GENESIS)
    assert store.events("养老补贴") == store.events_after(0) == (event,)
    assert store.head() == 1
    assert store.verify() == ()


def test_the_journal_is_one_chain_through_all_documents(store: SqlStore) -> None:
    a, b = document("甲"), document("乙")
    first, second, third = store.record([change(a), change(b), change(revised(a))])
    assert [(e.document_id, e.position, e.seq) for e in (first, second, third)] == [
        ("甲", 1, 1),
        ("乙", 2, 1),
        ("甲", 3, 2),
    ]
    assert third.previous == second.digest
    assert second.previous == first.digest
    assert store.document("甲").version == 2


def test_recording_nothing_writes_nothing(store: SqlStore) -> None:
    assert store.record([]) == ()
    assert store.head() == 0


def test_the_second_of_two_officers_is_told_and_nothing_is_lost(store: SqlStore) -> None:
    draft = document("甲")
    store.record([change(draft)])
    store.record([change(revised(draft, title="甲的新标题"), actor="李四")])
    with pytest.raises(Conflict, match=r"已被他人变更.*重新读取"):
        store.record([change(revised(draft, title="甲的旧标题"), actor="王五")])
    assert store.document("甲").title == "甲的新标题"


def test_a_document_is_not_registered_twice(store: SqlStore) -> None:
    store.record([change(document("甲"))])
    with pytest.raises(Conflict, match=r"已在库中"):
        store.record([change(document("甲"))])


def test_a_change_of_an_unknown_document_is_a_conflict(store: SqlStore) -> None:
    with pytest.raises(Conflict, match=r"不在库中"):
        store.record([change(document("甲", version=3))])


def test_one_bad_change_keeps_out_the_whole_batch(store: SqlStore) -> None:
    store.record([change(document("甲"))])
    with pytest.raises(Conflict):
        store.record([change(document("乙"), "正文"), change(document("甲"))])
    with pytest.raises(NotFound):
        store.document("乙")
    assert store.head() == 1
    assert store.verify() == ()


def test_a_decision_rests_on_its_neighbours(store: SqlStore) -> None:
    policy, reading = document("办法"), document("解读", type=DocumentType.INTERPRETATION)
    store.record([change(policy), change(reading)])
    store.record([change(revised(reading), expects={"办法": 1, "尚未登记": 0})])
    store.record([change(revised(policy))])
    with pytest.raises(Conflict, match=r"“办法”"):
        store.record([change(revised(revised(reading)), expects={"办法": 1})])
    with pytest.raises(Conflict, match=r"“没有”"):
        store.record([change(revised(revised(reading)), expects={"没有": 2})])


@pytest.mark.parametrize("seen", [1, 2])
def test_policy_and_interpretation_may_move_together(store: SqlStore, seen: int) -> None:
    policy, reading = document("办法"), document("解读", type=DocumentType.INTERPRETATION)
    store.record([change(policy), change(reading)])
    both = [change(revised(policy)), change(revised(reading), expects={"办法": seen})]
    assert len(store.record(both)) == 2


def test_a_text_once_recorded_is_not_rewritten(store: SqlStore) -> None:
    draft = document("甲")
    store.record([change(draft, "原文")])
    with pytest.raises(Conflict, match=r"第 1 版正文已在库中"):
        store.record([change(revised(draft), "改写")])
    text = store.edition("甲")
    assert text is not None
    assert text.body == "原文"


def test_two_texts_of_one_number_in_one_batch(store: SqlStore) -> None:
    draft = document("甲")
    with pytest.raises(Conflict):
        store.record([change(draft, "一"), change(revised(draft), "二")])


# -- numbers ----------------------------------------------------------------------------------


def test_a_doc_number_belongs_to_one_policy_of_an_issuer(store: SqlStore) -> None:
    number = "青政办〔2024〕12号"
    store.record([change(released("甲", doc_number=number, issuers=(OFFICE,)))])
    again = released("乙", doc_number="青政办[2024]12号", issuers=(OFFICE,))
    with pytest.raises(Refused, match=r"发文字号.*已被文件“甲”使用"):
        store.record([change(again)])
    with pytest.raises(Refused):
        store.record([change(released("无机关", doc_number=number))])
    store.record(
        [
            change(released("转", doc_number=number, type=DocumentType.REPOST)),
            change(released("解", doc_number=number, type=DocumentType.INTERPRETATION)),
            change(released("别的机关", doc_number=number, issuers=("白水县人民政府办公室",))),
        ]
    )
    key = again.number_key
    assert key is not None
    assert [found.id for found in store.find_number(key)] == ["别的机关", "甲", "解", "转"]
    assert store.number_holders([key, "没有的"]) == {key: ("别的机关", "甲")}


def test_two_new_documents_of_one_batch_cannot_share_a_number(store: SqlStore) -> None:
    number = "青政〔2024〕1号"
    with pytest.raises(Refused) as refusal:
        store.record(
            [
                change(document("甲", doc_number=number)),
                change(document("乙", doc_number=number)),
                change(document("丙", index_number="11420000MB0001-2024/00001")),
                change(document("丁", index_number="11420000MB0001-2024/00001")),
            ]
        )
    assert len(refusal.value.reasons) == 2
    assert store.head() == 0


def test_a_number_is_asked_about_only_when_it_changes(store: SqlStore) -> None:
    a = document("甲", doc_number="青政〔2024〕1号", issuers=(OFFICE,))
    b = document("乙", doc_number="青政〔2024〕2号", issuers=(OFFICE,))
    store.record([change(a), change(b)])
    store.record([change(revised(a, title="新标题"))])
    with pytest.raises(Refused):
        store.record([change(revised(b, doc_number="青政〔2024〕1号"))])
    swapped = [
        change(revised(revised(a), doc_number="青政〔2024〕2号")),
        change(revised(b, doc_number="青政〔2024〕1号")),
    ]
    store.record(swapped)


def test_an_index_number_belongs_to_one_document_of_any_type(store: SqlStore) -> None:
    number = document("甲", index_number="11420000MB0001-2024/00001").index_number
    store.record([change(document("甲", index_number=number))])
    with pytest.raises(Refused, match=r"索引号.*“甲”"):
        store.record([change(document("乙", index_number=number, type=DocumentType.REPOST))])
    found = store.find_index_number(str(number))
    assert found is not None
    assert found.id == "甲"
    assert store.find_index_number("没有") is None


# -- what cannot be stored --------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.text())
def test_any_text_is_kept_to_the_letter(store: SqlStore, body: str) -> None:
    id = f"文{store.head()}"
    store.record([change(document(id), body)])
    assert store.editions(id) == (Edition(document_id=id, body=body),)


def test_nul_and_line_ends_are_kept(store: SqlStore) -> None:
    body = "a\x00b\r\nc\u2028\ufeff😀𠮷"
    store.record([change(document("甲"), body)])
    assert store.editions("甲")[0].body == body
    assert store.verify() == ()


def test_half_a_character_is_refused_in_words(store: SqlStore) -> None:
    with pytest.raises(ParseError, match=r"第 3 个字符.*编码"):
        store.record([change(document("甲"), "正文\ud800")])
    with pytest.raises(ParseError, match=r"明细"):
        store.record([change(document("甲"), detail={"x": "\ud800"})])
    assert store.head() == 0


def test_a_change_that_contradicts_itself_is_a_fault_of_the_code(store: SqlStore) -> None:
    good = change(document("甲"))
    for wrong in (
        good.model_copy(update={"document": document("乙")}),
        good.model_copy(update={"document": document("甲", stage=Stage.REVIEWED)}),
        good.model_copy(update={"document": document("甲", version=0)}),
        good.model_copy(update={"edition": Edition(document_id="乙", body="")}),
        change(document(ORGANS)),
    ):
        with pytest.raises(ValueError, match=r"“"):
            store.record([wrong])


# -- relations --------------------------------------------------------------------------------


def test_relations_are_found_from_both_ends(store: SqlStore) -> None:
    law, rule = document("条例"), document("细则")
    rests = relation("细则", "条例", "条例", effective_on=date(2024, 8, 1))
    store.record([change(rule, relations=(rests,)), change(law)])
    assert store.relations_of("细则") == store.relations_to("条例") == (rests,)
    assert store.relations_touching(["条例", "细则"]) == (rests,)
    assert store.relations_of("条例") == ()
    store.record([change(revised(rule), relations=(rests,))])
    assert store.relations_of("细则") == (rests,)


def test_a_target_that_comes_later_is_resolved(store: SqlStore) -> None:
    named = relation("细则", "《青山县供水条例》", kind=RelationKind.IMPLEMENTS)
    numbered = relation("细则", "青政[2020]3号")
    store.record([change(document("细则"), relations=(named, numbered))])
    assert list(store.unresolved().values()) == [named, numbered]
    assert list(store.unresolved(["青山县供水条例"]).values()) == [named]
    assert list(store.unresolved(["青政〔2020〕3号"]).values()) == [numbered]
    assert store.unresolved(["别的"]) == {}

    law = document("条例", title="青山县供水条例")
    store.record([change(law)], resolved=dict.fromkeys(store.unresolved([law.title]), "条例"))
    (found,) = store.relations_to("条例")
    assert found == named.model_copy(update={"object_id": "条例"})
    assert list(store.unresolved().values()) == [numbered]
    assert store.verify() == ()


def test_a_resolved_relation_is_not_turned_to_another(store: SqlStore) -> None:
    open_end = relation("细则", "条例")
    store.record([change(document(id)) for id in ("条例", "别的")])
    store.record([change(document("细则"), relations=(open_end,))])
    (id,) = store.unresolved()
    store.record([], resolved={id: "条例"})
    store.record([], resolved={id: "条例"})
    with pytest.raises(Conflict):
        store.record([], resolved={id: "别的"})


def test_a_relation_to_nothing_is_refused(store: SqlStore) -> None:
    with pytest.raises(NotFound, match=r"“没有”"):
        store.record([change(document("甲"), relations=(relation("甲", "没有", "没有"),))])
    assert store.head() == 0


# -- organs -----------------------------------------------------------------------------------


def test_the_authority_file_changes_with_an_event(store: SqlStore) -> None:
    record = Record(
        document_id=ORGANS, act=Act.REGISTER, actor="张三", role=Role.IMPORTER, at=AT,
        stage=Stage.RELEASED,
    )  # fmt: skip
    store.put_organs([Organ(name="青山县民政局"), Organ(name=OFFICE)], record)
    event = store.put_organs([Organ(name=OFFICE, aliases=("县府办",))], record)
    assert (event.seq, event.position) == (2, 2)
    assert [organ.name for organ in store.organs()] == sorted(["青山县民政局", OFFICE])
    assert {organ.aliases for organ in store.organs()} == {(), ("县府办",)}
    assert store.changed_since(0) == (2, ())
    assert store.verify() == ()
    with pytest.raises(ValueError, match=r"@organs"):
        store.put_organs([], record.model_copy(update={"document_id": "甲"}))
