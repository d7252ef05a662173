"""Placing jobs one after another: each task behind all that was placed on its machine before.

The state between two jobs is a row: of each machine of the part when it is free, then of each material what is left of the
stock on hand.
"""

from __future__ import annotations

from math import ceil

from gemba.solvers.compiled import copy_line, kernel
from gemba.solvers.compiled.hours import FAR, forward

_LOOK_AHEAD = 60  # jobs


@kernel
def share(pieces, parts, part):  # type: ignore[no-untyped-def]
    """Pieces in one of so many parts that differ by one at most, larger ones first."""
    return (pieces + parts - 1 - part) // parts


@kernel
def seconds_of(t, k, pieces):  # type: ignore[no-untyped-def]
    """Open seconds that a task takes for so many pieces, rounded up."""
    return ceil(t.fixed[k] + t.unit[k] * pieces - 1e-6)


@kernel
def there(t, k, pieces, moment, row, machines, first):  # type: ignore[no-untyped-def]
    """From when on a task that could start at a moment has its materials; what it takes of the stock leaves the row."""
    start = moment
    for n in range(t.needs[k], t.needs[k + 1]):
        m = t.material[n]
        if start < t.supplied[m] and row[machines + m - first] < t.need[n] * pieces - 1e-9:
            start = t.supplied[m]
    for n in range(t.needs[k], t.needs[k + 1]):
        m = t.material[n]
        if start < t.supplied[m]:
            row[machines + m - first] -= t.need[n] * pieces
    return start


@kernel
def place(t, job, parts, row, of, ready, times):  # type: ignore[no-untyped-def]
    """Place a job in so many parts; returns when the last of it is complete.

    ``of``: first machine, machines and first material of the part. ``ready``: room for a moment of each task, used between.
    ``times``: (start, end) of the tasks of each part in turn is written to it; none where it has no rows.
    """
    low, high = t.tasks[job], t.tasks[job + 1]
    complete = t.release[job]
    i = 0
    for part in range(parts):
        pieces = share(t.pieces[job], parts, part)
        for k in range(low, high):
            ready[k - low] = t.release[job]
        for k in range(low, high):
            m = t.machine[k] - of[0]
            start = max(ready[k - low], int(row[m]))
            work, calendar = seconds_of(t, k, pieces), t.calendar[t.machine[k]]
            start, end = forward(t.hours, t.table, calendar, start, work)
            supplied = there(t, k, pieces, start, row, of[1], of[2])
            if supplied > start:
                start, end = forward(t.hours, t.table, calendar, supplied, work)
            row[m] = end
            if t.follower[k] >= 0:
                ready[t.follower[k] - low] = max(ready[t.follower[k] - low], end)
            else:
                complete = max(complete, end)
            if i < len(times):
                times[i, 0], times[i, 1] = start, end
            i += 1
    return min(complete, FAR)


@kernel
def cost_of(t, job, complete):  # type: ignore[no-untyped-def]
    """Weighted tardiness."""
    return t.weight[job] * max(0, complete - t.due[job])


@kernel
def held_up(t, job, row, of):  # type: ignore[no-untyped-def]
    """Seconds that a job's tasks would stand still for want of materials, were it placed next; at most."""
    longest = 0
    for k in range(t.tasks[job], t.tasks[job + 1]):
        start = max(t.release[job], int(row[t.machine[k] - of[0]]))
        for n in range(t.needs[k], t.needs[k + 1]):
            m = t.material[n]
            if start < t.supplied[m] and row[of[1] + m - of[2]] < t.need[n] * t.pieces[job] - 1e-9:
                longest = max(longest, t.supplied[m] - start)
    return longest


@kernel
def bring_forward(t, order, i, row, of):  # type: ignore[no-untyped-def]
    """Put at place i of an order the next job that has its materials, where there is none the one that waits least for them."""
    chosen, least = i, FAR
    for k in range(i, min(i + _LOOK_AHEAD, len(order))):
        wait = held_up(t, order[k], row, of)
        if wait < least:
            chosen, least = k, wait
        if wait <= 0:
            break
    job = order[chosen]
    for k in range(chosen, i, -1):
        order[k] = order[k - 1]
    order[i] = job


@kernel
def place_ready(t, order, parts, of, state, complete, ready):  # type: ignore[no-untyped-def]
    """As ``place_all``, but jobs that have their materials overtake others, as long as any materials are yet to come."""
    none = state[:0, :2]
    for i in range(len(order)):
        copy_line(state[i + 1], state[i])
        first = state[i, 0]
        for m in range(of[1]):
            first = min(first, state[i, m])
        if first < of[3]:
            bring_forward(t, order, i, state[i], of)
        job = order[i]
        complete[job] = place(t, job, parts[job], state[i + 1], of, ready, none)


@kernel
def place_all(t, order, parts, of, state, complete, ready, low):  # type: ignore[no-untyped-def]
    """Place the jobs of an order from a position on: fills the state before each and when each is complete."""
    none = state[:0, :2]
    for i in range(low, len(order)):
        copy_line(state[i + 1], state[i])
        job = order[i]
        complete[job] = place(t, job, parts[job], state[i + 1], of, ready, none)
