"""The searches that ``solve`` runs side by side: each knows its best sequence, and goes on by one slice of work at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from gemba.solvers.flowshop import beam, greedy, hybrid, sums
from gemba.solvers.flowshop.problem import FlowShop, Longs, Objective

_SLICE = 100_000_000  # places x machines looked at by the greedy search: about 0.1 s
_SUM_SLICE = 800_000_000  # lanes x machines timed
_HYBRID_SLICE = 3_000_000  # operations timed
_SMALL = 2000  # a slice is at most about so many reinsertions of every job

#: A search for a sum begins with beams, each WIDER times as wide as the one before, as long as one takes no more than this
#: share of the time (about so much work in a second).
_WIDER, _FLOW_SHARE, _TARDY_SHARE, _BEAM_WORK = 2, 0.15, 0.04, 500_000_000
#: The worsening that is kept with probability 1/e, at first and at last, in mean durations for each 20 late jobs.
_HOT, _COLD = 8.0, 0.5
_TAKE = 3  # jobs taken out each time, or one less


class Search(Protocol):
    """A search under way."""

    def advance(self, share: float, target: int, over: Callable[[], bool]) -> None:
        """Go on for about 0.1 s, or until the target is reached.

        Args:
            share: of the whole search that has passed, 0 to 1.
            target: a cost at which the search may end.
            over: whether to end at once.
        """

    @property
    def cost(self) -> int:
        """Of the best sequence."""

    @property
    def sequence(self) -> Longs:
        """The best one, of the shop as given."""

    def adopt(self, sequence: Longs) -> None:
        """Go on from another search's sequence."""


class SpanSearch:
    """Iterated greedy search for the makespan of a permutation flow shop."""

    def __init__(self, shop: FlowShop, sequence: Longs, seed: int) -> None:
        self.line = shop.line()
        self.state = greedy.greedy(self.line, sequence, seed)
        self.heat = 0.07 * float(shop.durations.mean()) + 1e-9
        self.built = False
        self.slice = min(_SLICE, _SMALL * shop.jobs**2 * shop.stages)

    def advance(self, share: float, target: int, over: Callable[[], bool]) -> None:
        if not self.built:
            self.built = True
            work = -self.line.work[self.state.current].sum(axis=1)
            greedy.build(self.line, self.state, self.state.current[np.argsort(work, kind="stable")])
            greedy.restart(self.line, self.state, self.state.current.copy())
            greedy.restart(self.line, self.state, self.state.best.copy())
        greedy.iterate(self.line, self.state, 2, self.heat, True, target, self.slice)

    @property
    def cost(self) -> int:
        return int(self.state.figures[greedy.BEST])

    @property
    def sequence(self) -> Longs:
        return self.state.best

    def adopt(self, sequence: Longs) -> None:
        greedy.restart(self.line, self.state, sequence)


class TotalSearch:
    """Beam search, then iterated greedy search, for total flow time or tardiness of a permutation flow shop."""

    def __init__(self, shop: FlowShop, sequence: Longs, seed: int, patience: float, seconds: float) -> None:
        self.line = shop.line()
        self.tardy = shop.objective is Objective.TARDINESS
        self.order = dispatched(shop)
        self.state = sums.sum_search(self.line, sequence, seed)
        self.patience = patience
        self.mean = float(shop.durations.mean()) / 20
        self.width, self.built = 8, False
        self.slice = min(_SUM_SLICE, _SMALL * shop.jobs**2 * shop.stages)
        share = _TARDY_SHARE if self.tardy else _FLOW_SHARE
        work = shop.jobs**2 * (shop.stages + (shop.jobs // 3 if self.tardy else 0))  # for each of the beam's width
        self.widest = 0 if shop.setups is not None else int(share * seconds * _BEAM_WORK / work)

    def advance(self, share: float, target: int, over: Callable[[], bool]) -> None:
        if not self.built:
            self.built = True
            sums.build(self.line, self.state, self.order)
            sums.restart(self.line, self.state, self.state.best.copy())
        elif self.width <= self.widest:
            self._beam(over)
        else:
            late = sums.late_weight(self.line, self.state)
            heat = self.mean * max(1, late) * _HOT * (_COLD / _HOT) ** share
            sums.iterate(self.line, self.state, _TAKE, heat, target, self.slice)

    def _beam(self, over: Callable[[], bool]) -> None:
        found = beam.search(self.line, self.order, self.width, self.patience, self.tardy, over)
        self.width *= _WIDER
        if found is not None and found[1] < self.cost:
            sums.restart(self.line, self.state, found[0])

    @property
    def cost(self) -> int:
        return int(self.state.figures[sums.BEST])

    @property
    def sequence(self) -> Longs:
        return self.state.best

    def adopt(self, sequence: Longs) -> None:
        sums.restart(self.line, self.state, sequence)


class HybridSearch:
    """Simulated annealing for a hybrid flow shop, or for its mirror image (makespan only)."""

    def __init__(self, shop: FlowShop, sequence: Longs, seed: int, mirrored: bool) -> None:
        self.shop, self.mirrored = shop, mirrored
        self.line = hybrid.stages(shop, mirrored=mirrored)
        self.state = hybrid.annealing(self.line, sequence, seed)
        self.heat = float(shop.durations.mean())
        self.slice = min(_HYBRID_SLICE, _SMALL * shop.jobs * shop.stages)
        if shop.objective is not Objective.MAKESPAN:
            self.heat *= shop.jobs * max(1.0, float(shop.weights.mean())) / 20

    def advance(self, share: float, target: int, over: Callable[[], bool]) -> None:
        hybrid.anneal(self.line, self.state, self.heat * 0.1 * 0.1**share + 1e-9, target, self.slice)

    @property
    def cost(self) -> int:
        return int(self.state.figures[hybrid.BEST])

    @property
    def sequence(self) -> Longs:
        return self.state.best

    def adopt(self, sequence: Longs) -> None:
        hybrid.restart(self.line, self.state, sequence)

    def schedule(self) -> tuple[Longs, Longs]:
        """Start times and machines (jobs, stages) of the best sequence."""
        starts, machines = np.zeros((2, self.shop.jobs, self.shop.stages), np.int64)
        hybrid.schedule(self.line, self.state.best, starts, machines)
        if self.mirrored:
            ends = (starts + self.shop.durations[:, ::-1])[:, ::-1]
            return self.cost - ends, np.ascontiguousarray(machines[:, ::-1])
        return starts, machines


def dispatched(shop: FlowShop) -> Longs:
    """The jobs in order of due time, where there are due times, else of work."""
    first = shop.due if shop.objective is Objective.TARDINESS else shop.durations.sum(axis=1)
    return np.argsort(first / np.maximum(shop.weights, 1), kind="stable")


def searches(shop: FlowShop, given: Longs | None, seed: int, seconds: float) -> list[Search]:
    """Two searches with random numbers of their own, for about so many seconds."""
    begin = dispatched(shop) if given is None else given
    if shop.hybrid:
        other = shop.objective is Objective.MAKESPAN
        return [
            HybridSearch(shop, begin, 2 * seed + 1, False),
            HybridSearch(shop, begin[::-1].copy() if other else begin, 2 * seed + 2, other),
        ]
    if shop.objective is Objective.MAKESPAN:
        return [SpanSearch(shop, begin, 2 * seed + 1 + k) for k in range(2)]
    return [TotalSearch(shop, begin, 2 * seed + 1 + k, (1.0, 10.0)[k], seconds) for k in range(2)]
