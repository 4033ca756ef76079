"""The audit of pages against this library and what it holds (同源核查)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from os import PathLike, fspath
from typing import TYPE_CHECKING

from policylib.library.core import Core

if TYPE_CHECKING:
    from policylib.samesource.auditing import AuditReport
    from policylib.samesource.fetched import Limits
    from policylib.samesource.fetching import Fetcher

__all__ = ["Auditing"]


class Auditing(Core):
    """Whether pages say what their source says."""

    def audit_sources(
        self,
        targets: Iterable[str | PathLike[str]],
        *,
        on: date | None = None,
        name: str = "audit",
        limits: Limits | None = None,
        fetcher: Fetcher | None = None,
        links: bool = False,
        link_only: bool = False,
        copies: bool = False,
        workers: int = 8,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> AuditReport:
        """Look over pages and say what differs from this library and what it holds (同源核查).

        ``targets`` are addresses, files, folders and lists of addresses. ``name`` is where the run keeps
        its progress: one that broke goes on, the next one asks servers only for what changed.
        ``links`` looks where links lead; ``link_only`` also reports pages that copy a text faithfully, and
        ``copies`` texts that one organ has on several pages.

        Raises:
            NotFound: a path is not there; Conflict: another audit of that name is running.

        """
        from policylib.library.cataloguing import Catalogue
        from policylib.library.sources import slug
        from policylib.samesource import auditing
        from policylib.samesource.fetching import Fetcher
        from policylib.samesource.folders import alone
        from policylib.samesource.keeping import AuditState

        day = on or self._today()
        wanted = list(auditing.targets([fspath(each) for each in targets]))
        sources = self._sources()
        folder = sources.folder / "audits" / slug(name)
        catalogue = Catalogue(
            self._store(), sources.registry(), sources.holdings(), self._ruleset(), on=day,
            link_only=link_only,
        )  # fmt: skip
        opened: AbstractContextManager[Fetcher] = (
            nullcontext(fetcher) if fetcher else Fetcher(limits)
        )
        with alone(folder, "同源核查"), AuditState(folder) as state, opened as used:
            return auditing.audit(
                wanted, catalogue, on=day, state=state, fetcher=used, links=links,
                copies=copies or link_only, workers=workers, now=self._clock, progress=progress,
            )  # fmt: skip
