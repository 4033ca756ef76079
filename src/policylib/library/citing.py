"""Citations that an amendment has left behind (引用变动): who cites which provision, and what it is now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from policylib.library.lineage import carried
from policylib.library.proposing import Proposing, is_named
from policylib.model.document import Document, Edition
from policylib.model.vocabulary import ENDED, RelationKind, Validity
from policylib.reading.carrying import citations
from policylib.reading.source import Source
from policylib.reading.values import Citation
from policylib.text.locator import Locator
from policylib.text.moving import Whereabouts, moved, whereabouts
from policylib.text.span import Span

__all__ = ["Citing", "LeftBehind", "text_on"]

_TEXT = 200_000  # characters of a text that are read for citations


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A citation that was right when it was written (待核对的引用): where it stands, what has changed.

    ``span`` and ``quote`` are in the newest text of ``document``; ``changes`` says what became of
    the provisions cited.
    """

    document: Document
    span: Span
    quote: str
    changes: tuple[Whereabouts, ...]

    @property
    def said(self) -> str:
        """What to tell the officer."""
        return "；".join(map(str, self.changes))


@dataclass(frozen=True, slots=True)
class Citing:
    """Looks for citations of one document in the texts of others; nothing is changed.

    ``naming`` gives ids of documents with certain words in title or text, ``validity`` what a
    document is today. With ``public_on`` only the texts that the public has on that day are read,
    and only documents that it may see can be meant.
    """

    proposing: Proposing
    naming: Callable[[str], Iterable[str]]
    validity: Callable[[Document], Validity]
    public_on: date | None = None
    _texts: dict[str, Edition | None] = field(default_factory=dict)
    _read: dict[str, tuple[Citation, ...]] = field(default_factory=dict)

    def cited_by(self, target: Document) -> Iterator[tuple[Document, tuple[Citation, ...]]]:
        """The documents in force that name another one, with the places where they do."""
        for document, _, cited in self._naming(target, ()):
            found = tuple(self._of(target, document, cited))
            if found:
                yield document, found

    def left_behind(self, target: Document, texts: Sequence[Edition]) -> tuple[LeftBehind, ...]:
        """The citations of provisions that the newest of ``texts`` has elsewhere or in other words.

        Documents that amend the target are passed over: they name places in the text they found.
        """
        if len(texts) < 2:
            return ()
        relations = self.proposing.store.relations_to(target.id)
        amending = {each.subject_id for each in relations if each.kind is RelationKind.AMENDS}
        gone: dict[int, dict[Locator, Whereabouts]] = {}
        found = []
        for document, edition, cited in self._naming(target, amending):
            written = edition.effective_on or document.written_on or document.starts_on
            then = text_on(texts, written) if written else texts[-1]
            if then is texts[-1]:
                continue
            if then.number not in gone:
                gone[then.number] = whereabouts(then.body, texts[-1].body)
            for each in self._of(target, document, [each for each in cited if each.place]):
                changes = tuple(moved(each.place or "", gone[then.number]))
                if changes:
                    found.append(LeftBehind(document, each.span, each.quote, changes))
        return tuple(found)

    # -- inside ----------------------------------------------------------------------------

    def _naming(
        self, target: Document, without: Collection[str]
    ) -> Iterator[tuple[Document, Edition, tuple[Citation, ...]]]:
        """The documents in force whose texts have the target's title or number, and where."""
        store = self.proposing.store
        words = filter(None, (carried(target.title, target.issuers), target.doc_number))
        ids = dict.fromkeys(id for each in words for id in self.naming(each))
        others = store.documents(id for id in ids if id != target.id and id not in without)
        for document in others.values():
            edition = self._edition(document.id)
            if edition is None or self.validity(document) in ENDED:
                continue
            meant = tuple(each for each in self._citations(edition) if _may_mean(target, each))
            if meant:
                yield document, edition, meant

    def _edition(self, id: str) -> Edition | None:
        if id not in self._texts:
            self._texts[id] = self.proposing.store.edition(id, self.public_on)
        return self._texts[id]

    def _citations(self, edition: Edition) -> tuple[Citation, ...]:
        id = edition.document_id
        if id not in self._read:
            found = citations(Source(edition.body[:_TEXT]))
            self._read[id] = tuple(each for each in found if not each.own)
        return self._read[id]

    def _of(
        self, target: Document, document: Document, cited: Iterable[Citation]
    ) -> Iterator[Citation]:
        """Those citations that mean ``target`` and nothing else."""
        known: dict[tuple[str | None, str], bool] = {}
        for each in cited:
            key = each.title, str(each.doc_number or "")
            if key not in known:
                meant, _ = self.proposing.candidates(document, each.title, each.doc_number)
                known[key] = self._seen(meant) == [target.id]
            if known[key]:
                yield each

    def _seen(self, ids: tuple[str, ...]) -> list[str]:
        if self.public_on is None:
            return list(ids)
        found = self.proposing.store.documents(ids)
        return [id for id, each in found.items() if each.is_public]


def _may_mean(target: Document, cited: Citation) -> bool:
    """Whether a citation has the number or the title of a document; others may have it too."""
    if cited.doc_number and target.number_key:
        return cited.doc_number.key == target.number_key
    return cited.title is not None and is_named(target, cited.title)


def text_on(texts: Sequence[Edition], day: date) -> Edition:
    """The text that held on a day, before the first one's day the first one."""
    held = [each for each in texts if (each.effective_on or date.min) <= day]
    return held[-1] if held else texts[0]
