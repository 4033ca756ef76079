"""Comparing two texts of three sizes, and texts made to be slow: CPU seconds.

    python benchmarks/bench_diff.py [--sizes 20 200 2000] [--difflib 200]

Sizes in thousands of characters; the later text is the earlier one with an article more in every
twenty and other amounts in every tenth. ``compare`` gives provisions and phrases, ``diff`` a patch;
the ratio is that of ``compare`` to ``difflib.SequenceMatcher(autojunk=False)`` over lines, which
knows neither provisions nor phrases.
"""

from __future__ import annotations

import argparse
import difflib
import random
import time
from collections.abc import Callable
from typing import Any

from policylib.text.comparing import compare
from policylib.text.numerals import to_chinese
from policylib.text.patching import apply, diff

_WORDS = ("县民政局", "乡镇人民政府", "申请人", "应当", "不得", "受理", "审核", "公示", "临时救助",
          "按照规定", "三十日内", "书面", "材料", "及时", "报送", "有关部门")  # fmt: skip


def article(chance: random.Random) -> str:
    """The words of one article, some hundred characters."""
    said = "".join(chance.choices(_WORDS, k=chance.randrange(15, 40)))
    return f"{said}，补助{chance.randrange(100, 999)}元。"


def text_of(articles: list[str]) -> str:
    """Articles numbered through."""
    numbered = enumerate(articles, 1)
    return "".join(f"第{to_chinese(number)}条　{words}\n" for number, words in numbered)


def revised(articles: list[str], chance: random.Random) -> list[str]:
    """The articles after a revision."""
    found: list[str] = []
    for at, words in enumerate(articles):
        if at % 20 == 7:
            found.append(article(chance))
        found.append(words.replace("补助", "补助金额为") if at % 10 == 3 else words)
    return found


def seconds(work: Callable[[], Any]) -> float:
    """The CPU seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def lines_of(before: str, after: str) -> list[Any]:
    """What difflib says of the lines."""
    lines = before.splitlines(), after.splitlines()
    return difflib.SequenceMatcher(None, *lines, autojunk=False).get_opcodes()


def hostile() -> dict[str, tuple[str, str]]:
    """Texts in which little or nothing is unique, and lines without an end."""
    chance = random.Random(1)
    line = "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(1_000_000))
    other = "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(1_000_000))
    same = "同一行文字。\n"
    return {
        "100k identical lines": (same * 100_000, same * 60_000 + "另一行。\n" + same * 39_000),
        "100k lines of two kinds": ("甲行。\n乙行。\n" * 50_000, "乙行。\n甲行。\n丙\n" * 33_000),
        "1M characters, one line": (line, line[:500_000] + "插入" + line[500_010:]),
        "1M characters, unrelated": (line, other),
        "1M times one character": ("甲" * 1_000_000, "甲乙" * 500_000),
        "50k times 第一条": ("第一条 甲。\n" * 50_000, "第一条 乙。\n" * 50_000),
    }


def main() -> None:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 200, 2000])
    parser.add_argument("--difflib", type=int, default=200, help="largest size to try difflib on")
    arguments = parser.parse_args()
    print(
        f"{'characters':>12}{'articles':>10}{'compare':>10}{'diff':>8}{'difflib':>10}{'ratio':>8}"
    )
    for size in arguments.sizes:
        chance = random.Random(size)
        articles: list[str] = []
        while sum(map(len, articles)) < size * 1000:
            articles.extend(article(chance) for _ in range(100))
        before, after = text_of(articles), text_of(revised(articles, chance))
        mine = seconds(lambda: compare(before, after))  # noqa: B023 - called at once
        patch = seconds(lambda: apply(diff(before, after), before))  # noqa: B023
        theirs = ratio = "-"
        if size <= arguments.difflib:
            taken = seconds(lambda: lines_of(before, after))  # noqa: B023
            theirs, ratio = f"{taken:.3f}", f"{mine / max(taken, 1e-6):.1f}"
        print(
            f"{len(before):>12}{len(articles):>10}{mine:>10.2f}{patch:>8.2f}{theirs:>10}{ratio:>8}",
            flush=True,
        )
    print(f"\n{'made to be slow':<28}{'compare':>10}{'diff':>8}")
    for name, (before, after) in hostile().items():
        mine = seconds(lambda: compare(before, after))  # noqa: B023
        patch = seconds(lambda: diff(before, after))  # noqa: B023
        print(f"{name:<28}{mine:>10.2f}{patch:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
