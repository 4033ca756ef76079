"""One transaction of changes: what must hold, the chain of events, the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic_core import PydanticSerializationError
from sqlalchemy import Connection, bindparam, func, insert, null, select, update

from policylib.errors import Conflict, NotFound, ParseError, Refused
from policylib.model.document import Document
from policylib.model.event import Change, Event, Record
from policylib.model.organ import Organ
from policylib.model.relation import Relation
from policylib.model.vocabulary import DocumentType
from policylib.store import tables as t
from policylib.store.dating import write_days
from policylib.store.retracting import retract
from policylib.store.rows import (
    batches,
    document_row,
    edition_row,
    event_row,
    measures_text,
    organ_row,
    read,
    relation_row,
)

__all__ = ["Batch", "write", "write_organs"]


class _Held(NamedTuple):
    """What a document row says that other rows must agree with."""

    version: int
    type: str
    number_key: str | None
    index_number: str | None
    issuer: str | None


@dataclass(frozen=True)
class Batch:
    """Changes made ready before the lock is taken: rows, and nothing read."""

    changes: Sequence[Change]
    resolved: Mapping[int, str]
    documents: dict[str, dict[str, Any]]
    editions: list[dict[str, Any]]
    offerings: list[dict[str, Any]]
    relations: list[dict[str, Any]]

    @classmethod
    def of(cls, changes: Sequence[Change], resolved: Mapping[int, str], *, nul: bool) -> Batch:
        """Check that each change is of one piece, and make its rows.

        Raises :class:`ValueError` for a change that contradicts itself (a fault of the calling
        code), :class:`ParseError` for text that cannot be stored.
        """
        last: dict[str, Document] = {}
        for change in changes:
            _check_whole(change)
            last[change.document.id] = change.document
        editions = [change.edition for change in changes if change.edition is not None]
        relations = [relation for change in changes for relation in change.relations]
        return cls(
            changes=changes,
            resolved=resolved,
            documents={id: document_row(document) for id, document in last.items()},
            editions=[edition_row(edition, nul=nul) for edition in editions],
            offerings=[
                {
                    "b_id": change.document.id,
                    "b_number": change.offering.edition,
                    "measures": measures_text(change.offering.measures),
                }
                for change in changes
                if change.offering is not None
            ],
            relations=[relation_row(relation) for relation in relations],
        )


def write(connection: Connection, batch: Batch) -> tuple[Event, ...]:
    """Write a batch in the connection's transaction; see :meth:`SqlStore.record`."""
    head = _lock(connection)
    neighbours = [id for change in batch.changes for id in change.expects]
    before = _held(connection, [*batch.documents, *neighbours])
    _check_versions(batch.changes, before)
    _check_numbers(connection, batch.documents, before)
    _check_editions(connection, batch.editions, before)
    events = _chain(head, ((change.signed(), change.document.version) for change in batch.changes))
    _write_documents(connection, batch.documents, before)
    _insert(connection, t.editions, batch.editions)
    _write_offerings(connection, batch.offerings)
    retract(connection, batch.changes)
    _write_relations(connection, batch.relations, {*batch.documents, *before})
    _resolve(connection, batch.resolved)
    write_days(connection, batch.changes, batch.resolved)
    _append(connection, events)
    return events


def write_organs(
    connection: Connection, organs: Sequence[Organ], record: Record, after: int | None
) -> Event:
    """Put organs into the authority file, with the event that says so."""
    head = _lock(connection)
    last = select(func.max(t.events.c.seq)).where(t.events.c.document_id == t.ORGANS)
    seq = (connection.execute(last).scalar() or 0) + 1
    if after is not None and after != seq - 1:
        raise Conflict("机关事项的办理记录已有他人新增，本次未作任何更改；请重新读取后再办理")
    rows = {organ.name: organ_row(organ) for organ in organs}
    known: set[str] = set()
    for names in batches(rows):
        query = select(t.organs.c.name).where(t.organs.c.name.in_(names))
        known.update(connection.execute(query).scalars())
    _insert(connection, t.organs, [row for name, row in rows.items() if name not in known])
    changed = [
        {"b_name": name, "payload": row["payload"]} for name, row in rows.items() if name in known
    ]
    if changed:
        statement = update(t.organs).where(t.organs.c.name == bindparam("b_name"))
        connection.execute(statement.values(payload=bindparam("payload")), changed)
    events = _chain(head, ((record, seq),))
    _append(connection, events)
    return events[0]


# -- what must hold -----------------------------------------------------------------------------


def _check_whole(change: Change) -> None:
    record, document = change.record, change.document
    if document.id == t.ORGANS:
        raise ValueError(f"标识“{t.ORGANS}”留给机关名录使用")
    if record.document_id != document.id or record.stage is not document.stage:
        raise ValueError(f"文件“{document.id}”的变更与其办理记录的标识或阶段不一致")
    if document.version < 1:
        raise ValueError(f"文件“{document.id}”变更后的版本号应当从 1 开始")
    if any(each.subject_id != document.id for each in change.retracted):
        raise ValueError(f"文件“{document.id}”的变更撤销了别的文件的关系")
    if change.edition is not None and change.edition.document_id != document.id:
        raise ValueError(f"文件“{document.id}”的变更带有别的文件的正文")


def _check_versions(changes: Sequence[Change], before: Mapping[str, _Held]) -> None:
    now = {id: held.version for id, held in before.items()}
    for change in changes:
        for id, version in change.expects.items():
            old = before[id].version if id in before else 0
            if version not in {old, now.get(id, 0)}:
                raise _moved_on(id, version, now.get(id, 0))
        id, version = change.document.id, change.document.version
        if version == 1 and now.get(id, 0) >= 1:
            raise Conflict(
                f"标识为“{id}”的文件已在库中，没有重复登记；请换一个标识，或修改已有文件"
            )
        if version != now.get(id, 0) + 1:
            raise _moved_on(id, version - 1, now.get(id, 0))
        now[id] = version


def _moved_on(id: str, seen: int, found: int) -> Conflict:
    if not found:
        return Conflict(f"文件“{id}”不在库中，变更依据的是第 {seen} 版；请重新读取后再办理")
    return Conflict(
        f"文件“{id}”已被他人变更（当时是第 {seen} 版，现在是第 {found} 版），"
        "本次未作任何更改；请重新读取后再办理"
    )


def _check_numbers(
    connection: Connection, rows: Mapping[str, dict[str, Any]], before: Mapping[str, _Held]
) -> None:
    """Refuse 发文字号 and 索引号 that another document holds.

    A 发文字号 is one 政策文件's of one issuer; where one of the two names no issuer they count as
    the same. Documents that keep their number are not asked again.
    """
    numbers: list[_Claim] = []
    indexes: list[_Claim] = []
    for id, row in rows.items():
        old = before.get(id)
        named = (row["type"], row["number_key"], row["issuer"])
        if row["number_key"] and row["type"] == DocumentType.POLICY:
            fresh = old is None or (old.type, old.number_key, old.issuer) != named
            numbers.append(_Claim(row["number_key"], id, row["issuer"], fresh))
        if row["index_number"]:
            fresh = old is None or old.index_number != row["index_number"]
            indexes.append(_Claim(row["index_number"], id, None, fresh))
    c = t.documents.c
    policies = select(c.number_key, c.id, c.issuer).where(c.type == str(DocumentType.POLICY))
    everything = select(c.index_number, c.id, null())
    reasons = [
        *_clashes(numbers, _holders(connection, policies, numbers, rows), "发文字号"),
        *_clashes(indexes, _holders(connection, everything, indexes, rows), "索引号"),
    ]
    if reasons:
        raise Refused(*reasons)


class _Claim(NamedTuple):
    key: str
    id: str
    issuer: str | None
    fresh: bool


def _holders(
    connection: Connection, query: Any, claims: Sequence[_Claim], rewritten: Mapping[str, Any]
) -> dict[str, dict[str, str | None]]:
    """Who holds the claimed numbers now, with issuers; what the batch rewrites is left out."""
    column = query.selected_columns[0]
    holders: dict[str, dict[str, str | None]] = {}
    for keys in batches(claim.key for claim in claims if claim.fresh):
        for key, id, issuer in connection.execute(query.where(column.in_(keys))):
            if id not in rewritten:
                holders.setdefault(key, {})[id] = issuer
    return holders


def _clashes(
    claims: Sequence[_Claim], holders: dict[str, dict[str, str | None]], what: str
) -> Iterator[str]:
    for claim in sorted(claims, key=lambda claim: claim.fresh):  # those who keep theirs first
        others = holders.setdefault(claim.key, {})
        if claim.fresh:
            for id, issuer in others.items():
                if issuer is None or claim.issuer is None or issuer == claim.issuer:
                    yield f"“{claim.id}”的{what}“{claim.key}”已被文件“{id}”使用，请核对{what}"
                    break
        others[claim.id] = claim.issuer


def _check_editions(
    connection: Connection, rows: Sequence[dict[str, Any]], before: Mapping[str, _Held]
) -> None:
    taken: set[tuple[str, int]] = set()
    c = t.editions.c
    for ids in batches(row["document_id"] for row in rows if row["document_id"] in before):
        found = connection.execute(select(c.document_id, c.number).where(c.document_id.in_(ids)))
        taken.update((id, number) for id, number in found)
    for row in rows:
        key = row["document_id"], row["number"]
        if key in taken:
            raise Conflict(f"文件“{key[0]}”第 {key[1]} 版正文已在库中，不能改写；请作为新版登记")
        taken.add(key)


# -- rows ---------------------------------------------------------------------------------------


def _lock(connection: Connection) -> tuple[int, str]:
    """Take the journal's lock; the position and digest of its last event."""
    row = connection.execute(select(t.heads.c.position, t.heads.c.digest).with_for_update()).one()
    return row.position, row.digest


def _held(connection: Connection, ids: Iterable[str]) -> dict[str, _Held]:
    c = t.documents.c
    query = select(c.id, c.version, c.type, c.number_key, c.index_number, c.issuer)
    found: dict[str, _Held] = {}
    for batch in batches(ids):
        for id, *rest in connection.execute(query.where(c.id.in_(batch))):
            found[id] = _Held(*rest)
    return found


def _chain(head: tuple[int, str], records: Iterable[tuple[Record, int]]) -> tuple[Event, ...]:
    position, digest = head
    events: list[Event] = []
    for record, seq in records:
        position += 1
        try:
            event = Event.chain(record, position=position, seq=seq, previous=digest)
        except (UnicodeEncodeError, PydanticSerializationError) as error:
            raise ParseError(
                f"文件“{record.document_id}”的办理记录含有无法保存的内容，请检查明细：{error}"
            ) from error
        digest = event.digest
        events.append(event)
    return tuple(events)


def _append(connection: Connection, events: Sequence[Event]) -> None:
    if events:
        _insert(connection, t.events, [event_row(event) for event in events])
        last = events[-1]
        connection.execute(update(t.heads).values(position=last.position, digest=last.digest))


def _insert(connection: Connection, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _write_documents(
    connection: Connection, rows: Mapping[str, dict[str, Any]], before: Mapping[str, _Held]
) -> None:
    _insert(connection, t.documents, [row for id, row in rows.items() if id not in before])
    changed = [{**row, "b_id": id} for id, row in rows.items() if id in before]
    if changed:
        names = [column.name for column in t.documents.columns if column.name != "id"]
        statement = update(t.documents).where(t.documents.c.id == bindparam("b_id"))
        connection.execute(statement.values({name: bindparam(name) for name in names}), changed)


def _write_offerings(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Put measures to texts that are there."""
    c = t.editions.c
    where = (c.document_id == bindparam("b_id"), c.number == bindparam("b_number"))
    statement = update(t.editions).where(*where).values(measures=bindparam("measures"))
    for row in rows:
        if connection.execute(statement, row).rowcount != 1:
            raise NotFound(f"文件“{row['b_id']}”没有第 {row['b_number']} 版正文，请核对版次")


def _write_relations(
    connection: Connection, rows: Sequence[dict[str, Any]], known: set[str]
) -> None:
    """Insert relations not there yet; both ends must be in the library."""
    ends = {row[side] for row in rows for side in ("subject_id", "object_id")} - {None}
    _must_exist(connection, ends - known)
    c = t.relations.c
    there: set[tuple[str, str]] = set()
    for ids in batches(row["subject_id"] for row in rows):
        found = connection.execute(select(c.subject_id, c.payload).where(c.subject_id.in_(ids)))
        there.update((id, payload) for id, payload in found)
    fresh = {key: row for row in rows if (key := (row["subject_id"], row["payload"])) not in there}
    _insert(connection, t.relations, list(fresh.values()))


def _resolve(connection: Connection, resolved: Mapping[int, str]) -> None:
    """Point relations at the documents they name."""
    _must_exist(connection, set(resolved.values()))
    c = t.relations.c
    changed: list[dict[str, Any]] = []
    for ids in batches(resolved):
        query = select(c.id, c.subject_id, c.object_id, c.payload).where(c.id.in_(ids))
        for row in connection.execute(query):
            object_id = resolved[row.id]
            if row.object_id not in {None, object_id}:
                raise Conflict(
                    f"文件“{row.subject_id}”的一条关系已指向“{row.object_id}”，本次未作任何更改；"
                    "请重新读取后再办理"
                )
            relation = read(Relation, row.payload, row.subject_id)
            relation = relation.model_copy(update={"object_id": object_id})
            changed.append({"b_id": row.id, **relation_row(relation)})
    if changed:
        statement = update(t.relations).where(c.id == bindparam("b_id"))
        statement = statement.values(object_id=bindparam("object_id"), payload=bindparam("payload"))
        connection.execute(statement, changed)


def _must_exist(connection: Connection, ids: set[str]) -> None:
    missing = ids - set(_held(connection, ids)) if ids else set()
    if missing:
        names = "、".join(f"“{id}”" for id in sorted(missing)[:5])
        raise NotFound(f"关系指向的文件{names}不在库中，请先登记该文件")
