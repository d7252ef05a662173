"""Check a schedule from first principles; shares nothing with the search."""

from __future__ import annotations

import numpy as np

from gemba.solvers.jobshop.problem import JobShop, Longs


def check(problem: JobShop, start: Longs) -> int:
    """The makespan of a schedule by its start times.

    Raises:
        ValueError: what is wrong with it.
    """
    start = np.asarray(start)
    if start.shape != problem.machine.shape or start.dtype.kind not in "iu":
        raise ValueError("a schedule is one whole number an operation")
    end = start + problem.duration
    makespan = 0
    for job in range(problem.jobs):
        first, last = problem.job_ptr[job], problem.job_ptr[job + 1] - 1
        if start[first] < problem.release[job]:
            raise ValueError(f"job {job} starts before its release")
        if (start[first + 1 : last + 1] < end[first:last]).any():
            raise ValueError(f"an operation of job {job} starts before the one before it has ended")
        makespan = max(makespan, int(end[last] + problem.tail[job]))
    for machine in np.unique(problem.machine):
        on = np.flatnonzero(problem.machine == machine)
        on = on[np.lexsort((end[on], start[on]))]
        if (start[on][1:] < end[on][:-1]).any():
            raise ValueError(f"two operations on machine {machine} at once")
    return makespan
