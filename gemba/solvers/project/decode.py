"""Schedules from lists: serial schedule generation, forward and backward, and the improvement that alternates them.

Serial generation takes the activities in the order of a list and starts each as soon as its predecessors and the resources
allow (Kelley 1963). Forward-backward improvement shifts all activities to the right in the order of their ends, then to the
left in the order of their starts (Li and Willis 1992; double justification: Valls, Ballestín and Quintanilla 2005).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import copy_line, kernel, making_kernel
from gemba.solvers.project.problem import Floats, Longs, Project
from gemba.solvers.project.profile import Profile, clear, earliest, empty, ready, take

_RANK = 20  # bits of a sort key for the place of an activity in the topological order
_MASK = (1 << _RANK) - 1


class Desk(NamedTuple):
    """A schedule being worked on, and room to work in."""

    order: Longs  # (n) the list: activities, earlier ones of arcs first
    mode: Longs  # (n)
    finish: Longs  # (n)
    trial_order: Longs  # (n) a second schedule: to the right, or one that may be better
    trial_mode: Longs  # (n)
    trial_finish: Longs  # (n)
    key: Longs  # (n) to sort by
    at_rank: Longs  # (n) the activity at each place of the topological order
    used: Longs  # (k) of the non-renewable resources by the modes at hand
    counts: Longs  # (1) schedules made
    head: Longs  # (n) earliest starts by precedence with the modes at hand
    tail: Longs  # (n) least times from their ends to the end of the project
    load: Floats  # (m) time that a mode's work takes of the resources' capacities, on average
    profile: Profile


def desk(problem: Project) -> Desk:
    """Room for one search."""
    n = problem.size
    shares = problem.renewable / np.maximum(1, problem.capacity)
    order, mode, finish, trial_order, trial_mode, trial_finish, key = np.zeros((7, n), np.int64)
    return Desk(
        order, mode, finish, trial_order, trial_mode, trial_finish, key,
        at_rank=np.ascontiguousarray(np.argsort(problem.rank)),
        used=np.zeros(len(problem.budget), np.int64),
        counts=np.zeros(1, np.int64),
        head=np.zeros(n, np.int64),
        tail=np.zeros(n, np.int64),
        load=problem.duration * shares.sum(axis=1) / max(1, len(problem.capacity)),
        profile=empty(n, problem.packed.shape[1]),
    )  # fmt: skip


@kernel
def place_all(problem, network, order, mode, finish, profile):  # type: ignore[no-untyped-def]
    """Serial schedule generation with modes given; returns the makespan."""
    clear(profile, problem.room)
    makespan = 0
    for activity in order:
        chosen = mode[activity]
        duration = problem.duration[chosen]
        at, start = ready(profile, network, finish, activity)
        at, start = earliest(profile, problem.packed, problem.guard, at, start, duration, chosen)
        take(profile, problem.packed, at, start, duration, chosen, activity)
        finish[activity] = start + duration
        makespan = max(makespan, start + duration)
    return makespan


@kernel
def within(problem, used, old, new):  # type: ignore[no-untyped-def]
    """Whether the budgets allow a new mode instead of an old one."""
    for k in range(len(used)):
        if used[k] - problem.nonrenewable[old, k] + problem.nonrenewable[new, k] > problem.budget[k]:
            return False
    return True


@kernel
def use_up(problem, mode, used):  # type: ignore[no-untyped-def]
    """What the modes use of the non-renewable resources."""
    used[:] = 0
    for activity in range(len(mode)):
        for k in range(len(used)):
            used[k] += problem.nonrenewable[mode[activity], k]


@kernel
def place_choosing(problem, network, order, mode, finish, profile, used):  # type: ignore[no-untyped-def]
    """Like ``place_all``, each activity in the mode that ends soonest within the budgets, rather the given one."""
    clear(profile, problem.room)
    makespan = 0
    for activity in order:
        old = mode[activity]
        ready_at, ready_start = ready(profile, network, finish, activity)
        chosen, duration = old, problem.duration[old]
        at, start = earliest(profile, problem.packed, problem.guard, ready_at, ready_start, duration, old)
        for other in range(problem.mode_ptr[activity], problem.mode_ptr[activity + 1]):
            length = problem.duration[other]
            if ready_start + length < start + duration and within(problem, used, old, other):
                place, begin = earliest(profile, problem.packed, problem.guard, ready_at, ready_start, length, other)
                if begin + length < start + duration:
                    chosen, duration, at, start = other, length, place, begin
        if chosen != old:
            for k in range(len(used)):
                used[k] += problem.nonrenewable[chosen, k] - problem.nonrenewable[old, k]
            mode[activity] = chosen
        take(profile, problem.packed, at, start, duration, chosen, activity)
        finish[activity] = start + duration
        makespan = max(makespan, start + duration)
    return makespan


@making_kernel
def sort_by_key(problem, at_rank, key, order):  # type: ignore[no-untyped-def]
    """Write the activities by key, smallest first, those of the same key in topological order."""
    for activity in range(len(key)):
        key[activity] = (key[activity] << _RANK) | problem.rank[activity]
    key.sort()
    for i in range(len(key)):
        order[i] = at_rank[key[i] & _MASK]


@kernel
def mirrored(problem, at_rank, key, order):  # type: ignore[no-untyped-def]
    """Write the activities by key, largest first, those of the same key against the topological order."""
    sort_by_key(problem, at_rank, key, order)
    n = len(order)
    for i in range(n // 2):
        order[i], order[n - 1 - i] = order[n - 1 - i], order[i]


@kernel
def by_start(problem, work):  # type: ignore[no-untyped-def]
    """The list of the schedule at hand."""
    for activity in range(len(work.key)):
        work.key[activity] = work.finish[activity] - problem.duration[work.mode[activity]]
    sort_by_key(problem, work.at_rank, work.key, work.order)


@kernel
def double_justify(problem, work, choosing):  # type: ignore[no-untyped-def]
    """All to the right, then all to the left, into the trial schedule; returns its makespan."""
    n = len(work.order)
    for activity in range(n):
        work.key[activity] = work.finish[activity]
        work.trial_mode[activity] = work.mode[activity]
    mirrored(problem, work.at_rank, work.key, work.trial_order)
    finish, mode, profile = work.trial_finish, work.trial_mode, work.profile
    if choosing:
        use_up(problem, mode, work.used)
        right = place_choosing(problem, problem.after, work.trial_order, mode, finish, profile, work.used)
    else:
        right = place_all(problem, problem.after, work.trial_order, mode, finish, profile)
    for activity in range(n):
        work.key[activity] = right - finish[activity]
    sort_by_key(problem, work.at_rank, work.key, work.trial_order)
    work.counts[0] += 2
    if choosing:
        return place_choosing(problem, problem.before, work.trial_order, mode, finish, profile, work.used)
    return place_all(problem, problem.before, work.trial_order, mode, finish, profile)


@kernel
def improve(problem, work, makespan, choosing):  # type: ignore[no-untyped-def]
    """Justify the schedule at hand as long as that shortens it; returns its makespan. Its list is by start then."""
    while True:
        shorter = double_justify(problem, work, choosing)
        if shorter <= makespan:
            copy_line(work.finish, work.trial_finish)
            copy_line(work.mode, work.trial_mode)
            copy_line(work.order, work.trial_order)
        if shorter >= makespan:
            by_start(problem, work)
            return min(shorter, makespan)
        makespan = shorter


@kernel
def schedule(problem, work, choosing):  # type: ignore[no-untyped-def]
    """Make and improve the schedule of the list and the modes at hand; returns its makespan."""
    work.counts[0] += 1
    if choosing:
        use_up(problem, work.mode, work.used)
        makespan = place_choosing(problem, problem.before, work.order, work.mode, work.finish, work.profile, work.used)
    else:
        makespan = place_all(problem, problem.before, work.order, work.mode, work.finish, work.profile)
    return improve(problem, work, makespan, choosing)
