"""What a subscriber holds of others (订阅内容), and who owns the text of a document (正文归属)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from policylib.errors import ParseError
from policylib.model.document import Document, Header, number_key
from policylib.model.relation import Declaration, Relation
from policylib.model.vocabulary import DocumentType, RelationKind, Validity
from policylib.pages.normal import normal_form, text_digest
from policylib.pages.source import title_form
from policylib.samesource.manifest import Entry, Turn, bucket
from policylib.samesource.sketching import resemblance, sketch
from policylib.samesource.subscribing import STALE, State, load_state, read_entries

__all__ = ["ALIKE", "REPOST_ID", "Holding", "Holdings", "Match", "RepostView", "address_key"]

_LEAST = 100  # characters of the normal form, below which likeness says nothing
#: Before the id of the source in that of a repost.
REPOST_ID = "转载-"
#: From which resemblance on two texts are one text with slips.
ALIKE = 0.9
_SMALLEST = 12
_BUDGET = 20_000  # documents looked at for one text, rare hashes first
_CANDIDATES = 30


@dataclass(frozen=True, slots=True)
class Match:
    """A document of another authority (权威文件), and by what it was known: 文号, 标题, 正文, 地址."""

    authority: str
    entry: Entry
    ground: str
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class RepostView:
    """What a repost shows of its source on a day (转载所示): all of it is the authority's.

    ``as_of`` is when the authority made the manifest, ``pulled_at`` when it was pulled; ``notice`` says
    that both are long ago.
    """

    id: str
    authority: str
    source_id: str
    title: str
    doc_number: str | None
    issuers: tuple[str, ...]
    written_on: date | None
    released_on: date | None
    effective_on: date | None
    expires_on: date | None
    address: str | None
    on: date
    validity: Validity
    reason: str
    since: date | None
    coming: Turn | None
    withdrawn: bool
    version: int
    as_of: datetime
    pulled_at: datetime
    notice: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The view as JSON."""
        found = {name: getattr(self, name) for name in self.__slots__}
        for name, value in found.items():
            if isinstance(value, (date, datetime)):
                found[name] = value.isoformat()
        found["issuers"] = list(self.issuers)
        found["validity"] = str(self.validity)
        found["coming"] = self.coming.model_dump(mode="json") if self.coming else None
        return found


class Holding:
    """The last good manifest of one authority (一份订阅)."""

    def __init__(self, folder: Path, state: State) -> None:
        self._folder = folder
        self.state = state
        self._root = state.parsed()
        self._entries: dict[str, Entry] | None = None
        self._numbers: dict[str, list[str]] = {}
        self._titles: dict[str, list[str]] = {}
        self._digests: dict[str, str] = {}
        self._hashes: dict[int, list[str]] = {}
        self._addresses: dict[str, str] = {}

    @property
    def authority(self) -> str:
        """Whose manifest it is."""
        return self.state.authority

    def stale(self, now: datetime) -> str | None:
        """Why the manifest may be out of date (清单过期), in Chinese; ``None``: it is fresh."""
        days = (now - min(self._root.made_at, self.state.pulled_at)).days  # clocks may be ahead
        if timedelta(days=days) <= STALE:
            return None
        return (
            f"“{self.authority}”的清单已有{days}天没有更新，所示内容可能不是最新；"
            f"请运行 policylib sources pull，仍不更新的，请与该机关联系"
        )

    def entry(self, id: str) -> Entry | None:
        """The document of that id; reads one segment."""
        if self._entries is not None:
            return self._entries.get(id)
        found = read_entries(self._folder, self.state, [bucket(id, self._root.bits)])
        return next((entry for entry in found if entry.id == id), None)

    def entries(self) -> Iterator[Entry]:
        """All documents, by id."""
        return iter(self._all().values())

    def by_number(self, key: str) -> list[Entry]:
        """The documents with a 发文字号, by its key; 政策文件 first."""
        every = self._all()
        found = [every[id] for id in self._numbers.get(key, ())]
        return sorted(found, key=lambda entry: entry.type is not DocumentType.POLICY)

    def by_title(self, title: str) -> list[Entry]:
        """The documents with a title, marks aside; 政策文件 first."""
        every = self._all()
        found = [every[id] for id in self._titles.get(title_form(title), ())]
        return sorted(found, key=lambda entry: entry.type is not DocumentType.POLICY)

    def by_address(self, address: str) -> Entry | None:
        """The document whose canonical address that is."""
        every = self._all()
        id = self._addresses.get(address_key(address))
        return every[id] if id is not None else None

    def by_text(self, body: str) -> tuple[Entry, float] | None:
        """The document of which ``body`` is a copy, or nearly one, and how alike they are."""
        every = self._all()
        if len(normal_form(body)) < _LEAST:
            return None
        same = self._digests.get(text_digest(body))
        if same is not None:
            return every[same], 1.0
        mine = sketch(body)
        best = max(
            (
                (resemblance(mine, text.sketch), id)
                for id in self._near(mine)
                for text in every[id].texts
            ),
            default=(0.0, ""),
        )
        return (every[best[1]], best[0]) if best[0] >= ALIKE else None

    def _near(self, mine: tuple[int, ...]) -> list[str]:
        """The documents with the most of the smallest hashes, within a budget."""
        lists = sorted((self._hashes.get(each, []) for each in mine[: 2 * _SMALLEST]), key=len)
        counts: Counter[str] = Counter()
        left = _BUDGET
        for ids in lists:
            counts.update(ids[:left])
            left = max(0, left - len(ids))
        return [id for id, _ in counts.most_common(_CANDIDATES)]

    def view(self, id: str, entry: Entry, on: date, now: datetime) -> RepostView:
        """How a repost ``id`` shows an entry on a day."""
        turn = entry.turn(on)
        coming = next((each for each in entry.turns if each.on and each.on > on), None)
        withdrawn = entry.withdrawn is not None and entry.withdrawn.on <= on
        return RepostView(
            id, self.authority, entry.id, entry.title, entry.doc_number, entry.issuers,
            entry.written_on, entry.released_on, entry.effective_on, entry.expires_on,
            entry.address, on, turn.validity, turn.reason, turn.on,
            None if withdrawn else coming, withdrawn,
            self.state.version, self._root.made_at, self.state.pulled_at, self.stale(now),
        )  # fmt: skip

    def _all(self) -> dict[str, Entry]:
        if self._entries is None:
            entries = read_entries(self._folder, self.state)
            for entry in entries:
                if entry.number_key:
                    self._numbers.setdefault(entry.number_key, []).append(entry.id)
                self._titles.setdefault(title_form(entry.title), []).append(entry.id)
                if entry.address:
                    self._addresses.setdefault(address_key(entry.address), entry.id)
                for text in entry.texts:
                    self._digests.setdefault(text.digest, entry.id)
                    for each in text.sketch[:_SMALLEST]:
                        self._hashes.setdefault(each, []).append(entry.id)
            self._entries = {entry.id: entry for entry in entries}
        return self._entries


class Holdings:
    """All manifests a library has pulled (全部订阅)."""

    def __init__(
        self, holdings: Iterable[Holding], answers: Callable[[str, Entry], bool] | None = None
    ) -> None:
        self._all = tuple(holdings)
        self._answers = answers or (lambda _authority, _entry: True)

    @classmethod
    def load(cls, folder: Path, answers: Callable[[str, Entry], bool] | None = None) -> Holdings:
        """Those below a folder; each subscription has one of its own.

        ``answers`` says whether a manifest may speak for a document; others are passed over.
        """
        if not folder.is_dir():
            return cls(())
        found = [(sub, load_state(sub)) for sub in sorted(folder.iterdir()) if sub.is_dir()]
        held = [Holding(sub, state) for sub, state in found if state is not None]
        return cls(held, answers)

    def __iter__(self) -> Iterator[Holding]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def find(self, target: str) -> tuple[Match, ...]:
        """What an id, a 发文字号, a title or an address means; 政策文件 first."""
        word = target.strip()
        found: dict[tuple[str, str], Match] = {}

        def keep(holding: Holding, entry: Entry, ground: str) -> None:
            if self._answers(holding.authority, entry):
                match = Match(holding.authority, entry, ground)
                found.setdefault((holding.authority, entry.id), match)

        key = _key(word)
        for holding in self._all:
            if entry := holding.entry(word):
                keep(holding, entry, "标识")
            if "://" in word and (at := holding.by_address(word)):
                keep(holding, at, "地址")
            for entry in holding.by_number(key) if key else ():
                keep(holding, entry, "文号")
            for entry in holding.by_title(word):
                keep(holding, entry, "标题")
        return tuple(found.values())

    def source_of(
        self, document: Document, relations: Iterable[Relation | Declaration] = ()
    ) -> tuple[Holding, Entry] | None:
        """What a repost goes back to: by its address, its relation 转载, its 发文字号."""
        if (found := self._named_after(document)) is not None:
            return found
        targets = [document.source_url] if document.source_url else []
        targets += [each.target for each in relations if each.kind is RelationKind.REPOSTS]
        if document.doc_number:
            targets.append(document.doc_number)
        for target in targets:
            for match in self.find(target):
                holding = next(each for each in self._all if each.authority == match.authority)
                return holding, match.entry
        return None

    def _named_after(self, document: Document) -> tuple[Holding, Entry] | None:
        """The source that a repost's id and address both name: one segment is read for it."""
        id = document.id.removeprefix(REPOST_ID)
        if id == document.id or not document.source_url:
            return None
        for holding in self._all:
            entry = holding.entry(id)
            same = entry and address_key(entry.address or "") == address_key(document.source_url)
            if entry and same and self._answers(holding.authority, entry):
                return holding, entry
        return None

    def copied(self, document: Header, body: str, own: Iterable[str] = ()) -> Match | None:
        """The document of another organ whose text this is: same 文号, same title and organ, same text.

        Only 政策文件 are asked about; what explains a policy may carry its words. Manifests of ``own``
        are this library's.
        """
        for match in self._copied(document, body, set(own)):
            if self._answers(match.authority, match.entry):
                return match
        return None

    def _copied(self, document: Header, body: str, own: set[str]) -> Iterator[Match]:
        if document.type not in (DocumentType.POLICY, DocumentType.REPOST):
            return
        key = _key(document.doc_number or "")
        organs = {normal_form(name) for name in document.issuers}
        for holding in self._all:
            if holding.authority in own:
                continue
            for entry in holding.by_number(key) if key else ():
                if entry.type is DocumentType.POLICY:
                    yield Match(holding.authority, entry, "文号")
            for entry in holding.by_title(document.title):
                theirs = {normal_form(name) for name in entry.issuers}
                if key and entry.number_key and key != entry.number_key:
                    continue  # every year's notice has the same title
                if entry.type is DocumentType.POLICY and organs & theirs:
                    yield Match(holding.authority, entry, "标题和机关")
            if found := holding.by_text(body):
                yield Match(holding.authority, found[0], "正文", found[1])


def _key(text: str) -> str | None:
    try:
        return number_key(text) if any(char.isdigit() for char in text) else None
    except ParseError:
        return None


def address_key(address: str) -> str:
    """What two addresses of one place have in common: scheme, port, fragment, index.html aside.

    >>> address_key("http://A.example.cn:80/x/index.html#top") == address_key("https://a.example.cn/x")
    True
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return address.strip()
    path = re.sub(r"/(?:index|default)\.s?html?\Z", "", unquote(parts.path).rstrip("/"))
    return f"{host}{path}?{parts.query}"
