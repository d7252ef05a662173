"""A small pool of good schedules that differ (the reference set of a scatter search: Glover 1998)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gemba.solvers.flexible.state import Ints

_ALIKE = 0.02


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """A schedule: ``rows`` (2, operations) are the mode of each operation and its place in a topological order."""

    makespan: int
    rows: Ints

    @property
    def order(self) -> Ints:
        order = np.empty(self.rows.shape[1], np.int32)
        order[self.rows[1]] = np.arange(len(order), dtype=np.int32)
        return order

    def alike(self, other: Plan) -> bool:
        """Whether nearly all modes are the same, and places nearly the same on average."""
        size = self.rows.shape[1]
        if np.count_nonzero(self.rows[0] != other.rows[0]) > _ALIKE * size:
            return False
        return bool(np.abs(self.rows[1] - other.rows[1]).mean() <= _ALIKE * size)


@dataclass(slots=True)
class Pool:
    """At most ``room`` plans, no two of them alike."""

    room: int
    plans: list[Plan] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.plans) >= self.room

    def add(self, plan: Plan) -> bool:
        """Take a plan in where it is better than one alike or than the worst; whether the pool is better for it."""
        for i, other in enumerate(self.plans):
            if other.alike(plan):
                better = plan.makespan < other.makespan
                if better:
                    self.plans[i] = plan
                return better
        if not self.full:
            self.plans.append(plan)
            return True
        worst = max(range(len(self.plans)), key=lambda i: self.plans[i].makespan)
        better = plan.makespan < self.plans[worst].makespan
        if plan.makespan <= self.plans[worst].makespan:
            self.plans[worst] = plan
        return better
