"""A search on one shop: sequences from times or from rules, then annealing; always with the best schedule at hand."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np

from gemba.solvers.search.anneal import anneal, keep_best
from gemba.solvers.search.dispatch import dispatch, topological
from gemba.solvers.search.sequence import link_by
from gemba.solvers.search.shop import BEST, CURRENT, LATE, SLOT, SLOT_END, START, WORK, Longs, Shop, State, state
from gemba.solvers.search.timing import time_all

#: Rules always tried: (k, b) of ``dispatch``.
_RULES = ((0.0, 1.0), (0.0, 2.0), (1.0, 1.0), (2.0, 1.5), (4.0, 2.0), (0.5, 0.5))
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
    rules: int = 0
    _best_rule: tuple[float, float] = (2.0, 1.5)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.state = state(self.shop, self.seed)
        self.order = np.empty(self.shop.size, np.int64)
        topological(self.shop.nodes, self.shop.arcs_out, self.order)
        self._random = random.Random(self.seed)
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
        best, times = self.cost, None
        for _ in range(count):
            k, b, noise = self._rule()
            dispatch(self.shop, self.state, self.order, k, b, noise)
            if self.state.value[CURRENT] < best:
                best, times = float(self.state.value[CURRENT]), self.state.times.copy()
                self._best_rule = (k, b)
        if times is not None:
            self.use(times)

    def _rule(self) -> tuple[float, float, float]:
        self.rules += 1
        if self.rules <= len(_RULES):
            return (*_RULES[self.rules - 1], 0.0)
        if self._random.random() < 0.5:
            return self._random.uniform(0.2, 8.0), self._random.uniform(0.0, 4.0), 0.0
        return (*self._best_rule, self._random.choice((0.02, 0.05, 0.1, 0.2)))

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
