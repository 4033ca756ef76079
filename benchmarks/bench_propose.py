"""How many proposed facts are right (提取准确率): the labelled clauses, and the speed on all texts.

python benchmarks/bench_propose.py [--missed]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.matching import test_proposing as cases  # noqa: E402


def main() -> None:
    """Print precision, recall and speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", action="store_true", help="list what was missed")
    shown = parser.parse_args().missed
    scores = {"sample_docs": cases.score_of_samples()}
    if cases.DATA.is_dir():
        scores |= {half: cases.score_of_data(half)[0] for half in ("tuned", "held")}
    for name, score in scores.items():
        print(f"{name:12} {score}")
        for each in (*score.wrong, *(score.missed if shown else ())):
            print("   ", "错" if each in score.wrong else "漏", each)
    if cases.DATA.is_dir():
        texts = [text for _, text, _ in cases.texts()]
        began = time.perf_counter()
        found = sum(len(cases.read(text).evidence) for text in texts)
        spent = time.perf_counter() - began
        size = sum(map(len, texts))
        print(
            f"{len(texts)} 份文件，{size} 字，{found} 项事实，{spent:.1f} 秒，{size / spent:.0f} 字/秒"
        )


if __name__ == "__main__":
    main()
