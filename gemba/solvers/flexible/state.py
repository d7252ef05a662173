"""The arrays that kernels work on: operations in rows, machines as lines of operations.

A row of ``ops`` is one operation (one cache line), its last row an operation that is none: it stands for "nothing before"
and "nothing after", with 0 for all its times. The columns:

HEAD, END: earliest start and end, all operations started as soon as their job and machine allow.
TAIL: longest time from the start of the operation to the end of the schedule's last one behind it.
WORK, MODE, MACHINE: the chosen mode, its duration and machine.
JOB_BEFORE, JOB_AFTER: neighbours in the job. BEFORE, AFTER, PLACE: neighbours and place in the machine's line.
RANK: place in a topological order of all operations. RELEASE: of the job, at its first operation; else 0.
MODES, MODES_END: rows of its modes. MARK: scratch, 0 between uses.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.flexible.problem import FlexibleJobShop, Longs

HEAD, END, TAIL, WORK, MODE, MACHINE, JOB_BEFORE, JOB_AFTER = range(8)
BEFORE, AFTER, PLACE, RANK, RELEASE, MODES, MODES_END, MARK = range(8, 16)

# Columns of modes.
MODE_MACHINE, MODE_WORK, FORBIDDEN = range(3)
# Columns of lines.
FIRST, COUNT = range(2)
# Entries of value.
MAKESPAN, BEST, MOVES, IMPROVED = range(4)
# Rows and columns of picks.
ALLOWED, TABU = range(2)
VALUE, SECOND, TIES, OP, NEW_MODE, NEW_PLACE = range(6)

_MOST_PAIRS = 1 << 20

Ints = NDArray[np.int32]


class State(NamedTuple):
    """One schedule under work, the best one it came by, and the memory of the search.

    Attributes:
        ops: (operations + 1, 16) see above.
        modes: (modes, 3) MODE_MACHINE, MODE_WORK, and FORBIDDEN: the move up to which the mode may not be chosen again.
        lines: (machines, 2) FIRST place in ``line`` of each machine's operations, and their COUNT.
        line: operations of each machine in their sequence, each machine with room for all that could go there.
        order: (operations,) a topological order.
        pairs: up to which move an operation may not go before another again; indexed by ``pair``.
        best_mode, best_order: (operations,) the best schedule as modes and a topological order.
        path, scratch: (operations + 1,) for use within one move.
        picks: (2, 6) the move to make: the best that is ALLOWED, and any one of those that are TABU.
        value: MAKESPAN of the schedule under work and of the BEST, MOVES made, and the one that last IMPROVED the best.
        random: (1,) state of the random numbers.
        firsts, lasts: (jobs that have any,) first and last operations of the jobs.
        rest: (operations,) least work of the job from the operation on.
    """

    ops: Ints
    modes: Ints
    lines: Ints
    line: Ints
    order: Ints
    pairs: Ints
    best_mode: Ints
    best_order: Ints
    path: Ints
    scratch: Ints
    picks: Longs
    value: Longs
    random: NDArray[np.uint64]
    firsts: Ints
    lasts: Ints
    rest: Longs


def new_state(problem: FlexibleJobShop, seed: int) -> State:
    """A state without a schedule yet: ``graph.load`` gives it one."""
    n = problem.operations
    nonempty = np.diff(problem.job_ptr) > 0
    firsts, lasts = problem.job_ptr[:-1][nonempty], problem.job_ptr[1:][nonempty] - 1
    pairs = 1
    while pairs < min(n * n, _MOST_PAIRS):
        pairs *= 2
    room = np.bincount(problem.mode_machine, minlength=problem.machines)
    lines = np.zeros((problem.machines, 2), np.int32)
    lines[:, FIRST] = np.cumsum(room) - room
    modes = np.zeros((problem.modes, 3), np.int32)
    modes[:, MODE_MACHINE], modes[:, MODE_WORK] = problem.mode_machine, problem.mode_duration
    return State(
        ops=_rows(problem, firsts, lasts, problem.release[nonempty]),
        modes=modes,
        lines=lines,
        line=np.full(problem.modes, n, np.int32),
        order=np.arange(n, dtype=np.int32),
        pairs=np.zeros(pairs, np.int32),
        best_mode=np.zeros(n, np.int32),
        best_order=np.arange(n, dtype=np.int32),
        path=np.zeros(n + 1, np.int32),
        scratch=np.zeros(n + 1, np.int32),
        picks=np.zeros((2, 6), np.int64),
        value=np.array([0, np.iinfo(np.int64).max, 0, 0], np.int64),
        random=np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1),
        firsts=firsts.astype(np.int32),
        lasts=lasts.astype(np.int32),
        rest=_rest(problem),
    )


def _rows(problem: FlexibleJobShop, firsts: Longs, lasts: Longs, release: Longs) -> Ints:
    n = problem.operations
    ops = np.zeros((n + 1, 16), np.int32)
    numbers = np.arange(n + 1)
    ops[:, JOB_BEFORE], ops[:, JOB_AFTER] = numbers - 1, numbers + 1
    ops[firsts, JOB_BEFORE] = ops[lasts, JOB_AFTER] = ops[n, JOB_BEFORE] = ops[n, JOB_AFTER] = n
    ops[:, BEFORE] = ops[:, AFTER] = n
    ops[firsts, RELEASE] = release
    ops[:n, MODES], ops[:n, MODES_END] = problem.mode_ptr[:-1], problem.mode_ptr[1:]
    return ops


def _rest(problem: FlexibleJobShop) -> Longs:
    """Least work of the job from each operation on."""
    total = np.concatenate([[0], np.cumsum(problem.fastest)])
    return np.asarray(total[problem.job_ptr[1:]][problem.operation_job] - total[:-1], np.int64)
