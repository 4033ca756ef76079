"""``due`` over libraries of three sizes: cost grows with what is due, not with the library.

    python benchmarks/bench_due.py [--sizes 1000 10000 100000] [--due 300]

``few near``: the same number of documents with something due in every library; the others were
released long ago. ``spread``: the days of all lie over ten years, so that some seven in a hundred
are due. CPU seconds of the first call and of the best of two more, and the most memory that a
process of its own for these calls has used.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from policylib import Act, Document, Edition, Library, Role, Stage
from policylib.model.event import Change, Record
from policylib.store import open_store, sqlite_url

DAY = date(2026, 11, 22)
MONTH = timedelta(days=30)
NOW = datetime(2026, 11, 22, 9, tzinfo=timezone(timedelta(hours=8)))


def documents(count: int, due: int | None) -> Iterator[Document]:
    """``count`` documents, ``due`` of them with a term that ends within the month.

    With ``None`` the days of all are spread over ten years.
    """
    chance = random.Random(count)
    for number in range(count):
        if due is None:
            begins = DAY - timedelta(days=chance.randrange(3650))
            ends = begins + timedelta(days=5 * 365)
        elif number < due:
            begins, ends = date(2021, 12, 1), DAY + timedelta(days=chance.randrange(30))
        else:
            begins, ends = date(2019, 1, 1), date(2039, 1, 1)
        yield Document(
            id=f"d{number}",
            title=f"青禾县第{number}号管理办法",
            issuers=("青禾县人民政府",),
            form="办法",
            stage=Stage.RELEASED,
            version=1,
            released_on=begins,
            effective_on=begins,
            expires_on=ends,
        )


def fill(where: Path, count: int, due: int | None) -> None:
    """Record the documents, a thousand a call."""
    batch: list[Change] = []
    with open_store(sqlite_url(where / "library.db"), create=True) as store:
        for document in documents(count, due):
            record = Record(
                document_id=document.id, act=Act.IMPORT, actor="bench", role=Role.IMPORTER,
                at=NOW, stage=Stage.RELEASED,
            )  # fmt: skip
            edition = Edition(document_id=document.id, body="第一条　为规范管理，制定本办法。")
            batch.append(Change(record=record, document=document, edition=edition))
            if len(batch) == 1_000:
                store.record(batch)
                batch = []
        store.record(batch)


def measure(size: int, due: int | None) -> None:
    """Fill a library and print its line."""
    with tempfile.TemporaryDirectory() as name:
        filling = multiprocessing.Process(target=fill, args=(Path(name), size, due))
        filling.start()
        filling.join()
        with Library.open(name, rules="local-practice") as library:
            times = []
            for _ in range(3):
                begun = time.process_time()
                found = library.due(on=DAY, within=MONTH)
                times.append(time.process_time() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kind = "spread" if due is None else "few near"
    print(
        f"{size:>10}{kind:>10}{len(found):>8}{times[0]:>14.2f}{min(times[1:]):>8.2f}{memory:>7.0f}",
        flush=True,
    )


def main() -> None:
    """Print the table, each line by a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--due", type=int, default=300)
    arguments = parser.parse_args()
    print(f"{'documents':>10}{'dates':>10}{'due':>8}{'first, CPU s':>14}{'then':>8}{'MB':>7}")
    sys.stdout.flush()
    for due in (arguments.due, None):
        for size in arguments.sizes:
            line = multiprocessing.get_context("spawn").Process(target=measure, args=(size, due))
            line.start()
            line.join()


if __name__ == "__main__":
    main()
