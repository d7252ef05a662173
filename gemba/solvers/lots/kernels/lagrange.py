"""Lower bounds and set-up frequencies: capacity gets prices, and each item is planned on its own under them.

The prices follow the volume algorithm (Barahona and Anbil 2000): steps along the violation of an average of all plans so
far, which comes near the solution of the linear relaxation. The relaxation is that of Trigeiro, Thomas and McClain 1989.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import making_kernel
from gemba.solvers.lots.kernels.dynamic import priced
from gemba.solvers.lots.problem import Data, Floats

#: Of ``Prices.figures``: bound, step, rounds without a better bound, rounds in all, share of the newest plan.
BOUND, STEP, STALE, ROUNDS, SHARE = range(5)


class Prices(NamedTuple):
    """The state of the search for prices: K x T ``best`` prices, n x T averages and the plan at the best prices."""

    best: Floats
    made: Floats
    setups: Floats
    made_now: Floats
    setups_now: Floats
    made_best: Floats
    setups_best: Floats
    figures: Floats


def prices_of(data: Data) -> Prices:
    """Before the first round: no prices."""
    a, b, c, d, e, f = (np.zeros_like(data.demand) for _ in range(6))
    return Prices(np.zeros_like(data.capacity), a, b, c, d, e, f, np.array([-np.inf, 0.1, 0.0, 0.0, 0.1]))


@making_kernel
def _items(data, price, made, setups):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(len(data.demand)):
        total += priced(i, data, price, made[i], setups[i])
    return total


@making_kernel
def load(data, made, setups, found):  # type: ignore[no-untyped-def]
    """The capacity that a plan takes, K x T."""
    found[:] = 0.0
    for i in range(len(data.demand)):
        for e in range(data.link_start[i], data.link_start[i + 1]):
            k = data.resource[e]
            for t in range(data.demand.shape[1]):
                found[k, t] += data.unit[e] * made[i, t] + data.setup[e] * setups[i, t]


@making_kernel
def _bound(data, price, made, setups):  # type: ignore[no-untyped-def]
    """The dual value of prices: the items' least costs, less what the capacity is worth; overtime where it is cheaper."""
    total = _items(data, price, made, setups)
    for k in range(len(price)):
        for t in range(price.shape[1]):
            total -= price[k, t] * data.capacity[k, t]
            saved = price[k, t] - data.overtime_cost[k]
            if saved > 0.0 and data.overtime[k, t] > 0.0:
                total -= saved * data.overtime[k, t]
    return total


@making_kernel
def _step(data, prices, over, target, price):  # type: ignore[no-untyped-def]
    """New prices: the best ones, moved along the violation of the average plan."""
    load(data, prices.made, prices.setups, over)
    norm = 0.0
    for k in range(len(price)):
        for t in range(price.shape[1]):
            over[k, t] -= data.capacity[k, t]
            if prices.best[k, t] > data.overtime_cost[k] and data.overtime[k, t] < np.inf:
                over[k, t] -= data.overtime[k, t]
            if prices.best[k, t] > 0.0 or over[k, t] > 0.0:
                norm += over[k, t] ** 2
    if norm < 1e-12:
        return False
    length = prices.figures[STEP] * max(target - prices.figures[BOUND], 1e-4 * abs(target)) / norm
    for k in range(len(price)):
        for t in range(price.shape[1]):
            most = data.overtime_cost[k] if data.overtime[k, t] == np.inf else np.inf
            price[k, t] = min(most, max(0.0, prices.best[k, t] + length * over[k, t]))
    return True


@making_kernel
def _keep(prices, bound, price):  # type: ignore[no-untyped-def]
    """Average the newest plan in; longer steps after a better bound, shorter ones after many without."""
    figures = prices.figures
    first = figures[ROUNDS] == 0.0
    share = 1.0 if first else figures[SHARE]
    prices.made[:] = (1.0 - share) * prices.made + share * prices.made_now
    prices.setups[:] = (1.0 - share) * prices.setups + share * prices.setups_now
    figures[ROUNDS] += 1.0
    if bound > figures[BOUND]:
        figures[STEP] *= 1.1
        figures[STALE] = 0.0
        figures[BOUND] = bound
        prices.best[:] = price
        prices.made_best[:] = prices.made_now
        prices.setups_best[:] = prices.setups_now
        figures[STEP] = min(figures[STEP], 2.0)
        return
    figures[STALE] += 1.0
    if figures[STALE] >= 15.0:
        figures[STEP] *= 0.66
        figures[STALE] = 0.0
        figures[SHARE] = max(0.02, figures[SHARE] * 0.9)


@making_kernel
def improve_prices(data, prices, target, rounds):  # type: ignore[no-untyped-def]
    """So many rounds towards a target value; False where the prices cannot be improved any more."""
    price, over = prices.best.copy(), np.zeros(prices.best.shape)
    for _ in range(rounds):
        if prices.figures[ROUNDS] > 0.0 and not _step(data, prices, over, target, price):
            return False
        _keep(prices, _bound(data, price, prices.made_now, prices.setups_now), price)
        if prices.figures[STEP] < 1e-4:
            return False
    return True
