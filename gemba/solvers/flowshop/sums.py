"""Iterated greedy search for total flow time and total tardiness (Pan and Ruiz 2012; Fernandez-Viagas et al. 2018).

Jobs are taken out and put back at their cheapest places, and the result is kept if it is better or, now and then, not much worse.
How bad a result may be is drawn first, so that the last job need not be timed where the result would be worse. A place is
overlooked now and then, so that the search does not go round in circles (Christiaens and Vanden Berghe 2020).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import copy_line, kernel, making_kernel
from gemba.solvers.compiled.chance import below, uniform
from gemba.solvers.flowshop.lanes import Timing, cheapest_place, fill, timing
from gemba.solvers.flowshop.problem import Line, Longs

#: Columns of ``figures``.
CURRENT, BEST, WORK, RIGHT, FOUND, SETTLED = 0, 1, 2, 3, 4, 5
_NONE = np.iinfo(np.int64).max >> 1
_OVERLOOKED = 0.03  # of the places


class SumSearch(NamedTuple):
    """A search's state."""

    sequence: Longs  # (jobs,) being changed
    times: Timing  # of the sequence
    taken: Longs  # (jobs,) scratch: jobs taken out
    current: Longs  # (jobs,)
    best: Longs  # (jobs,)
    figures: (
        Longs  # CURRENT, BEST: costs; WORK: lanes x machines timed; RIGHT: places whose times are right; FOUND: a cost
    )
    random: np.ndarray[tuple[int], np.dtype[np.uint64]]


def sum_search(line: Line, sequence: Longs, seed: int) -> SumSearch:
    """A search that begins from a sequence."""
    jobs = line.work.shape[0]
    state = SumSearch(
        sequence.copy(), timing(line), np.zeros(jobs, np.int64), sequence.copy(), sequence.copy(),
        np.array([0, _NONE, 0, 0, 0, -1]), np.array([seed * 0x9E3779B97F4A7C15 % (1 << 64) | 1], np.uint64),
    )  # fmt: skip
    restart(line, state, sequence)
    return state


@kernel
def settle(line, state, length):  # type: ignore[no-untyped-def]
    """Make the times of the sequence's first jobs right; its cost."""
    right = state.figures[RIGHT]
    if right < length or state.figures[SETTLED] != length:
        fill(line, state.times, state.sequence, length, right)
        state.figures[WORK] += (length - right) * state.times.fronts.shape[0] * 12
    state.figures[RIGHT] = length
    state.figures[SETTLED] = length
    return state.times.costs[length]


@kernel
def restart(line, state, sequence):  # type: ignore[no-untyped-def]
    """Go on from a sequence; the best one stays where it is better."""
    copy_line(state.current, sequence)
    copy_line(state.sequence, sequence)
    state.figures[RIGHT] = 0
    cost = settle(line, state, sequence.size)
    state.figures[CURRENT] = cost
    if cost < state.figures[BEST]:
        state.figures[BEST] = cost
        copy_line(state.best, sequence)


@kernel
def take_out(state, length, place):  # type: ignore[no-untyped-def]
    job = state.sequence[place]
    for k in range(place, length - 1):
        state.sequence[k] = state.sequence[k + 1]
    state.figures[RIGHT] = min(state.figures[RIGHT], place)
    state.figures[SETTLED] = -1
    return job


@kernel
def put_in(state, length, place, job):  # type: ignore[no-untyped-def]
    for k in range(length, place, -1):
        state.sequence[k] = state.sequence[k - 1]
    state.sequence[place] = job
    state.figures[RIGHT] = min(state.figures[RIGHT], place)
    state.figures[SETTLED] = -1


@kernel
def cheapest(line, state, length, job, limit, overlooked):  # type: ignore[no-untyped-def]
    """The job's cheapest place of those not overlooked, -1 where none is below the limit; the cost is FOUND."""
    settle(line, state, length)
    place, cost, work = cheapest_place(line, state.times, state.sequence, length, job, limit, state.random, overlooked)
    state.figures[WORK] += work
    state.figures[FOUND] = cost
    return place


@making_kernel
def build(line, state, jobs):  # type: ignore[no-untyped-def]
    """Put the jobs in one after the other, each at its cheapest place; the sequence is then the current one."""
    state.figures[RIGHT] = 0
    for length in range(jobs.size):
        place = cheapest(line, state, length, jobs[length], _NONE, 0.0)
        put_in(state, length, place, jobs[length])
    restart(line, state, state.sequence.copy())


@kernel
def keep(state, cost):  # type: ignore[no-untyped-def]
    state.figures[CURRENT] = cost
    copy_line(state.current, state.sequence)
    if cost < state.figures[BEST]:
        state.figures[BEST] = cost
        copy_line(state.best, state.sequence)


@kernel
def undo(state):  # type: ignore[no-untyped-def]
    """Back to the current sequence."""
    same, jobs = 0, state.current.size
    while same < jobs and state.sequence[same] == state.current[same]:
        same += 1
    state.figures[RIGHT] = min(state.figures[RIGHT], same)
    state.figures[SETTLED] = -1
    for k in range(same, jobs):
        state.sequence[k] = state.current[k]


@kernel
def late_weight(line, state):  # type: ignore[no-untyped-def]
    """The weight of the late jobs of the current sequence."""
    jobs = state.current.size
    undo(state)
    settle(line, state, jobs)
    weight = 0
    for k in range(jobs):
        if state.times.costs[k + 1] > state.times.costs[k]:
            weight += line.weight[state.current[k]]
    return weight


@kernel
def iterate(line, state, take, heat, target, work):  # type: ignore[no-untyped-def]
    """Iterate until so much work is done or the target is reached.

    Args:
        take: at most so many jobs are taken out each time, at least one less.
        heat: worsening that is kept with probability 1/e.
    """
    figures, random = state.figures, state.random
    jobs = state.current.size
    end = figures[WORK] + work
    most = min(take, jobs - 1)
    while figures[WORK] < end and figures[BEST] > target and jobs > 1:
        limit = figures[CURRENT] + int(-heat * np.log(1.0 - uniform(random))) + 1
        length, place = jobs, 0
        take = max(1, most - below(random, 2))
        for k in range(take):
            state.taken[k] = take_out(state, length, below(random, length))
            length -= 1
        for k in range(take):
            place = cheapest(line, state, length, state.taken[k], limit, _OVERLOOKED)
            if place < 0:
                break
            put_in(state, length, place, state.taken[k])
            length += 1
        if place < 0:
            undo(state)
        else:
            keep(state, figures[FOUND])
