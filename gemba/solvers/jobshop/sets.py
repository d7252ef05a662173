"""Time windows narrowed by sets of operations on a machine.

An operation starts after all the work known to come before it. Edge finding (Carlier and Pinson 1989; Nuijten 1994) finds
operations that must come before or after a set because the set leaves them no room.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.problem import Longs
from gemba.solvers.jobshop.vectors import (
    BEGIN,
    BY,
    DEADLINE,
    FAR,
    LANES,
    RELEASE,
    WORK,
    after_leaders,
    before_followers,
    edges,
    either_lacks,
)
from gemba.solvers.jobshop.windows import (
    AFTER,
    BEFORE,
    EARLY,
    EDGES,
    LATEST,
    NUMBER,
    OWN,
    PENDING,
    PRED,
    SETS,
    SUCC,
    bit,
    lower_latest,
    lowest,
    narrow_pairs,
    raise_early,
)

#: Rows of ``Room.line`` that are no rows of edge finding.
_WHO, _END = 5, 6


class Room(NamedTuple):
    """Room to work in; ``k``: the most operations on a machine."""

    by: Longs  # (2, N) the numbers of each machine's operations by earliest start, and by latest end
    line: Longs  # (7, k + LANES)
    square: Longs  # (2, k, k + LANES)


def room(operations: Longs, most: int) -> Room:
    """``operations`` machine by machine; the most of them on a machine."""
    numbers = operations[NUMBER, :-LANES]
    return Room(
        np.tile(numbers, (2, 1)), np.zeros((7, most + LANES), np.int64), np.zeros((2, most, most + LANES), np.int64)
    )


@kernel
def sort_by_early(windows, base, size, by):  # type: ignore[no-untyped-def]
    """Sort by insertion: there are few, and they are nearly sorted."""
    for a in range(base + 1, base + size):
        n = by[a]
        key = windows[EARLY, base + n]
        b = a - 1
        while b >= base and windows[EARLY, base + by[b]] > key:
            by[b + 1] = by[b]
            b -= 1
        by[b + 1] = n


@kernel
def sort_by_late(windows, operations, base, size, by):  # type: ignore[no-untyped-def]
    for a in range(base + 1, base + size):
        n = by[a]
        key = windows[LATEST, base + n] + operations[OWN, base + n]
        b = a - 1
        while b >= base and windows[LATEST, base + by[b]] + operations[OWN, base + by[b]] > key:
            by[b + 1] = by[b]
            b -= 1
        by[b + 1] = n


@kernel
def after_all_before(windows, operations, changed, base, size, room):  # type: ignore[no-untyped-def]
    """Each operation starts when all known to come before it, one by one, are done."""
    line = room.line[_END]
    sort_by_early(windows, base, size, room.by[0])
    late = after_leaders(windows, SUCC, EARLY, operations, room.by[0], line, base, size)
    while late:
        n = lowest(late)
        if not raise_early(windows, operations, changed, base + n, line[n]):
            return False
        late &= late - 1
    return True


@kernel
def before_all_after(windows, operations, changed, base, size, room):  # type: ignore[no-untyped-def]
    """Each operation ends when all known to follow, one by one, must begin."""
    line = room.line[_END]
    sort_by_late(windows, operations, base, size, room.by[1])
    soon = before_followers(windows, PRED, LATEST, operations, room.by[1], line, base, size)
    while soon:
        n = lowest(soon)
        if not lower_latest(windows, operations, changed, base + n, line[n]):
            return False
        soon &= soon - 1
    return True


@kernel
def find_edges(line, square, size):  # type: ignore[no-untyped-def]
    """Write to BEGIN when each operation can start, as far as sets that must come before it tell; False where a set is too much.

    Operations by RELEASE; all deadlines in BY, ascending.
    """
    for lane in range(LANES):
        line[BY, size + lane] = -FAR
    return edges(line, square, size)


@kernel
def edge_finding(windows, operations, changed, base, machine, free, room):  # type: ignore[no-untyped-def]
    """Edge finding among the operations of a machine that are ``free`` (bits), in both directions of time."""
    by_early, by_late, line, square = room.by[0], room.by[1], room.line, room.square
    sort_by_early(windows, base, machine, by_early)
    sort_by_late(windows, operations, base, machine, by_late)
    size, count = 0, 0
    for a in range(base, base + machine):
        i, k = base + by_early[a], base + by_late[a]
        if free & bit(by_early[a]):
            line[_WHO, size], line[RELEASE, size] = i, windows[EARLY, i]
            line[BEGIN, size] = windows[EARLY, i]
            line[DEADLINE, size], line[WORK, size] = windows[LATEST, i] + operations[OWN, i], operations[OWN, i]
            size += 1
        if free & bit(by_late[a]):
            line[BY, count] = windows[LATEST, k] + operations[OWN, k]
            count += 1
    if not find_edges(line, square, size):
        return False
    for a in range(size):
        if line[BEGIN, a] > line[RELEASE, a] and not raise_early(
            windows, operations, changed, line[_WHO, a], line[BEGIN, a]
        ):
            return False
    sort_by_early(windows, base, machine, by_early)
    sort_by_late(windows, operations, base, machine, by_late)
    size, count = 0, 0
    for a in range(base + machine - 1, base - 1, -1):
        i, k = base + by_late[a], base + by_early[a]
        if free & bit(by_late[a]):
            line[_WHO, size], line[RELEASE, size] = i, -windows[LATEST, i] - operations[OWN, i]
            line[BEGIN, size] = line[RELEASE, size]
            line[DEADLINE, size], line[WORK, size] = -windows[EARLY, i], operations[OWN, i]
            size += 1
        if free & bit(by_early[a]):
            line[BY, count] = -windows[EARLY, k]
            count += 1
    if not find_edges(line, square, size):
        return False
    for a in range(size):
        i = line[_WHO, a]
        if line[BEGIN, a] > line[RELEASE, a] and not lower_latest(
            windows, operations, changed, i, -line[BEGIN, a] - operations[OWN, i]
        ):
            return False
    return True


@kernel
def any_change(changed):  # type: ignore[no-untyped-def]
    return changed[-1, PENDING] != 0


@kernel
def any_due(changed):  # type: ignore[no-untyped-def]
    found = np.int64(0)
    for m in range(len(changed) - 1):
        found |= changed[m, SETS]
    return found != 0


@kernel
def narrow_sequences(windows, operations, changed, base, size, due, room):  # type: ignore[no-untyped-def]
    if due & AFTER and not after_all_before(windows, operations, changed, base, size, room):
        return False
    return not due & BEFORE or before_all_after(windows, operations, changed, base, size, room)


@kernel
def narrow_sets(windows, operations, ptr, changed, room):  # type: ignore[no-untyped-def]
    """Apply rules that are due until one changes a window, the cheaper ones first; False where there is no schedule."""
    for m in range(len(ptr) - 1):
        due, a, b = changed[m, SETS], ptr[m], ptr[m + 1]
        if due & (AFTER | BEFORE):
            changed[m, SETS] = due & EDGES
            if not narrow_sequences(windows, operations, changed, a, b - a, due, room):
                return False
            if any_change(changed):
                return True
    for m in range(len(ptr) - 1):
        if changed[m, SETS]:
            changed[m, SETS] = 0
            a, b = ptr[m], ptr[m + 1]
            free = either_lacks(windows, PRED, SUCC, a, b - a)
            if free == 0:
                continue
            if not edge_finding(windows, operations, changed, a, b - a, free, room):
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
