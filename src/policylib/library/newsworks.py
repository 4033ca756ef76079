"""Documents that there may be news of (政策动态的范围): found by their days, with their texts and ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from policylib.library.matchindex import MatchIndex
from policylib.library.offers import Listed, texts_of
from policylib.library.pointing import relations_to
from policylib.library.terms import Terms
from policylib.model.document import Document
from policylib.model.event import Event
from policylib.model.measure import Window
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import Act, DocumentType, RelationKind
from policylib.store.sql import SqlStore
from policylib.workflow.clock import windows
from policylib.workflow.due import Span
from policylib.workflow.outlook import Outlook, Text, Work
from policylib.workflow.validity import WITHOUT_EFFECT, steps

__all__ = ["NewsSource"]

_TOGETHER = 500
#: What puts a text, or its measures, into the library.
_ENTERS = (Act.RELEASE, Act.IMPORT, Act.AMEND, Act.MEASURE)
_TYPES = frozenset({DocumentType.POLICY, DocumentType.CONSULTATION})


@dataclass(slots=True)
class NewsSource:
    """Where news comes from: one state of a library.

    ``tagged`` finds the public documents with one of some tags.
    """

    store: SqlStore
    ruleset: RuleSet
    index: MatchIndex
    tagged: Callable[[Iterable[str], date], Iterable[str]]

    def works(self, look: Outlook) -> Iterator[tuple[Document, Work]]:
        """The public documents that there may be news of, each as it is over time."""
        ids = sorted(self._dated(look) | self._seasonal(look) | set(self.index.listed))
        terms = Terms.of(self.store, self.ruleset)
        for start in range(0, len(ids), _TOGETHER):
            chunk = ids[start : start + _TOGETHER]
            documents = {
                id: each
                for id, each in self.store.documents(chunk).items()
                if each.is_public and each.type in _TYPES
            }
            listed = {id: self._listed(id) for id in documents}
            rest = [id for id, each in listed.items() if each is None]
            listed |= self._plain({id: documents[id] for id in rest}, terms)
            entered = self._entered(documents, listed, look)
            for id, document in documents.items():
                found = listed[id]
                if found is not None:
                    yield document, _work(document, found, entered.get(id, {}))

    def interpretations(self, id: str) -> tuple[Document, ...]:
        """The public interpretations of a document."""
        pointing = relations_to(self.store, [id])[id]
        return tuple(
            document
            for relation, document in pointing
            if relation.kind is RelationKind.INTERPRETS and document.is_public
        )

    # -- inside ---------------------------------------------------------------------------------

    def _dated(self, look: Outlook) -> set[str]:
        """The documents with a day of their own, or of a relation, in the time asked about."""
        back = timedelta(days=look.late)
        ahead = timedelta(days=max(look.ahead.lapses or 0, look.ahead.closes or 0,
                                   look.ahead.opens or 0) + 1)  # fmt: skip
        first = look.since - min(back, look.since - date.min)
        last = look.on + min(ahead, date.max - look.on)
        span = Span(first, last)
        _, where = windows(self.ruleset, span, on=first)
        ids: set[str] = set()
        for name, near in (*where, ("edition", span), ("opens_on", span), ("closes_on", span)):
            ids.update(self.store.documents_dated({name: (near.first, near.last)}))
        return ids | set(self.store.objects_of(ids, WITHOUT_EFFECT))

    def _seasonal(self, look: Outlook) -> set[str]:
        now = [each for each in look.seasons if each.span(look.on) is not None]
        words = [word for each in now for word in (each.name, *each.words)]
        return set(self.tagged(dict.fromkeys(words), look.on)) if words else set()

    def _listed(self, id: str) -> Listed | None:
        return self.index.listed.get(id)

    def _plain(self, documents: Mapping[str, Document], terms: Terms) -> dict[str, Listed]:
        """Documents that offer nothing."""
        if not documents:
            return {}
        texts = self.store.offerings(documents)
        pointing = relations_to(self.store, documents, without=WITHOUT_EFFECT)
        return {
            id: Listed(
                id,
                document.title,
                texts_of(texts.get(id, ())),
                steps(document, pointing[id], default=terms.default(document)),
            )
            for id, document in documents.items()
        }

    def _entered(
        self,
        documents: Mapping[str, Document],
        listed: Mapping[str, Listed | None],
        look: Outlook,
    ) -> dict[str, dict[int, date]]:
        """When texts came into the library, of those whose day has just gone by."""
        first = look.since - min(timedelta(days=look.late), look.since - date.min)
        near = [
            id
            for id, found in listed.items()
            if found is not None
            and any(
                day is not None and first <= day <= look.since
                for day in (_public_since(documents[id]), *(each.span[0] for each in found.texts))
            )
        ]
        entered: dict[str, dict[int, date]] = {}
        for act in _ENTERS if near else ():
            for id, events in self.store.events_of(near, act).items():
                for each in events:
                    held = entered.setdefault(id, {})
                    number = _edition(each)
                    held[number] = max(held.get(number, date.min), each.at.date())
        return entered


def _edition(event: Event) -> int:
    """The text an event brought; 0 for a release, which is that of the first text."""
    number = event.detail.get("edition") if event.act is not Act.RELEASE else None
    return number if isinstance(number, int) else 0


def _public_since(document: Document) -> date | None:
    return document.released_on or document.written_on or document.effective_on


def _work(document: Document, listed: Listed, entered: Mapping[int, date]) -> Work:
    texts = []
    for place, each in enumerate(listed.texts):
        days = [entered.get(each.number), None if place else entered.get(0)]
        last = max((day for day in days if day), default=None)
        texts.append(Text(each.number, each.span[0], each.measures, last))
    asked = document.type is DocumentType.CONSULTATION and (document.opens_on or document.closes_on)
    return Work(
        document=document.id,
        title=document.title,
        released_on=_public_since(document),
        texts=tuple(texts),
        steps=listed.steps,
        words=frozenset(_words(document)),
        cut=listed.cut,
        window=_window(document) if asked else None,
    )


def _window(document: Document) -> Window | None:
    opens, closes = document.opens_on, document.closes_on
    if opens and closes and closes < opens:
        return None
    return Window(opens_on=opens, closes_on=closes)


def _words(document: Document) -> Iterator[str]:
    """The words a document may be subscribed to by: a theme also by its parts."""
    yield from document.tags
    yield from document.keywords
    yield from document.audience
    for theme in document.themes:
        yield theme
        yield from theme.split("\\")
