"""Checks Gemba against known facts of real data: python -m benchmarks.check_real [DATA_FOLDER] [--seconds N]

Prints each fact with what is expected and what was found, and ends with 1 where one does not hold. The folder is one of
`enterprise` data: adventureworks (CSV files), frepple_demos/jobshop, event logs (log_*) and callcentre_bank_feb1999.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as Overdue
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.real_facts import Fact
from benchmarks.real_logs import Check, logs

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "enterprise"


def history(folder: Path, seconds: float) -> tuple[list[Fact], list[str]]:
    from benchmarks.real_adventureworks import history as check

    return check(folder / "adventureworks"), []


def month(folder: Path, seconds: float) -> tuple[list[Fact], list[str]]:
    from benchmarks.real_month import month as check

    return check(folder / "adventureworks", seconds)


def jobshop(folder: Path, seconds: float) -> tuple[list[Fact], list[str]]:
    from benchmarks.real_jobshop import jobshop as check

    return check(folder / "frepple_demos" / "jobshop")


def company(folder: Path, seconds: float) -> tuple[list[Fact], list[str]]:
    from benchmarks.real_records import company as check

    return check(folder)


def machine_shop(folder: Path, seconds: float) -> tuple[list[Fact], list[str]]:
    from benchmarks.real_records import machine_shop as check

    return check(folder)


CHECKS = {
    "AdventureWorks: the history of work orders, explained by netting": history,
    "AdventureWorks: a month's sales, planned": month,
    "AdventureWorks: what happened, as records": company,
    "A machine shop's reports, as records": machine_shop,
    "The ten by ten job shop": jobshop,
    **{title: Check(title) for title in logs()},
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check_real", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DATA, help="the enterprise data (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=10.0, help="time to improve the month's plan in")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds after which a check is given up")
    given = parser.parse_args(arguments)
    facts = [fact for title, check in CHECKS.items() for fact in _checked(title, check, given)]
    failed = sum(not fact.ok for fact in facts)
    print(f"\n{len(facts) - failed} of {len(facts)} facts hold")
    return 1 if failed else 0


def _checked(title: str, check: Callable[..., Any], given: argparse.Namespace) -> list[Fact]:
    """The facts of one check, printed. A check that breaks or does not end is a fact that does not hold."""
    print(f"\n{title}", flush=True)
    try:
        facts, lines = _within(given.limit, check, given.folder, given.seconds)
    except Overdue:
        facts, lines = [Fact("the check", f"done within {given.limit:.0f} s", "not done", False)], []
    except Exception as error:
        facts, lines = [Fact("the check", "done", f"{type(error).__name__}: {error}"[:500], False)], []
    for line in [*facts, *(f"      {line}" for line in lines)]:
        print(line, flush=True)
    return list(facts)


def _within(limit: float, check: Callable[..., Any], *given: Any) -> Any:
    """What the check gives, run in a process of its own, which is ended where it takes longer."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        return pool.submit(check, *given).result(timeout=limit)
    finally:
        for process in (pool._processes or {}).values():
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


if __name__ == "__main__":
    sys.exit(main())
