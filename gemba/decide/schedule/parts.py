"""A problem taken apart: independent shops to search, without what needs no search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gemba.decide.schedule.problem import DELIVERY, Problem
from gemba.solvers.search.fold import groups, settle_early
from gemba.solvers.search.shop import (
    END,
    FAR,
    FROM_START,
    RELEASE,
    START,
    TO_END,
    Longs,
    Opened,
    Shop,
    open_hours,
    shop,
)


@dataclass(slots=True)
class Part:
    """Nodes that hang together, by their numbers in the problem, and their shop."""

    nodes: Longs
    shop: Shop


def deadlines(p: Problem) -> Longs:
    """Deadlines of the problem, and of what serves fixed nodes."""
    found = p.deadline.copy()
    into = p.arcs[p.fixed[p.arcs[:, 1]] & ~p.fixed[p.arcs[:, 0]]]
    u, v, lag, kind = into.T
    moment = np.where(kind & TO_END, p.times[v, END], p.times[v, START]) - lag
    moment = np.where(kind & FROM_START, 0, moment)  # so that it may not end later than now
    np.minimum.at(found, u, np.maximum(moment, p.times[u, END]))
    return found


def whole(p: Problem, opened: Opened) -> Shop:
    """All nodes in one shop; nothing makes fixed nodes wait."""
    arcs = p.arcs[~p.fixed[p.arcs[:, 1]]]
    return shop(
        p.work, calendar=p.calendar, whole=p.whole, release=np.where(p.fixed, p.times[:, START], p.release), due=p.due,
        weight=p.weight, deadline=deadlines(p), arcs=arcs, slots=p.slots, machines=p.machines, busy=p.busy, opened=opened,
    )  # fmt: skip


def split(p: Problem) -> tuple[list[Part], Longs]:
    """Independent parts; and all times, those of nodes that need no search as early as can be."""
    opened = open_hours(p.hours)
    full = whole(p, opened)
    times, settled = p.times.copy(), p.fixed.copy()
    settle_early(full, times, settled)
    release = full.nodes[:, RELEASE]
    arcs = p.arcs[~settled[p.arcs[:, 0]] & ~settled[p.arcs[:, 1]]]
    due, weight, deadline, gone = _fold_deliveries(p, arcs, release, deadlines(p))
    arcs = arcs[~gone[arcs[:, 1]]]
    live = ~settled & ~gone
    label = np.zeros(len(p.kind), np.int64)
    groups(arcs, p.slots, p.machines, label)
    columns = (p.work, p.calendar, p.whole, release, due, weight, deadline)
    return _parts(p, opened, np.flatnonzero(live), label, arcs, columns), times


def _fold_deliveries(p: Problem, arcs: Longs, release: Longs, deadline: Longs):  # type: ignore[no-untyped-def]
    """A delivery that waits for one node's end only: its due date is that node's. Columns, and the deliveries gone."""
    due, weight, deadline = p.due.copy(), p.weight.copy(), deadline.copy()
    waits = np.bincount(arcs[:, 1], minlength=len(p.kind))
    serves = np.bincount(arcs[:, 0], minlength=len(p.kind))
    u, v, lag, kind = arcs.T
    alone = (p.kind[v] == DELIVERY) & (waits[v] == 1) & (serves[v] == 0) & (kind & FROM_START == 0) & (due[u] == FAR)
    alone &= np.bincount(u[alone], minlength=len(p.kind))[u] == 1
    u, v, lag = u[alone], v[alone], lag[alone]
    due[u] = np.maximum(due[v], release[v]) - lag
    weight[u] = weight[v]
    deadline[u] = np.minimum(deadline[u], deadline[v] - lag)
    gone = np.zeros(len(p.kind), bool)
    gone[v] = True
    return due, weight, deadline, gone


def _parts(p: Problem, opened: Opened, live: Longs, label: Longs, arcs: Longs, columns) -> list[Part]:  # type: ignore[no-untyped-def]
    """One part for each label, in the order of their first nodes."""
    live = live[np.argsort(label[live], kind="stable")]
    names, first = np.unique(label[live], return_index=True)
    local = np.full(len(p.kind), -1, np.int64)
    local[live] = np.arange(len(live)) - np.repeat(first, np.diff([*first, len(live)]))
    arcs = arcs[np.argsort(label[arcs[:, 0]], kind="stable")]
    arc_at = np.searchsorted(label[arcs[:, 0]], [*names, FAR])
    slots = p.slots[np.argsort(label[p.slots[:, 0]], kind="stable")]
    slot_at = np.searchsorted(label[slots[:, 0]], [*names, FAR])
    busy = p.busy[np.argsort(p.busy[:, 0], kind="stable")]
    found = []
    for k in range(len(names)):
        nodes = live[first[k] : first[k + 1] if k + 1 < len(names) else len(live)]
        own = arcs[arc_at[k] : arc_at[k + 1]].copy()
        own[:, :2] = local[own[:, :2]]
        held = slots[slot_at[k] : slot_at[k + 1]].copy()
        machines, held[:, 1] = np.unique(held[:, 1], return_inverse=True)
        work, calendar, pieces, release, due, weight, deadline = (c[nodes] for c in columns)
        held[:, 0] = local[held[:, 0]]
        found.append(Part(nodes, shop(
            work, calendar=calendar, whole=pieces, release=release, due=due, weight=weight, deadline=deadline, arcs=own,
            slots=held, machines=len(machines), busy=_busy(busy, machines), opened=opened,
        )))  # fmt: skip
    return found


def _busy(busy: Longs, machines: Longs) -> Longs:
    """The taken times of some machines, which become 0, 1, ..."""
    rows = [busy[slice(*np.searchsorted(busy[:, 0], [m, m + 1]))] for m in machines] if len(busy) else []
    kept = np.concatenate(rows) if rows else busy[:0]
    kept = kept.copy()
    kept[:, 0] = np.searchsorted(machines, kept[:, 0])
    return kept
