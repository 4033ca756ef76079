"""The header of a file that has none (从正文提取): what its text says for certain, and nothing else.

Days are those that the text names: nothing is worked out from 公布之日 or from a month. A text that
was amended keeps the 施行 of its first version in its last article; that day is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from policylib.reading import extract
from policylib.reading.values import Event, Sunset

__all__ = ["header_in"]

#: What is done to a text on the day it gets its words, and on the day everybody is told of it.
_MADE = re.compile(r"通过|修正|修订|修改|批准")
_TOLD = re.compile(r"公布|发布|印发|颁布")
_FIXED = {"explicit", "header_only"}
_LONGEST = 500  # characters of a title or a name


def header_in(text: str) -> dict[str, Any]:
    """Header fields that a text states for certain, by the names of the header.

    成文日期 is the day under the signature, else the last day on which the text was passed or amended;
    发布日期 the last day on which it was made public, unless it was amended after that.
    """
    told = extract(text)
    head = told.header
    made, public = _last(_MADE, head.events), _last(_TOLD, head.events)
    written = head.written_on or made
    released = public if public and (not written or public >= written) else None
    newest = max(filter(None, (made, public)), default=None)
    stated = told.effective.on if told.effective and told.effective.rule in _FIXED else None
    effective = None if stated and newest and stated < newest else stated
    fields: dict[str, Any] = {
        "title": told.title,
        "doc_number": str(head.doc_number) if head.doc_number else None,
        "issuers": [name for name in head.issuers if len(name) <= _LONGEST],
        "written_on": written,
        "released_on": released,
        "effective_on": effective,
    }
    if told.sunset and effective == stated:
        fields |= _end(told.sunset, effective or released or written)
    return {key: value for key, value in fields.items() if value}


def _last(act: re.Pattern[str], events: Iterable[Event]) -> date | None:
    return max((each.on for each in events if act.search(each.text)), default=None)


def _end(sunset: Sunset, start: date | None) -> dict[str, Any]:
    """有效期至 where a day is named, 有效期 where years are."""
    if sunset.until and sunset.precision == "日" and (start is None or start <= sunset.until):
        return {"expires_on": sunset.until}
    if sunset.years and float(sunset.years).is_integer():
        return {"term": f"{int(sunset.years)}年"}
    return {}
