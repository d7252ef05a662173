"""Proof that no schedule keeps a makespan: failure-directed search (Vilim, Laborie and Shaw 2015) on the order of two operations.

Every decision that was tried has a rating: how much of the windows was left after it, compared with other decisions at the same
depth, and less where it failed. The pair whose two ways are rated lowest is branched on, the lower way first. The search starts
anew again and again, with ratings and nogoods kept. At first all pairs are tried both ways at the root, which fixes those of
which one way fails (shaving: Carlier and Pinson 1994, Martin and Shmoys 1996).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.bits import leading_zeros
from gemba.solvers.jobshop.nogoods import Nogoods, add, follow_all, literal, nogoods
from gemba.solvers.jobshop.problem import JobShop, Longs
from gemba.solvers.jobshop.sets import Room, any_change, narrow
from gemba.solvers.jobshop.windows import (
    BASE,
    EARLY,
    FALLEN,
    LATEST,
    MACHINE,
    NEXT,
    NUMBER,
    OWN,
    PENDING,
    PRED,
    PREVIOUS,
    RISEN,
    SEEN,
    SETS,
    SUCC,
    bit,
    decided,
    lowest,
    put_before,
)

MOST_ON_MACHINE = 62  # operations: one bit each
_DEEPEST = 400
_REMEMBERED = 60  # decisions in a nogood
_KEEP, _MEAN = 0.97, 0.999  # of a rating, and of the mean at a depth, when a new one comes in
_FIRST, _SLOWER = 64, 8  # failures before the first restart; each next one comes 1 / _SLOWER later

#: ``Tree.state``. TOP: the level of the tree's root; above it are decisions that are another tree's to undo. CURSOR: the pair
#: to be tried next at the root, negative when all were. STATUS is one of the next line; LOST: too deep to go on.
DEPTH, TOP, STATUS, FAILURES, TRIALS, RESTART, PACE, CURSOR, FIXED, REFUSED = range(10)
OPEN, REFUTED, FOUND, LOST = range(4)


class Tree(NamedTuple):
    """A search in depth, with the windows of each level, and the decision made there."""

    windows: Longs  # (depth, 5, N)
    trial: Longs  # (2, 5, N)
    operations: Longs  # (N, 6) machine by machine
    ptr: Longs  # (m + 1)
    changed: Longs  # (m, 3)
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
    operations = np.full((n, 6), -1, np.int64)
    operations[:, OWN], operations[:, MACHINE] = problem.duration[on], problem.machine[on]
    operations[:, BASE] = ptr[operations[:, MACHINE]]
    operations[:, NUMBER] = np.arange(n) - operations[:, BASE]
    inner = np.ones(n, bool)
    inner[problem.job_ptr[1:] - 1] = False
    before = np.flatnonzero(inner)
    operations[place[before], NEXT] = place[before + 1]
    operations[place[before + 1], PREVIOUS] = place[before]
    return operations


def tree(problem: JobShop, makespan: int) -> Tree:
    """The root of the question whether there is a schedule of at most this makespan."""
    n, machines, on = problem.operations, problem.machines, by_machine(problem)
    ptr = np.concatenate([[0], np.cumsum(np.bincount(problem.machine, minlength=machines))]).astype(np.int64)
    most = int(np.diff(ptr).max())
    operations = _operations(problem, on, ptr)
    depth = min(_DEEPEST, int((np.diff(ptr) ** 2).sum()) + 2)
    windows = np.zeros((depth, 5, n), np.int64)
    windows[0, EARLY], windows[0, LATEST] = problem.head[on], (makespan - problem.rest)[on]
    state = np.zeros(10, np.int64)
    state[[RESTART, PACE]] = _FIRST
    if (problem.head + problem.rest > makespan).any():
        state[STATUS] = REFUTED
    room = Room(
        np.tile(operations[:, NUMBER], (2, 1)), np.zeros((8, most), np.int64), np.zeros((2, most + 1, most), np.int64)
    )
    return Tree(
        windows, np.zeros((2, 5, n), np.int64), operations, ptr, np.zeros((machines + 1, 3), np.int64), room,
        np.ones((n, most)), np.zeros((depth, 2)), np.zeros((depth, 2), np.int64), np.zeros((10 * depth, 2), np.int64),
        np.zeros(depth + 1, np.int64), np.zeros(depth + 1, np.int64), nogoods(n, most), state,
    )  # fmt: skip


@kernel
def settle(tree, windows):  # type: ignore[no-untyped-def]
    """Narrow windows by all rules and nogoods until nothing changes; False where there is no schedule."""
    operations, changed, most = tree.operations, tree.changed, tree.rating.shape[1]
    while narrow(windows, operations, tree.ptr, changed, tree.room):
        if not follow_all(tree.goods, windows, operations, changed, most):
            return False
        if not any_change(changed) and not changed[:-1, SETS].any():
            return True
    return False


@kernel
def attempt(tree, windows, i, k):  # type: ignore[no-untyped-def]
    """Put i before k; False where there is no schedule then."""
    tree.changed[:] = 0
    tree.state[TRIALS] += 1
    return put_before(windows, tree.operations, tree.changed, i, k) and settle(tree, windows)


@kernel
def space(windows):  # type: ignore[no-untyped-def]
    """About the binary logarithm of how many ways there are to choose starts within the windows."""
    found = 0.0
    for i in range(windows.shape[1]):
        width = np.uint64(windows[LATEST, i] - windows[EARLY, i] + 1)
        power = np.int64(63) - np.int64(leading_zeros(width))
        found += power - 1 + np.float64(width) / np.float64(np.int64(1) << power)
    return found


@kernel
def outcome(fits, before, windows):  # type: ignore[no-untyped-def]
    """Of a decision: 0 where it fails, otherwise 1 and the share of the space that is left."""
    return 1.0 + 2.0 ** (space(windows) - before) if fits else 0.0


@kernel
def rate(tree, level, i, k, found):  # type: ignore[no-untyped-def]
    mean, at = tree.mean[level], tree.operations[k, NUMBER]
    mean[0] = _MEAN * mean[0] + found
    mean[1] = _MEAN * mean[1] + 1.0
    compared = found * mean[1] / max(mean[0], 1e-3 * mean[1])
    tree.rating[i, at] = _KEEP * tree.rating[i, at] + (1 - _KEEP) * compared


@kernel
def choose(tree, windows):  # type: ignore[no-untyped-def]
    """The undecided pair rated lowest, the lower way first; -1 where all are decided."""
    rating, ptr = tree.rating, tree.ptr
    lowest_sum, i, k = np.inf, -1, -1
    for m in range(len(ptr) - 1):
        base = ptr[m]
        for a in range(base + 1, ptr[m + 1]):
            left = (bit(a - base) - 1) & ~(windows[PRED, a] | windows[SUCC, a])
            while left:
                b = base + lowest(left)
                left &= left - 1
                both = rating[a, b - base] + rating[b, a - base]
                if both < lowest_sum:
                    lowest_sum, i, k = both, a, b
    if i >= 0 and rating[i, tree.operations[k, NUMBER]] > rating[k, tree.operations[i, NUMBER]]:
        return k, i
    return i, k


@kernel
def try_pair(tree, windows, i, k):  # type: ignore[no-untyped-def]
    """Try a pair at the root both ways, and rate them. Returns how many ways are left; the one way left is made."""
    tree.trial[0] = windows
    one = attempt(tree, tree.trial[0], i, k)
    tree.trial[1] = windows
    other = attempt(tree, tree.trial[1], k, i)
    if one and other:
        before = space(windows)
        tree.rating[i, tree.operations[k, NUMBER]] = outcome(True, before, tree.trial[0]) / 1.5
        tree.rating[k, tree.operations[i, NUMBER]] = outcome(True, before, tree.trial[1]) / 1.5
        return 2
    if one or other:
        windows[:] = tree.trial[0 if one else 1]
        return 1
    return 0


@kernel
def shave(tree, until):  # type: ignore[no-untyped-def]
    """Try pairs at the root, round after round until nothing is fixed any more; False where there is no schedule."""
    state, most, windows = tree.state, tree.rating.shape[1], tree.windows[0]
    while state[TRIALS] < until:
        i, number = state[CURSOR] // most, state[CURSOR] % most
        if i == len(tree.operations):
            state[CURSOR] = 0 if state[FIXED] else -1
            state[FIXED] = 0
            if state[CURSOR] < 0:
                return True
            continue
        state[CURSOR] += 1
        if number >= tree.operations[i, NUMBER]:
            state[CURSOR] = (i + 1) * most
        elif not decided(windows, i, number):
            left = try_pair(tree, windows, i, tree.operations[i, BASE] + number)
            if left == 0:
                return False
            state[FIXED] |= left == 1
    return True


@kernel
def begin(tree):  # type: ignore[no-untyped-def]
    """Narrow the windows of the root; False where there is no schedule."""
    operations, windows, ptr = tree.operations, tree.windows[tree.state[TOP]], tree.ptr
    for m in range(len(ptr) - 1):
        tree.changed[m, RISEN] = tree.changed[m, FALLEN] = bit(ptr[m + 1] - ptr[m]) - 1
    tree.changed[-1, PENDING] = 1
    for i in range(len(operations)):
        k = operations[i, NEXT]
        while k >= 0:  # a job that comes to a machine again
            if operations[k, MACHINE] == operations[i, MACHINE] and not put_before(
                windows, operations, tree.changed, i, k
            ):
                return False
            k = operations[k, NEXT]
    return settle(tree, windows)


@kernel
def remember(tree):  # type: ignore[no-untyped-def]
    """Make a nogood of each decision that was refuted on the way down, and of the decisions before it."""
    state, operations, most, path = tree.state, tree.operations, tree.rating.shape[1], tree.path
    tree.refused_ptr[state[DEPTH] + 1] = state[REFUSED]
    for level in range(min(state[DEPTH] + 1, _REMEMBERED)):
        if level >= max(1, state[TOP]):
            for at in range(tree.refused_ptr[level], tree.refused_ptr[level + 1]):
                path[level] = literal(operations, most, tree.refused[at, 0], tree.refused[at, 1])
                add(tree.goods, path[: level + 1])
        path[level] = literal(operations, most, tree.decision[level, 0], tree.decision[level, 1])


@kernel
def restart(tree):  # type: ignore[no-untyped-def]
    """Back to the root; False where there is no schedule."""
    state = tree.state
    remember(tree)
    state[DEPTH] = state[TOP]
    state[REFUSED] = tree.refused_ptr[state[TOP]] = 0
    state[PACE] += state[PACE] // _SLOWER
    state[RESTART] = state[FAILURES] + state[PACE]
    tree.windows[state[TOP], SEEN] = 0  # all literals that hold are news to new nogoods
    tree.changed[:] = 0
    return settle(tree, tree.windows[state[TOP]])


@kernel
def turn(tree):  # type: ignore[no-untyped-def]
    """The decision at the depth has failed: the other way, or the level above; False where the root has failed."""
    state = tree.state
    while True:
        depth = state[DEPTH]
        windows = tree.windows[depth]
        k, i = tree.decision[depth]
        state[FAILURES] += 1
        before = space(windows)
        fits = attempt(tree, windows, i, k)
        rate(tree, depth, i, k, outcome(fits, before, windows))
        if fits:
            if state[REFUSED] < len(tree.refused):
                tree.refused[state[REFUSED], 0], tree.refused[state[REFUSED], 1] = k, i
                state[REFUSED] += 1
            return True
        if depth == state[TOP]:
            return False
        state[REFUSED] = tree.refused_ptr[depth]
        state[DEPTH] -= 1


@kernel
def step(tree):  # type: ignore[no-untyped-def]
    """Make one more decision; returns the status."""
    state = tree.state
    depth = state[DEPTH]
    windows = tree.windows[depth]
    i, k = choose(tree, windows)
    if i < 0 or depth + 2 > len(tree.windows):
        return FOUND if i < 0 else LOST
    tree.decision[depth, 0], tree.decision[depth, 1] = i, k
    below = tree.windows[depth + 1]
    below[:] = windows
    fits = attempt(tree, below, i, k)
    rate(tree, depth, i, k, outcome(fits, space(windows), below))
    if fits:
        state[DEPTH] += 1
        tree.refused_ptr[depth + 1] = state[REFUSED]
        return OPEN
    return OPEN if turn(tree) else REFUTED


@kernel
def refute(tree, trials):  # type: ignore[no-untyped-def]
    """Go on for about so many trials of a decision."""
    state = tree.state
    until = state[TRIALS] + trials
    if state[STATUS] == OPEN and state[TRIALS] == 0 and not begin(tree):
        state[STATUS] = REFUTED
    if state[STATUS] == OPEN and state[CURSOR] >= 0 and not shave(tree, until):
        state[STATUS] = REFUTED
    while state[STATUS] == OPEN and state[TRIALS] < until:
        if state[FAILURES] >= state[RESTART] and not restart(tree):
            state[STATUS] = REFUTED
        else:
            state[STATUS] = step(tree)


def share(busy: Tree, idle: Tree) -> None:
    """Give an idle tree the other way of the decision nearest to the root of a busy one, with all that it has learnt."""
    top = int(busy.state[TOP])
    if busy.state[STATUS] != OPEN or busy.state[CURSOR] >= 0 or busy.state[DEPTH] == top or top + 2 > len(busy.windows):
        return
    if idle.state[TRIALS] == 0:
        for learnt, at in zip(
            (*busy.goods, busy.rating, busy.mean), (*idle.goods, idle.rating, idle.mean), strict=True
        ):
            at[:] = learnt
    i, k = busy.decision[top]
    idle.decision[:top] = busy.decision[:top]
    idle.decision[top] = k, i
    idle.windows[top + 1] = busy.windows[top]
    idle.state[[DEPTH, TOP, STATUS, CURSOR]] = top + 1, top + 1, OPEN, -1
    idle.state[REFUSED] = idle.refused_ptr[top + 1] = 0
    idle.windows[top + 1, SEEN] = 0
    idle.state[RESTART] = idle.state[FAILURES] + idle.state[PACE]
    idle.changed[:] = 0
    if not attempt(idle, idle.windows[top + 1], k, i):
        idle.state[STATUS] = REFUTED
    busy.state[TOP] += 1
