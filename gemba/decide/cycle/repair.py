"""Repair of an anchored plan: the best of right shift and gaps, then local search around what moved.

Work that an event holds up goes to another resource or to another place of its machines' sequences, one task at a time; what
lowers lateness and disturbance together is kept. Only what moved is looked at (affected operations rescheduling: Li, Shyu and
Adiga 1993; Abumaizar and Svestka 1997).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gemba.decide.cycle.anchor import Anchored, Way
from gemba.decide.cycle.gaps import Gaps, elbowed
from gemba.solvers.search.sequence import put_after, put_before, take_out
from gemba.solvers.search.shop import (
    AFTER,
    BEFORE,
    CHANGED,
    DEADLINE,
    DUE,
    END,
    MACHINE,
    NODE,
    SLOT,
    SLOT_END,
    START,
    Longs,
)
from gemba.solvers.search.timing import PENALTY, queue, restore, retime

_CAP = 800  # nodes that a move may touch
_MOST = 400  # moved nodes that are looked at in a round
_NEAR = 4  # places before its own at which a node is tried
_HALVINGS = 8  # and moments between its published start and its own
_EPS = 1e-9


@dataclass(slots=True)
class Start:
    """A schedule of the shop: its value, its times, and what it does elsewhere."""

    value: float
    times: Longs
    ways: dict[int, Way]


def repair(a: Anchored, exchange: float, until: float, tries: int | None) -> int:
    """Leave the shop in the best schedule found; how many moves were tried, -1 where there is no schedule at all.

    Each of three plain ways (right shift, gaps, pushing in what is new) is a start for the search, the best one first.

    Args:
        exchange: days of weighted tardiness that a moved task is worth.
        until: moment of ``time.monotonic`` at which the search ends.
        tries: most moves from each start.
    """
    starts = sorted((s for way in (_shift, _gaps, _elbows) if (s := _start(a, exchange, way))), key=lambda s: s.value)
    found, tried = list(starts), 0
    for i, start in enumerate(starts):
        now = time.monotonic()
        if now < until and start.value > _EPS:
            _return_to(a, start)
            search = Repair(a, exchange)
            search.run(now + (until - now) / (len(starts) - i), tries)
            tried += search.tried
            found.append(_leave(a, exchange))
    if not found:
        return -1
    _return_to(a, min(found, key=lambda s: s.value))
    return tried


def _start(a: Anchored, exchange: float, way: Callable[[Anchored], Longs | None]) -> Start | None:
    times = way(a)
    timed = times is not None and a.sequence(times)
    found = _leave(a, exchange)
    return found if timed else None


def _leave(a: Anchored, exchange: float) -> Start:
    """The schedule that the shop is in; nothing is done elsewhere then."""
    late = np.maximum(0, a.times[:, END] - a.shop.nodes[:, DUE]) * a.shop.weight
    missed = np.maximum(0, a.times[:, END] - a.shop.nodes[:, DEADLINE])
    value = float(late.sum() + PENALTY * missed.sum()) + exchange * a.disturbance()
    found = Start(value, a.times.copy(), dict(a.swapped))
    for node in found.ways:
        a.go_back(node)
    return found


def _return_to(a: Anchored, start: Start) -> None:
    for node in list(a.swapped):
        a.go_back(node)
    for node, way in start.ways.items():
        a.go(node, way)
    a.sequence(start.times)


def _shift(a: Anchored) -> Longs | None:
    return a.base


def _gaps(a: Anchored) -> Longs | None:
    gaps = Gaps(a)
    return gaps.times if gaps.fill() else None


def _elbows(a: Anchored) -> Longs | None:
    return elbowed(a) if len(a.new) else None


@dataclass(slots=True)
class Move:
    """Put a node back in by a moment, on another resource where one is given."""

    node: int
    moment: int
    way: Way | None = None


class Repair:
    """A search on an anchored shop that has been timed. ``exchange``: days of weighted tardiness that a moved task is worth."""

    def __init__(self, a: Anchored, exchange: float) -> None:
        self.a, self.exchange = a, exchange
        self.shop, self.state = a.shop, a.state
        self.on: dict[int, Longs] = {}
        self.tried = 0

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
        moved = np.union1d(self.a.moved(), self.a.new)
        moved = moved[self.shop.nodes[moved, SLOT] < self.shop.nodes[moved, SLOT_END]]
        moved = moved[np.argsort(self.a.times[moved, START], kind="stable")][:_MOST]
        for node in moved.tolist():
            start = int(self.a.times[node, START])
            first = min(int(self.a.base[node, START]), start)
            if node not in self.a.swapped:
                for way in self.a.others.get(node, ()):
                    for moment in dict.fromkeys((first, start)):
                        if node not in self.a.swapped:
                            yield Move(node, moment, way)
            between = (first + ((start - first) >> k) for k in range(1, _HALVINGS))
            for moment in dict.fromkeys((start + 1, first, *self._around(node), *between)):
                yield Move(node, moment)

    def _around(self, node: int) -> list[int]:
        """Moments of work before it and after it on its machines."""
        line, slots, times = self.state.line, self.shop.slots, self.a.times
        found = []
        for slot in range(self.shop.nodes[node, SLOT], self.shop.nodes[node, SLOT_END]):
            k = slot
            for _ in range(_NEAR):
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
        node, line = move.node, self.state.line
        slots = list(range(self.shop.nodes[node, SLOT], self.shop.nodes[node, SLOT_END]))
        former = [(k, int(line[k, BEFORE]), int(line[k, AFTER])) for k in slots]
        touched = {node, *self._behind(slots)}
        if move.way:
            slot = self.a.go(node, move.way)
            self.on.clear()
            take_out(line, slot)
            line[slot] = -1
        changes = [self._put(k, move.moment) for k in slots]
        if not any(changes) and not move.way:
            return False
        self.tried += 1
        touched |= set(self._behind(slots))
        late = self._retime(touched)
        if late + self.exchange * self._disturbed(node, move.way is not None) < -_EPS:
            return True
        restore(self.state.former, self.state.times, self.state.counts[CHANGED])
        self._undo(former)
        if move.way:
            self.a.go_back(node)
            self.on.clear()
        return False

    def _behind(self, slots: list[int]) -> list[int]:
        """Nodes right behind these slots."""
        behind = self.state.line[slots, AFTER]
        return [int(n) for n in self.shop.slots[behind[behind >= 0], NODE]]

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

    def _undo(self, former: list[tuple[int, int, int]]) -> None:
        line = self.state.line
        for slot, before, after in reversed(former):
            take_out(line, slot)
            line[slot] = before, after
            if before >= 0:
                line[before, AFTER] = slot
            if after >= 0:
                line[after, BEFORE] = slot

    def _retime(self, nodes: set[int]) -> float:
        """Change of the cost of lateness when these nodes and all that follows are timed anew."""
        size = 0
        for node in sorted(nodes):
            size = queue(self.state.heap, self.state.queued, size, node, int(self.state.times[node, START]))
        return float(retime(self.shop, self.state, size, _CAP))

    def _disturbed(self, node: int, elsewhere: bool) -> float:
        """Change of the disturbance by the last ``_retime``."""
        rows = self.state.former[: int(self.state.counts[CHANGED])]
        nodes = rows[:, 0]
        base, weight = self.a.base[nodes], self.a.weight[nodes]
        now, was = (self.a.times[nodes] != base).any(axis=1), (rows[:, 1:] != base).any(axis=1)
        change = float((weight * now).sum() - (weight * was).sum())
        return change + (float(self.a.weight[node]) if elsewhere else 0.0)
