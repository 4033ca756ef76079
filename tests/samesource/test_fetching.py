"""The fetcher: polite, never into private networks, never more than it wants; each fault has its name."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samesource.offices import NAMED, QUICK, Site, send

from policylib.errors import ParseError
from policylib.samesource.fetching import Fetcher
from policylib.samesource.hosts import is_public, read_address
from policylib.samesource.robots import parse_robots
from policylib.samesource.unpacking import Unpacker

# -- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", NAMED)
def test_each_fault_has_its_name(kind: str, site: Site) -> None:
    with Fetcher(replace(QUICK, robots=False, tries=1)) as fetcher:
        found = fetcher.fetch(site.fault("/1", kind))
    assert found.fault == NAMED[kind], found.message
    assert found.body is None


def test_a_good_page_comes_whole_with_its_etag(site: Site) -> None:
    url = site.page("/a.html", "<p>正文</p>")
    with Fetcher(QUICK) as fetcher:
        found = fetcher.fetch(url)
        again = fetcher.fetch(url, etag=found.etag)
    assert (found.body, found.fault, found.status) == ("<p>正文</p>".encode(), None, 200)
    assert again.unchanged
    assert again.body is None


def test_packed_pages_are_unpacked(site: Site) -> None:
    page = "<p>正文</p>".encode() * 500
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(page), "deflate": zlib.compress(page),
        "DEFLATE": raw.compress(page) + raw.flush(),
        "x-gzip": gzip.compress(page[:300]) + gzip.compress(page[300:]),
    }  # fmt: skip
    with Fetcher(QUICK) as fetcher:
        for coding, data in packed.items():
            site.pages["/p"] = lambda h, c=coding, d=data: send(h, 200, d, Content_Encoding=c)
            assert fetcher.fetch(f"{site.base}/p").body == page, coding
        site.pages["/p"] = lambda h: send(h, 200, packed["gzip"][:-20], Content_Encoding="gzip")
        assert fetcher.fetch(f"{site.base}/p").fault == "FET004"
        site.pages["/p"] = lambda h: send(h, 200, b"..", Content_Encoding="br")
        assert fetcher.fetch(f"{site.base}/p").fault == "FET010"


def test_what_passes_is_tried_again(site: Site) -> None:
    def flaky(handler: object) -> None:
        send(handler, *((503, b"") if site.asked["/b"] < 3 else (200, b"<p>x</p>")))  # type: ignore[arg-type]

    site.pages["/b"] = flaky
    naps: list[float] = []
    with Fetcher(replace(QUICK, tries=3, wait=1.0, longest_wait=9.0), sleep=naps.append) as fetcher:
        assert fetcher.fetch(f"{site.base}/b").body == b"<p>x</p>"
    assert naps == [1.0, 2.0], "longer and longer"


def test_redirects_are_followed_and_kept(site: Site) -> None:
    site.page("/ziel.html", "<p>到了</p>")
    site.pages["/von"] = lambda h: send(h, 301, b"", Location="/ziel.html")
    with Fetcher(QUICK) as fetcher:
        found = fetcher.fetch(f"{site.base}/von")
    assert (found.url, found.final) == (f"{site.base}/von", f"{site.base}/ziel.html")
    assert found.body == "<p>到了</p>".encode()


# -- never into the office's own network ------------------------------------------------------------


def test_loopback_is_not_asked_unless_told(site: Site) -> None:
    url = site.page("/a.html", "<p>正文</p>")
    with Fetcher(replace(QUICK, private=False)) as fetcher:
        for spelt in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "127.1"),
                      url.replace("127.0.0.1", "2130706433"), url.replace("127.0.0.1", "[::ffff:127.0.0.1]")):  # fmt: skip
            found = fetcher.fetch(spelt)
            assert found.fault in ("FET001", "FET002"), spelt
    assert site.asked.total() == 0


def test_a_name_that_leads_inside_is_not_asked_and_a_second_answer_changes_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it is checked, private when it is asked for again."""
    real = socket.getaddrinfo
    answers = iter(["10.0.0.7", "8.8.8.8", "127.0.0.1", "127.0.0.1"])
    asked: list[str] = []

    def resolver(host: str, port: int, *rest: object, **more: object) -> object:
        asked.append(host)
        if host == "zc.example.cn":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]
        return real(host, port, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    connected: list[object] = []

    def connect(address: object, *_: object, **__: object) -> socket.socket:
        connected.append(address)
        raise OSError("no way out of here")

    monkeypatch.setattr(socket, "create_connection", connect)
    limits = replace(QUICK, private=False, robots=False, tries=1)
    with Fetcher(limits) as fetcher:
        assert fetcher.fetch("http://zc.example.cn/").fault == "FET001"
        assert connected == []
        assert fetcher.fetch("http://zc.example.cn/").fault == "FET002"
        assert connected == [("8.8.8.8", 80)], "the address that was checked, not the name"
        assert fetcher.fetch("http://zc.example.cn/").fault == "FET001"
    assert len(connected) == 1


def test_a_redirect_into_the_network_is_not_followed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policylib.samesource.hosts.is_public", lambda a: a == "127.0.0.1")
    with Fetcher(replace(QUICK, private=False)) as fetcher:
        found = fetcher.fetch(site.fault("/r", "内网"))
    assert (found.fault, "169.254.169.254" in (found.message or "")) == ("FET001", True)


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1",
     "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
     "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0", "x"],
)  # fmt: skip
def test_private_addresses_are_known_in_every_wrapping(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_public() -> None:
    assert all(is_public(a) for a in ("8.8.8.8", "202.38.64.1", "2400:3200::1", "::ffff:8.8.8.8"))


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://a.cn/", "gopher://a.cn", "javascript:1", "http://", "http:///a",
     "http://u:p@a.cn/", "http://a.cn:22/", "http://a.cn:99999/", "http://a.cn\\@b.cn/", "http://[::1",
     "http://a b.cn/", "http://a.cn/\n", "http://" + "a" * 3000, "", "//a.cn/", "http://\ud800.cn/"],
)  # fmt: skip
def test_odd_addresses_are_refused_in_chinese(address: str) -> None:
    if address.endswith("\n"):
        assert read_address(address).url == "http://a.cn/"
        return
    with pytest.raises(ParseError):
        read_address(address)


def test_chinese_in_an_address_is_escaped() -> None:
    target = read_address("http://政务.example.cn:8080/文件 库/1.html?词=甲#段".replace(" ", ""))
    assert target.url == (
        "http://xn--zfr164b.example.cn:8080/%E6%96%87%E4%BB%B6%E5%BA%93/1.html?%E8%AF%8D=%E7%94%B2"
    )


@given(
    st.text(max_size=60),
    st.sampled_from(["", "http://", "https://a.cn", "http://[", "http://a.cn:"]),
)
def test_any_address_is_read_or_refused(text: str, start: str) -> None:
    try:
        target = read_address(start + text)
    except ParseError:
        return
    assert target.scheme in ("http", "https")
    assert target.url.isascii()
    assert read_address(target.url).host == target.host


# -- politeness -------------------------------------------------------------------------------------


def test_robots_txt_is_read_once_and_kept(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /geheim/\n", "text/plain")
    ok, not_ok = site.page("/a.html", "<p>x</p>"), site.page("/geheim/b.html", "<p>x</p>")
    with Fetcher(QUICK) as fetcher, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fetcher.fetch, [ok, not_ok] * 4))
    assert {each.fault for each in found} == {None, "FET011"}
    assert site.asked["/robots.txt"] == 1
    assert site.asked["/geheim/b.html"] == 0


def test_a_robots_txt_that_fails_allows_nothing_and_none_allows_all(site: Site) -> None:
    url = site.page("/a.html", "<p>x</p>")
    with Fetcher(QUICK) as fetcher:
        assert fetcher.fetch(url).fault is None
    site.fault("/robots.txt", "500")
    with Fetcher(QUICK) as fetcher:
        assert fetcher.fetch(url).fault == "FET011"


def test_few_requests_at_once_and_a_pause_between_them(site: Site) -> None:
    urls = [site.page(f"/{n}.html", "<p>x</p>") for n in range(12)]
    naps: list[float] = []
    now = [0.0]

    def nap(seconds: float) -> None:
        naps.append(seconds)
        now[0] += seconds

    limits = replace(QUICK, delay=0.5, per_host=2, robots=False)
    with Fetcher(limits, sleep=nap, ticks=lambda: now[0]) as fetcher, ThreadPoolExecutor(6) as pool:
        assert all(each.fault is None for each in pool.map(fetcher.fetch, urls))
    assert site.most_at_once <= 2
    assert now[0] >= 11 * 0.5


def test_a_site_that_is_down_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def connect(address: object, *_: object, **__: object) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    with Fetcher(QUICK) as fetcher:
        found = [fetcher.fetch(f"http://127.0.0.1:9999/{n}") for n in range(20)]
    assert {each.fault for each in found} == {"FET002"}
    assert len(tried) <= 6


def test_the_longest_rule_decides() -> None:
    text = b"""User-agent: other
Disallow: /
User-agent: policylib
User-agent: third
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Crawl-delay: 2
"""
    robots = parse_robots(text, "policylib")
    assert robots.allows("/private/open/a")
    assert not robots.allows("/private/a")
    assert not robots.allows("/x/a.pdf")
    assert robots.allows("/x/a.pdf?download")
    assert robots.delay == 2
    assert parse_robots(text, "nobody").allows("/private")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_robots_txt_is_read(data: bytes, path: str) -> None:
    assert parse_robots(data + b"\nUser-agent: *\nDisallow: " + data, "policylib").allows(path) in (
        True,
        False,
    )


def test_a_hostile_robots_txt_takes_no_time() -> None:
    rules = b"User-agent: *\n" + b"Disallow: /" + b"*a" * 240 + b"$\n"
    robots = parse_robots(rules * 4_000, "policylib")
    assert not robots.allows("/" + "a" * 1_000)
    assert robots.allows("/" + "a" * 1_000 + "b")


@given(st.binary(max_size=2_000), st.integers(0, 100))
def test_unpacking_gives_it_back_or_stops(data: bytes, cut: int) -> None:
    packed = gzip.compress(data)
    unpack = Unpacker(2_000)
    got = b"".join(out for part in (packed[:cut], packed[cut:]) for out in unpack.more(part))
    assert got == data
    assert unpack.done
    with pytest.raises(ParseError, match="超过"):
        list(Unpacker(len(data)).more(gzip.compress(data + b"x")))


def test_outside_packages_are_loaded_when_they_are_needed() -> None:
    code = (
        "import sys, policylib.library.sharing, policylib.library.cataloguing, policylib.cli.sources,"
        " policylib.samesource.webreach, policylib.samesource.keys\n"
        "sys.exit(bool({'httpx', 'httpcore', 'cryptography'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
