"""The cost of a sequence with a job put in at every place, where the objective is a sum over jobs.

There is no short cut as there is for the makespan: all jobs after the place must be timed anew. But sequences that differ only in
that place do the same jobs afterwards, so LANES of them are timed in one go: a lane for each place, the same job in each, which
is what the vector units of a processor do. Lanes that cannot become better than what is known are left early.
"""

from __future__ import annotations

import numpy as np
from numba import int32

from gemba.solvers.compiled import kernel
from gemba.solvers.flowshop.problem import PAD

LANES = 32
_LOOK = 4  # steps between looks at whether to go on
_NONE = np.iinfo(np.int64).max


@kernel
def fill_fronts(line, sequence, length, fronts, costs, first):  # type: ignore[no-untyped-def]
    """``fronts[k, i]``: when machine i has done the first k jobs; ``costs[k]``: what these cost; those up to first are right."""
    machines = fronts.shape[1]
    for k in range(first, length):
        job = sequence[k]
        before, after, work = fronts[k], fronts[k + 1], line.work[job]
        changes = line.from_job.shape[0] > 0 and k > 0
        done = 0
        for i in range(machines):
            free = before[i]
            if changes:
                free += line.from_job[i, sequence[k - 1], job]
            done = (done if done > free else free) + work[i + PAD]
            after[i] = done
        costs[k + 1] = costs[k] + line.weight[job] * max(0, done - line.due[job])


@kernel
def _open_lane(line, sequence, length, front, place, job, lanes, lane):  # type: ignore[no-untyped-def]
    """The lane's machines after the jobs before the place and the job itself; when it is done."""
    changes = line.from_job.shape[0] > 0
    done = 0
    for i in range(front.size):
        free = front[i]
        if changes and place > 0:
            free += line.from_job[i, sequence[place - 1], job]
        done = max(done, free) + line.work[job, i + PAD]
        lanes[i, lane] = done
    if changes and place < length:  # the next step sets up as if the job were not there
        for i in range(front.size):
            lanes[i, lane] += line.from_job[i, job, sequence[place]]
            if place > 0:
                lanes[i, lane] -= line.from_job[i, sequence[place - 1], sequence[place]]
    return done


@kernel
def _advance(line, before, job, lanes, now):  # type: ignore[no-untyped-def]
    """Every lane does a job, after another (-1: it is the first)."""
    for lane in range(LANES):
        now[lane] = 0
    changes = line.from_job.shape[0] > 0 and before >= 0
    for i in range(lanes.shape[0]):
        row, work = lanes[i], line.work[job, i + PAD]
        setup = line.from_job[i, before, job] if changes else int32(0)
        for lane in range(LANES):
            free, ready = int32(row[lane] + setup), now[lane]
            done = int32((free if free > ready else ready) + work)
            row[lane] = done
            now[lane] = done


@kernel
def _add_costs(weight, due, now, so_far):  # type: ignore[no-untyped-def]
    for lane in range(LANES):
        late = now[lane] - due
        so_far[lane] += weight * (late if late > 0 else 0)


@kernel
def _block(line, sequence, length, fronts, costs, job, first, last, limit, lanes, now, so_far):  # type: ignore[no-untyped-def]
    """Costs of the places from first to last, a lane each; returns the steps taken. Lanes are left where all reach the limit."""
    opened = last + 1 - first
    so_far[:] = _NONE >> 1
    plain = line.from_job.shape[0] == 0
    for k in range(first, length + 1):
        if k - first < opened:
            done = _open_lane(line, sequence, length, fronts[k], k, job, lanes, k - first)
            so_far[k - first] = costs[k] + line.weight[job] * max(0, done - line.due[job])
        if k == length:
            break
        following = sequence[k]
        _advance(line, sequence[k - 1] if k > 0 else -1, following, lanes, now)
        _add_costs(line.weight[following], line.due[following], now, so_far)
        if k - first >= opened and (k - first) % _LOOK == 0:
            # without the job the rest costs so much; with it not less
            rest = costs[length] - costs[k + 1] if plain else 0
            least = so_far[0]
            for lane in range(1, LANES):
                least = min(least, so_far[lane])
            if least + rest >= limit:
                return k - first
    return length - first


@kernel
def cheapest_place(line, sequence, length, fronts, costs, job, lanes, now, so_far):  # type: ignore[no-untyped-def]
    """The place at which the sequence with the job costs least, and the work done."""
    place, work, limit = length, 0, _NONE >> 2
    first = length + 1
    while (
        first > 0
    ):  # the last places first: they are timed the soonest, and the others need not go on where they cost more
        last = first - 1
        first = max(0, first - LANES)
        steps = _block(line, sequence, length, fronts, costs, job, first, last, limit, lanes, now, so_far)
        work += (steps + 1) * fronts.shape[1] * LANES
        if steps == length - first:
            for lane in range(last + 1 - first):
                if so_far[lane] < limit:
                    limit, place = so_far[lane], first + lane
    return place, work
