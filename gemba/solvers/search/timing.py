"""When each node runs, given the sequence of every machine: as early as arcs, machines, hours and releases let it.

Times are found by correcting labels, soonest first, until nothing changes. That needs no order of the nodes, and ends (at a
cap) where sequences contradict the arcs. Kernels take arrays one by one: a bundle would be copied at every call.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.heap import pop, push
from gemba.solvers.compiled.hours import forward, start_to_end_by, stretch_at
from gemba.solvers.search.shop import (
    AFTER,
    BEFORE,
    CALENDAR,
    CHANGED,
    CLOSES,
    CURRENT,
    DEADLINE,
    DUE,
    END,
    FAR,
    FROM_START,
    IN,
    IN_END,
    KIND,
    LAG,
    LATE,
    MACHINE,
    NODE,
    OUT,
    OUT_END,
    RELEASE,
    SLOT,
    SLOT_END,
    START,
    STEPS,
    TO_END,
    WHOLE,
    WORK,
)

PENALTY = 1e3  # cost of each second after a deadline
_MOST_SWEEPS = 50


@kernel
def cost(nodes, weight, node, end):  # type: ignore[no-untyped-def]
    """What it costs that a node ends then."""
    found = 0.0
    if end > nodes[node, DUE]:
        found = weight[node] * (end - nodes[node, DUE])
    if end > nodes[node, DEADLINE]:
        found += PENALTY * (end - nodes[node, DEADLINE])
    return found


@kernel
def arc_ready(nodes, arcs_in, open_ptr, opened, times, arc, node):  # type: ignore[no-untyped-def]
    """The earliest start of the arc's later node as far as this arc goes."""
    kind = arcs_in[arc, KIND]
    moment = times[arcs_in[arc, NODE], START if kind & FROM_START else END] + arcs_in[arc, LAG]
    if kind & TO_END:
        return start_to_end_by(open_ptr, opened, nodes[node, CALENDAR], moment, nodes[node, WORK])
    return moment


@kernel
def ready(nodes, arcs_in, slots, open_ptr, opened, line, times, node):  # type: ignore[no-untyped-def]
    """The earliest start of a node by its release, its arcs and the slots before its own."""
    moment = nodes[node, RELEASE]
    for arc in range(nodes[node, IN], nodes[node, IN_END]):
        moment = max(moment, arc_ready(nodes, arcs_in, open_ptr, opened, times, arc, node))
    for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        before = line[slot, BEFORE]
        if before >= 0:
            moment = max(moment, times[slots[before, NODE], END])
    return moment


@kernel
def busy_until(busy_ptr, busy, machine, start, end):  # type: ignore[no-untyped-def]
    """When the machine's first taken time that overlaps [start, end) ends; 0 where none does."""
    low, last = busy_ptr[machine], busy_ptr[machine + 1]
    high = last
    while low < high:
        middle = (low + high) >> 1
        if busy[middle, END] > start:
            high = middle
        else:
            low = middle + 1
    if low < last and busy[low, START] < end:
        return busy[low, END]
    return 0


@kernel
def place(nodes, slots, busy_ptr, busy, open_ptr, opened, node, moment):  # type: ignore[no-untyped-def]
    """(start, end) of a node from a moment on, on its hours and between what its machines are taken for."""
    c, work = nodes[node, CALENDAR], nodes[node, WORK]
    while True:
        start, end = forward(open_ptr, opened, c, moment, work)
        if start >= FAR or work == 0 or (c < 0 and len(busy) == 0):
            return start, end
        if nodes[node, WHOLE] and end - start != work:
            moment = opened[stretch_at(open_ptr, opened, c, start), CLOSES]
            continue
        moment = start
        for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]) if len(busy) else range(0):
            moment = max(moment, busy_until(busy_ptr, busy, slots[slot, MACHINE], start, end))
        if moment <= start:
            return start, end


@kernel
def time_all(shop, state, order):  # type: ignore[no-untyped-def]
    """Time every node anew; ``order`` is about the order in which they run. False where sequences contradict the arcs."""
    nodes, arcs_in, slots, open_ptr, opened = shop.nodes, shop.arcs_in, shop.slots, shop.open_ptr, shop.open
    line, times = state.line, state.times
    for node in order:
        times[node, START], times[node, END] = place(
            nodes, slots, shop.busy_ptr, shop.busy, open_ptr, opened, node, nodes[node, RELEASE]
        )
    for _ in range(_MOST_SWEEPS):
        same = True
        for node in order:
            moment = ready(nodes, arcs_in, slots, open_ptr, opened, line, times, node)
            if moment > times[node, START]:
                s, e = place(nodes, slots, shop.busy_ptr, shop.busy, open_ptr, opened, node, moment)
                if s != times[node, START] or e != times[node, END]:
                    times[node, START], times[node, END] = s, e
                    same = False
        if same:
            list_costs(shop, state)
            return True
    return False


@kernel
def list_costs(shop, state):  # type: ignore[no-untyped-def]
    """Total cost, and the list of nodes that cost."""
    state.counts[LATE] = 0
    state.late[:, 1] = -1
    total = 0.0
    for node in range(len(shop.nodes)):
        c = cost(shop.nodes, shop.weight, node, state.times[node, END])
        if c > 0:
            total += c
            mark_late(state.late, state.counts, node)
    state.value[CURRENT] = total


@kernel
def mark_late(late, count, node):  # type: ignore[no-untyped-def]
    n = count[LATE]
    late[n, 0], late[node, 1] = node, n
    count[LATE] = n + 1


@kernel
def mark_on_time(late, count, node):  # type: ignore[no-untyped-def]
    n = count[LATE] - 1
    last, at = late[n, 0], late[node, 1]
    late[at, 0], late[last, 1] = last, at
    late[node, 1] = -1
    count[LATE] = n


@kernel
def queue(heap, queued, size, node, moment):  # type: ignore[no-untyped-def]
    """Have a node timed again; returns how many wait."""
    if queued[node]:
        return size
    queued[node] = 1
    return push(heap, size, moment, node)


@kernel
def retime(shop, state, size, cap):  # type: ignore[no-untyped-def]
    """Time the waiting nodes, and all that follows from them; returns the change of cost, inf beyond ``cap`` changes.

    Former times of what has changed are kept in ``state.former`` for ``restore``.
    """
    nodes, weight, arcs_in, arcs_out, slots = shop.nodes, shop.weight, shop.arcs_in, shop.arcs_out, shop.slots
    busy_ptr, busy, open_ptr, opened = shop.busy_ptr, shop.busy, shop.open_ptr, shop.open
    line, times, heap, queued = state.line, state.times, state.heap, state.queued
    former, stamp, count = state.former, state.stamp, state.counts
    count[STEPS] += 1
    move, changed, delta, steps = count[STEPS], 0, 0.0, 0
    while size > 0:
        node = pop(heap, size)
        size -= 1
        queued[node] = 0
        moment = ready(nodes, arcs_in, slots, open_ptr, opened, line, times, node)
        s, e = place(nodes, slots, busy_ptr, busy, open_ptr, opened, node, moment)
        if s == times[node, START] and e == times[node, END]:
            continue
        steps += 1
        if steps > cap:
            delta = np.inf
            break
        if stamp[node] != move:
            stamp[node] = move
            former[changed, 0], former[changed, 1], former[changed, 2] = node, times[node, START], times[node, END]
            changed += 1
        if nodes[node, DUE] < FAR or nodes[node, DEADLINE] < FAR:
            delta += cost(nodes, weight, node, e) - cost(nodes, weight, node, times[node, END])
        times[node, START], times[node, END] = s, e
        for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
            other = arcs_out[arc, NODE]
            size = queue(heap, queued, size, other, times[other, START])
        for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
            if line[slot, AFTER] >= 0:
                other = slots[line[slot, AFTER], NODE]
                size = queue(heap, queued, size, other, times[other, START])
    for _ in range(size):
        queued[pop(heap, size)] = 0
        size -= 1
    count[CHANGED] = changed
    return delta


@kernel
def restore(former, times, changed):  # type: ignore[no-untyped-def]
    """Give what the last ``retime`` changed its former times."""
    for k in range(changed):
        times[former[k, 0], START], times[former[k, 0], END] = former[k, 1], former[k, 2]


@kernel
def settle(shop, state):  # type: ignore[no-untyped-def]
    """Keep what the last ``retime`` changed: bring the list of nodes that cost up to date."""
    nodes, weight, former, late, count, times = (
        shop.nodes,
        shop.weight,
        state.former,
        state.late,
        state.counts,
        state.times,
    )
    for k in range(count[CHANGED]):
        node = former[k, 0]
        if nodes[node, DUE] < FAR or nodes[node, DEADLINE] < FAR:
            costs = cost(nodes, weight, node, times[node, END]) > 0
            if costs and late[node, 1] < 0:
                mark_late(late, count, node)
            elif not costs and late[node, 1] >= 0:
                mark_on_time(late, count, node)
