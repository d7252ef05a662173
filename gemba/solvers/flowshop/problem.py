"""Flow shops: every job visits the same stages in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]

#: Empty machines before and after the real ones: the kernels work on four jobs at once, each a machine behind the next.
PAD = 3
_MOST = 2**31 - 1


class Objective(Enum):
    """What is minimised."""

    MAKESPAN = "makespan"  # the last completion
    FLOW_TIME = "flow time"  # the sum of weight x completion
    TARDINESS = "tardiness"  # the sum of weight x time after due


class Line(NamedTuple):
    """What the kernels read. Times fit 32 bits, so that a core handles eight or sixteen at once."""

    work: Ints  # (jobs, PAD + machines + PAD): durations
    from_job: Ints  # (machines, jobs, jobs) set-up of the second job after the first; (0, 0, 0) where there is none
    to_job: Ints  # the same with the jobs the other way round
    due: Longs  # (jobs,)
    weight: Longs  # (jobs,)


@dataclass(frozen=True)
class FlowShop:
    """A flow shop.

    Args:
        durations: (jobs, stages) whole numbers >= 0.
        objective: what is minimised.
        machines: (stages,) parallel machines of each stage; with one everywhere all stages work in one sequence (a
            permutation flow shop), otherwise each stage has its own order (a hybrid flow shop).
        setups: (stages, jobs, jobs) set-up time of a job after another on a machine, done while the machine waits for the job;
            the first job of a machine needs none. Only where each stage has one machine.
        due: (jobs,) due times, for tardiness.
        weights: (jobs,) whole numbers >= 0; 1 each where not given.

    Raises:
        ValueError: shapes differ, a time is negative, times do not fit 32 bits, set-ups on parallel machines.
    """

    durations: Longs
    objective: Objective
    machines: Longs
    setups: Longs | None
    due: Longs
    weights: Longs

    def __init__(
        self,
        durations: ArrayLike,
        objective: Objective = Objective.MAKESPAN,
        *,
        machines: Sequence[int] | Longs | None = None,
        setups: ArrayLike | None = None,
        due: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> None:
        work = np.array(durations, np.int64, ndmin=2)
        jobs, stages = work.shape
        parallel = np.ones(stages, np.int64) if machines is None else np.array(machines, np.int64)
        changes = None if setups is None else np.array(setups, np.int64)
        wanted = np.zeros(jobs, np.int64) if due is None else np.array(due, np.int64)
        factor = np.ones(jobs, np.int64) if weights is None else np.array(weights, np.int64)
        object.__setattr__(self, "durations", work)
        object.__setattr__(self, "objective", objective)
        object.__setattr__(self, "machines", parallel)
        object.__setattr__(self, "setups", changes)
        object.__setattr__(self, "due", wanted)
        object.__setattr__(self, "weights", factor)
        self._validate()

    @property
    def jobs(self) -> int:
        return int(self.durations.shape[0])

    @property
    def stages(self) -> int:
        return int(self.durations.shape[1])

    @property
    def hybrid(self) -> bool:
        """Whether a stage has parallel machines."""
        return bool((self.machines > 1).any())

    def _validate(self) -> None:
        jobs, stages = self.durations.shape
        if self.machines.shape != (stages,) or (self.machines < 1).any():
            raise ValueError("machines: at least one for each stage")
        if self.due.shape != (jobs,) or self.weights.shape != (jobs,):
            raise ValueError("due and weights: one for each job")
        if (self.durations < 0).any() or (self.weights < 0).any():
            raise ValueError("durations and weights are not negative")
        longest = int(self.durations.sum(axis=1).max(initial=0)) + int(self.durations.sum(axis=0).sum())
        if self.setups is not None:
            if self.setups.shape != (stages, jobs, jobs) or (self.setups < 0).any():
                raise ValueError("setups: (stages, jobs, jobs), not negative")
            if self.hybrid:
                raise ValueError("setups need one machine at each stage")
            longest += int(self.setups.max(initial=0, axis=(1, 2)).sum()) * jobs
        if 2 * longest > _MOST or np.abs(self.due).max(initial=0) > _MOST:
            raise ValueError("times do not fit 32 bits: use a coarser unit")

    def line(self) -> Line:
        """The arrays that the kernels read."""
        work = np.zeros((self.jobs, self.stages + 2 * PAD), np.int32)
        work[:, PAD : PAD + self.stages] = self.durations
        changes = np.zeros((0, 0, 0), np.int32) if self.setups is None else self.setups.astype(np.int32)
        other = np.ascontiguousarray(changes.transpose(0, 2, 1))
        due = self.due if self.objective is Objective.TARDINESS else np.zeros(self.jobs, np.int64)
        return Line(work, changes, other, due, self.weights)
