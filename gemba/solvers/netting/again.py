"""Net change: bring a plan up to date by replanning only the items that a change reaches."""

from __future__ import annotations

import numpy as np

from gemba.solvers.compiled import kernel, making_kernel
from gemba.solvers.netting.amounts import LIMIT, times, within
from gemba.solvers.netting.net import gather, net_item


@kernel
def _pass_on(k, lines, row, before, need):  # type: ignore[no-untyped-def]
    """Correct the needs of line k's child for its parent's orders that were ``before`` and are now ``row``; False where
    they go beyond the limit."""
    per, fixed = lines.per[k], lines.fixed[k]
    for t in range(max(lines.first[k], 0), min(lines.last[k], len(need))):
        if row[t] != before[t]:
            taken = times(row[t], per)
            if taken < 0 or taken > LIMIT - fixed:
                return False
            if row[t] > 0:
                need[t] += taken + fixed
            if before[t] > 0:
                need[t] -= times(before[t], per) + fixed
            if abs(need[t]) > 2 * LIMIT:  # other parents may bring it down again, but sums must not leave 64 bits
                return False
    return True


@making_kernel
def again(sequence, lines, items, tables, changed, dirty):  # type: ignore[no-untyped-def]
    """Replan the ``changed`` items, and below them those whose needs turn out to differ; ``tables`` hold the plan before.

    Where an item is changed, ``need`` must hold its independent demand alone and ``receipt`` what is true now. ``dirty``
    is all false; it tells afterwards which items were replanned. Gives -1, or an item at which a full run is needed
    because an amount is near the limit (the tables are then of no use).
    """
    need, release = tables.need, tables.release
    before = np.empty(need.shape[1], np.int64)
    for h in range(len(sequence)):
        i = sequence[h]
        if changed[i]:
            dirty[i] = True
            if not gather(i, lines, release, need[i]):
                return i
        if not dirty[i]:
            continue
        if not within(need[i]):
            return i
        before[:] = release[i]
        tables.due[i] = 0
        release[i] = 0
        net_item(i, items, tables)
        if (before == release[i]).all():
            continue
        for e in range(lines.below_start[i], lines.below_start[i + 1]):
            k = lines.below[e]
            child = lines.child[k]
            if not changed[child]:  # those collect their needs afresh
                dirty[child] = True
                if not _pass_on(k, lines, release[i], before, need[child]):
                    return i
    return -1
