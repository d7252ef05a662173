"""Lot rules: minimum, multiple and maximum of the supply option, in units of its item."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.decide.check.book import Book
from gemba.decide.check.facts import ProcessFacts
from gemba.decide.check.words import SHARE, differs, more, number
from gemba.operation import PlannedOrder, SupplyOption


def check_lots(book: Book) -> Iterator[str]:
    """Proposed orders smaller, larger or other than their option allows."""
    for order in book.proposed:
        option = book.option(order)
        if option and order.quantity > 0:
            yield from _lot(order, option, _yield_of(book.facts(order), order, option))


def _yield_of(facts: ProcessFacts | None, order: PlannedOrder, option: SupplyOption) -> float:
    """What the order yields of the option's item; the order's quantity where no ``out`` row says otherwise."""
    if option.kind != "make" or facts is None:
        return order.quantity
    rows = [o.row for s in facts.steps.values() for o in s.outputs if o.at(order.start)]
    rows = [r for r in rows if r.item == option.item and (r.place or facts.process.place) == option.place]
    return sum(r.quantity * order.quantity + r.fixed_quantity for r in rows) if rows else order.quantity


def _lot(order: PlannedOrder, option: SupplyOption, lot: float) -> Iterator[str]:
    begin = f"Order '{order.id}' yields {number(lot)} of '{option.item}'; supply option '{option.name}' allows"
    if more(option.minimum, lot):
        yield f"{begin} no fewer than {number(option.minimum)}."
    if option.maximum is not None and more(lot, option.maximum):
        yield f"{begin} no more than {number(option.maximum)}."
    if option.multiple > 0:
        count = lot / option.multiple
        if differs(count, round(count)) and abs(count - round(count)) > SHARE * count:
            yield f"{begin} only multiples of {number(option.multiple)}."
