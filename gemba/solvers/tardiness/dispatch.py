"""Dispatching of plain job shops: the rule of ``gemba.solvers.search.rule`` without hours, slots and arcs, and so the faster."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.compiled.heap import first_moment, pop, push
from gemba.solvers.tardiness.rows import DUE, JOB, MACHINE, NEXT, RELEASE, START, WORK, cost

#: Places of a rule's parameters (see ``Rule``), and columns of what it knows of an operation.
SCALE, AHEAD, WAIT, SHARE, SOFT, QUEUE = range(6)
LATEST, STEADY, FOLLOWING, SELF = range(4)
_EARLY = 40.0


@kernel
def know(operations, weight, rule, mean, machines, offset, known):  # type: ignore[no-untyped-def]
    """Write what the rule knows of each operation, (n, 4): latest start, the part of its urgency that never changes, the
    machine of the next operation (their number: none), and the operation."""
    latest, coming = 0.0, 0.0
    for o in range(len(operations) - 1, -1, -1):
        work, following = operations[o, WORK], machines
        if operations[o, NEXT] < 0:
            latest, coming = float(operations[o, DUE]), 0.0
        else:
            after = operations[o + 1, WORK]
            latest -= rule[AHEAD] * after + rule[WAIT] * mean
            coming += after
            following = operations[o + 1, MACHINE]
        known[o, LATEST], known[o, FOLLOWING], known[o, SELF] = latest - work, following, o
        if rule[SCALE] <= 0:
            known[o, STEADY] = offset[o] * _EARLY * work
        else:
            ratio = max(weight[operations[o, JOB]], 1e-15) / (max(work, 1.0) + rule[SHARE] * coming)
            known[o, STEADY] = np.log(ratio) + offset[o]


@kernel
def most_urgent(queue, first, last, now, burden, scale, soft):  # type: ignore[no-untyped-def]
    """Where in the queue the most urgent operation is."""
    best, most = first, -np.inf
    for q in range(first, last):
        u = queue[q, STEADY] - burden[int(queue[q, FOLLOWING])]
        if scale <= 0:
            u -= queue[q, LATEST]
        elif u > most:
            slack = (queue[q, LATEST] - now) / scale
            if slack >= soft:
                u -= slack
            elif slack > -soft:
                u -= (slack + soft) * (slack + soft) * 0.25 / soft
        if u > most:
            best, most = q, u
    return best


@kernel
def copy(rows, i, others, j):  # type: ignore[no-untyped-def]
    """Write row j of others to row i of rows (of four columns: one by one is faster than as slices)."""
    rows[i, LATEST], rows[i, STEADY] = others[j, LATEST], others[j, STEADY]
    rows[i, FOLLOWING], rows[i, SELF] = others[j, FOLLOWING], others[j, SELF]


@kernel
def arrive(operations, known, now, heap, size, ptr, queue, length, waiting, touched, dirty):  # type: ignore[no-untyped-def]
    """All events of a moment: operations join queues, machines become free. Returns (size of heap, machines touched)."""
    n, count = len(operations), 0
    while size > 0 and first_moment(heap) == now:
        event = pop(heap, size)
        size -= 1
        if event >= n:
            m = event - n
        else:
            m = operations[event, MACHINE]
            copy(queue, ptr[m] + length[m], known, event)
            length[m] += 1
            waiting[m] += operations[event, WORK]
        if not dirty[m]:
            dirty[m] = 1
            touched[count] = m
            count += 1
    return size, count


@making_kernel
def dispatch(operations, weight, ptr, rule, mean, offset, schedule, known, queue, heap):  # type: ignore[no-untyped-def]
    """Write the starts of a schedule; returns its cost. ``ptr`` (m + 1) is where each machine's queue begins.

    ``known`` and ``queue``, (n, 4), and ``heap``, (n + m), are room to work in.
    """
    n, machines = len(operations), len(ptr) - 1
    know(operations, weight, rule, mean, machines, offset, known)
    scale, soft = rule[SCALE] * mean, max(rule[SOFT], 1e-9)
    length, free, waiting = np.zeros(machines, np.int64), np.zeros(machines, np.int64), np.zeros(machines)
    burden, touched, dirty = np.zeros(machines + 1), np.empty(machines, np.int64), np.zeros(machines, np.uint8)
    size, total = 0, 0.0
    for o in range(n):
        if o == 0 or operations[o - 1, NEXT] < 0:
            size = push(heap, size, operations[o, RELEASE], o)
    while size > 0:
        now = first_moment(heap)
        size, count = arrive(operations, known, now, heap, size, ptr, queue, length, waiting, touched, dirty)
        for i in range(count):
            m = touched[i]
            dirty[m] = 0
            if rule[QUEUE] != 0.0:
                burden[m] = rule[QUEUE] * np.log(1.0 + waiting[m] / mean)
            while free[m] <= now and length[m] > 0:  # operations without work leave the machine free
                q = most_urgent(queue, ptr[m], ptr[m] + length[m], now, burden, scale, soft)
                o = int(queue[q, SELF])
                length[m] -= 1
                copy(queue, q, queue, ptr[m] + length[m])
                end = now + operations[o, WORK]
                schedule[o, START] = now
                total += cost(operations, weight, o, now)
                waiting[m] -= operations[o, WORK]
                if rule[QUEUE] != 0.0:
                    burden[m] = rule[QUEUE] * np.log(1.0 + waiting[m] / mean)
                if end > now:
                    free[m] = end
                    size = push(heap, size, end, n + m)
                if operations[o, NEXT] >= 0:
                    size = push(heap, size, end, o + 1)
    return total
