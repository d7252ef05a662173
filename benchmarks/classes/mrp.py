"""Material requirements planning at scale: the seconds and the memory of a full run, and the same plan in any order of rows."""

from __future__ import annotations

import hashlib
import multiprocessing
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Answer, Benchmark, Case, Row, honest
from gemba.decide.netting import SCALE, Problem, Result, scaled, solve, solve_again

Size = tuple[int, int, int]  # items, lines of the bill of materials, buckets

MOST_SECONDS = 3.0
MOST_GIGABYTES = 1.5
LEVELS = 8


def made(size: Size, seed: int = 0) -> Problem:
    """Items on eight levels, most lines one level deep; stock, lots, lead times, open orders; needs of the top level."""
    items, lines, buckets = size
    random = np.random.default_rng(seed)
    level = np.sort((LEVELS * random.random(items) ** 0.8).astype(np.int64))
    first = np.searchsorted(level, np.arange(LEVELS))
    child = random.integers(first[1], items, lines)
    above = np.maximum(level[child] - random.choice([1, 1, 1, 2, 3], lines), 0)
    low, high = first[above], np.append(first, items)[above + 1]
    top = int(first[1])
    needs, receipts = 26 * top, items // 2
    return Problem(
        buckets=buckets,
        stock=scaled(random.integers(0, 200, items)),
        safety=scaled(random.choice([0, 0, 20], items)),
        minimum=scaled(random.choice([0, 0, 50, 100], items)),
        multiple=scaled(random.choice([0, 1, 10], items)),
        period=random.choice([1, 1, 2, 4], items),
        lead=random.integers(0, 4, items),
        parent=low + (random.random(lines) * (high - low)).astype(np.int64),
        child=child,
        per=scaled(random.choice([1.0, 2.0, 0.25, 1 / 0.98], lines).round(6)),
        need_item=random.integers(0, top, needs),
        need_bucket=random.integers(0, buckets, needs),
        need_quantity=scaled(random.integers(1, 20, needs)),
        receipt_item=random.integers(0, items, receipts),
        receipt_bucket=random.integers(0, min(4, buckets), receipts),
        receipt_quantity=scaled(random.integers(1, 100, receipts)),
    )


def permuted(problem: Problem, seed: int) -> tuple[Problem, np.ndarray]:
    """The same problem with other item numbers and all rows in another order; and the new number of each item."""
    random = np.random.default_rng(seed)
    new = random.permutation(problem.items)
    old = np.argsort(new)
    found: dict[str, Any] = {}
    for name in ("stock", "safety", "minimum", "multiple", "period", "lead", "orders"):
        found[name] = getattr(problem, name)[old]
    for names in (
        ("parent", "child", "per", "fixed", "first", "last"),
        ("need_item", "need_bucket", "need_quantity"),
        ("receipt_item", "receipt_bucket", "receipt_quantity"),
    ):
        rows = random.permutation(len(getattr(problem, names[0])))
        for name in names:
            values = getattr(problem, name)[rows]
            found[name] = new[values] if name in ("parent", "child") or name.endswith("_item") else values
    return replace(problem, **found), new


def digest(result: Result, number: np.ndarray) -> str:
    """Of the planned orders, with items in the order of ``number``."""
    found = hashlib.sha256()
    for name in ("need", "due", "release", "stock"):
        found.update(np.ascontiguousarray(getattr(result, name)[number]))
    return found.hexdigest()


def faults(result: Result) -> int:
    """Entries that break a rule: needs that are not what parents take, stock that does not balance or is too low."""
    p = result.problem
    need = np.zeros_like(result.need)
    np.add.at(need, (p.need_item, p.need_bucket), p.need_quantity)
    for some in np.array_split(np.arange(len(p.parent)), 20):
        taken = -(-result.release[p.parent[some]] * p.per[some, None] // SCALE)
        np.add.at(need, p.child[some], taken)
    before = np.column_stack((p.stock, result.stock[:, :-1]))
    wrong = (need != result.need) | (before + result.receipt + result.due - need != result.stock)
    short = p.orders[:, None] & (result.stock < p.safety[:, None])
    return int(wrong.sum() + short.sum())


def _full(size: Size, seed: int | None) -> tuple[float, float, str]:
    """In a process of its own: seconds and peak memory (GiB) of a full run, and the digest of its plan."""
    solve(made((50, 100, 4)))  # loads the kernels
    problem, number = made(size), np.arange(size[0])
    if seed is not None:
        problem, number = permuted(problem, seed)
    begun = time.perf_counter()
    result = solve(problem)
    passed = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return passed, peak, digest(result, number)


def _changes(size: Size) -> tuple[int, str]:
    """Faults of a full run and of net changes (which must equal full runs), and the milliseconds of the latter."""
    result = solve(made(size))
    wrong, said = faults(result), []
    random = np.random.default_rng(1)
    for count in (1, 100, 10_000):
        problem = result.problem
        quantity = problem.need_quantity.copy()
        quantity[random.choice(len(quantity), min(count, len(quantity)), replace=False)] += 25 * SCALE
        begun = time.perf_counter()
        result = solve_again(result, replace(problem, need_quantity=quantity), reuse=True)
        said.append(f"{1000 * (time.perf_counter() - begun):.0f} ms for {count}")
        full = solve(result.problem)
        wrong += int((full.due != result.due).sum() + (full.stock != result.stock).sum())
    return wrong, f"net change of needs: {', '.join(said)}"


def _apart(function: Any, *arguments: Any) -> Any:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def _solve(case: Case, seconds: float) -> Answer:
    passed, peak, plan = _apart(_full, case.problem, None)
    others = [_apart(_full, case.problem, seed) for seed in (1, 2)]
    wrong, said = _apart(_changes, case.problem)
    differ = sum(plan != other for _, _, other in others)
    slowest, largest = max(passed, *(o[0] for o in others)), max(peak, *(o[1] for o in others))
    note = f"full run {slowest:.2f} s, {largest:.2f} GiB; {differ} of 2 orders of rows give another plan; {said}"
    return Answer(slowest, note=note, faults=wrong + differ, extra={"seconds": slowest, "gigabytes": largest})


def _fast(rows: Sequence[Row]) -> str:
    slow = [row.case.name for row in rows if row.answer.extra["seconds"] > MOST_SECONDS]
    return f"more than {MOST_SECONDS:g} s: {', '.join(slow)}" if slow else ""


def _small(rows: Sequence[Row]) -> str:
    large = [row.case.name for row in rows if row.answer.extra["gigabytes"] > MOST_GIGABYTES]
    return f"more than {MOST_GIGABYTES:g} GiB: {', '.join(large)}" if large else ""


def _cases(data: Path) -> list[Case]:
    return [Case("mrp-100k", (100_000, 500_000, 52), size="500k lines, 52 buckets")]


BENCHMARKS = (
    Benchmark(
        name="mrp",
        title="material requirements planning of 100,000 items in seconds (the objective)",
        cases=_cases,
        solve=_solve,
        bars=(_fast, _small, honest),
        seconds=MOST_SECONDS,
    ),
)
