"""Policies find the person: what is offered on a day, to whom, and what a change would do."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.library.office import ALLOWANCE, act, clock, day, draft, released, to_stage

from policylib import Act, Library, NotFound, ParseError, Refused, Role
from policylib.library.matchindex import Filter
from policylib.matching.answers import Answer, Verdict
from policylib.model.measure import MeasureKind

BODY = (
    "第一条　为了尊老，制定本办法。\n\n第二条　年满80周岁的老年人，每人每月发给高龄津贴100元。\n\n"
    "第三条　登记失业人员可以申请职业培训。\n"
)
TRAINING: dict[str, Any] = {
    "id": "training", "title": "职业培训", "kind": "培训", "subject": "person",
    "provision": "第三条", "condition": {"fact": "失业登记", "equals": True},
}  # fmt: skip
YOUNGER = {**ALLOWANCE, "condition": {"fact": "年龄", "at_least": "70周岁"}}
TODAY = date(2026, 3, 2)


def person(born: str | None = "1940-01-01", **facts: Any) -> dict[str, Any]:
    given = {"出生日期": born} if born else {}
    return {"subject": "person", "facts": {**given, **facts}}


def told(answers: tuple[Answer, ...]) -> dict[str, str]:
    return {f"{each.document}#{each.measure.id}": str(each.verdict) for each in answers}


@pytest.fixture
def county(library: Library, papers: Path) -> Library:
    released(
        library, papers, "津贴", BODY, effective_on="2024-07-01", measures=[ALLOWANCE, TRAINING]
    )
    return library


def test_a_person_is_told_what_may_fit_what_is_open_and_why(county: Library) -> None:
    likely, open_ = county.match(person())
    assert (likely.verdict, likely.measure.title) == (Verdict.LIKELY, "高龄津贴")
    assert [(r.text, r.provision, r.holds) for r in likely.reasons] == [
        ("年龄不低于80周岁", "第二条", True)
    ]
    assert likely.amount is not None
    assert likely.amount.value == 100
    assert (open_.verdict, open_.missing, open_.ask) == (
        Verdict.OPEN, ("失业登记",), ("失业登记",),
    )  # fmt: skip
    assert county.inquire(person()).fewest == ("失业登记",)


def test_no_answer_grants_a_right(county: Library) -> None:
    words = county.vocabulary()
    for profile in (person(), person("1960-01-01", 失业登记=True), person(None)):
        said = str([each.as_json(words) for each in county.match(profile)])
        assert not any(
            word in said for word in ("符合资格", "有权", "可以享受", "保证", "应当给予")
        )


def test_drafts_consultations_and_closed_papers_offer_nothing(
    library: Library, papers: Path
) -> None:
    draft(library, papers, "草稿", BODY, measures=[ALLOWANCE])
    released(library, papers, "密件", BODY, disclosure="不予公开", measures=[ALLOWANCE])
    released(library, papers, "征集", BODY, type="意见征集", measures=[ALLOWANCE])
    assert library.match(person()) == ()
    assert len(library.match_index()) == 0
    to_stage(library, "草稿", "公布", released_on="2026-03-02")
    assert told(library.match(person())) == {"草稿#allowance": "可能符合"}
    act(library, Act.WITHDRAW, "草稿", Role.PUBLISHER, note="附件有误")
    assert library.match(person()) == ()


@pytest.mark.parametrize(
    ("on", "answer", "why"),
    [
        ("2024-06-30", "不符合", "尚未施行"),
        ("2024-07-01", "可能符合", None),
        ("2026-05-31", "可能符合", None),
        ("2026-06-01", "不符合", "废止"),
    ],
)
def test_only_what_is_in_force_on_the_day_counts_and_the_rest_is_explained(
    county: Library, papers: Path, on: str, answer: str, why: str | None
) -> None:
    released(county, papers, "决定", "第一条　废止津贴办法。", released_on="2026-02-01")
    act(county, Act.REPEAL, "津贴", Role.PUBLISHER, made_by="决定", on=day("2026-06-01"))
    (found,) = county.match(person(), on=day(on), only=Filter(measures=("allowance",)))
    assert found.verdict == answer
    reason = found.reasons[0]
    assert (reason.holds is False and why in reason.text) if why else reason.holds
    assert [each.measure.id for each in county.match_index().offers(day(on))] == (
        [] if why else ["allowance", "training"]
    )


def test_a_suspension_interrupts_and_what_follows_counts_again(county: Library) -> None:
    note = {"note": "县政府决定"}
    act(county, Act.SUSPEND, "津贴", Role.PUBLISHER, on=day("2026-04-01"), **note)
    act(county, Act.RESUME, "津贴", Role.PUBLISHER, on=day("2026-05-01"), **note)
    only = Filter(measures=("allowance",))
    found = [county.match(person(), on=day(on), only=only) for on in
             ("2026-03-31", "2026-04-01", "2026-04-30", "2026-05-01")]  # fmt: skip
    assert [str(each.verdict) for (each,) in found] == ["可能符合", "不符合", "不符合", "可能符合"]
    assert "暂停施行" in found[1][0].reasons[0].text


def test_a_provision_that_is_repealed_takes_its_measure_along(county: Library) -> None:
    act(county, Act.PARTLY_REPEAL, "津贴", Role.PUBLISHER, provision="第二条",
        on=day("2026-06-01"), note="县政府决定")  # fmt: skip
    after = {
        each.measure.id: each for each in county.match(person(失业登记=True), on=day("2026-06-01"))
    }
    assert after["training"].verdict is Verdict.LIKELY
    assert after["allowance"].verdict is Verdict.UNLIKELY
    assert "条款已废止" in after["allowance"].reasons[0].text
    assert told(county.match(person(), on=day("2026-05-31")))["津贴#allowance"] == "可能符合"


def test_an_amendment_may_change_who_qualifies_from_its_day_on(county: Library) -> None:
    act(county, Act.AMEND, "津贴", Role.PUBLISHER, body=BODY.replace("80", "70"),
        on=day("2027-01-01"), note="降低年龄", measures=[YOUNGER])  # fmt: skip
    young = person("1955-01-01")
    assert told(county.match(young, on=day("2026-12-31"))) == {
        "津贴#allowance": "不符合", "津贴#training": "待核实",
    }  # fmt: skip
    assert told(county.match(young, on=day("2027-01-01"))) == {"津贴#allowance": "可能符合"}


def test_a_correction_of_measures_counts_from_the_first_day(county: Library) -> None:
    assert told(county.match(person("1955-01-01")))["津贴#allowance"] == "不符合"
    act(county, Act.MEASURE, "津贴", Role.PUBLISHER, measures=[YOUNGER], note="录错年龄")
    assert told(county.match(person("1955-01-01"))) == {"津贴#allowance": "可能符合"}


def test_the_index_is_swapped_only_when_what_is_offered_has_changed(
    county: Library, papers: Path
) -> None:
    first = county.match_index()
    released(county, papers, "别的", "第一条　别的事。")
    assert county.match_index() is first
    released(county, papers, "又一份", BODY, measures=[{**TRAINING, "id": "b"}])
    second = county.match_index()
    assert (second is first, len(first), len(second)) == (False, 2, 3)
    released(county, papers, "决定", "第一条　废止。", released_on="2026-02-01")
    assert county.match_index() is second
    act(county, Act.REPEAL, "又一份", Role.PUBLISHER, made_by="决定", on=TODAY)
    assert len(county.match_index().offers(TODAY)) == 2
    assert len(first.offers(TODAY)) == 2


def test_another_process_is_noticed(county: Library, where: Path, papers: Path) -> None:
    assert len(county.match_index()) == 2
    with Library.open(where, clock=clock()) as other:
        released(other, papers, "又一份", BODY, measures=[{**TRAINING, "id": "b"}])
    assert len(county.match_index()) == 3


def test_many_threads_get_right_answers_while_documents_come_in(
    county: Library, papers: Path
) -> None:
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            found = told(county.match(person()))
            if found.get("津贴#allowance") != "可能符合":
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for each in threads:
        each.start()
    for number in range(4):
        released(county, papers, f"办法{number}", BODY, measures=[{**TRAINING, "id": f"m{number}"}])
    done.set()
    for each in threads:
        each.join()
    assert wrong == []
    assert len(county.match_index()) == 6


def test_a_measure_that_does_not_fit_the_vocabulary_is_left_out_and_told(
    county: Library, papers: Path
) -> None:
    odd = {**TRAINING, "id": "odd", "condition": {"fact": "星座", "equals": "白羊"}}
    released(county, papers, "怪", BODY, measures=[odd, {**TRAINING, "id": "b"}])
    (skipped,) = county.match_index().skipped
    assert (skipped.document, skipped.measure) == ("怪", "odd")
    assert "星座" in skipped.reason
    assert "怪#b" in told(county.match(person()))


def test_answers_can_be_narrowed(county: Library) -> None:
    both = person(失业登记=True)
    assert len(county.match(both)) == 2
    assert len(county.match(both, limit=1)) == 1
    for only, ids in (
        (Filter(kinds=(MeasureKind.TRAINING,)), ["training"]),
        (Filter(measures=("allowance",)), ["allowance"]),
        (Filter(documents=("没有",)), []),
        (Filter(verdicts=(Verdict.UNLIKELY,)), []),
    ):
        assert [each.measure.id for each in county.match(both, only=only)] == ids


def test_a_household_is_matched_member_by_member(county: Library) -> None:
    family = {"subject": "household", "facts": {"家庭成员": [
        {"出生日期": "1940-01-01"}, {"出生日期": "1990-01-01", "失业登记": True},
    ]}}  # fmt: skip
    likely = [each for each in county.match(family) if each.verdict is Verdict.LIKELY]
    assert [(each.measure.id, each.member) for each in likely] == [
        ("allowance", 1),
        ("training", 2),
    ]


@pytest.mark.parametrize(
    "profile",
    [
        {"subject": "person", "facts": {"出生日期": "隐秘的值"}},
        {"subject": "person", "facts": {"隐秘的名称": 1}},
        {"subject": "隐秘的对象", "facts": {}},
        {"subject": "person", "facts": {"家庭人均月收入": "隐秘的数"}},
        '{"subject": "person", "facts": {"出生日期": "隐秘的值"',
        "隐秘的文字",
        ["隐秘"],
    ],
)
def test_a_wrong_profile_is_refused_without_repeating_any_of_it(
    county: Library, profile: Any
) -> None:
    with pytest.raises(ParseError) as error:
        county.match(profile)
    chain = [error.value, error.value.__cause__]
    assert not any("隐秘" in str(each) for each in chain)


# -- for staff --------------------------------------------------------------------------------------


def test_a_document_knows_what_it_offers_drafts_too(county: Library, papers: Path) -> None:
    assert [each.id for each in county.measures("津贴")] == ["allowance", "training"]
    draft(county, papers, "草稿", BODY, measures=[YOUNGER])
    assert [each.title for each in county.measures("草稿")] == ["高龄津贴"]
    assert county.measures(released(county, papers, "别的", "第一条　别的。")) == ()
    with pytest.raises(NotFound):
        county.measures("没有")


def test_a_proposal_counts_only_when_an_officer_has_entered_it(
    library: Library, papers: Path
) -> None:
    text = "第一条　为了尊老，制定本办法。\n\n第二条　年满80周岁的老年人，每人每月发给高龄津贴100元。\n"
    released(library, papers, "津贴", text)
    proposed = library.propose_measures("津贴")
    assert proposed.proposals
    assert library.match(person()) == ()
    measures = [each.measure for each in proposed.proposals]
    act(library, Act.MEASURE, "津贴", Role.PUBLISHER, measures=measures)
    assert [str(each.verdict) for each in library.match(person())] == ["可能符合"]


def test_whom_a_measure_reaches(county: Library) -> None:
    crowd = [
        person(),
        person("1990-01-01"),
        person(None),
        {"subject": "person", "facts": {"甲": 1}},
    ]
    refused: list[int] = []
    found = list(county.reached_by(
        "津贴", crowd, measure="allowance", refused=lambda at, _: refused.append(at)
    ))  # fmt: skip
    assert [(each.profile, str(each.verdict), each.missing) for each in found] == [
        (0, "可能符合", ()), (2, "待核实", ("出生日期",)),
    ]  # fmt: skip
    assert refused == [3]
    with pytest.raises(ParseError):
        list(county.reached_by("津贴", crowd))
    with pytest.raises(NotFound, match="现有：allowance、training"):
        list(county.reached_by("津贴", crowd, measure="没有"))


def test_what_a_draft_amendment_would_change_for_whom(county: Library, papers: Path) -> None:
    crowd = [person(), person("1955-01-01"), person("1990-01-01")]

    def verdicts(**more: Any) -> list[tuple[int, str | None, str | None]]:
        return [
            (each.profile, each.before and str(each.before.verdict), each.after and str(each.after.verdict))
            for each in county.what_if(crowd, id="津贴", **more)
            if each.measure == "allowance"
        ]  # fmt: skip

    assert verdicts() == []
    assert verdicts(after=[YOUNGER]) == [(1, "不符合", "可能符合")]
    act(county, Act.AMEND, "津贴", Role.PUBLISHER, body=BODY, on=day("2027-01-01"), note="改",
        measures=[YOUNGER])  # fmt: skip
    assert verdicts() == [(1, "不符合", "可能符合")]
    assert verdicts(before=2, after=1) == [(1, "可能符合", "不符合")]
    with pytest.raises(NotFound, match="没有第 9 版正文，现有：1、2"):
        verdicts(after=9)
    with pytest.raises(ParseError, match="请写明是哪份文件"):
        list(county.what_if(crowd, after=1))


def test_what_time_brings_for_whom(county: Library) -> None:
    crowd = [person("1946-03-03"), person("1990-01-01")]
    (found,) = county.what_if(crowd, on=TODAY, then=day("2026-03-03"))
    assert (found.profile, found.measure) == (0, "allowance")
    ended = list(county.what_if([person()], on=TODAY, then=day("2024-06-30")))
    assert [(each.measure, each.after) for each in ended] == [
        ("allowance", None),
        ("training", None),
    ]


@pytest.fixture
def people(papers: Path) -> Path:
    pytest.importorskip("numpy", reason="需要 policylib[batch]")
    path = papers / "名册.csv"
    path.write_text(
        "编号,出生日期,姓名,失业登记\n"
        "甲,1940-01-01,张隐,是\n乙,1990-01-01,李隐,\n丙,1940-13-01,王隐,否\n丁,,赵隐,也许\n",
        "utf-8",
    )
    return path


def test_a_table_is_counted_and_its_wrong_rows_are_told_without_their_values(
    county: Library, people: Path, tmp_path: Path
) -> None:
    summary = county.match_batch(people, tmp_path / "果.jsonl", purpose="核查", by="王芳")
    assert (summary.profiles, summary.refused) == (2, 2)
    assert [(c.measure, c.likely, c.open, c.unlikely) for c in summary.counts] == [
        ("allowance", 1, 0, 1), ("training", 1, 1, 0),
    ]  # fmt: skip
    faults = "\n".join(summary.faults)
    assert "第3行" in faults
    assert "第4行" in faults
    assert "第2列没有采用" in faults
    assert not any(word in faults for word in ("隐", "13-01", "也许", "姓名", "丙"))
    assert "甲" not in (tmp_path / "果.jsonl").read_text("utf-8")


def test_rows_are_written_only_when_asked_for(
    county: Library, people: Path, tmp_path: Path
) -> None:
    county.match_batch(people, tmp_path / "果.csv", purpose="核查", by="王芳", with_ids=True)
    lines = (tmp_path / "果.csv").read_text("utf-8-sig").splitlines()
    assert lines == [
        "profile,document,measure,answer", "甲,津贴,allowance,可能符合", "甲,津贴,training,可能符合",
        "乙,津贴,training,待核实",
    ]  # fmt: skip


def test_the_journal_keeps_why_and_how_many_and_nothing_of_anybody(
    county: Library, people: Path, tmp_path: Path, where: Path
) -> None:
    for number in (1, 2):
        county.match_batch(people, tmp_path / f"{number}.csv", purpose="高龄津贴核查", by="王芳")
    people.write_text(people.read_text("utf-8") + "戊,1950-01-01,钱隐,\n", "utf-8")
    county.reach_table("津贴", people, by="王芳", measure="allowance")
    one, two, three = county.journal(limit=None)[-3:]
    assert (one.act, one.actor, one.note) == (Act.MATCH, "王芳", "高龄津贴核查")
    assert one.detail["digest"] == two.detail["digest"] != three.detail["digest"]
    assert one.detail["digest"].startswith("hmac-sha256:")
    assert (one.detail["profiles"], three.detail["with_ids"]) == (2, True)
    assert county.verify() == ()
    assert (where / "match.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("purpose", ["", "  ", "甲" * 501, "甲\x00乙"])
def test_without_a_purpose_there_is_no_batch(
    county: Library, people: Path, tmp_path: Path, purpose: str
) -> None:
    with pytest.raises(Refused, match="--purpose"):
        county.match_batch(people, tmp_path / "果.csv", purpose=purpose, by="王芳")
    assert not (tmp_path / "果.csv").exists()


def test_a_batch_that_fails_leaves_no_file(county: Library, papers: Path, tmp_path: Path) -> None:
    pytest.importorskip("numpy", reason="需要 policylib[batch]")
    for name, text, told in (
        ("空.csv", "", "第一行"),
        ("无.csv", "甲,乙\n1,2\n", "没有一列"),
        ("某.txt", "出生日期\n", "应为 .csv 或 .parquet"),
    ):
        (papers / name).write_text(text, "utf-8")
        with pytest.raises(ParseError, match=told):
            county.match_batch(papers / name, tmp_path / "果.csv", purpose="核查", by="王芳")
        assert not (tmp_path / "果.csv").exists()
    with pytest.raises(NotFound):
        county.match_batch(papers / "没有.csv", tmp_path / "果.csv", purpose="核查", by="王芳")


def test_a_row_of_another_length_is_left_out(county: Library, papers: Path, tmp_path: Path) -> None:
    pytest.importorskip("numpy", reason="需要 policylib[batch]")
    path = papers / "乱.csv"
    path.write_text("编号,出生日期\n甲,1940-01-01\n乙,1940-01-01,多\n丙\n丁,1990-01-01\n", "utf-8")
    found = county.match_batch(path, tmp_path / "果.csv", purpose="核查", by="王芳", with_ids=True)
    assert (found.profiles, found.refused) == (2, 2)
    assert "第2行没有参加匹配" in found.faults[0]
    assert "列数" in found.faults[0]
    impact = county.impact(path, id="津贴", after=[], by="王芳")
    assert (impact.profiles, impact.refused) == (2, 2)


def test_profiles_of_a_jsonl_file_are_reached_one_by_one(county: Library, papers: Path) -> None:
    path = papers / "名册.jsonl"
    path.write_text(
        '{"id": "甲", "subject": "person", "facts": {"出生日期": "1940-01-01"}}\n'
        "坏的一行\n\n"
        '{"subject": "person", "facts": {"出生日期": "隐秘"}}\n'
        '{"subject": "person", "facts": {}}\n',
        "utf-8",
    )
    found = county.reach_table("津贴", path, by="王芳", measure="allowance")
    assert (found.profiles, found.refused) == (2, 2)
    assert [(str(v), keys) for _, v, keys in found.reached] == [
        ("可能符合", ["甲"]),
        ("待核实", [5]),
    ]
    assert "隐秘" not in "\n".join(found.faults)


def test_an_impact_is_counted_and_names_nobody_unless_asked(county: Library, people: Path) -> None:
    found = county.impact(people, id="津贴", after=[{**YOUNGER, "condition": {"fact": "年龄", "at_least": 30}}],
                          by="王芳")  # fmt: skip
    assert (found.profiles, found.refused, found.rows) == (2, 2, [])
    assert [(key[1], dict(steps)) for key, steps in found.counts] == [
        ("allowance", {("不符合", "可能符合"): 1}),
        ("training", {("可能符合", None): 1, ("待核实", None): 1}),
    ]
    named = county.impact(people, id="津贴", after=[], by="王芳", with_ids=True)
    assert {key for key, _ in named.rows} == {"甲", "乙"}


def test_own_facts_and_figures_are_added_to_the_vocabulary(
    where: Path, papers: Path, library: Library
) -> None:
    words = papers / "词表.yaml"
    words.write_text("- {name: 志愿服务时长, subjects: person, type: 数值, unit: 小时}\n", "utf-8")
    helped = {**TRAINING, "condition": {"fact": "志愿服务时长", "at_least": "100小时"}}
    released(library, papers, "志愿", BODY, measures=[helped])
    assert len(library.match_index().skipped) == 1
    with Library.open(where, clock=clock(), vocabulary=[words]) as own:
        assert own.match_index().skipped == ()
        assert told(own.match(person(志愿服务时长="120小时"))) == {"志愿#training": "可能符合"}
    with Library.open(where, vocabulary=[papers / "没有.yaml"]) as wrong, pytest.raises(ParseError):
        wrong.vocabulary()


AMENDING = (
    "青山县人民政府关于修改《青山县津贴管理办法》的决定\n\n"
    "对《青山县津贴管理办法》（青政〔2024〕5号）作如下修改：\n\n"
    "将第二条中的“100元”修改为“150元”。\n\n本决定自2026年3月1日起施行。\n"
)
LAGS = "这里的结论和金额按修改前的文本得出"


def amending(library: Library, papers: Path, **fields: Any) -> None:
    released(library, papers, "决定", AMENDING, title=AMENDING.split("\n", 1)[0], form="决定",
             released_on="2026-02-20", effective_on="2026-03-01",
             relations=[{"kind": "修改", "target": "津贴"}], **fields)  # fmt: skip


def test_an_answer_tells_of_an_amendment_that_was_not_carried_out(
    county: Library, papers: Path
) -> None:
    assert not any(each.notes for each in county.match(person()))
    amending(county, papers)
    assert not any(each.notes for each in county.match(person(), on=date(2026, 2, 28)))
    for each in county.match(person()):
        (note,) = each.notes
        assert note.startswith(
            "《青山县人民政府关于修改〈青山县津贴管理办法〉的决定》已自2026年3月1日起"
        )
        assert LAGS in note
    (command,) = county.match_index().lacking(TODAY)
    assert command.endswith("policylib amend 津贴 --made-by 决定")
    quoted = {**ALLOWANCE, "amount": {**ALLOWANCE["amount"], "quote": "高龄津贴100元"}}
    act(county, Act.MEASURE, "津贴", Role.PUBLISHER, measures=[quoted, TRAINING])
    county.apply_amendment("津贴", "决定", by="王芳")
    allowance, training = county.match(person())
    assert "本事项还是按修改前的条文登记的" in allowance.notes[0]
    assert training.notes == ()
    (command,) = county.match_index().lacking(TODAY)
    assert command.endswith("policylib check 津贴 --code MEA")


def test_a_decision_that_is_not_open_is_not_named(county: Library, papers: Path) -> None:
    amending(county, papers, disclosure="依申请公开")
    notes = [note for each in county.match(person()) for note in each.notes]
    assert all("有关机关已自2026年3月1日起修改本文件" in note for note in notes)
    assert notes
    draft(county, papers, "草稿决定", AMENDING, relations=[{"kind": "修改", "target": "津贴"}])
    assert [note for each in county.match(person()) for note in each.notes] == notes
