"""A text known by its sentences' digests alone: changes are found, dirty copies are copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pages import planted

from policylib.pages.normal import text_digest
from policylib.pages.page import read_page
from policylib.pages.parts import parts, unlike
from policylib.samesource.fetched import Fetched
from policylib.samesource.judging import Found, judge
from policylib.samesource.manifest import Text
from policylib.samesource.sketching import sketch

HEADS = ("青山县办法", "青政〔2024〕1号")
BODY = "\n\n".join(
    f"第{n}条　每人每月补助{n}00元，按月发放；有变化的，自次月起调整。" for n in "123456789"
)
KNOWN = parts(BODY, HEADS)


def kinds(text: str) -> list[str]:
    return [str(passage.kind) for passage in unlike(text, HEADS, KNOWN)]


def test_the_same_text_is_the_same_however_it_is_set() -> None:
    assert kinds(BODY) == []
    assert kinds(BODY.replace("，", ",").replace("\n\n", "\n　　")) == []
    assert kinds(f"青山县办法\n\n青政[2024]1号\n\n{BODY}\n\n（此件公开发布）") == []
    assert kinds(f"近日，县里发文。有关情况如下：\n\n{BODY}\n\n责任编辑：李四") == []


CHANGES = {
    "数字": ("500元", "800元", ["改动"]),
    "首句": ("100元", "900元", ["改动"]),
    "末句": ("第9条　每人每月补助900元", "第9条　每人每月补助100元", ["改动"]),
    "否定": ("按月发放；有变化的，自次月起调整。\n\n第6", "不按月发放；有变化的，自次月起调整。\n\n第6", ["改动"]),
    "缺句": ("第4条　每人每月补助400元，按月发放；", "", ["缺少"]),
    "多句": ("第7条", "另行补助十元。第7条", ["多出"]),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found_with_the_words_of_the_page(change: str) -> None:
    old, new, expected = CHANGES[change]
    changed = BODY.replace(old, new, 1)
    assert changed != BODY
    assert kinds(changed) == expected
    assert all(str(passage) for passage in unlike(changed, HEADS, KNOWN))


def test_the_order_of_sentences_counts() -> None:
    sections = BODY.split("\n\n")
    assert kinds("\n\n".join([*sections[:3], sections[4], sections[3], *sections[5:]])) != []


def test_a_text_with_too_many_sentences_has_no_parts() -> None:
    assert parts("短。" * 5_000, ()) == ()


@given(st.text(max_size=300), st.lists(st.integers(0, 2**32 - 1), max_size=20))
def test_nothing_makes_it_fall_over(text: str, known: list[int]) -> None:
    unlike(text, ("标题", None), known)
    assert unlike(text, (), parts(text, ())) == ()


def test_planted_drift_is_found_without_the_text(capsys: Any) -> None:
    """As a subscriber audits: manifest only, no body."""
    for case in planted.cases(12):
        source = case.source
        heads = (source.header.title, source.header.doc_number)
        text = Text(
            digest=text_digest(source.body or ""),
            sketch=sketch(source.body or ""),
            parts=parts(source.body or "", heads),
        )
        found = Found("d", replace(source, body=None, older=()), "文号", (text,), text)
        html = case.html if isinstance(case.html, bytes) else case.html.encode()
        got = Fetched(case.url, datetime.now(UTC), body=html)
        page = read_page(case.html, url=case.url)
        codes = {
            finding.code
            for finding in judge(got, page, lambda _, here=found: here, planted.DAY, {})
            if finding.severity != "提示"
        }
        if case.expected:
            assert case.expected in codes, case.kind
        else:
            assert codes == set(), case.kind
