"""Tabu search from schedules that path relinking finds in a pool of good ones (Peng, Lü and Cheng 2015), on all cores.

Each tabu search is a task. Task k begins from what tasks up to k - IN_FLIGHT have found, whichever thread does it, so what is
found after so many tasks does not depend on the number of threads.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np

from gemba.solvers.jobshop.dispatch import Rules
from gemba.solvers.jobshop.graph import Graph
from gemba.solvers.jobshop.pool import Pool
from gemba.solvers.jobshop.problem import Longs
from gemba.solvers.jobshop.relink import between
from gemba.solvers.jobshop.tabu import BEST, Tabu, begin, go_on, tabu
from gemba.solvers.stop import Run

IN_FLIGHT = 4
PATIENCE = 12_500  # moves without an improvement after which a tabu search ends
_POLL = 0.05  # seconds
_WORK = 6_000_000  # moves x operations of one call of a kernel: less than 0.1 s


@dataclass(slots=True)
class Memetic:
    """A search on one graph. ``first`` are the orders that it begins with; more come from ``rules``."""

    graph: Graph
    run: Run
    rules: Rules
    first: list[Longs]
    seed: int
    enough: int  # a makespan that ends the search
    pool: Pool = field(init=False)
    done: int = 0
    _rooms: list[Tabu] = field(init=False)
    _random: np.random.Generator = field(init=False)
    _founders: int = field(init=False)

    def __post_init__(self) -> None:
        size = int(np.clip(15_000 // self.graph.operations, 4, 30))
        self.pool = Pool(self.graph, size)
        self._founders = size
        self._rooms = [tabu(self.graph) for _ in range(IN_FLIGHT)]
        self._random = np.random.default_rng(self.seed)

    def search(self, workers: int, until: float = float("inf")) -> None:
        """Do task after task until the run is over, or so many seconds of it have passed."""
        waiting: deque[Future[tuple[int, Longs]]] = deque()
        started = 0
        with ThreadPoolExecutor(max(1, workers)) as threads:
            try:
                while not self._over(started, until) or waiting:
                    while len(waiting) < IN_FLIGHT and not self._over(started, until):
                        room, order, seed = (
                            self._rooms[started % IN_FLIGHT],
                            self._next(),
                            1 + int(self._random.integers(1 << 60)),
                        )
                        waiting.append(threads.submit(self._improve, room, order, seed, until))
                        started += 1
                    while waiting and not wait([waiting[0]], timeout=_POLL, return_when=FIRST_COMPLETED).done:
                        self.run.look()
                    self.run.look()
                    if waiting:
                        makespan, order = waiting.popleft().result()
                        self.pool.add(makespan, order)
                        self.run.tell(objective=float(makespan))
                        self.done += 1
            except BaseException:
                self.run.ended = True
                raise

    def _over(self, started: int, until: float) -> bool:
        return self.run.over(started) or self.run.passed >= until

    def _next(self) -> Longs:
        """Where the next task begins."""
        if self.first:
            self._founders -= 1
            return self.first.pop(0)
        if self._founders > 0 or len(self.pool.members) < 2:
            self._founders -= 1
            return self.graph.node[self.rules.line()]
        if self.pool.alike:  # begin anew, with the best kept
            self._founders = self.pool.size - 1
            self.pool.members = [self.pool.best]
            return self.graph.node[self.rules.line()]
        one, other = self.pool.pair(self._random)
        return between(one, other, float(self._random.uniform(0.3, 0.7)))

    def _improve(self, room: Tabu, order: Longs, seed: int, until: float) -> tuple[int, Longs]:
        """One tabu search; (makespan, order) of its best schedule."""
        begin(room, order, np.uint64(seed))
        moves = max(20, _WORK // (self.graph.operations + 100))
        going = True
        while going and not (self._asked() if self._steady else self.run.over() or self.run.passed >= until):
            going = go_on(room, moves, PATIENCE, self.enough)
            if not self._steady:
                self.run.tell(objective=float(room.tally[BEST]))
        return int(room.tally[BEST]), room.best

    @property
    def _steady(self) -> bool:
        """Whether the result may not depend on the clock: then a task is never cut short, and told of when its turn comes."""
        return self.run.stop.seconds is None

    def _asked(self) -> bool:
        """Whether a person has ended the run."""
        run = self.run
        return run.ended and run.objective - run.bound > run.stop.gap * abs(run.objective) + 1e-9
