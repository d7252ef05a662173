"""Whether a schedule keeps every rule of its project, from first principles: shares no code with the search."""

from __future__ import annotations

from typing import Any

from gemba.solvers.project.problem import Project


def check(problem: Project, start: Any, mode: Any) -> list[str]:
    """What is wrong with a schedule, one sentence each; empty where nothing is.

    Args:
        start: (n) start of each activity.
        mode: (n) index of the chosen mode, among all modes of the project.
    """
    starts, modes = [int(s) for s in start], [int(m) for m in mode]
    n = problem.size
    if len(starts) != n or len(modes) != n:
        return [f"{len(starts)} starts and {len(modes)} modes for {n} activities"]
    wrong = [
        f"activity {i} has no mode {modes[i]}"
        for i in range(n)
        if not int(problem.mode_ptr[i]) <= modes[i] < int(problem.mode_ptr[i + 1])
    ]
    if wrong:
        return wrong
    ends = [starts[i] + int(problem.duration[modes[i]]) for i in range(n)]
    return [*_times(problem, starts, ends), *_resources(problem, starts, ends, modes), *_budgets(problem, modes)]


def makespan(problem: Project, start: Any, mode: Any) -> int:
    """The latest end; 0 without activities."""
    return max((int(s) + int(problem.duration[int(m)]) for s, m in zip(start, mode, strict=True)), default=0)


def _times(problem: Project, starts: list[int], ends: list[int]) -> list[str]:
    wrong = []
    for i in range(problem.size):
        soonest = int(problem.before.release[i])
        if starts[i] < soonest:
            wrong.append(f"activity {i} starts at {starts[i]}, before its release at {soonest}")
        for arc in range(int(problem.before.ptr[i]), int(problem.before.ptr[i + 1])):
            other, lag = int(problem.before.other[arc]), int(problem.before.lag[arc])
            if starts[i] < ends[other] + lag:
                wrong.append(f"activity {i} starts at {starts[i]}, before activity {other} has ended and {lag} passed")
    return wrong


def _resources(problem: Project, starts: list[int], ends: list[int], modes: list[int]) -> list[str]:
    wrong = []
    for r in range(len(problem.capacity)):
        changes = []
        for i in range(problem.size):
            demand = int(problem.renewable[modes[i], r])
            changes += [(starts[i], demand), (ends[i], -demand)] if ends[i] > starts[i] else []
        taken = 0
        for moment, change in sorted(changes):
            taken += change
            if taken > int(problem.capacity[r]):
                wrong.append(f"resource {r} is short at {moment}: {taken} of {int(problem.capacity[r])}")
                break
    return wrong


def _budgets(problem: Project, modes: list[int]) -> list[str]:
    wrong = []
    for k in range(len(problem.budget)):
        used = sum(int(problem.nonrenewable[m, k]) for m in modes)
        if used > int(problem.budget[k]):
            wrong.append(f"non-renewable resource {k}: {used} used of {int(problem.budget[k])}")
    return wrong
