"""Obligations as files that other programs read (到期事项导出): CSV and iCalendar.

The one door to icalendar.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

__all__ = ["Item", "to_csv", "to_icalendar"]

_COLUMNS = ("期限", "状态", "事项", "标题", "文件标识", "依据", "规则")


class Item(Protocol):
    """What is exported: an obligation, by its fields."""

    @property
    def document(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def obligation(self) -> str: ...  # noqa: D102
    @property
    def due_on(self) -> date: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def basis(self) -> str: ...  # noqa: D102
    @property
    def rule(self) -> str: ...  # noqa: D102


def to_csv(items: Iterable[Item]) -> str:
    """A table for a spreadsheet: UTF-8 text with a byte order mark, so that Excel reads it.

    A cell that would begin a formula is written as text.
    """
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for item in items:
        row = (item.due_on, item.state, item.obligation, item.title, item.document, item.basis)
        writer.writerow([_cell(str(value)) for value in (*row, item.rule)])
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def to_icalendar(items: Iterable[Item], *, at: datetime) -> bytes:
    """A calendar of whole-day events (RFC 5545), as Outlook and Thunderbird take them.

    The same obligation keeps its UID, so that a calendar read again is updated, not doubled. ``at``
    is the time the calendar was made; it must have a zone.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 - 100 ms, only for this export

    calendar = Calendar()
    calendar.add("prodid", "-//policylib//到期事项//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for item in items:
        event = Event()
        name = f"{item.document}|{item.obligation}|{item.due_on}"
        event.add("uid", hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32])
        event.add("dtstamp", at)
        event.add("dtstart", item.due_on)
        if item.due_on != date.max:  # without an end it is one day long too
            event.add("dtend", item.due_on + timedelta(days=1))
        event.add("summary", _whole(f"{item.obligation}：{item.title}"))
        event.add("description", _whole(f"{item.basis}\n{item.rule}\n文件标识：{item.document}"))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _whole(text: str) -> str:
    """``text`` with a question mark for each half character."""
    return text.encode("utf-8", "replace").decode()
