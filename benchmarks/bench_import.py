"""Import with index against stock Whoosh with jieba's own analyser, on the same texts, in one run.

    python benchmarks/bench_import.py [--fraction 0.25]

Prints documents per CPU second (user and system, this process) for both, and the ratio.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import corpus


def cpu() -> float:
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def stock(records: list[dict[str, Any]], folder: Path) -> float:
    """CPU seconds for stock Whoosh and jieba's ChineseAnalyzer."""
    import jieba
    from jieba.analyse import ChineseAnalyzer
    from whoosh import fields, index

    jieba.setLogLevel(60)
    jieba.initialize()
    analyser = ChineseAnalyzer()
    schema = fields.Schema(
        id=fields.ID(stored=True, unique=True),
        title=fields.TEXT(analyzer=analyser, stored=True),
        body=fields.TEXT(analyzer=analyser, stored=True),
    )
    writer = index.create_in(str(folder), schema).writer(limitmb=512)
    begun = cpu()
    for record in records:
        writer.add_document(id=record["id"], title=record["title"], body=record["body"])
    writer.commit()
    return cpu() - begun


def ours(path: Path, folder: Path, segmenter: str) -> float:
    """CPU seconds for import with store, journal, outline, validity and index."""
    from policylib import Library
    from policylib.search.segmenter import load

    load(segmenter, cache=folder / "jieba")
    library = Library.create(folder / "library", segmenter=segmenter)
    begun = cpu()
    summary = library.import_files([path], by="bench")
    spent = cpu() - begun
    print(f"  {segmenter}: {summary.imported} imported, {len(summary.refused)} refused")
    for each in summary.refused[:5]:
        print("   ", each.path, each.reason)
    return spent


def main() -> None:
    """Run both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fraction", type=float, default=1.0)
    parser.add_argument("--segmenters", nargs="+", default=["rjieba", "jieba"])
    arguments = parser.parse_args()
    records = list(corpus.records())
    records = records[:: max(1, round(1 / arguments.fraction))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "records.jsonl"
        path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), "utf-8")
        begun = time.perf_counter()
        rows = []
        for segmenter in arguments.segmenters:
            place = folder / segmenter
            place.mkdir()
            rows.append((f"policylib ({segmenter})", ours(path, place, segmenter)))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        base = folder / "stock"
        base.mkdir()
        yardstick = stock(records, base)
        print(f"\n{len(records)} documents, {time.perf_counter() - begun:.0f} s in all")
        print(f"peak memory of policylib's imports: {memory:.0f} MB\n")
        print(f"{'':28}{'CPU s':>8}{'docs/CPU s':>12}{'ratio':>8}")
        for label, spent in [*rows, ("Whoosh + jieba analyser", yardstick)]:
            print(f"{label:28}{spent:8.1f}{len(records) / spent:12.1f}{yardstick / spent:8.2f}")


if __name__ == "__main__":
    main()
