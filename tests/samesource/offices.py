"""A county and a town, each with a library, and a web server on loopback, for the stories here."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from policylib import Library
from policylib.samesource.fetched import Limits

COUNTY, TOWN = "青山县人民政府", "青山县青石镇人民政府"
BASE = "https://www.qingshan.example.gov.cn/zcwjk/"
REGISTRY = f"""\
own: [{{own}}]
authorities:
  - name: {COUNTY}
    covers:
      - issuers: [{COUNTY}, 青山县人民政府办公室]
      - agency_codes: [青政, 青政办]
    addresses: [{BASE}]
    page: {BASE}{{{{id}}}}.html
  - name: {TOWN}
    covers:
      - issuers: [{TOWN}]
"""


def registered(library: Library, folder: Path, own: str) -> Library:
    file = folder / "名录.yaml"
    file.write_text(REGISTRY.format(own=own), "utf-8")
    library.set_authorities(file)
    return library


#: A fetcher in a hurry, allowed on loopback.
QUICK = Limits(
    delay=0, wait=0.01, tries=2, connect=2, read=0.4, deadline=0.9, largest=300_000, private=True,
    longest_wait=1.0,
)  # fmt: skip


class Site:
    """A web site: pages by path, and how often each was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: Counter[str] = Counter()
        self.most_at_once = self.now = 0
        self.lock = threading.Lock()
        self.base = ""

    def page(self, path: str, html: bytes | str, kind: str = "text/html; charset=utf-8") -> str:
        data = html.encode() if isinstance(html, str) else html
        etag = f'"{zlib.crc32(data)}"'

        def answer(handler: BaseHTTPRequestHandler) -> None:
            if handler.headers.get("If-None-Match") == etag:
                send(handler, 304, b"", ETag=etag)
            else:
                send(handler, 200, data, **{"Content-Type": kind, "ETag": etag})

        self.pages[path] = answer
        return self.base + path

    def fault(self, path: str, kind: str) -> str:
        self.pages[path] = FAULTS[kind]
        return self.base + path


def send(handler: BaseHTTPRequestHandler, status: int, data: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    if "Content_Length" not in headers and status != 304:
        handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def _slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.0)


def _dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then: no single read is slow."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def _dripping_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(30):
        handler.wfile.write(f"X-{number}: 1\r\n".encode())
        handler.wfile.flush()
        time.sleep(0.1)


def _huge(handler: BaseHTTPRequestHandler) -> None:
    """1 GB, and it says so only as it comes."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    block = b"<p>" + b"x" * 65_533
    for _ in range(16_384):
        handler.wfile.write(block)


_BOMB = gzip.compress(b"\0" * 20_000_000)
FAULTS: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {
    "慢": _slow,
    "滴": _dripping,
    "滴头": _dripping_head,
    "断": lambda h: send(h, 200, b"<p>half", Content_Length="5000"),
    "500": lambda h: send(h, 500, b"error"),
    "404": lambda h: send(h, 404, b"none"),
    "403": lambda h: send(h, 403, b"no"),
    "429": lambda h: send(h, 429, b"slow down", Retry_After="3600"),
    "圈": lambda h: send(h, 302, b"", Location=h.path),
    "大": _huge,
    "自称大": lambda h: send(h, 200, b"", Content_Length="1000000000", Content_Type="text/html"),
    "炸弹": lambda h: send(h, 200, _BOMB, Content_Encoding="gzip", Content_Type="text/html"),
    "坏压缩": lambda h: send(h, 200, b"\x1f\x8bnot", Content_Encoding="gzip"),
    "附件": lambda h: send(h, 200, b"%PDF-1.7", Content_Type="application/pdf"),
    "内网": lambda h: send(h, 302, b"", Location="http://169.254.169.254/latest/"),
    "本地文件": lambda h: send(h, 302, b"", Location="file:///etc/passwd"),
}
NAMED = {
    "慢": "FET003", "滴": "FET003", "滴头": "FET003", "断": "FET004", "500": "FET005",
    "404": "FET006", "403": "FET007", "429": "FET013", "圈": "FET008", "大": "FET009",
    "自称大": "FET009", "炸弹": "FET010", "坏压缩": "FET010", "附件": "FET012",
    "本地文件": "FET001",
}  # fmt: skip


@contextmanager
def website(root: Path | None = None) -> Iterator[Site]:
    """A site on loopback; below ``root`` its pages are files."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with site.lock:
                site.asked[self.path] += 1
                site.now += 1
                site.most_at_once = max(site.most_at_once, site.now)
            try:
                self.answer()
            except OSError:
                pass  # the other side has hung up
            finally:
                with site.lock:
                    site.now -= 1
                self.close_connection = True

        def answer(self) -> None:
            answer = site.pages.get(self.path)
            file = root / self.path.lstrip("/") if root else None
            if answer:
                answer(self)
            elif file is not None and file.is_file():
                data = file.read_bytes()
                etag = f'"{zlib.crc32(data)}"'
                same = self.headers.get("If-None-Match") == etag
                send(self, 304 if same else 200, b"" if same else data, ETag=etag)
            else:
                send(self, 404, b"none")

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    server = Server(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def html(title: str, body: str, link: str = "", **labels: str) -> str:
    """A county portal's page of a document."""
    rows = "".join(f"<tr><th>{name}：</th><td>{value}</td></tr>" for name, value in labels.items())
    paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n") if line)
    return (
        f"<html><head><meta charset='utf-8'><title>{title}-青石镇</title></head><body>"
        f"<div class='nav'><a href='/'>首页</a></div><table class='xxgk'>{rows}</table>"
        f"<h1>{title}</h1><div class='content'>{paragraphs}</div>{link}<div>版权所有</div></body></html>"
    )
