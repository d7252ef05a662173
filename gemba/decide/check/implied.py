"""The flows that an order's process or option implies: what it takes and yields, where and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gemba.decide.check.book import Book
from gemba.decide.check.facts import Dated, ProcessFacts
from gemba.operation import Order, PlannedOrder, StepItem
from gemba.operation.moments import seconds

#: Start and end of a step of the order at hand; None where it has no task.
Span = Callable[[str], tuple[int, int] | None]


class Implied(NamedTuple):
    """One flow that must be there, or one of ``either``: at one of these moments."""

    step: str
    item: str
    place: str
    quantity: float
    moments: tuple[int, ...]
    either: str = ""
    priority: int = 0


def implied(book: Book, order: PlannedOrder) -> list[Implied]:
    """Every flow of a proposed order, or of an existing one as the plan shows it."""
    existing = book.existing.get(order.id) if order.state != "proposed" else None
    option, facts = book.option(existing or order), book.facts(existing or order)
    if facts:
        found = _made(facts, order, _fixed(book, order) if existing else _planned(book, order))
    else:
        found = [Implied("", order.item, order.place, order.quantity, (order.end,))]
        if option and option.kind == "move":
            found.append(Implied("", option.item, option.origin, -order.quantity, (order.start,)))
    return _of_existing(found, existing, order, book.now) if existing else found


def _planned(book: Book, order: PlannedOrder) -> Span:
    tasks = book.tasks.get(order.id, {})
    return lambda step: (tasks[step].start, tasks[step].end) if step in tasks else None


def _fixed(book: Book, order: PlannedOrder) -> Span:
    """Existing orders keep their tasks' times; a step without a task has the order's."""
    tasks = {t.step: (seconds(t.start), seconds(t.end)) for t in book.fixed_tasks.get(order.id, ())}
    return lambda step: tasks.get(step, (order.start, order.end))


def _of_existing(found: list[Implied], existing: Order, order: PlannedOrder, now: int) -> list[Implied]:
    """Outputs come at the order's end too; inputs only where they are still to be taken; nothing is before now."""
    kept = [f for f in found if f.quantity > 0 or existing.uses_inputs]
    for i, f in enumerate(kept):
        moments = (*f.moments, order.end) if f.quantity > 0 else f.moments
        kept[i] = f._replace(moments=tuple(max(m, now) for m in moments))
    return kept


def _made(facts: ProcessFacts, order: PlannedOrder, span: Span) -> list[Implied]:
    found = list(_rows(facts, order, span))
    if not any(f.quantity > 0 and f.item == facts.process.item for f in found):
        ends = [s[1] for s in map(span, facts.last) if s]
        if ends:
            found.append(Implied("", facts.process.item, facts.process.place, order.quantity, (max(ends),)))
    return found


def _rows(facts: ProcessFacts, order: PlannedOrder, span: Span) -> Iterator[Implied]:
    for name, step in facts.steps.items():
        times = span(name)
        if times is None:
            continue
        for label, rows in [("", step.inputs), *step.either_input.items(), ("", step.outputs)]:
            for row in rows:
                if row.at(times[0]):
                    yield _of_row(facts, row, order.quantity, times, f"{name} / {label}" if label else "")


def _of_row(facts: ProcessFacts, row: Dated[StepItem], quantity: float, times: tuple[int, int], either: str) -> Implied:
    item = row.row
    out = item.direction == "out"
    at_end = item.at == "end" or (out and not item.at)
    amount = item.quantity * quantity + item.fixed_quantity
    moment = (times[1] if at_end else times[0]) + int(item.offset)
    place = item.place or facts.process.place
    return Implied(item.step, item.item, place, amount if out else -amount, (moment,), either, item.priority)
