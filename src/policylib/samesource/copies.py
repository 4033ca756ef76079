"""The same text on several pages of one organ (重复发布): one page is enough, the others link to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from policylib.model.vocabulary import Severity
from policylib.pages.linking import same_address
from policylib.pages.normal import text_digest
from policylib.pages.page import Page
from policylib.pages.source import DriftCode
from policylib.samesource.fetched import Fetched
from policylib.samesource.judging import AuditFinding, Found, Resolver

__all__ = ["Copies"]

_LEAST = 200  # characters of a text that is more than a reference
_MOST = 20  # other pages named in the proof of one


@dataclass(frozen=True, slots=True)
class _Copy:
    page: str
    organ: str
    column: str
    digest: str
    fetched_at: str


@dataclass(slots=True)
class Copies:
    """Which pages of an audit have the text of which document."""

    _pages: dict[tuple[str, str], list[_Copy]] = field(default_factory=dict)

    def seen(self, got: Fetched, where: tuple[str, str], resolve: Resolver) -> Resolver:
        """``resolve``, with the page it is asked about noted down where it has a text."""

        def asked(page: Page) -> Found | None:
            found = resolve(page)
            if found is not None and len(page.body) >= _LEAST and not _is_home(page, found):
                copy = _Copy(got.url, *where, text_digest(page.body), got.at.isoformat())
                self._pages.setdefault((where[0], found.document), []).append(copy)
            return found

        return asked

    def findings(self) -> Iterator[AuditFinding]:
        """One for each page after the first that has the text of a document, organ by organ."""
        for (organ, document), pages in self._pages.items():
            apart: list[_Copy] = []
            for copy in pages:
                if not any(same_address(copy.page, other.page) for other in apart[:_MOST]):
                    apart.append(copy)
            for copy in apart[1:]:
                others = [other.page for other in apart if other is not copy]
                yield AuditFinding(
                    DriftCode.COPIES,
                    Severity.WARNING,
                    copy.page,
                    document,
                    f"“{organ}”在{len(apart)}个页面发布了同一份文件的正文，另见 {apart[0].page}",
                    "只保留一个页面，其余改为链接",
                    {
                        "fetched_at": copy.fetched_at, "url": copy.page, "page_digest": copy.digest,
                        "source_digest": apart[0].digest, "pages": others[:_MOST],
                    },
                    organ,
                    copy.column,
                )  # fmt: skip


def _is_home(page: Page, found: Found) -> bool:
    """Whether the page is the authority's own."""
    return bool(page.url) and any(same_address(page.url or "", a) for a in found.source.addresses)
