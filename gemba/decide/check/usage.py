"""Who takes what of each resource and when: existing work from the operation, proposed work from the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gemba.decide.check.book import Book, names
from gemba.decide.check.needs import Needs
from gemba.operation import Order, OrderTask, StepResource
from gemba.operation.moments import seconds


@dataclass(frozen=True, slots=True)
class Use:
    """Units of a resource taken from start until end; ``fixed`` where by an existing order.

    ``load`` is what counts in a bucket (else 0): units x seconds of work, or units where the bucket follows a calendar.
    """

    start: int
    end: int
    units: float
    order: str
    step: str
    fixed: bool
    load: float


def fixed_uses(book: Book) -> dict[str, list[Use]]:
    """What existing orders take, by resource: their tasks that are not done, and their options' resources."""
    found: dict[str, list[Use]] = {}
    for name, order in book.existing.items():
        if order.uses_capacity:
            for task in book.fixed_tasks.get(name, ()):
                for resource in names(task.resource) if task.state != "done" else ():
                    if resource in book.resources:
                        found.setdefault(resource, []).append(_fixed(book, order, task, resource))
            option = book.option(order)
            if option and option.resource and option.kind != "make" and order.start and order.end:
                units, span = option.resource_quantity * order.quantity, (seconds(order.start), seconds(order.end))
                load = amount(book, option.resource, units, units, span[1] - span[0], span[0])
                found.setdefault(option.resource, []).append(Use(*span, units, name, "", True, load))
    return found


def _fixed(book: Book, order: Order, task: OrderTask, resource: str) -> Use:
    start, end = seconds(task.start), seconds(task.end)
    work = book.hours.open(book.hours.resource_calendars(resource)).between(start, end)
    row = _row(book, task, resource)
    units, fixed = (row.quantity, row.fixed_quantity) if row else (1.0, 0.0)
    load = amount(book, resource, units, fixed + units * order.quantity, work, start)
    return Use(start, end, units, task.order, task.step, True, load)


def _row(book: Book, task: OrderTask, resource: str) -> StepResource | None:
    """The row by which an existing task's step names the resource; None where it names a group or a skill."""
    facts = book.facts(book.existing[task.order])
    step = facts.steps.get(task.step) if facts else None
    for rows in [step.needs, *step.either_need.values()] if step else ():
        for row in rows:
            if row.row.resource == resource and row.at(seconds(task.start)):
                return row.row
    return None


def fixed_units(book: Book, task: OrderTask, resource: str) -> float:
    """Units an existing task takes of a resource: what the step's row for it says, else one."""
    row = _row(book, task, resource)
    return row.quantity if row else 1.0


def amount(book: Book, resource: str, units: float, by_quantity: float, work: int, start: int) -> float:
    """What a use counts for in a bucket: by quantity and efficiency with a calendar, else units x seconds of work."""
    if book.resources[resource].bucket != "calendar":
        return units * work
    efficiency = book.hours.efficiency(resource, start)
    return by_quantity / efficiency if efficiency > 0 else float("inf")


def proposed_uses(book: Book, needs: Needs) -> Iterator[tuple[str, Use]]:
    """(resource, use) of each proposed task and of each proposed order by an option, of what may have too little."""
    wanted = book.resources if book.tight is None else book.tight
    for order in book.proposed:
        option, facts = book.option(order), book.facts(order)
        if option and option.kind != "make" and option.resource:
            units = option.resource_quantity * order.quantity
            load = amount(book, option.resource, units, units, order.end - order.start, order.start)
            yield option.resource, Use(order.start, order.end, units, order.id, "", False, load)
        for task in book.tasks.get(order.id, {}).values():
            if facts and task.step in facts.steps:
                known = [(r, units) for r, units in task.resources if r in wanted and r in book.resources]
                work: int | None = None
                for name, units in known:
                    load = 0.0
                    if book.resources[name].bucket:
                        work = book.open_hours(facts, task).between(task.start, task.end) if work is None else work
                        load = units * work
                    if work is not None and book.resources[name].bucket == "calendar":
                        fits = needs.fits(facts.steps[task.step], task)
                        fixed = fits[0].fixed.get(name, 0.0) if fits else 0.0
                        load = amount(book, name, units, fixed + units * order.quantity, work, task.start)
                    yield name, Use(task.start, task.end, units, order.id, task.step, False, load)


def all_uses(book: Book, needs: Needs) -> dict[str, list[Use]]:
    """Every use of every resource that may have too little."""
    if book.tight is not None and not book.tight:
        return {}
    found = fixed_uses(book)
    for name, use in proposed_uses(book, needs):
        found.setdefault(name, []).append(use)
    return found if book.tight is None else {name: uses for name, uses in found.items() if name in book.tight}
