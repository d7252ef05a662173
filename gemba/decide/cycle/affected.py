"""The part of a plan that an event can reach: work and deliveries that wait for what it holds up, directly or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gemba.operation import Operation, Peg, Plan, PlannedTask


@dataclass(slots=True)
class Affected:
    """Orders and demands that may be held up, resources on which work may be, and the moment before which nothing changes."""

    since: int
    orders: set[str] = field(default_factory=set)
    demands: set[str] = field(default_factory=set)
    resources: set[str] = field(default_factory=set)


def affected(operation: Operation, plan: Plan, since: int, orders: Iterable[str], resources: Iterable[str]) -> Affected:
    """All that hangs on some orders, and on what is done on some resources, from a moment on.

    What waits for an order of it is in it, and so is all that is done on a finite resource on which something of it is done:
    a later task there may be pushed. Supplies that it waits for are not in it (they keep their times), but for those of its
    demands.
    """
    walk = _Walk(operation, plan, Affected(since))
    walk.todo += [("resource", r) for r in resources] + [("order", o) for o in orders]
    while walk.todo:
        kind, name = walk.todo.pop()
        getattr(walk, kind)(name)
    return walk.found


class _Walk:
    """From orders to what uses them, and to the resources that they are done on."""

    def __init__(self, operation: Operation, plan: Plan, found: Affected) -> None:
        self.found = found
        self.todo: list[tuple[str, str]] = []
        finite = {r.name for r in operation.resources if r.limited == "finite"}
        self.tasks: dict[str, list[PlannedTask]] = defaultdict(list)
        self.on: dict[str, list[str]] = defaultdict(list)
        for t in plan.tasks:
            self.tasks[t.order].append(t)
            if t.end > found.since:
                for name, _ in t.resources:
                    if name in finite:
                        self.on[name].append(t.order)
        self.serves: dict[str, list[Peg]] = defaultdict(list)
        self.supplies: dict[str, list[str]] = defaultdict(list)
        for p in plan.pegs:
            if p.supply:
                self.serves[p.supply].append(p)
                if p.demand:
                    self.supplies[p.demand].append(p.supply)

    def order(self, name: str) -> None:
        if name in self.found.orders:
            return
        self.found.orders.add(name)
        for t in self.tasks[name]:
            if t.end > self.found.since:
                self.todo += [("resource", r) for r, _ in t.resources if r not in self.found.resources]
        for p in self.serves[name]:
            if p.demand:
                self.todo.append(("demand", p.demand))
            elif p.order:
                self.todo.append(("order", p.order))

    def resource(self, name: str) -> None:
        if name not in self.found.resources:
            self.found.resources.add(name)
            self.todo += [("order", o) for o in self.on[name] if o not in self.found.orders]

    def demand(self, name: str) -> None:
        if name not in self.found.demands:
            self.found.demands.add(name)
            self.todo += [("order", o) for o in self.supplies[name]]


def cut(plan: Plan, part: Affected) -> Plan:
    """The part of a plan with the orders that supply it, as a plan; what comes to these is taken to be there in time."""
    orders, demands = part.orders, part.demands
    pegs = [p for p in plan.pegs if (p.demand in demands if p.demand else p.order in orders)]
    orders = orders | {p.supply for p in pegs if p.supply}
    return replace(
        plan,
        orders=[o for o in plan.orders if o.id in orders],
        tasks=[t for t in plan.tasks if t.order in orders],
        flows=[f for f in plan.flows if f.order in orders],
        pegs=pegs,
        deliveries=[d for d in plan.deliveries if d.demand in demands],
    )
