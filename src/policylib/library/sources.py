"""What lies beside a library about other organs (同源资料): the registry, and what was pulled of them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.store.head import sqlite_path

if TYPE_CHECKING:
    from policylib.library.address import Address
    from policylib.model.authority import Authorities
    from policylib.samesource.holdings import Holdings
    from policylib.samesource.manifest import Entry

__all__ = ["REGISTRY", "Sources"]

REGISTRY = "authorities.yaml"


class Sources:
    """The private folder beside a library: registry, keys, subscriptions, audits.

    What is read is kept until the files change. A library without the folder pays one look for it.
    """

    def __init__(self, address: Address, today: Callable[[], date]) -> None:
        self.folder = _folder(address)
        self._today = today
        self._lock = threading.RLock()
        self._registry: tuple[object, Authorities] | None = None
        self._holdings: tuple[object, Holdings] | None = None

    @property
    def subscriptions(self) -> Path:
        """Where the subscriptions lie, each in a folder of its own."""
        return self.folder / "subscriptions"

    def subscription(self, authority: str) -> Path:
        """The folder of what is held of an authority."""
        return self.subscriptions / slug(authority)

    def registry(self) -> Authorities:
        """The authority registry (权威来源名录); empty when there is none.

        Raises:
            ParseError: the file is not a registry.

        """
        from policylib.files.authorities import read_authorities
        from policylib.model.authority import Authorities

        file = self.folder / REGISTRY
        state = _state([file])
        with self._lock:
            if self._registry is None or self._registry[0] != state:
                found = read_authorities(file) if state else Authorities()
                self._registry = (state, found)
            return self._registry[1]

    def holdings(self) -> Holdings:
        """What was pulled of other authorities (订阅内容): the last good state of each."""
        from policylib.samesource.holdings import Holdings

        state = self._held_state()
        with self._lock:
            if self._holdings is None or self._holdings[0] != state:
                found = Holdings.load(self.subscriptions, self._answers())
                self._holdings = (state, found)
            return self._holdings[1]

    def mark(self) -> str:
        """What tells one state of registry and subscriptions from another; empty: there is nothing."""
        state = self._held_state()
        return hashlib.sha256(repr(state).encode()).hexdigest()[:16] if state else ""

    def is_bare(self) -> bool:
        """Whether nothing is known of other organs: no registry, nothing pulled."""
        return not self._held_state()

    # -- inside ----------------------------------------------------------------------------

    def _held_state(self) -> tuple[tuple[str, int, int], ...]:
        if not self.folder.is_dir():
            return ()
        states = sorted(self.subscriptions.glob("*/state.json"))
        return _state([self.folder / REGISTRY, *states])

    def _answers(self) -> Callable[[str, Entry], bool]:
        """Whether a manifest may speak for a document: nobody else is known to answer for it."""
        from policylib.library.cataloguing import header_of

        registry = self.registry()

        def answers(authority: str, entry: Entry) -> bool:
            try:
                known = len(registry) > 0
                owner = registry.owner(header_of(entry), on=self._today()) if known else None
            except ValueError:
                return False
            return owner is None or owner.name == authority

        return answers


def slug(name: str) -> str:
    """A name as that of a folder."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _folder(address: Address) -> Path:
    path = sqlite_path(address.url)
    if path is None:
        return Path(f"{address.index}.sources")
    return path.parent / ("sources" if path.name == "library.db" else f"{path.name}.sources")


def _state(files: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """What tells one state of some files from another; empty when there are none."""
    found = []
    for file in files:
        with suppress(OSError):
            at = file.stat()
            found.append((f"{file.parent.name}/{file.name}", at.st_mtime_ns, at.st_size))
    return tuple(found)
