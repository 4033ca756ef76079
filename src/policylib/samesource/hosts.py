"""Which addresses may be asked (可访问的地址): public ones, by http and https, and no others.

A page's address, a redirect and a name in the DNS are all somebody else's words: they must not lead
into the office's own network (SSRF).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from policylib.errors import ParseError

__all__ = ["Target", "is_public", "read_address", "resolve"]

_LONGEST = 2_000
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?\Z|[0-9A-Fa-f:.]{2,45}\Z")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was read: its parts, and the whole with everything escaped."""

    scheme: str
    host: str
    port: int
    path: str
    url: str

    @property
    def site(self) -> str:
        """Scheme, host and port: what robots.txt and politeness go by."""
        return f"{self.scheme}://{self.host}:{self.port}"


def read_address(text: str) -> Target:
    """Read a web address as people write it, with Chinese in host, path or query.

    Raises:
        ParseError: not http or https, a name and password in it, a port of another service.

    """
    plain = text.strip()
    if len(plain) > _LONGEST or any(ord(c) < 33 or ord(c) == 127 or c == "\\" for c in plain):
        raise ParseError(f"“{plain[:60]}”不是网址：过长，或有空格、反斜线等字符")
    try:
        parts = urlsplit(plain)
        port = parts.port
        name = (parts.hostname or "").rstrip(".")
        host = name if ":" in name or name.isascii() else name.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise ParseError(f"“{plain[:60]}”不是正确的网址，请核对") from error
    if parts.scheme not in _PORTS:
        raise ParseError(f"“{plain[:60]}”不是 http 或 https 网址，不访问")
    if not _HOST.match(host) or parts.username is not None or parts.password is not None:
        raise ParseError(f"“{plain[:60]}”没有正确的主机名，或带有用户名和密码，不访问")
    port = port or _PORTS[parts.scheme]
    if port < 1024 and port not in _PORTS.values():
        raise ParseError(f"“{plain[:60]}”的端口 {port} 不是网站的端口，不访问")
    return _target(parts, host.lower(), port)


def _target(parts: SplitResult, host: str, port: int) -> Target:
    safe = "/:?#[]@!$&'()*+,;=%~"
    path = quote(parts.path or "/", safe=safe, errors="replace")
    query = quote(parts.query, safe=safe, errors="replace")
    whole = f"[{host}]" if ":" in host else host
    netloc = whole if port == _PORTS[parts.scheme] else f"{whole}:{port}"
    url = urlunsplit((parts.scheme, netloc, path, query, ""))
    return Target(parts.scheme, host, port, f"{path}?{query}" if query else path, url)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also inside IPv6 wrappings.

    >>> [is_public(a) for a in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254")]
    [True, False, False, False]
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inside(found)
    if inner is not None:
        return is_public(str(inner))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _inside(found: _Address) -> _Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, Teredo, NAT64."""
    if not isinstance(found, ipaddress.IPv6Address):
        return None
    if found in _NAT64:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)


def resolve(host: str, port: int, *, private: bool) -> list[str]:
    """The IP addresses of a host that may be asked.

    Raises:
        ParseError: none of them is public (and ``private`` does not allow others).
        OSError: the name is not known.

    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("not a host name") from error
    every = list(dict.fromkeys(str(row[4][0]) for row in found))
    open_ones = every if private else [address for address in every if is_public(address)]
    if not open_ones:
        raise ParseError(f"“{host}”在内部网络（{every[0]}），不访问；确需访问的加 --allow-private")
    return open_ones
