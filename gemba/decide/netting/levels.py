"""Low-level codes: how deep an item lies at most below the items nobody needs; and the bill of materials by child."""

from __future__ import annotations

import numba
import numpy as np

from gemba.decide.netting.problem import CircleError, Ints


def by_key(keys: Ints, n: int) -> tuple[Ints, Ints]:
    """Compressed rows: the entries with key i are ``order[start[i]:start[i + 1]]``."""
    start = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=n), out=start[1:])
    return start, np.argsort(keys, kind="stable").astype(np.int64)


def low_level_codes(n: int, parent: Ints, child: Ints) -> tuple[Ints, Ints]:
    """The level of each item (0: no parent; else one more than its deepest parent), and the items with parents first.

    Items of one level stand in the order of their numbers, so that the order depends on the data only.

    Raises:
        CircleError: where an item needs itself.
    """
    start, lines = by_key(parent, n)
    level = _levels(n, start, child[lines], np.bincount(child, minlength=n))
    if (level < 0).any():
        raise CircleError(int(np.flatnonzero(level < 0)[0]))
    return level, np.argsort(level, kind="stable").astype(np.int64)


@numba.njit(cache=True)
def _levels(n: int, start: Ints, child: Ints, waiting: Ints) -> Ints:  # pragma: no cover - compiled
    """Longest path from the top by taking off items whose parents are all done (Kahn); -1 where never reached."""
    waiting = waiting.copy()
    level = np.full(n, -1, np.int64)
    deepest = np.zeros(n, np.int64)
    queue = np.empty(n, np.int64)
    head, tail = 0, 0
    for i in range(n):
        if waiting[i] == 0:
            queue[tail] = i
            tail += 1
    while head < tail:
        i = queue[head]
        head += 1
        level[i] = deepest[i]
        for e in range(start[i], start[i + 1]):
            c = child[e]
            deepest[c] = max(deepest[c], level[i] + 1)
            waiting[c] -= 1
            if waiting[c] == 0:
                queue[tail] = c
                tail += 1
    return level
