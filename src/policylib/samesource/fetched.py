"""What a fetch may do, and what it came to (抓取限度与结果): the page, or the fault by its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["FaultCode", "Fetched", "Limits"]


class FaultCode(StrEnum):
    """Why a page could not be had (抓取故障); the values are the codes of findings."""

    FORBIDDEN_ADDRESS = "FET001"
    UNREACHABLE = "FET002"
    TIMEOUT = "FET003"
    CUT_OFF = "FET004"
    SERVER_ERROR = "FET005"
    GONE = "FET006"
    REFUSED = "FET007"
    REDIRECTS = "FET008"
    TOO_LARGE = "FET009"
    BOMB = "FET010"
    ROBOTS = "FET011"
    NOT_A_PAGE = "FET012"
    BUSY = "FET013"

    @property
    def name_zh(self) -> str:
        """What it is called."""
        return _NAMES[self]


_NAMES = {
    FaultCode.FORBIDDEN_ADDRESS: "地址不允许访问",
    FaultCode.UNREACHABLE: "连接不上",
    FaultCode.TIMEOUT: "超时",
    FaultCode.CUT_OFF: "传输中断",
    FaultCode.SERVER_ERROR: "服务器错误",
    FaultCode.GONE: "页面不存在",
    FaultCode.REFUSED: "拒绝访问",
    FaultCode.REDIRECTS: "跳转循环或过多",
    FaultCode.TOO_LARGE: "内容过大",
    FaultCode.BOMB: "压缩内容异常",
    FaultCode.ROBOTS: "robots.txt 不允许",
    FaultCode.NOT_A_PAGE: "不是网页",
    FaultCode.BUSY: "访问过于频繁",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page as it came (已抓取的页面), or why it did not.

    ``url`` is what was asked, ``final`` where it was found after redirects. ``unchanged`` says that it
    is as it was when ``etag`` or ``modified`` were given; then there is no body.
    """

    url: str
    at: datetime
    final: str | None = None
    status: int | None = None
    body: bytes | None = None
    content_type: str | None = None
    etag: str | None = None
    modified: str | None = None
    unchanged: bool = False
    fault: FaultCode | None = None
    message: str | None = None

    @property
    def sha256(self) -> str | None:
        """SHA-256 of the bytes, hexadecimal."""
        return hashlib.sha256(self.body).hexdigest() if self.body is not None else None


@dataclass(frozen=True, slots=True)
class Limits:
    """How a fetcher behaves (抓取限度); times in seconds.

    ``delay`` lies between two requests to one site, ``per_host`` is how many go on there at once.
    ``deadline`` bounds one request with all its bytes, ``largest`` the bytes before and after they
    are unpacked. ``wait`` is the first pause before another try; it doubles.
    """

    delay: float = 0.5
    per_host: int = 2
    connect: float = 10.0
    read: float = 15.0
    deadline: float = 60.0
    largest: int = 10_000_000
    redirects: int = 5
    tries: int = 3
    wait: float = 1.0
    longest_wait: float = 60.0
    private: bool = False
    robots: bool = True
    agent: str = "Mozilla/5.0 (compatible; policylib same-source audit)"
