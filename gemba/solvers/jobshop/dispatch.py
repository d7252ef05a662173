"""Dispatching rules: a whole schedule at once, each free machine taking the most urgent operation that waits for it.

Urgent is what much work follows, the work on loaded machines counting more (most work remaining, and its relatives; Panwalkar
and Iskander 1977). A rule may as well build the schedule backwards from the end: the shop with all jobs turned round.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.compiled.heap import first_moment, pop, push
from gemba.solvers.jobshop.graph import COMPLETION, TAIL
from gemba.solvers.jobshop.problem import JobShop, Longs

#: Rules always tried: (power of a machine's load, how many times an operation's own duration counts against it).
RULES = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (2.0, 1.0), (4.0, 0.0), (0.0, 3.0))


@kernel
def hand_out(machine, free, queue, ptr, length, now, duration, job, events, size, line, done):  # type: ignore[no-untyped-def]
    """Give a machine, if it is free, its most urgent operation; returns (size of the heap of events, operations given out)."""
    if free[machine] > now or length[machine] == 0:
        return size, done
    operation = pop(queue[ptr[machine] : ptr[machine + 1]], length[machine])
    length[machine] -= 1
    line[done] = operation
    end = now + duration[operation]
    free[machine] = end
    size = push(events, size, end, len(line) + machine)
    if operation + 1 < len(line) and job[operation + 1] == job[operation]:
        size = push(events, size, end, operation + 1)
    return size, done + 1


@making_kernel
def dispatch(job_ptr, job, machine, duration, release, rank, line):  # type: ignore[no-untyped-def]
    """Write all operations in the order of their starts. ``rank`` (n): the lower the more urgent."""
    operations, machines = len(machine), machine.max() + 1
    ptr, length, free = np.zeros(machines + 1, np.int64), np.zeros(machines, np.int64), np.zeros(machines, np.int64)
    for m in machine:
        ptr[m + 1] += 1
    for m in range(machines):
        ptr[m + 1] += ptr[m]
    queue, touched = np.empty(operations, np.int64), np.empty(2 * operations, np.int64)
    events, size, done = np.empty(2 * operations + 1, np.int64), 0, 0
    for j in range(len(release)):
        size = push(events, size, release[j], job_ptr[j])
    while size > 0:
        now, count = first_moment(events), 0
        while size > 0 and first_moment(events) == now:
            event = pop(events, size)
            size -= 1
            m = event - operations
            if m < 0:
                m = machine[event]
                length[m] = push(queue[ptr[m] : ptr[m + 1]], length[m], rank[event], event)
            touched[count] = m
            count += 1
        for i in range(count):
            size, done = hand_out(
                touched[i], free, queue, ptr, length, now, duration, job, events, size, line, done
            )  # fmt: skip


def backwards(problem: JobShop) -> JobShop:
    """The shop with time turned round: operation i becomes n - 1 - i."""
    n = problem.operations
    return JobShop(
        n - problem.job_ptr[::-1],
        problem.machine[::-1],
        problem.duration[::-1],
        problem.tail[::-1],
        problem.release[::-1],
    )


def follow(problem: JobShop, urgency: np.ndarray) -> Longs:
    """All operations in the order of their starts, the more urgent first; ``urgency`` (n)."""
    rank = np.empty(problem.operations, np.int64)
    rank[np.argsort(-urgency, kind="stable")] = np.arange(problem.operations)
    line = np.empty(problem.operations, np.int64)
    dispatch(problem.job_ptr, problem.job, problem.machine, problem.duration, problem.release, rank, line)
    return line


@dataclass(slots=True)
class Rules:
    """One rule after the other: the fixed ones forwards and backwards, then others by chance."""

    problem: JobShop
    random: np.random.Generator
    tried: int = 0
    _turned: JobShop = field(init=False)
    _back: bool = False

    def __post_init__(self) -> None:
        self._turned = backwards(self.problem)

    def line(self) -> Longs:
        """All operations in an order that agrees with the jobs, by the next rule."""
        at, self.tried = self.tried, self.tried + 1
        turned = at % 2 == 1
        if at < 2 * len(RULES):
            power, own = RULES[at // 2]
            noise = 0.0
        else:
            power, own = float(self.random.choice((0, 0, 1, 2, 4, 8))), float(self.random.uniform(0, 4))
            noise = float(self.random.choice((0, 0.5, 2, 8)))
        shop = self._turned if turned else self.problem
        line = follow(shop, urgency(shop, power, own, noise, self.random))
        return shop.operations - 1 - line[::-1] if turned else line

    def again(self, nodes: Longs) -> Longs:
        """An order made from a schedule, forwards and backwards in turn: urgent is what was late there, seen from the other end.

        ``nodes``: the rows of the operations. (As forward-backward improvement of projects does; Li and Willis 1992.)
        """
        self._back = not self._back
        if not self._back:
            return follow(self.problem, nodes[:, TAIL])
        return self.problem.operations - 1 - follow(self._turned, nodes[::-1, COMPLETION])[::-1]


def urgency(problem: JobShop, power: float, own: float, noise: float, random: np.random.Generator) -> np.ndarray:
    """(n) work that follows, weighted by (load / greatest load) ** power of its machine, less ``own`` times the duration.

    ``noise`` adds up to so many mean durations by chance.
    """
    load = np.bincount(problem.machine, weights=problem.duration, minlength=problem.machines)
    weighted = problem.duration * (load[problem.machine] / max(1.0, load.max())) ** power
    through = np.cumsum(weighted)
    found: np.ndarray = through[problem.job_ptr[problem.job + 1] - 1] - through + weighted + problem.tail[problem.job]
    found = found - own * weighted
    if noise:
        found = found + noise * weighted.mean() * random.random(len(found))
    return found
