"""Proof for small flexible job shops by constraint programming, begun from the search's schedule.

Each mode is an interval that is there or not, exactly one of each operation; intervals on a machine do not overlap.
"""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from gemba.solvers.cpsat import run_model
from gemba.solvers.flexible.bound import heads_and_tails
from gemba.solvers.flexible.problem import FlexibleJobShop, Longs
from gemba.solvers.stop import Run


class _Model:
    """Only schedules no longer than the known one are in it."""

    def __init__(self, problem: FlexibleJobShop, makespan: int, bound: int) -> None:
        self.model, self.problem = cp_model.CpModel(), problem
        head, tail = heads_and_tails(problem)
        self.starts = [
            self.model.new_int_var(int(h), int(makespan - t - d), "")
            for h, t, d in zip(head, tail, problem.fastest, strict=True)
        ]
        self.chosen: list[cp_model.IntVar] = []
        self.makespan = self.model.new_int_var(bound, makespan, "")
        lines: dict[int, list[cp_model.IntervalVar]] = {}
        for operation in range(problem.operations):
            self._operation(operation, makespan, lines)
        for line in lines.values():
            self.model.add_no_overlap(line)
        self.model.minimize(self.makespan)

    def _operation(self, operation: int, makespan: int, lines: dict[int, list[cp_model.IntervalVar]]) -> None:
        problem, model, start = self.problem, self.model, self.starts[operation]
        modes = range(problem.mode_ptr[operation], problem.mode_ptr[operation + 1])
        chosen = [model.new_bool_var("") for _ in modes]
        end = model.new_int_var(0, makespan, "")
        model.add_exactly_one(chosen)
        for mode, here in zip(modes, chosen, strict=True):
            duration = int(problem.mode_duration[mode])
            interval = model.new_optional_interval_var(start, duration, end, here, "")
            lines.setdefault(int(problem.mode_machine[mode]), []).append(interval)
        self.chosen += chosen
        last = operation + 1 == problem.job_ptr[problem.operation_job[operation] + 1]
        model.add(end <= (self.makespan if last else self.starts[operation + 1]))

    def hint(self, start: Longs, mode: Longs, makespan: int) -> None:
        for variable, moment in zip(self.starts, start, strict=True):
            self.model.add_hint(variable, int(moment))
        here = np.zeros(self.problem.modes, bool)
        here[mode] = True
        for variable, chosen in zip(self.chosen, here, strict=True):
            self.model.add_hint(variable, bool(chosen))
        self.model.add_hint(self.makespan, makespan)


def prove(
    problem: FlexibleJobShop,
    start: Longs,
    mode: Longs,
    makespan: int,
    run: Run,
    *,
    effort: float | None,
    workers: int,
    seed: int,
) -> tuple[Longs, Longs] | None:
    """Look for a better schedule, and tell the run of each better bound; (start, mode) where there is a better one."""
    built = _Model(problem, makespan, max(0, int(run.bound)) if run.bound > 0 else 0)
    built.hint(start, mode, makespan)
    found = run_model(
        built.model, run, effort=effort, workers=workers, seed=seed, on_bound=lambda bound: run.tell(bound=round(bound))
    )
    if found.bound > 0:
        run.tell(bound=round(found.bound))
    if not found.feasible or found.objective >= makespan:
        return None
    here = np.array([found.solver.boolean_value(variable) for variable in built.chosen])
    starts = np.array([found.solver.value(variable) for variable in built.starts], np.int64)
    return starts, np.flatnonzero(here)
