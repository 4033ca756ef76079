"""A polite fetcher (礼貌抓取): few requests at a time, never into private networks, never too much.

The one door to httpx (and httpcore, which httpx rests on). A name is resolved here and the connection
goes to the address that was checked, so a second answer of the DNS changes nothing; each redirect is
checked anew. Proxies of the environment are not used, they would resolve by themselves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin

from policylib.errors import BackendError, ParseError
from policylib.samesource.fetched import FaultCode, Fetched, Limits
from policylib.samesource.hosts import Target, read_address, resolve
from policylib.samesource.robots import ALLOW_ALL, DENY_ALL, Robots, parse_robots
from policylib.samesource.sites import Fault, Site, expect_page
from policylib.samesource.unpacking import Unpacker

if TYPE_CHECKING:
    import httpx

__all__ = ["Fetcher"]

AGENT = "policylib"
_ROBOTS_MOST = 500_000
_CHUNK = 65_536
_ENCODINGS = ("gzip", "x-gzip", "deflate")
_PAGES = ("text/", "application/xhtml", "application/xml")


class Fetcher:
    """Fetches pages for many threads (抓取器); a context manager.

    ``sleep`` and ``ticks`` replace the clock in tests.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        ticks: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.limits = limits or Limits()
        self._sleep, self._ticks, self._now = sleep, ticks, now
        self._sites: dict[str, Site] = {}
        self._lock = threading.Lock()
        self._client = _client(self.limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def fetch(
        self, url: str, *, etag: str | None = None, modified: str | None = None,
        most: int | None = None, any_kind: bool = False,
    ) -> Fetched:  # fmt: skip
        """Get one page; what goes wrong is in the result, nothing is raised.

        ``etag`` and ``modified`` are those of the copy that is held. ``any_kind`` takes what is not a
        page as well.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {key: value for key, value in conditions.items() if value}
        try:
            return self._follow(url, headers, most or self.limits.largest, any_kind)
        except Fault as fault:
            return Fetched(url, self._now(), fault=fault.code, message=fault.message)

    # -- one page ---------------------------------------------------------------------------

    def _follow(self, url: str, headers: dict[str, str], most: int, any_kind: bool) -> Fetched:
        seen: list[str] = []
        where = url
        while True:
            try:
                target = read_address(where)
            except ParseError as error:
                raise Fault(FaultCode.FORBIDDEN_ADDRESS, str(error)) from None
            if target.url in seen:
                raise Fault(FaultCode.REDIRECTS, f"页面在 {target.url} 循环跳转")
            seen.append(target.url)
            if len(seen) > self.limits.redirects + 1:
                raise Fault(FaultCode.REDIRECTS, f"页面跳转超过{self.limits.redirects}次")
            site = self._site(target)
            if self.limits.robots and not self._robots(target, site).allows(target.path):
                raise Fault(FaultCode.ROBOTS, f"robots.txt 不允许抓取 {target.path}")
            found = self._with_patience(target, site, headers, most, any_kind)
            if isinstance(found, str):
                where = urljoin(target.url, found)
                continue
            return Fetched(url, self._now(), target.url, **found)

    def _with_patience(
        self, target: Target, site: Site, headers: dict[str, str], most: int, any_kind: bool
    ) -> dict[str, Any] | str:
        """Try again what may pass, after longer and longer pauses."""
        wait = self.limits.wait
        if site.down:
            raise Fault(FaultCode.UNREACHABLE, site.down)
        for left in range(self.limits.tries - 1, -1, -1):
            try:
                with site.turn(self.limits, self._sleep, self._ticks):
                    found = self._once(target, headers, most, any_kind)
                site.failed = 0
                return found  # noqa: TRY300
            except Fault as fault:
                site.note(fault)
                pause = max(wait, fault.after)
                if not fault.again or left == 0 or pause > self.limits.longest_wait:
                    raise
                self._sleep(pause)
                wait *= 2
        raise AssertionError("unreachable")

    def _once(
        self, target: Target, headers: dict[str, str], most: int, any_kind: bool
    ) -> dict[str, Any] | str:
        """One request; the address of a redirect, or the fields of what came."""
        import httpcore  # noqa: PLC0415 - loaded with httpx
        import httpx  # noqa: PLC0415

        _until.at = time.monotonic() + self.limits.deadline
        try:
            with self._client.stream("GET", target.url, headers=headers) as response:
                return self._read(response, most, any_kind)
        except (httpx.TimeoutException, httpcore.TimeoutException):
            raise Fault(FaultCode.TIMEOUT, "没有在规定时间内答复", again=True) from None
        except (httpx.ConnectError, httpcore.ConnectError) as error:
            raise Fault(FaultCode.UNREACHABLE, f"连接不上：{_why(error)}", again=True) from None
        except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            said = f"传输中断或不合规范：{_why(error)}"
            raise Fault(FaultCode.CUT_OFF, said, again=True) from None
        except (httpx.InvalidURL, ParseError) as error:
            raise Fault(FaultCode.FORBIDDEN_ADDRESS, str(error)) from None
        except (OSError, ValueError) as error:
            raise Fault(FaultCode.UNREACHABLE, f"连接不上：{_why(error)}") from None

    def _read(self, response: httpx.Response, most: int, any_kind: bool) -> dict[str, Any] | str:
        status = response.status_code
        place = response.headers.get("location")
        if status in (301, 302, 303, 307, 308) and place:
            return str(place)
        kept = {
            "status": status,
            "etag": response.headers.get("etag"),
            "modified": response.headers.get("last-modified"),
            "content_type": response.headers.get("content-type"),
        }
        if status == 304:
            return kept | {"unchanged": True}
        expect_page(status, response.headers)
        kind = (kept["content_type"] or "text/html").strip().lower()
        if not any_kind and not kind.startswith(_PAGES):
            raise Fault(FaultCode.NOT_A_PAGE, f"内容是 {kind[:60]}，不是网页")
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length[:18]) > most:
            raise Fault(FaultCode.TOO_LARGE, f"内容有{length}字节，超过上限{most}字节，未下载")
        return kept | {"body": b"".join(self._chunks(response, most))}

    def _chunks(self, response: httpx.Response, most: int) -> Iterator[bytes]:
        """The bytes, unpacked as they come, never more than ``most`` of them."""
        coding = response.headers.get("content-encoding", "").strip().lower()
        if coding in ("", "identity"):
            unpack = None
        elif coding in _ENCODINGS:
            unpack = Unpacker(most)
        else:
            raise Fault(FaultCode.BOMB, f"内容用“{coding[:40]}”压缩，不能识别")
        came = 0
        for chunk in response.iter_raw(_CHUNK):
            came += len(chunk)
            if came > most:
                raise Fault(FaultCode.TOO_LARGE, f"内容超过上限{most}字节，已停止下载")
            if time.monotonic() > _until.at:
                raise Fault(FaultCode.TIMEOUT, f"{self.limits.deadline:g}秒内没有传完", again=True)
            if unpack is None:
                yield chunk
            else:
                yield from _unpacked(unpack, chunk)
        if unpack is not None and not unpack.done and came:
            raise Fault(FaultCode.CUT_OFF, "压缩内容不完整", again=True)

    # -- one site ---------------------------------------------------------------------------

    def _site(self, target: Target) -> Site:
        with self._lock:
            if target.site not in self._sites:
                slots = threading.BoundedSemaphore(self.limits.per_host)
                self._sites[target.site] = Site(slots)
            return self._sites[target.site]

    def _robots(self, target: Target, site: Site) -> Robots:
        """The site's robots.txt, read once: none allows all, one that fails allows nothing."""
        with site.reading:
            if site.robots is None:
                site.robots = self._read_robots(target, site)
            return site.robots

    def _read_robots(self, target: Target, site: Site) -> Robots:
        place = read_address(urljoin(target.url, "/robots.txt"))
        for _ in range(self.limits.redirects):
            try:
                found = self._with_patience(place, site, {}, _ROBOTS_MOST, True)
            except Fault as fault:
                if fault.code in (FaultCode.SERVER_ERROR, FaultCode.BUSY):
                    return DENY_ALL
                if fault.code in (FaultCode.UNREACHABLE, FaultCode.TIMEOUT):
                    raise
                return ALLOW_ALL
            if isinstance(found, str):
                with suppress(ParseError):
                    place = read_address(urljoin(place.url, found))
                continue
            return parse_robots(found.get("body") or b"", AGENT)
        return ALLOW_ALL


def _unpacked(unpack: Unpacker, chunk: bytes) -> Iterator[bytes]:
    try:
        yield from unpack.more(chunk)
    except ParseError as error:
        raise Fault(FaultCode.BOMB, str(error)) from None


def _why(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


# -- connections ------------------------------------------------------------------------------

_until = threading.local()


def _client(limits: Limits) -> httpx.Client:
    try:
        import httpcore  # noqa: PLC0415 - 100 ms, only for fetching
        import httpx  # noqa: PLC0415
    except ImportError as error:
        raise BackendError("抓取网页需要 httpx，请先安装：pip install httpx") from error

    class Stream(httpcore.NetworkStream):
        """A connection on which nothing lasts beyond the request's deadline."""

        def __init__(self, inner: httpcore.NetworkStream) -> None:
            self._inner = inner

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            return self._inner.read(max_bytes, _left(timeout))

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            self._inner.write(buffer, _left(timeout))

        def close(self) -> None:
            self._inner.close()

        def start_tls(
            self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
        ) -> httpcore.NetworkStream:
            made = self._inner.start_tls(ssl_context, server_hostname, _left(timeout))
            return Stream(made)

        def get_extra_info(self, info: str) -> Any:
            return self._inner.get_extra_info(info)

    class Backend(httpcore.NetworkBackend):
        """Connects to the addresses that were checked, and to no others."""

        _plain = httpcore.SyncBackend()

        def connect_tcp(
            self, host: str, port: int, timeout: float | None = None,
            local_address: str | None = None, socket_options: Any = None,
        ) -> httpcore.NetworkStream:  # fmt: skip
            try:
                addresses = resolve(host, port, private=limits.private)
            except OSError as error:
                raise httpcore.ConnectError(f"找不到主机 {host}") from error
            for place, address in enumerate(addresses[:4], 1):
                try:
                    inner = self._plain.connect_tcp(
                        address, port, _left(timeout), local_address, socket_options
                    )
                    return Stream(inner)
                except (httpcore.ConnectError, httpcore.ConnectTimeout):
                    if place == len(addresses[:4]):
                        raise
            raise AssertionError("unreachable")

    def _left(timeout: float | None) -> float:
        left = getattr(_until, "at", time.monotonic() + limits.deadline) - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("deadline")
        return left if timeout is None else min(timeout, left)

    class Transport(httpx.BaseTransport):
        """httpx over connections of our own."""

        def __init__(self) -> None:
            self._pool = httpcore.ConnectionPool(
                ssl_context=httpx.create_ssl_context(trust_env=False),
                max_connections=64,
                max_keepalive_connections=0,  # many sites hang up unannounced after an answer
                network_backend=Backend(),
            )

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            made = httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
            found = self._pool.handle_request(made)
            return httpx.Response(
                found.status, headers=found.headers, stream=Body(found), extensions=found.extensions
            )

        def close(self) -> None:
            self._pool.close()

    class Body(httpx.SyncByteStream):
        """The bytes of an answer; closing it gives the connection back, or ends it."""

        def __init__(self, response: httpcore.Response) -> None:
            self._response = response

        def __iter__(self) -> Iterator[bytes]:
            yield from self._response.iter_stream()

        def close(self) -> None:
            self._response.close()

    return httpx.Client(
        transport=Transport(),
        timeout=httpx.Timeout(limits.read, connect=limits.connect, pool=limits.deadline),
        headers={
            "User-Agent": limits.agent,
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "zh-CN",
            "Connection": "close",
        },
        follow_redirects=False,
        trust_env=False,
    )
