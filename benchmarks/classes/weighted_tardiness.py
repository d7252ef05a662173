"""Job shops with releases, due dates and weights, from 1,000 to 100,000 operations: total weighted tardiness.

Instances are made by ``bench/weighted_tardiness/generate.py`` of the data folder's neighbour, which is called where it is.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.harness import Answer, Benchmark, Case, Row, find, honest
from gemba.solvers.stop import Stop
from gemba.solvers.tardiness import Problem, faults, objective, problem, solve

#: Operations -> arguments of the generator, and total weighted tardiness of the compiled annealing before this one.
_CASES = {
    1_000: ("100 10 10 1", 8_230.0),
    10_000: ("1000 50 10 1", 640_050.0),
    50_000: ("5000 50 10 1", 17_767_063.0),
    100_000: ("10000 50 10 1", 71_256_239.0),
}
_SHARE = 0.92  # of that, at most
_BETTER = 5.0  # times better than CP-SAT at 10,000 operations


def read(text: str) -> Problem:
    """``jobs machines``, then release, due, weight and (machine, duration) pairs for each job."""
    rows = [[int(x) for x in line.split()] for line in text.splitlines()[1:] if line.strip()]
    jobs = [list(zip(row[3::2], row[4::2], strict=True)) for row in rows]
    release, due, weight = ([row[k] for row in rows] for k in range(3))
    return problem(jobs, due, weight, release)


def _cases(data: Path) -> list[Case]:
    script = Path("weighted_tardiness") / "generate.py"
    folder = find(data, str(script), "bench", "../bench")
    cases = []
    for operations, (arguments, reference) in _CASES.items():
        made = subprocess.run(
            [sys.executable, str(folder / script), *arguments.split()], capture_output=True, text=True, check=True
        )
        cases.append(Case(f"wt{operations}", read(made.stdout), reference, size=f"{operations:,} operations"))
    return cases


def _solve(case: Case, seconds: float) -> Answer:
    found = solve(case.problem, Stop(seconds=seconds))
    wrong = faults(case.problem, found.start)
    return Answer(float("inf") if wrong else objective(case.problem, found.start), found.bound, faults=wrong)


def _cp_sat(case: Case, seconds: float) -> Answer:
    """CP-SAT as it comes, with two workers."""
    p: Problem = case.problem
    model, machines, terms = cp_model.CpModel(), {}, []
    horizon = int(p.release.max(initial=0) + p.work.sum())
    starts = [model.new_int_var(0, horizon, "") for _ in range(p.size)]
    for o in range(p.size):
        interval = model.new_fixed_size_interval_var(starts[o], int(p.work[o]), "")
        machines.setdefault(int(p.machine[o]), []).append(interval)
    for j in range(len(p.due)):
        first, last = int(p.ptr[j]), int(p.ptr[j + 1]) - 1
        model.add(starts[first] >= int(p.release[j]))
        for o in range(first, last):
            model.add(starts[o + 1] >= starts[o] + int(p.work[o]))
        late = model.new_int_var(0, horizon, "")
        model.add(late >= starts[last] + int(p.work[last] - p.due[j]))
        terms.append(int(p.weight[j]) * late)
    for intervals in machines.values():
        model.add_no_overlap(intervals)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(float("inf"))
    start = np.array([solver.value(s) for s in starts], np.int64)
    return Answer(objective(p, start), solver.best_objective_bound, faults=faults(p, start))


def _below(rows: Sequence[Row]) -> str:
    missed = [
        f"{row.case.name}: {row.answer.objective:,.0f} is above {_SHARE * row.case.best:,.0f}"
        for row in rows
        if row.case.best and not row.answer.objective <= _SHARE * row.case.best
    ]
    return "; ".join(missed)


def _ahead(rows: Sequence[Row]) -> str:
    missed = [
        f"{row.case.name}: CP-SAT's {row.rivals['cp-sat'].objective:,.0f} is not {_BETTER:g} times {row.answer.objective:,.0f}"
        for row in rows
        if row.case.problem.size == 10_000
        and "cp-sat" in row.rivals
        and row.rivals["cp-sat"].objective < _BETTER * row.answer.objective
    ]
    return "; ".join(missed)


BENCHMARKS = (
    Benchmark(
        name="weighted_tardiness",
        aliases=("weighted_tardiness_job_shop", "weighted_tardiness job shop"),
        title="job shops, total weighted tardiness, 1,000 to 100,000 operations",
        cases=_cases,
        solve=_solve,
        rivals={"cp-sat": _cp_sat},
        bars=(_below, _ahead, honest),
        seconds=60.0,
    ),
)
