"""What a library says is due is what looking at every document, one by one, finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from policylib.files.rulesets import load_calendar, load_ruleset, shipped_rulesets
from policylib.library.clock import Clock
from policylib.library.pointing import relations_to
from policylib.model.document import Document, Header
from policylib.model.event import Change, Record
from policylib.model.organ import AuthorityFile, Organ
from policylib.model.relation import Relation
from policylib.model.rule import Duty, Rule
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import Act, DocumentType, OrganLevel, RelationKind, Role, Stage
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

AGES = timedelta(days=10_000)
SPANS = (0, 0, 1, 5, 30, 400)
TERMS = (None, "6个月", "1年", "2年", "90日", "4年")
KINDS = (
    *[RelationKind.RENEWS] * 6, *[RelationKind.LAPSES_UNLESS] * 3, RelationKind.REPEALS,
    RelationKind.PARTLY_REPEALS, RelationKind.DECLARES_LAPSED, RelationKind.REVOKES,
    RelationKind.SUSPENDS, RelationKind.RESUMES, RelationKind.AMENDS, RelationKind.BASIS,
    RelationKind.INTERPRETS, RelationKind.ANSWERS, RelationKind.RELATED,
)  # fmt: skip
TITLES = (
    "青山县补贴办法",
    "青山县补贴办法（试行）",
    "青山县关于补贴的通知",
    "关于废止试行办法的决定",
)


class Chance(Random):
    """What may stand in a library of 2020 to 2027."""

    def day(self, often: float = 0.6) -> date | None:
        some = FIRST + timedelta(days=self.randrange((LAST - FIRST).days))
        return some if self.random() < often else None

    def document(self, id: str) -> Document:
        begins, expires = self.day(0.8), self.day(0.2)
        return Document(
            id=id,
            version=1,
            stage=self.choice([Stage.RELEASED] * 8 + [Stage.SIGNED, Stage.DRAFTED]),
            type=self.choice([DocumentType.POLICY] * 8 + list(DocumentType)),
            title=self.choice(TITLES),
            kind=self.choice([None, "通知", "决定"]),
            form=self.choice([None, "办法", "方案"]),
            tags=self.choice([(), ("规范性文件",), ("高龄", "规章"), ("高龄",)]),
            document_class=self.choice([None, None, "规章", "行政规范性文件"]),
            registration_number=self.choice([None, "QS-2024-1"]),
            issuers=self.choice([(), ("县政府",), ("岭南市人民政府",), ("某局",)]),
            disclosure=self.choice([None, "主动公开", "不予公开"]),
            needs_interpretation=self.choice([None, True, False]),
            written_on=self.day(),
            released_on=self.day(),
            effective_on=begins,
            expires_on=expires if expires and (not begins or expires >= begins) else None,
            closes_on=self.day(),
            term=self.choice(TERMS),
        )

    def relation(self, held: dict[str, Document]) -> Relation:
        subject, target = self.choice(list(held)), self.choice(list(held))
        kind, day, last = self.choice(KINDS), self.day(), held[target].last_day
        if kind is RelationKind.RENEWS and last and self.random() < 0.6:
            day = last - timedelta(days=self.randrange(60))  # in time
        return Relation(
            subject_id=subject,
            kind=kind,
            target=target,
            object_id=target,
            effective_on=day,
            expires_on=self.day(0.2),
            unless_by=self.day(0.2),
            provision=self.choice([None, "第三条"]),
        )


def _change(document: Document, act: Act = Act.IMPORT, **more: Any) -> Change:
    record = Record(
        document_id=document.id, act=act, actor="甲", role=Role.IMPORTER, at=AT,
        stage=document.stage, detail=more.pop("detail", {}),
    )  # fmt: skip
    return Change(record=record, document=document, **more)


@pytest.mark.parametrize("seed", range(12))
def test_the_short_way_and_the_long_way_agree(seed: int, tmp_path: Path) -> None:
    chance = Chance(seed)
    held = {f"文{n}": chance.document(f"文{n}") for n in range(30)}
    with open_store(sqlite_url(tmp_path / "library.db"), create=True) as store:
        organs = Record(document_id=ORGANS, act=Act.REGISTER, actor="甲", role=Role.IMPORTER,
                        at=AT, stage=Stage.RELEASED)  # fmt: skip
        store.put_organs(ORGANS_KNOWN, organs)
        store.record([_change(each) for each in held.values()])
        for _ in range(20):
            relation = chance.relation(held)
            subject = _next(held, relation.subject_id)
            store.record([_change(subject, Act.AMEND, relations=(relation,))])
        for id in chance.sample(list(held), 4):
            changed = _next(held, id, term=chance.choice(TERMS), released_on=chance.day())
            store.record([_change(changed, Act.CORRECT)])
        for id in chance.sample(list(held), 4):
            duty = str(chance.choice(WATCHED).duty)
            store.record([_change(_next(held, id), Act.FULFIL, detail={"duty": duty})])
        clock = Clock(store, LOCAL, CALENDAR)
        everything = naive(store, on=FIRST, within=AGES, back=AGES)
        for each in chance.sample(everything, 15):
            within, back = (timedelta(days=chance.choice(SPANS)) for _ in range(2))
            on = each.due_on + chance.choice([-within, timedelta(0), back])
            found = clock.due(on=on, within=within, back=back)
            expected = naive(store, on=on, within=within, back=back)
            assert sorted(map(repr, (o for o in found if o.period is None))) == sorted(
                map(repr, expected)
            )


def _next(held: dict[str, Document], id: str, **fields: Any) -> Document:
    old = held[id]
    held[id] = old.model_copy(update={"version": old.version + 1, **fields})
    return held[id]


@pytest.mark.parametrize("seed", range(10))
def test_what_is_remembered_is_what_would_be_chosen_anew(seed: int) -> None:
    """One reckoning for many documents and days, as a long list asks for."""
    chance = Chance(seed)
    on = chance.day(1) or FIRST
    reckoning = Reckoning(LOCAL, CALENDAR, on=on)
    for number in range(200):
        document, day = chance.document(f"文{number}"), chance.day(1) or FIRST
        level = chance.choice([None, OrganLevel.CITY, OrganLevel.COUNTY])
        duty = chance.choice(WATCHED).duty
        facts = Facts.of(document, LOCAL, level=level, on=on)
        expected = next(iter(rules_for(LOCAL, facts, duty, day)), None)
        assert reckoning.rule(document, level, duty, day) is expected


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
