"""A library as the source of pages and manifests (权威文件目录): entries, and which document a page has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from policylib.errors import NotFound, ParseError
from policylib.library.dossier import Dossier
from policylib.model.authority import Authorities, Authority
from policylib.model.document import Document, Edition, Header, number_key
from policylib.model.organ import AuthorityFile
from policylib.model.ruleset import RuleSet
from policylib.model.vocabulary import Act, Disclosure, DocumentType, Stage
from policylib.pages.likeness import LikenessIndex
from policylib.pages.normal import normal_form, text_digest
from policylib.pages.page import Page
from policylib.pages.parts import parts
from policylib.pages.source import Source, title_form
from policylib.samesource.holdings import Holdings, Match, address_key
from policylib.samesource.judging import Found
from policylib.samesource.manifest import Entry, Link, Text, Turn, Withdrawn
from policylib.samesource.sketching import sketch
from policylib.store.sql import SqlStore

__all__ = ["Catalogue", "entries", "header_of"]

_HEADER = {
    "id", "type", "title", "doc_number", "index_number", "issuers", "kind", "form", "category",
    "themes", "written_on", "released_on", "effective_on",
}  # fmt: skip
_LEAST = 100
_ALIKE = 0.5


def entries(
    store: SqlStore, registry: Authorities, ruleset: RuleSet, *, on: date
) -> Iterator[Entry]:
    """What a library publishes of itself (发布范围): public documents that it owns, as on a day.

    Reposts are somebody else's; drafts and closed papers never leave. Of a withdrawn document only
    title and statement are told.
    """
    organs = AuthorityFile(store.organs())
    claims = any(registry.is_own(each) and each.covers for each in registry)
    for document in store.iter_documents():
        if document.type is DocumentType.REPOST:
            continue
        owner = registry.owner(document, on=on, organs=organs)
        if (owner is None and claims) or (owner is not None and not registry.is_own(owner)):
            continue
        if document.stage is Stage.WITHDRAWN:
            yield from _withdrawn(store, document)
        elif document.is_public:
            yield from _entry(store, document, owner or _own(registry, on), ruleset, on)


def _own(registry: Authorities, on: date) -> Authority | None:
    return registry.named(registry.own[0], on) if registry.own else None


def _entry(
    store: SqlStore, document: Document, owner: Authority | None, ruleset: RuleSet, on: date
) -> Iterator[Entry]:
    try:
        told = Dossier.of(store, document.id, on=on, ruleset=ruleset).public()
    except NotFound:  # changed meanwhile
        return
    fields: dict[str, Any] = told.document.model_dump(include=_HEADER)
    address = owner.address_of(document) if owner else document.source_url
    first = min((edition.number for edition in told.editions), default=0)
    yield Entry(
        **fields,
        expires_on=document.last_day,
        address=address,
        turns=tuple(
            Turn(on=s.start, validity=s.validity, reason=s.reason, made_by=s.made_by, rule=s.rule)
            for s in told.steps
        ),
        texts=tuple(
            Text(
                since=None if edition.number == first else edition.effective_on,
                digest=text_digest(edition.body),
                length=len(normal_form(edition.body)),
                sketch=sketch(edition.body),
                parts=parts(edition.body, (document.title, document.doc_number)),
            )
            for edition in _in_order(told.editions)
        ),
        relations=tuple(
            Link(
                id=relation.object_id,
                **relation.model_dump(
                    include={"kind", "target", "provision", "effective_on", "expires_on",
                             "unless_by", "reason"}
                ),
            )
            for relation in told.relations
            if relation.subject_id == document.id
        ),
    )  # fmt: skip


def _withdrawn(store: SqlStore, document: Document) -> Iterator[Entry]:
    """The tombstone of a document that the public could see before."""
    if document.disclosure not in (None, Disclosure.PROACTIVE):
        return
    events = [event for event in store.events(document.id) if event.act is Act.WITHDRAW]
    if events:
        last = events[-1]
        said = Withdrawn(on=last.at.date(), text=last.note or "")
        fields = document.model_dump(include={"id", "type", "title", "doc_number", "issuers"})
        yield Entry(**fields, withdrawn=said)


def _in_order(editions: Iterable[Edition]) -> list[Edition]:
    return sorted(editions, key=lambda e: (e.effective_on or date.min, e.number))


def header_of(entry: Entry) -> Header:
    """An entry as a header, for the registry and for comparing."""
    fields = entry.model_dump(include=_HEADER - {"id"}) | {"expires_on": entry.expires_on}
    return Header.model_validate(fields | {"source_url": entry.address})


@dataclass(slots=True)
class _Index:
    """The public documents of a library by what a page may show of them."""

    numbers: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[str, list[str]] = field(default_factory=dict)
    addresses: dict[str, list[str]] = field(default_factory=dict)


class Catalogue:
    """Finds the document that a page goes back to (页面对应的文件), in a library and what it holds."""

    def __init__(
        self,
        store: SqlStore,
        registry: Authorities,
        holdings: Holdings,
        ruleset: RuleSet,
        *,
        on: date,
        link_only: bool = False,
    ) -> None:
        self._store, self._registry, self._ruleset = store, registry, ruleset
        self._holdings, self._on, self._link_only = holdings, on, link_only
        self._organs = AuthorityFile(store.organs())
        self._index = _Index()
        self._documents: dict[str, Document] = {}
        self._likeness: LikenessIndex | None = None
        self._found: dict[str, Found] = {}
        for document in store.iter_documents():
            if document.is_public and document.type is not DocumentType.REPOST:
                self._take_in(document)

    def __call__(self, page: Page) -> Found | None:
        """The source of a page, by 文号, address and title, else by its text; ``None``: unknown."""
        scores = self._scores(page)
        if scores:
            best = max(scores, key=lambda id: (sum(scores[id].values()), self._rank(id), id))
            return self._source(best, max(scores[best], key=lambda ground: scores[best][ground]))
        return self._held(page) or self._by_text(page)

    # -- in the library ---------------------------------------------------------------------

    def _take_in(self, document: Document) -> None:
        self._documents[document.id] = document
        if document.number_key:
            self._index.numbers.setdefault(document.number_key, []).append(document.id)
        self._index.titles.setdefault(title_form(document.title), []).append(document.id)
        address = self._address(document)
        if address:
            self._index.addresses.setdefault(address_key(address), []).append(document.id)

    def _address(self, document: Document) -> str | None:
        owner = self._registry.owner(document, on=self._on, organs=self._organs)
        return owner.address_of(document) if owner else document.source_url

    def _rank(self, id: str) -> int:
        return int(self._documents[id].type is DocumentType.POLICY)

    def _scores(self, page: Page) -> dict[str, dict[str, int]]:
        """Candidates with what speaks for each: 文号 3, address 3, title 2, issuer 1."""
        found: dict[str, dict[str, int]] = {}
        key = _number(page)
        for id in self._index.numbers.get(key, ()) if key else ():
            found.setdefault(id, {})["文号"] = 3
        for address in _addresses(page):
            for id in self._index.addresses.get(address_key(address), ()):
                found.setdefault(id, {})["地址"] = 3
        for id in self._index.titles.get(title_form(page.title), ()) if page.title else ():
            theirs = self._documents[id].number_key
            if id in found or not (key and theirs and key != theirs) or _same_year(key, theirs):
                found.setdefault(id, {})["标题"] = 2
        issuers = {normal_form(name) for name in page.header.issuers}
        for id, grounds in found.items():
            if issuers & {normal_form(name) for name in self._documents[id].issuers}:
                grounds["机关"] = 1
        return found

    def _by_text(self, page: Page) -> Found | None:
        """The document most like the page's text; the index is built when first needed."""
        if len(normal_form(page.body)) < _LEAST:
            return None
        if self._likeness is None:
            self._likeness = LikenessIndex()
            for batch in _batches(self._documents):
                for id, edition in self._store.editions_on(batch, self._on).items():
                    self._likeness.add(id, edition.body)
        like = self._likeness.find(page.body, self._body, least=_ALIKE, limit=3)
        for each in like:
            if max(each.jaccard, each.containing) >= _ALIKE:
                return self._source(each.document, "正文")
        return None

    def _body(self, id: str) -> str | None:
        found = self._source(id, "正文")
        return found.source.body if found else None

    def _source(self, id: str, ground: str) -> Found | None:
        if id not in self._found:
            try:
                told = Dossier.of(self._store, id, on=self._on, ruleset=self._ruleset).public()
            except NotFound:
                return None
            texts = _in_order(told.editions)
            address = self._address(told.document)
            source = Source(
                told.document,
                told.validity,
                texts[-1].body if texts else None,
                (address,) if address else (),
                tuple(edition.body for edition in reversed(texts[:-1])),
                self._link_only,
            )
            if len(self._found) > 500:
                self._found.clear()
            self._found[id] = Found(id, source, ground)
        found = self._found[id]
        return Found(found.document, found.source, ground)

    # -- in what it holds of others -----------------------------------------------------------

    def _held(self, page: Page) -> Found | None:
        words = [page.header.doc_number, *_addresses(page), page.title]
        for word in words:
            for match in self._holdings.find(word) if word else ():
                return self._entry(match)
        for holding in self._holdings:
            if near := holding.by_text(page.body):
                return self._entry(Match(holding.authority, near[0], "正文", near[1]))
        return None

    def _entry(self, match: Match) -> Found:
        entry = match.entry
        source = Source(
            header_of(entry),
            entry.turn(self._on).validity,
            None,
            (entry.address,) if entry.address else (),
            (),
            self._link_only,
        )
        return Found(entry.id, source, match.ground, entry.texts, entry.text(self._on))


def _batches(ids: Iterable[str], size: int = 200) -> Iterator[list[str]]:
    left = iter(ids)
    while batch := list(islice(left, size)):
        yield batch


def _number(page: Page) -> str | None:
    try:
        return number_key(page.header.doc_number) if page.header.doc_number else None
    except ParseError:
        return None


def _same_year(one: str, other: str) -> bool:
    """Whether two keys may be one number written wrongly: a number of another year is another one."""
    years = [
        {key[n : n + 4] for n in range(len(key)) if key[n : n + 2] in ("19", "20")}
        for key in (one, other)
    ]
    return bool(years[0] & years[1])


def _addresses(page: Page) -> tuple[str, ...]:
    found = [page.url, page.header.source_url, page.source_link.href if page.source_link else None]
    return tuple(dict.fromkeys(each for each in found if each and "://" in each))
