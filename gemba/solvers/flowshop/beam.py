"""Beam search for a sum over jobs: sequences grow job by job, the most promising ones of each length are kept.

A beginning of a sequence is judged by what it costs and by the time that machines were idle, which counts the more the shorter
it is (Libralesso, Focke, Secardin and Jost 2022, for total flow time). For tardiness what is still to come counts too: the other
jobs in order of due time, evenly until the line would be empty (the machines' mean of when they are free, the work left for
them, and the least work behind).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import copy_line, kernel, making_kernel
from gemba.solvers.flowshop.problem import PAD, Ints, Line, Longs

Singles = NDArray[np.float32]


class Level(NamedTuple):
    """Beginnings of the same length. Jobs are numbered in the order given."""

    fronts: Ints  # (width, machines) when each machine is free
    left: Ints  # (width, machines) work left
    costs: Longs  # (width,)
    idle: Longs  # (width,) idle time of all machines
    used: NDArray[np.bool_]  # (width, jobs)


class Beam(NamedTuple):
    """A search of a width, and what it needs of the line."""

    work: Ints  # (machines, jobs)
    tails: Ints  # (machines,) least work behind
    due: Longs  # (jobs,)
    weight: Longs  # (jobs,)
    now: Ints  # (jobs,) scratch
    begun: Longs  # (jobs,) scratch
    rest_due: Singles  # (jobs,) scratch
    rest_weight: Singles  # (jobs,) scratch
    guides: Singles  # (width, jobs)
    parents: Ints  # (jobs, width)
    chosen: Ints  # (jobs, width)


def _level(width: int, jobs: int, machines: int) -> Level:
    return Level(
        np.zeros((width, machines), np.int32), np.zeros((width, machines), np.int32), np.zeros(width, np.int64),
        np.zeros(width, np.int64), np.zeros((width, jobs), np.bool_),
    )  # fmt: skip


def search(
    line: Line, order: Longs, width: int, patience: float, ahead: bool, over: Callable[[], bool]
) -> tuple[Longs, int] | None:
    """A sequence and its cost; None where it was over before.

    Args:
        order: the jobs by due time.
        patience: what idle time counts.
        ahead: whether what is still to come counts.
        over: asked after each job.
    """
    jobs, machines = line.work.shape[0], line.work.shape[1] - 2 * PAD
    work = np.ascontiguousarray(line.work[order, PAD : PAD + machines].T)
    behind = work.sum(axis=0) - work.cumsum(axis=0)
    beam = Beam(
        work, behind.min(axis=1).astype(np.int32), line.due[order], line.weight[order], np.zeros(jobs, np.int32),
        np.zeros(jobs, np.int64), np.zeros(jobs, np.float32), np.zeros(jobs, np.float32),
        np.zeros((width, jobs), np.float32), np.zeros((jobs, width), np.int32), np.zeros((jobs, width), np.int32),
    )  # fmt: skip
    level, new, count = _level(width, jobs, machines), _level(width, jobs, machines), 1
    level.left[0] = work.sum(axis=1)
    for length in range(jobs):
        if over():
            return None
        judge(beam, level, count, length, patience, ahead)
        count = choose(beam, level, new, count, length)
        level, new = new, level
    sequence = np.zeros(jobs, np.int64)
    cost = trace(beam, level.costs, count, sequence)
    return order[sequence], int(cost)


@kernel
def _try_jobs(beam, front):  # type: ignore[no-untyped-def]
    """For every job next: when it is done, and the sum of its starts; many jobs at once on a vector unit."""
    now, begun = beam.now, beam.begun
    now[:] = 0
    begun[:] = 0
    for i in range(front.size):
        free, work = front[i], beam.work[i]
        for job in range(now.size):
            ready = now[job]
            start = ready if ready > free else free
            now[job] = np.int32(start + work[job])
            begun[job] += start


@kernel
def _forecast(due, weight, rest, skip, done, step):  # type: ignore[no-untyped-def]
    """What the rest would cost, one job every ``step`` after ``done``, in order of due time."""
    total = np.float32(0.0)
    for k in range(skip):
        late = done + np.float32(k + 1) * step - due[k]
        total += weight[k] * (late if late > 0 else np.float32(0.0))
    for k in range(skip + 1, rest):
        late = done + np.float32(k) * step - due[k]
        total += weight[k] * (late if late > 0 else np.float32(0.0))
    return total


@kernel
def judge(beam, level, count, length, patience, ahead):  # type: ignore[no-untyped-def]
    """Fill ``guides`` for each beginning of so many jobs with each job after it."""
    jobs, machines = beam.work.shape[1], beam.work.shape[0]
    part = (length + 1) / jobs
    for b in range(count):
        _try_jobs(beam, level.fronts[b])
        rest, empty, free = 0, 0.0, 0
        for i in range(machines):
            empty += level.left[b, i] + beam.tails[i]
            free += level.fronts[b, i]
        for job in range(jobs):
            if not level.used[b, job]:
                beam.rest_due[rest], beam.rest_weight[rest] = beam.due[job], beam.weight[job]
                rest += 1
        at = 0
        for job in range(jobs):
            if level.used[b, job]:
                beam.guides[b, job] = np.inf
                continue
            done = beam.now[job]
            promise = float(level.costs[b] + beam.weight[job] * max(0, done - beam.due[job]))
            if ahead:
                step = ((empty + beam.begun[job]) / machines - done) / max(1, rest - 1)
                promise += _forecast(beam.rest_due, beam.rest_weight, rest, at, np.float32(done), np.float32(step))
            idle = level.idle[b] + beam.begun[job] - free
            beam.guides[b, job] = part * promise + (1 - part) * patience * idle * (length + 1) / machines
            at += 1


@making_kernel
def choose(beam, level, new, count, length):  # type: ignore[no-untyped-def]
    """The next level: the beginnings that promise most; how many."""
    jobs, width = beam.work.shape[1], beam.guides.shape[0]
    found = min(width, count * (jobs - length))
    limit = np.partition(beam.guides[:count].ravel(), found - 1)[found - 1]
    size = 0
    for tied in range(2):  # first those below the limit, then those at it
        for b in range(count):
            for job in range(jobs):
                guide = beam.guides[b, job]
                if size < found and ((tied == 0 and guide < limit) or (tied == 1 and guide == limit)):
                    _grow(beam, level, new, b, job, size)
                    beam.parents[length, size], beam.chosen[length, size] = b, job
                    size += 1
    return size


@kernel
def _grow(beam, level, new, b, job, at):  # type: ignore[no-untyped-def]
    done, idle = 0, level.idle[b]
    for i in range(beam.work.shape[0]):
        free = level.fronts[b, i]
        idle += max(0, done - free)
        done = max(done, free) + beam.work[i, job]
        new.fronts[at, i] = done
        new.left[at, i] = level.left[b, i] - beam.work[i, job]
    new.costs[at] = level.costs[b] + beam.weight[job] * max(0, done - beam.due[job])
    new.idle[at] = idle
    copy_line(new.used[at], level.used[b])
    new.used[at, job] = True


@kernel
def trace(beam, costs, count, sequence):  # type: ignore[no-untyped-def]
    """The cheapest whole sequence, and its cost."""
    at = 0
    for b in range(count):
        if costs[b] < costs[at]:
            at = b
    cost = costs[at]
    for length in range(sequence.size - 1, -1, -1):
        sequence[length] = beam.chosen[length, at]
        at = beam.parents[length, at]
    return cost
