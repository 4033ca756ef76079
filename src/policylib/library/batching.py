"""A table of profiles against many measures (批量匹配): counts, rows when asked for, wrong rows told.

It needs the extra ``batch`` (NumPy).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policylib.errors import NotFound, ParseError
from policylib.files.profiles import read_blocks
from policylib.files.results import ResultWriter, usable
from policylib.matching.answers import Verdict
from policylib.matching.matcher import Matcher
from policylib.model.profile import Subject

if TYPE_CHECKING:
    from policylib.matching.batch import BlockResult
    from policylib.matching.reading import ProfileReader

__all__ = ["BatchSummary", "Count", "digested", "match_table"]

_TOLD = 20  # wrong rows that are told one by one
_CHUNK = 1 << 20


@dataclass(slots=True)
class Count:
    """How many profiles a measure may fit, needs facts of, does not fit (事项结果).

    ``conditions`` are those of the measure in words with their provisions, where they are told.
    """

    document: str
    measure: str
    title: str
    likely: int = 0
    open: int = 0
    unlikely: int = 0
    conditions: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "document": self.document,
            "measure": self.measure,
            "title": self.title,
            Verdict.LIKELY.value: self.likely,
            Verdict.OPEN.value: self.open,
            Verdict.UNLIKELY.value: self.unlikely,
            **({"conditions": list(self.conditions)} if self.conditions else {}),
        }


@dataclass(slots=True)
class BatchSummary:
    """What a batch came to (批量结果).

    ``profiles`` took part, ``refused`` rows did not; ``faults`` says why, by row of the table,
    without any value, and after them which texts lack an amendment. ``reached`` has the keys of rows by measure and verdict where rows were
    asked for and no file was to take them, ``missing`` the facts that an open answer lacks, by
    document, measure and key, where profiles were judged one by one.
    """

    profiles: int = 0
    refused: int = 0
    counts: list[Count] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reached: list[tuple[Count, Verdict, list[Any]]] = field(default_factory=list)
    missing: dict[tuple[str, str, Any], tuple[str, ...]] = field(default_factory=dict)

    def rows_of(self, count: Count, verdict: Verdict) -> list[Any]:
        """The list that takes the keys of rows of a measure and verdict."""
        for each, said, keys in self.reached:
            if each is count and said is verdict:
                return keys
        keys = []
        self.reached.append((count, verdict, keys))
        return keys

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "profiles": self.profiles,
            "refused": self.refused,
            "faults": self.faults,
            "measures": [each.as_dict() for each in self.counts],
        }


def match_table(
    matcher: Matcher,
    source: Path,
    target: Path | None,
    *,
    subject: Subject,
    on: date,
    with_ids: bool,
    digest: Any,
    progress: Callable[[int], None] | None,
) -> BatchSummary:
    """See :meth:`policylib.Library.match_batch`; without ``target`` rows are in the summary."""
    if target is not None:
        usable(target)
    try:
        from policylib.matching.batch import Batch
    except ImportError:
        raise ParseError(
            "批量匹配需要 NumPy，请安装：python -m pip install policylib[batch]"
        ) from None
    digested(source, digest)
    batch = Batch(matcher, subject, on=on)
    offers = [each.offer for each in batch.prepared]
    summary = BatchSummary()
    summary.counts = [Count(each.document, each.measure.id, each.measure.title) for each in offers]
    sieve = _Sieve(matcher.reader, subject, on, summary)
    with ResultWriter(target, ids=with_ids) as writer:
        for keys, columns in read_blocks(source):
            for block, result in _results(batch, sieve, keys, columns, ids=with_ids):
                _count(summary, result)
                if with_ids:
                    _reach(summary, writer if target else None, block, result)
            if progress:
                progress(len(keys))
        if not with_ids:
            writer.put_counts([each.as_dict() for each in summary.counts])
    return summary


def digested(source: Path, digest: Any) -> None:
    """Let a digest take the bytes of a file."""
    try:
        with source.open("rb") as stream:
            while part := stream.read(_CHUNK):
                digest.update(part)
    except FileNotFoundError:
        raise NotFound(f"找不到画像表“{source.name}”，请检查路径") from None
    except OSError:
        raise ParseError(f"画像表“{source.name}”读不出来，请核对路径和权限") from None


def _results(
    batch: Any, sieve: _Sieve, keys: Sequence[Any], columns: Mapping[str, Any], *, ids: bool
) -> Iterator[tuple[Sequence[Any], BlockResult]]:
    """The result of a block, without its wrong rows."""
    columns = sieve.known(columns)
    if not columns:
        raise ParseError("画像表中没有一列的名称在词表中，请核对第一行和 --subject")
    try:
        yield from [(keys, each) for each in batch.run([columns], ids=ids)]
    except ParseError:
        kept, columns = sieve.sound(columns, len(keys))
        if kept and columns:
            rest = [keys[at] for at in kept]
            yield from [(rest, each) for each in batch.run([columns], ids=ids)]
    sieve.done += len(keys)


def _count(summary: BatchSummary, result: BlockResult) -> None:
    summary.profiles += result.size
    for each, likely, open_ in zip(summary.counts, result.likely, result.open, strict=True):
        each.likely += int(likely)
        each.open += int(open_)
        each.unlikely += result.size - int(likely) - int(open_)


def _reach(
    summary: BatchSummary, writer: ResultWriter | None, keys: Sequence[Any], result: BlockResult
) -> None:
    if writer is not None:
        writer.take(keys)
    for at, each in enumerate(summary.counts):
        for verdict, many, rows in (
            (Verdict.LIKELY, result.likely[at], result.likely_rows),
            (Verdict.OPEN, result.open[at], result.open_rows),
        ):
            if not many:
                continue
            places = rows(at)
            if writer is not None:
                writer.put_rows(each.document, each.measure, verdict.value, places)
            else:
                found = summary.rows_of(each, verdict)
                found += [keys[row] for row in places.tolist()]


class _Sieve:
    """Finds the columns and rows that cannot be matched, and says so once; no value is told."""

    def __init__(
        self, reader: ProfileReader, subject: Subject, on: date, summary: BatchSummary
    ) -> None:
        self._reader, self._subject, self._on = reader, subject, on
        self._summary = summary
        self._unknown: set[str] = set()
        self.done = 0

    def known(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """The columns whose names are facts of the subject."""
        found: dict[str, Any] = {}
        for at, (name, values) in enumerate(columns.items(), 1):
            try:
                self._reader.definition(self._subject, name)
            except ParseError as error:
                if name not in self._unknown:
                    self._unknown.add(name)
                    said = str(error).removeprefix("有")
                    self._summary.faults.append(f"第{at}列没有采用：{said}")
            else:
                found[name] = values
        return found

    def sound(self, columns: Mapping[str, Any], size: int) -> tuple[list[int], dict[str, Any]]:
        """The rows that can be read, and the columns of those rows."""
        from policylib.matching.batch.sieving import only_rows, wrong_rows

        wrong: dict[int, str] = {}
        usable: dict[str, Any] = {}
        for name, values in columns.items():
            definition = self._reader.definition(self._subject, name)
            try:
                for at, reason in wrong_rows(values, definition, self._reader, self._on):
                    wrong.setdefault(at, f"“{definition.name}”{reason}")
            except ParseError as error:
                self._tell(f"列“{definition.name}”没有采用：{error}")
            else:
                usable[name] = values
        for at in sorted(wrong):
            self._tell(f"第{self.done + at + 1}行没有参加匹配：{wrong[at]}", row=True)
        kept = [at for at in range(size) if at not in wrong]
        return kept, {name: only_rows(values, kept) for name, values in usable.items()}

    def _tell(self, said: str, *, row: bool = False) -> None:
        self._summary.refused += row
        if said in self._summary.faults or (row and self._summary.refused > _TOLD + 1):
            return
        more = row and self._summary.refused > _TOLD
        self._summary.faults.append("还有别的行没有参加匹配，这里不再列出" if more else said)
