"""Schedules between two others, from which to search on (path relinking: Glover 1997; González, Vela, Varela 2015).

A schedule is its modes and a topological order of its operations. Between the places an operation has in two such orders,
mixed in one proportion for all, lies an order that keeps every job's sequence and everything both schedules agree on; so what
is between is always a schedule.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import making_kernel
from gemba.solvers.compiled.chance import uniform
from gemba.solvers.flexible.graph import load
from gemba.solvers.flexible.state import MAKESPAN


@making_kernel
def between(random, one, other, share, mode, order):  # type: ignore[no-untyped-def]
    """Write modes and order of a schedule that is by ``share`` the other one.

    Operations are counted into their mixed places, rounded down. Where both orders agree on two operations, their mixed
    places are 1 apart at least, so these two never share a place.
    """
    n = len(order)
    place, ptr = np.empty(n, np.int32), np.zeros(n + 1, np.int32)
    for op in range(n):
        place[op] = int((1.0 - share) * one[1, op] + share * other[1, op] + 1e-9)
        ptr[place[op] + 1] += 1
        mode[op] = other[0, op] if uniform(random) < share else one[0, op]
    for i in range(n):
        ptr[i + 1] += ptr[i]
    for op in range(n):
        order[ptr[place[op]]] = op
        ptr[place[op]] += 1


@making_kernel
def relink(state, one, other, tries, low, high):  # type: ignore[no-untyped-def]
    """Load the best of so many schedules between two, the share of the other from ``low`` to ``high``.

    ``one`` and ``other`` are (2, operations): the mode of each operation, and its place in a topological order.
    """
    n = one.shape[1]
    mode, order = np.empty(n, np.int32), np.empty(n, np.int32)
    best_mode, best_order = mode.copy(), order.copy()
    least = np.int64(1) << 60
    for _ in range(tries):
        between(state.random, one, other, low + (high - low) * uniform(state.random), mode, order)
        load(state, mode, order)
        if state.value[MAKESPAN] < least:
            least = state.value[MAKESPAN]
            best_mode[:] = mode
            best_order[:] = order
    load(state, best_mode, best_order)
