"""Who takes what of each resource and when: existing work from the operation, proposed work from the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gemba.decide.check.book import Book, names
from gemba.operation import OrderTask
from gemba.operation.moments import seconds


@dataclass(frozen=True, slots=True)
class Use:
    """Units of a resource taken from start until end; ``fixed`` where by an existing order."""

    start: int
    end: int
    units: float
    order: str
    step: str
    fixed: bool
    work: int  # seconds of open time


def fixed_uses(book: Book) -> dict[str, list[Use]]:
    """What existing orders take, by resource: their tasks that are not done, and their options' resources."""
    found: dict[str, list[Use]] = {}
    for name, tasks in book.fixed_tasks.items():
        if book.existing[name].uses_capacity:
            for task in tasks:
                if task.state != "done":
                    _add_fixed(book, found, task)
    for name, order in book.existing.items():
        option = book.option(order)
        if option and option.resource and order.uses_capacity and order.start and order.end:
            start, end = seconds(order.start), seconds(order.end)
            units = option.resource_quantity * order.quantity
            found.setdefault(option.resource, []).append(Use(start, end, units, name, "", True, end - start))
    return found


def _add_fixed(book: Book, found: dict[str, list[Use]], task: OrderTask) -> None:
    start, end = seconds(task.start), seconds(task.end)
    for name in names(task.resource):
        if name in book.resources:
            hours = book.hours.open(book.hours.resource_calendars(name))
            units = fixed_units(book, task, name)
            work = hours.between(start, end)
            found.setdefault(name, []).append(Use(start, end, units, task.order, task.step, True, work))


def fixed_units(book: Book, task: OrderTask, resource: str) -> float:
    """Units an existing task takes of a resource: what the step's row for it says, else one."""
    facts = book.facts(book.existing[task.order])
    step = facts.steps.get(task.step) if facts else None
    for rows in [step.needs, *step.either_need.values()] if step else ():
        for row in rows:
            if row.row.resource == resource and row.at(seconds(task.start)):
                return row.row.quantity
    return 1.0


def proposed_uses(book: Book) -> Iterator[tuple[str, Use]]:
    """(resource, use) of each proposed task and of each proposed order by an option that takes a resource."""
    for order in book.proposed:
        option, facts = book.option(order), book.facts(order)
        if option and option.kind != "make" and option.resource:
            units, work = option.resource_quantity * order.quantity, order.end - order.start
            yield option.resource, Use(order.start, order.end, units, order.id, "", False, work)
        for task in book.tasks.get(order.id, {}).values():
            known = [(r, units) for r, units in task.resources if r in book.resources]
            if known and facts and task.step in facts.steps:
                work = book.open_hours(facts, task).between(task.start, task.end)
                for name, units in known:
                    yield name, Use(task.start, task.end, units, order.id, task.step, False, work)


def all_uses(book: Book) -> dict[str, list[Use]]:
    """Every use of every resource."""
    found = fixed_uses(book)
    for name, use in proposed_uses(book):
        found.setdefault(name, []).append(use)
    return found
