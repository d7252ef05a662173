"""Repair of an anchored plan: what no longer fits is put back where it costs least, then what moved is looked at again.

The cost is lateness and, much less, that published work is moved. What can only be put back at a high price waits in a pool at
first, while others make room for it, and the price that is paid rises step by step (ejection pools: Nagata and Braysy 2009).
See ``gemba.solvers.search.matchup`` and ``reinsert``.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from gemba.decide.cycle.anchor import Anchored
from gemba.solvers.compiled.chance import seeded
from gemba.solvers.search.ejection import load, off_home, saved, shake
from gemba.solvers.search.matchup import TRIED
from gemba.solvers.search.pushing import misfits, settle, total
from gemba.solvers.search.reinsert import recreate, ruin
from gemba.solvers.search.shop import SLOT, SLOT_END, START, Longs

#: What is paid at most to put a task back, in tasks that are moved for it; then whatever it costs.
_PRICES = (12.0, 50.0, 200.0)
_SHARES = (0.2, 0.35, 0.45)  # of the time that is left, for each price at most
_LEAST = 1e-3  # days of weighted tardiness that a moved task counts for at least in these prices
_NEAR, _NEARER = 40, 12  # places on each side of a node's own that are looked at: first, and in the search
_MOST = 6  # nodes taken out together
_BAND = 4.0  # moved tasks by which a schedule may be worse than the best, to go on from it
_ROUNDS = 2  # between two looks at the clock
_IDLE, _IDLE_POOL = 600, 120  # rounds without any gain after which the search ends, and goes to the next price
_OFFERED = 400  # moved nodes for which other resources are looked up
_WRITING = 1e-4  # seconds for each moved node that writing and checking the plan will take
_EPS = 1e-9


def repair(a: Anchored, exchange: float, until: float, tries: int | None) -> int:
    """Leave the shop in the best schedule found; how many places were tried, -1 where there is no schedule at all.

    Two searches from different random numbers run side by side, where there are two cores: with ``tries`` and no time limit the
    result is the same on any machine.

    Args:
        exchange: days of weighted tardiness that a moved task is worth.
        until: moment of ``time.monotonic`` at which the search ends; the first schedule is always completed.
        tries: most rounds of the search.
    """
    lost = a.suspects[misfits(a.shop, a.match, a.home, a.suspects)]
    on_machines = a.shop.nodes[:, SLOT] < a.shop.nodes[:, SLOT_END]
    settle(a.shop, a.match, a.home, exchange, lost[~on_machines[lost]])
    order = _by_start(a, lost[on_machines[lost]])
    new = _by_start(a, np.flatnonzero(a.loose & on_machines))
    if len(order) + len(new):
        least = exchange * float(a.home.calm[order].sum())
        unit = max(_LEAST, least / max(1, len(order)))
        shops = [a, a.copy()] if _cores() > 1 or until == float("inf") else [a]
        searches = [_Search(shop, exchange, unit, until, tries, seed) for seed, shop in enumerate(shops)]
        with ThreadPoolExecutor(len(searches)) as threads:
            list(threads.map(lambda search: search.run(order, new, least), searches))
        best = min(searches, key=lambda search: search.value)
        a.become(best.a)
        if not np.isfinite(best.value):
            return -1
        return sum(int(search.a.match.counts[TRIED]) for search in searches)
    return 0


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _by_start(a: Anchored, nodes: Longs) -> Longs:
    return nodes[np.argsort(a.home.times[nodes, START], kind="stable")]


@dataclass(slots=True)
class _Search:
    """A search on a shop. ``unit``: days of weighted tardiness that moving one of the lost tasks is worth."""

    a: Anchored
    exchange: float
    unit: float
    until: float
    tries: int | None
    seed: int
    value: float = float("inf")  # what the schedule costs in the end; inf where there is none
    done: int = 0

    def run(self, order: Longs, new: Longs, least: float) -> None:
        """Put nodes back, and improve until nothing is to be gained below ``least``.

        Args:
            new: nodes of new work, which have a place.
        """
        a, choice = self.a, np.zeros(3, np.int64)
        a.offer([*order.tolist(), *new.tolist()])
        a.offer(a.rivals(order).tolist(), together=False)
        ruin(a.shop, a.match, a.home, self.exchange, order, 0.0)
        price = _PRICES[0] * self.unit
        recreate(a.shop, a.match, a.home, self.exchange, _NEAR, order, price, np.inf, choice)
        for price, share in zip(_PRICES, _SHARES, strict=True):
            if a.match.away.any():
                self.improve(price * self.unit, share, _IDLE_POOL, 0.0)
        if self._force(_by_start(a, np.flatnonzero(a.match.away))):
            self._push_in(new)
            self.until -= _WRITING * len(a.moved())
            self.improve(np.inf, 1.0, _IDLE, least)
            self.value = float(total(a.shop, a.match, a.home, self.exchange))

    def _force(self, out: Longs) -> bool:
        """Put nodes back, whatever it costs, where time is over close to home; False where that cannot be."""
        a, choice = self.a, np.zeros(3, np.int64)
        for k in range(len(out)):
            near = _NEARER if time.monotonic() < self.until else 1
            cost = recreate(a.shop, a.match, a.home, self.exchange, near, out[k : k + 1], np.inf, np.inf, choice)
            if not np.isfinite(cost):
                return False
        return True

    def _push_in(self, new: Longs) -> None:
        """Put new work where it costs least by itself, where that is better."""
        a, kept = self.a, saved(self.a.shop, self.a.match)
        gain = ruin(a.shop, a.match, a.home, self.exchange, new, 0.0)
        cost = recreate(a.shop, a.match, a.home, self.exchange, _NEAR, new, np.inf, -gain, np.zeros(3, np.int64))
        if not gain + cost < 0:
            load(a.shop, a.match, kept)

    def improve(self, miss: float, share: float, most_idle: int, least: float) -> None:
        """Ruin and recreate; where something is out (at the price ``miss``) until nothing is any more.

        Args:
            share: of the time and the tries that are over then, all in all.
        """
        a, m, choice, random = self.a, self.a.match, np.zeros(3, np.int64), seeded(2 * self.done + self.seed)
        pool = bool(m.away.any())
        kept, best = saved(a.shop, m), saved(a.shop, m)
        value = np.full(2, total(a.shop, m, a.home, self.exchange) + (miss * int(m.away.sum()) if pool else 0.0))
        idle, end = 0, time.monotonic() + share * (self.until - time.monotonic()) if share < 1 else self.until
        while idle < most_idle and time.monotonic() < end and self._left(share) and value[1] > least + _EPS:
            before = value[1]
            a.offer(off_home(a.shop, m, a.home, a.loose)[:_OFFERED].tolist(), together=False)
            shake(
                a.shop, m, a.home, kept, best, value, self.exchange, _NEARER, _MOST, miss, _BAND * self.unit, _ROUNDS, random,
                a.loose, choice,
            )  # fmt: skip
            self.done += _ROUNDS
            idle = 0 if value[1] < before - _EPS else idle + _ROUNDS
            if pool and not best.away.any():
                break
        load(a.shop, m, best)

    def _left(self, share: float) -> bool:
        return self.tries is None or self.done < share * self.tries
