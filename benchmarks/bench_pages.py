"""Reading pages, comparing them with their sources, finding the source of a copy.

    python benchmarks/bench_pages.py [--documents 500] [--reposts 10000] [--likeness 100000]

CPU seconds, and ratios to the cost of reading and normalising the same pages; memory is the peak of
the process. Each part runs in a process of its own; 0 leaves a part out.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "pages"))

import planted

from policylib.pages.drift import compare_page
from policylib.pages.likeness import LikenessIndex
from policylib.pages.normal import normal_form
from policylib.pages.page import read_page


def peak() -> float:
    """The peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def found(documents: int) -> None:
    """How much of the planted drift is found, and how often nothing is there."""
    seen, total, false, noisy = Counter(), Counter(), Counter(), Counter()
    for case in planted.cases(documents):
        page = read_page(case.html, url=case.url)
        codes = {drift.code for drift in compare_page(page, case.source, on=planted.DAY)}
        if case.expected:
            total[case.kind] += 1
            seen[case.kind] += case.expected in codes
        else:
            noisy[case.kind] += 1
            false[case.kind] += bool(codes)
    print(
        f"{documents} documents, {len(planted.DRIFTS)} kinds of drift, {len(planted.NOISES)} of noise"
    )
    for kind in planted.DRIFTS:
        print(f"  found {kind:　<8}{seen[kind]:6} of {total[kind]}")
    for kind in planted.NOISES:
        print(f"  false {kind:　<8}{false[kind]:6} of {noisy[kind]}")
    print(
        f"  recall {seen.total() / total.total():.4f}, false alarms {false.total() / noisy.total():.4%}"
    )


def compared(reposts: int) -> None:
    """Reposts of as many documents: an authority in memory, each page read, then compared."""
    authority = {n: source for n, source, _ in planted.documents(reposts)}
    print(f"authority of {len(authority)} documents, {peak():.0f} MB")
    reading = normalising = comparing = 0.0
    size = drifted = 0
    for n, case in enumerate(planted.cases(reposts, one_each=True)):
        size += len(case.html)
        begun = time.process_time()
        page = read_page(case.html, url=case.url)
        read = time.process_time()
        normal_form(page.body)
        normal = time.process_time()
        drifted += bool(compare_page(page, authority[n], on=planted.DAY))
        comparing += time.process_time() - normal
        reading += read - begun
        normalising += normal - read
    base = reading + normalising
    print(f"{reposts} reposts, {size / 1e6:.0f} MB of markup, {drifted} drifted")
    print(
        f"  reading {reading:.1f} s, normalising {normalising:.1f} s, comparing {comparing:.1f} s"
    )
    print(f"  all with comparing / reading and normalising: {(reading + comparing) / base:.2f}")
    print(
        f"  comparing alone / reading and normalising: {comparing / base:.2f}; peak {peak():.0f} MB"
    )


def likenesses(count: int) -> None:
    """An index of many documents, and copies of some of them, edited and cut."""
    index = LikenessIndex()
    rng = random.Random(3)
    kept: dict[str, str] = {}
    wanted = set(rng.sample(range(count), min(300, count)))
    begun, before = time.process_time(), peak()
    making = 0.0
    documents = planted.documents(count, seed=11)
    while True:
        start = time.process_time()
        document = next(documents, None)
        making += time.process_time() - start
        if document is None:
            break
        n, source, _ = document
        index.add(str(n), source.body or "")
        if n in wanted:
            kept[str(n)] = source.body or ""
    spent = time.process_time() - begun - making
    print(
        f"index of {len(index)} documents: {spent:.0f} s, {spent / count * 1000:.2f} ms a document"
    )
    print(f"  arrays {index.size / 1e6:.0f} MB, process {peak() - before:.0f} MB more")

    def load(name: str) -> str | None:
        if name in kept:
            return kept[name]
        return next(s.body for k, s, _ in planted.documents(1, 11, int(name)))

    times, right = [], Counter()
    for name in [str(n) for n in sorted(wanted)]:
        body = kept[name]
        for kind, text in copies(rng, body).items():
            for candidate, _ in index.candidates(text, 5):  # loading is the store's time, not ours
                kept.setdefault(candidate, load(candidate) or "")
            begun = time.process_time()
            found = index.find(text, kept.get)
            times.append((time.process_time() - begun) * 1000)
            right[kind] += bool(found) and found[0].document == name
    times.sort()
    print(
        f"  {len(times)} queries: p50 {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms"
    )
    print("  source found first: " + ", ".join(f"{k} {v}/{len(wanted)}" for k, v in right.items()))


def copies(rng: random.Random, body: str) -> dict[str, str]:
    """A dirty copy, an edited one, a half, and one inside a longer text."""
    paragraphs = body.split("\n\n")
    edited = [p for p in paragraphs if rng.random() > 0.15]
    at = rng.randrange(max(1, len(paragraphs) // 2))
    return {
        "dirty": body.replace("，", ",").replace("\n\n", "\n　　"),
        "edited": "\n".join(edited),
        "half": "\n".join(paragraphs[at : at + len(paragraphs) // 2 + 1]),
        "inside": "近日，青山县发布新规，记者从发布会上了解到有关情况。" * 20 + body,
    }


def main() -> None:
    """Run the parts asked for, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--reposts", type=int, default=10_000)
    parser.add_argument("--likeness", type=int, default=100_000)
    parser.add_argument("--part", choices=("found", "compared", "likenesses"))
    args = parser.parse_args()
    parts = {"found": args.documents, "compared": args.reposts, "likenesses": args.likeness}
    if args.part:
        globals()[args.part](parts[args.part])
        return
    for part, count in parts.items():
        if count:
            subprocess.run([sys.executable, *sys.argv, "--part", part], check=True)


if __name__ == "__main__":
    main()
