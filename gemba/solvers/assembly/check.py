"""A second opinion on a schedule: rules and weighted tardiness in plain Python, without the kernels."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from math import ceil

import numpy as np

from gemba.solvers.assembly.problem import Assembly, Tables
from gemba.solvers.assembly.solve import Solution


def faults(problem: Assembly, solution: Solution) -> list[str]:
    """What a schedule breaks; empty where it breaks nothing."""
    t = problem.tables
    rows = _own_numbers(problem, solution)
    return [
        *_lengths(t, rows),
        *_machines(t, rows),
        *_pieces(t, rows),
        *_waits(t, rows),
        *_materials(t, rows),
        *_objective(problem, solution, rows),
    ]


Row = tuple[int, int, int, int, int]  # start, end, task, job, pieces


def _own_numbers(problem: Assembly, solution: Solution) -> list[Row]:
    """Rows with the numbers of tasks and jobs that the tables have."""
    task, job = (dict(zip(of.tolist(), range(len(of)), strict=True)) for of in (problem.task, problem.job))
    return [(s, e, task[k], job[j], p) for s, e, k, j, p in solution.rows.tolist()]


def _lengths(t: Tables, rows: list[Row]) -> Iterator[str]:
    owner = np.repeat(np.arange(len(t.due)), np.diff(t.tasks))
    for start, end, k, j, pieces in rows:
        work = ceil(t.fixed[k] + t.unit[k] * pieces - 1e-6)
        if owner[k] != j or start < t.release[j] or _open(t, int(t.calendar[t.machine[k]]), start, end) != work:
            yield f"task {k} is not of job {j}, too soon, or not {work} s of open time"


def _open(t: Tables, calendar: int, start: int, end: int) -> int:
    if calendar < 0:
        return end - start
    spans = t.table[t.hours[calendar] : t.hours[calendar + 1]].tolist()
    first = max(0, bisect_right([a for a, _, _ in spans], start) - 1)
    return sum(max(0, min(b, end) - max(a, start)) for a, b, _ in spans[first:])


def _machines(t: Tables, rows: list[Row]) -> Iterator[str]:
    busy = defaultdict(list)
    for start, end, k, _, _ in rows:
        if end > start:
            busy[int(t.machine[k])].append((start, end))
    for machine, spans in busy.items():
        spans.sort()
        if any(a[1] > b[0] for a, b in pairwise(spans)):
            yield f"machine {machine} does two tasks at once"


def _pieces(t: Tables, rows: list[Row]) -> Iterator[str]:
    made: dict[int, int] = defaultdict(int)
    for _, _, k, _, pieces in rows:
        made[k] += pieces
        if pieces < 1:
            yield f"task {k} makes nothing"
    for j in range(len(t.due)):
        for k in range(int(t.tasks[j]), int(t.tasks[j + 1])):
            if made[k] != t.pieces[j]:
                yield f"task {k} makes {made[k]} pieces, not {t.pieces[j]}"


def _waits(t: Tables, rows: list[Row]) -> Iterator[str]:
    """When a task starts, what it uses of the tasks that it waits for is there."""
    by_task = defaultdict(list)
    for start, end, k, _, pieces in rows:
        by_task[k].append((start, end, pieces))
    for k, after in enumerate(t.follower.tolist()):
        if after >= 0:
            moves = [(end, 0, pieces) for _, end, pieces in by_task[k]]
            moves += [(start, 1, -pieces) for start, _, pieces in by_task[after]]
            level = 0
            for _, _, pieces in sorted(moves):
                level += pieces
                if level < 0:
                    yield f"task {after} starts before task {k} ends"
                    break


def _materials(t: Tables, rows: list[Row]) -> Iterator[str]:
    taken: dict[int, float] = defaultdict(float)
    for start, _, k, _, pieces in rows:
        for n in range(int(t.needs[k]), int(t.needs[k + 1])):
            m = int(t.material[n])
            if start < t.supplied[m]:
                taken[m] += t.need[n] * pieces
    for m, quantity in taken.items():
        if quantity > t.stock[m] * (1 + 1e-9) + 1e-6:
            yield f"{quantity} of material {m} are taken of {t.stock[m]} before there is more"


def _objective(problem: Assembly, solution: Solution, rows: list[Row]) -> Iterator[str]:
    t = problem.tables
    complete = [int(r) for r in t.release]
    for _, end, k, j, _ in rows:
        if t.follower[k] < 0:
            complete[j] = max(complete[j], end)
    cost = 0.0
    for j, at in enumerate(complete):
        cost += t.weight[j] * max(0, at - t.due[j])
        claimed = int(solution.complete[problem.job[j]])
        if at > max(claimed, int(t.due[j])):
            yield f"job {j} is complete at {at}, not at {claimed}"
    if abs(cost - solution.objective) > 1e-6 * max(1.0, cost):
        yield f"weighted tardiness is {cost}, not {solution.objective}"
