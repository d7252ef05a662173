"""Constraint programming for small flow shops (OR-Tools CP-SAT): better schedules, and proof that there is none better."""

from __future__ import annotations

from math import ceil, isfinite

import numpy as np
from ortools.sat.python import cp_model

from gemba.solvers.cpsat import solve_until
from gemba.solvers.flowshop import check
from gemba.solvers.flowshop.problem import FlowShop, Longs, Objective
from gemba.solvers.flowshop.result import Result, in_sequence
from gemba.solvers.stop import Run

MOST_OPERATIONS = 250
_EFFORT = 0.5  # deterministic time for each step


def fits(shop: FlowShop) -> bool:
    """Whether the shop is small enough."""
    return shop.jobs * shop.stages <= MOST_OPERATIONS


def prove(shop: FlowShop, found: Result, run: Run, workers: int, seed: int) -> Result:
    """A better schedule or a better bound, in the time that is left; begins from what was found."""
    model = _Model(shop, found)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % (1 << 31)
    steps_only = run.stop.seconds is None
    solver.parameters.num_workers = 1 if steps_only else workers
    if steps_only and run.stop.steps is not None:
        solver.parameters.max_deterministic_time = _EFFORT * run.stop.steps
    elif not steps_only:
        solver.parameters.max_time_in_seconds = max(0.01, run.left)
    solver.parameters.relative_gap_limit = run.stop.gap

    def over() -> bool:
        run.look()
        return run.ended

    status = solve_until(solver, model.model, over)
    low = found.bound
    if status != cp_model.INFEASIBLE and isfinite(solver.best_objective_bound):
        low = max(low, float(ceil(solver.best_objective_bound - 1e-6)))
    better = found
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        better = model.result(solver, found)
    low = min(low, better.objective)
    run.tell(better.objective, low)
    run.look()
    return Result(better.objective, low, better.sequence, better.starts, better.machines)


class _Model:
    """A start for each operation; an order literal for each pair of jobs (permutation) or counted machines (hybrid)."""

    def __init__(self, shop: FlowShop, hint: Result) -> None:
        self.shop, self.hint, self.model = shop, hint, cp_model.CpModel()
        work = shop.durations
        setups = 0 if shop.setups is None else int(shop.setups.max(initial=0, axis=(1, 2)).sum()) * shop.jobs
        self.horizon = int(work.sum()) + setups
        self.starts = [
            [self.model.new_int_var(0, self.horizon, "") for _ in range(shop.stages)] for _ in range(shop.jobs)
        ]
        for j in range(shop.jobs):
            for i in range(shop.stages):
                self.model.add_hint(self.starts[j][i], int(hint.starts[j, i]))
                if i:
                    self.model.add(self.starts[j][i] >= self.starts[j][i - 1] + int(work[j, i - 1]))
        if shop.hybrid:
            self._count()
        elif shop.setups is not None:
            self._succeed()
        else:
            self._order()
        self._minimize()

    def _count(self) -> None:
        for i in range(self.shop.stages):
            sizes = self.shop.durations[:, i].tolist()
            intervals = [
                self.model.new_fixed_size_interval_var(self.starts[j][i], size, "")
                for j, size in enumerate(sizes)
                if size
            ]
            self.model.add_cumulative(intervals, [1] * len(intervals), int(self.shop.machines[i]))

    def _order(self) -> None:
        place = np.argsort(self.hint.sequence)
        for a in range(self.shop.jobs):
            for b in range(a + 1, self.shop.jobs):
                sooner = self.model.new_bool_var("")
                self.model.add_hint(sooner, bool(place[a] < place[b]))
                for i in range(self.shop.stages):
                    self._after(a, b, i, sooner, 0)
                    self._after(b, a, i, ~sooner, 0)
        for i in range(self.shop.stages):
            self.model.add_no_overlap(
                self.model.new_fixed_size_interval_var(self.starts[j][i], int(self.shop.durations[j, i]), "")
                for j in range(self.shop.jobs)
            )

    def _succeed(self) -> None:
        """A circuit through the jobs and a node of its own that stands for the beginning and the end."""
        assert self.shop.setups is not None
        jobs, arcs = self.shop.jobs, []
        following = set(zip(self.hint.sequence[:-1].tolist(), self.hint.sequence[1:].tolist(), strict=True))
        for a in range(jobs):
            arcs += [(jobs, a, self.model.new_bool_var("")), (a, jobs, self.model.new_bool_var(""))]
            for b in range(jobs):
                if a != b:
                    next_one = self.model.new_bool_var("")
                    self.model.add_hint(next_one, (a, b) in following)
                    arcs.append((a, b, next_one))
                    for i in range(self.shop.stages):
                        self._after(a, b, i, next_one, int(self.shop.setups[i, a, b]))
        self.model.add_circuit(arcs)

    def _after(self, a: int, b: int, stage: int, wanted: cp_model.LiteralT, setup: int) -> None:
        done = self.starts[a][stage] + int(self.shop.durations[a, stage]) + setup
        self.model.add(self.starts[b][stage] >= done).only_enforce_if(wanted)

    def _minimize(self) -> None:
        shop, last = self.shop, self.shop.stages - 1
        ends = [self.starts[j][last] + int(shop.durations[j, last]) for j in range(shop.jobs)]
        if shop.objective is Objective.MAKESPAN:
            span = self.model.new_int_var(int(self.hint.bound), int(self.hint.objective), "")
            for end in ends:
                self.model.add(end <= span)
            self.model.minimize(span)
        elif shop.objective is Objective.FLOW_TIME:
            self.model.minimize(sum(int(w) * end for w, end in zip(shop.weights, ends, strict=True)))
        else:
            late = [self.model.new_int_var(0, self.horizon + max(0, -int(d)), "") for d in shop.due]
            for over, due, end in zip(late, shop.due, ends, strict=True):
                self.model.add(over >= end - int(due))
            self.model.minimize(sum(int(w) * over for w, over in zip(shop.weights, late, strict=True)))

    def result(self, solver: cp_model.CpSolver, found: Result) -> Result:
        """The solver's schedule where it is better."""
        shop = self.shop
        starts = np.array([[solver.value(start) for start in row] for row in self.starts], np.int64)
        sequence = np.lexsort((np.arange(shop.jobs), *(starts + shop.durations).T[::-1], *starts.T[::-1]))
        machines = _machines(shop, starts)
        if not shop.hybrid:
            starts = in_sequence(shop, sequence)
        value = float(check.objective(shop, starts))
        if value >= found.objective or check.faults(shop, starts, machines, sequence):
            return found
        return Result(value, found.bound, sequence, starts, machines)


def _machines(shop: FlowShop, starts: Longs) -> Longs:
    """Machines for start times of which never more jobs are under way than there are machines."""
    machines = np.zeros(starts.shape, np.int64)
    for i in range(shop.stages):
        free = np.zeros(int(shop.machines[i]), np.int64)
        for j in np.lexsort((shop.durations[:, i], starts[:, i])):
            machines[j, i] = int(np.argmin(free))
            free[machines[j, i]] = starts[j, i] + shop.durations[j, i]
    return machines
