"""Service recomputed from the deliveries alone, and compared with what the plan claims."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.decide.check.book import Book
from gemba.decide.check.words import differs, more, number
from gemba.operation import Demand, Objective, Operation, Plan
from gemba.operation.moments import seconds

DAY = 86400.0


def measure(operation: Operation, plan: Plan) -> Objective:
    """Service of a plan: weighted_tardiness, tardiness (days), on_time, late, short and short_quantity; nothing else.

    Weighted tardiness, in days, is the sum over open demands of weight x (share delivered late x its days late); a
    share that is short counts as if delivered at the horizon's end, or at due + maximum_lateness where that is
    given. The weight is the demand's own, else 1 / priority. A demand is short where something is not delivered, else
    late where its last delivery is after due, else on time.
    """
    end = seconds(operation.settings.now) + int(operation.settings.horizon)
    delivered: dict[str, list[tuple[int, float]]] = {}
    for d in plan.deliveries:
        delivered.setdefault(d.demand, []).append((d.date, d.quantity))
    found = Objective()
    for demand in operation.demands:
        if demand.status == "open":
            _add(found, demand, delivered.get(demand.name, []), end)
    return found


def _add(found: Objective, demand: Demand, parts: list[tuple[int, float]], end: int) -> None:
    due = seconds(demand.due)
    short = max(0.0, demand.quantity - sum(q for _, q in parts))
    longest = end - due if demand.maximum_lateness is None else demand.maximum_lateness
    days = short / demand.quantity * max(0.0, longest) / DAY
    for date, quantity in parts:
        days += quantity / demand.quantity * max(0, date - due) / DAY
    found.tardiness += days
    found.weighted_tardiness += days * (1.0 / demand.priority if demand.weight is None else demand.weight)
    if more(demand.quantity, demand.quantity - short):
        found.short += 1
        found.short_quantity += short
    elif any(date > due for date, _ in parts):
        found.late += 1
    else:
        found.on_time += 1


def check_service(book: Book) -> Iterator[str]:
    """Figures of the plan's objective that do not follow from its deliveries."""
    ours, theirs = measure(book.operation, book.plan), book.plan.objective
    for name in ("on_time", "late", "short", "weighted_tardiness"):
        claimed, true = float(getattr(theirs, name)), float(getattr(ours, name))
        if differs(claimed, true):
            yield f"The plan claims {name} {number(claimed)}; from its deliveries it is {number(true)}."
