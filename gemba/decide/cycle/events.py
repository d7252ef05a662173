"""What happens to a published plan, as the person who reports it says it, and what it makes of the operation's data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from gemba.operation import Demand, Fault, Operation, OperationError, Order, Plan
from gemba.operation.closing import close
from gemba.operation.moments import moment, seconds


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A resource cannot work from one moment until another."""

    resource: str
    start: datetime
    end: datetime

    def __str__(self) -> str:
        return f"'{self.resource}' is down from {self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Absence:
    """A person is away (ill, on a course) from one moment until another."""

    person: str
    start: datetime
    end: datetime

    @property
    def resource(self) -> str:
        return self.person

    def __str__(self) -> str:
        return f"'{self.person}' is away from {self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class RushOrder:
    """A new demand."""

    demand: Demand

    def __str__(self) -> str:
        return f"new demand '{self.demand.name}'"


@dataclass(frozen=True, slots=True)
class LateSupply:
    """An order (a purchase, a transfer or an existing order) comes at another moment than planned."""

    order: str
    arrives: datetime

    def __str__(self) -> str:
        return f"order '{self.order}' comes at {self.arrives:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class QuantityChange:
    """A demand is for another quantity than before."""

    demand: str
    quantity: float

    def __str__(self) -> str:
        return f"demand '{self.demand}' is for {self.quantity:g} now"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A demand is no longer wanted."""

    demand: str

    def __str__(self) -> str:
        return f"demand '{self.demand}' is cancelled"


Disruption = Breakdown | Absence | RushOrder | LateSupply | QuantityChange | Cancellation


def wrong(kind: str, name: str, allowed: str) -> OperationError:
    """An event that does not fit the operation or its plan."""
    return OperationError([Fault("events", "", kind, name, allowed)])


def applied(operation: Operation, plan: Plan, events: Iterable[Disruption]) -> Operation:
    """The operation with its demands and orders as the events leave them; hours are changed by ``closed``.

    Raises:
        OperationError: for an event about something that does not exist.
    """
    for event in events:
        match event:
            case RushOrder(demand):
                if any(d.name == demand.name for d in operation.demands):
                    raise wrong("demand", demand.name, "the name of no demand yet")
                if not any(i.name == demand.item for i in operation.items):
                    raise wrong("item", demand.item, "an item")
                if demand.place and not any(p.name == demand.place for p in operation.places):
                    raise wrong("place", demand.place, "a place")
                operation = replace(operation, demands=(*operation.demands, demand), checked=True)
            case QuantityChange(name, quantity):
                operation = _with_demand(operation, replace(_demand(operation, name), quantity=quantity))
            case Cancellation(name):
                operation = _with_demand(operation, replace(_demand(operation, name), status="cancelled"))
            case LateSupply(name, arrives):
                operation = _later(operation, plan, name, moment(seconds(arrives)))
    return operation


def _demand(operation: Operation, name: str) -> Demand:
    found = next((d for d in operation.demands if d.name == name and d.status == "open"), None)
    if found is None:
        raise wrong("demand", name, "an open demand")
    return found


def _with_demand(operation: Operation, demand: Demand) -> Operation:
    demands = tuple(demand if d.name == demand.name else d for d in operation.demands)
    return replace(operation, demands=demands, checked=True)


def _later(operation: Operation, plan: Plan, name: str, arrives: datetime) -> Operation:
    """The order with another end. One that is only planned becomes firm: somebody has it, or it could not be late."""
    if any(o.name == name and o.state in ("firm", "started") for o in operation.orders):
        orders = tuple(_ending(o, arrives) if o.name == name else o for o in operation.orders)
        before = max((t.end for t in operation.order_tasks if t.order == name), default=None)
        tasks = tuple(
            replace(t, end=arrives, start=min(t.start, arrives)) if t.order == name and t.end == before else t
            for t in operation.order_tasks
        )
        return replace(operation, orders=orders, order_tasks=tasks, checked=True)
    planned = next((o for o in plan.orders if o.id == name), None)
    if planned is None or planned.kind not in ("buy", "move"):
        raise wrong("order", name, "an order to buy or to move, or one that is firm or started")
    start = min(moment(planned.start), arrives)
    order = Order(
        name=name, option=planned.option, item=planned.item, place=planned.place, quantity=planned.quantity,
        start=start, end=arrives,
    )  # fmt: skip
    return replace(operation, orders=(*operation.orders, order), checked=True)


def _ending(order: Order, at: datetime) -> Order:
    return replace(order, end=at, start=min(order.start, at) if order.start else None)


def closings(events: Iterable[Disruption]) -> list[Breakdown | Absence]:
    """The events that close a resource for a time."""
    return [e for e in events if isinstance(e, Breakdown | Absence)]


def closed(operation: Operation, events: Iterable[Breakdown | Absence]) -> Operation:
    """The operation with each of these resources closed for the time of its event, by a calendar of its own.

    Raises:
        OperationError: for a resource that does not exist, or a time that is none.
    """
    for event in events:
        if event.start >= event.end:
            raise wrong("end", event.resource, "later than start")
        resource = next((r for r in operation.resources if r.name == event.resource), None)
        if resource is None:
            raise wrong("resource", event.resource, "a resource")
        operation = close(operation, resource, event.start, event.end, f"{resource.name}, with closings")
    return operation
