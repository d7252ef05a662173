"""The search for a sequence and the proof of a bound, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled.chance import seeded
from gemba.solvers.onemachine.climb import climb
from gemba.solvers.onemachine.problem import Longs, Problem, faults, objective
from gemba.solvers.onemachine.relax import FIRST_STEP, tighten
from gemba.solvers.stop import Report, Run, Stop, quiet

_SEARCHES = 2
_REACH = 150  # most places that a move may span less one: beyond, a descent takes too long
_WORK = 6e7  # about what a kernel call may do, in units of a nanosecond
_MOST_CELLS = 20_000_000  # jobs x time up to which the relaxation is worth its while
_LEAST_STEP = 1e-3


@dataclass(frozen=True, slots=True)
class Result:
    """The best sequence found, its cost, and a cost that no sequence beats."""

    sequence: Longs  # (n) jobs in order
    end: Longs  # (n) when each job ends, by job
    objective: float
    bound: float

    @property
    def proven(self) -> bool:
        return self.objective <= self.bound + 1e-9


def solve(
    problem: Problem, stop: Stop, *, seed: int = 0, workers: int = 2, report: Report = quiet, given: Longs | None = None
) -> Result:
    """Find the order of least total weighted tardiness. A step is a round of two searches and of the relaxation.

    Args:
        given: a sequence to begin from.

    Raises:
        ValueError: where the given sequence is not one of the problem's jobs.
    """
    run = Run(stop, report)
    first = _first(problem) if given is None else np.array(given, np.int64)
    if faults(problem, first):
        raise ValueError("the given sequence must name each job once")
    searches = [_Search(problem, first, seed * _SEARCHES + k) for k in range(_SEARCHES)]
    proof = _Proof(problem)
    best, steps = searches[0], 0
    run.tell(best.cost, proof.bound)
    while not run.over(steps):
        jobs = [search.go for search in searches] + ([partial(proof.go, best.cost)] if proof.open else [])
        run.together(jobs, workers)
        steps += 1
        best = min(searches, key=lambda search: search.cost)
        if steps % 8 == 0:
            for search in searches:
                search.take(best)
        run.tell(best.cost, proof.bound)
    end = np.empty(problem.size, np.int64)
    end[best.sequence] = np.cumsum(problem.work[best.sequence])
    return Result(best.sequence, end, float(objective(problem, best.sequence)), float(min(proof.bound, best.cost)))


def _first(problem: Problem) -> Longs:
    """The better of earliest due first and most weight for work first."""
    by_due = np.argsort(problem.due, kind="stable")
    by_ratio = np.argsort(-problem.weight / np.maximum(problem.work, 0.5), kind="stable")
    return min(by_due, by_ratio, key=lambda sequence: objective(problem, sequence)).astype(np.int64)


class _Search:
    def __init__(self, problem: Problem, first: Longs, seed: int) -> None:
        self.problem, self.sequence, self.random = problem, first.copy(), seeded(seed)
        self.value = np.array([objective(problem, first)], np.int64)
        self.reach = min(problem.size, _REACH)
        self.tries = max(1, int(_WORK / (20.0 * problem.size * self.reach**2 + 1.0)))

    @property
    def cost(self) -> int:
        return int(self.value[0])

    def go(self) -> None:
        if self.problem.size > 1:
            climb(*self.problem, self.sequence, self.value, self.random, self.tries, self.reach)

    def take(self, other: _Search) -> None:
        if other.cost < self.cost:
            self.sequence[:], self.value[0] = other.sequence, other.value[0]


class _Proof:
    """The relaxation of the jobs that take time; those that take none can come first and be as early as anything can."""

    def __init__(self, problem: Problem) -> None:
        some = problem.work > 0
        self.work, self.due, self.weight = (np.ascontiguousarray(column[some]) for column in problem)
        self.alone = int((problem.weight * np.maximum(0, problem.work - problem.due)).sum())
        self.extra = int((problem.weight * np.maximum(0, -problem.due))[~some].sum())
        length = int(self.work.sum())
        self.known = np.array([-np.inf, FIRST_STEP, 0.0])
        self.price = np.zeros(len(self.work))
        self.open = 0 < len(self.work) * length <= _MOST_CELLS
        self.cells = len(self.work) * length
        self.room: tuple[NDArray[Any], ...] = ()
        if self.open:
            self.room = (
                np.empty((length + 1, 2)),
                np.empty((length + 1, 2), np.int32),
                np.empty((length + 1, 2), np.int8),
            )

    @property
    def bound(self) -> int:
        """Costs are whole: a bound may be rounded up."""
        found = self.known[0]
        return (
            self.alone if found == -np.inf else max(self.alone, ceil(found - 1e-6 * max(1.0, abs(found))) + self.extra)
        )

    def go(self, target: int) -> None:
        tries = max(1, int(_WORK / (3.0 * self.cells)))
        tighten(
            self.work, self.due, self.weight, self.price, self.known, float(target - self.extra), tries,
            *self.room,
        )  # fmt: skip
        self.open = self.known[1] > _LEAST_STEP
