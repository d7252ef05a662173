"""Plans of whole lots within the capacity, item by item: take an item out and put it back where the others leave room.

Each item is planned by dynamic programming as without capacity, but a lot pays for what it takes beyond the room that is
left: overtime, and beyond that ``penalty`` for each unit of capacity that is not there. Taking several items out that share
a busy period and putting them back in another order is the search (ruin and recreate, Schrimpf et al. 2000).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.compiled.chance import below, uniform
from gemba.solvers.lots.kernels.dynamic import FAR, never_met, trace
from gemba.solvers.lots.problem import Floats

_LATE = 8  # periods by which a lot may be late at most


class Plan(NamedTuple):
    """n x T: units ``made`` and ``setups`` (0 or 1); K x T: the capacity they take."""

    made: Floats
    setups: Floats
    load: Floats


@kernel
def _over(data, k, t, used, penalty):  # type: ignore[no-untyped-def]
    """The cost of a load beyond the capacity of resource k in period t."""
    beyond = used - data.capacity[k, t]
    if beyond <= 0.0:
        return 0.0
    paid = min(beyond, data.overtime[k, t])
    excess = beyond - paid
    return (data.overtime_cost[k] * paid if paid > 0.0 else 0.0) + (penalty * excess if excess > 1e-7 else 0.0)


@kernel
def _lot_cost(i, p, quantity, data, load, penalty):  # type: ignore[no-untyped-def]
    """What a lot of item i in period p pays for capacity that the others leave too little of."""
    total = 0.0
    for e in range(data.link_start[i], data.link_start[i + 1]):
        k = data.resource[e]
        used = load[k, p]
        amount = data.unit[e] * quantity + data.setup[e]
        total += _over(data, k, p, used + amount, penalty) - _over(data, k, p, used, penalty)
    return total


@kernel
def add_load(i, sign, data, plan):  # type: ignore[no-untyped-def]
    """Count item i in (1) or out (-1) of the load."""
    for e in range(data.link_start[i], data.link_start[i + 1]):
        k = data.resource[e]
        for t in range(plan.made.shape[1]):
            if plan.setups[i, t] > 0.0:
                plan.load[k, t] += sign * (data.unit[e] * plan.made[i, t] + data.setup[e])


@making_kernel
def insert(i, data, plan, penalty, extra):  # type: ignore[no-untyped-def]
    """Plan item i, which the load does not hold, in what the others leave. In the choice only, ``extra[0]``
    is added for each unit made in a period, and ``extra[1]`` for a set-up."""
    periods = data.demand.shape[1]
    cost = np.full(periods + 1, FAR)
    came, made_in = np.zeros(periods + 1, np.int64), np.full(periods + 1, -1, np.int64)
    cost[0] = 0.0
    late = data.backlog[i]
    for p in range(periods):
        if data.demand[i, p] == 0.0 and cost[p] < cost[p + 1]:
            cost[p + 1], came[p + 1], made_in[p + 1] = cost[p], p, -1
        earliest = max(0, p - _LATE) if late < np.inf else p
        before, owed = 0.0, 0.0
        for s in range(p, earliest - 1, -1):
            if s < p:
                before += data.demand[i, s]
                owed += late * (p - s) * data.demand[i, s]
            quantity, total = before, cost[s] + owed + data.setup_cost[i]
            if total >= cost[periods]:
                continue
            for t in range(p, periods):
                quantity += data.demand[i, t]
                total += data.holding[i] * (t - p) * data.demand[i, t]
                if total >= cost[periods] and late == np.inf:
                    break
                paid = (
                    total + _lot_cost(i, p, quantity, data, plan.load, penalty) + extra[0, p] * quantity + extra[1, p]
                )
                if paid < cost[t + 1]:
                    cost[t + 1], came[t + 1], made_in[t + 1] = paid, s, p
    never_met(i, data, cost, came, made_in)
    trace(i, data, came, made_in, plan.made[i], plan.setups[i])
    add_load(i, 1.0, data, plan)


@kernel
def item_cost(i, data, plan):  # type: ignore[no-untyped-def]
    """Set-ups, stock and backlog of item i."""
    total, level = 0.0, 0.0
    for t in range(plan.made.shape[1]):
        total += data.setup_cost[i] * plan.setups[i, t]
        level += plan.made[i, t] - data.demand[i, t]
        if level > 0.0:
            total += data.holding[i] * level
        elif level < 0.0 and data.backlog[i] < np.inf:
            total -= data.backlog[i] * level
    return total


@kernel
def plan_cost(data, plan, penalty):  # type: ignore[no-untyped-def]
    """The cost of a plan, with ``penalty`` for each unit of capacity that is not there."""
    total = 0.0
    for i in range(len(data.demand)):
        total += item_cost(i, data, plan)
    for k in range(len(plan.load)):
        for t in range(plan.load.shape[1]):
            total += _over(data, k, t, plan.load[k, t], penalty)
    return total


@kernel
def _extra(i, data, price, share, found):  # type: ignore[no-untyped-def]
    found[:] = 0.0
    for e in range(data.link_start[i], data.link_start[i + 1]):
        for t in range(found.shape[1]):
            worth = share * price[data.resource[e], t]
            found[0, t] += worth * data.unit[e]
            found[1, t] += worth * data.setup[e]


@making_kernel
def settle(data, plan, price, share, penalty, order):  # type: ignore[no-untyped-def]
    """Plan the items of ``order`` anew, one after another, with a share of the capacity prices."""
    extra = np.zeros((2, plan.made.shape[1]))
    for i in order:
        _extra(i, data, price, share, extra)
        add_load(i, -1.0, data, plan)
        insert(i, data, plan, penalty, extra)


@kernel
def _busy_items(data, plan, random, chosen, count):  # type: ignore[no-untyped-def]
    """``count`` different items, most of them made in one random period."""
    n = len(data.demand)
    t = below(random, data.demand.shape[1])
    for j in range(count):
        for attempt in range(20):
            i = below(random, n)
            fresh = True
            for h in range(j):
                fresh = fresh and chosen[h] != i
            if fresh and (attempt > 8 or plan.setups[i, t] > 0.0):
                break
        chosen[j] = i
        for h in range(j):
            if chosen[h] == i:
                return j
    return count


@making_kernel
def _part_cost(data, plan, chosen, count, penalty):  # type: ignore[no-untyped-def]
    """What the chosen items cost, and the capacity beyond what is there of every resource that one of them uses."""
    total = 0.0
    for j in range(count):
        total += item_cost(chosen[j], data, plan)
    seen = np.zeros(len(plan.load), np.bool_)
    for j in range(count):
        for e in range(data.link_start[chosen[j]], data.link_start[chosen[j] + 1]):
            k = data.resource[e]
            if not seen[k]:
                seen[k] = True
                for t in range(plan.load.shape[1]):
                    total += _over(data, k, t, plan.load[k, t], penalty)
    return total


@making_kernel
def ruin(data, plan, price, penalty, heat, rounds, most, random):  # type: ignore[no-untyped-def]
    """So many rounds: take up to ``most`` items out, put them back in random order; keep it where it costs at most
    ``heat`` (times an exponential random number) more."""
    periods = plan.made.shape[1]
    chosen = np.zeros(most, np.int64)
    made, setups = np.zeros((most, periods)), np.zeros((most, periods))
    extra = np.zeros((2, periods))
    for _ in range(rounds):
        count = _busy_items(data, plan, random, chosen, min(1 + below(random, most), len(data.demand)))
        before = _part_cost(data, plan, chosen, count, penalty)
        share = max(0.0, 1.5 * uniform(random) - 0.5)
        for j in range(count):
            made[j], setups[j] = plan.made[chosen[j]], plan.setups[chosen[j]]
            add_load(chosen[j], -1.0, data, plan)
        for j in range(count):  # chosen at random, so their order is random
            _extra(chosen[j], data, price, share, extra)
            insert(chosen[j], data, plan, penalty, extra)
        after = _part_cost(data, plan, chosen, count, penalty)
        if after > before - heat * np.log(max(uniform(random), 1e-12)):
            for j in range(count):
                add_load(chosen[j], -1.0, data, plan)
                plan.made[chosen[j]], plan.setups[chosen[j]] = made[j], setups[j]
                add_load(chosen[j], 1.0, data, plan)
