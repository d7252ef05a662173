"""Pegs: every quantity used or delivered comes from a supply that is there by then and has that much."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.decide.check.book import Book
from gemba.decide.check.words import SECOND, at_place, differs, more, number
from gemba.operation import Peg
from gemba.operation.worktime import FAR

Key = tuple[str, str]  # item, place
#: 'order' or 'demand', its name, and what of which place it needs.
Need = tuple[str, str, Key]


def check_pegs(book: Book) -> Iterator[str]:
    """Pegs that do not add up, on the side of the supply or of the need, or come too late."""
    if book.unclear is not None and not book.unclear:
        return
    uses, supplied = _used(book), _supplied(book)
    yield from _supplies(book, supplied)
    pegs: dict[Need, list[Peg]] = {}
    for peg in book.plan.pegs:
        if (peg.order or peg.demand) and _unclear(book, (peg.item, peg.place)):
            who = ("demand", peg.demand) if peg.demand else ("order", peg.order)
            pegs.setdefault((*who, (peg.item, peg.place)), []).append(peg)
    for need in sorted(pegs.keys() - uses.keys()):
        yield f"{_who(need)} does not use {at_place(*need[2])}, but has pegs for it."
    for need, used in uses.items():
        if need[2] not in book.unlimited:
            given = pegs.get(need, [])
            wrong = _amount(book, need, used, given) or _too_late(book, need, used, given, supplied)
            if wrong or (wrong := _expired(book, need, used, given)):
                yield wrong


def _unclear(book: Book, key: Key) -> bool:
    return book.unclear is None or key in book.unclear


def _who(need: Need) -> str:
    return f"{need[0].title()} '{need[1]}'"


def _supplied(book: Book) -> dict[tuple[str, Key], tuple[float, int]]:
    """What each order yields of an item at a place: quantity, and when first."""
    found: dict[tuple[str, Key], tuple[float, int]] = {}
    for flow in book.plan.flows:
        if flow.quantity > 0 and _unclear(book, (flow.item, flow.place)):
            key = (flow.order, (flow.item, flow.place))
            quantity, at = found.get(key, (0.0, FAR))
            found[key] = (quantity + flow.quantity, min(at, flow.at))
    return found


def _used(book: Book) -> dict[Need, list[tuple[int, float]]]:
    """(moment, quantity) of every use and delivery."""
    found: dict[Need, list[tuple[int, float]]] = {}
    for flow in book.plan.flows:
        if flow.quantity < 0 and _unclear(book, (flow.item, flow.place)):
            found.setdefault(("order", flow.order, (flow.item, flow.place)), []).append((flow.at, -flow.quantity))
    wanted = {d.name: (d.item, d.place) for d in book.operation.demands}
    for delivery in book.plan.deliveries:
        if delivery.demand in wanted and _unclear(book, wanted[delivery.demand]):
            need = ("demand", delivery.demand, wanted[delivery.demand])
            found.setdefault(need, []).append((delivery.date, delivery.quantity))
    return found


def _supplies(book: Book, supplied: dict[tuple[str, Key], tuple[float, int]]) -> Iterator[str]:
    """No supply is pegged beyond what it has; lots, and stock as a whole, alike."""
    pegged: dict[tuple[str, str, Key], float] = {}
    for peg in book.plan.pegs:
        key = (peg.item, peg.place)
        if not _unclear(book, key):
            continue
        if not (peg.quantity > 0):
            yield f"A peg of {at_place(*key)} has quantity {peg.quantity}; it must be more than 0."
        for lot in ("", peg.lot) if peg.lot and not peg.supply else ("",):
            at = (peg.supply, lot, key)
            pegged[at] = pegged.get(at, 0.0) + peg.quantity
    stock = _on_hand(book)
    for (supply, lot, key), quantity in pegged.items():
        if supply:
            has, who = supplied.get((supply, key), (0.0, 0))[0], f"Order '{supply}'"
        elif key in book.unlimited:
            continue
        else:
            has, who = stock.get((lot, key), 0.0), f"Lot '{lot}'" if lot else "Stock"
        if more(quantity, has):
            yield f"{who} of {at_place(*key)} has {number(has)}, but {number(quantity)} are pegged to it."


def _on_hand(book: Book) -> dict[tuple[str, Key], float]:
    """Stock by lot, item and place; lot '' is all of an item and place."""
    found: dict[tuple[str, Key], float] = {}
    for s in book.operation.stocks:
        for lot in {"", s.lot}:
            found[lot, (s.item, s.place)] = found.get((lot, (s.item, s.place)), 0.0) + s.quantity
    return found


def _amount(book: Book, need: Need, used: list[tuple[int, float]], pegs: list[Peg]) -> str:
    """Pegs add up to the use; existing orders may lack some, for that was so before."""
    total, given = sum(q for _, q in used), sum(p.quantity for p in pegs)
    existing = need[0] == "order" and need[1] in book.existing
    if more(given, total) or (differs(given, total) and not existing):
        return f"{_who(need)} uses {number(total)} of {at_place(*need[2])}, but {number(given)} are pegged to it."
    return ""


def _too_late(
    book: Book,
    need: Need,
    used: list[tuple[int, float]],
    pegs: list[Peg],
    supplied: dict[tuple[str, Key], tuple[float, int]],
) -> str:
    """At each use as much is there as is used by then."""
    if need[0] == "order" and need[1] in book.existing:
        return ""
    comes = [(supplied.get((p.supply, need[2]), (0.0, FAR))[1] if p.supply else -FAR) for p in pegs]
    if pegs and max(comes) <= min(at for at, _ in used) + SECOND:
        return ""  # all of it is there by the first use
    coming = sorted(zip(comes, (p.quantity for p in pegs), (p.supply for p in pegs), strict=True))
    there, taken, k = 0.0, 0.0, 0
    for at, quantity in sorted(used):
        while k < len(coming) and coming[k][0] <= at + SECOND:
            there, k = there + coming[k][1], k + 1
        taken += quantity
        if more(taken, there):
            late = f"order '{coming[k][2]}'" if k < len(coming) else "its supply"
            return f"{_who(need)} uses {at_place(*need[2])} at {book.when(at)}, before {late} is there."
    return ""


def _expired(book: Book, need: Need, used: list[tuple[int, float]], pegs: list[Peg]) -> str:
    if not book.expiry:
        return ""
    first = min(at for at, _ in used)
    for peg in pegs:
        expires = book.expiry.get((peg.lot, need[2]), FAR) if not peg.supply else FAR
        if expires <= first and peg.lot:
            what = f"lot '{peg.lot}' of {at_place(*need[2])}"
            return f"{_who(need)} uses {what} at {book.when(first)}, but it expires at {book.when(expires)}."
    return ""
