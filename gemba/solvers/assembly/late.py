"""Right shift: everything as late as the order on each machine and the dates of the jobs allow."""

from __future__ import annotations

from gemba.solvers.assembly.place import place, seconds_of, share
from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.hours import FAR, backward


@kernel
def write_out(t, order, parts, of, row, ready, first, rows):  # type: ignore[no-untyped-def]
    """Place the jobs once more and write for each task of each part: its start, end, task, job, and pieces.

    ``first[i]``: the row at which the i-th job of the order begins.
    """
    for i in range(len(order)):
        job = order[i]
        low, high = t.tasks[job], t.tasks[job + 1]
        place(t, job, parts[job], row, of, ready, rows[first[i] : first[i + 1], :2])
        at = first[i]
        for part in range(parts[job]):
            for k in range(low, high):
                rows[at, 2], rows[at, 3] = k, job
                rows[at, 4] = share(t.pieces[job], parts[job], part)
                at += 1


@kernel
def shift_late(t, order, first, rows, latest, of, ends, ready):  # type: ignore[no-untyped-def]
    """Move all rows of ``write_out`` later in place; each job is complete by its ``latest`` moment.

    ``ends``: room for a moment of each machine.
    """
    ends[:] = FAR
    for i in range(len(order) - 1, -1, -1):
        job = order[i]
        low = t.tasks[job]
        for at in range(first[i + 1] - 1, first[i] - 1, -1):
            k = rows[at, 2]
            by = latest[job] if t.follower[k] < 0 else ready[t.follower[k] - low]
            by = min(by, ends[t.machine[k] - of[0]])
            start, end = backward(t.hours, t.table, t.calendar[t.machine[k]], by, seconds_of(t, k, rows[at, 4]))
            if start > rows[at, 0]:
                rows[at, 0], rows[at, 1] = start, end
            ready[k - low] = rows[at, 0]
            ends[t.machine[k] - of[0]] = rows[at, 0]
