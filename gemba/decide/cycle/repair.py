"""Local repair after right shift: work that an event holds up goes to another resource, or to another place in a sequence.

Affected work is put back in at other moments, or elsewhere, one task at a time; what lowers lateness and disturbance together is
kept. Neighbourhoods are limited to what moved, in the order of time (affected operations rescheduling: Li, Shyu and Adiga 1993).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gemba.decide.cycle.alternatives import Alternative
from gemba.decide.cycle.anchor import Anchored
from gemba.solvers.search.sequence import put_after, put_before, take_out
from gemba.solvers.search.shop import (
    AFTER,
    BEFORE,
    CALENDAR,
    CHANGED,
    CURRENT,
    END,
    MACHINE,
    NODE,
    SLOT,
    SLOT_END,
    START,
    WORK,
    Longs,
)
from gemba.solvers.search.timing import queue, restore, retime

_CAP = 4000  # nodes that a move may touch
_MOST = 400  # moved nodes that are looked at in a round
_EPS = 1e-9


@dataclass(slots=True)
class Move:
    """Put a node back in by a moment, on another resource where one is given."""

    node: int
    moment: int
    way: tuple[Alternative, int, int] | None = None


class Repair:
    """A search on an anchored shop. ``exchange``: days of weighted tardiness that one moved task is worth."""

    def __init__(self, a: Anchored, exchange: float) -> None:
        self.a, self.exchange = a, exchange
        self.shop, self.state = a.shop, a.state
        self.on: dict[int, Longs] = {}
        self.tried = 0
        self.tardiness = float(self.state.value[CURRENT])
        self.disturbance = float(a.weight[self.moved()].sum())

    def moved(self) -> Longs:
        """Nodes with other times than published, or elsewhere."""
        other = (self.a.times != self.a.base).any(axis=1)
        other[list(self.a.swapped)] = True
        return np.flatnonzero(other)

    def run(self, until: float, tries: int | None) -> None:
        """Improve until a moment of ``time.monotonic``, so many tries, or until nothing helps."""
        better = True
        while better:
            better = False
            for move in self._moves():
                if time.monotonic() > until or (tries is not None and self.tried >= tries):
                    return
                better |= self.attempt(move)

    def _moves(self) -> Iterator[Move]:
        """Moves of what has moved and of what is new, the earliest first."""
        moved = np.union1d(self.moved(), self.a.new)
        moved = moved[self.shop.nodes[moved, SLOT] < self.shop.nodes[moved, SLOT_END]]
        moved = moved[np.argsort(self.a.times[moved, START], kind="stable")][:_MOST]
        for node in moved.tolist():
            start = int(self.a.times[node, START])
            first = min(int(self.a.base[node, START]), start)
            for way in self.a.others.get(node, ()):
                if node not in self.a.swapped:
                    for moment in dict.fromkeys((first, start)):
                        yield Move(node, moment, way)
            if node in self.a.swapped:
                continue
            for moment in dict.fromkeys((start + 1, first, *self._around(node))):
                yield Move(node, moment)

    def _around(self, node: int) -> list[int]:
        """Moments of work before it and after it on its machines."""
        line, slots, times = self.state.line, self.shop.slots, self.a.times
        found = []
        for slot in range(self.shop.nodes[node, SLOT], self.shop.nodes[node, SLOT_END]):
            k = slot
            for _ in range(4):
                k = line[k, BEFORE]
                if k < 0:
                    break
                found.append(int(times[slots[k, NODE], START]))
            after = line[slot, AFTER]
            if after >= 0:
                found.append(int(times[slots[after, NODE], START]) + 1)
        return found

    def attempt(self, move: Move) -> bool:
        """Make a move, and keep it where it is better."""
        node = move.node
        slots = list(range(self.shop.nodes[node, SLOT], self.shop.nodes[node, SLOT_END]))
        former = [(k, int(self.state.line[k, BEFORE]), int(self.state.line[k, AFTER])) for k in slots]
        row = self.shop.nodes[node, [CALENDAR, WORK]].copy()
        machines = self.shop.slots[slots, MACHINE].copy()
        touched = {node, *self._neighbours(slots)}
        if move.way:
            self._swap(node, slots, move.way)
        changes = [self._put(k, move.moment) for k in slots]
        if not any(changes) and not move.way:
            return False
        self.tried += 1
        touched |= set(self._neighbours(slots))
        late = self._retime(touched)
        moved = self._disturbed(node, move.way is not None)
        if late + self.exchange * moved < -_EPS:
            self.tardiness += late
            self.disturbance += moved
            if move.way:
                self.a.swapped[node] = move.way[0]
            return True
        restore(self.state.former, self.state.times, self.state.counts[CHANGED])
        self._undo(former, slots, machines)
        self.shop.nodes[node, [CALENDAR, WORK]] = row
        return False

    def _neighbours(self, slots: list[int]) -> list[int]:
        """Nodes right behind these slots."""
        behind = self.state.line[slots, AFTER]
        return [int(n) for n in self.shop.slots[behind[behind >= 0], NODE]]

    def _swap(self, node: int, slots: list[int], way: tuple[Alternative, int, int]) -> None:
        alternative, machine, calendar = way
        for k in slots:
            if self.a.names[self.shop.slots[k, MACHINE]] == alternative.before:
                self._forget(k, machine)
                take_out(self.state.line, k)
                self.state.line[k] = -1
                self.shop.slots[k, MACHINE] = machine
        self.shop.nodes[node, CALENDAR], self.shop.nodes[node, WORK] = calendar, alternative.work

    def _forget(self, slot: int, machine: int) -> None:
        for m in (int(self.shop.slots[slot, MACHINE]), machine):
            self.on.pop(m, None)

    def _put(self, slot: int, moment: int) -> bool:
        """Put a slot behind the last one on its machine that starts before a moment; whether that is another place."""
        machine = int(self.shop.slots[slot, MACHINE])
        if machine not in self.on:
            self.on[machine] = np.flatnonzero(self.shop.slots[:, MACHINE] == machine)
        others = self.on[machine]
        others = others[others != slot]
        if not len(others):
            return False
        times = self.a.times[self.shop.slots[others, NODE]]
        earlier = times[:, START] < moment
        before, after = int(self.state.line[slot, BEFORE]), int(self.state.line[slot, AFTER])
        if earlier.any():
            last = int(others[earlier][np.lexsort((times[earlier, END], times[earlier, START]))[-1]])
            if last != before:
                put_after(self.state.line, slot, last)
        else:
            first = int(others[np.lexsort((times[:, END], times[:, START]))[0]])
            if first != after:
                put_before(self.state.line, slot, first)
        return (before, after) != (int(self.state.line[slot, BEFORE]), int(self.state.line[slot, AFTER]))

    def _undo(self, former: list[tuple[int, int, int]], slots: list[int], machines: Longs) -> None:
        line = self.state.line
        for slot, before, after in reversed(former):
            take_out(line, slot)
            line[slot] = before, after
            if before >= 0:
                line[before, AFTER] = slot
            if after >= 0:
                line[after, BEFORE] = slot
        for slot, machine in zip(slots, machines.tolist(), strict=True):
            if self.shop.slots[slot, MACHINE] != machine:
                self._forget(slot, machine)
                self.shop.slots[slot, MACHINE] = machine

    def _retime(self, nodes: set[int]) -> float:
        """Change of the cost of lateness when these nodes and all that follows are timed anew."""
        size = 0
        for node in sorted(nodes):
            size = queue(self.state.heap, self.state.queued, size, node, int(self.state.times[node, START]))
        return float(retime(self.shop, self.state, size, _CAP))

    def _disturbed(self, node: int, elsewhere: bool) -> float:
        """Change of the disturbance by the last ``_retime``; another resource counts like another time, and both count twice."""
        count = int(self.state.counts[CHANGED])
        rows = self.state.former[:count]
        nodes = rows[:, 0]
        base = self.a.base[nodes]
        now, was = (self.a.times[nodes] != base).any(axis=1), (rows[:, 1:] != base).any(axis=1)
        weight = self.a.weight[nodes]
        change = float((weight * now).sum() - (weight * was).sum())
        return change + (float(self.a.weight[node]) if elsewhere else 0.0)
