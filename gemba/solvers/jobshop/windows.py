"""Time windows of operations within a makespan, narrowed as far as rules for one machine at a time can.

A window is the earliest start and the latest end of an operation. Where the windows leave only one order of two operations, it is
noted and holds from then on. Edge finding (Carlier and Pinson 1989, in the O(n²) form of Nuijten 1994) narrows by sets.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel

#: Columns of windows. PRED: a bit for each operation of the machine (by its number there) known to come before.
EARLY, LATE, PRED = range(3)
#: Columns of operations. NUMBER: which of its machine's; FIRST_OF, LAST_OF: whether its job begins or ends with it.
OWN, MACHINE, NUMBER, FIRST_OF, LAST_OF = range(5)


@kernel
def bit(number):  # type: ignore[no-untyped-def]
    return np.int64(1) << np.int64(number)


@kernel
def raise_early(windows, operations, dirty, i, to):  # type: ignore[no-untyped-def]
    """Let an operation, and what follows in its job, start no earlier; False where a window is then too short."""
    while to > windows[i, EARLY]:
        windows[i, EARLY] = to
        dirty[operations[i, MACHINE]] = 1
        to += operations[i, OWN]
        if to > windows[i, LATE]:
            return False
        if operations[i, LAST_OF]:
            break
        i += 1
    return True


@kernel
def lower_late(windows, operations, dirty, i, to):  # type: ignore[no-untyped-def]
    """Let an operation, and what is before it in its job, end no later; False where a window is then too short."""
    while to < windows[i, LATE]:
        windows[i, LATE] = to
        dirty[operations[i, MACHINE]] = 1
        to -= operations[i, OWN]
        if to < windows[i, EARLY]:
            return False
        if operations[i, FIRST_OF]:
            break
        i -= 1
    return True


@kernel
def put_before(windows, operations, dirty, i, k):  # type: ignore[no-untyped-def]
    """Note that i comes before k on their machine."""
    windows[k, PRED] |= bit(operations[i, NUMBER])
    dirty[operations[i, MACHINE]] = 1
    return raise_early(windows, operations, dirty, k, windows[i, EARLY] + operations[i, OWN]) and lower_late(
        windows, operations, dirty, i, windows[k, LATE] - operations[k, OWN]
    )


@kernel
def decided(windows, operations, i, k):  # type: ignore[no-untyped-def]
    """Whether the order of two operations on a machine is known."""
    return (windows[i, PRED] & bit(operations[k, NUMBER])) | (windows[k, PRED] & bit(operations[i, NUMBER])) != 0


@kernel
def pairs(windows, operations, dirty, on):  # type: ignore[no-untyped-def]
    """Find the pairs on a machine of which only one order is left."""
    for a in range(len(on)):
        for b in range(a):
            i, k = on[a], on[b]
            if decided(windows, operations, i, k):
                continue
            both = operations[i, OWN] + operations[k, OWN]
            i_first = windows[i, EARLY] + both <= windows[k, LATE]
            k_first = windows[k, EARLY] + both <= windows[i, LATE]
            if not i_first and not k_first:
                return False
            if not i_first and not put_before(windows, operations, dirty, k, i):
                return False
            if not k_first and not put_before(windows, operations, dirty, i, k):
                return False
    return True


@kernel
def after_all_before(windows, operations, dirty, on, by):  # type: ignore[no-untyped-def]
    """Each operation starts after all that come before it one by one, and ends before all that follow.

    ``by``: room for the operations sorted, by earliest start and then by latest end.
    """
    sort_by(windows, on, by, EARLY)
    for i in on:
        end = np.int64(-(1 << 60))
        for k in by:
            if windows[i, PRED] & bit(operations[k, NUMBER]):
                end = max(end, windows[k, EARLY]) + operations[k, OWN]
        if not raise_early(windows, operations, dirty, i, end):
            return False
    sort_by(windows, on, by, LATE)
    for i in on:
        start = np.int64(1 << 60)
        for n in range(len(by) - 1, -1, -1):
            k = by[n]
            if windows[k, PRED] & bit(operations[i, NUMBER]):
                start = min(start, windows[k, LATE]) - operations[k, OWN]
        if not lower_late(windows, operations, dirty, i, start):
            return False
    return True


@kernel
def sort_by(windows, on, by, column):  # type: ignore[no-untyped-def]
    """Sort by insertion: there are few, and they are nearly sorted."""
    by[:] = on
    for a in range(1, len(by)):
        i = by[a]
        b = a - 1
        while b >= 0 and windows[by[b], column] > windows[i, column]:
            by[b + 1] = by[b]
            b -= 1
        by[b + 1] = i


@kernel
def edges(early, late, own, begin, ends):  # type: ignore[no-untyped-def]
    """Write to ``begin`` when each of k operations can start, as far as sets that must come before it tell.

    ``early`` (k) ascending. ``ends``: room (k). Returns False where a set does not fit into its window.
    """
    size = len(early)
    begin[:] = early
    for deadline in late:
        work, end = np.int64(0), np.int64(-(1 << 60))
        for i in range(size - 1, -1, -1):
            if late[i] <= deadline:
                work += own[i]
                end = max(end, early[i] + work)
                if end > deadline:
                    return False
            ends[i] = end
        most = np.int64(-(1 << 60))
        for i in range(size):
            if late[i] <= deadline:
                most = max(most, early[i] + work)
                work -= own[i]
                continue
            if early[i] + work + own[i] > deadline:
                begin[i] = max(begin[i], ends[i])
            if most + own[i] > deadline:
                begin[i] = max(begin[i], end)
    return True


@kernel
def edge_finding(windows, operations, dirty, on, by, room):  # type: ignore[no-untyped-def]
    """Edge finding on a machine in both directions of time. ``room`` (5, at least as many as are on a machine)."""
    size = len(on)
    early, late, own, begin, ends = room[0, :size], room[1, :size], room[2, :size], room[3, :size], room[4, :size]
    sort_by(windows, on, by, EARLY)
    for a in range(size):
        early[a], late[a], own[a] = windows[by[a], EARLY], windows[by[a], LATE], operations[by[a], OWN]
    if not edges(early, late, own, begin, ends):
        return False
    for a in range(size):
        if not raise_early(windows, operations, dirty, by[a], begin[a]):
            return False
    sort_by(windows, on, by, LATE)
    for a in range(size):
        i = by[size - 1 - a]
        early[a], late[a], own[a] = -windows[i, LATE], -windows[i, EARLY], operations[i, OWN]
    if not edges(early, late, own, begin, ends):
        return False
    fit = True
    for a in range(size):
        fit = fit and lower_late(windows, operations, dirty, by[size - 1 - a], -begin[a])
    return fit


@kernel
def narrow(windows, operations, on, ptr, dirty, by, room):  # type: ignore[no-untyped-def]
    """Apply all rules to the machines that are dirty until nothing changes; False where there is no schedule.

    ``on`` lists the operations of each machine m, from ``ptr[m]`` to ``ptr[m + 1]``.
    """
    again = True
    while again:
        again = False
        for m in range(len(dirty)):
            while dirty[m]:
                again = True
                dirty[m] = 0
                here, sorted_here = on[ptr[m] : ptr[m + 1]], by[ptr[m] : ptr[m + 1]]
                if not (
                    pairs(windows, operations, dirty, here)
                    and after_all_before(windows, operations, dirty, here, sorted_here)
                    and (dirty[m] or edge_finding(windows, operations, dirty, here, sorted_here, room))
                ):
                    return False
    return True
