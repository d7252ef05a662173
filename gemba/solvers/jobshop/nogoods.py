"""Decisions that together were refuted, remembered across restarts (nogoods; Lecoutre, Saïs, Tabary and Vidal 2007).

A literal says that an operation comes before another one of its machine; it is the number of the first times the most operations
of a machine, plus the second's number on the machine. Each nogood watches two of its literals that do not hold yet (Moskewicz et
al. 2001): when all but one hold, the last one cannot.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.problem import Longs
from gemba.solvers.jobshop.vectors import LANES
from gemba.solvers.jobshop.windows import BASE, NUMBER, PRED, SEEN, SUCC, lowest, put_before

_CLAUSES, _LITERALS = 50_000, 1_000_000
#: Columns of clause; two places each are watched, and the next clause that watches the same literal is linked.
START, LENGTH, WATCHED, LINK = 0, 1, 2, 4


class Nogoods(NamedTuple):
    """All nogoods so far. A link is the clause times 2, plus which of its watched literals it is; -1 ends a list."""

    literals: Longs
    clause: Longs  # (c, 6)
    first: Longs  # (N * k) for each literal the first link
    used: Longs  # (2) clauses, literals


def nogoods(operations: int, most: int) -> Nogoods:
    return Nogoods(
        np.zeros(_LITERALS, np.int64), np.zeros((_CLAUSES, 6), np.int64),
        np.full(operations * most, -1, np.int64), np.zeros(2, np.int64),
    )  # fmt: skip


@kernel
def literal(operations, most, i, k):  # type: ignore[no-untyped-def]
    return i * most + operations[NUMBER, k]


@kernel
def add(goods, literals):  # type: ignore[no-untyped-def]
    """Remember that these literals, two at least, cannot all hold; forget it where there is no room."""
    clause, at, size = goods.used[0], goods.used[1], len(literals)
    if clause == len(goods.clause) or at + size > len(goods.literals):
        return
    for n in range(size):
        goods.literals[at + n] = literals[n]
    goods.clause[clause, START], goods.clause[clause, LENGTH] = at, size
    for which in range(2):
        watched = literals[size - 1 - which]
        goods.clause[clause, WATCHED + which] = watched
        goods.clause[clause, LINK + which] = goods.first[watched]
        goods.first[watched] = 2 * clause + which
    goods.used[0] += 1
    goods.used[1] += size


@kernel
def holds(windows, operations, most, of):  # type: ignore[no-untyped-def]
    """1 where a literal holds, -1 where it does not, 0 where it is open."""
    i, number = of // most, of % most
    if (windows[SUCC, i] >> number) & 1:
        return 1
    return -1 if (windows[PRED, i] >> number) & 1 else 0


@kernel
def another(goods, windows, operations, most, clause, other):  # type: ignore[no-untyped-def]
    """A literal of a nogood, not the other watched one, that does not hold; -1 where there is none."""
    start = goods.clause[clause, START]
    for at in range(start, start + goods.clause[clause, LENGTH]):
        one = goods.literals[at]
        if one != other and holds(windows, operations, most, one) != 1:
            return one
    return np.int64(-1)


@kernel
def follow(goods, windows, operations, changed, most, now):  # type: ignore[no-untyped-def]
    """A literal holds now: what nogoods that watch it say; False where one is broken."""
    before, link = np.int64(-1), goods.first[now]
    while link >= 0:
        clause, which = link >> 1, link & 1
        following = goods.clause[clause, LINK + which]
        other = goods.clause[clause, WATCHED + 1 - which]
        value = holds(windows, operations, most, other)
        instead = np.int64(-1)
        if value >= 0:
            instead = another(goods, windows, operations, most, clause, other)
            if instead < 0:
                i = other // most
                if value > 0 or not put_before(windows, operations, changed, operations[BASE, i] + other % most, i):
                    return False
        if instead >= 0:
            goods.clause[clause, WATCHED + which] = instead
            goods.clause[clause, LINK + which] = goods.first[instead]
            goods.first[instead] = link
            if before < 0:
                goods.first[now] = following
            else:
                goods.clause[before >> 1, LINK + (before & 1)] = following
        else:
            before = link
        link = following
    return True


@kernel
def follow_all(goods, windows, operations, changed, most):  # type: ignore[no-untyped-def]
    """What nogoods say of all literals that hold since the last time; False where one is broken."""
    if goods.used[0] == 0:
        return True
    for i in range(windows.shape[1] - LANES):
        new = windows[PRED, i] & ~windows[SEEN, i]
        windows[SEEN, i] = windows[PRED, i]
        base = operations[BASE, i]
        while new:
            k = base + lowest(new)
            if not follow(goods, windows, operations, changed, most, literal(operations, most, k, i)):
                return False
            new &= new - 1
    return True
