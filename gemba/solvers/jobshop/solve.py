"""The makespan engine for job shops: dispatching rules, tabu search with path relinking, search guided by it, and proof."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.solvers.jobshop.bound import lower_bound
from gemba.solvers.jobshop.check import check
from gemba.solvers.jobshop.dispatch import Rules
from gemba.solvers.jobshop.graph import COMPLETION, DURATION, Graph, arrange, graph, last_of
from gemba.solvers.jobshop.guided import Guided
from gemba.solvers.jobshop.memetic import Memetic
from gemba.solvers.jobshop.problem import JobShop, Longs, by_start
from gemba.solvers.jobshop.proof import Proof
from gemba.solvers.jobshop.prove import prove, reach, tight
from gemba.solvers.jobshop.tree import fits
from gemba.solvers.stop import Report, Run, Stop, quiet

#: Operations of a shop up to which a proof is tried; the share of the time after which it is.
_PROVABLE, _BEFORE_PROOF = 250, 0.35
#: Tasks of tabu search that bettered nothing, and restarts of the search guided by it, after which a proof is tried sooner.
_IDLE, _TIRED = 60, 500
#: The share of the time of one turn of tabu search, and of the search guided by it, where a proof is likely and elsewhere; the
#: operations up to which they take turns: in larger shops tabu search alone finds more.
_TURNS, _LONG_TURNS, _GUIDABLE = (0.04, 0.08), (0.08, 0.08), 400
#: Operations up to which the bound is raised at the end; the share of the time before that, and the least time, in seconds.
_BOUNDABLE, _BEFORE_BOUND, _LONG = 500, 0.85, 20
#: The share of the time for reaching a bound that leaves hardly any room.
_REACHING = 0.3
#: Rules times operations tried at first.
_RULES = 4_000_000


@dataclass(frozen=True)
class Result:
    """A schedule.

    ``start`` (n) of each operation; ``objective`` its makespan; ``bound`` a makespan that no schedule beats.
    """

    objective: float
    bound: float
    start: Longs

    @property
    def proven(self) -> bool:
        """No schedule is better."""
        return self.objective <= self.bound


def timed(shop: Graph, order: Longs) -> tuple[int, Longs]:
    """(makespan, earliest starts) of an order of nodes."""
    nodes = shop.nodes.copy()
    arrange(nodes, order, shop.machine_end)
    start: Longs = nodes[shop.node, COMPLETION] - shop.nodes[shop.node, DURATION]
    return int(last_of(nodes, shop.job_end, shop.machine_end)[0]), start


def solve(
    problem: JobShop,
    stop: Stop,
    *,
    seed: int = 0,
    workers: int = 2,
    report: Report = quiet,
    given: Longs | None = None,
) -> Result:
    """Minimise the makespan.

    Args:
        stop: a step is one tabu search from a new beginning. Without seconds there is no proof by constraints.
        given: start times (n) of a schedule to begin from.

    Raises:
        ValueError: the given schedule is none.
    """
    if given is not None:
        check(problem, given)
    return _Engine(problem, Run(stop, report), seed, workers).solve(given)


class _Engine:
    """One solve: what is known so far."""

    def __init__(self, problem: JobShop, run: Run, seed: int, workers: int) -> None:
        self.problem, self.run, self.seed, self.workers = problem, run, seed, workers
        self.graph = graph(problem)
        self.rules = Rules(problem, np.random.default_rng(seed))
        self.orders: list[tuple[int, Longs]] = []  # by the rules and as given, best first

    def solve(self, given: Longs | None) -> Result:
        if given is not None:
            self._add(self.graph.node[by_start(self.problem, given)])
        self._add(self.graph.node[self.rules.line()])
        self.run.tell(bound=lower_bound(self.problem))
        self._try_rules()
        self._try_bound()
        if not self.run.over():
            self._search()
        if not self.run.over() and self.run.stop.seconds is not None:
            self._prove()
        makespan, times = timed(self.graph, self.orders[0][1])
        self.run.look()
        return Result(float(makespan), min(self.run.bound, float(makespan)), times)

    def _add(self, order: Longs) -> None:
        """Keep an order, with the best first."""
        makespan = timed(self.graph, order)[0]
        self.orders.append((makespan, order))
        self.orders.sort(key=lambda found: found[0])
        self.run.tell(objective=float(makespan))
        self.run.look()

    def _try_rules(self) -> None:
        """Rules, and schedules made forwards and backwards in turn; so many that it takes a second at most."""
        count = int(np.clip(_RULES // self.problem.operations, 10, 200))
        nodes = self.graph.nodes.copy()
        for _ in range(count):
            if self.run.over():
                return
            self._add(self.graph.node[self.rules.line()])
            del self.orders[8:]
        order = self.orders[0][1]
        for _ in range(count // 5):
            if self.run.over():
                return
            arrange(nodes, order, self.graph.machine_end)
            order = self.graph.node[self.rules.again(nodes[self.graph.node])]
            self._add(order)

    def _try_bound(self) -> None:
        """Where the bound leaves hardly any room, look for a schedule that reaches it."""
        run, seconds = self.run, self.run.stop.seconds
        if run.over() or seconds is None or not tight(self.problem, run.bound):
            return
        found = reach(
            self.problem, run, int(run.bound), _REACHING * seconds, workers=self.workers, seed=self.seed
        )  # fmt: skip
        if found is not None:
            self._add(self.graph.node[by_start(self.problem, found)])

    def _search(self) -> None:
        first = [order for _, order in self.orders[:2]]
        memetic = Memetic(self.graph, self.run, self.rules, first, self.seed, int(self.run.bound))
        until, idle = self._patience
        if self.run.stop.seconds is not None and self._boundable and self.problem.operations <= _GUIDABLE:
            self._alternate(memetic, until, idle)
        else:
            memetic.search(self.workers, until, idle)
        for _, order in memetic.pool.members:
            self._add(order)

    @property
    def _patience(self) -> tuple[float, float]:
        """The seconds of the run up to which better schedules are searched for, and the tasks that may better nothing."""
        seconds = self.run.stop.seconds
        if seconds is not None and self._small:
            return _BEFORE_PROOF * seconds, _IDLE
        if seconds is not None and seconds >= _LONG and self._boundable:
            return _BEFORE_BOUND * seconds, float("inf")
        return float("inf"), float("inf")

    def _alternate(self, memetic: Memetic, until: float, idle: float) -> None:
        """Tabu search, and the search guided by what it found, in turn; while it is worth it where a proof is likely."""
        run, seconds, guided = self.run, self.run.stop.seconds or 0.0, None
        tabu, follow = _TURNS if self._small else _LONG_TURNS
        tired = _TIRED if self._small else float("inf")
        while run.passed < until and not run.over():
            memetic.search(self.workers, min(until, run.passed + tabu * seconds), idle)
            if not memetic.pool.members:
                return
            guided = guided or Guided(self.problem, self.graph, run, [memetic.pool.best], self.seed, self.workers)
            guided.add(memetic.pool.members)
            guided.search(min(until, run.passed + follow * seconds), tired)
            for makespan, order in guided.pool.members:
                memetic.pool.add(makespan, order)
            if guided.makespan <= run.bound or guided.idle >= tired:
                return

    @property
    def _small(self) -> bool:
        """Whether a proof is likely."""
        return self.problem.operations <= _PROVABLE

    @property
    def _boundable(self) -> bool:
        return self.problem.operations <= _BOUNDABLE and fits(self.problem)

    def _prove(self) -> None:
        makespan, start = timed(self.graph, self.orders[0][1])
        if self._boundable:
            proof = Proof(self.problem, self.run, makespan, workers=self.workers)
            if self._small:
                proof.raise_bound()
                proof.finish()
            else:
                proof.insist()
            found = proof.start
        else:
            found = prove(self.problem, self.run, start, makespan, workers=self.workers, seed=self.seed)
        if found is not None:
            self._add(self.graph.node[by_start(self.problem, found)])
