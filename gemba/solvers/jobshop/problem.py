"""A job shop: jobs of any length, machines that do one operation at a time, a makespan to keep short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Longs = NDArray[np.int64]

#: Operations and machines in one shop: a moment and an operation share 62 bits of a key in the dispatch.
MOST_OPERATIONS = 1 << 20
#: Longest possible schedule, in units of time.
MOST_TIME = 1 << 40


@dataclass(frozen=True)
class JobShop:
    """J jobs of n operations in all, on m machines. Times are whole numbers of any one unit.

    Operations are numbered job by job in the order in which the job needs them; a job may come to a machine again.

    Args:
        job_ptr: (J + 1) the operations of job j are ``job_ptr[j]`` to ``job_ptr[j + 1] - 1``; no job is without any.
        machine: (n) of each operation, from 0.
        duration: (n) of each operation, 0 or more.
        release: (J) earliest start of each job; 0 if not given.
        tail: (J) what follows the last operation of each job without a machine; 0 if not given.

    Raises:
        ValueError: the arrays do not fit one another, or a number is out of range.
    """

    job_ptr: Longs
    machine: Longs
    duration: Longs
    release: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    tail: Longs = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        for name in ("job_ptr", "machine", "duration", "release", "tail"):
            given = np.asarray(getattr(self, name))
            if given.ndim != 1 or (len(given) and given.dtype.kind not in "iu"):
                raise ValueError(f"{name} is not a list of whole numbers")
            object.__setattr__(self, name, np.ascontiguousarray(given, np.int64))
        for name in ("release", "tail"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.zeros(max(0, len(self.job_ptr) - 1), np.int64))
        self._validate()

    def _validate(self) -> None:
        jobs, n = self.jobs, len(self.machine)
        if jobs < 1 or self.job_ptr[0] != 0 or self.job_ptr[-1] != n or (np.diff(self.job_ptr) < 1).any():
            raise ValueError("job_ptr does not divide the operations among the jobs, at least one each")
        if len(self.duration) != n or len(self.release) != jobs or len(self.tail) != jobs:
            raise ValueError("machine and duration need one number an operation, release and tail one a job")
        if min(a.min() for a in (self.machine, self.duration, self.release, self.tail)) < 0:
            raise ValueError("a machine, duration, release or tail is negative")
        if n + self.machine.max() >= MOST_OPERATIONS:
            raise ValueError(f"more than {MOST_OPERATIONS:,} operations and machines")
        if float(self.duration.sum()) + float(self.release.max()) + float(self.tail.max()) > MOST_TIME:
            raise ValueError(f"durations, release and tail come to more than {MOST_TIME:,} units of time")

    @classmethod
    def of(cls, jobs: Sequence[Sequence[tuple[int, int]]], **more: ArrayLike) -> JobShop:
        """From a list of (machine, duration) for each job."""
        flat = np.array([pair for job in jobs for pair in job], np.int64).reshape(-1, 2)
        arrays: dict[str, Any] = {name: np.asarray(numbers) for name, numbers in more.items()}
        return cls(np.cumsum([0, *map(len, jobs)]), flat[:, 0], flat[:, 1], **arrays)

    @property
    def jobs(self) -> int:
        return len(self.job_ptr) - 1

    @property
    def operations(self) -> int:
        return len(self.machine)

    @cached_property
    def machines(self) -> int:
        """How many; those without operations up to the highest number count."""
        return int(self.machine.max()) + 1

    @cached_property
    def job(self) -> Longs:
        """(n) of each operation."""
        return np.repeat(np.arange(self.jobs), np.diff(self.job_ptr))

    @cached_property
    def head(self) -> Longs:
        """(n) earliest start of each operation were its job alone."""
        before = np.cumsum(self.duration) - self.duration
        return before - before[self.job_ptr[self.job]] + self.release[self.job]

    @cached_property
    def rest(self) -> Longs:
        """(n) least time from each operation's start to the end of its job's tail."""
        through = np.cumsum(self.duration)
        return through[self.job_ptr[self.job + 1] - 1] - through + self.duration + self.tail[self.job]


def by_start(problem: JobShop, start: Longs) -> Longs:
    """All operations in the order of their starts; of those at one moment the ones that take no time first."""
    return np.lexsort((np.arange(problem.operations), start + problem.duration, start)).astype(np.int64)
