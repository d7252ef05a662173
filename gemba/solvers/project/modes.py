"""Which modes to change: by what that does to the longest path, to the load of the resources, and to the budgets.

How long paths are is known from heads and tails (critical path method) with the modes at hand; a change is judged by the time by
which the longest path through its activity exceeds a target, and by the work that it adds to the resources.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.chance import below, uniform
from gemba.solvers.project.decode import use_up, within

_CHANGES = 0.5  # modes changed at random in a child, on average
_SAMPLE = 8  # changes of which the best is made
_TRIES = 20  # samples for each activity, after which a repair has failed


@kernel
def other_mode(problem, mode, random):  # type: ignore[no-untyped-def]
    """(an activity, one of its modes), any; the mode may be the one that it has."""
    activity = below(random, len(mode))
    first = problem.mode_ptr[activity]
    return activity, first + below(random, problem.mode_ptr[activity + 1] - first)


@kernel
def change_modes(problem, mode, random):  # type: ignore[no-untyped-def]
    """Give a few activities modes at random."""
    while uniform(random) < _CHANGES / (1.0 + _CHANGES):
        activity, new = other_mode(problem, mode, random)
        mode[activity] = new


@kernel
def measure_paths(problem, work):  # type: ignore[no-untyped-def]
    """Heads and tails of all activities with the modes at hand."""
    before, after, duration, mode = problem.before, problem.after, problem.duration, work.mode
    for activity in work.at_rank:
        head = before.release[activity]
        for arc in range(before.ptr[activity], before.ptr[activity + 1]):
            other = before.other[arc]
            head = max(head, work.head[other] + duration[mode[other]] + before.lag[arc])
        work.head[activity] = head
    for activity in work.at_rank[::-1]:
        tail = 0
        for arc in range(after.ptr[activity], after.ptr[activity + 1]):
            other = after.other[arc]
            tail = max(tail, work.tail[other] + duration[mode[other]] + after.lag[arc])
        work.tail[activity] = tail


@kernel
def harm(problem, work, activity, new, target):  # type: ignore[no-untyped-def]
    """Time that a change of mode costs: by how much more a path exceeds the target, and work added to the resources."""
    old = work.mode[activity]
    path = work.head[activity] + work.tail[activity] - target
    longer = max(0, path + problem.duration[new]) - max(0, path + problem.duration[old])
    return longer + work.load[new] - work.load[old]


@kernel
def excess(problem, used, old, new):  # type: ignore[no-untyped-def]
    """By what share the budgets are exceeded with a new mode instead of an old one, summed."""
    over = 0.0
    for k in range(len(used)):
        use = used[k] - problem.nonrenewable[old, k] + problem.nonrenewable[new, k]
        over += max(0, use - problem.budget[k]) / max(1, problem.budget[k])
    return over


@kernel
def change(problem, work, activity, new):  # type: ignore[no-untyped-def]
    """Set a mode, and what the modes use."""
    old = work.mode[activity]
    for k in range(len(work.used)):
        work.used[k] += problem.nonrenewable[new, k] - problem.nonrenewable[old, k]
    work.mode[activity] = new


@kernel
def repair(problem, work, target, random):  # type: ignore[no-untyped-def]
    """Change modes where that costs least time for what it saves, until the budgets suffice; returns by how much they do not."""
    use_up(problem, work.mode, work.used)
    over = excess(problem, work.used, 0, 0)
    if over > 0:
        measure_paths(problem, work)
    for _ in range(_TRIES * len(work.mode)):
        if over == 0:
            break
        chosen, mode, least = -1, 0, np.inf
        for _ in range(_SAMPLE):
            activity, new = other_mode(problem, work.mode, random)
            saved = over - excess(problem, work.used, work.mode[activity], new)
            if saved > 0 and harm(problem, work, activity, new, target) / saved < least:
                chosen, mode, least = activity, new, harm(problem, work, activity, new, target) / saved
        if chosen >= 0:
            change(problem, work, chosen, mode)
            over = excess(problem, work.used, 0, 0)
            measure_paths(problem, work)
    return over


@kernel
def spend(problem, work, target, random):  # type: ignore[no-untyped-def]
    """Change modes at random places where that saves time and the budgets allow it."""
    measure_paths(problem, work)
    for _ in range(len(work.mode) // 2):
        activity, new = other_mode(problem, work.mode, random)
        if harm(problem, work, activity, new, target) < 0 and within(problem, work.used, work.mode[activity], new):
            change(problem, work, activity, new)
            measure_paths(problem, work)
