"""Which document a decision means: omnibus decisions, other documents, a 办法 under its 通知."""

import pytest
from tests.amending.cases import LAW, LAW_HEAD

from policylib.amending import Kind, amend, parse_decision

OMNIBUS = """青山县人民政府关于修改部分行政规范性文件的决定

为落实机构改革要求，县人民政府决定对下列文件予以修改：

一、《青山县公墓管理办法》（青政〔2018〕3号）

（一）将第二条修改为：“甲。”

（二）删去第三条。

二、《青山县农村公路管理办法》（青政〔2019〕5号）

（一）将第四条修改为：“农村公路建设应当符合国土空间规划。”

（二）将第三条、第五条中的“县交通局”统一修改为“县交通运输局”。

三、将《青山县农村公路管理办法》第七条修改为：“违反本办法的，责令限期改正。”
第九条中的“5月1日”修改为“6月1日”。

四、将《青山县河道管理办法》第九条中的“水务局”修改为“水利局”。

此外，对相关文件中的条文序号作相应调整。

本决定自公布之日起施行。

青山县农村公路管理办法

第一条 将第三条修改为：“乙。”
"""


def test_of_an_omnibus_decision_only_the_own_section_is_carried_out():
    result = amend(LAW, OMNIBUS)
    assert [each.instruction.kind for each in result.applied] == [
        Kind.REPLACE,
        Kind.PHRASE,
        Kind.REPLACE,
        Kind.PHRASE,
        Kind.ORDER,
    ]
    assert "第四条 农村公路建设应当符合国土空间规划。" in result.text
    assert "第七条 违反本办法的，责令限期改正。" in result.text
    assert "自2019年6月1日起施行" in result.text
    assert result.unapplied == ()
    assert {each.reason for each in result.others} == {
        "修改的是《青山县公墓管理办法》",
        "修改的是《青山县河道管理办法》",
    }


def test_the_documents_of_an_omnibus_decision_are_listed_in_order():
    assert parse_decision(OMNIBUS).targets == (
        "青山县公墓管理办法",
        "青山县农村公路管理办法",
        "青山县河道管理办法",
    )


def test_a_title_picks_the_section_of_a_text_that_has_none():
    base = "第八条 甲。\n第九条 由县水务局负责。\n"
    assert "县水利局" in amend(base, OMNIBUS, title="青山县河道管理办法").text
    left = amend(base, OMNIBUS)
    assert left.text == base
    assert left.unapplied


def test_a_title_that_is_not_the_texts_own_is_noted():
    result = amend(LAW, OMNIBUS, title="青山县公墓管理办法")
    assert any("正文的标题是" in note for note in result.notes)


def test_a_decision_for_another_document_changes_nothing():
    decision = LAW_HEAD.replace("农村公路", "水库") + "将第四条修改为：“甲。”"
    result = amend(LAW, decision)
    assert (result.text, result.applied) == (LAW, ())
    assert "不是《青山县农村公路管理办法》" in result.unapplied[0].reason


def test_an_instruction_that_names_no_document_among_several_is_not_understood():
    decision = (
        "关于修改《青山县甲办法》《青山县乙办法》的决定\n"
        "一、将《青山县甲办法》第一条修改为：“甲。”\n二、将第二条修改为：“乙。”\n"
    )
    read = parse_decision(decision)
    assert [each.reason for each in read.not_understood] == ["没有写明修改哪一件文件"]


def test_a_law_may_be_named_without_title_marks():
    base = "# 中华人民共和国青山法\n\n第一条 甲。\n\n第二条 乙。\n"
    decision = "一、将青山法第二条修改为：“丙。”\n\n二、本修正案自公布之日起施行。"
    assert "第二条 丙。" in amend(base, decision).text


def test_the_measures_under_their_notice_are_amended_not_the_notice():
    notice = (
        "关于印发《青山县农村公路管理办法》的通知\n\n各乡镇人民政府：\n\n现将《青山县农村公路管理办法》"
        "印发给你们，请遵照执行。\n\n一、高度重视。\n\n二、认真落实。\n\n青山县人民政府\n\n2019年3月1日\n\n"
    )
    base = notice + LAW.removeprefix("# ")
    result = amend(base, LAW_HEAD + "删去第二条。条文顺序作相应调整。")
    assert result.text.startswith(notice)
    assert "第二条 县交通局主管农村公路工作" in result.text
    assert ("第三条", "第二条") in {(str(old), str(new)) for old, new in result.moved}


def test_references_to_other_documents_stay():
    base = (
        "# 青山县公园管理办法\n\n第一条 甲。\n\n第二条 乙。\n\n第三条 依照《公园法》第二条、第三条和本办法"
        "第二条、森林法第二条、《青山县公园管理办法》第三条的规定处理。\n"
    )
    result = amend(base, "删去第一条，条文顺序作相应调整。")
    assert "第二条 依照《公园法》第二条、第三条和本办法第一条、森林法第二条、" in result.text
    assert "《青山县公园管理办法》第二条的规定" in result.text


def test_the_kinds_of_closing_words_are_read():
    read = parse_decision(OMNIBUS)
    assert {each.kind for each in read.instructions} >= {Kind.ORDER, Kind.EFFECT}
    assert read.adjusts
    assert read.title == "青山县人民政府关于修改部分行政规范性文件的决定"


def test_a_quotation_may_bear_the_old_or_the_new_number_and_no_other():
    added = "增加一条，作为第七条：“第七条 县交通局应当公布结果。”\n"
    for label in ("第七条", "第八条"):
        said = f"将第七条改为第八条，修改为：“{label} 违反本办法的，责令改正。”"
        assert "第八条 违反本办法的，责令改正。" in amend(LAW, LAW_HEAD + added + said).text
    wrong = amend(LAW, LAW_HEAD + "将第七条修改为：“第九条 甲。”")
    assert (wrong.text, len(wrong.unapplied)) == (LAW, 1)


def test_a_new_article_must_join_those_before_or_after_it():
    base = "第二十条 甲。\n第二十一条 乙。\n"
    result = amend(base, "增加一条，作为第二条：“丙。”")
    assert (result.text, len(result.unapplied)) == (base, 1)


def test_a_title_on_several_lines_is_one_title():
    base = "青山县关于规范农村\n\n公路养护的办法\n\n第一条 甲。\n\n第二条 乙。\n"
    decision = "对《青山县关于规范农村公路养护的办法》作如下修改：\n将第二条修改为：“丙。”"
    assert "第二条 丙。" in amend(base, decision).text


def test_a_title_that_the_first_article_quotes_is_not_that_of_the_text():
    base = "青山县公路养护细则\n\n第一章 总则\n\n第一条 根据《青山县公路管理办法》，制定本细则。\n\n第二条 乙。\n"
    decision = (
        "关于修改《青山县公路管理办法》和《青山县公路养护细则》的决定\n\n"
        "一、对《青山县公路管理办法》作出修改\n\n将第二条修改为：“甲。”\n\n"
        "二、对《青山县公路养护细则》作出修改\n\n将第二条修改为：“丙。”\n"
    )
    result = amend(base, decision)
    assert "第二条 丙。" in result.text
    assert [each.reason for each in result.others] == ["修改的是《青山县公路管理办法》"]


def test_a_sentence_after_the_formula_that_amends_nothing_known_is_told():
    result = amend(LAW, LAW_HEAD + "一、删去第四条。\n本办法的有效期延长二年。\n")
    assert result.unapplied[-1].quote == "本办法的有效期延长二年。"


def test_paragraphs_under_a_heading_of_a_policy_are_its_paragraphs():
    base = (
        "青山县补助办法\n\n一、补助对象\n\n本县居民可以申请。\n\n外县居民不得申请。\n\n二、补助标准\n\n"
        "（一）甲类每户一百元：\n\n1.老人；\n\n2.儿童。\n\n（二）乙类每户五十元。\n"
    )
    head = "对《青山县补助办法》作如下修改：\n"
    said = "第一条第二款中的“不得申请”修改为“可以申请”。第二条第一款第二项修改为：“2.学生。”"
    result = amend(base, head + said)
    assert "外县居民可以申请。" in result.text
    assert "2.学生。" in result.text
    assert result.unapplied == ()
    assert amend(base, head + "删去第一条第一款。").text == base.replace(
        "本县居民可以申请。\n\n", ""
    )


def test_paragraphs_on_the_whole_document_do_not_go_with_the_last_item():
    base = "青山县通知\n\n一、甲。\n\n（一）乙。\n\n（二）丙。\n\n本通知自印发之日起施行，有效期二年。\n"
    result = amend(base, "将第一条第（二）项修改为：“（二）丁。”")
    assert result.text == base.replace("丙", "丁")


def test_a_contents_that_does_not_list_the_chapters_is_left_and_told():
    base = (
        "目 录\n\n第一章 总则\n\n## 第一章 总则\n\n第一条 甲。\n\n## 第二章 附则\n\n第二条 乙。\n"
    )
    result = amend(base, "删去第二章。")
    assert "目 录\n\n第一章 总则\n\n##" in result.text
    assert "章节有增删或者改序，目录没有改动，请核对" in result.notes


def test_signs_without_width_do_not_hide_the_end_of_a_sentence():
    base = "第一条 甲。\n\n第二条 乙。\u200b\n"
    assert "第二条 丙。\u200b\n" in amend(base, "将第二条修改为：“丙。\u200b”").text


def test_instructions_may_stand_in_an_annex_behind_the_effect():
    base = (
        "云溪市殡葬管理条例\n\n第一条 甲。\n\n第二条 工商行政管理、国土资源部门予以配合。\n\n"
        "第三条 由国土资源部门责令改正。\n\n第四条 由工商行政管理部门没收。\n"
    )
    decision = (
        "云溪市人民政府关于修改和废止部分规章的决定\n\n为落实“放管服”改革要求，市人民政府决定：\n\n"
        "一、对2部规章的部分条款予以修改。（附件1）\n\n二、对1部规章予以废止。（附件2）\n\n"
        "本决定自公布之日起施行。\n\n附件1\n\n决定修改的规章\n\n"
        "一、将《云溪市殡葬管理条例》第二条、第四条中的“工商行政管理”修改为“市场监督管理”，"
        "“国土资源”修改为“自然资源”。\n\n第三条中的“国土资源”修改为“自然资源”。\n\n"
        "二、删去《云溪市公园办法》第五条。\n\n附件2\n\n决定废止的规章\n\n一、《云溪市犬类办法》\n"
    )
    result = amend(base, decision)
    wanted = base.replace("工商行政管理", "市场监督管理").replace("国土资源", "自然资源")
    assert (result.text, result.unapplied) == (wanted, ())
    assert [each.quote for each in result.others] == ["删去《云溪市公园办法》第五条"]


@pytest.mark.parametrize("line", [">", "#", "*", "\u3000"])
def test_a_line_of_marks_alone_says_nothing(line: str):
    decision = LAW_HEAD + "将第四条修改为：“第四条　甲。”\n"
    formula, rest = LAW_HEAD, decision.removeprefix(LAW_HEAD)
    assert parse_decision(formula + f"\n{line}\n" + rest).not_understood == ()
    assert amend(LAW, formula + f"\n{line}\n" + rest).text == amend(LAW, decision).text


def test_the_amended_text_behind_the_closing_words_is_no_instruction():
    said = (
        "一、对《青山县农村公路管理办法》作出修改\n\n（一）将第四条中的“规划”修改为“专项规划”。\n\n"
    )
    closing = (
        "本决定自公布之日起施行。\n\n《青山县农村公路管理办法》根据本决定作相应修改，重新公布。\n\n"
    )
    text = "青山县农村公路\n\n管理办法\n\n为加强管理，制定本办法。\n\n一、总则\n\n建设应当符合专项规划。\n"
    result = amend(LAW, LAW_HEAD + said + closing + text)
    assert result.unapplied == ()
    assert "应当符合专项规划" in result.text


def test_instructions_under_the_title_of_a_document_behind_the_effect_are_read():
    said = "本决定自公布之日起施行。\n\n青山县农村公路管理办法\n\n一、将第四条中的“规划”修改为“专项规划”。\n"
    result = amend(LAW, LAW_HEAD + said)
    assert "应当符合专项规划" in result.text
    assert result.unapplied == ()


def test_a_decision_may_call_a_document_by_a_short_title_and_its_notice_bears_the_title():
    base = (
        "青山县人民政府关于印发青山县停车收费细则的通知\n\n现印发给你们，请认真执行。\n\n"
        "青山县停车收费细则\n\n第一条 为规范停车收费，制定本细则。\n\n第二条 收费每小时5元。\n"
    )
    said = (
        "青山县人民政府关于修改《青山县停车收费细则》的通知\n\n"
        "决定对《青山县停车收费细则》（以下简称《收费细则》）作如下修改：\n\n"
        "一、《收费细则》第二条中的“5元”修改为“6元”。\n"
    )
    result = amend(base, said)
    assert result.unapplied == ()
    assert "收费每小时6元" in result.text
