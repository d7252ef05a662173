"""The problem of one machine as flat arrays, and what a sequence costs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]


class Problem(NamedTuple):
    """n jobs, all there at time 0, done one after another without pause; whole units of time and of cost."""

    work: Longs  # (n) time that a job takes, at least 0
    due: Longs  # (n)
    weight: Longs  # (n) cost of each unit of time after due, at least 0

    @property
    def size(self) -> int:
        return len(self.work)


def problem(work: Any, due: Any, weight: Any) -> Problem:
    """A problem from columns of the same length.

    Raises:
        ValueError: where lengths differ, or work or weight is negative, or a figure is not whole.
    """
    columns = [np.asarray(values) for values in (work, due, weight)]
    if any(c.ndim != 1 or len(c) != len(columns[0]) for c in columns):
        raise ValueError("work, due and weight must be columns of the same length")
    whole = [np.ascontiguousarray(c, np.int64) for c in columns]
    if any((a != b).any() for a, b in zip(whole, columns, strict=True)):
        raise ValueError("work, due and weight must be whole numbers")
    if any((c < 0).any() for c in (whole[0], whole[2])):
        raise ValueError("work and weight must not be negative")
    return Problem(*whole)


def objective(problem: Problem, sequence: Longs) -> int:
    """Total weighted tardiness of jobs done in this order: sum of weight x max(0, end - due)."""
    end = np.cumsum(problem.work[sequence])
    return int((problem.weight[sequence] * np.maximum(0, end - problem.due[sequence])).sum())


def faults(problem: Problem, sequence: Any) -> int:
    """How many jobs a sequence misses or names more than once."""
    counts = np.bincount(np.asarray(sequence, np.int64), minlength=problem.size)
    return int((counts != 1).sum())
