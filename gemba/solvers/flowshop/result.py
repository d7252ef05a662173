"""What the engine finds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.solvers.flowshop.problem import FlowShop, Longs


@dataclass(frozen=True, slots=True)
class Result:
    """The best schedule found.

    Args:
        objective: its makespan, total flow time or total tardiness.
        bound: no schedule's objective is below this.
        sequence: (jobs,) the order in which the jobs begin.
        starts: (jobs, stages) start times.
        machines: (jobs, stages) the machine of each stage, from 0.
    """

    objective: float
    bound: float
    sequence: Longs
    starts: Longs
    machines: Longs

    @property
    def proven(self) -> bool:
        return self.objective <= self.bound


def in_sequence(shop: FlowShop, sequence: Longs) -> Longs:
    """(jobs, stages) soonest starts where each stage has one machine and all do the jobs in this sequence."""
    starts = np.zeros(shop.durations.shape, np.int64)
    free = np.zeros(shop.stages, np.int64)
    for place, job in enumerate(sequence):
        ready = 0
        for stage in range(shop.stages):
            setup = 0
            if shop.setups is not None and place:
                setup = int(shop.setups[stage, sequence[place - 1], job])
            starts[job, stage] = max(ready, int(free[stage]) + setup)
            ready = free[stage] = starts[job, stage] + shop.durations[job, stage]
    return starts
