"""One search: rules and offsets first, then annealing, always with the best schedule at hand."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled.chance import seeded
from gemba.solvers.search.tune import Tuning
from gemba.solvers.tardiness.anneal import BEST, CURRENT, anneal, list_late
from gemba.solvers.tardiness.dispatch import dispatch
from gemba.solvers.tardiness.problem import Floats, Longs, Problem
from gemba.solvers.tardiness.rows import START, link, operations, time_all

_JUMP = 5
_CAP, _CAP_LARGE, _LARGE = 4000, 400, 2000  # starts that a move may change; beyond so many operations


class Search:
    """A schedule being improved. ``best`` are the starts of the best one so far, ``cost`` what it costs."""

    def __init__(self, problem: Problem, seed: int) -> None:
        n = problem.size
        self.problem, self.rows = problem, operations(problem)
        self.schedule = np.full((n, 4), -1, np.int64)
        self.best, self.zone = np.zeros(n, np.int64), np.zeros(n, np.int8)
        self.value, self.count = np.array([np.inf, np.inf]), np.zeros(8, np.int64)
        self.random = seeded(seed)
        self.heap, self.queued = np.zeros(n + problem.machines + 1, np.int64), np.zeros(n, np.uint8)
        self.former, self.late = np.zeros((n, 2), np.int64), np.full((n, 2), -1, np.int64)
        self.ptr = np.concatenate([[0], np.cumsum(np.bincount(problem.machine, minlength=problem.machines))])
        self.known, self.queue = np.zeros((n, 4)), np.zeros((n, 4))
        self.mean = max(1.0, float(problem.work.mean()) if n else 1.0)
        weights = problem.weight[problem.weight > 0]
        self.temperature = self.mean * (float(np.median(weights)) if len(weights) else 1.0)
        self.cap = _CAP if n < _LARGE else _CAP_LARGE
        self.tuning = Tuning(self._dispatch, self.schedule[:, START], self.mean, seed)

    @property
    def cost(self) -> float:
        return float(self.value[BEST])

    def _dispatch(self, rule: Floats, offset: Floats) -> float:
        found = dispatch(
            self.rows, self.problem.weight, self.ptr, rule, self.mean, offset, self.schedule, self.known, self.queue, self.heap
        )  # fmt: skip
        return float(found)

    def try_rules(self, count: int) -> None:
        """Dispatch so many times by other rules."""
        for _ in range(count):
            self._note(self.tuning.try_rule())

    def try_offsets(self, count: int) -> None:
        """Dispatch so many times by the best rule with other offsets."""
        for _ in range(count):
            self._note(self.tuning.try_offsets())

    def _note(self, better: bool) -> None:
        if better and self.tuning.cost < self.value[BEST]:
            self.value[BEST], self.best[:] = self.tuning.cost, self.tuning.best

    def use(self, start: Longs) -> bool:
        """Go on from the sequences of a schedule; False where these contradict the jobs. Keeps the best one known."""
        link(self.problem, start, self.schedule)
        if not time_all(self.rows, self.schedule, self.heap, self.queued):
            return False
        self.queued[:] = 0
        list_late(self.rows, self.problem.weight, self.schedule, self.late, self.count, self.value)
        if self.value[CURRENT] < self.value[BEST]:
            self.value[BEST], self.best[:] = self.value[CURRENT], self.schedule[:, START]
        return True

    def anneal(self, moves: int, heat: float, mine: int = 0) -> None:
        """So many moves at a temperature (1: the cost of delaying a job by a mean piece of work) in the zone ``mine``."""
        anneal(
            self.rows, self.problem.weight, self.schedule, self.best, self.zone, mine, moves, self.temperature * heat,
            self.cap, _JUMP, self.random, self.value, self.count, self.heap, self.queued, self.former, self.late,
        )  # fmt: skip
