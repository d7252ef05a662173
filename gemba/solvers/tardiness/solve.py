"""Two searches side by side and a bound: rules, then offsets, then annealing, as the time goes by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from gemba.solvers.stop import Report, Run, Stop, quiet
from gemba.solvers.tardiness.anneal import CURRENT
from gemba.solvers.tardiness.bound import Bound
from gemba.solvers.tardiness.problem import Longs, Problem, faults, objective
from gemba.solvers.tardiness.rows import START
from gemba.solvers.tardiness.search import Search

_SEARCHES = 2
#: Up to so many operations: shares of the time at which rules and offsets end. The more operations, the less annealing can do.
_SHARES = ((5_000, 0.05, 0.15), (30_000, 0.1, 0.25), (1 << 20, 0.2, 0.5))
_HOT, _COLD = 3.0, 0.2  # temperatures
_HOT_LARGE, _COLD_LARGE, _LARGE = 0.3, 0.03, 5000  # from so many operations on
_ROUND = 0.1  # seconds
_DISPATCH, _OPERATION, _MOVE = 1e-4, 4e-7, 4e-5  # seconds that dispatching, each operation of it, and a move take about
_MOVES = 25  # for each operation in a round, at most
_EXCHANGE = 8  # rounds between exchanges
_PACE = 60.0  # seconds of a search without limits


@dataclass(frozen=True, slots=True)
class Result:
    """The best schedule found, its cost, and a cost that no schedule beats."""

    start: Longs  # (n)
    objective: float
    bound: float

    @property
    def proven(self) -> bool:
        return self.objective <= self.bound + 1e-6 * max(1.0, self.objective)


def solve(
    problem: Problem, stop: Stop, *, seed: int = 0, workers: int = 2, report: Report = quiet, given: Longs | None = None
) -> Result:
    """Find a schedule of least total weighted tardiness. A step is a round of two searches, at most about 0.1 s each.

    Args:
        given: starts of a schedule to begin from.

    Raises:
        ValueError: where that schedule breaks a rule.
    """
    if given is not None and faults(problem, np.asarray(given, np.int64)):
        raise ValueError("the given schedule breaks a rule")
    team = Team(problem, Run(stop, report), seed, workers)
    team.begin(given)
    steps = 0
    while problem.size and not team.run.over(steps):
        team.round(steps)
        steps += 1
    best = team.best
    return Result(best.best.copy(), objective(problem, best.best), min(team.bound.value, best.cost))


class Team:
    """Searches worked on side by side."""

    def __init__(self, problem: Problem, run: Run, seed: int, workers: int) -> None:
        self.problem, self.run, self.workers = problem, run, workers
        self.searches = [Search(problem, seed * _SEARCHES + k) for k in range(_SEARCHES)]
        self.bound = Bound(problem)
        self.chance = np.random.default_rng(abs(seed))
        n = problem.size
        self.dispatches = max(1, min(n, int(_ROUND / (_DISPATCH + _OPERATION * n))))
        self.moves = min(_MOVES * n, int(_ROUND / _MOVE))
        self.large = problem.size >= _LARGE
        self.rules, self.offsets = next(shares for most, *shares in _SHARES if n < most)
        self.annealing = False

    @property
    def best(self) -> Search:
        return min(self.searches, key=lambda search: search.cost)

    def begin(self, given: Longs | None) -> None:
        """A first schedule."""
        first = self.searches[0]
        if given is not None:
            first.use(np.asarray(given, np.int64))
        first.try_rules(1)
        self.run.tell(first.cost, self.bound.value)
        self.run.look()

    def progress(self, steps: int) -> float:
        """From 0 to below 1."""
        stop = self.run.stop
        by_steps = steps / stop.steps if stop.steps else 0.0
        seconds = stop.seconds or _PACE
        by_time = self.run.passed / seconds if stop.seconds or not stop.steps else 0.0
        return max(by_steps, by_time) % 1.0

    def round(self, steps: int) -> None:
        """A round of all searches, and an exchange from time to time."""
        at = self.progress(steps)
        if at < self.rules:
            jobs = [partial(search.try_rules, self.dispatches) for search in self.searches]
        elif at < self.offsets:
            jobs = [partial(search.try_offsets, self.dispatches) for search in self.searches]
        else:
            jobs = self._annealing((at - self.offsets) / (1 - self.offsets))
        self.annealing = at >= self.offsets
        if steps >= _EXCHANGE and self.bound.open:
            best = self.best
            jobs.append(partial(self.bound.tighten, best.best.copy(), best.cost))
        self.run.together(jobs, self.workers)
        if steps % _EXCHANGE == _EXCHANGE - 1:
            self._exchange()
        self.run.tell(self.best.cost, self.bound.value)

    def _annealing(self, part: float) -> list[partial[None]]:
        hot, cold = (_HOT_LARGE, _COLD_LARGE) if self.large else (_HOT, _COLD)
        heat = hot * (cold / hot) ** part
        if not self.annealing:
            best = self.best
            for search in self.searches:
                search.use(best.best.copy())
            self._zones()
        return [
            partial(search.anneal, self.moves, heat, k if self.large else 0) for k, search in enumerate(self.searches)
        ]

    def _exchange(self) -> None:
        """Rules and offsets of the best for all; of schedules that have changed in different zones both changes."""
        if not self.annealing:
            best = self.best
            for search in self.searches:
                search.tuning.take(best.tuning)
        elif self.large:
            self._merge()
            self._zones()

    def _zones(self) -> None:
        """Two stretches of time with about half of the operations each, in which one search each makes its moves."""
        if not self.large:
            return
        start = self.searches[0].schedule[:, START]
        cut = np.quantile(start, self.chance.uniform(0.35, 0.65))
        for search in self.searches:
            search.zone[:] = start >= cut

    def _merge(self) -> None:
        """Go on from the early sequences of one search and the late ones of the other.

        What starts before the cut follows on nothing that starts after it, in both: together they contradict nothing.
        """
        early, late = (search.schedule[:, START].copy() for search in self.searches)
        costs = [float(search.value[CURRENT]) for search in self.searches]
        together = np.where(self.searches[0].zone == 0, early, late + int(early.max()) + 1)
        fits = self.searches[0].use(together)
        if not fits or self.searches[0].value[CURRENT] > max(costs):
            together = early if costs[0] <= costs[1] else late
            self.searches[0].use(together)
        self.searches[1].use(self.searches[0].schedule[:, START].copy())
