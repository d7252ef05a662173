"""Late start: goods are made, bought and moved as late as their use allows, which keeps stock low."""

from __future__ import annotations

import numpy as np

from gemba.decide.schedule.problem import DELIVERY, Problem
from gemba.solvers.search.sequence import link_by
from gemba.solvers.search.shift import shift_right
from gemba.solvers.search.shop import END, FROM_START, START, Longs, open_hours, shop

_SWEEPS = 2


def late_start(p: Problem, times: Longs, safety_time: int) -> None:
    """Move proposed goods orders later, in place, on the same machine sequences; deliveries keep their dates.

    Work for a delivery on time is complete ``safety_time`` seconds before it is due where it was so; a late one's by its date.
    Services, maintenance and inspections stay as early as they are.
    """
    full = shop(
        p.work, calendar=p.calendar, whole=p.whole, release=p.release, arcs=p.arcs, slots=p.slots, machines=p.machines,
        busy=p.busy, opened=open_hours(p.hours),
    )  # fmt: skip
    line = np.full((len(p.slots), 2), -1, np.int64)
    link_by(full, times, line)
    wanted = times.copy()
    _deliveries(p, wanted, safety_time)
    limits = np.minimum(p.until, np.maximum(p.deadline, times[:, END]))
    for _ in range(_SWEEPS):
        order = np.lexsort((wanted[:, END], wanted[:, START]))[::-1]
        shift_right(full, line, wanted, np.ascontiguousarray(order), limits)
    kept = p.kind == DELIVERY
    wanted[kept] = times[kept]
    times[:] = wanted


def _deliveries(p: Problem, wanted: Longs, safety_time: int) -> None:
    """Set deliveries to when what they wait for is to be there."""
    arcs = p.arcs[p.kind[p.arcs[:, 1]] == DELIVERY]
    u, v, lag, kind = arcs.T
    there = np.full(len(p.kind), np.iinfo(np.int64).min)
    np.maximum.at(there, v, np.where(kind & FROM_START, wanted[u, START], wanted[u, END]) + lag)
    date = wanted[:, START]
    early = np.minimum(date, np.maximum(there, p.due - safety_time))
    own = p.kind == DELIVERY
    wanted[own, START] = np.where(date > p.due, date, early)[own]
    wanted[own, END] = wanted[own, START]
