"""Repair by gaps: only what an event holds up moves, to the first gap that is long enough; all other work keeps its times.

The counterpart of right shift, which keeps sequences and moves much: here sequences give way and little moves (rescheduling of
affected operations by insertion).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from heapq import heapify, heappop, heappush

import numpy as np

from gemba.decide.cycle.anchor import Anchored
from gemba.operation.worktime import FAR
from gemba.solvers.search.shop import (
    END,
    MACHINE,
    NODE,
    OUT,
    OUT_END,
    SLOT,
    SLOT_END,
    START,
    Longs,
)
from gemba.solvers.search.timing import place, ready

_MOST = 20000  # nodes looked at, before right shift alone must do


class Gaps:
    """Times in the making: ``times`` are the result of ``fill``, with what the shop then says is done elsewhere."""

    def __init__(self, a: Anchored) -> None:
        self.a, self.shop = a, a.shop
        self.times = a.base.copy()
        self.alone = np.full_like(a.state.line, -1)  # no sequences: what a node waits for are its arcs
        self.taken: dict[int, list[tuple[int, int, int]]] = defaultdict(list)  # of each machine: start, end, node
        nodes, machines = self.shop.slots[:, NODE], self.shop.slots[:, MACHINE]
        for m, s, e, n in np.column_stack([machines, self.times[nodes], nodes]).tolist():
            self.taken[m].append((s, e, n))
        for rows in self.taken.values():
            rows.sort()

    def fill(self) -> bool:
        """Put all that does not fit where it is into gaps; False where that has no end."""
        waiting = [(int(self.times[n, START]), n) for n in self._misfits()]
        heapify(waiting)
        queued = {n for _, n in waiting}
        for _ in range(_MOST):
            if not waiting:
                return True
            _, node = heappop(waiting)
            queued.discard(node)
            if self._settle(node):
                for arc in range(self.shop.nodes[node, OUT], self.shop.nodes[node, OUT_END]):
                    other = int(self.shop.arcs_out[arc, NODE])
                    if other not in queued:
                        queued.add(other)
                        heappush(waiting, (int(self.times[other, START]), other))
        return False

    def _misfits(self) -> list[int]:
        """Nodes that cannot be where they are, by hours or by what they wait for."""
        return [n for n in self.a.suspects.tolist() if self._first(n, self._ready(n)) != tuple(self.times[n].tolist())]

    def _ready(self, node: int) -> int:
        s = self.shop
        return int(ready(s.nodes, s.arcs_in, s.slots, s.open_ptr, s.open, self.alone, self.times, node))

    def _first(self, node: int, moment: int) -> tuple[int, int]:
        s = self.shop
        start, end = place(s.nodes, s.slots, s.busy_ptr, s.busy, s.open_ptr, s.open, node, moment)
        return int(start), int(end)

    def _settle(self, node: int) -> bool:
        """Put a node where it can be; whether that is elsewhere than before."""
        moment = self._ready(node)
        slots = range(self.shop.nodes[node, SLOT], self.shop.nodes[node, SLOT_END])
        former = (int(self.times[node, START]), int(self.times[node, END]))
        if self._first(node, moment) == former and self._free(node, slots, *former) is None:
            return False
        self._leave(node, slots, former)
        best, way = self._gap(node, slots, moment), None
        for other in self.a.others.get(node, ()) if node not in self.a.swapped else ():
            self.a.go(node, other)
            found = self._gap(node, slots, moment)
            self.a.go_back(node)
            if found[1] < best[1]:
                best, way = found, other
        if way is not None:
            self.a.go(node, way)
        self.times[node] = best
        for k in slots:
            insort(self.taken[int(self.shop.slots[k, MACHINE])], (*best, node))
        return best != former or way is not None

    def _leave(self, node: int, slots: range, former: tuple[int, int]) -> None:
        for k in slots:
            rows = self.taken[int(self.shop.slots[k, MACHINE])]
            i = bisect_left(rows, (*former, node))
            if i < len(rows) and rows[i] == (*former, node):
                del rows[i]

    def _gap(self, node: int, slots: range, moment: int) -> tuple[int, int]:
        """The first time from a moment on at which all its machines are free for it."""
        while True:
            start, end = self._first(node, moment)
            after = self._free(node, slots, start, end) if start < FAR else None
            if after is None:
                return start, end
            moment = after

    def _free(self, node: int, slots: range, start: int, end: int) -> int | None:
        """None where its machines are free from start until end; else when the work that is in the way ends."""
        for k in slots:
            rows = self.taken[int(self.shop.slots[k, MACHINE])]
            i = bisect_left(rows, (end, -1, -1)) - 1
            while i >= 0 and rows[i][2] == node:
                i -= 1
            if i >= 0 and rows[i][1] > start:
                return rows[i][1]
        return None


def elbowed(a: Anchored) -> Longs:
    """Times at which new work begins as soon as what it waits for is there, whatever is in its way (which is then pushed)."""
    times, alone = a.base.copy(), np.full_like(a.state.line, -1)
    s = a.shop
    for node in sorted(a.new.tolist(), key=lambda n: int(a.base[n, START])):
        moment = ready(s.nodes, s.arcs_in, s.slots, s.open_ptr, s.open, alone, times, node)
        times[node] = place(s.nodes, s.slots, s.busy_ptr, s.busy, s.open_ptr, s.open, node, moment)
    return times
