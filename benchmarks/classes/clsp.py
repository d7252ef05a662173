"""Capacitated lot sizing with set-up times (Trigeiro, Thomas and McClain 1989)."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from benchmarks.harness import Answer, Benchmark, Case, at_most, find, honest
from gemba.solvers.lots import Problem, faults, objective, solve
from gemba.solvers.stop import Stop


def read(path: Path) -> Problem:
    """One resource with the same capacity in every period; no first stock, no overtime, no backlog."""
    raw = json.loads(path.read_text())
    columns = {name: np.array(raw[name], np.float64) for name in ("unit_time", "setup_time", "setup_cost")}
    capacity = np.full((1, raw["periods"]), raw["capacity_per_period"])
    return Problem(
        demand=np.array(raw["demand"], np.float64), holding=np.array(raw["holding_cost"]), capacity=capacity, **columns
    )


def _cases(data: Path) -> list[Case]:
    folder = find(data, "best_known_clsp.csv", "decisions/lotsizing", "lotsizing")
    with (folder / "best_known_clsp.csv").open() as file:
        return [
            Case(
                row["instance"], read(folder / "clsp_trigeiro" / f"{row['instance']}.json"), float(row["best_known"]),
                row["status"] == "PROVEN", f"{row['items']} x {row['periods']}", float(row["lower_bound"]),
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def _solve(case: Case, seconds: float) -> Answer:
    found = solve(case.problem, Stop(seconds=seconds))
    return Answer(
        objective(case.problem, found.made, found.setups), found.bound,
        faults=faults(case.problem, found.made, found.setups),
    )  # fmt: skip


BENCHMARKS = (
    Benchmark(
        name="clsp",
        aliases=("clsp_trigeiro", "lotsizing/clsp_trigeiro"),
        title="capacitated lot sizing with set-up times (Trigeiro, Thomas and McClain)",
        cases=_cases,
        solve=_solve,
        bars=(at_most(1.0), honest),
        seconds=10.0,
    ),
)
