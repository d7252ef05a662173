"""The searches that ``solve`` runs side by side: each knows its best sequence, and goes on by one slice of work at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from gemba.solvers.flowshop import beam, greedy, hybrid, sums
from gemba.solvers.flowshop.problem import FlowShop, Longs, Objective

_SLICE = 100_000_000  # places x machines looked at by the greedy search: about 0.1 s
_SUM_SLICE = 300_000_000  # lanes x machines timed
_HYBRID_SLICE = 3_000_000  # operations timed

#: Of the time of a search for a sum: beams first. Each is WIDER times as wide as the one before.
_BEAM_SHARE, _WIDER, _WIDEST = 0.15, 3, 20_000


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

    def advance(self, share: float, target: int, over: Callable[[], bool]) -> None:
        if not self.built:
            self.built = True
            work = -self.line.work[self.state.current].sum(axis=1)
            greedy.build(self.line, self.state, self.state.current[np.argsort(work, kind="stable")])
            greedy.restart(self.line, self.state, self.state.current.copy())
        greedy.iterate(self.line, self.state, 2, self.heat, True, target, _SLICE)

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

    def __init__(self, shop: FlowShop, sequence: Longs, seed: int, patience: float) -> None:
        self.line = shop.line()
        self.tardy = shop.objective is Objective.TARDINESS
        self.order = dispatched(shop)
        self.state = sums.sum_search(self.line, sequence, seed)
        self.patience = patience
        self.mean = float(shop.durations.mean()) * shop.jobs / 20 * max(1.0, float(shop.weights.mean()))
        self.width, self.built, self.take = 10, False, 0
        self.per_beam = shop.jobs**2 * (
            shop.stages + (shop.jobs // 3 if self.tardy else 0)
        )  # work for each of its width

    def advance(self, share: float, target: int, over: Callable[[], bool]) -> None:
        if not self.built:
            self.built = True
            sums.build(self.line, self.state, self.order)
        elif share < _BEAM_SHARE and self.width < _WIDEST and self.line.from_job.size == 0:
            self._beam(over)
        else:
            heat = self.mean * 0.1**share + 1e-9
            self.take = self.take % 3 + 1
            sums.iterate(self.line, self.state, self.take + 2, heat, target, _SUM_SLICE)

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
        if shop.objective is not Objective.MAKESPAN:
            self.heat *= shop.jobs * max(1.0, float(shop.weights.mean())) / 20

    def advance(self, share: float, target: int, over: Callable[[], bool]) -> None:
        hybrid.anneal(self.line, self.state, self.heat * 0.1 * 0.1**share + 1e-9, target, _HYBRID_SLICE)

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


def searches(shop: FlowShop, given: Longs | None, seed: int) -> list[Search]:
    """Two searches with random numbers of their own."""
    begin = dispatched(shop) if given is None else given
    if shop.hybrid:
        other = shop.objective is Objective.MAKESPAN
        return [
            HybridSearch(shop, begin, 2 * seed + 1, False),
            HybridSearch(shop, begin[::-1].copy() if other else begin, 2 * seed + 2, other),
        ]
    if shop.objective is Objective.MAKESPAN:
        return [SpanSearch(shop, begin, 2 * seed + 1 + k) for k in range(2)]
    return [TotalSearch(shop, begin, 2 * seed + 1 + k, (1.0, 10.0)[k]) for k in range(2)]
