"""Work of a match-up is put in and taken out: others give way as little as they must, and come back home when they can.

What follows is pushed right until idle time has soaked the delay up; or what precedes is pushed left, for which its wish is
lowered. Hot loops take the arrays out of their bundles first: a bundle that is handed on is copied.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.compiled.heap import pop
from gemba.solvers.search.matchup import (
    CHANGED,
    LOWERED,
    MOVE,
    WAY_CALENDAR,
    WAY_FIRST,
    WAY_WORK,
    followers,
    last_before,
    link,
    note,
    priced,
    unlink,
)
from gemba.solvers.search.shift import latest, place_back
from gemba.solvers.search.shop import (
    BEFORE,
    CALENDAR,
    END,
    FAR,
    FROM_START,
    IN,
    IN_END,
    KIND,
    LAG,
    MACHINE,
    NODE,
    RELEASE,
    SLOT,
    SLOT_END,
    START,
    TO_END,
    WORK,
)
from gemba.solvers.search.timing import place, queue, ready

#: How others give way to a node.
RIGHT, LEFT, ASIDE = range(3)
MOST_RIGHT = 20000  # times that nodes may be timed anew for one
_NO_END = 1 << 40


@kernel
def follow(shop, m, home, exchange, size, delta, limit, cap):  # type: ignore[no-untyped-def]
    """Time the waiting nodes, and all that follows from them, anew: each as soon as it can be from its wish on.

    What is taken out needs neither hours nor machines. Returns ``delta`` plus the change of cost; inf where it is above the
    limit on the way, or after ``cap`` changes (the sequences may contradict the arcs).
    """
    nodes, weight, arcs_in, arcs_out, slots = shop.nodes, shop.weight, shop.arcs_in, shop.arcs_out, shop.slots
    busy_ptr, busy, open_ptr, opened = shop.busy_ptr, shop.busy, shop.open_ptr, shop.open
    line, times, heap, queued, away = m.line, m.times, m.heap, m.queued, m.away
    former, stamp, count, base, calm = m.former, m.stamp, m.counts, home.times, home.calm
    steps = 0
    while size > 0:
        node = pop(heap, size)
        size -= 1
        queued[node] = 0
        start = ready(nodes, arcs_in, slots, open_ptr, opened, line, times, node)
        if away[node]:
            end = start + base[node, END] - base[node, START]
        else:
            start, end = place(nodes, slots, busy_ptr, busy, open_ptr, opened, node, start)
        if start == times[node, START] and end == times[node, END]:
            continue
        steps += 1
        note(times, former, stamp, count, node)
        delta += priced(nodes, weight, base, calm, exchange, node, start, end)
        delta -= priced(nodes, weight, base, calm, exchange, node, times[node, START], times[node, END])
        times[node, START], times[node, END] = start, end
        if steps > cap or delta > limit:
            delta = np.inf
            break
        size = followers(nodes, arcs_out, slots, line, times, heap, queued, node, size)
    for _ in range(size):
        queued[pop(heap, size)] = 0
        size -= 1
    return delta


@kernel
def make_room(shop, m, home, exchange, node, limit):  # type: ignore[no-untyped-def]
    """Push what a node waits for left, until it is done by the node's start; False where that cannot be, or costs too much.

    Nodes that are pushed end as late as they may; their wishes are lowered.
    """
    nodes, arcs_in, slots = shop.nodes, shop.arcs_in, shop.slots
    line, times, away, stack, lowered = m.line, m.times, m.away, m.stack, m.lowered
    former, stamp, count, base, calm, early = m.former, m.stamp, m.counts, home.times, home.calm, home.early
    stack[0], size, spent = node, 1, 0.0
    while size > 0:
        size -= 1
        later = stack[size]
        arcs = nodes[later, IN_END] - nodes[later, IN]
        for k in range(arcs + nodes[later, SLOT_END] - nodes[later, SLOT]):
            if k < arcs:
                arc = nodes[later, IN] + k
                earlier, kind = arcs_in[arc, NODE], arcs_in[arc, KIND]
                moment = times[later, END if kind & TO_END else START] - arcs_in[arc, LAG]
                if away[earlier] or times[earlier, START if kind & FROM_START else END] <= moment:
                    continue
                if kind & FROM_START:
                    moment += nodes[earlier, WORK]  # then it starts no later than it may
            else:
                before = line[nodes[later, SLOT] + k - arcs, BEFORE]
                if before < 0 or times[slots[before, NODE], END] <= times[later, START]:
                    continue
                earlier, moment = slots[before, NODE], times[later, START]
            start, end = place_back(shop, earlier, moment)
            if times[earlier, START] == base[earlier, START]:
                spent += exchange * calm[earlier]
            if start < early[earlier] or spent > limit or size >= len(stack) or count[LOWERED] >= len(lowered):
                return False
            note(times, former, stamp, count, earlier)
            lowered[count[LOWERED], 0], lowered[count[LOWERED], 1] = earlier, nodes[earlier, RELEASE]
            count[LOWERED] += 1
            nodes[earlier, RELEASE] = start
            times[earlier, START], times[earlier, END] = start, end
            stack[size] = earlier
            size += 1
    return True


@kernel
def choose_way(shop, m, home, node, way):  # type: ignore[no-untyped-def]
    """Give a node that is taken out the machines, hours and work of a way."""
    row = home.more[node, 0] + way - 1 if way else node
    shop.nodes[node, CALENDAR], shop.nodes[node, WORK] = home.ways[row, WAY_CALENDAR], home.ways[row, WAY_WORK]
    for i in range(shop.nodes[node, SLOT_END] - shop.nodes[node, SLOT]):
        shop.slots[shop.nodes[node, SLOT] + i, MACHINE] = home.machines[home.ways[row, WAY_FIRST] + i]
    m.way[node] = way


@kernel
def put_back(shop, m, home, exchange, node, moment, push, limit):  # type: ignore[no-untyped-def]
    """Put a node that is taken out back at a moment; returns the change of cost, inf above the limit.

    ``push``: RIGHT, it waits for what starts before, and pushes the rest right; LEFT, it pushes all that starts before its end
    left; ASIDE, it pushes what starts before it left and the rest right.
    """
    nodes, slots, times, former, count = shop.nodes, shop.slots, m.times, m.former, m.counts
    line, head, base, calm, weight = m.line, m.head, home.times, home.calm, shop.weight
    count[MOVE] += 1
    count[CHANGED] = count[LOWERED] = 0
    moment = max(moment, home.early[node])
    nodes[node, RELEASE] = moment
    start, end = place(nodes, slots, shop.busy_ptr, shop.busy, shop.open_ptr, shop.open, node, moment)
    for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        machine = slots[slot, MACHINE]
        link(line, head, slot, machine, last_before(slots, line, head, times, machine, end if push == LEFT else moment))
    note(times, former, m.stamp, count, node)
    m.away[node] = 0
    times[node, START], times[node, END] = start, end
    if start >= FAR or (push != RIGHT and not make_room(shop, m, home, exchange, node, limit)):
        return np.inf
    delta = exchange * calm[node] if m.way[node] else 0.0
    size = 0
    for k in range(count[CHANGED]):
        other = former[k, 0]
        delta += priced(nodes, weight, base, calm, exchange, other, times[other, START], times[other, END])
        delta -= priced(nodes, weight, base, calm, exchange, other, former[k, 1], former[k, 2])
    if delta > limit:
        return np.inf
    for k in range(count[CHANGED]):
        other = former[k, 0]
        size = queue(m.heap, m.queued, size, other, times[other, START])
        size = followers(nodes, shop.arcs_out, slots, line, times, m.heap, m.queued, other, size)
    return follow(shop, m, home, exchange, size, delta, limit, MOST_RIGHT)


@kernel
def undo(shop, m, home, node):  # type: ignore[no-untyped-def]
    """Take the last ``put_back`` of a node back."""
    for k in range(m.counts[LOWERED] - 1, -1, -1):
        shop.nodes[m.lowered[k, 0], RELEASE] = m.lowered[k, 1]
    for k in range(m.counts[CHANGED]):
        other = m.former[k, 0]
        m.times[other, START], m.times[other, END] = m.former[k, 1], m.former[k, 2]
    for slot in range(shop.nodes[node, SLOT], shop.nodes[node, SLOT_END]):
        unlink(m.line, m.head, slot, shop.slots[slot, MACHINE])
    shop.nodes[node, RELEASE] = home.wish[node]
    m.away[node] = 1


@kernel
def lift(shop, m, home, exchange, node):  # type: ignore[no-untyped-def]
    """Move a node that starts before home right, towards home, as far as it pushes nothing; the change of cost."""
    nodes, times = shop.nodes, m.times
    last_start, last_end = latest(shop, m.line, times, node, FAR)
    if last_start < FAR:
        last_end = min(last_end, last_start + nodes[node, WORK])
    start, end = place(
        nodes, shop.slots, shop.busy_ptr, shop.busy, shop.open_ptr, shop.open, node, home.times[node, START]
    )
    if end > last_end:
        start, end = place_back(shop, node, last_end)
    if start <= times[node, START] or start > home.times[node, START]:
        return 0.0
    delta = priced(nodes, shop.weight, home.times, home.calm, exchange, node, start, end)
    delta -= priced(nodes, shop.weight, home.times, home.calm, exchange, node, times[node, START], times[node, END])
    nodes[node, RELEASE] = start
    times[node, START], times[node, END] = start, end
    return delta


@making_kernel
def lift_all(shop, m, home, exchange):  # type: ignore[no-untyped-def]
    """Move all that starts before home towards home, the latest first; the change of cost."""
    sooner = (m.times[:, START] < home.times[:, START]) & (home.wish == home.times[:, START])
    early = np.flatnonzero(sooner & (m.away == 0))
    delta = 0.0
    for i in np.argsort(-m.times[early, START], kind="mergesort"):
        delta += lift(shop, m, home, exchange, early[i])
    return delta


@kernel
def take_out(shop, m, home, exchange, node):  # type: ignore[no-untyped-def]
    """Take a node off its machines: others come back home as far as they can. Returns the change of cost."""
    m.counts[MOVE] += 1
    m.counts[CHANGED] = 0
    times = m.times
    size = followers(shop.nodes, shop.arcs_out, shop.slots, m.line, times, m.heap, m.queued, node, 0)
    for slot in range(shop.nodes[node, SLOT], shop.nodes[node, SLOT_END]):
        unlink(m.line, m.head, slot, shop.slots[slot, MACHINE])
    delta = -exchange * home.calm[node] if m.way[node] else 0.0
    m.way[node] = 0
    m.away[node] = 1
    shop.nodes[node, RELEASE] = home.wish[node]
    size = queue(m.heap, m.queued, size, node, times[node, START])
    return follow(shop, m, home, exchange, size, delta, np.inf, _NO_END)


@kernel
def settle(shop, m, home, exchange, waiting):  # type: ignore[no-untyped-def]
    """Time some nodes, and what follows from them, anew; the change of cost."""
    m.counts[MOVE] += 1
    m.counts[CHANGED] = size = 0
    for node in waiting:
        size = queue(m.heap, m.queued, size, node, m.times[node, START])
    return follow(shop, m, home, exchange, size, 0.0, np.inf, _NO_END)


@making_kernel
def misfits(shop, m, home, suspects):  # type: ignore[no-untyped-def]
    """Which of some nodes cannot be where they are, by what they wait for, their hours, and what their machines are taken for."""
    found, nodes = np.zeros(len(suspects), np.bool_), shop.nodes
    for i, node in enumerate(suspects):
        start = ready(nodes, shop.arcs_in, shop.slots, shop.open_ptr, shop.open, m.line, m.times, node)
        start, end = place(nodes, shop.slots, shop.busy_ptr, shop.busy, shop.open_ptr, shop.open, node, start)
        found[i] = start != m.times[node, START] or end != m.times[node, END]
    return found


@kernel
def total(shop, m, home, exchange):  # type: ignore[no-untyped-def]
    """What the schedule costs: lateness, and all that is not home."""
    found = 0.0
    for node in range(len(shop.nodes)):
        start, end = m.times[node, START], m.times[node, END]
        found += priced(shop.nodes, shop.weight, home.times, home.calm, exchange, node, start, end)
        if m.way[node]:
            found += exchange * home.calm[node]
    return found
