"""One run of pushing (推送): subscribers one by one, what is new for each, told once and written once."""

from __future__ import annotations

import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from policylib import disk
from policylib.errors import ParseError
from policylib.library.batching import BatchSummary, Count
from policylib.library.messages import Told, message
from policylib.library.newsworks import NewsSource
from policylib.matching.answers import Verdict
from policylib.matching.occasions import Judged, Occasion, Occasions
from policylib.model.document import Document
from policylib.model.subscription import Ahead, NewsKind, PushRules, Subscription
from policylib.workflow.news import news
from policylib.workflow.outlook import News, Outlook
from policylib.workflow.renditions import Rendition, chosen

__all__ = ["PushSummary", "Pusher", "Subscriber", "tried", "write_lines"]

#: A place in the source, and what stands there.
Subscriber = tuple[int, Subscription | ParseError]
#: Takes digests of messages, and gives back those that have not been told.
Fresh = Callable[[Sequence[bytes]], set[bytes]]

_TOLD = 20  # wrong lines that are told one by one
_STEP = 256
_SHOWN = 20
_DIGEST = 16
#: What a whole document is told of by tags; the rest is told of its measures.
_OWN = frozenset({NewsKind.NEW, NewsKind.CHANGED, NewsKind.LAPSES, NewsKind.ENDED})


@dataclass(slots=True)
class PushSummary:
    """What a run came to (推送结果): counts, what was wrong by line, and where the output is.

    ``repeated`` messages had been told before. ``finished`` outputs of a run that broke off got
    their name now. ``shown`` are the first lines of a run that only tried.
    """

    since: date
    on: date
    subscribers: int = 0
    refused: int = 0
    reached: int = 0
    messages: int = 0
    repeated: int = 0
    finished: int = 0
    kinds: Counter[NewsKind] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    out: Path | None = None
    shown: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, line: int, error: ParseError) -> None:
        """Count a line that is wrong; its number is told, nothing of what stands there."""
        self.refused += 1
        if self.refused <= _TOLD:
            self.faults.append(f"第{line}行没有推送：{error}")
        elif self.refused == _TOLD + 1:
            self.faults.append("还有别的行没有推送，这里不再列出")

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "since": self.since.isoformat(),
            "on": self.on.isoformat(),
            "subscribers": self.subscribers,
            "refused": self.refused,
            "reached": self.reached,
            "messages": self.messages,
            "repeated": self.repeated,
            "finished": self.finished,
            "kinds": {kind.value: self.kinds[kind] for kind in NewsKind if self.kinds[kind]},
            "answers": dict(sorted(self.answers.items())),
            "faults": self.faults,
            "out": str(self.out) if self.out else None,
            **({"shown": self.shown} if self.shown else {}),
        }


@dataclass(frozen=True, slots=True)
class _Round:
    """The news for those who want to hear so many days ahead, ready for profiles."""

    news: tuple[News, ...]
    keys: tuple[str, ...]
    occasions: Occasions
    judged: tuple[int, ...]
    by_word: dict[str, tuple[int, ...]]


class Pusher:
    """What there is to tell in a time, and to whom; profiles are judged and forgotten."""

    def __init__(
        self, source: NewsSource, rules: PushRules, key: bytes, *, since: date, on: date
    ) -> None:
        self._source, self._rules = source, rules
        self._key = hmac.digest(key, b"policylib push", "sha256")
        self.since, self.on = since, on
        self._documents: dict[str, Document] = {}
        self._text_since: dict[str, date | None] = {}
        self._usual = rules.reach(Ahead())
        self._rounds = lru_cache(maxsize=2)(self._round)
        self._rendition = lru_cache(maxsize=100_000)(self._chosen)
        self._line = lru_cache(maxsize=100_000)(self._rendered)

    def counted(self, summary: PushSummary) -> BatchSummary:
        """What the journal keeps of a run: counts."""
        found = self._rounds(self._usual).news
        measures = {
            (each.document, each.measure.id): each.measure.title for each in found if each.measure
        }
        counts = [Count(*key, title) for key, title in sorted(measures.items())]
        return BatchSummary(summary.subscribers, summary.refused, counts)

    def lines(
        self,
        subscribers: Iterable[Subscriber],
        fresh: Fresh,
        summary: PushSummary,
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[str]:
        """A line of JSON for each subscriber who is told something."""
        for place, (line, found) in enumerate(subscribers, 1):
            if progress and place % _STEP == 0:
                progress(_STEP)
            if isinstance(found, ParseError):
                summary.refuse(line, found)
                continue
            try:
                said = list(self._messages(found, fresh, summary))
            except ParseError as error:
                summary.refuse(line, error)
                continue
            summary.subscribers += 1
            if said:
                summary.reached += 1
                name = json.dumps(found.id, ensure_ascii=False)
                yield f'{{"subscriber": {name}, "messages": [{", ".join(said)}]}}\n'

    # -- inside ---------------------------------------------------------------------------------

    def _told(self, subscription: Subscription, current: _Round) -> list[tuple[int, Judged | None]]:
        """What concerns a subscriber, by its place in the news; without a verdict: by a tag."""
        found: dict[tuple[int, int], Judged | None] = {}
        if (profile := subscription.profile) is not None:
            for one in current.occasions.judge(profile, on=self.on):
                if one.verdict is not Verdict.OPEN or subscription.undecided:
                    found[current.judged[one.at], one.member or 0] = one
        measured = {(current.news[at].document, current.news[at].kind) for at, _ in found}
        for word in subscription.tags:
            for at in current.by_word.get(word, ()):
                each = current.news[at]
                if profile is None if each.measure else (each.document, each.kind) not in measured:
                    found.setdefault((at, 0), None)
        wanted = subscription.kinds
        reach = self._rules.reach(subscription.ahead)
        return [
            (at, found[at, member])
            for at, member in sorted(found)
            if (not wanted or current.news[at].kind in wanted)
            and _is_near(current.news[at], reach, self.on)
        ]

    def _messages(
        self, subscription: Subscription, fresh: Fresh, summary: PushSummary
    ) -> Iterator[str]:
        reach = self._rules.reach(subscription.ahead)
        current = self._rounds(self._usual if _within(reach, self._usual) else _WIDEST)
        concerns = self._told(subscription, current)
        name = json.dumps(subscription.id)
        digests = [self._digest(name, current.keys[at], judged) for at, judged in concerns]
        new = fresh(digests) if digests else set()
        summary.repeated += len(digests) - len(new)
        for digest, (at, judged) in zip(digests, concerns, strict=True):
            if digest not in new:
                continue
            each = current.news[at]
            told = _told_of(judged)
            summary.messages += 1
            summary.kinds[each.kind] += 1
            summary.answers[told.answer] += 1
            rendition = self._rendition(each.document, subscription.audience)
            yield self._line(_Same(each), told, rendition)

    def _digest(self, subscriber: str, key: str, judged: Judged | None) -> bytes:
        said = f"{subscriber} {key}"
        if judged is not None and (judged.member or judged.day):
            said += f" {judged.member or ''} {judged.day or ''}"
        return blake2b(said.encode(), key=self._key, digest_size=_DIGEST).digest()

    def _round(self, ahead: Ahead) -> _Round:
        look = Outlook(self.since, self.on, ahead, self._rules.late, self._rules.seasons)
        found: list[News] = []
        for document, work in self._source.works(look):
            pieces = list(news(work, look))
            if not pieces:
                continue
            found += pieces
            self._documents[document.id] = document
            begun = [text.first for text in work.texts[1:] if text.first and text.first <= self.on]
            self._text_since[document.id] = max(begun, default=None)
        judged = [at for at, each in enumerate(found) if each.measure is not None]
        occasions = Occasions(
            self._source.index.matcher.vocabulary, [_occasion(found[at]) for at in judged]
        )
        by_word: dict[str, list[int]] = {}
        offering = {each.document for each in found if each.measure is not None}
        for at, each in enumerate(found):
            if _by_tag(each, offering):
                for word in each.words:
                    by_word.setdefault(word, []).append(at)
        words = {word: tuple(places) for word, places in by_word.items()}
        keys = tuple(json.dumps(each.key) for each in found)
        return _Round(tuple(found), keys, occasions, tuple(judged), words)

    def _chosen(self, id: str, audience: tuple[str, ...]) -> Rendition:
        document = self._documents[id]
        there = self._source.interpretations(id) if self._rules.forms(audience) else ()
        since = self._text_since[id]
        return chosen(
            (id, document.title), there, audience, self._rules, on=self.on, text_since=since
        )

    def _rendered(self, each: _Same, told: Told, rendition: Rendition) -> str:
        made = message(
            each.news,
            self._documents[each.news.document],
            told,
            rendition,
            self._source.index.matcher.vocabulary,
        )
        return json.dumps(made, ensure_ascii=False)


#: The news for whoever wants to hear earlier than usual; each then takes what is near enough.
_WIDEST = Ahead(opens=366, closes=366, lapses=366)


def _within(reach: Ahead, other: Ahead) -> bool:
    pairs = (
        (reach.opens, other.opens),
        (reach.closes, other.closes),
        (reach.lapses, other.lapses),
    )
    return all((one or 0) <= (most or 0) for one, most in pairs)


def _is_near(each: News, reach: Ahead, on: date) -> bool:
    """Whether news of what is to come is near enough for a subscriber."""
    if each.kind is NewsKind.OPENS:
        return (each.day - on).days <= (reach.opens or 0)
    if each.kind is NewsKind.CLOSES:
        return (each.day - on).days <= (reach.closes or 0)
    if each.kind is NewsKind.LAPSES:  # its day is the first without it
        return (each.day - on).days - 1 <= (reach.lapses or 0)
    return True


class _Same:
    """News compared by what it is the news of, so that its message is made once."""

    __slots__ = ("news",)

    def __init__(self, found: News) -> None:
        self.news = found

    def __hash__(self) -> int:
        return id(self.news)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.news is self.news


def _told_of(judged: Judged | None) -> Told:
    if judged is None:
        return _BY_TAG
    if judged.lost:
        return Told(Verdict.OPEN, (), judged.member, lost=True)
    return Told(judged.verdict, judged.missing(), judged.member, day=judged.day)


_BY_TAG = Told()


def _occasion(each: News) -> Occasion:
    assert each.measure is not None  # noqa: S101 - only such news is judged
    return Occasion(each.measure, each.judged_on, each.before, each.kind is NewsKind.FITS)


def _by_tag(each: News, offering: set[str]) -> bool:
    """Whether news is for those who subscribe by tag: each thing once, of document or measure."""
    if each.measure is None:
        return each.kind in _OWN or each.document not in offering
    return each.kind in {NewsKind.OPENS, NewsKind.CLOSES, NewsKind.SEASON}


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines to a new private file."""
    with disk.new_file(path) as file:
        file.writelines(line.encode("utf-8", "backslashreplace") for line in lines)


def tried(
    pusher: Pusher,
    subscribers: Iterable[Subscriber],
    unknown: Fresh,
    progress: Callable[[int], None] | None,
) -> PushSummary:
    """A run that writes nothing: its counts, and the first lines there would be."""
    summary = PushSummary(pusher.since, pusher.on)
    seen: set[bytes] = set()

    def fresh(digests: Sequence[bytes]) -> set[bytes]:
        found = unknown(digests) - seen
        seen.update(found)
        return found

    for line in pusher.lines(subscribers, fresh, summary, progress):
        if len(summary.shown) < _SHOWN:
            summary.shown.append(json.loads(line))
    return summary
