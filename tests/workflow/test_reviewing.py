"""Which interpretations have to be looked over when their policy changes or ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policylib import Document, Locator, Stage
from policylib.text.amending import amended, articles, concerned, differing
from policylib.workflow.reviewing import Change, Interpreting, stale

JULY = date(2026, 7, 1)
AMENDED = Change(JULY, date(2026, 5, 20), "自2026年7月1日起修改", "决定",
                 tuple(map(Locator.parse, ("第二条第一款", "第九条"))))  # fmt: skip
REPEALED = Change(date(2027, 1, 1), date(2027, 1, 1), "自2027年1月1日起废止", "新办法")


def interpreting(provision: str | None = None, *others: str, **fields: Any) -> Interpreting:
    document = Document(
        **{"id": "解读", "title": "解读", "stage": Stage.RELEASED, "released_on": "2024-03-14"}
        | fields
    )
    return Interpreting(document, provision, frozenset(("办法", *others)))


@pytest.mark.parametrize(
    ("one", "on", "expected"),
    [
        (interpreting(), "2026-07-01", [("第二条第一款", "第九条")]),
        (interpreting(), "2026-06-30", []),
        (interpreting("第二条、第十条"), "2026-07-01", [("第二条第一款",)]),
        (interpreting("第十条至第十二条"), "2026-07-01", []),
        (interpreting("第十条至第十二条"), "2027-01-01", [()]),
        (interpreting("第二章"), "2026-07-01", [("第二条第一款", "第九条")]),
        (interpreting("说不清的地方"), "2026-07-01", [("第二条第一款", "第九条")]),
        (interpreting(None, "决定"), "2026-07-01", []),
        (interpreting(released_on="2026-05-20"), "2026-07-01", []),
        (interpreting(released_on="2026-05-19"), "2026-07-01", [("第二条第一款", "第九条")]),
        (interpreting(released_on=None), "2026-07-01", [("第二条第一款", "第九条")]),
        (interpreting(stage=Stage.SIGNED), "2027-01-01", []),
        (interpreting(), "2027-01-01", [("第二条第一款", "第九条"), ()]),
    ],
)  # fmt: skip
def test_stale(one: Interpreting, on: str, expected: list[tuple[str, ...]]) -> None:
    found = list(stale("办法", [REPEALED, AMENDED], [one], on=date.fromisoformat(on)))
    assert [each.provisions for each in found] == expected
    assert all(each.because and each.policy == "办法" for each in found)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("一、将第六条修改为：“按照第九条发放。", ["第六条"]),
        ("二、将第八条第二款中的“第六条第三项”修改为“第六条第四项”。", ["第八条第二款"]),
        ("三、删去第十条第一款第三项。", ["第十条第一款第（三）项"]),
        ("一、在第二条第一款中增加一项，作为第七项：“（七）抚养人。”", ["第二条第一款"]),
        ("六、增加一条，作为第十六条：“本办法施行中。”", []),
        ("七、将第十六条改为第十七条，将第十七条改为第十八条。", []),
        ("第六条　申请人可以修改申请。", []),
        ("一、提高认识。按照第三条执行。", []),
        ("一、删去第三条。\n\n二、第三条删去后，将第三条之一修改为：“略”", ["第三条"]),
    ],
)  # fmt: skip
def test_what_a_decision_amends(body: str, expected: list[str]) -> None:
    assert [str(each) for each in amended(body)] == expected


def test_what_two_texts_differ_in() -> None:
    before = "第一条　甲。\n\n第二条　乙。\n\n第三条　丙。\n"
    after = "第一条　甲。\n第二条　丁。\n\n第四条　戊。\n"
    assert [str(each) for each in differing(before, after)] == ["第二条", "第四条", "第三条"]
    assert differing(before, before) == ()


def test_a_place_that_cannot_be_read_concerns_everything() -> None:
    changed = (Locator.parse("第三条"),)
    for text in (None, "", "第二章、第三条", "若干地方"):
        assert articles(text) == frozenset()
        assert concerned(changed, articles(text)) == changed
