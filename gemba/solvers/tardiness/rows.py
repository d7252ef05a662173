"""What kernels read and write of an operation: one row of fixed figures, one row of its place in the schedule."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.tardiness.problem import NEVER, Longs, Problem

#: Columns of ``Operations``, (n, 8): the operations of the job before and after (-1: none), release and due date of the job
#: where the operation is its first and last (0 and ``NEVER`` elsewhere), the job.
WORK, PREVIOUS, NEXT, RELEASE, DUE, MACHINE, JOB = range(7)
#: Columns of a schedule, (n, 4): start, the operations before and after on the machine (-1: none), the move that changed it.
START, BEFORE, AFTER, STAMP = range(4)


def operations(problem: Problem) -> Longs:
    """The fixed rows."""
    n, ptr = problem.size, problem.ptr
    rows = np.zeros((n, 8), np.int64)
    rows[:, WORK], rows[:, MACHINE] = problem.work, problem.machine
    rows[:, PREVIOUS], rows[:, NEXT] = np.arange(n) - 1, np.arange(n) + 1
    rows[ptr[:-1], PREVIOUS], rows[ptr[1:] - 1, NEXT] = -1, -1
    rows[ptr[:-1], RELEASE] = problem.release
    rows[:, DUE] = NEVER
    rows[ptr[1:] - 1, DUE] = problem.due
    rows[:, JOB] = np.repeat(np.arange(len(problem.due)), np.diff(ptr))
    return rows


def link(problem: Problem, start: Longs, schedule: Longs) -> None:
    """Write the sequences of a schedule's starts (ties: what takes no time first, then in the order of operations)."""
    machine = problem.machine
    order = np.lexsort((np.arange(problem.size), problem.work, start, machine))
    schedule[:, START], schedule[:, BEFORE], schedule[:, AFTER] = start, -1, -1
    same = machine[order[1:]] == machine[order[:-1]]
    schedule[order[1:][same], BEFORE] = order[:-1][same]
    schedule[order[:-1][same], AFTER] = order[1:][same]


@kernel
def earliest(operations, schedule, o):  # type: ignore[no-untyped-def]
    """When an operation can start by its release, its job and its machine."""
    moment = operations[o, RELEASE]
    before = operations[o, PREVIOUS]
    if before >= 0:
        moment = max(moment, schedule[before, START] + operations[before, WORK])
    before = schedule[o, BEFORE]
    if before >= 0:
        moment = max(moment, schedule[before, START] + operations[before, WORK])
    return moment


@kernel
def time_all(operations, schedule, queue, waits):  # type: ignore[no-untyped-def]
    """Start everything as early as the sequences allow; False where these contradict the jobs."""
    n, first, last = len(operations), 0, 0
    for o in range(n):
        waits[o] = (operations[o, PREVIOUS] >= 0) + (schedule[o, BEFORE] >= 0)
        if waits[o] == 0:
            queue[last] = o
            last += 1
    while first < last:
        o = queue[first]
        first += 1
        schedule[o, START] = earliest(operations, schedule, o)
        for other in (operations[o, NEXT], schedule[o, AFTER]):
            if other >= 0:
                waits[other] -= 1
                if waits[other] == 0:
                    queue[last] = other
                    last += 1
    return last == n


@kernel
def cost(operations, weight, o, start):  # type: ignore[no-untyped-def]
    """What it costs that an operation starts then."""
    return weight[operations[o, JOB]] * max(0, start + operations[o, WORK] - operations[o, DUE])
