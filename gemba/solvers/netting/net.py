"""Low-level codes; and a full run: collect each item's needs from its parents' orders, then net and lot-size it."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.netting.amounts import LIMIT, times, within


@making_kernel
def levels(start, child, waiting, level):  # type: ignore[no-untyped-def]
    """Longest path from the top by taking off items whose parents are all done (Kahn 1962); -1 where never reached.

    ``child[start[i] : start[i + 1]]`` are item i's children; ``waiting`` counts the parents' lines of each and is used up.
    """
    n = len(level)
    deepest = np.zeros(n, np.int64)
    queue = np.empty(n, np.int64)
    head, tail = 0, 0
    level[:] = -1
    for i in range(n):
        if waiting[i] == 0:
            queue[tail] = i
            tail += 1
    while head < tail:
        i = queue[head]
        head += 1
        level[i] = deepest[i]
        for e in range(start[i], start[i + 1]):
            c = child[e]
            deepest[c] = max(deepest[c], level[i] + 1)
            waiting[c] -= 1
            if waiting[c] == 0:
                queue[tail] = c
                tail += 1


@kernel
def gather(i, lines, release, need):  # type: ignore[no-untyped-def]
    """Add to item i's needs what its parents' orders take; False where they go beyond the limit."""
    for e in range(lines.above_start[i], lines.above_start[i + 1]):
        k = lines.above[e]
        row, per, fixed = release[lines.parent[k]], lines.per[k], lines.fixed[k]
        for t in range(max(lines.first[k], 0), min(lines.last[k], len(need))):
            if row[t] > 0:
                taken = times(row[t], per)
                if taken < 0 or need[t] > LIMIT - taken - fixed:
                    return False
                need[t] += taken + fixed
    return within(need)


@kernel
def _lot(t, net, period, minimum, multiple, need, receipt):  # type: ignore[no-untyped-def]
    """The size of an order due in bucket t where ``net`` is missing: the least that lasts ``period`` buckets, then the
    minimum, then the next multiple."""
    lot = net
    for u in range(t + 1, min(t + period, len(need))):
        net += need[u] - receipt[u]
        lot = max(lot, net)
    lot = max(lot, minimum)
    if multiple > 0:
        lot = (lot + multiple - 1) // multiple * multiple
    return lot


@kernel
def net_item(i, items, tables):  # type: ignore[no-untyped-def]
    """Net item i over all buckets; fills its rows of ``due`` and ``release``, which are 0 before, of ``stock``, and ``overdue``.

    An order is placed in each bucket at whose end stock would be less than the safety stock.
    """
    need, receipt, stock = tables.need[i], tables.receipt[i], tables.stock[i]
    due, release = tables.due[i], tables.release[i]
    rule, safety, orders = items.rule[i], items.safety[i], items.orders[i]
    period, minimum, multiple, lead = rule[0], rule[1], rule[2], rule[3]
    overdue, there = 0, items.stock[i]
    for t in range(len(need)):
        there += receipt[t] - need[t]
        if orders and there < safety:
            lot = _lot(t, safety - there, period, minimum, multiple, need, receipt)
            due[t] = lot
            there += lot
            release[max(t - lead, 0)] += lot
            if t < lead:
                overdue += lot
        stock[t] = there
    tables.overdue[i] = overdue


@kernel
def run(sequence, lines, items, tables):  # type: ignore[no-untyped-def]
    """Plan all items, parents first, as ``sequence`` has them; ``need`` holds the independent demand before, ``due`` and
    ``release`` are 0. Gives the item whose needs go beyond the limit, or -1."""
    for h in range(len(sequence)):
        i = sequence[h]
        if not gather(i, lines, tables.release, tables.need[i]):
            return i
        net_item(i, items, tables)
    return -1
