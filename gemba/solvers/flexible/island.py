"""One search of its own: a pool of schedules, and tabu search from between two of them, again and again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gemba.solvers.flexible.dispatch import try_dispatch
from gemba.solvers.flexible.graph import keep_best, load
from gemba.solvers.flexible.pool import Plan, Pool
from gemba.solvers.flexible.problem import FlexibleJobShop
from gemba.solvers.flexible.relink import relink
from gemba.solvers.flexible.state import BEST, FORBIDDEN, IMPROVED, MOVES, new_state
from gemba.solvers.flexible.tabu import tabu_search

_ROOM = 8  # schedules in the pool
_PATIENCE = 1000  # moves without a better schedule after which a tabu search ends
_TENURES = (6, 10, 16, 26)  # each tabu search has one of these, by chance
_BETWEEN = 10  # schedules tried between two
_SHARE = (0.3, 0.7)
_IDLE = 300  # tabu searches that did not better the pool, after which it is filled anew
_MOST_MOVES = 1 << 30
_NONE = np.iinfo(np.int64).max


class Island:
    """A search that can be continued move by move. Its random numbers are its own, so what it finds hangs on its seed alone."""

    def __init__(self, problem: FlexibleJobShop, seed: int, given: Plan | None = None) -> None:
        self.state = new_state(problem, seed)
        self.random = np.random.default_rng(seed)
        self.size = problem.operations
        self.patience = max(_PATIENCE, 2 * self.size)
        self.chunk = max(20, min(2000, 400_000 // max(1, self.size)))
        self.tries = max(1, min(20, 5_000 // max(1, self.size)))
        self.pool = Pool(_ROOM)
        self.idle = 0
        self.tenure = _TENURES[0]
        if given is None:
            self._dispatch(1, plain=True)
        else:
            self._begin(given)
        self.best = self.found()

    def advance(self, moves: int, target: int, stopped: Callable[[], bool], found: Callable[[int], None]) -> None:
        """Make so many moves, fewer where it is stopped or reaches the target."""
        value = self.state.value
        while moves > 0 and self.best.makespan > target and not stopped():
            before = int(value[MOVES])
            going = tabu_search(self.state, min(moves, self.chunk), self.patience, target, self.tenure, self.tenure)
            moves -= max(1, int(value[MOVES]) - before)
            if value[BEST] < self.best.makespan:
                self.best = self.found()
                found(self.best.makespan)
            if not going and self.best.makespan > target:
                self._next()

    def found(self) -> Plan:
        """The best schedule since the last beginning."""
        rows = np.empty((2, self.size), np.int32)
        rows[0] = self.state.best_mode
        rows[1, self.state.best_order] = np.arange(self.size, dtype=np.int32)
        return Plan(int(self.state.value[BEST]), rows)

    def take(self, plan: Plan) -> None:
        """Take in what another search found."""
        self.pool.add(plan)
        if plan.makespan < self.best.makespan:
            self.best = plan

    def _next(self) -> None:
        """Keep what the tabu search found, and begin the next one."""
        self.tenure = int(self.random.choice(_TENURES))
        self.idle = 0 if self.pool.add(self.found()) else self.idle + 1
        if self.idle > _IDLE:
            self.pool.plans.clear()
            self.idle = 0
        if self.state.value[MOVES] > _MOST_MOVES:
            self._forget()
        if not self.pool.full:
            self._dispatch(self.tries, plain=False)
            return
        one, other = self.random.choice(len(self.pool.plans), 2, replace=False)
        relink(self.state, self.pool.plans[one].rows, self.pool.plans[other].rows, _BETWEEN, *_SHARE)
        keep_best(self.state)

    def _dispatch(self, tries: int, *, plain: bool) -> None:
        self.state.value[BEST] = _NONE
        mode, order = np.empty(self.size, np.int32), np.empty(self.size, np.int32)
        try_dispatch(self.state, tries, plain, mode, order)
        load(self.state, self.state.best_mode, self.state.best_order)
        keep_best(self.state)

    def _begin(self, plan: Plan) -> None:
        load(self.state, plan.rows[0], plan.order)
        keep_best(self.state)

    def _forget(self) -> None:
        """Begin to count moves anew: they are kept in 32 bits."""
        self.state.value[MOVES] = self.state.value[IMPROVED] = 0
        self.state.pairs[:] = 0
        self.state.modes[:, FORBIDDEN] = 0
