"""The search of all parts of an assembly problem in the time or the steps there are, and what no schedule can beat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from gemba.solvers.assembly.bound import lower_bound
from gemba.solvers.assembly.problem import Assembly, Longs
from gemba.solvers.assembly.search import Search
from gemba.solvers.stop import Report, Run, Stop, quiet

_MOVES = 1000  # of one part in one step
_SHARES = 24  # bundles of parts that are searched side by side
_HOT, _COLD = (
    0.5,
    0.01,
)  # temperatures at the beginning and at the end: cost of an ordinary job late by an ordinary task
_PASSES = 40  # steps of every part where neither seconds nor steps are given


@dataclass(frozen=True, slots=True)
class Solution:
    """A schedule. Rows of tasks as (start, end, task, job, pieces), the parts of a job one after another.

    ``objective``: weighted tardiness of the jobs, each complete when all its pieces are, at ``complete``. ``bound``: no
    schedule costs less.
    """

    objective: float
    bound: float
    rows: Longs
    complete: Longs

    @property
    def proven(self) -> bool:
        return self.objective <= self.bound + 1e-9 * max(1.0, abs(self.objective))


def solve(
    problem: Assembly,
    stop: Stop,
    *,
    seed: int = 0,
    workers: int = 2,
    report: Report = quiet,
    most: int = 3,
    early: int = 0,
) -> Solution:
    """A schedule of little weighted tardiness, and as late as that allows.

    A step is ``_MOVES`` moves in every part that has late jobs.

    Args:
        most: parts that a job is made in at most.
        early: seconds before its due date by which a job is complete where that is so without any haste.
    """
    run = Run(stop, report)
    run.tell(bound=(bound := lower_bound(problem)))
    searches = [Search(problem.tables, part, seed) for part in problem.parts]
    total = _Total(searches, run)
    _improve(searches, total, stop, workers, most)
    run.look()
    return _solution(problem, searches, bound, early)


class _Total:
    """The objective of all parts together, told whenever one is better."""

    def __init__(self, searches: list[Search], run: Run) -> None:
        self.run, self.searches = run, searches
        self.tell()

    def tell(self) -> None:
        self.run.tell(sum(s.best[0] for s in self.searches))


def _improve(searches: list[Search], total: _Total, stop: Stop, workers: int, most: int) -> None:
    run, steps = total.run, 0
    most_steps = stop.steps if stop.steps is not None else None if stop.seconds is not None else _PASSES
    begun = run.passed
    while (live := [s for s in searches if not s.done]) and not run.over(steps):
        if most_steps is not None and steps >= most_steps:
            break
        whole = run.left + run.passed - begun
        gone = (steps + 0.5) / most_steps if most_steps else (run.passed - begun) / max(whole, 1e-9)
        heat = _HOT * (_COLD / _HOT) ** min(1.0, gone)
        jobs: list[Callable[[], None]] = [
            partial(_step, live[i::_SHARES], run, heat, most) for i in range(min(_SHARES, len(live)))
        ]
        run.together(jobs, workers)
        total.tell()
        steps += 1


def _step(searches: list[Search], run: Run, heat: float, most: int) -> None:
    for search in searches:
        if run.over():
            return
        search.anneal(heat, _MOVES, most)


def _solution(problem: Assembly, searches: list[Search], bound: float, early: int) -> Solution:
    """The schedules of all parts together, in the caller's numbers."""
    found = [s.finish(early) for s in searches]
    rows = np.concatenate(found)
    rows[:, 2], rows[:, 3] = problem.task[rows[:, 2]], problem.job[rows[:, 3]]
    complete = np.zeros(problem.count, np.int64)
    for s in searches:
        low, high = s.part.jobs
        complete[problem.job[low:high]] = s.complete[low:high]
    objective = sum(s.cost for s in searches)
    return Solution(objective, min(bound, objective), rows, complete)
