"""Lower bounds of flow shops: machine by machine, the rest of the line being free.

A job reaches a machine after its work before (head) and leaves the line after its work behind (tail). Set-ups count at least
the least one into or out of a job where that is valid, else nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np

from gemba.solvers.flowshop.problem import FlowShop, Longs, Objective


def bound(shop: FlowShop) -> int:
    """A value that no schedule's objective is below."""
    if shop.jobs == 0 or shop.stages == 0:
        return 0
    if shop.objective is Objective.MAKESPAN:
        return makespan_bound(shop)
    return _sum_bound(shop)


def makespan_bound(shop: FlowShop) -> int:
    """The most of: the longest job; each stage (least head, load, least tail); each pair of stages in a permutation."""
    best = int(shop.durations.sum(axis=1).max())
    for stage in range(shop.stages):
        best = max(best, _stage_bound(shop, stage))
    if not shop.hybrid:
        for first in range(shop.stages):
            for second in range(first + 1, shop.stages):
                best = max(best, _pair_bound(shop.durations, first, second))
    return best


def heads_and_tails(durations: Longs) -> tuple[Longs, Longs]:
    """(jobs, stages) each: work before a stage and work behind it."""
    through = durations.cumsum(axis=1)
    return through - durations, through[:, -1:] - through


def _stage_bound(shop: FlowShop, stage: int) -> int:
    """The k machines are busy from the k least heads at the soonest to the k least tails before the end (rounded up)."""
    heads, tails = heads_and_tails(shop.durations)
    load = int(shop.durations[:, stage].sum()) + _least_setups(shop, stage)
    used = min(int(shop.machines[stage]), shop.jobs)
    spare = np.sort(heads[:, stage])[:used].sum() + np.sort(tails[:, stage])[:used].sum()
    return -(-(load + int(spare)) // used)


def _least_setups(shop: FlowShop, stage: int) -> int:
    """Every job but one has a job before it: the least set-ups into each job, without the dearest of these."""
    if shop.setups is None or shop.jobs < 2:
        return 0
    into = shop.setups[stage].astype(np.int64).copy()
    np.fill_diagonal(into, np.iinfo(np.int64).max)
    after, before = into.min(axis=0), into.min(axis=1)
    return int(max(after.sum() - after.max(), before.sum() - before.max()))


def _pair_bound(durations: Longs, first: int, second: int) -> int:
    """Johnson's rule with the work between two machines as a time lag (Lenstra, Rinnooy Kan and Mitten)."""
    heads, tails = heads_and_tails(durations)
    lag = durations[:, first + 1 : second].sum(axis=1)
    a, b = durations[:, first], durations[:, second]
    left, right = a + lag, b + lag
    sooner = np.flatnonzero(left <= right)
    later = np.flatnonzero(left > right)
    order = np.concatenate(
        [sooner[np.argsort(left[sooner], kind="stable")], later[np.argsort(-right[later], kind="stable")]]
    )
    done = a[order].cumsum()
    # the second machine ends with the work of all from some job on, that job having passed the first and the lag
    behind = b[order][::-1].cumsum()[::-1]
    return int((done + lag[order] + behind).max() + heads[:, first].min() + tails[:, second].min())


def _sum_bound(shop: FlowShop) -> int:
    """Each stage alone, its machines as one that is as fast as all of them: preemptive, soonest jobs first.

    In such a schedule the k-th completion is the soonest possible for every k (Schrage 1968, in work per machine). A job leaves
    the line no sooner than its tail after; sorted sums pair k-th with k-th. Weights and due times are paired so as to cost least.
    """
    heads, tails = heads_and_tails(shop.durations)
    alone = heads[:, -1] + shop.durations[:, -1]
    late = alone if shop.objective is Objective.FLOW_TIME else np.maximum(0, alone - shop.due)
    best = int((late * shop.weights).sum())
    for stage in range(shop.stages):
        done = _soonest(heads[:, stage], shop.durations[:, stage], int(shop.machines[stage]))
        best = max(best, _cheapest_pairing(shop, done + tails[:, stage].min(), done, tails[:, stage]))
    return best


def _cheapest_pairing(shop: FlowShop, leave: Longs, done: Longs, tails: Longs) -> int:
    """The least cost of giving the sorted completions to the jobs in any order."""
    weights = shop.weights
    if shop.objective is Objective.FLOW_TIME:
        if (weights == weights[0]).all():
            return int(weights[0] * (done.sum() + tails.sum()))
        return int((np.sort(leave) * np.sort(weights)[::-1]).sum())
    # the sum of max(0, completion - due) is least where both are sorted; due less tail is due at the stage
    late = np.maximum(0, np.sort(done) - np.sort(shop.due - tails))
    return int(late.sum()) * int(weights.min())


def _soonest(heads: Longs, work: Longs, machines: int) -> Longs:
    """Sorted lower bounds of the k-th completion on equal machines (rounded up)."""
    ends = _shortest_remaining(zip((heads * machines).tolist(), work.tolist(), strict=True))
    alone = np.sort(heads + work)
    return np.maximum(-(-np.sort(np.array(ends, np.int64)) // machines), alone)


def _shortest_remaining(jobs: Iterable[tuple[int, int]]) -> list[int]:
    """Completions on one machine that always does the job with the least work left."""
    waiting: list[int] = []
    ends: list[int] = []
    now = 0
    for release, work in sorted(jobs):
        while waiting and now + waiting[0] <= release:
            now += heapq.heappop(waiting)
            ends.append(now)
        if waiting:
            heapq.heappush(waiting, heapq.heappop(waiting) - (release - now))
        now = max(now, release)
        heapq.heappush(waiting, work)
    for left in sorted(waiting):
        now += left
        ends.append(now)
    return ends
