"""Bounds by refuting makespans, on all cores: the lower ones quickly, then those just below the best schedule."""

from __future__ import annotations

from functools import partial

import numpy as np

from gemba.solvers.jobshop.problem import JobShop, Longs
from gemba.solvers.jobshop.refute import (
    DEPTH,
    FAILURES,
    FOUND,
    LOST,
    OPEN,
    REFUTED,
    STATUS,
    Tree,
    by_machine,
    refute,
    share,
    tree,
)
from gemba.solvers.jobshop.windows import EARLY
from gemba.solvers.stop import Run

_ROUND = 0.08  # seconds of work between two looks
_QUICK = 300  # failures for a makespan while the bound is far off
_MORE = 4  # times as many the next time
_ALONE = 3000  # failures until one tree has learnt enough to be shared out


class Proof:
    """Refutes makespans below ``makespan``, the best one known, telling the run of the bound."""

    def __init__(self, problem: JobShop, run: Run, makespan: int, *, workers: int) -> None:
        self.problem, self.run, self.makespan, self.workers = problem, run, makespan, max(1, workers)
        self.start: Longs | None = None  # of a schedule better than the one given
        self._trials = 100

    def raise_bound(self, most: int = _QUICK) -> None:
        """Halve the interval between bound and makespan, with at most so many failures for each makespan."""
        low, high = int(self.run.bound), self.makespan  # all below low are refuted; nothing is known of high - 1
        while low < high and not self.run.over():
            middle = (low + high - 1) // 2 if high - low > 1 else low
            if self._settle(middle, most):
                low = max(low, int(self.run.bound))
            else:
                high = middle
            high = min(high, self.makespan)

    def insist(self) -> None:
        """Raise the bound with ever more failures, until it is proven or the run is over."""
        most = _QUICK
        while self.run.bound < self.makespan and not self.run.over():
            self.raise_bound(most)
            most *= _MORE

    def finish(self) -> None:
        """Refute the makespan just below the best, or find a better schedule, until it is proven or the run is over."""
        while self.run.bound < self.makespan and not self.run.over():
            if not self._settle(self.makespan - 1, None):
                return

    def _settle(self, makespan: int, most: int | None) -> bool:
        """Whether it was decided, within so many failures, if a schedule is at most this long."""
        trees = [tree(self.problem, makespan) for _ in range(self.workers)]
        for other in trees[1:]:
            other.state[STATUS] = REFUTED
        while not self.run.over() and (most is None or trees[0].state[FAILURES] < most):
            self._work(trees)
            if any(one.state[STATUS] == LOST for one in trees):
                return False
            if found := [one for one in trees if one.state[STATUS] == FOUND]:
                self._found(found[0])
                return True
            if all(one.state[STATUS] == REFUTED for one in trees):
                self.run.tell(bound=float(makespan + 1))
                return True
            if sum(int(one.state[FAILURES]) for one in trees) >= _ALONE:
                _share_out(trees)
        return False

    def _work(self, trees: list[Tree]) -> None:
        """One round of all trees that are open."""
        begun = self.run.passed
        going = [one for one in trees if one.state[STATUS] == OPEN]
        self.run.together([partial(refute, one, self._trials) for one in going], self.workers)
        took = max(self.run.passed - begun, 1e-4)
        self._trials = int(np.clip(self._trials * _ROUND / took, self._trials // 2 + 1, 2 * self._trials))

    def _found(self, found: Tree) -> None:
        """Where every order is decided, earliest starts are a schedule."""
        start = np.empty(self.problem.operations, np.int64)
        start[by_machine(self.problem)] = found.windows[found.state[DEPTH], EARLY]
        self.start, self.makespan = start, int((start + self.problem.rest).max())
        self.run.tell(objective=float(self.makespan))


def _share_out(trees: list[Tree]) -> None:
    for idle in trees:
        if idle.state[STATUS] == REFUTED:
            share(min(trees, key=lambda one: int(one.state[STATUS])), idle)
