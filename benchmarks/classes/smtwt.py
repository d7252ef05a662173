"""One machine, total weighted tardiness (OR-Library, 40 to 100 jobs; all optima are known)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.harness import Answer, Benchmark, Case, at_most, case_of, honest, known
from gemba.solvers.onemachine import Problem, faults, objective, problem, solve
from gemba.solvers.stop import Stop


def read(path: Path) -> Problem:
    """``n``, then work, weight and due for each job."""
    rows = np.array(path.read_text().split()[1:], np.int64).reshape(-1, 3)
    return problem(rows[:, 0], rows[:, 2], rows[:, 1])


def _cases(data: Path) -> list[Case]:
    return [case_of(row, read(path)) for row, path in known(data, "smtwt")]


def _solve(case: Case, seconds: float) -> Answer:
    found = solve(case.problem, Stop(seconds=seconds))
    wrong = faults(case.problem, found.sequence)
    return Answer(float("inf") if wrong else objective(case.problem, found.sequence), found.bound, faults=wrong)


def _cp_sat(case: Case, seconds: float) -> Answer:
    work, due, weight = (column.tolist() for column in case.problem)
    model, intervals, terms = cp_model.CpModel(), [], []
    horizon = sum(work)
    for p, d, w in zip(work, due, weight, strict=True):
        start = model.new_int_var(0, horizon - p, "")
        late = model.new_int_var(0, horizon, "")
        model.add(late >= start + p - d)
        intervals.append(model.new_fixed_size_interval_var(start, p, ""))
        terms.append(w * late)
    model.add_no_overlap(intervals)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Answer(solver.objective_value if found else float("inf"), solver.best_objective_bound)


BENCHMARKS = (
    Benchmark(
        name="smtwt",
        title="one machine, total weighted tardiness: every optimum",
        cases=_cases,
        solve=_solve,
        rivals={"cp-sat": _cp_sat},
        bars=(at_most(0.0), honest),
        seconds=3.0,
    ),
)
