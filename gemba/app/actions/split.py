"""Splitting a released order in two, before anything was reported on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from gemba.app.actions.audit import record
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.release import save, uid
from gemba.app.queries.current import current
from gemba.app.security.scope import require_place
from gemba.app.store import states
from gemba.app.store.clock import now
from gemba.app.store.locks import lock
from gemba.app.store.models import OrderState
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import append, read
from gemba.execute.orders.progress import change_order
from gemba.execute.orders.split import split
from gemba.operation import Event


def split_order(user: Any, operation: str, order: str, part: Decimal) -> list[str]:
    """Split a part off: two orders take the place of the one, which is cancelled; their numbers.

    Raises:
        NotFoundError: where there is no such order.
        RefusedError: where work on it has begun, or the part is not smaller than it.
    """
    with transaction.atomic():
        lock(operation)
        row = OrderState.objects.select_for_update().filter(operation=operation, order=order).first()
        head = next(iter(read(operation, "released_orders", order=order)), None)
        if row is None or head is None:
            raise NotFoundError(f"there is no order {order}")
        require_place(user, "release_order", operation, head.place)
        if row.state != "released":
            raise RefusedError(f"{order} is {row.state}. Only an order on which no work has begun is split.")
        at = now(operation)
        try:
            made = split(head, read(operation, "released_tasks", order=order), part, at, uid)
        except ValueError as wrong:
            raise RefusedError(f"{order} is not split: {wrong}.") from None
        numbers = [o.order for o in made.orders]
        gone = Event(
            uid=uid(), at=at, kind="cancelled", order=order, item=head.item, place=head.place,
            note=f"split into {' and '.join(numbers)}", person=user.get_username(),
        )  # fmt: skip
        append(operation, [gone], user=user)
        states.update_order(row, change_order(states.of_order(row), gone))
        save(operation, made, current(operation), user=user)
        record(user, "split order", operation, before={"order": order}, after={"orders": numbers, "part": str(part)})
    return numbers
