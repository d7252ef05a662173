"""A project as flat arrays: activities with modes, renewable and non-renewable resources, precedence with minimum lags.

All times are whole numbers of one unit. Activities are 0 to n - 1, no dummy start or end is needed. A mode is one way to do an
activity: its duration, what it takes of each renewable resource while it lasts (people, machines), and what it uses up of each
non-renewable one (money, material). The makespan is the latest end.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_ACTIVITIES = 1 << 20  # a moment and an activity share 63 bits of a sort key
LATEST = 1 << 38  # every schedule must end before: a sort key holds a moment, its fraction and an activity
_WORD = 62  # bits of a word that hold free capacities


class Network(NamedTuple):
    """Whom each activity waits for: rows ``ptr[i]`` to ``ptr[i + 1]`` of ``other`` and ``lag``."""

    ptr: Longs  # (n + 1)
    other: Longs  # (a) the activity that ends before
    lag: Longs  # (a) least time between that end and this start, 0 or more
    release: Longs  # (n) earliest start


class Project(NamedTuple):
    """n activities, m modes, r renewable and k non-renewable resources, a precedence arcs. Made by ``project``."""

    mode_ptr: Longs  # (n + 1) modes of activity i: mode_ptr[i] to mode_ptr[i + 1] - 1
    duration: Longs  # (m)
    renewable: Longs  # (m, r) taken while the mode lasts
    nonrenewable: Longs  # (m, k) used up by the mode
    capacity: Longs  # (r) at any time
    budget: Longs  # (k) over the whole project
    before: Network  # by the later activity
    after: Network  # by the earlier activity: the same arcs mirrored in time, nothing released later
    rank: Longs  # (n) place in a topological order
    packed: Longs  # (m, w) ``renewable`` with several resources in one word, for the kernels
    room: Longs  # (w) ``capacity`` likewise
    guard: Longs  # (w) the bit above each resource's field

    @property
    def size(self) -> int:
        """Number of activities."""
        return len(self.rank)


def project(
    duration: Any,
    renewable: Any,
    capacity: Any,
    arcs: Any = (),
    *,
    mode_ptr: Any = None,
    nonrenewable: Any = None,
    budget: Any = (),
    release: Any = 0,
) -> Project:
    """A project from columns.

    Args:
        duration: (m) of each mode.
        renewable: (m, r) demands of each mode.
        capacity: (r).
        arcs: rows of (earlier activity, later activity) or of (earlier, later, least time between).
        mode_ptr: (n + 1) first mode of each activity, and m; None: one mode each.
        nonrenewable: (m, k) demands of each mode; None: no such resources.
        budget: (k).
        release: (n) earliest start of each activity, or one for all.

    Raises:
        ValueError: for negative figures, an activity without a mode within the capacities, arcs in a circle or arrays of
            wrong sizes.
    """
    work = np.array(duration, np.int64).reshape(-1)
    m = len(work)
    limit, stock = np.array(capacity, np.int64).reshape(-1), np.array(budget, np.int64).reshape(-1)
    demand = np.array(renewable, np.int64).reshape(m, len(limit))
    use = np.array([] if nonrenewable is None else nonrenewable, np.int64).reshape(m, len(stock))
    ptr = np.arange(m + 1, dtype=np.int64) if mode_ptr is None else np.array(mode_ptr, np.int64)
    n = len(ptr) - 1
    soonest = np.zeros(n, np.int64)
    soonest[:] = release
    rows = _arcs(arcs, n)
    _validate(work, demand, use, limit, stock, ptr, rows, soonest)
    before = _network(rows[:, 1], rows[:, 0], rows[:, 2], soonest)
    after = _network(rows[:, 0], rows[:, 1], rows[:, 2], np.zeros(n, np.int64))
    packed, room, guard = _pack(demand, limit)
    return Project(ptr, work, demand, use, limit, stock, before, after, _ranks(before, after), packed, room, guard)


def _arcs(arcs: Any, n: int) -> Longs:
    """Rows (earlier, later, lag), each pair once with its longest lag."""
    longest: dict[tuple[int, int], int] = {}
    for row in ([int(figure) for figure in arc] for arc in arcs):
        lag = row[2] if len(row) > 2 else 0
        if not (0 <= row[0] < n and 0 <= row[1] < n):
            raise ValueError(f"arc {row} names an activity that does not exist")
        longest[row[0], row[1]] = max(lag, longest.get((row[0], row[1]), 0)) if lag >= 0 else -1
    return np.array([(a, b, lag) for (a, b), lag in longest.items()], np.int64).reshape(-1, 3)


def _validate(
    work: Longs, demand: Longs, use: Longs, limit: Longs, stock: Longs, ptr: Longs, arcs: Longs, release: Longs
) -> None:
    if ptr[0] != 0 or ptr[-1] != len(work) or (np.diff(ptr) < 1).any():
        raise ValueError("each activity needs a mode: mode_ptr must rise from 0 to the number of modes")
    if len(ptr) > MOST_ACTIVITIES:
        raise ValueError(f"at most {MOST_ACTIVITIES} activities")
    for name, values in (
        ("durations", work), ("demands", demand), ("demands", use), ("capacities", limit), ("budgets", stock),
        ("lags", arcs[:, 2]), ("releases", release),
    ):  # fmt: skip
        if (values < 0).any():
            raise ValueError(f"{name} must not be negative")
    longest = np.maximum.reduceat(work, ptr[:-1]).sum() + arcs[:, 2].sum() + release.max(initial=0)
    if longest >= LATEST or (limit >= 1 << (_WORD - 1)).any():
        raise ValueError("times or capacities are too large")
    alone = np.maximum.reduceat((demand <= limit).all(axis=1), ptr[:-1])
    if not alone.all():
        raise ValueError(f"activity {int(np.argmin(alone))} has no mode within the capacities")


def _network(owner: Longs, other: Longs, lag: Longs, release: Longs) -> Network:
    order = np.argsort(owner, kind="stable")
    ptr = np.zeros(len(release) + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=len(release)), out=ptr[1:])
    return Network(ptr, np.ascontiguousarray(other[order]), np.ascontiguousarray(lag[order]), release)


def _ranks(before: Network, after: Network) -> Longs:
    """Place of each activity in a topological order (Kahn 1962)."""
    waits = np.diff(before.ptr)
    line = [int(i) for i in np.flatnonzero(waits == 0)]
    for i in line:
        for other in after.other[after.ptr[i] : after.ptr[i + 1]].tolist():
            waits[other] -= 1
            if waits[other] == 0:
                line.append(other)
    if len(line) < len(waits):
        raise ValueError("arcs run in a circle")
    rank = np.empty(len(line), np.int64)
    rank[line] = np.arange(len(line))
    return rank


def _pack(demand: Longs, limit: Longs) -> tuple[Longs, Longs, Longs]:
    """Demands and capacities with as many resources in a word as it holds, a spare bit above each."""
    places, word, bit = [], 0, 0
    for capacity in limit.tolist():
        width = capacity.bit_length() + 1
        if bit + width > _WORD:
            word, bit = word + 1, 0
        places.append((word, bit, width))
        bit += width
    packed = np.zeros((len(demand), word + 1), np.int64)
    room, guard = np.zeros(word + 1, np.int64), np.zeros(word + 1, np.int64)
    inside = np.minimum(demand, limit)
    for r, (word, bit, width) in enumerate(places):
        packed[:, word] += inside[:, r] << bit
        room[word] += int(limit[r]) << bit
        guard[word] += 1 << (bit + width - 1)
    return packed, room, guard
