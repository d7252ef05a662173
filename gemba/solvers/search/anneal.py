"""Simulated annealing on machine sequences (Kirkpatrick et al. 1983), moving only what makes something late.

A move follows the critical path back from a node that costs, picks a place where it waits for a machine, and puts the one
that waits some places sooner, or the one it waits for some places later (van Laarhoven et al. 1992; the critical block
moves of Nowicki and Smutnicki 1996 are among these).
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import copy_lines, kernel
from gemba.solvers.compiled.chance import below, uniform
from gemba.solvers.search.sequence import put_after, put_before
from gemba.solvers.search.shop import (
    ACCEPTED,
    AFTER,
    BEFORE,
    BEST,
    CHANGED,
    CURRENT,
    END,
    IN,
    IN_END,
    LATE,
    MOVES,
    NODE,
    OUT,
    OUT_END,
    RELEASE,
    SLOT,
    SLOT_END,
    START,
)
from gemba.solvers.search.timing import arc_ready, cost, queue, restore, retime, settle

_LONGEST_PATH = 80


@kernel
def pick_late(nodes, weight, times, late, n, random):  # type: ignore[no-untyped-def]
    """A node that costs; of two, mostly the dearer."""
    best, most = -1, -1.0
    for _ in range(2):
        node = late[below(random, n), 0]
        c = cost(nodes, weight, node, times[node, END]) * uniform(random)
        if c > most:
            best, most = node, c
    return best


@kernel
def pick_wait(shop, state, node):  # type: ignore[no-untyped-def]
    """On the critical path back from a node: a slot that waits for its machine, any as likely; -1 where there is none."""
    nodes, arcs_in, slots, open_ptr, opened = shop.nodes, shop.arcs_in, shop.slots, shop.open_ptr, shop.open
    line, times, random = state.line, state.times, state.random
    chosen, found = -1, 0
    for _ in range(_LONGEST_PATH):
        moment, origin, waits = nodes[node, RELEASE], -1, -1
        for arc in range(nodes[node, IN], nodes[node, IN_END]):
            m = arc_ready(nodes, arcs_in, open_ptr, opened, times, arc, node)
            if m > moment:
                moment, origin = m, arcs_in[arc, NODE]
        for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
            before = line[slot, BEFORE]
            if before >= 0:
                m = times[slots[before, NODE], END]
                if m > moment or (m == moment and origin >= 0 and below(random, 2) == 0):
                    moment, origin, waits = m, slots[before, NODE], slot
        if origin < 0:
            break
        if waits >= 0:
            found += 1
            if below(random, found) == 0:
                chosen = waits
        node = origin
    return chosen


@kernel
def may_precede(nodes, arcs_in, slots, line, times, slot, first):  # type: ignore[no-untyped-def]
    """Whether nothing that the slot's node waits for, but on this machine, is or could wait for another node."""
    node, moment = slots[slot, NODE], times[first, END]
    for arc in range(nodes[node, IN], nodes[node, IN_END]):
        if times[arcs_in[arc, NODE], START] >= moment or arcs_in[arc, NODE] == first:
            return False
    for other in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        if other != slot and line[other, BEFORE] >= 0 and times[slots[line[other, BEFORE], NODE], START] >= moment:
            return False
    return True


@kernel
def may_follow(nodes, arcs_out, slots, line, times, slot, last):  # type: ignore[no-untyped-def]
    """Whether nothing that waits for the slot's node, but on this machine, is another node or over when that starts."""
    node, moment = slots[slot, NODE], times[last, START]
    for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
        if times[arcs_out[arc, NODE], END] <= moment or arcs_out[arc, NODE] == last:
            return False
    for other in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        if other != slot and line[other, AFTER] >= 0 and times[slots[line[other, AFTER], NODE], END] <= moment:
            return False
    return True


@kernel
def sooner(nodes, arcs_in, slots, line, times, slot, jump):  # type: ignore[no-untyped-def]
    """The slot, up to ``jump`` places before, that this one may be put before; -1 where it may not move."""
    target, other = -1, line[slot, BEFORE]
    while jump > 0 and other >= 0 and may_precede(nodes, arcs_in, slots, line, times, slot, slots[other, NODE]):
        target, other = other, line[other, BEFORE]
        jump -= 1
    return target


@kernel
def later(nodes, arcs_out, slots, line, times, slot, jump):  # type: ignore[no-untyped-def]
    """The slot, up to ``jump`` places after, that this one may be put after; -1 where it may not move."""
    target, other = -1, line[slot, AFTER]
    while jump > 0 and other >= 0 and may_follow(nodes, arcs_out, slots, line, times, slot, slots[other, NODE]):
        target, other = other, line[other, AFTER]
        jump -= 1
    return target


@kernel
def start_queue(heap, queued, slots, times, slot, first, one, two):  # type: ignore[no-untyped-def]
    """Queue what a move touches: the moved slot, the one it now stands next to, and the one that it left (-1: none)."""
    size = queue(heap, queued, 0, slots[slot, NODE], first)
    if one >= 0:
        size = queue(heap, queued, size, slots[one, NODE], times[slots[one, NODE], START])
    if two >= 0:
        size = queue(heap, queued, size, slots[two, NODE], times[slots[two, NODE], START])
    return size


@kernel
def try_move(shop, state, slot, jump, back, temperature, cap):  # type: ignore[no-untyped-def]
    """Move a slot sooner (or later), and keep that with Metropolis' probability. True where kept."""
    nodes, slots, line, times, heap, queued = shop.nodes, shop.slots, state.line, state.times, state.heap, state.queued
    if back:
        target = sooner(nodes, shop.arcs_in, slots, line, times, slot, jump)
    else:
        target = later(nodes, shop.arcs_out, slots, line, times, slot, jump)
    if target < 0:
        return False
    node, other = slots[slot, NODE], slots[target, NODE]
    home_before, home_after = line[slot, BEFORE], line[slot, AFTER]
    if back:
        put_before(line, slot, target)
        size = start_queue(heap, queued, slots, times, slot, times[other, START] - 1, target, home_after)
    else:
        put_after(line, slot, target)
        size = start_queue(
            heap,
            queued,
            slots,
            times,
            slot,
            max(times[node, START], times[other, START]),
            home_after,
            line[slot, AFTER],
        )
    delta = retime(shop, state, size, cap)
    if delta <= 0 or (delta < np.inf and uniform(state.random) < np.exp(-delta / temperature)):
        settle(shop, state)
        state.value[CURRENT] += delta
        return True
    restore(state.former, times, state.counts[CHANGED])
    if home_before >= 0:
        put_after(line, slot, home_before)
    else:
        put_before(line, slot, home_after)
    return False


@kernel
def keep_best(state):  # type: ignore[no-untyped-def]
    state.value[BEST] = state.value[CURRENT]
    copy_lines(state.best, state.line)
    copy_lines(state.best_times, state.times)


@kernel
def anneal(shop, state, first, moves, total, hot, cold, cap, jump):  # type: ignore[no-untyped-def]
    """Try so many moves, from the first-th of ``total`` on, over which the temperature falls from ``hot`` to ``cold``.

    The best sequences are kept in the state. ``jump`` is the most places that a node is moved; ``cap`` the most nodes that
    one move may touch.
    """
    tolerance = 1e-9 if len(shop.nodes) < 5000 else 2e-5
    count, value, random = state.counts, state.value, state.random
    for i in range(first, first + moves):
        if count[LATE] == 0:
            break
        temperature = hot * (cold / hot) ** (i / total)
        count[MOVES] += 1
        slot = pick_wait(shop, state, pick_late(shop.nodes, shop.weight, state.times, state.late, count[LATE], random))
        if slot < 0:
            continue
        places = 1 if below(random, 2) == 0 else 1 + below(random, jump)
        back = below(random, 2) == 0
        if try_move(shop, state, slot if back else state.line[slot, BEFORE], places, back, temperature, cap):
            count[ACCEPTED] += 1
            if value[CURRENT] < value[BEST] * (1.0 - tolerance):
                keep_best(state)
    if value[CURRENT] < value[BEST]:
        keep_best(state)
