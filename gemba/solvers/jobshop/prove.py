"""The job shop as a constraint model (CP-SAT): proofs on small instances, better schedules on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from gemba.solvers.cpsat import solve_until
from gemba.solvers.jobshop.problem import JobShop, Longs
from gemba.solvers.stop import Run

#: Operations up to which a schedule is looked for by constraints within a bound that leaves them this many mean durations.
_REACHABLE, _TIGHT = 30_000, 4.0


def model(problem: JobShop, longest: int) -> tuple[cp_model.CpModel, list[Any], Any]:
    """(model, start variables, makespan) of schedules no longer than ``longest``: intervals that do not overlap."""
    cp = cp_model.CpModel()
    makespan = cp.new_int_var(0, longest, "makespan")
    starts, intervals = [], []
    latest = longest - problem.rest
    for i in range(problem.operations):
        start = cp.new_int_var(int(problem.head[i]), max(int(problem.head[i]), int(latest[i])), "")
        starts.append(start)
        intervals.append(cp.new_fixed_size_interval_var(start, int(problem.duration[i]), ""))
    for job in range(problem.jobs):
        first, last = int(problem.job_ptr[job]), int(problem.job_ptr[job + 1]) - 1
        for i in range(first, last):
            cp.add(starts[i + 1] >= starts[i] + int(problem.duration[i]))
        cp.add(makespan >= starts[last] + int(problem.duration[last] + problem.tail[job]))
    for machine in np.unique(problem.machine):
        cp.add_no_overlap([intervals[i] for i in np.flatnonzero(problem.machine == machine)])
    return cp, starts, makespan


class _Told(cp_model.CpSolverSolutionCallback):
    """Keeps the best schedule, and ends the search when the run does."""

    def __init__(self, run: Run, starts: list[Any], makespan: Any) -> None:
        super().__init__()
        self.run, self.starts, self.makespan = run, starts, makespan
        self.found: Longs | None = None

    def on_solution_callback(self) -> None:
        self.found = np.array([self.value(start) for start in self.starts], np.int64)
        self.run.tell(objective=float(self.value(self.makespan)))


def prove(problem: JobShop, run: Run, hint: Longs, makespan: int, *, workers: int, seed: int) -> Longs | None:
    """Tell the run of better schedules and bounds until it is over; the best schedule better than the hint, if any."""
    cp, starts, end = model(problem, makespan)
    for start, moment in zip(starts, hint, strict=True):
        cp.add_hint(start, int(moment))
    cp.minimize(end)
    solver = _solver(run.left, workers, seed)
    solver.best_bound_callback = lambda bound: run.tell(bound=_up(bound))
    told = _Told(run, starts, end)
    if _solve(cp, solver, run, told) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        run.tell(bound=_up(solver.best_objective_bound))
    return told.found


def reach(problem: JobShop, run: Run, makespan: int, seconds: float, *, workers: int, seed: int) -> Longs | None:
    """A schedule of at most this makespan, or None; where there is none, the run is told of the bound.

    With the makespan at a bound that is nearly true, operations have little room, and propagation alone does much.
    """
    cp, starts, end = model(problem, makespan)
    told = _Told(run, starts, end)
    status = _solve(cp, _solver(min(seconds, run.left), workers, seed), run, told)
    if status == cp_model.INFEASIBLE:
        run.tell(bound=float(makespan + 1))
    return told.found


def tight(problem: JobShop, bound: float) -> bool:
    """Whether most operations have so little room within a bound that propagation alone may well find a schedule."""
    room = np.median(bound - problem.head - problem.rest)
    return problem.operations <= _REACHABLE and bool(room <= _TIGHT * problem.duration.mean())


def _up(bound: float) -> float:
    return float(np.ceil(bound - 1e-6))


def _solver(seconds: float, workers: int, seed: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_time_in_seconds = min(seconds, 1e9)
    return solver


def _solve(cp: cp_model.CpModel, solver: cp_model.CpSolver, run: Run, told: _Told) -> cp_model.CpSolverStatus:
    """Solve, looking up meanwhile; returns the status."""

    def over() -> bool:
        run.look()
        return run.over()

    return solve_until(solver, cp, over, told)
