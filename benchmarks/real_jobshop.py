"""The classical ten by ten job shop (Fisher and Thompson 1963), kept as a peer's planning model: its shortest makespan,
930 hours, was proven in 1989 (Carlier and Pinson)."""

from __future__ import annotations

import time
from pathlib import Path

import gemba
from benchmarks.real_facts import Fact, equal
from gemba.exchange.frepple import read_frepple_tables

MAKESPAN = 930 * 3600
LIMIT = 30.0  # seconds


def jobshop(folder: Path) -> tuple[list[Fact], list[str]]:
    """Whether the plan is the shortest there is, known to be so, and clean."""
    operation = read_frepple_tables(folder)
    begin = time.perf_counter()
    plan = gemba.plan(operation, seconds=LIMIT, policy="makespan")
    spent = time.perf_counter() - begin
    facts = [
        equal("makespan in hours", MAKESPAN / 3600, plan.objective.makespan / 3600),
        equal("proven to be the shortest", True, plan.objective.proven),
        equal("rules that the plan breaks", [], plan.violations[:3]),
        Fact("time to plan", f"within {LIMIT:.0f} s", f"{spent:.1f} s", spent < LIMIT + 5),
    ]
    return facts, [f"{len(operation.orders) + len(operation.demands)} jobs, {len(plan.tasks)} tasks"]
