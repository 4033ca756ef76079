"""What goes with a document, row by row (关联文件): values, and the sentences that give the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from policylib.model.document import Document
from policylib.model.relation import Relation
from policylib.model.vocabulary import Origin, RelationKind
from policylib.workflow.validity import WITHOUT_EFFECT

__all__ = [
    "CITED", "ORDER", "SAME_SERIES", "SIMILAR", "Direction", "More", "Related", "Row", "chinese_day",
    "name_of", "reason", "since",
]  # fmt: skip

SAME_SERIES, CITED, SIMILAR = "同一系列", "引用", "相似"


class Direction(StrEnum):
    """From which side a tie comes (方向), as seen from the document asked about."""

    OUT = "指向"
    IN = "被指向"
    SERIES = "同族"
    LIKE = "相似"


#: The kinds in the order in which they are listed.
ORDER: tuple[str, ...] = (
    RelationKind.AMENDS, RelationKind.RENEWS, RelationKind.SUSPENDS, RelationKind.RESUMES,
    RelationKind.PARTLY_REPEALS, RelationKind.REPEALS, RelationKind.DECLARES_LAPSED,
    RelationKind.LAPSES_UNLESS, RelationKind.REVOKES, SAME_SERIES, RelationKind.INTERPRETS,
    RelationKind.CONSULTS, RelationKind.ANSWERS, RelationKind.REPOSTS, RelationKind.BASIS,
    RelationKind.IMPLEMENTS, CITED, RelationKind.RELATED, SIMILAR,
)  # fmt: skip
_PLACE = {kind: place for place, kind in enumerate(ORDER)}


@dataclass(frozen=True, slots=True)
class Row:
    """One document that goes with another, and why (关联).

    ``document`` is ``None`` where it is not in the library (未入库); ``title`` is then what was
    written. ``validity`` is that on the day ``on``; ``since`` is the day from which the tie holds.
    ``score`` says how like the two are, from 0 to 1, for 相似 only.
    """

    document: str | None
    title: str
    doc_number: str | None
    direction: Direction
    kind: str
    provision: str | None
    reason: str
    validity: str | None
    on: date
    since: date | None
    score: float | None = None

    @property
    def place(self) -> tuple[Any, ...]:
        """Where the row stands among the others; a series stays in the order of its days."""
        newest = -(self.since.toordinal() if self.since else 0)
        within = 0 if self.kind in (SAME_SERIES, SIMILAR) else newest
        return _PLACE.get(self.kind, len(_PLACE)), self.direction is not Direction.OUT, within

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        days = {"on": self.on.isoformat(), "since": self.since.isoformat() if self.since else None}
        return {**asdict(self), "direction": str(self.direction), "kind": str(self.kind), **days}


@dataclass(frozen=True, slots=True)
class More:
    """Ties of one kind that are not listed, because there are very many (未列出)."""

    direction: Direction
    kind: str


@dataclass(frozen=True, slots=True)
class Related:
    """All that goes with one document as seen on the day ``on`` (关联文件), kind by kind."""

    document: str
    title: str
    doc_number: str | None
    validity: str
    on: date
    rows: tuple[Row, ...]
    more: tuple[More, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.document,
            "title": self.title,
            "doc_number": self.doc_number,
            "on": self.on.isoformat(),
            "validity": self.validity,
            "related": [row.as_dict() for row in self.rows],
            "more": [{"direction": str(m.direction), "kind": str(m.kind)} for m in self.more],
        }


# -- reasons ------------------------------------------------------------------------------------

#: What a relation says, as seen from its subject and from its object; ``{day}`` may be empty.
_SAID: Mapping[RelationKind, tuple[str, str]] = {
    RelationKind.BASIS: ("本文件依据其{part}制定", "其依据本文件{part}制定"),
    RelationKind.IMPLEMENTS: ("本文件为实施其{part}制定", "其为实施本文件{part}制定"),
    RelationKind.AMENDS: ("本文件{day}修改其{part}", "其{day}修改本文件{part}"),
    RelationKind.REPEALS: ("本文件{day}废止其{part}", "其{day}废止本文件{part}"),
    RelationKind.PARTLY_REPEALS: ("本文件{day}废止其{some}", "其{day}废止本文件{some}"),
    RelationKind.DECLARES_LAPSED: ("本文件宣布其{day}失效", "其宣布本文件{day}失效"),
    RelationKind.LAPSES_UNLESS: (
        "本文件要求{limit}修改或重新公布，逾期失效",
        "其要求本文件{limit}修改或重新公布，逾期失效",
    ),
    RelationKind.REVOKES: ("本文件{day}撤销其{part}", "其{day}撤销本文件{part}"),
    RelationKind.RENEWS: ("本文件将其有效期延续{until}", "其将本文件的有效期延续{until}"),
    RelationKind.SUSPENDS: ("本文件{day}暂停施行其{part}", "其{day}暂停施行本文件{part}"),
    RelationKind.RESUMES: ("本文件{day}恢复施行其{part}", "其{day}恢复施行本文件{part}"),
    RelationKind.INTERPRETS: ("本文件解读其{part}", "其解读本文件{part}"),
    RelationKind.CONSULTS: ("本文件就其征求意见", "其就本文件征求意见"),
    RelationKind.ANSWERS: ("本文件是对其的意见反馈", "其是对本文件的意见反馈"),
    RelationKind.REPOSTS: ("本文件转载其", "其转载本文件"),
    RelationKind.RELATED: ("本文件登记其{part}为相关文件", "其登记本文件{part}为相关文件"),
}


def reason(relation: Relation, subject: Document | None, direction: Direction) -> str:
    """Why two documents go together, in one sentence without its full stop."""
    day = relation.effective_on or (subject.starts_on if subject else None)
    part = relation.provision or ""
    said = _SAID[relation.kind][direction is not Direction.OUT].format(
        day=f"自{chinese_day(day)}起" if day else "",
        part=part,
        some=part or "部分条款",
        limit=f"在{chinese_day(relation.unless_by)}以前" if relation.unless_by else "限期",
        until=f"至{chinese_day(relation.expires_on)}" if relation.expires_on else "",
    )
    return said + "".join(_remarks(relation))


def _remarks(relation: Relation) -> Iterator[str]:
    if relation.reason:
        yield f"（原因：{relation.reason}）"
    if relation.origin is Origin.EXTRACTED:
        yield "（从正文提取，尚未确认）"


def since(relation: Relation, subject: Document | None) -> date | None:
    """From which day a relation holds: its own, else that of the document that makes it."""
    if relation.effective_on or subject is None:
        return relation.effective_on
    released = subject.released_on if relation.kind in WITHOUT_EFFECT else None
    return released or subject.starts_on


def chinese_day(day: date) -> str:
    """A day as documents write it: 2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def name_of(title: str) -> str:
    """A title as sentences name it, in 《》."""
    inner = str.maketrans("《》", "〈〉")
    bare = title[1:-1] if title.startswith("《") and title.endswith("》") else title
    return f"《{bare.translate(inner)}》"


def merged(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows in order, each tie once."""
    first: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = (row.document or row.title, row.direction, row.kind, row.provision)
        first.setdefault(key, row)
    return tuple(sorted(first.values(), key=lambda row: row.place))
