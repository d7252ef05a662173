"""The engine: two searches side by side, lower bounds, and a proof where the problem is small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gemba.solvers.flexible.bound import quick_bound, shared_bound
from gemba.solvers.flexible.check import check
from gemba.solvers.flexible.exact import prove
from gemba.solvers.flexible.graph import load
from gemba.solvers.flexible.island import Island
from gemba.solvers.flexible.pool import Plan
from gemba.solvers.flexible.problem import FlexibleJobShop, Longs
from gemba.solvers.flexible.state import HEAD, new_state
from gemba.solvers.stop import Report, Run, Stop, quiet

_ISLANDS = 2
_STEP = 2_000  # moves of each search
_EXCHANGE = 50  # steps from one exchange of schedules to the next
_SMALL = 110, 1_500  # most operations and modes of a problem of which a proof is tried
_SEARCH = 0.3  # share of the time that the search of a small problem takes before the proof
_EFFORT = 0.02  # deterministic time of the proof for each step


@dataclass(frozen=True, slots=True)
class Result:
    """A schedule and how good it is.

    Attributes:
        objective: the makespan.
        bound: no schedule has a shorter one.
        start, mode: (operations,) of each operation.
        steps: rounds of work done.
    """

    objective: float
    bound: float
    start: Longs
    mode: Longs
    steps: int

    @property
    def proven(self) -> bool:
        """Whether there is no better schedule."""
        return self.objective <= self.bound


def solve(
    problem: FlexibleJobShop,
    stop: Stop,
    *,
    seed: int = 0,
    workers: int = 2,
    report: Report = quiet,
    given: tuple[Sequence[int], Sequence[int]] | None = None,
) -> Result:
    """Look for a schedule of the shortest makespan.

    A step is a round of 2,000 moves by each of two searches (fewer moves where there are many operations).

    Args:
        workers: threads.
        given: (start, mode) of each operation of a schedule to begin from.

    Raises:
        ValueError: where the given schedule breaks a rule.
    """
    run = Run(stop, report)
    if not problem.operations:
        return Result(0.0, 0.0, np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
    begin = None if given is None else _plan(problem, *given)
    islands = [Island(problem, 2 * seed, begin)]
    run.tell(islands[0].best.makespan, quick_bound(problem))
    run.look()
    if not run.over():
        run.tell(bound=shared_bound(problem, 0.2 * run.left))
    islands += [Island(problem, 2 * seed + i) for i in range(1, _ISLANDS) if not run.over()]
    search = _Search(run, islands, workers)
    small = problem.operations <= _SMALL[0] and problem.modes <= _SMALL[1]
    search.go(_SEARCH if small else 1.0)
    start, mode = _schedule(problem, search.best)
    if small and not run.ended:
        effort = _EFFORT * stop.steps if stop.steps is not None and stop.seconds is None else None
        better = prove(problem, start, mode, search.best.makespan, run, effort=effort, workers=workers, seed=seed)
        start, mode = better if better is not None else (start, mode)
    objective = float((start + problem.mode_duration[mode]).max())
    run.tell(objective)
    run.look()
    return Result(objective, float(min(run.bound, objective)), start, mode, search.steps)


class _Search:
    """The searches, worked on by threads; what one finds the others get to know after a fixed number of steps only."""

    def __init__(self, run: Run, islands: list[Island], workers: int) -> None:
        self.run, self.islands, self.workers = run, islands, workers
        self.steps = 0
        self.timed = run.stop.seconds is not None

    @property
    def best(self) -> Plan:
        return min((island.best for island in self.islands), key=lambda plan: plan.makespan)

    def go(self, share: float) -> None:
        """Search until the run is over, or a share of its seconds or steps."""
        run, stop = self.run, self.run.stop
        until = stop.seconds * share if stop.seconds is not None else float("inf")
        steps = None if stop.steps is None else max(1, round(stop.steps * share))
        while not run.over(self.steps) and run.passed < until and (steps is None or self.steps < steps):
            run.together([self._advance(island, until) for island in self.islands], self.workers)
            self.steps += 1
            run.tell(self.best.makespan)
            if self.steps % _EXCHANGE == 0:
                plans = [island.best for island in self.islands]
                for i, island in enumerate(self.islands):
                    island.take(plans[i - 1])

    def _advance(self, island: Island, until: float) -> Callable[[], None]:
        run = self.run
        # Without a clock each search goes on to the end of its step: what is found may not hang on who is faster.
        found: Callable[[int], None] = run.tell if self.timed else lambda makespan: None
        target = int(run.bound)

        def job() -> None:
            island.advance(_STEP, target, lambda: run.ended or run.passed >= until or run.left <= 0, found)

        return job


def _plan(problem: FlexibleJobShop, start: Sequence[int], mode: Sequence[int]) -> Plan:
    """A given schedule, every operation as soon as its sequence allows."""
    check(problem, start, mode)
    begins, end = np.asarray(start), np.asarray(start) + problem.mode_duration[np.asarray(mode)]
    order = np.lexsort((np.arange(problem.operations), end, begins))
    rows = np.empty((2, problem.operations), np.int32)
    rows[0], rows[1, order] = mode, np.arange(problem.operations)
    state = new_state(problem, 0)
    load(state, rows[0], order.astype(np.int32))
    return Plan(int(state.value[0]), rows)


def _schedule(problem: FlexibleJobShop, plan: Plan) -> tuple[Longs, Longs]:
    """(start, mode) of each operation."""
    state = new_state(problem, 0)
    load(state, plan.rows[0], plan.order)
    return state.ops[:-1, HEAD].astype(np.int64), plan.rows[0].astype(np.int64)
