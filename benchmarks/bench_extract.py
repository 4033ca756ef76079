"""Reading what documents say of themselves: CPU time against the outline of the same documents.

    python benchmarks/bench_extract.py [--sizes 200 600 0]

For each size (0 is all) and kind the seconds of ``extract`` and of ``Outline.parse``, and their ratio, best
of five. Then text made to be slow at three lengths: the time a character must not grow. The real
documents beside the checkout are used where they are, else ``sample_docs``.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from pathlib import Path

import corpus
from policylib.reading import extract
from policylib.text.outline import Outline

SAMPLES = Path(__file__).resolve().parents[1] / "sample_docs"
LENGTHS = (20_000, 40_000, 80_000)
HOSTILE = {
    "open titles": "《",
    "nested titles": "《甲《乙》",
    "brackets": "《甲》（（",
    "repeals": "《甲办法》、",
    "verbs": "自2024年1月1日起施行",
    "ends": "废止",
    "grounds": "根据《甲》、",
    "terms": "有效期至2025年12月",
    "numbers": "甲政发〔2020〕1号、",
    "lines": "国务院\n",
    "spaces": " ",
    "quotes": "修改为“",
    "table": "| 1 | 关于某事的通知 | 废止 |\n",
    "list": "废止的文件目录\n1. 关于某事的通知\n",
    "one line": "中",
    "places": "本办法第一条第二款、",
}


def kinds() -> dict[str, list[str]]:
    """The texts by kind: municipal policies and every third law, or the samples."""
    if not corpus.available():
        return {"samples": [path.read_text("utf-8") for path in sorted(SAMPLES.rglob("*.md"))]}
    return {
        "policies": [str(record["body"]) for record in corpus.realestate()],
        "laws": [str(record["body"]) for record in corpus.laws()][::3],
    }


def seconds(texts: list[str], *works: Callable[[str], object]) -> list[float]:
    """CPU seconds of each work for all texts, best of five, taken in turn: the machine is shared."""
    best = [float("inf")] * len(works)
    for _ in range(5):
        for index, work in enumerate(works):
            begun = time.process_time()
            for text in texts:
                work(text)
            best[index] = min(best[index], time.process_time() - begun)
    return best


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 600, 0])
    by_kind = kinds()
    texts = [text for some in by_kind.values() for text in some]
    random.Random(1).shuffle(texts)
    print(f"{'documents':>10}{'characters':>12}{'extract':>10}{'outline':>10}{'ratio':>8}")
    rows = {str(size or len(texts)): texts[: size or None] for size in parser.parse_args().sizes}
    for name, some in (rows | by_kind).items():
        extracting, outlining = seconds(some, extract, Outline.parse)
        print(
            f"{name:>10}{sum(map(len, some)):>12}{extracting:>10.3f}{outlining:>10.3f}"
            f"{extracting / outlining:>8.2f}"
        )
    print(f"\n{'hostile, µs a character':<26}" + "".join(f"{length:>10}" for length in LENGTHS))
    for name, piece in HOSTILE.items():
        row = [
            seconds([(piece * length)[:length]], extract)[0] / length * 1e6 for length in LENGTHS
        ]
        print(f"{name:<26}" + "".join(f"{value:>10.2f}" for value in row), flush=True)


if __name__ == "__main__":
    main()
