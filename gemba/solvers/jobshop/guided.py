"""Better schedules by the search that proves, guided by good ones (solution-guided search; Beck 2007).

The tree of a proof branches where a pair's order matters most, and learns. Asked for a makespan below the best one known, it
puts each pair it branches on as a good schedule has it, drawn by chance from a pool at each restart: so it looks for a schedule
near a good one, and its failures tell where the two must differ. A schedule that is found joins the pool and lowers the
makespan asked for, which leaves all that was refuted so far refuted. Restarts come so soon that many good ones have their turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.graph import Graph
from gemba.solvers.jobshop.pool import Pool
from gemba.solvers.jobshop.problem import JobShop, Longs, by_start
from gemba.solvers.jobshop.refute import ask_for_less, choose, open_root, step
from gemba.solvers.jobshop.rounds import Rounds
from gemba.solvers.jobshop.tree import (
    DEPTH,
    FAILURES,
    FOUND,
    LOST,
    OPEN,
    REFUTED,
    RESTART,
    STATUS,
    TRIALS,
    Tree,
    by_machine,
    starts,
    tree,
)
from gemba.solvers.stop import Run

_SPAN = 300  # failures between two restarts
#: Members of the pool, and the share of pairs on a machine on which any two of them disagree at least.
_MEMBERS, _APART = 20, 0.02


@kernel
def follow(tree, guide, until):  # type: ignore[no-untyped-def]
    """Go on with pairs put as in a guide (N: places in its order), to the next restart or a number of trials."""
    state = tree.state
    open_root(tree, until)
    while state[STATUS] == OPEN and state[TRIALS] < until and state[FAILURES] < state[RESTART]:
        i, k = choose(tree, tree.windows[state[DEPTH]])
        if i >= 0 and guide[k] < guide[i]:
            i, k = k, i
        state[STATUS] = step(tree, i, k)


@dataclass(slots=True)
class _Seeker:
    """A tree, the guide that it follows, and chance of its own."""

    tree: Tree
    random: np.random.Generator
    guide: Longs
    restarts: int = 0

    @property
    def refuted(self) -> bool:
        return bool(self.tree.state[STATUS] == REFUTED)

    def seek(self, guides: list[Longs], latest: Longs, trials: int) -> None:
        """About so many trials, or until the tree has found or refuted what it is asked for."""
        state = self.tree.state
        until = state[TRIALS] + trials
        while state[STATUS] in (OPEN, LOST) and state[TRIALS] < until:
            if state[STATUS] == LOST or state[FAILURES] >= state[RESTART]:
                self.restart(guides, latest)
            else:
                follow(self.tree, self.guide, until)

    def restart(self, guides: list[Longs], latest: Longs) -> None:
        """With another guide; what is refuted is so within less time as well."""
        self.guide = guides[int(self.random.integers(len(guides)))]
        self.restarts += 1
        if not self.refuted:
            ask_for_less(self.tree, latest)
            self.tree.state[RESTART] = self.tree.state[FAILURES] + _SPAN


class Guided:
    """Looks for schedules better than good ones, given as (makespan, order of nodes), at least one; a tree for each worker."""

    def __init__(
        self, problem: JobShop, graph: Graph, run: Run, good: list[tuple[int, Longs]], seed: int, workers: int
    ) -> None:
        self.problem, self.graph, self.run = problem, graph, run
        self.pool = Pool(graph, _MEMBERS, _APART)
        self._on = by_machine(problem)
        self._seekers: list[_Seeker] = []
        self._round, self._bettered = Rounds(run), 0
        self.makespan = min(makespan for makespan, _ in good)
        self.add(good)
        for number in np.random.SeedSequence(seed).spawn(max(1, workers)):
            random = np.random.default_rng(number)
            self._seekers.append(_Seeker(tree(problem, self.makespan - 1), random, self._guides[0]))

    def add(self, good: list[tuple[int, Longs]]) -> None:
        """Take schedules into the pool, the best first, and ask for a better one than the best."""
        for makespan, order in sorted(good, key=lambda one: one[0]):
            self.pool.add(makespan, order)
        self._guides = [self._guide(order) for _, order in self.pool.members]
        better, self.makespan = self.pool.best[0] < self.makespan, self.pool.best[0]
        for one in self._seekers:
            one.restart(self._guides, self._latest)
        if better:
            self._bettered = self._restarts

    def search(self, until: float = float("inf"), idle: float = float("inf")) -> None:
        """Until so many seconds of the run have passed, so many restarts have bettered nothing, or nothing better is possible."""
        while not self.run.over() and self.run.passed < until and self.idle < idle:
            self._work()
            if any(one.refuted for one in self._seekers):
                self.run.tell(bound=float(self.makespan))
                return
            if found := [self._schedule(one.tree) for one in self._seekers if one.tree.state[STATUS] == FOUND]:
                self.add(found)
                self.run.tell(objective=float(self.makespan))

    @property
    def idle(self) -> int:
        """Restarts since the best schedule was found."""
        return self._restarts - self._bettered

    @property
    def _restarts(self) -> int:
        return sum(one.restarts for one in self._seekers)

    @property
    def _latest(self) -> Longs:
        """(N) latest starts in a schedule that is better than the best."""
        return (self.makespan - 1 - self.problem.rest)[self._on]

    def _guide(self, order: Longs) -> Longs:
        """(N) where a tree's operations are in an order of nodes."""
        place = np.empty(len(self.graph.nodes), np.int64)
        place[order] = np.arange(len(order))
        return place[self.graph.node[self._on]]

    def _work(self) -> None:
        self._round([partial(one.seek, self._guides, self._latest) for one in self._seekers])

    def _schedule(self, found: Tree) -> tuple[int, Longs]:
        start = starts(self.problem, found)
        return int((start + self.problem.rest).max()), self.graph.node[by_start(self.problem, start)]
