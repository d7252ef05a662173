"""Match-up: a schedule in which some work no longer fits is put right by moving little else, and matches up with the rest.

Each node has a *home*, its published times, and a *wish* (column RELEASE of the shop's nodes), from which on it starts as soon
as it can; at rest the wish is home. Work that has lost its place is taken out and put back (``pushing``), each piece at the
cheapest of many places (``reinsert``), and what moved is looked at again (``ejection``). Match-up scheduling: Bean, Birge,
Mittenthal and Noon 1991; Akturk and Gorgulu 1999.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import kernel
from gemba.solvers.search.shop import (
    AFTER,
    BEFORE,
    DEADLINE,
    DUE,
    END,
    MACHINE,
    NODE,
    OUT,
    OUT_END,
    SLOT,
    SLOT_END,
    START,
    Floats,
    Longs,
    Shop,
)
from gemba.solvers.search.timing import cost, queue

#: Entries of ``Match.counts``.
CHANGED, LOWERED, MOVE, TRIED = range(4)
#: Columns of ``Home.ways``.
WAY_CALENDAR, WAY_WORK, WAY_FIRST = range(3)


class Home(NamedTuple):
    """What a schedule is to stay like. Ways of a node are sets of machines for its slots; the first is the published one."""

    times: Longs  # (n, 2) published start and end
    early: Longs  # (n) the earliest start that a node may have
    calm: Floats  # (n) what it costs that a node is at other times than published, and once more that it is elsewhere
    wish: Longs  # (n) from when on a node starts as soon as it can; that is its home, unless it is new
    more: Longs  # (n, 2) first row in ``ways`` of the ways other than the published one, which is row n; how many
    ways: Longs  # (w, 3) calendar, work, first row of ``machines``
    machines: Longs  # by way: the machine of each slot of the node


class Match(NamedTuple):
    """A schedule on its way home, and room to work in."""

    line: Longs  # (k, 2) the slot before and the slot after on the same machine
    head: Longs  # (m) the first slot of each machine; -1: none
    times: Longs  # (n, 2)
    way: Longs  # (n) 0 is the published one
    away: NDArray[np.uint8]  # (n) taken out: on no machine, at home or as soon after as its arcs let it
    heap: Longs  # (n)
    queued: NDArray[np.uint8]  # (n)
    former: Longs  # (n, 3) nodes that a move has changed: node, former start, former end
    stamp: Longs  # (n) the move that changed a node last
    lowered: Longs  # (., 2) node and former wish, in the order of the changes
    stack: Longs  # (n)
    counts: Longs  # CHANGED, LOWERED, MOVE, TRIED


def match(shop: Shop, home: Home) -> Match:
    """The schedule at home; machine sequences are those of the published times."""
    n, k = shop.size, len(shop.slots)
    machines = len(shop.busy_ptr) - 1
    m = Match(
        line=np.full((k, 2), -1, np.int64),
        head=np.full(machines, -1, np.int64),
        times=home.times.copy(),
        way=np.zeros(n, np.int64),
        away=np.zeros(n, np.uint8),
        heap=np.zeros(n, np.int64),
        queued=np.zeros(n, np.uint8),
        former=np.zeros((n, 3), np.int64),
        stamp=np.full(n, -1, np.int64),
        lowered=np.zeros((4 * n, 2), np.int64),
        stack=np.zeros(n, np.int64),
        counts=np.zeros(4, np.int64),
    )
    node, machine = shop.slots[:, NODE], shop.slots[:, MACHINE]
    order = np.lexsort((node, home.times[node, END], home.times[node, START], machine))
    same = machine[order[1:]] == machine[order[:-1]]
    m.line[order[1:][same], BEFORE] = order[:-1][same]
    m.line[order[:-1][same], AFTER] = order[1:][same]
    first = order[np.append(True, ~same)[: len(order)]]
    m.head[machine[first]] = first
    return m


@kernel
def unlink(line, head, slot, machine):  # type: ignore[no-untyped-def]
    """Take a slot out of its machine's sequence."""
    a, b = line[slot, BEFORE], line[slot, AFTER]
    if a >= 0:
        line[a, AFTER] = b
    else:
        head[machine] = b
    if b >= 0:
        line[b, BEFORE] = a
    line[slot, BEFORE] = line[slot, AFTER] = -1


@kernel
def link(line, head, slot, machine, before):  # type: ignore[no-untyped-def]
    """Put a slot right behind another of a machine's sequence; first where that is -1."""
    after = line[before, AFTER] if before >= 0 else head[machine]
    line[slot, BEFORE], line[slot, AFTER] = before, after
    if before >= 0:
        line[before, AFTER] = slot
    else:
        head[machine] = slot
    if after >= 0:
        line[after, BEFORE] = slot


@kernel
def last_before(slots, line, head, times, machine, moment):  # type: ignore[no-untyped-def]
    """The last slot on a machine whose node starts before a moment; -1 where there is none."""
    found, slot = -1, head[machine]
    while slot >= 0 and times[slots[slot, NODE], START] < moment:
        found, slot = slot, line[slot, AFTER]
    return found


@kernel
def priced(nodes, weight, base, calm, exchange, node, start, end):  # type: ignore[no-untyped-def]
    """What it costs that a node is then: lateness, and that it is not home."""
    found = 0.0
    if end > nodes[node, DUE] or end > nodes[node, DEADLINE]:
        found = cost(nodes, weight, node, end)
    if start != base[node, START] or end != base[node, END]:
        found += exchange * calm[node]
    return found


@kernel
def note(times, former, stamp, count, node):  # type: ignore[no-untyped-def]
    """Keep a node's times for an undo, once for each move."""
    if stamp[node] != count[MOVE]:
        stamp[node] = count[MOVE]
        k = count[CHANGED]
        former[k, 0], former[k, 1], former[k, 2] = node, times[node, START], times[node, END]
        count[CHANGED] = k + 1


@kernel
def followers(nodes, arcs_out, slots, line, times, heap, queued, node, size):  # type: ignore[no-untyped-def]
    """Queue what waits for a node; returns how many wait."""
    for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
        other = arcs_out[arc, NODE]
        size = queue(heap, queued, size, other, times[other, START])
    for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        if line[slot, AFTER] >= 0:
            other = slots[line[slot, AFTER], NODE]
            size = queue(heap, queued, size, other, times[other, START])
    return size
