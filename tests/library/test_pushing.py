"""Each subscriber hears of what is new, changed, about to open or close, near its end or over."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.library.office import ALLOWANCE, act, day, draft, released, to_stage
from tests.library.subscribers import BODY, JOBLESS, OLD, OPENING, lines, pushed, stocked, told

from policylib import Act, Library, ParseError, Role


@pytest.fixture
def county(library: Library, papers: Path) -> Library:
    return stocked(library, papers)


# -- what is told ---------------------------------------------------------------------------------


def test_each_hears_of_what_fits_and_of_nothing_else(county: Library) -> None:
    found = pushed(county, on=day("2026-03-02"))
    assert told(found) == {
        "甲": [("即将开始申报", "training"), ("新出台", "allowance")],
        "乙": [("即将开始申报", "training")],
    }
    open_, new = lines(found)["甲"]
    assert (new["answer"], new["day"], new["document"]) == ("可能符合", "2026-02-20", "津贴")
    assert (open_["answer"], open_["missing"]) == ("待核实", ["失业登记"])
    assert "将于2026年3月5日开始申报" in open_["text"]
    assert "有没有办理失业登记？" in open_["text"]


def test_no_message_grants_a_right(county: Library) -> None:
    found = str(lines(pushed(county, on=day("2026-03-02"))))
    assert not any(word in found for word in ("有权", "可以享受", "符合资格", "保证", "应当给予"))
    assert "以受理机关审核为准" in found


def test_a_title_within_a_title_has_single_marks(library: Library, papers: Path) -> None:
    released(library, papers, "津贴", BODY, title="青山县关于印发《高龄津贴办法》的通知",
             released_on="2026-03-01", measures=[ALLOWANCE])  # fmt: skip
    (found,) = lines(pushed(library, OLD, on=day("2026-03-02")))["甲"]
    assert found["title"] == "青山县关于印发《高龄津贴办法》的通知"
    assert "《青山县关于印发〈高龄津贴办法〉的通知》的“高龄津贴”" in found["text"]


def test_nothing_is_told_twice_and_every_day_only_what_is_new(county: Library) -> None:
    assert pushed(county, on=day("2026-03-02")).messages == 3
    again = pushed(county, on=day("2026-03-02"))
    assert (again.messages, again.reached, again.repeated) == (0, 0, 3)
    assert pushed(county, on=day("2026-03-20"), since=day("2026-02-01")).messages == 0
    assert told(pushed(county, on=day("2026-03-26"))) == {
        "甲": [("即将截止申报", "training")], "乙": [("即将截止申报", "training")],
    }  # fmt: skip
    assert pushed(county, on=day("2026-04-10")).messages == 0


def test_a_missed_opening_is_told_while_it_is_open_and_a_missed_closing_is_not(
    county: Library,
) -> None:
    late = lines(pushed(county, JOBLESS, since=day("2026-03-01"), on=day("2026-03-20")))["乙"]
    assert [each["kind"] for each in late] == ["即将开始申报"]
    assert "已于2026年3月5日开始申报，至2026年4月10日截止" in late[0]["text"]
    assert pushed(county, {**JOBLESS, "id": "丙"}, since=day("2026-03-01"),
                  on=day("2026-04-11")).messages == 0  # fmt: skip


@pytest.mark.parametrize(
    ("on", "kinds"),
    [
        ("2026-02-25", []),
        ("2026-02-26", ["即将开始申报"]),
        ("2026-03-26", ["即将开始申报", "即将截止申报"]),
        ("2026-04-10", ["即将开始申报", "即将截止申报"]),
    ],
)
def test_days_ahead_are_counted_to_the_day(county: Library, on: str, kinds: list[str]) -> None:
    found = pushed(county, JOBLESS, since=day("2026-02-01"), on=day(on))
    assert [kind for kind, _ in told(found).get("乙", [])] == kinds


def test_days_ahead_are_the_subscribers_own_choice(county: Library) -> None:
    eager = {**JOBLESS, "ahead": {"opens": 60}}
    assert pushed(county, JOBLESS, on=day("2026-02-01")).messages == 0
    assert told(pushed(county, eager, on=day("2026-02-01"))) == {
        "乙": [("即将开始申报", "training")]
    }


def test_later_than_usual_is_a_choice_too_and_many_choices_cost_little(county: Library) -> None:
    people = [{**JOBLESS, "id": f"{n}", "ahead": {"opens": n, "closes": n}} for n in range(40)]
    found = pushed(county, *people, since=day("2026-03-01"), on=day("2026-03-02"))
    assert sorted(map(int, told(found))) == list(range(3, 40))
    closing = told(pushed(county, *people, since=day("2026-04-04"), on=day("2026-04-05")))
    assert sorted(map(int, closing)) == list(range(5, 40))


def test_a_yearly_window_comes_again_every_year(library: Library, papers: Path) -> None:
    yearly = {**OPENING, "window": {"yearly_from": "12-20", "yearly_to": "02-10"}}
    released(library, papers, "培训", released_on="2020-01-01", measures=[yearly])
    for year in (2024, 2025):
        found = pushed(library, JOBLESS, on=date(year, 12, 15))
        assert [each["day"] for each in lines(found)["乙"]] == [f"{year}-12-20"]
        assert pushed(library, JOBLESS, on=date(year, 12, 16)).messages == 0
        found = pushed(library, JOBLESS, on=date(year + 1, 1, 26))
        assert [each["kind"] for each in lines(found)["乙"]] == ["即将截止申报"]


def test_the_end_is_told_before_and_after(library: Library, papers: Path) -> None:
    released(library, papers, "津贴", BODY, expires_on="2026-03-31", measures=[ALLOWANCE])
    released(library, papers, "决定", "第一条　废止。", released_on="2026-02-01")
    assert pushed(library, on=day("2026-02-28")).messages == 0
    assert told(pushed(library, on=day("2026-03-01"))) == {"甲": [("即将失效", "allowance")]}
    assert pushed(library, on=day("2026-03-31")).messages == 0
    over = pushed(library, on=day("2026-04-01"))
    assert told(over) == {"甲": [("已失效", "allowance")]}
    assert "自2026年4月1日起不再执行（文件失效）" in lines(over)["甲"][0]["text"]


def test_a_repeal_a_suspension_and_its_end_are_told(library: Library, papers: Path) -> None:
    released(library, papers, "津贴", BODY, measures=[ALLOWANCE])
    released(library, papers, "决定", "第一条　废止。", released_on="2026-02-01")
    note = {"note": "县政府决定"}
    act(library, Act.SUSPEND, "津贴", Role.PUBLISHER, on=day("2026-04-01"), **note)
    act(library, Act.RESUME, "津贴", Role.PUBLISHER, on=day("2026-05-01"), **note)
    act(library, Act.REPEAL, "津贴", Role.PUBLISHER, made_by="决定", on=day("2026-06-01"))
    texts = [
        [each["text"] for each in lines(pushed(library, OLD, on=day(on))).get("甲", [])]
        for on in ("2026-04-01", "2026-05-01", "2026-05-20", "2026-06-01")
    ]
    (paused,), (resumed, ending), nothing, (over,) = texts
    assert "自2026年4月1日起暂停施行。此前按所填情况可能符合" in paused
    assert "起恢复施行。按所填情况可能符合" in resumed
    assert "执行至2026年5月31日（文件废止），还有30日" in ending
    assert nothing == []
    assert "自2026年6月1日起不再执行（文件废止）" in over


def test_a_provision_that_is_repealed_ends_its_measure(county: Library) -> None:
    act(county, Act.PARTLY_REPEAL, "津贴", Role.PUBLISHER, provision="第二条",
        on=day("2026-03-20"), note="县政府决定")  # fmt: skip
    assert ("即将失效", "allowance") in told(pushed(county, OLD, on=day("2026-03-02")))["甲"]
    found = lines(pushed(county, OLD, on=day("2026-03-20")))["甲"]
    assert "所依据的条款废止" in found[0]["text"]


def test_an_amendment_tells_those_it_reaches_and_those_it_loses(county: Library) -> None:
    pushed(county, on=day("2026-03-02"))
    other = {**ALLOWANCE, "condition": {"fact": "年龄", "at_least": "90周岁"},
             "amount": {"pay": "200元", "per": "月"}}  # fmt: skip
    act(county, Act.AMEND, "津贴", Role.PUBLISHER, body=BODY.replace("80", "90"),
        on=day("2026-03-10"), note="提高标准", measures=[other])  # fmt: skip
    oldest = {"id": "丙", "subject": "person", "facts": {"出生日期": "1930-01-01"}}
    found = lines(pushed(county, OLD, oldest, on=day("2026-03-10")))
    (kept,) = [each for each in found["丙"] if each["kind"] == "有变化"]
    assert (kept["answer"], kept["edition"]) == ("可能符合", 2)
    assert "自2026年3月10日起调整了申报条件、标准" in kept["text"]
    (lost,) = found["甲"]
    assert (lost["kind"], lost["answer"], lost["lost"]) == ("有变化", "待核实", True)
    assert "可能不再相符" in lost["text"]


def test_a_measure_dropped_or_added_by_an_amendment_is_told(county: Library) -> None:
    pushed(county, on=day("2026-03-02"))
    care = {**ALLOWANCE, "id": "care", "title": "护理补贴"}
    act(county, Act.AMEND, "津贴", Role.PUBLISHER, body=BODY + "\n第三条　补贴。\n",
        on=day("2026-03-10"), note="改为护理补贴", measures=[care])  # fmt: skip
    assert told(pushed(county, OLD, on=day("2026-03-10")))["甲"] == [
        ("已失效", "allowance"), ("新出台", "care"),
    ]  # fmt: skip


def test_a_new_wording_alone_is_no_news_for_a_profile(county: Library) -> None:
    pushed(county, on=day("2026-03-02"))
    act(county, Act.AMEND, "津贴", Role.PUBLISHER, body=BODY.replace("尊老", "敬老"),
        on=day("2026-03-10"), note="改字")  # fmt: skip
    by_tag = {"id": "丁", "tags": ["高龄"]}
    assert told(pushed(county, OLD, by_tag, on=day("2026-03-10"))) == {
        "丁": [("新出台", "津贴"), ("有变化", "津贴")]
    }


def test_who_comes_of_age_hears_of_what_was_there_already(county: Library) -> None:
    turning = {"id": "寿", "subject": "person", "facts": {"出生日期": "1946-04-10"}}
    assert "新出台" not in str(told(pushed(county, turning, on=day("2026-04-09"))))
    (found,) = lines(pushed(county, turning, on=day("2026-04-20")))["寿"]
    assert (found["kind"], found["measure"], found["day"]) == (
        "新近符合", "allowance", "2026-04-10",
    )  # fmt: skip
    assert pushed(county, turning, since=day("2026-04-01"), on=day("2026-04-25")).messages == 0


def test_what_is_to_come_is_judged_on_its_day(library: Library, papers: Path) -> None:
    released(library, papers, "津贴", BODY, released_on="2026-03-01", effective_on="2026-07-01",
             measures=[ALLOWANCE])  # fmt: skip
    turning = {"id": "寿", "subject": "person", "facts": {"出生日期": "1946-06-10"}}
    (found,) = lines(pushed(library, turning, on=day("2026-03-02")))["寿"]
    assert (found["kind"], found["answer"]) == ("新出台", "可能符合")
    assert "自2026年7月1日起施行" in found["text"]


def test_a_household_hears_for_itself_and_for_its_members(county: Library) -> None:
    home = {
        "id": "户", "subject": "household",
        "facts": {"家庭成员": [{"出生日期": "1990-01-01"}, {"出生日期": "1940-01-01"}]},
    }  # fmt: skip
    found = lines(pushed(county, home, on=day("2026-03-02")))["户"]
    new = [each for each in found if each["kind"] == "新出台"]
    assert [(each["measure"], each["member"]) for each in new] == [("allowance", 2)]
    assert "（家庭成员第2位）" in new[0]["text"]


def test_what_is_open_may_be_declined_and_kinds_chosen(county: Library) -> None:
    on = day("2026-03-02")
    assert told(pushed(county, {**OLD, "undecided": False}, on=on)) == {
        "甲": [("新出台", "allowance")]
    }
    only = {**OLD, "id": "戊", "kinds": ["即将开始申报"]}
    assert told(pushed(county, only, on=on)) == {"戊": [("即将开始申报", "training")]}


def test_drafts_closed_papers_and_withdrawn_ones_are_not_told_of(
    library: Library, papers: Path
) -> None:
    draft(library, papers, "草稿", BODY, tags=["高龄"], measures=[ALLOWANCE])
    released(library, papers, "密件", BODY, released_on="2026-03-01", disclosure="不予公开",
             tags=["高龄"], measures=[ALLOWANCE])  # fmt: skip
    everyone = (OLD, {"id": "丁", "tags": ["高龄"]})
    assert pushed(library, *everyone, on=day("2026-03-02")).messages == 0
    to_stage(library, "草稿", "公布", released_on="2026-03-02")
    assert pushed(library, *everyone, on=day("2026-03-02")).messages == 2
    act(library, Act.WITHDRAW, "草稿", Role.PUBLISHER, note="附件有误")
    other = ({**OLD, "id": "己"}, {"id": "庚", "tags": ["高龄"]})
    assert pushed(library, *other, on=day("2026-03-03")).messages == 0


def test_what_came_late_into_the_library_is_still_new(library: Library, papers: Path) -> None:
    pushed(library, on=day("2026-03-01"))
    released(library, papers, "津贴", BODY, released_on="2026-02-10", measures=[ALLOWANCE])
    released(library, papers, "旧津贴", BODY, released_on="2020-02-10", measures=[ALLOWANCE])
    found = lines(pushed(library, OLD, on=day("2026-03-02")))["甲"]
    assert [(each["kind"], each["document"]) for each in found] == [("新出台", "津贴")]


# -- tags, seasons, renditions ----------------------------------------------------------------------


def test_tags_themes_audiences_and_keywords_bring_documents(library: Library, papers: Path) -> None:
    for name, fields in {
        "一": {"tags": ["托幼"]}, "二": {"themes": ["民政、扶贫、救灾\\社会救助"]},
        "三": {"audience": ["老年人"]}, "四": {"keywords": ["托育"]}, "五": {},
    }.items():  # fmt: skip
        released(library, papers, name, released_on="2026-03-01", **fields)
    wanted = ("托幼", "社会救助", "老年人", "托育", "无此标签")
    found = pushed(library, *({"id": tag, "tags": [tag]} for tag in wanted), on=day("2026-03-02"))
    assert told(found) == {
        "托幼": [("新出台", "一")], "社会救助": [("新出台", "二")],
        "老年人": [("新出台", "三")], "托育": [("新出台", "四")],
    }  # fmt: skip
    message = lines(found)["托幼"][0]
    assert "answer" not in message
    assert "符合" not in message["text"]


def test_a_tag_brings_windows_and_ends_once_each(library: Library, papers: Path) -> None:
    released(library, papers, "培训", expires_on="2026-03-20", tags=["就业"], measures=[OPENING])
    found = pushed(library, {"id": "辛", "tags": ["就业"]}, on=day("2026-03-02"))
    assert Counter(told(found)["辛"]) == {("即将失效", "培训"): 1, ("即将开始申报", "training"): 1}


def test_profile_and_tag_together_tell_nothing_twice(county: Library) -> None:
    both = {**OLD, "tags": ["高龄", "就业"]}
    assert told(pushed(county, both, on=day("2026-03-02")))["甲"] == [
        ("即将开始申报", "training"), ("新出台", "allowance"),
    ]  # fmt: skip


def test_a_consultation_is_told_of_while_one_may_speak(library: Library, papers: Path) -> None:
    released(library, papers, "征集", type="意见征集", released_on="2026-03-01", tags=["住房"],
             opens_on="2026-03-01", closes_on="2026-03-31")  # fmt: skip
    by_tag = {"id": "壬", "tags": ["住房"]}
    first = told(pushed(library, by_tag, on=day("2026-03-02")))["壬"]
    assert ("新出台", "征集") in first
    (closing,) = lines(pushed(library, by_tag, on=day("2026-03-20")))["壬"]
    assert "2026年3月31日截止征求意见，还有11日" in closing["text"]


def test_a_season_reminds_once_a_year(library: Library, papers: Path) -> None:
    released(library, papers, "取暖", released_on="2020-01-01", tags=["取暖补贴"])
    released(library, papers, "津贴", BODY, released_on="2020-01-01", tags=["供暖季"],
             measures=[ALLOWANCE])  # fmt: skip
    cold = {"id": "癸", "tags": ["取暖补贴"]}
    assert pushed(library, OLD, cold, on=day("2026-10-31")).messages == 0
    found = pushed(library, OLD, cold, on=day("2026-12-01"))
    assert told(found) == {"甲": [("应季提醒", "allowance")], "癸": [("应季提醒", "取暖")]}
    assert lines(found)["癸"][0]["season"] == "供暖季"
    assert pushed(library, OLD, cold, on=day("2027-02-01")).messages == 0
    assert pushed(library, OLD, cold, on=day("2027-11-02")).messages == 2


def test_an_audience_gets_the_rendition_it_can_use(county: Library, papers: Path) -> None:
    for form in ("文字", "音频", "大字版", "申报指南"):
        released(county, papers, f"解读{form}", type="政策解读", released_on="2026-02-21",
                 interpretation_form=form, relations=[{"kind": "解读", "target": "津贴"}])  # fmt: skip
    readers = {"老": ["老年人"], "盲": ["视障"], "聋": ["听障"], "常": [], "厂": ["小微企业"]}
    people = [{**OLD, "id": name, "audience": need} for name, need in readers.items()]
    found = lines(pushed(county, *people, on=day("2026-03-02")))
    forms = {name: messages[-1]["rendition"]["form"] for name, messages in found.items()}
    assert forms == {
        "老": "大字版", "盲": "音频", "聋": "正文", "常": "正文", "厂": "申报指南",
    }  # fmt: skip
    assert found["老"][-1]["rendition"]["document"] == "解读大字版"
    assert found["常"][-1]["rendition"]["document"] == "津贴"


def test_an_interpretation_of_a_former_text_is_not_sent(county: Library, papers: Path) -> None:
    released(county, papers, "解读音频", type="政策解读", released_on="2026-02-21",
             interpretation_form="音频", relations=[{"kind": "解读", "target": "津贴"}])  # fmt: skip
    other = {**ALLOWANCE, "amount": {"pay": "200元", "per": "月"}}
    act(county, Act.AMEND, "津贴", Role.PUBLISHER, body=BODY.replace("100", "200"),
        on=day("2026-03-02"), note="提高标准", measures=[other])  # fmt: skip
    blind = {**OLD, "audience": ["视障"]}
    found = lines(pushed(county, blind, on=day("2026-03-02")))["甲"]
    assert {each["rendition"]["form"] for each in found if each["document"] == "津贴"} == {"正文"}


def test_rules_of_ones_own_replace_those_of_the_package(county: Library, tmp_path: Path) -> None:
    own = tmp_path / "规则.yaml"
    own.write_text("opens: 0\n", "utf-8")
    assert pushed(county, JOBLESS, on=day("2026-03-02"), rules=own).messages == 0
    own.write_text("opens: 三\n", "utf-8")
    with pytest.raises(ParseError, match="opens"):
        pushed(county, rules=own)
