"""What a searcher meets: the right document first, drafts never, the same after every update."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from policylib.errors import BackendError, ParseError
from policylib.search import segmenter
from policylib.search.engine import Engine
from policylib.search.entry import Entry
from policylib.search.query import MAX_WORDS, Query
from policylib.search.rows import Stamp

TODAY = date(2026, 11, 22)


def ask(engine: Engine, words: str = "", **options: object) -> list[str]:
    results = engine.search(Query(**{"words": words, "on": TODAY, "limit": 20, **options}))
    return [hit.id for hit in results.hits]


def text(id: str, title: str, body: str, *, public: bool = True) -> Entry:
    return Entry(id, title, public, "公布", steps=(("", "现行有效"),), body=body)


@pytest.fixture
def empty(tmp_path: Path) -> Engine:
    return Engine.create(tmp_path / "index", segmenter.load)


def test_a_number_goes_straight_to_the_document_however_it_is_written(engine: Engine) -> None:
    for number in (
        "禾政〔2023〕12号",
        "禾政[2023]12号",
        "禾政（2023）12 號",
        "禾政〔202312",
        "禾政〔２０２３〕12号",
    ):
        assert ask(engine, number) == ["qinghe-2023-gaoling"], number


def test_an_unknown_number_says_so_and_falls_back_to_the_text(engine: Engine) -> None:
    results = engine.search(Query(words="禾政〔2099〕77号", on=TODAY))
    assert results.notice
    assert "禾政〔2099〕77号" in results.notice


def test_ids_and_index_numbers_name_documents(engine: Engine, entries: list[Entry]) -> None:
    with_index = next(e for e in entries if e.index_number and e.public)
    assert with_index.index_number
    assert ask(engine, with_index.index_number) == [with_index.id]
    assert ask(engine, "qinghe-2023-gaoling") == ["qinghe-2023-gaoling"]


def test_a_draft_is_found_by_staff_only(engine: Engine, entries: list[Entry]) -> None:
    drafts = [entry for entry in entries if entry.stage == "起草"]
    assert drafts
    for draft in drafts:
        for words in (draft.title, draft.id, draft.body[:50], f"“{draft.title[5:12]}”"):
            assert draft.id not in ask(engine, words, limit=1000), words
        assert draft.id in ask(engine, draft.id, staff=True)
    assert not {d.id for d in drafts} & set(ask(engine, limit=1000))


def test_what_is_released_on_request_only_is_not_public(engine: Engine) -> None:
    assert "qinghe-2025-zijin" not in ask(engine, "qinghe-2025-zijin", limit=1000)
    assert ask(engine, "qinghe-2025-zijin", staff=True) == ["qinghe-2025-zijin"]


def test_a_draft_does_not_change_what_the_public_finds(empty: Engine) -> None:
    released = [text(f"p{n}", f"高龄津贴通知{n}", "高龄津贴按月发放。") for n in range(3)]
    empty.update(released, stamp=Stamp(1), timeout=5)
    before = ask(empty, "高龄津贴 创业担保")
    draft = text("draft", "高龄津贴 创业担保", "高龄津贴和创业担保贷款", public=False)
    empty.update([draft], stamp=Stamp(2), timeout=5)
    assert sorted(ask(empty, "高龄津贴 创业担保")) == sorted(before)


def test_a_draft_does_not_even_move_a_score(empty: Engine) -> None:
    released = [text(f"p{n}", f"高龄津贴通知{n}", f"高龄津贴按月发放{n}。") for n in range(3)]
    empty.update(released, stamp=Stamp(1), timeout=5)
    query = Query(words="高龄津贴", on=TODAY)
    before = [(hit.id, hit.score) for hit in empty.search(query).hits]
    drafts = [text(f"d{n}", "高龄津贴", "高龄津贴" * n, public=False) for n in range(1, 9)]
    empty.update(drafts, stamp=Stamp(2), timeout=5)
    assert [(hit.id, hit.score) for hit in empty.search(query).hits] == before


def test_phrases_hold_to_the_letter_across_spaces_and_width(empty: Engine) -> None:
    empty.update(
        [
            text("a", "甲", "每人每月发放６０元，按季 度发放。"),
            text("b", "乙", "每人每年发放60元，按月度发放。"),
        ],
        stamp=Stamp(1),
        timeout=5,
    )
    assert ask(empty, "“每月发放60元”") == ["a"]
    assert ask(empty, '"按季度发放"') == ["a"]
    assert sorted(ask(empty, "发放")) == ["a", "b"]
    assert ask(empty, "发放 -月度") == ["a"]


def test_a_word_the_dictionary_joins_is_found_by_its_parts(empty: Engine) -> None:
    empty.update([text("a", "通知", "缴纳社会保险费满一年。")], stamp=Stamp(1), timeout=5)
    for words in ("社会保险", "保险费", "社会", "社会保险费"):
        assert ask(empty, words) == ["a"], words


def test_everyday_words_reach_official_ones(empty: Engine) -> None:
    empty.update(
        [
            text("a", "养犬管理规定", "携带犬只出户应当束犬链。"),
            text("b", "停车办法", "机动车停放。"),
        ],
        stamp=Stamp(1),
        timeout=5,
    )
    assert ask(empty, "遛狗要不要拴绳")[0] == "a"


def test_updates_replace_and_deletions_hide(empty: Engine) -> None:
    empty.update([text("a", "旧标题", "旧内容在此")], stamp=Stamp(1), timeout=5)
    empty.update([text("a", "新标题", "新内容在此")], stamp=Stamp(2), timeout=5)
    assert ask(empty, "旧内容") == [] or ask(empty, "“旧内容”") == []
    assert ask(empty, "“新内容”") == ["a"]
    empty.update([], gone=["a"], stamp=Stamp(3), timeout=5)
    assert ask(empty) == []
    assert empty.stamp().position == 3


def test_many_small_updates_are_joined_and_nothing_is_lost(empty: Engine) -> None:
    for number in range(60):
        empty.update(
            [text(f"d{number}", f"通知第{number}号", f"内容{number}")],
            stamp=Stamp(number),
            timeout=5,
        )
        if number % 7 == 0:
            empty.update(
                [text("d3", "改过的通知", f"改到{number}")], stamp=Stamp(number), timeout=5
            )
    assert sorted(ask(empty, limit=100)) == sorted(f"d{n}" for n in range(60))
    assert ask(empty, "“改到56”") == ["d3"]
    assert ask(empty, "“改到49”") == []
    assert empty.stamp().position == 59


def test_two_versions_of_one_document_in_one_update(empty: Engine) -> None:
    empty.update([text("a", "一", "前一稿"), text("a", "二", "后一稿")], stamp=Stamp(1), timeout=5)
    assert [h.title for h in empty.search(Query(words="“后一稿”", on=TODAY)).hits] == ["二"]
    assert ask(empty) == ["a"]


def test_a_busy_index_is_left_alone(empty: Engine) -> None:
    writer = empty._segments.writer(timeout=0.1)
    assert writer
    assert not empty.update([text("a", "一", "二")], stamp=Stamp(1), timeout=0.1)
    writer.cancel()
    assert empty.update([text("a", "一", "二")], stamp=Stamp(1), timeout=0.1)


def test_the_index_folder_is_private(empty: Engine, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o700


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh's open file
def test_a_damaged_index_says_so(empty: Engine, tmp_path: Path) -> None:
    empty.update([text("a", "高龄津贴", "高龄津贴")], stamp=Stamp(1), timeout=5)
    for file in (tmp_path / "index").glob("*.toc"):
        file.write_bytes(b"\x00garbage")
    with pytest.raises(BackendError):
        ask(Engine(tmp_path / "index", segmenter.load), "高龄津贴")


def test_validity_is_that_of_the_day_asked(empty: Engine) -> None:
    steps = (("", "尚未施行"), ("2024-01-01", "现行有效"), ("2026-01-01", "失效"))
    empty.update([replace(text("a", "办法", "内容"), steps=steps)], stamp=Stamp(1), timeout=5)
    for day, name in (
        (date(2023, 12, 31), "尚未施行"),
        (date(2024, 1, 1), "现行有效"),
        (date(2025, 12, 31), "现行有效"),
        (date(2026, 1, 1), "失效"),
    ):
        (hit,) = empty.search(Query(words="办法", on=day)).hits
        assert hit.validity == name
        assert ask(empty, "办法", on=day, validity=(name,)) == ["a"]


def test_paging_and_orders_cover_everything_once(engine: Engine) -> None:
    for sort in ("relevance", "newest", "oldest", "title"):
        for words in ("补贴", ""):
            whole = ask(engine, words, sort=sort, limit=1000)
            paged = [
                id
                for start in range(0, len(whole) + 7, 7)
                for id in ask(engine, words, sort=sort, limit=7, offset=start)
            ]
            assert paged == whole
            assert len(set(whole)) == len(whole)


def test_newest_first_and_oldest_first(engine: Engine) -> None:
    days = [h.released_on for h in engine.search(Query(on=TODAY, sort="newest", limit=1000)).hits]
    assert days == sorted(days, key=lambda d: d or "", reverse=True)
    days = [h.released_on for h in engine.search(Query(on=TODAY, sort="oldest", limit=1000)).hits]
    assert days == sorted(days, key=lambda d: d or "9999")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"words": "长" * (MAX_WORDS + 1)}, "过长"),
        ({"facets": ("password",)}, "password"),
        ({"sort": "drop table"}, "排序"),
        ({"limit": -1}, "每页"),
        ({"limit": 100_000}, "每页"),
        ({"offset": -5}, "起始"),
    ],
)
def test_wrong_queries_are_refused_in_chinese(
    engine: Engine, options: dict[str, object], said: str
) -> None:
    with pytest.raises(ParseError, match=said):
        engine.search(Query(**{"on": TODAY, **options}))


@pytest.mark.parametrize(
    "words",
    ["AND OR NOT", '"', "“”", "((((", "-", "- - -", "*?~^", "\x00\x01", "🙂", "a" * 900, "补" * 900,
     "\\", "public", "facet:kind:", "\ud800", "id:x OR 1=1", "〔〕号", "第第第条条"],
)  # fmt: skip
def test_odd_queries_are_only_words(engine: Engine, words: str) -> None:
    results = engine.search(Query(words=words, on=TODAY, limit=5))
    assert results.total >= len(results.hits)


def test_a_snippet_shows_the_place_and_its_provision(engine: Engine) -> None:
    hit = engine.search(Query(words="高龄津贴不计入家庭收入", on=TODAY)).hits[0]
    assert hit.provision
    assert hit.provision.startswith("第")
    assert hit.marks
    for start, end in hit.marks:
        assert hit.snippet[start:end]
    assert "<mark>" in hit.snippet_html()


def test_snippets_are_harmless_in_html(empty: Engine) -> None:
    empty.update(
        [text("a", "通知", "高龄<script>alert(1)</script>津贴 & 补贴")], stamp=Stamp(1), timeout=5
    )
    (hit,) = empty.search(Query(words="高龄", on=TODAY)).hits
    assert "<script>" not in hit.snippet_html()
    assert "&lt;script&gt;" in hit.snippet_html()
