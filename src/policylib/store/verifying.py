"""Proving that a library is sound: every row once, in constant memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, and_, func, or_, select, text, tuple_

from policylib.errors import BackendError
from policylib.model.document import Document
from policylib.model.event import GENESIS, Event
from policylib.model.relation import Relation
from policylib.store import tables as t
from policylib.store.database import Database
from policylib.store.retracting import unlike_journal
from policylib.store.rows import document_row, event_row, measures_text, read, relation_row

__all__ = ["verify"]

_PAGE = 500
_MOST = 200  # problems worth reading at once


def verify(database: Database) -> tuple[str, ...]:
    """What is wrong with the library, as Chinese sentences; empty when it is sound."""
    problems: list[str] = []
    try:
        with database.reading() as connection:
            for check in _CHECKS:
                for problem in check(connection):
                    if len(problems) >= _MOST:
                        return (*problems, f"问题超过 {_MOST} 处，其余未列出")
                    problems.append(problem)
    except BackendError as error:
        problems.append(str(error))
    return tuple(problems)


def _file(connection: Connection) -> Iterator[str]:
    """SQLite's own check of its pages and indexes."""
    if connection.dialect.name == "sqlite":
        for (line,) in islice(connection.execute(text("PRAGMA integrity_check(20)")), 20):
            if line != "ok":
                yield f"数据库文件内部不一致：{line}"


def _journal(connection: Connection) -> Iterator[str]:
    """Positions without gaps, each event as it was signed, each resting on the one before."""
    position, digest = 0, GENESIS
    for row in _rows(connection, t.events):
        name = f"办理日志第 {row.position} 条（“{row.document_id}”第 {row.seq} 次办理）"
        if row.position != position + 1:
            yield f"办理日志在第 {position} 条之后缺少记录，下一条是第 {row.position} 条"
        if row.previous != digest:
            yield f"{name}与上一条的摘要接不上，其前的记录可能被改动或删除"
        yield from _differs(row, Event, event_row, name)
        position, digest = row.position, row.digest
    head = connection.execute(select(t.heads)).one_or_none()
    if head is None or (head.position, head.digest) != (position, digest):
        yield f"办理日志的末尾标记与最后一条（第 {position} 条）不一致，末尾的记录可能被删除"


def _sequences(connection: Connection) -> Iterator[str]:
    """The events of one document are numbered 1, 2, 3 … in the journal's order."""
    e, later = t.events.c, t.events.alias("later")
    numbered = (
        select(e.document_id)
        .group_by(e.document_id)
        .having(or_(func.min(e.seq) != 1, func.max(e.seq) != func.count()))
    )
    for (id,) in connection.execute(numbered):
        yield f"文件“{id}”的办理记录编号不连续，可能缺少记录"
    turned = select(e.document_id, e.seq).join(
        later,
        and_(later.c.document_id == e.document_id, later.c.seq == e.seq + 1),
    )
    for id, seq in connection.execute(turned.where(later.c.position < e.position)):
        yield f"文件“{id}”第 {seq} 次与第 {seq + 1} 次办理的先后颠倒"


def _states(connection: Connection) -> Iterator[str]:
    """A document is where its last event left it."""
    d, e = t.documents.c, t.events.c
    counts = select(e.document_id, func.count().label("events")).group_by(e.document_id).subquery()
    counted = select(d.id, d.version, func.coalesce(counts.c.events, 0)).join_from(
        t.documents, counts, counts.c.document_id == d.id, isouter=True
    )
    counted = counted.where(d.version != func.coalesce(counts.c.events, 0))
    for id, version, number in connection.execute(counted):
        yield f"文件“{id}”是第 {version} 版，办理日志中却有 {number} 条记录"
    staged = select(d.id, d.stage, e.stage).join_from(
        t.documents, t.events, and_(e.document_id == d.id, e.seq == d.version)
    )
    for id, stage, last in connection.execute(staged.where(d.stage != e.stage)):
        yield f"文件“{id}”处于“{stage}”阶段，最后一条办理记录却是“{last}”"
    orphans = select(counts.c.document_id).join(
        t.documents, counts.c.document_id == d.id, isouter=True
    )
    for (id,) in connection.execute(orphans.where(d.id.is_(None))):
        if id != t.ORGANS:
            yield f"办理日志中有文件“{id}”的记录，库中却没有这份文件"


def _documents(connection: Connection) -> Iterator[str]:
    for row in _rows(connection, t.documents):
        yield from _differs(row, Document, document_row, f"文件“{row.id}”")


def _editions(connection: Connection) -> Iterator[str]:
    for row in _rows(connection, t.editions, page=50):
        if hashlib.sha256(row.body.encode("utf-8", "surrogatepass")).hexdigest() != row.digest:
            yield f"文件“{row.document_id}”第 {row.number} 版正文与登记的摘要不符，正文可能被改动"
    e, d = t.editions.c, t.documents.c
    lost = select(e.document_id).join(t.documents, d.id == e.document_id, isouter=True)
    for (id,) in connection.execute(lost.where(d.id.is_(None))):
        yield f"库中有文件“{id}”的正文，却没有这份文件"


def _signed(connection: Connection) -> Iterator[str]:
    """Headers and texts are those that the journal signed for."""
    d, e, texts = t.documents.c, t.events.c, t.editions.c
    last = select(d.id, d.payload, e.payload).join_from(
        t.documents, t.events, and_(e.document_id == d.id, e.seq == d.version)
    )
    for id, payload, event in connection.execute(last).yield_per(_PAGE):
        try:
            signed = read(Event, event, id).detail.get("document_digest")
            if signed is not None and read(Document, payload, id).digest != signed:
                yield f"文件“{id}”的登记项与办理日志签下的摘要不符，可能被改动"
        except BackendError:
            continue  # reported where documents and events are read one by one
    offered: dict[tuple[str, Any], str] = {}
    for row in _rows(connection, t.events):
        try:
            detail = read(Event, row.payload, row.document_id).detail
        except BackendError:
            continue
        if "measures" in detail and "edition" in detail:
            offered[row.document_id, detail.get("edition")] = _digest(
                measures_text(detail["measures"])
            )
        if "body_digest" in detail:
            where = and_(
                texts.document_id == row.document_id, texts.number == detail.get("edition")
            )
            found = connection.execute(select(texts.digest).where(where)).scalar_one_or_none()
            if found != detail["body_digest"]:
                name = f"文件“{row.document_id}”第 {detail.get('edition')} 版正文"
                yield f"{name}与办理日志签下的摘要不符，可能被改动或删除"
    yield from _offered(connection, offered)


def _offered(connection: Connection, signed: dict[tuple[str, Any], str]) -> Iterator[str]:
    """The measures of texts are those that the journal has."""
    c = t.editions.c
    query = select(c.document_id, c.number, c.measures).where(c.measures.is_not(None))
    for id, number, measures in connection.execute(query).yield_per(_PAGE):
        if signed.pop((id, number), None) != _digest(measures):
            yield f"文件“{id}”第 {number} 版正文的事项与办理日志中的不符，可能被改动"
    for (id, number), digest in signed.items():
        if digest != _digest(None):
            yield f"文件“{id}”第 {number} 版正文的事项不见了，可能被删除"


def _digest(text: str | None) -> str:
    return hashlib.sha256((text or "").encode("utf-8", "surrogatepass")).hexdigest()


def _relations(connection: Connection) -> Iterator[str]:
    for row in _rows(connection, t.relations):
        name = f"文件“{row.subject_id}”的第 {row.id} 号关系"
        yield from _differs(row, Relation, relation_row, name)
    yield from unlike_journal(connection)


def _differs(row: Any, kind: Any, row_of: Callable[[Any], Any], name: str) -> Iterable[str]:
    """Whether a row's columns say what its payload says; an event must fit its digest too."""
    try:
        value = read(kind, row.payload, name)
    except BackendError:
        return (f"{name}的内容无法读取，可能已损坏或被改动",)
    columns = {key: item for key, item in row_of(value).items() if key != "payload"}
    found = row._mapping
    wrong = [key for key, item in columns.items() if found[key] != item]
    if wrong:
        return (f"{name}的登记项（{'、'.join(wrong)}）与其内容不一致，可能被改动",)
    if isinstance(value, Event) and not value.is_intact():
        return (f"{name}的内容与摘要不符，可能被改动",)
    return ()


def _rows(connection: Connection, table: Table, page: int = _PAGE) -> Iterator[Any]:
    """All rows of a table by primary key, a page at a time."""
    keys = list(table.primary_key.columns)
    query = select(table).order_by(*keys).limit(page)
    after: tuple[Any, ...] | None = None
    while True:
        rows = connection.execute(
            query if after is None else query.where(tuple_(*keys) > after)
        ).all()
        yield from rows
        if len(rows) < page:
            return
        after = tuple(rows[-1]._mapping[key.name] for key in keys)


_CHECKS = (_file, _journal, _sequences, _states, _documents, _editions, _signed, _relations)
