"""One text, one source (同源发布): the registry, manifests, reposts, and the audit of pages."""

from __future__ import annotations

from collections import Counter
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.library.auditing import Auditing
from policylib.library.exchanging import Exchanging
from policylib.library.reposting import Reposting

if TYPE_CHECKING:
    from policylib.model.authority import Authorities, Authority
    from policylib.model.document import Header
    from policylib.samesource.holdings import Holdings

__all__ = ["Sharing"]


class Sharing(Exchanging, Reposting, Auditing):
    """Whose text it is, and that all copies say what it says."""

    @property
    def sources_folder(self) -> Path:
        """The private folder beside the library: registry, keys, subscriptions, audits."""
        return self._sources().folder

    def authorities(self) -> Authorities:
        """The authority registry (权威来源名录) of the library; empty when there is none.

        Raises:
            ParseError: the file is not a registry.

        """
        return self._sources().registry()

    def set_authorities(self, path: str | PathLike[str]) -> Authorities:
        """Take a registry file into use; see :mod:`policylib.files.authorities`.

        Raises:
            ParseError: it is not a registry; the one in use stays.

        """
        from policylib.files.authorities import read_authorities
        from policylib.library.sources import REGISTRY
        from policylib.samesource.folders import put

        found = read_authorities(path)
        put(self.sources_folder / REGISTRY, Path(path).read_bytes())
        return found

    def authority_of(self, document: Header, *, on: date | None = None) -> Authority | None:
        """Whose library has the authoritative text of a document (权威来源), by the registry."""
        from policylib.model.organ import AuthorityFile

        registry = self.authorities()
        if not len(registry):
            return None
        organs = AuthorityFile(self._store().organs())
        return registry.owner(document, on=on or self._today(), organs=organs)

    def owned_by(self) -> dict[str, int]:
        """How many documents of this library each authority answers for (归属); ``""``: nobody known.

        Reposts do not count.
        """
        from policylib.model.organ import AuthorityFile
        from policylib.model.vocabulary import DocumentType

        registry, today = self.authorities(), self._today()
        organs = AuthorityFile(self._store().organs())
        owners = Counter(
            owner.name if (owner := registry.owner(each, on=today, organs=organs)) else ""
            for each in self._store().iter_documents()
            if each.type is not DocumentType.REPOST
        )
        return dict(owners)

    def holdings(self) -> Holdings:
        """What was pulled of other authorities (订阅内容): the last good state of each."""
        return self._sources().holdings()
