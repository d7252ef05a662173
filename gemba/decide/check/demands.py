"""Deliveries: of open demands, in time, no more than wanted, in the parts the customer takes."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.decide.check.book import Book
from gemba.decide.check.words import SECOND, more, number
from gemba.operation import Delivery, Demand
from gemba.operation.moments import seconds


def check_demands(book: Book) -> Iterator[str]:
    """Violations of what each demand allows."""
    demands = {d.name: d for d in book.operation.demands}
    delivered: dict[str, list[Delivery]] = {}
    for delivery in book.plan.deliveries:
        delivered.setdefault(delivery.demand, []).append(delivery)
    for name, deliveries in delivered.items():
        demand = demands.get(name)
        if demand is None:
            yield f"Demand '{name}' has deliveries in the plan, but does not exist."
        elif demand.status != "open":
            yield f"Demand '{name}' is {demand.status}, but the plan delivers to it."
        else:
            yield from _quantities(book, demand, deliveries)
            for delivery in deliveries:
                yield from _date(book, demand, delivery)


def _quantities(book: Book, demand: Demand, deliveries: list[Delivery]) -> Iterator[str]:
    parts: dict[int, float] = {}
    for delivery in deliveries:
        if not (delivery.quantity > 0):
            yield f"Demand '{demand.name}' has a delivery of {delivery.quantity}; it must be more than 0."
        parts[delivery.date] = parts.get(delivery.date, 0.0) + delivery.quantity
    total = sum(parts.values())
    if more(total, demand.quantity):
        yield f"Demand '{demand.name}' is delivered {number(total)}, more than the {number(demand.quantity)} wanted."
    if demand.whole and (len(parts) > 1 or more(demand.quantity, total)):
        given = " and ".join(number(q) for q in parts.values())
        wanted = f"the {number(demand.quantity)} of it"
        yield f"Demand '{demand.name}' is to be delivered whole and at once, but {given} of {wanted} are delivered."
    left = demand.quantity
    for date, quantity in sorted(parts.items()):
        if more(min(demand.minimum_delivery, left), quantity):
            yield (
                f"Demand '{demand.name}' is delivered {number(quantity)} at {book.when(date)}, less than its smallest "
                f"delivery {number(demand.minimum_delivery)}."
            )
        left -= quantity


def _date(book: Book, demand: Demand, delivery: Delivery) -> Iterator[str]:
    begin = f"Demand '{demand.name}' is delivered at {book.when(delivery.date)}"
    if delivery.date + SECOND < book.now:
        yield f"{begin}, before now ({book.when(book.now)})."
    if demand.earliest and delivery.date + SECOND < seconds(demand.earliest):
        yield f"{begin}, before its earliest moment {book.when(seconds(demand.earliest))}."
    if demand.maximum_lateness is not None:
        latest = seconds(demand.due) + int(demand.maximum_lateness)
        if delivery.date > latest + SECOND:
            yield f"{begin}, later than it is wanted at all ({book.when(latest)})."
