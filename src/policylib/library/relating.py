"""Associated documents (关联检索): what goes with a document, as a list and as a graph."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from policylib.errors import ParseError
from policylib.library.core import Core

if TYPE_CHECKING:
    from policylib.library.neighbours import Neighbours
    from policylib.library.ties import Related
    from policylib.model.document import Document
    from policylib.reports.graph import Graph

__all__ = ["Relating"]

_MOST = 100  # similar documents
_DEEPEST = 3  # relations away


class Relating(Core):
    """What goes with a document."""

    if TYPE_CHECKING:

        def public_document(self, id: str) -> Document: ...  # noqa: D102

    def related(
        self, id: str, *, on: date | None = None, limit: int = 10, staff: bool = False
    ) -> Related:
        """All that goes with a document (关联文件), each with its reason and day.

        Relations of all kinds in both directions, feedback on its consultations, its series
        (同一系列) in order of days, the provisions that its text cites, and the ``limit`` documents
        most like it. What a document names and the library does not have is listed as 未入库. The
        validity is that on the day ``on``. Without ``staff`` only what the public may see.

        Raises:
            NotFound: there is no such document, or the public may not see it.
            ParseError: the limit is out of range.

        """
        if not 0 <= limit <= _MOST:
            raise ParseError(f"相似文件的件数应在 0 到 {_MOST} 之间")
        document = self._for_whom(id, staff=staff)
        return self._neighbours(on, staff=staff).related(document, limit=limit)

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
