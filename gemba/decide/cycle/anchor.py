"""A published plan as a shop in which nothing starts sooner than published: timed, everything moves right only as far as it must.

That is right-shift rescheduling with match-up (Abumaizar and Svestka 1997; Bean, Birge, Mittenthal and Noon 1991): sequences and
resources are kept, work that an event holds up pushes what follows it, and idle time soaks the delay up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gemba.decide.cycle.alternatives import Alternative, Alternatives
from gemba.decide.schedule.build import build
from gemba.decide.schedule.parts import deadlines
from gemba.decide.schedule.problem import DELIVERY, TASK, Problem
from gemba.operation import Operation, Plan, PlannedTask
from gemba.operation.hours import Hours
from gemba.operation.worktime import FAR
from gemba.solvers.search.sequence import link_by
from gemba.solvers.search.shop import END, START, Floats, Longs, Shop, State, open_hours, shop, state
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
    hours: Hours
    alternatives: Alternatives


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
    others: dict[int, list[tuple[Alternative, int, int]]]  # node -> ways to do it elsewhere, with machine and calendar
    swapped: dict[int, Alternative] = field(default_factory=dict)  # by node

    @property
    def times(self) -> Longs:
        return self.state.times

    def into(self, node: int) -> Longs:
        """The arcs (rows of the problem's) by which a node waits for others."""
        return np.flatnonzero(self.problem.arcs[:, 1] == node)


def anchored(frame: Frame, plan: Plan, new: set[str], free: bool) -> Anchored | None:
    """The shop of a plan, timed on the hours after the event; None where it cannot be timed.

    Args:
        new: orders that were not published: they may start as soon as they can where ``free``.
    """
    p = build(frame.before, plan)
    is_new = np.zeros(len(p.kind), bool)
    is_new[_nodes_of(p, new)] = True
    table = _Hours(p, frame)
    release = p.times[:, START].copy()
    loose = is_new & (p.kind == TASK) & ~p.fixed
    if free:
        release[loose] = p.release[loose]
    own = p.kind == DELIVERY
    due = np.where(own, np.where(is_new, p.due, np.maximum(p.due, p.times[:, END])), FAR)
    timed = shop(
        p.work, calendar=table.calendar, whole=p.whole, release=release, due=due, weight=np.where(own, p.weight, 0.0),
        deadline=deadlines(p), arcs=p.arcs[~p.fixed[p.arcs[:, 1]]], slots=p.slots, machines=len(table.names), busy=p.busy,
        opened=open_hours(table.spans),
    )  # fmt: skip
    room = state(timed, 0)
    link_by(timed, p.times, room.line)
    if not time_all(timed, room, np.argsort(p.times[:, START], kind="stable")):
        return None
    ahead = np.maximum(0, p.times[:, START] - p.facts.now) / _WEEK
    moving = np.where(own | is_new | p.fixed, 0.0, 0.5**ahead)
    task_of = {node: i for i, node in enumerate(p.task_node)}
    order_of = {node: i for i, node in p.fetch_node.items()}
    return Anchored(
        p, timed, room, p.times, moving, table.names, task_of, order_of, np.flatnonzero(loose), table.others
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

    def __init__(self, p: Problem, frame: Frame) -> None:
        self.frame = frame
        self.calendar, self.spans = p.calendar.copy(), list(p.hours)
        self.names = list(p.machine_names)
        self.numbers: dict[frozenset[str], int] = {}
        self.machines = {name: i for i, name in enumerate(self.names)}
        self.others: dict[int, list[tuple[Alternative, int, int]]] = {}
        self.used = {name for t in p.plan.tasks for name, _ in t.resources}
        orders = {o.id: o for o in p.plan.orders}
        for t, node in zip(p.plan.tasks, p.task_node, strict=True):
            if frame.closing and not p.fixed[node] and any(name in frame.closing for name, _ in t.resources):
                order = orders[t.order]
                option = p.facts.options.get(order.option)
                self._task(p, node, t, order.process or (option.process if option else ""))

    def _task(self, p: Problem, node: int, t: PlannedTask, process: str) -> None:
        facts, closing = p.facts.processes[process], self.frame.closing
        step = facts.steps[t.step]
        names = self.frame.hours.task_calendars(facts.place, step.calendar, (r for r, _ in t.resources))
        self.calendar[node] = self._number(names)
        if t.start < self.frame.until and t.end > self.frame.since:
            ways = self.frame.alternatives.of(process, step, t, lambda name: name in closing)
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
