"""Values to rows and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from policylib.errors import BackendError, ParseError
from policylib.model.document import Document, Edition, Value, number_key
from policylib.model.event import Event
from policylib.model.organ import Organ
from policylib.model.relation import Relation

__all__ = [
    "DATES",
    "Offered",
    "batches",
    "day_rows",
    "document_row",
    "edition_of",
    "edition_row",
    "event_row",
    "measures_of",
    "measures_text",
    "organ_row",
    "read",
    "read_all",
    "relation_row",
    "target_key",
    "title_key",
]

#: The header's dates that can be looked up by; see :func:`day_rows`.
DATES = ("written_on", "released_on", "effective_on", "expires_on", "opens_on", "closes_on")

_UNREADABLE = (
    "库中“{name}”的内容无法读取（{problem}）。请运行 python -m policylib log --verify 检查，"
    "必要时用备份恢复"
)

T = TypeVar("T")
V = TypeVar("V", bound=Value)


class Offered(NamedTuple):
    """A text without its body: its number, its day and its measures as JSON values."""

    number: int
    effective_on: date | None
    measures: tuple[dict[str, Any], ...]


def batches(items: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """``items`` without repeats, in lists of at most ``size``."""
    rest = iter(dict.fromkeys(items))
    while batch := list(islice(rest, size)):
        yield batch


def title_key(title: str) -> str:
    """A title for comparing: without spaces around and without its 书名号."""
    plain = title.strip()
    if plain.startswith("《") and plain.endswith("》") and "《" not in plain[1:]:
        plain = plain[1:-1].strip()
    return plain


def target_key(target: str) -> str:
    """What a target was written as, for comparing: an id, a 发文字号 or a title."""
    plain = title_key(target)
    return plain if plain != target.strip() else number_key(plain)


def document_row(document: Document) -> dict[str, Any]:
    """The row of a document."""
    return {
        "id": document.id,
        "version": document.version,
        "stage": str(document.stage),
        "type": str(document.type),
        "number_key": document.number_key,
        "index_number": document.index_number,
        "issuer": document.issuers[0] if document.issuers else None,
        "title": document.title,
        "released_on": document.released_on,
        "effective_on": document.effective_on,
        "expires_on": document.expires_on,
        "payload": _json(document, document.id),
    }


def day_rows(document: Document) -> list[dict[str, Any]]:
    """The rows that find a document by its dates; a term's last day may be a computed one."""
    found = [(name, getattr(document, name, None)) for name in DATES if name != "expires_on"]
    found.append(("expires_on", document.last_day))
    return [{"document_id": document.id, "kind": name, "day": day} for name, day in found if day]


def edition_row(edition: Edition, *, nul: bool) -> dict[str, Any]:
    """The row of an edition; ``nul`` says whether the database can hold U+0000."""
    try:
        edition.body.encode()
    except UnicodeEncodeError as error:
        raise _unfit(edition, error.start) from error
    if not nul and "\x00" in edition.body:
        raise _unfit(edition, edition.body.index("\x00"))
    return {
        "document_id": edition.document_id,
        "number": edition.number,
        "effective_on": edition.effective_on,
        "body": edition.body,
        "digest": edition.digest,
        "made_by": edition.made_by,
        "measures": measures_text(edition.measures),
    }


def measures_text(measures: Sequence[Mapping[str, Any]]) -> str | None:
    """Measures as canonical JSON; none at all as ``None``."""
    if not measures:
        return None
    return json.dumps(measures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def measures_of(text: str | None, name: str) -> tuple[dict[str, Any], ...]:
    """The measures in a row; :class:`BackendError` when they cannot be read."""
    if text is None:
        return ()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BackendError(_UNREADABLE.format(name=name, problem="事项不是 JSON")) from error
    return tuple(each for each in found if isinstance(each, dict))


def edition_of(row: Any) -> Edition:
    """The edition of a row."""
    return Edition(
        document_id=row.document_id,
        number=row.number,
        effective_on=row.effective_on,
        body=row.body,
        made_by=row.made_by,
        measures=measures_of(row.measures, row.document_id),
    )


def relation_row(relation: Relation) -> dict[str, Any]:
    """The row of a relation."""
    return {
        "subject_id": relation.subject_id,
        "kind": str(relation.kind),
        "object_id": relation.object_id,
        "target": relation.target,
        "target_key": target_key(relation.target),
        "payload": _json(relation, relation.subject_id),
    }


def organ_row(organ: Organ) -> dict[str, Any]:
    """The row of an organ."""
    return {"name": organ.name, "payload": _json(organ, organ.name)}


def event_row(event: Event) -> dict[str, Any]:
    """The row of an event."""
    return {
        "position": event.position,
        "document_id": event.document_id,
        "seq": event.seq,
        "act": str(event.act),
        "actor": event.actor,
        "role": str(event.role),
        "at": event.at.isoformat(),
        "stage": str(event.stage),
        "payload": _json(event, event.document_id),
        "previous": event.previous,
        "digest": event.digest,
    }


def read(kind: type[V], payload: str, name: str) -> V:
    """The value a payload holds; :class:`BackendError` when it holds none."""
    try:
        return kind.model_validate_json(payload)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise BackendError(_UNREADABLE.format(name=name, problem=problem)) from error


def read_all(kind: type[V], rows: Sequence[Any]) -> tuple[V, ...]:
    """The values of rows with a payload; the first column names them."""
    return tuple(read(kind, row.payload, str(row[0])) for row in rows)


def _json(value: Value, name: str) -> str:
    try:
        return value.model_dump_json(exclude_none=True)
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        raise ParseError(f"“{name}”中含有无法保存的内容，请检查文字编码：{error}") from error


def _unfit(edition: Edition, place: int) -> ParseError:
    return ParseError(
        f"文件“{edition.document_id}”第 {edition.number} 版正文的第 {place + 1} 个字符"
        "不是有效字符，无法保存。请检查原文的编码，改正后重试"
    )
