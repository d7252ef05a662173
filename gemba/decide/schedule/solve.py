"""The search of all parts of a problem, in the time or the steps there are: compiled search, and proof where parts are small."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from gemba.decide.schedule.parts import Part
from gemba.decide.schedule.problem import Problem
from gemba.solvers import cp
from gemba.solvers.search.improve import improve
from gemba.solvers.search.search import Search
from gemba.solvers.search.shop import Longs

_FIRST = 0.3  # share of the time for the search where small parts are to be proven afterwards
_LONGEST_PROOF = 30.0  # seconds for each part where there is no limit
_PROOF_STEP = 0.02  # CP-SAT's deterministic seconds for each step


@dataclass(slots=True)
class Budget:
    """How long the search may take: see ``retime``."""

    stop: Callable[[], bool]
    seconds: float | None
    steps: int | None
    workers: int
    seed: int
    begun: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Seconds; infinite where there is no limit."""
        return float("inf") if self.seconds is None else max(0.0, self.seconds - (time.monotonic() - self.begun))


@dataclass(slots=True)
class Solved:
    """Best times and cost of each part, and a cost that no times of its work beat."""

    times: list[Longs]
    costs: list[float]
    bounds: list[float]


def solve(p: Problem, parts: list[Part], budget: Budget, report: Callable[[float], None]) -> Solved:
    """Better times for every part; never worse ones than those of the plan."""
    searches = [Search(part.shop, p.times[part.nodes], budget.seed + k) for k, part in enumerate(parts)]
    bounds = [0.0] * len(parts)
    small = [k for k, s in enumerate(searches) if cp.fits(s.shop) and not s.done]

    def run(share: float) -> None:
        seconds = None if budget.seconds is None else budget.left() * share
        steps = None if budget.steps is None else max(1, int(budget.steps * share))
        improve(searches, stop=budget.stop, report=report, seconds=seconds, steps=steps, workers=budget.workers)

    run(_FIRST if small else 1.0)
    small = [k for k in small if not searches[k].done]
    for i, k in enumerate(sorted(small, key=lambda k: -searches[k].cost)):
        if not budget.stop():
            bounds[k] = _prove(searches[k], budget, len(small) - i + 1)
            report(sum(s.cost for s in searches))
    if small and budget.steps is None and budget.seconds is not None and budget.left() > 0 and not budget.stop():
        run(1.0)
    chosen = [_best(p, part, s) for part, s in zip(parts, searches, strict=True)]
    return Solved([t for t, _ in chosen], [c for _, c in chosen], bounds)


def _prove(search: Search, budget: Budget, shares: int) -> float:
    """Let CP-SAT go on from the best schedule; what it proves."""
    effort = None if budget.steps is None else max(0.1, budget.steps * _PROOF_STEP)
    seconds = budget.left() / shares
    if effort is None and budget.seconds is None:
        seconds = _LONGEST_PROOF
    answer = cp.solve(
        search.shop, search.back_to_best().copy(), seconds=min(max(seconds, 0.01), 1e6), effort=effort, stop=budget.stop,
        workers=budget.workers, seed=budget.seed,
    )  # fmt: skip
    if answer.times is not None and answer.cost < search.cost:
        search.use(answer.times)
    return answer.bound


def _best(p: Problem, part: Part, search: Search) -> tuple[Longs, float]:
    """The search's best times and cost; the plan's own where these are better."""
    given = p.times[part.nodes]
    before = cp.cost_of(part.shop, given)
    if not search.cost <= before * (1 + 1e-12):
        return given, before
    return search.back_to_best().copy(), search.cost
