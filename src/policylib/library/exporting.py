"""What leaves the library whole: the journal as lines, and one document as one zip (一件一档).

Both can be read without the library. The same library state and time give the same bytes: in a zip
names are sorted, times fixed, and nothing is compressed, so that no compressor's version plays a
part.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from os import PathLike
from typing import Any

from policylib.errors import ParseError
from policylib.files.documentfile import DocumentFile
from policylib.files.saving import save_new
from policylib.library.dossier import Audience, Dossier
from policylib.model.document import Edition
from policylib.model.event import Event
from policylib.model.relation import Declaration
from policylib.store.sql import SqlStore

__all__ = ["bundle", "export_journal"]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can name
_FORMAT = 1


def export_journal(store: SqlStore, target: str | PathLike[str]) -> int:
    """Write the events up to now to a new file; see :meth:`policylib.Library.export_journal`."""
    head = store.head()
    save_new(target, (f"{event.line}\n".encode() for event in _events(store, head)))
    return head


def _events(store: SqlStore, last: int) -> Iterator[Event]:
    position = 0
    while position < last and (found := store.events_after(position, min(1_000, last - position))):
        yield from found
        position = found[-1].position


def bundle(dossier: Dossier, *, at: datetime) -> bytes:
    """The zip of a dossier, made at ``at``."""
    files = {
        f"{_name(dossier, edition)}.md": _text(dossier, edition) for edition in dossier.editions
    }
    files |= {
        "header.json": _json(dossier.header()),
        "events.jsonl": "".join(f"{line}\n" for line in dossier.journal()).encode(),
        "relations.json": _json(_relations(dossier)),
        "validity.json": _json(_validity(dossier)),
        **({"measures.json": _json(_measures(dossier))} if _measures(dossier) else {}),
        "timeline.svg": dossier.timeline().to_svg().encode(),
    }
    files["README.txt"] = _readme(dossier, at, sorted(files)).encode()
    files["manifest.json"] = _json(_manifest(dossier, at, files))
    return _zip(files)


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # as on Unix, wherever it is made
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return made.getvalue()


def _name(dossier: Dossier, edition: Edition) -> str:
    """``版本1_自2024-01-01``; a draft says so, a text without a day has only its number."""
    first = dossier.released_edition
    if first is None or edition.number < first:
        return f"版本{edition.number}_草稿"
    day = edition.effective_on
    if day is None and edition.number == first:
        day = dossier.document.starts_on
    return f"版本{edition.number}_自{day}" if day else f"版本{edition.number}"


def _text(dossier: Dossier, edition: Edition) -> bytes:
    """An edition as a document file, with the relations as far as a head can hold them."""
    header = dossier.document.model_dump(exclude={"stage", "version"})
    own = [
        Declaration.model_validate(
            {
                **relation.model_dump(include=set(Declaration.model_fields)),
                "target": relation.object_id or relation.target,
            }
        )
        for relation in dossier.relations
        if relation.subject_id == dossier.document.id != relation.object_id
    ]
    extras = {"relations": own, "measures": edition.measures}
    for names in (("relations", "measures"), ("relations",), ("measures",), ()):
        fields = {**header, **{name: extras[name] for name in names}}
        with suppress(ParseError):  # too many or too long for a head
            data = DocumentFile.build(fields, edition.body).to_bytes()
            DocumentFile.parse(data)
            return data
    return edition.body.encode()


def _relations(dossier: Dossier) -> dict[str, Any]:
    return {
        "relations": [r.model_dump(mode="json", exclude_none=True) for r in dossier.relations],
        "documents": {id: other.title for id, other in sorted(dossier.others.items())},
    }


def _measures(dossier: Dossier) -> dict[str, Any]:
    """What each text offers, by its number."""
    return {str(each.number): each.measures for each in dossier.editions if each.measures}


def _validity(dossier: Dossier) -> dict[str, Any]:
    return {
        "id": dossier.document.id,
        "on": dossier.on.isoformat(),
        "validity": str(dossier.validity),
        "why": [
            {
                "from": step.start.isoformat() if step.start else None,
                "validity": str(step.validity),
                "reason": step.reason,
                "made_by": step.made_by,
            }
            for step in dossier.steps
        ],
    }


def _manifest(dossier: Dossier, at: datetime, files: Mapping[str, bytes]) -> dict[str, Any]:
    position, digest = dossier.mark
    journal: dict[str, Any] = {"position": position}
    if dossier.audience is Audience.STAFF:  # see the dossier's text on digests
        journal["digest"] = digest
    return {
        "format": _FORMAT,
        "id": dossier.document.id,
        "title": dossier.document.title,
        "audience": str(dossier.audience),
        "made_at": at.isoformat(),
        "journal": journal,
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        },
    }


_WHAT = {
    "events.jsonl": "办理记录，一行一条（JSON）",
    "header.json": "文件头：标题、文号、机关、日期等（制作时的内容）",
    "measures.json": "各版文本规定的事项（JSON），键为版次",
    "relations.json": "与其他文件的关系，以及这些文件的标题",
    "timeline.svg": "时间线图，用浏览器打开",
    "validity.json": "时效性沿革及理由",
}


def _readme(dossier: Dossier, at: datetime, names: list[str]) -> str:
    document, (position, digest) = dossier.document, dossier.mark
    texts = "该日起的文本（Markdown，开头两行“---”之间是文件头）"
    lines = [
        f"一件一档（{dossier.audience}）",
        "",
        f"标题：{document.title}",
        f"标识：{document.id}",
        *([f"文号：{document.doc_number}"] if document.doc_number else []),
        f"时效性：{dossier.validity}（{dossier.on}）",
        f"制作时间：{at.isoformat(sep=' ', timespec='seconds')}",
        f"文件库办理日志：至第 {position} 条",
        "",
        "本档内容：",
        *(f"  {name}  {_WHAT.get(name) or _draft(name) or texts}" for name in names),
        "  manifest.json  各文件的字节数和 SHA-256 摘要、制作时间、办理日志的位置",
        "",
    ]
    if dossier.audience is Audience.STAFF:
        lines += [
            f"办理日志第 {position} 条的摘要：{digest}",
            "核对：各文件的 SHA-256 应与 manifest.json 相同；办理记录的摘要应与文件库中的相同。",
            "本档含草稿、经办人和备注，请按内部资料保管。",
        ]
    else:
        lines += [
            "核对：各文件的 SHA-256 应与 manifest.json 相同。",
            "本档只含已公布的内容，不含草稿、尚未生效的修改文本、经办人和备注，以及与未公开文件的关系。",
        ]
    return "\n".join(lines) + "\n"


def _draft(name: str) -> str | None:
    return "草稿" if name.endswith("_草稿.md") else None


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
