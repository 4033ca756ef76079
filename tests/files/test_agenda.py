"""What is due, as a spreadsheet and as a calendar that Outlook and Thunderbird read."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from policylib.files.agenda import to_csv, to_icalendar
from policylib.workflow.due import Obligation

AT = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))


def item(**fields: Any) -> Obligation:
    return Obligation(
        **{
            "document": "青山县高龄",
            "title": "青山县高龄津贴发放办法",
            "obligation": "有效期届满：评估后延续、修改，或标注失效",
            "due_on": date(2026, 3, 31),
            "state": "待办",
            "basis": "有效期至2026年3月31日，期满自动失效",
            "rule": "有效期届满",
            **fields,
        }
    )


def read(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content.decode("utf-8")).walk("VEVENT"))


def test_an_obligation_is_an_event_of_one_whole_day() -> None:
    (event,) = read(to_icalendar([item()], at=AT))
    assert event.decoded("dtstart") == date(2026, 3, 31)
    assert event.decoded("dtend") == date(2026, 4, 1)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event.decoded("dtstamp") == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert event["summary"].startswith("有效期届满")
    assert "青山县高龄" in event["description"]
    assert event["transp"] == "TRANSPARENT"


def test_the_calendar_says_what_readers_ask_for() -> None:
    content = to_icalendar([item()], at=AT)
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    calendar = Calendar.from_ical(content.decode())
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert calendar["prodid"]
    assert b"DTSTAMP:20260302T010000Z" in content
    assert b"DTSTART;VALUE=DATE:20260331" in content
    assert not read(to_icalendar([], at=AT))


def test_a_calendar_read_again_is_updated_not_doubled() -> None:
    first = read(to_icalendar([item()], at=AT))[0]["uid"]
    later = item(state="逾期", title="青山县高龄津贴发放办法（修订）")
    assert read(to_icalendar([later], at=AT + timedelta(days=40)))[0]["uid"] == first
    others = [item(document="别的"), item(due_on=date(2027, 3, 31)), item(obligation="报送备案")]
    uids = {event["uid"] for event in read(to_icalendar([item(), *others], at=AT))}
    assert len(uids) == 4


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_comes_back_and_every_line_is_short(title: str, basis: str) -> None:
    content = to_icalendar([item(title=title, basis=basis)], at=AT)
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert all(line.decode("utf-8") is not None for line in content.split(b"\r\n"))  # never cut
    assert len(read(content)) == 1


@pytest.mark.parametrize("text", ["甲；乙;丙", "甲,乙", "甲\\乙", "甲\\n乙", '甲"乙"', "甲:乙"])
def test_marks_of_the_format_are_kept(text: str) -> None:
    (event,) = read(to_icalendar([item(title=text)], at=AT))
    assert event["summary"].endswith(f"：{text}")


def test_the_last_day_there_is() -> None:
    (event,) = read(to_icalendar([item(due_on=date.max)], at=AT))
    assert event.decoded("dtstart") == date.max


def test_a_spreadsheet_reads_the_table() -> None:
    text = to_csv([item(title='青山县“一件事”,办法"\n续'), item(title="=1+1", basis="-2")])
    assert text.startswith("\ufeff期限,状态,")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [len(row) for row in rows] == [7, 7, 7]
    assert rows[1][3] == '青山县“一件事”,办法"\n续'
    assert (rows[2][3], rows[2][5]) == ("'=1+1", "'-2")
