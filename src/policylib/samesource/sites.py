"""A site that is asked with patience (网站): whose turn it is, what its answers mean, when to give it up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from policylib.samesource.fetched import FaultCode, Limits
from policylib.samesource.robots import Robots

__all__ = ["Fault", "Site", "expect_page"]

_GIVE_UP = 6


class Fault(Exception):  # noqa: N818 - carries the outcome, the fetcher catches it
    """Why a page was not had, and whether to try again (抓取故障)."""

    def __init__(self, code: FaultCode, message: str, *, again: bool = False, after: float = 0.0):
        super().__init__(message)
        self.code, self.message, self.again, self.after = code, message, again, after


@dataclass(slots=True)
class Site:
    """What is known of a site, and whose turn it is there."""

    slots: threading.BoundedSemaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    reading: threading.Lock = field(default_factory=threading.Lock)
    robots: Robots | None = None
    next_at: float = 0.0
    failed: int = 0
    down: str | None = None

    @contextmanager
    def turn(
        self, limits: Limits, sleep: Callable[[float], None], ticks: Callable[[], float]
    ) -> Iterator[None]:
        """Wait for a free place at the site, and until the last request is long enough ago."""
        with self.slots:
            asked = self.robots.delay if self.robots and self.robots.delay else 0.0
            delay = max(limits.delay, min(asked, limits.longest_wait / 6))
            with self.lock:
                begin = max(ticks(), self.next_at)
                self.next_at = begin + delay
            pause = begin - ticks()
            if pause > 0:
                sleep(pause)
            yield

    def note(self, fault: Fault) -> None:
        """Give the site up that could not be reached for several times running."""
        if fault.code is not FaultCode.UNREACHABLE:
            self.failed = 0
            return
        self.failed += 1
        if self.failed >= _GIVE_UP:
            self.down = f"{fault.message}；该网站多次连接不上，本次不再访问"


def expect_page(status: int, headers: Mapping[str, str]) -> None:
    """Raise a fault unless an answer brings a page."""
    if status in (404, 410):
        raise Fault(FaultCode.GONE, f"页面不存在（{status}）")
    if status == 429:
        raise Fault(
            FaultCode.BUSY, "网站要求降低访问频率（429）", again=True, after=_after(headers)
        )
    if status >= 500:
        said = f"服务器错误（{status}）"
        raise Fault(FaultCode.SERVER_ERROR, said, again=True, after=_after(headers))
    if not 200 <= status < 300 or status in (204, 205, 206):
        raise Fault(FaultCode.REFUSED, f"网站没有给出页面（{status}）")


def _after(headers: Mapping[str, str]) -> float:
    """How long a site asks to wait (Retry-After), in seconds."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said[:9])
    with suppress(ValueError, TypeError):
        when = parsedate_to_datetime(said)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    return 0.0
