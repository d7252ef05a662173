"""What makes a schedule cost: from a task that costs back along what it waited for."""

from __future__ import annotations

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.chance import below, uniform
from gemba.solvers.compiled.hours import FAR
from gemba.solvers.scheduling.problem import BEFORE, END, FROM_START, KIND, MINIMUM, START

_LONGEST = 40  # tasks looked at on the way back


@kernel
def dear_task(flat, goals, room, random):  # type: ignore[no-untyped-def]
    """A task that is late, of two the dearer; where none is, the one that ends last."""
    last, chosen, found, most = 0, -1, 0, -1.0
    for task in range(len(flat.release)):
        end = room.times[task, END]
        if end > room.times[last, END]:
            last = task
        if end > goals.due[task] and goals.weight[task] > 0:
            found += 1
            cost = goals.weight[task] * (end - goals.due[task]) * uniform(random)
            if below(random, found) < 2 and cost > most:
                chosen, most = task, cost
    return chosen if chosen >= 0 else last


@kernel
def shares(flat, a, b):  # type: ignore[no-untyped-def]
    """Whether two modes use a common resource."""
    for u in range(flat.use_ptr[a], flat.use_ptr[a + 1]):
        for v in range(flat.use_ptr[b], flat.use_ptr[b + 1]):
            if flat.use_resource[u] == flat.use_resource[v]:
                return True
    return False


@kernel
def waited_for(flat, room, task):  # type: ignore[no-untyped-def]
    """(moment, earlier task) of the link that a task waits for longest; its release and -1 where it waits for none."""
    moment, origin = flat.release[task], -1
    for k in range(flat.link_ptr[task], flat.link_ptr[task + 1]):
        before = flat.links[k, BEFORE]
        m = room.times[before, START if flat.links[k, KIND] & FROM_START else END] + flat.links[k, MINIMUM]
        if m > moment:
            moment, origin = m, before
    return moment, origin


@kernel
def stood_behind(flat, room, modes, task, since):  # type: ignore[no-untyped-def]
    """The task on one of its resources that ends last before a task starts, after a moment; -1 where there is none."""
    start = room.times[task, START]
    best, origin = since, -1
    for other in range(len(flat.release)):
        end = room.times[other, END]
        near = best < end <= start and other != task and room.times[other, START] < end
        if near and shares(flat, modes[task], modes[other]):
            best, origin = end, other
    return origin


@kernel
def pick_wait(flat, goals, room, modes, random):  # type: ignore[no-untyped-def]
    """(task, the one it stood behind) somewhere on the way back from a task that costs; -1 twice where there is none."""
    task = dear_task(flat, goals, room, random)
    chosen, behind, found = -1, -1, 0
    for _ in range(_LONGEST):
        if room.times[task, START] >= FAR:
            break
        since, origin = waited_for(flat, room, task)
        blocker = stood_behind(flat, room, modes, task, since)
        if blocker >= 0:
            found += 1
            if below(random, found) == 0:
                chosen, behind = task, blocker
            origin = blocker
        if origin < 0:
            break
        task = origin
    return chosen, behind
