"""Parts of lots moved out of periods with too much load (the smoothing of Trigeiro, Thomas and McClain 1989).

Of all moves of a lot, or of the part of it that is too much, to another period the one that costs least for each unit of
capacity that it frees is made, until no load is too high or nothing can be moved.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel

_TINY = 1e-7


@kernel
def _room(i, t, data, plan):  # type: ignore[no-untyped-def]
    """The units of item i that the capacity left in period t can make; its set-up is paid for where there is none yet."""
    most = np.inf
    for e in range(data.link_start[i], data.link_start[i + 1]):
        k = data.resource[e]
        left = data.capacity[k, t] + data.overtime[k, t] - plan.load[k, t]
        if plan.setups[i, t] == 0.0:
            left -= data.setup[e]
        if left <= _TINY:
            return 0.0
        if data.unit[e] > 0.0:
            most = min(most, left / data.unit[e])
    return most


@kernel
def _movable(i, t, to, excess, link, data, plan, stored):  # type: ignore[no-untyped-def]
    """How much of the lot of item i in period t to make in ``to``: what is too much, at most the lot, the room there and,
    later, what is in stock all the while (``stored``)."""
    lot = plan.made[i, t]
    wanted = excess / data.unit[link] if data.unit[link] > 0.0 else lot
    if excess <= data.setup[link]:
        wanted = lot  # the set-up alone is too much
    quantity = min(lot, _room(i, to, data, plan))
    if to > t:
        quantity = min(quantity, stored)
    return min(quantity, wanted) if quantity < lot or wanted < lot else lot


@kernel
def _best_move(k, t, excess, data, plan, level):  # type: ignore[no-untyped-def]
    """(item, period, quantity) of the cheapest move that frees resource k in period t; item -1: there is none."""
    item, period, amount, least = -1, -1, 0.0, np.inf
    for i in range(len(data.demand)):
        if plan.made[i, t] <= 0.0:
            continue
        for link in range(data.link_start[i], data.link_start[i + 1]):
            if data.resource[link] != k:
                continue
            stored = np.inf
            for step in range(2 * plan.made.shape[1]):
                to = t - 1 - step if step < t else step + 1
                if to >= plan.made.shape[1]:
                    break
                if to > t:
                    stored = min(stored, level[i, to - 1])
                quantity = _movable(i, t, to, excess, link, data, plan, stored)
                if quantity <= _TINY:
                    continue
                freed = quantity * data.unit[link]
                cost = data.holding[i] * (t - to) * quantity
                if quantity >= plan.made[i, t] - _TINY:
                    freed += data.setup[link]
                    cost -= data.setup_cost[i]
                if plan.setups[i, to] == 0.0:
                    cost += data.setup_cost[i]
                if freed > _TINY and cost < least * min(freed, excess):
                    item, period, amount, least = i, to, quantity, cost / min(freed, excess)
    return item, period, amount


@kernel
def _move(i, t, to, quantity, data, plan, level):  # type: ignore[no-untyped-def]
    whole = quantity >= plan.made[i, t] - _TINY
    if whole:
        quantity = plan.made[i, t]
    for e in range(data.link_start[i], data.link_start[i + 1]):
        k = data.resource[e]
        plan.load[k, t] -= quantity * data.unit[e] + (data.setup[e] if whole else 0.0)
        plan.load[k, to] += quantity * data.unit[e] + (data.setup[e] if plan.setups[i, to] == 0.0 else 0.0)
    plan.made[i, t] = 0.0 if whole else plan.made[i, t] - quantity
    plan.setups[i, t] = 0.0 if whole else 1.0
    plan.made[i, to] += quantity
    plan.setups[i, to] = 1.0
    for s in range(min(t, to), max(t, to)):
        level[i, s] += quantity if to < t else -quantity


@making_kernel
def smooth(data, plan, most):  # type: ignore[no-untyped-def]
    """Make at most so many moves, from the last period to the first and again."""
    level = np.zeros(plan.made.shape)
    for i in range(len(level)):
        there = 0.0
        for t in range(level.shape[1]):
            there += plan.made[i, t] - data.demand[i, t]
            level[i, t] = there
    moved = True
    while moved and most > 0:
        moved = False
        for t in range(level.shape[1] - 1, -1, -1):
            for k in range(len(plan.load)):
                excess = plan.load[k, t] - data.capacity[k, t] - data.overtime[k, t]
                while excess > _TINY and most > 0:
                    i, to, quantity = _best_move(k, t, excess, data, plan, level)
                    most -= 1
                    if i < 0:
                        break
                    _move(i, t, to, quantity, data, plan, level)
                    moved = True
                    excess = plan.load[k, t] - data.capacity[k, t] - data.overtime[k, t]
