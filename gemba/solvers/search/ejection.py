"""What moved in a match-up is looked at again: small sets are taken out and put back in another order.

Ruin and recreate (Shaw 1998; Schrimpf, Schneider, Stamm-Wilbrandt and Dueck 2000), around what keeps work from being home;
and work that is out takes a place by force, for which what is there is put elsewhere (ejection pools: Nagata and Braysy 2009).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.compiled.chance import below
from gemba.solvers.search.matchup import WAY_FIRST, Match, last_before
from gemba.solvers.search.pushing import choose_way, put_back
from gemba.solvers.search.reinsert import recreate, ruin
from gemba.solvers.search.shop import (
    AFTER,
    BEFORE,
    CALENDAR,
    END,
    IN,
    IN_END,
    LAG,
    MACHINE,
    NODE,
    OUT,
    OUT_END,
    RELEASE,
    SLOT,
    SLOT_END,
    START,
    WORK,
    Longs,
    Shop,
)
from gemba.solvers.search.timing import place

_EPS = 1e-9


class Saved(NamedTuple):
    """A copy of what moves change."""

    line: Longs
    head: Longs
    times: Longs
    way: Longs
    away: NDArray[np.uint8]
    columns: Longs  # (n, 3) RELEASE, CALENDAR, WORK
    machine: Longs  # (k)


def saved(shop: Shop, m: Match) -> Saved:
    """A copy of a schedule."""
    found = Saved(
        m.line.copy(), m.head.copy(), m.times.copy(), m.way.copy(), m.away.copy(), np.zeros((shop.size, 3), np.int64),
        np.zeros(len(shop.slots), np.int64),
    )  # fmt: skip
    save(shop, m, found)
    return found


@making_kernel
def save(shop, m, kept):  # type: ignore[no-untyped-def]
    """Copy the schedule."""
    kept.line[:], kept.head[:], kept.times[:], kept.way[:], kept.away[:] = m.line, m.head, m.times, m.way, m.away
    for node in range(len(shop.nodes)):
        kept.columns[node, 0], kept.columns[node, 1] = shop.nodes[node, RELEASE], shop.nodes[node, CALENDAR]
        kept.columns[node, 2] = shop.nodes[node, WORK]
    for slot in range(len(shop.slots)):
        kept.machine[slot] = shop.slots[slot, MACHINE]


@making_kernel
def load(shop, m, kept):  # type: ignore[no-untyped-def]
    """Go back to a copy."""
    m.line[:], m.head[:], m.times[:], m.way[:], m.away[:] = kept.line, kept.head, kept.times, kept.way, kept.away
    for node in range(len(shop.nodes)):
        shop.nodes[node, RELEASE], shop.nodes[node, CALENDAR] = kept.columns[node, 0], kept.columns[node, 1]
        shop.nodes[node, WORK] = kept.columns[node, 2]
    for slot in range(len(shop.slots)):
        shop.slots[slot, MACHINE] = kept.machine[slot]


@making_kernel
def off_home(shop, m, home, loose):  # type: ignore[no-untyped-def]
    """Nodes on machines that are not home, or are loose (new), and those that come too late because of them."""
    other = (m.times[:, START] != home.times[:, START]) | (m.times[:, END] != home.times[:, END]) | (m.way > 0)
    other |= loose | (m.away > 0)
    return np.flatnonzero(other & (shop.nodes[:, SLOT] < shop.nodes[:, SLOT_END]))


@kernel
def held_by(shop, m, home, node):  # type: ignore[no-untyped-def]
    """The node that keeps another from being home: what it waits for, or what waits for it; -1 where there is none."""
    nodes, slots, line, times, base = shop.nodes, shop.slots, m.line, m.times, home.times
    found = -1
    if times[node, START] > base[node, START] or times[node, END] > base[node, END]:
        most = base[node, START]
        for arc in range(nodes[node, IN], nodes[node, IN_END]):
            other = shop.arcs_in[arc, NODE]
            if times[other, END] + shop.arcs_in[arc, LAG] > most:
                found, most = other, times[other, END] + shop.arcs_in[arc, LAG]
        for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
            if line[slot, BEFORE] >= 0 and times[slots[line[slot, BEFORE], NODE], END] > most:
                found = slots[line[slot, BEFORE], NODE]
                most = times[found, END]
    elif times[node, START] < base[node, START]:
        least = base[node, END]
        for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
            other = shop.arcs_out[arc, NODE]
            if times[other, START] - shop.arcs_out[arc, LAG] < least:
                found, least = other, times[other, START] - shop.arcs_out[arc, LAG]
        for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
            if line[slot, AFTER] >= 0 and times[slots[line[slot, AFTER], NODE], START] < least:
                found = slots[line[slot, AFTER], NODE]
                least = times[found, START]
    return found


@kernel
def cause(shop, m, home, random, node):  # type: ignore[no-untyped-def]
    """From a node back along what keeps it from home, to the first or to one on the way."""
    for _ in range(len(m.times)):
        other = held_by(shop, m, home, node)
        if other < 0:
            break
        same = m.times[other, START] == home.times[other, START] and m.times[other, END] == home.times[other, END]
        if (same and m.way[other] == 0) or below(random, 50) == 0:
            break
        node = other
    return node


@kernel
def neighbour(shop, m, home, random, node):  # type: ignore[no-untyped-def]
    """A node next to another at random: by an arc, on its machine, or on another machine where it could be."""
    side, nodes = below(random, 2), shop.nodes
    if nodes[node, SLOT] < nodes[node, SLOT_END] and (m.away[node] or below(random, 2)):
        way = below(random, home.more[node, 1] + 1)
        row = home.more[node, 0] + way - 1 if way else node
        i = below(random, nodes[node, SLOT_END] - nodes[node, SLOT])
        machine = home.machines[home.ways[row, WAY_FIRST] + i]
        slot = last_before(shop.slots, m.line, m.head, m.times, machine, home.times[node, START] + 1)
        if side or slot < 0:
            slot = m.line[slot, AFTER] if slot >= 0 else m.head[machine]
        return shop.slots[slot, NODE] if slot >= 0 else node
    arcs = nodes[node, OUT_END if side else IN_END] - nodes[node, OUT if side else IN]
    slots = nodes[node, SLOT_END] - nodes[node, SLOT]
    if arcs + slots == 0:
        return node
    k = below(random, arcs + slots)
    if k < arcs:
        return shop.arcs_out[nodes[node, OUT] + k, NODE] if side else shop.arcs_in[nodes[node, IN] + k, NODE]
    slot = m.line[nodes[node, SLOT] + k - arcs, AFTER if side else BEFORE]
    return shop.slots[slot, NODE] if slot >= 0 else node


@kernel
def cluster(shop, m, home, random, seed, chosen, most):  # type: ignore[no-untyped-def]
    """Nodes on machines around one, by a random walk; how many."""
    chosen[0], size, node = seed, int(shop.nodes[seed, SLOT] < shop.nodes[seed, SLOT_END]), seed
    for _ in range(4 * most):
        if size >= most:
            break
        node = neighbour(shop, m, home, random, chosen[below(random, size)] if size and below(random, 3) == 0 else node)
        known = shop.nodes[node, SLOT] >= shop.nodes[node, SLOT_END]
        for k in range(size):
            known |= chosen[k] == node
        if not known:
            chosen[size] = node
            size += 1
    return size


@kernel
def shuffle(random, chosen):  # type: ignore[no-untyped-def]
    for k in range(len(chosen) - 1, 0, -1):
        other = below(random, k + 1)
        chosen[k], chosen[other] = chosen[other], chosen[k]


@kernel
def in_the_way(shop, m, node, moment, chosen, most):  # type: ignore[no-untyped-def]
    """Nodes on the machines of a node that is taken out, at the time it would take from a moment on; how many."""
    nodes, slots, times = shop.nodes, shop.slots, m.times
    start, end = place(nodes, slots, shop.busy_ptr, shop.busy, shop.open_ptr, shop.open, node, moment)
    size = 0
    for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        k = last_before(slots, m.line, m.head, times, slots[slot, MACHINE], end)
        while k >= 0 and size < most and times[slots[k, NODE], END] > start:
            chosen[size] = slots[k, NODE]
            size += 1
            k = m.line[k, BEFORE]
    return size


@kernel
def eject(shop, m, home, exchange, near, node, miss, limit, random, chosen, choice):  # type: ignore[no-untyped-def]
    """Put a node that is out at a random place, take out what is there, and put that back elsewhere; the change of cost."""
    choose_way(shop, m, home, node, below(random, home.more[node, 1] + 1))
    moment, work = home.times[node, START], shop.nodes[node, WORK]
    if below(random, 2):
        moment += below(random, 8 * work + 1) - 4 * work
    order = chosen[: in_the_way(shop, m, node, moment, chosen, len(chosen))]
    for k in range(len(order)):
        for i in range(k):
            if order[i] == order[k]:
                return np.inf
    delta = ruin(shop, m, home, exchange, order, miss) - miss
    delta += put_back(shop, m, home, exchange, node, moment, below(random, 3), limit + 4 * miss)
    if delta == np.inf:
        return np.inf
    return delta + recreate(shop, m, home, exchange, near, order, miss, limit - delta, choice)


@making_kernel
def exchange_some(shop, m, home, exchange, near, miss, limit, random, loose, chosen, choice):  # type: ignore[no-untyped-def]
    """Take some nodes out around one that is not home, and put them back; the change of cost, inf where it is above the limit."""
    moved, out = off_home(shop, m, home, loose), np.flatnonzero(m.away)
    if len(moved) == 0:
        return np.inf
    if len(out) and below(random, 4):
        seed = out[below(random, len(out))]
        if below(random, 2):
            return eject(shop, m, home, exchange, near, seed, miss, limit, random, chosen, choice)
    else:
        seed = cause(shop, m, home, random, moved[below(random, len(moved))])
    order = chosen[: cluster(shop, m, home, random, seed, chosen, 1 + below(random, len(chosen)))]
    if below(random, 2):
        shuffle(random, order)
    else:
        order = order[np.argsort(home.times[order, START], kind="mergesort")]
    delta = ruin(shop, m, home, exchange, order, miss)
    return delta + recreate(shop, m, home, exchange, near, order, miss, limit - delta, choice)


@making_kernel
def shake(shop, m, home, kept, best, value, exchange, near, most, miss, band, rounds, random, loose, choice):  # type: ignore[no-untyped-def]
    """So many rounds of ruin and recreate; what is at most ``band`` worse than the best so far is gone on from (Dueck 1993).

    ``kept`` and ``best`` are copies of the schedule and of the best one, ``value`` their two costs.
    """
    chosen = np.zeros(most, np.int64)
    for _ in range(rounds):
        limit = value[1] + band - value[0] + _EPS
        delta = exchange_some(shop, m, home, exchange, near, miss, limit, random, loose, chosen, choice)
        if not delta <= limit:
            load(shop, m, kept)
            continue
        value[0] += delta
        save(shop, m, kept)
        if value[0] < value[1] - _EPS:
            value[1] = value[0]
            save(shop, m, best)
