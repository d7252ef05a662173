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
#: Moves without an improvement after which a tabu search ends, and members of the pool: (most, least, times operations).
_PATIENCE = (12_500, 4_000, 4_000_000)
_MEMBERS = (20, 6, 6_000)
_POLL = 0.05  # seconds
_WORK = 6_000_000  # moves x operations of one call of a kernel: less than 0.1 s


def _by_size(numbers: tuple[int, int, int], operations: int) -> int:
    """Less where each move takes longer, so that the pool has generations in a minute."""
    most, least, work = numbers
    return int(np.clip(work // operations, least, most))


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
    _bettered: int = 0  # the task that found the best
    _rooms: list[Tabu] = field(init=False)
    _random: np.random.Generator = field(init=False)
    _founders: int = field(init=False)
    _patience: int = field(init=False)

    def __post_init__(self) -> None:
        self._founders = _by_size(_MEMBERS, self.graph.operations)
        self._patience = _by_size(_PATIENCE, self.graph.operations)
        self.pool = Pool(self.graph, self._founders)
        self._rooms = [tabu(self.graph) for _ in range(IN_FLIGHT)]
        self._random = np.random.default_rng(self.seed)

    def search(self, workers: int, until: float = float("inf"), idle: float = float("inf")) -> None:
        """Do task after task until the run is over, so many seconds of it have passed, or so many tasks bettered nothing."""
        waiting: deque[Future[tuple[int, Longs]]] = deque()
        started = self.done
        with ThreadPoolExecutor(max(1, workers)) as threads:
            try:
                while waiting or not self._over(started, until, idle):
                    while len(waiting) < IN_FLIGHT and not self._over(started, until, idle):
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
                        self._take(makespan, order)
            except BaseException:
                self.run.ended = True
                raise

    def _over(self, started: int, until: float, idle: float) -> bool:
        return self.run.over(started) or self.run.passed >= until or self.done - self._bettered >= idle

    def _take(self, makespan: int, order: Longs) -> None:
        """What a task has found."""
        self.done += 1
        if not self.pool.members or makespan < self.pool.best[0]:
            self._bettered = self.done
        self.pool.add(makespan, order)
        self.run.tell(objective=float(makespan))

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
            going = go_on(room, moves, self._patience, self.enough)
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
