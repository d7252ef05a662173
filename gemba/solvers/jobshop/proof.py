"""Bounds by refuting makespans, on all cores: the lower ones quickly, then those just below the best schedule."""

from __future__ import annotations

from functools import partial

from gemba.solvers.jobshop.exchange import Exchange
from gemba.solvers.jobshop.problem import JobShop, Longs
from gemba.solvers.jobshop.refute import ask_for_less, refute
from gemba.solvers.jobshop.rounds import Rounds
from gemba.solvers.jobshop.tree import (
    CURSOR,
    FAILURES,
    FOUND,
    LOST,
    REFUTED,
    STATUS,
    Tree,
    by_machine,
    starts,
    tree,
    twin,
)
from gemba.solvers.stop import Run

_QUICK = 300  # failures for a makespan while the bound is far off
_MORE = 4  # times as many the next time
_ALONE = 300  # failures of the first tree before there are others
_EXCHANGES = 1000  # trees learn from each other when failures are a share of 1 / _EXCHANGES more


class Proof:
    """Refutes makespans below ``makespan``, the best one known, telling the run of the bound."""

    def __init__(self, problem: JobShop, run: Run, makespan: int, *, workers: int) -> None:
        self.problem, self.run, self.makespan, self.workers = problem, run, makespan, max(1, workers)
        self.start: Longs | None = None  # of a schedule better than the one given
        self._round = Rounds(run)

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
        question = _Question(self.problem, self.makespan - 1, self.workers)
        while self.run.bound < self.makespan and not self.run.over():
            if not self._answer(question, None):
                return
            question.ask_for_less(self.makespan - 1)

    def _settle(self, makespan: int, most: int | None) -> bool:
        """Whether it was decided, within so many failures, if a schedule is at most this long."""
        return self._answer(_Question(self.problem, makespan, self.workers), most)

    def _answer(self, question: _Question, most: int | None) -> bool:
        while not self.run.over() and (most is None or question.trees[0].state[FAILURES] < most):
            self._round([partial(refute, one) for one in question.trees])
            if found := question.with_status(FOUND):
                self._found(found)
                return True
            if question.with_status(REFUTED):
                self.run.tell(bound=float(question.makespan + 1))
                return True
            if question.with_status(LOST):
                return False
            question.share()
        return False

    def _found(self, found: Tree) -> None:
        self.start = starts(self.problem, found)
        self.makespan = int((self.start + self.problem.rest).max())
        self.run.tell(objective=float(self.makespan))


class _Question:
    """Whether there is a schedule of at most this makespan, asked of a tree for each worker."""

    def __init__(self, problem: JobShop, makespan: int, workers: int) -> None:
        self.problem, self.makespan, self.workers = problem, makespan, workers
        self.trees = [tree(problem, makespan)]
        self._exchange: Exchange | None = None
        self._due = _ALONE  # failures of the first tree at which the trees learn from each other

    def with_status(self, status: int) -> Tree | None:
        return next((one for one in self.trees if one.state[STATUS] == status), None)

    def share(self) -> None:
        """Once all pairs were tried at the root, let every worker have a tree, and the trees learn from each other."""
        first = self.trees[0]
        if self.workers == 1 or first.state[CURSOR] >= 0 or first.state[FAILURES] < self._due:
            return
        if self._exchange is None:
            self.trees = [first, *(twin(first) for _ in range(self.workers - 1))]
            self._exchange = Exchange(self.trees)
        else:
            self._exchange()
        self._due = int(first.state[FAILURES]) * (_EXCHANGES + 1) // _EXCHANGES

    def ask_for_less(self, makespan: int) -> None:
        """Go on with what was learnt: what was refuted stays refuted."""
        self.makespan = makespan
        latest = (makespan - self.problem.rest)[by_machine(self.problem)]
        for one in self.trees:
            ask_for_less(one, latest)
