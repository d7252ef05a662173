"""Time windows of operations within a makespan, narrowed one pair of operations on a machine at a time.

A window is the earliest and the latest start of an operation. Where windows leave only one order of two operations, it is noted,
with all that follows from it, and holds from then on. Operations are numbered machine by machine, so that those of one machine
are next to one another: what is asked of each of them is asked of several at once on the processor's vector units.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.bits import trailing_zeros
from gemba.solvers.jobshop.vectors import before, ends_after, mark

#: Rows of windows (5, N). PRED, SUCC: a bit for each operation of the machine, by its number there, known to come before (after);
#: SEEN: the PRED that nogoods know of.
EARLY, LATEST, PRED, SUCC, SEEN = range(5)
#: Columns of operations (N, 6). NUMBER: which of its machine's; BASE: the machine's first; NEXT, PREVIOUS: in its job, or -1.
OWN, MACHINE, NUMBER, BASE, NEXT, PREVIOUS = range(6)
#: Columns of changed (m + 1, 3). RISEN, FALLEN: bits of operations whose early (latest) start has changed; SETS: which rules are
#: due. In the last row PENDING: whether any machine has changes that are not followed up.
RISEN, FALLEN, SETS = range(3)
PENDING = 0
#: Bits of SETS: operations after all before them, those before all after them, edge finding.
AFTER, BEFORE, EDGES = 1, 2, 4


@kernel
def bit(number):  # type: ignore[no-untyped-def]
    return np.int64(1) << np.int64(number)


@kernel
def lowest(bits):  # type: ignore[no-untyped-def]
    return trailing_zeros(np.uint64(bits))


@kernel
def decided(windows, i, number):  # type: ignore[no-untyped-def]
    """Whether the order of an operation and another one of its machine is known."""
    return ((windows[PRED, i] | windows[SUCC, i]) >> number) & 1 != 0


@kernel
def raise_early(windows, operations, changed, i, to):  # type: ignore[no-untyped-def]
    """Let an operation, and what follows in its job, start no earlier; False where a window is then empty."""
    while to > windows[EARLY, i]:
        if to > windows[LATEST, i]:
            return False
        windows[EARLY, i] = to
        changed[operations[MACHINE, i], RISEN] |= bit(operations[NUMBER, i])
        changed[-1, PENDING] = 1
        to += operations[OWN, i]
        i = operations[NEXT, i]
        if i < 0:
            break
    return True


@kernel
def lower_latest(windows, operations, changed, i, to):  # type: ignore[no-untyped-def]
    """Let an operation, and what is before it in its job, start no later; False where a window is then empty."""
    while to < windows[LATEST, i]:
        if to < windows[EARLY, i]:
            return False
        windows[LATEST, i] = to
        changed[operations[MACHINE, i], FALLEN] |= bit(operations[NUMBER, i])
        changed[-1, PENDING] = 1
        i = operations[PREVIOUS, i]
        if i < 0:
            break
        to -= operations[OWN, i]
    return True


@kernel
def known(windows, operations, i):  # type: ignore[no-untyped-def]
    """Bits of the operations whose order with i is known, and of i."""
    return windows[PRED, i] | windows[SUCC, i] | bit(operations[NUMBER, i])


@kernel
def put_before(windows, operations, changed, i, k):  # type: ignore[no-untyped-def]
    """Note that i comes before k on their machine, and so all before i before all after k; False where it cannot be."""
    base = operations[BASE, i]
    sooner = windows[PRED, i] | bit(operations[NUMBER, i])
    later = windows[SUCC, k] | bit(operations[NUMBER, k])
    if sooner & later:
        return False
    mark(windows, PRED, base, later, sooner)
    mark(windows, SUCC, base, sooner, later)
    changed[operations[MACHINE, i], SETS] = AFTER | BEFORE | EDGES
    own = operations[OWN, i]
    return raise_early(windows, operations, changed, k, windows[EARLY, i] + own) and lower_latest(
        windows, operations, changed, i, windows[LATEST, k] - own
    )


@kernel
def rise(windows, operations, changed, i, size):  # type: ignore[no-untyped-def]
    """i starts later: what follows it on the machine starts later, and what it now comes too late for precedes."""
    base, end = operations[BASE, i], windows[EARLY, i] + operations[OWN, i]
    sooner = before(windows, EARLY, base, size, end) & windows[SUCC, i]
    while sooner:
        if not raise_early(windows, operations, changed, base + lowest(sooner), end):
            return False
        sooner &= sooner - 1
    too_late = before(windows, LATEST, base, size, end) & ~known(windows, operations, i)
    while too_late:
        if not put_before(windows, operations, changed, base + lowest(too_late), i):
            return False
        too_late &= (too_late - 1) & ~windows[PRED, i]
    return True


@kernel
def fall(windows, operations, changed, i, size):  # type: ignore[no-untyped-def]
    """The latest start of i has fallen: what precedes it starts sooner, and what cannot end before it any more follows."""
    base, latest = operations[BASE, i], windows[LATEST, i]
    later = ends_after(windows, LATEST, operations, base, size, latest) & windows[PRED, i]
    while later:
        k = base + lowest(later)
        if not lower_latest(windows, operations, changed, k, latest - operations[OWN, k]):
            return False
        later &= later - 1
    too_late = ends_after(windows, EARLY, operations, base, size, latest) & ~known(windows, operations, i)
    while too_late:
        if not put_before(windows, operations, changed, i, base + lowest(too_late)):
            return False
        too_late &= (too_late - 1) & ~windows[SUCC, i]
    return True


@kernel
def narrow_pairs(windows, operations, ptr, changed):  # type: ignore[no-untyped-def]
    """Follow up all changes of windows until there are none; False where there is no schedule.

    ``ptr`` (m + 1): the operations of machine m are from ``ptr[m]`` to ``ptr[m + 1] - 1``.
    """
    while changed[-1, PENDING]:
        changed[-1, PENDING] = 0
        for m in range(len(ptr) - 1):
            base, size = ptr[m], ptr[m + 1] - ptr[m]
            while changed[m, RISEN] | changed[m, FALLEN]:
                risen = changed[m, RISEN]
                if risen:
                    changed[m, RISEN] = risen & (risen - 1)
                    changed[m, SETS] |= AFTER | EDGES
                    if not rise(windows, operations, changed, base + lowest(risen), size):
                        return False
                fallen = changed[m, FALLEN]
                if fallen:
                    changed[m, FALLEN] = fallen & (fallen - 1)
                    changed[m, SETS] |= BEFORE | EDGES
                    if not fall(windows, operations, changed, base + lowest(fallen), size):
                        return False
    return True
