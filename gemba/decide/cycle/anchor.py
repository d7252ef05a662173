"""A published plan as a shop with a home: what still fits stays there, what does not is moved by a match-up (``repair``)."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from gemba.decide.cycle.affected import Affected, cut
from gemba.decide.cycle.alternatives import Alternative, Alternatives
from gemba.decide.schedule.build import build
from gemba.decide.schedule.facts import Facts
from gemba.decide.schedule.parts import deadlines
from gemba.decide.schedule.problem import DELIVERY, Problem
from gemba.decide.schedule.retime import broken
from gemba.operation import Operation, Plan, PlannedTask
from gemba.operation.hours import Hours
from gemba.operation.worktime import FAR
from gemba.solvers.search.matchup import WAY_FIRST, Home, Match, match
from gemba.solvers.search.shop import (
    CALENDAR,
    END,
    MACHINE,
    NODE,
    SLOT,
    SLOT_END,
    START,
    WORK,
    Longs,
    Shop,
    open_hours,
    shop,
)

_WEEK = 7 * 86400.0


@dataclass(slots=True)
class Frame:
    """What an event leaves: the operation with the hours ``before`` it, and with those ``after`` it.

    ``closing`` are the resources whose hours differ.
    """

    before: Operation
    after: Operation
    closing: frozenset[str]
    facts: Facts
    hours: Hours
    alternatives: Alternatives


@dataclass(slots=True)
class Anchored:
    """The shop of a plan, its home, and where its nodes are."""

    problem: Problem
    shop: Shop
    home: Home
    match: Match
    hours: _Hours
    task_of: dict[int, int]  # node -> index of the plan's task
    order_of: dict[int, int]  # node -> index of the plan's order to buy or move
    loose: NDArray[np.bool_]  # (n) of work that was not published, and may start as soon as it can
    suspects: Longs  # nodes that may not be able to be where they are
    ways: dict[int, list[Alternative]] = field(default_factory=dict)  # node -> ways to do it elsewhere

    @property
    def times(self) -> Longs:
        return self.match.times

    def rivals(self, nodes: Longs) -> Longs:
        """Nodes that are in the way of others at home, on machines where these could be too."""
        slots, times = self.shop.slots, self.home.times
        machines = {m for n in nodes.tolist() for m in self._machines(n)}
        other = slots[np.isin(slots[:, MACHINE], list(machines)), NODE]
        first, last = times[nodes, START].min(initial=FAR), times[nodes, END].max(initial=0)
        return np.unique(other[(times[other, END] > first) & (times[other, START] < last)])

    def _machines(self, node: int) -> set[int]:
        """All machines that a node may be on."""
        size = int(self.shop.nodes[node, SLOT_END] - self.shop.nodes[node, SLOT])
        first, count = self.home.more[node].tolist()
        rows = [int(self.home.ways[r, WAY_FIRST]) for r in (node, *range(first, first + count))]
        return {int(m) for r in rows for m in self.home.machines[r : r + size]}

    def moved(self) -> Longs:
        """Nodes with other times than published, or elsewhere."""
        return np.flatnonzero((self.times != self.home.times).any(axis=1) | (self.match.way > 0))

    def swapped(self, node: int) -> Alternative | None:
        """How a node is done elsewhere; None where it is not."""
        way = int(self.match.way[node])
        return self.ways[node][way - 1] if way else None

    def disturbance(self) -> float:
        """Weights of what has other times, and once more of what is elsewhere."""
        other = (self.times != self.home.times).any(axis=1)
        return float(self.home.calm[other].sum() + self.home.calm[self.match.way > 0].sum())

    def copy(self) -> Anchored:
        """Another one to search on, of which nothing that changes is shared."""
        shop = self.shop._replace(nodes=self.shop.nodes.copy(), slots=self.shop.slots.copy())
        home, schedule = self.home._replace(more=self.home.more.copy()), Match._make(x.copy() for x in self.match)
        return replace(self, shop=shop, home=home, match=schedule, hours=self.hours.copy(), ways=dict(self.ways))

    def become(self, other: Anchored) -> None:
        """Take over what another one, a copy, has come to."""
        self.shop, self.home, self.match, self.hours = other.shop, other.home, other.match, other.hours
        self.ways = other.ways

    def offer(self, nodes: Iterable[int], together: bool = True) -> None:
        """Let the tasks of these nodes be done elsewhere too: with another resource, or (``together``) several others."""
        rows, machines = [self.home.ways], [self.home.machines]
        size, at = len(self.home.ways), len(self.home.machines)
        for node in nodes:
            if node not in self.ways and node in self.task_of:
                found = self.hours.ways(self, node, together)
                self.ways[node] = [w for w, _, _ in found]
                self.home.more[node] = size, len(found)
                for way, calendar, numbers in found:
                    rows.append(np.array([[calendar, way.work, at]], np.int64))
                    machines.append(np.array(numbers, np.int64))
                    size, at = size + 1, at + len(numbers)
        self.home = self.home._replace(ways=np.concatenate(rows), machines=np.concatenate(machines))
        if len(self.hours.spans) > len(self.shop.stretch):
            ptr, table, stretch = open_hours(self.hours.spans)
            self.shop = self.shop._replace(open_ptr=ptr, open=table, stretch=stretch)


def anchored(frame: Frame, plan: Plan, part: Affected, new: set[str], free: bool) -> Anchored:
    """The shop of a part of a plan, on the hours after the event; what supplies the part keeps its times.

    Args:
        new: orders that were not published: they may start as soon as they can where ``free``.
    """
    p = build(frame.before, cut(plan, part), frame.facts)
    _hold(p, part)
    own = p.kind == DELIVERY
    is_new = np.zeros(len(p.kind), bool)
    is_new[_nodes_of(p, new)] = True
    loose = is_new & ~p.fixed & free
    hours = _Hours(p, frame, is_new)
    wish = np.where(loose, p.release, p.times[:, START])
    due = np.where(own, np.where(is_new, p.due, np.maximum(p.due, p.times[:, END])), FAR)
    timed = shop(
        p.work, calendar=hours.calendar, whole=p.whole, release=wish, due=due, weight=np.where(own, p.weight, 0.0),
        deadline=deadlines(p), arcs=p.arcs[~p.fixed[p.arcs[:, 1]]], slots=p.slots, machines=len(hours.names),
        busy=np.concatenate([p.busy, _elsewhere(hours, plan, part)]), opened=open_hours(hours.spans),
    )  # fmt: skip
    home = _home(p, timed, wish, np.where(is_new, 0.0, _calm(p)))
    late = p.arcs[broken(p, p.times), 1]
    suspects = np.union1d(late[~p.fixed[late]], np.flatnonzero(hours.held))
    return Anchored(
        p, timed, home, match(timed, home), hours,
        {node: i for i, node in enumerate(p.task_node)}, {node: i for i, node in p.fetch_node.items()},
        loose & ~own, np.union1d(suspects, np.flatnonzero(loose)),
    )  # fmt: skip


def _hold(p: Problem, part: Affected) -> None:
    """What supplies the part is fixed: it takes its machines as it stands."""
    outside = np.zeros(len(p.kind), bool)
    outside[[n for t, n in zip(p.plan.tasks, p.task_node, strict=True) if t.order not in part.orders]] = True
    outside[[n for i, n in p.fetch_node.items() if p.plan.orders[i].id not in part.orders]] = True
    p.fixed |= outside
    held = outside[p.slots[:, 0]]
    node, machine = p.slots[held].T
    p.busy = np.concatenate([p.busy, np.column_stack([machine, p.times[node]])])
    p.slots = p.slots[~held]


def _elsewhere(hours: _Hours, plan: Plan, part: Affected) -> Longs:
    """(machine, start, end) of work that is not in the part, on machines that nothing of the part is on."""
    free = {name: i for name, i in hours.machines.items() if name not in part.resources}
    rows = [
        (free[name], t.start, t.end)
        for t in (plan.tasks if free else ())
        if t.order not in part.orders
        for name, _ in t.resources
        if name in free
    ]
    return np.array(rows, np.int64).reshape(-1, 3)


def _calm(p: Problem) -> NDArray[np.float64]:
    """What it counts that a node is moved: half as much for each week ahead; nothing for deliveries."""
    ahead = np.maximum(0, p.times[:, START] - p.facts.now) / _WEEK
    return np.where((p.kind == DELIVERY) | p.fixed, 0.0, 0.5**ahead)


def _home(p: Problem, timed: Shop, wish: Longs, calm: NDArray[np.float64]) -> Home:
    n = timed.size
    published = np.column_stack([timed.nodes[:, CALENDAR], timed.nodes[:, WORK], timed.nodes[:, SLOT]])
    early = np.where(p.fixed, p.times[:, START], np.minimum(p.release, p.times[:, START]))
    return Home(
        p.times.copy(), early, calm, wish, np.zeros((n, 2), np.int64), published, timed.slots[:, MACHINE].copy()
    )


def _nodes_of(p: Problem, orders: set[str]) -> list[int]:
    """The nodes of some orders, and of the deliveries that only wait for these."""
    if not orders:
        return []
    found = [n for t, n in zip(p.plan.tasks, p.task_node, strict=True) if t.order in orders]
    found += [n for i, n in p.fetch_node.items() if p.plan.orders[i].id in orders]
    known, new = {d.demand for d in p.plan.deliveries}, {q.demand for q in p.plan.pegs if q.supply in orders}
    old = {q.demand for q in p.plan.pegs if q.supply not in orders}
    fresh = (known & new) - old
    for n in np.flatnonzero(p.kind == DELIVERY).tolist():
        if p.plan.deliveries[p.parts[p.ref[n]][0]].demand in fresh:
            found.append(n)
    return found


class _Hours:
    """Calendars of nodes by the hours after the event, and where tasks could be done instead."""

    def __init__(self, p: Problem, frame: Frame, new: NDArray[np.bool_]) -> None:
        self.p, self.frame, self.held = p, frame, np.zeros(len(p.kind), bool)
        self.calendar, self.spans = p.calendar.copy(), list(p.hours)
        self.names = list(p.machine_names)
        used = {name for t in p.plan.tasks for name, _ in t.resources}
        self.names += sorted(
            r.name for r in frame.after.resources if r.name not in used and frame.alternatives.simple(r.name)
        )
        self.machines = {name: i for i, name in enumerate(self.names)}
        self.numbers: dict[frozenset[str], int] = {}
        self.orders = {o.id: o for o in p.plan.orders}
        for t, node in zip(p.plan.tasks, p.task_node, strict=True):
            if not p.fixed[node] and any(name in frame.closing for name, _ in t.resources):
                self.held[node] = True
                self.calendar[node] = self._number(self._calendars(t))

    def copy(self) -> _Hours:
        """Another one, to add calendars to."""
        other = copy(self)
        other.spans, other.numbers = list(self.spans), dict(self.numbers)
        return other

    def _process(self, t: PlannedTask) -> str:
        order = self.orders[t.order]
        option = self.p.facts.options.get(order.option)
        return order.process or (option.process if option else "")

    def _calendars(self, t: PlannedTask) -> frozenset[str]:
        facts = self.p.facts.processes[self._process(t)]
        return self.frame.hours.task_calendars(facts.place, facts.steps[t.step].calendar, (r for r, _ in t.resources))

    def ways(self, a: Anchored, node: int, together: bool) -> list[tuple[Alternative, int, list[int]]]:
        """How a node's task can be done elsewhere: with the number of its hours and the machine of each of its slots."""
        rows = a.home.machines[a.shop.nodes[node, SLOT] : a.shop.nodes[node, SLOT_END]].tolist()
        t = self.p.plan.tasks[a.task_of[node]]
        process = self._process(t)
        if not rows or process not in self.p.facts.processes:
            return []
        found = []
        for way in self.frame.alternatives.of(process, self.p.facts.processes[process].steps[t.step], t, together):
            other = {self.machines.get(before, -1): self.machines.get(after, -1) for before, after, _ in way.swaps}
            if -1 not in other.values() and set(other) <= set(rows):
                found.append((way, self._number(way.calendars), [other.get(m, m) for m in rows]))
        return found

    def _number(self, calendars: frozenset[str]) -> int:
        """The number of a set of calendars, whose open stretches are added where it is new; -1 where it is always open."""
        if calendars not in self.numbers:
            opened = self.frame.hours.open(calendars)
            self.numbers[calendars] = -1 if opened.always else len(self.spans)
            if not opened.always:
                self.spans.append(np.column_stack([np.array(opened.starts, np.int64), np.array(opened.ends, np.int64)]))
        return self.numbers[calendars]
