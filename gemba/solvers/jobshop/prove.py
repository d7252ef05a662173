"""The job shop as a constraint model (CP-SAT): proofs on small instances, better schedules on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from gemba.solvers.jobshop.problem import JobShop, Longs
from gemba.solvers.stop import Run

_POLL = 0.05  # seconds


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
    cp.minimize(makespan)
    return cp, starts, makespan


class _Told(cp_model.CpSolverSolutionCallback):
    """Keeps the best schedule, and ends the search when the run does."""

    def __init__(self, run: Run, starts: list[Any]) -> None:
        super().__init__()
        self.run, self.starts = run, starts
        self.found: Longs | None = None

    def on_solution_callback(self) -> None:
        self.found = np.array([self.value(start) for start in self.starts], np.int64)
        self.run.tell(objective=self.objective_value)


def prove(problem: JobShop, run: Run, hint: Longs, makespan: int, *, workers: int, seed: int) -> Longs | None:
    """Tell the run of better schedules and bounds until it is over; the best schedule better than the hint, if any."""
    cp, starts, _ = model(problem, makespan)
    for start, moment in zip(starts, hint, strict=True):
        cp.add_hint(start, int(moment))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_time_in_seconds = min(run.left, 1e9)
    solver.best_bound_callback = lambda bound: run.tell(bound=float(np.ceil(bound - 1e-6)))
    told = _Told(run, starts)
    with ThreadPoolExecutor(1) as thread:
        working = thread.submit(solver.solve, cp, told)
        while not wait([working], timeout=_POLL).done:
            run.look()
            if run.over():
                solver.stop_search()
    if working.result() in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        run.tell(bound=float(np.ceil(solver.best_objective_bound - 1e-6)))
    return told.found
