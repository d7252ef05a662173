"""Orders are of this operation: known, unique, by an option that fits, in order in time, with a task for each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil, floor

from gemba.decide.check.book import Book
from gemba.decide.check.facts import ProcessFacts
from gemba.decide.check.words import SECOND, at_place, number, step_of
from gemba.operation import PlannedOrder, SupplyOption


def check_orders(book: Book) -> Iterator[str]:
    """Violations of the rules of proposed orders as such."""
    plan = book.plan
    if plan.operation != book.operation.name:
        yield f"The plan is for operation '{plan.operation}', not for '{book.operation.name}'."
    if plan.now != book.now:
        yield f"The plan was made for {book.when(plan.now)}, but now is {book.when(book.now)}."
    for name, count in Counter(o.id for o in plan.orders).items():
        if count > 1:
            yield f"Order '{name}' appears {count} times in the plan; an order's id is used once."
    supplied = {(o.item, o.place) for o in book.operation.supply_options}
    for order in book.suspects:
        yield from _source(book, order, supplied)
        if order.start > order.end:
            yield f"Order '{order.id}' ends at {book.when(order.end)}, before it starts at {book.when(order.start)}."
        yield from _kind(book, order)
    yield from _strays(book)


def sound(book: Book, order: PlannedOrder, supplied: set[tuple[str, str]]) -> bool:
    """Whether nothing is wrong with what the order is for and whom it is from."""
    return next(_source(book, order, supplied), None) is None


def _source(book: Book, order: PlannedOrder, supplied: set[tuple[str, str]]) -> Iterator[str]:
    option = book.option(order)
    if order.option and not option:
        yield f"Order '{order.id}' uses supply option '{order.option}', which does not exist."
    if order.process and order.process not in book.processes:
        yield f"Order '{order.id}' runs process '{order.process}', which does not exist."
    if option:
        yield from _matches(order, option)
    elif not order.option and (order.item, order.place) in supplied:
        yield f"Order '{order.id}' names no supply option, although {at_place(order.item, order.place)} has some."
    if not (order.quantity > 0):
        yield f"Order '{order.id}' has quantity {order.quantity}; it must be more than 0."


def _matches(order: PlannedOrder, option: SupplyOption) -> Iterator[str]:
    begin = f"Order '{order.id}', by supply option '{option.name}',"
    if (order.item, order.place) != (option.item, option.place):
        supplies = at_place(option.item, option.place)
        yield f"{begin} is for {at_place(order.item, order.place)}, but the option supplies {supplies}."
    if option.priority == 0:
        yield f"{begin} is proposed, although the option has priority 0 and is never used by itself."
    if option.kind == "make" and order.process and order.process != option.process:
        yield f"{begin} runs process '{order.process}', but the option's is '{option.process}'."
    if option.kind == "buy" and order.supplier and order.supplier != option.supplier:
        yield f"{begin} is from supplier '{order.supplier}', but the option's is '{option.supplier}'."
    if option.kind == "move" and order.origin != option.origin:
        yield f"{begin} comes from '{order.origin}', but the option's origin is '{option.origin}'."


def _kind(book: Book, order: PlannedOrder) -> Iterator[str]:
    option, facts = book.option(order), book.facts(order)
    kind = option.kind if option and option.kind != "make" else facts.process.kind if facts else ""
    if not kind:
        yield f"Order '{order.id}' of {at_place(order.item, order.place)} has no process and no option to buy or move."
    elif order.kind != kind:
        yield f"Order '{order.id}' is of kind '{order.kind}'; by what it runs or uses it is '{kind}'."
    elif facts and kind == facts.process.kind:
        yield from _steps(book, order, facts)
    elif option:
        yield from _lead_time(book, order, option)


def _steps(book: Book, order: PlannedOrder, facts: ProcessFacts) -> Iterator[str]:
    """One task for each step; the order lasts from the first start to the last end."""
    tasks = book.tasks.get(order.id, {})
    if (order.item, order.place) not in facts.yields:
        yield f"Order '{order.id}': process '{facts.process.name}' does not yield {at_place(order.item, order.place)}."
    for name in facts.steps:
        if name not in tasks:
            yield f"{step_of(order.id, name)}: has no task in the plan."
    if not tasks:
        return
    start, end = min(t.start for t in tasks.values()), max(t.end for t in tasks.values())
    if abs(order.start - start) > SECOND:
        yield f"Order '{order.id}' starts at {book.when(order.start)}, but its first task at {book.when(start)}."
    if abs(order.end - end) > SECOND:
        yield f"Order '{order.id}' ends at {book.when(order.end)}, but its last task at {book.when(end)}."


def _lead_time(book: Book, order: PlannedOrder, option: SupplyOption) -> Iterator[str]:
    """Bought goods come after the lead time in the supplier's open hours, moved ones after the lead time."""
    if order.id in book.tasks:
        yield f"Order '{order.id}' is to {option.kind} and has no steps, but the plan has tasks for it."
    shipping = book.shipping.get(option.supplier, "") if option.kind == "buy" else ""
    hours = book.hours.open(frozenset({shipping} - {""}))
    low = hours.finish(order.start, floor(option.lead_time)) - SECOND
    high = hours.finish(order.start, ceil(option.lead_time)) + SECOND
    if not low <= order.end <= high:
        yield (
            f"Order '{order.id}' leaves at {book.when(order.start)} and arrives at {book.when(order.end)}; with the "
            f"lead time of {number(option.lead_time)} s of '{option.name}' it arrives at {book.when(low + SECOND)}."
        )


def _strays(book: Book) -> Iterator[str]:
    """Tasks and flows of no order, and tasks of steps that the order's process does not have or has twice."""
    for name in dict.fromkeys(t.order for t in book.plan.tasks):
        if name not in book.orders:
            yield f"Order '{name}' has tasks in the plan, but is not among the plan's orders."
    for name in dict.fromkeys(f.order for f in book.plan.flows):
        if name not in book.orders:
            yield f"Order '{name}' has flows in the plan, but is not among the plan's orders."
    for (name, step), count in Counter(
        (t.order, t.step) for t in book.plan.tasks if t.order not in book.cleared
    ).items():
        order = book.orders.get(name)
        facts = book.facts(order) if order else None
        if count > 1:
            yield f"{step_of(name, step)}: has {count} tasks in the plan; it has one."
        if facts and step not in facts.steps:
            yield f"{step_of(name, step)}: is not a step of process '{facts.process.name}'."
