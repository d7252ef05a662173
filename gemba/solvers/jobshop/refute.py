"""Proof that no schedule keeps a makespan: branching on the order of two operations, narrowing time windows (``windows``).

At each node the pairs with the least room are tried both ways. A way that fails fixes the other; the pair whose ways both narrow
the windows most is branched on (strong branching; the fixing is the shaving of Carlier and Pinson 1994, Martin and Shmoys 1996).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gemba.solvers.compiled import kernel
from gemba.solvers.jobshop.problem import JobShop, Longs
from gemba.solvers.jobshop.windows import EARLY, LATE, OWN, decided, narrow, put_before

MOST_ON_MACHINE = 62  # operations: one bit each
_TRIED = 24  # pairs at a node
_DEEPEST = 400

#: ``Tree.state``; the others are values of its STATUS. LOST: too deep to go on.
DEPTH, STATUS, NODES = range(3)
OPEN, REFUTED, FOUND, LOST = range(4)


class Tree(NamedTuple):
    """A search in depth, with the windows of each node on the way down, and the pair that it branches on."""

    windows: Longs  # (depth, N, 3)
    trial: Longs  # (3, N, 3) windows of a trial, and of the two ways of the best one
    operations: Longs  # (N, 5)
    on: Longs  # (N) operations by machine
    ptr: Longs  # (m + 1)
    dirty: Longs  # (m)
    by: Longs  # (N) room
    room: Longs  # (5, most on a machine) room
    pair: Longs  # (tried, 3) room between, and two operations
    state: Longs


def fits(problem: JobShop) -> bool:
    """Whether the proof can be tried at all."""
    return int(np.bincount(problem.machine).max()) <= MOST_ON_MACHINE


def tree(problem: JobShop, makespan: int) -> Tree:
    """The root of the question whether there is a schedule of at most this makespan."""
    n, machines = problem.operations, problem.machines
    on = np.argsort(problem.machine, kind="stable")
    ptr = np.concatenate([[0], np.cumsum(np.bincount(problem.machine, minlength=machines))])
    operations = np.zeros((n, 5), np.int64)
    operations[:, 0], operations[:, 1] = problem.duration, problem.machine
    operations[on, 2] = np.arange(n) - ptr[problem.machine[on]]
    operations[problem.job_ptr[:-1], 3] = operations[problem.job_ptr[1:] - 1, 4] = 1
    windows = np.zeros((min(_DEEPEST, int((np.diff(ptr) ** 2).sum()) + 2), n, 3), np.int64)
    windows[0, :, EARLY] = problem.head
    windows[0, :, LATE] = makespan - problem.rest + problem.duration
    state = np.zeros(3, np.int64)
    if (problem.head + problem.rest > makespan).any():
        state[STATUS] = REFUTED
    return Tree(
        windows, np.zeros((3, n, 3), np.int64), operations, on, ptr, np.ones(machines, np.int64),
        np.zeros(n, np.int64), np.zeros((5, int(np.diff(ptr).max())), np.int64), np.zeros((_TRIED, 3), np.int64), state,
    )  # fmt: skip


@kernel
def tightest(windows, operations, on, ptr, pair):  # type: ignore[no-untyped-def]
    """Write the undecided pairs with the least room either way; returns how many."""
    count = 0
    for m in range(len(ptr) - 1):
        for a in range(ptr[m], ptr[m + 1]):
            for b in range(ptr[m], a):
                i, k = on[a], on[b]
                if decided(windows, operations, i, k):
                    continue
                room = max(windows[k, LATE] - windows[i, EARLY], windows[i, LATE] - windows[k, EARLY])
                room -= operations[i, OWN] + operations[k, OWN]
                at = count if count < len(pair) else count - 1
                if count == len(pair) and pair[at, 0] <= room:
                    continue
                count = at + 1
                while at > 0 and pair[at - 1, 0] > room:
                    pair[at] = pair[at - 1]
                    at -= 1
                pair[at, 0], pair[at, 1], pair[at, 2] = room, i, k
    return count


@kernel
def way(tree, windows, to, i, k):  # type: ignore[no-untyped-def]
    """Try i before k: write the windows to ``to``; returns by how much they are narrower, or -1 where it fails."""
    to[:] = windows
    tree.dirty[:] = 0
    if not put_before(to, tree.operations, tree.dirty, i, k) or not narrow(
        to, tree.operations, tree.on, tree.ptr, tree.dirty, tree.by, tree.room
    ):
        return np.int64(-1)
    less = np.int64(0)
    for n in range(len(windows)):
        less += to[n, EARLY] - windows[n, EARLY] + windows[n, LATE] - to[n, LATE]
    return less


@kernel
def look(tree, windows):  # type: ignore[no-untyped-def]
    """Try pairs; fix those with one way left. Returns OPEN with the ways of the best pair in ``trial``, REFUTED, or FOUND."""
    changed = True
    while changed:
        changed = False
        count = tightest(windows, tree.operations, tree.on, tree.ptr, tree.pair)
        if count == 0:
            return FOUND
        best, chosen = -1.0, 0
        for n in range(count):
            i, k = tree.pair[n, 1], tree.pair[n, 2]
            if decided(windows, tree.operations, i, k):
                continue
            one = way(tree, windows, tree.trial[0], i, k)
            other = way(tree, windows, tree.trial[1], k, i)
            if one < 0 and other < 0:
                return REFUTED
            if one < 0 or other < 0:
                windows[:] = tree.trial[0 if other < 0 else 1]
                changed = True
                continue
            score = (one + 1.0) * (other + 1.0)
            if score > best:
                best, chosen = score, n
    i, k = tree.pair[chosen, 1], tree.pair[chosen, 2]
    way(tree, windows, tree.trial[0], i, k)
    way(tree, windows, tree.trial[1], k, i)
    return OPEN


@kernel
def begin_narrow(tree):  # type: ignore[no-untyped-def]
    tree.dirty[:] = 1
    return narrow(tree.windows[0], tree.operations, tree.on, tree.ptr, tree.dirty, tree.by, tree.room)


@kernel
def refute(tree, nodes):  # type: ignore[no-untyped-def]
    """Go on for so many nodes. Each level of ``windows`` up to the depth is a node yet to be looked at."""
    state = tree.state
    if state[NODES] == 0 and state[STATUS] == OPEN and not begin_narrow(tree):
        state[STATUS] = REFUTED
    for _ in range(nodes):
        if state[STATUS] != OPEN:
            return
        state[NODES] += 1
        depth = state[DEPTH]
        found = look(tree, tree.windows[depth])
        if found == FOUND or depth + 2 > len(tree.windows):
            state[STATUS] = FOUND if found == FOUND else LOST
        elif found == REFUTED:
            state[DEPTH] -= 1
            if state[DEPTH] < 0:
                state[STATUS] = REFUTED
        else:
            tree.windows[depth] = tree.trial[1]
            tree.windows[depth + 1] = tree.trial[0]
            state[DEPTH] += 1


def share(busy: Tree, idle: Tree) -> None:
    """Give an idle tree the open node nearest to the root of another one that has several."""
    depth = int(busy.state[DEPTH])
    if busy.state[STATUS] != OPEN or depth < 1:
        return
    idle.windows[0] = busy.windows[0]
    busy.windows[:depth] = busy.windows[1 : depth + 1]
    busy.state[DEPTH] -= 1
    idle.state[[DEPTH, STATUS]] = 0, OPEN
