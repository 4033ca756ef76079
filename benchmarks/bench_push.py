"""``push``: subscribers × a county's measures, one night.

    python benchmarks/bench_push.py [--sizes 1000 10000 100000] [--measures 300]

A library of measures, three a document, released over two years, a third with windows. Subscribers
have a random profile with gaps, one in ten a tag besides. The first run tells what the last month
brought, the second, the night after, what that day did. CPU seconds, messages, and the most memory
that a process of its own for these runs has used.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import tempfile
import time
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import matchworld as world
from policylib import Act, Document, Edition, Library, Role, Stage
from policylib.model.event import Change, Record
from policylib.model.measures import plain
from policylib.store import open_store, sqlite_url

TAGS = ("高龄", "创业", "助学", "取暖", "种粮", "医保缴费")
NOW = datetime(2026, 11, 22, 9, tzinfo=timezone(timedelta(hours=8)))


def fill(where: Path, count: int) -> None:
    """A library with ``count`` measures."""
    dice = random.Random(count)
    by_document = defaultdict(list)
    for offer in world.offers(count, seed=count, odd=0.0):
        by_document[offer.document].append(offer.measure)
    changes = []
    for id, measures in by_document.items():
        begins = world.DAY - timedelta(days=dice.randrange(700))
        document = Document(
            id=id, title=f"青禾县第{id}号办法", issuers=("青禾县人民政府",), form="办法",
            stage=Stage.RELEASED, version=1, released_on=begins, effective_on=begins,
            expires_on=begins + timedelta(days=dice.choice([720, 3 * 365, 5 * 365])),
            tags=(dice.choice(TAGS),),
        )  # fmt: skip
        record = Record(
            document_id=id, act=Act.IMPORT, actor="bench", role=Role.IMPORTER, at=NOW,
            stage=Stage.RELEASED,
        )  # fmt: skip
        edition = Edition(
            document_id=id, body="第一条　为规范管理，制定本办法。", measures=plain(measures)
        )
        changes.append(Change(record=record, document=document, edition=edition))
    with open_store(sqlite_url(where / "library.db"), create=True) as store:
        store.record(changes)


def subscribers(path: Path, count: int) -> None:
    """A file of subscriptions."""
    dice = random.Random(7)
    with path.open("w", encoding="utf-8") as file:
        for at, profile in enumerate(world.profiles(count, seed=count)):
            profile["facts"].pop("子女", None)
            tags = [dice.choice(TAGS)] if dice.random() < 0.1 else []
            line = {"id": f"s{at}", **profile, "tags": tags}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def measure(size: int, measures: int) -> None:
    """Push twice and print the line."""
    with tempfile.TemporaryDirectory() as name:
        where, file = Path(name) / "library", Path(name) / "subscribers.jsonl"
        where.mkdir()
        making = multiprocessing.Process(target=fill, args=(where, measures))
        making.start()
        making.join()
        subscribers(file, size)
        with Library.open(where) as library:
            times, told = [], []
            for night in (0, 1):
                begun = time.process_time()
                found = library.push(file, by="bench", on=world.DAY + timedelta(days=night))
                times.append(time.process_time() - begun)
                told.append(found.messages)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{size:>12}{measures:>10}{times[0]:>14.1f}{told[0]:>10}{times[1]:>14.1f}{told[1]:>10}"
        f"{memory:>7.0f}",
        flush=True,
    )


def main() -> None:
    """Print the table, each line by a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--measures", type=int, default=300)
    arguments = parser.parse_args()
    print(
        f"{'subscribers':>12}{'measures':>10}{'first, CPU s':>14}{'messages':>10}{'next, CPU s':>12}"
        f"{'messages':>10}{'MB':>7}",
        flush=True,
    )
    for size in arguments.sizes:
        line = multiprocessing.get_context("spawn").Process(
            target=measure, args=(size, arguments.measures)
        )
        line.start()
        line.join()


if __name__ == "__main__":
    main()
