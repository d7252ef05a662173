"""Placing jobs one after another: each task behind all that was placed on its machine before.

The state between two jobs is a row: of each machine of the part when it is free, then of each material what is left of the
stock on hand.
"""

from __future__ import annotations

from math import ceil

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.hours import FAR, forward

DAY = 86400.0


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
def place_all(t, order, parts, of, state, complete, ready, low):  # type: ignore[no-untyped-def]
    """Place the jobs of an order from a position on: fills the state before each and when each is complete."""
    none = state[:0, :2]
    for i in range(low, len(order)):
        state[i + 1] = state[i]
        job = order[i]
        complete[job] = place(t, job, parts[job], state[i + 1], of, ready, none)
