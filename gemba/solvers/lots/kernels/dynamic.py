"""Lot sizes of one item under prices of capacity: exact, by dynamic programming over the periods.

Without capacities there is a best plan in which each lot meets the demand of whole consecutive periods (Wagner and
Whitin 1958; with backlog Zangwill 1966). ``cost[e]`` is the least cost of meeting all demand before period e.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel

FAR = 1e300


@kernel
def never_met(i, data, cost, came, made_in):  # type: ignore[no-untyped-def]
    """Where an item may stay owed: the demand from period s on is never met."""
    if data.backlog[i] < np.inf:
        periods = data.demand.shape[1]
        owed = 0.0
        for s in range(periods - 1, -1, -1):
            owed += data.backlog[i] * (periods - s) * data.demand[i, s]
            if cost[s] + owed < cost[periods]:
                cost[periods] = cost[s] + owed
                came[periods] = s
                made_in[periods] = -1


@kernel
def trace(i, data, came, made_in, made, setups):  # type: ignore[no-untyped-def]
    """Write the plan that the pointers describe; ``came[e]``: the period from which, ``made_in[e]``: in which (-1: not)."""
    periods = data.demand.shape[1]
    made[:] = 0.0
    setups[:] = 0.0
    e = periods
    while e > 0:
        p = made_in[e]
        if p >= 0:
            setups[p] = 1.0
            for t in range(came[e], e):
                made[p] += data.demand[i, t]
        e = came[e]


@kernel
def _begin(p, i, data, unit, cost):  # type: ignore[no-untyped-def]
    """(cost, from) of meeting all before period p, the last of it late by a lot in period p."""
    least, since = cost[p], p
    late = data.backlog[i]
    if late < np.inf:
        owed = 0.0
        for s in range(p - 1, -1, -1):
            owed += (late * (p - s) + unit) * data.demand[i, s]
            if cost[s] + owed < least:
                least, since = cost[s] + owed, s
    return least, since


@making_kernel
def priced(i, data, price, made, setups):  # type: ignore[no-untyped-def]
    """The best plan of item i where capacity of resource k in period t costs ``price[k, t]``; gives its cost."""
    periods = data.demand.shape[1]
    cost = np.full(periods + 1, FAR)
    came = np.zeros(periods + 1, np.int64)
    made_in = np.full(periods + 1, -1, np.int64)
    cost[0] = 0.0
    for p in range(periods):
        if data.demand[i, p] == 0.0 and cost[p] < cost[p + 1]:
            cost[p + 1], came[p + 1], made_in[p + 1] = cost[p], p, -1
        unit, lot = 0.0, data.setup_cost[i]
        for e in range(data.link_start[i], data.link_start[i + 1]):
            unit += price[data.resource[e], p] * data.unit[e]
            lot += price[data.resource[e], p] * data.setup[e]
        least, since = _begin(p, i, data, unit, cost)
        total = least + lot
        for t in range(p, periods):
            total += (data.holding[i] * (t - p) + unit) * data.demand[i, t]
            if total < cost[t + 1]:
                cost[t + 1], came[t + 1], made_in[t + 1] = total, since, p
    never_met(i, data, cost, came, made_in)
    trace(i, data, came, made_in, made, setups)
    return cost[periods]
