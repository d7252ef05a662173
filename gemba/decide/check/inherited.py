"""What is wrong before anything is proposed: existing orders and stock that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gemba.decide.check.book import Book
from gemba.decide.check.buckets import Periods
from gemba.decide.check.capacity import capacity, overloads
from gemba.decide.check.implied import implied
from gemba.decide.check.materials import Key, Move, missing, opening
from gemba.decide.check.usage import fixed_uses
from gemba.decide.check.words import at_place, more, number
from gemba.operation import Operation, Order, Plan, PlannedOrder, Problem
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR


def inherited_problems(operation: Operation) -> list[Problem]:
    """Overloads and negative stock that existing orders and stock on hand cause alone, from now on."""
    book = Book(operation, Plan(operation.name, seconds(operation.settings.now)))
    return [*_overloads(book), *_lacks(book)]


def _overloads(book: Book) -> Iterator[Problem]:
    for name, uses in fixed_uses(book).items():
        resource = book.resources[name]
        if resource.limited != "finite":
            continue
        if resource.bucket:
            periods = Periods(book, resource)
            for (start, end), (_, load) in sorted(periods.loads(uses).items()):
                excess = load - periods.available(start, end)
                if end > book.now and more(excess, periods.slack):
                    quantity = excess if periods.by_units else excess / 3600
                    yield _overload(book, name, (start, end), quantity, periods.words(excess))
            continue
        for over in overloads(uses, capacity(book, resource), blame="fixed"):
            if over.end > book.now:
                units = over.units - over.capacity
                orders = {u.order for u in over.uses}
                yield _overload(book, name, (over.start, over.end), units, f"{number(units)} units", orders)


def _overload(
    book: Book, name: str, span: tuple[int, int], excess: float, words: str, orders: set[str] | None = None
) -> Problem:
    who = f" ({', '.join(sorted(orders)[:6])})" if orders else ""
    when = f"{book.when(span[0])} to {book.when(span[1])}"
    message = f"Existing orders{who} overload '{name}' by {words} from {when}."
    return Problem("overload", name, message, excess, *span)


def _lacks(book: Book) -> Iterator[Problem]:
    moves: dict[Key, list[Move]] = {}
    for order in book.existing.values():
        for at, key, quantity in _existing_moves(book, order):
            moves.setdefault(key, []).append(Move(at, quantity, True, f"order '{order.name}'"))
    stock = opening(book)
    for key, found in moves.items():
        if key in book.unlimited:
            continue
        lacks = [k for k in missing(stock.get(key, []), found) if more(k.quantity, 0.0)]
        if lacks:
            worst, first = max(lacks, key=lambda k: k.quantity), lacks[0]
            lack = f"lacks {number(worst.quantity)} from {book.when(first.at)}"
            message = f"Stock of {at_place(*key)} {lack}, for existing orders alone ({first.who} takes it)."
            yield Problem("negative_stock", key[0], message, worst.quantity, first.at)


def _existing_moves(book: Book, order: Order) -> Iterator[tuple[int, Key, float]]:
    """What an existing order takes and yields; of alternative inputs the preferred one."""
    seen: set[str] = set()
    for flow in sorted(implied(book, _as_planned(order)), key=lambda f: f.priority):
        if flow.either in seen:
            continue
        if flow.either:
            seen.add(flow.either)
        yield max(flow.moments) if flow.quantity > 0 else min(flow.moments), (flow.item, flow.place), flow.quantity


def _as_planned(order: Order) -> PlannedOrder:
    start, end = _moment(order.start, order.end), _moment(order.end, order.start)
    return PlannedOrder(order.name, "", order.item, order.place, order.quantity, start, end, state=order.state)


def _moment(at: datetime | None, otherwise: datetime | None) -> int:
    found = at or otherwise
    return seconds(found) if found else -FAR
