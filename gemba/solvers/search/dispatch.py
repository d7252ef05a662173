"""Dispatching: a whole schedule at once, each machine taking the most urgent of what waits for it (see ``rule``)."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.compiled.heap import first_moment, pop, push
from gemba.solvers.search.rule import (
    FOLLOWING,
    LATEST,
    QUEUE,
    SCALE,
    SELF,
    SOFT,
    STEADY,
    delay,
    knowledge,
    lasting,
    mean_work,
)
from gemba.solvers.search.shop import (
    END,
    IN,
    IN_END,
    MACHINE,
    NODE,
    OUT,
    OUT_END,
    RELEASE,
    SLOT,
    SLOT_END,
    START,
)
from gemba.solvers.search.timing import arc_ready, list_costs, place


@making_kernel
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
def copy(rows, i, others, j):  # type: ignore[no-untyped-def]
    """Write row j of others to row i of rows (of four columns: one by one is faster than as slices)."""
    rows[i, LATEST], rows[i, STEADY] = others[j, LATEST], others[j, STEADY]
    rows[i, FOLLOWING], rows[i, SELF] = others[j, FOLLOWING], others[j, SELF]


@kernel
def all_free(nodes, slots, free, node, now):  # type: ignore[no-untyped-def]
    last = 0
    for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        last = max(last, free[slots[slot, MACHINE]])
    return last <= now


@kernel
def most_urgent(nodes, slots, free, queue, first, last, now, burden, scale, soft, several):  # type: ignore[no-untyped-def]
    """Where in the queue the most urgent node is whose machines are all free; -1 where none is.

    A queue's rows are what the rule knows of its nodes. Their machine is free; ``several``: they may need others.
    """
    best, most = -1, -np.inf
    for q in range(first, last):
        u = queue[q, STEADY] - burden[int(queue[q, FOLLOWING])]
        if u <= most and scale > 0:
            continue
        u -= delay(queue[q, LATEST], now, scale, soft)
        if u > most and (not several or all_free(nodes, slots, free, int(queue[q, SELF]), now)):
            best, most = q, u
    return best


@kernel
def run(nodes, arcs_in, arcs_out, slots, busy_ptr, busy, open_ptr, opened, times, node, now, waits, heap, size):  # type: ignore[no-untyped-def]
    """Place a node, and announce those that waited only for it."""
    times[node, START], times[node, END] = place(nodes, slots, busy_ptr, busy, open_ptr, opened, node, now)
    for arc in range(nodes[node, OUT], nodes[node, OUT_END]):
        other = arcs_out[arc, NODE]
        waits[other] -= 1
        if waits[other] == 0:
            moment = max(now, nodes[other, RELEASE])
            for a in range(nodes[other, IN], nodes[other, IN_END]):
                moment = max(moment, arc_ready(nodes, arcs_in, open_ptr, opened, times, a, other))
            size = push(heap, size, moment, other)
    return size


@making_kernel
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
def weigh(waiting, burden, m, work, mean, rule):  # type: ignore[no-untyped-def]
    """Work joins the queue of a machine, or leaves it: what that takes from the urgency of what goes there next."""
    waiting[m] += work
    burden[m] = rule[QUEUE] * np.log(1.0 + max(0.0, waiting[m]) / mean) if rule[QUEUE] != 0.0 else 0.0


@kernel
def arrive(  # type: ignore[no-untyped-def]
    nodes,
    arcs_in,
    arcs_out,
    slots,
    busy_ptr,
    busy,
    open_ptr,
    opened,
    times,
    now,
    waits,
    heap,
    size,
    ptr,
    queue,
    length,
    known,
    dirty,
    touched,
    joined,
):
    """Handle all events of a moment: nodes join queues, machines become free.

    Returns (size of heap, machines touched, nodes that joined).
    """
    n, count, new = len(nodes), 0, 0
    while size > 0 and first_moment(heap) == now:
        event = pop(heap, size)
        size -= 1
        if event >= n:
            count = touch(dirty, touched, count, event - n)
        elif nodes[event, SLOT] == nodes[event, SLOT_END]:
            size = run(
                nodes, arcs_in, arcs_out, slots, busy_ptr, busy, open_ptr, opened, times, event, now, waits, heap, size
            )
        else:
            m = slots[nodes[event, SLOT], MACHINE]
            copy(queue, ptr[m] + length[m], known, event)
            length[m] += 1
            joined[new] = event
            new += 1
            count = touch(dirty, touched, count, m)
    return size, count, new


@kernel
def start(nodes, arcs_in, arcs_out, slots, busy_ptr, busy, open_ptr, opened, times, node, now, waits, heap, size, free):  # type: ignore[no-untyped-def]
    """Run a node, and keep its machines until it ends; returns the size of the heap."""
    size = run(nodes, arcs_in, arcs_out, slots, busy_ptr, busy, open_ptr, opened, times, node, now, waits, heap, size)
    for slot in range(nodes[node, SLOT], nodes[node, SLOT_END]):
        if times[node, END] > free[slots[slot, MACHINE]]:
            free[slots[slot, MACHINE]] = times[node, END]
            size = push(heap, size, times[node, END], len(nodes) + slots[slot, MACHINE])
    return size


@kernel
def releases(nodes, waits, heap):  # type: ignore[no-untyped-def]
    """Announce the nodes that wait for none; returns how many there are."""
    size = 0
    for node in range(len(nodes)):
        if waits[node] == 0:
            size = push(heap, size, nodes[node, RELEASE], node)
    return size


@making_kernel
def dispatch(shop, state, order, rule, offset):  # type: ignore[no-untyped-def]
    """Write a schedule's times. ``rule`` is ``Rule.array()``, ``offset`` (n) is added to urgencies, ``order`` is
    ``topological``'s."""
    nodes, arcs_in, arcs_out, slots, times = shop.nodes, shop.arcs_in, shop.arcs_out, shop.slots, state.times
    busy_ptr, busy, open_ptr, opened, stretch = shop.busy_ptr, shop.busy, shop.open_ptr, shop.open, shop.stretch
    n, machines = len(nodes), len(shop.busy_ptr) - 1
    mean, known = mean_work(nodes, shop.stretch), np.empty((n, 4))
    knowledge(shop, order, rule, mean, offset, known)
    scale, soft = rule[SCALE] * mean, max(rule[SOFT], 1e-9)
    ptr = queues(shop)
    several = len(slots) > ptr[-1]  # nodes on several machines: any machine that is free again may let any queue go on
    queue, length, joined = np.empty((n, 4)), np.zeros(machines, np.int64), np.empty(n, np.int64)
    free, dirty, touched = np.zeros(machines, np.int64), np.zeros(machines, np.uint8), np.empty(machines, np.int64)
    waiting, burden, waits = np.zeros(machines), np.zeros(machines + 1), nodes[:, IN_END] - nodes[:, IN]
    heap = np.empty(2 * n + len(slots) + 1, np.int64)
    size = releases(nodes, waits, heap)
    while size > 0:
        now = first_moment(heap)
        size, count, new = arrive(
            nodes, arcs_in, arcs_out, slots, busy_ptr, busy, open_ptr, opened, times, now, waits, heap, size, ptr,
            queue, length, known, dirty, touched, joined
        )  # fmt: skip
        for i in range(new):
            node = joined[i]
            weigh(waiting, burden, slots[nodes[node, SLOT], MACHINE], lasting(nodes, stretch, node), mean, rule)
        for m in range(machines) if several else range(0):
            count = touch(dirty, touched, count, m)
        for i in range(count):
            m = touched[i]
            dirty[m] = 0
            while several or free[m] <= now:  # nodes without work leave the machine free
                q = most_urgent(
                    nodes, slots, free, queue, ptr[m], ptr[m] + length[m], now, burden, scale, soft, several
                )
                if q < 0:
                    break
                node = int(queue[q, SELF])
                length[m] -= 1
                copy(queue, q, queue, ptr[m] + length[m])
                weigh(waiting, burden, m, -lasting(nodes, stretch, node), mean, rule)
                size = start(
                    nodes, arcs_in, arcs_out, slots, busy_ptr, busy, open_ptr, opened, times, node, now, waits,
                    heap, size, free
                )  # fmt: skip
    list_costs(shop, state)
