"""Plans every planning case of a folder and compares the service with another planner's.

    python -m benchmarks.check_cases DATA_FOLDER [--case NAME] [--seconds S] [--processes N] [--limit S]
        [--markdown FILE] [-v]

Exit status 0 where every model is read, no plan violates a rule and enough cases are at least as good; else 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from benchmarks.cases_expected import cases
from benchmarks.cases_report import detail, line, markdown, passed, summary
from benchmarks.cases_run import Result, run_apart, run_case


def main(arguments: list[str] | None = None) -> int:
    """Runs the cases and prints a line for each as it ends."""
    options = _options(arguments)
    chosen = [(case, settings) for case, settings in cases(options.data) if options.case in ("", case)]
    if not chosen:
        print(f"{options.data} holds no case" + (f" named {options.case}" if options.case else ""), file=sys.stderr)
        return 1
    results = []
    for result in _results(options, chosen):
        results.append(result)
        print(line(result), flush=True)
        if options.verbose:
            print("\n".join(detail(result)) or "    nothing to note", flush=True)
    print(summary(results))
    if options.markdown:
        options.markdown.write_text(markdown(results, options.seconds), encoding="utf-8")
    return 0 if passed(results) else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check_cases", description="Checks the planning cases.")
    parser.add_argument("data", type=Path, help="folder of cases, each a folder with model.xml and expected.N.tsv")
    parser.add_argument("--case", default="", help="only this case")
    parser.add_argument("--seconds", type=float, default=5.0, help="time to plan each case in (default 5)")
    parser.add_argument("--steps", type=int, default=None, help="plans tried instead of a time limit")
    parser.add_argument("--processes", type=int, default=2, help="cases planned side by side (default 2)")
    parser.add_argument("--limit", type=float, default=180.0, help="give a case up after so many seconds (default 180)")
    parser.add_argument("--markdown", type=Path, default=None, help="also write the results as a page")
    parser.add_argument("-v", "--verbose", action="store_true", help="also warnings, violations and worse demands")
    return parser.parse_args(arguments)


def _results(options: argparse.Namespace, chosen: list[tuple[str, str]]) -> Iterator[Result]:
    """Each case's result as soon as it is there."""
    rest = (options.seconds, options.steps)
    if options.processes <= 1:
        yield from (run_case(options.data, case, settings, *rest) for case, settings in chosen)
        return
    with ThreadPoolExecutor(options.processes) as pool:  # each thread minds one process
        jobs = [pool.submit(run_apart, options.limit, options.data, case, settings, *rest) for case, settings in chosen]
        yield from (job.result() for job in as_completed(jobs))


if __name__ == "__main__":
    raise SystemExit(main())
