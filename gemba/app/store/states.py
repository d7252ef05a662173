"""Where released work stands: from the rows of the projection to what the core knows, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from gemba.app.store import quick
from gemba.app.store.models import OrderState, TaskState
from gemba.app.store.records import read
from gemba.execute.orders import LiveOrder, LiveTask, OrderProgress, TaskProgress

TASK_FIELDS = tuple(f.name for f in fields(TaskProgress))
ORDER_FIELDS = tuple(f.name for f in fields(OrderProgress))


def of_task(row: Any) -> TaskProgress:
    return TaskProgress(**{name: getattr(row, name) for name in TASK_FIELDS})


def of_order(row: Any) -> OrderProgress:
    return OrderProgress(**{name: getattr(row, name) for name in ORDER_FIELDS})


def task_row(operation: str, task: TaskProgress) -> TaskState:
    return TaskState(operation=operation, **{name: getattr(task, name) for name in TASK_FIELDS})


def order_row(operation: str, order: OrderProgress) -> OrderState:
    return OrderState(operation=operation, **{name: getattr(order, name) for name in ORDER_FIELDS})


def update_task(row: Any, task: TaskProgress) -> None:
    _update(row, task, TASK_FIELDS)


def update_order(row: Any, order: OrderProgress) -> None:
    _update(row, order, ORDER_FIELDS)


def _update(row: Any, progress: Any, names: Iterable[str]) -> None:
    changed = [name for name in names if getattr(row, name) != getattr(progress, name)]
    for name in changed:
        setattr(row, name, getattr(progress, name))
    if changed:
        quick.update(row, changed)


def live_orders(operation: str, **filters: Any) -> list[LiveOrder]:
    """Released orders with their tasks and how far both are, in the order of their release.

    ``filters`` are those of ``OrderState``, such as ``state="started"`` or ``order__in=[...]``.
    """
    states = {s.order: of_order(s) for s in OrderState.objects.filter(operation=operation, **filters)}
    chosen = {"order__in": list(states)} if filters and len(states) <= 500 else {}
    progress = {(t.order, t.step): of_task(t) for t in TaskState.objects.filter(operation=operation, **chosen)}
    tasks: dict[str, list[LiveTask]] = {}
    for task in read(operation, "released_tasks", **chosen):
        if (task.order, task.step) in progress:
            tasks.setdefault(task.order, []).append(LiveTask(task, progress[task.order, task.step]))
    heads = {o.order: o for o in read(operation, "released_orders", **chosen) if o.order in states}
    return [
        LiveOrder(head, states[name], tuple(sorted(tasks.get(name, ()), key=lambda t: t.task.sequence)))
        for name, head in heads.items()
    ]
