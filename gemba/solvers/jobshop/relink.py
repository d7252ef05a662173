"""Schedules between two schedules, and how far apart two are.

Path relinking (Glover 1997; for job shops Nowicki and Smutnicki 2005, Peng, Lü and Cheng 2015) walks from one schedule towards
another. Here a schedule is an order of all operations; places in two orders, mixed in one proportion for all operations, give an
order that keeps whatever both agree on, jobs included, so what lies between is a schedule without repair.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import copy_line, kernel
from gemba.solvers.jobshop.problem import Longs


def between(first: Longs, second: Longs, share: float) -> Longs:
    """The order a share of the way from the first to the second; both of the same operations (N)."""
    key = np.empty(int(first.max()) + 1)
    key[first] = np.arange(len(first)) * (1.0 - share)
    key[second] += np.arange(len(second)) * share
    found: Longs = first[np.argsort(key[first], kind="stable")]
    return found


@kernel
def inversions(values, room):  # type: ignore[no-untyped-def]
    """Pairs of values of which the larger comes first; sorts them on the way (merge sort). ``room`` is as long."""
    found, width = 0, 1
    while width < len(values):
        for left in range(0, len(values), 2 * width):
            middle, right = min(left + width, len(values)), min(left + 2 * width, len(values))
            i, k = left, middle
            for to in range(left, right):
                if i < middle and (k >= right or values[i] <= values[k]):
                    room[to] = values[i]
                    i += 1
                else:
                    room[to] = values[k]
                    found += middle - i
                    k += 1
        copy_line(values, room)
        width *= 2
    return found


@kernel
def disagreements(places, ptr, room):  # type: ignore[no-untyped-def]
    """Pairs of operations on a machine that two plans put in different orders.

    ``places``: of the operations of each machine in the first plan's order, from ``ptr[m]`` to ``ptr[m + 1]``, where each is
    in the second plan's order; they are sorted on the way. ``room`` is as long.
    """
    found = 0
    for m in range(len(ptr) - 1):
        found += inversions(places[ptr[m] : ptr[m + 1]], room[ptr[m] : ptr[m + 1]])
    return found
