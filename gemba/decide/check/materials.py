"""Stock of an item at a place is never negative and what has expired is not used."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import NamedTuple

from gemba.decide.check.book import Book
from gemba.decide.check.words import SECOND, at_place, more, number
from gemba.operation import Demand, Flow
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR

Key = tuple[str, str]  # item, place


class Move(NamedTuple):
    """Something joins (positive) or leaves the stock; ``fixed`` where existing orders do it."""

    at: int
    quantity: float
    fixed: bool
    who: Flow | Demand | str
    expires: int = FAR


class Lack(NamedTuple):
    """The stock lacks ``quantity`` from a moment on; ``who`` was the last to take."""

    at: int
    quantity: float
    who: Flow | Demand | str


def check_materials(book: Book) -> Iterator[str]:
    """Items and places where the plan takes more than there is, and more than existing orders alone do."""
    if book.scarce is not None and not book.scarce:
        return
    lots = opening(book)
    for key, moves in _moves(book).items():
        if key in book.unlimited:
            continue
        stock = lots.get(key, [])
        inherited = missing(stock, [m for m in moves if m.fixed])
        worst = _worse(missing(stock, moves), inherited)
        if worst:
            first, deepest = worst
            deep = "" if first.quantity == deepest.quantity else f" up to {number(deepest.quantity)}, at first"
            expired = " that has not expired" if any(m.expires < FAR for m in [*stock, *moves]) else ""
            when = f"at {book.when(first.at)}, when {_who(first.who)} takes from it"
            yield f"Stock of {at_place(*key)} lacks{deep} {number(first.quantity)}{expired} {when}."


def opening(book: Book) -> dict[Key, list[Move]]:
    """Stock on hand as receipts before everything else."""
    found: dict[Key, list[Move]] = {}
    for s in book.operation.stocks:
        expires = seconds(s.expires) if s.expires else FAR
        found.setdefault((s.item, s.place), []).append(Move(-FAR, s.quantity, True, "stock", expires))
    return found


def _moves(book: Book) -> dict[Key, list[Move]]:
    """Every flow and delivery of the plan by item and place, of what may be lacking."""
    lives = {i.name: int(i.shelf_life) for i in book.operation.items if i.shelf_life is not None}
    found: dict[Key, list[Move]] = {}
    for flow in book.plan.flows:
        if book.scarce is not None and (flow.item, flow.place) not in book.scarce:
            continue
        expires = flow.at + lives[flow.item] if flow.quantity > 0 and flow.item in lives else FAR
        move = Move(flow.at, flow.quantity, flow.order in book.existing, flow, expires)
        found.setdefault((flow.item, flow.place), []).append(move)
    demands = {d.name: d for d in book.operation.demands}
    for delivery in book.plan.deliveries:
        demand = demands.get(delivery.demand)
        if demand and (book.scarce is None or (demand.item, demand.place) in book.scarce):
            move = Move(delivery.date, -delivery.quantity, False, demand)
            found.setdefault((demand.item, demand.place), []).append(move)
    return found


def _who(who: Flow | Demand | str) -> str:
    if isinstance(who, Flow):
        return f"order '{who.order}'" + (f" step '{who.step}'" if who.step else "")
    return who if isinstance(who, str) else f"demand '{who.name}'"


def missing(stock: list[Move], moves: list[Move]) -> list[Lack]:
    """What is lacking after each moment at which that changes; of what expires, the soonest is used first.

    A receipt counts from a second before, so that roundings do not matter. A backlog is served by later receipts.
    """
    if all(m.expires == FAR for m in stock) and all(m.expires == FAR for m in moves):
        return _running(sum(m.quantity for m in stock), moves)
    return _soonest_first(stock, moves)


def _in_order(moves: list[Move]) -> list[tuple[int, Move]]:
    timed = [(m.at - SECOND if m.quantity > 0 else m.at, m) for m in moves]
    return sorted(timed, key=lambda t: (t[0], -t[1].quantity))


def _running(balance: float, moves: list[Move]) -> list[Lack]:
    found: list[Lack] = []
    lacking = 0.0
    for at, move in _in_order(moves):
        balance += move.quantity
        if max(0.0, -balance) != lacking:
            lacking = max(0.0, -balance)
            found.append(Lack(at, lacking, move.who))
    return found


def _soonest_first(stock: list[Move], moves: list[Move]) -> list[Lack]:
    lots = [(m.expires, m.quantity) for m in stock]
    heapq.heapify(lots)
    found: list[Lack] = []
    lacking = 0.0
    for at, move in _in_order(moves):
        wanted = lacking
        if move.quantity > 0:
            heapq.heappush(lots, (move.expires, move.quantity))
        else:
            wanted -= move.quantity
        wanted = _draw(lots, at, wanted)
        if wanted != lacking:
            lacking = wanted
            found.append(Lack(at, lacking, move.who))
    return found


def _draw(lots: list[tuple[int, float]], at: int, wanted: float) -> float:
    """Take from the lots, the soonest to expire first; what is still wanted."""
    while lots and (wanted > 0 or lots[0][0] <= at):
        expires, quantity = heapq.heappop(lots)
        if expires <= at:
            continue
        taken = min(quantity, wanted)
        wanted -= taken
        if quantity > taken:
            heapq.heappush(lots, (expires, quantity - taken))
            break
    return wanted


def _worse(plan: list[Lack], inherited: list[Lack]) -> tuple[Lack, Lack] | None:
    """The first and the deepest lack beyond what is inherited at the same moment."""
    i, base = 0, 0.0
    first: Lack | None = None
    deepest: Lack | None = None
    for k, lack in enumerate(plan):
        if k + 1 < len(plan) and plan[k + 1].at == lack.at:
            continue  # only what remains after all that happens at a moment counts
        while i < len(inherited) and inherited[i].at <= lack.at:
            base, i = inherited[i].quantity, i + 1
        if more(lack.quantity, base) and (deepest is None or lack.quantity > deepest.quantity):
            first, deepest = first or lack, lack
    return (first, deepest) if first and deepest else None
