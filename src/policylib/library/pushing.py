"""Pushing (精准推送): each subscriber hears once of what is new, changed, near or over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policylib.errors import BackendError, ParseError
from policylib.library.core import who
from policylib.library.looking import Looking
from policylib.library.matching import Matching

if TYPE_CHECKING:
    from policylib.library.pushrun import Pusher, PushSummary, Subscriber
    from policylib.model.subscription import Subscription

__all__ = ["FOLDER", "Pushing"]

#: Beside the library: the ledger and, where no other folder is named, the outputs.
FOLDER, LEDGER, OUT = "push", "ledger.db", "out"
_SEASONAL = 1_000


class Pushing(Looking, Matching):
    """Telling subscribers what concerns them."""

    def push(
        self,
        subscribers: str | PathLike[str] | Iterable[Subscription | Mapping[str, Any]],
        *,
        by: str,
        since: date | None = None,
        on: date | None = None,
        to: str | PathLike[str] | None = None,
        purpose: str = "精准推送",
        rules: str | PathLike[str] | None = None,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> PushSummary:
        """What each subscriber has to hear, once (推送): for staff and timers.

        ``subscribers`` is a JSONL file, a subscription a line
        (:class:`~policylib.model.subscription.Subscription`), or an iterable of them. Told is what
        happened after ``since`` and up to ``on``, and what is near; by default since the last run,
        whose last day is looked at again. The output is a new private JSONL file in the folder
        ``to`` (by default beside the library), a line a subscriber. A message is told once in all
        runs, however a run ends; a ``dry_run`` writes nothing. ``rules`` is a file of one's own
        (:class:`~policylib.model.subscription.PushRules`). Profiles are judged and forgotten; a line
        that is wrong is left out and told by its number.

        The journal keeps the ``purpose``, who ran it, how many, and a keyed digest of the
        subscribers.

        Raises:
            NotFound: there is no such file.
            ParseError: the days, the rules or the file cannot be used.
            Refused: no purpose or name.
            Conflict: another run is going on.
            BackendError: the folder cannot be written to.

        """
        from policylib.files.subscriptions import load_push_rules
        from policylib.library.matchaudit import Audit, library_key
        from policylib.library.newsworks import NewsSource
        from policylib.library.pushrun import Pusher, PushSummary, tried, write_lines
        from policylib.samesource.folders import alone
        from policylib.store.outbox import Outbox

        day, name = on or self._today(), who(by)
        if since is not None and since > day:
            raise ParseError(f"起始日{since}晚于推送日{day}，请核对")
        said, index = load_push_rules(fspath(rules) if rules else None), self.match_index()
        audit = Audit.begin(self._store(), self._address, purpose=purpose, by=name)
        key, folder = library_key(self._address), self._address.beside / FOLDER
        stream = _stream(subscribers, audit.digest.update)

        def pusher(start: date) -> Pusher:
            source = NewsSource(self._store(), self._ruleset(), index, self._tagged)
            return Pusher(source, said, key, since=start, on=day)

        if dry_run:
            ledger = folder / LEDGER
            with Outbox.reading(ledger) as outbox:
                start = since or _since(outbox.last(day), day, said.first)
                return tried(pusher(start), stream, outbox.fresh, progress)
        with alone(folder, "推送"), Outbox(folder / LEDGER) as outbox:
            finished = outbox.settle()
            start = since or _since(outbox.last(day), day, said.first)
            summary = PushSummary(start, day, finished=finished)
            with outbox.run(_target(to, folder / OUT), since=start, on=day) as run:
                made = pusher(start)
                write_lines(run.part, made.lines(stream, run.fresh, summary, progress))
                audit.enter(made.counted(summary), on=day, at=self._clock(), with_ids=True)
                summary.out = run.goal
        return summary

    def _tagged(self, words: Iterable[str], on: date) -> Iterator[str]:
        """The public documents with one of some tags that are in force on a day."""
        found = self.search(
            "", on=on, tags=tuple(words), validity=("现行有效", "部分失效"), limit=_SEASONAL
        )
        return (hit.id for hit in found.hits)


def _since(last: date | None, on: date, first: int) -> date:
    """The day after which things are told, when none is given.

    Of the last run's own day more may have happened after it; what was told then is not told again.
    """
    if last is None:
        return on - min(timedelta(days=first), on - date.min)
    return last - timedelta(days=1) if last > date.min else last


def _target(to: str | PathLike[str] | None, usual: Path) -> Path:
    """The folder for the output."""
    if to is None:
        try:
            usual.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BackendError(
                f"无法新建“{usual.name}”，请检查文件夹的权限：{error.strerror}"
            ) from error
        return usual
    folder = Path(to).expanduser().absolute()
    if not folder.is_dir():
        raise BackendError(f"没有文件夹“{folder.name}”，请先新建文件夹或检查路径")
    return folder


def _stream(
    subscribers: str | PathLike[str] | Iterable[Subscription | Mapping[str, Any]],
    seen: Callable[[bytes], None],
) -> Iterator[Subscriber]:
    from policylib.files.subscriptions import read_subscription, read_subscriptions

    if isinstance(subscribers, (str, PathLike)):
        yield from read_subscriptions(Path(subscribers), seen=seen)
        return
    for line, each in enumerate(subscribers, 1):
        try:
            found = read_subscription(each)
            seen(json.dumps(found.model_dump(), default=str).encode())
        except ParseError as error:
            yield line, error
        except (RecursionError, TypeError, ValueError):
            yield line, ParseError("有的取值不是 JSON 的值，或嵌套过深，请核对")
        else:
            yield line, found
