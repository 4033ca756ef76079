"""The engine finds and counts what the plain scan finds and counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policylib.search.engine import Engine
from policylib.search.entry import Entry
from policylib.search.query import FACETS, Query
from policylib.search.scan import Scan

TODAY = date(2026, 11, 22)
WORDS = (
    "高龄津贴", "低保", "怎么申请补贴", "残疾人 护理补贴", "社会保险", "创业补贴 条件", "养狗",
    "小微企业贷款", "“不计入”", "高龄 -津贴", "停车", "房", "2023年", "60元", "农机购置补贴办法",
    "第三条", "意见征集 未采纳", "不存在的词汇", "，。！", "", "AND OR NOT", "禾政〔2023〕12号",
    "禾政[2023]12 号", "qinghe-2023-gaoling", "禾政〔2099〕1号", "青禾县", "的", "办法",
)  # fmt: skip


def found(engine: Engine, query: Query) -> set[str]:
    results = engine.search(query)
    assert results.total == len(results.hits)
    return {hit.id for hit in results.hits}


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("staff", [False, True])
def test_same_documents_for_words(engine: Engine, scan: Scan, words: str, staff: bool) -> None:
    query = Query(words=words, on=TODAY, limit=1000, staff=staff)
    assert found(engine, query) == scan.find(query)


def any_query(entries: list[Entry]) -> st.SearchStrategy[Query]:
    def some(name: str) -> st.SearchStrategy[tuple[str, ...]]:
        values = set()
        for entry in entries:
            given = getattr(entry, name)
            values.update([given] if isinstance(given, str) else given or ())
        return st.lists(st.sampled_from(sorted(values)), max_size=2).map(tuple)

    titles = [entry.title for entry in entries]
    piece = st.sampled_from(titles).flatmap(
        lambda title: st.integers(0, max(0, len(title) - 2)).flatmap(
            lambda start: st.integers(1, 8).map(lambda size: title[start : start + size])
        )
    )
    days = st.none() | st.dates(date(2016, 1, 1), date(2027, 1, 1))
    return st.builds(
        Query,
        words=st.one_of(piece, st.lists(piece, max_size=3).map(" ".join), st.sampled_from(WORDS)),
        issuers=some("issuers"),
        type=some("type"),
        kind=some("kind"),
        form=some("form"),
        themes=some("themes"),
        tags=some("tags"),
        audience=some("audience"),
        validity=st.lists(
            st.sampled_from(["现行有效", "失效", "尚未施行", "未公布"]), max_size=2
        ).map(tuple),
        released_from=days,
        released_to=days,
        on=st.integers(-2000, 800).map(lambda days: TODAY + timedelta(days=days)),
        staff=st.booleans(),
        limit=st.just(1000),
    )


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_same_documents_and_counts_for_any_query(
    engine: Engine, scan: Scan, entries: list[Entry], data: st.DataObject
) -> None:
    query = data.draw(any_query(entries))
    assert found(engine, query) == scan.find(query)
    facet = data.draw(st.sampled_from(FACETS))
    counted = engine.search(Query(**{**as_fields(query), "facets": (facet,)})).facets
    assert dict(counted[facet]) == scan.count(query, facet)


def as_fields(query: Query) -> dict[str, object]:
    return {name: getattr(query, name) for name in Query.__dataclass_fields__}
