"""Matching: evaluators agree, one profile × N measures, M profiles × N measures, yardsticks.

    python benchmarks/bench_match.py [agree] [one] [batch] [--pairs 3000000] [--rows 1000000]

Times are CPU milliseconds (``one``) and wall seconds (``batch``); yardsticks run in the same run.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import matchworld as world
from policylib.files.vocabulary import load_vocabulary
from policylib.matching.expressions import Case
from policylib.matching.matcher import Matcher, Offer
from policylib.model import condition as model
from policylib.model.profile import Subject

ON = world.DAY


def spread(values: list[float]) -> str:
    """p50, p95 and the most."""
    found = sorted(values)
    p95 = found[int(len(found) * 0.95)]
    return f"p50 {statistics.median(found):8.3f}  p95 {p95:8.3f}  max {found[-1]:8.3f} ms"


# -- evaluators agree ---------------------------------------------------------------------------


def agree(pairs: int) -> None:
    """Random conditions of every form × random profiles with gaps: three evaluators."""
    import numpy as np

    from policylib.matching.batch import Batch

    vocabulary = load_vocabulary()
    done = wrong_index = wrong_batch = 0
    counted = np.zeros(3, np.int64)
    seed = 0
    while done < pairs:
        seed += 1
        odd, unknown = (0.1, 0.3, 0.5)[seed % 3], (0.05, 0.2, 0.4)[seed // 3 % 3]
        matcher = Matcher(vocabulary, world.offers(500, seed=seed, odd=odd))
        people = list(world.profiles(500, seed=10_000 + seed, unknown=unknown))
        names = sorted({name for each in people for name in each["facts"]})
        columns = {name: [each["facts"].get(name) for each in people] for name in names}
        (block,) = Batch(matcher, Subject.PERSON, on=ON).run([columns], ids=True)
        batch = np.zeros((500, 500), np.int8)
        for at, (likely, open_) in enumerate(block.rows):
            batch[likely, at], batch[open_, at] = 1, 2
        for row, person in enumerate(people):
            case = matcher.case(person, on=ON)
            found = matcher.found(case)
            index = np.zeros(500, np.int8)
            index[found.likely_ids()], index[found.open_ids()] = 1, 2
            truths = [each.formula.truth(case) for each in matcher.prepared]
            right = np.array([2 if t is None else int(t) for t in truths], np.int8)
            wrong_index += int((index != right).sum())
            wrong_batch += int((batch[row] != right).sum())
            counted += np.bincount(right, minlength=3)
        done += 250_000
        print(f"  {done:,} pairs, index {wrong_index}, batch {wrong_batch} different", flush=True)
    shares = " ".join(f"{count / counted.sum():.0%}" for count in counted)
    print(f"agree: {done:,} pairs; different: index {wrong_index}, batch {wrong_batch}")
    print(f"       不符合, 可能符合, 待核实: {shares}")


# -- one profile --------------------------------------------------------------------------------


def plain_truth(found: Any, facts: dict[str, Any], on: date) -> bool | None:
    """The yardstick: a straightforward walk over the pydantic models."""
    if isinstance(found, model.All):
        truths = [plain_truth(each, facts, on) for each in found.all]
        return False if False in truths else None if None in truths else True
    if isinstance(found, model.AnyOf):
        truths = [plain_truth(each, facts, on) for each in found.any]
        return True if True in truths else None if None in truths else False
    assert isinstance(found, model.Fact)
    value = facts.get(found.fact or "")
    if found.fact == "年龄":
        born = facts.get("出生日期")
        value = None if born is None else (on - born).days * 4 // 1461
    if value is None:
        return None
    if found.equals is not None:
        return bool(value == found.equals.value)
    if found.among is not None:
        return any(value == each.value for each in found.among)
    if found.under is not None:
        return any(value.startswith(code) for code in found.under)
    for name, holds in (
        ("at_least", lambda a, b: a >= b),
        ("at_most", lambda a, b: a <= b),
        ("below", lambda a, b: a < b),
    ):
        bound = getattr(found, name)
        if bound is not None and not holds(value, bound.value):
            return False
    return True


def plain_walk(offers: list[Offer], facts: dict[str, Any], on: date) -> int:
    """Judge every measure with :func:`plain_truth`."""
    count = 0
    for each in offers:
        window = each.measure.window
        if window and not window.opens_on <= on <= window.closes_on:  # type: ignore[operator]
            continue
        count += plain_truth(each.measure.condition, facts, on) is True
    return count


def timed(cases: list[Case], job: Callable[[Case], Any], times: int = 3) -> list[float]:
    """CPU milliseconds a case, the best of some runs."""
    best = [float("inf")] * len(cases)
    for _ in range(times):
        for at, case in enumerate(cases):
            fresh = Case(case.subject, case.facts, case.on)
            begun = time.process_time()
            job(fresh)
            best[at] = min(best[at], (time.process_time() - begun) * 1000)
    return best


def one() -> None:
    """One profile × 10,000 and 100,000 measures."""
    vocabulary = load_vocabulary()
    people = list(world.profiles(400))
    for count in (10_000, 100_000):
        offers = world.offers(count)
        gc.collect()
        begun = time.process_time()
        matcher = Matcher(vocabulary, offers)
        built = time.process_time() - begun
        index = matcher.index(Subject.PERSON)
        print(
            f"one × {count:,}: build {built:.2f} s, {index.conjunctions:,} conjunctions,", end=" "
        )
        print(f"{len(index.attributes)} attributes")
        cases = [matcher.case(each, on=ON) for each in people]
        for case in cases:
            matcher.found(case)

        def full(case: Case, matcher: Matcher = matcher) -> Any:
            found = matcher.asked(case)
            return found.likely_ids(), found.open_ids(), found.near, found.asked

        def ids(case: Case, matcher: Matcher = matcher) -> Any:
            found = matcher.found(case)
            return found.likely_ids(), found.open_ids()

        verdicts = timed(cases, matcher.found)
        print("  verdicts               ", spread(verdicts))
        print("  and ids                ", spread(timed(cases, ids)))
        print("  sets, question, near   ", spread(timed(cases, matcher.asked)))
        print("  ids, question, near    ", spread(timed(cases, full)))
        found = [matcher.asked(case) for case in cases]
        for name in ("likely", "open", "near"):
            mean = statistics.mean(getattr(each, name).bit_count() for each in found)
            print(f"    {name} a profile: {mean:.0f}")
        if count == 10_000:
            walks = []
            for case in cases[:20]:
                begun = time.process_time()
                plain_walk(offers, dict(case.facts), ON)
                walks.append((time.process_time() - begun) * 1000)
            ratio = statistics.median(walks) / statistics.median(verdicts)
            print("  plain pydantic tree    ", spread(walks), f" ratio {ratio:.0f}×")
        reads = []
        for each in people:
            begun = time.process_time()
            matcher.case(each, on=ON)
            reads.append((time.process_time() - begun) * 1000)
        print("  reading a profile      ", spread(reads))


# -- many profiles ------------------------------------------------------------------------------


def columns(rows: int, seed: int = 5) -> dict[str, Any]:
    """Random persons as NumPy columns, a fifth unknown."""
    import numpy as np

    dice = np.random.default_rng(seed)

    def gaps(values: Any) -> Any:
        values = values.astype(np.float32)
        values[dice.random(rows) < 0.2] = np.nan
        return values

    def coded(words: list[str]) -> Any:
        codes = dice.integers(0, len(words), rows).astype(np.int32)
        codes[dice.random(rows) < 0.2] = -1
        return codes, words

    days = np.datetime64(ON - timedelta(days=1)) - dice.integers(0, 95 * 365, rows)
    days = days.astype("datetime64[D]")
    days[dice.random(rows) < 0.2] = np.datetime64("NaT")
    flags = {}
    for name in world.FLAGS:
        flags[name] = (dice.random(rows) < 0.3).astype(np.int8)
        flags[name][dice.random(rows) < 0.2] = -1
    return {
        "出生日期": days,
        "性别": coded(["男", "女"]),
        "户籍地": coded(world.REGIONS),
        "常住地": coded(world.REGIONS),
        "就业状态": coded(world.WORK),
        "学历": coded(world.SCHOOLING),
        "残疾等级": gaps(dice.integers(1, 5, rows)),
        "家庭人均月收入": gaps(dice.integers(0, 3000, rows)),
        **{name: gaps(dice.integers(0, 200, rows)) for name in world.MONTHS},
        **flags,
    }


def cut(table: dict[str, Any], rows: int, size: int) -> Any:
    """The blocks of a table."""
    for at in range(0, rows, size):
        end = at + size
        yield {
            name: (each[0][at:end], each[1]) if isinstance(each, tuple) else each[at:end]
            for name, each in table.items()
        }


def peak() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def batch(rows: int, count: int = 1_000) -> None:
    """M profiles × N measures, with counts, with row numbers; polars beside it."""
    from policylib.matching.batch import BLOCK, Batch

    matcher = Matcher(load_vocabulary(), world.offers(count))
    table = columns(rows)
    list(Batch(matcher, Subject.PERSON, on=ON).run(cut(table, 8_192, 8_192)))
    before = peak()
    for what in ("counts", "row numbers of 可能符合", "row numbers of both"):
        begun, cpu = time.perf_counter(), time.process_time()
        likely = open_ = listed = 0
        run = Batch(matcher, Subject.PERSON, on=ON)
        for block in run.run(cut(table, rows, BLOCK), ids=what != "counts"):
            likely += int(block.likely.sum())
            open_ += int(block.open.sum())
            for at in range(len(block.bits)):
                listed += len(block.likely_rows(at))
                listed += len(block.open_rows(at)) if what.endswith("both") else 0
            del block
        wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
        print(
            f"batch {rows:,} × {count:,} with {what}: {wall:.2f} s wall, {cpu:.2f} s CPU,", end=" "
        )
        print(f"{rows * count / wall / 1e9:.2f} G pairs/s ({rows * count / cpu / 1e9:.2f} by CPU)")
        print(f"  可能符合 {likely:,}, 待核实 {open_:,}, listed {listed:,};", end=" ")
        print(f"memory over the input {peak() - before:.0f} MB")
    polars_counts(matcher, table, rows, count, likely)


def polars_counts(
    matcher: Matcher, table: dict[str, Any], rows: int, count: int, likely: int
) -> None:
    """The same counts with polars, whose null is Kleene's unknown."""
    try:
        import polars as pl
    except ImportError:
        print("polars is not installed")
        return
    import numpy as np

    series: dict[str, Any] = {}
    for name, each in table.items():
        if isinstance(each, tuple):
            lookup = pl.Series(each[1])
            codes = pl.Series(each[0].astype(np.int64))
            series[name] = lookup.gather(pl.select(pl.when(codes >= 0).then(codes)).to_series())
        elif each.dtype == np.int8:
            known = pl.Series(each)
            series[name] = pl.select(pl.when(known >= 0).then(known == 1)).to_series()
        elif each.dtype.kind == "f":
            series[name] = pl.Series(each).fill_nan(None).cast(pl.Int32)
        else:
            series[name] = pl.Series(each).cast(pl.Date)
    frame = pl.DataFrame(series)
    begun, cpu = time.perf_counter(), time.process_time()
    born = pl.col("出生日期")
    before = pl.lit(ON.month * 100 + ON.day) < born.dt.month().cast(pl.Int32) * 100 + born.dt.day()
    frame = frame.with_columns((ON.year - born.dt.year() - before.cast(pl.Int32)).alias("年龄"))
    found = 0
    for at in range(0, count, 100):
        some = [polars_measure(each.offer, pl) for each in matcher.prepared[at : at + 100]]
        sums = frame.select([one.sum().alias(str(i)) for i, one in enumerate(some)])
        found += sum(sums.row(0))
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(f"polars, only 可能符合: {wall:.2f} s wall, {cpu:.2f} s CPU,", end=" ")
    print(
        f"{rows * count / wall / 1e9:.2f} G pairs/s ({rows * count / cpu / 1e9:.2f} by CPU);",
        end=" ",
    )
    print("same counts" if found == likely else f"other counts: {found:,}")


def polars_measure(offer: Offer, pl: Any) -> Any:
    """A measure as a polars expression."""

    def of(found: Any) -> Any:
        if isinstance(found, model.All):
            return pl.all_horizontal([of(each) for each in found.all])
        if isinstance(found, model.AnyOf):
            return pl.any_horizontal([of(each) for each in found.any])
        column = pl.col(found.fact)
        if found.equals is not None:
            return column == found.equals.value
        if found.among is not None:
            return column.is_in([each.value for each in found.among])
        if found.under is not None:
            return pl.any_horizontal([column.str.starts_with(code) for code in found.under])
        tests = []
        if found.at_least is not None:
            tests.append(column >= found.at_least.value)
        if found.at_most is not None:
            tests.append(column <= found.at_most.value)
        if found.below is not None:
            tests.append(column < found.below.value)
        return pl.all_horizontal(tests)

    window = offer.measure.window
    if window and not window.opens_on <= ON <= window.closes_on:
        return pl.lit(value=False)
    return of(offer.measure.condition)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="*", default=["agree", "one", "batch"])
    parser.add_argument("--pairs", type=int, default=3_000_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    asked = parser.parse_args()
    if "agree" in asked.what:
        agree(asked.pairs)
    if "one" in asked.what:
        one()
    if "batch" in asked.what:
        batch(asked.rows)


if __name__ == "__main__":
    main()
