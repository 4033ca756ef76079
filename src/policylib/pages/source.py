"""What a page is compared with, and what comparing finds (权威来源与不同源)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from policylib.model.document import Header
from policylib.model.vocabulary import Severity, Validity
from policylib.pages.normal import normal_form
from policylib.pages.passages import Passage

__all__ = ["Drift", "DriftCode", "Source", "Target", "title_form"]


class DriftCode(StrEnum):
    """What has drifted (不同源类型); the values are the codes of findings."""

    UNKNOWN_SOURCE = "DRF001"
    NO_LINK = "DRF002"
    LINK_ELSEWHERE = "DRF003"
    DEAD_LINK = "DRF004"
    WRONG_LINK = "DRF005"
    TITLE = "DRF006"
    NUMBER = "DRF007"
    DATE = "DRF008"
    ISSUER = "DRF009"
    VALIDITY = "DRF010"
    UNMARKED = "DRF011"
    TEXT = "DRF012"
    OLD_TEXT = "DRF013"
    COPY = "DRF014"
    COPIES = "DRF015"
    BLANK_COLUMN = "DRF016"
    STALE_COLUMN = "DRF017"


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between a page and its source (一处不同源).

    ``expected`` is what the source has, ``found`` what the page has; ``passages`` are those of the text.
    """

    code: DriftCode
    severity: Severity
    message: str
    fix: str
    expected: str | None = None
    found: str | None = None
    passages: tuple[Passage, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The drift as JSON."""
        return {
            "code": str(self.code),
            "severity": str(self.severity),
            "message": self.message,
            "fix": self.fix,
            "expected": self.expected,
            "found": self.found,
            "passages": [
                {
                    "kind": str(p.kind),
                    "source": p.source,
                    "page": p.page,
                    "shown": str(p),
                    "before": p.before,
                    "after": p.after,
                }
                for p in self.passages
            ],
        }


@dataclass(frozen=True, slots=True)
class Source:
    """The authoritative document a page goes back to (权威来源), as it stands on the day.

    ``body`` is the text in force on the day (None: not compared), ``older`` the texts before it.
    ``addresses`` are where the authority has it; without them links are not checked. With
    ``link_only`` a repost may only link and must not copy the text.
    """

    header: Header
    validity: Validity
    body: str | None = None
    addresses: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    link_only: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What stands at the address a link leads to: its title and 发文字号."""

    title: str
    doc_number: str | None = None


_COLUMN = re.compile(r"\A\s*(?:【[^】]{1,20}】\s*)+")
_MARKS = re.compile(r'[<>"]')


def title_form(title: str) -> str:
    """A title for comparing (标题比对): without a column's 【…】 and without quotation marks."""
    return _MARKS.sub("", normal_form(_COLUMN.sub("", title)))
