"""Tabu search on one plan: always the best move within a critical block that does not undo a recent one.

(Glover 1989; for job shops Taillard 1994, Nowicki and Smutnicki 1996; tenures as in Zhang, Li, Rao and Guan 2008.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import copy_line, kernel
from gemba.solvers.compiled.chance import below
from gemba.solvers.jobshop.blocks import (
    NEVER,
    NODE,
    OWN,
    least_earlier,
    least_later,
    length_earlier,
    length_later,
    trace,
)
from gemba.solvers.jobshop.graph import COMPLETION, MOVED, NEXT, PLACE, TAIL, Graph, Plan, arrange, last_of, plan
from gemba.solvers.jobshop.move import (
    move_earlier,
    move_later,
    renew_completions,
    renew_tails,
    sweep_completions,
    sweep_tails,
)
from gemba.solvers.jobshop.problem import Longs

#: ``Tabu.tally``: moves made, the move of the last improvement, best and current makespan.
MOVES, IMPROVED, BEST, MAKESPAN = range(4)
#: ``Tabu.chosen``: the best move, ends of its stretch of the path, whether later; how many are as good.
VALUE, FIRST, LAST, LATER, EQUAL = range(5)
#: ``Tabu.tenure``
LEAST, MORE, LONGEST = range(3)
#: So many moves show how many times a move changes; where it is more than this share of all, all are computed anew.
_PROBE, _FEW = 30, 0.2


class Tabu(NamedTuple):
    """A search under way."""

    plan: Plan
    machine_end: Longs
    job_end: Longs
    path: Longs  # (N, 6)
    until: (
        Longs  # (a power of 2) by the hash of a pair: the move until which the one may not come before the other again
    )
    tenure: Longs  # least, how many more at most, longest stretch that is moved over
    tally: Longs
    chosen: Longs  # (2, 5) the best move that is allowed, and one by chance that is not
    best: Longs  # (N) order of the best plan
    random: NDArray[np.uint64]


def tabu(graph: Graph, *, longest: int = 60) -> Tabu:
    """Room for a search on a graph."""
    operations, jobs, machines = graph.operations, len(graph.job_end), len(graph.machine_end)
    least = 10 + jobs // max(1, machines)
    more = int(0.4 * least) if jobs <= 2 * machines else int(0.5 * least)
    pairs = 1 << int(np.clip(np.ceil(np.log2(operations * 64)), 14, 22))
    return Tabu(
        plan(graph), graph.machine_end, graph.job_end, np.zeros((operations, 6), np.int64), np.zeros(pairs, np.int64),
        np.array([least, more + 1, longest]), np.zeros(4, np.int64), np.zeros((2, 5), np.int64),
        np.zeros(operations, np.int64), np.ones(1, np.uint64),
    )  # fmt: skip


@kernel
def pair(until, a, b):  # type: ignore[no-untyped-def]
    """Where a pair of nodes is in the list; different pairs may rarely share a place."""
    x = np.uint64(a) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(b) * np.uint64(0xC2B2AE3D27D4EB4F)
    return np.int64((x >> np.uint64(32)) & np.uint64(len(until) - 1))


@kernel
def forbidden(path, until, first, last, later, now):  # type: ignore[no-untyped-def]
    """Whether a move would put some operation before another that it was moved behind (or the other way) of late."""
    if later:
        for i in range(first + 1, last + 1):
            if until[pair(until, path[i, NODE], path[first, NODE])] > now:
                return True
    else:
        for i in range(first, last):
            if until[pair(until, path[last, NODE], path[i, NODE])] > now:
                return True
    return False


@kernel
def forbid(path, until, first, last, later, now):  # type: ignore[no-untyped-def]
    """Note until when the pairs that a move turns round may not be turned back."""
    if later:
        for i in range(first + 1, last + 1):
            until[pair(until, path[first, NODE], path[i, NODE])] = now
    else:
        for i in range(first, last):
            until[pair(until, path[i, NODE], path[last, NODE])] = now


@kernel
def consider(nodes, path, until, tally, chosen, random, longest, first, last, later):  # type: ignore[no-untyped-def]
    """Keep a move if it is the best one allowed so far, or by chance among those that are not."""
    if last - first >= longest:
        return
    limit = min(chosen[0, VALUE], NEVER - 1)
    if later:
        if least_later(nodes, path, first, last) > limit:
            return
        value = length_later(nodes, path, first, last, limit)
    else:
        if least_earlier(nodes, path, first, last) > limit:
            return
        value = length_earlier(nodes, path, first, last, limit)
    if value > chosen[0, VALUE]:
        return
    which = 0
    if value >= tally[BEST] and forbidden(path, until, first, last, later, tally[MOVES]):
        which = 1
    if which == 1 or value == chosen[0, VALUE]:
        chosen[which, EQUAL] += 1
        if chosen[which, EQUAL] > 1 and below(random, chosen[which, EQUAL]) > 0:
            return
    else:
        chosen[0, EQUAL] = 1
    chosen[which, VALUE], chosen[which, FIRST], chosen[which, LAST], chosen[which, LATER] = value, first, last, later


@kernel
def consider_block(nodes, path, until, tally, chosen, random, longest, first, last, opens, closes):  # type: ignore[no-untyped-def]
    """All moves of a block; to its front only if it ``opens`` something, behind its end only if it ``closes``."""
    if closes:
        for i in range(first, last):
            consider(nodes, path, until, tally, chosen, random, longest, i, last, True)
        for i in range(first + 1, last - 1):
            consider(nodes, path, until, tally, chosen, random, longest, i, last, False)
    if opens:
        for i in range(first + 1, last + 1):
            if last > first + 1 or not closes:
                consider(nodes, path, until, tally, chosen, random, longest, first, i, False)
        for i in range(first + 2, last):
            consider(nodes, path, until, tally, chosen, random, longest, first, i, True)


@kernel
def choose(nodes, path, begin, until, tally, chosen, random, longest):  # type: ignore[no-untyped-def]
    """Look at all moves of a longest path; returns the row of ``chosen``, or -1 where there is no move."""
    chosen[:] = 0
    chosen[0, VALUE] = NEVER
    end, first = len(path), begin
    starts = nodes[path[begin, NODE], COMPLETION] - path[begin, OWN]
    while first < end:
        last = first
        while last + 1 < end and nodes[path[last, NODE], NEXT] == path[last + 1, NODE]:
            last += 1
        if last > first:
            closes = last + 1 < end or nodes[path[last, NODE], TAIL] > path[last, OWN]
            opens = first > begin or starts > 0
            consider_block(nodes, path, until, tally, chosen, random, longest, first, last, opens, closes)
        first = last + 1
    if chosen[0, VALUE] < NEVER:
        return 0
    return 1 if chosen[1, EQUAL] > 0 else -1


@kernel
def begin(search, order, seed):  # type: ignore[no-untyped-def]
    """Start from an order, with nothing forbidden and the random numbers of a seed above 0."""
    plan, tally = search.plan, search.tally
    search.random[0] = seed
    plan.nodes[:, MOVED] = -1
    tally[MOVES] = 0
    copy_line(plan.order, order)
    arrange(plan.nodes, plan.order, search.machine_end)
    plan.forward[:] = 0
    plan.backward[:] = 0
    tally[MAKESPAN] = tally[BEST] = last_of(plan.nodes, search.job_end, search.machine_end)[0]
    tally[IMPROVED] = 0
    copy_line(search.best, order)
    search.until[:] = 0


@kernel
def go_on(search, moves, patience, enough):  # type: ignore[no-untyped-def]
    """So many moves, or until none of the last ``patience`` was an improvement, or until the makespan is good enough.

    Returns whether to go on.
    """
    nodes, order, forward, backward, held = search.plan
    path, until, tally, chosen, random, tenure = (
        search.path, search.until, search.tally, search.chosen, search.random, search.tenure,
    )  # fmt: skip
    sweeping, computed = False, 0
    for i in range(moves):
        if tally[BEST] <= enough or tally[MOVES] - tally[IMPROVED] >= patience:
            return False
        tally[MAKESPAN], end = last_of(nodes, search.job_end, search.machine_end)
        if tally[MAKESPAN] < tally[BEST]:
            tally[BEST] = tally[MAKESPAN]
            tally[IMPROVED] = tally[MOVES]
            copy_line(search.best, order)
        first = trace(nodes, path, end, random)
        which = choose(nodes, path, first, until, tally, chosen, random, tenure[LONGEST])
        if which < 0:
            return False
        first, last, later = chosen[which, FIRST], chosen[which, LAST], chosen[which, LATER] == 1
        tally[MOVES] += 1
        forbid(path, until, first, last, later, tally[MOVES] + tenure[LEAST] + below(random, tenure[MORE]))
        earliest, latest = nodes[path[first, NODE], PLACE], nodes[path[last, NODE], PLACE]
        if later:
            move_later(nodes, order, held, forward, backward, path[first, NODE], path[last, NODE], tally[MOVES])
        else:
            move_earlier(nodes, order, held, forward, backward, path[first, NODE], path[last, NODE], tally[MOVES])
        if sweeping:
            sweep_completions(nodes, order, earliest)
            sweep_tails(nodes, order, latest)
            forward[:], backward[:] = 0, 0
        else:
            computed += renew_completions(nodes, order, forward) + renew_tails(nodes, order, backward)
            sweeping = i == _PROBE and computed > _FEW * _PROBE * len(order)
    return True
