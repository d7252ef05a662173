"""Dispatching rules: a whole schedule at once, each machine taking the most urgent of what waits for it.

The rule is apparent tardiness cost with look-ahead (Vepsalainen and Morton 1987, ATC):
weight / work * exp(-max(0, d - work - t) / (k * mean work)), d the latest end that keeps the due date when what follows
takes ``b`` times its work; k = 0 is earliest d first. Weights run back from what is due, shared among what a node waits for.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.chance import uniform
from gemba.solvers.compiled.heap import first_moment, pop, push
from gemba.solvers.search.shop import (
    CALENDAR,
    DEADLINE,
    DUE,
    END,
    FAR,
    FROM_START,
    IN,
    IN_END,
    KIND,
    LAG,
    MACHINE,
    NODE,
    OUT,
    OUT_END,
    RELEASE,
    SLOT,
    SLOT_END,
    START,
    TO_END,
    WORK,
)
from gemba.solvers.search.timing import arc_ready, list_costs, place

_EARLY = 40.0  # noise of earliest d first, in units of work


@kernel
def topological(nodes, arcs_out, order):  # type: ignore[no-untyped-def]
    """Write the nodes, earlier ones of arcs first; returns how many there are (fewer than all where arcs run in a circle)."""
    n = len(nodes)
    waits, size = nodes[:, IN_END] - nodes[:, IN], 0
    for node in range(n):
        if waits[node] == 0:
            order[size] = node
            size += 1
    i = 0
    while i < size:
        for arc in range(nodes[order[i], OUT], nodes[order[i], OUT_END]):
            other = arcs_out[arc, NODE]
            waits[other] -= 1
            if waits[other] == 0:
                order[size] = other
                size += 1
        i += 1
    return size


@kernel
def lasting(nodes, stretch, node):  # type: ignore[no-untyped-def]
    """Seconds that a node's work takes with its closed hours, on average."""
    c = nodes[node, CALENDAR]
    return nodes[node, WORK] * (stretch[c] if c >= 0 else 1.0)


@kernel
def goals(shop, order, b):  # type: ignore[no-untyped-def]
    """(latest end, weight) of each node by what is due after it."""
    nodes, weight, arcs, stretch = shop.nodes, shop.weight, shop.arcs_out, shop.stretch
    n = len(nodes)
    latest, total = np.full(n, 1e15), np.zeros(n)
    for node in range(n):
        latest[node] = min(nodes[node, DUE], nodes[node, DEADLINE])
        total[node] = weight[node] if nodes[node, DUE] < FAR else 0.0
    for i in range(len(order) - 1, -1, -1):
        node = order[i]
        for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
            other, kind = arcs[arc, NODE], arcs[arc, KIND]
            moment = latest[other] - arcs[arc, LAG]
            moment -= 0.0 if kind & TO_END else b * lasting(nodes, stretch, other)
            moment += lasting(nodes, stretch, node) if kind & FROM_START else 0.0
            latest[node] = min(latest[node], moment)
            total[node] += total[other] / (nodes[other, IN_END] - nodes[other, IN])
    return latest, total


@kernel
def urgencies(shop, random, order, k, b, noise):  # type: ignore[no-untyped-def]
    """(latest start, logarithm of weight / work) of each node, shaken, and the mean work of those on machines."""
    nodes, stretch = shop.nodes, shop.stretch
    latest, weight = goals(shop, order, b)
    mean, used = 0.0, 0
    for node in range(len(nodes)):
        work = max(1.0, lasting(nodes, stretch, node))
        if nodes[node, SLOT] < nodes[node, SLOT_END]:
            mean, used = mean + work, used + 1
        shake = noise * (2.0 * uniform(random) - 1.0)
        weight[node] = np.log(max(weight[node], 1e-15) * (1.0 + shake) / work)
        latest[node] += shake * _EARLY * work if k <= 0 else -work
    return latest, weight, mean / max(used, 1)


@kernel
def most_urgent(nodes, slots, free, queue, first, last, now, latest, weight, scale):  # type: ignore[no-untyped-def]
    """Where in the queue the most urgent node is whose machines are all free; -1 where none is."""
    best, most = -1, -np.inf
    for q in range(first, last):
        node = queue[q]
        u = -latest[node] if scale <= 0 else weight[node] - max(0.0, latest[node] - now) / scale
        if u > most:
            for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
                if free[slots[slot, MACHINE]] > now:
                    u = -np.inf
            if u > most:
                best, most = q, u
    return best


@kernel
def run(shop, times, node, now, waits, heap, size):  # type: ignore[no-untyped-def]
    """Place a node, and announce those that waited only for it."""
    nodes, arcs_in, arcs_out = shop.nodes, shop.arcs_in, shop.arcs_out
    times[node, START], times[node, END] = place(
        nodes, shop.slots, shop.busy_ptr, shop.busy, shop.open_ptr, shop.open, node, now
    )
    for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
        other = arcs_out[arc, NODE]
        waits[other] -= 1
        if waits[other] == 0:
            moment = max(now, nodes[other, RELEASE])
            for a in range(nodes[other, IN], nodes[other, IN_END]):
                moment = max(moment, arc_ready(nodes, arcs_in, shop.open_ptr, shop.open, times, a, other))
            size = push(heap, size, moment, other)
    return size


@kernel
def queues(shop):  # type: ignore[no-untyped-def]
    """Where each machine's queue begins: nodes queue at their first machine."""
    nodes, slots = shop.nodes, shop.slots
    ptr = np.zeros(len(shop.busy_ptr), np.int64)
    for node in range(len(nodes)):
        if nodes[node, SLOT] < nodes[node, SLOT_END]:
            ptr[slots[nodes[node, SLOT], MACHINE] + 1] += 1
    for m in range(len(ptr) - 1):
        ptr[m + 1] += ptr[m]
    return ptr


@kernel
def touch(dirty, touched, count, m):  # type: ignore[no-untyped-def]
    """Note a machine whose queue is to be looked at; returns how many there are."""
    if dirty[m]:
        return count
    dirty[m] = 1
    touched[count] = m
    return count + 1


@kernel
def arrive(shop, times, now, n, waits, heap, size, ptr, queue, length, dirty, touched):  # type: ignore[no-untyped-def]
    """Handle all events of a moment: nodes join queues, machines become free. Returns (size of heap, touched)."""
    nodes, slots, count = shop.nodes, shop.slots, 0
    while size > 0 and first_moment(heap) == now:
        event = pop(heap, size)
        size -= 1
        if event >= n:
            count = touch(dirty, touched, count, event - n)
        elif nodes[event, SLOT] == nodes[event, SLOT_END]:
            size = run(shop, times, event, now, waits, heap, size)
        else:
            m = slots[nodes[event, SLOT], MACHINE]
            queue[ptr[m] + length[m]] = event
            length[m] += 1
            count = touch(dirty, touched, count, m)
    return size, count


@kernel
def dispatch(shop, state, order, k, b, noise):  # type: ignore[no-untyped-def]
    """Write a schedule's times; ``noise`` shakes every urgency by up to that share. ``order`` is ``topological``'s."""
    nodes, slots, times = shop.nodes, shop.slots, state.times
    n, machines = len(nodes), len(shop.busy_ptr) - 1
    latest, weight, mean = urgencies(shop, state.random, order, k, b, noise)
    ptr = queues(shop)
    several = len(slots) > ptr[-1]  # nodes on several machines: any machine that is free again may let any queue go on
    queue, length = np.empty(n, np.int64), np.zeros(machines, np.int64)
    free, dirty, touched = np.zeros(machines, np.int64), np.zeros(machines, np.uint8), np.empty(machines, np.int64)
    waits = nodes[:, IN_END] - nodes[:, IN]
    heap, size = np.empty(2 * n + len(slots) + 1, np.int64), 0
    for node in range(n):
        if waits[node] == 0:
            size = push(heap, size, nodes[node, RELEASE], node)
    while size > 0:
        now = first_moment(heap)
        size, count = arrive(shop, times, now, n, waits, heap, size, ptr, queue, length, dirty, touched)
        for m in range(machines) if several else range(0):
            count = touch(dirty, touched, count, m)
        for i in range(count):
            m = touched[i]
            dirty[m] = 0
            while True:  # nodes without work leave the machine free
                q = most_urgent(nodes, slots, free, queue, ptr[m], ptr[m] + length[m], now, latest, weight, k * mean)
                if q < 0:
                    break
                node = queue[q]
                length[m] -= 1
                queue[q] = queue[ptr[m] + length[m]]
                size = run(shop, times, node, now, waits, heap, size)
                for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
                    if times[node, END] > free[slots[slot, MACHINE]]:
                        free[slots[slot, MACHINE]] = times[node, END]
                        size = push(heap, size, times[node, END], n + slots[slot, MACHINE])
    list_costs(shop, state)
