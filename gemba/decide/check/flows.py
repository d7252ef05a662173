"""The plan's flows are exactly those that its orders imply: none missing, none invented, none altered."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.decide.check.book import Book
from gemba.decide.check.implied import Implied, implied
from gemba.decide.check.words import SECOND, at_place, differs, number
from gemba.operation import Flow, PlannedOrder


def check_flows(book: Book) -> Iterator[str]:
    """Flows missing from the plan, and flows in it that nothing implies."""
    for order in book.orders.values():
        known = order.id in book.cleared
        if (order.state == "proposed" or order.id in book.existing) and not known:
            yield from _order(book, order)


def _order(book: Book, order: PlannedOrder) -> Iterator[str]:
    left: dict[tuple[str, str], list[Flow]] = {}
    for flow in book.flows.get(order.id, ()):
        left.setdefault((flow.item, flow.place), []).append(flow)
    either: dict[str, list[Implied]] = {}
    for want in implied(book, order):
        if want.either:
            either.setdefault(want.either, []).append(want)
        elif not _take(book, order, left, want):
            yield f"Order '{order.id}' {_words(book, want)}, but the plan has no such flow."
    for label, wanted in either.items():
        if not any(_take(book, order, left, want) for want in wanted):
            choices = " or ".join(_words(book, want) for want in wanted)
            yield f"Order '{order.id}', alternative '{label}': {choices}, but the plan has no such flow."
    for flows in left.values():
        for flow in flows:
            yield f"Order '{order.id}' {_moves(book, flow)} in the plan, which nothing implies."


def _take(book: Book, order: PlannedOrder, left: dict[tuple[str, str], list[Flow]], want: Implied) -> bool:
    """Remove the flow that is the wanted one; False where there is none."""
    flows = left.get((want.item, want.place), [])
    for i, flow in enumerate(flows):
        at = flow.at if order.state == "proposed" else max(flow.at, book.now)
        for moment in want.moments:
            if abs(at - moment) <= SECOND and not differs(flow.quantity, want.quantity):
                del flows[i]
                return True
    return False


def _words(book: Book, want: Implied) -> str:
    return _moves(book, Flow("", want.step, want.item, want.place, want.quantity, want.moments[0]))


def _moves(book: Book, flow: Flow) -> str:
    verb = "yields" if flow.quantity > 0 else "takes"
    step = f" in step '{flow.step}'" if flow.step else ""
    what = f"{number(abs(flow.quantity))} of {at_place(flow.item, flow.place)}"
    return f"{verb} {what}{step} at {book.when(flow.at)}"
