"""Hybrid flow shops: several equal machines at a stage.

A sequence of jobs makes a schedule: at the first stage the jobs begin in that order, at later ones in the order in which they
arrive, each on the machine that is free soonest (Ruiz and Maroto 2006; Pan, Ruiz and Alfaro-Fernández 2017). For the makespan
the same works on the mirrored shop, whose schedules read backwards are schedules of this one; what is hard in one is often easy
in the other. Simulated annealing (Kirkpatrick et al. 1983) moves and swaps jobs; the worst makespan that a move may have is
drawn before it is timed, so that timing ends where a job cannot be done in time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import copy_line, kernel, making_kernel
from gemba.solvers.compiled.chance import below, uniform
from gemba.solvers.flowshop.problem import FlowShop, Longs, Objective

#: Columns of ``figures``.
CURRENT, BEST, WORK = 0, 1, 2
_NONE = np.iinfo(np.int64).max


class Stages(NamedTuple):
    """What the kernels read."""

    work: Longs  # (stages, jobs)
    behind: Longs  # (stages, jobs) work of later stages
    machines: Longs  # (stages,)
    due: Longs  # (jobs,)
    weight: Longs  # (jobs,)
    whole: bool  # the makespan counts, not a sum over jobs


class Annealing(NamedTuple):
    """A search's state."""

    current: Longs  # (jobs,)
    best: Longs  # (jobs,)
    new: Longs  # (jobs,) scratch
    order: Longs  # (jobs,) scratch: jobs as they arrive
    ready: Longs  # (jobs,) scratch: when
    free: Longs  # (machines of the largest stage,) scratch
    figures: Longs  # CURRENT, BEST: costs; WORK: operations timed
    random: NDArray[np.uint64]


def stages(shop: FlowShop, *, mirrored: bool = False) -> Stages:
    """The shop, or the one in which the stages come the other way round."""
    way = slice(None, None, -1) if mirrored else slice(None)
    work = np.ascontiguousarray(shop.durations.T[way])
    due = shop.due if shop.objective is Objective.TARDINESS else np.zeros(shop.jobs, np.int64)
    behind = work[::-1].cumsum(axis=0)[::-1] - work
    return Stages(
        work, behind, np.ascontiguousarray(shop.machines[way]), due, shop.weights, shop.objective is Objective.MAKESPAN
    )


def annealing(line: Stages, sequence: Longs, seed: int) -> Annealing:
    """A search that begins from a sequence."""
    jobs = sequence.size
    state = Annealing(
        sequence.copy(), sequence.copy(), sequence.copy(), np.zeros(jobs, np.int64), np.zeros(jobs, np.int64),
        np.zeros(int(line.machines.max()), np.int64), np.array([0, _NONE, 0]),
        np.array([seed * 0x9E3779B97F4A7C15 % (1 << 64) | 1], np.uint64),
    )  # fmt: skip
    restart(line, state, sequence)
    return state


@kernel
def soonest(free, machines):  # type: ignore[no-untyped-def]
    """The machine that is free first."""
    machine = 0
    for other in range(1, machines):
        if free[other] < free[machine]:
            machine = other
    return machine


@kernel
def sort_arrivals(order, ready, jobs):  # type: ignore[no-untyped-def]
    """Jobs by arrival, ties as they were; they nearly are in that order."""
    for k in range(1, jobs):
        job, moment, at = order[k], ready[order[k]], k
        while at > 0 and ready[order[at - 1]] > moment:
            order[at] = order[at - 1]
            at -= 1
        order[at] = job


@kernel
def timed(line, state, sequence, jobs, limit):  # type: ignore[no-untyped-def]
    """The cost of a sequence's first jobs; some cost above the limit where it is above that."""
    order, ready, free = state.order, state.ready, state.free
    for k in range(jobs):
        order[k] = sequence[k]
        ready[sequence[k]] = 0
    last = line.work.shape[0] - 1
    cost = 0
    for stage in range(last + 1):
        if stage > 0:
            sort_arrivals(order, ready, jobs)
        machines, work, behind = line.machines[stage], line.work[stage], line.behind[stage]
        free[:] = 0
        state.figures[WORK] += jobs
        for k in range(jobs):
            job = order[k]
            machine = soonest(free, machines)
            done = max(free[machine], ready[job]) + work[job]
            free[machine] = done
            ready[job] = done
            if line.whole:
                cost = max(cost, done + behind[job])
            elif stage == last:
                cost += line.weight[job] * max(0, done - line.due[job])
            if cost > limit:
                return cost
    return cost


@kernel
def restart(line, state, sequence):  # type: ignore[no-untyped-def]
    """Go on from a sequence; the best one stays where it is better."""
    copy_line(state.current, sequence)
    state.figures[CURRENT] = timed(line, state, state.current, sequence.size, _NONE)
    if state.figures[CURRENT] < state.figures[BEST]:
        state.figures[BEST] = state.figures[CURRENT]
        copy_line(state.best, sequence)


@kernel
def move(source, target, a, b):  # type: ignore[no-untyped-def]
    """The sequence with the job at place a put to place b."""
    copy_line(target, source)
    step = 1 if b > a else -1
    for k in range(a, b, step):
        target[k] = source[k + step]
    target[b] = source[a]


@kernel
def anneal(line, state, heat, target, work):  # type: ignore[no-untyped-def]
    """Move and swap jobs until so many operations are timed or the target is reached."""
    figures, random, jobs = state.figures, state.random, state.current.size
    end = figures[WORK] + work
    while figures[WORK] < end and figures[BEST] > target and jobs > 1:
        a, b = below(random, jobs), below(random, jobs - 1)
        b += b >= a
        if uniform(random) < 0.5:
            move(state.current, state.new, a, b)
        else:
            copy_line(state.new, state.current)
            state.new[a], state.new[b] = state.current[b], state.current[a]
        limit = figures[CURRENT] - heat * np.log(1.0 - uniform(random))
        cost = timed(line, state, state.new, jobs, limit)
        if cost <= limit:
            copy_line(state.current, state.new)
            figures[CURRENT] = cost
            if cost < figures[BEST]:
                figures[BEST] = cost
                copy_line(state.best, state.new)


@making_kernel
def schedule(line, sequence, starts, machine_of):  # type: ignore[no-untyped-def]
    """Fill (jobs, stages) start times and machines of a sequence."""
    jobs = sequence.size
    order, ready = sequence.copy(), np.zeros(jobs, np.int64)
    for stage in range(line.work.shape[0]):
        if stage > 0:
            sort_arrivals(order, ready, jobs)
        free = np.zeros(line.machines[stage], np.int64)
        for k in range(jobs):
            job = order[k]
            machine = soonest(free, free.size)
            starts[job, stage] = max(free[machine], ready[job])
            machine_of[job, stage] = machine
            free[machine] = starts[job, stage] + line.work[stage, job]
            ready[job] = free[machine]
