"""Iterated greedy search for total flow time and total tardiness (Pan and Ruiz 2012; Fernandez-Viagas et al. 2018).

Jobs are taken out and put back at their cheapest places, and the result is kept if it is better or, now and then, not much worse.
A local search after that did not pay: in its time more jobs are taken out and put back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.chance import below, uniform
from gemba.solvers.flowshop.lanes import LANES, cheapest_place, fill_fronts
from gemba.solvers.flowshop.problem import PAD, Ints, Line, Longs

#: Columns of ``figures``.
CURRENT, BEST, WORK = 0, 1, 2
_NONE = np.iinfo(np.int64).max


class SumSearch(NamedTuple):
    """A search's state."""

    sequence: Longs  # (jobs,) being changed
    fronts: Ints  # (jobs + 1, machines)
    costs: Longs  # (jobs + 1,)
    lanes: Ints  # (machines, LANES) scratch
    now: Ints  # (LANES,) scratch
    so_far: Longs  # (LANES,) scratch
    taken: Longs  # (jobs,) scratch: jobs taken out
    current: Longs  # (jobs,)
    best: Longs  # (jobs,)
    figures: Longs  # CURRENT, BEST: costs; WORK: lanes x machines timed
    random: np.ndarray[tuple[int], np.dtype[np.uint64]]


def sum_search(line: Line, sequence: Longs, seed: int) -> SumSearch:
    """A search that begins from a sequence."""
    jobs, machines = line.work.shape[0], line.work.shape[1] - 2 * PAD
    state = SumSearch(
        sequence.copy(), np.zeros((jobs + 1, machines), np.int32), np.zeros(jobs + 1, np.int64),
        np.zeros((machines, LANES), np.int32), np.zeros(LANES, np.int32), np.zeros(LANES, np.int64),
        np.zeros(jobs, np.int64), sequence.copy(), sequence.copy(), np.array([0, _NONE, 0]),
        np.array([seed * 0x9E3779B97F4A7C15 % (1 << 64) | 1], np.uint64),
    )  # fmt: skip
    restart(line, state, sequence)
    return state


@kernel
def restart(line, state, sequence):  # type: ignore[no-untyped-def]
    """Go on from a sequence; the best one stays where it is better."""
    state.current[:] = sequence
    state.sequence[:] = sequence
    fill_fronts(line, state.sequence, sequence.size, state.fronts, state.costs, 0)
    cost = state.costs[sequence.size]
    state.figures[CURRENT] = cost
    if cost < state.figures[BEST]:
        state.figures[BEST] = cost
        state.best[:] = sequence


@kernel
def take_out(line, state, length, place):  # type: ignore[no-untyped-def]
    job = state.sequence[place]
    for k in range(place, length - 1):
        state.sequence[k] = state.sequence[k + 1]
    fill_fronts(line, state.sequence, length - 1, state.fronts, state.costs, place)
    state.figures[WORK] += (length - place) * state.fronts.shape[1] * 4
    return job


@kernel
def put_in(line, state, length, place, job):  # type: ignore[no-untyped-def]
    for k in range(length, place, -1):
        state.sequence[k] = state.sequence[k - 1]
    state.sequence[place] = job
    fill_fronts(line, state.sequence, length + 1, state.fronts, state.costs, place)
    state.figures[WORK] += (length - place) * state.fronts.shape[1] * 4


@kernel
def cheapest(line, state, length, job):  # type: ignore[no-untyped-def]
    place, work = cheapest_place(
        line, state.sequence, length, state.fronts, state.costs, job, state.lanes, state.now, state.so_far
    )
    state.figures[WORK] += work
    return place


@kernel
def build(line, state, jobs):  # type: ignore[no-untyped-def]
    """Put the jobs in one after the other, each at its cheapest place; the sequence is then the current one."""
    for length in range(jobs.size):
        place = cheapest(line, state, length, jobs[length])
        put_in(line, state, length, place, jobs[length])
    restart(line, state, state.sequence.copy())


@kernel
def iterate(line, state, take, heat, target, work):  # type: ignore[no-untyped-def]
    """Iterate until so much work is done or the target is reached.

    Args:
        take: jobs taken out each time.
        heat: worsening that is kept with probability 1/e.
    """
    figures, random = state.figures, state.random
    jobs = state.current.size
    end = figures[WORK] + work
    take = min(take, jobs - 1)
    state.sequence[:] = state.current
    fill_fronts(line, state.sequence, jobs, state.fronts, state.costs, 0)
    while figures[WORK] < end and figures[BEST] > target and jobs > 1:
        length = jobs
        for k in range(take):
            state.taken[k] = take_out(line, state, length, below(random, length))
            length -= 1
        for k in range(take):
            place = cheapest(line, state, length, state.taken[k])
            put_in(line, state, length, place, state.taken[k])
            length += 1
        cost = state.costs[jobs]
        if cost < figures[BEST]:
            figures[BEST] = cost
            state.best[:] = state.sequence
        worse = cost - figures[CURRENT]
        if worse <= 0 or uniform(random) < np.exp(-worse / heat):
            figures[CURRENT] = cost
            state.current[:] = state.sequence
        else:
            same = 0
            while same < jobs and state.sequence[same] == state.current[same]:
                same += 1
            state.sequence[:] = state.current
            fill_fronts(line, state.sequence, jobs, state.fronts, state.costs, same)
