"""The search index (检索引擎): writing entries, and answering from the last commit."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from policylib.errors import BackendError, ParseError
from policylib.model.vocabulary import Validity
from policylib.search.analysis import Analyser, fold
from policylib.search.answering import MOST_RANKED, Answering
from policylib.search.ask import read
from policylib.search.entry import Entry, validity_on
from policylib.search.part import Part, parts_of, place_of
from policylib.search.query import FACETS, SORTS, Query, Results
from policylib.search.ranking import Weights, lexicon_of, named, score, standing
from policylib.search.rows import COLUMNS, FIELDS, HIDDEN, STAMP, Stamp, read_facts, row_of
from policylib.search.segmenter import Segmenter
from policylib.search.segments import Segments
from policylib.search.similar import LEAST_LIKE, Alike, Likeness, features, holding

__all__ = ["Engine"]

#: What reading damaged files raises, besides what the files' own readers report.
_DAMAGE = (
    OSError, ValueError, KeyError, IndexError, EOFError, MemoryError, struct.error, zlib.error,
)  # fmt: skip
_ASIDE = 0.6  # what likeness counts that has nothing to do with a document's title


class Engine:
    """A search index in a private folder (检索索引).

    Safe for many readers and one writer at a time, in threads and processes; a reader sees the
    last commit. ``segmenter`` is called only when words have to be cut.
    """

    def __init__(
        self, folder: Path, segmenter: Callable[[], Segmenter], *, weights: Weights | None = None
    ) -> None:
        self._segments = Segments(folder)
        self._segmenter = segmenter
        self._analyser: Analyser | None = None
        self._weights = weights or Weights()
        self._answering = Answering(self._weights)

    @classmethod
    def create(cls, folder: Path, segmenter: Callable[[], Segmenter]) -> Engine:
        """An empty index in ``folder``, which is made private (0700)."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        hidden = (HIDDEN + name for name in FIELDS)
        Segments.create(folder, terms=(*FIELDS, *hidden), columns_=COLUMNS)
        return cls(folder, segmenter)

    # -- writing ---------------------------------------------------------------------------

    def update(
        self,
        entries: Iterable[Entry],
        *,
        gone: Iterable[str] = (),
        stamp: Stamp,
        timeout: float,
        settle: bool = False,
    ) -> bool:
        """Add or replace ``entries`` and drop ``gone``; ``False`` when another writer is busy.

        ``stamp`` becomes the index's :meth:`stamp`. ``settle`` after much was written, or at
        night: there is time then to join large segments.
        """
        transaction = self._segments.writer(timeout=timeout)
        if transaction is None:
            return False
        try:
            for entry in entries:
                transaction.put(row_of(entry, self.analyser()))
            for name in gone:
                transaction.delete(name)
            transaction.put(stamp.row())
        except BaseException:
            transaction.cancel()
            raise
        transaction.commit(settle=settle)
        return True

    def tidy(self) -> None:
        """Join segments of whatever size where there are many, unless a writer is busy."""
        transaction = self._segments.writer(timeout=0.0)
        if transaction is not None:
            transaction.tidy()

    def stamp(self) -> Stamp:
        """How far the index has come."""
        parts = parts_of(self._segments.read())
        place = place_of(parts, STAMP)
        if place is None:
            return Stamp()
        return Stamp.read(bytes(parts[place[0]].view.column("facts")[place[1]]))

    def analyser(self) -> Analyser:
        """The analysis, with its segmenter loaded."""
        if self._analyser is None:
            self._analyser = Analyser(self._segmenter())
        return self._analyser

    # -- reading ---------------------------------------------------------------------------

    def search(self, query: Query) -> Results:
        """Find documents; see :class:`~policylib.search.query.Query` for what may be asked.

        Raises:
            ParseError: an unknown facet or order, a page outside the limits, or too long a text.
            BackendError: the index is damaged; the caller rebuilds it.

        """
        _validate(query)
        with _damage():
            return self._search(query)

    def similar(
        self,
        id: str,
        *,
        on: date,
        limit: int = 10,
        staff: bool = False,
        validity: Collection[str] = (),
        without: Collection[str] = (),
    ) -> tuple[Alike, ...]:
        """The documents most like the one called ``id`` (相似文件), best first, by its text here.

        ``validity`` filters by 时效性 on the day ``on``, ``without`` leaves documents out; what is
        not in force then comes a little later. Nothing when the index has no such document.

        Raises:
            BackendError: the index is damaged; the caller rebuilds it.

        """
        with _damage():
            parts = parts_of(self._segments.read(), staff=staff)
            place = place_of(parts, id)
            if place is None or limit < 1:
                return ()
            found = self._likeness(parts, place)
            kept: list[tuple[float, str, int, int]] = []
            for likeness, n, doc in found.ranked(place):
                if len(kept) >= limit and likeness <= kept[limit - 1][0]:
                    break  # none that follows can come before those
                entry = parts[n].header(doc)
                now = validity_on(entry.steps, on.isoformat())
                if entry.id not in without and (not validity or now in validity):
                    factor = 1.0 if found.on_subject(n, doc) else _ASIDE
                    if (weighed := likeness * factor * standing(now)) >= LEAST_LIKE:
                        kept.append((weighed, entry.id, n, doc))
                        kept.sort(key=lambda each: (-each[0], each[1]))
            return tuple(
                Alike(name, round(weighed, 4), found.shared(n, doc))
                for weighed, name, n, doc in kept[:limit]
            )

    def _likeness(self, parts: list[Part], place: tuple[int, int]) -> Likeness:
        source = parts[place[0]]
        body, _ = Entry.from_text(bytes(source.view.column("text")[place[1]]))
        chosen = features(parts, source.header(place[1]), body, self.analyser())
        return Likeness(parts, chosen)

    def titled(self, words: Collection[str], *, staff: bool = False) -> tuple[Entry, ...]:
        """The documents whose titles hold all of ``words`` to the letter (标题含有), without text.

        At most some hundred, the newest. Each word has two characters or more.

        Raises:
            BackendError: the index is damaged; the caller rebuilds it.

        """
        wanted = ["".join(fold(word).split()) for word in words]
        with _damage():
            parts = parts_of(self._segments.read(), staff=staff)
            entries = [parts[n].header(doc) for n, doc in holding(parts, wanted)]
        plain = [("".join(fold(entry.title).split()), entry) for entry in entries]
        return tuple(e for title, e in plain if all(word in title for word in wanted))

    def validity(self, ids: Iterable[str], on: date) -> dict[str, str]:
        """The 时效性 of documents on a day; those that the index does not have are left out.

        Raises:
            BackendError: the index is damaged; the caller rebuilds it.

        """
        with _damage():
            parts = parts_of(self._segments.read())
            places = [(id, place) for id in ids if (place := place_of(parts, id))]
            facts = (
                (id, read_facts(parts[n].view.column("facts")[doc])) for id, (n, doc) in places
            )
            return {id: validity_on(steps, on.isoformat()) for id, (_, steps) in facts}

    def _search(self, query: Query) -> Results:
        answering = self._answering
        parts = parts_of(self._segments.read(), staff=query.staff)
        for part in parts:
            part.allowed = answering.allowed(part, query)
        name = read(query.words, None)
        if name.exact and named(parts, name):
            return answering.answer(parts, query, name, None)
        notice = f"库中没有“{name.exact}”这一文号，以下按文字检索" if name.number else None
        ask = read(query.words, lexicon_of(parts)) if name.exact else name
        if name.exact and ask.is_empty:
            nothing: Mapping[str, Mapping[str, int]] = {facet: {} for facet in query.facets}
            return Results(0, (), nothing, "检索词中没有可检索的文字，请输入词语、文号或标题")
        if ask.is_empty:
            for part in parts:
                part.scores = dict.fromkeys(part.allowed, 0.0)
        else:
            score(parts, ask, self._weights)
        return answering.answer(parts, query, ask, notice)


@contextmanager
def _damage() -> Iterator[None]:
    """Say that the index is damaged whatever reading it raises."""
    try:
        yield
    except (BackendError, ParseError):
        raise
    except _DAMAGE as error:
        raise BackendError(f"检索索引已损坏（{type(error).__name__}）") from error


def _validate(query: Query) -> None:
    if unknown := set(query.facets) - set(FACETS):
        raise ParseError(f"不能按“{'、'.join(sorted(unknown))}”统计，可用：{'、'.join(FACETS)}")
    if unknown := set(query.validity) - set(Validity):
        raise ParseError(
            f"没有“{'、'.join(sorted(unknown))}”这种时效性，可用：{'、'.join(Validity)}"
        )
    if query.sort not in SORTS:
        raise ParseError(f"不能按“{query.sort}”排序，可用：{'、'.join(SORTS)}")
    if not 0 <= query.limit <= 1_000 or not 0 <= query.offset <= MOST_RANKED:
        raise ParseError(f"每页条数应在 0 到 1000 之间，起始位置应在 0 到 {MOST_RANKED} 之间")
