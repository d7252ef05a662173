"""Service: what each demand gets of the plan, when, and why it is late or short."""

from __future__ import annotations

from dataclasses import dataclass

from gemba.operation import Operation, Plan, Reason
from gemba.operation.moments import seconds

#: A quantity is complete within this share of it: sums of parts carry rounding noise.
COMPLETE = 1e-6


@dataclass(frozen=True, slots=True)
class DemandResult:
    """What a demand gets. Moments are seconds since 1970 UTC, lengths of time seconds, quantities the item's unit."""

    demand: str
    item: str
    place: str
    customer: str
    priority: int
    quantity: float
    due: int
    delivered: float
    late_quantity: float  # delivered after due
    last: int | None  # the last delivery; None where there is none
    lateness: int  # of the last delivery after due; 0 where none is late
    slack: int  # from when all of it is ready (made, or in stock) to due; 0 where late or short
    status: str  # on time, late, short
    cause: str = ""  # what most of the lateness is spent on, such as 'resource Saw 1'
    reason: str = ""  # the explanation in a sentence

    @property
    def short(self) -> float:
        return self.quantity - self.delivered if self.status == "short" else 0.0


def demand_results(operation: Operation, plan: Plan) -> list[DemandResult]:
    """Each open demand's result, in the order of the operation's demands.

    A demand is short where not all of it is delivered (even if some is late too), late where any of it comes after
    its due date, else on time.
    """
    deliveries: dict[str, list[tuple[int, float]]] = {}
    for delivery in plan.deliveries:
        deliveries.setdefault(delivery.demand, []).append((delivery.date, delivery.quantity))
    reasons = {reason.demand: reason for reason in plan.reasons}
    ready = ready_at(plan)
    found = []
    for demand in operation.demands:
        if demand.status != "open":
            continue
        due, got = seconds(demand.due), deliveries.get(demand.name, [])
        delivered, last = sum(q for _, q in got), max((at for at, _ in got), default=None)
        status = _status(demand.quantity, delivered, due, last)
        reason = reasons.get(demand.name)
        found.append(DemandResult(
            demand.name, demand.item, demand.place, demand.customer, demand.priority, demand.quantity, due, delivered,
            sum(q for at, q in got if at > due), last, max(0, last - due) if last is not None else 0,
            due - min(ready.get(demand.name, last), last) if status == "on time" and last is not None else 0, status,
            main_cause(reason), reason.summary if reason else "",
        ))  # fmt: skip
    return found


def ready_at(plan: Plan) -> dict[str, int]:
    """When the last of what is pegged to each demand is there (now for stock on hand), delivered or not."""
    ends = {order.id: order.end for order in plan.orders}
    ready: dict[str, int] = {}
    for peg in plan.pegs:
        if peg.demand:
            there = max(plan.now, ends.get(peg.supply, plan.now))
            ready[peg.demand] = max(there, ready.get(peg.demand, there))
    return ready


def _status(quantity: float, delivered: float, due: int, last: int | None) -> str:
    if last is None or delivered < quantity * (1 - COMPLETE):
        return "short"
    return "late" if last > due else "on time"


def main_cause(reason: Reason | None) -> str:
    """The cause (and what it is about) on which most of the lateness is spent; blank where nothing is late."""
    if reason is None or not reason.parts:
        return "short" if reason and reason.short > 0 else ""
    spent: dict[str, int] = {}
    for part in reason.parts:
        name = f"{part.cause} {part.subject}".strip()
        spent[name] = spent.get(name, 0) + part.seconds
    return max(spent, key=lambda name: (spent[name], name))
