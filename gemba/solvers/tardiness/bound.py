"""Lower bounds: each job alone, and each machine alone with the jobs' weights shared among the machines.

Whatever part u of its weight a job gives to a machine: w T >= sum of u (C + tail - due), C its end there. On one machine the sum
of u C is at least that of u (M + work / 2), M the mean time at which the job is worked on when jobs may be interrupted, and
doing always the job of most u / work that is there makes this least (Goemans 1997). Parts follow the subgradient.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.compiled.heap import pop, push
from gemba.solvers.tardiness.problem import Floats, Longs, Problem

_SLOWER, _PATIENCE, _LEAST_STEP = 0.85, 3, 0.02
_REACH = 0.3  # of the objective, that a step of 1 aims to gain


@kernel
def interrupt(ptr, by_head, head, work, rank, by_rank, part, heap, left, middle):  # type: ignore[no-untyped-def]
    """Write the mean time at which each operation is worked on, best rank first, on each machine alone.

    ``by_head``: operations by machine (from ``ptr``) and head, those whose ``part`` is 0 are left out.
    """
    for m in range(len(ptr) - 1):
        i, last, size, now = ptr[m], ptr[m + 1], 0, 0
        while i < last or size > 0:
            if size == 0:
                now = max(now, head[by_head[i]])
            while i < last and head[by_head[i]] <= now:
                o = by_head[i]
                i += 1
                if part[o] > 0:
                    size = push(heap, size, rank[o], o)
            if size == 0:
                continue
            o = by_rank[heap[0] >> 20]
            until = now + left[o]
            if i < last:
                until = min(until, head[by_head[i]])
            middle[o] += (until - now) * (until + now) * 0.5 / work[o]
            left[o] -= until - now
            now = until
            if left[o] == 0:
                pop(heap, size)
                size -= 1


class Bound:
    """The best bound so far, and parts of weights that may give a better one."""

    def __init__(self, problem: Problem) -> None:
        ptr, work = problem.ptr, problem.work
        self.problem = problem
        self.job = np.repeat(np.arange(len(problem.due)), np.diff(ptr))
        done = np.cumsum(work)
        before = done - work
        self.head: Longs = problem.release[self.job] + before - before[ptr[:-1]][self.job]
        self.tail: Longs = done[ptr[1:] - 1][self.job] - done
        self.alone = np.maximum(0, problem.release + done[ptr[1:] - 1] - before[ptr[:-1]] - problem.due).astype(
            np.float64
        )
        self.by_head = np.lexsort((self.head, problem.machine)).astype(np.int64)
        self.machines = np.concatenate([[0], np.cumsum(np.bincount(problem.machine, minlength=problem.machines))])
        self.part: Floats = np.zeros(problem.size)
        self.best = float((problem.weight * self.alone).sum())
        self._step, self._failed = 0.0, 0

    @property
    def value(self) -> float:
        return max(0.0, self.best * (1 - 1e-9))

    @property
    def open(self) -> bool:
        """Whether to go on."""
        return self._step == 0.0 or self._step > _LEAST_STEP

    def tighten(self, start: Longs, objective: float) -> None:
        """Improve the bound once, of a schedule of that cost; weights are given to machines as jobs wait there at first."""
        p = self.problem
        if self._step == 0.0:
            self._step, self.part = 1.0, self._first(start)
        gain = self._lateness() - self.alone[self.job]
        found = float((p.weight * self.alone).sum() + (self.part * gain).sum())
        self._failed += 1
        if found > self.best:
            self.best, self._failed = found, 0
        elif self._failed >= _PATIENCE:
            self._step, self._failed = self._step * _SLOWER, 0
        gain[(self.part <= 0) & (gain < 0)] = 0.0
        norm = float((gain * gain).sum())
        if norm <= 0 or objective <= found:
            self._step = _LEAST_STEP
            return
        part = np.maximum(0.0, self.part + self._step * _REACH * objective / norm * gain)
        part[p.work == 0] = 0.0
        total = np.bincount(self.job, part, len(p.due))
        self.part = part * np.minimum(1.0, p.weight / np.maximum(total, 1e-300))[self.job]

    def _first(self, start: Longs) -> Floats:
        """Weights of late jobs, given to machines by how long the job waits for them."""
        p = self.problem
        ready = np.concatenate([[0], (start + p.work)[:-1]])
        ready[p.ptr[:-1]] = p.release
        waits = np.where(p.work > 0, (start - ready).astype(np.float64), 0.0)
        total = np.bincount(self.job, waits, len(p.due))
        late = (start + p.work)[p.ptr[1:] - 1] > p.due
        return waits * np.where(late, p.weight / np.maximum(total, 1e-300), 0.0)[self.job] * (total > 0)[self.job]

    def _lateness(self) -> Floats:
        """Of each job by each of its operations in the relaxed schedules, (n)."""
        p = self.problem
        by_rank = np.argsort(-self.part / np.maximum(p.work, 1), kind="stable").astype(np.int64)
        rank = np.empty(p.size, np.int64)
        rank[by_rank] = np.arange(p.size)
        middle, heap = np.zeros(p.size), np.empty(p.size + 1, np.int64)
        interrupt(self.machines, self.by_head, self.head, p.work, rank, by_rank, self.part, heap, p.work.copy(), middle)
        middle = np.where(self.part > 0, middle, self.head + p.work / 2)
        return middle + p.work / 2 + self.tail - p.due[self.job]
