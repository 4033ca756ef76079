"""An Atom feed of a manifest (订阅源, RFC 4287): what changed last, for people's own readers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timezone
from datetime import timedelta as _timedelta
from hashlib import sha256
from xml.sax.saxutils import escape, quoteattr

from policylib.samesource.manifest import Entry

__all__ = ["atom"]

_LATEST = 100
_BEIJING = timezone(_timedelta(hours=8))
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(entries: Iterable[Entry], *, authority: str, address: str | None, on: date) -> bytes:
    """The hundred documents that changed last by the day ``on``: released, amended, ended.

    Made from the entries and the day alone, so that equal content gives equal bytes.
    """
    dated = [(day, entry) for entry in entries if (day := _changed(entry, on))]
    dated.sort(key=lambda pair: (pair[0], pair[1].id), reverse=True)
    newest = dated[0][0] if dated else date(1970, 1, 1)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<id>{_urn(authority, address or '')}</id>",
        f"<title>{_text(authority)}政策文件</title>",
        f"<updated>{_time(newest)}</updated>",
        f"<author><name>{_text(authority)}</name></author>",
    ]
    if address:
        lines.append(f"<link href={quoteattr(_clean(address))}/>")
    for day, entry in dated[:_LATEST]:
        turn = entry.turn(on)
        lines += [
            "<entry>",
            f"<id>{_urn(authority, entry.id)}</id>",
            f"<title>{_text(entry.title)}</title>",
            f"<updated>{_time(day)}</updated>",
            f"<category term={quoteattr(str(turn.validity))}/>",
            f"<summary>{_text('　'.join(filter(None, (entry.doc_number, str(turn.validity), turn.reason))))}</summary>",
        ]
        if entry.address:
            lines.append(f"<link href={quoteattr(_clean(entry.address))}/>")
        lines.append("</entry>")
    return "\n".join([*lines, "</feed>", ""]).encode("utf-8", "replace")


def _changed(entry: Entry, on: date) -> date | None:
    """The last day by ``on`` on which something of the document changed."""
    days = [entry.released_on, *(turn.on for turn in entry.turns), *(t.since for t in entry.texts)]
    if entry.withdrawn:
        days.append(entry.withdrawn.on)
    return max((day for day in days if day and day <= on), default=None)


def _time(day: date) -> str:
    return datetime.combine(day, time(), _BEIJING).isoformat()


def _urn(authority: str, id: str) -> str:
    digest = sha256(f"{authority}\n{id}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"urn:uuid:{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _text(text: str) -> str:
    return escape(_clean(text))
