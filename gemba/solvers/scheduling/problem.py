"""The scheduling problem, whole: tasks that need resources, and everything that may bind them, as flat arrays.

Job, flow, open and flexible shops, projects and services are all cases of it. A *task* is done in one of its *modes*; a mode has
work, a cost, and *uses* of resources. Times are whole seconds. ``model.Model`` builds a problem and says what is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled.hours import FAR, Opened

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE = -1  # no calendar, no family, not fixed ...

#: A link counts from the earlier task's start instead of its end; it holds for the later task's end instead of its start.
FROM_START, TO_END = 1, 2

#: Columns of ``Problem.links``, ``Problem.moves`` and of a schedule's times.
BEFORE, AFTER, MINIMUM, MAXIMUM, KIND = range(5)
TASK, STOCK, AMOUNT, AT_END = range(4)
START, END = range(2)


class Term(StrEnum):
    """What can be made small. Seconds and costs are summed over tasks, each with the task's own weight."""

    MAKESPAN = "makespan"  # the last end, from moment 0
    TARDINESS = "tardiness"  # weight x seconds after due
    LATE = "late"  # number of tasks that end after due
    FLOW_TIME = "flow time"  # weight x (end - release)
    EARLINESS = "earliness"  # holding x seconds before due: stock held
    SETUP_TIME = "set-up time"  # seconds of change-over
    SETUP_COST = "set-up cost"
    MODE_COST = "mode cost"  # of the modes chosen: alternatives, overtime
    DISTURBANCE = "disturbance"  # stability x seconds moved from the published start; a changed mode counts as an hour


#: Seconds of disturbance that a changed mode counts as.
MODE_CHANGE = 3600


@dataclass(frozen=True, slots=True)
class Problem:
    """n tasks, m modes, u uses, r resources, l links, s stocks.

    Tasks: ``release``, ``due``, ``deadline`` (FAR: none); ``weight``, ``holding``, ``stability`` for each second late, early,
    moved; ``whole``: may not pause; ``fixed`` start and ``published`` start (-1: none), ``published_mode``; its modes are
    ``mode_ptr[i]`` up to ``mode_ptr[i + 1]``. ``holds``: the task that must start before this one leaves its resources
    (blocking), -1: none.
    Modes: ``work`` (seconds of open hours), ``cost``, ``family`` (set-up family, -1: leaves the set-up as it is), ``calendar``
    (of ``hours``; -1: always open), uses from ``use_ptr``.
    Resources: ``capacity``; ``matrix`` (-1: no set-ups), ``setup`` (family at the beginning), ``between`` (the change-over
    lies before the task and takes this resource alone; else it is the task's own work), ``batch`` (tasks that run together
    start and end together and have one family), ``campaign`` (fewest tasks of a family in a row), ``consumable`` (its
    capacity is all there is: what modes take is used up).
    ``setup_time`` and ``setup_cost``: matrices x families before (the last row: none yet) x families after.
    ``links``: (l, 5) before, after, minimum and maximum seconds between (FAR: any), FROM_START | TO_END.
    ``moves``: (., 4) task, stock, amount (below 0: taken), 1 at its end or 0 at its start; each stock's level, from
    ``initial``, stays within ``lowest`` and ``highest``.
    ``objective``: levels, each made as small as possible before the next counts; a level is a weighted sum of terms.
    """

    release: Longs
    due: Longs
    deadline: Longs
    weight: Floats
    holding: Floats
    stability: Floats
    whole: NDArray[np.bool_]
    fixed: Longs
    published: Longs
    published_mode: Longs
    holds: Longs
    mode_ptr: Longs
    work: Longs
    cost: Floats
    family: Longs
    calendar: Longs
    use_ptr: Longs
    use_resource: Longs
    use_amount: Longs
    capacity: Longs
    matrix: Longs
    setup: Longs
    between: NDArray[np.bool_]
    batch: NDArray[np.bool_]
    campaign: Longs
    consumable: NDArray[np.bool_]
    setup_time: Longs
    setup_cost: Floats
    links: Longs
    moves: Longs
    initial: Longs
    lowest: Longs
    highest: Longs
    hours: Opened
    objective: tuple[tuple[tuple[Term, float], ...], ...]
    names: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of tasks."""
        return len(self.release)

    @property
    def modes(self) -> int:
        return len(self.work)

    def uses(self, mode: int) -> list[tuple[int, int]]:
        """(resource, amount) of a mode."""
        low, high = int(self.use_ptr[mode]), int(self.use_ptr[mode + 1])
        return list(zip(self.use_resource[low:high].tolist(), self.use_amount[low:high].tolist(), strict=True))

    def modes_of(self, task: int) -> range:
        return range(int(self.mode_ptr[task]), int(self.mode_ptr[task + 1]))

    def change(self, resource: int, before: int, after: int) -> tuple[int, float]:
        """(seconds, cost) of a change-over on a resource; free where it has no matrix or the later task no family."""
        matrix = int(self.matrix[resource])
        if matrix < 0 or after < 0:
            return 0, 0.0
        return int(self.setup_time[matrix, before, after]), float(self.setup_cost[matrix, before, after])

    @property
    def horizon(self) -> int:
        """A moment by which all work can be over, whatever its order, as long as hours do not run out."""
        longest = sum(int(self.work[list(self.modes_of(i))].max()) for i in range(self.size))
        longest += int(self.setup_time.max(initial=0)) * self.size
        lags = int(np.maximum(self.links[:, MINIMUM], 0).sum())
        late = (self.release, self.fixed, self.published, self.due[self.due < FAR])
        first = int(max(moments.max(initial=0) for moments in late))
        slowest = float(self.hours.stretch.max(initial=1.0))
        if not len(self.hours.table):
            return first + longest + lags + 1
        last = int(self.hours.table[:, 1].max())
        return min(last, int(self.hours.table[:, 0].max()) + first + int(longest * slowest) + lags + 1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When each task starts and ends (n, 2), and the mode it is done in."""

    times: Longs
    modes: Longs


@dataclass(frozen=True, slots=True)
class Result:
    """The best schedule found (None: none), the value of each level of the objective, and a value no schedule beats.

    ``bounds`` are of the levels in turn; that of a later level holds among schedules with the earlier levels at their values.
    ``engine`` names what found it.
    """

    schedule: Schedule | None
    values: tuple[float, ...]
    bounds: tuple[float, ...]
    engine: str

    @property
    def objective(self) -> float:
        """The first level."""
        return self.values[0]

    @property
    def bound(self) -> float:
        return self.bounds[0]

    @property
    def proven(self) -> bool:
        """Whether no schedule is better in any level."""
        pairs = zip(self.values, self.bounds, strict=True)
        return self.schedule is not None and all(v - b <= 1e-6 * max(1.0, abs(v)) for v, b in pairs)
