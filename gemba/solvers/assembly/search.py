"""The search of one part: its order of jobs, in how many parts each is made, and the schedule that follows from it."""

from __future__ import annotations

import numpy as np

from gemba.solvers.assembly.anneal import anneal, tidy
from gemba.solvers.assembly.late import shift_late, write_out
from gemba.solvers.assembly.place import place_all, place_ready
from gemba.solvers.assembly.problem import Longs, Part, Tables

_SWEEPS = 20
_LAST_MOVES = 1000  # that only win
_SOONER = (
    0.0,
    1.0,
    3.0,
)  # days by which jobs of full weight go before others of the same due date: orders to begin with
_DAY = 86400.0


class Search:
    """Jobs of one part in an order; ``cost`` is their weighted tardiness."""

    def __init__(self, tables: Tables, part: Part, seed: int) -> None:
        self.tables, self.part = tables, part
        low, high = part.jobs
        machines, stock = part.machines[1] - part.machines[0], tables.stock[slice(*part.materials)]
        supplied = int(tables.supplied[slice(*part.materials)].max(initial=-(1 << 42)))
        self.of = (part.machines[0], machines, part.materials[0], supplied)
        self.parts = np.ones(high, np.int64)
        self.complete = np.zeros(high, np.int64)
        self.state = np.zeros((high - low + 1, machines + len(stock)))
        self.state[0, machines:] = stock
        room = int(np.diff(tables.tasks[low : high + 1]).max())
        self.ready = np.zeros(room, np.int64)
        self.work = (self.state[0].copy(), self.ready, np.zeros(high - low, np.int64), np.zeros(high - low, np.int64))
        self.random = np.array(
            [(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D * (low + 1)) % (1 << 64) | 1], np.uint64
        )
        tasks = slice(int(tables.tasks[low]), int(tables.tasks[high]))
        pieces = np.repeat(tables.pieces[low:high], np.diff(tables.tasks[low : high + 1]))
        work = tables.fixed[tasks] + tables.unit[tasks] * pieces
        self.scale = float(work.mean() * np.median(tables.weight[low:high]) / 2)
        self.order = self._first_order()
        self.best = (self.cost, self.order.copy(), self.parts.copy())

    def _first_order(self) -> Longs:
        """The best of some orders by due date."""
        low, high = self.part.jobs
        due, weight = self.tables.due[low:high], self.tables.weight[low:high]
        share = weight / max(weight.max(), 1e-300)
        found: list[tuple[float, int, Longs]] = []
        for sooner in _SOONER:
            cost, order = self._placed(low + np.argsort(due - sooner * _DAY * share, kind="stable"))
            found.append((cost, len(found), order))
            if cost <= 0:
                return order
        order = min(found)[2]
        self.place(order)
        return order

    def _placed(self, order: Longs) -> tuple[float, Longs]:
        """The order with jobs brought forward that have their materials, and its cost."""
        place_ready(self.tables, order, self.parts, self.of, self.state, self.complete, self.ready)
        return self.cost, order

    def place(self, order: Longs) -> None:
        place_all(self.tables, order, self.parts, self.of, self.state, self.complete, self.ready, 0)

    @property
    def cost(self) -> float:
        low, high = self.part.jobs
        late = np.maximum(0, self.complete[low:high] - self.tables.due[low:high])
        return float(late @ self.tables.weight[low:high])

    @property
    def done(self) -> bool:
        return self.best[0] <= 0

    def anneal(self, heat: float, moves: int, most: int) -> None:
        """So many moves at a temperature (in costs of an ordinary delay); the best is kept."""
        heat *= self.scale
        anneal(
            self.tables,
            self.order,
            self.parts,
            self.of,
            self.state,
            self.complete,
            self.work,
            self.random,
            heat,
            moves,
            most,
        )
        self._keep()

    def _keep(self) -> None:
        if self.cost < self.best[0]:
            self.best = (self.cost, self.order.copy(), self.parts.copy())

    def finish(self, early: int = 0) -> Longs:
        """Back to the best, tidied up, everything as late as it may be: rows of (start, end, task, job, pieces)."""
        _, self.order, self.parts = self.best
        self.place(self.order)
        if not self.done:
            self.anneal(0.0, _LAST_MOVES, int(self.parts.max()))
        for _ in range(_SWEEPS):
            if not tidy(self.tables, self.order, self.parts, self.of, self.state, self.complete, self.work):
                break
        self._keep()
        t, order = self.tables, self.order
        counts = np.diff(t.tasks)[order] * self.parts[order]
        first = np.append(0, np.cumsum(counts))
        rows = np.zeros((first[-1], 5), np.int64)
        write_out(t, order, self.parts, self.of, self.state[0].copy(), self.ready, first, rows)
        low, high = self.part.jobs
        latest = np.zeros(high, np.int64)
        latest[low:high] = np.maximum(self.complete[low:high], t.due[low:high] - early)
        shift_late(t, order, first, rows, latest, self.of, np.zeros(self.of[1], np.int64), self.ready)
        return rows
