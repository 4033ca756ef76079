"""Where provisions stand in a later text, for citations written before it."""

from __future__ import annotations

import pytest

from policylib.text.moving import moved, whereabouts

OLD = (
    "第一条　甲。\n\n第二条　条件如下：\n\n（一）本县户籍；\n\n（二）年满八十周岁。\n\n"
    "第三条　丙。\n\n第四条　丁丁丁丁。\n"
)
NEW = (
    "第一条　甲。\n\n第二条　条件如下：\n\n（一）实际居住；\n\n（二）本县户籍；\n\n（三）年满八十周岁。\n\n"
    "第三条　全新的一条，说的是别的事情。\n\n第四条　丙。\n"
)


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        ("第一条", []),
        ("第三条", ["第三条现为第四条"]),
        ("第四条", ["第四条已删去"]),
        ("第二条第（一）项", ["第二条第（一）项现为第二条第（二）项"]),
        ("第二条第一款第（二）项", ["第二条第一款第（二）项现为第二条第一款第（三）项"]),
        ("第一条、第三条", ["第三条现为第四条"]),
        ("第二章第三条", ["第三条现为第四条"]),
        ("第九条", []),
        ("有关规定", []),
    ],
)
def test_what_a_citation_leads_to_now(cited: str, said: list[str]) -> None:
    assert [str(each) for each in moved(cited, whereabouts(OLD, NEW))] == said


def test_only_other_words_are_no_other_place() -> None:
    (found,) = moved("第一条", whereabouts("第一条　每月50元。\n", "第一条　每月60元。\n"))
    assert str(found) == "第一条文字有修改"
    assert not found.misplaced


def test_a_number_that_the_text_has_twice_is_left_out() -> None:
    two = "通知\n\n第一条　甲。\n\n附件1\n\n办法\n\n第一条　乙。\n"
    assert not list(moved("第一条", whereabouts(two, two.replace("乙", "丙丙"))))
