"""The flexible job shop: jobs are chains of operations, each done in one of several modes (a machine and a duration)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]

_LONGEST = 1 << 30  # kernels keep times in 32 bits


@dataclass(frozen=True, eq=False, slots=True)
class FlexibleJobShop:
    """A flexible job shop with the makespan as its objective. A machine does one operation at a time, without interruption.

    Operations are numbered job by job, in the order in which their job needs them; modes operation by operation. One
    operation per job makes unrelated parallel machines, one mode per operation a job shop.

    Args:
        job_ptr: (jobs + 1,) where each job's operations begin; from 0 to the number of operations.
        mode_ptr: (operations + 1,) where each operation's modes begin; from 0 to the number of modes.
        mode_machine: (modes,) machine, from 0 on.
        mode_duration: (modes,) whole units of time, 0 or more.
        release: (jobs,) before which a job may not begin; all 0 unless given.

    Raises:
        ValueError: where the arrays do not fit together, an operation has no mode, or a time is negative or too long.
    """

    job_ptr: Longs
    mode_ptr: Longs
    mode_machine: Longs
    mode_duration: Longs
    release: Longs

    def __init__(
        self,
        job_ptr: Iterable[int],
        mode_ptr: Iterable[int],
        mode_machine: Iterable[int],
        mode_duration: Iterable[int],
        release: Iterable[int] | None = None,
    ) -> None:
        arrays = [_longs(values) for values in (job_ptr, mode_ptr, mode_machine, mode_duration)]
        arrays.append(_longs(release) if release is not None else np.zeros(max(0, len(arrays[0]) - 1), np.int64))
        for name, array in zip(self.__dataclass_fields__, arrays, strict=True):
            object.__setattr__(self, name, array)
        _check(self)

    @classmethod
    def of(
        cls, jobs: Sequence[Sequence[Sequence[tuple[int, int]]]], release: Iterable[int] | None = None
    ) -> FlexibleJobShop:
        """From nested lists: ``jobs[j][i]`` are the (machine, duration) pairs of the i-th operation of job j."""
        operations = [operation for job in jobs for operation in job]
        modes = [mode for operation in operations for mode in operation]
        return cls(
            np.cumsum([0, *(len(job) for job in jobs)]),
            np.cumsum([0, *(len(operation) for operation in operations)]),
            [machine for machine, _ in modes],
            [duration for _, duration in modes],
            release,
        )

    @property
    def jobs(self) -> int:
        return len(self.job_ptr) - 1

    @property
    def operations(self) -> int:
        return len(self.mode_ptr) - 1

    @property
    def modes(self) -> int:
        return len(self.mode_machine)

    @property
    def machines(self) -> int:
        """Machines are those up to the highest that a mode names."""
        return int(self.mode_machine.max(initial=-1)) + 1

    @property
    def mode_operation(self) -> Longs:
        """(modes,) the operation of each mode."""
        return np.repeat(np.arange(self.operations), np.diff(self.mode_ptr))

    @property
    def operation_job(self) -> Longs:
        """(operations,) the job of each operation."""
        return np.repeat(np.arange(self.jobs), np.diff(self.job_ptr))

    @property
    def fastest(self) -> Longs:
        """(operations,) the shortest duration of each operation."""
        if not self.operations:
            return np.zeros(0, np.int64)
        return np.minimum.reduceat(self.mode_duration, self.mode_ptr[:-1])


def _longs(values: Iterable[int]) -> Longs:
    array = np.array(values if isinstance(values, np.ndarray) else list(values), np.int64)
    array.flags.writeable = False
    return array


def _check(problem: FlexibleJobShop) -> None:
    p = problem
    if any(array.ndim != 1 for array in (p.job_ptr, p.mode_ptr, p.mode_machine, p.mode_duration, p.release)):
        raise ValueError("every array has one dimension")
    _check_pointers("job_ptr", p.job_ptr, p.operations, 0)
    _check_pointers("mode_ptr", p.mode_ptr, p.modes, 1)
    if len(p.mode_duration) != p.modes or len(p.release) != p.jobs:
        raise ValueError("one duration per mode and one release per job are needed")
    if (p.modes and min(p.mode_machine.min(), p.mode_duration.min()) < 0) or p.release.min(initial=0) < 0:
        raise ValueError("machines, durations and releases are 0 or more")
    if p.modes and p.release.max(initial=0) + np.maximum.reduceat(p.mode_duration, p.mode_ptr[:-1]).sum() > _LONGEST:
        raise ValueError("the work is too long: use a coarser unit of time")


def _check_pointers(name: str, pointers: Longs, end: int, least: int) -> None:
    if len(pointers) == 0 or pointers[0] != 0 or pointers[-1] != end or (np.diff(pointers) < least).any():
        raise ValueError(f"{name} runs from 0 to {end} in steps of at least {least}")
