"""Orders that exist already are in the plan untouched: quantity, times, tasks and their resources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gemba.decide.check.book import Book, names
from gemba.decide.check.words import SECOND, differs, number, step_of
from gemba.operation import Order, OrderTask, PlannedOrder
from gemba.operation.moments import seconds


def check_existing(book: Book) -> Iterator[str]:
    """Existing orders that are missing or altered, and orders that claim to exist."""
    for name, existing in book.existing.items():
        order = book.orders.get(name)
        if order is None:
            yield f"Order '{name}' is {existing.state}, but is missing from the plan."
        else:
            yield from _altered(book, existing, order)
            yield from _tasks(book, existing)
    for order in book.plan.orders:
        if order.state != "proposed" and order.id not in book.existing:
            yield f"Order '{order.id}' is {order.state} in the plan, but no firm or started order has this name."


def _altered(book: Book, existing: Order, order: PlannedOrder) -> Iterator[str]:
    if order.state != existing.state:
        yield f"Order '{order.id}' is {existing.state}, but {order.state} in the plan."
    if (order.item, order.place) != (existing.item, existing.place):
        yield f"Order '{order.id}' is for '{existing.item}' at '{existing.place}', but for another item in the plan."
    if differs(order.quantity, existing.quantity):
        altered = f"{number(order.quantity)} in the plan"
        yield f"Order '{order.id}' is {existing.state} with quantity {number(existing.quantity)}, but {altered}."
    for field, at, planned in (("start", existing.start, order.start), ("end", existing.end, order.end)):
        if _moved(at, planned):
            fixed = book.when(seconds(at)) if at else ""
            yield f"Order '{order.id}' is {existing.state} with {field} {fixed}, but {book.when(planned)} in the plan."


def _moved(at: datetime | None, planned: int) -> bool:
    return at is not None and abs(seconds(at) - planned) > SECOND


def _tasks(book: Book, existing: Order) -> Iterator[str]:
    planned = book.tasks.get(existing.name, {})
    fixed = {t.step: t for t in book.fixed_tasks.get(existing.name, ())}
    for name, task in fixed.items():
        if name in planned:
            yield from _task(book, task)
        elif task.state != "done":
            yield f"{step_of(existing.name, name)}: is {task.state}, but has no task in the plan."
    for name in sorted(planned.keys() - fixed.keys()):
        yield f"{step_of(existing.name, name)}: has a task in the plan, but none in the {existing.state} order."


def _task(book: Book, task: OrderTask) -> Iterator[str]:
    planned, who = book.tasks[task.order][task.step], step_of(task.order, task.step)
    for field, at, now in (("start", task.start, planned.start), ("end", task.end, planned.end)):
        if _moved(at, now):
            yield f"{who}: is {task.state} with {field} {book.when(seconds(at))}, but {book.when(now)} in the plan."
    given, taken = sorted(names(task.resource)), sorted({r for r, _ in planned.resources})
    if given != taken:
        was, now_on = ", ".join(given) or "nothing", ", ".join(taken) or "nothing"
        yield f"{who}: is {task.state} on {was}, but on {now_on} in the plan."
