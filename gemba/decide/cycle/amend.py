"""A published plan after what is certain about an event: late supply comes later, what is no longer wanted is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from gemba.decide.cycle.events import Cancellation, Disruption, LateSupply, QuantityChange, RushOrder
from gemba.operation import Delivery, Demand, Operation, Peg, Plan
from gemba.operation.moments import seconds

_EPS = 1e-9


def amended(operation: Operation, plan: Plan, events: Iterable[Disruption]) -> tuple[Plan, list[Demand]]:
    """The plan so far as it still holds, and what it lacks: new demands, and what demands want more than before.

    Args:
        operation: as the events leave it (``events.applied``).
    """
    demands = {d.name: d for d in operation.demands}
    wanted: list[Demand] = []
    for event in events:
        match event:
            case RushOrder(demand):
                wanted.append(demand)
            case Cancellation(name):
                plan = without(plan, name, float("inf"))
            case QuantityChange(name, quantity):
                given = sum(d.quantity for d in plan.deliveries if d.demand == name)
                if given > quantity:
                    plan = without(plan, name, given - quantity)
                elif quantity > given + _EPS:
                    wanted.append(replace(demands[name], quantity=quantity - given))
            case LateSupply(name, _):
                plan = _as_existing(operation, plan, name)
    return plan, wanted


def without(plan: Plan, demand: str, quantity: float) -> Plan:
    """The plan with so much less for a demand, its last deliveries first, and without proposed orders that served nothing else.

    An order that serves others too keeps its quantity: what is over fills stock.
    """
    deliveries, left = [], quantity
    for d in sorted(plan.deliveries, key=lambda d: -d.date):
        if d.demand == demand and left > _EPS:
            less = min(left, d.quantity)
            left -= less
            if d.quantity - less > _EPS:
                deliveries.append(Delivery(demand, d.quantity - less, d.date))
        else:
            deliveries.append(d)
    pegs, idle = _freed(plan, demand, quantity)
    found = replace(plan, deliveries=deliveries, pegs=pegs)
    return _without_orders(found, idle)


def _freed(plan: Plan, demand: str, quantity: float) -> tuple[list[Peg], set[str]]:
    """The pegs that are left, the latest supply freed first, and the orders that served the demand."""
    there = {o.id: o.end for o in plan.orders}
    own = [p for p in plan.pegs if p.demand == demand]
    less: dict[int, float] = {}
    for p in sorted(own, key=lambda p: -there.get(p.supply, -1)):
        less[id(p)] = min(quantity, p.quantity)
        quantity -= less[id(p)]
    pegs = []
    for p in plan.pegs:
        rest = p.quantity - less.get(id(p), 0.0)
        if id(p) not in less or less[id(p)] <= _EPS:
            pegs.append(p)
        elif rest > _EPS:
            pegs.append(replace(p, quantity=rest))
    return pegs, {p.supply for p in own if p.supply}


def _without_orders(plan: Plan, candidates: set[str]) -> Plan:
    """The plan without those of the proposed orders, and of what supplied them, that serve nothing any more."""
    proposed = {o.id for o in plan.orders if o.state == "proposed"}
    serves: dict[str, int] = defaultdict(int)
    inputs: dict[str, list[Peg]] = defaultdict(list)
    for p in plan.pegs:
        serves[p.supply] += 1
        if p.order and not p.demand:
            inputs[p.order].append(p)
    gone: set[str] = set()
    todo = sorted(candidates)
    while todo:
        order = todo.pop()
        if order in gone or order not in proposed or serves[order]:
            continue
        gone.add(order)
        for p in inputs[order]:
            serves[p.supply] -= 1
            todo.append(p.supply)
    if not gone:
        return plan
    return replace(
        plan,
        orders=[o for o in plan.orders if o.id not in gone],
        tasks=[t for t in plan.tasks if t.order not in gone],
        flows=[f for f in plan.flows if f.order not in gone],
        pegs=[p for p in plan.pegs if p.order not in gone or p.demand],
    )


def _as_existing(operation: Operation, plan: Plan, name: str) -> Plan:
    """The plan with an order as the operation has it now: its end, its last tasks and its flows at the end."""
    data = next(o for o in operation.orders if o.name == name)
    steps = {t.step: (seconds(t.start), seconds(t.end)) for t in operation.order_tasks if t.order == name}
    before = next(o for o in plan.orders if o.id == name)
    end = seconds(data.end) if data.end else before.end
    start = seconds(data.start) if data.start else min(before.start, end)
    ends = {t.step: t.end for t in plan.tasks if t.order == name}
    order = replace(before, start=start, end=end, state=data.state)
    tasks = [
        replace(t, start=steps[t.step][0], end=steps[t.step][1]) if t.order == name and t.step in steps else t
        for t in plan.tasks
    ]
    flows = [
        replace(f, at=steps[f.step][1] if f.step in steps else end)
        if f.order == name and f.quantity > 0 and f.at in (before.end, ends.get(f.step))
        else f
        for f in plan.flows
    ]
    return replace(plan, orders=[order if o.id == name else o for o in plan.orders], tasks=tasks, flows=flows)
