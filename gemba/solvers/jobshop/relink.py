"""Schedules between two schedules, and how far apart two are.

Path relinking (Glover 1997; for job shops Nowicki and Smutnicki 2005, Peng, Lü and Cheng 2015) walks from one schedule towards
another. Here a schedule is an order of all operations; places in two orders, mixed in one proportion for all operations, give an
order that keeps whatever both agree on, jobs included, so what lies between is a schedule without repair.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.problem import Longs


def between(first: Longs, second: Longs, share: float) -> Longs:
    """The order a share of the way from the first to the second; both of the same operations (N)."""
    key = np.empty(int(first.max()) + 1)
    key[first] = np.arange(len(first)) * (1.0 - share)
    key[second] += np.arange(len(second)) * share
    found: Longs = first[np.argsort(key[first], kind="stable")]
    return found


@kernel
def disagreements(lines, ptr, place):  # type: ignore[no-untyped-def]
    """Pairs of operations on a machine that two plans put in different orders.

    ``lines``: the operations of each machine in the first plan's order, from ``ptr[m]`` to ``ptr[m + 1]``; ``place``: where
    each is in the second plan's order.
    """
    found = 0
    for m in range(len(ptr) - 1):
        for i in range(ptr[m], ptr[m + 1]):
            here = place[lines[i]]
            for k in range(i + 1, ptr[m + 1]):
                if place[lines[k]] < here:
                    found += 1
    return found
