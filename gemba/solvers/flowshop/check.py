"""Checks a flow-shop schedule from first principles; shares no code with the search."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from gemba.solvers.flowshop.problem import FlowShop, Longs, Objective


def faults(shop: FlowShop, starts: Longs, machines: Longs) -> list[str]:
    """The rules that a schedule breaks, a sentence each; empty where it keeps them all.

    Args:
        starts: (jobs, stages) start times.
        machines: (jobs, stages) the machine of each stage, from 0.
    """
    if starts.shape != shop.durations.shape or machines.shape != shop.durations.shape:
        return [f"starts and machines have the shape {shop.durations.shape}"]
    ends = starts + shop.durations
    found = [f"job {j} starts before 0" for j in range(shop.jobs) if shop.stages and starts[j, 0] < 0]
    for stage in range(shop.stages):
        if stage:
            early = np.flatnonzero(starts[:, stage] < ends[:, stage - 1])
            found += [f"job {j} starts stage {stage} before stage {stage - 1} is done" for j in early]
        wrong = (machines[:, stage] < 0) | (machines[:, stage] >= shop.machines[stage])
        found += [f"job {j} is on no machine of stage {stage}" for j in np.flatnonzero(wrong)]
        for machine in range(int(shop.machines[stage])):
            found += _line_up(shop, stage, starts, ends, np.flatnonzero(machines[:, stage] == machine))
    if not shop.hybrid:
        found += _one_sequence(starts, ends)
    return found


def _one_sequence(starts: Longs, ends: Longs) -> list[str]:
    """Faults of stages that do two jobs the other way round than another stage."""
    order = np.lexsort((*ends.T[::-1], *starts.T[::-1]))
    return [
        f"stage {stage} has job {after} before job {before}"
        for before, after in pairwise(order)
        for stage in range(starts.shape[1])
        if starts[after, stage] < starts[before, stage]
    ]


def _line_up(shop: FlowShop, stage: int, starts: Longs, ends: Longs, jobs: Longs) -> list[str]:
    """Faults of the jobs of one machine: one at a time, with the set-ups between them."""
    order = jobs[np.lexsort((ends[jobs, stage], starts[jobs, stage]))]
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
