"""``related`` and ``graph`` over libraries of three sizes: flat in the number of documents.

    python benchmarks/bench_related.py [--sizes 5000 20000 80000] [--calls 300] [--folder FOLDER]
                                       [--length 1000]

The documents are made of the real ones beside the checkout: each is a real title with a number, and
paragraphs of one real document with some of another, ``--length`` characters at most. One of twenty rests on
another of them, one of fifteen repeals an earlier one, one of ten is interpreted, and all rest on
one of forty documents, which thousands therefore name. CPU milliseconds of calls for documents
chosen by chance and for those forty, in one process that is warm; ``--folder`` keeps the libraries.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import corpus
from policylib import Act, Document, DocumentType, Edition, Library, RelationKind, Role, Stage
from policylib.model.event import Change, Record
from policylib.model.relation import Relation
from policylib.store import open_store, sqlite_url

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=timezone(timedelta(hours=8)))
HUBS = 40
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ufeff]+")


def sources() -> list[tuple[str, list[str]]]:
    """Titles and paragraphs of the real documents."""
    found = []
    for record in corpus.records():
        title = _CONTROL.sub(" ", record["title"]).strip()[:120]
        lines = [line for line in record["body"][:20_000].splitlines() if len(line) > 10]
        if title and lines:
            found.append((title, lines))
    return found


def changes(count: int, length: int) -> Iterator[Change]:
    """``count`` documents with their relations."""
    chance = random.Random(count)
    real = sources()
    for number in range(count):
        title, lines = real[chance.randrange(len(real))]
        _, others = real[chance.randrange(len(real))]
        start = chance.randrange(len(lines))
        body = "\n\n".join(
            [*lines[start : start + length // 125], *chance.sample(others, min(2, len(others)))]
        )
        kind = DocumentType.INTERPRETATION if number % 10 == 7 else DocumentType.POLICY
        day = DAY - timedelta(days=chance.randrange(3650))
        document = Document(
            id=f"d{number}",
            title=f"{title}（{number}）" if number >= HUBS else title,
            type=kind,
            issuers=(f"第{chance.randrange(200)}号机关",),
            doc_number=f"试政办〔{day.year}〕{number}号",
            tags=tuple(chance.sample(("高龄", "低保", "住房", "就业", "企业", "教育"), 2)),
            stage=Stage.RELEASED,
            version=1,
            released_on=day,
        )
        record = Record(
            document_id=document.id, act=Act.IMPORT, actor="bench", role=Role.IMPORTER, at=NOW,
            stage=Stage.RELEASED,
        )  # fmt: skip
        yield Change(
            record=record,
            document=document,
            edition=Edition(document_id=document.id, body=body[:length]),
            relations=tuple(relations(number, kind, chance)),
        )


def relations(number: int, kind: DocumentType, chance: random.Random) -> Iterator[Relation]:
    """What a document has to do with earlier ones."""

    def tie(what: RelationKind, other: int, **more: Any) -> Relation:
        name = f"d{other}"
        return Relation(subject_id=f"d{number}", kind=what, target=name, object_id=name, **more)

    if number < HUBS:
        return
    yield tie(RelationKind.BASIS, chance.randrange(HUBS), provision="第三条")
    yield Relation(
        subject_id=f"d{number}", kind=RelationKind.BASIS, target="《中华人民共和国某法》"
    )
    earlier = HUBS + chance.randrange(max(1, number - HUBS))
    if number == earlier:
        return
    if kind is DocumentType.INTERPRETATION:
        yield tie(RelationKind.INTERPRETS, earlier)
    elif number % 15 == 0:
        yield tie(RelationKind.REPEALS, earlier)
    elif number % 20 == 1:
        yield tie(RelationKind.IMPLEMENTS, earlier)


def fill(where: Path, count: int, length: int) -> None:
    """Record the documents, two thousand a call, and index them."""
    batch: list[Change] = []
    with open_store(sqlite_url(where / "library.db"), create=True) as store:
        for change in changes(count, length):
            batch.append(change)
            if len(batch) == 2_000:
                store.record(batch)
                batch = []
        store.record(batch)
    with Library.open(where) as library:
        library.reindex()


def timed(jobs: Iterable[Callable[[], Any]]) -> str:
    """p50, p95 and the longest of CPU milliseconds."""
    found = []
    for job in jobs:
        begun = time.process_time()
        job()
        found.append((time.process_time() - begun) * 1_000)
    found.sort()
    return f"{statistics.median(found):>9.1f}{found[int(len(found) * 0.95)]:>9.1f}{found[-1]:>9.1f}"


def measure(where: Path, count: int, calls: int) -> None:
    """Print the lines of one library."""
    chance = random.Random(7)
    some = [f"d{chance.randrange(HUBS, count)}" for _ in range(calls)]
    hubs = [f"d{number}" for number in range(HUBS)]
    with Library.open(where) as library:
        for id in some[:20]:
            library.related(id, on=DAY)
        rows: dict[str, list[Callable[[], Any]]] = {
            "related": [lambda id=id: library.related(id, on=DAY) for id in some[20:]],
            "  for staff": [
                lambda id=id: library.related(id, on=DAY, staff=True) for id in some[20:]
            ],
            "  named by thousands": [lambda id=id: library.related(id, on=DAY) for id in hubs],
            "graph": [lambda id=id: library.graph(id, on=DAY) for id in some[20:120]],
            "  depth 2, as SVG": [
                lambda id=id: library.graph(id, on=DAY, depth=2).to_svg() for id in some[20:120]
            ],
        }  # fmt: skip
        for name, jobs in rows.items():
            print(f"{count:>10}  {name:24}{timed(jobs)}", flush=True)


def main() -> None:
    """Print the table, each size by a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 20_000, 80_000])
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--length", type=int, default=1_000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    print(f"{'documents':>10}  {'CPU ms':24}{'p50':>9}{'p95':>9}{'max':>9}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        for size in arguments.sizes:
            where = (arguments.folder or Path(name)) / f"library-{size}"
            context = multiprocessing.get_context("spawn")
            if not (where / "library.db").exists():
                where.mkdir(parents=True, exist_ok=True)
                filling = context.Process(target=fill, args=(where, size, arguments.length))
                filling.start()
                filling.join()
            line = context.Process(target=measure, args=(where, size, arguments.calls))
            line.start()
            line.join()


if __name__ == "__main__":
    main()
