"""Which document a decision means: omnibus decisions, other documents, a 办法 under its 通知."""

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
