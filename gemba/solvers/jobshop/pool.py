"""The elite: good schedules that differ."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gemba.solvers.jobshop.graph import MACHINE, Graph
from gemba.solvers.jobshop.problem import Longs
from gemba.solvers.jobshop.relink import disagreements

#: Schedules that disagree on less than this share of the pairs on a machine are taken for the same.
SAME = 0.004


@dataclass(slots=True)
class Pool:
    """At most ``size`` schedules, as (makespan, order). Those that disagree on less than a share ``same`` are taken for one."""

    graph: Graph
    size: int
    same: float = SAME
    members: list[tuple[int, Longs]] = field(default_factory=list)
    _ptr: Longs = field(init=False)
    _pairs: float = field(init=False)

    def __post_init__(self) -> None:
        count = np.bincount(self.graph.nodes[self.graph.node, MACHINE])
        self._ptr = np.concatenate([[0], np.cumsum(count)])
        self._pairs = max(1.0, float((count * (count - 1) / 2).sum()))

    def distance(self, first: Longs, second: Longs) -> float:
        """The share of pairs on a machine that two orders put differently."""
        lines = first[np.argsort(self.graph.nodes[first, MACHINE], kind="stable")]
        place = np.empty(len(self.graph.nodes), np.int64)
        place[second] = np.arange(len(second))
        return float(disagreements(place[lines], self._ptr, lines)) / self._pairs

    def add(self, makespan: int, order: Longs) -> None:
        """Take a schedule in, in place of a worse one that is nearly the same, or of the worst if the pool is full."""
        order = order.copy()
        same = [i for i, (_, other) in enumerate(self.members) if self.distance(order, other) < self.same]
        if same:
            if makespan >= min(self.members[i][0] for i in same):
                return
            for i in reversed(same):
                del self.members[i]
        elif len(self.members) >= self.size:
            worst = max(range(len(self.members)), key=lambda i: self.members[i][0])
            if makespan >= self.members[worst][0]:
                return
            del self.members[worst]
        self.members.append((makespan, order))

    @property
    def best(self) -> tuple[int, Longs]:
        return min(self.members, key=lambda member: member[0])

    @property
    def alike(self) -> bool:
        """Whether hardly any two members differ: relinking them finds nothing new."""
        best = self.best[1]
        apart = [self.distance(best, order) for _, order in self.members if order is not best]
        return float(np.mean(apart)) < 4 * self.same if apart else True

    def pair(self, random: np.random.Generator) -> tuple[Longs, Longs]:
        """Two members by chance."""
        first, second = random.choice(len(self.members), 2, replace=False)
        return self.members[int(first)][1], self.members[int(second)][1]
