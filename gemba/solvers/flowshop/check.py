"""Checks a flow-shop schedule from first principles; shares no code with the search."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from gemba.solvers.flowshop.problem import FlowShop, Longs, Objective


def faults(shop: FlowShop, starts: Longs, machines: Longs, sequence: Longs | None = None) -> list[str]:
    """The rules that a schedule breaks, a sentence each; empty where it keeps them all.

    Args:
        starts: (jobs, stages) start times.
        machines: (jobs, stages) the machine of each stage, from 0.
        sequence: (jobs,) which of two jobs comes first where they take no time and start together: set-ups may allow only
            one of the orders. By number where not given.
    """
    if starts.shape != shop.durations.shape or machines.shape != shop.durations.shape:
        return [f"starts and machines have the shape {shop.durations.shape}"]
    ends = starts + shop.durations
    place = np.argsort(np.arange(shop.jobs) if sequence is None else sequence)
    found = [f"job {j} starts before 0" for j in range(shop.jobs) if shop.stages and starts[j, 0] < 0]
    for stage in range(shop.stages):
        if stage:
            early = np.flatnonzero(starts[:, stage] < ends[:, stage - 1])
            found += [f"job {j} starts stage {stage} before stage {stage - 1} is done" for j in early]
        wrong = (machines[:, stage] < 0) | (machines[:, stage] >= shop.machines[stage])
        found += [f"job {j} is on no machine of stage {stage}" for j in np.flatnonzero(wrong)]
        for machine in range(int(shop.machines[stage])):
            jobs = np.flatnonzero(machines[:, stage] == machine)
            order = jobs[np.lexsort((place[jobs], ends[jobs, stage], starts[jobs, stage]))]
            found += _line_up(shop, stage, starts, ends, order)
    if not shop.hybrid:
        found += _one_sequence(starts, ends, place)
    return found


def _one_sequence(starts: Longs, ends: Longs, place: Longs) -> list[str]:
    """Faults of stages that do two jobs the other way round than another stage."""
    order = np.lexsort((place, *ends.T[::-1], *starts.T[::-1]))
    return [
        f"stage {stage} has job {after} before job {before}"
        for before, after in pairwise(order)
        for stage in range(starts.shape[1])
        if starts[after, stage] < starts[before, stage]
    ]


def _line_up(shop: FlowShop, stage: int, starts: Longs, ends: Longs, order: Longs) -> list[str]:
    """Faults of the jobs of one machine in their order: one at a time, with the set-ups between them."""
    found = []
    for before, after in pairwise(order):
        setup = 0 if shop.setups is None else int(shop.setups[stage, before, after])
        if starts[after, stage] < ends[before, stage] + setup:
            found.append(f"job {after} starts stage {stage} before job {before} is done and set up for it")
    return found


def objective(shop: FlowShop, starts: Longs) -> int:
    """The objective of a schedule, from its start times."""
    done = (starts + shop.durations).max(axis=1, initial=0)
    if shop.objective is Objective.MAKESPAN:
        return int(done.max(initial=0))
    late = done if shop.objective is Objective.FLOW_TIME else np.maximum(0, done - shop.due)
    return int((late * shop.weights).sum())
