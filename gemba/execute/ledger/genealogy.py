"""Where lots came from and where they went: through orders that used one lot and yielded another, over any level.

An order joins every lot issued to it with every lot that it, or an order split from it or made to rework it, yields.
What is not told apart by lot ends a trace: its stock is everybody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gemba.execute.ledger.accounts import Key
from gemba.execute.ledger.balances import Balance, balances
from gemba.operation import Movement

#: Causes by which an order yields a lot.
YIELDS = ("production", "by-product")


class Lot(NamedTuple):
    """A lot, or a single unit by its serial number."""

    item: str
    lot: str


class Link(NamedTuple):
    """An order that used one lot and yielded the other."""

    used: Lot
    order: str
    made: Lot


@dataclass(frozen=True, slots=True)
class Trace:
    """The lots a lot went into (or came from), each with the number of orders between, and the links between them."""

    lots: Mapping[Lot, int]  # the lot itself is at level 0
    links: tuple[Link, ...]


def links(movements: Iterable[Movement], parents: Mapping[str, str] | None = None) -> list[Link]:
    """Every order's lots used with its lots made; movements that were reversed do not count.

    ``parents``: for an order the one it was split from or reworks.
    """
    every = list(movements)
    gone = {m.corrects for m in every if m.corrects}
    used: dict[str, dict[Lot, None]] = {}
    made: dict[str, dict[Lot, None]] = {}
    for m in every:
        if m.uid in gone or m.corrects:
            continue
        if m.to_kind == "wip":
            used.setdefault(m.to_name, {})[Lot(m.item, m.lot)] = None
        if m.from_kind == "wip" and m.cause in YIELDS:
            made.setdefault(m.from_name, {})[Lot(m.item, m.lot)] = None
    return [
        Link(a, order, b)
        for order, lots in made.items()
        for source in line(order, parents or {})
        for a in used.get(source, ())
        for b in lots
    ]


def line(order: str, parents: Mapping[str, str]) -> list[str]:
    """An order, the one it comes from, and so on."""
    found = [order]
    while (parent := parents.get(found[-1], "")) and parent not in found:
        found.append(parent)
    return found


def trace(lot: Lot, every: Iterable[Link], *, back: bool = False) -> Trace:
    """What a lot went into (``back``: what it was made from), level by level."""
    by: dict[Lot, list[Link]] = {}
    for link in every:
        by.setdefault(link.made if back else link.used, []).append(link)
    levels, followed, edge = {lot: 0}, [], [lot]
    while edge:
        reached = []
        for link in (link for one in edge if one.lot for link in by.get(one, ())):
            followed.append(link)
            other = link.used if back else link.made
            if other not in levels:
                levels[other] = levels[edge[0]] + 1
                reached.append(other)
        edge = reached
    return Trace(levels, tuple(followed))


def whereabouts(lots: Iterable[Lot], movements: Iterable[Movement]) -> dict[Key, Balance]:
    """Where what is left of these lots is: stores, orders under way, customers, scrap and waste. The recall list."""
    wanted = set(lots)
    moved = (m for m in movements if m.lot and (m.item, m.lot) in wanted)
    return {
        key: balance
        for key, balance in balances(moved).items()
        if balance.quantity > 0 and key.account.kind not in ("supplier", "adjustment")
    }
