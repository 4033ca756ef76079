"""Made-up decisions, whole and damaged, by the hundred thousand: no exception, no silent wrong edit.

    python benchmarks/fuzz_amending.py [--count 1000000] [--seed 0]

``--count`` instructions are generated. Every second decision is whole: its result is compared with
a plain model, letter by letter. The others are damaged: nothing may be raised, and every article
that changed must be one that an instruction carried out speaks of. Prints a line for every fault.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.amending.checking import unexplained
from tests.amending.generator import LOOKS, Maker, damaged, render, written

from policylib.amending import amend, parse_decision


def one(seed: int) -> tuple[int, str, str]:
    """One decision: how many instructions, how it ended, and what is wrong."""
    maker = Maker(seed)
    look = LOOKS[seed % len(LOOKS)]
    old = maker.text()
    base = render(old, look, old)
    said, new = maker.decision(old)
    decision = written(said, maker.chance)
    if seed % 2:
        decision = damaged(decision, maker.chance)
    try:
        read = parse_decision(decision)
        result = amend(base, decision)
        result.as_dict()
    except Exception:  # noqa: BLE001 - any exception is a fault
        return len(said), "raised", traceback.format_exc(limit=-4)
    for each in (*read.instructions, *read.not_understood):
        if decision[each.span[0] : each.span[1]] != each.quote:
            return len(said), "span", repr(each)
    if seed % 2 == 0:
        expected = render(new, look, old)
        if result.unapplied:
            return len(said), "refused", "；".join(each.reason for each in result.unapplied)
        if result.text != expected:
            return len(said), "wrong", "\n".join((decision, base, result.text, expected))
        return len(said), "exact", ""
    fault = unexplained(base, result)
    if fault:
        return len(said), "unexplained", "\n".join((*fault, decision, base))
    if not result.applied and result.text != base:
        return len(said), "silent", decision
    return len(said), "reported" if result.unapplied else "read", ""


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=3)
    arguments = parser.parse_args()
    ended: dict[str, int] = {}
    count, seed, shown = 0, arguments.seed, 0
    begun = time.process_time()
    while count < arguments.count:
        instructions, how, fault = one(seed)
        count += instructions
        seed += 1
        ended[how] = ended.get(how, 0) + instructions
        if fault and shown < arguments.show:
            shown += 1
            print(f"seed {seed - 1}: {how}\n{fault}\n", flush=True)
    print(f"{count} instructions in {seed - arguments.seed} decisions, "
          f"{time.process_time() - begun:.0f} s CPU")  # fmt: skip
    for how, number in sorted(ended.items()):
        print(f"{how:>12}{number:>10}")
    sys.exit(
        1 if {"raised", "span", "wrong", "unexplained", "silent", "refused"} & set(ended) else 0
    )


if __name__ == "__main__":
    random.seed(0)
    main()
