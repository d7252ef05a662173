"""Rules and offsets learnt from the schedules they make: iterated dispatching.

A try changes the parameters of the best rule (an evolution strategy of one parent, Rechenberg 1973), or the offsets of some
nodes that start about the same time (problem space search, Storer, Wu, Vaccari 1992); what makes a better schedule stays.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from math import exp, log

import numpy as np

from gemba.solvers.search.rule import FIRST_RULES, Rule
from gemba.solvers.search.shop import Floats, Longs

_WIDTHS = (1.0, 30.0)  # of the stretch of time in which offsets change, in mean work
_SHARES = (0.03, 1.0)  # of the nodes in it that change
_SIGMA = 0.4  # of an offset's change
_WIDER, _NARROWER, _NARROWEST, _WIDEST = 1.2, 0.99, 0.3, 1.5


#: Dispatches by a rule's parameters and offsets; the cost of the schedule.
Dispatch = Callable[[Floats, Floats], float]


@dataclass(slots=True)
class Tuning:
    """The best rule and offsets so far, and when each node starts in the schedule they make.

    Args:
        dispatch: writes its schedule's starts to ``start``.
        start: (n)
        mean: work of a node.
    """

    dispatch: Dispatch
    start: Longs
    mean: float
    seed: int
    cost: float = float("inf")
    best: Longs = field(init=False)
    rule: Rule = FIRST_RULES[-1]
    offset: Floats = field(init=False)
    tried: int = 0
    _width: float = 1.0
    _by_start: Longs = field(init=False)
    _chance: random.Random = field(init=False)
    _normal: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.offset, self.best = np.zeros(len(self.start)), self.start.copy()
        self._by_start = np.argsort(self.best, kind="stable")
        self._chance, self._normal = random.Random(self.seed), np.random.default_rng(abs(self.seed))

    def try_rule(self) -> bool:
        """Dispatch once by another rule; whether the schedule is the best so far."""
        self.tried += 1
        if self.tried <= len(FIRST_RULES):
            return self._try(FIRST_RULES[self.tried - 1], self.offset)
        better = self._try(self.rule.near(self._chance, self._width), self.offset)
        self._width = min(_WIDEST, self._width * _WIDER) if better else max(_NARROWEST, self._width * _NARROWER)
        return better

    def try_offsets(self) -> bool:
        """Dispatch once with other offsets of some nodes that start about the same time; whether that is the best so far."""
        start = self.best
        width = self.mean * self._between(_WIDTHS)
        first = self._chance.uniform(float(start[self._by_start[0]]) - width, float(start[self._by_start[-1]]))
        low, high = np.searchsorted(start, [first, first + width], sorter=self._by_start)
        nodes = self._by_start[low:high]
        nodes = nodes[self._normal.random(len(nodes)) < self._between(_SHARES)]
        offset = self.offset.copy()
        offset[nodes] += self._normal.normal(0.0, _SIGMA, len(nodes))
        return self._try(self.rule, offset)

    def _between(self, limits: tuple[float, float]) -> float:
        return exp(self._chance.uniform(log(limits[0]), log(limits[1])))

    def _try(self, rule: Rule, offset: Floats) -> bool:
        cost = self.dispatch(rule.array(), offset)
        if cost >= self.cost:
            return False
        self.cost, self.rule, self.offset, self.best = cost, rule, offset, self.start.copy()
        self._by_start = np.argsort(self.best, kind="stable")
        return True

    def take(self, other: Tuning) -> None:
        """Go on from what another has learnt of the same shop where that is better."""
        if other.cost < self.cost:
            self.cost, self.rule, self.best = other.cost, other.rule, other.best
            self.offset, self._by_start = other.offset, other._by_start
