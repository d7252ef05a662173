"""The compiled heart of netting: collect an item's needs from its parents' orders, then net and lot-size it."""

from __future__ import annotations

import numba
import numpy as np

from gemba.decide.netting.problem import LIMIT, SCALE, Ints


@numba.njit(cache=True, inline="always")
def times(quantity: int, per: int) -> int:  # pragma: no cover - compiled
    """quantity x per, both scaled, rounded up to the next millionth; -1 where it goes beyond the limit.

    With S the scale and q = a·S + b, p = c·S + d: q·p / S = a·p + b·c + b·d / S, where no product leaves 64 bits.
    """
    if float(quantity) * float(per) > float(LIMIT) * SCALE:
        return -1
    high, low = quantity // SCALE, quantity % SCALE
    per_high, per_low = per // SCALE, per % SCALE
    return high * per + low * per_high + (low * per_low + SCALE - 1) // SCALE


@numba.njit(cache=True)
def _gather(i, start, lines, parent, per, fixed, first, last, release, need):  # type: ignore[no-untyped-def] # pragma: no cover
    """Add to an item's needs what its parents' orders take; False where they go beyond the limit."""
    for e in range(start[i], start[i + 1]):
        k = lines[e]
        row, q, f = release[parent[k]], per[k], fixed[k]
        for t in range(max(first[k], 0), min(last[k], len(need))):
            if row[t] > 0:
                taken = times(row[t], q)
                if taken < 0 or need[t] > LIMIT - taken - f:
                    return False
                need[t] += taken + f
    total = 0.0
    for t in range(len(need)):
        total += float(need[t])
    return total <= float(LIMIT)


@numba.njit(cache=True)
def _lot(t, net, period, minimum, multiple, need, receipt):  # type: ignore[no-untyped-def] # pragma: no cover
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


@numba.njit(cache=True)
def net_item(stock, safety, rule, orders, need, receipt, due, release):  # type: ignore[no-untyped-def] # pragma: no cover
    """Net one item over all buckets; fills ``due`` and ``release``; gives what should have started before bucket 0.

    An order is placed in each bucket at whose end stock would be less than the safety stock.
    """
    period, minimum, multiple, lead = rule
    overdue, there = 0, stock
    for t in range(len(need)):
        there += receipt[t] - need[t]
        if orders and there < safety:
            lot = _lot(t, safety - there, period, minimum, multiple, need, receipt)
            due[t] = lot
            there += lot
            release[max(t - lead, 0)] += lot
            if t < lead:
                overdue += lot
    return overdue


@numba.njit(cache=True)
def run(sequence, start, lines, parent, per, fixed, first, last, stock, safety, rules, orders, need, receipt):  # type: ignore[no-untyped-def] # pragma: no cover
    """All items, parents first. Gives (due, release, overdue, item whose quantity goes beyond the limit, or -1)."""
    n, buckets = need.shape
    due, release = np.zeros((n, buckets), np.int64), np.zeros((n, buckets), np.int64)
    overdue = np.zeros(n, np.int64)
    for h in range(n):
        i = sequence[h]
        if not _gather(i, start, lines, parent, per, fixed, first, last, release, need[i]):
            return due, release, overdue, i
        rule = (rules[i, 0], rules[i, 1], rules[i, 2], rules[i, 3])
        overdue[i] = net_item(stock[i], safety[i], rule, orders[i], need[i], receipt[i], due[i], release[i])
    return due, release, overdue, -1


def rules_of(period: Ints, minimum: Ints, multiple: Ints, lead: Ints) -> Ints:
    return np.ascontiguousarray(np.stack((period, minimum, multiple, lead), axis=1))
