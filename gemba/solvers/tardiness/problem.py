"""Job shops with weighted tardiness as flat arrays, and schedules of them checked from first principles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

NEVER = 1 << 42  # a due date that is never missed
MOST_OPERATIONS = 1 << 20  # a moment and an operation share a whole number


class Problem(NamedTuple):
    """n operations of j jobs on m machines, whole units of time. A job's operations follow one another, in order."""

    machine: Longs  # (n) by job, in order
    work: Longs  # (n) time on the machine, at least 0
    ptr: Longs  # (j + 1) operations of job i are those from ptr[i] to ptr[i + 1]
    release: Longs  # (j) before which a job does not start, at least 0
    due: Longs  # (j) after which it costs its weight for each unit of time
    weight: Floats  # (j) at least 0

    @property
    def size(self) -> int:
        return len(self.machine)

    @property
    def machines(self) -> int:
        return int(self.machine.max(initial=-1)) + 1


def problem(jobs: Sequence[Sequence[tuple[int, int]]], due: Any, weight: Any, release: Any = 0) -> Problem:
    """A problem from jobs, each a list of (machine, work).

    Raises:
        ValueError: where a job has no operation, a figure is negative, or there are too many operations.
    """
    ptr = np.concatenate([[0], np.cumsum([len(job) for job in jobs])]).astype(np.int64)
    rows = np.array([step for job in jobs for step in job], np.int64).reshape(-1, 2)
    count = len(jobs)
    columns = [
        np.broadcast_to(np.asarray(c, t), count).copy() for c, t in ((release, int), (due, int), (weight, float))
    ]
    found = Problem(rows[:, 0].copy(), rows[:, 1].copy(), ptr, *columns)
    if (np.diff(ptr) < 1).any():
        raise ValueError("each job must have an operation")
    if any((c < 0).any() for c in (found.machine, found.work, found.release, found.weight)):
        raise ValueError("machines, work, releases and weights must not be negative")
    if found.size >= MOST_OPERATIONS:
        raise ValueError(f"there must be fewer than {MOST_OPERATIONS} operations")
    return found


def objective(problem: Problem, start: Longs) -> float:
    """Total weighted tardiness: sum of weight x max(0, end - due)."""
    last = problem.ptr[1:] - 1
    return float((problem.weight * np.maximum(0, start[last] + problem.work[last] - problem.due)).sum())


def faults(problem: Problem, start: Longs) -> int:
    """How many operations begin before they may, or while their machine is at another one."""
    if len(start) != problem.size:
        return abs(len(start) - problem.size)
    end, wrong = start + problem.work, 0
    first = np.zeros(problem.size, bool)
    first[problem.ptr[:-1]] = True
    wrong += int((start[first] < problem.release).sum())
    wrong += int((start[1:] < end[:-1])[~first[1:]].sum())
    for machine in range(problem.machines):
        there = np.flatnonzero((problem.machine == machine) & (problem.work > 0))
        there = there[np.argsort(start[there], kind="stable")]
        wrong += int((start[there[1:]] < end[there[:-1]]).sum())
    return wrong
