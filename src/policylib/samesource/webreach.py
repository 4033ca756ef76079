"""A manifest on a web server (网上的清单)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from policylib.errors import BackendError, NotFound, ParseError
from policylib.samesource.fetched import FaultCode, Limits
from policylib.samesource.fetching import Fetcher
from policylib.samesource.reaching import Got

__all__ = ["WebReach", "open_web"]


@dataclass(frozen=True, slots=True)
class WebReach:
    """A manifest on a web server, below an address (see :class:`~.reaching.Reach`)."""

    fetcher: Fetcher
    address: str

    def get(self, name: str, *, most: int, etag: str | None = None) -> Got:
        """The file ``name`` below the address; see :class:`~.reaching.Reach`."""
        base = self.address.removesuffix("manifest.json").rstrip("/") + "/"
        found = self.fetcher.fetch(urljoin(base, name), etag=etag, most=most, any_kind=True)
        if found.fault is None:
            return Got(found.body, found.etag)
        said = f"{found.fault.name_zh}：{found.message}（{name}）"
        if found.fault is FaultCode.GONE:
            raise NotFound(said)
        if found.fault in (FaultCode.TOO_LARGE, FaultCode.BOMB):
            raise ParseError(said)
        raise BackendError(f"取不到清单，{said}；保留原有内容，请稍后再试")


@contextmanager
def open_web(address: str, limits: Limits | None = None) -> Iterator[WebReach]:
    """A manifest on a web server; what is asked for is what its owner put there for programs."""
    given = replace(limits or Limits(), robots=False, delay=0.0)
    with Fetcher(given) as fetcher:
        yield WebReach(fetcher, address)
