"""Modes and arcs that no best schedule needs are left out before the search (Sprecher, Hartmann and Drexl 1997)."""

from __future__ import annotations

import numpy as np

from gemba.solvers.project.problem import Longs, Project, project


def reduce(problem: Project) -> tuple[Project, Longs] | None:
    """(project, index of each of its modes in the given one) with the modes and arcs left that a best schedule may need.

    Left out are modes above a capacity, modes that exceed a budget even when every other activity uses least, and modes that
    another one of the activity is at least as good as in every respect. None: no choice of modes keeps the budgets.
    """
    alive = np.all(problem.renewable <= problem.capacity, axis=1)
    owner = np.repeat(np.arange(problem.size), np.diff(problem.mode_ptr))
    while True:
        if not np.isin(np.arange(problem.size), owner[alive]).all():
            return None
        before = int(alive.sum())
        alive = alive & _affordable(problem, alive, owner)
        if int(alive.sum()) == before:
            break
    for i in range(problem.size):
        _leave_dominated(problem, alive, int(problem.mode_ptr[i]), int(problem.mode_ptr[i + 1]))
    kept = np.flatnonzero(alive)
    ptr = np.zeros(problem.size + 1, np.int64)
    np.cumsum(np.bincount(owner[alive], minlength=problem.size), out=ptr[1:])
    smaller = project(
        problem.duration[kept], problem.renewable[kept], problem.capacity, _arcs(problem), mode_ptr=ptr,
        nonrenewable=problem.nonrenewable[kept], budget=problem.budget, release=problem.before.release,
    )  # fmt: skip
    return smaller, kept


def _arcs(problem: Project) -> list[tuple[int, int, int]]:
    """Arcs (earlier, later, lag) without those that follow from others, as far as they have no lag."""
    ptr, other, lag = (column.tolist() for column in problem.before[:3])
    earlier = [0] * problem.size  # a bit for each activity that must end before
    arcs = []
    for j in np.argsort(problem.rank).tolist():
        rows = range(ptr[j], ptr[j + 1])
        through = 0
        for arc in rows:
            through |= earlier[other[arc]]
        arcs += [(other[arc], j, lag[arc]) for arc in rows if lag[arc] or not through >> other[arc] & 1]
        earlier[j] = through
        for arc in rows:
            earlier[j] |= 1 << other[arc]
    return arcs


def _affordable(problem: Project, alive: np.ndarray, owner: Longs) -> np.ndarray:
    """(m) whether a mode keeps each budget when every other activity uses the least of it."""
    fine = np.ones(len(alive), bool)
    for k, budget in enumerate(problem.budget.tolist()):
        use = problem.nonrenewable[:, k]
        least = np.full(problem.size, np.iinfo(np.int64).max)
        np.minimum.at(least, owner[alive], use[alive])
        fine &= int(least.sum()) - least[owner] + use <= budget
    return fine


def _leave_dominated(problem: Project, alive: np.ndarray, first: int, last: int) -> None:
    figures = np.column_stack([problem.duration, problem.renewable, problem.nonrenewable])[first:last]
    for m in range(last - first):
        if not alive[first + m]:
            continue
        better = (figures <= figures[m]).all(axis=1) & alive[first:last]
        better[m] = False
        same = (figures == figures[m]).all(axis=1)
        better &= ~same | (np.arange(last - first) < m)
        alive[first + m] = not better.any()
