"""Proof that no schedule keeps a makespan: failure-directed search (Vilim, Laborie and Shaw 2015) on the order of two operations.

Every decision that was tried has a rating: how much of the windows was left after it, compared with other decisions at the same
depth, and less where it failed. The pair whose two ways are rated lowest is branched on, the lower way first. The search starts
anew again and again, with ratings and nogoods kept. At first all pairs are tried both ways at the root, which fixes those of
which one way fails (shaving: Carlier and Pinson 1994, Martin and Shmoys 1996).
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import copy_lines, kernel
from gemba.solvers.jobshop.nogoods import add, follow_all, literal
from gemba.solvers.jobshop.sets import any_change, any_due, narrow
from gemba.solvers.jobshop.tree import (
    CURSOR,
    DEPTH,
    FAILURES,
    FIXED,
    FOUND,
    LOST,
    OPEN,
    OTHERWISE,
    PACE,
    REFUSED,
    REFUTED,
    RESTART,
    STATUS,
    TRIALS,
)
from gemba.solvers.jobshop.vectors import sum_of_logarithms
from gemba.solvers.jobshop.windows import (
    BASE,
    EARLY,
    FALLEN,
    LATEST,
    MACHINE,
    NEXT,
    NUMBER,
    PENDING,
    PRED,
    RISEN,
    SEEN,
    SUCC,
    bit,
    decided,
    lower_latest,
    lowest,
    put_before,
)

_REMEMBERED = 60  # decisions in a nogood
_KEEP, _MEAN = 0.97, 0.999  # of a rating, and of the mean at a depth, when a new one comes in
_SLOWER = 48  # each restart comes 1 / _SLOWER later


@kernel
def forget(changed):  # type: ignore[no-untyped-def]
    for row in range(changed.shape[0]):
        for column in range(changed.shape[1]):
            changed[row, column] = 0


@kernel
def unsee(windows):  # type: ignore[no-untyped-def]
    """Let all literals that hold be news to nogoods, of which some are new."""
    for i in range(windows.shape[1]):
        windows[SEEN, i] = 0


@kernel
def settle(tree, windows):  # type: ignore[no-untyped-def]
    """Narrow windows by all rules and nogoods until nothing changes; False where there is no schedule."""
    operations, changed, most = tree.operations, tree.changed, tree.rating.shape[1]
    while narrow(windows, operations, tree.ptr, changed, tree.room):
        if not follow_all(tree.goods, windows, operations, changed, most):
            return False
        if not any_change(changed) and not any_due(changed):
            return True
    return False


@kernel
def attempt(tree, windows, i, k):  # type: ignore[no-untyped-def]
    """Put i before k; False where there is no schedule then."""
    forget(tree.changed)
    tree.state[TRIALS] += 1
    return put_before(windows, tree.operations, tree.changed, i, k) and settle(tree, windows)


@kernel
def space(windows):  # type: ignore[no-untyped-def]
    """About the binary logarithm of how many ways there are to choose starts within the windows."""
    return sum_of_logarithms(windows, EARLY, LATEST)


@kernel
def outcome(fits, before, windows):  # type: ignore[no-untyped-def]
    """Of a decision: 0 where it fails, otherwise 1 and the share of the space that is left."""
    return 1.0 + 2.0 ** (space(windows) - before) if fits else 0.0


@kernel
def rate(tree, level, i, k, found):  # type: ignore[no-untyped-def]
    mean, at = tree.mean[level], tree.operations[NUMBER, k]
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
    if i >= 0 and rating[i, tree.operations[NUMBER, k]] > rating[k, tree.operations[NUMBER, i]]:
        return k, i
    return i, k


@kernel
def try_pair(tree, windows, i, k):  # type: ignore[no-untyped-def]
    """Try a pair at the root both ways, and rate them. Returns how many ways are left; the one way left is made."""
    copy_lines(tree.trial[0], windows)
    one = attempt(tree, tree.trial[0], i, k)
    copy_lines(tree.trial[1], windows)
    other = attempt(tree, tree.trial[1], k, i)
    if one and other:
        before = space(windows)
        tree.rating[i, tree.operations[NUMBER, k]] = outcome(True, before, tree.trial[0]) / 1.5
        tree.rating[k, tree.operations[NUMBER, i]] = outcome(True, before, tree.trial[1]) / 1.5
        return 2
    if one or other:
        copy_lines(windows, tree.trial[0 if one else 1])
        return 1
    return 0


@kernel
def shave(tree, until):  # type: ignore[no-untyped-def]
    """Try pairs at the root, round after round until nothing is fixed any more; False where there is no schedule."""
    state, most, windows = tree.state, tree.rating.shape[1], tree.windows[0]
    while state[TRIALS] < until:
        i, number = state[CURSOR] // most, state[CURSOR] % most
        if i == len(tree.rating):
            state[CURSOR] = 0 if state[FIXED] else -1
            state[FIXED] = 0
            if state[CURSOR] < 0:
                return True
            continue
        state[CURSOR] += 1
        if number >= tree.operations[NUMBER, i]:
            state[CURSOR] = (i + 1) * most
        elif not decided(windows, i, number):
            left = try_pair(tree, windows, i, tree.operations[BASE, i] + number)
            if left == 0:
                return False
            state[FIXED] |= left == 1
    return True


@kernel
def settle_all(tree):  # type: ignore[no-untyped-def]
    """Narrow the windows of the root as if all had changed; False where there is no schedule."""
    changed, windows = tree.changed, tree.windows[0]
    for m in range(len(tree.ptr) - 1):
        changed[m, RISEN] = changed[m, FALLEN] = bit(tree.ptr[m + 1] - tree.ptr[m]) - 1
    changed[-1, PENDING] = 1
    unsee(windows)
    return settle(tree, windows)


@kernel
def begin(tree):  # type: ignore[no-untyped-def]
    """Narrow the windows of the root; False where there is no schedule."""
    operations, windows = tree.operations, tree.windows[0]
    for i in range(len(tree.rating)):
        k = operations[NEXT, i]
        while k >= 0:  # a job that comes to a machine again
            if operations[MACHINE, k] == operations[MACHINE, i] and not put_before(
                windows, operations, tree.changed, i, k
            ):
                return False
            k = operations[NEXT, k]
    return settle_all(tree)


@kernel
def remember(tree):  # type: ignore[no-untyped-def]
    """Make a nogood of each decision that was refuted on the way down, and of the decisions before it."""
    state, operations, most, path = tree.state, tree.operations, tree.rating.shape[1], tree.path
    tree.refused_ptr[state[DEPTH] + 1] = state[REFUSED]
    for level in range(min(state[DEPTH] + 1, _REMEMBERED)):
        if level > 0:
            for at in range(tree.refused_ptr[level], tree.refused_ptr[level + 1]):
                path[level] = literal(operations, most, tree.refused[at, 0], tree.refused[at, 1])
                add(tree.goods, path[: level + 1])
        path[level] = literal(operations, most, tree.decision[level, 0], tree.decision[level, 1])


@kernel
def give_up(tree):  # type: ignore[no-untyped-def]
    """Back to the root, with what was refuted on the way remembered; it is not settled yet."""
    state = tree.state
    remember(tree)
    state[DEPTH] = state[REFUSED] = tree.refused_ptr[0] = 0
    unsee(tree.windows[0])
    forget(tree.changed)


@kernel
def restart(tree):  # type: ignore[no-untyped-def]
    """Begin anew, for longer than the last time; False where there is no schedule."""
    state = tree.state
    give_up(tree)
    state[PACE] += state[PACE] // _SLOWER
    state[RESTART] = state[FAILURES] + state[PACE]
    return settle(tree, tree.windows[0])


@kernel
def ask_for_less(tree, latest):  # type: ignore[no-untyped-def]
    """Begin anew with no operation starting later than ``latest`` (N): what was refuted for more time stays refuted."""
    state, windows = tree.state, tree.windows[0]
    give_up(tree)
    state[STATUS] = OPEN
    for i in range(len(latest)):
        if not lower_latest(windows, tree.operations, tree.changed, i, latest[i]):
            state[STATUS] = REFUTED
            return
    if not settle(tree, windows):
        state[STATUS] = REFUTED


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
        if depth == 0:
            return False
        state[REFUSED] = tree.refused_ptr[depth]
        state[DEPTH] -= 1


@kernel
def step(tree, i, k):  # type: ignore[no-untyped-def]
    """Decide that i comes before k, or that all is decided where i is negative; returns the status."""
    state = tree.state
    depth = state[DEPTH]
    windows = tree.windows[depth]
    if i < 0 or depth + 2 > len(tree.windows):
        return FOUND if i < 0 else LOST
    tree.decision[depth, 0], tree.decision[depth, 1] = i, k
    below = tree.windows[depth + 1]
    copy_lines(below, windows)
    fits = attempt(tree, below, i, k)
    rate(tree, depth, i, k, outcome(fits, space(windows), below))
    if fits:
        state[DEPTH] += 1
        tree.refused_ptr[depth + 1] = state[REFUSED]
        return OPEN
    return OPEN if turn(tree) else REFUTED


@kernel
def open_root(tree, until):  # type: ignore[no-untyped-def]
    """Narrow the windows of the root and try all pairs there, up to a number of trials, unless this is done."""
    state = tree.state
    if state[STATUS] == OPEN and state[TRIALS] == 0 and not begin(tree):
        state[STATUS] = REFUTED
    if state[STATUS] == OPEN and state[CURSOR] >= 0 and not shave(tree, until):
        state[STATUS] = REFUTED


@kernel
def refute(tree, trials):  # type: ignore[no-untyped-def]
    """Go on for about so many trials of a decision."""
    state = tree.state
    until = state[TRIALS] + trials
    open_root(tree, until)
    while state[STATUS] == OPEN and state[TRIALS] < until:
        if state[FAILURES] >= state[RESTART] and not restart(tree):
            state[STATUS] = REFUTED
        else:
            i, k = choose(tree, tree.windows[state[DEPTH]])
            if state[OTHERWISE] == state[DEPTH] + 1:
                i, k = k, i
            state[STATUS] = step(tree, i, k)
