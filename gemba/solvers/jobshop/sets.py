"""Time windows narrowed by sets of operations on a machine.

An operation starts after all the work known to come before it. Edge finding (Carlier and Pinson 1989; Nuijten 1994) finds
operations that must come before or after a set because the set leaves them no room.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.problem import Longs
from gemba.solvers.jobshop.windows import (
    AFTER,
    BEFORE,
    EARLY,
    EDGES,
    LATEST,
    OWN,
    PENDING,
    PRED,
    SETS,
    SUCC,
    bit,
    lower_latest,
    narrow_pairs,
    raise_early,
)

_FAR = 1 << 60  # beyond any time
#: Rows of ``Room.line``.
_EARLY, _LATE, _OWN, _BEGIN, _DEADLINE, _MOST, _WHO, _END = range(8)


class Room(NamedTuple):
    """Room to work in; ``k``: the most operations on a machine."""

    by: Longs  # (2, N) the numbers of each machine's operations by earliest start, and by latest end
    line: Longs  # (8, k)
    square: Longs  # (2, k + 1, k)


@kernel
def sort_by_early(windows, base, by):  # type: ignore[no-untyped-def]
    """Sort by insertion: there are few, and they are nearly sorted."""
    for a in range(1, len(by)):
        n = by[a]
        key = windows[EARLY, base + n]
        b = a - 1
        while b >= 0 and windows[EARLY, base + by[b]] > key:
            by[b + 1] = by[b]
            b -= 1
        by[b + 1] = n


@kernel
def sort_by_late(windows, operations, base, by):  # type: ignore[no-untyped-def]
    for a in range(1, len(by)):
        n = by[a]
        key = windows[LATEST, base + n] + operations[base + n, OWN]
        b = a - 1
        while b >= 0 and windows[LATEST, base + by[b]] + operations[base + by[b], OWN] > key:
            by[b + 1] = by[b]
            b -= 1
        by[b + 1] = n


@kernel
def after_all_before(windows, operations, changed, base, by, end):  # type: ignore[no-untyped-def]
    """Each operation starts when all known to come before it, one by one, are done. ``by`` earliest start."""
    size = len(by)
    end[:size] = -_FAR
    for number in by:
        k = base + number
        followers, early, own = windows[SUCC, k], windows[EARLY, k], operations[k, OWN]
        for n in range(size):
            done = end[n]
            end[n] = max(done, early) + own if (followers >> n) & 1 else done
    for n in range(size):
        if end[n] > windows[EARLY, base + n] and not raise_early(windows, operations, changed, base + n, end[n]):
            return False
    return True


@kernel
def before_all_after(windows, operations, changed, base, by, start):  # type: ignore[no-untyped-def]
    """Each operation ends when all known to follow, one by one, must begin. ``by`` latest end."""
    size = len(by)
    start[:size] = _FAR
    for a in range(size - 1, -1, -1):
        k = base + by[a]
        leaders, latest, own = windows[PRED, k], windows[LATEST, k], operations[k, OWN]
        for n in range(size):
            begun = start[n]
            start[n] = min(begun - own, latest) if (leaders >> n) & 1 else begun
    for n in range(size):
        to = start[n] - operations[base + n, OWN]
        if to < windows[LATEST, base + n] and not lower_latest(windows, operations, changed, base + n, to):
            return False
    return True


@kernel
def edges(early, late, own, begin, deadline, most, work, end, size):  # type: ignore[no-untyped-def]
    """Write to ``begin`` when each operation can start, as far as sets that must come before it tell.

    ``early`` ascending. For all deadlines d at once: ``work[i, d]`` is that of operations from i on that end by d, and
    ``end[i, d]`` when they are done at the soonest. Returns False where a set does not fit into its window.
    """
    for d in range(size):
        work[size, d] = 0
        end[size, d] = -_FAR
        most[d] = -_FAR
    for i in range(size - 1, -1, -1):
        start, length, last = early[i], own[i], late[i]
        for d in range(size):
            done = work[i + 1, d] + (length if last <= deadline[d] else 0)
            work[i, d] = done
            end[i, d] = max(end[i + 1, d], start + done if last <= deadline[d] else -_FAR)
    late_sets = False
    for d in range(size):
        late_sets |= end[0, d] > deadline[d]
    if late_sets:
        return False
    for i in range(size):
        start, length, last = early[i], own[i], late[i]
        earliest = start
        for d in range(size):
            room = deadline[d] - length
            those_after = end[i, d] if start + work[i, d] > room else -_FAR
            all_of_them = end[0, d] if most[d] > room else -_FAR
            earliest = max(earliest, max(those_after, all_of_them) if last > deadline[d] else -_FAR)
            most[d] = max(most[d], start + work[i, d] if last <= deadline[d] else -_FAR)
        begin[i] = earliest
    return True


@kernel
def open_on(windows, base, size):  # type: ignore[no-untyped-def]
    """Bits of the operations of a machine that do not know their place."""
    found, every = np.int64(0), bit(size) - 1
    for n in range(size):
        if (windows[PRED, base + n] | windows[SUCC, base + n] | bit(n)) != every:
            found |= bit(n)
    return found


@kernel
def find_edges(line, square, size):  # type: ignore[no-untyped-def]
    return edges(
        line[_EARLY], line[_LATE], line[_OWN], line[_BEGIN], line[_DEADLINE], line[_MOST], square[0], square[1], size
    )  # fmt: skip


@kernel
def edge_finding(windows, operations, changed, base, by_early, by_late, free, line, square):  # type: ignore[no-untyped-def]
    """Edge finding among the operations of a machine that are ``free`` (bits), in both directions of time."""
    size, count = 0, 0
    for a in range(len(by_early)):
        i, k = base + by_early[a], base + by_late[a]
        if free & bit(by_early[a]):
            line[_WHO, size], line[_EARLY, size] = i, windows[EARLY, i]
            line[_LATE, size], line[_OWN, size] = windows[LATEST, i] + operations[i, OWN], operations[i, OWN]
            size += 1
        if free & bit(by_late[a]):
            line[_DEADLINE, count] = windows[LATEST, k] + operations[k, OWN]
            count += 1
    if not find_edges(line, square, size):
        return False
    for a in range(size):
        if line[_BEGIN, a] > line[_EARLY, a] and not raise_early(
            windows, operations, changed, line[_WHO, a], line[_BEGIN, a]
        ):
            return False
    sort_by_early(windows, base, by_early)
    sort_by_late(windows, operations, base, by_late)
    size, count = 0, 0
    for a in range(len(by_early) - 1, -1, -1):
        i, k = base + by_late[a], base + by_early[a]
        if free & bit(by_late[a]):
            line[_WHO, size], line[_EARLY, size] = i, -windows[LATEST, i] - operations[i, OWN]
            line[_LATE, size], line[_OWN, size] = -windows[EARLY, i], operations[i, OWN]
            size += 1
        if free & bit(by_early[a]):
            line[_DEADLINE, count] = -windows[EARLY, k]
            count += 1
    if not find_edges(line, square, size):
        return False
    for a in range(size):
        i = line[_WHO, a]
        if line[_BEGIN, a] > line[_EARLY, a] and not lower_latest(
            windows, operations, changed, i, -line[_BEGIN, a] - operations[i, OWN]
        ):
            return False
    return True


@kernel
def any_change(changed):  # type: ignore[no-untyped-def]
    return changed[-1, PENDING] != 0


@kernel
def narrow_sequences(windows, operations, changed, base, by_early, by_late, due, end):  # type: ignore[no-untyped-def]
    sort_by_early(windows, base, by_early)
    sort_by_late(windows, operations, base, by_late)
    if due & AFTER and not after_all_before(windows, operations, changed, base, by_early, end):
        return False
    return not due & BEFORE or before_all_after(windows, operations, changed, base, by_late, end)


@kernel
def narrow_sets(windows, operations, ptr, changed, room):  # type: ignore[no-untyped-def]
    """Apply rules that are due until one changes a window, the cheaper ones first; False where there is no schedule."""
    by, line, square = room.by, room.line, room.square
    for m in range(len(ptr) - 1):
        due, a, b = changed[m, SETS], ptr[m], ptr[m + 1]
        if due & (AFTER | BEFORE):
            changed[m, SETS] = due & EDGES
            if not narrow_sequences(windows, operations, changed, a, by[0, a:b], by[1, a:b], due, line[_END]):
                return False
            if any_change(changed):
                return True
    for m in range(len(ptr) - 1):
        if changed[m, SETS]:
            changed[m, SETS] = 0
            a, b = ptr[m], ptr[m + 1]
            free = open_on(windows, a, b - a)
            if free == 0:
                continue
            if not edge_finding(windows, operations, changed, a, by[0, a:b], by[1, a:b], free, line, square):
                return False
            if any_change(changed):
                return True
    return True


@kernel
def narrow(windows, operations, ptr, changed, room):  # type: ignore[no-untyped-def]
    """Apply all rules to what has changed until nothing does; False where there is no schedule."""
    while narrow_pairs(windows, operations, ptr, changed) and narrow_sets(windows, operations, ptr, changed, room):
        if not any_change(changed):
            return True
    return False
