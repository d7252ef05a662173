"""Projects as models of CP-SAT: proofs and better schedules for small ones, and modes that keep the budgets.

Each mode is an optional interval, its demands in one cumulative constraint for each resource (Laborie 2018; Stuckey, Schutt et
al. 2010 for the propagation behind it). Times are divided by the largest unit that all of them share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import gcd, inf
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from gemba.solvers.cpsat import solve_until
from gemba.solvers.project.bounds import heads, shortest, tails
from gemba.solvers.project.problem import Longs, Project


@dataclass(frozen=True, slots=True)
class Limit:
    """When a solve ends: seconds of wall clock, deterministic time (CP-SAT's own measure), or a wish asked ever again."""

    seconds: float = inf
    effort: float = inf
    stop: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule (None: none found) and a lower bound (inf: there is no schedule that is as short as demanded)."""

    start: Longs | None
    mode: Longs | None
    bound: float


def improve(problem: Project, start: Longs, mode: Longs, bound: int, limit: Limit, seed: int) -> Found:
    """Search for a shorter schedule than the given one, or for the proof that there is none."""
    makespan = int((start + problem.duration[mode]).max())
    model = _Model(problem, makespan - 1, bound)
    model.hint(start, mode)
    return model.solve(limit, seed)


def choose_modes(problem: Project, limit: Limit, seed: int) -> tuple[Longs | None, bool]:
    """(modes that keep the budgets, whether it is sure that there are none)."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in problem.duration]
    for first, last in zip(problem.mode_ptr[:-1].tolist(), problem.mode_ptr[1:].tolist(), strict=True):
        model.add_exactly_one(chosen[first:last])
    for k, budget in enumerate(problem.budget.tolist()):
        model.add(cp_model.LinearExpr.weighted_sum(chosen, problem.nonrenewable[:, k].tolist()) <= budget)
    solver = _solver(limit, seed)
    status = solve_until(solver, model, limit.stop)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, status == cp_model.INFEASIBLE
    return np.array([m for m in range(len(chosen)) if solver.boolean_value(chosen[m])], np.int64), False


def _solver(limit: Limit, seed: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % (1 << 31)
    if limit.seconds < inf:
        solver.parameters.max_time_in_seconds = max(0.0, limit.seconds)
    if limit.effort < inf:
        solver.parameters.max_deterministic_time = limit.effort
    return solver


class _Model:
    """Starts, modes and the makespan, which is to lie between a bound and a horizon."""

    def __init__(self, problem: Project, horizon: int, bound: int) -> None:
        self.problem, self.model, self.horizon = problem, cp_model.CpModel(), horizon
        every = np.concatenate([problem.duration, problem.before.lag, problem.before.release])
        self.unit = max(1, gcd(*every.tolist())) if len(every) else 1
        self.last = horizon // self.unit
        least = shortest(problem)
        self.heads, self.tails = heads(problem, least) // self.unit, tails(problem, least) // self.unit
        self.possible = bool((self.heads + least // self.unit + self.tails <= self.last).all())
        if not self.possible:
            return
        self.starts = [
            self.model.new_int_var(int(self.heads[i]), int(self.last - self.tails[i] - least[i] // self.unit), "")
            for i in range(problem.size)
        ]
        self.chosen: list[cp_model.IntVar | None] = [None] * len(problem.duration)
        self.intervals: list[cp_model.IntervalVar | None] = [None] * len(problem.duration)
        self.lengths: list[Any] = [self._modes(i) for i in range(problem.size)]
        self.makespan = self.model.new_int_var(-(-bound // self.unit), max(self.last, -(-bound // self.unit)), "")
        self.model.minimize(self.makespan)
        self._arcs()
        self._resources()

    def _modes(self, i: int) -> Any:
        """Choice and intervals of an activity's modes; returns its length."""
        first, last = int(self.problem.mode_ptr[i]), int(self.problem.mode_ptr[i + 1])
        rows = list(range(first, last))
        lengths = (self.problem.duration[rows] // self.unit).tolist()
        if len(rows) == 1:
            self.intervals[rows[0]] = self.model.new_fixed_size_interval_var(self.starts[i], lengths[0], "")
            return int(lengths[0])
        choice = [self.model.new_bool_var("") for _ in rows]
        self.model.add_exactly_one(choice)
        for m, literal, length in zip(rows, choice, lengths, strict=True):
            self.chosen[m] = literal
            self.intervals[m] = self.model.new_optional_fixed_size_interval_var(self.starts[i], length, literal, "")
        return cp_model.LinearExpr.weighted_sum(choice, lengths)

    def _arcs(self) -> None:
        before = self.problem.before
        for j in range(self.problem.size):
            for arc in range(int(before.ptr[j]), int(before.ptr[j + 1])):
                i = int(before.other[arc])
                lag = int(before.lag[arc]) // self.unit
                self.model.add(self.starts[j] >= self.starts[i] + self.lengths[i] + lag)
            self.model.add(self.starts[j] + self.lengths[j] + int(self.tails[j]) <= self.makespan)

    def _resources(self) -> None:
        problem = self.problem
        usable = {m: interval for m, interval in enumerate(self.intervals) if interval is not None}
        for r, capacity in enumerate(problem.capacity.tolist()):
            rows = [m for m in usable if problem.renewable[m, r] > 0 and problem.duration[m] > 0]
            demands = [int(problem.renewable[m, r]) for m in rows]
            if sum(demands) > capacity:
                self.model.add_cumulative([usable[m] for m in rows], demands, capacity)
        for k, budget in enumerate(problem.budget.tolist()):
            use = [int(problem.nonrenewable[m, k]) for m in usable]
            terms = [1 if (literal := self.chosen[m]) is None else literal for m in usable]
            self.model.add(sum(u * t for u, t in zip(use, terms, strict=True) if u) <= budget)

    def hint(self, start: Longs, mode: Longs) -> None:
        """Where to look first."""
        if not self.possible:
            return
        for i in range(self.problem.size):
            self.model.add_hint(self.starts[i], int(start[i]) // self.unit)
        for m, literal in enumerate(self.chosen):
            if literal is not None:
                self.model.add_hint(literal, int(m in mode))

    def solve(self, limit: Limit, seed: int) -> Found:
        if not self.possible:
            return Found(None, None, inf)
        solver = _solver(limit, seed)
        status = solve_until(solver, self.model, limit.stop)
        if status == cp_model.INFEASIBLE:
            return Found(None, None, inf)
        bound = solver.best_objective_bound * self.unit
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Found(None, None, bound)
        start = np.array([solver.value(s) for s in self.starts], np.int64) * self.unit
        mode = [
            m for m in range(len(self.chosen))
            if self.intervals[m] is not None and ((c := self.chosen[m]) is None or solver.boolean_value(c))
        ]  # fmt: skip
        return Found(start, np.array(mode, np.int64), bound)
