"""The audit of a bad web site, pulling manifests, and who owns a text: figures on one machine.

    python benchmarks/bench_sources.py [--pages 2000] [--documents 20000]

The site is a process of its own on loopback. The audit is killed (SIGKILL) in the middle and run again;
every fault has to be named, and no page that was kept may be asked for again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "tests" / "pages")]

import planted  # noqa: E402 - a module of the tests
from tests.samesource.offices import FAULTS, NAMED, send, website  # noqa: E402

from policylib import Library  # noqa: E402
from policylib.samesource.fetched import Limits  # noqa: E402
from policylib.samesource.manifest import Entry, Text, build  # noqa: E402
from policylib.samesource.signing import Signer  # noqa: E402
from policylib.samesource.sketching import sketch  # noqa: E402

LIMITS = Limits(
    delay=0,
    per_host=8,
    wait=0.05,
    tries=2,
    read=0.6,
    deadline=3.0,
    largest=2_000_000,
    private=True,
    longest_wait=1.0,
)


def peak() -> float:
    """The peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def library(where: Path, count: int) -> list[str]:
    """A library with invented documents; returns the good pages in their order."""
    papers = where.parent / "papers"
    papers.mkdir()
    pages = []
    for n, source, paragraphs in planted.documents(count):
        header = source.header
        fields = {"id": f"d{n}", "title": header.title, "issuers": list(header.issuers),
                  "doc_number": f"青政办〔{header.written_on.year}〕{n + 1}号", "released_on": str(header.written_on),
                  "written_on": str(header.written_on), "source_url": source.addresses[0]}  # fmt: skip
        head = "".join(f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in fields.items())
        body = "\n\n".join(paragraphs)
        (papers / f"d{n}.md").write_text(f"---\n{head}---\n{body}\n", "utf-8")
        text = "".join(f"<p>{line}</p>" for line in paragraphs)
        pages.append(
            f"<html><head><meta charset='utf-8'><title>{header.title}</title></head><body><table>"
            f"<tr><th>发文字号：</th><td>{fields['doc_number']}</td></tr>"
            f"<tr><th>发布机构：</th><td>{header.issuers[0]}</td></tr>LABEL</table><h1>{header.title}</h1>"
            f"<div class='content'>{text}</div>"
            f"<div>信息来源：<a href='{source.addresses[0]}'>原文链接</a></div></body></html>"
        )
    with Library.create(where) as made:
        summary = made.import_files([papers], by="bench")
        assert not summary.refused, summary.refused[:3]
    return pages


def serve(folder: Path) -> None:
    """The bad web site: asked for /stop it writes how often each page was asked for, and ends."""
    plan = json.loads((folder / "plan.json").read_text())
    with website() as site:
        for path, kind in plan["faults"].items():
            site.pages[path] = FAULTS[kind]
        for path, (file, kind) in plan["pages"].items():
            data = (folder / file).read_bytes()
            site.pages[path] = lambda h, d=data, k=kind: send(h, 200, d, Content_Type=k)
        site.pages["/asked"] = lambda h: send(h, 200, json.dumps(site.asked).encode())
        (folder / "port.new").write_text(site.base)
        (folder / "port.new").rename(folder / "port")
        while True:
            time.sleep(1)


def audited(where: Path, urls: list[str]) -> None:
    """One audit, in this process; prints what it came to as JSON."""
    begun = time.perf_counter()
    with Library.open(where) as opened:
        report = opened.audit_sources(urls, limits=LIMITS)
    codes: dict[str, list[str]] = {}
    for finding in report.findings:
        codes.setdefault(finding.page, []).append(finding.code)
    print(json.dumps({"seconds": time.perf_counter() - begun, "fetched": report.fetched, "peak": peak(),
                      "resumed": report.resumed, "codes": codes}))  # fmt: skip


def asked(base: str) -> Counter[str]:
    """How often the site was asked for each page."""
    from urllib.request import urlopen

    every = json.loads(urlopen(f"{base}/asked").read())
    return Counter({path: times for path, times in every.items() if path.startswith("/zc/")})


def whole_audit(count: int) -> None:
    """A site of ``count`` pages, a twentieth of them bad; killed in the middle, gone on with."""
    folder = Path(tempfile.mkdtemp(prefix="bench-sources-"))
    pages = library(folder / "library", count)
    rng = random.Random(3)
    kinds = [kind for kind in NAMED if kind != "429"]
    faults, good, expected = {}, {}, {}
    for n, text in enumerate(pages):
        path = f"/zc/{n}.html"
        if n % 20 == 7:
            faults[path] = kind = kinds[(n // 20) % len(kinds)]
            expected[path] = {NAMED[kind]}
            continue
        drifted = rng.random() < 0.1
        charset = "gbk" if n % 20 == 11 else "utf-8"  # the server says gbk, the page is UTF-8
        label = "<tr><th>有效性：</th><td>废止</td></tr>" if drifted else ""
        (folder / f"{n}.html").write_text(text.replace("LABEL", label), "utf-8")
        good[path] = (f"{n}.html", f"text/html; charset={charset}")
        expected[path] = {"DRF010"} if drifted else set()
    (folder / "plan.json").write_text(json.dumps({"faults": faults, "pages": good}))
    me = [sys.executable, __file__]
    server = subprocess.Popen([*me, "--serve", str(folder)])
    try:
        while not (folder / "port").is_file():
            time.sleep(0.05)
        base = (folder / "port").read_text()
        urls = [base + path for path in expected]
        (folder / "urls.json").write_text(json.dumps(urls))
        run = [*me, "--audit", str(folder)]
        killed = subprocess.Popen(run, stdout=subprocess.DEVNULL)
        while asked(base).total() < count * 0.6:
            time.sleep(0.02)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        before = asked(base)
        done = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)
        after = asked(base)
        (folder / "urls.json").write_text(json.dumps(urls))
        again = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)
    finally:
        server.kill()
    once = [path for path in good if before[path] and after[path] > before[path]]
    found = {path: set(done["codes"].get(base + path, ())) - {"PAG001"} for path in expected}
    right = sum(found[path] == codes for path, codes in expected.items())
    named = sum(found[path] == expected[path] for path in faults)
    print(
        f"{count} pages, {len(faults)} bad ones of {len(kinds)} kinds, killed after {len(before)} pages"
    )
    print(
        f"  went on with {done['resumed']} kept, fetched {done['fetched']}; good pages asked for twice: {len(once)}"
    )
    print(f"  faults named {named} of {len(faults)}; pages judged right {right} of {len(expected)}")
    for path, codes in expected.items():
        if found[path] != codes:
            print(f"    {path} {faults.get(path, '')}: expected {codes}, found {found[path]}")
    print(
        f"  second run {done['seconds']:.1f} s, peak {done['peak']:.0f} MB; a fresh run {again['seconds']:.1f} s"
    )


def manifests(count: int) -> None:
    """Building, pulling and asking a manifest of ``count`` documents."""
    entries, bodies = [], []
    began = time.perf_counter()
    for n, source, paragraphs in planted.documents(count):
        body = "\n".join(paragraphs)
        if n % 100 == 0:
            bodies.append(body)
        entries.append(
            Entry(id=f"d{n}", title=source.header.title, doc_number=f"青政办〔2020〕{n + 1}号", issuers=source.header.issuers,
                  address=source.addresses[0], texts=(Text(digest=f"{n:064x}", sketch=sketch(body)),))
        )  # fmt: skip
    sketched = time.perf_counter()
    whole = build(entries, authority="青山县", version=1, made_at=datetime.now(UTC))
    built = time.perf_counter()
    from policylib.samesource.publishing import publish

    folder, held = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    signer, now = Signer.new(), datetime.now(UTC)
    options = {"authority": "青山县", "address": None, "signer": signer, "handovers": (), "at": now}
    publish(folder, entries, **options)
    from policylib.samesource.holdings import Holdings
    from policylib.samesource.reaching import FileReach
    from policylib.samesource.signing import fingerprint
    from policylib.samesource.subscribing import pull

    pin = fingerprint(signer.public)
    start = time.perf_counter()
    first = pull(
        held / "甲", FileReach(folder), address="x", now=now, pins=[pin], authority="青山县"
    )
    pulled = time.perf_counter()
    entries[5] = entries[5].model_copy(update={"title": "改了名"})
    publish(folder, entries, **options)
    middle = time.perf_counter()
    second = pull(held / "甲", FileReach(folder), address="x", now=now)
    end = time.perf_counter()
    size = sum(len(data) for data in whole.segments.values())
    print(
        f"manifest of {count} documents: {len(whole.segments)} segments, {size / 1e6:.1f} MB, root {len(whole.data) / 1e3:.0f} kB"
    )
    print(
        f"  sketches {sketched - began:.1f} s, build {built - sketched:.1f} s, first pull {pulled - start:.1f} s ({first.fetched} segments)"
    )
    print(
        f"  one change: pull {end - middle:.2f} s, {second.fetched} segment, {second.bytes / 1e3:.0f} kB"
    )
    holdings = Holdings.load(held)
    start = time.perf_counter()
    holding = next(iter(holdings))
    list(holding.entries())
    loaded = time.perf_counter()
    hits = sum(holding.by_text(body.replace("年", "岁", 1)) is not None for body in bodies)
    end = time.perf_counter()
    print(
        f"  opened {loaded - start:.1f} s; copies with a slip known {hits} of {len(bodies)}, {(end - loaded) / len(bodies) * 1e3:.1f} ms each"
    )
    others = [("\n".join(p)) for _, _, p in planted.documents(len(bodies), seed=99)]
    false = sum(holding.by_text(body) is not None for body in others)
    print(f"  other documents taken for copies {false} of {len(others)}; peak {peak():.0f} MB")


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--audit", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
    elif options.audit:
        audited(options.audit / "library", json.loads((options.audit / "urls.json").read_text()))
    else:
        if options.pages:
            whole_audit(options.pages)
        if options.documents:
            manifests(options.documents)


if __name__ == "__main__":
    main()
