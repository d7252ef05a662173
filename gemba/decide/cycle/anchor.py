"""A published plan as a shop in which nothing starts sooner than published: timed, everything moves right only as far as it must.

That is right-shift rescheduling with match-up (Abumaizar and Svestka 1997; Bean, Birge, Mittenthal and Noon 1991): sequences and
resources are kept, work that an event holds up pushes what follows it, and idle time soaks the delay up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gemba.decide.cycle.alternatives import Alternative, Alternatives
from gemba.decide.schedule.build import build
from gemba.decide.schedule.facts import Facts
from gemba.decide.schedule.parts import deadlines
from gemba.decide.schedule.problem import DELIVERY, Problem
from gemba.decide.schedule.retime import broken
from gemba.operation import Operation, Plan, PlannedTask
from gemba.operation.hours import Hours
from gemba.operation.worktime import FAR
from gemba.solvers.search.sequence import link_by
from gemba.solvers.search.shop import (
    CALENDAR,
    END,
    MACHINE,
    SLOT,
    SLOT_END,
    START,
    WORK,
    Floats,
    Longs,
    Shop,
    State,
    open_hours,
    shop,
    state,
)
from gemba.solvers.search.timing import time_all

_WEEK = 7 * 86400.0


@dataclass(slots=True)
class Frame:
    """What an event leaves: the operation with the hours ``before`` it, and with those ``after`` it.

    ``closing`` are the resources whose hours differ, from ``since`` on; work on them that starts before ``until`` may be done
    elsewhere.
    """

    before: Operation
    after: Operation
    closing: frozenset[str]
    since: int
    until: int
    facts: Facts
    hours: Hours
    alternatives: Alternatives


#: An alternative, with the numbers of its machine and of its calendar.
Way = tuple[Alternative, int, int]


@dataclass(slots=True)
class Anchored:
    """The shop of a plan, in a state: ``base`` are the published times, ``weight`` what it counts that a node is moved."""

    problem: Problem
    shop: Shop
    state: State
    base: Longs  # (n, 2)
    weight: Floats  # (n) of published tasks and fetched orders; 0 for what is new, and for deliveries
    names: list[str]  # of machines
    task_of: dict[int, int]  # node -> index of the plan's task
    order_of: dict[int, int]  # node -> index of the plan's order to buy or move
    new: Longs  # nodes of work that was not published
    suspects: Longs  # nodes that may not be able to be where they are
    others: dict[int, list[Way]]  # node -> ways to do it elsewhere
    swapped: dict[int, Way] = field(default_factory=dict)  # by node
    _former: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)  # node -> slot, machine, calendar, work

    @property
    def times(self) -> Longs:
        return self.state.times

    def go(self, node: int, way: Way) -> int:
        """Do a node elsewhere; the slot that is on another machine now. Sequences are the caller's."""
        alternative, machine, calendar = way
        row = self.shop.nodes[node]
        slots = range(row[SLOT], row[SLOT_END])
        slot = next(k for k in slots if self.names[self.shop.slots[k, MACHINE]] == alternative.before)
        self._former[node] = slot, int(self.shop.slots[slot, MACHINE]), int(row[CALENDAR]), int(row[WORK])
        self.shop.slots[slot, MACHINE] = machine
        row[CALENDAR], row[WORK] = calendar, alternative.work
        self.swapped[node] = way
        return slot

    def go_back(self, node: int) -> None:
        """Undo ``go``."""
        slot, self.shop.slots[slot, MACHINE], self.shop.nodes[node, CALENDAR], self.shop.nodes[node, WORK] = (
            self._former.pop(node)
        )
        del self.swapped[node]

    def sequence(self, times: Longs) -> bool:
        """Sequence all machines by these times, and time everything anew; False where that contradicts the arcs."""
        link_by(self.shop, times, self.state.line)
        return bool(time_all(self.shop, self.state, np.argsort(times[:, START], kind="stable")))

    def moved(self) -> Longs:
        """Nodes with other times than published, or elsewhere."""
        other = (self.times != self.base).any(axis=1)
        other[list(self.swapped)] = True
        return np.flatnonzero(other)

    def disturbance(self) -> float:
        """Weights of what has other times, and once more of what is elsewhere."""
        other = (self.times != self.base).any(axis=1)
        return float(self.weight[other].sum() + self.weight[list(self.swapped)].sum())


def anchored(frame: Frame, plan: Plan, new: set[str], free: bool) -> Anchored:
    """The shop of a plan, on the hours after the event.

    Args:
        new: orders that were not published: they may start as soon as they can where ``free``.
    """
    p = build(frame.before, plan, frame.facts)
    own = p.kind == DELIVERY
    is_new = np.zeros(len(p.kind), bool)
    is_new[_nodes_of(p, new)] = True
    table = _Hours(p, frame, is_new)
    release = p.times[:, START].copy()
    loose = is_new & ~own & ~p.fixed
    if free:
        release[is_new & ~p.fixed] = p.release[is_new & ~p.fixed]
    due = np.where(own, np.where(is_new, p.due, np.maximum(p.due, p.times[:, END])), FAR)
    timed = shop(
        p.work, calendar=table.calendar, whole=p.whole, release=release, due=due, weight=np.where(own, p.weight, 0.0),
        deadline=deadlines(p), arcs=p.arcs[~p.fixed[p.arcs[:, 1]]], slots=p.slots, machines=len(table.names), busy=p.busy,
        opened=open_hours(table.spans),
    )  # fmt: skip
    ahead = np.maximum(0, p.times[:, START] - p.facts.now) / _WEEK
    moving = np.where(own | is_new | p.fixed, 0.0, 0.5**ahead)
    task_of = {node: i for i, node in enumerate(p.task_node)}
    order_of = {node: i for i, node in p.fetch_node.items()}
    late = p.arcs[broken(p, p.times), 1]
    suspects = np.union1d(late[~p.fixed[late]], np.flatnonzero(table.held))
    return Anchored(
        p,
        timed,
        state(timed, 0),
        p.times,
        moving,
        table.names,
        task_of,
        order_of,
        np.flatnonzero(loose),
        suspects,
        table.others,
    )


def _nodes_of(p: Problem, orders: set[str]) -> list[int]:
    """The nodes of some orders, and of the deliveries that only wait for these."""
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
    """Calendars of nodes by the hours after the event, and where those that it holds up could be done instead."""

    def __init__(self, p: Problem, frame: Frame, new: NDArray[np.bool_]) -> None:
        self.frame, self.held = frame, np.zeros(len(p.kind), bool)
        self.calendar, self.spans = p.calendar.copy(), list(p.hours)
        self.names = list(p.machine_names)
        self.numbers: dict[frozenset[str], int] = {}
        self.machines = {name: i for i, name in enumerate(self.names)}
        self.others: dict[int, list[tuple[Alternative, int, int]]] = {}
        self.used = {name for t in p.plan.tasks for name, _ in t.resources}
        orders = {o.id: o for o in p.plan.orders}
        for t, node in zip(p.plan.tasks, p.task_node, strict=True):
            self.held[node] = not p.fixed[node] and any(name in frame.closing for name, _ in t.resources)
            if self.held[node] or (new[node] and not p.fixed[node]):
                order = orders[t.order]
                option = p.facts.options.get(order.option)
                self._task(p, node, t, order.process or (option.process if option else ""))

    def _task(self, p: Problem, node: int, t: PlannedTask, process: str) -> None:
        facts, closing, held = p.facts.processes[process], self.frame.closing, bool(self.held[node])
        step = facts.steps[t.step]
        names = self.frame.hours.task_calendars(facts.place, step.calendar, (r for r, _ in t.resources))
        self.calendar[node] = self._number(names)
        if not held or (t.start < self.frame.until and t.end > self.frame.since):
            ways = self.frame.alternatives.of(process, step, t, lambda name: name in closing or not held)
            found = [(w, self._machine(w.after), self._number(w.calendars)) for w in ways]
            self.others[node] = [(w, m, c) for w, m, c in found if m >= 0]

    def _machine(self, name: str) -> int:
        """Its number; -1 where it is used but does not do one task at a time."""
        if name not in self.machines:
            if name in self.used:
                return -1
            self.machines[name] = len(self.names)
            self.names.append(name)
        return self.machines[name]

    def _number(self, calendars: frozenset[str]) -> int:
        """The number of a set of calendars, whose open stretches are added where it is new; -1 where it is always open."""
        if calendars not in self.numbers:
            opened = self.frame.hours.open(calendars)
            self.numbers[calendars] = -1 if opened.always else len(self.spans)
            if not opened.always:
                self.spans.append(np.column_stack([np.array(opened.starts, np.int64), np.array(opened.ends, np.int64)]))
        return self.numbers[calendars]
