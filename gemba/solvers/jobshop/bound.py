"""Makespans that no schedule beats, from one job or one machine at a time."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import copy_line, kernel
from gemba.solvers.compiled.heap import pop, push
from gemba.solvers.jobshop.problem import JobShop, Longs


@kernel
def preemptive(head, duration, tail, by_head, rank, heap, left):  # type: ignore[no-untyped-def]
    """Shortest makespan of operations on one machine that may be interrupted (Jackson 1955; Carlier 1982).

    Always the one with the longest tail of those that have arrived. ``rank`` (k): by tail, the longest first.
    """
    size, at, now, most = 0, 0, np.int64(0), np.int64(0)
    copy_line(left, duration)
    while at < len(head) or size > 0:
        if size == 0:
            now = max(now, head[by_head[at]])
        while at < len(head) and head[by_head[at]] <= now:
            size = push(heap, size, rank[by_head[at]], by_head[at])
            at += 1
        most_urgent = pop(heap, size)
        size -= 1
        until = now + left[most_urgent]
        if at < len(head) and head[by_head[at]] < until:
            left[most_urgent] -= head[by_head[at]] - now
            now = head[by_head[at]]
            size = push(heap, size, rank[most_urgent], most_urgent)
        else:
            now = until
            most = max(most, now + tail[most_urgent])
    return most


def one_machine(head: Longs, duration: Longs, tail: Longs) -> int:
    """Shortest makespan of one machine's operations (k), each with a head before it and a tail behind, if interrupted at will."""
    rank = np.empty(len(head), np.int64)
    rank[np.argsort(-tail, kind="stable")] = np.arange(len(head))
    room = np.empty((2, len(head) + 1), np.int64)
    return int(
        preemptive(head, duration, tail, np.argsort(head, kind="stable"), rank, room[0], room[1, :-1])
    )  # fmt: skip


def lower_bound(problem: JobShop) -> int:
    """The longest job, or the machine that takes longest with heads and tails by the jobs."""
    longest = int((problem.head + problem.rest).max())
    by_machine = np.split(
        np.argsort(problem.machine, kind="stable"), np.cumsum(np.bincount(problem.machine, minlength=problem.machines))
    )
    tail = problem.rest - problem.duration
    return max(
        longest, *(one_machine(problem.head[on], problem.duration[on], tail[on]) for on in by_machine if len(on))
    )
