"""What no schedule of an assembly problem can beat.

At a moment t some of the jobs that were due are not complete. On each machine the work of all others has been done in the open
time until t, so the work of those that are not complete is at least R(t) = work of all jobs due by t - open time until t. The
least weight of jobs with that much work (a knapsack, whole jobs or parts of them) is what each second at t costs at least; the
bound is its sum over time. It holds for any lots, in any parts and any order, whatever is done for whom.
"""

from __future__ import annotations

import numpy as np

from gemba.solvers.assembly.problem import Assembly, Floats, Longs, Part, Tables
from gemba.solvers.compiled.hours import FAR

_POINTS = 1000  # moments looked at for each part, at most
_BETWEEN = 4  # moments from one due date to the next


def lower_bound(problem: Assembly) -> float:
    """Weighted tardiness that every schedule has at least."""
    t = problem.tables
    work = _work(t)
    released = float(np.maximum(0, t.release - t.due) @ t.weight)
    return max(released, sum(_of_part(t, part, work) for part in problem.parts))


def _work(t: Tables) -> Floats:
    """Open seconds of each task, whatever lots it is made in."""
    job = np.repeat(np.arange(len(t.due)), np.diff(t.tasks))
    found: Floats = t.unit * t.pieces[job] * (1 - 1e-9)
    return found


def _of_part(t: Tables, part: Part, work: Floats) -> float:
    low, high = part.jobs
    tasks = slice(int(t.tasks[low]), int(t.tasks[high]))
    owner = np.repeat(np.arange(high - low), np.diff(t.tasks[low : high + 1]))
    due, weight, begin = t.due[low:high], t.weight[low:high], int(t.release[low:high].min())
    loads = [
        np.bincount(owner, np.where(t.machine[tasks] == m, work[tasks], 0.0), high - low).astype(np.float64)
        for m in range(*part.machines)
    ]
    grid = _grid(due, begin, max(float(load.sum()) for load in loads))
    each = np.zeros(len(grid) - 1)
    for load, m in zip(loads, range(*part.machines), strict=True):
        done = _open_until(t, int(t.calendar[m]), grid) - _open_until(t, int(t.calendar[m]), np.array([begin]))
        each = np.maximum(each, _least_weights(due, weight, load, grid, done))
    return float(each @ np.diff(grid))


def _grid(due: Longs, begin: int, longest: float) -> Longs:
    """Moments from the first due date until all may be done."""
    dates = np.unique(np.maximum(due, begin))
    dates = dates[:: max(1, len(dates) * _BETWEEN // _POINTS)]
    end = int(min(FAR, dates[-1] + 8 * longest))
    edges = np.append(dates, end)
    between = edges[:-1, None] + np.diff(edges)[:, None] * np.arange(_BETWEEN) // _BETWEEN
    tail = np.linspace(dates[-1], end, 65).astype(np.int64)
    return np.unique(np.concatenate([between.ravel(), tail, edges]))


def _least_weights(due: Longs, weight: Floats, load: Floats, grid: Longs, done: Floats) -> Floats:
    """From each moment of the grid until the next: the least weight of jobs that are late then."""
    owing = np.bincount(np.searchsorted(grid, due), load, len(grid) + 1)[: len(grid)].cumsum()
    lacking = owing[:-1] - done[1:]
    found = np.zeros(len(lacking))
    order = np.argsort(weight / np.maximum(load, 1e-9))
    order = order[load[order] > 0]
    dates = due[order]
    for i in np.flatnonzero(lacking > 0).tolist():
        chosen = order[dates <= grid[i]]
        total = np.cumsum(load[chosen])
        k = int(np.searchsorted(total, lacking[i]))
        full = float(weight[chosen[:k]].sum())
        part = (lacking[i] - (total[k - 1] if k else 0.0)) / load[chosen[k]] if k < len(chosen) else 0.0
        found[i] = full + (weight[chosen[k]] * part if k < len(chosen) else 0.0)
    return found


def _open_until(t: Tables, calendar: int, moments: Longs) -> Floats:
    """Open seconds before each moment."""
    if calendar < 0:
        return moments.astype(np.float64)
    rows = t.table[t.hours[calendar] : t.hours[calendar + 1]]
    if not len(rows):
        return np.zeros(len(moments))
    i = np.searchsorted(rows[:, 0], moments, "right") - 1
    at = np.maximum(i, 0)
    found: Floats = np.where(i < 0, 0, rows[at, 2] + np.minimum(moments, rows[at, 1]) - rows[at, 0]).astype(np.float64)
    return found
