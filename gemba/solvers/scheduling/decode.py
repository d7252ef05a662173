"""From a list of tasks and their modes to a schedule: one task after the other at its earliest time (serial schedule generation).

Source: Kolisch 1996 for the scheme; here with calendars, set-ups, lags, and stocks. On a resource with set-ups tasks follow one
another in the order of the list.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.hours import CLOSES, FAR, forward, start_to_end_by, stretch_at
from gemba.solvers.scheduling.problem import (
    AFTER,
    AMOUNT,
    AT_END,
    BEFORE,
    END,
    FROM_START,
    KIND,
    MAXIMUM,
    MINIMUM,
    START,
    STOCK,
    TO_END,
    Floats,
    Longs,
    Problem,
)
from gemba.solvers.scheduling.profile import blocked_until, level_allows, move_level, take
from gemba.solvers.search.shop import csr

_MOST_ROUNDS = 100_000
_RESTARTS = 30


class Flat(NamedTuple):
    """The parts of a problem that kernels read; links and moves grouped by task."""

    release: Longs
    whole: Any
    fixed: Longs
    mode_ptr: Longs
    work: Longs
    family: Longs
    calendar: Longs
    use_ptr: Longs
    use_resource: Longs
    use_amount: Longs
    capacity: Longs
    matrix: Longs
    setup: Longs
    between: Any
    consumable: Any
    setup_time: Longs
    setup_cost: Floats
    links: Longs  # by the later task
    link_ptr: Longs
    after: Longs  # later tasks, by the earlier one
    after_ptr: Longs
    moves: Longs
    move_ptr: Longs
    initial: Longs
    lowest: Longs
    highest: Longs
    open_ptr: Longs
    open: Longs


class Room(NamedTuple):
    """Room for one decoder: what it fills and what it works in."""

    times: Longs  # (n, 2)
    steps_ptr: Longs
    steps_count: Longs
    steps: Longs
    level_ptr: Longs
    level_count: Longs
    levels: Longs
    last_end: Longs  # (r) when the last task of a resource with set-ups ends
    last_family: Longs
    delay: Longs  # (n) starts put off so that what may not come too late does not
    setups: Floats  # (2) seconds and cost of change-overs
    used: Longs  # (r) of resources that are used up


def flat(p: Problem) -> Flat:
    """What kernels read of a problem."""
    link_ptr, by_later = csr(p.links[:, AFTER], p.size)
    after_ptr, by_earlier = csr(p.links[:, BEFORE], p.size)
    move_ptr, by_task = csr(p.moves[:, 0], p.size)
    return Flat(
        np.where(p.fixed >= 0, p.fixed, p.release), p.whole, p.fixed, p.mode_ptr, p.work, p.family, p.calendar, p.use_ptr,
        p.use_resource, p.use_amount, p.capacity, p.matrix, p.setup, p.between, p.consumable, p.setup_time, p.setup_cost,
        np.ascontiguousarray(p.links[by_later]), link_ptr, np.ascontiguousarray(p.links[by_earlier, AFTER]), after_ptr,
        np.ascontiguousarray(p.moves[by_task]), move_ptr, p.initial, p.lowest, p.highest, p.hours.ptr, p.hours.table,
    )  # fmt: skip


def room(p: Problem) -> Room:
    """Room for one decoder of a problem."""
    users = np.bincount(p.use_resource, minlength=len(p.capacity)) if p.modes else np.zeros(0, np.int64)
    changes = np.bincount(p.moves[:, STOCK], minlength=len(p.initial))
    steps_ptr = np.concatenate([[0], np.cumsum(2 * users + 3)]).astype(np.int64)
    level_ptr = np.concatenate([[0], np.cumsum(changes + 3)]).astype(np.int64)
    resources, tasks = len(users), p.size
    return Room(
        times=np.zeros((tasks, 2), np.int64),
        steps_ptr=steps_ptr,
        steps_count=np.zeros(resources, np.int64),
        steps=np.zeros((int(steps_ptr[-1]), 2), np.int64),
        level_ptr=level_ptr,
        level_count=np.zeros(len(changes), np.int64),
        levels=np.zeros((int(level_ptr[-1]), 2), np.int64),
        last_end=np.zeros(resources, np.int64),
        last_family=np.zeros(resources, np.int64),
        delay=np.zeros(tasks, np.int64),
        setups=np.zeros(2),
        used=np.zeros(resources, np.int64),
    )


@kernel
def clear(flat, room):  # type: ignore[no-untyped-def]
    """An empty schedule."""
    room.setups[:] = 0
    room.used[:] = 0
    for r in range(len(flat.capacity)):
        room.steps_count[r] = 1
        k = room.steps_ptr[r]
        room.steps[k, 0], room.steps[k, 1] = -FAR, 0
        room.last_end[r], room.last_family[r] = -FAR, flat.setup[r]
    for s in range(len(flat.initial)):
        room.level_count[s] = 1
        k = room.level_ptr[s]
        room.levels[k, 0], room.levels[k, 1] = -FAR, flat.initial[s]


@kernel
def ready(flat, room, task, mode):  # type: ignore[no-untyped-def]
    """The earliest start by release, delay and links."""
    moment = flat.release[task] + room.delay[task]
    for k in range(flat.link_ptr[task], flat.link_ptr[task + 1]):
        kind = flat.links[k, KIND]
        before = flat.links[k, BEFORE]
        m = room.times[before, START if kind & FROM_START else END] + flat.links[k, MINIMUM]
        if kind & TO_END:
            m = start_to_end_by(flat.open_ptr, flat.open, flat.calendar[mode], m, flat.work[mode])
        moment = max(moment, m)
    return moment


@kernel
def change_over(flat, room, mode):  # type: ignore[no-untyped-def]
    """The longest change-over that is the mode's own work."""
    longest = 0
    family = flat.family[mode]
    if family >= 0:
        for u in range(flat.use_ptr[mode], flat.use_ptr[mode + 1]):
            r = flat.use_resource[u]
            if flat.matrix[r] >= 0 and not flat.between[r]:
                longest = max(longest, flat.setup_time[flat.matrix[r], room.last_family[r], family])
    return longest


@kernel
def free_from(flat, room, mode, start, end):  # type: ignore[no-untyped-def]
    """A later start where a resource is taken in [start, end); else ``start``."""
    moment = start
    for u in range(flat.use_ptr[mode], flat.use_ptr[mode + 1]):
        r = flat.use_resource[u]
        if flat.matrix[r] >= 0:
            gap = 0
            if flat.between[r] and room.last_end[r] > -FAR:
                gap = flat.setup_time[flat.matrix[r], room.last_family[r], flat.family[mode]]
            moment = max(moment, room.last_end[r] + gap)
        elif end > start and not flat.consumable[r]:
            limit = flat.capacity[r] - flat.use_amount[u]
            m = blocked_until(room.steps_ptr, room.steps_count, room.steps, r, limit, start, end)
            moment = max(moment, m)
    return moment


@kernel
def stocked_from(flat, room, task, mode, work, start, end):  # type: ignore[no-untyped-def]
    """A later start where a stock would leave its limits; else ``start``. FAR where it always would."""
    moment = start
    for k in range(flat.move_ptr[task], flat.move_ptr[task + 1]):
        s, at_end = flat.moves[k, STOCK], flat.moves[k, AT_END]
        at = end if at_end else start
        m = level_allows(
            room.level_ptr, room.level_count, room.levels, s, flat.moves[k, AMOUNT], flat.lowest[s], flat.highest[s], at
        )
        if m < 0:
            return FAR
        if m > at:
            if at_end:
                m = max(start + 1, start_to_end_by(flat.open_ptr, flat.open, flat.calendar[mode], m, work))
            moment = max(moment, m)
    return moment


@kernel
def place(flat, room, task, mode):  # type: ignore[no-untyped-def]
    """(start, end) of a task at its earliest; FAR where it cannot be placed."""
    work = flat.work[mode] + change_over(flat, room, mode)
    c = flat.calendar[mode]
    moment = ready(flat, room, task, mode)
    for _ in range(_MOST_ROUNDS):
        start, end = forward(flat.open_ptr, flat.open, c, moment, work)
        if start >= FAR or end >= FAR:
            break
        if flat.whole[task] and end - start != work:
            moment = flat.open[stretch_at(flat.open_ptr, flat.open, c, start), CLOSES]
            continue
        moment = max(free_from(flat, room, mode, start, end), stocked_from(flat, room, task, mode, work, start, end))
        if moment <= start:
            return start, end
        if moment >= FAR:
            break
    return FAR, FAR


@kernel
def occupy(flat, room, task, mode, start, end):  # type: ignore[no-untyped-def]
    """Take the resources and move the stocks of a task placed."""
    for u in range(flat.use_ptr[mode], flat.use_ptr[mode + 1]):
        r = flat.use_resource[u]
        if flat.consumable[r]:
            room.used[r] += flat.use_amount[u]
            continue
        if flat.matrix[r] < 0:
            take(room.steps_ptr, room.steps_count, room.steps, r, flat.use_amount[u], start, end)
            continue
        family = flat.family[mode]
        room.last_end[r] = max(room.last_end[r], end)
        if family >= 0:
            room.setups[0] += flat.setup_time[flat.matrix[r], room.last_family[r], family]
            room.setups[1] += flat.setup_cost[flat.matrix[r], room.last_family[r], family]
            room.last_family[r] = family
    for k in range(flat.move_ptr[task], flat.move_ptr[task + 1]):
        at = end if flat.moves[k, AT_END] else start
        move_level(room.level_ptr, room.level_count, room.levels, flat.moves[k, STOCK], flat.moves[k, AMOUNT], at)


@kernel
def too_late(flat, room, task):  # type: ignore[no-untyped-def]
    """(seconds, earlier task): how much later than a maximum lag allows a task comes, at most; 0 where it does not."""
    worst, origin = 0, -1
    for k in range(flat.link_ptr[task], flat.link_ptr[task + 1]):
        if flat.links[k, MAXIMUM] < FAR:
            kind, before = flat.links[k, KIND], flat.links[k, BEFORE]
            first = room.times[before, START if kind & FROM_START else END]
            then = room.times[task, END if kind & TO_END else START]
            if then - first - flat.links[k, MAXIMUM] > worst:
                worst, origin = then - first - flat.links[k, MAXIMUM], before
    return worst, origin


@kernel
def decode(flat, room, order, modes):  # type: ignore[no-untyped-def]
    """Schedule all tasks in the order of the list; returns by how much it is infeasible (0: it is feasible).

    Where a task comes later than a maximum lag allows, the earlier one is put off by as much and all begins anew.
    """
    room.delay[:] = 0
    for attempt in range(_RESTARTS):
        clear(flat, room)
        broken = 0
        again = False
        for task in order:
            mode = modes[task]
            start, end = place(flat, room, task, mode)
            if start >= FAR:
                return FAR
            room.times[task, START], room.times[task, END] = start, end
            late, origin = too_late(flat, room, task)
            if late > 0:
                if attempt + 1 < _RESTARTS and flat.fixed[origin] < 0:
                    room.delay[origin] += late
                    again = True
                    break
                broken += late
            if flat.fixed[task] >= 0 and start != flat.fixed[task]:
                broken += abs(start - flat.fixed[task])
            occupy(flat, room, task, mode, start, end)
        if not again:
            return broken + overdrawn(flat, room)
    return FAR


@kernel
def overdrawn(flat, room):  # type: ignore[no-untyped-def]
    """Units taken beyond what there is of resources that are used up."""
    total = 0
    for r in range(len(flat.capacity)):
        if flat.consumable[r]:
            total += max(0, room.used[r] - flat.capacity[r])
    return total
