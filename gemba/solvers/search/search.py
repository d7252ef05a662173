"""A search on one shop: sequences from times or from rules, then annealing; always with the best schedule at hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gemba.solvers.search.anneal import anneal, keep_best
from gemba.solvers.search.dispatch import dispatch, topological
from gemba.solvers.search.rule import mean_work
from gemba.solvers.search.sequence import link_by
from gemba.solvers.search.shop import (
    BEST,
    CURRENT,
    LATE,
    SLOT,
    SLOT_END,
    START,
    WORK,
    Floats,
    Longs,
    Shop,
    State,
    state,
)
from gemba.solvers.search.timing import time_all
from gemba.solvers.search.tune import Tuning

_HOT, _COLD = 1.0, 1.0 / 30  # temperatures, in the cost of delaying what is due by a mean piece of work
_JUMP = 5
_CAP, _CAP_LARGE, _LARGE = 4000, 400, 2000  # nodes that a move may touch; beyond so many nodes


@dataclass(slots=True)
class Search:
    """One shop, its state, and where the search is. ``given`` is a schedule (n, 2) whose sequences are the first."""

    shop: Shop
    given: Longs
    seed: int
    state: State = field(init=False)
    order: Longs = field(init=False)
    temperature: float = field(init=False)
    tuning: Tuning = field(init=False)

    def __post_init__(self) -> None:
        self.state = state(self.shop, self.seed)
        self.order = np.empty(self.shop.size, np.int64)
        topological(self.shop.nodes, self.shop.arcs_out, self.order)
        mean = float(mean_work(self.shop.nodes, self.shop.stretch))
        self.tuning = Tuning(self._dispatch, self.state.times[:, START], mean, self.seed)
        self.state.value[BEST] = np.inf
        self.temperature = self._temperature()
        self.use(self.given)

    @property
    def cost(self) -> float:
        """Of the best schedule so far."""
        return float(self.state.value[BEST])

    def use(self, times: Longs) -> None:
        """Go on from the sequences of a schedule; keep them where they are the best so far."""
        link_by(self.shop, times, self.state.line)
        self._time(times)

    def _time(self, about: Longs) -> None:
        fits = time_all(self.shop, self.state, np.argsort(about[:, START], kind="stable"))
        if fits and self.state.value[CURRENT] < self.state.value[BEST]:
            keep_best(self.state)

    def back_to_best(self) -> Longs:
        """Make the best sequences the current ones; their times."""
        self.state.line[:] = self.state.best
        self._time(self.state.best_times)
        return self.state.times

    def try_rules(self, count: int) -> None:
        """Dispatch so many times by rules, the first ones always the same; keep the best schedule."""
        self._keep([self.tuning.try_rule() for _ in range(count)])

    def try_offsets(self, count: int) -> None:
        """Dispatch so many times by the best rule with other offsets; keep the best schedule."""
        self._keep([self.tuning.try_offsets() for _ in range(count)])

    def _keep(self, found: list[bool]) -> None:
        if any(found) and self.tuning.cost < self.cost:
            self.use(np.column_stack([self.tuning.best, self.tuning.best + self.shop.nodes[:, WORK]]))

    def _dispatch(self, rule: Floats, offset: Floats) -> float:
        dispatch(self.shop, self.state, self.order, rule, offset)
        return float(self.state.value[CURRENT])

    def _temperature(self) -> float:
        """The cost of delaying what is due by a mean piece of work."""
        nodes, weight = self.shop.nodes, self.shop.weight
        work = nodes[nodes[:, SLOT] < nodes[:, SLOT_END], WORK]
        weighty = weight[weight > 0]
        if not len(work) or not len(weighty):
            return 1.0
        return max(float(np.median(weighty) * work.mean()), 1e-12)

    def anneal(self, first: int, moves: int, total: int, heat: float = 1.0) -> None:
        """So many moves, from the first-th of ``total``, from hot (times ``heat``) to cold."""
        t = self.temperature
        cap = _CAP if self.shop.size < _LARGE else _CAP_LARGE
        anneal(self.shop, self.state, first, moves, total, t * _HOT * heat, t * _COLD, cap, _JUMP)

    @property
    def done(self) -> bool:
        """Nothing costs any more."""
        return self.cost <= 1e-12 or (self.state.counts[LATE] == 0 and self.state.value[CURRENT] <= self.cost)
