"""Lower bounds on the makespan: the longest job, and the work that machines must share out among them.

The second is a linear program: each operation is shared out among its modes, and whatever begins at ``head`` at the earliest
and leaves ``tail`` to follow it must fit on each machine in between: makespan >= head + tail + work of those operations there.
Any weights of these rows that add up to 1 prove a bound, sum of weight x (head + tail) plus each operation's cheapest mode
at the weights of its rows; the program's dual values are the best weights. The bound is worked out from the weights, so
it holds however inexactly the program was solved.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import highspy
import numpy as np
from numpy.typing import NDArray

from gemba.solvers.flexible.problem import FlexibleJobShop, Longs

_MOST_ENTRIES = 400_000  # of the linear program
_WINDOWS = 4  # heads, and tails, looked at for each machine
_MOST_STEPS = 20_000  # of the simplex method

Floats = NDArray[np.float64]


def heads_and_tails(problem: FlexibleJobShop) -> tuple[Longs, Longs]:
    """(earliest start, least time from the end to the job's end) of each operation, by the fastest modes alone."""
    fastest = problem.fastest
    done = np.concatenate([[0], np.cumsum(fastest)])
    job = problem.operation_job
    head = problem.release[job] + done[:-1] - done[problem.job_ptr[:-1]][job]
    return head, done[problem.job_ptr[1:]][job] - done[1:]


def quick_bound(problem: FlexibleJobShop) -> int:
    """The longest job by its fastest modes, and all machines busy without a break."""
    if not problem.operations:
        return 0
    head, tail = heads_and_tails(problem)
    machines = len(np.unique(problem.mode_machine))
    shared = int(head.min()) + -(-int(problem.fastest.sum()) // machines) + int(tail.min())
    return max(int((head + problem.fastest + tail).max()), shared)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of the program: ``least`` (rows,) head + tail; entries (row, mode) of the work that is in each."""

    least: Floats
    row: Longs
    mode: Longs


def _windows(values: Longs, count: int) -> Longs:
    return np.unique(np.quantile(values, np.linspace(0, 1, count + 1)[:-1], method="lower"))


def _rows(problem: FlexibleJobShop, windows: int) -> _Rows:
    head, tail = heads_and_tails(problem)
    operation = problem.mode_operation
    least: list[float] = []
    rows, modes = [], []
    for machine in np.unique(problem.mode_machine):
        here = np.flatnonzero(problem.mode_machine == machine)
        h, t = head[operation[here]], tail[operation[here]]
        for from_head in _windows(h, windows):
            for from_tail in _windows(t, windows):
                inside = here[(h >= from_head) & (t >= from_tail)]
                if len(inside):
                    rows.append(np.full(len(inside), len(least)))
                    modes.append(inside)
                    least.append(float(from_head + from_tail))
    for job in np.flatnonzero(np.diff(problem.job_ptr)):  # a job takes the time of all its operations
        mine = np.arange(problem.mode_ptr[problem.job_ptr[job]], problem.mode_ptr[problem.job_ptr[job + 1]])
        rows.append(np.full(len(mine), len(least)))
        modes.append(mine)
        least.append(float(problem.release[job]))
    return _Rows(np.array(least), np.concatenate(rows), np.concatenate(modes))


def _proven(problem: FlexibleJobShop, rows: _Rows, weight: Floats) -> int:
    """The bound that the weights prove."""
    weight = np.maximum(weight, 0.0)
    if not weight.sum() > 0:
        return 0
    weight = weight / weight.sum()
    price = np.bincount(rows.mode, weight[rows.row], problem.modes) * problem.mode_duration
    value = float(rows.least @ weight + np.minimum.reduceat(price, problem.mode_ptr[:-1]).sum())
    return ceil(value - 1e-6 - 1e-9 * abs(value))


def _program(problem: FlexibleJobShop, rows: _Rows) -> highspy.HighsLp:
    """Columns: the share of each mode, then the makespan. Rows: makespan - work >= least; shares of an operation add up to 1."""
    modes, count = problem.modes, len(rows.least)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = modes + 1, count + problem.operations
    lp.col_cost_ = np.append(np.zeros(modes), 1.0)
    lp.col_lower_, lp.col_upper_ = np.zeros(modes + 1), np.full(modes + 1, highspy.kHighsInf)
    lp.row_lower_ = np.concatenate([rows.least, np.ones(problem.operations)])
    lp.row_upper_ = np.concatenate([np.full(count, highspy.kHighsInf), np.ones(problem.operations)])
    row = np.concatenate([rows.row, count + problem.mode_operation, np.arange(count)])
    column = np.concatenate([rows.mode, np.arange(modes), np.full(count, modes)])
    value = np.concatenate([-problem.mode_duration[rows.mode].astype(float), np.ones(modes), np.ones(count)])
    by_column = np.lexsort((row, column))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=modes + 1))])
    lp.a_matrix_.index_, lp.a_matrix_.value_ = row[by_column], value[by_column]
    return lp


def shared_bound(problem: FlexibleJobShop, seconds: float = float("inf")) -> int:
    """The bound of the linear program, or what is proven of it after so many seconds; 0 where it would be too large."""
    windows = _WINDOWS
    while windows > 1 and problem.modes * windows * windows > _MOST_ENTRIES:
        windows -= 1
    if not problem.operations or problem.modes * windows * windows > _MOST_ENTRIES:
        return 0
    rows = _rows(problem, windows)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("simplex_iteration_limit", _MOST_STEPS)
    if seconds < float("inf"):
        solver.setOptionValue("time_limit", seconds)
    solver.passModel(_program(problem, rows))
    solver.run()
    weight = np.array(solver.getSolution().row_dual, float)
    return _proven(problem, rows, weight[: len(rows.least)]) if len(weight) else 0
