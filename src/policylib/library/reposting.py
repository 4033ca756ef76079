"""Reposts hold a reference, never a body (转载只存链接): whose text it is, and what a repost shows."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.errors import NotFound, Refused
from policylib.library.core import Core, who

if TYPE_CHECKING:
    from policylib.files.documentfile import DocumentFile
    from policylib.model.authority import Authority
    from policylib.model.document import Header
    from policylib.samesource.holdings import RepostView

__all__ = ["Reposting"]


class Reposting(Core):
    """Whose text a document is, and the documents of others as references."""

    # -- what a repost shows ------------------------------------------------------------------

    def repost_view(self, id: str, *, on: date | None = None) -> RepostView:
        """What a repost shows on a day (转载所示): title, number, days, validity of its source.

        All of it is the authority's, as of the last pull; validity is computed for the day.

        Raises:
            NotFound: no such document, or its source is not in what was pulled.
            Refused: it is no repost.

        """
        from policylib.model.vocabulary import DocumentType

        document = self._store().document(id)
        if document.type is not DocumentType.REPOST:
            raise Refused(f"“{id}”不是转载，时效性用 validity 查看")
        found = self._reposts().held(document)
        if found is None:
            raise NotFound(
                f"转载“{document.title}”的权威来源不在已拉取的清单中；"
                "请核对来源网址和文号，并运行 policylib sources pull 清单地址"
            )
        holding, entry = found
        return holding.view(id, entry, on or self._today(), self._clock())

    def repost_notice(self, id: str) -> str | None:
        """Why what a repost shows may not be what holds (转载提示), in Chinese; ``None``: nothing.

        Its source was not pulled, or the manifest is old. ``None`` also for what is no repost.

        Raises:
            NotFound: there is no such document.

        """
        return self._reposts().notice(self._store().document(id))

    def repost_views(self, *, on: date | None = None) -> tuple[RepostView, ...]:
        """All released reposts whose source was pulled, as :meth:`repost_view`."""
        from policylib.model.vocabulary import DocumentType, Stage

        reposts, day, now = self._reposts(), on or self._today(), self._clock()
        found = []
        for document in self._store().list(Stage.RELEASED, DocumentType.REPOST):
            source = reposts.held(document)
            if source is not None:
                found.append(source[0].view(document.id, source[1], day, now))
        return tuple(found)

    # -- reposts hold no body -----------------------------------------------------------------

    def owned_elsewhere(self, document: Header, body: str) -> Authority | None:
        """The authority that owns the text of a document (正文归属), when it is not this library.

        By what was pulled: same 文号, same title and organ, the same text or nearly; else by the
        registry. ``None`` also for a repost, whose note is short.
        """
        found = self._owning().of(document, body)
        return found.authority if found else None

    def refuse_owned(self, document: Header, body: str) -> None:
        """Refuse the body of a document that another organ owns, and say how to repost it.

        Raises:
            Refused: another organ owns it.

        """
        self._owning().refuse(document, body)

    def as_repost(self, file: DocumentFile) -> DocumentFile:
        """A document file with another organ's body as a repost of it (转为转载): no body, a link.

        Raises:
            Refused: nobody else is known to own it, or where its authority has it is not known.

        """
        return self._owning().as_repost(file.header, file.body)

    def repost_file(self, target: str) -> DocumentFile:
        """A repost of a document that was pulled, as a document file (转载文件).

        ``target`` is its 文号, title, id or address.

        Raises:
            NotFound: it is in no manifest that was pulled; Refused: several fit, or no address.

        """
        return self._owning().repost_file(target)

    def repost(self, target: str, *, by: str) -> str:
        """Enter a repost of a pulled document as a draft (新建转载); returns its id.

        Raises:
            NotFound, Refused: as :meth:`repost_file`, or the library has it already.

        """
        from policylib.library.importing import import_documents
        from policylib.model.vocabulary import Stage

        file = self.repost_file(target)
        id = file.header.id or ""
        if self._store().documents([id]):
            raise Refused(f"库中已有转载“{id}”")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "转载.md"
            path.write_bytes(file.to_bytes())
            done = import_documents(
                self._store(), [path], stage=Stage.DRAFTED, by=who(by), at=self._clock
            )
        if done.refused:
            raise Refused(*(each.reason for each in done.refused))
        self._refresh()
        return id
