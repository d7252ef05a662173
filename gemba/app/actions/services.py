"""A service is delivered as it ends: what the order has yielded is the customer's, and nothing is left to be done."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gemba.app.actions.stock import open_ledger, post_movements
from gemba.app.actions.stock_moves import delivery
from gemba.app.queries.current import current
from gemba.app.queries.ledger import costs, delivered, pick
from gemba.app.store import states
from gemba.app.store.locks import lock
from gemba.app.store.models import OrderState
from gemba.app.store.records import append
from gemba.execute.ledger import Maker
from gemba.execute.orders.progress import OrderProgress, change_order
from gemba.operation import Demand, Event, Movement, ReleasedOrder


def deliver(user: Any, operation: str, head: ReleasedOrder, last: Event, row: OrderState) -> OrderProgress:
    """A service order is done by this last report: ship it to its demand, write what SCOR counts of it, and close it.

    To be called in the transaction of the report. An order without a demand, or that has yielded nothing (the patient
    did not come), stays done. Where the order stands after it.
    """
    order = states.of_order(row)
    want = current(operation).demands.get(head.demand)
    if want is None or order.good <= 0:
        return order
    open_ledger(operation, user=user)
    lock(operation)
    quantity = min(order.good, Decimal(str(want.quantity)) - delivered(operation, want.name))
    moved = _shipments(operation, head, want, last, quantity) if quantity > 0 else []
    if moved:
        item = next(i for i in current(operation).operation.items if i.name == want.item)
        given = delivery(f"{last.uid}/delivered", want, post_movements(operation, moved, user=user), item)
        append(operation, [given], user=user)
    closed = Event(
        uid=f"{last.uid}-closed", at=last.at, kind="closed", order=head.order, item=head.item, place=head.place,
        person=last.person, note="delivered",
    )  # fmt: skip
    append(operation, [closed], user=user)
    found = change_order(order, closed)
    states.update_order(row, found)
    return found


def _shipments(operation: str, head: ReleasedOrder, want: Demand, last: Event, quantity: Decimal) -> list[Movement]:
    maker, place = Maker(costs(operation), last.at, last.person), head.place or want.place
    parts = [p for p in pick(operation, want.item, place, quantity, last.at, order=head.order) if not p[2]]
    return [
        maker.shipment(
            f"{last.uid}/delivered/{n}", want.item, part, place, want.customer, lot=lot, demand=want.name,
        )
        for n, (lot, part, _) in enumerate(parts)
    ]  # fmt: skip
