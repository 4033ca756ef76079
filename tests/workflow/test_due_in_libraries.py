"""What a library says is due is what looking at every document, one by one, finds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policylib.files.rulesets import load_calendar, load_ruleset, shipped_rulesets
from policylib.library.clock import Clock
from policylib.library.indexing import relations_to
from policylib.model.document import Document, Header
from policylib.model.event import Change, Record
from policylib.model.organ import AuthorityFile, Organ
from policylib.model.relation import Relation
from policylib.model.rule import Duty, Rule
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import Act, DocumentType, RelationKind, Role, Stage
from policylib.store import open_store, sqlite_url
from policylib.store.sql import ORGANS, SqlStore
from policylib.workflow.clock import WATCHED, Dossier, state_of
from policylib.workflow.due import Obligation, obligations
from policylib.workflow.reckoning import Reckoning
from policylib.workflow.rules import Facts, deadline, default_term, explain, rules_for
from policylib.workflow.validity import steps

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2020, 1, 1), date(2027, 12, 31)
CALENDAR = load_calendar()
ORGANS_KNOWN = (
    Organ(name="青山县人民政府", level="县", aliases=("县政府",)),
    Organ(name="岭南市人民政府", level="市"),
    Organ(name="青山县民政局"),
)


def _rule(id: str, duty: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": id, "title": id, "duty": duty, "bound": "应在…内", "figure": 20, "unit": "日",
        "anchor": "公布", "basis": [{"title": "某县做法"}], "source": "测试", **fields,
    }  # fmt: skip


LAW = {"verified": True, "basis": [{"title": "某条例", "article": "第一条", "quote": "应当"}]}
GENERAL = RuleSet(
    id="上级",
    title="上级",
    rules=tuple(
        Rule(**each)
        for each in (
            _rule("公开", "主动公开时限", unit="工作日", anchor="成文", **LAW),
            _rule("备案", "备案期限", figure=30, applies_to={"classes": "行政规范性文件"}),
            _rule("试行备案", "备案期限", figure=1, unit="月", applies_to={"title_words": "试行"}),
            _rule("解读", "解读时限", figure=3, unit="工作日", valid_from="2024-07-01"),
            _rule("旧解读", "解读时限", figure=10, valid_to="2024-06-30"),
            _rule("反馈", "意见反馈时限", unit="工作日", anchor="征求意见结束"),
            _rule(
                "默认",
                "有效期默认",
                bound="默认",
                figure=2,
                unit="年",
                anchor="施行",
                applies_to={"forms": "方案"},
                **LAW,
            ),
        )
    ),
    procedures=(
        {  # type: ignore[arg-type]
            "document_class": "行政规范性文件",
            "documents": [{"tags": ["规范性文件"]}, {"registered": True}],
            "steps": [{"name": "公布"}],
            "source": "测试",
        },
    ),
)
LOCAL = RuleSet(
    id="本地",
    title="本地",
    extends="上级",
    parent=GENERAL,
    rules=tuple(
        Rule(**each)
        for each in (
            _rule("市解读", "解读时限", figure=1, unit="工作日", applies_to={"issuer_levels": "市"}),
            _rule("评估", "评估提前", bound="不少于", figure=6, unit="月", anchor="失效前"),
            _rule("评估报告", "评估报告提前", bound="不少于", figure=30, anchor="失效前",
                  applies_to={"kinds": "通知"}),
        )
    ),
)  # fmt: skip


def naive(store: SqlStore, *, on: date, within: timedelta, back: timedelta) -> list[Obligation]:
    """Every document, every rule, nothing remembered."""
    organs = AuthorityFile(store.organs())
    documents = list(store.iter_documents())
    pointing = relations_to(store, [each.id for each in documents])
    found: list[Obligation] = []
    for document in documents:
        organ = organs.find(document.issuers[0]) if document.issuers else None
        level = organ.level if organ else None
        default = None
        if document.last_day is None:
            facts = Facts.of(document, LOCAL, level=level, on=document.starts_on)
            default = default_term(LOCAL, facts)
        life = steps(document, pointing[document.id], default=default)
        met = {r.kind for r, subject in pointing[document.id] if subject.is_public}
        dossier = Dossier(
            document, life, answered=RelationKind.ANSWERS in met,
            interpreted=RelationKind.INTERPRETS in met, level=level,
        )  # fmt: skip
        done = {e.detail.get("duty") for e in store.events(document.id) if e.act is Act.FULFIL}
        found += obligations([(document, life)], on=on, within=within)
        found += (
            each
            for each in _owed(dossier, on)
            if on - back <= each.due_on <= on + within and each.duty not in done
        )
    return found


def _owed(dossier: Dossier, on: date) -> Iterator[Obligation]:
    document = dossier.document
    facts = Facts.of(document, LOCAL, level=dossier.level, on=on)
    said = {"written_on": "成文于", "released_on": "公布于", "closes_on": "征集截止于"}
    for row in WATCHED:
        anchor = row.anchor(dossier)
        if anchor is None or not row.is_open(dossier):
            continue
        if row.counts_from == "expires_on" and not dossier.is_in_force(on):
            continue
        for rule in rules_for(LOCAL, facts, row.duty, anchor)[:1]:
            day = deadline(rule, anchor, CALENDAR)
            yield Obligation(
                document=document.id, title=document.title, obligation=row.what, due_on=day.day,
                state=state_of(day.day, on),
                basis=f"{said.get(row.counts_from, '有效期至')}{anchor}"
                + ("（该年放假安排尚未公布，按周末推算）" if day.estimated else ""),
                rule=f"{rule.id} {explain(rule)}", duty=row.duty,
            )  # fmt: skip


# -- random libraries ---------------------------------------------------------------------------

DAYS = st.dates(FIRST, LAST)
AGES = timedelta(days=10_000)
SPANS = st.sampled_from([0, 0, 1, 5, 30, 400])
MAYBE = st.none() | DAYS
MOSTLY = st.sampled_from([True, True, True, False]).flatmap(lambda yes: DAYS if yes else st.none())
SELDOM = st.sampled_from([True, False, False, False]).flatmap(
    lambda yes: DAYS if yes else st.none()
)
TERMS = st.sampled_from([None, "6个月", "1年", "2年", "90日", "4年"])
KINDS = st.sampled_from(
    [
        *[RelationKind.RENEWS] * 5, RelationKind.LAPSES_UNLESS, RelationKind.LAPSES_UNLESS, RelationKind.REPEALS,
        RelationKind.PARTLY_REPEALS, RelationKind.DECLARES_LAPSED, RelationKind.REVOKES,
        RelationKind.SUSPENDS, RelationKind.RESUMES, RelationKind.AMENDS, RelationKind.BASIS,
        RelationKind.INTERPRETS, RelationKind.ANSWERS, RelationKind.RELATED,
    ]
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn, id: str) -> Document:
    begins = draw(MOSTLY)
    expires = draw(SELDOM)
    return Document(
        id=id,
        version=1,
        stage=draw(st.sampled_from([Stage.RELEASED] * 6 + [Stage.SIGNED, Stage.DRAFTED])),
        type=draw(st.sampled_from([DocumentType.POLICY] * 4 + list(DocumentType))),
        title=draw(st.sampled_from(
            ["青山县补贴办法", "青山县补贴办法（试行）", "青山县关于补贴的通知", "关于废止试行办法的决定"]
        )),
        kind=draw(st.sampled_from([None, "通知", "决定"])),
        form=draw(st.sampled_from([None, "办法", "方案"])),
        tags=draw(st.sampled_from([(), ("规范性文件",), ("高龄", "规章"), ("高龄",)])),
        document_class=draw(st.sampled_from([None, None, "规章", "行政规范性文件"])),
        registration_number=draw(st.sampled_from([None, "QS-2024-1"])),
        issuers=draw(st.sampled_from([(), ("县政府",), ("岭南市人民政府",), ("某局",)])),
        disclosure=draw(st.sampled_from([None, "主动公开", "不予公开"])),
        needs_interpretation=draw(st.sampled_from([None, True, False])),
        written_on=draw(MAYBE),
        released_on=draw(MAYBE),
        effective_on=begins,
        expires_on=expires if expires and (not begins or expires >= begins) else None,
        closes_on=draw(MAYBE),
        term=draw(TERMS),
    )  # fmt: skip


@st.composite
def relations(draw: st.DrawFn, ids: list[str]) -> Relation:
    target = draw(st.sampled_from(ids))
    return Relation(
        subject_id=draw(st.sampled_from(ids)),
        kind=draw(KINDS),
        target=target,
        object_id=target,
        effective_on=draw(MAYBE),
        expires_on=draw(SELDOM),
        unless_by=draw(SELDOM),
        provision=draw(st.sampled_from([None, "第三条"])),
    )


def _change(document: Document, act: Act = Act.IMPORT, **more: Any) -> Change:
    record = Record(
        document_id=document.id, act=act, actor="甲", role=Role.IMPORTER, at=AT,
        stage=document.stage, detail=more.pop("detail", {}),
    )  # fmt: skip
    return Change(record=record, document=document, **more)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_short_way_and_the_long_way_agree(data: st.DataObject) -> None:
    ids = [f"文{n}" for n in range(data.draw(st.integers(1, 8)))]
    held = {id: data.draw(documents(id)) for id in ids}
    with (
        tempfile.TemporaryDirectory() as name,
        open_store(sqlite_url(Path(name) / "library.db"), create=True) as store,
    ):
        organs = Record(document_id=ORGANS, act=Act.REGISTER, actor="甲", role=Role.IMPORTER,
                        at=AT, stage=Stage.RELEASED)  # fmt: skip
        store.put_organs(ORGANS_KNOWN, organs)
        store.record([_change(each) for each in held.values()])
        for relation in data.draw(st.lists(relations(ids), max_size=8)):
            subject = _next(held, relation.subject_id)
            store.record([_change(subject, Act.AMEND, relations=(relation,))])
        for id in data.draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)):
            changed = _next(held, id, term=data.draw(TERMS), released_on=data.draw(MAYBE))
            store.record([_change(changed, Act.CORRECT)])
        for id in data.draw(st.lists(st.sampled_from(ids), max_size=2)):
            duty = data.draw(st.sampled_from([str(row.duty) for row in WATCHED]))
            store.record([_change(_next(held, id), Act.FULFIL, detail={"duty": duty})])
        clock = Clock(store, LOCAL, CALENDAR)
        everything = naive(store, on=FIRST, within=AGES, back=AGES)
        days = sorted({each.due_on for each in everything}) or [FIRST]
        ends = sorted({each.due_on for each in everything if "届满" in each.obligation}) or days
        for _ in range(6):
            within, back = (timedelta(days=data.draw(SPANS)) for _ in range(2))
            near = data.draw(st.sampled_from(ends) | st.sampled_from(days))
            on = near + data.draw(st.sampled_from([-within, timedelta(0), back]))
            found = clock.due(on=on, within=within, back=back)
            expected = naive(store, on=on, within=within, back=back)
            assert sorted(each for each in map(repr, found) if "period=None" in each) == sorted(
                map(repr, expected)
            )


def _next(held: dict[str, Document], id: str, **fields: Any) -> Document:
    old = held[id]
    held[id] = old.model_copy(update={"version": old.version + 1, **fields})
    return held[id]


class Seen:
    """A header that notes what is asked of it."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.asked.add(name)
        return getattr(self._header, name)


@pytest.mark.parametrize(
    "rules", [LOCAL, *map(load_ruleset, shipped_rulesets())], ids=lambda each: each.id
)
def test_documents_of_one_kind_differ_in_nothing_that_rules_look_at(rules: RuleSet) -> None:
    """What rules are chosen by must be in the key under which the clock remembers them."""
    header = Header(title="青山县关于补贴的通知（试行）", released_on="2025-03-01", tags=["高龄"])
    by_rules, by_clock = Seen(header), Seen(header)
    facts = Facts.of(by_rules, rules, on=FIRST)  # type: ignore[arg-type]
    for duty in Duty:
        rules_for(rules, facts, duty, LAST)
    default_term(rules, facts)
    reckoning = Reckoning(rules, CALENDAR, on=LAST)
    reckoning.rule(by_clock, None, Duty.FILING, LAST)  # type: ignore[arg-type]
    by_clock.asked.clear()
    reckoning.rule(by_clock, None, Duty.FILING, LAST)  # type: ignore[arg-type]
    assert by_rules.asked - {"starts_on"} <= by_clock.asked
