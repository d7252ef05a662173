"""When proposed work may start at all: now, frozen time, fences, and the periods of options and processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gemba.decide.check.book import Book
from gemba.decide.check.facts import Dated, ProcessFacts
from gemba.decide.check.words import SECOND, step_of
from gemba.operation import PlannedOrder


def check_release(book: Book) -> Iterator[str]:
    """Proposed orders and tasks that start too soon, or outside the period of what they use."""
    frozen = book.now + int(book.operation.settings.frozen)
    for order in book.suspects:
        yield from _soon(book, f"Order '{order.id}'", order.start, frozen)
        option = book.options.get(order.option)
        if option:
            what = f"supply option '{option.row.name}'"
            yield from _fence(book, f"Order '{order.id}'", order.start, option.row.fence, what)
            yield from _period(book, order, option, what)
        facts = book.facts(order)
        if facts:
            yield from _period(book, order, book.process_period(facts), f"process '{facts.process.name}'")
            yield from _tasks(book, order, facts, frozen)


def _tasks(book: Book, order: PlannedOrder, facts: ProcessFacts, frozen: int) -> Iterator[str]:
    for name, task in book.tasks.get(order.id, {}).items():
        if task.start + SECOND < frozen:
            yield from _soon(book, step_of(order.id, name), task.start, frozen)
        step = facts.steps.get(name)
        if step and step.step.fence:
            yield from _fence(book, step_of(order.id, name), task.start, step.step.fence, "the step")


def _soon(book: Book, who: str, start: int, frozen: int) -> Iterator[str]:
    if start + SECOND < book.now:
        yield f"{who}: starts at {book.when(start)}, before now ({book.when(book.now)})."
    elif start + SECOND < frozen:
        yield f"{who}: starts at {book.when(start)}, in the frozen time, which lasts until {book.when(frozen)}."


def _fence(book: Book, who: str, start: int, fence: float, what: str) -> Iterator[str]:
    if start + SECOND < book.now + fence:
        yield f"{who}: starts at {book.when(start)}, before the fence of {what} at {book.when(book.now + int(fence))}."


def _period(book: Book, order: PlannedOrder, period: Dated[Any], what: str) -> Iterator[str]:
    if order.start + SECOND < period.low:
        yield f"Order '{order.id}' starts at {book.when(order.start)}; {what} is valid from {book.when(period.low)}."
    if order.start >= period.high:
        yield f"Order '{order.id}' starts at {book.when(order.start)}; {what} is valid until {book.when(period.high)}."
