"""Lot rules: minimum, multiple and maximum of the supply option, in units of the order's quantity."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.decide.check.book import Book
from gemba.decide.check.words import SHARE, more, number
from gemba.operation import PlannedOrder, SupplyOption


def check_lots(book: Book) -> Iterator[str]:
    """Proposed orders smaller, larger or other than their option allows."""
    for order in book.suspects:
        option = book.option(order)
        if option and order.quantity > 0:
            yield from _lot(order, option)


def _lot(order: PlannedOrder, option: SupplyOption) -> Iterator[str]:
    begin = f"Order '{order.id}' is for {number(order.quantity)}; supply option '{option.name}' allows"
    if more(option.minimum, order.quantity):
        yield f"{begin} no fewer than {number(option.minimum)}."
    if option.maximum is not None and more(order.quantity, option.maximum):
        yield f"{begin} no more than {number(option.maximum)}."
    if option.multiple > 0:
        count = order.quantity / option.multiple
        if not abs(count - round(min(count, 1e15))) <= SHARE * max(1.0, count):
            yield f"{begin} only multiples of {number(option.multiple)}."
