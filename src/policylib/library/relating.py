"""Associated documents (关联检索): what goes with a document, as a list and as a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from policylib.errors import ParseError
from policylib.library.core import Core

if TYPE_CHECKING:
    from policylib.library.citing import Citing
    from policylib.library.neighbours import Neighbours
    from policylib.library.ties import Related, Row
    from policylib.model.document import Document
    from policylib.reports.graph import Graph

__all__ = ["Relating"]

_MOST = 100  # similar documents
_DEEPEST = 3  # relations away


class Relating(Core):
    """What goes with a document."""

    if TYPE_CHECKING:

        def public_document(self, id: str) -> Document: ...  # noqa: D102
        def _citing(self, day: date, *, staff: bool = True) -> Citing: ...

    def related(
        self,
        id: str,
        *,
        on: date | None = None,
        limit: int = 10,
        citing: bool = False,
        staff: bool = False,
    ) -> Related:
        """All that goes with a document (关联文件), each with its reason and day.

        Relations of all kinds in both directions, feedback on its consultations, its series
        (同一系列) in order of days, the provisions that its text cites, and the ``limit`` documents
        most like it. What a document names and the library does not have is listed as 未入库. The
        validity is that on the day ``on``. ``citing`` reads the texts of others too, for those in
        force that cite this one (被引用), with the provisions. Without ``staff`` only what the
        public may see.

        Raises:
            NotFound: there is no such document, or the public may not see it.
            ParseError: the limit is out of range.

        """
        if not 0 <= limit <= _MOST:
            raise ParseError(f"相似文件的件数应在 0 到 {_MOST} 之间")
        document = self._for_whom(id, staff=staff)
        found = self._neighbours(on, staff=staff).related(document, limit=limit)
        if not citing:
            return found
        from policylib.library.ties import merged

        rows = (*found.rows, *self._cited_by(document, found.on, staff=staff))
        return replace(found, rows=merged(rows))

    def graph(
        self, id: str, *, depth: int = 1, on: date | None = None, staff: bool = False
    ) -> Graph:
        """The relations around a document as a graph (关系图), ``depth`` relations away.

        ``to_svg()`` draws it. Without ``staff`` only what the public may see.

        Raises:
            NotFound: there is no such document, or the public may not see it.
            ParseError: the depth is not 1, 2 or 3.

        """
        from policylib.library.netting import net

        if not 1 <= depth <= _DEEPEST:
            raise ParseError(f"关系图的层数应在 1 到 {_DEEPEST} 之间")
        document = self._for_whom(id, staff=staff)
        return net(self._neighbours(on, staff=staff), document, depth=depth)

    # -- inside ----------------------------------------------------------------------------

    def _cited_by(self, document: Document, day: date, *, staff: bool) -> Iterator[Row]:
        """The documents whose texts cite this one."""
        from policylib.library.ties import CITED, Direction, Row

        citing = self._citing(day, staff=staff)
        for other, cited in citing.cited_by(document):
            if not (staff or other.is_public):
                continue
            part = "、".join(
                dict.fromkeys("".join(each.place.split()) for each in cited if each.place)
            )
            yield Row(
                document=other.id, title=other.title, doc_number=other.doc_number,
                direction=Direction.IN, kind=CITED, provision=part[:200] or None,
                reason=f"其正文引用本文件{part[:200]}", validity=str(citing.validity(other)),
                on=day, since=other.released_on or other.starts_on,
            )  # fmt: skip

    def _for_whom(self, id: str, *, staff: bool) -> Document:
        return self._store().document(id) if staff else self.public_document(id)

    def _neighbours(self, on: date | None, *, staff: bool) -> Neighbours:
        from policylib.library.asking import Index
        from policylib.library.neighbours import Neighbours
        from policylib.workflow.validity import validity

        day = on or self._today()

        def now(document: Document) -> str:
            return str(validity(self._office().steps(document), day))

        return Neighbours(self._store(), Index(self._index()), day, staff, now)
