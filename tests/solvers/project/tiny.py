"""Tiny projects, and their shortest makespan by trying everything."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
from hypothesis import strategies as st

from gemba.solvers.project import Project, project


@st.composite
def projects(draw: st.DrawFn, most: int = 4) -> Project:
    """Projects with lags, releases, several modes and budgets (that may be too small)."""
    n = draw(st.integers(1, most))
    counts = [draw(st.integers(1, 2)) for _ in range(n)]
    m = sum(counts)
    small = st.integers(0, 4)
    columns = {name: draw(st.lists(small, min_size=m, max_size=m)) for name in ("duration", "one", "two", "money")}
    arcs = [
        (i, j, draw(st.integers(0, 2)))
        for i in range(n)
        for j in range(i + 1, n)
        if draw(st.booleans()) and draw(st.booleans())
    ]
    return project(
        columns["duration"],
        np.column_stack([columns["one"], columns["two"]]),
        [4, draw(st.integers(4, 6))],
        arcs,
        mode_ptr=np.cumsum([0, *counts]),
        nonrenewable=np.array(columns["money"]).reshape(-1, 1),
        budget=[draw(st.integers(0, 4 * n))],
        release=draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)),
    )


def shortest(problem: Project) -> float:
    """The least makespan: every choice of modes, every order, each activity as soon as it can; infinite where no modes do."""
    best = float("inf")
    ranges = [range(int(a), int(b)) for a, b in zip(problem.mode_ptr[:-1], problem.mode_ptr[1:], strict=True)]
    for modes in product(*ranges):
        if (problem.nonrenewable[list(modes)].sum(axis=0) <= problem.budget).all():
            orders = permutations(range(problem.size))
            best = min([best, *(end for order in orders if (end := _in_order(problem, modes, order)) is not None)])
    return best


def _in_order(problem: Project, modes: tuple[int, ...], order: tuple[int, ...]) -> int | None:
    taken: dict[int, np.ndarray] = {}
    end: dict[int, int] = {}
    for i in order:
        soonest = int(problem.before.release[i])
        for arc in range(int(problem.before.ptr[i]), int(problem.before.ptr[i + 1])):
            if int(problem.before.other[arc]) not in end:
                return None
            soonest = max(soonest, end[int(problem.before.other[arc])] + int(problem.before.lag[arc]))
        duration, demand = int(problem.duration[modes[i]]), problem.renewable[modes[i]]
        none = np.zeros_like(demand)
        while any((taken.get(t, none) + demand > problem.capacity).any() for t in range(soonest, soonest + duration)):
            soonest += 1
        for t in range(soonest, soonest + duration):
            taken[t] = taken.get(t, none) + demand
        end[i] = soonest + duration
    return max(end.values(), default=0)
