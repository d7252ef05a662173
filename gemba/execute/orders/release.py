"""From planned to released: planned orders become orders with numbers of their own, and their tasks with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from gemba.execute.maintenance.planning import plan_of
from gemba.operation import Event, Operation, Order, OrderTask, Plan, PlannedOrder, ReleasedOrder, ReleasedTask
from gemba.operation.moments import moment

#: Beginning of an order's number by its kind.
PREFIX = {"make": "MO", "service": "SV", "buy": "PO", "move": "TR", "maintenance": "WO", "inspection": "QI"}


@dataclass(frozen=True, slots=True)
class Released:
    """Orders with their tasks and the events that release them (or tell how far they were already)."""

    orders: tuple[ReleasedOrder, ...]
    tasks: tuple[ReleasedTask, ...]
    events: tuple[Event, ...]


def unreleased(plan: Plan, number: int, released: Iterable[ReleasedOrder]) -> list[PlannedOrder]:
    """Planned orders of a plan (its number) that are still proposed and not released, soonest first."""
    gone = {r.planned_order for r in released if r.plan == number}
    return sorted((o for o in plan.orders if o.state == "proposed" and o.id not in gone), key=lambda o: (o.start, o.id))


def release(
    operation: Operation, plan: Plan, number: int, orders: Iterable[PlannedOrder], at: datetime,
    name: Callable[[str], str], uid: Callable[[], str],
) -> Released:  # fmt: skip
    """Release planned orders of the plan with this number; ``name`` gives the next number of a kind's prefix."""
    demands = {d.name: d for d in operation.demands}
    for_demand = serves(plan)
    places = {r.name: r.place for r in operation.resources}
    sequence = {(s.process, s.name): s.sequence for s in operation.steps}
    heads, tasks, events = [], [], []
    for planned in orders:
        order = name(PREFIX[planned.kind])
        demand = demands.get(for_demand.get(planned.id, ""))
        heads.append(
            ReleasedOrder(
                uid=uid(), at=at, order=order, kind=planned.kind, item=planned.item, place=planned.place,
                quantity=Decimal(str(planned.quantity)), process=planned.process, option=planned.option,
                supplier=planned.supplier, origin=planned.origin, start=moment(planned.start), end=moment(planned.end),
                demand=demand.name if demand else "", customer=demand.customer if demand else "",
                due=demand.due if demand else moment(planned.end), priority=demand.priority if demand else 2,
                plan=number, planned_order=planned.id, maintenance_plan=plan_of(for_demand.get(planned.id, "")),
            )
        )  # fmt: skip
        events.append(Event(uid=uid(), at=at, kind="released", order=order, item=planned.item, place=planned.place))
        for t in (t for t in plan.tasks if t.order == planned.id):
            first = t.resources[0][0] if t.resources else ""
            tasks.append(
                ReleasedTask(
                    uid=uid(), at=at, order=order, step=t.step, sequence=sequence.get((planned.process, t.step), 0),
                    resource=", ".join(r for r, _ in t.resources), place=places.get(first, "") or planned.place,
                    start=moment(t.start), end=moment(t.end), setup=float(t.setup), quantity=Decimal(str(t.quantity)),
                    run=float(max(0, t.end - t.start - t.setup)),
                )
            )  # fmt: skip
    return Released(tuple(heads), tuple(tasks), tuple(events))


def serves(plan: Plan) -> dict[str, str]:
    """The demand each order is for in the end, through however many others; of several the first found."""
    to: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for peg in plan.pegs:
        if peg.supply and peg.demand:
            found.setdefault(peg.supply, peg.demand)
        elif peg.supply and peg.order:
            to.setdefault(peg.order, []).append(peg.supply)
    todo = list(found)
    while todo:
        order = todo.pop()
        for supply in to.get(order, ()):
            if supply not in found:
                found[supply] = found[order]
                todo.append(supply)
    return found


def adopted(operation: Operation, at: datetime, uid: Callable[[], str]) -> Released:
    """The orders that are in the data already, firm or started, as released orders with what was reported of them."""
    places = {r.name: r.place for r in operation.resources}
    rows: dict[str, list[OrderTask]] = {}
    for t in operation.order_tasks:
        rows.setdefault(t.order, []).append(t)
    heads, tasks, events = [], [], []
    for o in operation.orders:
        if o.state not in ("firm", "started"):
            continue
        heads.append(_head(operation, o, at, uid))
        events.append(Event(uid=uid(), at=at, kind="released", order=o.name, item=o.item, place=o.place))
        for i, t in enumerate(rows.get(o.name, ())):
            first = t.resource.split(",")[0].strip()
            tasks.append(
                ReleasedTask(
                    uid=uid(), at=at, order=o.name, step=t.step, sequence=10 * (i + 1), resource=t.resource,
                    place=places.get(first, "") or o.place, start=t.start, end=t.end,
                    run=(t.end - t.start).total_seconds(), quantity=Decimal(str(o.quantity)),
                )
            )  # fmt: skip
            events += _already(o, t, first, places, uid)
    return Released(tuple(heads), tuple(tasks), tuple(events))


def _head(operation: Operation, o: Order, at: datetime, uid: Callable[[], str]) -> ReleasedOrder:
    option = next((x for x in operation.supply_options if x.name == o.option), None)
    process = o.process or (option.process if option else "")
    kind = next((p.kind for p in operation.processes if p.name == process), option.kind if option else "buy")
    demand = next((d for d in operation.demands if d.name == o.demand), None)
    return ReleasedOrder(
        uid=uid(), at=at, order=o.name, kind=kind, item=o.item, place=o.place, quantity=Decimal(str(o.quantity)),
        process=process, option=o.option, supplier=option.supplier if option else "",
        origin=option.origin if option else "", demand=o.demand, customer=demand.customer if demand else "",
        start=o.start, end=o.end, due=demand.due if demand else o.end, priority=demand.priority if demand else 2,
    )  # fmt: skip


def _already(o: Order, t: OrderTask, resource: str, places: dict[str, str], uid: Callable[[], str]) -> list[Event]:
    """What the data tell of a task that is done or under way: when it started and ended, but no quantities yet posted."""
    if t.state == "firm":
        return []
    common: dict[str, Any] = {
        "order": o.name,
        "step": t.step,
        "resource": resource,
        "item": o.item,
        "place": places.get(resource, ""),
    }
    started = Event(uid=uid(), at=t.start, kind="started", **common)
    if t.state == "started":
        return [started]
    seconds = (t.end - t.start).total_seconds()
    done = Event(
        uid=uid(), at=t.end, kind="finished", start=t.start, seconds=seconds, good=Decimal(str(o.quantity)), **common
    )
    return [started, done]
