"""Constraint programming for small shops (OR-Tools CP-SAT): better schedules, and proof that there is none better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import gcd, isfinite

import numpy as np
from ortools.sat.python import cp_model

from gemba.solvers.cpsat import solve_until
from gemba.solvers.search.shop import (
    CALENDAR,
    DEADLINE,
    DUE,
    END,
    FAR,
    FROM_START,
    IN,
    IN_END,
    LAG,
    MACHINE,
    RELEASE,
    SLOT,
    SLOT_END,
    START,
    TO_END,
    WORK,
    Longs,
    Shop,
)
from gemba.solvers.search.timing import PENALTY

MOST_NODES = 400
_WEIGHTS = 1e4  # finest difference of weights: the smallest of them divided by this


@dataclass(frozen=True, slots=True)
class Answer:
    """The best schedule found, if any, its cost, and a cost that no schedule of the shop beats."""

    times: Longs | None
    cost: float
    bound: float

    @property
    def proven(self) -> bool:
        return self.times is not None and self.cost - self.bound <= 1e-6 * max(1.0, abs(self.cost))


def fits(shop: Shop) -> bool:
    """Whether the shop is small enough and always open where it works."""
    return shop.size <= MOST_NODES and bool((shop.nodes[shop.nodes[:, WORK] > 0, CALENDAR] < 0).all())


def solve(
    shop: Shop,
    hint: Longs,
    *,
    seconds: float,
    stop: Callable[[], bool],
    effort: float | None = None,
    workers: int = 2,
    seed: int = 0,
) -> Answer:
    """Minimise the cost (weight x seconds after due) of a shop that ``fits``, deadlines kept where the hint keeps them.

    Args:
        hint: a schedule (n, 2) to begin from.
        seconds: most time, wall clock.
        effort: most deterministic time (CP-SAT's own measure): with it one worker works, and the same each time.
        stop: asked every few hundredths of a second from the calling thread.
    """
    model = _Model(shop, hint)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers if effort is None else 1
    solver.parameters.random_seed = seed % (1 << 31)
    solver.parameters.linearization_level = 0
    if effort is not None:
        solver.parameters.max_deterministic_time = effort
    elif workers > 1:  # of CP-SAT's own ways these prove the most on job shops
        solver.parameters.subsolvers.extend(["no_lp", "objective_lb_search"])
    status = solve_until(solver, model.model, stop)
    bound = max(0.0, solver.best_objective_bound / model.scale)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, float("inf"), bound if isfinite(bound) and status != cp_model.INFEASIBLE else 0.0)
    starts = np.array([solver.value(v) for v in model.starts], np.int64) * model.unit + model.base
    times = np.column_stack([starts, starts + shop.nodes[:, WORK]])
    return Answer(times, cost_of(shop, times), bound)


def cost_of(shop: Shop, times: Longs) -> float:
    """What a schedule costs: weight x seconds after due, and the penalty for deadlines missed."""
    late = np.maximum(0, times[:, END] - shop.nodes[:, DUE]) * shop.weight
    missed = np.maximum(0, times[:, END] - shop.nodes[:, DEADLINE])
    return float(late.sum() + PENALTY * missed.sum())


class _Model:
    """Start variables in units of the largest time that divides all times, after the first release."""

    def __init__(self, shop: Shop, hint: Longs) -> None:
        self.shop, self.hint, self.model = shop, hint, cp_model.CpModel()
        nodes = shop.nodes
        self.base = int(min(nodes[:, RELEASE].min(), hint[:, START].min()))
        self.unit = self._unit()
        longest = int(
            nodes[:, WORK].sum() + np.abs(shop.arcs_in[:, LAG]).sum() + (shop.busy[:, END] - shop.busy[:, START]).sum()
        )
        last = max(int(nodes[:, RELEASE].max()), int(shop.busy[:, END].max(initial=0))) + longest
        self.horizon = max(last, int(hint[:, END].max())) - self.base
        self.starts = [self._start(i) for i in range(shop.size)]
        self._arcs()
        self._machines()
        self._cost()

    def _unit(self) -> int:
        nodes, shop = self.shop.nodes, self.shop
        times = [nodes[:, WORK], nodes[:, RELEASE] - self.base, self.hint[:, START] - self.base, shop.arcs_in[:, LAG]]
        times += [shop.busy.ravel() - self.base] + [nodes[nodes[:, c] < FAR, c] - self.base for c in (DUE, DEADLINE)]
        return max(1, gcd(*(int(t) for t in np.concatenate(times))))

    def _start(self, i: int) -> cp_model.IntVar:
        row, unit = self.shop.nodes[i], self.unit
        low, high = (int(row[RELEASE]) - self.base) // unit, (self.horizon - int(row[WORK])) // unit
        if self.hint[i, END] <= row[DEADLINE] < FAR:
            high = min(high, (int(row[DEADLINE]) - self.base - int(row[WORK])) // unit)
        start = self.model.new_int_var(low, max(low, high), "")
        self.model.add_hint(start, (int(self.hint[i, START]) - self.base) // unit)
        return start

    def _arcs(self) -> None:
        work = self.shop.nodes[:, WORK] // self.unit
        for i in range(self.shop.size):
            for before, lag, kind in self.shop.arcs_in[self.shop.nodes[i, IN] : self.shop.nodes[i, IN_END]].tolist():
                earlier = self.starts[before] + (0 if kind & FROM_START else int(work[before])) + lag // self.unit
                self.model.add(self.starts[i] + (int(work[i]) if kind & TO_END else 0) >= earlier)

    def _machines(self) -> None:
        machines: dict[int, list[cp_model.IntervalVar]] = {}
        for i in range(self.shop.size):
            row = self.shop.nodes[i]
            if row[WORK] > 0 and row[SLOT] < row[SLOT_END]:
                interval = self.model.new_fixed_size_interval_var(self.starts[i], int(row[WORK]) // self.unit, "")
                for m in self.shop.slots[row[SLOT] : row[SLOT_END], MACHINE].tolist():
                    machines.setdefault(m, []).append(interval)
        for m, intervals in machines.items():
            for a, b in self.shop.busy[self.shop.busy_ptr[m] : self.shop.busy_ptr[m + 1]].tolist():
                a, b = (a - self.base) // self.unit, (b - self.base) // self.unit
                intervals.append(self.model.new_fixed_size_interval_var(a, b - a, ""))
            self.model.add_no_overlap(intervals)

    def _cost(self) -> None:
        nodes, weight = self.shop.nodes, self.shop.weight
        due = [i for i in range(self.shop.size) if nodes[i, DUE] < FAR and weight[i] > 0]
        least = min((float(weight[i]) for i in due), default=1.0)
        whole = all(abs(weight[i] / least - round(weight[i] / least)) < 1e-9 for i in due)
        share = 1.0 if whole else _WEIGHTS
        terms = []
        for i in due:
            end = int(nodes[i, DUE]) - self.base - int(nodes[i, WORK])
            end //= self.unit
            late: cp_model.LinearExprT = self.starts[i] - end
            if end > (int(nodes[i, RELEASE]) - self.base) // self.unit:
                late = self.model.new_int_var(0, max(0, self.horizon // self.unit - end), "")
                self.model.add(late >= self.starts[i] - end)
                self.model.add_hint(late, max(0, (int(self.hint[i, START]) - self.base) // self.unit - end))
            terms.append(int(weight[i] / least * share + 1e-9) * late)  # rounded down: the bound stays one
        self.model.minimize(sum(terms) if terms else 0)
        self.scale = share / least / self.unit
