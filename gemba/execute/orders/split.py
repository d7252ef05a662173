"""An order in two: the same work for parts of its quantity, each with a number and a state of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from gemba.execute.orders.release import Released
from gemba.operation import Event, ReleasedOrder, ReleasedTask


def split(
    order: ReleasedOrder, tasks: Iterable[ReleasedTask], part: Decimal, at: datetime, uid: Callable[[], str]
) -> Released:
    """The two orders that take the place of one: the rest, and the part that is split off.

    Quantities and run times are in proportion; each has its own set-up. Both name the order as their parent.

    Raises:
        ValueError: where the part is not above 0 and below the order's quantity.
    """
    if not (part.is_finite() and 0 < part < order.quantity):
        raise ValueError(f"the part is {part:f}; it must be above 0 and below the order's quantity {order.quantity:f}")
    heads, own, events = [], [], []
    rows = list(tasks)
    for n, quantity in enumerate((order.quantity - part, part), 1):
        number, share = f"{order.order}-S{n}", quantity / order.quantity
        heads.append(replace(order, uid=uid(), at=at, order=number, quantity=quantity, parent=order.order))
        for t in rows:
            run = t.run * float(share)
            own.append(replace(t, uid=uid(), at=at, order=number, quantity=t.quantity * share, run=run))
        events.append(Event(uid=uid(), at=at, kind="released", order=number, item=order.item, place=order.place))
    return Released(tuple(heads), tuple(own), tuple(events))
