"""The cost of a sequence with a job put in at every place, where the objective is a sum over jobs.

There is no short cut as there is for the makespan: all jobs after the place must be timed anew. But sequences that differ only in
that place do the same jobs afterwards, so LANES of them are timed in one go: a lane for each place, the same job in each.

Most places need not be timed. When a later job is done depends on a chain of operations that wait for each other, back to when
some machine was done with the jobs before the place. Where the job makes that machine so much later, the later job is done at
least so much later; and where it is late anyway, that is what it costs. The chains of all late jobs soon run together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import copy_line, kernel
from gemba.solvers.compiled.chance import uniform
from gemba.solvers.flowshop.heads import fill_heads
from gemba.solvers.flowshop.problem import PAD, Ints, Line, Longs
from gemba.solvers.flowshop.vectors import LANES, add_late, do_job

_LOOK = 8  # steps between looks at whether to go on
_NONE = np.iinfo(np.int64).max >> 1


class Timing(NamedTuple):
    """A sequence's times, and room to time a job at its places. ``columns`` is jobs + 1 and more, a multiple of LANES."""

    heads: Ints  # (PAD + machines + PAD, columns)
    fronts: Ints  # (machines, columns), a part of ``heads``: when a machine has done the first k jobs
    costs: Longs  # (jobs + 1,) what the first k jobs cost
    opened: Ints  # (machines, columns) ``fronts`` after the job at place k
    done: Ints  # (columns,) when it is done there
    begin: Longs  # (jobs + 1,) cost of the first k jobs and the job
    least: Longs  # (jobs + 1,) the whole sequence costs no less
    lanes: Ints  # (machines, LANES)
    now: Ints  # (LANES,)
    rise: Longs  # (LANES,) what the rest costs more, at least
    so_far: Longs  # (LANES,) costs
    places: Longs  # (columns,) places to be timed
    ranked: Longs  # (jobs + 1,) scratch
    from_chain: (
        Longs  # (jobs + 2,) the chains that pass between the first k jobs and the others are those from here on,
    )
    to_chain: Longs  # (jobs + 2,) to before here
    chain_machine: Longs  # the machine at which they pass
    chain_weight: Longs  # the weight of the late jobs at their ends


def _aligned(*shape: int) -> Ints:
    """Zeros that begin where a cache line does, so that no row of whole vectors is in more lines than need be."""
    size = int(np.prod(shape))
    room = np.zeros(size + 16, np.int32)
    first = -room.ctypes.data % 64 // 4
    return room[first : first + size].reshape(shape)


def timing(line: Line) -> Timing:
    jobs, machines = line.work.shape[0], line.work.shape[1] - 2 * PAD
    columns = -(-(jobs + 1) // LANES) * LANES + 16
    heads = _aligned(machines + 2 * PAD, columns)
    return Timing(
        heads, heads[PAD : PAD + machines], np.zeros(jobs + 1, np.int64),
        _aligned(machines, columns), _aligned(columns), np.zeros(jobs + 1, np.int64), np.zeros(jobs + 1, np.int64),
        _aligned(machines, LANES), _aligned(LANES), np.zeros(LANES, np.int64), np.zeros(LANES, np.int64),
        np.zeros(columns, np.int64), np.zeros(jobs + 1, np.int64), np.zeros(jobs + 2, np.int64), np.zeros(jobs + 2, np.int64),
        np.zeros((jobs + 1) * machines, np.int64), np.zeros((jobs + 1) * machines, np.int64),
    )  # fmt: skip


@kernel
def fill(line, times, sequence, length, first):  # type: ignore[no-untyped-def]
    """Times and costs of a sequence's first jobs; those up to ``first`` are right."""
    fill_heads(line, sequence, length, times.heads, first)
    last = times.fronts[times.fronts.shape[0] - 1]
    for k in range(first, length):
        job = sequence[k]
        times.costs[k + 1] = times.costs[k] + line.weight[job] * max(0, last[k + 1] - line.due[job])
    if line.from_job.shape[0] == 0:
        _trace(line, times, sequence, length)


@kernel
def _trace(line, times, sequence, length):  # type: ignore[no-untyped-def]
    """Follow the chains of the late jobs back, from the last job on; at each job those on its machines run together."""
    fronts, machine, weight = times.fronts, times.chain_machine, times.chain_weight
    last = fronts.shape[0] - 1
    times.from_chain[length] = times.to_chain[length] = 0
    end = 0
    for k in range(length, 0, -1):
        job = sequence[k - 1]
        at, stop = times.from_chain[k], times.to_chain[k]
        times.from_chain[k - 1] = end
        i, passing = last, 0
        if fronts[last, k] >= line.due[job]:
            passing = line.weight[job]
        elif at < stop:
            i = machine[at]
        while passing > 0 or at < stop:
            while at < stop and machine[at] == i:
                passing += weight[at]
                at += 1
            if i > 0 and fronts[i - 1, k] > fronts[i, k - 1]:
                i -= 1  # the job waited for its operation before
                continue
            machine[end], weight[end] = i, passing
            end += 1
            passing = 0
            if at < stop:
                i = machine[at]
        times.to_chain[k - 1] = end


@kernel
def _open_with_setups(line, times, sequence, length, job):  # type: ignore[no-untyped-def]
    """The same as ``open_places`` does; then the next job is set up as if the job were not there."""
    for place in range(length + 1):
        done = 0
        for i in range(times.fronts.shape[0]):
            free = times.fronts[i, place]
            if place > 0:
                free += line.from_job[i, sequence[place - 1], job]
            done = max(done, free) + line.work[job, i + PAD]
            after = done
            if place < length:
                after += line.from_job[i, job, sequence[place]]
                if place > 0:
                    after -= line.from_job[i, sequence[place - 1], sequence[place]]
            times.opened[i, place] = after
        times.done[place] = done
        times.begin[place] = times.costs[place] + line.weight[job] * max(0, done - line.due[job])
        times.least[place] = times.begin[place]


@kernel
def open_places(line, times, sequence, length, job):  # type: ignore[no-untyped-def]
    """Put the job in at every place, without the jobs after it."""
    if line.from_job.shape[0] > 0:
        _open_with_setups(line, times, sequence, length, job)
        return
    fronts, opened, work = times.fronts, times.opened, line.work[job, PAD : PAD + times.fronts.shape[0]]
    for first in range(0, length + 1, LANES):
        do_job(fronts, first, opened, first, work, times.done[first : first + LANES])
    due, weight, cost = line.due[job], line.weight[job], times.costs[length]
    for k in range(length + 1):
        own = weight * max(0, times.done[k] - due)
        times.begin[k] = times.costs[k] + own
        rise = 0
        for chain in range(times.from_chain[k], times.to_chain[k]):
            i = times.chain_machine[chain]
            rise += times.chain_weight[chain] * (opened[i, k] - fronts[i, k])
        times.least[k] = cost + own + rise


@kernel
def _hopeless(times, k, length, limit):  # type: ignore[no-untyped-def]
    """Whether every lane, after the first k jobs and the job, costs as much as the limit in the end."""
    rise, so_far = times.rise, times.so_far
    copy_line(rise, so_far)
    for chain in range(times.from_chain[k], times.to_chain[k]):
        i = times.chain_machine[chain]
        row, before, weight = times.lanes[i], times.fronts[i, k], times.chain_weight[chain]
        for lane in range(LANES):
            rise[lane] += weight * (row[lane] - before)
    least = _NONE
    for lane in range(LANES):
        least = min(least, rise[lane])
    return least + times.costs[length] - times.costs[k] >= limit


@kernel
def _do_job_with_setups(line, before, job, lanes, now):  # type: ignore[no-untyped-def]
    now[:] = 0
    for i in range(lanes.shape[0]):
        row, work, setup = lanes[i], line.work[job, i + PAD], line.from_job[i, before, job]
        for lane in range(LANES):
            row[lane] = max(row[lane] + setup, now[lane]) + work
            now[lane] = row[lane]


@kernel
def time_places(line, times, sequence, length, count, limit):  # type: ignore[no-untyped-def]
    """Costs of the sequence with the job at the first of ``places``, a lane each; the steps taken, negative where given up."""
    places, lanes, now, so_far = times.places, times.lanes, times.now, times.so_far
    so_far[:] = _NONE
    open_lanes, plain, machines = 0, line.from_job.shape[0] == 0, lanes.shape[0]
    for k in range(places[0], length + 1):
        while open_lanes < count and places[open_lanes] == k:
            for i in range(machines):
                lanes[i, open_lanes] = times.opened[i, k]
            so_far[open_lanes] = times.begin[k]
            open_lanes += 1
        if k == length:
            break
        job = sequence[k]
        if plain or k == 0:
            do_job(lanes, 0, lanes, 0, line.work[job, PAD : PAD + machines], now)
        else:
            _do_job_with_setups(line, sequence[k - 1], job, lanes, now)
        add_late(now, line.due[job], line.weight[job], so_far)
        if plain and open_lanes == count and k % _LOOK == 0 and _hopeless(times, k + 1, length, limit):
            return places[0] - k - 1
    return length - places[0]


@kernel
def _nth(values, count, n):  # type: ignore[no-untyped-def]
    """The n-th least of the first values, from 0; they change places (Hoare 1961)."""
    low, high = 0, count - 1
    while low < high:
        pivot = values[(low + high) >> 1]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if n <= j:
            high = j
        elif n >= i:
            low = i
        else:
            break
    return values[n]


@kernel
def _promising(times, length, limit):  # type: ignore[no-untyped-def]
    """What at most about LANES places may cost: the others need not be timed, or later."""
    count = 0
    for k in range(length + 1):
        if times.least[k] < limit:
            times.ranked[count] = times.least[k]
            count += 1
    return limit if count <= LANES else _nth(times.ranked, count, LANES)


@kernel
def cheapest_place(line, times, sequence, length, job, limit, random, overlooked):  # type: ignore[no-untyped-def]
    """The place at which the sequence with the job costs least, the cost and the work done; -1 where none is below the limit.

    Args:
        overlooked: the probability that a place is not looked at.
    """
    open_places(line, times, sequence, length, job)
    least, places = times.least, times.places
    place, work = -1, (length + 1) // LANES + 1
    at_least, below = -_NONE, _promising(times, length, limit)
    while True:
        k = length
        while k >= 0:
            count = 0
            while k >= 0 and count < LANES:
                if at_least <= least[k] < below:
                    count += 1
                    places[LANES - count] = k
                k -= 1
            if count > 0:
                for at in range(count):
                    places[at] = places[LANES - count + at]
                steps = time_places(line, times, sequence, length, count, limit)
                work += abs(steps)
                for lane in range(count):
                    if steps >= 0 and times.so_far[lane] < limit and uniform(random) >= overlooked:
                        limit, place = times.so_far[lane], places[lane]
                below = min(below, limit)
        if below >= limit:
            return place, limit, work * LANES * times.fronts.shape[0]
        at_least, below = below, limit
