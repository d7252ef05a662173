"""What a failure-directed search knows: the windows and the decision of each level, what it has learnt, how far it is."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.jobshop.nogoods import Nogoods, nogoods
from gemba.solvers.jobshop.problem import JobShop, Longs
from gemba.solvers.jobshop.sets import Room, room
from gemba.solvers.jobshop.vectors import LANES
from gemba.solvers.jobshop.windows import BASE, EARLY, LATEST, MACHINE, NEXT, NUMBER, OWN, PREVIOUS

MOST_ON_MACHINE = 62  # operations: one bit each
_DEEPEST = 400
_FIRST = 128  # failures before the first restart

#: ``Tree.state``. CURSOR: the pair to be tried next at the root, negative when all were. OTHERWISE: the level (from 1) whose
#: decision is made the other way first, or 0. STATUS is one of the next line; LOST: too deep to go on.
DEPTH, STATUS, FAILURES, TRIALS, RESTART, PACE, CURSOR, FIXED, REFUSED, OTHERWISE = range(10)
OPEN, REFUTED, FOUND, LOST = range(4)


class Tree(NamedTuple):
    """A search in depth, with the windows of each level, and the decision made there."""

    windows: Longs  # (depth, 5, N + LANES)
    trial: Longs  # (2, 5, N + LANES)
    operations: Longs  # (6, N + LANES) machine by machine
    ptr: Longs  # (m + 1)
    changed: Longs  # (m + 1, 3)
    room: Room
    rating: NDArray[np.float64]  # (N, k) of each literal
    mean: NDArray[np.float64]  # (depth, 2) sum and count of what ratings are made from
    decision: Longs  # (depth, 2) operations of which the first comes before the second
    refused: Longs  # (r, 2) decisions that were refuted, level by level
    refused_ptr: Longs  # (depth + 1)
    path: Longs  # (depth + 1) room for the literals of a nogood
    goods: Nogoods
    state: Longs


def fits(problem: JobShop) -> bool:
    """Whether the proof can be tried at all."""
    return int(np.bincount(problem.machine).max()) <= MOST_ON_MACHINE


def by_machine(problem: JobShop) -> Longs:
    """(N) all operations, machine by machine: the order of a tree's columns."""
    return np.argsort(problem.machine, kind="stable")


def _operations(problem: JobShop, on: Longs, ptr: Longs) -> Longs:
    n = problem.operations
    place = np.empty(n, np.int64)
    place[on] = np.arange(n)
    operations = np.full((6, n + LANES), -1, np.int64)
    operations[OWN] = 0
    operations[OWN, :n], operations[MACHINE, :n] = problem.duration[on], problem.machine[on]
    operations[BASE, :n] = ptr[operations[MACHINE, :n]]
    operations[NUMBER, :n] = np.arange(n) - operations[BASE, :n]
    inner = np.ones(n, bool)
    inner[problem.job_ptr[1:] - 1] = False
    before = np.flatnonzero(inner)
    operations[NEXT, place[before]] = place[before + 1]
    operations[PREVIOUS, place[before + 1]] = place[before]
    return operations


def tree(problem: JobShop, makespan: int) -> Tree:
    """The root of the question whether there is a schedule of at most this makespan."""
    n, machines, on = problem.operations, problem.machines, by_machine(problem)
    ptr = np.concatenate([[0], np.cumsum(np.bincount(problem.machine, minlength=machines))]).astype(np.int64)
    most = int(np.diff(ptr).max())
    operations = _operations(problem, on, ptr)
    depth = min(_DEEPEST, int((np.diff(ptr) ** 2).sum()) + 2)
    windows = np.zeros((depth, 5, n + LANES), np.int64)
    windows[0, EARLY, :n], windows[0, LATEST, :n] = problem.head[on], (makespan - problem.rest)[on]
    state = np.zeros(10, np.int64)
    state[[RESTART, PACE]] = _FIRST
    if (problem.head + problem.rest > makespan).any():
        state[STATUS] = REFUTED
    changed, trial = np.zeros((machines + 1, 3), np.int64), np.zeros((2, 5, n + LANES), np.int64)
    return Tree(
        windows, trial, operations, ptr, changed, room(operations, most),
        np.ones((n, most)), np.zeros((depth, 2)), np.zeros((depth, 2), np.int64), np.zeros((10 * depth, 2), np.int64),
        np.zeros(depth + 1, np.int64), np.zeros(depth + 1, np.int64), nogoods(n, most), state,
    )  # fmt: skip


def starts(problem: JobShop, found: Tree) -> Longs:
    """(n) start of each operation in the schedule of a tree in which every order is decided: the earliest ones."""
    start = np.empty(problem.operations, np.int64)
    start[by_machine(problem)] = found.windows[found.state[DEPTH], EARLY, : len(start)]
    return start


_Arrays = TypeVar("_Arrays", bound=tuple[object, ...])


def twin(of: _Arrays) -> _Arrays:
    """A copy that shares no array with the original."""
    return type(of)(*(part.copy() if isinstance(part, np.ndarray) else twin(part) for part in of))  # type: ignore[arg-type,type-var]
