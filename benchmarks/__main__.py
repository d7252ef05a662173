"""Measures the planning engines on published instances: ``python -m benchmarks CLASS DATA_FOLDER``.

A line for each instance, the summary last; exit status 1 where a bar is missed, 2 where there is nothing to run. Without a class
it lists them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.catalogue import benchmarks, by_name
from benchmarks.harness import PUBLISHED, Answer, Benchmark, Case, Row, against, gap, mean_gap, run, spread

_WARM, _TRIES = 1.0, 12  # seconds, and how often at most


def main(arguments: list[str] | None = None) -> int:
    found = benchmarks()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument(
        "name",
        metavar="CLASS",
        type=lambda text: text.lower().replace("-", "_"),
        choices=[*found, "all"],
        nargs="?",
        help=", ".join(sorted({b.name for b in found.values()})),
    )
    parser.add_argument("data", metavar="DATA_FOLDER", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--seconds", type=float, help="for each instance")
    parser.add_argument("--sample", type=int, help="so many instances, evenly chosen")
    parser.add_argument("--rivals", action="store_true", help="other engines too, each in the same time")
    parser.add_argument("--only", help="instances whose names begin so")
    options = parser.parse_args(arguments)
    if options.name is None:
        for benchmark in dict.fromkeys(found.values()):
            print(f"{benchmark.name:20} {benchmark.title}")
        return 0
    if options.name == "all":
        return max(_class(benchmark, options) for benchmark in dict.fromkeys(found.values()))
    return _class(found[options.name], options)


def _class(benchmark: Benchmark, options: argparse.Namespace) -> int:
    try:
        cases = benchmark.cases(options.data)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    cases = spread([c for c in cases if c.name.startswith(options.only or "")], options.sample)
    if not cases:
        print(f"{options.data} has no instance of {benchmark.name}", file=sys.stderr)
        return 2
    return _measure(benchmark, cases, options.seconds or benchmark.seconds, options.rivals)


def _measure(benchmark: Benchmark, cases: Sequence[Case], seconds: float, rivals: bool) -> int:
    print(f"{benchmark.name}: {benchmark.title}; {len(cases)} instances, {seconds:g} s each; {_machine()}", flush=True)
    if not benchmark.fresh:
        _warm(benchmark, cases[0])
    rows = []
    for case in cases:
        rows.append(
            _apart(benchmark, case, seconds, rivals) if benchmark.fresh else run(benchmark, case, seconds, rivals)
        )
        print(_line(rows[-1]), flush=True)
    missed = [said for bar in benchmark.bars if (said := bar(rows))]
    print(_summary(benchmark, rows))
    print("\n".join(f"MISSED: {said}" for said in missed) or "every bar is met")
    return 1 if missed else 0


def _warm(benchmark: Benchmark, case: Case) -> None:
    """Compile, or load what is compiled: an engine that compiles goes over its time, and gets no further than that."""
    for _ in range(_TRIES):
        begun = time.monotonic()
        benchmark.solve(case, _WARM)
        if time.monotonic() - begun < 2 * _WARM:
            return


def _apart(benchmark: Benchmark, case: Case, seconds: float, rivals: bool) -> Row:
    """The case in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(by_name, (benchmark.name, case, seconds, rivals))


def _line(row: Row) -> str:
    best = "" if row.case.best is None else f"best {row.case.best:<12g} gap {row.gap():6.2f} %"
    first = "" if row.answer.first is None else f"first {row.answer.first:5.2f} s"
    others = "  ".join(f"{name} {_value(other)} ({row.gap(other):.2f} %)" for name, other in row.rivals.items())
    return (
        f"  {row.case.name:22} {row.case.size:22} {_value(row.answer):>12} bound {row.answer.bound:<12.6g} {best}  "
        f"{row.seconds:5.1f} s {first} {row.gigabytes:.2f} GiB  {others} {row.answer.note}"
        f"{'' if row.honest else '  WRONG'}"
    ).rstrip()


def _value(answer: Answer) -> str:
    return f"{answer.objective:.10g}"


def _summary(benchmark: Benchmark, rows: Sequence[Row]) -> str:
    gaps = [row.gap() for row in rows if row.case.best]
    words = [f"{benchmark.name}: {len(rows)} instances"]
    if gaps:
        reached = sum(row.case.best is not None and row.answer.objective <= row.case.best + 1e-9 for row in rows)
        words.append(
            f"mean gap {statistics.fmean(gaps):.2f} %, median {statistics.median(gaps):.2f} %, best known reached {reached}"
        )
    words.append(
        f"proven {sum(row.answer.objective - row.answer.bound <= 1e-6 * max(1.0, row.answer.objective) for row in rows)}"
    )
    words.append(f"median {statistics.median(row.seconds for row in rows):.1f} s")
    words += [against(rows, name) for name in sorted({n for row in rows for n in row.rivals})]
    for engine in benchmark.published:
        both = [(row, PUBLISHED[key]) for row in rows if (key := (benchmark.name, engine, row.case.name)) in PUBLISHED]
        if both:
            theirs = statistics.fmean(gap(value, row.case.best) for row, value in both)
            words.append(
                f"{engine} published {theirs:.2f} % against {mean_gap([row for row, _ in both]):.2f} % on {len(both)}"
            )
    return "; ".join(words)


def _machine() -> str:
    libraries = " ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "ortools", "highspy"))
    return f"{os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}, {libraries}"


if __name__ == "__main__":
    sys.exit(main())
