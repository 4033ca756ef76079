"""Comparing reposts with the authority: drift is found, dirt is not drift."""

import json
import random
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylib.model.document import Header
from policylib.model.vocabulary import Severity, Validity
from policylib.pages.drift import compare_page
from policylib.pages.linking import same_address
from policylib.pages.normal import normal_form, text_digest
from policylib.pages.page import Link, Page, PageHeader, read_page
from policylib.pages.passages import PassageKind, Text, differences
from policylib.pages.source import DriftCode, Source, Target

from . import planted
from .shapes import BODY, NUMBER, PARAGRAPHS, TITLE

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DAY = date(2026, 6, 1)
HOME = "https://www.qingshan.example.gov.cn/zc/12.html"
SOURCE = Source(
    Header(
        title=TITLE,
        doc_number=NUMBER,
        written_on=date(2024, 6, 12),
        issuers=("青山县人民政府办公室",),
    ),
    Validity.IN_FORCE,
    BODY,
    (HOME,),
)


def repost(body=BODY, link=HOME, **header) -> Page:
    fields = {"title": TITLE, "doc_number": NUMBER, "written_on": date(2024, 6, 12), **header}
    named = Link("原文链接", link) if link is not None else None
    return Page(
        "https://zhuxi.example.gov.cn/1.html",
        "utf-8",
        PageHeader(**fields),
        body,
        links=(named,) if link else (),
        source_link=named,
    )


def codes(page, source=SOURCE, **options):
    return [drift.code for drift in compare_page(page, source, on=DAY, **options)]


def test_planted_drift_is_found_and_noise_is_not():
    missed, false = [], []
    for case in planted.cases(12, seed=23):
        page = read_page(case.html, url=case.url)
        found = {drift.code for drift in compare_page(page, case.source, on=planted.DAY)}
        if case.expected and case.expected not in found:
            missed.append(case.kind)
        if found - {case.expected}:
            false.append((case.kind, found))
    assert not missed
    assert not false


@pytest.mark.skipif(not DATA.is_dir(), reason="the third-party pages are not here")
def test_one_changed_digit_or_negation_on_a_real_page_is_found():
    """Where the page has what its transcript has; in one of the sixty the transcript lost captions."""
    rows = (DATA / "gov_policy/documents.jsonl").read_text(encoding="utf-8").split("\n")
    pages = {
        re.search(r"content_\d+", text)[0]: text
        for path in sorted((DATA / "gov_policy/html").glob("*.html"))
        if (text := path.read_text(encoding="utf-8"))
    }
    clean = changed = found = 0
    rng = random.Random(5)
    for row in map(json.loads, filter(None, rows)):
        html = pages[re.search(r"content_\d+", row["source_url"])[0]]
        header = Header(
            title=row["title"], doc_number=row["doc_number"], written_on=row["written_date"]
        )
        source = Source(header, Validity.IN_FORCE, row["text"])
        if codes(read_page(html), source):
            continue
        clean += 1
        begin = html.index("UCAP-CONTENT")
        body = html[begin : html.index("qr_container", begin)]
        texts = [m for m in re.finditer(r">([^<>&]+)<", body) if re.search("[0-9不]", m[1])]
        for match in rng.sample(texts, min(2, len(texts))):
            place = begin + match.start(1) + re.search("[0-9不]", match[1]).start()
            other = "" if html[place] == "不" else str((int(html[place]) + 1) % 10)
            changed += 1
            found += bool(codes(read_page(html[:place] + other + html[place + 1 :]), source))
    assert clean >= 59
    assert found == changed > 90


def test_a_true_copy_has_not_drifted():
    assert codes(repost()) == []
    assert codes(repost(body=f"{TITLE}\n{NUMBER}\n{BODY}\n（此件公开发布）")) == []
    assert codes(repost(body="", title=TITLE.removeprefix("青山县人民政府办公室"))) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_one_changed_letter_is_always_found_and_shown(seed):
    rng = random.Random(seed)
    places = [n for n, char in enumerate(BODY) if char.isalnum()]
    at = rng.choice(places)
    other = rng.choice([c for c in "0123456789不甲乙" if c != BODY[at]])
    if normal_form(other) == normal_form(BODY[at]):
        return
    (drift,) = compare_page(repost(body=BODY[:at] + other + BODY[at + 1 :]), SOURCE, on=DAY)
    assert drift.code is DriftCode.TEXT
    assert any(other in passage.page for passage in drift.passages)


def test_the_passage_is_shown_in_the_words_of_both():
    body = BODY.replace("每人每月60元", "每人每月600元")
    (drift,) = compare_page(repost(body=body), SOURCE, on=DAY)
    assert "每人每月60" in str(drift.passages[0])
    assert drift.as_dict()["passages"][0]["kind"] in ("改动", "多出")
    assert drift.severity is Severity.ERROR


def test_what_is_missing_extra_or_moved_is_told_apart():
    def kinds(paragraphs):
        found = differences(Text(BODY), Text("\n\n".join(paragraphs)))
        return [passage.kind for passage in found]

    moved = (*PARAGRAPHS[:2], *PARAGRAPHS[3:6], PARAGRAPHS[2], *PARAGRAPHS[6:])
    assert kinds(PARAGRAPHS[:5] + PARAGRAPHS[6:]) == [PassageKind.MISSING]
    assert kinds((*PARAGRAPHS[:5], "第四条之一 另有规定的，从其规定。", *PARAGRAPHS[5:])) == [
        PassageKind.EXTRA
    ]
    assert kinds(moved) == [PassageKind.MOVED]


def test_tables_whose_cells_have_shifted_have_drifted():
    table = "标准如下，按月发放：\n\n| 年龄 | 元 | 月 |\n| --- | --- | --- |\n| 80 | 1 | 23 |"
    source = replace(SOURCE, body=table)
    assert codes(repost(body=table), source) == []
    assert codes(repost(body=table.replace("| 1 | 23 |", "| 12 | 3 |")), source) == [DriftCode.TEXT]


def test_header_drift_is_found_field_by_field():
    assert codes(repost(title=TITLE.replace("高龄", "高令"))) == [DriftCode.TITLE]
    assert codes(repost(doc_number="青政办〔2024〕21号")) == [DriftCode.NUMBER]
    assert codes(repost(doc_number="青政办[2024]012号")) == []
    assert codes(repost(written_on=date(2024, 6, 21))) == [DriftCode.DATE]
    assert codes(repost(released_on=date(2024, 6, 1))) == [DriftCode.DATE]
    assert codes(repost(issuers=("青山县财政局",))) == [DriftCode.ISSUER]
    assert codes(repost(issuers=("竹溪镇人民政府",), publisher="竹溪镇人民政府")) == []


@pytest.mark.parametrize(
    ("seen", "right", "expected"),
    [
        (Validity.IN_FORCE, Validity.REPEALED, [DriftCode.VALIDITY]),
        (Validity.LAPSED, Validity.IN_FORCE, [DriftCode.VALIDITY]),
        (Validity.IN_FORCE, Validity.PARTLY, [DriftCode.VALIDITY]),
        (Validity.IN_FORCE, Validity.IN_FORCE, []),
        (None, Validity.IN_FORCE, []),
        (None, Validity.REPEALED, [DriftCode.UNMARKED]),
    ],
)
def test_the_validity_on_the_page_is_that_of_the_day(seen, right, expected):
    assert codes(repost(validity=seen), replace(SOURCE, validity=right)) == expected


def test_lapsed_for_repealed_is_only_a_hint():
    (drift,) = compare_page(
        repost(validity=Validity.LAPSED), replace(SOURCE, validity=Validity.REPEALED), on=DAY
    )
    assert drift.severity is Severity.HINT


def test_links_go_to_the_authority():
    assert codes(repost(link=None)) == [DriftCode.NO_LINK]
    assert codes(repost(link="https://news.example.com/1")) == [DriftCode.LINK_ELSEWHERE]
    assert codes(repost(link="#")) == [DriftCode.DEAD_LINK]
    assert codes(repost(link=HOME.replace("https", "http") + "#top")) == []
    assert codes(replace(repost(link=None), url=HOME)) == []
    assert same_address("https://a.cn/x/index.html", "http://A.cn/x")
    assert not same_address("https://a.cn/x?id=1", "https://a.cn/x?id=2")


def test_dead_and_wrong_links_are_told_by_what_is_there():
    page = replace(
        repost(),
        links=(Link("原文", HOME), Link("《青山县高龄津贴发放办法》（青政办〔2024〕12号）", "/a")),
    )
    assert codes(page, targets={"/a": None}) == [DriftCode.DEAD_LINK]
    assert codes(page, targets={"/a": Target("另一个通知", "青政办〔2024〕13号")}) == [
        DriftCode.WRONG_LINK
    ]
    assert codes(page, targets={"/a": Target(TITLE, NUMBER)}) == []
    titled = replace(page, links=(Link("原文", HOME), Link("关于做好春耕生产工作的通知", "/b")))
    assert codes(titled, targets={"/b": Target("青山县关于防汛工作的通知")}) == [
        DriftCode.WRONG_LINK
    ]


def test_unknown_old_and_copied_texts_have_their_own_codes():
    assert codes(repost(), None) == [DriftCode.UNKNOWN_SOURCE]
    amended = replace(SOURCE, body=BODY.replace("60元", "80元"), older=(BODY,))
    assert codes(repost(), amended) == [DriftCode.OLD_TEXT]
    assert codes(repost(), replace(SOURCE, link_only=True)) == [DriftCode.COPY]
    assert codes(repost(body="全文请见原文链接。"), replace(SOURCE, link_only=True)) == []


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_the_normal_form_of_a_normal_form_says_the_same(text):
    assert text_digest(text) == text_digest(f"  {text}\n")
    assert normal_form(normal_form(text)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("①申请", "（1）申请"),
        ("㈠申请", "(一)申请"),
        ("1、申请", "1．申请"),
        ("面积５０㎡", "面积50m²"),
        ("**第一条** 为了", "第一条　为了"),
        ("“一件事”", '"一件事"'),
        ("青政〔2024〕1号", "青政[2024]1号"),
        ("5—10年", "5－10年"),
        ("二○二四年", "二〇二四年"),
        ("办\u00ad法", "办法"),
    ],
)
def test_dirty_writings_are_equal(one, other):
    assert text_digest(one) == text_digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("应当", "不应当"),
        ("1.5%", "15%"),
        ("3、5", "3.5"),
        ("10²", "102"),
        ("3*5", "35"),
        ("万元", "元"),
        ("甲、乙", "乙、甲"),
    ],
)
def test_meanings_are_not(one, other):
    assert text_digest(one) != text_digest(other)


HOSTILE = [
    "|" * 10**5,
    "-" * 10**5,
    "[" * 10**5,
    "a\u0301" * 10**5,
    "> " * 10**5,
    "\\" * 10**5,
    "。" * 10**5,
    "\ud800\x00" * 10**4,
    "|---|\n" * 10**4,
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_texts_are_compared(number):
    found = codes(repost(body=HOSTILE[number] + BODY))
    assert set(found) <= {DriftCode.TEXT}


def test_long_texts_that_have_nothing_in_common_are_compared():
    one = "".join(f"第{n}句话说的是甲。" for n in range(20_000))
    other = "".join(f"第{n}项内容为乙；" for n in range(20_000))
    (drift,) = compare_page(repost(body=one), replace(SOURCE, body=other), on=DAY)
    assert drift.code is DriftCode.TEXT
