"""Queries, release to searchable, cold start, memory and judged queries on the real documents.

    python benchmarks/bench_search.py [--library FOLDER] [--releases 60]

Times are CPU milliseconds, p50 and p95; cold starts are ratios to a process that only imports
pydantic, measured in the same run. ``--library`` keeps the library for the next run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import corpus
from policylib import Act, Library, Role

DAY = date(2026, 11, 22)
TERMS = [
    "补贴",
    "住房公积金",
    "贷款",
    "管理",
    "申请",
    "处罚",
    "登记",
    "许可",
    "农民工",
    "学校",
    "医疗",
    "环境",
    "监督",
    "合同",
    "税收",
]
PHRASES = [
    "应当自收到申请之日起",
    "法律责任",
    "公开征求意见",
    "住房公积金贷款",
    "县级以上地方人民政府",
    "社会保险费",
]
COLD_QUERY = "住房公积金 贷款 额度"


def timed(job: Callable[[], Any]) -> float:
    """CPU milliseconds of one call."""
    begun = time.process_time()
    job()
    return (time.process_time() - begun) * 1000


def spread(values: Iterable[float]) -> str:
    """p50 and p95 of some values."""
    found = sorted(values)
    return f"{statistics.median(found):9.1f}{found[int(len(found) * 0.95)]:9.1f}{found[-1]:9.1f}"


def cold(command: list[str], times: int = 11) -> float:
    """Median CPU milliseconds of a fresh process; with its bytecode kept, as when installed."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    found = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(found) * 1000


def queries(library: Library) -> None:
    """The table of query times."""
    chance = random.Random(7)
    pairs = [" ".join(chance.sample(TERMS, 2)) for _ in range(60)]
    kinds: dict[str, list[Callable[[], Any]]] = {
        "common term": [lambda w=w: library.search(w, on=DAY) for w in TERMS * 4],
        "two terms": [lambda w=w: library.search(w, on=DAY) for w in pairs],
        "term + filters": [
            lambda w=w: library.search(
                w, on=DAY, validity="现行有效", released_from=date(2015, 1, 1)
            )
            for w in TERMS * 4
        ],
        "term + 2 facets": [
            lambda w=w: library.search(w, on=DAY, facets=("issuers", "year")) for w in TERMS * 4
        ],
        "phrase": [lambda p=p: library.search(f'"{p}"', on=DAY) for p in PHRASES * 10],
        "文号": [lambda: library.search("国办发〔2019〕3号", on=DAY)] * 60,
        "list, newest": [lambda: library.search("", on=DAY)] * 60,
    }
    print(f"\n{'query, CPU ms':24}{'p50':>9}{'p95':>9}{'max':>9}")
    for name, jobs in kinds.items():
        for job in jobs[:3]:
            job()
        print(f"{name:24}{spread(timed(job) for job in jobs)}")


def releases(library: Library, folder: Path, count: int) -> None:
    """CPU time from the release act to the document being found."""
    drafts = folder / "drafts.jsonl"
    mark = time.time_ns()
    rows = [
        {
            "id": f"bench-{mark}-{n}",
            "title": f"关于第{n}号试点事项的通知",
            "doc_number": f"试{mark}〔2026〕{n + 1}号"[-30:],
            "written_on": "2026-11-01",
            "issuers": ["试点县人民政府"],
            "body": f"# 关于第{n}号试点事项的通知\n\n各有关单位：\n\n"
            + "现将有关事项通知如下。" * 60,
        }
        for n in range(count)
    ]
    drafts.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
    library.import_files([drafts], by="bench", released=False)
    times, walls = [], []
    for row in rows:
        name = str(row["id"])
        library.act(Act.REVIEW, name, by="审", role=Role.REVIEWER)
        library.act(Act.SIGN, name, by="签", role=Role.SIGNER)

        def release(name: str = name) -> None:
            library.act(Act.RELEASE, name, by="发", role=Role.PUBLISHER)
            assert library.search(name, on=DAY).hits[0].id == name

        wall = time.perf_counter()
        times.append(timed(release))
        walls.append((time.perf_counter() - wall) * 1000)
    print(f"{'release → searchable':24}{spread(times)}")
    print(f"{'  the same, wall':24}{spread(walls)}")


def judged(library: Library) -> None:
    """hit@10 and MRR of the judged queries whose documents are there."""
    ids = {record["id"] for record in corpus.records()}
    ranks = []
    for words, relevant in corpus.queries():
        wanted = relevant.keys() & ids
        if wanted:
            hits = library.search(words, on=DAY, limit=10).hits
            ranks.append(next((n for n, hit in enumerate(hits, 1) if hit.id in wanted), 0))
    found = [rank for rank in ranks if rank]
    print(
        f"\njudged queries {len(ranks)}: hit@10 {len(found) / len(ranks):.3f}, "
        f"MRR {sum(1 / rank for rank in found) / len(ranks):.3f}, "
        f"hit@1 {sum(rank == 1 for rank in found) / len(ranks):.3f}"
    )


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--releases", type=int, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        where = arguments.library or work / "library"
        if not (where / "library.db").exists():
            path = work / "records.jsonl"
            rows = (json.dumps(r, ensure_ascii=False) for r in corpus.records())
            path.write_text("\n".join(rows), "utf-8")
            with Library.create(where) as made:
                made.import_files([path], by="bench")
        base = cold([sys.executable, "-c", "import pydantic"])
        search = [sys.executable, "-m", "policylib", "search", "--library", str(where), "--json"]
        rows_ = (
            ("import pydantic", base),
            ("search, words", cold([*search, COLD_QUERY])),
            ("search, 文号", cold([*search, "国办发〔2019〕3号"])),
            ("--help", cold([sys.executable, "-m", "policylib", "--help"])),
        )
        print(f"{'fresh process':24}{'CPU ms':>9}{'ratio':>9}")
        for label, spent in rows_:
            print(f"{label:24}{spent:9.0f}{spent / base:9.2f}")
        library = Library.open(where)
        queries(library)
        judged(library)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory {memory:.0f} MB\n")
        print(f"{'CPU ms':24}{'p50':>9}{'p95':>9}{'max':>9}")
        releases(library, work, arguments.releases)


if __name__ == "__main__":
    main()
