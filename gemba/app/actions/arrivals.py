"""What is received for a purchase order is reported on it, so that it is no longer expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gemba.app.store import states
from gemba.app.store.models import OrderState, TaskState
from gemba.app.store.records import append, read
from gemba.execute.orders.progress import apply, order_progress
from gemba.operation import Event, Movement
from gemba.operation.records import ZERO

#: States of an order that still expects something.
EXPECTING = ("released", "started", "paused")


def arrived(user: Any, operation: str, uid: str, moved: Sequence[Movement]) -> None:
    """Report a receipt on the released purchase order that it names: a part of it, or the last of it.

    To be called in the transaction of the receipt, which has moved the stock. Orders that are not released here are
    left alone.
    """
    number = moved[0].order if moved else ""
    row = OrderState.objects.filter(operation=operation, order=number, state__in=EXPECTING).first() if number else None
    head = next(iter(read(operation, "released_orders", order=number, kind="buy")), None) if row else None
    task_row = TaskState.objects.filter(operation=operation, order=number, step="").first() if head else None
    if row is None or head is None or task_row is None or head.item != moved[0].item:
        return
    task, quantity = states.of_task(task_row), sum((m.quantity for m in moved), ZERO)
    last = task.processed + quantity >= head.quantity
    kinds = ["finished" if last else "reported"]
    if task.state == "waiting" and not last:
        kinds.insert(0, "started")
    elif task.state == "paused":
        kinds.insert(0, "resumed")
    for kind in kinds:
        event = Event(
            uid=f"{uid}/{kind}", at=moved[0].at, kind=kind, order=number, item=head.item, place=head.place,
            person=user.get_username(), good=quantity if kind == kinds[-1] else ZERO, note="received",
        )  # fmt: skip
        task = apply(task, event)
        append(operation, [event], user=user)
    states.update_task(task_row, task)
    states.update_order(row, order_progress(states.of_order(row), [task], ("",)))
