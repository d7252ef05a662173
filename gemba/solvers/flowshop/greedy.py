"""Iterated greedy search for the makespan (Ruiz and Stützle 2007).

Take some jobs out, improve what is left by reinsertions (Dubois-Lacoste, Pagnozzi and Stützle 2017), put each back at its best
place, improve again, and keep the result if it is better or, now and then, not much worse. Of equally good places the one with
the least idle time is taken (Fernandez-Viagas and Framinan 2014).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import copy_line, kernel
from gemba.solvers.compiled.chance import below, uniform
from gemba.solvers.flowshop.heads import fill_heads, fill_tails, makespans
from gemba.solvers.flowshop.problem import PAD, Ints, Line, Longs

#: Columns of ``figures``.
CURRENT, BEST, WORK = 0, 1, 2


class Greedy(NamedTuple):
    """A search's state. Two tables, so that a job can be taken out without losing the sequence with it."""

    sequences: Longs  # (2, jobs)
    heads: Ints  # (2, PAD + machines + PAD, jobs + 1)
    tails: Ints
    front: Ints  # (jobs + 1,) scratch
    longest: Ints  # (jobs + 1,) scratch
    order: Longs  # (jobs,) scratch
    taken: Longs  # (jobs,) scratch: jobs taken out
    current: Longs  # (jobs,)
    best: Longs  # (jobs,)
    figures: Longs  # CURRENT, BEST: makespans; WORK: places x machines looked at
    random: np.ndarray[tuple[int], np.dtype[np.uint64]]


def greedy(line: Line, sequence: Longs, seed: int) -> Greedy:
    """A search that begins from a sequence."""
    jobs, width = line.work.shape
    table = (2, width, jobs + 1)
    state = Greedy(
        np.zeros((2, jobs), np.int64), np.zeros(table, np.int32), np.zeros(table, np.int32),
        np.zeros(jobs + 1, np.int32), np.zeros(jobs + 1, np.int32), np.arange(jobs), np.zeros(jobs, np.int64),
        sequence.copy(), sequence.copy(), np.zeros(3, np.int64),
        np.array([seed * 0x9E3779B97F4A7C15 % (1 << 64) | 1], np.uint64),
    )  # fmt: skip
    restart(line, state, sequence)
    return state


@kernel
def restart(line, state, sequence):  # type: ignore[no-untyped-def]
    """Go on from a sequence; the best one stays where it is better."""
    jobs = sequence.size
    copy_line(state.current, sequence)
    load(line, state, 0, sequence)
    span = state.tails[0, PAD, 0]
    for i in range(PAD, state.tails.shape[1] - PAD):
        span = max(span, state.tails[0, i, 0])
    state.figures[CURRENT] = span
    if state.figures[BEST] == 0 or span < state.figures[BEST]:
        state.figures[BEST] = span
        copy_line(state.best, sequence)
    state.figures[WORK] += jobs * state.heads.shape[1]


@kernel
def load(line, state, table, sequence):  # type: ignore[no-untyped-def]
    copy_line(state.sequences[table], sequence)
    state.heads[table, :, 0] = 0
    fill_heads(line, state.sequences[table], sequence.size, state.heads[table], 0)
    fill_tails(line, state.sequences[table], sequence.size, state.tails[table], sequence.size)


@kernel
def take_out(line, state, table, length, place):  # type: ignore[no-untyped-def]
    """The other table becomes this one without the job at a place."""
    other, last = 1 - table, length - 1
    source, target = state.sequences[table], state.sequences[other]
    for k in range(place):
        target[k] = source[k]
    for k in range(place, last):
        target[k] = source[k + 1]
    old_heads, new_heads = state.heads[table], state.heads[other]
    old_tails, new_tails = state.tails[table], state.tails[other]
    for i in range(PAD, old_heads.shape[0] - PAD):
        for k in range(place + 1):
            new_heads[i, k] = old_heads[i, k]
        for k in range(place, length):
            new_tails[i, k] = old_tails[i, k + 1]
    fill_heads(line, target, last, new_heads, place)
    fill_tails(line, target, last, new_tails, place)
    state.figures[WORK] += length * old_heads.shape[0]


@kernel
def put_in(line, state, table, length, place, job):  # type: ignore[no-untyped-def]
    """The other table becomes this one with a job put in at a place."""
    other = 1 - table
    source, target = state.sequences[table], state.sequences[other]
    for k in range(place):
        target[k] = source[k]
    target[place] = job
    for k in range(place, length):
        target[k + 1] = source[k]
    old_heads, new_heads = state.heads[table], state.heads[other]
    old_tails, new_tails = state.tails[table], state.tails[other]
    for i in range(PAD, old_heads.shape[0] - PAD):
        for k in range(place + 1):
            new_heads[i, k] = old_heads[i, k]
        for k in range(place, length + 1):
            new_tails[i, k + 1] = old_tails[i, k]
    fill_heads(line, target, length + 1, new_heads, place)
    fill_tails(line, target, length + 1, new_tails, place + 1)
    state.figures[WORK] += length * old_heads.shape[0]


@kernel
def idle(line, sequence, length, heads, job, place):  # type: ignore[no-untyped-def]
    """Time that machines wait for the job put in at a place and for the one after it."""
    last = heads.shape[0] - PAD
    total = 0
    done = 0
    if place == length:
        for i in range(PAD, last):
            total += max(0, done - heads[i, place])
            done = max(done, heads[i, place]) + line.work[job, i]
        return total
    after = sequence[place]
    following = 0  # when the job after it is done on the machine before
    for i in range(PAD, last):
        work, next_work = line.work[job, i], line.work[after, i]
        done = max(done, heads[i, place]) + work
        if i > PAD:
            total += done - heads[i, place + 1] + next_work - work + max(0, following - done)
        following = max(following, done) + next_work
    return total


@kernel
def best_place(line, state, table, length, job):  # type: ignore[no-untyped-def]
    """The place of the least makespan; of equal ones that of the least idle time."""
    sequence, heads = state.sequences[table], state.heads[table]
    longest = state.longest
    makespans(line, sequence, length, heads, state.tails[table], job, state.front, longest)
    state.figures[WORK] += (length + 1) * heads.shape[0]
    least = longest[0]
    for k in range(1, length + 1):
        least = min(least, longest[k])
    place, least_idle = -1, 0
    for k in range(length + 1):
        if longest[k] == least:
            waiting = idle(line, sequence, length, heads, job, k)
            if place < 0 or waiting < least_idle:
                place, least_idle = k, waiting
    return place


@kernel
def improve(line, state, table, length, span):  # type: ignore[no-untyped-def]
    """Put jobs at better places until there is none; the makespan. The table stays the one that holds the sequence."""
    order, sequence = state.order, state.sequences[table]
    copy_line(order, sequence[:length])
    unchanged, at = 0, 0
    while unchanged < length:
        if at == 0:
            for k in range(length - 1, 0, -1):
                other = below(state.random, k + 1)
                order[k], order[other] = order[other], order[k]
        job = order[at]
        at = at + 1 if at + 1 < length else 0
        place = 0
        while sequence[place] != job:
            place += 1
        take_out(line, state, table, length, place)
        new = best_place(line, state, 1 - table, length - 1, job)
        unchanged += 1
        if state.longest[new] < span:
            span = state.longest[new]
            put_in(line, state, 1 - table, length - 1, new, job)
            unchanged = 0
    return span


@kernel
def build(line, state, jobs):  # type: ignore[no-untyped-def]
    """Put the jobs in one after the other, each at its best place (Nawaz, Enscore and Ham 1983); the makespan."""
    table, span = 0, 0
    state.heads[table, :, 0] = 0
    state.tails[table, :, 0] = 0
    for length in range(jobs.size):
        place = best_place(line, state, table, length, jobs[length])
        span = state.longest[place]
        put_in(line, state, table, length, place, jobs[length])
        table = 1 - table
    copy_line(state.current, state.sequences[table])
    return span


@kernel
def iterate(line, state, take, heat, whole, target, work):  # type: ignore[no-untyped-def]
    """Iterate until so much work is done or the target is reached.

    Args:
        take: jobs taken out each time.
        heat: makespan's worsening that is kept with probability 1/e.
        whole: whether what is left is improved before jobs are put back.
    """
    figures, random = state.figures, state.random
    jobs = state.current.size
    end = figures[WORK] + work
    take = min(take, jobs - 1)
    load(line, state, 0, state.current)
    while figures[WORK] < end and figures[BEST] > target and jobs > 1:
        table, length = 0, jobs
        for k in range(take):
            place = below(random, length)
            state.taken[k] = state.sequences[table, place]
            take_out(line, state, table, length, place)
            table, length = 1 - table, length - 1
        if whole:
            span = 0
            for i in range(PAD, state.tails.shape[1] - PAD):
                span = max(span, state.tails[table, i, 0])
            improve(line, state, table, length, span)
        span = 0
        for k in range(take):
            place = best_place(line, state, table, length, state.taken[k])
            span = state.longest[place]
            put_in(line, state, table, length, place, state.taken[k])
            table, length = 1 - table, length + 1
        span = improve(line, state, table, length, span)
        if span < figures[BEST]:
            figures[BEST] = span
            copy_line(state.best, state.sequences[table])
        worse = span - figures[CURRENT]
        if worse <= 0 or uniform(random) < np.exp(-worse / heat):
            figures[CURRENT] = span
            copy_line(state.current, state.sequences[table])
        if table != 0 or worse > 0:
            load(line, state, 0, state.current)
