"""The scheduling problem as flat arrays, and the state of a search on it.

A *node* is a piece of work on open hours (or a mere moment, where its work is 0). *Arcs* make nodes wait for one another.
A *slot* is the use of a machine by a node; nodes that share a machine follow one another on it. All moments and work are
whole seconds. What belongs to one node lies side by side in one row: kernels read it at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gemba.solvers.compiled.chance import seeded
from gemba.solvers.compiled.hours import CLOSES, DONE, FAR, OPENS, Opened, open_hours

MOST_NODES = 1 << 20  # in one shop: a moment and a node share 62 bits of a key
FROM_START = 1  # an arc counts from the earlier node's start instead of its end
TO_END = 2  # an arc holds for the later node's end instead of its start

#: Columns of ``Shop.nodes``.
WORK, CALENDAR, WHOLE, RELEASE, DUE, DEADLINE, IN, IN_END, OUT, OUT_END, SLOT, SLOT_END = range(12)
_COLUMNS = 16  # two lines of cache
#: Columns of ``Shop.arcs_in`` and ``Shop.arcs_out``, of ``Shop.slots``, of ``Shop.open``, of times and of sequences.
NODE, LAG, KIND = range(3)
MACHINE = 1
START, END = range(2)
BEFORE, AFTER = range(2)

__all__ = [
    "CLOSES",
    "DONE",
    "FAR",
    "OPENS",
    "Opened",
    "open_hours",
]  # a shop's words for time, whoever else defines them

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


class Shop(NamedTuple):
    """n nodes, a arcs, k slots, m machines, c calendars.

    ``nodes`` columns: WORK (open seconds), CALENDAR (-1: always open), WHOLE (1: must fit in one open stretch), RELEASE
    (earliest start), DUE (from when its end costs ``weight`` a second; FAR: never), DEADLINE (from when it costs
    ``timing.PENALTY`` a second), and where its rows of ``arcs_in``, ``arcs_out`` and ``slots`` begin and end.
    """

    nodes: Longs  # (n, 16)
    weight: Floats  # (n) cost of each second after due
    arcs_in: Longs  # (a, 3) by the later node: the earlier node, seconds between, FROM_START | TO_END
    arcs_out: Longs  # (a, 3) the same arcs by the earlier node: the later node, seconds between, kind
    slots: Longs  # (k, 2) by node: node, machine
    busy_ptr: Longs  # (m + 1) rows of ``busy`` of each machine
    busy: Longs  # (., 2) times at which a machine is taken: start, end; in order, apart
    open_ptr: Longs  # (c + 1) rows of ``open`` of each calendar
    open: Longs  # (., 3) open stretches: opens, closes, open seconds before; in order, apart
    stretch: Floats  # (c) seconds that pass for each open second

    @property
    def size(self) -> int:
        return len(self.nodes)


class State(NamedTuple):
    """A schedule being changed: machine sequences as links between slots (-1: none), times, and room to work in."""

    line: Longs  # (k, 2) the slot before and the slot after on the same machine
    times: Longs  # (n, 2) start, end
    best: Longs  # (k, 2) the sequences of the best schedule so far
    best_times: Longs  # (n, 2) and its times
    heap: Longs  # (n) nodes to be timed again, soonest first
    queued: NDArray[np.uint8]  # (n)
    former: Longs  # (n, 3) nodes that a move has changed: node, former start, former end
    stamp: Longs  # (n) the move that changed a node last
    late: Longs  # (n, 2) nodes that cost; and for each node where it is in that list (-1: not)
    counts: Longs  # CHANGED, LATE, MOVES, ACCEPTED, STEPS
    value: Floats  # CURRENT cost, BEST cost
    random: NDArray[np.uint64]  # (1)


CHANGED, LATE, MOVES, ACCEPTED, STEPS = range(5)
CURRENT, BEST = range(2)


def csr(owner: Any, count: int) -> tuple[Longs, Longs]:
    """(ptr, order): rows grouped by owner, those of i at ``order[ptr[i]:ptr[i + 1]]``, in their former order."""
    owner = np.asarray(owner, np.int64)
    order = np.argsort(owner, kind="stable")
    ptr = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=count), out=ptr[1:])
    return ptr, order


def state(shop: Shop, seed: int) -> State:
    """Room for a search; no sequences yet."""
    n, k = shop.size, len(shop.slots)
    return State(
        line=np.full((k, 2), -1, np.int64),
        times=np.zeros((n, 2), np.int64),
        best=np.full((k, 2), -1, np.int64),
        best_times=np.zeros((n, 2), np.int64),
        heap=np.zeros(n, np.int64),
        queued=np.zeros(n, np.uint8),
        former=np.zeros((n, 3), np.int64),
        stamp=np.full(n, -1, np.int64),
        late=np.full((n, 2), -1, np.int64),
        counts=np.zeros(8, np.int64),
        value=np.zeros(2),
        random=seeded(seed),
    )


def shop(
    work: Any,
    *,
    calendar: Any = -1,
    whole: Any = 0,
    release: Any = 0,
    due: Any = FAR,
    weight: Any = 0.0,
    deadline: Any = FAR,
    arcs: Any = (),
    slots: Any = (),
    machines: int | None = None,
    busy: Any = (),
    hours: Any = (),
    opened: Opened | None = None,
) -> Shop:
    """A shop from columns.

    Args:
        arcs: rows of (earlier node, later node, seconds between, kind).
        slots: rows of (node, machine).
        busy: rows of (machine, start, end), in any order; they may overlap.
        hours: for each calendar rows of (opens, closes), in order and apart; or ``opened``, made of these once for many shops.
    """
    n = len(work)
    nodes = np.zeros((n, _COLUMNS), np.int64)
    for column, values in (
        (WORK, work),
        (CALENDAR, calendar),
        (WHOLE, whole),
        (RELEASE, release),
        (DUE, due),
        (DEADLINE, deadline),
    ):
        nodes[:, column] = values
    arcs = np.asarray(arcs, np.int64).reshape(-1, 4)
    in_ptr, by_later = csr(arcs[:, 1], n)
    out_ptr, by_earlier = csr(arcs[:, 0], n)
    slots = np.asarray(slots, np.int64).reshape(-1, 2)
    slot_ptr, by_node = csr(slots[:, 0], n)
    for first, ptr in ((IN, in_ptr), (OUT, out_ptr), (SLOT, slot_ptr)):
        nodes[:, first], nodes[:, first + 1] = ptr[:-1], ptr[1:]
    machines = int(slots[:, 1].max(initial=-1)) + 1 if machines is None else machines
    busy_ptr, taken = _apart(busy, machines)
    open_ptr, table, stretch = opened or open_hours(hours)
    weights = np.zeros(n)
    weights[:] = weight
    return Shop(
        nodes,
        weights,
        np.ascontiguousarray(arcs[by_later][:, [0, 2, 3]]),
        np.ascontiguousarray(arcs[by_earlier][:, [1, 2, 3]]),
        np.ascontiguousarray(slots[by_node]),
        busy_ptr,
        taken,
        open_ptr,
        table,
        stretch,
    )


def _apart(busy: Any, machines: int) -> tuple[Longs, Longs]:
    """Taken times by machine, in order, those that touch or overlap joined."""
    found: list[tuple[int, int]] = []
    ptr = np.zeros(machines + 1, np.int64)
    rows: list[list[tuple[int, int]]] = [[] for _ in range(machines)]
    for m, a, b in np.asarray(busy, np.int64).reshape(-1, 3).tolist():
        if a < b:
            rows[m].append((a, b))
    for m, taken in enumerate(rows):
        begun = len(found)
        for a, b in sorted(taken):
            if len(found) > begun and a <= found[-1][1]:
                found[-1] = (found[-1][0], max(b, found[-1][1]))
            else:
                found.append((a, b))
        ptr[m + 1] = len(found)
    return ptr, np.array(found, np.int64).reshape(-1, 2)
