"""Every way of saying an amendment, on made-up texts: with 条 and with headings."""

import difflib
import json

import pytest
from tests.amending.cases import CASES, LAW, LAW_HEAD, POLICY, POLICY_HEAD, Case
from tests.amending.cases_kinds import KIND_HEADS, KINDS
from tests.amending.cases_more import HEADS, MORE

from policylib.amending import amend

ALL = (*CASES, *MORE, *KINDS)
HEAD = {LAW: LAW_HEAD, POLICY: POLICY_HEAD, **HEADS, **KIND_HEADS}


def changed(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that went and the lines that came, without empty ones."""
    old, new = ([line for line in text.split("\n") if line] for text in (before, after))
    lines = difflib.unified_diff(old, new, lineterm="", n=0)
    body = [line for line in lines if not line.startswith(("+++", "---", "@@"))]
    gone = tuple(line[1:] for line in body if line[0] == "-")
    return gone, tuple(line[1:] for line in body if line[0] == "+")


@pytest.mark.parametrize("case", ALL, ids=[case.said[:40] for case in ALL])
def test_a_decision_is_carried_out_as_it_says(case: Case):
    base, head = case.base, HEAD[case.base]
    result = amend(base, head + case.said)
    assert changed(base, result.text) == (case.gone, case.come)
    assert tuple(each.reason for each in result.unapplied) == case.left
    assert result.notes == case.notes
    assert json.dumps(result.as_dict(), ensure_ascii=False)


@pytest.mark.parametrize("case", ALL, ids=[case.said[:40] for case in ALL])
def test_what_is_left_is_quoted_from_the_decision(case: Case):
    base, head = case.base, HEAD[case.base]
    decision = head + case.said
    result = amend(base, decision)
    for each in result.unapplied:
        assert decision[each.span.start : each.span.end] == each.quote
    for done in result.applied:
        span = done.instruction.span
        assert decision[span.start : span.end] == done.instruction.quote
