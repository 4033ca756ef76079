"""Applying a decision to a law of 220 articles: CPU time, and how it compares with reading the law.

    python benchmarks/bench_amend.py [--articles 220] [--runs 21]

The decision replaces, deletes, inserts and renumbers, so that every reference has to be looked at.
Prints the medians and their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from policylib.amending import amend
from policylib.text.numerals import to_chinese
from policylib.text.outline import Outline

TITLE = "青山县工程建设管理条例"


def law(count: int) -> str:
    """A text of ``count`` articles, with references in every third."""
    lines = [f"# {TITLE}", "第一章 总则"]
    for number in range(1, count + 1):
        if number % 20 == 0:
            lines.append(f"第{to_chinese(number // 20 + 1)}章 监督管理")
        refers = f"依照本条例第{to_chinese(max(1, number - 3))}条、第{to_chinese(number)}条的规定，"
        lines.append(
            f"第{to_chinese(number)}条 {refers if number % 3 == 0 else ''}建设单位应当按照规划要求组织"
            "施工，并对工程质量负责；县住房城乡建设主管部门应当加强监督检查。"
        )
        if number % 4 == 0:
            lines.extend(
                [
                    "有下列情形之一的，责令改正：",
                    "（一）未经批准的；",
                    "（二）不符合标准的；",
                    "（三）其他情形。",
                ]
            )
    return "\n\n".join(lines) + "\n"


def decision(count: int) -> str:
    """Twelve instructions of all kinds."""
    last = to_chinese(count - 10)
    return "\n\n".join(
        (
            f"青山县人民代表大会常务委员会关于修改《{TITLE}》的决定",
            f"决定对《{TITLE}》作如下修改：",
            "一、将第五条修改为：“建设单位应当公示施工方案。\n\n“公示期不少于七日。”",
            "二、删去第七条、第九条。",
            "三、将第八条第二款第（二）项修改为：“（二）不符合强制性标准的；”",
            "四、增加一条，作为第十条：“县人民政府应当保障经费。”",
            "五、将第二十条、第二十一条、第二十二条中的“监督检查”修改为“监督管理”。",
            f"六、删去第{last}条。",
            "七、第十二条增加一款，作为第三款：“情节严重的，依法处罚。”",
            "八、将本条例中的“县住房城乡建设主管部门”统一修改为“县住房城乡建设局”。",
            "九、第二章章名修改为“施工管理”。",
            "十、在第三十条后增加一条，作为第三十条：“施工现场应当封闭管理。”",
            "十一、删去第四十条第二款第三项。",
            "此外，对条文顺序作相应调整。",
            "本决定自公布之日起施行。",
        )
    )


def median(work: Callable[[], object], runs: int) -> float:
    """The median of CPU seconds."""
    times = []
    for _ in range(runs):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=220)
    parser.add_argument("--runs", type=int, default=21)
    arguments = parser.parse_args()
    base, said = law(arguments.articles), decision(arguments.articles)
    result = amend(base, said)
    parsing = median(lambda: Outline.parse(base).provisions, arguments.runs)
    amending = median(lambda: amend(base, said), arguments.runs)
    print(f"{len(base)} characters, {arguments.articles} articles, "
          f"{len(result.applied)} instructions applied, {len(result.unapplied)} left")  # fmt: skip
    for each in result.unapplied:
        print("  left:", each.quote, each.reason)
    print(f"Outline.parse {parsing * 1000:8.1f} ms")
    print(f"amend         {amending * 1000:8.1f} ms   ratio {amending / parsing:.1f}")


if __name__ == "__main__":
    main()
