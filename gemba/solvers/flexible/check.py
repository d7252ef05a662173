"""What a schedule is worth, worked out from its start times and modes alone; shares no code with the search."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gemba.solvers.flexible.problem import FlexibleJobShop


def check(problem: FlexibleJobShop, start: Sequence[int], mode: Sequence[int]) -> int:
    """The makespan of a schedule that keeps every rule of the problem.

    Args:
        start: (operations,) when each operation begins.
        mode: (operations,) the mode each operation is done in.

    Raises:
        ValueError: with the first rule broken: a foreign mode, a job too early or out of order, a machine doing two at once.
    """
    if len(start) != problem.operations or len(mode) != problem.operations:
        raise ValueError("a schedule has one start and one mode per operation")
    end = []
    work: dict[int, list[tuple[int, int, int]]] = {}
    for operation in range(problem.operations):
        chosen = int(mode[operation])
        if not problem.mode_ptr[operation] <= chosen < problem.mode_ptr[operation + 1]:
            raise ValueError(f"operation {operation} is done in mode {chosen}, which is not one of its own")
        begins = int(start[operation])
        end.append(begins + int(problem.mode_duration[chosen]))
        work.setdefault(int(problem.mode_machine[chosen]), []).append((begins, end[-1], operation))
    for job in range(problem.jobs):
        moment = int(problem.release[job])
        for operation in range(int(problem.job_ptr[job]), int(problem.job_ptr[job + 1])):
            if start[operation] < moment:
                raise ValueError(
                    f"operation {operation} begins at {start[operation]}, before its job is ready at {moment}"
                )
            moment = end[operation]
    for machine, done in work.items():
        busy = sorted(one for one in done if one[1] > one[0])
        for (_, until, one), (begins, _, other) in pairwise(busy):
            if begins < until:
                raise ValueError(f"machine {machine} does operations {one} and {other} at once")
    return max(end, default=0)
