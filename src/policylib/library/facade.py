"""Library: the one object a portal backend, the command line and scheduled jobs work with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, Self

from policylib.library.address import Address
from policylib.library.changing import Changing
from policylib.library.living import Living
from policylib.library.looking import Looking
from policylib.library.matching import Matching
from policylib.library.pushing import Pushing
from policylib.library.relating import Relating
from policylib.library.sharing import Sharing
from policylib.library.tracing import Tracing

if TYPE_CHECKING:
    from policylib.files.documentfile import DocumentFile
    from policylib.model.document import Document
    from policylib.model.finding import Finding


__all__ = ["Library"]


class Library(Pushing, Looking, Living, Tracing, Relating, Sharing, Matching, Changing):
    """A library of policy documents (政策文件库).

    >>> from policylib import Library
    >>> library = Library.open("/tmp/no-such-library")     # doctest: +SKIP
    >>> library.search("高龄津贴", limit=5).hits             # doctest: +SKIP

    One object serves many threads; several processes may open the same library. Nothing heavy is
    loaded before it is needed: a search needs no database package. It is a context manager.
    Days (``on``) default to the clock's today, times (``at``) to its now; ``clock`` replaces it.
    """

    # -- checking --------------------------------------------------------------------------

    def check(
        self, ids: Iterable[str] | None = None, *, codes: Iterable[str] = (), on: date | None = None
    ) -> Iterator[Finding]:
        """Look over documents of the library (检查): all, or those named; findings one by one.

        Raises:
            ParseError: an unknown code in ``codes``; NotFound: an unknown id.

        """
        from policylib.checks.table import run, select

        checks = select(codes)
        store = self._store()
        wanted = [store.document(id) for id in ids] if ids is not None else store.iter_documents()
        neighbourhood = self._around(on)

        def findings() -> Iterator[Finding]:
            for document in wanted:
                yield from run(neighbourhood.case(document), checks)

        return findings()

    def check_document(
        self, document: Document, body: str, measures: Sequence[Mapping[str, Any]] = ()
    ) -> tuple[Finding, ...]:
        """Findings of a document as it would be, with the library around it."""
        return self._findings_of(document, body, measures)

    def check_file(
        self, file: DocumentFile, *, name: str, codes: Iterable[str] = (), on: date | None = None
    ) -> tuple[Finding, ...]:
        """Findings of a file that is not in the library yet, with the library around it."""
        from policylib.checks.table import run, select

        return run(self._around(on).file_case(file, name), select(codes))

    # -- keeping ---------------------------------------------------------------------------

    def verify(self) -> tuple[str, ...]:
        """What is wrong with journal and state, as Chinese sentences; empty when sound (核验)."""
        return self._store().verify()

    def reindex(self, progress: Callable[[int], None] | None = None) -> int:
        """Throw the search index away and build it anew; returns the number of documents."""
        return self._index().rebuild(progress)

    def backup(self, target: str | PathLike[str], *, with_key: bool = False) -> None:
        """Write a consistent, verified copy of the library to a new file (备份).

        The authority registry and the manifests that were pulled are in it; the key that signs one's
        own manifests only ``with_key``, and then whoever has the backup can sign.
        """
        from policylib.library.enclosing import gather

        folder = self._sources().folder
        self._store().backup(target, gather(folder, key=with_key) if folder.is_dir() else None)

    def export_journal(self, target: str | PathLike[str]) -> int:
        """Write all events to a new file, a line of canonical JSON each; returns how many.

        Raises:
            BackendError: the file exists or cannot be written.

        """
        from policylib.library.exporting import export_journal

        return export_journal(self._store(), target)

    def bundle(self, id: str, target: str | PathLike[str], *, at: datetime | None = None) -> None:
        """Write all that is known of a document to a new zip file (一件一档): for staff.

        The same library state and time ``at`` give the same bytes.

        Raises:
            NotFound: there is no such document.
            BackendError: the file exists or cannot be written.

        """
        from policylib.files.saving import save_new
        from policylib.library.exporting import bundle

        when = at or self._clock()
        save_new(target, [bundle(self._dossier(id, when.date()), at=when)])

    def public_bundle(
        self, id: str, target: str | PathLike[str], *, at: datetime | None = None
    ) -> None:
        """Write what the public may know of a document to a new zip file (一件一档).

        Raises:
            NotFound: the public may not see the document.
            BackendError: the file exists or cannot be written.

        """
        from policylib.files.saving import save_new
        from policylib.library.exporting import bundle

        self.public_document(id)
        when = at or self._clock()
        save_new(target, [bundle(self._dossier(id, when.date()).public(), at=when)])

    @classmethod
    def restore(
        cls, source: str | PathLike[str], where: str | PathLike[str], **options: Any
    ) -> Self:
        """Make a library from a backup (恢复); its search index is built anew.

        The registry and the manifests of others come back with it, the signing key where the backup
        has it.

        Raises:
            Refused, BackendError: the target holds documents, or the backup is damaged.

        """
        from policylib.library.enclosing import put_back
        from policylib.store.backup import enclosed, restore

        address = Address.of(where, options.pop("index", None))
        library = cls(address, **options)
        folder, beside = library._sources().folder, enclosed(source)
        put_back(folder, beside, dry=True)
        restore(source, address.url)
        put_back(folder, beside)
        library._index().discard()
        library._index().fresh()
        return library

    def health(self) -> dict[str, Any]:
        """How the library stands, for a monitor: documents, journal head, index position."""
        from policylib.store.head import read_head

        index = self._index().fresh()
        return {
            "documents": self._store().count(),
            "journal": read_head(self._address.url),
            "index": index.stamp().position,
        }
